import ConformanceSuites
import TestSupport
import Testing

@Suite("The suite sigv4 holds our signer against published vectors")
struct SigV4SuiteTests {
    private static let request = "GET / HTTP/1.1\nHost:example.amazonaws.com\nX-Amz-Date:20150830T123600Z"
    private static let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    /// A folder with one vector in a group; its string to sign and its signature belong to no request.
    private func corpus(canonical: String) throws -> Scratch {
        let scratch = try Scratch()
        _ = try Command.run("mkdir -p '\(scratch.path)/group/one'")
        let texts = [
            ("req", Self.request), ("sreq", Self.request), ("creq", canonical), ("sts", "x\ny"), ("authz", "z"),
        ]
        for (ending, text) in texts { try Files.write(Array(text.utf8), to: "\(scratch.path)/group/one/one.\(ending)") }
        return scratch
    }

    @Test("a case fails with the line in which it differs")
    func differences() async throws {
        let headers = "host:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\nhost;x-amz-date"
        let scratch = try corpus(canonical: "GET\n/\n\n\(headers)\n\(Self.empty)")
        let tally = try await SigV4Suite().run([scratch.path])
        #expect(tally.passed == 0)
        #expect(tally.failures.map(\.id) == ["group/one"])
        let why = try #require(tally.failures.first?.why)
        #expect(
            why.hasPrefix(".sts line 1: expected “x”, got “AWS4-HMAC-SHA256”; .authz line 1: expected “z”, got “AWS4")
        )
        let other = try corpus(canonical: "GET\n/\nq")
        let failure = try await SigV4Suite().run([other.path]).failures.first
        #expect(failure?.why.hasPrefix(".creq line 3: expected “q”, got “”; .sts") == true)
    }

    @Test("a folder without vectors is an error and no empty success")
    func noCorpus() async throws {
        let scratch = try Scratch()
        await #expect(throws: (any Error).self) { try await SigV4Suite().run([scratch.path]) }
    }

    @Test(
        "every published vector agrees",
        .enabled(if: Corpora.arePresent, Comment(rawValue: Corpora.absence))
    )
    func vectors() async throws {
        let tally = try await SigV4Suite().run([Corpora.path("aws-sigv4-vectors")])
        #expect(tally.failures.map { "\($0.id): \($0.why)" } == [])
        #expect(tally.passed == 34)
    }
}
