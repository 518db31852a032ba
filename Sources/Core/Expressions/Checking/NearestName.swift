/// Suggests what a mistyped name may have meant.
enum NearestName {
    /// `; did you mean “subject”?`, or nothing when no name is close.
    static func suggestion(for name: String, among known: some Sequence<String>) -> String {
        let wanted = Array(name.utf8.prefix(64))
        let bound = max(1, wanted.count / 3)
        var best: (name: String, distance: Int)?
        for candidate in known.sorted() where candidate.utf8.count <= 64 {
            let distance = distance(wanted, Array(candidate.utf8))
            if distance <= bound, distance < best?.distance ?? Int.max { best = (candidate, distance) }
        }
        return best.map { "; did you mean “\($0.name)”?" } ?? ""
    }

    /// Letters to insert, remove, replace or swap with their neighbour; upper and lower case are nearly the same.
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for (row, letter) in a.enumerated() {
            var current = [row + 1]
            for (column, other) in b.enumerated() {
                let change = lowercase(letter) == lowercase(other) ? 0 : 1
                var cost = min(last[column] + change, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, letter == b[column - 1], a[row - 1] == other {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[b.count]
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte + 0x20 : byte }
}
