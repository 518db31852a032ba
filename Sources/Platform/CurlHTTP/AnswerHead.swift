internal import HTTPExchange

/// The headers of an answer, line by line as they come; of several heads (100 Continue, a proxy's) the last counts.
struct AnswerHead {
    private(set) var headers: [HTTPHeader] = []
    private(set) var status = 0
    /// Whether its last line has come; heads of 1xx do not count.
    private(set) var isComplete = false
    /// Bytes of all heads together.
    private(set) var size = 0

    /// Of the body, as its sender says; what comes may be another length.
    var length: Int? { headers["content-length"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } }

    mutating func take(_ line: String) {
        // By bytes: a line in Characters costs more than all else that we do for a small answer.
        let bytes = line.utf8
        size += bytes.count
        if bytes.starts(with: "HTTP/".utf8) {
            headers = []
            status = Self.status(bytes)
            return
        }
        if bytes.allSatisfy({ $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }) { isComplete = status >= 200 }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return }
        headers.append(HTTPHeader(Self.trim(bytes[..<colon]), Self.trim(bytes[bytes.index(after: colon)...])))
    }

    /// Of “HTTP/1.1 200 OK” or “HTTP/2 200”; 0 when there is none.
    private static func status(_ line: String.UTF8View) -> Int {
        let rest = line.drop { $0 != UInt8(ascii: " ") }.drop { $0 == UInt8(ascii: " ") }
        return Int(Substring(rest.prefix(3))) ?? 0
    }

    private static func trim(_ text: Substring.UTF8View) -> String {
        let rest = text.drop(while: isSpace)
        guard let last = rest.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(Substring(rest[...last]))
    }

    /// A blank, a tabulator, or an end of the line.
    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
}
