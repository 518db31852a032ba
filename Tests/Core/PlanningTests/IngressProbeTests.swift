import Planning
import Testing
import Vocabulary

@Suite("What a probe from outside saw may disprove a containment, and never proves one")
struct IngressProbeTests {
    private static let here = IPAddress("10.0.9.9")
    private static let node = IPAddress("10.0.1.1")

    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var before: PortAnswer?
        var after: PortAnswer?
        var verdict: ContainmentReport.Fact
        var word = ""
        var testDescription: String { name }
    }

    @Test(
        "one port before and after, for what was unknown before",
        arguments: [
            Row(name: "no control", before: .silent, after: .silent, verdict: .unknown),
            Row(name: "not asked again", before: .connected(from: here), after: nil, verdict: .unknown),
            Row(
                name: "cut",
                before: .connected(from: here),
                after: .silent,
                verdict: .unknown,
                word: "from 10.0.9.9 to the pod (10.0.0.5, port 80) were accepted before and are not now"
            ),
            Row(
                name: "still open",
                before: .connected(from: here),
                after: .connected(from: here),
                verdict: .disproved,
                word: "from 10.0.9.9 to the pod (10.0.0.5, port 80) is still accepted"
            ),
            Row(
                name: "open without a control",
                before: .silent,
                after: .connected(from: nil),
                verdict: .disproved,
                word: "from here to the pod"
            ),
            Row(name: "refused", before: .connected(from: here), after: .refused, verdict: .unknown),
            Row(name: "could not ask", before: .connected(from: here), after: .failed, verdict: .unknown),
            Row(
                name: "from its own node",
                before: .connected(from: node),
                after: .connected(from: node),
                verdict: .unknown
            ),
            Row(name: "from its own node, cut", before: .connected(from: node), after: .silent, verdict: .unknown),
        ]
    )
    func rows(_ row: Row) throws {
        let target = ProbeTarget(
            address: try #require(IPAddress("10.0.0.5")),
            ports: [80],
            node: "node-1",
            nodeAddresses: [try #require(Self.node)]
        )
        let probe = IngressProbe(
            target: target,
            before: row.before.map { [80: $0] } ?? [:],
            after: row.after.map { [80: $0] } ?? [:]
        )
        let report = ContainmentReport(policy: .proved, enforcement: .proved, flows: .unknown, reasons: ["as it was"])
        let judged = report.considering(probe)
        #expect(judged.flows == row.verdict)
        #expect(judged.reasons.first == "as it was" && judged.reasons.count == (row.word.isEmpty ? 1 : 2))
        #expect(row.word.isEmpty || judged.reasons.last?.contains(row.word) == true, "\(judged.reasons)")
    }

    @Test("what was proved stays proved unless a connection is accepted, and an open port outweighs closed ones")
    func outweighs() throws {
        let target = ProbeTarget(
            address: try #require(IPAddress("fd00::5")),
            ports: [80, 443, 8080],
            node: "node-1",
            nodeAddresses: []
        )
        let open = PortAnswer.connected(from: Self.here)
        let report = ContainmentReport(policy: .proved, enforcement: .proved, flows: .proved)
        let before = [80: open, 443: open, 8080: .refused]
        let closed = report.considering(
            IngressProbe(target: target, before: before, after: [80: .silent, 443: .silent])
        )
        #expect(closed.verdict == .contained && closed.reasons.count == 1)
        #expect(closed.reasons[0].contains("([fd00::5], port 80, 443)"))
        let leaking = report.considering(IngressProbe(target: target, before: before, after: [80: .silent, 443: open]))
        #expect(leaking.verdict == .leaking && leaking.reasons.count == 2)
    }
}
