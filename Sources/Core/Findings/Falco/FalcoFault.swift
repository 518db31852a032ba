package import Vocabulary

/// Why a line is no Falco alert.
package enum FalcoFault: ActionableError, Hashable {
    case notJSON(JSONFault)
    case tooLarge(limit: Int)
    case notAnObject
    case noRule
    case noPriority
    case unknownPriority(String)
    /// The mapping met a value that it cannot place; the alert stays as it came.
    case unmappable(String)

    package var report: FaultReport {
        FaultReport(code: code, what: what, remedy: remedy)
    }

    private var code: String {
        switch self {
        case .notJSON: "FALCO-001"
        case .notAnObject, .noRule, .noPriority: "FALCO-002"
        case .unknownPriority: "FALCO-003"
        case .tooLarge: "FALCO-004"
        case .unmappable: "FALCO-005"
        }
    }

    private var what: String {
        switch self {
        case .notJSON(let fault): "the line is no JSON: \(fault.report.what) (byte \(fault.offset))"
        case .tooLarge(let limit): "the alert is larger than \(limit) bytes"
        case .notAnObject: "the line is JSON, but no object"
        case .noRule: "the line is JSON without “rule”: no alert as Falco writes it"
        case .noPriority: "the alert has no “priority”"
        case .unknownPriority(let text): "“\(text.prefix(40))” is none of Falco's eight priorities"
        case .unmappable(let why): why
        }
    }

    private var remedy: String {
        switch self {
        case .notJSON, .notAnObject: "set json_output: true in falco.yaml and send alerts only, not Falco's banner"
        case .noRule, .noPriority: "send Falco's own JSON; look for a shipper that renames or drops keys"
        case .unknownPriority:
            "use Emergency, Alert, Critical, Error, Warning, Notice, Informational or Debug in the rule"
        case .tooLarge: "lower the rule's output or buffer size; an alert this large is not one Falco writes"
        case .unmappable: "report the alert; it was kept among the rejects"
        }
    }
}
