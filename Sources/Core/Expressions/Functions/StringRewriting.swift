import Vocabulary

/// Functions that make new texts out of old ones.
enum StringRewriting {
    private static func scalars(_ value: CELValue) -> [Unicode.Scalar]? {
        if case .string(let text) = value { Array(text.unicodeScalars) } else { nil }
    }

    /// How many pieces a last argument allows; a negative one means all.
    private static func limit(_ arguments: [CELValue], at place: Int) -> Int? {
        guard arguments.count > place else { return Int.max }
        guard case .int(let number) = arguments[place] else { return nil }
        return number < 0 ? Int.max : Int(clamping: number)
    }

    @Sendable static func replace(
        _ arguments: [CELValue],
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue? {
        guard (3...4).contains(arguments.count), let text = scalars(arguments[0]), let old = scalars(arguments[1]),
            let new = scalars(arguments[2]), let limit = limit(arguments, at: 3)
        else { return nil }
        let places = Search(for: old).all(in: text, limit: limit)
        try run.charge(places.count, times: new.count)
        var result: [Unicode.Scalar] = []
        var rest = 0
        for place in places {
            result += text[rest..<place]
            result += new
            rest = place + old.count
        }
        result += text[rest...]
        return .string(String(result))
    }

    @Sendable static func split(
        _ arguments: [CELValue],
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue? {
        guard (2...3).contains(arguments.count), let text = scalars(arguments[0]),
            let separator = scalars(arguments[1]), let limit = limit(arguments, at: 2)
        else { return nil }
        guard limit > 0 else { return .list([]) }
        guard !separator.isEmpty else { return .list(characters(text, limit: limit)) }
        var pieces: [CELValue] = []
        var rest = 0
        for place in Search(for: separator).all(in: text, limit: limit - 1) {
            pieces.append(.string(String(text[rest..<place])))
            rest = place + separator.count
        }
        pieces.append(.string(String(text[rest...])))
        try run.charge(pieces.count)
        return .list(pieces)
    }

    private static func characters(_ text: [Unicode.Scalar], limit: Int) -> [CELValue] {
        guard text.count > limit else { return text.map { .string(String($0)) } }
        let pieces: [CELValue] = text[..<(limit - 1)].map { .string(String($0)) }
        return pieces + [.string(String(text[(limit - 1)...]))]
    }

    @Sendable static func join(
        _ arguments: [CELValue],
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue? {
        guard (1...2).contains(arguments.count), case .list(let elements) = arguments[0] else { return nil }
        var separator = ""
        if arguments.count == 2 {
            guard case .string(let text) = arguments[1] else { return nil }
            separator = text
        }
        var result = ""
        for (place, element) in elements.enumerated() {
            guard case .string(let text) = element else {
                throw .evaluation("join needs a list of strings; element \(place) is of type \(element.type)")
            }
            try run.charge(1 + (text.utf8.count + separator.utf8.count) / 16)
            if place > 0 { result += separator }
            result += text
        }
        return .string(result)
    }

    @Sendable static func trim(
        _ arguments: [CELValue],
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue? {
        guard arguments.count == 1, let text = scalars(arguments[0]) else { return nil }
        let start = text.firstIndex { !$0.properties.isWhitespace } ?? text.endIndex
        let end = text.lastIndex { !$0.properties.isWhitespace } ?? start
        return .string(start < text.endIndex ? String(text[start...end]) : "")
    }

    @Sendable static func lowerASCII(
        _ arguments: [CELValue],
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue? {
        mapped(arguments, "A"..."Z") { $0 + 0x20 }
    }

    @Sendable static func upperASCII(
        _ arguments: [CELValue],
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue? {
        mapped(arguments, "a"..."z") { $0 - 0x20 }
    }

    private static func mapped(
        _ arguments: [CELValue],
        _ range: ClosedRange<Unicode.Scalar>,
        _ change: (UInt32) -> UInt32
    ) -> CELValue? {
        guard arguments.count == 1, let text = scalars(arguments[0]) else { return nil }
        var result = String.UnicodeScalarView()
        for scalar in text {
            let other = range.contains(scalar) ? Unicode.Scalar(change(scalar.value)) : scalar
            result.append(other ?? scalar)
        }
        return .string(String(result))
    }

    @Sendable static func reverse(
        _ arguments: [CELValue],
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue? {
        guard arguments.count == 1, let text = scalars(arguments[0]) else { return nil }
        return .string(String(text.reversed()))
    }

    private static let quoted: [Unicode.Scalar: String] = [
        "\u{7}": "\\a", "\u{8}": "\\b", "\u{c}": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u{b}": "\\v",
        "\\": "\\\\", "\"": "\\\"",
    ]

    @Sendable static func quote(
        _ arguments: [CELValue],
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue? {
        guard arguments.count == 1, let text = scalars(arguments[0]) else { return nil }
        var result = "\""
        for scalar in text {
            if let escape = quoted[scalar] { result += escape } else { result.unicodeScalars.append(scalar) }
        }
        return .string(result + "\"")
    }
}
