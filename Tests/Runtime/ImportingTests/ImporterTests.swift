import AWSAPI
import HTTPExchange
import Importing
import Synchronization
import TestSupport
import Testing
import Vocabulary

@Suite("The importer makes the calls that its lanes ask for")
struct ImporterTests {
    /// A clock that is always where somebody waits for it to be.
    private final class LeapingTime: TimeAndChance {
        private let moment = Mutex(Timestamp(nanoseconds: 0))

        func now() -> Timestamp { moment.withLock { $0 } }
        func pause(for duration: Duration) async { moment.withLock { $0 = $0.advanced(by: duration) } }
        func fraction() -> Double { 0.5 }
        func uuid() -> String { "" }
        func send(
            _ request: HTTPRequest,
            over transport: any HTTPTransport,
            within limit: Duration
        ) async throws(HTTPFault) -> HTTPResponse { try await transport.send(request) }
    }

    private actor Gateway: ImportGateway {
        private var hub: SimulatedHub
        private let time: LeapingTime
        private(set) var accounts: Set<String> = []

        init(_ hub: SimulatedHub, _ time: LeapingTime) { (self.hub, self.time) = (hub, time) }

        var stored: [String: Int64] { hub.stored }
        var calls: Int { hub.calls.count }

        func call(_ input: JSONValue, to destination: ImportDestination) async -> Result<JSONValue, AWSFault> {
            accounts.insert(destination.account.rawValue)
            let strangers = (input["Findings"]?.array ?? []).contains {
                $0["AwsAccountId"]?.string != destination.account.rawValue
            }
            precondition(!strangers, "findings of several accounts in one call")
            return hub.call(input, at: time.now())
        }
    }

    private final class Outcomes: Sendable {
        private let list = Mutex<[ImportOutcome]>([])
        func add(_ outcome: ImportOutcome) { list.withLock { $0.append(outcome) } }
        var all: [ImportOutcome] { list.withLock { $0 } }
    }

    @Test("a thousand findings of three accounts arrive through a service that often fails", arguments: [1, 2, 3])
    func arrive(seed: UInt64) async throws {
        let (time, outcomes) = (LeapingTime(), Outcomes())
        let gateway = Gateway(SimulatedHub(seed: seed, faults: 20), time)
        let importer = Importer(gateway: gateway, time: time, rules: ImportRules(backlog: 150)) { outcomes.add($0) }
        let accounts = ["111122223333", "444455556666", "777788889999"]
        for number in 0..<1_000 {
            await importer.submit(
                SampleFindings.finding("id-\(number)", account: accounts[number % 3]),
                ticket: UInt64(number)
            )
        }
        await importer.finish()
        #expect(outcomes.all.count == 1_000 && Set(outcomes.all.map(\.ticket)).count == 1_000)
        #expect(await gateway.stored.count == 1_000)
        #expect(await gateway.accounts == Set(accounts))
    }

    @Test("what cannot be addressed is parked without a call, and the rest goes on")
    func parksTheUnaddressed() async throws {
        let (time, outcomes) = (LeapingTime(), Outcomes())
        let gateway = Gateway(SimulatedHub(seed: 1, faults: 0), time)
        let importer = Importer(gateway: gateway, time: time) { outcomes.add($0) }
        await importer.submit(["Id": "x"], ticket: 1)
        await importer.submit(SampleFindings.finding("large", padding: 300_000), ticket: 2)
        await importer.submit(SampleFindings.finding("good"), ticket: 3)
        await importer.finish()
        let codes = outcomes.all.compactMap { outcome -> String? in
            guard case .parked(_, _, let fault) = outcome else { return nil }
            return fault.report.code
        }
        #expect(codes == ["IMPORT-001", "IMPORT-002"])
        #expect(await gateway.stored == ["good": 1])
        // It can be used again.
        await importer.submit(SampleFindings.finding("later"), ticket: 4)
        await importer.finish()
        #expect(await gateway.stored.count == 2)
    }

    @Test("records that name many accounts do not fill the memory")
    func forgetsIdleAccounts() async throws {
        let (time, outcomes) = (LeapingTime(), Outcomes())
        let gateway = Gateway(SimulatedHub(seed: 1, faults: 0), time)
        let importer = Importer(gateway: gateway, time: time) { outcomes.add($0) }
        for number in 0..<400 {
            await importer.submit(
                SampleFindings.finding("id", severity: "CRITICAL", account: String(100_000_000_000 + number)),
                ticket: UInt64(number)
            )
            await importer.finish()
            await time.pause(for: .seconds(5))
        }
        #expect(outcomes.all.count == 400)
        #expect(await importer.destinations < 100)
    }
}
