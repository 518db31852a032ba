/// A text in which `*` stands for any run of characters, also none.
///
/// Matching looks for each literal piece once, from left to right: time grows with the text, never with its choices.
struct WildcardText: Sendable, Hashable {
    enum Problem: Error { case doubleStar, strayBackslash }

    /// The literal bytes between stars; one piece means no star.
    private let pieces: [Piece]

    init(_ text: String) throws(Problem) {
        var pieces: [[UInt8]] = [[]]
        var bytes = Array(text.utf8)[...]
        var followsStar = false
        while let byte = bytes.popFirst() {
            if byte == UInt8(ascii: "*") {
                guard !followsStar else { throw .doubleStar }
                pieces.append([])
                followsStar = true
                continue
            }
            followsStar = false
            var literal = byte
            if byte == UInt8(ascii: "\\") {
                guard let escaped = bytes.popFirst(), escaped == UInt8(ascii: "*") || escaped == UInt8(ascii: "\\")
                else { throw .strayBackslash }
                literal = escaped
            }
            pieces[pieces.count - 1].append(literal)
        }
        self.pieces = pieces.map(Piece.init)
    }

    func accepts(_ text: String) -> Bool {
        guard let first = pieces.first, let last = pieces.last else { return false }
        if pieces.count == 1 { return text.utf8.elementsEqual(first.bytes) }
        let bytes = Array(text.utf8)
        let end = bytes.count - last.bytes.count
        guard first.bytes.count <= end, bytes.starts(with: first.bytes), bytes[end...].elementsEqual(last.bytes) else {
            return false
        }
        var position = first.bytes.count
        for piece in pieces.dropFirst().dropLast() {
            guard let after = piece.end(in: bytes[position..<end]) else { return false }
            position = after
        }
        return true
    }

    /// A literal with its table of borders (Knuth, Morris, Pratt).
    private struct Piece: Sendable, Hashable {
        let bytes: [UInt8]
        /// For each length, the longest proper prefix that is also a suffix.
        private let borders: [Int]

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
            var borders = [Int](repeating: 0, count: bytes.count)
            var length = 0
            for place in bytes.indices.dropFirst() {
                while length > 0, bytes[place] != bytes[length] { length = borders[length - 1] }
                if bytes[place] == bytes[length] { length += 1 }
                borders[place] = length
            }
            self.borders = borders
        }

        /// The index after the first occurrence.
        func end(in text: ArraySlice<UInt8>) -> Int? {
            if bytes.isEmpty { return text.startIndex }
            var length = 0
            for place in text.indices {
                while length > 0, text[place] != bytes[length] { length = borders[length - 1] }
                if text[place] == bytes[length] { length += 1 }
                if length == bytes.count { return place + 1 }
            }
            return nil
        }
    }
}
