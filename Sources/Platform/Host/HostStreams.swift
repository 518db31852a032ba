internal import Glibc

/// The process's standard streams.
package enum HostStreams {
    package static func writeOut(_ text: String) { _ = writeAll(Array(text.utf8), to: STDOUT_FILENO) }
    package static func writeError(_ text: String) { _ = writeAll(Array(text.utf8), to: STDERR_FILENO) }

    package static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    package static var isInputTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// Writes everything; false when the other side is gone or the disk is full, with `errno` set.
    static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
