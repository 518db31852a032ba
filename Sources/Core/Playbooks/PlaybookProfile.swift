internal import Expressions
package import Vocabulary

/// What a person wants to know of a playbook before letting it loose.
package struct PlaybookProfile: Sendable {
    private let playbook: Playbook
    private let actions: [ActionManifest]

    package init(_ playbook: Playbook, actions: [ActionManifest]) {
        self.playbook = playbook
        self.actions = actions.filter { playbook.actionNames.contains($0.name) }
    }

    /// The classes of the playbook's actions, in the order in which a run should use them.
    package var classes: [ActionManifest.Class] {
        let order: [ActionManifest.Class] = [.capture, .hold, .contain, .evict, .record, .notify]
        return order.filter { wanted in actions.contains { $0.actionClass == wanted } }
    }

    /// What its actions need, sorted.
    package var permissions: [String] { Set(actions.flatMap { $0.permissions + $0.optionalPermissions }).sorted() }

    package var json: JSONValue {
        .object([
            "playbook": .string(playbook.name), "summary": .string(playbook.summary),
            "triggers": .array(
                playbook.triggers.map { trigger in
                    .object(["on": .string(Self.shown(trigger.kind)), "mode": .string(trigger.mode.rawValue)])
                }
            ),
            "parameters": .array(
                playbook.parameters.map { parameter in
                    .object([
                        "name": .string(parameter.name), "type": .string(parameter.type.inWords),
                        "default": parameter.defaultValue ?? .null,
                    ])
                }
            ),
            "states": .array(
                playbook.states.map { state in
                    .object(["name": .string(state.name), "does": .string(Self.shown(state.kind))])
                }
            ),
            "finally": .array(playbook.finally.map { .string(Self.shown($0.kind)) }),
            "classes": .array(classes.map { .string($0.rawValue) }),
            "permissions": .array(permissions.map(JSONValue.string)),
        ])
    }

    package var text: String {
        var lines = [playbook.name]
        if !playbook.summary.isEmpty { lines.append("  " + playbook.summary) }
        lines += section(
            "Starts on",
            playbook.triggers.map { "\(Self.shown($0.kind)) (\($0.mode.rawValue))" },
            none: "nothing by itself: only “firebreak run”"
        )
        lines += section("Parameters", playbook.parameters.map { shown($0) }, none: "none")
        lines += section("States", playbook.states.map { shown($0) }, none: "none")
        lines += section("Finally", playbook.finally.map { Self.shown($0.kind) }, none: "nothing")
        lines += section(
            "Protects",
            playbook.guardrails.protect.map { Self.shown($0) },
            none: "only what the service protects"
        )
        lines += section(
            "Budget",
            playbook.guardrails.budget.map { [Self.shown($0)] } ?? [],
            none: "only the service's"
        )
        lines += section(
            "Classes",
            [classes.map(\.rawValue).joined(separator: ", ")].filter { !$0.isEmpty },
            none: "none"
        )
        lines += section("Undo", actions.map { "\($0.name): \($0.undo)" }, none: "nothing to undo")
        lines += section("Needs", permissions, none: "no permissions")
        return lines.joined(separator: "\n")
    }

    private func section(_ title: String, _ rows: [String], none: String) -> [String] {
        ["", title] + (rows.isEmpty ? ["  " + none] : rows.map { "  " + $0 })
    }
}

// MARK: - Words

extension PlaybookProfile {
    private static func shown(_ kind: Trigger.Kind) -> String {
        switch kind {
        case .customAction(let id): "the Security Hub button \(id)"
        case .imported: "imported findings that fit its pattern"
        case .event: "events that fit its pattern"
        }
    }

    private func shown(_ parameter: PlaybookParameter) -> String {
        let fallback = parameter.defaultValue.map { ", default \(JSONWriter.compact($0))" } ?? ", must be given"
        let summary = parameter.summary.isEmpty ? "" : " – \(parameter.summary)"
        return "\(parameter.name): \(parameter.type.inWords)\(fallback)\(summary)"
    }

    private func shown(_ state: PlaybookState) -> String {
        var text = "\(state.name): \(Self.shown(state.kind))"
        if state.condition != nil { text += ", when its condition holds" }
        if let timeout = state.timeout { text += ", within \(timeout.playbookText)" }
        if case .state(let next) = state.next { text += " → \(next)" }
        for rule in state.retry { text += "; retries \(rule.errors.joined(separator: ", ")) \(rule.attempts) times" }
        for rule in state.catches { text += "; on \(rule.errors.joined(separator: ", ")) → \(rule.next)" }
        if state.expires != nil {
            text += "; expires, and then " + (state.onExpiry == .release ? "LETS GO by the clock" : "people are told")
        }
        return text
    }

    private static func shown(_ kind: PlaybookState.Kind) -> String {
        switch kind {
        case .action(let call): return "\(call.name) (\(call.actionClass.rawValue))"
        case .choice(let branches, let otherwise):
            let ways = branches.map { "\(shown($0.next)) when \($0.condition.expression.source)" }
            return "choose " + (ways + (otherwise.map { ["else \(shown($0))"] } ?? [])).joined(separator: "; ")
        case .wait(let wait): return shown(wait)
        case .set(let members): return "set " + members.map(\.name).joined(separator: ", ")
        case .succeed: return "end well"
        case .fail(let error, _): return "fail with \(error)"
        }
    }

    private static func shown(_ successor: PlaybookState.Successor) -> String {
        switch successor {
        case .state(let name): name
        case .end: "end"
        }
    }

    private static func shown(_ wait: PlaybookState.Wait) -> String {
        switch wait {
        case .span(let duration): "wait \(duration.playbookText)"
        case .moment(let moment): "wait until \(moment)"
        case .spanOf: "wait for a computed time"
        case .momentOf: "wait until a computed moment"
        }
    }

    private static func shown(_ protection: PlaybookGuardrails.Protection) -> String {
        var parts: [String] = []
        if !protection.namespaces.isEmpty {
            parts.append("namespaces \(protection.namespaces.joined(separator: ", "))")
        }
        if !protection.names.isEmpty { parts.append("pods \(protection.names.joined(separator: ", "))") }
        if !protection.nodes.isEmpty { parts.append("nodes \(protection.nodes.joined(separator: ", "))") }
        for (key, value) in protection.labels.sorted(by: { $0.key < $1.key }) { parts.append("label \(key)=\(value)") }
        return parts.joined(separator: " and ")
    }

    private static func shown(_ budget: PlaybookGuardrails.Budget) -> String {
        let pods = budget.pods.map { ["\($0) pods"] } ?? []
        let nodes = budget.nodes.map { ["\($0) nodes"] } ?? []
        return (pods + nodes).joined(separator: " and ") + " in \(budget.window.playbookText)"
    }
}
