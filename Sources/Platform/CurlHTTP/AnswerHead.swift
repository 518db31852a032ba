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
        size += line.utf8.count
        if line.hasPrefix("HTTP/") {
            headers = []
            // “HTTP/1.1 200 OK”, “HTTP/2 200”
            status = line.split(separator: " ").dropFirst().first.flatMap { Int($0.prefix(3)) } ?? 0
            return
        }
        if line.allSatisfy(\.isNewline) { isComplete = status >= 200 }
        guard let colon = line.firstIndex(of: ":") else { return }
        headers.append(HTTPHeader(Self.trim(line[..<colon]), Self.trim(line[line.index(after: colon)...])))
    }

    private static func trim(_ text: Substring) -> String {
        // “\r\n” is one Character.
        let rest = text.drop { $0.isWhitespace }
        guard let last = rest.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(rest[...last])
    }
}
