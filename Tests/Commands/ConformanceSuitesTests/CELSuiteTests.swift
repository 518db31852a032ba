import ConformanceSuites
import TestSupport
import Testing

@Suite("The conformance suite cel")
struct CELSuiteTests {
    private func tally(_ path: String) async throws -> ConformanceTally {
        let suite = try #require(Suites.all.first { $0.name == "cel" })
        return try await suite.run([path])
    }

    @Test("a case passes only with the same type and value, an expected fault only with a fault")
    func judges() async throws {
        let tally = try await tally(PackageFolder.fixture("cel/small.json"))
        #expect(tally.passed == 4)
        let failed = ["wrong-type", "wrong-value", "no-error", "key-type", "unreadable"]
        #expect(tally.failures.map(\.id) == failed.map { "small/\($0)" })
    }

    @Test("a file of another format is refused")
    func refusesOtherFiles() async {
        await #expect(throws: (any Error).self) { try await tally(PackageFolder.path + "/Package.swift") }
    }

    @Test(
        "every case of the shared corpus gives what the reference implementations give",
        .enabled(if: Corpora.arePresent, Comment(rawValue: Corpora.absence))
    )
    func corpus() async throws {
        let tally = try await tally(Corpora.path("conformance/cel"))
        #expect(tally.failures.map(\.id) == [])
        #expect(tally.passed >= 1_000)
    }
}
