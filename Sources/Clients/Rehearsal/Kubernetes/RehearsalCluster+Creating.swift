internal import HTTPExchange
internal import KubernetesAPI
internal import Vocabulary

extension RehearsalCluster {
    mutating func create(
        _ call: ClusterCall,
        _ served: ServedResource,
        _ now: Timestamp
    ) throws(StatusAnswer) -> HTTPResponse {
        if served.resource.isNamespaced, call.namespace == nil { throw .methodNotAllowed }
        var write = try ClusterWrite(call, served, now)
        var object = try write.decodeBody()
        guard object.resourceVersion.isEmpty else {
            throw StatusAnswer(500, "", "resourceVersion should not be set on objects to be created")
        }
        object[at: "metadata", "managedFields"] = nil
        let name = try freshName(object, served)
        try checkNamespace(call, served, name)
        let key = key(call, served, name)
        guard objects[key] == nil else {
            let message = "\(served.qualified) \"\(name)\" already exists"
            throw StatusAnswer(409, "AlreadyExists", message, details: served.details(name))
        }
        let stored = try store(object, at: key, over: nil, write)
        return Self.ok(stored, status: 201, warnings: write.warnings)
    }

    /// The object's name, or one made from generateName.
    private mutating func freshName(_ object: JSONValue, _ served: ServedResource) throws(StatusAnswer) -> String {
        if let name = object.metadata["name"]?.nonBlank { return name }
        guard let stem = object.metadata["generateName"]?.nonBlank else {
            let message = "Required value: name or generateName is required"
            throw .invalid(served, "", [.init("FieldValueRequired", message, field: "metadata.name")])
        }
        minted &+= 1
        var bits = Self.mixed(seed &+ minted &* 0x9e37_79b9)
        var suffix = ""
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
        for _ in 0..<5 {
            suffix.append(alphabet[Int(bits % UInt64(alphabet.count))])
            bits /= UInt64(alphabet.count)
        }
        return stem.prefix(58) + suffix
    }

    func checkNamespace(_ call: ClusterCall, _ served: ServedResource, _ name: String) throws(StatusAnswer) {
        guard served.resource.isNamespaced, let namespace = call.namespace else { return }
        let key = Key(group: "", plural: "namespaces", namespace: "", name: namespace)
        guard let place = objects[key] else {
            // No cluster is without it, though a dump may be.
            if namespace == "default" { return }
            let details: JSONObject = ["name": .string(namespace), "kind": "namespaces"]
            throw StatusAnswer(404, "NotFound", "namespaces \"\(namespace)\" not found", details: details)
        }
        guard place.isTerminating || place["status"]?["phase"]?.string == "Terminating" else { return }
        let message =
            "\(served.qualified) \"\(name)\" is forbidden: unable to create new content in namespace \(namespace) "
            + "because it is being terminated"
        let cause = StatusAnswer.Cause(
            "NamespaceTerminating",
            "namespace \(namespace) is being terminated",
            field: "metadata.namespace"
        )
        var details = served.details(name)
        details["causes"] = StatusAnswer.causes([cause])
        throw StatusAnswer(403, "Forbidden", message, details: details)
    }

    mutating func update(
        _ call: ClusterCall,
        _ served: ServedResource,
        _ name: String,
        _ now: Timestamp
    ) throws(StatusAnswer) -> HTTPResponse {
        var write = try ClusterWrite(call, served, now)
        let object = try write.decodeBody()
        let key = key(call, served, name)
        guard let old = objects[key] else { throw notFound(served, name) }
        try checkVersion(object, old, served, name, isUpdate: true)
        let merged = Self.withStatus(object, old, call, served)
        let stored = try store(merged, at: key, over: old, write)
        return Self.ok(stored, warnings: write.warnings)
    }

    /// A write to an object leaves its status alone; one to its status leaves the rest.
    static func withStatus(
        _ new: JSONValue,
        _ old: JSONValue,
        _ call: ClusterCall,
        _ served: ServedResource
    ) -> JSONValue {
        guard !served.isCustom || old["status"] != nil else { return new }
        if call.subresource == "status" {
            var object = old
            object[at: "status"] = new["status"]
            return object
        }
        var object = new
        object[at: "status"] = old["status"]
        return object
    }

    func checkVersion(
        _ new: JSONValue,
        _ old: JSONValue,
        _ served: ServedResource,
        _ name: String,
        isUpdate: Bool
    ) throws(StatusAnswer) {
        let uid = new.uid
        if isUpdate, !uid.isEmpty, uid != old.uid {
            let why =
                "StorageError: invalid object, Code: 4, Precondition failed: UID in precondition: \(uid), "
                + "UID in object meta: \(old.uid)"
            throw .conflict("\(served.qualified) \"\(name)\"", served.details(name), why)
        }
        let version = new.resourceVersion
        if version.isEmpty, isUpdate, served.isCustom || served.resource.kind == "Lease" {
            let message = "Invalid value: 0: must be specified for an update"
            let cause = StatusAnswer.Cause("FieldValueInvalid", message, field: "metadata.resourceVersion")
            var answer = StatusAnswer.invalid(served, name, [cause])
            answer.message = "\(served.qualified) \"\(name)\" is invalid: metadata.resourceVersion: \(message)"
            throw answer
        }
        guard version.isEmpty || version == old.resourceVersion else { throw .stale(served, name) }
    }
}
