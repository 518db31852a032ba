import Planning
import Vocabulary

/// Applies planned changes to a list of objects: just enough of an API server to see what a plan does.
struct TinyServer {
    struct Refused: Error, CustomStringConvertible {
        var description: String
    }

    var objects: [JSONValue]

    mutating func apply(_ change: Change) throws {
        guard case .kubernetes(let write) = change else { throw Refused(description: "not for Kubernetes") }
        switch write.verb {
        case .create:
            var object = write.body
            if var metadata = object["metadata"]?.object, metadata["uid"] == nil {
                metadata["uid"] = "uid-created"
                object = replacing(object, "metadata", .object(metadata))
            }
            objects.append(object)
        case .patch:
            let place = try position(write.path)
            switch write.contentType {
            case .jsonPatch:
                for operation in write.body.array ?? [] { objects[place] = try patched(objects[place], operation) }
            case .mergePatch: objects[place] = merged(objects[place], write.body)
            case .json, .applyPatch: throw Refused(description: "content type \(write.contentType)")
            }
        case .delete: objects.remove(at: try position(write.path))
        case .update: throw Refused(description: "no update is planned anywhere")
        }
    }

    private func position(_ path: String) throws -> Int {
        let parts = path.split(separator: "/").map(String.init)
        let kinds = ["pods": "Pod", "networkpolicies": "NetworkPolicy"]
        guard parts.count >= 4, let kind = kinds[parts[parts.count - 2]] else { throw Refused(description: path) }
        let place = objects.firstIndex { object in
            object["kind"]?.string == kind && object[["metadata", "name"]]?.string == parts.last
                && object[["metadata", "namespace"]]?.string == parts[parts.count - 3]
        }
        guard let place else { throw Refused(description: "\(path) does not exist") }
        return place
    }

    private func patched(_ document: JSONValue, _ operation: JSONValue) throws -> JSONValue {
        let pointer = operation["path"]?.string ?? ""
        let keys = pointer.split(separator: "/").map { part in
            part.split(separator: "~1", omittingEmptySubsequences: false)
                .map { $0.split(separator: "~0", omittingEmptySubsequences: false).joined(separator: "~") }
                .joined(separator: "/")
        }
        return try patched(document, keys[...], operation)
    }

    private func patched(
        _ document: JSONValue,
        _ keys: ArraySlice<String>,
        _ operation: JSONValue
    ) throws -> JSONValue {
        guard let key = keys.first else { throw Refused(description: "the root is never patched") }
        let rest = keys.dropFirst()
        let name = operation["op"]?.string ?? ""
        if case .array(var elements) = document {
            let place = key == "-" ? elements.count : Int(key) ?? -1
            guard place >= 0, place < elements.count || name == "add" && rest.isEmpty && place == elements.count else {
                throw Refused(description: "no element \(key)")
            }
            if !rest.isEmpty {
                elements[place] = try patched(elements[place], rest, operation)
            } else if name == "add" {
                elements.insert(operation["value"] ?? .null, at: place)
            } else if name == "remove" {
                elements.remove(at: place)
            } else if elements[place] != operation["value"] {
                throw Refused(description: "test of \(key) failed")
            }
            return .array(elements)
        }
        guard case .object(var members) = document else { throw Refused(description: "nothing at \(key)") }
        if !rest.isEmpty {
            guard let child = members[key] else { throw Refused(description: "no member \(key)") }
            members[key] = try patched(child, rest, operation)
        } else if name == "add" {
            members[key] = operation["value"]
        } else if members[key] == nil {
            throw Refused(description: "no member \(key) to \(name)")
        } else if name == "remove" {
            members[key] = nil
        } else if members[key] != operation["value"] {
            throw Refused(description: "test of \(key) failed")
        }
        return .object(members)
    }

    private func merged(_ document: JSONValue, _ patch: JSONValue) -> JSONValue {
        guard let changes = patch.object else { return patch }
        var members = document.object ?? [:]
        for member in changes {
            members[member.key] = member.value.isNull ? nil : merged(members[member.key] ?? .null, member.value)
        }
        return .object(members)
    }

    private func replacing(_ document: JSONValue, _ key: String, _ value: JSONValue) -> JSONValue {
        var members = document.object ?? [:]
        members[key] = value
        return .object(members)
    }
}
