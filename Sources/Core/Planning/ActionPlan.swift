package import Vocabulary

/// What an action would do to the world it observed; a pure function of parameters and facts made it.
package struct ActionPlan: Sendable, Hashable, Codable {
    package var changes: [PlannedChange]
    package var expectations: [Expectation]
    package var warnings: [String]
    /// What the action itself finds against the plan, such as a pod that no NetworkPolicy reaches.
    package var verdicts: [Verdict]
    package var blastRadius: BlastRadius
    /// The world already is as wanted: nothing to change, and nothing of ours to undo.
    package var alreadyDone: Bool
    /// What containment the plan would give; nil for actions that contain nothing.
    package var containment: ContainmentReport?
    /// Plain kubectl and aws commands that release by hand what this plan holds.
    package var release: [String]
    /// Where to look from outside whether the step holds, when it is carried out; nil when there is nothing to look at.
    package var probe: ProbeTarget?
    /// What the action hands to later states: becomes `states.NAME.…` in expressions.
    package var output: JSONValue

    package init(
        changes: [PlannedChange] = [],
        expectations: [Expectation] = [],
        warnings: [String] = [],
        verdicts: [Verdict] = [],
        blastRadius: BlastRadius = BlastRadius(),
        alreadyDone: Bool = false,
        containment: ContainmentReport? = nil,
        release: [String] = [],
        probe: ProbeTarget? = nil,
        output: JSONValue = .object([:])
    ) {
        self.changes = changes
        self.expectations = expectations
        self.warnings = warnings
        self.verdicts = verdicts
        self.blastRadius = blastRadius
        self.alreadyDone = alreadyDone
        self.containment = containment
        self.release = release
        self.probe = probe
        self.output = output
    }
}

/// A change with all that the executor must know to send it once and to take it back.
package struct PlannedChange: Sendable, Hashable, Codable {
    /// What happens when nobody knows whether the change took effect.
    package enum Semantics: Sendable, Hashable, Codable {
        /// Repeating it gives the same world: deterministic names and server-side preconditions see to that.
        case atLeastOnce
        /// Never repeated before a look-up: `lookUp` finds what an earlier try made, by the idempotency tag in the world.
        case atMostOnce(lookUp: AWSChange)
        /// A record that nobody depends on: it is sent once, after the others, and the step goes on whatever comes of it.
        ///
        /// Its name stands for its content, so one that exists already is the same.
        case bestEffort
    }

    /// Unique within the plan and stable over re-planning: the ledger's key.
    package var id: String
    /// One line for people: `label pod payments/checkout-1 as quarantined`.
    package var summary: String
    package var change: Change
    package var undo: Undo
    /// The inverse that gives a detached pod back to its controller as well; nil where there is nothing to give back.
    package var readoption: Undo?
    package var semantics: Semantics
    /// RBAC or IAM permission that the change needs.
    package var permission: Permission

    package init(
        id: String,
        summary: String,
        change: Change,
        undo: Undo,
        readoption: Undo? = nil,
        semantics: Semantics = .atLeastOnce,
        permission: Permission
    ) {
        self.id = id
        self.summary = summary
        self.change = change
        self.undo = undo
        self.readoption = readoption
        self.semantics = semantics
        self.permission = permission
    }
}

extension PlannedChange {
    /// The change after its answer came: taking back a creation takes back the very object that was created.
    package func bound(to answer: JSONValue) -> PlannedChange { bound(toUID: answer["metadata"]?["uid"]?.nonBlank) }

    /// `uid`: of the object that was created; nil leaves the change as it is.
    package func bound(toUID uid: String?) -> PlannedChange {
        guard let uid, case .kubernetes(let made) = change, made.verb == .create,
            case .inverse(let summary, .kubernetes(var deletion), let guarding) = undo, deletion.verb == .delete
        else { return self }
        var body = deletion.body.object ?? JSONObject()
        var preconditions = body["preconditions"]?.object ?? JSONObject()
        preconditions["uid"] = .string(uid)
        body["apiVersion"] = body["apiVersion"] ?? "v1"
        body["kind"] = body["kind"] ?? "DeleteOptions"
        body["preconditions"] = .object(preconditions)
        deletion.body = .object(body)
        deletion.preconditions["uid"] = uid
        var bound = self
        bound.undo = .inverse(summary: summary, change: .kubernetes(deletion), guarding: guarding)
        return bound
    }
}

/// The inverse of a change, or why there is none.
package enum Undo: Sendable, Hashable, Codable {
    /// `guarding` says what must still be as we left it; otherwise somebody else changed the object since.
    case inverse(summary: String, change: Change, guarding: [Expectation])
    case none(reason: String)

    /// The shape of an undo in `--output json`.
    package var json: JSONValue {
        switch self {
        case .inverse(let summary, let change, _):
            .object(["kind": "inverse", "summary": .string(summary), "change": change.json])
        case .none(let reason): .object(["kind": "none", "reason": .string(reason)])
        }
    }
}

/// A permission that a change or an observation needs.
package enum Permission: Sendable, Hashable, Codable {
    /// `resource` with its subresource, as in RBAC: `pods/eviction`.
    case rbac(group: String, resource: String, verb: String)
    /// Such as `ec2:CreateSnapshots`.
    case iam(String)
}

/// What must be readable in the world within a deadline for a step to count.
package struct Expectation: Sendable, Hashable, Codable {
    /// Where to look.
    package enum Place: Sendable, Hashable, Codable {
        /// The path of an object on the API server.
        case kubernetes(path: String)
        case aws(AWSChange)
    }

    package enum Test: Sendable, Hashable, Codable {
        case equals(JSONValue)
        case present
        case absent
        /// An array that holds at least this many elements.
        case countAtLeast(Int)
    }

    package var summary: String
    package var place: Place
    /// Keys (and indices, in decimal) from the root of the answer.
    package var field: [String]
    package var test: Test
    package var deadline: Duration

    package init(
        _ summary: String,
        at place: Place,
        field: [String],
        _ test: Test,
        within deadline: Duration = .seconds(10)
    ) {
        self.summary = summary
        self.place = place
        self.field = field
        self.test = test
        self.deadline = deadline
    }
}
