package import ArgumentParser
internal import Catalogue
internal import Playbooks
internal import Vocabulary

/// `firebreak doctor`: what a live run would meet, found out without writing anything.
package struct DoctorCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks credentials, cluster, permissions, network plugin, clock and libraries; writes nothing.",
        discussion: """
            Asks for the permissions of the playbooks that you name, or else of all actions. The cluster is asked for each
            right, and IAM's policy simulator for each AWS action; where the caller may not ask it, the actions are named
            and not checked. Where pods are to be isolated, looks which network plugin enforces that on which nodes.

            Example: firebreak doctor playbooks/contain-pod/playbook.yaml

            Exit codes: 0 nothing is missing, 1 something is not as it must be, 6 a permission is missing,
            7 something cannot be reached.
            """
    )

    @Argument(help: "The playbook files; none stands for all actions.")
    package var playbooks: [String] = []

    @OptionGroup(title: "Live cluster and account")
    package var live: LiveOptions

    @Option(help: "How to write the result: text, json or yaml.")
    package var output: OutputFormat = .text

    package init() {}

    package func run() async throws {
        var names = Set(playbooks.isEmpty ? Catalogue.manifests.map(\.name) : [])
        for path in playbooks {
            do {
                names.formUnion(try CheckedPlaybook(path: path).playbook.actionNames)
            } catch {
                throw Complaint(output: output, subject: path, shape: ["checks": []]).say(error)
            }
        }
        let checks = await Examination(live, actions: names).checks()
        let document: JSONValue = ["checks": .array(checks.map(\.json)), "error": .null]
        let paint = Paint(isOn: Console.current.hasColour && output == .text)
        Console.current.print(output.render(document, text: checks.map { $0.line(paint) }.joined(separator: "\n")))
        let status = ExitStatus.worst(checks.map(\.exitStatus))
        if status != .done { throw status }
    }
}

/// One thing that was looked at.
struct HealthCheck: Sendable {
    enum Status: String, Sendable {
        case ok, warning, failed
    }

    var name: String
    var status: Status
    var what: String
    var remedy = ""
    /// How the command ends when this failed.
    var failure = ExitStatus.failed

    static func failed(_ name: String, _ error: any Error, _ failure: ExitStatus) -> HealthCheck {
        let report = (error as? any ActionableError)?.report
        let what = report.map { "\($0.code) \($0.what)" + ($0.location.isEmpty ? "" : " (at \($0.location))") }
        return HealthCheck(
            name: name,
            status: .failed,
            what: what ?? "\(error)",
            remedy: report?.remedy ?? "",
            failure: failure
        )
    }

    var exitStatus: ExitStatus { status == .failed ? failure : .done }

    var json: JSONValue {
        ["name": .string(name), "status": .string(status.rawValue), "what": .string(what), "remedy": .string(remedy)]
    }

    func line(_ paint: Paint) -> String {
        let word =
            switch status {
            case .ok: paint.green("ok")
            case .warning: paint.yellow("warning")
            case .failed: paint.red("failed")
            }
        let text = "\(word) \(name): \(PlainText.line(what))"
        return remedy.isEmpty || status == .ok ? text : text + "\n   to mend that: \(PlainText.line(remedy))"
    }
}
