/// Finds one sequence in another in linear time (Knuth, Morris, Pratt).
struct Search<Element: Equatable> {
    private let part: [Element]
    /// For each prefix of `part` the length of its longest border.
    private let borders: [Int]

    init(for part: [Element]) {
        var borders = Array(repeating: 0, count: part.count)
        var length = 0
        for place in part.indices.dropFirst() {
            while length > 0, part[place] != part[length] { length = borders[length - 1] }
            if part[place] == part[length] { length += 1 }
            borders[place] = length
        }
        self.part = part
        self.borders = borders
    }

    /// Where the first occurrence at or after `start` begins.
    func first(in whole: [Element], from start: Int) -> Int? {
        guard !part.isEmpty else { return start <= whole.count ? start : nil }
        var length = 0
        for place in whole.indices.dropFirst(start) {
            while length > 0, whole[place] != part[length] { length = borders[length - 1] }
            if whole[place] == part[length] { length += 1 }
            if length == part.count { return place - length + 1 }
        }
        return nil
    }

    /// Where occurrences that do not overlap begin, at most `limit` of them.
    func all(in whole: [Element], limit: Int) -> [Int] {
        var places: [Int] = []
        var start = 0
        while places.count < limit, let place = first(in: whole, from: start) {
            places.append(place)
            start = place + max(1, part.count)
        }
        return places
    }
}
