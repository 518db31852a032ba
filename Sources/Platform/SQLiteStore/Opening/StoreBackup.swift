internal import Glibc

/// Copies of a store in one file.
enum StoreBackup {
    static func make(_ path: String, from source: Connection) throws(StoreFault) {
        let draft = path + ".\(getpid()).draft"
        let descriptor = unsafe open(draft, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(draft, errno) }
        Glibc.close(descriptor)
        // Whatever happens, nothing half done stays; after success the draft has its second name.
        defer { unsafe unlink(draft) }
        try fill(draft, from: source)
        // Unlike rename, link never replaces what is there.
        guard unsafe link(draft, path) == 0 else {
            throw errno == EEXIST ? .backupExists(path: path) : .system(path, errno)
        }
        try StoreFolder.sync(StoreFolder.parent(path))
    }

    /// The connection closes at the end, which folds the log into the file.
    private static func fill(_ draft: String, from source: Connection) throws(StoreFault) {
        let target = try Connection(draft, .write)
        try source.copy(to: target)
        let sentences = try target.texts("PRAGMA integrity_check(1)")
        guard sentences == ["ok"] else {
            throw .corrupt(path: draft, detail: sentences.first ?? "the copy cannot be read")
        }
    }
}
