internal import ArgumentParser
internal import Expressions
internal import Findings
internal import Host
internal import Planning
internal import Playbooks
internal import Vocabulary

/// Why a playbook would, or would not, start on a finding.
struct PlaybookExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Says for each finding which triggers fire, which do not and why, and what subject it names.",
        discussion: """
            Needs no world: it looks at the event and the playbook alone.

            Example: firebreak playbook explain playbooks/contain-pod/playbook.yaml --finding event.json
            """
    )

    @Argument(help: "The playbook file.")
    var playbook: String

    @Option(help: "A file with a Security Hub or EventBridge event, in any wrapping; - is standard input.")
    var finding: String

    @Option(help: "How to write the result: text, json or yaml.")
    var output: OutputFormat = .text

    func run() throws {
        do {
            let checked = try CheckedPlaybook(path: playbook)
            let (starts, errors) = RunStart.findings(in: try HostFiles.read(finding), of: finding)
            guard !starts.isEmpty else { throw InputFault.noFinding(finding, errors.first) }
            let explained = starts.map { TriggerExplanation(checked.playbook, $0) }
            let document: JSONValue = [
                "playbook": .string(checked.playbook.name), "findings": .array(explained.map(\.json)), "error": .null,
            ]
            Console.current.print(output.render(document, text: explained.map(\.text).joined(separator: "\n\n")))
        } catch {
            throw Complaint(output: output, subject: playbook, shape: ["findings": []]).say(error)
        }
    }
}

/// What each trigger of a playbook says of one finding.
private struct TriggerExplanation {
    var findingId: String
    var matches: [TriggerMatch]
    var subject: Subject?
    var refusals: [FaultReport]

    init(_ playbook: Playbook, _ start: RunStart) {
        findingId = start.finding?.id ?? ""
        matches = []
        if let event = start.event, let finding = start.finding {
            let zones: ZoneProvider = { HostZones.file($0).flatMap { TimeZoneRules(tzif: $0) } }
            matches = playbook.triggers.map { $0.match(event, finding, zones: zones) }
        }
        switch start.claim {
        case .success(let claim):
            subject = claim.subject
            refusals = []
        case .failure(let refusal):
            subject = nil
            refusals = refusal.faults.map(\.report)
        }
    }

    var json: JSONValue {
        .object([
            "id": .string(findingId),
            "triggers": .array(
                matches.map {
                    .object([
                        "trigger": .string($0.trigger), "fires": .bool($0.fires), "mode": .string($0.mode.rawValue),
                        "reason": .string($0.reason),
                    ])
                }
            ), "subject": subject?.json ?? .null, "refusals": .array(refusals.map(\.json)),
        ])
    }

    var text: String {
        var lines = ["finding \(PlainText.line(findingId))"]
        if matches.isEmpty { lines.append("  the playbook has no trigger: it starts by hand") }
        for match in matches {
            let word = match.fires ? "fires (\(match.mode.rawValue))" : "does not fire"
            lines.append("  \(match.trigger): \(word), \(PlainText.line(match.reason))")
        }
        if let subject { lines.append("  names \(PlanText.title(of: subject))") }
        for refusal in refusals { lines.append("  no subject: \(PlainText.line(refusal.description))") }
        return lines.joined(separator: "\n")
    }
}
