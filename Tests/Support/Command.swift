internal import Glibc

/// Runs another program for a test and reads what it prints.
package enum Command {
    /// Standard output and the exit code of a shell command line made by the test itself.
    package static func run(_ line: String) throws -> (output: String, status: Int32) {
        guard let pipe = unsafe popen(line, "r") else { throw Files.Unreadable(path: line) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe fread($0.baseAddress, 1, $0.count, pipe) }
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        let status = unsafe pclose(pipe)
        return (String(decoding: bytes, as: UTF8.self), (status >> 8) & 0xff)
    }

    /// The same on a thread of its own: a program that waits for this process must not hold one of its few task threads.
    package static func runApart(_ line: String) async throws -> (output: String, status: Int32) {
        let result = await withCheckedContinuation {
            (done: CheckedContinuation<Result<(String, Int32), any Error>, Never>) in
            LoopbackServer.thread { done.resume(returning: Result { try run(line) }) }
        }
        return try result.get()
    }

    /// Whether a program is on PATH.
    package static func exists(_ name: String) -> Bool {
        (try? run("command -v \(name) 2>/dev/null").status == 0) ?? false
    }
}
