package import HTTPExchange
import Vocabulary

/// The error code and message of an error answer, whatever protocol or proxy wrote it.
package struct AWSErrorBody: Sendable, Hashable {
    package var code: String
    package var message: String

    /// Reads what is there: XML or JSON by content, the status when it is neither; never fails.
    package init(_ response: HTTPResponse) {
        let start = response.body.first { $0 > 0x20 }
        var found: (code: String?, message: String?) = (nil, nil)
        if start == UInt8(ascii: "<") {
            found = Self.xml(response.body)
        } else if start == UInt8(ascii: "{") {
            found = Self.json(response.body)
        }
        if let header = response.headers["x-amzn-errortype"], let code = Self.bare(header) { found.code = code }
        code = found.code ?? "Status\(response.status)"
        message = Self.shortened(found.message ?? Self.excerpt(response))
    }

    private static func json(_ body: [UInt8]) -> (code: String?, message: String?) {
        // A body that is no JSON after all is shown as it is.
        guard let document = try? JSONReader.parse(body, limits: .init(bytes: 1 << 20, depth: 32, repairsUTF8: true))
        else { return (nil, nil) }
        let code = document["code"] ?? document["Code"] ?? document["__type"]
        let message = document["message"] ?? document["Message"] ?? document["errorMessage"]
        return (code?.string.flatMap(bare), message?.string)
    }

    /// `<ErrorResponse><Error>`, `<Response><Errors><Error>` and a bare `<Error>`.
    private static func xml(_ body: [UInt8]) -> (code: String?, message: String?) {
        // HTML of a proxy is often no XML: it is shown as it is.
        guard let root = try? XMLReader.parse(body, limits: .init(bytes: 1 << 20, depth: 32, elements: 10_000)) else {
            return (nil, nil)
        }
        let error = root["Error"] ?? root["Errors"]?["Error"] ?? (root.name == "Error" ? root : nil)
        guard let error, let code = error["Code"]?.text, !code.isEmpty else { return (nil, nil) }
        return (code, error["Message"]?.text)
    }

    /// `com.amazonaws.sts#Throttling:http://…` is the code `Throttling`.
    private static func bare(_ text: String) -> String? {
        let beforeColon = text.prefix { $0 != ":" }
        let afterHash = beforeColon.split(separator: "#").last.map(String.init)
        return afterHash.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func excerpt(_ response: HTTPResponse) -> String {
        guard !response.body.isEmpty else { return "status \(response.status) without a body" }
        let text = String(decoding: response.body.prefix(200), as: UTF8.self)
        return "status \(response.status) with a body of another kind: \(text)"
    }

    /// One line of at most 500 characters, without control characters: it goes to people and logs.
    private static func shortened(_ text: String) -> String {
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(500) {
            line.append(scalar.value < 0x20 || scalar.value == 0x7f ? " " : scalar)
        }
        return String(line)
    }
}
