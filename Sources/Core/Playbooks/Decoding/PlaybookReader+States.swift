internal import Vocabulary

extension PlaybookReader {
    private static let kinds = ["action", "choice", "wait", "set", "succeed", "fail"]
    private static let stateLimit = 200
    private static let successorLimit = 1_000

    /// Keys beside the one that gives the kind.
    private static let extras: [String: [String]] = [
        "action": [
            "with", "when", "retry", "catch", "timeout", "expires", "onExpiry", "next", "end",
        ],
        "choice": ["otherwise"],
        "wait": ["when", "next", "end"],
        "set": ["when", "next", "end"],
        "succeed": [], "fail": [],
    ]

    mutating func states(_ node: DocumentNode) -> [PlaybookState] {
        guard let entries = node.mapping else {
            report(
                Problem.wrongType(
                    "“states”",
                    needs: "a mapping of names to states",
                    found: node,
                    fix: "write “name:” lines with a state below each"
                )
            )
            return []
        }
        guard !entries.isEmpty else {
            report(Problem.make("PLAYBOOK-011", "“states” is empty", at: node.mark, fix: "add a state"))
            return []
        }
        guard entries.count <= Self.stateLimit else {
            report(
                Problem.make(
                    "PLAYBOOK-034",
                    "the playbook has \(entries.count) states, more than \(Self.stateLimit)",
                    at: node.mark,
                    fix: "split it into playbooks"
                )
            )
            return []
        }
        var states: [PlaybookState] = []
        for (place, entry) in entries.enumerated() {
            let following = entries.indices.contains(place + 1) ? entries[place + 1].key.text : nil
            let before = diagnostics.count
            let state = state(entry, following: following)
            // A name that is there twice is told where the text is read; the first one counts.
            if !states.contains(where: { $0.name.isIdentical(to: state.name) }) { states.append(state) }
            if diagnostics[before...].contains(where: { $0.severity == .error }) { unreadableStates.insert(state.name) }
        }
        return states
    }

    private mutating func state(_ entry: DocumentNode.Entry, following: String?) -> PlaybookState {
        let name = entry.key.text ?? ""
        if !Self.isStateName(name) {
            report(
                Problem.badName(
                    "state name",
                    entry.key,
                    rule: "use letters, digits, “-” and “_”, a letter first, at most 63"
                )
            )
        }
        let shown = Problem.quoted(name)
        currentState = name
        var state = PlaybookState(name: name, kind: .succeed, next: .end, mark: entry.key.mark)
        guard let word = kind(of: entry.value, shown, at: entry.key.mark) else {
            state.next = following.map { .state($0) } ?? .end
            return state
        }
        let keys = [word] + (Self.extras[word] ?? [])
        guard let members = members(entry.value, of: "the state \(shown)", keys: keys) else { return state }
        state.next = successor(members, following: following, word: word, name: name, key: entry.key)
        state.kind = kind(word, members, name) ?? .succeed
        state.condition = members["when"].flatMap { condition($0, "“when”", in: .state(name)) }
        if word == "action" { readPolicies(members, into: &state) }
        return state
    }

    private static func isStateName(_ name: String) -> Bool {
        guard let first = name.utf8.first, (1...63).contains(name.utf8.count) else { return false }
        return NameSyntax.isAlphanumeric(first) && !(0x30...0x39).contains(first)
            && name.utf8.allSatisfy { NameSyntax.isAlphanumeric($0) || $0 == 0x2d || $0 == 0x5f }
    }

    /// The word that says what kind of state this is.
    private mutating func kind(of node: DocumentNode, _ shown: String, at mark: SourceMark) -> String? {
        guard let entries = node.mapping else {
            report(Problem.wrongType("the state \(shown)", needs: "a mapping", found: node))
            return nil
        }
        let words = entries.filter { entry in Self.kinds.contains { entry.key.text == $0 } }
        if words.count == 1 { return words[0].key.text }
        if words.count > 1 {
            let both = "“\(words[0].key.text ?? "")” and “\(words[1].key.text ?? "")”"
            report(
                Problem.make(
                    "PLAYBOOK-003",
                    "the state \(shown) has both \(both)",
                    at: words[1].key.mark,
                    fix: "make two states of it"
                )
            )
            return nil
        }
        for entry in entries {
            guard let word = entry.key.text, LaterWords.stateKinds.contains(word),
                let instead = LaterWords.instead(of: word, in: "the state")
            else { continue }
            report(Problem.notInThisVersion(entry.key, instead: instead))
            return nil
        }
        reportMissingKind(entries, shown, at: mark)
        return nil
    }

    /// A misspelt word explains more than a missing one.
    private mutating func reportMissingKind(_ entries: [DocumentNode.Entry], _ shown: String, at mark: SourceMark) {
        let known = Self.kinds + (Self.extras["action"] ?? []) + ["otherwise"]
        var isMisspelt = false
        for entry in entries where !known.contains(where: { $0 == entry.key.text }) {
            report(Problem.unknownKey(entry.key, in: "the state \(shown)", known: known))
            isMisspelt = isMisspelt || NearestName.of(entry.key.text ?? "", in: Self.kinds) != nil
        }
        guard !isMisspelt else { return }
        report(
            Problem.make(
                "PLAYBOOK-002",
                "the state \(shown) does nothing",
                at: mark,
                fix: "add one of \(Self.kinds.joined(separator: ", "))"
            )
        )
    }

    /// `next`, `end`, or the state that follows in the file.
    private mutating func successor(
        _ members: Members,
        following: String?,
        word: String,
        name: String,
        key: DocumentNode
    ) -> PlaybookState.Successor {
        guard !["choice", "succeed", "fail"].contains(word) else { return .end }
        if let next = members.keyNode("next"), let end = members.keyNode("end") {
            let later = max(next.mark, end.mark)
            report(
                Problem.make(
                    "PLAYBOOK-010",
                    "the state \(Problem.quoted(name)) has both “next” and “end”",
                    at: later,
                    fix: "keep one of the two"
                )
            )
        }
        if let next = members["next"] { return stateName(next, "“next”").map { .state($0) } ?? .end }
        if let end = members["end"] {
            guard let flag = flag(end, "“end”") else { return .end }
            if flag { return .end }
            report(Problem.wrongType("“end”", needs: "true", found: end, fix: "write “end: true”, or remove it"))
            return .end
        }
        guard let following else {
            report(
                Problem.make(
                    "PLAYBOOK-007",
                    "the run falls off the end of the playbook after \(Problem.quoted(name))",
                    at: key.mark,
                    fix: "add “end: true” or “next: …”"
                )
            )
            return .end
        }
        return .state(following)
    }

    mutating func stateName(_ node: DocumentNode, _ what: String) -> String? {
        guard let name = node.text, !name.isEmpty else {
            report(Problem.wrongType(what, needs: "the name of a state", found: node))
            return nil
        }
        guard successors.count < Self.successorLimit else {
            report(
                Problem.make(
                    "PLAYBOOK-034",
                    "the playbook names states in more than \(Self.successorLimit) places",
                    at: node.mark,
                    fix: "split it into playbooks"
                )
            )
            return nil
        }
        successors.append(NamedSuccessor(node: node, owner: currentState))
        return name
    }
}

/// A place where a state is named, to be checked when all states are known.
struct NamedSuccessor {
    var node: DocumentNode
    /// The state that leads there.
    var owner: String

    var name: String { node.text ?? "" }
}
