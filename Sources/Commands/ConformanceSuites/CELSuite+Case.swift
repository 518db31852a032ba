import Expressions
import Host
import Vocabulary

/// One case of the corpus.
struct CELCase {
    private let source: String
    private let container: String
    private let variables: [String: CELValue]
    private let expected: Expectation

    private enum Expectation {
        case value(CELValue)
        /// The text is the upstream's hint; it is not compared.
        case error(String)
    }

    init(_ json: JSONValue) throws(CELCorpusFault) {
        guard let source = json["expr"]?.string else { throw CELCorpusFault(what: "“expr” is missing") }
        self.source = source
        container = json["container"]?.string ?? ""
        var variables: [String: CELValue] = [:]
        for member in json["bindings"]?.object ?? JSONObject() {
            variables[member.key] = try CELNotation.value(member.value)
        }
        self.variables = variables
        if let value = json["expected"]?["value"] {
            expected = .value(try CELNotation.value(value))
        } else if let hint = json["expected"]?["error"]?.string {
            expected = .error(hint)
        } else {
            throw CELCorpusFault(what: "“expected” has neither “value” nor “error”")
        }
    }

    /// What is wrong with the outcome; nil when it is as expected.
    func complaint() -> String? {
        let outcome = outcome()
        switch (expected, outcome) {
        case (.value(let wanted), .success(let value)):
            return value == wanted ? nil : "expected \(Self.shown(wanted)), got \(Self.shown(value))"
        case (.value(let wanted), .failure(let fault)):
            return "expected \(Self.shown(wanted)), got the fault: \(fault.message)"
        case (.error, .failure): return nil
        case (.error(let hint), .success(let value)): return "expected a fault (\(hint)), got \(Self.shown(value))"
        }
    }

    private func outcome() -> Result<CELValue, ExpressionFault> {
        do throws(ExpressionFault) {
            let expression = try CompiledExpression(source, container: container)
            return .success(
                try expression.evaluate(variables, zones: { HostZones.file($0).flatMap { TimeZoneRules(tzif: $0) } })
            )
        } catch {
            return .failure(error)
        }
    }

    private static func shown(_ value: CELValue) -> String {
        var text = value.text ?? "\(value)"
        if text.utf8.count > 200 { text = String(text.prefix(200)) + "…" }
        return "\(value.type) \(text)"
    }
}

/// Reads values as the corpus writes them: an object with one key, the type.
enum CELNotation {
    static func value(_ json: JSONValue) throws(CELCorpusFault) -> CELValue {
        guard let member = json.object?.members.first, json.object?.count == 1 else {
            throw CELCorpusFault(what: "a value is an object with one key, its type")
        }
        if let value = try compound(member.key, member.value) ?? scalar(member.key, member.value) { return value }
        throw CELCorpusFault(what: "“\(member.key)” is no type with that value")
    }

    private static func compound(_ type: String, _ json: JSONValue) throws(CELCorpusFault) -> CELValue? {
        switch type {
        case "json": return CELValue(json)
        case "list":
            var elements: [CELValue] = []
            for element in json.array ?? [] { elements.append(try value(element)) }
            return .list(elements)
        case "map":
            var map = CELMap()
            for pair in json.array ?? [] {
                guard let key = pair[0], let element = pair[1], map.insert(try value(key), try value(element)) else {
                    throw CELCorpusFault(what: "a map is a list of pairs with different keys")
                }
            }
            return .map(map)
        default: return nil
        }
    }

    private static func scalar(_ type: String, _ json: JSONValue) -> CELValue? {
        switch (type, json) {
        case ("null", .null): .null
        case ("bool", .bool(let flag)): .bool(flag)
        case ("int", .string(let text)): Int64(text).map { .int($0) }
        case ("uint", .string(let text)): UInt64(text).map { .uint($0) }
        case ("double", .string(let text)): Double(text).map { .double($0) }
        case ("string", .string(let text)): .string(text)
        case ("bytes", .string(let text)): bytes(text)
        case ("timestamp", .string(let text)): CELTimestamp(text).map { .timestamp($0) }
        case ("duration", .string(let text)): CELDuration(text).map { .duration($0) }
        case ("type", .string(let text)): .type(CELType(text))
        default: nil
        }
    }

    /// Base64 through the language's own decoder.
    private static func bytes(_ text: String) -> CELValue? {
        // A text that is no Base64 becomes nil here and is reported as an unreadable case by the caller.
        try? CompiledExpression("base64.decode(text)").evaluate(["text": .string(text)])
    }
}
