internal import HTTPExchange
internal import Synchronization
internal import TestSupport

/// What was asked of the servers since the world began, and when.
final class Arrivals: Sendable {
    private struct Arrival {
        var nanoseconds: Int
        var name: String
        var isWrite: Bool
    }

    private let content = Mutex<[Arrival]>([])

    func forget() { content.withLock { $0 = [] } }

    func note(_ request: HTTPRequest, ofCluster: Bool) {
        // Asking whether something would be allowed writes nothing.
        let isReview = request.target.contains("/authorization.k8s.io/")
        let arrival = Arrival(
            nanoseconds: Benchmark.monotonicTime(),
            name: "\(request.method) \(ofCluster ? request.target : request.origin + request.target)",
            isWrite: ofCluster && !request.isRead && !isReview && !request.target.contains("dryRun=")
        )
        content.withLock { $0.append(arrival) }
    }

    /// 0: nothing was written.
    var firstWrite: Int { content.withLock { $0.first(where: \.isWrite)?.nanoseconds ?? 0 } }

    /// One line; requests are separated by tabs.
    var text: String { content.withLock { $0.map { "\($0.nanoseconds) \($0.name)" }.joined(separator: "\t") } }
}
