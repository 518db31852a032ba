internal import Vocabulary

/// A strategic merge patch, for the lists that have a merge key; all other lists are replaced.
///
/// `$patch: delete` and `replace` are honoured where a list has a merge key; `$setElementOrder` and
/// `$deleteFromPrimitiveList` are not.
enum StrategicMerge {
    /// Merge keys by the path of the list; Node `spec.taints` has none and is replaced whole.
    private static let mergeKeys: [String: String] = [
        "metadata.ownerReferences": "uid", "spec.containers": "name", "spec.initContainers": "name",
        "spec.ephemeralContainers": "name", "spec.volumes": "name", "spec.imagePullSecrets": "name",
        "spec.template.spec.containers": "name", "spec.template.spec.volumes": "name", "status.conditions": "type",
        "spec.hostAliases": "ip", "spec.topologySpreadConstraints": "topologyKey",
    ]

    static func apply(_ patch: JSONValue, to target: JSONValue, path: String = "") -> JSONValue {
        if path == "metadata.finalizers", let added = patch.array, let old = target.array {
            return .array(old + added.filter { !old.contains($0) })
        }
        if let changes = patch.array, let key = mergeKeys[path] {
            return .array(merge(changes, into: target.array ?? [], key, path))
        }
        guard let changes = patch.object else { return patch }
        if changes["$patch"]?.string == "replace" {
            var rest = changes
            rest["$patch"] = nil
            return .object(rest)
        }
        var members = target.object ?? JSONObject()
        for change in changes where !change.key.hasPrefix("$") {
            let place = path.isEmpty ? change.key : "\(path).\(change.key)"
            members[change.key] =
                change.value.isNull
                ? JSONValue?.none : apply(change.value, to: members[change.key] ?? .null, path: place)
        }
        return .object(members)
    }

    private static func merge(
        _ changes: [JSONValue],
        into old: [JSONValue],
        _ key: String,
        _ path: String
    ) -> [JSONValue] {
        var list = old
        for change in changes {
            let place = list.firstIndex { $0[key] != nil && $0[key] == change[key] }
            if change["$patch"]?.string == "delete" {
                if let place { list.remove(at: place) }
            } else if let place {
                list[place] = apply(change, to: list[place], path: path + "[]")
            } else {
                list.append(change)
            }
        }
        return list
    }
}
