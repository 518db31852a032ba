internal import Envelopes
internal import Gzip

/// Records that were cut out of the input together, with their bytes: one piece of work for one worker.
package struct RecordBatch: Sendable {
    enum Entry: Sendable {
        /// A place in `bytes`, and where that is in the input.
        case record(Range<Int>, offset: Int)
        /// Something that needs no reading: a record that was too large, a fault of the outermost gzip.
        case item(IntakeItem)
    }

    var bytes: [UInt8] = []
    var entries: [Entry] = []
}

/// Cuts an input, plain or gzip, into batches of records; holds no more of it than one record and one batch.
///
/// Give a chunk, take batches until there is none, give the next; `end` before the last ones.
package struct RecordFeed: ~Copyable {
    /// About how large a batch is: enough work for a worker, little enough to keep several.
    static let batchSize = 256 << 10

    private var source = IntakeSource()
    private var cutter = RecordCutter()
    private var buffer: [UInt8] = []
    /// Where the buffer begins in the (inflated) input.
    private var offset = 0
    private var batch = RecordBatch()
    private var isDone = false

    package init() {}

    package mutating func give(_ chunk: [UInt8]) { source.give(chunk) }

    /// No more chunks come.
    package mutating func end() { source.end() }

    /// The next batch; nil when another chunk is needed, or after the last.
    package mutating func next() -> RecordBatch? {
        while !isDone {
            cutAll(isEnd: false)
            if cutter.finished >= Self.batchSize { return takeBatch() }
            switch source.next() {
            case .bytes(let bytes): buffer += bytes
            case .needsInput: return batch.entries.isEmpty ? nil : takeBatch()
            case .ended(let fault):
                cutAll(isEnd: true)
                if let fault { batch.entries.append(.item(broken(fault))) }
                isDone = true
            }
        }
        return batch.entries.isEmpty ? nil : takeBatch()
    }

    private mutating func cutAll(isEnd: Bool) {
        while let cut = cutter.next(in: buffer, isEnd: isEnd) {
            let start = offset + cut.range.lowerBound
            if cut.isTooLarge {
                let place = InputPlace(offset: start - cut.lost, length: cut.lost + cut.range.count)
                let head = cut.head.isEmpty ? Array(buffer[cut.range].prefix(1_024)) : cut.head
                batch.entries.append(.item(EnvelopeReader.tooLarge(head, at: place)))
            } else {
                batch.entries.append(.record(cut.range, offset: start))
            }
        }
        // Only when no record waits in the buffer: places in it must not move before the batch is taken.
        guard batch.entries.isEmpty else { return }
        cutter.shrink(buffer)
        dropFront(cutter.finished)
    }

    private mutating func dropFront(_ count: Int) {
        guard count > 0 else { return }
        buffer.removeFirst(count)
        offset += count
        cutter.drop(count)
    }

    private mutating func takeBatch() -> RecordBatch {
        var taken = batch
        batch = RecordBatch()
        let count = cutter.finished
        if count == buffer.count {
            taken.bytes = buffer
            buffer = []
            offset += count
            cutter.drop(count)
        } else {
            taken.bytes = Array(buffer[..<count])
            dropFront(count)
        }
        return taken
    }

    private func broken(_ fault: GzipFault) -> IntakeItem {
        let place = InputPlace(offset: offset + buffer.count, length: 0)
        return .reject(IntakeReject(fault.report, .envelope, at: place, original: [], isCut: true))
    }
}
