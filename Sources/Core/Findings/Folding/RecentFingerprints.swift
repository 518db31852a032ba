/// The alerts that came last, by sixteen bytes of their digests.
struct RecentFingerprints: Sendable {
    private struct Fingerprint: Hashable {
        var (high, low): (UInt64, UInt64)
    }

    private let limit: Int
    private var known: Set<Fingerprint> = []
    /// The oldest is overwritten first.
    private var ring: [Fingerprint] = []
    private var place = 0

    init(limit: Int) { self.limit = max(1, limit) }

    /// - Returns: false when it is known already.
    mutating func insert(_ digest: [UInt8]) -> Bool {
        let fingerprint = Fingerprint(high: Self.number(digest[..<8]), low: Self.number(digest[8..<16]))
        guard known.insert(fingerprint).inserted else { return false }
        if ring.count < limit {
            ring.append(fingerprint)
        } else {
            known.remove(ring[place])
            ring[place] = fingerprint
            place = (place + 1) % limit
        }
        return true
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// Incidents in the order of their windows; taking from the front is cheap.
struct FoldQueue: Sendable {
    private var entries: [(id: String, turn: UInt64)] = []
    private var head = 0

    var first: (id: String, turn: UInt64)? { head < entries.count ? entries[head] : nil }

    mutating func append(_ id: String, _ turn: UInt64) { entries.append((id, turn)) }

    mutating func removeFirst() {
        head += 1
        guard head > 1_024, head * 2 > entries.count else { return }
        entries.removeFirst(head)
        head = 0
    }
}
