import Host
import TestSupport
import Testing
import Vocabulary

@Suite("A probe says who takes connections, sends nothing and is bounded", .timeLimit(.minutes(5)))
struct TCPProbeTests {
    private let loopback = IPAddress(family: .v4, bits: 0x7f00_0001)

    @Test("a port with a server connects, from the machine's own address; one without refuses")
    func connects() async throws {
        let server = try LoopbackServer { _ = $0.read() }
        let refusing = try LoopbackPort(.refusing)
        let ports = [try #require(UInt16(exactly: server.port)), refusing.port]
        let outcomes = await TCPProbe.connect(to: loopback, ports: ports, within: .seconds(5))
        withExtendedLifetime(refusing) {}
        #expect(outcomes == [.connected(from: loopback), .refused])
        #expect(server.requests.isEmpty)
    }

    @Test("a port that answers nothing is silent when the time is over, and holds up no other")
    func silent() async throws {
        let server = try LoopbackServer { _ = $0.read() }
        let full = try LoopbackPort(.silent)
        let ports = [full.port, try #require(UInt16(exactly: server.port))]
        let start = ContinuousClock.now
        let outcomes = await TCPProbe.connect(to: loopback, ports: ports, within: .milliseconds(200))
        withExtendedLifetime(full) {}
        #expect(outcomes == [.silent, .connected(from: loopback)])
        #expect(ContinuousClock.now - start >= .milliseconds(200))
    }

    @Test("IPv6 is asked as well, and at most eight ports are")
    func families() async throws {
        let six = try #require(IPAddress("::1"))
        let refusing = try LoopbackPort(.refusing)
        let outcomes = await TCPProbe.connect(
            to: six,
            ports: Array(repeating: refusing.port, count: 9),
            within: .seconds(5)
        )
        #expect(outcomes.count == TCPProbe.portLimit)
        // A machine without IPv6 cannot ask; one with it is refused.
        #expect(outcomes.allSatisfy { $0 == .refused || $0 == .failed })
        #expect(await TCPProbe.connect(to: six, ports: [], within: .seconds(5)).isEmpty)
    }
}
