package import HTTPExchange
internal import KubernetesAPI
package import Vocabulary

/// The world in which we rehearse: a cluster and an account behind the transport that the live ones use.
///
/// An actor, so that requests take effect one after the other. Its clock is given and moves only when told.
package actor RehearsalWorld: HTTPTransport {
    package private(set) var cluster: RehearsalCluster
    /// The account; nil when the world has none.
    package private(set) var account: (any RehearsalPeer & Sendable)?
    private var clock: @Sendable () -> Timestamp
    /// What was asked, in order, as far as `recordLimit`.
    package private(set) var record: [HTTPRequest] = []
    private static let recordLimit = 10_000

    /// Requests to the cluster go to `RehearsalCluster.origin`, all others under amazonaws.com to the account.
    package init(
        cluster: RehearsalCluster,
        account: (any RehearsalPeer & Sendable)? = nil,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.cluster = cluster
        self.account = account
        self.clock = clock
    }

    package func send(_ request: HTTPRequest) async throws(HTTPFault) -> HTTPResponse {
        if record.count < Self.recordLimit { record.append(request) }
        if request.origin == RehearsalCluster.origin { return cluster.answer(request, now: clock()) }
        guard Self.isAWS(request.origin), account != nil, let answer = account?.answer(request, now: clock()) else {
            throw HTTPFault(.unreachable, "this rehearsal world has nothing at this address", url: request.origin)
        }
        return answer
    }

    /// Begins anew with other contents; whoever is connected stays connected.
    package func replace(cluster: RehearsalCluster, account: (any RehearsalPeer & Sendable)?) {
        self.cluster = cluster
        self.account = account
        record = []
    }

    /// Changes the cluster as somebody else would, between two requests.
    package func change(_ body: @Sendable (inout RehearsalCluster) -> Void) { body(&cluster) }

    private static func isAWS(_ origin: String) -> Bool {
        guard origin.hasPrefix("https://") else { return false }
        let host = origin.dropFirst(8)
        return host.hasSuffix(".amazonaws.com") || host.hasSuffix(".amazonaws.com.cn")
    }
}
