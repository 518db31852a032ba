package import ArgumentParser

/// The command line's root.
package struct Firebreak: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "firebreak",
        abstract: "Plans and runs containment for containers on AWS: observe, plan, approve, apply, verify, undo.",
        version: "0.1.0",
        subcommands: [
            RunCommand.self, ApplyCommand.self, RunsCommand.self, QuarantineCommand.self, PlaybookCommand.self,
            EventsCommand.self, FalcoCommand.self, ActionsCommand.self,
            PermissionsCommand.self, StoreCommand.self, DoctorCommand.self, DemoCommand.self, LambdaCommand.self,
        ]
    )

    package init() {}

    /// Parses and runs one command line; all that it prints goes through `Console.current`.
    package static func run(arguments: [String]) async -> ExitStatus {
        do {
            var command = try parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return .done
        } catch let status as ExitStatus {
            return status
        } catch {
            return explain(error)
        }
    }

    /// Help and version are answers; anything else is a usage error or a fault that nobody handled.
    private static func explain(_ error: any Error) -> ExitStatus {
        let message = fullMessage(for: error)
        if exitCode(for: error).isSuccess {
            Console.current.print(message)
            return .done
        }
        Console.current.complain(message)
        return .usage
    }
}
