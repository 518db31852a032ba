internal import Expressions
internal import Vocabulary

/// Checks every expression of a playbook against what it may see and what it must give.
struct ExpressionCheckpoint {
    private let playbook: Playbook
    private let scopes: ExpressionScopes

    static func diagnostics(
        _ uses: [ExpressionUse],
        in playbook: Playbook,
        actions: [ActionManifest]
    ) -> [Diagnostic] {
        let scopes = ExpressionScopes(playbook, actions: actions)
        let checkpoint = ExpressionCheckpoint(playbook: playbook, scopes: scopes)
        return uses.flatMap { checkpoint.problems(with: $0) }
    }

    private func problems(with use: ExpressionUse) -> [Diagnostic] {
        let schema = scopes.schema(use.scope)
        let check = use.expression.check(schema)
        var found: [Diagnostic] = []
        var told: [Range<Int>] = []
        for reference in use.expression.references {
            guard let problem = problem(with: reference, in: use, schema) else { continue }
            found.append(problem)
            told.append(reference.offset..<(reference.offset + reference.path.joined(separator: ".").count + 1))
        }
        for fault in check.faults where !told.contains(where: { $0.contains(fault.offset) }) {
            let fix = "correct it; see Docs/Expressions.md"
            found.append(Problem.expressionMeaning(fault.message, at: use.mark(at: fault.offset), fix: fix))
        }
        if found.isEmpty, let problem = typeProblem(use, check.type) { found.append(problem) }
        if found.isEmpty, let warning = unreviewable(use) { found.append(warning) }
        return found
    }

    /// What a hold, containment or eviction acts on should stand in the plan that somebody approves.
    private func unreviewable(_ use: ExpressionUse) -> Diagnostic? {
        guard case .parameter(let type) = use.need, type != .string, case .state(let name) = use.scope,
            case .action(let call)? = playbook.state(name)?.kind,
            [.hold, .contain, .evict].contains(call.actionClass),
            let source = use.expression.references.lazy.compactMap({ action(behind: $0) }).first
        else { return nil }
        return Problem.warn(
            "PLAYBOOK-039",
            "\(use.what) of “\(name)” comes only with “\(source)”: no plan can show what the state will do",
            at: use.mark(at: 0),
            fix: "use the finding, the subject or a parameter of the playbook"
        )
    }

    /// The action state whose output is referred to.
    private func action(behind reference: Reference) -> String? {
        guard reference.path.count > 1, reference.path[0] == "states",
            case .action? = playbook.state(reference.path[1])?.kind
        else { return nil }
        return reference.path[1]
    }

    /// A name that does not exist, or not yet.
    private func problem(
        with reference: Reference,
        in use: ExpressionUse,
        _ schema: ExpressionSchema
    ) -> Diagnostic? {
        let names = schema.variables.keys.sorted()
        guard var type = schema.variables[reference.path[0]] else {
            return Problem.expressionMeaning(
                "no variable is called \(Problem.quoted(reference.path[0])) here",
                at: use.mark(at: reference.offset),
                fix: NearestName.advice(reference.path[0], known: names, none: "")
            )
        }
        for (place, member) in reference.path.enumerated().dropFirst() {
            guard case .object(let members, isOpen: let isOpen) = type else { break }
            if let next = members[member] {
                type = next
            } else if isOpen {
                break
            } else {
                let owner = reference.path[..<place].joined(separator: ".")
                return Problem.expressionMeaning(
                    "\(owner) has no member \(Problem.quoted(member))",
                    at: use.mark(at: offset(of: place, in: reference, use)),
                    fix: NearestName.advice(member, known: members.keys.sorted(), none: "remove it: \(owner) is empty")
                )
            }
        }
        guard let reason = scopes.isTooEarly(reference, in: use.scope) else { return nil }
        return Problem.expressionMeaning(
            reason,
            at: use.mark(at: reference.offset),
            fix: "use it in a state that comes later"
        )
    }

    /// Where a member's name stands; the start of the chain when it is written with spaces or `?.`.
    private func offset(of place: Int, in reference: Reference, _ use: ExpressionUse) -> Int {
        let start = reference.offset + reference.path[..<place].joined(separator: ".").unicodeScalars.count + 1
        let rest = use.expression.source.unicodeScalars.dropFirst(start)
        return rest.starts(with: reference.path[place].unicodeScalars) ? start : reference.offset
    }

    private func typeProblem(_ use: ExpressionUse, _ type: ExpressionType) -> Diagnostic? {
        switch use.need {
        case .anything: return nil
        case .condition:
            guard !type.fits(.bool) else { return nil }
            return Problem.expressionType(use.what, gives: type.name, needs: "true or false", at: use.mark(at: 0))
        case .embedded:
            guard type == .null || type == .type else { return nil }
            let what = "what stands inside a text"
            return Problem.expressionType(
                what,
                gives: type.name,
                needs: "something that has a text",
                at: use.mark(at: 0)
            )
        case .moment:
            guard ![.dyn, .string, .timestamp].contains(type) else { return nil }
            return Problem.expressionType(use.what, gives: type.name, needs: "a moment", at: use.mark(at: 0))
        case .parameter(let wanted):
            if let declared = declaredType(of: use.expression), !wanted.canTake(declared) {
                return Problem.expressionType(
                    use.what,
                    gives: declared.inWords,
                    needs: wanted.inWords,
                    at: use.mark(at: 0)
                )
            }
            guard !wanted.canTake(type) else { return nil }
            return Problem.expressionType(use.what, gives: type.name, needs: wanted.inWords, at: use.mark(at: 0))
        }
    }

    /// The type of a parameter or a part of the subject, when the expression is nothing but its name.
    private func declaredType(of expression: CompiledExpression) -> ParameterType? {
        guard expression.references.count == 1, let path = expression.references.first?.path,
            path.joined(separator: ".").isIdentical(to: expression.source)
        else { return nil }
        if path.count == 2, path[0] == "parameters" {
            return playbook.parameters.first { $0.name.isIdentical(to: path[1]) }?.type
        }
        return Self.subject[path.joined(separator: ".")]
    }

    private static let subject: [String: ParameterType] = [
        "subject.namespace": .namespace, "subject.pod.name": .objectName, "subject.node.name": .objectName,
        "subject.node.instanceId": .instanceId,
    ]
}
