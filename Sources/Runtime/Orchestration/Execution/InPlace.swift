internal import Catalogue
internal import KubernetesAPI
internal import Planning
internal import Vocabulary

/// Whether the world already is as a change would leave it: what an undo whose answer was lost is told by.
extension ExpectationReader {
    /// What one look says of a change.
    enum Sight: Sendable, Hashable {
        /// The world is as the change would leave it; the uid of the object that shows it.
        case inPlace(uid: String?)
        case notInPlace
        /// Nobody can look, or one look tells nothing: changes to AWS.
        case blind
    }

    /// Nil when nobody can look; false for changes to AWS.
    func isInPlace(_ change: Change) async -> Bool? {
        guard case .kubernetes = change else { return false }
        return switch await look(at: change) {
        case .inPlace: true
        case .notInPlace: false
        case .blind: nil
        }
    }

    func look(at change: Change) async -> Sight {
        guard case .kubernetes(let change) = change, let client = world.kubernetes, let path = InPlace.path(of: change)
        else { return .blind }
        guard let answer = try? await client.send("GET", path) else { return .blind }
        if answer.answer == .notFound { return change.verb == .delete ? .inPlace(uid: nil) : .notInPlace }
        guard answer.isSuccess else { return .blind }
        guard InPlace.test(change, answer.body) else { return .notInPlace }
        return .inPlace(uid: answer.body["metadata"]?["uid"]?.nonBlank)
    }
}

enum InPlace {
    /// Where the object is that a change is about; nil for a creation whose name the server chooses.
    static func path(of change: KubernetesChange) -> String? {
        guard change.verb == .create else { return change.path }
        return change.body["metadata"]?["name"]?.nonBlank.map { "\(change.path)/\($0)" }
    }

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
        // Everything that was written is there, the annotations that name the run among it.
        case (.create, _): return isMerged(change.body, object)
        case (.update, _), (.patch, .json), (.patch, .applyPatch): return false
        }
    }

    private static func isMerged(_ patch: JSONValue, _ object: JSONValue?) -> Bool {
        // A server may leave out what is empty.
        if object == nil, patch.array?.isEmpty == true || patch.object?.isEmpty == true { return true }
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
            // Appended: somewhere in the list.
            if keys.last == "-" {
                let list = value(at: Array(keys.dropLast()), of: object)?.array ?? []
                return operation["value"].map(list.contains) ?? false
            }
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
