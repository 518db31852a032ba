package import Vocabulary

/// The frozen, resolved sequence of steps for one finding (or pod, or node), with everything a reviewer needs.
package struct RunPlan: Sendable, Hashable, Codable {
    package enum Mode: String, Sendable, Hashable, Codable { case plan, server, apply }

    package var id: String
    package var playbook: String
    /// SHA-256 of the playbook's text.
    package var playbookDigest: String
    /// SHA-256 of the finding's canonical JSON; empty for runs that start from a pod or a node.
    package var findingDigest: String
    package var findingId: String
    package var mode: Mode
    /// Triggers of the playbook that would have fired, in words.
    package var wouldTrigger: [String]
    package var subject: Subject
    /// The values of the playbook's parameters, defaults included; an object.
    package var parameters: JSONValue
    package var steps: [StepPlan]
    package var verdicts: [Verdict]
    /// The run's status as DESIGN's vocabulary has it; `planned` while nothing ran.
    package var status: String
    package var error: FaultReport?
    /// The error's name as `catch` sees it: `NotPermitted`, `Unavailable` …; empty without an error.
    package var errorName: String
    /// What a reviewer should know of the run as a whole: waits, expiries, how to approve.
    package var notes: [String]
    /// What was proved after applying; nil before.
    package var containment: ContainmentReport?

    package init(
        id: String,
        playbook: String,
        playbookDigest: String,
        findingDigest: String,
        findingId: String,
        mode: Mode,
        subject: Subject,
        parameters: JSONValue = .object([:])
    ) {
        self.id = id
        self.playbook = playbook
        self.playbookDigest = playbookDigest
        self.findingDigest = findingDigest
        self.findingId = findingId
        self.mode = mode
        self.subject = subject
        self.parameters = parameters
        wouldTrigger = []
        steps = []
        verdicts = []
        notes = []
        errorName = ""
        status = "planned"
    }

    /// The most severe verdict; `allow` when there is none.
    package var judgement: Verdict.Kind { verdicts.map(\.verdict).max() ?? .allow }

    package var blastRadius: BlastRadius { steps.reduce(BlastRadius()) { $0.merged(with: $1.plan.blastRadius) } }

    /// Permissions of every change, sorted, each once.
    package var permissions: [Permission] {
        let all = steps.flatMap { $0.plan.changes.map(\.permission) }
        return Set(all).sorted { $0.text < $1.text }
    }

    /// Commands that release by hand all that the run holds, or would hold, in the order of undoing.
    package var release: [String] {
        let isOpen = ["planned", "pendingApproval"].contains(status)
        let holding = steps.filter { step in
            isOpen || [.applied, .verified, .alreadyDone].contains(step.status) || step.plan.alreadyDone
        }
        return holding.reversed().flatMap(\.plan.release)
    }
}

/// One state of the playbook as it would be carried out.
package struct StepPlan: Sendable, Hashable, Codable {
    package enum Status: String, Sendable, Hashable, Codable {
        case planned, proved, unproved, applied, verified, alreadyDone, skipped, failed
    }

    package var state: String
    package var action: String
    package var status: Status
    package var plan: ActionPlan
    /// The changes as they enter the digest: values known only later stand as `‹after STATE›`.
    package var canonicalChanges: [JSONValue]
    /// The state is reached only when another fails or a later value decides so.
    package var isConditional: Bool
    /// Why it was skipped or failed; empty otherwise.
    package var note: String
    /// When what it holds is to be looked at again; nil while it holds nothing, or until somebody lets go.
    package var holdsUntil: Timestamp?

    package init(
        state: String,
        action: String,
        status: Status,
        plan: ActionPlan = ActionPlan(),
        canonicalChanges: [JSONValue] = [],
        isConditional: Bool = false,
        note: String = ""
    ) {
        self.state = state
        self.action = action
        self.status = status
        self.plan = plan
        self.canonicalChanges = canonicalChanges
        self.isConditional = isConditional
        self.note = note
    }
}

extension Permission {
    /// `ec2:CreateSnapshots`, or `patch pods` with the group after a dot as kubectl writes it.
    package var text: String {
        switch self {
        case .iam(let action): action
        case .rbac(let group, let resource, let verb): "\(verb) \(resource)\(group.isEmpty ? "" : "." + group)"
        }
    }
}
