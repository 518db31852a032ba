import Glibc
import Host
import Testing
import Vocabulary

@Suite("Programs run without a shell, bounded in time and output")
struct HostProcessTests {
    private func run(_ words: [String], _ limit: Duration = .seconds(20), _ size: Int = 1_000) async throws -> String {
        String(
            decoding: try await HostProcess.output(of: words, timeLimit: limit, outputLimit: size),
            as: UTF8.self
        )
    }

    @Test("what it prints comes back as it is, its words are not expanded, its input is empty")
    func prints() async throws {
        #expect(try await run(["printf", "%s", "$HOME `x` 'y'"]) == "$HOME `x` 'y'")
        #expect(try await run(["cat"]) == "")
        #expect(try await run(["sh", "-c", "echo out; echo secret >&2"]) == "out\n")
    }

    @Test(
        "no file or connection that is open here is open there, even when the library that opened it forgot to say so"
    )
    func inheritsNothing() async throws {
        // As libcurl makes its sockets.
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(connection > STDERR_FILENO && fcntl(connection, F_GETFD) == 0)
        defer { close(connection) }
        let script = "for place in 0 1 2 \(connection); do [ -e /proc/$$/fd/$place ] && echo $place; done; true"
        #expect(try await run(["sh", "-c", script]) == "0\n1\n2\n")
    }

    @Test(
        "a program that is not there, fails, dies, or prints too much is a fault that tells nothing of its output",
        arguments: [
            (["/no/such/program"], "PROCESS-001", "cannot start"), ([], "PROCESS-001", "cannot start"),
            (["sh", "-c", "echo secret; exit 3"], "PROCESS-002", "exit code 3"),
            (["sh", "-c", "kill -9 $$"], "PROCESS-002", "signal 9"), (["yes", "secret"], "PROCESS-002", "more than"),
        ]
    )
    func fails(_ words: [String], _ code: String, _ text: String) async {
        let fault = await #expect(throws: HostFault.self) { _ = try await run(words) }
        #expect(fault?.report.code == code)
        #expect(fault?.report.what.contains(text) == true)
        #expect(fault?.report.what.contains("secret") == false)
    }

    @Test("at the time limit a program ends with all that it started", arguments: ["sleep 600", "exec >&-; sleep 600"])
    func timeLimit(_ script: String) async {
        let start = ContinuousClock.now
        let fault = await #expect(throws: HostFault.self) {
            _ = try await run(["sh", "-c", "(\(script)) & \(script)"], .milliseconds(100))
        }
        #expect(fault?.report.what == "it did not end in time")
        #expect(ContinuousClock.now - start < .seconds(300))
    }
}
