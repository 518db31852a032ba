import HTTPExchange
import Rehearsal
import Synchronization
import TestSupport
import Vocabulary

/// What took effect at the servers, told by their own contents; and answers that get lost or come late.
final class ServerJournal: Sendable {
    private struct Content {
        var isKept = false
        var effects: [String] = []
        /// The effect, counted from 1, whose answer never arrives.
        var lostAnswer: Int?
        /// How long new snapshots cannot be described.
        var blindness = Duration.zero
        var snapshotsMade: ContinuousClock.Instant?
        /// What somebody else does once so many requests took effect.
        var intrusion: (after: Int, act: @Sendable () async -> Void)?
    }

    private let content = Mutex(Content())

    /// Every request that changed something, in order.
    var effects: [String] { content.withLock { $0.effects } }

    /// Begins a new page.
    func begin(lostAnswer: Int? = nil, blindness: Duration = .zero) {
        content.withLock { $0 = Content(isKept: true, lostAnswer: lostAnswer, blindness: blindness) }
    }

    /// Begins a new page, and lets somebody else act in the middle of it.
    func begin(afterEffect number: Int, _ act: @escaping @Sendable () async -> Void) {
        content.withLock { $0 = Content(isKept: true, intrusion: (number, act)) }
    }

    /// Nil when the answer gets lost after the work was done.
    func send(_ request: HTTPRequest, to world: RehearsalWorld) async throws -> HTTPResponse? {
        guard content.withLock({ $0.isKept }), !request.isRead else { return try await world.send(request) }
        let name = Self.name(request)
        if name.hasSuffix("DescribeSnapshots"), isBlind { return try await Self.blindAnswer(request, world) }
        let before = await Self.contents(world)
        let answer = try await world.send(request)
        guard await Self.contents(world) != before else { return answer }
        let (isLost, act) = content.withLock { content in
            content.effects.append(name)
            if name.hasSuffix("CreateSnapshots") { content.snapshotsMade = .now }
            let count = content.effects.count
            return (count == content.lostAnswer, content.intrusion?.after == count ? content.intrusion?.act : nil)
        }
        await act?()
        return isLost ? nil : answer
    }

    private var isBlind: Bool {
        content.withLock { content in
            content.snapshotsMade.map { .now - $0 < content.blindness } ?? false
        }
    }

    private static func contents(_ world: RehearsalWorld) async -> [JSONValue] {
        await world.cluster.snapshot() + [(await world.account as? RehearsalAWS)?.document() ?? .null]
    }

    /// As the account answered before it had any snapshot.
    private static func blindAnswer(_ request: HTTPRequest, _ world: RehearsalWorld) async throws -> HTTPResponse {
        var document = (await world.account as? RehearsalAWS)?.document().object ?? JSONObject()
        var compute = document["ec2"]?.object ?? JSONObject()
        compute["Snapshots"] = []
        document["ec2"] = .object(compute)
        let blind = RehearsalWorld(
            cluster: await world.cluster,
            account: try RehearsalAWS(.object(document)),
            clock: { Timestamp(milliseconds: 1_795_576_000_000) }
        )
        return try await blind.send(request)
    }

    /// `PATCH /api/v1/nodes/a`, `ec2 CreateSnapshots`, `securityhub /findings/batchupdate`.
    private static func name(_ request: HTTPRequest) -> String {
        guard request.origin.hasSuffix(".amazonaws.com") else { return "\(request.method) \(request.target)" }
        let body = String(decoding: request.body, as: UTF8.self)
        let action = body.split(separator: "&").first { $0.hasPrefix("Action=") }
        return action.map { "AWS \($0.dropFirst(7))" } ?? "AWS \(request.target)"
    }
}
