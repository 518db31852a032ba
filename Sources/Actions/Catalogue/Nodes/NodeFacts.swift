package import Vocabulary

/// What actions need to know of a node.
package struct NodeFacts: Sendable, Hashable, Codable {
    package struct Taint: Sendable, Hashable, Codable {
        package var key: String
        package var value: String
        package var effect: String

        package init(key: String, value: String, effect: String) {
            self.key = key
            self.value = value
            self.effect = effect
        }
    }

    package var name: ObjectName
    package var uid: String
    package var resourceVersion: String
    package var labels: [String: String]
    /// Nil when the object has no annotations at all: a patch must then make the map.
    package var annotations: [String: String]?
    package var isUnschedulable: Bool
    /// Nil when the object has no taints at all.
    package var taints: [Taint]?
    package var providerID: String
    package var operatingSystem: String
    package var isReady: Bool
    package var isBeingDeleted: Bool

    package init(
        name: ObjectName,
        uid: String,
        resourceVersion: String = "",
        labels: [String: String] = [:],
        annotations: [String: String]? = nil,
        isUnschedulable: Bool = false,
        taints: [Taint]? = nil,
        providerID: String = "",
        operatingSystem: String = "linux",
        isReady: Bool = true,
        isBeingDeleted: Bool = false
    ) {
        self.name = name
        self.uid = uid
        self.resourceVersion = resourceVersion
        self.labels = labels
        self.annotations = annotations
        self.isUnschedulable = isUnschedulable
        self.taints = taints
        self.providerID = providerID
        self.operatingSystem = operatingSystem
        self.isReady = isReady
        self.isBeingDeleted = isBeingDeleted
    }

    /// Reads a node object; nil without a valid name and a uid.
    package init?(_ node: JSONValue) {
        let metadata = node["metadata"]
        guard let name = metadata?["name"]?.string.flatMap(ObjectName.init(rawValue:)),
            let uid = metadata?["uid"]?.nonBlank
        else { return nil }
        let labels = Self.strings(metadata?["labels"])
        let system = node["status"]?["nodeInfo"]?["operatingSystem"]?.nonBlank ?? labels["kubernetes.io/os"]
        self.init(
            name: name,
            uid: uid,
            resourceVersion: metadata?["resourceVersion"]?.string ?? "",
            labels: labels,
            annotations: metadata?["annotations"]?.object.map { Self.strings(.object($0)) },
            isUnschedulable: node["spec"]?["unschedulable"]?.bool ?? false,
            taints: node["spec"]?["taints"]?.array.map { $0.map(Taint.init) },
            providerID: node["spec"]?["providerID"]?.string ?? "",
            operatingSystem: system ?? "linux",
            isReady: Self.isReady(node),
            isBeingDeleted: metadata?["deletionTimestamp"]?.string != nil
        )
    }

    private static func strings(_ value: JSONValue?) -> [String: String] {
        var strings: [String: String] = [:]
        for member in value?.object ?? JSONObject() { strings[member.key] = member.value.string }
        return strings
    }

    private static func isReady(_ node: JSONValue) -> Bool {
        let conditions = node["status"]?["conditions"]?.array ?? []
        guard let ready = conditions.first(where: { $0["type"]?.string == "Ready" }) else { return true }
        return ready["status"]?.string == "True"
    }
}

extension NodeFacts.Taint {
    init(_ taint: JSONValue) {
        self.init(
            key: taint["key"]?.string ?? "",
            value: taint["value"]?.string ?? "",
            effect: taint["effect"]?.string ?? ""
        )
    }

    var json: JSONValue {
        var members: JSONObject = ["key": .string(key), "effect": .string(effect)]
        if !value.isEmpty { members["value"] = .string(value) }
        return .object(members)
    }
}
