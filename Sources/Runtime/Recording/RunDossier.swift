package import Expressions
package import Findings
package import Orchestration
package import Planning
package import Playbooks
package import Vocabulary

/// Everything that a run started from, kept so that another process can go on with it.
///
/// A run keeps the playbook's text, its plan and what it read of the finding: what changes outside later does not change it.
package struct RunDossier: Sendable, Hashable, Codable {
    package static let currentVersion = 1

    package var version = Self.currentVersion
    package var run: String
    /// As it was named, for messages that point into it.
    package var playbookPath: String
    package var playbookText: String
    package var playbookDigest: String
    package var finding: Finding?
    package var claim: SubjectClaim
    package var origin: RunRequest.Origin
    package var isNamedByPerson: Bool
    /// An object.
    package var parameters: JSONValue
    package var digest: String?
    package var responder: ResponderPlace
    package var history: RunHistory
    package var now: Timestamp
    /// The plan that was approved.
    package var plan: RunPlan
    package var late: [String: [ExpressionScope.Late]]
    /// Which cluster and account it acts on.
    package var place: SubjectFacts.Place
    /// Where the cluster's API server is; empty without a cluster.
    package var clusterOrigin: String
    /// The uid of its namespace kube-system, which no other cluster has; nil when it could not be read.
    package var clusterUID: String?
    /// How the cluster and the account were reached: the command line's words for it.
    package var connection: [String: String]

    package init(
        _ request: RunRequest,
        _ reviewed: ReviewedRun,
        playbookPath: String,
        playbookText: String,
        place: SubjectFacts.Place,
        clusterOrigin: String,
        clusterUID: String?,
        connection: [String: String]
    ) {
        run = request.id
        self.playbookPath = playbookPath
        self.playbookText = playbookText
        playbookDigest = request.playbookDigest
        finding = request.finding
        claim = request.claim
        origin = RunRequest.Origin(mode: request.mode, isByPerson: request.isByPerson)
        isNamedByPerson = request.isNamedByPerson
        parameters = .object(request.parameters)
        digest = request.digest
        responder = request.responder
        history = request.history
        now = request.now
        plan = reviewed.plan
        late = reviewed.late
        self.place = place
        self.clusterOrigin = clusterOrigin
        self.clusterUID = clusterUID
        self.connection = connection
    }

    package var reviewed: ReviewedRun { ReviewedRun(plan: plan, late: late) }

    /// The request again; `playbook` is what the dossier's text says.
    package func request(
        playbook: Playbook,
        zones: @escaping ZoneProvider,
        fingerprint: @escaping @Sendable (String) -> String
    ) -> RunRequest {
        var request = RunRequest(
            id: run,
            playbook: playbook,
            playbookDigest: playbookDigest,
            finding: finding,
            event: nil,
            claim: claim,
            isNamedByPerson: isNamedByPerson,
            parameters: parameters.object ?? JSONObject(),
            responder: responder,
            history: history,
            now: now,
            zones: zones,
            fingerprint: fingerprint
        )
        request.digest = digest
        request.origin = origin
        return request
    }
}
