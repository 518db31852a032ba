package import Vocabulary

/// A JSON patch (RFC 6902): all of its operations, or none.
package enum JSONPatch {
    /// Why a patch did not apply.
    package enum Failure: Error, Hashable {
        /// The patch is no list of operations.
        case notAPatch
        case unknownOperation
        case badPointer(String)
        case missing(String)
        case testFailed(String)
        case tooLarge
    }

    /// More operations than this are refused, as the API server does.
    package static let operationLimit = 10_000

    package static func apply(_ patch: JSONValue, to document: JSONValue) throws(Failure) -> JSONValue {
        guard let operations = patch.array else { throw .notAPatch }
        guard operations.count <= operationLimit else { throw .tooLarge }
        var result = document
        var copied = 0
        for operation in operations {
            if ["copy", "move"].contains(operation["op"]?.string ?? "") {
                let extent = extent(of: try JSONPointer(operation["from"]).find(in: result))
                copied += extent.size
                let depth = extent.depth + (try JSONPointer(operation["path"]).tokens.count)
                guard copied <= copyLimit, depth <= depthLimit else { throw .tooLarge }
            }
            result = try apply(one: operation, to: result)
        }
        return result
    }

    /// Values that all copies of one patch may bring together: a document copied into itself doubles each time.
    private static let copyLimit = 500_000

    /// A value that moves down again and again would nest without end.
    private static let depthLimit = 200

    private static func extent(of value: JSONValue) -> (size: Int, depth: Int) {
        let children: [JSONValue]
        switch value {
        case .null, .bool, .integer, .unsigned, .double, .string: return (1, 1)
        case .array(let elements): children = elements
        case .object(let members): children = members.values
        }
        var size = 1
        var depth = 0
        for child in children {
            let below = extent(of: child)
            size += below.size
            depth = max(depth, below.depth)
        }
        return (size, depth + 1)
    }

    private static func apply(one operation: JSONValue, to document: JSONValue) throws(Failure) -> JSONValue {
        let path = try JSONPointer(operation["path"])
        switch operation["op"]?.string {
        case "add": return try path.add(required(operation), to: document)
        case "remove": return try path.remove(from: document).rest
        case "replace":
            _ = try path.find(in: document)
            return try path.set(required(operation), in: document)
        case "test":
            guard try path.find(in: document) == required(operation) else { throw .testFailed(path.text) }
            return document
        case "copy": return try path.add(try JSONPointer(operation["from"]).find(in: document), to: document)
        case "move":
            let from = try JSONPointer(operation["from"])
            guard !path.isInside(from) else { throw .badPointer(path.text) }
            let (rest, moved) = try from.remove(from: document)
            return try path.add(moved, to: rest)
        default: throw .unknownOperation
        }
    }

    private static func required(_ operation: JSONValue) throws(Failure) -> JSONValue {
        guard let value = operation["value"] else { throw .missing("value") }
        return value
    }
}

/// A JSON pointer (RFC 6901).
package struct JSONPointer: Hashable {
    package let text: String
    let tokens: [String]

    init(_ value: JSONValue?) throws(JSONPatch.Failure) {
        guard let text = value?.string else { throw .badPointer("") }
        guard let pointer = JSONPointer(text) else { throw .badPointer(text) }
        self = pointer
    }

    package init?(_ text: String) {
        guard text.isEmpty || text.hasPrefix("/"), text.utf8.count <= 4_096 else { return nil }
        self.text = text
        tokens = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { token in
            String(token.replacing("~1", with: "/").replacing("~0", with: "~"))
        }
        guard tokens.count <= 128 else { return nil }
    }

    /// Whether this points below another.
    func isInside(_ other: JSONPointer) -> Bool {
        tokens.count > other.tokens.count && tokens.starts(with: other.tokens)
    }

    /// The value it points to; nil when there is none.
    package func value(in document: JSONValue) -> JSONValue? {
        var value = document
        for token in tokens {
            guard let next = value[token] ?? Self.index(token).flatMap({ value[$0] }) else { return nil }
            value = next
        }
        return value
    }

    func find(in document: JSONValue) throws(JSONPatch.Failure) -> JSONValue {
        guard let value = value(in: document) else { throw .missing(text) }
        return value
    }

    func set(_ value: JSONValue, in document: JSONValue) throws(JSONPatch.Failure) -> JSONValue {
        try edit(document, tokens[...]) { (parent, token) throws(JSONPatch.Failure) in
            try Self.assign(value, token, parent, isInsert: false)
        } whole: {
            value
        }
    }

    func add(_ value: JSONValue, to document: JSONValue) throws(JSONPatch.Failure) -> JSONValue {
        try edit(document, tokens[...]) { (parent, token) throws(JSONPatch.Failure) in
            try Self.assign(value, token, parent, isInsert: true)
        } whole: {
            value
        }
    }

    func remove(from document: JSONValue) throws(JSONPatch.Failure) -> (rest: JSONValue, removed: JSONValue) {
        let removed = try find(in: document)
        let rest = try edit(document, tokens[...]) { (parent, token) throws(JSONPatch.Failure) in
            if var members = parent.object {
                members[token] = nil
                return .object(members)
            }
            guard var elements = parent.array, let index = Self.index(token), elements.indices.contains(index) else {
                throw JSONPatch.Failure.missing(token)
            }
            elements.remove(at: index)
            return .array(elements)
        } whole: {
            .null
        }
        return (rest, removed)
    }

    private func edit(
        _ value: JSONValue,
        _ path: ArraySlice<String>,
        _ change: (JSONValue, String) throws(JSONPatch.Failure) -> JSONValue,
        whole: () -> JSONValue
    ) throws(JSONPatch.Failure) -> JSONValue {
        guard let token = path.first else { return whole() }
        guard path.count > 1 else { return try change(value, token) }
        if var members = value.object, let child = members[token] {
            members[token] = try edit(child, path.dropFirst(), change, whole: whole)
            return .object(members)
        }
        if var elements = value.array, let index = Self.index(token), elements.indices.contains(index) {
            elements[index] = try edit(elements[index], path.dropFirst(), change, whole: whole)
            return .array(elements)
        }
        throw .missing(text)
    }

    private static func assign(
        _ value: JSONValue,
        _ token: String,
        _ parent: JSONValue,
        isInsert: Bool
    ) throws(JSONPatch.Failure) -> JSONValue {
        if var members = parent.object {
            members[token] = value
            return .object(members)
        }
        guard var elements = parent.array else { throw .missing(token) }
        let index = token == "-" && isInsert ? elements.count : Self.index(token)
        guard let index, index <= elements.count, isInsert || index < elements.count else { throw .missing(token) }
        if isInsert { elements.insert(value, at: index) } else { elements[index] = value }
        return .array(elements)
    }

    /// Digits without a leading zero.
    private static func index(_ token: String) -> Int? {
        guard token == "0" || (!token.hasPrefix("0") && token.utf8.allSatisfy { (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(token)
    }
}
