package import ArgumentParser

/// `firebreak runs`: what was applied, what is still at work, and how to go on with it or take it back.
package struct RunsCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "Looks at runs that were applied, goes on with them after a crash, and takes them back.",
        subcommands: [
            RunsListCommand.self, RunsShowCommand.self, RunsWatchCommand.self, RunsRecoverCommand.self,
            RunsApproveCommand.self, RunsRejectCommand.self, RunsCancelCommand.self, RunsUndoCommand.self,
        ]
    )

    package init() {}
}
