internal import Vocabulary

/// Operations of RFC 6902, written one by one.
struct JSONPatch {
    private(set) var operations: [JSONValue] = []

    mutating func test(_ path: [String], _ value: JSONValue) { append("test", path, value) }
    mutating func add(_ path: [String], _ value: JSONValue) { append("add", path, value) }
    mutating func replace(_ path: [String], _ value: JSONValue) { append("replace", path, value) }
    mutating func remove(_ path: [String]) { append("remove", path, nil) }

    var document: JSONValue { .array(operations) }

    private mutating func append(_ operation: String, _ path: [String], _ value: JSONValue?) {
        var object: JSONObject = ["op": .string(operation), "path": .string(Self.pointer(path))]
        object["value"] = value
        operations.append(.object(object))
    }

    /// RFC 6901: `~` and `/` inside a key are escaped, the tilde first.
    static func pointer(_ path: [String]) -> String {
        path.map { key in
            var text = "/"
            for character in key.unicodeScalars {
                switch character {
                case "~": text += "~0"
                case "/": text += "~1"
                default: text.unicodeScalars.append(character)
                }
            }
            return text
        }
        .joined()
    }
}
