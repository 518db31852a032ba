package import Orchestration
package import Planning
package import Vocabulary

/// What lists show of a run, and what later runs count of it; kept beside its histories.
package struct RunCard: Sendable, Hashable, Codable {
    package var digest: String
    package var findingId: String
    /// In words: `pod shop/cart-1`, `node ip-10-0-0-1`.
    package var subject: String
    /// What the run touched, or may have touched, for budgets and cooldowns.
    package var footprint: RunHistory.Entry
    /// Under which keys the store keeps the dossier.
    package var dossier: String
    package var standing: RunStanding?

    package init(digest: String, findingId: String, subject: String, footprint: RunHistory.Entry) {
        self.digest = digest
        self.findingId = findingId
        self.subject = subject
        self.footprint = footprint
        dossier = ""
    }
}

extension Subject {
    /// The subject in a few words.
    package var words: String {
        if let pod { return "pod \(namespace.map { $0.rawValue + "/" } ?? "")\(pod.name)" }
        return node.map { "node \($0.name)" } ?? "nothing"
    }

    /// Runs of one subject are serialised by this.
    package var key: String {
        pod?.uid?.rawValue ?? node?.instanceId?.rawValue ?? words
    }
}
