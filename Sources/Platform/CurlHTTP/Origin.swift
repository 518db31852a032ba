/// The parts of `https://10.0.0.1:6443`; an IPv6 address stays in its brackets.
struct Origin: Equatable {
    var scheme: String
    var host: String
    var port: Int

    init?(_ text: String) {
        guard let mark = text.firstRange(of: "://") else { return nil }
        scheme = String(text[..<mark.lowerBound])
        let rest = text[mark.upperBound...]
        let end = rest.lastIndex(of: "]").map { rest.index(after: $0) } ?? rest.startIndex
        guard let colon = rest[end...].lastIndex(of: ":") else {
            host = String(rest)
            port = scheme == "http" ? 80 : 443
            return
        }
        guard let number = Int(rest[rest.index(after: colon)...]), (1...65_535).contains(number) else { return nil }
        host = String(rest[..<colon])
        port = number
    }
}
