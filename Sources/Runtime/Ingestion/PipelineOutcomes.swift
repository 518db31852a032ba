internal import AWSAPI
package import Importing
internal import Synchronization
package import Vocabulary

/// What became of everything that went into a pipeline: counts, and one line for each thing that did not get through.
package final class PipelineOutcomes: Sendable {
    private struct Expected {
        /// The bytes of the newest alert.
        var original: [UInt8]
        var sources: Set<String>
    }

    private struct State {
        var tally = PipelineTally()
        var expected: [UInt64: Expected] = [:]
        var failed: Set<String> = []
        var faults: [ImportFault] = []
    }

    private let state = Mutex(State())
    private let park: @Sendable (JSONValue) -> Void

    /// `park` takes `{"code","reason","offset","length","original"}` and, of findings that were not imported, `finding`.
    package init(park: @escaping @Sendable (JSONValue) -> Void) { self.park = park }

    package var tally: PipelineTally { state.withLock { $0.tally } }

    /// Deliveries of which something may get through when it is delivered again.
    package var failedSources: Set<String> { state.withLock { $0.failed } }

    /// Why findings were parked; the first of each kind.
    package var faults: [ImportFault] { state.withLock { $0.faults } }

    func count(_ change: (inout PipelineTally) -> Void) { state.withLock { change(&$0.tally) } }

    func reject(_ document: JSONValue) {
        count { $0.rejects += 1 }
        park(document)
    }

    func expect(_ ticket: UInt64, _ original: [UInt8], _ sources: Set<String>) {
        state.withLock { $0.expected[ticket] = Expected(original: original, sources: sources) }
    }

    /// Where the importer reports to.
    package func report(_ outcome: ImportOutcome) {
        switch outcome {
        case .imported(let ticket):
            state.withLock { state in
                state.expected[ticket] = nil
                state.tally.imported += 1
            }
        case .parked(let ticket, let finding, let fault):
            let original = state.withLock { state in
                state.tally.parked += 1
                let expected = state.expected.removeValue(forKey: ticket)
                if fault.mayPass, let sources = expected?.sources { state.failed.formUnion(sources) }
                let isKnown = state.faults.contains {
                    $0.report.code == fault.report.code && $0.cause?.kind == fault.cause?.kind
                }
                if !isKnown { state.faults.append(fault) }
                return expected?.original ?? []
            }
            park(Self.document(original, finding, fault.report))
        }
    }

    private static func document(_ original: [UInt8], _ finding: JSONValue, _ report: FaultReport) -> JSONValue {
        [
            "code": .string(report.code), "reason": .string(report.what), "offset": 0,
            "length": .integer(Int64(original.count)), "original": .string(String(decoding: original, as: UTF8.self)),
            "finding": finding,
        ]
    }
}
