package import NetworkReach
package import Vocabulary

/// All that isolate-pod read of the world: enough to plan and to judge again without it.
package struct IsolatePodFacts: Sendable, Hashable, Codable {
    package var pod: IsolationTarget
    /// All pods that could be read, the target among them.
    package var pods: [PodEndpoint]
    /// Labels by namespace.
    package var namespaces: [String: [String: String]]
    /// Of all namespaces where that could be read, of the pod's own in any case.
    package var policies: [NetworkPolicyView]
    /// The object that bears the quarantine policy's name, as it is.
    package var quarantinePolicy: JSONValue?
    /// Policies of other kinds that may have a say over the pod.
    package var foreignPolicies: [ForeignPolicy]
    package var workloads: [Workload]
    package var services: [ServiceFact]
    package var budgets: [DisruptionBudget]
    package var node: IsolationNode?
    package var enforcers: [PolicyEnforcer]
    /// The VPC CNI's controller that turns policies into PolicyEndpoints; nil when its configuration says nothing.
    package var policyControllerEnabled: Bool?
    /// Pods by policy, as the PolicyEndpoints of the pod's namespace list them; nil when the kind is unknown.
    package var policyEndpoints: [PolicyEndpointFact]?
    /// Open flows of the pod; nil when nobody knows.
    package var flows: [NetworkFlow]?
    /// Why some kinds could not be read, by plural.
    package var unreadable: [String: String]
    package var isRehearsed: Bool
}

/// A controller that picks pods by labels.
package struct Workload: Sendable, Hashable, Codable {
    package var kind: String
    package var name: String
    package var uid: String
    package var selector: LabelSelector
    package var desired: Int
    package var ready: Int
    /// `Deployment checkout` above a ReplicaSet.
    package var owner: String?

    package var title: String { "\(kind) \(name)" }
}

/// A Service and the pods behind it.
package struct ServiceFact: Sendable, Hashable, Codable {
    package var name: String
    /// Nil for a Service whose endpoints are kept by hand.
    package var selector: LabelSelector?
    /// Names of ready pods, sorted.
    package var readyPods: [String]
}

/// A PodDisruptionBudget.
package struct DisruptionBudget: Sendable, Hashable, Codable {
    package var name: String
    package var selector: LabelSelector?
    package var disruptionsAllowed: Int

    /// In `policy/v1` an empty selector covers all pods and an absent one none.
    package func covers(_ labels: [String: String]) -> Bool { selector?.matches(labels) ?? false }
}

/// The pod's node as far as isolation depends on it.
package struct IsolationNode: Sendable, Hashable, Codable {
    package var name: String
    package var operatingSystem: String
    package var labels: [String: String]
    package var isReady: Bool
    package var isVirtual: Bool
    /// Of the node itself, not of its pods.
    package var addresses: [IPAddress]
}

/// One PolicyEndpoint of the VPC CNI: which pods a policy is in force for.
package struct PolicyEndpointFact: Sendable, Hashable, Codable {
    package var policy: String
    package var pods: [String]
}

/// A connection of the pod that a flow table lists.
package struct NetworkFlow: Sendable, Hashable, Codable, CustomStringConvertible {
    package var direction: TrafficDirection
    package var address: IPAddress
    package var port: Int
    package var `protocol`: TransportProtocol

    package var description: String {
        let end = address.family == .v6 ? "[\(address)]:\(port)" : "\(address):\(port)"
        return direction == .egress ? "to \(end)/\(`protocol`.rawValue)" : "from \(end)/\(`protocol`.rawValue)"
    }
}
