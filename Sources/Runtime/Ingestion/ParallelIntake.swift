package import Envelopes

/// Reads inputs on several threads and delivers in the order of the input.
///
/// Batches are cut one after another, read and rendered by a bounded number of workers, and put back in order, where
/// parts of lines are joined. At most two batches a worker are in memory.
package struct ParallelIntake<Output: Sendable>: ~Copyable {
    private enum Rendered: Sendable {
        case item(Output, AlertSurroundings?)
        case part(AlertPart)
    }

    private let workers: Int
    private let render: @Sendable (IntakeItem) -> Output
    private var joiner = PartJoiner(reader: BatchReader.envelopes)

    package init(workers: Int, render: @escaping @Sendable (IntakeItem) -> Output) {
        self.workers = max(1, workers)
        self.render = render
    }

    /// Reads one input to its end.
    ///
    /// - Parameters:
    ///   - read: the next chunk; nil at the end.
    ///   - deliver: takes outputs in the order of the input.
    /// - Throws: what `read` or `deliver` throws.
    package mutating func take(
        _ read: () throws -> [UInt8]?,
        deliver: ([Output]) async throws -> Void
    ) async throws {
        var feed = RecordFeed()
        var running: [Task<[Rendered], Never>] = []
        defer { for task in running { task.cancel() } }
        var isAtEnd = false
        while !isAtEnd || !running.isEmpty {
            while !isAtEnd, running.count < workers * 2 {
                if let batch = feed.next() {
                    running.append(start(batch))
                } else if let chunk = try read() {
                    feed.give(chunk)
                } else {
                    feed.end()
                    while let batch = feed.next() { running.append(start(batch)) }
                    isAtEnd = true
                }
            }
            guard !running.isEmpty else { continue }
            let rendered = await running.removeFirst().value
            try await deliver(join(rendered))
        }
    }

    /// Delivers what stayed open after the last input.
    package mutating func finish(deliver: ([Output]) async throws -> Void) async rethrows {
        try await deliver(joiner.finish().map(render))
    }

    private func start(_ batch: RecordBatch) -> Task<[Rendered], Never> {
        let render = render
        return Task.detached {
            BatchReader().read(batch).map { reading in
                switch reading {
                case .item(let item): .item(render(item), item.surroundings)
                case .part(let part): .part(part)
                }
            }
        }
    }

    private mutating func join(_ rendered: [Rendered]) -> [Output] {
        var outputs: [Output] = []
        outputs.reserveCapacity(rendered.count)
        for one in rendered {
            switch one {
            case .item(let output, let around):
                outputs += joiner.pass(around).map(render)
                outputs.append(output)
            case .part(let part): outputs += joiner.take(part).map(render)
            }
        }
        return outputs
    }
}
