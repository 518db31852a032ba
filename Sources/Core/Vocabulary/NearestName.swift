/// Finds what somebody may have meant.
package enum NearestName {
    /// The known name with the fewest slips from the written one; nil when none is near.
    package static func of(_ name: String, in known: [String]) -> String? {
        let written = Array(name.lowercased().unicodeScalars.prefix(64))
        let limit = max(1, min(3, written.count / 3))
        var best: (name: String, slips: Int)?
        for candidate in known {
            let slips = slips(written, Array(candidate.lowercased().unicodeScalars.prefix(64)))
            if slips <= limit, slips < best?.slips ?? .max { best = (candidate, slips) }
        }
        return best?.name ?? known.first { isPrefix(written, of: $0) }
    }

    /// `use “x”`, when one is near, and what else there is.
    package static func advice(_ name: String, known: [String], none: String) -> String {
        guard !known.isEmpty else { return none }
        let all = known.prefix(24).joined(separator: ", ") + (known.count > 24 ? ", …" : "")
        guard let near = of(name, in: known) else { return "use one of \(all)" }
        return known.count == 1 ? "write “\(near)”" : "write “\(near)”, or use one of \(all)"
    }

    private static func isPrefix(_ written: [Unicode.Scalar], of candidate: String) -> Bool {
        written.count >= 3 && Array(candidate.lowercased().unicodeScalars).starts(with: written)
    }

    /// Insertions, deletions, replacements and swaps of neighbours.
    private static func slips(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
        var older: [Int] = []
        var previous = Array(0...right.count)
        for row in 1...left.count {
            var current = [row]
            for column in 1...right.count {
                let replaced = previous[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1)
                var least = min(replaced, previous[column] + 1, current[column - 1] + 1)
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    least = min(least, older[column - 2] + 1)
                }
                current.append(least)
            }
            older = previous
            previous = current
        }
        return previous[right.count]
    }
}
