import SQLiteStore
import TestSupport
import Vocabulary

/// What the tests of the store share.
enum Sample {
    static func run(_ id: String, started: Int64 = 1_000, status: String = "running") -> StoredRun {
        StoredRun(
            id: id,
            playbook: "contain-pod",
            subject: "pod/\(id)",
            incident: "incident/\(id)",
            status: status,
            started: Timestamp(milliseconds: started),
            updated: Timestamp(milliseconds: started),
            meta: Array("meta of \(id)".utf8)
        )
    }

    static func blob(_ text: String) -> [UInt8] { Array(text.utf8) }
}

extension SQLiteStore {
    /// All entries of a history, page by page.
    func all(_ history: StoreHistory, of run: String, limit: Int = .max) async throws(StoreFault) -> [[UInt8]] {
        var blobs: [[UInt8]] = []
        var next: Int? = 1
        while let first = next {
            let page = try await entries(history, of: run, from: first, limit: limit)
            for (offset, row) in page.rows.enumerated() where row.number != first + offset {
                throw .outOfOrder(run: run, table: "test", expected: Int64(first + offset), found: Int64(row.number))
            }
            blobs += page.rows.map(\.bytes)
            next = page.next
        }
        return blobs
    }
}

/// The fault that some work ends with; nil when it ends well.
func fault<Value: Sendable>(_ work: () async throws(StoreFault) -> Value) async -> StoreFault? {
    do throws(StoreFault) {
        _ = try await work()
        return nil
    } catch {
        return error
    }
}
