internal import Planning
package import Runs
internal import Vocabulary

/// Taking back.
extension RunDriver {
    /// Takes back what the run changed, newest first.
    ///
    /// - Throws: `requestRefused` when there is nothing that could be taken back now.
    ///
    /// `keeping`: ids of changes that stay, such as one that somebody else changed since; `readopting`: detached pods go
    /// back to their controllers, which may delete them as surplus. An undo that was cut short is gone on with as it began.
    package mutating func undo(
        by: String,
        keeping: [String] = [],
        readopting: Bool = false
    ) async throws(RunFault) {
        undoStop = nil
        guard machine.status != .undoing else {
            await recover(by: by)
            return await takeBackUnknown(keeping)
        }
        try await take(.undoRequested(by: by, keeping: keeping))
        await journal.add(.undoRequested(readopting: readopting))
        await goOn()
        await takeBackUnknown(keeping)
    }

    /// Changes of which the run itself never heard whether they took effect, once all others are back.
    private mutating func takeBackUnknown(_ keeping: [String]) async {
        guard undoStop == nil, machine.status != .undoing else { return }
        let left = await performer.undoUnknown(to: Set(machine.changes.map(\.id)), keeping: keeping)
        if let first = left.first { undoStop = (first.change.id, first.reason) }
        do { try await journal.flush() } catch { unrecorded(error) }
    }
}
