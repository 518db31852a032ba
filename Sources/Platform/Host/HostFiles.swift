internal import Glibc

/// Whole files, bounded in size; and folders.
package enum HostFiles {
    /// Reads a file, or standard input when the path is `-`.
    package static func read(_ path: String, limit: Int = 64 << 20) throws(HostFault) -> [UInt8] {
        if path == "-" { return try drain(STDIN_FILENO, path: "standard input", limit: limit) }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw HostFault(reading: path, errno) }
        defer { close(descriptor) }
        return try drain(descriptor, path: path, limit: limit)
    }

    private static func drain(_ descriptor: Int32, path: String, limit: Int) throws(HostFault) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 262_144)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw HostFault(reading: path, errno) }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= limit else { throw HostFault(tooLarge: path, limit: limit) }
        }
    }

    /// Writes a file that only its owner may read, in one step: a reader sees the old text or the new one.
    ///
    /// What is no file, such as a terminal, a pipe or `/dev/null`, is written to and stays what it is.
    package static func write(_ bytes: [UInt8], to path: String) throws(HostFault) {
        if isDevice(path) { return try writeThrough(bytes, to: path) }
        let draft = path + ".\(getpid()).draft"
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw HostFault(writing: path, errno) }
        let isWritten = HostStreams.writeAll(bytes, to: descriptor) && fsync(descriptor) == 0
        let problem = errno
        close(descriptor)
        guard isWritten else { throw abandon(draft, of: path, problem) }
        guard unsafe rename(draft, path) == 0 else { throw abandon(draft, of: path, errno) }
    }

    private static func writeThrough(_ bytes: [UInt8], to path: String) throws(HostFault) {
        let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw HostFault(writing: path, errno) }
        defer { close(descriptor) }
        guard HostStreams.writeAll(bytes, to: descriptor) else { throw HostFault(writing: path, errno) }
    }

    private static func isDevice(_ path: String) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return false }
        return ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
    }

    /// What was begun is not left behind.
    private static func abandon(_ draft: String, of path: String, _ problem: Int32) -> HostFault {
        unsafe unlink(draft)
        return HostFault(writing: path, problem)
    }

    /// - Throws: when a file cannot be made there; nothing is left behind.
    package static func checkWritable(_ path: String) throws(HostFault) {
        guard !isFolder(path) else { throw HostFault(writing: path, EISDIR) }
        if isDevice(path) {
            guard unsafe access(path, W_OK) == 0 else { throw HostFault(writing: path, errno) }
            return
        }
        let draft = path + ".\(getpid()).draft"
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw HostFault(writing: path, errno) }
        close(descriptor)
        unsafe unlink(draft)
    }

    package static func makeFolder(_ path: String) throws(HostFault) {
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw HostFault(writing: path, errno) }
    }

    package static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    package static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Names in a folder, sorted, without those that begin with a dot.
    package static func names(in folder: String) throws(HostFault) -> [String] {
        guard let directory = unsafe opendir(folder) else { throw HostFault(reading: folder, errno) }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }
}
