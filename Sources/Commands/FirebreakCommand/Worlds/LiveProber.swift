internal import Catalogue
internal import Host
internal import Planning
internal import Vocabulary

/// Asks ports of a pod for connections from this machine.
enum LiveProber {
    /// Nil outside of a cluster: there a pod's address may be a stranger's, and a proxy may answer for everybody.
    static var here: PortProber? { Host.environment("KUBERNETES_SERVICE_HOST") == nil ? nil : ask }

    @Sendable
    static func ask(_ address: IPAddress, _ ports: [Int], _ limit: Duration) async -> [Int: PortAnswer] {
        let numbers = ports.compactMap { UInt16(exactly: $0) }
        let outcomes = await TCPProbe.connect(to: address, ports: numbers, within: limit)
        return Dictionary(zip(numbers.map { Int($0) }, outcomes.map(answer))) { first, _ in first }
    }

    private static func answer(_ outcome: TCPProbe.Outcome) -> PortAnswer {
        switch outcome {
        case .connected(let source): .connected(from: source)
        case .refused: .refused
        case .silent: .silent
        case .failed: .failed
        }
    }
}
