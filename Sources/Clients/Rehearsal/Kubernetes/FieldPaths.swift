internal import Vocabulary

/// A field's place as managed fields write it: `f:spec`, `k:{"name":"main"}`, `v:…`.
typealias FieldPath = [String]

/// The leaves of an object, as far as one manager can own them apart from others.
enum FieldPaths {
    /// Selectors of built-in kinds are owned whole, like all lists.
    private static let atomic: Set<String> = ["podSelector", "namespaceSelector", "selector", "labelSelector"]
    /// What no manager owns.
    private static let unowned: Set<String> = [
        "apiVersion", "kind", "f:metadata/f:name", "f:metadata/f:namespace", "f:metadata/f:uid",
        "f:metadata/f:resourceVersion", "f:metadata/f:creationTimestamp", "f:metadata/f:generation",
        "f:metadata/f:managedFields", "f:metadata/f:selfLink", "f:metadata/f:deletionTimestamp",
        "f:metadata/f:deletionGracePeriodSeconds",
    ]

    static func leaves(of object: JSONValue, isCustom: Bool) -> Set<FieldPath> {
        var found: Set<FieldPath> = []
        for member in object.object ?? JSONObject() where !unowned.contains(member.key) {
            collect(member.value, ["f:" + member.key], isCustom, &found)
        }
        return found
    }

    private static func collect(
        _ value: JSONValue,
        _ path: FieldPath,
        _ isCustom: Bool,
        _ found: inout Set<FieldPath>
    ) {
        if path.count == 2, unowned.contains(path.joined(separator: "/")) { return }
        let name = String((path.last ?? "").dropFirst(2))
        guard let members = value.object, !members.isEmpty, isCustom || !atomic.contains(name), path.count < 100 else {
            found.insert(path)
            return
        }
        for member in members { collect(member.value, path + ["f:" + member.key], isCustom, &found) }
    }

    /// Whether a value asks for a map to be there and for nothing in it, where one is already.
    static func isHollow(_ path: FieldPath, _ value: JSONValue?, over live: JSONValue?, isCustom: Bool) -> Bool {
        let isWhole = !isCustom && atomic.contains(String((path.last ?? "").dropFirst(2)))
        return !isWhole && value?.object?.isEmpty == true && live?.object != nil
    }

    static func value(at path: FieldPath, in object: JSONValue) -> JSONValue? {
        object[path.map { String($0.dropFirst(2)) }]
    }

    /// `.metadata.labels.owner`.
    static func text(_ path: FieldPath) -> String { path.map { "." + $0.dropFirst(2) }.joined() }

    static func setting(_ value: JSONValue?, at path: FieldPath, in object: JSONValue) -> JSONValue {
        guard let first = path.first else { return value ?? .null }
        let key = String(first.dropFirst(2))
        var members = object.object ?? JSONObject()
        if path.count == 1 {
            members[key] = value
        } else if value != nil || members[key] != nil {
            let child = setting(value, at: Array(path.dropFirst()), in: members[key] ?? .object(JSONObject()))
            members[key] = value == nil && child.object?.isEmpty == true ? JSONValue?.none : child
        }
        return .object(members)
    }

    static func read(_ fields: JSONValue, _ path: FieldPath = [], depth: Int = 0) -> Set<FieldPath> {
        guard let members = fields.object, depth < 100 else { return [] }
        var found: Set<FieldPath> = []
        if members.isEmpty, !path.isEmpty { return [path] }
        for member in members where member.key != "." {
            found.formUnion(read(member.value, path + [member.key], depth: depth + 1))
        }
        return found
    }

    static func json(_ paths: Set<FieldPath>) -> JSONValue {
        var tree = JSONValue.object(JSONObject())
        for path in paths.sorted(by: { $0.lexicographicallyPrecedes($1) }) { tree = insert(path[...], into: tree) }
        return tree
    }

    private static func insert(_ path: ArraySlice<String>, into tree: JSONValue) -> JSONValue {
        guard let key = path.first else { return tree }
        var members = tree.object ?? JSONObject()
        members[key] = insert(path.dropFirst(), into: members[key] ?? .object(JSONObject()))
        return .object(members)
    }
}
