internal import Vocabulary

/// Reads a custom resource by the schema of its definition: types, enums, required members, pruning.
///
/// Rules in CEL (`x-kubernetes-validations`), patterns and formats are not evaluated.
struct StructuralSchema {
    private(set) var unknown: [String] = []
    private(set) var causes: [StatusAnswer.Cause] = []

    mutating func read(_ value: JSONValue, _ schema: JSONValue, _ path: String = "", depth: Int = 0) -> JSONValue {
        guard depth < 100 else { return value }
        if let type = schema["type"]?.string, !Self.fits(value, type, schema) {
            let shown = SchemaReading.name(of: value)
            let message = "Invalid value: \"\(shown)\": \(path) in body must be of type \(type): \"\(shown)\""
            causes.append(.init("FieldValueTypeInvalid", message, field: path))
            return value
        }
        checkEnum(value, schema, path)
        if let elements = value.array, let items = schema["items"] {
            var kept: [JSONValue] = []
            for (index, element) in elements.enumerated() {
                kept.append(read(element, items, "\(path)[\(index)]", depth: depth + 1))
            }
            return .array(kept)
        }
        guard let members = value.object else { return value }
        return .object(object(members, schema, path, depth))
    }

    private mutating func checkEnum(_ value: JSONValue, _ schema: JSONValue, _ path: String) {
        guard let allowed = schema["enum"]?.array, !allowed.contains(value) else { return }
        let list = allowed.map { JSONWriter.compact($0) }.joined(separator: ", ")
        let message = "Unsupported value: \(JSONWriter.compact(value)): supported values: \(list)"
        causes.append(.init("FieldValueNotSupported", message, field: path))
    }

    private mutating func object(
        _ members: JSONObject,
        _ schema: JSONValue,
        _ path: String,
        _ depth: Int
    ) -> JSONObject {
        let properties = schema["properties"]?.object
        let others = schema["additionalProperties"]
        let keeps = schema["x-kubernetes-preserve-unknown-fields"]?.bool == true || others != nil
        for name in (schema["required"]?.array ?? []).compactMap(\.string) where members[name] == nil {
            let field = Self.join(path, name)
            causes.append(.init("FieldValueRequired", "Required value", field: field))
        }
        var kept = JSONObject()
        for member in members {
            let place = Self.join(path, member.key)
            if path.isEmpty, ["apiVersion", "kind", "metadata"].contains(member.key) {
                kept[member.key] = member.value
            } else if let known = properties?[member.key] {
                kept[member.key] = read(member.value, known, place, depth: depth + 1)
            } else if keeps {
                kept[member.key] = others.map { read(member.value, $0, place, depth: depth + 1) } ?? member.value
            } else {
                unknown.append(place)
            }
        }
        return kept
    }

    private static func join(_ path: String, _ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    private static func fits(_ value: JSONValue, _ type: String, _ schema: JSONValue) -> Bool {
        if value.isNull { return schema["nullable"]?.bool == true }
        switch type {
        case "object": return value.object != nil
        case "array": return value.array != nil
        case "string": return value.string != nil
        case "boolean": return value.bool != nil
        case "integer": return value.integer != nil
        case "number": return value.number != nil
        default: return true
        }
    }
}
