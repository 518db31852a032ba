package import HTTPExchange
internal import OpenSSLCrypto

/// A request in the one form that both sides sign.
///
/// Paths lose dot segments and double slashes and are encoded once more, as every service but S3 does it.
/// - Source: AWS, “Create a signed AWS API request”.
package struct CanonicalRequest: Sendable, Hashable {
    package var text: String
    /// Names joined with `;`.
    package var signedHeaders: String

    package init(_ request: HTTPRequest) {
        let target = Array(request.target.utf8)
        let end = target.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        let headers = CanonicalHeaders(request)
        signedHeaders = headers.names.joined(separator: ";")
        text = [
            request.method, Self.path(target[..<end]), Self.query(target[end...].dropFirst()), headers.text,
            signedHeaders, request.headers["x-amz-content-sha256"] ?? SHA256.hex(request.body),
        ].joined(separator: "\n")
    }

    private static func path(_ path: ArraySlice<UInt8>) -> String {
        let slash = UInt8(ascii: "/")
        var segments: [ArraySlice<UInt8>] = []
        for segment in path.split(separator: slash) where !segment.elementsEqual(".".utf8) {
            if segment.elementsEqual("..".utf8) { _ = segments.popLast() } else { segments.append(segment) }
        }
        let end = path.last == slash && !segments.isEmpty ? "/" : ""
        return "/" + segments.map { PercentEncoding.encode(Array($0)) }.joined(separator: "/") + end
    }

    /// Sorted by encoded name, then by encoded value.
    private static func query(_ query: ArraySlice<UInt8>) -> String {
        query.split(separator: UInt8(ascii: "&")).map { pair in
            let halves = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            return (encodedOnce(halves[0]), halves.count > 1 ? encodedOnce(halves[1]) : "")
        }
        .sorted { $0 < $1 }
        .map { "\($0.0)=\($0.1)" }
        .joined(separator: "&")
    }

    /// Escapes what must be, and writes escapes that are there in capitals; a broken one is taken as it stands.
    private static func encodedOnce(_ text: ArraySlice<UInt8>) -> String {
        PercentEncoding.encode(PercentEncoding.bytes(text, plusIsSpace: false) ?? Array(text))
    }
}

/// The headers of a request that are signed, folded and in order.
private struct CanonicalHeaders {
    private(set) var names: [String]
    private(set) var text: String

    init(_ request: HTTPRequest) {
        var values: [String: [String]] = [:]
        for header in request.headers {
            let name = header.name.lowercased()
            if !Self.isUnsigned(name) { values[name, default: []].append(Self.folded(header.value)) }
        }
        if values["host"] == nil { values["host"] = [HostHeader.value(of: request.origin)] }
        names = values.keys.sorted()
        text = names.map { "\($0):\((values[$0] ?? []).joined(separator: ","))\n" }.joined()
    }

    /// What proxies and clients add, drop or change on the way.
    private static func isUnsigned(_ name: String) -> Bool {
        name.hasPrefix("proxy-")
            || [
                "authorization", "baggage", "connection", "expect", "keep-alive", "te", "traceparent", "tracestate",
                "trailer", "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id",
            ].contains(name)
    }

    private static func folded(_ value: String) -> String {
        value.unicodeScalars.split { $0 == " " || ("\t"..."\r").contains($0) }.map(String.init).joined(separator: " ")
    }
}

/// The `Host` header that a client sends to an origin.
enum HostHeader {
    /// In lower case, without user and password, with the port only when the scheme has another.
    static func value(of origin: String) -> String {
        let (scheme, rest) = halves(origin)
        var host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }.lowercased()[...]
        if let at = host.lastIndex(of: "@") { host = host[host.index(after: at)...] }
        let usual = scheme.lowercased() == "http" ? ":80" : ":443"
        return String(host.hasSuffix(usual) ? host.dropLast(usual.count) : host)
    }

    private static func halves(_ origin: String) -> (scheme: Substring, rest: Substring) {
        guard let place = origin.firstRange(of: "://") else { return ("https", origin[...]) }
        return (origin[..<place.lowerBound], origin[place.upperBound...])
    }
}
