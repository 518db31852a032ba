internal import Expressions
internal import Vocabulary

/// What expressions of a playbook may see, by the place where they are evaluated.
struct ExpressionScopes {
    private let playbook: Playbook
    private let actions: [ActionManifest]
    private let graph: FlowGraph
    /// For each state, the states that can have run before it.
    private let before: [Set<Int>]

    init(_ playbook: Playbook, actions: [ActionManifest]) {
        self.playbook = playbook
        self.actions = actions
        let graph = FlowGraph(playbook, named: [], unreadable: [])
        var before = Array(repeating: Set<Int>(), count: playbook.states.count)
        for place in playbook.states.indices {
            for later in graph.after(place) { before[later].insert(place) }
        }
        self.graph = graph
        self.before = before
    }

    func schema(_ scope: ExpressionUse.Scope) -> ExpressionSchema {
        var variables: [String: ExpressionType] = ["finding": .dyn]
        switch scope {
        case .trigger:
            variables["event"] = .dyn
        case .incident:
            variables["subject"] = Self.subject
            variables["parameters"] = parameters
        case .state, .finally:
            variables["subject"] = Self.subject
            variables["parameters"] = parameters
            variables["run"] = Self.run
            variables["states"] = states
            variables["vars"] = vars
            for (name, _) in bindings { variables[name] = Self.caught }
        }
        return ExpressionSchema(variables: variables)
    }

    /// Why something that exists cannot be there yet when a state begins.
    func isTooEarly(_ reference: Reference, in scope: ExpressionUse.Scope) -> String? {
        guard case .state(let current) = scope, let place = playbook.states.firstIndex(where: { $0.name == current })
        else { return nil }
        let path = reference.path
        if path[0] == "states", path.count > 1 {
            guard let other = playbook.states.firstIndex(where: { $0.name.isIdentical(to: path[1]) }) else {
                return nil
            }
            return before[place].contains(other) ? nil : "the state “\(path[1])” cannot have run before “\(current)”"
        }
        if path[0] == "vars", path.count > 1 {
            let setters = setters(of: path[1])
            guard !setters.isEmpty else { return nil }
            return setters.contains { before[place].contains($0) }
                ? nil : "no state before “\(current)” sets “\(path[1])”"
        }
        let binders = bindings.filter { $0.name.isIdentical(to: path[0]) }.map(\.targets)
        guard !binders.isEmpty else { return nil }
        return binders.contains { $0.contains(place) } ? nil : "no catch before “\(current)” binds “\(path[0])”"
    }
}

// MARK: - Types

extension ExpressionScopes {
    private static func strings(_ names: [String]) -> [String: ExpressionType] {
        Dictionary(uniqueKeysWithValues: names.map { ($0, ExpressionType.string) })
    }

    private static let subject: ExpressionType = {
        var members = strings(["cluster", "account", "region", "namespace", "containerId"])
        members["pod"] = .object(strings(["name", "uid"]), isOpen: false)
        members["node"] = .object(strings(["name", "instanceId"]), isOpen: false)
        return .object(members, isOpen: false)
    }()

    private static let run = ExpressionType.object(
        strings(["id", "playbook", "mode", "status", "containment", "incident", "startedAt", "digest"]),
        isOpen: false
    )

    /// An error that a catch bound.
    private static let caught = ExpressionType.object(strings(["name", "cause"]), isOpen: false)

    private var parameters: ExpressionType {
        var members: [String: ExpressionType] = [:]
        for parameter in playbook.parameters { members[parameter.name] = parameter.type.expressionType }
        return .object(members, isOpen: false)
    }

    private var states: ExpressionType {
        var members: [String: ExpressionType] = [:]
        for state in playbook.states {
            guard case .action(let call) = state.kind, let manifest = actions.first(where: { $0.name == call.name })
            else {
                members[state.name] = .dyn
                continue
            }
            var outputs: [String: ExpressionType] = [:]
            for output in manifest.outputs { outputs[String(output.prefix { $0 != ":" && $0 != " " })] = .dyn }
            members[state.name] = .object(outputs, isOpen: outputs.isEmpty)
        }
        return .object(members, isOpen: false)
    }

    private var vars: ExpressionType {
        var members: [String: ExpressionType] = [:]
        for state in playbook.states {
            if case .set(let values) = state.kind { for value in values { members[value.name] = .dyn } }
        }
        return .object(members, isOpen: false)
    }

    private func setters(of name: String) -> [Int] {
        playbook.states.indices.filter { place in
            guard case .set(let values) = playbook.states[place].kind else { return false }
            return values.contains { $0.name.isIdentical(to: name) }
        }
    }

    /// Each name that a catch binds, with the states that can come after the catch.
    private var bindings: [(name: String, targets: Set<Int>)] {
        var found: [(name: String, targets: Set<Int>)] = []
        for state in playbook.states {
            for rule in state.catches {
                guard let name = rule.binding else { continue }
                let starts = playbook.states.indices.filter { playbook.states[$0].name == rule.next }
                found.append((name, graph.reach(from: starts, over: graph.edges(from:))))
            }
        }
        return found
    }
}

extension ParameterType {
    /// How expressions see a parameter of this type.
    var expressionType: ExpressionType {
        switch self {
        case .string, .objectName, .namespace, .instanceId, .arn, .cidr, .choice: .string
        case .boolean: .bool
        case .integer: .int
        case .number, .duration: .dyn
        case .list(let element): .list(element.expressionType)
        case .object(let parameters):
            .object(
                Dictionary(parameters.map { ($0.name, $0.type.expressionType) }) { first, _ in first },
                isOpen: false
            )
        case .stringMap: .map(.string, .string)
        }
    }

    /// Whether a result of that type can be a value of this one.
    func canTake(_ type: ExpressionType) -> Bool {
        switch (self, type) {
        case (_, .dyn): true
        case (.string, .string), (.objectName, .string), (.namespace, .string), (.instanceId, .string),
            (.arn, .string), (.choice, .string), (.duration, .string), (.cidr, .string):
            true
        case (.duration, .duration), (.cidr, .network), (.boolean, .bool): true
        case (.integer, .int), (.integer, .uint), (.number, .int), (.number, .uint), (.number, .double): true
        case (.list(let element), .list(let inner)): element.canTake(inner)
        case (.object, .object), (.object, .map), (.stringMap, .map), (.stringMap, .object): true
        default: false
        }
    }

    /// Whether a parameter of another declared type can be used as this one; texts are looked at when they are known.
    func canTake(_ declared: ParameterType) -> Bool {
        switch (self, declared) {
        case (.string, _), (_, .string): true
        case (.objectName, .namespace), (.namespace, .objectName): true
        case (.number, .integer), (.integer, .number): true
        case (.choice(let words), .choice(let others)): others.contains { words.contains($0) }
        case (.list(let element), .list(let inner)): element.canTake(inner)
        default: self == declared
        }
    }
}
