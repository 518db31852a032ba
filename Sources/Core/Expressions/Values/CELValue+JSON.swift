package import Vocabulary

extension CELValue {
    /// A JSON document as CEL sees it: numbers without point that fit are ints, other numbers doubles; texts stay texts.
    package init(_ json: JSONValue) {
        switch json {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .integer(let number): self = .int(number)
        case .unsigned(let number): self = .double(Double(number))
        case .double(let number): self = .double(number)
        case .string(let text): self = .string(text)
        case .array(let elements): self = .list(elements.map { CELValue($0) })
        case .object(let object):
            self = .map(CELMap(object.map { (.string($0.key), CELValue($0.value)) }))
        }
    }

    /// The value as a JSON document; timestamps, durations, addresses and bytes (Base64) become texts.
    /// - Throws: for maps with keys that are no strings, for NaN and infinities, types and absent optionals.
    package func json() throws(ExpressionFault) -> JSONValue {
        switch self {
        case .null: return .null
        case .bool(let flag): return .bool(flag)
        case .int(let number): return .integer(number)
        case .uint(let number): return Int64(exactly: number).map { .integer($0) } ?? .unsigned(number)
        case .double(let number):
            guard number.isFinite else { throw Self.noJSON("\(number)") }
            return .double(number)
        case .list(let elements):
            var array: [JSONValue] = []
            for element in elements { array.append(try element.json()) }
            return .array(array)
        case .map(let map): return .object(try Self.object(map))
        case .optional(let inner?): return try inner.json()
        case .string, .bytes, .timestamp, .duration, .address, .network:
            return .string(text ?? "")
        case .type, .optional(nil): throw Self.noJSON("a value of type \(type)")
        }
    }

    private static func object(_ map: CELMap) throws(ExpressionFault) -> JSONObject {
        var pairs: [(String, JSONValue)] = []
        for (key, value) in zip(map.keys, map.values) {
            guard case .string(let name) = key else { throw noJSON("a map with keys of type \(key.type)") }
            pairs.append((name, try value.json()))
        }
        return JSONObject(pairs)
    }

    private static func noJSON(_ what: String) -> ExpressionFault {
        ExpressionFault(.evaluate, "\(what) cannot be written as JSON", at: 0)
    }

    /// How the value reads inside a longer text: strings as they are, lists and maps as JSON.
    ///
    /// Nil for what has no text: null, types, absent optionals, maps that are no JSON objects.
    package var text: String? {
        switch self {
        case .bool(let flag): return flag ? "true" : "false"
        case .int(let number): return String(number)
        case .uint(let number): return String(number)
        case .double(let number): return number.celText
        case .string(let text): return text
        case .bytes(let bytes): return Base64.encode(bytes)
        case .timestamp(let moment): return moment.text
        case .duration(let length): return length.text
        case .address(let address): return address.description
        case .network(let network): return "\(network.address)/\(network.prefixLength)"
        case .optional(let inner): return inner?.text
        case .list, .map:
            // A document that cannot be written has no text; the caller says so with the place in its template.
            guard let json = try? json() else { return nil }
            return JSONWriter.compact(json)
        case .null, .type: return nil
        }
    }
}

extension Double {
    /// The shortest text that reads back the same, without a point for whole numbers: `92.5`, `3`, `-Infinity`.
    var celText: String {
        if isNaN { return "NaN" }
        if isInfinite { return self < 0 ? "-Infinity" : "Infinity" }
        let shortest = description
        guard !shortest.contains("e") else { return shortest }
        return shortest.hasSuffix(".0") ? String(shortest.dropLast(2)) : shortest
    }
}
