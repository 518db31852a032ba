package import Vocabulary

/// A JSON merge patch (RFC 7386).
package enum MergePatch {
    /// Merges a patch into a value; a null removes, everything but an object replaces.
    package static func apply(_ patch: JSONValue, to target: JSONValue) -> JSONValue {
        guard let changes = patch.object else { return patch }
        var members = target.object ?? JSONObject()
        for change in changes {
            members[change.key] =
                change.value.isNull ? JSONValue?.none : apply(change.value, to: members[change.key] ?? .null)
        }
        return .object(members)
    }
}
