import ConformanceSuites
import Runs
import TestSupport
import Testing
import Vocabulary

@Suite("the state-machine suite")
struct StateMachineSuiteTests {
    private let own = PackageFolder.fixture("state-machine/cases.json")

    @Test("our own cases pass, and what is not run is counted apart")
    func ownCases() async throws {
        let tally = try await StateMachineSuite().run([own])
        #expect(tally.failures.map { "\($0.id): \($0.why)" } == [])
        #expect(tally.passed == 6)
        #expect(tally.notes == ["1 cases not run: Parallel 1"])
    }

    @Test(
        "every case of the shared corpus that needs no Map or Parallel passes",
        .enabled(if: Corpora.arePresent, Comment(rawValue: Corpora.absence))
    )
    func sharedCases() async throws {
        let tally = try await StateMachineSuite().run([Corpora.path("conformance/state-machine")])
        #expect(tally.failures.map { "\($0.id): \($0.why)" } == [])
        #expect(tally.passed > 0)
    }

    @Test("a fault in the retriers makes the suite fail", arguments: RetryFault.allCases)
    func faultsAreNoticed(fault: RetryFault) async throws {
        let tally = try await StateMachineSuite(altering: fault.apply).run([own])
        #expect(tally.failures.contains { $0.id.hasPrefix("own/retry") })
    }

    @Test(
        "a fault in the retriers makes the shared corpus fail",
        .enabled(if: Corpora.arePresent, Comment(rawValue: Corpora.absence)),
        arguments: RetryFault.allCases
    )
    func faultsAreNoticedInTheCorpus(fault: RetryFault) async throws {
        let path = Corpora.path("conformance/state-machine/retry.json")
        let tally = try await StateMachineSuite(altering: fault.apply).run([path])
        #expect(!tally.failures.isEmpty)
    }

    @Test("a file of another format is refused with its name")
    func otherFormat() async {
        let path = PackageFolder.fixture("state-machine/other.json")
        await #expect(throws: (any Error).self) { try await StateMachineSuite().run([path]) }
    }

    @Test(
        "each recorded comparison holds as it did on AWS",
        .enabled(if: Corpora.arePresent, Comment(rawValue: Corpora.absence))
    )
    func operators() throws {
        let text = try Files.text(Corpora.path("conformance/state-machine/choice-operators.json"))
        let rows = try #require(try JSONReader.parse(text)["cases"]?.array)
        for row in rows {
            let name = try #require(row["operator"]?.string)
            let value = try #require(row["value"])
            var input: JSONObject = ["v": try #require(row["variable"])]
            var rule: JSONObject = ["Variable": "$.v", name: value]
            if name.hasSuffix("Path") {
                input["w"] = value
                rule[name] = "$.w"
            }
            let holds = StateMachineChoice.holds(.object(rule), over: .object(input))
            #expect(holds == row["result"]?.bool, "\(row["id"]?.string ?? "")")
        }
    }
}

/// Faults that a careless change of the retry schedule could bring.
enum RetryFault: String, CaseIterable, Sendable {
    case oneMore, oneFewer, longerInterval, flatBackoff, noCap

    @Sendable func apply(_ policy: RetryPolicy) -> RetryPolicy {
        var policy = policy
        switch self {
        case .oneMore: policy.attempts += 1
        case .oneFewer: policy.attempts = max(0, policy.attempts - 1)
        case .longerInterval: policy.interval += .seconds(1)
        case .flatBackoff: policy.backoff = 1
        case .noCap: policy.maxDelay = nil
        }
        return policy
    }
}
