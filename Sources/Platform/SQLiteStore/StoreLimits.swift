/// How much the store takes; everything that can grow has its bound here.
package struct StoreLimits: Sendable, Hashable {
    /// Of one record, ledger entry, plan, finding or a run's meta.
    package var blobBytes = 16 << 20
    /// Of an id, digest, hash, status or key.
    package var keyBytes = 512
    /// Of everything that one request writes.
    package var requestBytes = 64 << 20
    /// Requests that may wait for the next commit.
    package var waitingRequests = 4_096
    /// Bytes that may wait for the next commit.
    package var waitingBytes = 256 << 20
    /// Requests in one commit.
    package var requestsPerCommit = 1_024
    /// Bytes after which a commit takes no further request.
    package var bytesPerCommit = 32 << 20
    /// Rows in one page of an answer.
    package var pageRows = 1_000
    /// Bytes after which a page ends; its first row always fits.
    package var pageBytes = 32 << 20
    /// Of the whole database file.
    package var databaseBytes = 64 << 30

    package init() {}

    package static let standard = StoreLimits()
}
