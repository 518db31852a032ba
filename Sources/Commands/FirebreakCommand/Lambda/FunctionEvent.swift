internal import Importing
internal import Vocabulary

/// An event of a function: the deliveries in it, and how its source wants to hear of those that failed.
struct FunctionEvent: Sendable {
    /// What failed or succeeds as a whole.
    struct Record: Sendable, Hashable {
        var id: String
        var bytes: [UInt8]
    }

    private enum Source: Sendable {
        /// CloudWatch Logs and whoever invokes the function directly: the event fails as a whole.
        case whole
        /// Kinesis and SQS, by the name of the member that tells a record.
        case batch
        /// A Firehose transformation hands its records on, whatever became of the import.
        case firehose([JSONValue])
    }

    let records: [Record]
    private let source: Source

    /// The deepest documents that AWS writes have a handful of layers.
    private static let limits = JSONReader.Limits(bytes: 16 << 20, depth: 64, repairsUTF8: true)

    init(_ event: [UInt8]) {
        // What is no JSON or none of the batches is one delivery; the intake says what is wrong with it.
        let document = try? JSONReader.parse(event, limits: Self.limits)
        if let records = document?["Records"]?.array, let ids = Self.ids(records) {
            source = .batch
            self.records = zip(ids, records).map { id, record in
                Record(id: id, bytes: Array(JSONWriter.compact(["Records": [record]]).utf8))
            }
        } else if let records = document?["records"]?.array, let ids = Self.firehoseIDs(records) {
            source = .firehose(records)
            self.records = zip(ids, records).map { id, record in
                Record(id: id, bytes: Array(JSONWriter.compact(["records": [record]]).utf8))
            }
        } else {
            source = .whole
            records = [Record(id: "event", bytes: event)]
        }
    }

    private static func ids(_ records: [JSONValue]) -> [String]? {
        let ids = records.compactMap { $0[["kinesis", "sequenceNumber"]]?.string ?? $0["messageId"]?.string }
        return ids.count == records.count && !ids.isEmpty ? ids : nil
    }

    private static func firehoseIDs(_ records: [JSONValue]) -> [String]? {
        let ids = records.compactMap { $0["recordId"]?.string }
        return ids.count == records.count && !ids.isEmpty ? ids : nil
    }

    /// What Lambda is told: success, a failure of all, or the records to be delivered again.
    func outcome(failed: Set<String>, faults: [ImportFault]) -> IngestionFunction.Outcome {
        switch source {
        case .whole:
            guard !failed.isEmpty, let fault = faults.first(where: \.mayPass) else { return .answer([:]) }
            return .failure(fault.report)
        case .batch:
            let items = records.filter { failed.contains($0.id) }.map {
                ["itemIdentifier": .string($0.id)] as JSONValue
            }
            return .answer(["batchItemFailures": .array(items)])
        case .firehose(let documents):
            let answers = zip(records, documents).map { record, document -> JSONValue in
                let isFailed = failed.contains(record.id)
                return [
                    "recordId": .string(record.id), "result": isFailed ? "ProcessingFailed" : "Ok",
                    "data": document["data"] ?? "",
                ]
            }
            return .answer(["records": .array(answers)])
        }
    }
}
