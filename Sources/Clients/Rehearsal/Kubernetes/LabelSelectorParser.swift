internal import Vocabulary

/// Reads `app in (a, b), tier, !quarantined, zone!=x`.
struct LabelSelectorParser {
    private var tokens: [String] = []
    private var place = 0

    init(_ text: String) {
        var word = ""
        var rest = Substring(text)
        while let sign = rest.popFirst() {
            if sign.isWhitespace || "(),=!".contains(sign) {
                if !word.isEmpty { tokens.append(word) }
                word = ""
                guard !sign.isWhitespace else { continue }
                var token = String(sign)
                if "=!".contains(sign), rest.first == "=" { token.append(rest.removeFirst()) }
                tokens.append(token)
            } else {
                word.append(sign)
            }
        }
        if !word.isEmpty { tokens.append(word) }
    }

    private var next: String? { place < tokens.count ? tokens[place] : nil }

    private mutating func take() -> String? {
        defer { place += 1 }
        return next
    }

    private static let signs: Set<String> = ["(", ")", ",", "=", "==", "!", "!="]

    mutating func requirements() throws(StatusAnswer) -> [LabelSelector.Requirement] {
        var list: [LabelSelector.Requirement] = []
        while next != nil {
            list.append(try requirement())
            guard let separator = take() else { break }
            guard separator == ",", next != nil else {
                throw .badRequest("found '\(separator)', expected: ',' or 'end of string'")
            }
        }
        return list
    }

    private mutating func requirement() throws(StatusAnswer) -> LabelSelector.Requirement {
        if next == "!" {
            place += 1
            return .init(key: try key(), operation: .doesNotExist, values: [])
        }
        let key = try key()
        switch next {
        case nil, ",": return .init(key: key, operation: .exists, values: [])
        case "=", "==":
            place += 1
            return .init(key: key, operation: .isIn, values: [try value()])
        case "!=":
            place += 1
            return .init(key: key, operation: .notIn, values: [try value()])
        case "in", "notin":
            let operation: LabelSelector.Operator = take() == "in" ? .isIn : .notIn
            return .init(key: key, operation: operation, values: try values())
        case let other?:
            throw Self.unparsable("found '\(other)', expected: in, notin, =, ==, !=, gt, lt")
        }
    }

    private mutating func key() throws(StatusAnswer) -> String {
        let found = take()
        guard let found, !Self.signs.contains(found) else {
            throw Self.unparsable("found '\(found ?? "")', expected: identifier")
        }
        guard NameSyntax.isLabelKey(found) else {
            throw Self.unparsable(
                "<nil>: Invalid value: \"\(found)\": name part must consist of alphanumeric characters"
            )
        }
        return found
    }

    /// An empty value is one too: `key=`.
    private mutating func value() throws(StatusAnswer) -> String {
        guard let found = next, found != "," else { return "" }
        guard !Self.signs.contains(found) else { throw Self.unparsable("found '\(found)', expected: identifier") }
        place += 1
        return try checked(found)
    }

    private mutating func values() throws(StatusAnswer) -> [String] {
        guard take() == "(" else { throw Self.unparsable("found '\(next ?? "")' expected: '('") }
        var list: [String] = []
        while let found = take() {
            if found == ")" { return list }
            if found == "," { continue }
            guard !Self.signs.contains(found) else { break }
            list.append(try checked(found))
        }
        throw Self.unparsable("found '\(next ?? "")', expected: ',' or ')'")
    }

    private func checked(_ value: String) throws(StatusAnswer) -> String {
        guard NameSyntax.isLabelValue(value) else {
            throw Self.unparsable("<nil>: Invalid value: \"\(value)\": a valid label must consist of alphanumerics")
        }
        return value
    }

    private static func unparsable(_ text: String) -> StatusAnswer {
        .badRequest("unable to parse requirement: \(text)")
    }
}
