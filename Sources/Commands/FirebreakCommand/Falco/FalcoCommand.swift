package import ArgumentParser

/// `firebreak falco`: from Falco to Security Hub.
package struct FalcoCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "falco",
        abstract: "Turns Falco alerts into Security Hub findings.",
        subcommands: [FalcoConvertCommand.self, FalcoImportCommand.self]
    )

    package init() {}
}
