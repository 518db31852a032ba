package import Planning
package import Playbooks
package import Vocabulary

/// Any action, behind one type: its manifest, and a way to observe the world for it.
package struct CataloguedAction: Sendable {
    package let manifest: ActionManifest
    /// What a step leaves to later ones, with what the answers to its changes brought, by change id.
    package let output: @Sendable (ActionPlan, [String: JSONValue]) -> JSONValue
    private let observing: @Sendable (ActionRequest, World) async throws(ActionFault) -> ObservedStep

    package init<Kind: Action>(_ kind: Kind.Type) {
        manifest = kind.manifest
        output = { plan, answers in Kind().output(of: plan, answers: answers) }
        observing = { (request, world) async throws(ActionFault) in
            let action = Kind()
            let facts = try await action.observe(request, in: world)
            return ObservedStep(action: action, facts: facts)
        }
    }

    /// Reads the world into facts.
    package func observe(_ request: ActionRequest, in world: World) async throws(ActionFault) -> ObservedStep {
        try await observing(request, world)
    }
}

/// Facts that were read for one step; planning and judging them is pure.
package struct ObservedStep: Sendable {
    private let planning: @Sendable (ActionRequest) throws(ActionFault) -> ActionPlan
    private let judging: @Sendable (ActionRequest) -> ContainmentReport?

    init<Kind: Action>(action: Kind, facts: Kind.Facts) {
        planning = { (request) throws(ActionFault) in try action.plan(request, facts) }
        judging = { request in action.judge(request, facts) }
    }

    package func plan(_ request: ActionRequest) throws(ActionFault) -> ActionPlan { try planning(request) }
    package func judge(_ request: ActionRequest) -> ContainmentReport? { judging(request) }
}
