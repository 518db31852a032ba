import AWSAPI
import Vocabulary

/// Reads the input of a query request back into the model's member names: the services' side of the protocol.
enum QueryReader {
    /// A tree of the dotted names: bounded, because names come from outside.
    private final class Node {
        var value: String?
        var children: [String: Node] = [:]
    }

    static func input(_ pairs: [FormBody.Pair], _ operation: AWSOperation) throws(RehearsalRefusal) -> JSONValue {
        let root = Node()
        for pair in pairs where pair.name != "Action" && pair.name != "Version" {
            let parts = pair.name.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count <= 12 else { throw unknown(pair.name) }
            var node = root
            for part in parts {
                let next = node.children[String(part)] ?? Node()
                node.children[String(part)] = next
                node = next
            }
            node.value = pair.value
        }
        var isFlat = false
        if case .ec2 = operation.wire { isFlat = true }
        return try value(root, .structure(operation.input), isFlat: isFlat, at: "")
    }

    // As deep as the shape.
    private static func value(
        _ node: Node,
        _ shape: WireShape,
        isFlat: Bool,
        at name: String
    ) throws(RehearsalRefusal) -> JSONValue {
        switch shape {
        case .string, .timestamp: return .string(try text(node, at: name))
        case .integer:
            let text = try text(node, at: name)
            guard let number = Int64(text) else { throw malformed(text, name) }
            return .integer(number)
        case .boolean:
            let text = try text(node, at: name)
            guard text == "true" || text == "false" else { throw malformed(text, name) }
            return .bool(text == "true")
        case .list(let inner): return try list(node, inner, isFlat: isFlat, at: name)
        case .structure(let members): return try structure(node, members, isFlat: isFlat, at: name)
        }
    }

    private static func text(_ node: Node, at name: String) throws(RehearsalRefusal) -> String {
        guard let value = node.value, node.children.isEmpty else { throw unknown(name) }
        return value
    }

    private static func list(
        _ node: Node,
        _ inner: WireShape,
        isFlat: Bool,
        at name: String
    ) throws(RehearsalRefusal) -> JSONValue {
        guard let node = isFlat ? node : node.children["member"], node.value == nil else { throw unknown(name) }
        var places: [(Int, Node)] = []
        for (key, child) in node.children {
            guard let place = Int(key), place > 0 else { throw unknown("\(name).\(key)") }
            places.append((place, child))
        }
        places.sort { $0.0 < $1.0 }
        var elements: [JSONValue] = []
        for (place, child) in places {
            elements.append(try value(child, inner, isFlat: isFlat, at: "\(name).\(place)"))
        }
        return .array(elements)
    }

    private static func structure(
        _ node: Node,
        _ members: [WireMember],
        isFlat: Bool,
        at name: String
    ) throws(RehearsalRefusal) -> JSONValue {
        var rest = node.children
        var object = JSONObject()
        for member in members {
            let wire = isFlat ? QueryInput.capitalised(member.wireName) : member.wireName
            guard let child = rest.removeValue(forKey: wire) else { continue }
            let place = name.isEmpty ? wire : "\(name).\(wire)"
            object[member.name] = try value(child, member.shape, isFlat: isFlat, at: place)
        }
        if let stray = rest.keys.min() { throw unknown(name.isEmpty ? stray : "\(name).\(stray)") }
        return .object(object)
    }

    private static func unknown(_ name: String) -> RehearsalRefusal {
        RehearsalRefusal("UnknownParameter", "The parameter \(name.prefix(200)) is not recognized")
    }

    private static func malformed(_ value: String, _ name: String) -> RehearsalRefusal {
        RehearsalRefusal(
            "InvalidParameterValue",
            "Value (\(value.prefix(100))) for parameter \(name) is invalid."
        )
    }
}
