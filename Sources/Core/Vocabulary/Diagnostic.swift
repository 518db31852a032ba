/// One problem in a document that a person wrote, with its place and its remedy.
package struct Diagnostic: Sendable, Hashable, CustomStringConvertible {
    package enum Severity: String, Sendable, Hashable {
        case error
        case warning
    }

    package var code: String
    package var severity: Severity
    package var message: String
    package var mark: SourceMark
    package var remedy: String

    package init(_ code: String, _ severity: Severity = .error, _ message: String, at mark: SourceMark, remedy: String)
    {
        self.code = code
        self.severity = severity
        self.message = message
        self.mark = mark
        self.remedy = remedy
    }

    package var description: String {
        "\(mark): \(severity.rawValue): \(code) \(message). Fix: \(remedy)"
    }

    /// The shape of diagnostics in `--output json`.
    package var json: JSONValue {
        .object([
            "code": .string(code), "severity": .string(severity.rawValue), "message": .string(message),
            "file": .string(mark.file), "line": .integer(Int64(mark.line)), "column": .integer(Int64(mark.column)),
            "remedy": .string(remedy),
        ])
    }
}
