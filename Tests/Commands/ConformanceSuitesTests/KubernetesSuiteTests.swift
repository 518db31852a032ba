import ConformanceSuites
import TestSupport
import Testing
import Vocabulary

@Suite("The suite kubernetes passes what is right and finds what is wrong")
struct KubernetesSuiteTests {
    private static let fixture = PackageFolder.fixture("kubernetes")

    @Test("our own transcripts pass, answers and rehearsal")
    func passes() async throws {
        let tally = try await KubernetesSuite().run([Self.fixture])
        #expect(tally.failures.map { "\($0.id): \($0.why)" } == [])
        #expect(tally.passed == 11)
        #expect(tally.notes.contains("rehearsal: 11 passed, 0 failed"))
    }

    /// What is replaced in which file, and the exchange in which it must be noticed.
    static let faults: [(String, String, String, String)] = [
        ("expect.json", "\"class\": \"alreadyExists\"", "\"class\": \"created\"", "01-label-and-isolate#5"),
        ("expect.json", "\"retry\": \"backoff\"", "\"retry\": \"never\"", "01-label-and-isolate#8"),
        ("expect.json", "\"from\": \"8\"", "\"from\": \"7\"", "02-watch#0"),
        ("01-label-and-isolate.json", "\"value\\\": \\\"zz\\\"", "\"value\\\": \\\"0a\\\"", "01-label-and-isolate#3"),
        ("01-label-and-isolate.json", "\"status\": 201", "\"status\": 200", "01-label-and-isolate#4"),
    ]

    @Test("a fault in a transcript or an expectation is found where it is", arguments: faults)
    func fails(_ file: String, _ good: String, _ bad: String, _ id: String) async throws {
        let scratch = try Scratch()
        for name in try Files.names(in: Self.fixture) where name.hasSuffix(".json") {
            var text = try Files.text(Self.fixture + "/" + name)
            if name == file {
                #expect(text.contains(good))
                text = text.replacing(good, with: bad)
            }
            try Files.write(Array(text.utf8), to: scratch.path + "/" + name)
        }
        let tally = try await KubernetesSuite().run([scratch.path])
        #expect(tally.failures.map(\.id).contains(id))
    }

    @Test(
        "every owed exchange of the shared transcripts passes",
        .enabled(if: Corpora.arePresent, Comment(rawValue: Corpora.absence))
    )
    func sharedTranscripts() async throws {
        let tally = try await KubernetesSuite().run([Corpora.path("kubernetes-transcripts")])
        #expect(tally.failures.map { "\($0.id): \($0.why)" } == [])
        #expect(tally.passed >= 258)
    }
}
