import HTTPExchange
import Orchestration
import Runs
import Synchronization
import Vocabulary

/// A universe in which a process lives, behind the doors that the product knows.
final class SharedUniverse: Sendable {
    private let content: Mutex<Universe>

    init(_ universe: Universe) { content = Mutex(universe) }

    func with<Answer: Sendable>(_ body: (inout Universe) -> Answer) -> Answer { content.withLock { body(&$0) } }
}

/// The transport of one process.
struct SimulatedTransport: HTTPTransport {
    let universe: SharedUniverse
    let life: Int

    func send(_ request: HTTPRequest) async throws(HTTPFault) -> HTTPResponse {
        try universe.with { $0.exchange(request, by: life) }.get()
    }
}

/// The journal of one process: what it adds waits in memory, and dies with it.
struct SimulatedJournal: RunJournal {
    struct Gone: Error {}

    let universe: SharedUniverse
    let life: Int

    func add(_ record: RunRecord, _ standing: RunStanding) async {
        universe.with { $0.add(record, standing, by: life) }
    }
    func add(_ entry: LedgerEntry) async { universe.with { $0.add(entry, by: life) } }
    func flush() async throws { if !universe.with({ $0.flush(by: life) }) { throw Gone() } }
}

/// The clock of one process: time is the universe's until the process ends, and stands still for what is left of it.
final class SimulatedClock: RunClock {
    private let universe: SharedUniverse
    private let life: Int
    /// After its end, nobody sees this.
    private let rest = Mutex<Timestamp?>(nil)

    init(universe: SharedUniverse, life: Int) {
        self.universe = universe
        self.life = life
    }

    func now() -> Timestamp {
        let (now, isAlive, isRunaway) = universe.with { ($0.now, $0.isAlive(life), $0.life.isRunaway) }
        guard !isAlive else { return now }
        return rest.withLock { rest in
            // What would go on for ever finds that nothing is due any more.
            let moment = rest ?? (isRunaway ? Timestamp(nanoseconds: 0) : now)
            rest = moment
            return moment
        }
    }

    func pass(_ duration: Duration) async {
        let here = now()
        guard !universe.with({ $0.pass(duration, by: life) }) else { return }
        rest.withLock { $0 = here.advanced(by: duration) }
    }

    func limit<Answer: Sendable>(
        until deadline: Timestamp?,
        _ work: @escaping @Sendable () async -> Answer
    ) async -> Answer {
        universe.with { if $0.isAlive(life) { $0.life.deadline = deadline } }
        defer { universe.with { if $0.isAlive(life) { $0.life.deadline = nil } } }
        return await work()
    }
}
