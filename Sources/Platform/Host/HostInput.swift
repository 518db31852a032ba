internal import Glibc

/// A file or standard input, read a chunk at a time.
@safe package final class HostInput {
    /// As messages name it.
    package let path: String
    private let descriptor: Int32
    private var buffer: [UInt8]

    /// `path` is `-` for standard input; a chunk is at most that many bytes.
    package init(_ path: String, chunk: Int = 262_144) throws(HostFault) {
        let isStandard = path == "-"
        self.path = isStandard ? "standard input" : path
        descriptor = isStandard ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw HostFault(reading: path, errno) }
        buffer = [UInt8](repeating: 0, count: chunk)
    }

    deinit { if descriptor != STDIN_FILENO { close(descriptor) } }

    /// The next bytes; nil at the end.
    package func read() throws(HostFault) -> [UInt8]? {
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw HostFault(reading: path, errno) }
            return count == 0 ? nil : Array(buffer[..<count])
        }
    }
}
