internal import HTTPExchange
internal import KubernetesAPI
internal import Vocabulary

extension RehearsalCluster {
    /// Deletes one object.
    ///
    /// What it owns stays: no garbage collector runs here.
    mutating func delete(
        _ call: ClusterCall,
        _ served: ServedResource,
        _ name: String,
        _ now: Timestamp
    ) throws(StatusAnswer) -> HTTPResponse {
        let write = try ClusterWrite(call, served, now)
        let options = try DeleteOptions(call)
        let key = key(call, served, name)
        guard let object = objects[key] else { throw notFound(served, name) }
        try options.check(object, served)
        let isDryRun = write.isDryRun || options.isDryRun
        if served.resource == .pods {
            let stopped = stop(object, at: key, grace: options.grace, now, isDryRun: isDryRun)
            return Self.ok(Self.typed(stopped, served))
        }
        if served.resource == .namespaces || object.hasFinalizers {
            return Self.ok(Self.typed(markDeleted(object, at: key, served, now, isDryRun: isDryRun), served))
        }
        if !isDryRun {
            drop(key)
            networkChanged(by: key, now: now)
        }
        var details = served.details(name)
        details["uid"] = .string(object.uid)
        return Self.ok([
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "details": .object(details),
        ])
    }

    private mutating func markDeleted(
        _ object: JSONValue,
        at key: Key,
        _ served: ServedResource,
        _ now: Timestamp,
        isDryRun: Bool
    ) -> JSONValue {
        var marked = object
        if !object.isTerminating {
            marked[at: "metadata", "deletionTimestamp"] = .string(now.text(fractionDigits: 0))
            marked[at: "metadata", "deletionGracePeriodSeconds"] = 0
            if served.resource == .namespaces { marked[at: "status", "phase"] = "Terminating" }
            if !isDryRun { replace(&marked, at: key) }
        }
        return marked
    }

    /// Tells a pod to stop: it stays until its kubelet is done, or goes at once without a grace period.
    mutating func stop(
        _ pod: JSONValue,
        at key: Key,
        grace wanted: Int64?,
        _ now: Timestamp,
        isDryRun: Bool
    ) -> JSONValue {
        let ended = ["Succeeded", "Failed"].contains(pod["status"]?["phase"]?.string ?? "")
        let isPlaced = pod["spec"]?["nodeName"]?.nonBlank != nil
        let own = pod["spec"]?["terminationGracePeriodSeconds"]?.integer ?? 30
        var grace = min(max(wanted ?? own, wanted == nil ? 0 : wanted == 0 ? 0 : 1), 1 << 31)
        if !isPlaced || ended { grace = 0 }
        var marked = pod
        var start = now
        if pod.isTerminating, let old = pod.metadata["deletionGracePeriodSeconds"]?.integer,
            let due = pod.metadata["deletionTimestamp"]?.string.flatMap({ Timestamp($0) })
        {
            // A grace period can only be shortened.
            if grace >= old, !(grace == 0 && old == 0) { return pod }
            start = due.advanced(by: .seconds(-min(max(old, 0), 1 << 31)))
        }
        let due = start.advanced(by: .seconds(grace))
        marked[at: "metadata", "deletionTimestamp"] = .string(due.text(fractionDigits: 0))
        marked[at: "metadata", "deletionGracePeriodSeconds"] = .integer(grace)
        guard !isDryRun else { return marked }
        if let generation = pod.metadata["generation"]?.integer {
            marked[at: "metadata", "generation"] = .integer(generation &+ 1)
        }
        replace(&marked, at: key)
        if grace == 0, !marked.hasFinalizers { drop(key) }
        networkChanged(by: key, now: now)
        return marked
    }

    mutating func replace(_ object: inout JSONValue, at key: Key) {
        version &+= 1
        object[at: "metadata", "resourceVersion"] = .string(String(version))
        objects[key] = object
    }
}
