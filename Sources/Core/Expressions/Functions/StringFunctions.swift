import Vocabulary

/// The strings extension; places count Unicode scalars.
enum StringFunctions {
    static let all: [Function] = [
        text("charAt", [[.int]], .string, charAt),
        text("indexOf", [[.string], [.string, .int]], .int, indexOf),
        text("lastIndexOf", [[.string], [.string, .int]], .int, lastIndexOf),
        text("substring", [[.int], [.int, .int]], .string, substring),
        text("replace", [[.string, .string], [.string, .string, .int]], .string, StringRewriting.replace),
        text("split", [[.string], [.string, .int]], .list(.string), StringRewriting.split),
        text("trim", [[]], .string, StringRewriting.trim),
        text("lowerAscii", [[]], .string, StringRewriting.lowerASCII),
        text("upperAscii", [[]], .string, StringRewriting.upperASCII),
        text("reverse", [[]], .string, StringRewriting.reverse),
        text("format", [[.list(.dyn)]], .string, TextFormat.format),
        Function(
            "join",
            isMember: true,
            [Overload([.list(.string)], .string), Overload([.list(.string), .string], .string)],
            StringRewriting.join
        ),
        Function("strings.quote", [Overload([.string], .string)], StringRewriting.quote),
    ]

    private static func text(
        _ name: String,
        _ parameters: [[ExpressionType]],
        _ result: ExpressionType,
        _ body: @escaping Function.Body
    ) -> Function {
        Function(name, isMember: true, parameters.map { Overload([.string] + $0, result) }, body)
    }

    static func outOfRange(_ index: Int64, _ count: Int) -> ExpressionFault {
        .evaluation("the place \(index) is outside the text of \(count) characters")
    }

    @Sendable private static func charAt(
        _ arguments: [CELValue],
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue? {
        guard arguments.count == 2, case .string(let text) = arguments[0], case .int(let index) = arguments[1] else {
            return nil
        }
        let scalars = Array(text.unicodeScalars)
        guard let place = Int(exactly: index), (0...scalars.count).contains(place) else {
            throw outOfRange(index, scalars.count)
        }
        return .string(place < scalars.count ? String(scalars[place]) : "")
    }

    @Sendable private static func substring(
        _ arguments: [CELValue],
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue? {
        guard (2...3).contains(arguments.count), case .string(let text) = arguments[0],
            case .int(let start) = arguments[1]
        else { return nil }
        let scalars = Array(text.unicodeScalars)
        var end = Int64(scalars.count)
        if arguments.count == 3 {
            guard case .int(let given) = arguments[2] else { return nil }
            end = given
        }
        guard start >= 0, start <= scalars.count else { throw outOfRange(start, scalars.count) }
        guard end >= 0, end <= scalars.count else { throw outOfRange(end, scalars.count) }
        guard start <= end else { throw .evaluation("the substring ends at \(end), before its start at \(start)") }
        return .string(String(scalars[Int(start)..<Int(end)]))
    }

    /// Text, part and the optional place of a search.
    private static func search(
        _ arguments: [CELValue]
    ) throws(ExpressionFault) -> (text: [Unicode.Scalar], part: [Unicode.Scalar], from: Int64?)? {
        guard (2...3).contains(arguments.count), case .string(let text) = arguments[0],
            case .string(let part) = arguments[1]
        else { return nil }
        let scalars = (Array(text.unicodeScalars), Array(part.unicodeScalars))
        guard arguments.count == 3 else { return (scalars.0, scalars.1, nil) }
        guard case .int(let from) = arguments[2] else { return nil }
        guard from >= 0 else { throw outOfRange(from, scalars.0.count) }
        return (scalars.0, scalars.1, from)
    }

    @Sendable private static func indexOf(
        _ arguments: [CELValue],
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue? {
        guard let (text, part, from) = try search(arguments) else { return nil }
        let start = from ?? 0
        guard !part.isEmpty else { return .int(start) }
        guard start < text.count else { return .int(-1) }
        let place = Search(for: part).first(in: text, from: Int(start))
        return .int(Int64(place ?? -1))
    }

    @Sendable private static func lastIndexOf(
        _ arguments: [CELValue],
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue? {
        guard let (text, part, from) = try search(arguments) else { return nil }
        guard !part.isEmpty else { return .int(from ?? Int64(text.count)) }
        if let from, from >= text.count { return .int(-1) }
        // The last occurrence that begins at or before `from` is the first one in the text read backwards.
        let end = min(Int64(text.count), (from ?? Int64(text.count)) + Int64(part.count))
        let backwards = Array(text[..<Int(end)].reversed())
        let place = Search(for: Array(part.reversed())).first(in: backwards, from: 0)
        return .int(place.map { end - Int64($0) - Int64(part.count) } ?? -1)
    }
}

extension String {
    init(_ scalars: some Sequence<Unicode.Scalar>) {
        var view = String.UnicodeScalarView()
        for scalar in scalars { view.append(scalar) }
        self.init(view)
    }
}
