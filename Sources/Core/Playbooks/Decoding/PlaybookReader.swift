internal import Vocabulary

/// Reads one playbook, collecting problems instead of stopping at them.
struct PlaybookReader {
    let actions: [ActionManifest]
    private(set) var diagnostics: [Diagnostic] = []
    /// Expressions to be checked once all names are known.
    private(set) var uses: [ExpressionUse] = []
    /// States that had problems of their own: flow checks stay quiet about what they might have meant.
    var unreadableStates: Set<String> = []
    /// Every place where a state is named.
    var successors: [NamedSuccessor] = []
    var currentState = ""

    init(actions: [ActionManifest]) { self.actions = actions }

    mutating func report(_ problem: Diagnostic) { diagnostics.append(problem) }

    mutating func note(_ use: ExpressionUse) { uses.append(use) }

    private static let keys = [
        "playbook", "summary", "triggers", "parameters", "incident", "guardrails", "states", "finally",
    ]

    /// A playbook as far as it could be read; nil when there is nothing to check further.
    mutating func playbook(_ node: DocumentNode) -> Playbook? {
        guard
            let members = members(
                node,
                of: "a playbook",
                keys: Self.keys,
                required: ["playbook": "playbook: my-name", "states": "states:"]
            )
        else { return nil }
        let name = members["playbook"].flatMap { playbookName($0) }
        let summary = members["summary"].flatMap { text($0, "“summary”") }
        let parameters = members["parameters"].map { self.parameters($0) } ?? []
        let triggers = members["triggers"].map { self.triggers($0) } ?? []
        let incident = members["incident"].flatMap { self.incident($0) }
        let guardrails = members["guardrails"].map { self.guardrails($0) }
        let states = members["states"].map { self.states($0) } ?? []
        let finally = members["finally"].map { self.finally($0) } ?? []
        return Playbook(
            name: name ?? "",
            summary: summary ?? "",
            mark: node.mark,
            triggers: triggers,
            parameters: parameters,
            incident: incident,
            guardrails: guardrails ?? PlaybookGuardrails(),
            states: states,
            finally: finally
        )
    }

    private mutating func playbookName(_ node: DocumentNode) -> String? {
        guard let name = text(node, "“playbook”") else { return nil }
        guard NameSyntax.isLabel(name) else {
            report(
                Problem.badName("playbook name", node, rule: "use lower-case letters, digits and hyphens, at most 63")
            )
            return nil
        }
        return name
    }
}

// MARK: - Mappings

/// The members of a mapping whose keys were checked.
struct Members {
    let node: DocumentNode
    subscript(key: String) -> DocumentNode? { node[key] }

    func keyNode(_ key: String) -> DocumentNode? {
        node.mapping?.first { $0.key.text == key }?.key
    }
}

extension PlaybookReader {
    /// Checks that a node is a mapping with known keys and all the required ones (key → example).
    mutating func members(
        _ node: DocumentNode,
        of place: String,
        keys: [String],
        required: KeyValuePairs<String, String> = [:],
        at mark: SourceMark? = nil
    ) -> Members? {
        guard let entries = node.mapping else {
            let example = keys.first.map { "write a mapping, such as “\($0): …”" } ?? "write a mapping"
            report(Problem.wrongType(place, needs: "a mapping", found: node, fix: example))
            return nil
        }
        for entry in entries where !isKnown(entry.key, in: keys) {
            if let instead = LaterWords.instead(of: entry.key.text ?? "", in: place) {
                report(Problem.notInThisVersion(entry.key, instead: instead))
            } else {
                report(Problem.unknownKey(entry.key, in: place, known: keys))
            }
        }
        for (key, example) in required where node[key] == nil {
            report(Problem.missingKey(key, in: place, at: mark ?? node.mark, example: example))
        }
        return Members(node: node)
    }

    private func isKnown(_ key: DocumentNode, in keys: [String]) -> Bool {
        guard let text = key.text else { return false }
        return keys.contains { $0.isIdentical(to: text) }
    }

    /// The elements of a list; a single value where a list belongs is a problem.
    mutating func elements(_ node: DocumentNode, _ what: String, allowsEmpty: Bool = false) -> [DocumentNode] {
        guard let elements = node.sequence else {
            report(Problem.wrongType(what, needs: "a list", found: node, fix: "write a list: “- …” a line, or “[…]”"))
            return []
        }
        if elements.isEmpty, !allowsEmpty {
            report(
                Problem.wrongType(
                    what,
                    needs: "a list with at least one element",
                    found: node,
                    fix: "add an element, or remove the key"
                )
            )
        }
        return elements
    }
}

/// Words of the language that a later version understands.
enum LaterWords {
    private static let states = [
        "parallel": "put the states one after the other", "forEach": "repeat the state for each item",
        "approval": "use “mode: approve” on the trigger", "playbook": "copy the states of the other playbook here",
        "heartbeat": "use “timeout”",
    ]

    static func instead(of word: String, in place: String) -> String? {
        place.hasPrefix("the state") ? states[word] : nil
    }

    static var stateKinds: [String] { ["parallel", "forEach", "approval", "playbook"] }
}
