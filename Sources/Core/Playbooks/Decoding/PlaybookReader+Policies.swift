internal import Vocabulary

/// Error names that every action can end with, beside those of its manifest.
enum CommonErrors {
    /// The state took longer than its `timeout`; nobody can say whether the action took effect.
    static let names = ["Timeout", "Unverified"]
    /// Stands for every error that can be caught.
    static let any = "any"
}

extension PlaybookReader {
    private static let day = Duration.seconds(86_400)

    /// `retry`, `catch`, `timeout`, `expires` and `onExpiry` of an action state.
    mutating func readPolicies(_ members: Members, into state: inout PlaybookState) {
        let call: PlaybookState.ActionCall? = if case .action(let call) = state.kind { call } else { nil }
        state.timeout = members["timeout"].flatMap { duration($0, "“timeout”", in: .milliseconds(100)...Self.day) }
        if let list = members["retry"] {
            for element in elements(list, "“retry”") {
                if let rule = retry(element, call) { state.retry.append(rule) }
            }
        }
        if let list = members["catch"] {
            for element in elements(list, "“catch”") {
                if let rule = catchRule(element, call, in: state.name) { state.catches.append(rule) }
            }
        }
        readExpiry(members, call, into: &state)
        warnOfCoveredRules(state.retry.map { ($0.errors, $0.mark) }, "retry")
        warnOfCoveredRules(state.catches.map { ($0.errors, $0.mark) }, "catch")
    }

    private mutating func readExpiry(
        _ members: Members,
        _ call: PlaybookState.ActionCall?,
        into state: inout PlaybookState
    ) {
        if let node = members["expires"] {
            if let text = node.text, TemplateScanner.isTemplate(text) {
                state.expires = template(node, "“expires”", in: .state(state.name), need: .parameter(.duration)).map {
                    ValueTemplate(.template($0), at: node.mark)
                }
            } else if duration(node, "“expires”", in: .seconds(60) ... .seconds(90 * 86_400)) != nil {
                state.expires = ValueTemplate(.literal(node.json), at: node.mark)
            }
            if let call, call.actionClass != .hold, call.actionClass != .contain {
                report(
                    Problem.make(
                        "PLAYBOOK-038",
                        "\(call.name) holds nothing that could expire",
                        at: members.keyNode("expires")?.mark ?? node.mark,
                        fix: "remove “expires”: only actions that hold or contain have it"
                    )
                )
            }
        }
        guard let node = members["onExpiry"] else { return }
        state.onExpiry = choice(node, "“onExpiry”", of: PlaybookState.Expiry.self) ?? .escalate
        if members["expires"] == nil {
            let mark = members.keyNode("onExpiry")?.mark ?? node.mark
            report(
                Problem.make(
                    "PLAYBOOK-038",
                    "“onExpiry” has no “expires” beside it",
                    at: mark,
                    fix: "add “expires: 24h”"
                )
            )
        }
    }

    private mutating func retry(_ node: DocumentNode, _ call: PlaybookState.ActionCall?) -> RetryRule? {
        let keys = ["errors", "interval", "attempts", "backoff", "maxDelay", "jitter"]
        let required: KeyValuePairs = ["errors": "errors: [Throttled, Unavailable]"]
        guard let members = members(node, of: "an element of “retry”", keys: keys, required: required) else {
            return nil
        }
        let errors = members["errors"].map { self.errors($0, call) } ?? []
        let interval = members["interval"].flatMap { duration($0, "“interval”", in: .milliseconds(10)...Self.day) }
        let longest = members["maxDelay"].flatMap { duration($0, "“maxDelay”", in: .milliseconds(10)...Self.day) }
        if let longest, let node = members["maxDelay"], longest < interval ?? .seconds(1) {
            let first = (interval ?? .seconds(1)).playbookText
            report(
                Problem.retryValue(
                    "“maxDelay”",
                    node,
                    needs: "at least the interval, \(first)",
                    fix: "raise it, or lower the interval"
                )
            )
        }
        return RetryRule(
            errors: errors,
            interval: interval ?? .seconds(1),
            attempts: members["attempts"].flatMap { attempts($0) } ?? 3,
            backoff: members["backoff"].flatMap { backoff($0) } ?? 2,
            maxDelay: longest,
            jitter: members["jitter"].flatMap { choice($0, "“jitter”", of: RetryRule.Jitter.self) } ?? .none,
            mark: node.mark
        )
    }

    private mutating func attempts(_ node: DocumentNode) -> Int? {
        guard let number = node.json.integer, (0...100).contains(number) else {
            report(Problem.retryValue("“attempts”", node, needs: "a whole number from 0 to 100"))
            return nil
        }
        warnOfOctal(node, "“attempts”")
        return Int(number)
    }

    private mutating func backoff(_ node: DocumentNode) -> Double? {
        guard let number = node.json.number, (1...100).contains(number) else {
            report(Problem.retryValue("“backoff”", node, needs: "a number from 1 to 100"))
            return nil
        }
        return number
    }

    private mutating func catchRule(
        _ node: DocumentNode,
        _ call: PlaybookState.ActionCall?,
        in state: String
    ) -> CatchRule? {
        let required: KeyValuePairs = ["errors": "errors: [any]", "next": "next: …"]
        guard
            let members = members(
                node,
                of: "an element of “catch”",
                keys: ["errors", "next", "as"],
                required: required
            )
        else { return nil }
        let errors = members["errors"].map { self.errors($0, call) } ?? []
        let binding = members["as"].flatMap { identifier($0, "variable name") }
        guard let next = members["next"], let target = stateName(next, "“next”") else { return nil }
        if target.isIdentical(to: state) {
            report(
                Problem.make(
                    "PLAYBOOK-009",
                    "the state “\(state)” catches into itself: it would run again at once, for ever",
                    at: next.mark,
                    fix: "use “retry” to try again, or name another state"
                )
            )
        }
        return CatchRule(errors: errors, next: target, binding: binding, mark: node.mark)
    }

    private mutating func errors(_ node: DocumentNode, _ call: PlaybookState.ActionCall?) -> [String] {
        var names: [String] = []
        for element in elements(node, "“errors”") {
            guard let name = text(element, "an error name") else { continue }
            if names.contains(name) {
                report(
                    Problem.errorList(
                        "\(Problem.quoted(name)) is named twice",
                        at: element.mark,
                        fix: "keep one of the two"
                    )
                )
            } else if name == CommonErrors.any || call == nil || isError(name, of: call) {
                names.append(name)
            } else {
                let known = knownErrors(of: call)
                report(Problem.unknownError(element, of: call?.name ?? "", known: known))
            }
        }
        if names.count > 1, names.contains(CommonErrors.any) {
            report(
                Problem.errorList(
                    "“any” stands beside other names, but includes them",
                    at: node.mark,
                    fix: "write “errors: [any]”"
                )
            )
        }
        return names
    }

    private func knownErrors(of call: PlaybookState.ActionCall?) -> [String] {
        let own = actions.first { $0.name == call?.name }?.errors ?? []
        return own + CommonErrors.names.filter { !own.contains($0) } + [CommonErrors.any]
    }

    private func isError(_ name: String, of call: PlaybookState.ActionCall?) -> Bool {
        knownErrors(of: call).contains { $0.isIdentical(to: name) }
    }

    /// Rules are tried in order: one whose errors an earlier one takes is never used.
    private mutating func warnOfCoveredRules(_ rules: [(errors: [String], mark: SourceMark)], _ word: String) {
        var taken: Set<String> = []
        for rule in rules {
            let isCovered =
                taken.contains(CommonErrors.any) || (!rule.errors.isEmpty && taken.isSuperset(of: rule.errors))
            if isCovered {
                report(
                    Problem.warn(
                        "PLAYBOOK-031",
                        "this \(word) is never used: the ones before it take all its errors",
                        at: rule.mark,
                        fix: "move it up, or remove it"
                    )
                )
            }
            taken.formUnion(rule.errors)
        }
    }
}
