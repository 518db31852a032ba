/// Ports of one protocol as sorted ranges that neither touch nor overlap.
package struct PortRanges: Sendable, Hashable, Codable {
    package private(set) var ranges: [ClosedRange<Int>]

    package static let all = PortRanges([0...65_535])

    package init() { ranges = [] }

    /// Takes ranges in any order; what lies outside 0…65535 falls away.
    package init(_ unsorted: [ClosedRange<Int>]) {
        let inside = unsorted.filter { $0.overlaps(0...65_535) }.map { $0.clamped(to: 0...65_535) }
        ranges = []
        for range in inside.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = ranges.last, range.lowerBound <= last.upperBound + 1 {
                ranges[ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                ranges.append(range)
            }
        }
    }

    package var isEmpty: Bool { ranges.isEmpty }

    package func contains(_ port: Int) -> Bool { ranges.contains { $0.contains(port) } }

    package func union(_ other: PortRanges) -> PortRanges {
        if other.isEmpty { return self }
        return isEmpty ? other : PortRanges(ranges + other.ranges)
    }

    package func intersection(_ other: PortRanges) -> PortRanges {
        var both: [ClosedRange<Int>] = []
        for mine in ranges {
            for theirs in other.ranges where mine.overlaps(theirs) { both.append(mine.clamped(to: theirs)) }
        }
        return PortRanges(both)
    }

    package func subtracting(_ other: PortRanges) -> PortRanges { intersection(other.complement) }

    private var complement: PortRanges {
        var gaps: [ClosedRange<Int>] = []
        var next = 0
        for range in ranges {
            if next < range.lowerBound { gaps.append(next...(range.lowerBound - 1)) }
            next = range.upperBound + 1
        }
        if next <= 65_535 { gaps.append(next...65_535) }
        return PortRanges(gaps)
    }

    /// `443` or `8000-8100` for each range.
    package var texts: [String] {
        ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
    }
}
