internal import Glibc

/// The store's folder and the files in it: private to the user, and still where they were.
struct StoreFolder: Sendable {
    /// Which file a path leads to; a file that was replaced has another.
    struct Identity: Sendable, Hashable {
        var device: UInt
        var node: UInt
    }

    let path: String
    var database: String { path + "/firebreak.db" }
    var journal: String { database + "-wal" }
    var lock: String { path + "/lock" }

    init(_ path: String) {
        var path = path
        while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
        self.path = path
    }

    /// Makes what is missing, mode 0700 and 0600, and refuses what others may use.
    func prepare() throws(StoreFault) {
        try Self.make(path)
        try checkPrivate()
        let descriptor = unsafe open(database, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            Glibc.close(descriptor)
            try Self.sync(path)
        } else if errno != EEXIST {
            throw .system(database, errno)
        }
        try checkDatabase()
    }

    /// What a reader needs: both are there, and private.
    func checkPrivate() throws(StoreFault) {
        let status = try Self.status(path)
        guard status.st_mode & S_IFMT == S_IFDIR else { throw .unreachable(path: path, detail: "this is no folder") }
        guard status.st_mode & 0o077 == 0 else { throw .openToOthers(path: path, mode: status.st_mode & 0o777) }
    }

    func checkDatabase() throws(StoreFault) {
        let status = try Self.status(database)
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .unreachable(path: database, detail: "this is no plain file")
        }
        guard status.st_mode & 0o077 == 0 else { throw .openToOthers(path: database, mode: status.st_mode & 0o777) }
    }

    /// Of the database and its write-ahead log; nil for one that is not there.
    func identities() -> [Identity?] {
        [database, journal].map { path in
            var status = stat()
            guard unsafe lstat(path, &status) == 0 else { return nil }
            return Identity(device: UInt(status.st_dev), node: UInt(status.st_ino))
        }
    }

    private static func status(_ path: String) throws(StoreFault) -> stat {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { throw .system(path, errno) }
        return status
    }

    /// Makes a folder and the missing ones above it; each is durable before the next.
    private static func make(_ path: String) throws(StoreFault) {
        if unsafe mkdir(path, 0o700) == 0 { return try sync(parent(path)) }
        switch errno {
        case EEXIST: return
        case ENOENT where parent(path) != path:
            try make(parent(path))
            guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .system(path, errno) }
            try sync(parent(path))
        case let number: throw .system(path, number)
        }
    }

    static func parent(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes the names in a folder durable.
    static func sync(_ folder: String) throws(StoreFault) {
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(folder, errno) }
        defer { Glibc.close(descriptor) }
        // Some file systems cannot sync a folder and say EINVAL: then there is nothing to wait for.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw .system(folder, errno) }
    }
}
