internal import Glibc
internal import HTTPExchange
internal import Host
internal import Orchestration
internal import Runs
internal import Synchronization
internal import Vocabulary

/// Ends the process at a named point, in builds for tests: what comes next has to find its way back.
///
/// `FIREBREAK_CRASH=POINT:N` kills it at the N-th time that the point is reached. Release builds know nothing of it.
enum CrashHook {
    enum Point: String, CaseIterable {
        /// What waited is durable; nothing came of it yet.
        case written
        /// A request has its answer; nobody has heard of it.
        case answered
    }

    #if DEBUG
    private static let wanted: (point: Point, number: Int)? = {
        let parts = (Host.environment("FIREBREAK_CRASH") ?? "").split(separator: ":").map(String.init)
        guard parts.count == 2, let point = Point(rawValue: parts[0]), let number = Int(parts[1]) else { return nil }
        return (point, number)
    }()

    private static let reached = Mutex([Point: Int]())

    static func reach(_ point: Point) {
        guard let wanted, wanted.point == point else { return }
        let number = reached.withLock { counts in
            counts[point, default: 0] += 1
            return counts[point, default: 0]
        }
        if number == wanted.number { kill(getpid(), SIGKILL) }
    }

    static func around(_ journal: any RunJournal) -> any RunJournal {
        wanted == nil ? journal : CrashingJournal(journal: journal)
    }

    static func around(_ transport: any HTTPTransport) -> any HTTPTransport {
        wanted == nil ? transport : CrashingTransport(transport: transport)
    }

    private struct CrashingJournal: RunJournal {
        let journal: any RunJournal

        func add(_ record: RunRecord, _ standing: RunStanding) async { await journal.add(record, standing) }
        func add(_ entry: LedgerEntry) async { await journal.add(entry) }
        func flush() async throws {
            try await journal.flush()
            CrashHook.reach(.written)
        }
    }

    private struct CrashingTransport: HTTPTransport {
        let transport: any HTTPTransport

        func send(_ request: HTTPRequest) async throws(HTTPFault) -> HTTPResponse {
            let answer = try await transport.send(request)
            if !request.isRead { CrashHook.reach(.answered) }
            return answer
        }
    }
    #else
    static func around(_ journal: any RunJournal) -> any RunJournal { journal }
    static func around(_ transport: any HTTPTransport) -> any HTTPTransport { transport }
    #endif
}
