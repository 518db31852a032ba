/// Whole gzip texts.
package enum Gzip {
    /// Everything that some members inflate to.
    ///
    /// - Parameters:
    ///   - bytes: members back to back.
    ///   - limit: bytes that may come out before it is refused.
    /// - Returns: what all members inflate to.
    /// - Throws: when any member is cut, damaged or too large: then nothing of them may be used.
    package static func inflate(_ bytes: [UInt8], limit: Int) throws(GzipFault) -> [UInt8] {
        let inflater = try GzipInflater()
        inflater.give(bytes)
        var whole: [UInt8] = []
        // The last four bytes say how long the last member is: a hint that may lie, and untouched memory costs nothing.
        whole.reserveCapacity(min(limit, claimedSize(bytes)))
        while true {
            switch try inflater.step() {
            case .piece(let piece):
                guard whole.count + piece.count <= limit else { throw .tooLarge(limit: limit) }
                whole += piece
            case .memberEnded: continue
            case .needsInput:
                try inflater.finish()
                return whole
            }
        }
    }

    private static func claimedSize(_ bytes: [UInt8]) -> Int {
        bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
