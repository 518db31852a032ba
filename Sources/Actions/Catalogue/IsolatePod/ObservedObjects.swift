package import Vocabulary

/// Objects of the API as they were read, by what they were read for.
package struct ObservedObjects: Sendable {
    /// What isolate-pod reads; `ofCluster` kinds come from all namespaces.
    package enum Wish: String, Sendable, CaseIterable {
        case pods, namespaces, policies, allPolicies, services, endpointSlices, replicaSets, statefulSets, daemonSets
        case replicationControllers, jobs, budgets, node, policyEndpoints, cniConfiguration, flows
        case adminPolicies, clusterPolicies, eksClusterPolicies, eksApplicationPolicies
        case ciliumPolicies, ciliumClusterPolicies, calicoPolicies, calicoGlobalPolicies
        case calicoServedPolicies, calicoServedGlobalPolicies
    }

    package var lists: [Wish: [JSONValue]]
    /// Why a kind could not be read.
    ///
    /// A kind that the server does not know is not among them.
    package var unreadable: [Wish: String]
    /// Kinds that the server does not know.
    package var unknown: Set<Wish>

    package init(lists: [Wish: [JSONValue]] = [:], unreadable: [Wish: String] = [:], unknown: Set<Wish> = []) {
        self.lists = lists
        self.unreadable = unreadable
        self.unknown = unknown
    }

    package subscript(wish: Wish) -> [JSONValue] { lists[wish] ?? [] }
}
