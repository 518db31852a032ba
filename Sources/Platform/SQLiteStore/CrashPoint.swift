/// Where a test may end the process, to prove that nothing acknowledged is lost; off unless a hook is given.
package enum CrashPoint: String, Sendable, Hashable, CaseIterable {
    /// Requests are taken from the queue; nothing is written.
    case beforeWrite
    /// All of the batch is in the transaction; nothing is committed.
    case afterWriteBeforeCommit
    /// The commit is durable; nobody has heard of it.
    case afterCommitBeforeAnswer
}
