/// The concrete thing that a run acts on, with its identity where it is known.
package struct Subject: Sendable, Hashable, Codable {
    package struct Pod: Sendable, Hashable, Codable {
        package var name: ObjectName
        /// Nil until the live object was read.
        package var uid: ObjectUID?

        package init(name: ObjectName, uid: ObjectUID? = nil) {
            self.name = name
            self.uid = uid
        }
    }

    package struct Node: Sendable, Hashable, Codable {
        package var name: ObjectName
        package var instanceId: InstanceID?

        package init(name: ObjectName, instanceId: InstanceID? = nil) {
            self.name = name
            self.instanceId = instanceId
        }
    }

    /// The cluster's ARN, or its bare name where no ARN is known.
    package var cluster: String?
    package var account: AccountID?
    package var region: RegionName?
    package var namespace: NamespaceName?
    package var pod: Pod?
    package var containerId: ContainerID?
    package var node: Node?

    package init(
        cluster: String? = nil,
        account: AccountID? = nil,
        region: RegionName? = nil,
        namespace: NamespaceName? = nil,
        pod: Pod? = nil,
        containerId: ContainerID? = nil,
        node: Node? = nil
    ) {
        self.cluster = cluster
        self.account = account
        self.region = region
        self.namespace = namespace
        self.pod = pod
        self.containerId = containerId
        self.node = node
    }

    /// The shape of a subject in `--output json` and in expressions.
    package var json: JSONValue {
        var object = JSONObject()
        object["cluster"] = cluster.map(JSONValue.string)
        object["account"] = (account?.rawValue).map(JSONValue.string)
        object["region"] = (region?.rawValue).map(JSONValue.string)
        object["namespace"] = (namespace?.rawValue).map(JSONValue.string)
        object["containerId"] = (containerId?.rawValue).map(JSONValue.string)
        if let pod {
            var members: JSONObject = ["name": .string(pod.name.rawValue)]
            members["uid"] = (pod.uid?.rawValue).map(JSONValue.string)
            object["pod"] = .object(members)
        }
        if let node {
            var members: JSONObject = ["name": .string(node.name.rawValue)]
            members["instanceId"] = (node.instanceId?.rawValue).map(JSONValue.string)
            object["node"] = .object(members)
        }
        return .object(object)
    }
}
