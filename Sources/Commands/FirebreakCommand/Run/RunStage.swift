internal import Catalogue
internal import Findings
internal import Orchestration
internal import Planning
internal import Vocabulary

/// Where runs are planned: in a rehearsal, or on the cluster and the account as they are.
enum RunStage: Sendable {
    case rehearsal(RehearsalStage)
    case live(LiveWorld)

    /// Where plans are made one after the other.
    ///
    /// In a rehearsal it is a copy on which each plan leaves its changes; nobody rehearses on what is live.
    func overlay() async -> World {
        switch self {
        case .rehearsal(let stage): await stage.copy().world
        case .live(let live): live.world
        }
    }

    var world: World {
        switch self {
        case .rehearsal(let stage): stage.world
        case .live(let live): live.world
        }
    }

    /// Who the world says that it is, to a run with this claim.
    func place(for claim: SubjectClaim?) async -> SubjectFacts.Place {
        switch self {
        case .rehearsal(let stage): stage.place
        case .live(let live): await live.place(for: claim)
        }
    }
}
