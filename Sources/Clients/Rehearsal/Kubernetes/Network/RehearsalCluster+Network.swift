internal import KubernetesAPI
internal import Vocabulary

extension RehearsalCluster {
    private static let policyKinds: Set<String> = ["networkpolicies", "pods", "namespaces"]

    /// Called after a write, so that what the CNI's controller would write follows it.
    mutating func networkChanged(by key: Key, now: Timestamp) {
        guard Self.policyKinds.contains(key.plural) else { return }
        reconcileNetwork(now: now)
    }

    /// Writes a PolicyEndpoint for each NetworkPolicy and removes those whose policy is gone.
    ///
    /// Does nothing when the CNI would not: without its definition, or with the node agent's switch off.
    mutating func reconcileNetwork(now: Timestamp) {
        guard isPolicyEnforced, let served = endpointResource else { return }
        let endpoints = objects.filter { $0.key.plural == "policyendpoints" && $0.key.group == served.resource.group }
        let network = PodNetwork(self)
        for (key, policy) in objects where key.plural == "networkpolicies" && key.group == "networking.k8s.io" {
            let mine = endpoints.first {
                $0.value["spec"]?["policyRef"]?["name"]?.string == key.name
                    && $0.key.namespace == key.namespace
            }
            publish(network.endpointSpec(policy, in: key.namespace), of: policy, key, over: mine?.key, served, now)
        }
        for (key, endpoint) in endpoints {
            let policy = endpoint["spec"]?["policyRef"]?["name"]?.string ?? ""
            let owner = Key(
                group: "networking.k8s.io",
                plural: "networkpolicies",
                namespace: key.namespace,
                name: policy
            )
            if objects[owner] == nil { drop(key) }
        }
    }

    private var endpointResource: ServedResource? {
        served.all.first {
            $0.isCustom && $0.resource.plural == "policyendpoints" && $0.resource.group == "networking.k8s.aws"
        }
    }

    /// Whether the node agent of the VPC CNI is told to enforce; the last word on its command line counts.
    package var isPolicyEnforced: Bool {
        let key = Key(group: "apps", plural: "daemonsets", namespace: "kube-system", name: "aws-node")
        let containers = objects[key]?["spec"]?["template"]?["spec"]?["containers"]?.array ?? []
        var isOn = false
        for container in containers {
            for argument in container["args"]?.array ?? [] {
                guard let text = argument.string, text.hasPrefix("--enable-network-policy") else { continue }
                let value = text.split(separator: "=").dropFirst().first ?? "true"
                if text == "--enable-network-policy" || text.hasPrefix("--enable-network-policy=") {
                    isOn = value == "true"
                }
            }
        }
        return isOn
    }

    private mutating func publish(
        _ spec: JSONValue,
        of policy: JSONValue,
        _ policyKey: Key,
        over existing: Key?,
        _ served: ServedResource,
        _ now: Timestamp
    ) {
        if let existing, var endpoint = objects[existing] {
            guard endpoint["spec"] != spec else { return }
            endpoint[at: "spec"] = spec
            replace(&endpoint, at: existing)
            return
        }
        let uid = mintUID()
        let name = "\(policyKey.name)-\(uid.prefix(5))"
        var endpoint: JSONValue = [
            "apiVersion": .string(served.resource.apiVersion), "kind": "PolicyEndpoint",
            "metadata": [
                "name": .string(name), "namespace": .string(policyKey.namespace), "uid": .string(uid),
                "creationTimestamp": .string(now.text(fractionDigits: 0)),
                "ownerReferences": [
                    [
                        "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                        "name": .string(policyKey.name), "uid": .string(policy.uid), "controller": true,
                        "blockOwnerDeletion": true,
                    ]
                ],
            ], "spec": spec,
        ]
        let key = Key(
            group: served.resource.group,
            plural: "policyendpoints",
            namespace: policyKey.namespace,
            name: name
        )
        replace(&endpoint, at: key)
    }
}
