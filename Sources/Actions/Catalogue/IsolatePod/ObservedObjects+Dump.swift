package import Vocabulary

extension ObservedObjects {
    private static let wishes: [String: Wish] = [
        "Pod": .pods, "Namespace": .namespaces, "NetworkPolicy": .policies, "Service": .services,
        "EndpointSlice": .endpointSlices, "ReplicaSet": .replicaSets, "StatefulSet": .statefulSets,
        "DaemonSet": .daemonSets, "ReplicationController": .replicationControllers, "Job": .jobs,
        "PodDisruptionBudget": .budgets, "Node": .node, "PolicyEndpoint": .policyEndpoints,
        "AdminNetworkPolicy": .adminPolicies, "ClusterNetworkPolicy": .clusterPolicies,
        "CiliumNetworkPolicy": .ciliumPolicies, "CiliumClusterwideNetworkPolicy": .ciliumClusterPolicies,
        "GlobalNetworkPolicy": .calicoGlobalPolicies,
    ]

    /// Sorts the objects of a whole dump as reads for one pod would have found them.
    package init(dump: [JSONValue], namespace: String, node: String?) {
        self.init()
        for object in dump {
            let kind = object["kind"]?.string ?? ""
            let name = object[["metadata", "name"]]?.string
            let place = object[["metadata", "namespace"]]?.string
            if kind == "ConfigMap" {
                if place == "kube-system", name == "amazon-vpc-cni" {
                    lists[.cniConfiguration, default: []].append(object)
                }
                if place == namespace, name == FlowTable.name { lists[.flows, default: []].append(object) }
            } else if kind == "NetworkPolicy", object["apiVersion"]?.string?.contains("projectcalico") == true {
                lists[.calicoPolicies, default: []].append(object)
            } else if let wish = Self.wishes[kind] {
                if wish == .node, name != node { continue }
                if wish == .policies { lists[.allPolicies, default: []].append(object) }
                if Self.isOfNamespace(wish), place != namespace { continue }
                lists[wish, default: []].append(object)
            }
        }
        if !dump.contains(where: { $0["kind"]?.string == "PolicyEndpoint" || Self.definesPolicyEndpoint($0) }) {
            unknown.insert(.policyEndpoints)
        }
    }

    private static func definesPolicyEndpoint(_ object: JSONValue) -> Bool {
        object[["metadata", "name"]]?.string == "policyendpoints.networking.k8s.aws"
    }

    private static func isOfNamespace(_ wish: Wish) -> Bool {
        switch wish {
        case .policies, .services, .endpointSlices, .replicaSets, .statefulSets, .replicationControllers, .jobs,
            .budgets, .policyEndpoints, .flows, .ciliumPolicies, .calicoPolicies, .calicoServedPolicies,
            .eksApplicationPolicies:
            true
        case .pods, .namespaces, .allPolicies, .daemonSets, .node, .cniConfiguration, .adminPolicies,
            .clusterPolicies, .eksClusterPolicies, .ciliumClusterPolicies, .calicoGlobalPolicies,
            .calicoServedGlobalPolicies:
            false
        }
    }
}
