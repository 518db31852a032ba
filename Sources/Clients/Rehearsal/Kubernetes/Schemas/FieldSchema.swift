internal import Vocabulary

/// The fields of a built-in kind, as deep as we write them; what lies below `any` is taken as it comes.
indirect enum FieldSchema: Sendable {
    case any
    case string
    case boolean
    case integer
    case intOrString
    /// RFC 3339 with exactly six digits of the second's fraction.
    case microTime
    case map(FieldSchema)
    case list(FieldSchema)
    case object([String: FieldSchema])

    /// An object with the fields of this one and more that are taken as they come.
    func adding(_ names: String) -> FieldSchema {
        guard case .object(var fields) = self else { return self }
        for name in names.split(whereSeparator: \.isWhitespace) { fields[String(name)] = .any }
        return .object(fields)
    }
}

/// A value read by a schema: what is left of it, and what was wrong with it.
struct SchemaReading {
    /// Paths of fields that the schema does not know; they are dropped.
    private(set) var unknown: [String] = []
    /// The first value of a wrong type, told as a decoder tells it.
    private(set) var mismatch: String?

    mutating func read(_ value: JSONValue, _ schema: FieldSchema, _ path: String = "") -> JSONValue {
        switch schema {
        case .any: return value
        case .string: return expect(value.string != nil, value, path, "string")
        case .boolean: return expect(value.bool != nil, value, path, "bool")
        case .integer: return expect(value.integer != nil, value, path, "int64")
        case .intOrString: return expect(value.integer != nil || value.string != nil, value, path, "IntOrString")
        case .microTime: return time(value, path)
        case .map(let element): return map(value, element, path)
        case .list(let element): return list(value, element, path)
        case .object(let fields): return object(value, fields, path)
        }
    }

    private mutating func expect(_ fits: Bool, _ value: JSONValue, _ path: String, _ type: String) -> JSONValue {
        if !fits, mismatch == nil {
            mismatch = "json: cannot unmarshal \(Self.name(of: value)) into Go struct field \(path) of type \(type)"
        }
        return value
    }

    static func name(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "bool"
        case .integer, .unsigned, .double: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    private mutating func time(_ value: JSONValue, _ path: String) -> JSONValue {
        let digits = (value.string ?? "").split(separator: ".").last?.prefix { $0.isNumber }.count ?? 0
        let isTime = value.string.flatMap { Timestamp($0) } != nil && value.string?.contains(".") == true
        if !(isTime && digits == 6), mismatch == nil {
            let shown = value.string ?? Self.name(of: value)
            mismatch = "parsing time \"\(shown)\" as \"2006-01-02T15:04:05.000000Z07:00\": cannot parse \"\(path)\""
        }
        return value
    }

    private mutating func map(_ value: JSONValue, _ element: FieldSchema, _ path: String) -> JSONValue {
        guard let members = value.object else { return expect(false, value, path, "map") }
        var kept = JSONObject()
        for member in members where !member.value.isNull {
            kept[member.key] = read(member.value, element, Self.join(path, member.key))
        }
        return .object(kept)
    }

    private mutating func list(_ value: JSONValue, _ element: FieldSchema, _ path: String) -> JSONValue {
        guard let elements = value.array else { return expect(false, value, path, "slice") }
        var kept: [JSONValue] = []
        for (index, item) in elements.enumerated() { kept.append(read(item, element, "\(path)[\(index)]")) }
        return .array(kept)
    }

    private mutating func object(
        _ value: JSONValue,
        _ fields: [String: FieldSchema],
        _ path: String
    ) -> JSONValue {
        guard let members = value.object else { return expect(false, value, path, "struct") }
        var kept = JSONObject()
        for member in members {
            guard let schema = fields[member.key] else {
                unknown.append(Self.join(path, member.key))
                continue
            }
            guard !member.value.isNull else { continue }
            kept[member.key] = read(member.value, schema, Self.join(path, member.key))
        }
        return .object(kept)
    }

    private static func join(_ path: String, _ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}
