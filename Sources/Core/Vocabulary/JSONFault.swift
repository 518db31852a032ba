/// Why a text is no JSON document, or one that we do not take.
package struct JSONFault: ActionableError, Hashable {
    package enum Reason: Sendable, Hashable {
        case unexpectedByte(UInt8)
        case unexpectedEnd
        case trailingText
        case invalidUTF8
        case invalidEscape
        case controlCharacter
        case invalidNumber
        case tooDeep(limit: Int)
        case tooLarge(limit: Int)
    }

    package var reason: Reason
    /// Bytes from the start of the text.
    package var offset: Int

    package init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    package var report: FaultReport {
        FaultReport(
            code: "JSON-001",
            what: "not a JSON document: \(sentence)",
            location: "byte \(offset)",
            remedy: remedy
        )
    }

    private var sentence: String {
        switch reason {
        case .unexpectedByte(let byte): "unexpected \(Self.shown(byte))"
        case .unexpectedEnd: "the text ends too early"
        case .trailingText: "there is more text after the document"
        case .invalidUTF8: "a string is not valid UTF-8"
        case .invalidEscape: "an escape sequence is not valid"
        case .controlCharacter: "a control character stands unescaped in a string"
        case .invalidNumber: "a number is not valid"
        case .tooDeep(let limit): "it nests deeper than \(limit) levels"
        case .tooLarge(let limit): "it is larger than \(limit) bytes"
        }
    }

    private var remedy: String {
        switch reason {
        case .tooDeep, .tooLarge: "send a smaller document"
        case .unexpectedEnd: "send the whole document; it looks cut off"
        case .unexpectedByte, .trailingText, .invalidUTF8, .invalidEscape, .controlCharacter, .invalidNumber:
            "send one JSON document in UTF-8 (RFC 8259)"
        }
    }

    private static func shown(_ byte: UInt8) -> String {
        (0x21...0x7e).contains(byte) ? "“\(Character(UnicodeScalar(byte)))”" : "byte 0x\(String(byte, radix: 16))"
    }
}
