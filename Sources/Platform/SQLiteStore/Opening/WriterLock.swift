internal import Glibc

/// The right to write to a store: one process holds it, and the kernel takes it back when that process ends.
///
/// `flock` also keeps a second store in the same process out, which SQLite's own POSIX locks would not.
struct WriterLock {
    private let descriptor: Int32

    init(_ folder: StoreFolder) throws(StoreFault) {
        descriptor = unsafe open(folder.lock, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(folder.lock, errno) }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            let number = errno
            let holder = Self.holder(descriptor)
            Glibc.close(descriptor)
            if number == EWOULDBLOCK { throw .held(path: folder.path, process: holder) }
            throw .unsuitable(path: folder.path, detail: "its file system gives no locks")
        }
        let text = Array("\(getpid())\n".utf8)
        // The number only serves the message that others get; the lock holds without it.
        _ = ftruncate(descriptor, 0)
        _ = unsafe text.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    /// Gives the right back; to be called once, after the connection is closed.
    func release() {
        // Whoever comes between this and `close` finds no number rather than that of a process long gone.
        _ = ftruncate(descriptor, 0)
        // Closing alone is not enough: a child between fork and exec has the file open too, and the lock with it.
        _ = flock(descriptor, LOCK_UN)
        Glibc.close(descriptor)
    }

    /// The number that the holder left; it may need a moment between taking the lock and writing.
    private static func holder(_ descriptor: Int32) -> Int32? {
        for _ in 0..<20 {
            var bytes = [UInt8](repeating: 0, count: 16)
            let count = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, 0) }
            let digits = bytes.prefix(max(0, count)).prefix { (0x30...0x39).contains($0) }
            if let process = Int32(String(decoding: digits, as: UTF8.self)) { return process }
            usleep(5_000)
        }
        return nil
    }
}
