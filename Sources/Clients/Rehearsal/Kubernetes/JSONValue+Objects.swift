internal import Vocabulary

extension JSONValue {
    /// The value at a path of keys; assigning makes the objects on the way, nil removes.
    subscript(at path: String...) -> JSONValue? {
        get { self[path] }
        set { self = replacing(path[...], with: newValue) }
    }

    private func replacing(_ path: ArraySlice<String>, with value: JSONValue?) -> JSONValue {
        guard let key = path.first else { return value ?? .null }
        var members = object ?? JSONObject()
        guard path.count > 1 else {
            members[key] = value
            return .object(members)
        }
        if value == nil, members[key] == nil { return self }
        members[key] = (members[key] ?? .object(JSONObject())).replacing(path.dropFirst(), with: value)
        return .object(members)
    }

    var metadata: JSONValue { self["metadata"] ?? .object(JSONObject()) }
    var objectName: String { metadata["name"]?.string ?? "" }
    var uid: String { metadata["uid"]?.string ?? "" }
    var resourceVersion: String { metadata["resourceVersion"]?.string ?? "" }
    var labels: [String: String] { metadata["labels"]?.texts ?? [:] }
    var isTerminating: Bool { metadata["deletionTimestamp"]?.nonBlank != nil }
    var hasFinalizers: Bool { !(metadata["finalizers"]?.array ?? []).isEmpty }

    /// The members of an object that are strings.
    var texts: [String: String] {
        var texts: [String: String] = [:]
        for member in object ?? JSONObject() {
            if let text = member.value.string { texts[member.key] = text }
        }
        return texts
    }
}
