package import ArgumentParser
internal import SQLiteStore
internal import Vocabulary

/// `firebreak store`: care for the place where runs are kept.
package struct StoreCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Checks the store of runs, and copies it.",
        subcommands: [StoreCheckCommand.self, StoreBackupCommand.self]
    )

    package init() {}
}

/// `firebreak store check`.
package struct StoreCheckCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Reads every row of the store and compares it with its checksum.",
        discussion: """
            It may run beside a run that is being carried out.

            Example: firebreak store check

            Exit codes: 0 sound, 1 something is damaged, 2 there is no store.
            """
    )

    @OptionGroup
    package var kept: StoreOptions

    @Option(help: "How to write the result: text, json or yaml.")
    package var output: OutputFormat = .text

    package init() {}

    package func run() async throws {
        do {
            let found = try await kept.reading { store in try await store.check() }
            Console.current.print(output.render(Self.json(found), text: Self.text(found)))
            if !found.isSound { throw ExitStatus.failed }
        } catch {
            throw Complaint(output: output, subject: "store").say(error)
        }
    }

    private static func json(_ check: StoreCheck) -> JSONValue {
        [
            "sound": .bool(check.isSound), "problems": .array(check.problems.map(JSONValue.string)),
            "runs": .integer(Int64(check.runs)), "records": .integer(Int64(check.records)),
            "ledger": .integer(Int64(check.ledger)), "error": .null,
        ]
    }

    private static func text(_ check: StoreCheck) -> String {
        let counts = "\(check.runs) runs, \(check.records) records, \(check.ledger) ledger entries"
        return check.isSound ? "sound: \(counts)" : (check.problems + ["damaged: \(counts)"]).joined(separator: "\n")
    }
}

/// `firebreak store backup`.
package struct StoreBackupCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copies the store as it is now into one new file, which is checked before it gets its name.",
        discussion: """
            It may run beside a run that is being carried out. To restore it, put the file into an empty folder of mode 0700
            as firebreak.db.

            Example: firebreak store backup firebreak-backup.db
            """
    )

    @Argument(help: "The new file.")
    package var file: String

    @OptionGroup
    package var kept: StoreOptions

    @Option(help: "How to write the result: text, json or yaml.")
    package var output: OutputFormat = .text

    package init() {}

    package func run() async throws {
        do {
            try await kept.reading { store in try await store.backUp(to: file) }
            let document: JSONValue = ["file": .string(file), "error": .null]
            Console.current.print(output.render(document, text: "copied to \(PlainText.line(file))"))
        } catch {
            throw Complaint(output: output, subject: file).say(error)
        }
    }
}
