internal import Host
internal import Vocabulary

/// Runs and their histories in an SQLite database, kept as opaque bytes.
///
/// One thread writes and commits what waits together, another reads; neither belongs to the cooperative pool. An answer
/// to a write comes when it is durable. Cancelling a task does not take back what it has handed over: the answer still
/// comes, within the time of a commit.
package final class SQLiteStore: Sendable {
    package enum Access: Sendable, Hashable {
        /// The one writer; makes the store and brings it up to date where needed.
        case write
        /// One of any number of readers beside it.
        case read
    }

    private enum WriterMessage: Sendable {
        case request([StoreWrite], answer: CheckedContinuation<Result<Void, StoreFault>, Never>)
        case end(CheckedContinuation<Void, Never>)
    }

    private enum ReaderMessage: Sendable {
        case read(@Sendable (RowReader) -> Void)
        case end(CheckedContinuation<Void, Never>)
    }

    private let folder: StoreFolder
    private let schema: StoreSchema
    private let limits: StoreLimits
    private let access: Access
    private let writes: Inbox<WriterMessage>
    private let reads: Inbox<ReaderMessage>

    private init(_ folder: StoreFolder, _ access: Access, _ schema: StoreSchema, _ limits: StoreLimits) {
        self.folder = folder
        self.schema = schema
        self.limits = limits
        self.access = access
        writes = Inbox(capacity: limits.waitingRequests, weightLimit: limits.waitingBytes)
        reads = Inbox(capacity: limits.waitingRequests)
    }

    deinit {
        // Both threads finish what waits, close their connections and end.
        reads.close()
        writes.close()
    }

    // MARK: - Opening and closing

    /// Opens the store in a folder; `crash` is called at each crash point on the writer's thread, for tests.
    package static func open(
        _ path: String,
        for access: Access = .write,
        limits: StoreLimits = .standard,
        schema: StoreSchema = .current,
        crash: (@Sendable (CrashPoint) -> Void)? = nil
    ) async throws(StoreFault) -> SQLiteStore {
        let store = SQLiteStore(StoreFolder(path), access, schema, limits)
        if access == .write { try await store.startWriter(crash) }
        try await store.startReader()
        return store
    }

    /// Finishes what waits, closes the files and gives the writer's lock back; the second call finds nothing to do.
    package func close() async {
        // The reader first: who closes last folds the log back into the database, and only the writer may.
        await withCheckedContinuation { continuation in
            if !reads.close(with: .end(continuation)) { continuation.resume() }
        }
        guard access == .write else { return }
        await withCheckedContinuation { continuation in
            if !writes.close(with: .end(continuation)) { continuation.resume() }
        }
    }

    private func startWriter(_ crash: (@Sendable (CrashPoint) -> Void)?) async throws(StoreFault) {
        let (folder, schema, limits, inbox) = (folder, schema, limits, writes)
        try await start { started in
            let ends = Self.write(folder, schema, limits, inbox, crash, started)
            for end in ends { end.resume() }
        }
    }

    private func startReader() async throws(StoreFault) {
        let (folder, schema, limits, inbox) = (folder, schema, limits, reads)
        try await start { started in
            let ends = Self.read(folder, schema, limits, inbox, started)
            for end in ends { end.resume() }
        }
    }

    private typealias Started = @Sendable (Result<Void, StoreFault>) -> Void

    /// Starts a thread and waits until it says how its opening went.
    private func start(_ body: @escaping @Sendable (Started) -> Void) async throws(StoreFault) {
        let path = folder.path
        let answer: Result<Void, StoreFault> = await withCheckedContinuation { continuation in
            let started: Started = { continuation.resume(returning: $0) }
            if !HostThread.start({ body(started) }) {
                started(.failure(.unreachable(path: path, detail: "no thread can be started")))
            }
        }
        try answer.get()
    }

    // MARK: - The two threads

    /// - Returns: who waits for the store to be closed and its lock to be free, which has happened by then.
    private static func write(
        _ folder: StoreFolder,
        _ schema: StoreSchema,
        _ limits: StoreLimits,
        _ inbox: Inbox<WriterMessage>,
        _ crash: (@Sendable (CrashPoint) -> Void)?,
        _ started: Started
    ) -> [CheckedContinuation<Void, Never>] {
        let lock: WriterLock
        do throws(StoreFault) {
            try folder.prepare()
            lock = try WriterLock(folder)
        } catch {
            inbox.close()
            started(.failure(error))
            return []
        }
        // The connection ends with the inner function, and the lock after it.
        do throws(StoreFault) {
            let ends = try serve(folder, schema, limits, inbox, crash, started)
            lock.release()
            return ends
        } catch {
            lock.release()
            inbox.close()
            started(.failure(error))
            return []
        }
    }

    /// Throws only while opening.
    private static func serve(
        _ folder: StoreFolder,
        _ schema: StoreSchema,
        _ limits: StoreLimits,
        _ inbox: Inbox<WriterMessage>,
        _ crash: (@Sendable (CrashPoint) -> Void)?,
        _ started: Started
    ) throws(StoreFault) -> [CheckedContinuation<Void, Never>] {
        let commit = try GroupCommit(folder, schema: schema, limits: limits, crash: crash)
        started(.success(()))
        var ends: [CheckedContinuation<Void, Never>] = []
        var pace = CommitPace()
        while let messages = inbox.take(
            atMost: limits.requestsPerCommit,
            weight: limits.bytesPerCommit,
            expecting: pace.expected,
            within: pace.patience
        ) {
            var requests: [[StoreWrite]] = []
            var answers: [CheckedContinuation<Result<Void, StoreFault>, Never>] = []
            for message in messages {
                switch message {
                case .request(let writes, let answer):
                    requests.append(writes)
                    answers.append(answer)
                case .end(let end): ends.append(end)
                }
            }
            guard !requests.isEmpty else { continue }
            let results = commit.perform(requests)
            pace.note(requests.count, took: commit.commitDuration)
            for (answer, result) in zip(answers, results) { answer.resume(returning: result) }
        }
        return ends
    }

    private static func read(
        _ folder: StoreFolder,
        _ schema: StoreSchema,
        _ limits: StoreLimits,
        _ inbox: Inbox<ReaderMessage>,
        _ started: Started
    ) -> [CheckedContinuation<Void, Never>] {
        let reader: RowReader
        do throws(StoreFault) {
            reader = try self.reader(folder, schema, limits)
        } catch {
            inbox.close()
            started(.failure(error))
            return []
        }
        started(.success(()))
        var ends: [CheckedContinuation<Void, Never>] = []
        while let messages = inbox.take(atMost: 1) {
            for message in messages {
                switch message {
                case .read(let body): body(reader)
                case .end(let end): ends.append(end)
                }
            }
        }
        return ends
    }

    private static func reader(
        _ folder: StoreFolder,
        _ schema: StoreSchema,
        _ limits: StoreLimits
    ) throws(StoreFault) -> RowReader {
        try folder.checkPrivate()
        try folder.checkDatabase()
        return RowReader(try .reading(folder, schema: schema, limits: limits), limits: limits)
    }
}

// MARK: - Writing

extension SQLiteStore {
    /// Writes all of a request or nothing, and returns when it is durable.
    package func commit(_ request: [StoreWrite]) async throws(StoreFault) {
        guard access == .write else { throw .readOnly(path: folder.path) }
        var size = 0
        for write in request {
            try write.check(limits)
            size += write.size
        }
        guard size <= limits.requestBytes else {
            throw .tooLarge(what: "a request", size: size, limit: limits.requestBytes)
        }
        let answer: Result<Void, StoreFault> = await withCheckedContinuation { continuation in
            if let refusal = writes.push(.request(request, answer: continuation), weight: size) {
                continuation.resume(returning: .failure(fault(refusal)))
            }
        }
        try answer.get()
    }

    /// Appends to the histories of one run, together: the outcome of a change and the intent of the next.
    package func append(
        records: [[UInt8]] = [],
        from firstRecord: Int? = nil,
        ledger: [[UInt8]] = [],
        ledgerFrom firstLedger: Int? = nil,
        to run: String
    ) async throws(StoreFault) {
        let append = StoreAppend(to: run, records: records, from: firstRecord, ledger: ledger, ledgerFrom: firstLedger)
        try await commit([.append(append)])
    }

    private func fault(_ refusal: Inbox<WriterMessage>.Refusal) -> StoreFault {
        switch refusal {
        case .closed: .stopped(path: folder.path, reason: "it was closed")
        case .full(let count): .overloaded(path: folder.path, waiting: count)
        }
    }
}

// MARK: - Reading

extension SQLiteStore {
    package func run(_ id: String) async throws(StoreFault) -> ListedRun? {
        try await read { reader throws(StoreFault) in try reader.run(id) }
    }

    package func runs(_ query: RunQuery = RunQuery()) async throws(StoreFault) -> StorePage<ListedRun, RunPlace> {
        try await read { reader throws(StoreFault) in try reader.runs(query) }
    }

    /// Entries of a run's history from a number on; a page may be shorter than asked for, see `StoreLimits`.
    package func entries(
        _ history: StoreHistory,
        of run: String,
        from first: Int = 1,
        limit: Int = .max
    ) async throws(StoreFault) -> StorePage<StoredEntry, Int> {
        try await read { reader throws(StoreFault) in
            try reader.snapshot { () throws(StoreFault) in
                try reader.entries(history, of: run, from: first, limit: limit)
            }
        }
    }

    package func content(_ content: StoreContent, _ key: String) async throws(StoreFault) -> [UInt8]? {
        try await read { reader throws(StoreFault) in try reader.content(content, key) }
    }

    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (RowReader) throws(StoreFault) -> Value
    ) async throws(StoreFault) -> Value {
        let answer: Result<Value, StoreFault> = await withCheckedContinuation { continuation in
            let message = ReaderMessage.read { reader in
                continuation.resume(returning: Result { () throws(StoreFault) in try body(reader) })
            }
            switch reads.push(message) {
            case nil: break
            case .closed: continuation.resume(returning: .failure(.stopped(path: folder.path, reason: "it was closed")))
            case .full(let count):
                continuation.resume(returning: .failure(.overloaded(path: folder.path, waiting: count)))
            }
        }
        return try answer.get()
    }
}

// MARK: - Care

extension SQLiteStore {
    /// Checks the whole store on a thread of its own; writers and readers go on meanwhile.
    package func check() async throws(StoreFault) -> StoreCheck {
        let (folder, schema, limits) = (folder, schema, limits)
        return try await onThread { () throws(StoreFault) in
            try Self.reader(folder, schema, limits).check()
        }
    }

    /// Copies the store as it is now into one new file, which is checked before it gets its name.
    ///
    /// To restore it, put it into an empty folder as `firebreak.db`.
    package func backUp(to path: String) async throws(StoreFault) {
        let (folder, schema, limits) = (folder, schema, limits)
        try await onThread { () throws(StoreFault) in
            let source = try Self.reader(folder, schema, limits).connection
            try StoreBackup.make(path, from: source)
        }
    }

    private func onThread<Value: Sendable>(
        _ work: @escaping @Sendable () throws(StoreFault) -> Value
    ) async throws(StoreFault) -> Value {
        guard let result = await HostThread.value(of: { Result(catching: work) }) else {
            throw .unreachable(path: folder.path, detail: "no thread can be started")
        }
        return try result.get()
    }
}
