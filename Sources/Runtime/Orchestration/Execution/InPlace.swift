internal import Catalogue
internal import KubernetesAPI
internal import Planning
internal import Vocabulary

/// Whether the world already is as a change would leave it: what an undo whose answer was lost is told by.
extension ExpectationReader {
    /// Nil when nobody can look; false for changes to AWS, of which nothing can be told by one look.
    func isInPlace(_ change: Change) async -> Bool? {
        guard case .kubernetes(let change) = change, let client = world.kubernetes else { return false }
        guard let answer = try? await client.send("GET", change.path) else { return nil }
        if answer.answer == .notFound { return change.verb == .delete }
        return answer.isSuccess ? InPlace.test(change, answer.body) : nil
    }
}

enum InPlace {
    /// `object`: what stands at the change's path now.
    static func test(_ change: KubernetesChange, _ object: JSONValue) -> Bool {
        let uid = object["metadata"]?["uid"]?.string
        switch (change.verb, change.contentType) {
        case (.delete, _):
            // Another object of that name came after ours had gone.
            guard let wanted = change.preconditions["uid"] else { return false }
            return uid != wanted
        case (.patch, .mergePatch):
            guard change.preconditions["uid"].map({ $0 == uid }) ?? true else { return false }
            return isMerged(change.body, object)
        case (.patch, .jsonPatch):
            guard change.preconditions["uid"].map({ $0 == uid }) ?? true else { return false }
            let operations = change.body.array ?? []
            return operations.indices.allSatisfy { index in
                isWrittenBelow(operations[index], operations[(index + 1)...]) || isDone(operations[index], object)
            }
        case (.create, _), (.update, _), (.patch, .json), (.patch, .applyPatch): return false
        }
    }

    private static func isMerged(_ patch: JSONValue, _ object: JSONValue?) -> Bool {
        guard let members = patch.object else { return patch.isNull ? object?.isNull ?? true : patch == object }
        return members.allSatisfy { isMerged($0.value, object?[$0.key]) }
    }

    /// A map that is made and then filled shows by what it was filled with.
    private static func isWrittenBelow(_ operation: JSONValue, _ later: ArraySlice<JSONValue>) -> Bool {
        guard operation["op"] == "add", let path = operation["path"]?.string else { return false }
        return later.contains { $0["op"] == "add" && $0["path"]?.string?.hasPrefix(path + "/") == true }
    }

    /// Tests say what stood before, or what must not have changed: only what is written counts here.
    private static func isDone(_ operation: JSONValue, _ object: JSONValue) -> Bool {
        guard let path = operation["path"]?.string, let kind = operation["op"]?.string else { return false }
        let keys = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
            String($0).replacing("~1", with: "/").replacing("~0", with: "~")
        }
        switch kind {
        case "test": return true
        case "add", "replace":
            guard keys.last != "-" else { return false }
            return value(at: keys, of: object) == operation["value"]
        case "remove":
            // An entry of a list says nothing by its absence: the next one took its place.
            return value(at: keys, of: object) == nil && keys.last.flatMap { Int($0) } == nil
                || removesLast(keys, of: object)
        default: return false
        }
    }

    /// An entry at the end of a list is gone when the list is just that long.
    private static func removesLast(_ keys: [String], of object: JSONValue) -> Bool {
        guard let index = keys.last.flatMap({ Int($0) }) else { return false }
        let list = value(at: Array(keys.dropLast()), of: object)
        return list == nil || list?.array?.count == index
    }

    private static func value(at keys: [String], of root: JSONValue) -> JSONValue? {
        var value = root
        for key in keys {
            guard let next = value[key] ?? Int(key).flatMap({ value[$0] }) else { return nil }
            value = next
        }
        return value
    }
}
