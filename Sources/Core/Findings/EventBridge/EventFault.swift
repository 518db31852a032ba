package import Vocabulary

/// Why some bytes, or a part of them, give no event.
package enum EventFault: ActionableError, Hashable {
    case unreadable(JSONFault, at: String)
    case tooLarge(limit: Int)
    case tooMany(String, limit: Int, at: String)
    case nestedTooDeep(at: String)
    case unknownShape(at: String)
    case noDetail(detailType: String, at: String)

    package var report: FaultReport {
        switch self {
        case .unreadable(let fault, let place):
            FaultReport(
                code: "EVENT-001",
                what: "the message is no JSON: \(fault.report.what)",
                location: place.isEmpty ? fault.report.location : "\(place), \(fault.report.location)",
                remedy: "send the event as Security Hub or EventBridge wrote it; look at the rule's input transformer"
            )
        case .tooLarge(let limit):
            FaultReport(
                code: "EVENT-002",
                what: "the input is larger than \(limit) bytes",
                remedy: "split the input; EventBridge events are at most 1 MiB each"
            )
        case .tooMany(let what, let limit, let place):
            FaultReport(
                code: "EVENT-002",
                what: "more than \(limit) \(what)",
                location: place,
                remedy: "split the input"
            )
        case .nestedTooDeep(let place):
            FaultReport(
                code: "EVENT-006",
                what: "wrapped in more layers than any AWS service adds",
                location: place,
                remedy: "send the event itself"
            )
        case .unknownShape(let place):
            FaultReport(
                code: "EVENT-003",
                what: "neither an event, a finding nor a wrapping that AWS uses",
                location: place,
                remedy: "send an EventBridge event, an SQS or SNS record, or an ASFF or OCSF finding"
            )
        case .noDetail(let detailType, let place):
            FaultReport(
                code: "EVENT-004",
                what: "the event “\(detailType)” has no detail object",
                location: place,
                remedy: "look at the rule's input path or transformer: it must keep detail"
            )
        }
    }
}
