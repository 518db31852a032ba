package import Vocabulary

/// Why a run cannot be read back, or not begun.
package enum RecordingFault: ActionableError, Hashable {
    case noRun(String)
    case unreadable(String, String)
    case otherVersion(String, found: Int, known: Int)
    /// Another run of the same incident has not ended.
    case stillOpen(run: String, status: String)

    package var report: FaultReport {
        switch self {
        case .noRun(let id):
            FaultReport(
                code: "RECORD-001",
                what: "the store has no run of this id",
                location: String(id.prefix(100)),
                remedy: "see “firebreak runs list”, and --store when the runs are kept elsewhere"
            )
        case .unreadable(let what, let detail):
            FaultReport(
                code: "RECORD-002",
                what: "it cannot be read back: \(detail.prefix(300))",
                location: what,
                remedy: "check the store with “firebreak store check”; restore a backup if it is damaged"
            )
        case .otherVersion(let what, let found, let known):
            FaultReport(
                code: "RECORD-003",
                what: "it was written in format \(found), and this program knows format \(known)",
                location: what,
                remedy: "use the version of firebreak that wrote it, or a newer one"
            )
        case .stillOpen(let run, let status):
            FaultReport(
                code: "RECORD-004",
                what: "a run of the same incident has not ended: it is \(status)",
                location: run,
                remedy:
                    "look at it with “firebreak runs show \(run)”, and let it go on with “firebreak runs recover \(run)”"
            )
        }
    }
}
