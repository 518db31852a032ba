internal import CSpawn
internal import Glibc

/// Other programs, started without a shell, bounded in time and in what they print.
package enum HostProcess {
    /// What a program prints to its standard output; a fault when it does not end with 0 in time.
    ///
    /// It has no input, its standard error goes nowhere, no open file or connection of ours is its, and what it started
    /// itself ends with it at the time limit.
    package static func output(
        of words: [String],
        timeLimit: Duration,
        outputLimit: Int
    ) async throws(HostFault) -> [UInt8] {
        let result = await HostThread.value { () -> Result<[UInt8], HostFault> in
            Result { () throws(HostFault) in try RunningProgram(words).output(timeLimit, outputLimit) }
        }
        guard let result else { throw HostFault(starting: words.first ?? "", EAGAIN) }
        return try result.get()
    }
}

/// A child process in a group of its own, and the end of the pipe that it writes to.
private struct RunningProgram {
    private let name: String
    private let id: pid_t
    private let pipe: Int32

    init(_ words: [String]) throws(HostFault) {
        name = words.first ?? ""
        var ends: [Int32] = [-1, -1]
        guard unsafe ends.withUnsafeMutableBufferPointer({ unsafe Glibc.pipe($0.baseAddress) }) == 0 else {
            throw HostFault(starting: name, errno)
        }
        // A program started by another thread just now may hold the end too: then the time limit ends the waiting.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[1]) }
        let (id, problem) = Self.spawn(words, writingTo: ends[1])
        guard problem == 0 else {
            close(ends[0])
            throw HostFault(starting: name, problem)
        }
        self.id = id
        pipe = ends[0]
    }

    /// https://man7.org/linux/man-pages/man3/posix_spawn.3.html: everything is copied before it returns.
    private static func spawn(_ words: [String], writingTo output: Int32) -> (id: pid_t, problem: Int32) {
        guard !words.isEmpty else { return (0, EINVAL) }
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        // Libraries open descriptors that would outlive exec, libcurl its connections among them.
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        var arguments = unsafe words.map { unsafe strdup($0) }
        unsafe arguments.append(nil)
        defer { for place in unsafe arguments.indices { unsafe free(arguments[place]) } }
        guard let program = unsafe arguments[0] else { return (0, ENOMEM) }
        var id = pid_t()
        let problem = unsafe posix_spawnp(&id, program, &actions, &attributes, arguments, environ)
        return (id, problem)
    }

    /// Reads to the end and waits for the child, which is gone when this returns.
    func output(_ timeLimit: Duration, _ sizeLimit: Int) throws(HostFault) -> [UInt8] {
        defer { close(pipe) }
        let deadline = ContinuousClock.now + timeLimit
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while try isReadable(before: deadline) {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(pipe, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += buffer[..<count]
            guard bytes.count <= sizeLimit else {
                kill()
                throw HostFault(running: name, "it printed more than \(sizeLimit) bytes")
            }
        }
        let status = try status(before: deadline)
        guard status == 0 else { throw HostFault(running: name, Self.sentence(status)) }
        return bytes
    }

    private func isReadable(before deadline: ContinuousClock.Instant) throws(HostFault) -> Bool {
        while true {
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { throw timedOut() }
            var event = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
            if unsafe poll(&event, 1, Int32(clamping: left.components.seconds * 1_000 + 1_000)) > 0 { return true }
        }
    }

    /// A child may close its output long before it ends, so this looks every few milliseconds.
    private func status(before deadline: ContinuousClock.Instant) throws(HostFault) -> Int32 {
        var status: Int32 = 0
        while unsafe waitpid(id, &status, WNOHANG) == 0 {
            guard ContinuousClock.now < deadline else { throw timedOut() }
            usleep(2_000)
        }
        return status
    }

    private func timedOut() -> HostFault {
        kill()
        return HostFault(running: name, "it did not end in time")
    }

    private func kill() {
        _ = Glibc.kill(-id, SIGKILL)
        _ = waitpid(id, nil, 0)
    }

    private static func sentence(_ status: Int32) -> String {
        let signal = status & 0x7f
        return signal == 0 ? "it ended with exit code \(status >> 8 & 0xff)" : "signal \(signal) ended it"
    }
}
