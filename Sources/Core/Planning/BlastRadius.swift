package import Vocabulary

/// Who else feels a plan.
package struct BlastRadius: Sendable, Hashable, Codable {
    /// `namespace/name`, sorted.
    package var pods: [String]
    package var nodes: [String]
    /// Services that lose an endpoint.
    package var services: [String]
    /// Those of them that keep no other ready endpoint.
    package var emptiedServices: [String]
    package var volumes: [String]
    /// Other pods on the same node, `namespace/name`.
    package var coTenants: [String]
    /// Ready replicas of the workload that stay; nil when nothing owns the pod.
    package var replicasLeft: Int?
    /// Disruptions that the tightest budget still allows; nil when no budget covers the pod.
    package var disruptionHeadroom: Int?

    package init(
        pods: [String] = [],
        nodes: [String] = [],
        services: [String] = [],
        emptiedServices: [String] = [],
        volumes: [String] = [],
        coTenants: [String] = [],
        replicasLeft: Int? = nil,
        disruptionHeadroom: Int? = nil
    ) {
        self.pods = pods
        self.nodes = nodes
        self.services = services
        self.emptiedServices = emptiedServices
        self.volumes = volumes
        self.coTenants = coTenants
        self.replicasLeft = replicasLeft
        self.disruptionHeadroom = disruptionHeadroom
    }

    /// Both together; counts keep the tighter of the two.
    package func merged(with other: BlastRadius) -> BlastRadius {
        BlastRadius(
            pods: Self.union(pods, other.pods),
            nodes: Self.union(nodes, other.nodes),
            services: Self.union(services, other.services),
            emptiedServices: Self.union(emptiedServices, other.emptiedServices),
            volumes: Self.union(volumes, other.volumes),
            coTenants: Self.union(coTenants, other.coTenants),
            replicasLeft: Self.tighter(replicasLeft, other.replicasLeft),
            disruptionHeadroom: Self.tighter(disruptionHeadroom, other.disruptionHeadroom)
        )
    }

    private static func union(_ left: [String], _ right: [String]) -> [String] { Set(left).union(right).sorted() }

    private static func tighter(_ left: Int?, _ right: Int?) -> Int? {
        if let left, let right { min(left, right) } else { left ?? right }
    }

    /// The shape of a blast radius in `--output json`.
    package var json: JSONValue {
        var object: JSONObject = [
            "pods": .array(pods.map(JSONValue.string)), "nodes": .array(nodes.map(JSONValue.string)),
            "services": .array(services.map(JSONValue.string)), "volumes": .array(volumes.map(JSONValue.string)),
            "coTenants": .array(coTenants.map(JSONValue.string)),
        ]
        object["replicasLeft"] = replicasLeft.map { .integer(Int64($0)) }
        object["disruptionHeadroom"] = disruptionHeadroom.map { .integer(Int64($0)) }
        return .object(object)
    }
}
