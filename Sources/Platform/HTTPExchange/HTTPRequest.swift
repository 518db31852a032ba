/// One header; names are compared without regard to case.
package struct HTTPHeader: Sendable, Hashable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// A request as it goes on the wire.
package struct HTTPRequest: Sendable, Hashable {
    package var method: String
    /// Scheme, host and port, such as `https://10.0.0.1:443`; no trailing slash.
    package var origin: String
    /// Path and query, percent-encoded, beginning with a slash.
    package var target: String
    package var headers: [HTTPHeader]
    package var body: [UInt8]
    /// For the whole exchange; nil is the transport's own.
    package var timeout: Duration?

    package init(
        method: String,
        origin: String,
        target: String,
        headers: [HTTPHeader] = [],
        body: [UInt8] = [],
        timeout: Duration? = nil
    ) {
        self.method = method
        self.origin = origin
        self.target = target
        self.headers = headers
        self.body = body
        self.timeout = timeout
    }

    /// Whether sending it twice is the same as sending it once.
    package var isRead: Bool { method == "GET" || method == "HEAD" }
}

/// An answer, its body read to the end.
package struct HTTPResponse: Sendable, Hashable {
    package var status: Int
    package var headers: [HTTPHeader]
    package var body: [UInt8]

    package init(status: Int, headers: [HTTPHeader] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

extension [HTTPHeader] {
    /// The first value of a header, by name without regard to case.
    package subscript(name: String) -> String? {
        first { Self.isSame($0.name.utf8, name.utf8) }?.value
    }

    private static func isSame(_ one: String.UTF8View, _ other: String.UTF8View) -> Bool {
        one.count == other.count && zip(one, other).allSatisfy { lowercase($0) == lowercase($1) }
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }
}
