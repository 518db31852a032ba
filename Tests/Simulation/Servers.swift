import HTTPExchange
import KubernetesAPI
import Rehearsal
import Vocabulary

/// The cluster and the account, with a journal of their own of what arrived and what it changed.
struct Servers: Sendable {
    /// A write that arrived.
    struct Arrival: Sendable {
        var number: Int
        var life: Int
        var request: String
        var body: [UInt8]
        /// The change that it carries out or takes back; nil when no durable intent is known of it.
        var change: String?
        var isUndo: Bool
        var isAccepted: Bool
        var tookEffect: Bool
        var at: Timestamp
    }

    /// Snapshots that nobody can see yet.
    struct Veil: Sendable {
        var snapshots: Set<String>
        var until: Timestamp
        /// The intent that made them.
        var change: String?
        var intended: Timestamp?
    }

    let target: Stage.Target
    private(set) var cluster: RehearsalCluster
    private(set) var account: RehearsalAWS
    /// The cluster as it would be, had we never done anything.
    private(set) var shadow: RehearsalCluster
    var requests = 0
    var arrivals: [Arrival] = []
    var blindness = Duration.zero
    private(set) var veils: [Veil] = []
    /// What was true from which request on.
    private(set) var truths: [(since: Int, truth: Truth)] = []

    init(_ stage: Stage) {
        target = stage.target
        cluster = stage.cluster
        account = stage.account
        shadow = stage.cluster
        note()
    }

    /// Writes down what is true from now on.
    mutating func note() {
        let truth = Truth(cluster, account, target)
        if truths.last?.truth != truth { truths.append((requests, truth)) }
    }

    var truth: Truth { truths.last?.truth ?? Truth(cluster, account, target) }

    /// Whether something held at any time since a request.
    func held(since number: Int, _ test: (Truth) -> Bool) -> Bool {
        for (index, entry) in truths.enumerated().reversed() {
            if test(entry.truth) { return true }
            if entry.since <= number || index == 0 { return false }
        }
        return false
    }

    /// - Returns: the answer, and whether it changed anything.
    mutating func answer(_ request: HTTPRequest, at now: Timestamp) -> (HTTPResponse, tookEffect: Bool) {
        if request.origin == RehearsalCluster.origin {
            let before = cluster.version
            let answer = cluster.answer(request, now: now)
            return (answer, cluster.version != before)
        }
        guard request.isAccountWrite else { return (read(request, now), false) }
        let before = comparableAccount
        let answer = account.answer(request, now: now)
        return (answer, comparableAccount != before)
    }

    private mutating func read(_ request: HTTPRequest, _ now: Timestamp) -> HTTPResponse {
        let hidden = veils.filter { $0.until > now }.reduce(into: Set()) { $0.formUnion($1.snapshots) }
        guard !hidden.isEmpty, request.action == "DescribeSnapshots",
            var veiled = try? RehearsalAWS(account.withoutSnapshots(hidden))
        else { return account.answer(request, now: now) }
        return veiled.answer(request, now: now)
    }

    /// New snapshots are not seen for a while.
    mutating func veil(_ change: String?, _ intended: Timestamp?, at now: Timestamp) {
        let known = veils.reduce(into: Set()) { $0.formUnion($1.snapshots) }
        let new = Set(account.snapshots.compactMap { $0["SnapshotId"]?.string }).subtracting(known)
        veils.append(Veil(snapshots: new, until: now.advanced(by: blindness), change: change, intended: intended))
    }

    /// Somebody else's write, to the cluster and to what it would be without us.
    ///
    /// - Returns: false when it changed nothing.
    mutating func change(_ request: HTTPRequest, at now: Timestamp, inShadow: Bool = true) -> Bool {
        let before = cluster.version
        _ = cluster.answer(request, now: now)
        guard cluster.version != before else { return false }
        if inShadow { _ = shadow.answer(request, now: now) }
        return true
    }

    /// What a kubelet does about pods that were told to stop.
    mutating func settle(at now: Timestamp) {
        cluster.settle(now: now)
        shadow.settle(now: now)
    }

    private var comparableAccount: JSONValue {
        let document = account.document()
        let findings = (document["securityhub"]?["findings"]?.array ?? []).map(\.withoutMoments)
        return ["snapshots": document["ec2"]?["Snapshots"] ?? .null, "findings": .array(findings)]
    }
}

extension RehearsalAWS {
    var snapshots: [JSONValue] { document()["ec2"]?["Snapshots"]?.array ?? [] }

    fileprivate func withoutSnapshots(_ hidden: Set<String>) -> JSONValue {
        var document = document().object ?? JSONObject()
        var compute = document["ec2"]?.object ?? JSONObject()
        compute["Snapshots"] = .array(snapshots.filter { !hidden.contains($0["SnapshotId"]?.string ?? "") })
        document["ec2"] = .object(compute)
        return .object(document)
    }
}

extension JSONValue {
    /// A finding without the moments at which it was written.
    fileprivate var withoutMoments: JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(JSONObject(members.filter { $0.key != "UpdatedAt" }.map { ($0.key, $0.value.withoutMoments) }))
    }
}

extension HTTPRequest {
    var isToCluster: Bool { origin == RehearsalCluster.origin }

    /// The action of a query; empty for other requests.
    var action: String {
        let text = String(decoding: body.prefix(120), as: UTF8.self)
        return text.split(separator: "&").first { $0.hasPrefix("Action=") }.map { String($0.dropFirst(7)) } ?? ""
    }

    var isAccountWrite: Bool { action == "CreateSnapshots" || target.contains("batchupdate") }
    var isWrite: Bool { isToCluster ? !isRead : isAccountWrite }

    /// `PATCH /api/v1/nodes/a`, `ec2 CreateSnapshots`.
    var inBrief: String {
        if isToCluster { return "\(method) \(target.prefix { $0 != "?" })" }
        return action.isEmpty ? "\(method) \(target)" : "ec2 \(action)"
    }
}
