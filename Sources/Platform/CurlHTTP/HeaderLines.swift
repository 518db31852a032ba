internal import HTTPExchange

/// A request's headers as libcurl takes them.
enum HeaderLines {
    static func write(_ request: HTTPRequest) -> [String] {
        var lines = request.headers.map { $0.value.isEmpty ? $0.name + ";" : "\($0.name): \($0.value)" }
        // libcurl adds these by itself unless they are taken away.
        for name in ["Accept", "Expect", "Content-Type"] where request.headers[name] == nil { lines.append(name + ":") }
        return lines
    }

    /// Why the request cannot be put on a wire; nil when it can.
    ///
    /// Names and values come from outside too: none may begin a line of its own.
    static func problem(with request: HTTPRequest) -> String? {
        for header in request.headers where !isToken(header.name) || header.value.utf8.contains(where: isControl) {
            return
                "the header “\(header.name.filter { $0.isLetter || $0 == "-" })” has characters that no header may have"
        }
        guard isToken(request.method) else { return "the method is none" }
        guard request.target.utf8.first == UInt8(ascii: "/"),
            request.target.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else { return "the path is not percent-encoded" }
        return nil
    }

    private static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 && byte != 0x09 || byte == 0x7f }

    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                    || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
    }
}
