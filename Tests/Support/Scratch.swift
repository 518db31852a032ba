internal import Glibc

/// A folder of its own for one test, removed with it; `KEEP_SCRATCH=1` keeps it.
package final class Scratch: Sendable {
    package let path: String

    package init() throws {
        path = "/tmp/firebreak-test-\(getpid())-\(UInt64.random(in: .min ... .max))"
        guard unsafe mkdir(path, 0o700) == 0 else { throw Files.Unreadable(path: path) }
    }

    deinit {
        guard unsafe getenv("KEEP_SCRATCH") == nil else { return }
        Self.removeTree(path)
    }

    private static func removeTree(_ path: String) {
        // A name that is no folder cannot be listed: then it is a file.
        for name in (try? Files.names(in: path)) ?? [] { removeTree(path + "/" + name) }
        unsafe remove(path)
    }
}
