internal import HTTPExchange
internal import KubernetesAPI
internal import Vocabulary

extension RehearsalCluster {
    /// etcd refuses larger objects.
    private static let objectByteLimit = 3 << 19

    /// Validates, normalises and keeps an object; a rehearsed one is only returned.
    mutating func store(
        _ draft: JSONValue,
        at key: Key,
        over old: JSONValue?,
        _ write: ClusterWrite,
        ownership: ManagedFields? = nil
    ) throws(StatusAnswer) -> JSONValue {
        var object = RehearsalCluster.typed(Normalisation.normalised(draft, write.served), write.served)
        object[at: "metadata", "name"] = .string(key.name)
        if write.served.resource.isNamespaced { object[at: "metadata", "namespace"] = .string(key.namespace) }
        let causes = ObjectValidation.causes(object, over: old, write.served)
        guard causes.isEmpty else { throw .invalid(write.served, key.name, causes) }
        object = keepingIdentity(object, old, write)
        if let old, isUnchanged(object, old, ownership) { return RehearsalCluster.typed(old, write.served) }
        var fields = ownership ?? ManagedFields(object)
        if ownership == nil { fields.recordUpdate(from: old, to: object, write) }
        fields.write(to: &object)
        guard !write.isDryRun else {
            if old == nil { object[at: "metadata", "resourceVersion"] = nil }
            return RehearsalCluster.typed(object, write.served)
        }
        try keep(&object, at: key, write)
        return RehearsalCluster.typed(object, write.served)
    }

    private mutating func keep(_ object: inout JSONValue, at key: Key, _ write: ClusterWrite) throws(StatusAnswer) {
        guard JSONWriter.compact(object).utf8.count <= Self.objectByteLimit else {
            throw StatusAnswer(500, "", "etcdserver: request is too large")
        }
        guard objects[key] != nil || objects.count < Self.objectLimit else {
            throw StatusAnswer(500, "", "etcdserver: mvcc: database space exceeded")
        }
        // A terminating object that nothing holds any more goes away with this write; the answer still shows it.
        if object.isTerminating, !object.hasFinalizers, object.metadata["deletionGracePeriodSeconds"]?.integer ?? 0 == 0
        {
            drop(key)
        } else {
            version &+= 1
            object[at: "metadata", "resourceVersion"] = .string(String(version))
            objects[key] = object
            if write.served.resource.kind == "CustomResourceDefinition" { served.define(object) }
        }
        networkChanged(by: key, now: write.now)
    }

    /// Removes an object, and what its definition served.
    mutating func drop(_ key: Key) {
        guard let object = objects.removeValue(forKey: key) else { return }
        version &+= 1
        guard key.plural == "customresourcedefinitions", let spec = object["spec"] else { return }
        let group = spec["group"]?.string ?? ""
        let plural = spec["names"]?["plural"]?.string ?? ""
        served.remove(group: group, plural: plural)
        objects = objects.filter { !($0.key.group == group && $0.key.plural == plural) }
    }

    /// What a writer cannot change: uid, creation, generation.
    private mutating func keepingIdentity(
        _ draft: JSONValue,
        _ old: JSONValue?,
        _ write: ClusterWrite
    ) -> JSONValue {
        var object = draft
        guard let old else {
            object[at: "metadata", "uid"] = .string(mintUID())
            object[at: "metadata", "creationTimestamp"] = .string(write.now.text(fractionDigits: 0))
            if Normalisation.hasGeneration(write.served) { object[at: "metadata", "generation"] = 1 }
            return object
        }
        for field in ["uid", "creationTimestamp", "resourceVersion", "generation"] {
            object[at: "metadata", field] = old.metadata[field]
        }
        if old.isTerminating {
            object[at: "metadata", "deletionTimestamp"] = old.metadata["deletionTimestamp"]
            object[at: "metadata", "deletionGracePeriodSeconds"] = old.metadata["deletionGracePeriodSeconds"]
        }
        if let generation = old.metadata["generation"]?.integer, object["spec"] != old["spec"] {
            object[at: "metadata", "generation"] = .integer(generation &+ 1)
        }
        return object
    }

    private func isUnchanged(_ new: JSONValue, _ old: JSONValue, _ ownership: ManagedFields?) -> Bool {
        if let ownership, !ownership.isSame(as: ManagedFields(old)) { return false }
        var left = new
        var right = old
        for field in ["managedFields", "generation"] {
            left[at: "metadata", field] = nil
            right[at: "metadata", field] = nil
        }
        return Normalisation.normalised(left, nil) == Normalisation.normalised(right, nil)
    }
}
