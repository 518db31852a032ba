internal import Glibc

/// Compares texts with recorded ones, and shows where they part.
package enum Golden {
    /// Whether this run records anew: `UPDATE_GOLDEN=1`.
    package static var isUpdated: Bool { unsafe getenv("UPDATE_GOLDEN") != nil }

    /// The first lines that differ, with their numbers; empty when there is none.
    package static func differences(_ expected: String, _ found: String, limit: Int = 12) -> [String] {
        let wanted = expected.split(separator: "\n", omittingEmptySubsequences: false)
        let got = found.split(separator: "\n", omittingEmptySubsequences: false)
        var differences: [String] = []
        for line in 0..<max(wanted.count, got.count) where differences.count < limit {
            let left = line < wanted.count ? wanted[line] : "‹end›"
            let right = line < got.count ? got[line] : "‹end›"
            if left != right { differences.append("line \(line + 1): expected \(left) | found \(right)") }
        }
        return differences
    }
}
