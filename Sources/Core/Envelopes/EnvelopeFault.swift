package import Vocabulary

/// Why an envelope, or what it holds, cannot be taken.
package enum EnvelopeFault: ActionableError, Hashable {
    case notBase64
    case notCompressed
    case notSubscription(String)
    case noLogEvents
    case unknownWrapping(String)
    case tooLarge(limit: Int)
    case tooDeep(limit: Int)
    case inflatesTooOften(limit: Int)
    case incomplete(parts: Int)
    case partsTooLarge(limit: Int)
    case noMessage
    case noAccount
    case noRegion

    package var report: FaultReport { FaultReport(code: code, what: what, remedy: remedy) }

    private var code: String {
        switch self {
        case .notBase64: "ENVELOPE-001"
        case .notCompressed: "ENVELOPE-002"
        case .notSubscription: "ENVELOPE-003"
        case .noLogEvents: "ENVELOPE-004"
        case .unknownWrapping: "ENVELOPE-005"
        case .tooLarge, .partsTooLarge: "ENVELOPE-006"
        case .tooDeep, .inflatesTooOften: "ENVELOPE-007"
        case .incomplete: "ENVELOPE-008"
        case .noMessage: "ENVELOPE-009"
        case .noAccount, .noRegion: "ENVELOPE-010"
        }
    }

    private var what: String {
        switch self {
        case .notBase64: "the envelope's data is no base64"
        case .notCompressed: "the data of a CloudWatch Logs event is no gzip"
        case .notSubscription(let why): "the data is no CloudWatch Logs subscription message: \(why)"
        case .noLogEvents: "the CloudWatch Logs message has no list of log events"
        case .unknownWrapping(let what): "\(what) is none of the wrappings in which Falco alerts arrive"
        case .tooLarge(let limit): "one line or document is larger than \(limit) bytes"
        case .tooDeep(let limit): "the alert is wrapped in more than \(limit) layers"
        case .inflatesTooOften(let limit):
            "gzip inside of gzip, or data that inflates to more than \(limit) bytes in one envelope"
        case .incomplete(let parts): "\(parts) part(s) of a line came, and the rest of it did not"
        case .partsTooLarge(let limit): "the parts of one line are larger than \(limit) bytes together"
        case .noMessage: "a log event has no message"
        case .noAccount: "neither the envelope nor the command line says which account the finding belongs to"
        case .noRegion: "neither the envelope nor the command line says which Region the finding belongs to"
        }
    }

    private var remedy: String {
        switch self {
        case .notBase64, .notCompressed, .notSubscription, .noLogEvents, .noMessage:
            "send the event as AWS wrote it; nothing of a broken envelope is taken"
        case .unknownWrapping: "send one of the envelopes in Docs/Ingestion.md"
        case .tooLarge, .partsTooLarge: "send smaller pieces; no shipper of Falco's writes one this large"
        case .tooDeep, .inflatesTooOften: "unwrap it first; no AWS service adds as many layers"
        case .incomplete: "look for the rest in the log around that time; raise Falco's rule output only with care"
        case .noAccount: "give --account"
        case .noRegion: "give --region"
        }
    }
}
