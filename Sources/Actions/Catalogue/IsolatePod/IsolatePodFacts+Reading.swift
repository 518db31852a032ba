internal import NetworkReach
package import Vocabulary

extension IsolatePodFacts {
    /// Reads facts about one pod out of what was observed; nil when the pod's object has no name or uid.
    package init?(pod object: JSONValue, _ seen: ObservedObjects, policyName: String, isRehearsed: Bool) {
        guard let target = IsolationTarget(json: object) else { return nil }
        let own = target.endpoint.namespace
        var endpoints = seen[.pods].compactMap { PodEndpoint(json: $0) }.filter { $0.uid != target.endpoint.uid }
        endpoints.append(target.endpoint)
        let policies = (seen[.allPolicies] + seen[.policies]).compactMap { NetworkPolicyView(json: $0) }
        self.init(
            pod: target,
            pods: endpoints.sorted { $0.qualifiedName < $1.qualifiedName },
            namespaces: Self.labels(seen[.namespaces]),
            policies: Self.unique(policies),
            quarantinePolicy: seen[.policies].first { $0[["metadata", "name"]]?.string == policyName },
            foreignPolicies: Self.foreign(seen),
            workloads: Self.workloads(seen, in: own),
            services: Self.services(seen),
            budgets: seen[.budgets].compactMap(Self.budget),
            node: seen[.node].first.flatMap(IsolationNode.init(json:)),
            enforcers: seen[.pods].filter { $0[["spec", "nodeName"]]?.string == target.endpoint.node }
                .compactMap { PolicyEnforcer(json: $0) },
            policyControllerEnabled: seen[.cniConfiguration].first?["data"]?["enable-network-policy-controller"]?.string
                .map { $0 == "true" },
            policyEndpoints: seen.unknown.contains(.policyEndpoints) || seen.unreadable[.policyEndpoints] != nil
                ? nil : seen[.policyEndpoints].compactMap(Self.policyEndpoint),
            flows: FlowTable.flows(of: target.name, in: seen[.flows]),
            unreadable: Dictionary(uniqueKeysWithValues: seen.unreadable.map { ($0.key.rawValue, $0.value) }),
            isRehearsed: isRehearsed
        )
    }

    private static func unique(_ policies: [NetworkPolicyView]) -> [NetworkPolicyView] {
        var byName: [String: NetworkPolicyView] = [:]
        for policy in policies { byName["\(policy.namespace)/\(policy.name)"] = policy }
        return byName.sorted { $0.key < $1.key }.map(\.value)
    }

    private static func labels(_ namespaces: [JSONValue]) -> [String: [String: String]] {
        var labels: [String: [String: String]] = [:]
        for namespace in namespaces {
            guard let name = namespace[["metadata", "name"]]?.string else { continue }
            labels[name] = namespace[["metadata", "labels"]].stringMap
        }
        return labels
    }

    private static func foreign(_ seen: ObservedObjects) -> [ForeignPolicy] {
        let kinds: [(ObservedObjects.Wish, ForeignPolicy.Kind)] = [
            (.adminPolicies, .admin), (.clusterPolicies, .admin), (.eksClusterPolicies, .admin),
            (.eksApplicationPolicies, .application), (.ciliumPolicies, .cilium), (.ciliumClusterPolicies, .cilium),
            (.calicoPolicies, .calico), (.calicoGlobalPolicies, .calico), (.calicoServedPolicies, .calico),
            (.calicoServedGlobalPolicies, .calico),
        ]
        return kinds.flatMap { wish, kind in seen[wish].compactMap { ForeignPolicy.read(kind, $0) } }
    }

    private static func workloads(_ seen: ObservedObjects, in namespace: String) -> [Workload] {
        let kinds: [(ObservedObjects.Wish, String)] = [
            (.replicaSets, "ReplicaSet"), (.statefulSets, "StatefulSet"), (.daemonSets, "DaemonSet"),
            (.replicationControllers, "ReplicationController"), (.jobs, "Job"),
        ]
        return kinds.flatMap { wish, kind in
            seen[wish].filter { $0[["metadata", "namespace"]]?.string == namespace }.compactMap { workload(kind, $0) }
        }
    }

    private static func workload(_ kind: String, _ json: JSONValue) -> Workload? {
        guard let name = json[["metadata", "name"]]?.string else { return nil }
        // A ReplicationController's selector is a plain map of labels.
        let selector =
            kind == "ReplicationController"
            ? LabelSelector(matching: json[["spec", "selector"]].stringMap)
            : LabelSelector(json: json[["spec", "selector"]])
        guard let selector, !selector.isEmpty else { return nil }
        let owner = (json[["metadata", "ownerReferences"]]?.array ?? []).first { $0["controller"]?.bool == true }
        let desired = json[["spec", "replicas"]] ?? json[["status", "desiredNumberScheduled"]]
        let ready = json[["status", "readyReplicas"]] ?? json[["status", "numberReady"]]
        return Workload(
            kind: kind,
            name: name,
            uid: json[["metadata", "uid"]]?.string ?? "",
            selector: selector,
            desired: count(desired),
            ready: count(ready),
            owner: owner.map { "\($0["kind"]?.string ?? "?") \($0["name"]?.string ?? "?")" }
        )
    }

    private static func count(_ value: JSONValue?) -> Int {
        Int(exactly: min(max(value?.integer ?? 0, 0), 1_000_000)) ?? 0
    }

    private static func services(_ seen: ObservedObjects) -> [ServiceFact] {
        seen[.services].compactMap { service in
            guard let name = service[["metadata", "name"]]?.string else { return nil }
            let labels = service[["spec", "selector"]].stringMap
            let slices = seen[.endpointSlices].filter {
                $0[["metadata", "labels"]].stringMap["kubernetes.io/service-name"] == name
            }
            var ready: Set<String> = []
            for endpoint in slices.flatMap({ $0["endpoints"]?.array ?? [] })
            where endpoint[["conditions", "ready"]]?.bool ?? true {
                if let pod = endpoint[["targetRef", "name"]]?.string { ready.insert(pod) }
            }
            return ServiceFact(
                name: name,
                selector: labels.isEmpty ? nil : LabelSelector(matching: labels),
                readyPods: ready.sorted()
            )
        }
    }

    private static func budget(_ json: JSONValue) -> DisruptionBudget? {
        guard let name = json[["metadata", "name"]]?.string else { return nil }
        return DisruptionBudget(
            name: name,
            selector: LabelSelector(json: json[["spec", "selector"]]),
            disruptionsAllowed: count(json[["status", "disruptionsAllowed"]])
        )
    }

    private static func policyEndpoint(_ json: JSONValue) -> PolicyEndpointFact? {
        guard let policy = json[["spec", "policyRef", "name"]]?.string else { return nil }
        let pods = (json[["spec", "podSelectorEndpoints"]]?.array ?? []).compactMap { $0["name"]?.string }
        return PolicyEndpointFact(policy: policy, pods: pods)
    }
}

extension IsolationNode {
    /// Reads a Node; nil without a name.
    init?(json: JSONValue) {
        guard let name = json[["metadata", "name"]]?.string else { return nil }
        let labels = json[["metadata", "labels"]].stringMap
        self.init(
            name: name,
            operatingSystem: labels["kubernetes.io/os"] ?? json[["status", "nodeInfo", "operatingSystem"]]?.string
                ?? "linux",
            labels: labels,
            isReady: Self.isReady(json),
            isVirtual: labels["type"] == "virtual-kubelet"
                || labels["node.kubernetes.io/exclude-from-external-load-balancers"] != nil
                    && name.hasPrefix("virtual-"),
            addresses: (json[["status", "addresses"]]?.array ?? []).compactMap {
                $0["address"]?.string.flatMap { IPAddress($0) }
            }
        )
    }

    /// A dump without conditions says nothing against the node.
    private static func isReady(_ node: JSONValue) -> Bool {
        let conditions = node[["status", "conditions"]]?.array ?? []
        return conditions.first { $0["type"]?.string == "Ready" }.map { $0["status"]?.string == "True" } ?? true
    }
}
