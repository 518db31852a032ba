import ConformanceSuites
import TestSupport
import Testing
import Vocabulary

@Suite("Suites over events, patterns and alerts")
struct EventSuitesTests {
    @Test(
        "the shared corpora agree without exception",
        .enabled(if: Corpora.arePresent, Comment(rawValue: Corpora.absence)),
        arguments: [
            ("patterns", "eventbridge-patterns"), ("events", "eventbridge"), ("falco", "falco"),
            ("falco", "cloudwatch"),
        ]
    )
    func corpora(_ name: String, _ folder: String) async throws {
        let suite = try #require(Suites.all.first { $0.name == name })
        let tally = try await suite.run([Corpora.path("fixtures/" + folder)])
        #expect(tally.failures.map { "\($0.id): \($0.why)" } == [])
        #expect(tally.passed > 30)
    }

    @Test("a wrong expectation fails its case")
    func wrongExpectations() async throws {
        let folder = PackageFolder.fixture("conformance/")
        let patterns = try await PatternsSuite().run([folder + "patterns.json"])
        #expect(patterns.failures.map(\.id) == ["wrong-match", "wrong-refusal"])
        #expect(patterns.passed == 2)
        #expect(patterns.notes.count == 1)
        let events = try await EventsSuite().run([folder + "events-index.json"])
        #expect(events.failures.map(\.id) == ["wrong-count", "unknown-key"])
        #expect(events.passed == 1)
        let falco = try await FalcoSuite().run([folder + "falco-index.json"])
        #expect(falco.failures.map(\.id) == ["wrong-pod"])
        #expect(falco.passed == 1)
        let inputs = try await FalcoSuite().run([folder + "inputs-index.json"])
        #expect(inputs.failures.map(\.id) == ["wrong-time", "wrong-order", "wrong-context", "no-error", "unknown-key"])
        #expect(inputs.passed == 2)
    }

    @Test("a file that is no corpus is an error and no empty success")
    func noCorpus() async {
        await #expect(throws: (any Error).self) {
            try await PatternsSuite().run([PackageFolder.fixture("events/imported.json")])
        }
    }
}
