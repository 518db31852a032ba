package import Envelopes
internal import Gzip

/// Bytes of any envelope in, told apart by content; alerts and everything else that was found out, in order.
///
/// The only place that decodes envelopes: `falco convert`, the Lambda and the service all use it.
package struct AlertIntake: ~Copyable {
    /// What the data of one envelope may inflate to.
    package static let inflatedLimit = 64 << 20

    private var feed = RecordFeed()
    private let reader = BatchReader()
    private var joiner = PartJoiner(reader: BatchReader.envelopes)

    package init() {}

    /// Everything in one piece of bytes, such as a request's body or a Lambda's event.
    package static func items(in bytes: [UInt8]) -> [IntakeItem] {
        var intake = AlertIntake()
        return intake.take(bytes) + intake.finish()
    }

    package mutating func take(_ chunk: [UInt8]) -> [IntakeItem] {
        feed.give(chunk)
        return drain()
    }

    /// No more bytes come: what is open is incomplete.
    package mutating func finish() -> [IntakeItem] {
        feed.end()
        return drain() + joiner.finish()
    }

    private mutating func drain() -> [IntakeItem] {
        var items: [IntakeItem] = []
        while let batch = feed.next() {
            for reading in reader.read(batch) { items += joiner.take(reading) }
        }
        return items
    }
}

/// Reads batches; any number of them at the same time.
package struct BatchReader: Sendable {
    package static let envelopes = EnvelopeReader { bytes in
        do throws(GzipFault) {
            return .bytes(try Gzip.inflate(bytes, limit: AlertIntake.inflatedLimit))
        } catch {
            return .refused(error.report)
        }
    }

    package init() {}

    package func read(_ batch: RecordBatch) -> [Reading] {
        var readings: [Reading] = []
        readings.reserveCapacity(batch.entries.count)
        for entry in batch.entries {
            switch entry {
            case .item(let item): readings.append(.item(item))
            case .record(let range, let offset):
                let whole = range == batch.bytes.indices
                readings += Self.envelopes.read(whole ? batch.bytes : Array(batch.bytes[range]), at: offset)
            }
        }
        return readings
    }
}
