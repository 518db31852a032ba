package import ArgumentParser
internal import Host
internal import Vocabulary

/// `firebreak demo`: one incident from alert to undo, in a rehearsal world.
package struct DemoCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Shows one incident from Falco alert to undo, in a rehearsal world: no account, no cluster.",
        discussion: """
            Reads playbook.yaml, alert.json, world.yaml and world.aws.json from a playbook's folder.

            Example: firebreak demo
            """
    )

    @Option(help: "The playbook's folder.")
    package var from = "playbooks/contain-pod"

    package init() {}

    package func run() async throws {
        do {
            guard HostFiles.exists(from + "/playbook.yaml") else { throw DemoFault.noFolder(from) }
            try await DemoStory(folder: from, now: Moments.current.now(), console: Console.current).tell()
        } catch {
            throw Complaint(output: .text, subject: from).say(error)
        }
    }
}

/// Why the demo cannot be shown.
enum DemoFault: ActionableError {
    case noFolder(String)
    case broken(String)

    var report: FaultReport {
        switch self {
        case .noFolder(let path):
            FaultReport(
                code: "DEMO-001",
                what: "there is no demo here",
                location: path,
                remedy: "run it in a checkout of the repository, or name a playbook's folder with --from"
            )
        case .broken(let what):
            FaultReport(code: "DEMO-002", what: what, remedy: "restore the folder from the repository")
        }
    }
}
