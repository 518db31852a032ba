import AWSAPI
import Importing
import TestSupport
import Testing
import Vocabulary

@Suite("A lane of imports loses nothing and stays within the service's limits")
struct ImportLaneTests {
    private let start = Timestamp(nanoseconds: 0)

    private func batch(_ lane: inout ImportLane, at now: Timestamp, isDraining: Bool = false) -> [String]? {
        guard case .send(let batch) = lane.next(at: now, isDraining: isDraining) else { return nil }
        return batch.ids
    }

    private func findings(_ count: Int, severity: String = "MEDIUM", padding: Int = 0) throws -> [PendingFinding] {
        try (0..<count).map { number in
            let finding = SampleFindings.finding("\(severity)-\(number)", severity: severity, padding: padding)
            return try SampleFindings.pending(UInt64(number), finding)
        }
    }

    @Test(
        "whatever the service does, each finding has one outcome, and the newest state of each is the one that stays",
        arguments: 0..<24 as Range<UInt64>
    )
    func losesNothing(seed: UInt64) throws {
        var chance = SeededChance(seed: Seed.fromEnvironment() ?? seed)
        let faults = UInt64.random(in: 0...30, using: &chance)
        let (poison, refused): (Set<String>, Set<String>) = (["id-3", "id-77"], ["id-5"])
        let hub = SimulatedHub(seed: seed, faults: faults, poison: poison, refused: refused)
        var simulation = LaneSimulation(seed: seed, hub: hub, rules: ImportRules())
        var newest: [String: Int64] = [:]
        for ticket in 1...500 as ClosedRange<UInt64> {
            let id = "id-\(Int.random(in: 0..<200, using: &chance))"
            newest[id] = Int64(ticket)
            let severity = id.hasSuffix("7") ? "CRITICAL" : "LOW"
            let finding = SampleFindings.finding(id, severity: severity, updatedAt: Int(ticket))
            simulation.add([try SampleFindings.pending(ticket, finding)])
        }
        let ended = simulation.run()
        #expect(ended, "seed \(seed)")
        #expect(simulation.imported.count + simulation.parked.count == 500 && simulation.toldTwice.isEmpty)
        #expect(simulation.isEachAlone)
        for (id, updatedAt) in newest where !poison.contains(id) && !refused.contains(id) {
            #expect(simulation.hub.stored[id] == updatedAt, "\(id), seed \(seed)")
        }
        #expect(poison.union(refused).allSatisfy { simulation.hub.stored[$0] == nil })
        for fault in simulation.parked.values {
            let isHonest =
                switch fault {
                case .refused, .notAccepted: true
                case .unaddressed, .tooLarge, .outOfPatience, .abandoned: false
                }
            #expect(isHonest, "seed \(seed): \(fault)")
        }
    }

    @Test("no second has more calls than the burst and the rate allow", arguments: 0..<4 as Range<UInt64>)
    func keepsTheRate(seed: UInt64) throws {
        let hub = SimulatedHub(seed: seed, faults: 5)
        let rules = ImportRules(inFlight: 1_000)
        var simulation = LaneSimulation(seed: seed, hub: hub, rules: rules)
        for ticket in 0..<9_000 as Range<UInt64> {
            simulation.add([try SampleFindings.pending(ticket, SampleFindings.finding("id-\(ticket)"))])
        }
        let ended = simulation.run()
        #expect(ended)
        let calls = simulation.hub.calls
        for (place, first) in calls.enumerated() {
            let inSecond = calls[place...].prefix { $0 < first.advanced(by: .seconds(1)) }.count
            if inSecond > 41 { Issue.record("\(inSecond) calls in one second, seed \(seed)") }
        }
        let passed = simulation.now.duration(since: start) / .seconds(1)
        #expect(Double(calls.count) <= 31 + 10 * passed)
    }

    @Test("a call holds a hundred findings and five megabytes at most, the most urgent first")
    func fillsCalls() throws {
        var lane = ImportLane(ImportRules(), at: start)
        for finding in try findings(150) + findings(60, severity: "CRITICAL") { lane.add(finding, at: start) }
        let first = try #require(batch(&lane, at: start))
        #expect(first.count == 100 && first.prefix(60).allSatisfy { $0.hasPrefix("CRITICAL") })
        #expect(batch(&lane, at: start)?.count == 100 && batch(&lane, at: start, isDraining: true)?.count == 10)
        for finding in try findings(60, severity: "LOW", padding: 200_000) { lane.add(finding, at: start) }
        #expect(batch(&lane, at: start)?.count == 26)
    }

    @Test("what is not urgent waits a moment for company; what is urgent does not")
    func lingers() throws {
        var lane = ImportLane(ImportRules(), at: start)
        for finding in try findings(3) { lane.add(finding, at: start) }
        guard case .wait(let moment) = lane.next(at: start, isDraining: false) else {
            Issue.record("it did not wait")
            return
        }
        #expect(moment == start.advanced(by: .milliseconds(200)))
        for finding in try findings(1, severity: "HIGH") { lane.add(finding, at: start) }
        #expect(batch(&lane, at: start)?.count == 4)
    }

    @Test("a finding that failed in passing goes again alone, after a pause")
    func repeatsAlone() throws {
        var lane = ImportLane(ImportRules(), at: start)
        for finding in try findings(3, severity: "HIGH") { lane.add(finding, at: start) }
        guard case .send(let sent) = lane.next(at: start, isDraining: false) else { return }
        let answer: JSONValue = [
            "SuccessCount": 2, "FailedCount": 1,
            "FailedFindings": [["Id": "HIGH-1", "ErrorCode": "ThrottlingException", "ErrorMessage": "slow"]],
        ]
        #expect(lane.settle(sent, .success(answer), at: start, fraction: 0).map(\.ticket) == [0, 2])
        #expect(batch(&lane, at: start) == nil)
        #expect(batch(&lane, at: start.advanced(by: .seconds(2))) == ["HIGH-1"])
    }

    @Test("an answer that does not account for every finding is no answer")
    func distrustsAnswers() throws {
        let senseless: [JSONValue] = [
            [:], ["SuccessCount": 2, "FailedCount": 0], ["SuccessCount": 3, "FailedCount": 1],
            ["SuccessCount": 2, "FailedCount": 1, "FailedFindings": [["Id": "nobody"], ["Id": "x"]]],
        ]
        for answer in senseless {
            var lane = ImportLane(ImportRules(), at: start)
            for finding in try findings(3, severity: "HIGH") { lane.add(finding, at: start) }
            guard case .send(let sent) = lane.next(at: start, isDraining: false) else { return }
            #expect(lane.settle(sent, .success(answer), at: start, fraction: 0).isEmpty)
            #expect(batch(&lane, at: start.advanced(by: .seconds(2)))?.count == 3)
        }
    }

    @Test("a service that stays away parks the findings with its last word, after the time that patience allows")
    func losesPatience() throws {
        var simulation = LaneSimulation(
            seed: 1,
            hub: SimulatedHub(seed: 1, faults: 100),
            rules: ImportRules(patience: .seconds(60))
        )
        simulation.add(try findings(10))
        let ended = simulation.run()
        #expect(ended && simulation.parked.count + simulation.imported.count == 10)
        #expect(!simulation.parked.isEmpty)
        for fault in simulation.parked.values {
            guard case .outOfPatience(let cause, let attempts) = fault else {
                Issue.record("\(fault)")
                continue
            }
            #expect(attempts >= 5 && cause.service == "securityhub" && fault.report.retry == .transient)
        }
        #expect(simulation.now < start.advanced(by: .seconds(65)))
    }

    @Test("permissions that are missing are said at once, for every finding of the call")
    func parksWhatIsNotPermitted() throws {
        var lane = ImportLane(ImportRules(), at: start)
        for finding in try findings(3, severity: "HIGH") { lane.add(finding, at: start) }
        guard case .send(let sent) = lane.next(at: start, isDraining: false) else { return }
        let fault = AWSFault(
            code: "AccessDeniedException",
            message: "not allowed",
            status: 403,
            service: "securityhub",
            operation: "BatchImportFindings"
        )
        let outcomes = lane.settle(sent, .failure(fault), at: start, fraction: 0)
        #expect(outcomes.count == 3 && lane.isEmpty)
        for outcome in outcomes {
            guard case .parked(_, _, let why) = outcome else { continue }
            #expect(why.report.code == "IMPORT-004" && why.cause?.isNotPermitted == true)
        }
    }

    @Test("after giving up nothing is tried again, and a finding that comes later is")
    func abandons() throws {
        var lane = ImportLane(ImportRules(), at: start)
        for finding in try findings(120, severity: "HIGH") { lane.add(finding, at: start) }
        guard case .send(let sent) = lane.next(at: start, isDraining: false) else { return }
        let parked = lane.abandon()
        #expect(sent.findings.count == 100 && parked.count == 20)
        let fault = AWSFault(
            code: "InternalException",
            message: "",
            status: 500,
            service: "securityhub",
            operation: "BatchImportFindings"
        )
        let late = lane.settle(sent, .failure(fault), at: start, fraction: 0)
        #expect(late.count == 100 && lane.isEmpty)
        lane.add(try findings(1, severity: "HIGH")[0], at: start)
        guard case .send(let again) = lane.next(at: start, isDraining: false) else { return }
        #expect(lane.settle(again, .failure(fault), at: start, fraction: 0).isEmpty)
    }
}
