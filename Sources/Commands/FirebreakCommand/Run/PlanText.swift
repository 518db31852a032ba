internal import Planning
internal import Vocabulary

/// A plan as a person reads it at night: subject, steps, diffs, warnings, verdicts, how to let go.
struct PlanText {
    private var lines: [String] = []
    private let paint: Paint

    static func write(_ plan: RunPlan, digest: String, colour: Bool) -> String {
        var text = PlanText(paint: Paint(isOn: colour))
        text.head(plan)
        for (number, step) in plan.steps.enumerated() { text.step(step, number + 1) }
        text.judgement(plan)
        text.foot(plan, digest)
        return text.lines.joined(separator: "\n")
    }

    private init(paint: Paint) { self.paint = paint }

    private mutating func say(_ line: String = "") { lines.append(line) }

    private mutating func head(_ plan: RunPlan) {
        say(paint.bold("Playbook \(plan.playbook)") + "  run \(plan.id)")
        if !plan.findingId.isEmpty { say("  finding  \(PlainText.line(plan.findingId))") }
        say("  subject  \(Self.title(of: plan.subject))")
        if !plan.findingId.isEmpty {
            say(
                "  triggers \(plan.wouldTrigger.isEmpty ? "none of the playbook's would have fired" : plan.wouldTrigger.joined(separator: ", "))"
            )
        }
        say()
    }

    static func title(of subject: Subject) -> String {
        var parts: [String] = []
        if let pod = subject.pod {
            let uid = pod.uid.map { " (uid \($0))" } ?? ""
            parts.append("pod \(subject.namespace?.rawValue ?? "?")/\(pod.name)\(uid)")
        }
        if let node = subject.node {
            parts.append("node \(node.name)" + (node.instanceId.map { " (\($0))" } ?? ""))
        }
        if let cluster = subject.cluster { parts.append("cluster \(ARN(cluster)?.name ?? PlainText.line(cluster))") }
        return parts.isEmpty ? "not resolved" : parts.joined(separator: ", ")
    }

    private mutating func step(_ step: StepPlan, _ number: Int) {
        let condition = step.isConditional ? "  (only if the run comes here)" : ""
        say(paint.bold("\(number). \(step.state)") + "  \(step.action)  [\(step.status.rawValue)]\(condition)")
        if !step.note.isEmpty { say("   \(paint.red("!")) \(PlainText.line(step.note))") }
        if step.plan.alreadyDone { say("   = the world already is as wanted") }
        for change in step.plan.changes { say(ChangeText.write(change, paint: paint)) }
        for warning in step.plan.warnings { say("   \(paint.yellow("warning")) \(PlainText.line(warning))") }
        for expectation in step.plan.expectations { say("   expects \(expectation.summary)") }
        if let containment = step.plan.containment { report(containment) }
        say()
    }

    private mutating func report(_ containment: ContainmentReport) {
        say(
            "   containment \(paint.verdict(containment.verdict)): policy \(containment.policy.rawValue), "
                + "enforcement \(containment.enforcement.rawValue), flows \(containment.flows.rawValue)"
                + (containment.rehearsed ? " (rehearsed)" : "")
        )
        for policy in containment.policies {
            say("     \(policy.direction.rawValue) \(policy.namespace)/\(policy.name): \(policy.answer.rawValue)")
        }
        for reason in containment.reasons { say("     \(PlainText.line(reason))") }
    }

    private mutating func judgement(_ plan: RunPlan) {
        let serious = plan.verdicts.filter { $0.verdict > .allow }
        guard !serious.isEmpty else { return }
        say(paint.bold("Guardrails"))
        for verdict in serious {
            let word = verdict.verdict == .warn ? paint.yellow("warns") : paint.red(verdict.verdict.rawValue)
            say("  \(verdict.guardrail) \(word): \(PlainText.line(verdict.reason))")
            if !verdict.override.isEmpty { say("    to change that: \(verdict.override)") }
        }
        say()
    }

    private mutating func foot(_ plan: RunPlan, _ digest: String) {
        if let containment = plan.containment {
            say(paint.bold("Result"))
            report(containment)
            say()
        }
        let reach = plan.blastRadius
        say("Blast radius: " + Self.reach(reach))
        let permissions = plan.permissions.map(\.text)
        if !permissions.isEmpty { say("Permissions:  " + permissions.joined(separator: ", ")) }
        if !plan.release.isEmpty {
            say("To release by hand:")
            for command in plan.release { say("  \(command)") }
        }
        for note in plan.notes { say("Note: " + PlainText.line(note)) }
        if let error = plan.error { say(paint.red("Error: ") + PlainText.line(error.description)) }
        let count = plan.steps.reduce(0) { $0 + $1.plan.changes.count }
        say(
            "Status: \(paint.bold(plan.status)), \(Self.count(plan.steps.count, "step")), \(Self.count(count, "change")).  Digest \(digest)"
        )
    }

    private static func count(_ number: Int, _ thing: String) -> String {
        "\(number) \(thing)" + (number == 1 ? "" : "s")
    }

    private static func reach(_ reach: BlastRadius) -> String {
        var parts: [String] = []
        let lists = [
            ("pods", reach.pods), ("nodes", reach.nodes), ("services that lose an endpoint", reach.services),
            ("volumes", reach.volumes),
        ]
        for (name, list) in lists where !list.isEmpty { parts.append("\(name) \(list.joined(separator: ", "))") }
        if !reach.coTenants.isEmpty { parts.append(count(reach.coTenants.count, "other pod") + " on the node") }
        if let left = reach.replicasLeft { parts.append(count(left, "ready replica") + " left") }
        if let room = reach.disruptionHeadroom { parts.append(count(room, "disruption") + " still allowed") }
        return parts.isEmpty ? "nothing" : parts.joined(separator: "; ")
    }
}

/// Colours for terminals; the same text without them elsewhere.
struct Paint {
    let isOn: Bool

    func bold(_ text: String) -> String { wrap(text, "1") }
    func red(_ text: String) -> String { wrap(text, "31") }
    func green(_ text: String) -> String { wrap(text, "32") }
    func yellow(_ text: String) -> String { wrap(text, "33") }

    func verdict(_ verdict: ContainmentReport.Verdict) -> String {
        switch verdict {
        case .contained: green(verdict.rawValue)
        case .leaking: red(verdict.rawValue)
        case .unknown, .none: yellow(verdict.rawValue)
        }
    }

    private func wrap(_ text: String, _ code: String) -> String { isOn ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text }
}
