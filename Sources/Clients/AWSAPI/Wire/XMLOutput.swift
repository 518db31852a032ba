package import Vocabulary

/// Output of the query protocols: XML to and from values with the model's member names.
package enum XMLOutput {
    /// Why an element does not have the shape of its member.
    package struct Mismatch: Error, Sendable, Hashable {
        package var element: String
    }

    /// Members that the shapes do not know are left out, as every SDK does.
    ///
    /// The depth of the recursion is the depth of the shape.
    package static func value(of element: XMLElement, as shape: WireShape) throws(Mismatch) -> JSONValue {
        switch shape {
        case .string, .timestamp: return .string(element.text)
        case .integer:
            guard let number = Int64(element.text) else { throw Mismatch(element: element.name) }
            return .integer(number)
        case .boolean: return .bool(element.text == "true")
        case .list(let inner):
            var elements: [JSONValue] = []
            for child in element.children { elements.append(try value(of: child, as: inner)) }
            return .array(elements)
        case .structure(let members): return .object(try object(of: element, members))
        }
    }

    private static func object(of element: XMLElement, _ members: [WireMember]) throws(Mismatch) -> JSONObject {
        var object = JSONObject()
        for member in members {
            if let child = element[member.wireName] { object[member.name] = try value(of: child, as: member.shape) }
        }
        return object
    }

    /// The element for a value: what a service writes.
    ///
    /// `item` names the elements of lists.
    package static func element(_ name: String, _ value: JSONValue, as shape: WireShape, item: String) -> XMLElement {
        switch shape {
        case .string, .timestamp: XMLElement(name, text: value.string ?? "")
        case .integer: XMLElement(name, text: value.integer.map(String.init) ?? "")
        case .boolean: XMLElement(name, text: value.bool == true ? "true" : "false")
        case .list(let inner):
            XMLElement(name, children: (value.array ?? []).map { element(item, $0, as: inner, item: item) })
        case .structure(let members):
            XMLElement(name, children: children(value, members, item: item))
        }
    }

    package static func children(_ value: JSONValue, _ members: [WireMember], item: String) -> [XMLElement] {
        members.compactMap { member in
            value[member.name].map { element(member.wireName, $0, as: member.shape, item: item) }
        }
    }
}
