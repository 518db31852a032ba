internal import Glibc

/// A program that prints one line when it is ready, and that ends when nobody reads its output any more.
///
/// So it ends with its last reference here, and also when this process ends in any other way.
@safe package final class ReadyProgram: Sendable {
    /// What it printed when it was ready.
    package let greeting: String
    /// Safe because nothing but `deinit` uses it after `init`.
    private nonisolated(unsafe) let output: UnsafeMutablePointer<FILE>

    /// Starts a shell command line made by the test itself; returns when the program is ready.
    ///
    /// The waiting happens on a thread of its own.
    package static func start(_ line: String) async throws -> ReadyProgram {
        let result = await withCheckedContinuation {
            (done: CheckedContinuation<Result<ReadyProgram, any Error>, Never>) in
            LoopbackServer.thread { done.resume(returning: Result { try ReadyProgram(line) }) }
        }
        return try result.get()
    }

    private init(_ line: String) throws {
        // “e”: other programs that tests start must not keep the pipe open. “exec”: no shell stays in between.
        guard let output = unsafe popen("exec \(line)", "re") else { throw Files.Unreadable(path: line) }
        unsafe self.output = output
        var greeting: [UInt8] = []
        while true {
            let byte = unsafe getc(output)
            guard byte != EOF, byte != 0x0a else { break }
            greeting.append(UInt8(truncatingIfNeeded: byte))
        }
        self.greeting = String(decoding: greeting, as: UTF8.self)
    }

    deinit { unsafe _ = pclose(output) }
}
