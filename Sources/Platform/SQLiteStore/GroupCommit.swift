internal import Vocabulary

/// Commits batches of requests: one transaction takes all, a savepoint each lets one fail alone.
///
/// Lives on the writer's thread.
final class GroupCommit {
    private let folder: StoreFolder
    private let connection: Connection
    private let writer: RowWriter
    private let begin: Statement
    private let commit: Statement
    private let rollback: Statement
    private let savepoint: Statement
    private let release: Statement
    private let rollbackToSavepoint: Statement
    private let crash: (@Sendable (CrashPoint) -> Void)?
    /// The files as they were at the start.
    private let identities: [StoreFolder.Identity?]
    /// How long the disk took for the last commit.
    private(set) var commitDuration = Duration.zero
    /// Why nothing more is taken.
    private var stop: StoreFault?

    init(
        _ folder: StoreFolder,
        schema: StoreSchema,
        limits: StoreLimits,
        crash: (@Sendable (CrashPoint) -> Void)?
    ) throws(StoreFault) {
        self.folder = folder
        self.crash = crash
        connection = try .writing(to: folder, schema: schema, limits: limits)
        writer = try RowWriter(connection, limits: limits)
        begin = try connection.prepare("BEGIN IMMEDIATE")
        commit = try connection.prepare("COMMIT")
        rollback = try connection.prepare("ROLLBACK")
        savepoint = try connection.prepare("SAVEPOINT request")
        release = try connection.prepare("RELEASE request")
        rollbackToSavepoint = try connection.prepare("ROLLBACK TO request")
        // The first transaction makes the write-ahead log, whose place is then known.
        try begin.run()
        try commit.run()
        identities = folder.identities()
    }

    /// Commits requests together; each gets its own answer, in order, once all that succeeded is durable.
    func perform(_ requests: [[StoreWrite]]) -> [Result<Void, StoreFault>] {
        do throws(StoreFault) {
            if let stop { throw .stopped(path: folder.path, reason: stop.report.what) }
            crash?(.beforeWrite)
            try begin.run()
            var answers: [Result<Void, StoreFault>] = []
            answers.reserveCapacity(requests.count)
            for request in requests { answers.append(try attempt(request)) }
            crash?(.afterWriteBeforeCommit)
            let clock = ContinuousClock()
            let start = clock.now
            try commit.run()
            commitDuration = clock.now - start
            // A commit into files that have lost their names is durable for nobody.
            guard folder.identities() == identities else { throw .gone(path: folder.path) }
            crash?(.afterCommitBeforeAnswer)
            return answers
        } catch {
            return sink(requests.count, error)
        }
    }

    /// One request in its savepoint; throws only when the whole transaction is lost.
    private func attempt(_ request: [StoreWrite]) throws(StoreFault) -> Result<Void, StoreFault> {
        try savepoint.run()
        do throws(StoreFault) {
            for write in request { try writer.perform(write) }
            try release.run()
            return .success(())
        } catch {
            // Some failures end the transaction: then there is no savepoint to go back to.
            guard connection.isInTransaction && !error.isFatal else { throw error }
            try rollbackToSavepoint.run()
            try release.run()
            return .failure(error)
        }
    }

    private func sink(_ count: Int, _ fault: StoreFault) -> [Result<Void, StoreFault>] {
        if connection.isInTransaction {
            do throws(StoreFault) { try rollback.run() } catch { stop = stop ?? error }
        }
        if fault.isFatal { stop = stop ?? fault }
        return Array(repeating: .failure(fault), count: count)
    }
}
