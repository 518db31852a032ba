internal import Glibc

/// A file or standard input, read a chunk at a time.
@safe package final class HostInput {
    /// As messages name it.
    package let path: String
    private let descriptor: Int32
    private let size: Int

    /// `path` is `-` for standard input; a chunk is at most that many bytes.
    package init(_ path: String, chunk: Int = 262_144) throws(HostFault) {
        let isStandard = path == "-"
        self.path = isStandard ? "standard input" : path
        descriptor = isStandard ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw HostFault(reading: path, errno) }
        size = chunk
    }

    deinit { if descriptor != STDIN_FILENO { close(descriptor) } }

    /// The next bytes; nil at the end.
    package func read() throws(HostFault) -> [UInt8]? {
        try Self.chunk(descriptor, path, size).get()
    }

    /// The same, waiting on a thread of its own: what comes from a pipe may take for ever, and others have work to do.
    package func next() async throws(HostFault) -> [UInt8]? {
        let (descriptor, path, size) = (descriptor, path, size)
        let result = await HostThread.value(of: { Self.chunk(descriptor, path, size) })
        guard let result else { throw HostFault(reading: path, EAGAIN) }
        return try result.get()
    }

    private static func chunk(_ descriptor: Int32, _ path: String, _ size: Int) -> Result<[UInt8]?, HostFault> {
        var bytes = [UInt8](repeating: 0, count: size)
        while true {
            let count = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { return .failure(HostFault(reading: path, errno)) }
            return .success(count == 0 ? nil : Array(bytes[..<count]))
        }
    }
}
