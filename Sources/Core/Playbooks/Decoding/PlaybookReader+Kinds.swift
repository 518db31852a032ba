internal import Vocabulary

extension PlaybookReader {
    mutating func kind(_ word: String, _ members: Members, _ name: String) -> PlaybookState.Kind? {
        guard let node = members[word] else { return nil }
        return switch word {
        case "action": call(node, members, in: .state(name)).map { .action($0) }
        case "choice": choice(node, members, name)
        case "wait": wait(node, name).map { .wait($0) }
        case "set": values(node, name).map { .set($0) }
        case "fail": fail(node, name)
        default: succeed(node)
        }
    }

    /// An action with its `with`, checked against the action's manifest.
    mutating func call(
        _ node: DocumentNode,
        _ members: Members,
        in scope: ExpressionUse.Scope
    ) -> PlaybookState.ActionCall? {
        guard let name = text(node, "“action”") else { return nil }
        guard let manifest = actions.first(where: { $0.name.isIdentical(to: name) }) else {
            let known = actions.map(\.name)
            report(Problem.unknownAction(node, known: known))
            // Its parameters cannot be judged, but the expressions in them can.
            if let with = members["with"] { _ = freeValue(with, "with", in: scope) }
            return nil
        }
        if let with = members["with"], with.mapping == nil, !with.isNull {
            report(Problem.wrongType("“with”", needs: "a mapping of parameters", found: with))
            return nil
        }
        let with = members["with"] ?? DocumentNode(.mapping([]), at: node.mark)
        let parameters = values(with, manifest.parameters, owner: name, prefix: "", at: node.mark, in: scope)
        return PlaybookState.ActionCall(
            name: name,
            actionClass: manifest.actionClass,
            provesContainment: manifest.provesContainment,
            parameters: parameters ?? [],
            mark: node.mark
        )
    }

    private mutating func choice(_ node: DocumentNode, _ members: Members, _ name: String) -> PlaybookState.Kind {
        var branches: [PlaybookState.Branch] = []
        for element in elements(node, "“choice”") {
            if let branch = branch(element, name) { branches.append(branch) }
        }
        let otherwise = members["otherwise"].flatMap { stateName($0, "“otherwise”") }
        if members["otherwise"] == nil {
            report(
                Problem.warn(
                    "PLAYBOOK-032",
                    "the choice “\(name)” has no “otherwise”: the run fails when no condition holds",
                    at: members.keyNode("choice")?.mark ?? node.mark,
                    fix: "add “otherwise: …” with the state to go to"
                )
            )
        }
        return .choice(branches: branches, otherwise: otherwise.map { .state($0) })
    }

    private mutating func branch(_ node: DocumentNode, _ name: String) -> PlaybookState.Branch? {
        let place = "a branch of “\(name)”"
        guard let members = members(node, of: place, keys: ["when", "next", "end"], required: ["when": "when: …"])
        else { return nil }
        let condition = members["when"].flatMap { self.condition($0, "“when”", in: .state(name)) }
        var next: PlaybookState.Successor?
        if let target = members["next"] {
            next = stateName(target, "“next”").map { .state($0) }
            if let end = members.keyNode("end") {
                report(
                    Problem.make(
                        "PLAYBOOK-010",
                        "\(place) has both “next” and “end”",
                        at: end.mark,
                        fix: "keep one of the two"
                    )
                )
            }
        } else if let end = members["end"] {
            next = flag(end, "“end”") == nil ? nil : .end
        } else {
            report(Problem.missingKey("next", in: place, at: node.mark, example: "next: …"))
        }
        guard let condition, let next else { return nil }
        return PlaybookState.Branch(condition: condition, next: next)
    }

    /// `wait: 10m`, or `wait: { until: … }`.
    private mutating func wait(_ node: DocumentNode, _ name: String) -> PlaybookState.Wait? {
        let scope = ExpressionUse.Scope.state(name)
        if node.mapping != nil {
            let required: KeyValuePairs = ["until": "until: 2030-01-31T08:00:00Z"]
            guard let until = members(node, of: "“wait”", keys: ["until"], required: required)?["until"] else {
                return nil
            }
            if let text = until.text, TemplateScanner.isTemplate(text) {
                return template(until, "“until”", in: scope, need: .moment).map {
                    .momentOf(ValueTemplate(.template($0), at: until.mark))
                }
            }
            guard let moment = until.text.flatMap({ Timestamp($0) }) else {
                report(Problem.badValue("“until”", until, needs: "a moment", fix: "write it as 2030-01-31T08:00:00Z"))
                return nil
            }
            return .moment(moment)
        }
        if let text = node.text, TemplateScanner.isTemplate(text) {
            return template(node, "“wait”", in: scope, need: .parameter(.duration)).map {
                .spanOf(ValueTemplate(.template($0), at: node.mark))
            }
        }
        return duration(node, "“wait”", in: .milliseconds(1) ... .seconds(365 * 86_400)).map { .span($0) }
    }

    private mutating func values(_ node: DocumentNode, _ name: String) -> [ValueTemplate.Member]? {
        guard let entries = node.mapping, !entries.isEmpty else {
            report(
                Problem.wrongType(
                    "“set”",
                    needs: "a mapping of names to values",
                    found: node,
                    fix: "write “name: value” lines"
                )
            )
            return nil
        }
        var members: [ValueTemplate.Member] = []
        for entry in entries {
            guard let variable = entry.key.text, Identifier.isName(variable) else {
                let rule = "use letters, digits and “_”, not a digit first, at most 63"
                report(Problem.badName("variable name", entry.key, rule: rule))
                continue
            }
            _ = freeKey(entry.key, "the key")
            guard let value = freeValue(entry.value, variable, in: .state(name)) else { continue }
            members.append(ValueTemplate.Member(name: variable, value: value))
        }
        return members
    }

    private mutating func fail(_ node: DocumentNode, _ name: String) -> PlaybookState.Kind? {
        guard
            let members = members(node, of: "“fail”", keys: ["error", "cause"], required: ["error": "error: MyReason"])
        else { return nil }
        let cause = members["cause"].flatMap { textTemplate($0, "“cause”", in: .state(name)) }
        guard let error = members["error"] else { return nil }
        guard let word = error.text, Identifier.isName(word) else {
            report(Problem.badName("error name", error, rule: "use letters, digits and “_”, such as NotOurs"))
            return nil
        }
        return .fail(error: word, cause: cause)
    }

    private mutating func succeed(_ node: DocumentNode) -> PlaybookState.Kind? {
        if node.isNull || node.json == .bool(true) || node.mapping?.isEmpty == true { return .succeed }
        report(Problem.wrongType("“succeed”", needs: "empty or true", found: node, fix: "write “succeed: true”"))
        return nil
    }

    /// Action states without successors: they run one after the other, whatever happened.
    mutating func finally(_ node: DocumentNode) -> [PlaybookState] {
        var states: [PlaybookState] = []
        for (place, element) in elements(node, "“finally”").enumerated() {
            let keys = ["action", "with", "when", "retry", "timeout"]
            let name = "an element of “finally”"
            guard let members = members(element, of: name, keys: keys, required: ["action": "action: update-finding"]),
                let action = members["action"], let call = call(action, members, in: .finally)
            else { continue }
            if [.hold, .contain, .evict].contains(call.actionClass) {
                report(
                    Problem.make(
                        "PLAYBOOK-033",
                        "“finally” may not \(call.actionClass.rawValue): it also runs after a refusal",
                        at: action.mark,
                        fix: "move \(call.name) into “states”"
                    )
                )
            }
            var state = PlaybookState(name: "finally-\(place + 1)", kind: .action(call), next: .end, mark: element.mark)
            state.condition = members["when"].flatMap { condition($0, "“when”", in: .finally) }
            readPolicies(members, into: &state)
            states.append(state)
        }
        return states
    }
}
