internal import Glibc

/// A file that is written as its text comes, and has its name only when it is whole.
@safe package final class HostOutput {
    private let path: String
    private let draft: String
    private let descriptor: Int32
    private var isFinished = false

    /// Only its owner may read it.
    package init(_ path: String) throws(HostFault) {
        self.path = path
        draft = path + ".\(getpid()).draft"
        descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw HostFault(writing: path, errno) }
    }

    /// Without `finish` nothing is left behind.
    deinit {
        close(descriptor)
        if !isFinished { unsafe unlink(draft) }
    }

    package func write(_ text: String) throws(HostFault) {
        guard HostStreams.writeAll(Array(text.utf8), to: descriptor) else { throw HostFault(writing: path, errno) }
    }

    package func finish() throws(HostFault) {
        guard fsync(descriptor) == 0, unsafe rename(draft, path) == 0 else { throw HostFault(writing: path, errno) }
        isFinished = true
    }
}
