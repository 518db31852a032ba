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
    /// Changes that the ledger knows of and that were not taken back: those that may have taken effect among them.
    package var touched: Set<String> = []
    /// Whether it may ever have changed anything in the cluster, taken back since or not.
    package private(set) var acted = false
    /// Whether somebody asked to take it back: the run has ended, so nothing of it is on its way any more.
    private var isTakenBack = false

    package var mayHold: Bool { !touched.isEmpty }

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

extension RunCard {
    /// Keeps count of what the run touched and did not take back.
    mutating func note(_ entry: LedgerEntry) {
        switch entry {
        case .intent(_, _, let change, _):
            guard change.semantics != .bestEffort else { return }
            touched.insert(change.id)
            if case .kubernetes = change.change { acted = true }
        case .failed(let id, _), .undone(let id): touched.remove(id)
        // What a look did not find while the run was at work may have been on its way.
        case .missing(let id): if isTakenBack { touched.remove(id) }
        case .undoRequested: isTakenBack = true
        case .owed, .succeeded, .unknown, .found, .undoing, .judged, .asked, .approved: break
        }
    }
}
