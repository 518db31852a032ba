internal import Expressions
internal import Patterns
internal import Vocabulary

extension PlaybookReader {
    private static let kinds = ["customAction", "imported", "event"]

    mutating func triggers(_ node: DocumentNode) -> [Trigger] {
        var triggers: [Trigger] = []
        var buttons: [(id: String, mark: SourceMark)] = []
        for element in elements(node, "“triggers”") {
            guard let trigger = trigger(element) else { continue }
            if case .customAction(let id) = trigger.kind {
                let mark = element["customAction"]?.mark ?? element.mark
                if let first = buttons.first(where: { $0.id == id }) {
                    report(
                        Problem.make(
                            "PLAYBOOK-035",
                            "the button “\(id)” is there twice (first at \(first.mark.line):\(first.mark.column))",
                            at: mark,
                            fix: "keep one of the two"
                        )
                    )
                }
                buttons.append((id, mark))
            }
            triggers.append(trigger)
        }
        return triggers
    }

    private mutating func trigger(_ node: DocumentNode) -> Trigger? {
        guard let members = members(node, of: "a trigger", keys: Self.kinds + ["when", "mode"]) else { return nil }
        let present = Self.kinds.filter { members[$0] != nil }
        guard present.count == 1, let word = present.first, let value = members[word] else {
            let mark = present.count > 1 ? members.keyNode(present[1])?.mark ?? node.mark : node.mark
            let problem = present.isEmpty ? "a trigger has none of" : "a trigger has more than one of"
            report(
                Problem.make(
                    "PLAYBOOK-002",
                    "\(problem) “customAction”, “imported” and “event”",
                    at: mark,
                    fix: present.isEmpty ? "add the one that fits" : "make two triggers of it"
                )
            )
            return nil
        }
        let kind: Trigger.Kind? =
            switch word {
            case "customAction": button(value).map { .customAction($0) }
            case "imported": pattern(value, "“imported”").map { .imported($0, document: value.json) }
            default: pattern(value, "“event”").map { .event($0, document: value.json) }
            }
        let condition = members["when"].flatMap { self.condition($0, "“when”", in: .trigger) }
        let mode = members["mode"].flatMap { choice($0, "“mode”", of: Trigger.Mode.self) }
        guard let kind else { return nil }
        return Trigger(
            kind: kind,
            condition: condition,
            mode: mode ?? (word == "customAction" ? .auto : .approve),
            mark: node.mark
        )
    }

    private mutating func button(_ node: DocumentNode) -> String? {
        guard let id = text(node, "“customAction”") else { return nil }
        guard (1...20).contains(id.utf8.count), id.utf8.allSatisfy(NameSyntax.isAlphanumeric) else {
            report(
                Problem.badName(
                    "id of a Security Hub custom action",
                    node,
                    rule: "use 1 to 20 letters and digits, as AWS does"
                )
            )
            return nil
        }
        return id
    }

    private mutating func pattern(_ node: DocumentNode, _ what: String) -> EventPattern? {
        guard node.mapping != nil else {
            report(
                Problem.wrongType(
                    what,
                    needs: "an event pattern (a mapping)",
                    found: node,
                    fix: "write “field: [alternatives]”"
                )
            )
            return nil
        }
        warnInside(node)
        do {
            return try EventPattern(node.json)
        } catch {
            report(Problem.pattern(error.message, at: node.descendant(error.path).mark))
            return nil
        }
    }

    /// Patterns are plain data: YAML's surprises there change what matches.
    private mutating func warnInside(_ node: DocumentNode) {
        switch node.content {
        case .scalar(let scalar):
            guard scalar.isPlain else { return }
            warnOfSurprise("the value", scalar.text, at: node.mark)
            warnOfOctal(node, "the value")
        case .sequence(let elements):
            for element in elements { warnInside(element) }
        case .mapping(let entries):
            for entry in entries {
                _ = freeKey(entry.key, "the key")
                warnInside(entry.value)
            }
        }
    }
}

extension DocumentNode {
    /// The node at the end of a path of keys and indices, or the last one on the way that exists.
    func descendant(_ path: [String]) -> DocumentNode {
        var node = self
        for step in path {
            if let next = node[step] {
                node = next
            } else if let index = Int(step), let elements = node.sequence, elements.indices.contains(index) {
                node = elements[index]
            } else {
                return node
            }
        }
        return node
    }
}
