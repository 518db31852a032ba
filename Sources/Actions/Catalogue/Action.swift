package import AWSAPI
package import KubernetesAPI
package import Planning
package import Playbooks
package import Vocabulary

/// A kind of thing a step can do.
///
/// It never writes: it reads the world into facts, and plans from facts alone.
package protocol Action: Sendable {
    /// Everything that was read: enough to plan again without the world.
    associatedtype Facts: Sendable, Hashable, Codable

    static var manifest: ActionManifest { get }

    init()

    /// Reads the world; the only part that waits for anything.
    func observe(_ request: ActionRequest, in world: World) async throws(ActionFault) -> Facts

    /// Decides the changes; pure.
    func plan(_ request: ActionRequest, _ facts: Facts) throws(ActionFault) -> ActionPlan

    /// What the world, observed again after the changes, says of the step; nil when the expectations say all.
    func judge(_ request: ActionRequest, _ facts: Facts) -> ContainmentReport?

    /// What the step leaves to later ones: the plan's output, with what the answers to its changes brought.
    func output(of plan: ActionPlan, answers: [String: JSONValue]) -> JSONValue
}

extension Action {
    package func output(of plan: ActionPlan, answers: [String: JSONValue]) -> JSONValue { plan.output }

    package func judge(_ request: ActionRequest, _ facts: Facts) -> ContainmentReport? { nil }
}

/// What an action is asked to do.
package struct ActionRequest: Sendable {
    /// Resolved, of the manifest's types; an object.
    package var parameters: JSONValue
    package var subject: Subject
    /// The finding's document; nil for runs that start from a pod or a node.
    package var finding: JSONValue?
    package var runId: String
    package var playbook: String
    package var state: String
    /// About the subject, not the rule: keys idempotency in the world.
    package var incidentKey: String
    package var now: Timestamp
    /// How long what is held stays held before it escalates; nil: until released.
    package var expires: Duration?
    /// SHA-256 of a text in lower-case hexadecimal.
    package var fingerprint: @Sendable (String) -> String

    package init(
        parameters: JSONValue,
        subject: Subject,
        finding: JSONValue?,
        runId: String,
        playbook: String,
        state: String,
        incidentKey: String,
        now: Timestamp,
        expires: Duration? = nil,
        fingerprint: @escaping @Sendable (String) -> String
    ) {
        self.parameters = parameters
        self.subject = subject
        self.finding = finding
        self.runId = runId
        self.playbook = playbook
        self.state = state
        self.incidentKey = incidentKey
        self.now = now
        self.expires = expires
        self.fingerprint = fingerprint
    }
}

/// The clients that an action may read through.
package struct World: Sendable {
    package var kubernetes: KubernetesClient?
    package var aws: AWSClient?
    /// Whether this is a rehearsal: verdicts say so.
    package var isRehearsed: Bool
    /// Asks a pod for connections from here; nil where nobody can, as in rehearsals.
    package var prober: PortProber?

    package init(kubernetes: KubernetesClient?, aws: AWSClient?, isRehearsed: Bool, prober: PortProber? = nil) {
        self.kubernetes = kubernetes
        self.aws = aws
        self.isRehearsed = isRehearsed
        self.prober = prober
    }
}

/// Asks TCP ports of one address for a connection, all at once, none longer than the time that is given.
package typealias PortProber = @Sendable (IPAddress, [Int], Duration) async -> [Int: PortAnswer]

/// Why an action could not observe or plan.
package struct ActionFault: ActionableError, Hashable {
    /// The name that `retry` and `catch` see.
    ///
    /// `Throttled`, `Unavailable`, `NotFound`, `NotPermitted`, `Invalid` …
    package var name: String
    package var report: FaultReport

    package init(_ name: String, _ report: FaultReport) {
        self.name = name
        self.report = report
    }
}
