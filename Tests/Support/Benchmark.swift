internal import Glibc

/// What programs that measure have in common.
package enum Benchmark {
    /// A line on standard output that whoever reads from a pipe sees at once.
    package static func say(_ line: String) { put(line, on: STDOUT_FILENO) }

    /// Ends the program: there are no figures, and why.
    package static func fail(_ error: any Error) -> Never {
        put("\(CommandLine.arguments.first ?? "benchmark"): \(error)", on: STDERR_FILENO)
        exit(1)
    }

    /// Nanoseconds that this process's threads worked, the system's work for them included.
    package static func processorTime() -> Int { nanoseconds(CLOCK_PROCESS_CPUTIME_ID) }

    /// Nanoseconds of the clock that never jumps, the same for all processes.
    package static func monotonicTime() -> Int { nanoseconds(CLOCK_MONOTONIC) }

    /// The one in the middle; zero of none.
    package static func median(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.sorted()[values.count / 2] }

    private static func nanoseconds(_ clock: clockid_t) -> Int {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    private static func put(_ line: String, on descriptor: Int32) {
        let bytes = Array((line + "\n").utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    }
}

/// Why there are no figures.
package struct BenchmarkFault: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
