internal import Vocabulary

/// One entry of a run's ledger: an input in its envelope.
package struct RunRecord: Sendable, Hashable, Codable {
    package static let currentVersion = 1

    package var version: Int
    package var run: String
    /// Counted from 1 without gaps.
    package var sequence: Int
    package var input: RunInput

    package init(run: String, sequence: Int, input: RunInput) {
        version = Self.currentVersion
        self.run = run
        self.sequence = sequence
        self.input = input
    }
}

extension RunMachine {
    /// The machine that these records lead to; its `openEffects` are to be verified in the world.
    ///
    /// - Throws: when a record is missing, of another run or version, or no longer accepted.
    package static func replay(
        _ definition: RunDefinition,
        _ records: some Sequence<RunRecord>
    ) throws(RunFault) -> RunMachine {
        var machine = try RunMachine(definition)
        var run: String?
        var expected = 1
        for record in records {
            try check(record, run: run ?? record.run, expected: expected)
            do throws(RunFault) {
                _ = try machine.apply(record.input)
            } catch {
                throw .historyRefused(sequence: record.sequence, cause: error.report.what)
            }
            run = record.run
            expected += 1
        }
        return machine
    }

    private static func check(_ record: RunRecord, run: String, expected: Int) throws(RunFault) {
        guard record.version == RunRecord.currentVersion else {
            throw .brokenHistory(sequence: expected, "its version \(record.version) is not known here")
        }
        guard record.run.isIdentical(to: run) else {
            throw .brokenHistory(sequence: expected, "a record of run \(record.run) stands among those of \(run)")
        }
        guard record.sequence == expected else {
            throw .brokenHistory(sequence: expected, "record \(record.sequence) stands in its place")
        }
    }
}
