internal import Vocabulary

/// Turns the array of a field into its alternatives.
enum FieldCompiler {
    static func field(_ alternatives: [JSONValue], at keys: [String]) throws(PatternFault) -> PatternField {
        guard !alternatives.isEmpty else { throw PatternFault("an empty array matches nothing", at: keys) }
        var field = PatternField(
            path: keys.joined(separator: ".").split(separator: ".", omittingEmptySubsequences: false).map(String.init),
            tests: [],
            allowsAbsence: false
        )
        for (index, alternative) in alternatives.enumerated() {
            if alternative == ["exists": false] {
                field.allowsAbsence = true
            } else {
                field.tests.append(try test(alternative, at: keys + ["\(index)"]))
            }
        }
        return field
    }

    private static func test(_ value: JSONValue, at keys: [String]) throws(PatternFault) -> FieldTest {
        switch value {
        case .string(let text): return IPLiteral.address(text).map(FieldTest.address) ?? .equals(value)
        case .null, .bool, .integer, .unsigned, .double: return .equals(value)
        case .array: throw PatternFault("an alternative may not be an array", at: keys)
        case .object(let members):
            let only = try onlyMember(members, at: keys)
            return try match(only.key, only.value, at: keys + [only.key])
        }
    }

    private static func onlyMember(_ members: JSONObject, at keys: [String]) throws(PatternFault) -> JSONObject.Member {
        guard let only = members.members.first, members.count == 1 else {
            throw PatternFault("a match expression has exactly one key", at: keys)
        }
        return only
    }

    private static func match(
        _ name: String,
        _ value: JSONValue,
        at keys: [String]
    ) throws(PatternFault) -> FieldTest {
        switch name {
        case "exactly": return .equals(.string(try text(value, at: keys)))
        case "prefix": return try affix(value, .prefix, at: keys)
        case "suffix": return try affix(value, .suffix, at: keys)
        case "equals-ignore-case": return .ignoringCase(CaselessText(try text(value, at: keys)), .whole)
        case "wildcard": return try wildcard(text(value, at: keys), at: keys)
        case "numeric": return .numeric(try NumericCompiler.range(value, at: keys))
        case "anything-but": return .noneOf(try excluded(value, at: keys))
        case "cidr": return try block(text(value, at: keys), at: keys)
        case "exists":
            guard value == true else { throw PatternFault("exists needs true or false", at: keys) }
            return .present
        default: throw PatternFault("no operator is called “\(name)”", at: keys)
        }
    }

    private static func text(_ value: JSONValue, at keys: [String]) throws(PatternFault) -> String {
        guard let text = value.string else { throw PatternFault("this operator needs a string", at: keys) }
        return text
    }

    private static func block(_ text: String, at keys: [String]) throws(PatternFault) -> FieldTest {
        guard let block = IPLiteral.block(text) else {
            throw PatternFault("not a block of addresses that EventBridge takes (IPv4 /0-/31, IPv6 /0-/127)", at: keys)
        }
        return .inside(block)
    }

    private static func wildcard(_ text: String, at keys: [String]) throws(PatternFault) -> FieldTest {
        do throws(WildcardText.Problem) {
            return .wildcard(try WildcardText(text))
        } catch {
            switch error {
            case .doubleStar: throw PatternFault("two * in a row are not allowed", at: keys)
            case .strayBackslash: throw PatternFault("a backslash may only escape * and itself", at: keys)
            }
        }
    }

    private static func affix(
        _ value: JSONValue,
        _ anchor: CaselessText.Anchor,
        at keys: [String]
    ) throws(PatternFault) -> FieldTest {
        guard case .object(let members) = value else {
            let text = try text(value, at: keys)
            return anchor == .prefix ? .prefix(text) : .suffix(text)
        }
        let only = try onlyMember(members, at: keys)
        guard only.key == "equals-ignore-case" else {
            throw PatternFault("only equals-ignore-case may stand inside", at: keys)
        }
        return .ignoringCase(CaselessText(try text(only.value, at: keys + [only.key])), anchor)
    }
}

// MARK: - anything-but

extension FieldCompiler {
    private static func excluded(_ value: JSONValue, at keys: [String]) throws(PatternFault) -> [FieldTest] {
        if case .object(let members) = value {
            let only = try onlyMember(members, at: keys)
            return try excludedTexts(only.key, only.value, at: keys + [only.key])
        }
        let values = value.array ?? [value]
        let texts = values.count { $0.string != nil }
        let numbers = values.count { $0.number != nil }
        guard !values.isEmpty, texts == values.count || numbers == values.count else {
            throw PatternFault("anything-but takes strings or numbers, not both, and nothing else", at: keys)
        }
        return values.map(FieldTest.equals)
    }

    private static func excludedTexts(
        _ name: String,
        _ value: JSONValue,
        at keys: [String]
    ) throws(PatternFault) -> [FieldTest] {
        let values = value.array ?? [value]
        guard !values.isEmpty else { throw PatternFault("an empty list excludes nothing", at: keys) }
        var tests: [FieldTest] = []
        for value in values { tests.append(try excludedText(name, text(value, at: keys), at: keys)) }
        return tests
    }

    private static func excludedText(
        _ name: String,
        _ text: String,
        at keys: [String]
    ) throws(PatternFault) -> FieldTest {
        switch name {
        case "prefix" where !text.isEmpty: return .prefix(text)
        case "suffix" where !text.isEmpty: return .suffix(text)
        case "prefix", "suffix": throw PatternFault("an empty \(name) would exclude every string", at: keys)
        case "equals-ignore-case": return .ignoringCase(CaselessText(text), .whole)
        case "wildcard": return try wildcard(text, at: keys)
        default:
            throw PatternFault("anything-but takes prefix, suffix, equals-ignore-case or wildcard inside", at: keys)
        }
    }
}
