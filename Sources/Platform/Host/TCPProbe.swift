internal import Glibc
package import Vocabulary

/// Asks whether ports of one address take connections; nothing is sent over one that comes to be.
package enum TCPProbe {
    package enum Outcome: Sendable, Hashable {
        /// By way of this address of the machine's.
        case connected(from: IPAddress?)
        case refused
        /// Nobody answered in time.
        case silent
        /// The machine could not ask, or knows no way there.
        case failed
    }

    /// How many ports are asked at most.
    package static let portLimit = 8

    /// An outcome for each of the first ports, in their order; all are asked at once, and none longer than `limit`.
    package static func connect(to address: IPAddress, ports: [UInt16], within limit: Duration) async -> [Outcome] {
        let ports = Array(ports.prefix(portLimit))
        return await withCheckedContinuation { (done: CheckedContinuation<[Outcome], Never>) in
            let isStarted = HostThread.start {
                var attempts = ports.map { ConnectionAttempt(address, port: $0) }
                Self.wait(for: &attempts, until: ContinuousClock.now + limit)
                for attempt in attempts { attempt.close() }
                done.resume(returning: attempts.map { $0.outcome ?? .silent })
            }
            if !isStarted { done.resume(returning: ports.map { _ in .failed }) }
        }
    }

    private static func wait(for attempts: inout [ConnectionAttempt], until end: ContinuousClock.Instant) {
        while true {
            let open = attempts.indices.filter { attempts[$0].outcome == nil }
            let left = end - ContinuousClock.now
            guard !open.isEmpty, left > .zero else { return }
            var waits = open.map { pollfd(fd: attempts[$0].socket, events: Int16(POLLOUT), revents: 0) }
            let milliseconds = Int32(clamping: Int(left / .milliseconds(1)) + 1)
            let count = unsafe waits.withUnsafeMutableBufferPointer { buffer in
                unsafe poll(buffer.baseAddress, nfds_t(buffer.count), milliseconds)
            }
            if count < 0 && errno != EINTR { return }
            for (place, wait) in zip(open, waits) where wait.revents != 0 { attempts[place].settle() }
        }
    }
}

/// One connection on its way.
private struct ConnectionAttempt {
    /// Negative when the machine gave none.
    let socket: Int32
    /// Nil until it is decided.
    private(set) var outcome: TCPProbe.Outcome?

    init(_ address: IPAddress, port: UInt16) {
        let family = address.family == .v4 ? AF_INET : AF_INET6
        let kind = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        socket = Glibc.socket(family, Int32(kind), 0)
        guard socket >= 0 else {
            outcome = .failed
            return
        }
        if Self.connect(socket, address, port) == 0 {
            settle()
        } else if errno != EINPROGRESS {
            outcome = Self.outcome(of: errno)
        }
    }

    func close() { if socket >= 0 { Glibc.close(socket) } }

    /// The kernel has decided: asks it how.
    mutating func settle() {
        var problem: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(socket, SOL_SOCKET, SO_ERROR, &problem, &size) == 0 else {
            outcome = .failed
            return
        }
        outcome = problem == 0 ? .connected(from: ownAddress) : Self.outcome(of: problem)
    }

    private static func outcome(of problem: Int32) -> TCPProbe.Outcome {
        switch problem {
        case ECONNREFUSED: .refused
        case ETIMEDOUT: .silent
        default: .failed
        }
    }

    private static func connect(_ socket: Int32, _ address: IPAddress, _ port: UInt16) -> Int32 {
        switch address.family {
        case .v4:
            var place = sockaddr_in()
            place.sin_family = sa_family_t(AF_INET)
            place.sin_port = port.bigEndian
            place.sin_addr.s_addr = UInt32(truncatingIfNeeded: address.bits).bigEndian
            let size = socklen_t(MemoryLayout<sockaddr_in>.size)
            return unsafe withUnsafePointer(to: &place) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe Glibc.connect(socket, $0, size)
                }
            }
        case .v6:
            var place = sockaddr_in6()
            place.sin6_family = sa_family_t(AF_INET6)
            place.sin6_port = port.bigEndian
            unsafe withUnsafeMutableBytes(of: &place.sin6_addr) {
                unsafe $0.storeBytes(of: address.bits.bigEndian, as: UInt128.self)
            }
            let size = socklen_t(MemoryLayout<sockaddr_in6>.size)
            return unsafe withUnsafePointer(to: &place) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe Glibc.connect(socket, $0, size)
                }
            }
        }
    }

    /// Where the connection begins.
    private var ownAddress: IPAddress? {
        var place = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let isKnown = unsafe withUnsafeMutablePointer(to: &place) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(socket, $0, &size) == 0
            }
        }
        guard isKnown else { return nil }
        let family = Int32(place.ss_family)
        // https://man7.org/linux/man-pages/man7/ip.7.html, ipv6.7.html: where the address lies in either.
        return unsafe withUnsafeBytes(of: &place) { bytes in
            switch family {
            case AF_INET:
                let bits = unsafe bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
                return IPAddress(family: .v4, bits: UInt128(UInt32(bigEndian: bits)))
            case AF_INET6:
                let bits = unsafe bytes.loadUnaligned(fromByteOffset: 8, as: UInt128.self)
                return IPAddress(family: .v6, bits: UInt128(bigEndian: bits))
            default: return nil
            }
        }
    }
}
