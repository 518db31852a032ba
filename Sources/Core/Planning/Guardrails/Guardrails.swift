package import Vocabulary

/// Checks before acting: all of them judge, all verdicts are kept.
package enum Guardrails {
    /// Every verdict on a plan, in a fixed order; an empty answer never comes, `allow` is said too.
    ///
    /// `isButton`: a person pressed it, so the cooldown does not apply.
    package static func judge(
        _ facts: GuardrailFacts,
        rules: GuardrailRules,
        responder: ResponderPlace,
        history: RunHistory,
        playbook: String,
        incidentKey: String,
        isButton: Bool,
        now: Timestamp
    ) -> [Verdict] {
        var verdicts = selfProtection(facts, responder)
        verdicts += protected(facts, rules.protect)
        verdicts += emptiedServices(facts)
        verdicts += budget(facts, rules.budget, history, now)
        verdicts += cooldown(rules.cooldown, history, playbook, incidentKey, isButton: isButton, now)
        return verdicts
    }

    private static func selfProtection(_ facts: GuardrailFacts, _ responder: ResponderPlace) -> [Verdict] {
        let own = facts.touched.filter { object in
            switch object.kind {
            case .pod: object.namespace == responder.namespace && object.name == responder.pod
            case .node: object.name == responder.node
            }
        }
        guard !own.isEmpty else {
            return [Verdict("self-protection", .allow, "the responder is not among the objects that change")]
        }
        return own.map {
            Verdict(
                "self-protection",
                .refuse,
                "\($0.title) is where this responder runs: it would cut itself off in mid-run",
                override: "run it from another place: a second replica on another node, or the command line"
            )
        }
    }

    private static func protected(_ facts: GuardrailFacts, _ protections: [GuardrailRules.Protection]) -> [Verdict] {
        var verdicts: [Verdict] = []
        for object in facts.touched {
            for protection in protections where protection.fits(object) {
                verdicts.append(
                    Verdict(
                        "protected",
                        .needsApproval,
                        "\(object.title) is protected (\(protection.title))",
                        override: "approve the plan, or narrow guardrails.protect"
                    )
                )
            }
        }
        return verdicts.isEmpty ? [Verdict("protected", .allow, "no protected object changes")] : verdicts
    }

    private static func emptiedServices(_ facts: GuardrailFacts) -> [Verdict] {
        facts.emptiedServices.map {
            Verdict(
                "last-endpoint",
                .warn,
                "Service \($0) loses its last ready endpoint",
                override: "add a replica first, or protect the pod so that the plan needs approval"
            )
        }
    }

    private static func budget(
        _ facts: GuardrailFacts,
        _ budget: GuardrailRules.Budget?,
        _ history: RunHistory,
        _ now: Timestamp
    ) -> [Verdict] {
        guard let budget, facts.actsOnWorkloads else { return [] }
        let recent = history.within(budget.per, of: now)
        let limits = [
            (GuardrailFacts.Touched.Kind.pod, budget.pods, Set(recent.flatMap(\.pods))),
            (.node, budget.nodes, Set(recent.flatMap(\.nodes))),
        ]
        var verdicts: [Verdict] = []
        for (kind, limit, used) in limits {
            guard let limit else { continue }
            let wanted = facts.touched.filter { $0.kind == kind }.map { $0.namespace + "/" + $0.name }
            let total = used.union(wanted).count
            let window = budget.per.playbookText
            verdicts.append(
                total > limit
                    ? Verdict(
                        "budget",
                        .refuse,
                        "\(total) \(kind)s within \(window) are over the budget of \(limit)",
                        override: "raise guardrails.budget.\(kind)s, or wait until older runs leave the window"
                    )
                    : Verdict("budget", .allow, "\(total) of \(limit) \(kind)s within \(window)")
            )
        }
        return verdicts
    }

    private static func cooldown(
        _ cooldown: Duration?,
        _ history: RunHistory,
        _ playbook: String,
        _ incidentKey: String,
        isButton: Bool,
        _ now: Timestamp
    ) -> [Verdict] {
        guard let cooldown, !isButton else { return [] }
        let last = history.entries.filter { $0.playbook == playbook && $0.incidentKey == incidentKey }.map(\.at).max()
        guard let last, now.duration(since: last) < cooldown else {
            return [Verdict("cooldown", .allow, "no run of this incident within \(cooldown.playbookText)")]
        }
        return [
            Verdict(
                "cooldown",
                .refuse,
                "this playbook ran for the same incident at \(last), within its cooldown of \(cooldown.playbookText)",
                override: "press the button in Security Hub: a person's decision is not held back"
            )
        ]
    }
}
