internal import Envelopes
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
    /// Where each record begins when they are read one after the other.
    private let starts: [Int]
    private let source: Source

    /// The deepest documents that AWS writes have a handful of layers.
    private static let limits = JSONReader.Limits(bytes: 16 << 20, depth: 64, repairsUTF8: true)

    init(_ event: [UInt8]) {
        // What is no JSON or none of the batches is one delivery; the intake says what is wrong with it.
        let document = try? JSONReader.parse(event, limits: Self.limits)
        if let records = document?["Records"]?.array, let ids = Self.ids(records) {
            source = .batch
            self.records = zip(ids, records).map { id, record in
                Self.record(id, ["Records": [record]])
            }
        } else if let records = document?["records"]?.array, let ids = Self.firehoseIDs(records) {
            source = .firehose(records)
            self.records = zip(ids, records).map { id, record in
                Self.record(id, ["records": [record]])
            }
        } else {
            source = .whole
            records = [Record(id: "event", bytes: event)]
        }
        var (starts, start) = ([Int](), 0)
        for record in records {
            starts.append(start)
            start += record.bytes.count
        }
        self.starts = starts
    }

    /// A document of its own on a line of its own.
    private static func record(_ id: String, _ document: JSONValue) -> Record {
        Record(id: id, bytes: Array((JSONWriter.compact(document) + "\n").utf8))
    }

    /// The record that an item stood in; of one that went over several, the first.
    func record(of place: InputPlace) -> String? {
        let index = starts.lastIndex { $0 <= place.offset } ?? 0
        return records.indices.contains(index) ? records[index].id : nil
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
            guard !failed.isEmpty else { return .answer([:]) }
            return .failure((faults.first(where: \.mayPass) ?? .abandoned).report)
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
