internal import KubernetesAPI
package import Vocabulary

/// An in-memory Kubernetes API that behaves like the real one as far as responders use it.
///
/// A value: a copy is another world. It runs no controllers: nobody replaces a pod that lost its owner, no endpoints
/// follow, pods that are told to stop stay until `settle`. Of the network it keeps what the VPC CNI's controller would
/// write: a PolicyEndpoint for each policy.
package struct RehearsalCluster: RehearsalPeer {
    package static let origin = "https://kubernetes.rehearsal"
    package static let objectLimit = 100_000

    struct Key: Hashable, Comparable {
        var group: String
        var plural: String
        var namespace: String
        var name: String

        static func < (left: Key, right: Key) -> Bool {
            (left.group, left.plural, left.namespace, left.name)
                < (right.group, right.plural, right.namespace, right.name)
        }
    }

    var objects: [Key: JSONValue] = [:]
    var served = ServedResources()
    /// The last resourceVersion given out.
    package internal(set) var version: UInt64 = 1
    /// The oldest version from which a watch or an exact list may still go on.
    package var oldestVersion: UInt64 = 0
    /// Counts the uids made here, so that they are the same in every rehearsal.
    var minted: UInt64 = 0
    /// Makes uids and suffixes of two worlds differ.
    let seed: UInt64
    package var authorizer: RehearsalAuthorizer?

    /// Takes plain `kubectl get -o yaml` dumps: objects, or lists of them.
    ///
    /// The version counts on from the highest that they hold, and from `version` at least.
    package init(_ documents: [JSONValue], seed: UInt64 = 1, version: UInt64 = 1) throws(WorldFault) {
        self.seed = seed
        self.version = version
        var flat: [(index: Int, object: JSONValue)] = []
        for (index, document) in documents.enumerated() {
            flat += try Self.flatten(document, index)
            guard flat.count <= Self.objectLimit else { throw .tooMany(limit: Self.objectLimit) }
        }
        for (_, object) in flat where object["kind"]?.string == "CustomResourceDefinition" { served.define(object) }
        for (index, object) in flat { try load(object, index) }
        for namespace in Set(objects.keys.map(\.namespace)).sorted() where !namespace.isEmpty { assume(namespace) }
    }

    /// All objects, ordered by kind, namespace and name.
    package func snapshot() -> [JSONValue] { objects.keys.sorted().compactMap { objects[$0] } }

    /// Finishes what a kubelet would: pods that are told to stop are gone afterwards.
    package mutating func settle(now: Timestamp) {
        for (key, object) in objects where key.plural == "pods" && object["metadata"]?["deletionTimestamp"] != nil {
            let isHeld = !(object["metadata"]?["finalizers"]?.array ?? []).isEmpty
            if !isHeld { objects[key] = nil }
        }
        reconcileNetwork(now: now)
    }

    private static func flatten(
        _ document: JSONValue,
        _ index: Int
    ) throws(WorldFault) -> [(index: Int, object: JSONValue)] {
        if document.isNull { return [] }
        guard let members = document.object else { throw .notAnObject(index: index) }
        guard members["items"]?.array != nil, members["kind"]?.string?.hasSuffix("List") == true else {
            return [(index, document)]
        }
        return KubernetesClient.items(of: document).map { (index, $0) }
    }

    private mutating func load(_ object: JSONValue, _ index: Int) throws(WorldFault) {
        guard var members = object.object else { throw .notAnObject(index: index) }
        guard let apiVersion = members["apiVersion"]?.nonBlank, let kind = members["kind"]?.nonBlank else {
            throw .noKind(index: index)
        }
        var metadata = members["metadata"]?.object ?? JSONObject()
        guard let name = metadata["name"]?.nonBlank, NameSyntax.isPathSegment(name) else {
            throw .noName(kind: kind, index: index)
        }
        let resource = resource(apiVersion, kind, isNamespaced: metadata["namespace"] != nil)
        if resource.isNamespaced, metadata["namespace"]?.nonBlank == nil { metadata["namespace"] = "default" }
        let key = Key(
            group: resource.group,
            plural: resource.plural,
            namespace: resource.isNamespaced ? metadata["namespace"]?.string ?? "" : "",
            name: name
        )
        guard objects[key] == nil else { throw .repeated(kind: kind, name: name) }
        if metadata["uid"]?.nonBlank == nil { metadata["uid"] = .string(mintUID()) }
        let known = metadata["resourceVersion"]?.string.flatMap { UInt64($0) }
        if known == nil { metadata["resourceVersion"] = .string(String(version)) }
        version = max(version, min(known ?? 0, UInt64.max / 2))
        members["metadata"] = .object(metadata)
        objects[key] = .object(members)
    }

    /// A kind without a definition in the world is served all the same, without a schema.
    private mutating func resource(_ apiVersion: String, _ kind: String, isNamespaced: Bool) -> KubernetesResource {
        if let known = served.find(apiVersion: apiVersion, kind: kind) { return known.resource }
        let parts = apiVersion.split(separator: "/", maxSplits: 1).map(String.init)
        let small = kind.lowercased()
        let resource = KubernetesResource(
            group: parts.count == 2 ? parts[0] : "",
            version: parts.last ?? apiVersion,
            plural: small.hasSuffix("y") ? small.dropLast() + "ies" : small + "s",
            kind: kind,
            isNamespaced: isNamespaced
        )
        served.add(ServedResource(resource: resource, isCustom: true))
        return resource
    }

    /// A dump of some kinds may lack the Namespace objects; they were there.
    private mutating func assume(_ namespace: String) {
        let key = Key(group: "", plural: "namespaces", namespace: "", name: namespace)
        guard objects[key] == nil else { return }
        objects[key] = [
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": [
                "name": .string(namespace), "uid": .string(mintUID()), "resourceVersion": .string(String(version)),
                "labels": ["kubernetes.io/metadata.name": .string(namespace)],
            ], "spec": ["finalizers": ["kubernetes"]], "status": ["phase": "Active"],
        ]
    }

    /// The next uid; it has the form of a random UUID and is the same in every run.
    mutating func mintUID() -> String {
        minted &+= 1
        let high = Self.mixed(seed &* 0x9e37_79b9_7f4a_7c15 &+ minted)
        let low = Self.mixed(high &+ minted)
        let digits = Self.padded(high) + Self.padded(low)
        let parts = [0..<8, 8..<12, 13..<16, 17..<20, 20..<32].map { range in
            String(digits[digits.index(digits.startIndex, offsetBy: range.lowerBound)...].prefix(range.count))
        }
        return "\(parts[0])-\(parts[1])-4\(parts[2])-a\(parts[3])-\(parts[4])"
    }

    private static func padded(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// SplitMix64's finaliser.
    static func mixed(_ number: UInt64) -> UInt64 {
        var bits = number
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }
}

extension NameSyntax {
    /// What may stand between two slashes of an object's path: RBAC names hold colons, so only the path's own signs are out.
    static func isPathSegment(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 253 && text != "." && text != ".."
            && !text.utf8.contains { $0 == 0x2f || $0 == 0x25 }
    }
}
