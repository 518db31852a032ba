internal import HTTPExchange
internal import KubernetesAPI
internal import Vocabulary

extension RehearsalCluster {
    /// Evicts a pod, if its disruption budget lets it go.
    mutating func evict(
        _ call: ClusterCall,
        _ served: ServedResource,
        _ now: Timestamp
    ) throws(StatusAnswer) -> HTTPResponse {
        let write = try ClusterWrite(call, served, now)
        let body: JSONValue
        do { body = try JSONReader.parse(call.body) } catch {
            throw .badRequest("couldn't get version/kind; json parse error: \(error.report.what)")
        }
        let name = call.name ?? ""
        guard body.objectName.isEmpty || body.objectName == name else {
            throw .badRequest("name in URL does not match name in Eviction object")
        }
        let options = try DeleteOptions(body["deleteOptions"] ?? .null)
        let key = key(call, served, name)
        guard let pod = objects[key] else { throw notFound(served, name) }
        try options.check(pod, served)
        let isDryRun = write.isDryRun || options.isDryRun
        if !Self.needsNoBudget(pod) { try spendBudget(of: pod, name, now, isDryRun: isDryRun) }
        _ = stop(pod, at: key, grace: options.grace, now, isDryRun: isDryRun)
        let success: JSONValue = [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "code": 201,
        ]
        return Self.ok(success, status: 201)
    }

    /// A pod that has ended, has not begun or is already leaving disrupts nothing.
    private static func needsNoBudget(_ pod: JSONValue) -> Bool {
        pod.isTerminating || ["Succeeded", "Failed", "Pending"].contains(pod["status"]?["phase"]?.string ?? "")
    }

    private mutating func spendBudget(
        of pod: JSONValue,
        _ name: String,
        _ now: Timestamp,
        isDryRun: Bool
    ) throws(StatusAnswer) {
        let budgets = budgets(over: pod)
        guard budgets.count < 2 else {
            let message =
                "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."
            throw StatusAnswer(500, "", message)
        }
        guard let key = budgets.first, var budget = objects[key] else { return }
        let status = budget["status"]
        if Self.isUnready(pod), Self.letsUnreadyGo(budget) { return }
        let observed = status?["observedGeneration"]?.integer ?? 0
        guard observed >= budget.metadata["generation"]?.integer ?? 0 else {
            let why = "The disruption budget \(key.name) is still being processed by the server."
            throw Self.blocked(why, retryAfter: 10)
        }
        let allowed = status?["disruptionsAllowed"]?.integer ?? 0
        guard allowed > 0 else {
            let needed = status?["desiredHealthy"]?.integer ?? 0
            let healthy = status?["currentHealthy"]?.integer ?? 0
            let why = "The disruption budget \(key.name) needs \(needed) healthy pods and has \(healthy) currently"
            throw Self.blocked(why, retryAfter: nil)
        }
        guard !isDryRun else { return }
        budget[at: "status", "disruptionsAllowed"] = .integer(allowed - 1)
        budget[at: "status", "disruptedPods", name] = .string(now.text(fractionDigits: 0))
        replace(&budget, at: key)
    }

    private func budgets(over pod: JSONValue) -> [Key] {
        let namespace = pod.metadata["namespace"]?.string ?? ""
        var found: [Key] = []
        for (key, budget) in objects where key.group == "policy" && key.plural == "poddisruptionbudgets" {
            guard key.namespace == namespace, let selector = budget["spec"]?["selector"] else { continue }
            if LabelSelector(selector).matches(pod.labels) { found.append(key) }
        }
        return found.sorted()
    }

    private static func isUnready(_ pod: JSONValue) -> Bool {
        let ready = pod["status"]?["conditions"]?.array?.first { $0["type"]?.string == "Ready" }
        return ready.map { $0["status"]?.string != "True" } ?? false
    }

    /// By default a pod that is not ready may go while the budget is met.
    private static func letsUnreadyGo(_ budget: JSONValue) -> Bool {
        if budget["spec"]?["unhealthyPodEvictionPolicy"]?.string == "AlwaysAllow" { return true }
        let needed = budget["status"]?["desiredHealthy"]?.integer ?? 0
        return needed > 0 && (budget["status"]?["currentHealthy"]?.integer ?? 0) >= needed
    }

    private static func blocked(_ why: String, retryAfter: Int?) -> StatusAnswer {
        let cause = StatusAnswer.Cause("DisruptionBudget", why)
        return StatusAnswer(
            429,
            "TooManyRequests",
            "Cannot evict pod as it would violate the pod's disruption budget.",
            details: ["causes": StatusAnswer.causes([cause])],
            retryAfter: retryAfter
        )
    }
}
