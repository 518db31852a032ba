/// What a JSON document is, told from its first keys.
enum DocumentKind: Hashable {
    /// CloudWatch Logs' own message.
    case subscription
    /// `{"awslogs":{"data":…}}`.
    case logsEvent
    /// `{"Records":[…]}`: Kinesis, SQS or SNS.
    case records
    /// `{"records":[…]}`: Firehose.
    case firehose
    /// Everything small: an alert, or a record of a shipper around one.
    case record

    init(_ bytes: [UInt8], at start: Int) {
        var kind = DocumentKind.record
        guard bytes[start] == UInt8(ascii: "{") else {
            self = kind
            return
        }
        let outline = JSONOutline(bytes: bytes)
        var seen = 0
        outline.keys(at: start) { key, valueStart in
            seen += 1
            let isList = bytes[valueStart] == UInt8(ascii: "[")
            if outline.isKey(key, "messageType") || outline.isKey(key, "logEvents") {
                kind = .subscription
            } else if outline.isKey(key, "awslogs") {
                kind = .logsEvent
            } else if outline.isKey(key, "Records"), isList {
                kind = .records
            } else if outline.isKey(key, "records"), isList {
                kind = .firehose
            } else {
                return seen < 8 && !Self.ownKeys.contains { outline.isKey(key, $0) }
            }
            return false
        }
        self = kind
    }

    /// Keys that no wrapping has: with one of them the rest need not be looked at.
    private static let ownKeys: [StaticString] = [
        "hostname", "output", "rule", "priority", "log", "account_id", "uuid", "output_fields", "stream", "time",
        "source", "log_processed", "kubernetes",
    ]
}
