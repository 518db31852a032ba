/// A set of policies by their positions.
struct PolicyMask: Hashable {
    private var words: [UInt64]

    init(count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }

    mutating func insert(_ place: Int) { words[place / 64] |= 1 << UInt64(place % 64) }

    func contains(_ place: Int) -> Bool { words[place / 64] & (1 << UInt64(place % 64)) != 0 }

    mutating func formUnion(_ other: PolicyMask) {
        for place in words.indices { words[place] |= other.words[place] }
    }

    func union(_ other: PolicyMask) -> PolicyMask {
        var result = self
        result.formUnion(other)
        return result
    }

    /// How many of these are not in the set.
    func missing(from all: PolicyMask) -> Int {
        var count = 0
        for place in words.indices { count += (all.words[place] & ~words[place]).nonzeroBitCount }
        return count
    }
}
