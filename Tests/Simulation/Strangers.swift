import HTTPExchange
import KubernetesAPI
import Rehearsal
import TestSupport
import Vocabulary

/// Somebody else who changes the world while a run goes on, or after it.
struct Strangers: Sendable {
    enum Deed: String, Sendable, CaseIterable {
        case notePod, unmarkPod, remarkPod, deletePod
        case openQuarantine, deleteQuarantine, noteQuarantine
        case openPolicy, notePolicy
        case noteNode, taintNode, uncordon, cordon
    }

    enum Moment: Sendable, Hashable {
        case request(Int)
        /// Right after so many requests took effect, before the answer.
        case effect(Int)
        /// While no process lives.
        case pause
    }

    /// What a deed left, and must still be so at the end.
    struct Mark: Sendable {
        var path: String
        var field: [String]
        /// Nil for what was taken away.
        var value: JSONValue?
        var deed: Deed
    }

    var plans: [(moment: Moment, deed: Deed)] = []
    /// The number of requests at the last deed; -1 before the first.
    var last = -1
    var marks: [Mark] = []
    var count = 0

    static func drawn(
        _ chance: inout SeededChance,
        within requests: Range<Int>,
        effects: Range<Int>
    ) -> [(Moment, Deed)] {
        let count = chance.pick([0, 0, 1, 1, 2])
        return (0..<count).map { _ in
            let moment: Moment =
                chance.isOneIn(3)
                ? .request(Int.random(in: requests, using: &chance))
                : .effect(Int.random(in: effects, using: &chance))
            return (moment, chance.pick(Deed.allCases))
        }
    }
}

extension Universe {
    mutating func strangersAct(_ moment: Strangers.Moment) {
        for plan in strangers.plans where plan.moment == moment { act(plan.deed) }
        strangers.plans.removeAll { $0.moment == moment }
    }

    mutating func act(_ deed: Strangers.Deed) {
        strangers.count += 1
        let places = servers.target
        let text = JSONValue.string("\(strangers.count)")
        let mark = ["metadata", "labels", "firebreak.dev/quarantine"]
        switch deed {
        case .notePod: put(deed, places.podPath, ["metadata", "annotations", "team/note"], text)
        case .unmarkPod: put(deed, places.podPath, mark, nil, inShadow: false)
        case .remarkPod:
            guard servers.object(places.podPath)?[mark] != nil else { break }
            put(deed, places.podPath, mark, "somebody-else", inShadow: false)
        case .deletePod:
            send(deed, "DELETE", places.podPath, ["gracePeriodSeconds": 0])
            strangers.marks.removeAll { $0.path == places.podPath }
        case .openQuarantine: put(deed, quarantine, ["spec", "ingress"], [[:]], inShadow: false)
        case .noteQuarantine:
            // What nobody asked about goes with the policy.
            put(deed, quarantine, ["metadata", "annotations", "team/note"], text, inShadow: false)
            strangers.marks.removeAll { $0.deed == .noteQuarantine }
        case .deleteQuarantine:
            send(deed, "DELETE", quarantine, .null, inShadow: false)
            strangers.marks.removeAll { $0.deed == .openQuarantine || $0.deed == .noteQuarantine }
        case .openPolicy:
            let policy: JSONValue = [
                "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                "metadata": ["name": .string("late-\(strangers.count)"), "namespace": .string(places.namespace)],
                "spec": ["podSelector": [:], "policyTypes": ["Egress"], "egress": [[:]]],
            ]
            send(deed, "POST", places.policies, policy)
        case .notePolicy: put(deed, places.policies + "/scrape-metrics", ["metadata", "labels", "team"], text)
        case .noteNode: put(deed, places.nodePath, ["metadata", "annotations", "team/note"], text)
        case .taintNode:
            let taint: JSONValue = ["key": "team/taint", "value": text, "effect": "NoSchedule"]
            put(deed, places.nodePath, ["spec", "taints"], .array([taint]))
        case .uncordon: put(deed, places.nodePath, ["spec", "unschedulable"], nil)
        case .cordon:
            // Who cordons again what was ours cannot be told from us.
            let notes = servers.object(places.nodePath)?[["metadata", "annotations"]]?.object ?? JSONObject()
            guard !notes.contains(where: { $0.key.hasPrefix("firebreak.dev/") }) else { break }
            put(deed, places.nodePath, ["spec", "unschedulable"], true)
        }
        servers.settle(at: now)
        servers.note()
    }

    private var quarantine: String {
        let policies = servers.cluster.snapshot().filter { $0["kind"] == "NetworkPolicy" }
        let names = policies.compactMap { $0[["metadata", "name"]]?.string }
        return servers.target.policies + "/" + (names.first { $0.hasPrefix("firebreak-quarantine-") } ?? "none")
    }

    private mutating func put(
        _ deed: Strangers.Deed,
        _ path: String,
        _ field: [String],
        _ value: JSONValue?,
        inShadow: Bool = true
    ) {
        let patch = field.reversed().reduce(value ?? .null) { inner, key in .object([key: inner]) }
        guard send(deed, "PATCH", path, patch, inShadow: inShadow) else { return }
        strangers.marks.removeAll { $0.path == path && $0.field == field }
        strangers.marks.append(Strangers.Mark(path: path, field: field, value: value, deed: deed))
    }

    @discardableResult
    private mutating func send(
        _ deed: Strangers.Deed,
        _ method: String,
        _ path: String,
        _ body: JSONValue,
        inShadow: Bool = true
    ) -> Bool {
        let type = method == "PATCH" ? "application/merge-patch+json" : "application/json"
        let request = HTTPRequest(
            method: method,
            origin: RehearsalCluster.origin,
            target: path,
            headers: [HTTPHeader("Content-Type", type), HTTPHeader("Accept", "application/json")],
            body: body.isNull ? [] : Array(JSONWriter.compact(body).utf8)
        )
        let isDone = servers.change(request, at: now, inShadow: inShadow)
        if isDone { strangers.last = servers.requests }
        say("a stranger: \(deed)\(isDone ? "" : ", in vain")")
        return isDone
    }

    /// What strangers left and is there no longer.
    func overwritten() -> [String] {
        strangers.marks.compactMap { mark in
            let found = servers.object(mark.path)?[mark.field]
            guard found != mark.value else { return nil }
            return "\(mark.deed) of somebody else is gone: \(mark.path) has \(found.map { "\($0)" } ?? "nothing")"
        }
    }
}

extension Servers {
    /// What stands at a path now.
    func object(_ path: String) -> JSONValue? {
        let request = HTTPRequest(
            method: "GET",
            origin: RehearsalCluster.origin,
            target: path,
            headers: [HTTPHeader("Accept", "application/json")]
        )
        var copy = cluster
        let answer = copy.answer(request, now: Timestamp(nanoseconds: 0))
        return answer.status == 200 ? try? JSONReader.parse(answer.body) : nil
    }
}
