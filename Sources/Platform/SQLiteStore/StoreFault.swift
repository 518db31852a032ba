internal import Glibc
package import Vocabulary

/// Why the store did not do what was asked.
package enum StoreFault: ActionableError, Hashable {
    /// The folder or a file in it cannot be made, opened or read.
    case unreachable(path: String, detail: String)
    /// Another process writes to this store; nil when it did not leave its number.
    case held(path: String, process: Int32?)
    /// Others may read or write what is private to the user.
    case openToOthers(path: String, mode: UInt32)
    case notAStore(path: String, detail: String)
    case newer(path: String, found: Int64, known: Int64)
    /// Only a writer brings an older store up to date.
    case older(path: String, found: Int64, known: Int64)
    case corrupt(path: String, detail: String)
    /// One row is not what was written; the others still are.
    case damagedRow(table: String, key: String, detail: String)
    case full(path: String)
    case readOnly(path: String)
    case busy(path: String)
    /// The disk failed in the middle of a commit: nobody knows whether it took effect.
    case failed(path: String, detail: String)
    /// The files were moved, replaced or removed under the running store.
    case gone(path: String)
    /// Closed by its owner, or stopped after `failed` or `gone`.
    case stopped(path: String, reason: String)
    case overloaded(path: String, waiting: Int)
    /// Numbers in a run are given one after the other, once.
    case outOfOrder(run: String, table: String, expected: Int64, found: Int64)
    case unknownRun(String)
    case runExists(String)
    /// The key is there with other bytes.
    case contentDiffers(table: String, key: String)
    case tooLarge(what: String, size: Int, limit: Int)
    /// SQLite, or the file system below it, does not grant what the store needs.
    case unsuitable(path: String, detail: String)
    case backupExists(path: String)
    /// An answer of SQLite that nothing here should cause.
    case unexpected(path: String, detail: String)

    package var report: FaultReport {
        FaultReport(code: code, what: what, location: location, remedy: remedy, retry: retry)
    }

    private var code: String {
        switch self {
        case .unreachable: "STORE-001"
        case .held: "STORE-002"
        case .openToOthers: "STORE-003"
        case .notAStore: "STORE-004"
        case .newer: "STORE-005"
        case .older: "STORE-006"
        case .corrupt: "STORE-007"
        case .full: "STORE-008"
        case .readOnly: "STORE-009"
        case .busy: "STORE-010"
        case .failed: "STORE-011"
        case .gone: "STORE-012"
        case .stopped: "STORE-013"
        case .overloaded: "STORE-014"
        case .outOfOrder: "STORE-015"
        case .unknownRun: "STORE-016"
        case .runExists: "STORE-017"
        case .contentDiffers: "STORE-018"
        case .tooLarge: "STORE-019"
        case .unsuitable: "STORE-020"
        case .backupExists: "STORE-021"
        case .unexpected: "STORE-022"
        case .damagedRow: "STORE-023"
        }
    }

    private var what: String {
        switch self {
        case .unreachable(_, let detail): "the store cannot be reached: \(detail)"
        case .held(_, let process?): "process \(process) writes to this store"
        case .held(_, nil): "another process writes to this store"
        case .openToOthers(_, let mode): "others may use what must be private (mode 0\(String(mode, radix: 8)))"
        case .notAStore(_, let detail): "this is no store: \(detail)"
        case .newer(_, let found, let known): "the store has schema \(found), this version knows up to \(known)"
        case .older(_, let found, let known): "the store has schema \(found), this version reads \(known)"
        case .corrupt(_, let detail): "the store is damaged: \(detail)"
        case .damagedRow(let table, let key, let detail): "\(table) “\(key)” is not as it was written: \(detail)"
        case .full: "there is no space left for the store"
        case .readOnly: "the store cannot be written here"
        case .busy: "the store stayed locked by another process"
        case .failed(_, let detail):
            "the disk failed during a commit, which may or may not have taken effect: \(detail)"
        case .gone: "the store's files were moved or removed while it ran; the last commit is not safe"
        case .stopped(_, let reason): "the store takes nothing more: \(reason)"
        case .overloaded(_, let waiting): "\(waiting) requests wait for the store already"
        case .outOfOrder(let run, let table, let expected, let found):
            "\(table) of run “\(run)” go on with number \(expected), not \(found)"
        case .unknownRun(let run): "the store has no run “\(run)”"
        case .runExists(let run): "the store has a run “\(run)” already"
        case .contentDiffers(let table, let key): "\(table) has other bytes under “\(key)”"
        case .tooLarge(let what, let size, let limit): "\(what) has a size of \(size); the limit is \(limit)"
        case .unsuitable(_, let detail): "the store cannot be kept here: \(detail)"
        case .backupExists: "there is a file already where the backup should go"
        case .unexpected(_, let detail): "the database answers what was not foreseen: \(detail)"
        }
    }

    private var location: String {
        switch self {
        case .unreachable(let path, _), .held(let path, _), .openToOthers(let path, _), .notAStore(let path, _),
            .newer(let path, _, _), .older(let path, _, _), .corrupt(let path, _), .full(let path),
            .readOnly(let path), .busy(let path), .failed(let path, _), .gone(let path), .stopped(let path, _),
            .overloaded(let path, _), .unsuitable(let path, _), .backupExists(let path), .unexpected(let path, _):
            path
        case .outOfOrder(let run, let table, _, let found): "\(table) of run \(run), number \(found)"
        case .unknownRun(let run), .runExists(let run): "run \(run)"
        case .contentDiffers(let table, let key), .damagedRow(let table, let key, _): "\(table) \(key)"
        case .tooLarge: ""
        }
    }

    private var remedy: String {
        switch self {
        case .unreachable: "check that the folder exists, belongs to this user and is no link"
        case .held(_, let process?): "ask that process to do it, or end process \(process) first; reading is possible"
        case .held(_, nil): "end the other process first; reading is possible"
        case .openToOthers(let path, _): "chmod go-rwx “\(path)”, or name a folder of its own for the store"
        case .notAStore: "name another folder, or move the file away"
        case .newer: "use the version that wrote it, or a newer one"
        case .older: "open it once for writing: that brings it up to date"
        case .corrupt: "stop, copy the folder, check it, and restore the last backup"
        case .damagedRow: "check the store, and take this row from the last backup"
        case .full: "free some space, then repeat: nothing of this request was kept"
        case .readOnly: "open the store for writing, on a disk that can be written"
        case .busy: "find who holds the file open, then repeat"
        case .failed: "check the disk, open the store again, and look before repeating"
        case .gone: "put the files back or restore a backup, start again, and look before repeating"
        case .stopped: "open the store again"
        case .overloaded: "wait and repeat; if it stays so, the disk is too slow for the load"
        case .outOfOrder: "read the run again: somebody else drove it on"
        case .unknownRun: "list the runs; begin the run before appending to it"
        case .runExists: "give each run an id of its own"
        case .contentDiffers: "make the key from the bytes' digest"
        case .tooLarge: "store less at once, or split it"
        case .unsuitable: "keep the store on a local disk with POSIX locks"
        case .backupExists: "name a file that does not exist yet"
        case .unexpected: "report this text; check the store before going on"
        }
    }

    private var retry: FaultReport.Retry {
        switch self {
        case .held, .full, .busy, .overloaded: .transient
        case .failed, .gone: .unknown
        case .unreachable, .openToOthers, .notAStore, .newer, .older, .corrupt, .readOnly, .stopped, .outOfOrder,
            .unknownRun, .runExists, .contentDiffers, .tooLarge, .unsuitable, .backupExists, .unexpected, .damagedRow:
            .permanent
        }
    }
}

extension StoreFault {
    /// After these nobody may trust what a commit says: the store stops.
    var isFatal: Bool {
        switch self {
        case .failed, .gone, .corrupt: true
        default: false
        }
    }

    /// A system call that failed with this `errno`.
    static func system(_ path: String, _ number: Int32) -> StoreFault {
        switch number {
        case EROFS: .readOnly(path: path)
        case ENOSPC, EDQUOT: .full(path: path)
        default: .unreachable(path: path, detail: text(number))
        }
    }

    private static func text(_ number: Int32) -> String {
        guard let text = unsafe strerror(number) else { return "error \(number)" }
        return unsafe String(cString: text)
    }
}
