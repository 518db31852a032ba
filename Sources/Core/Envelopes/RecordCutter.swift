/// Finds where one line or document ends and the next begins, in bytes that come piece by piece.
///
/// A record is a line, or a JSON document that goes over several lines or stands without a newline beside others. A
/// document that turns out broken ends with its first line, so that it takes no neighbour with it.
package struct RecordCutter: Sendable {
    package enum Limits {
        /// What one line or document may hold.
        package static let record = 16 << 20
        /// How far a newline is looked for before a document is followed by its structure instead.
        static let line = 1 << 16
        /// What a record that is too large leaves for its reject.
        static let head = 1_024
        /// Bytes that may be looked at again after broken documents, besides as many as were cut.
        static let again = 1 << 20
    }

    package struct Cut: Sendable, Hashable {
        /// In the buffer; of a record that is too large only its end.
        package var range: Range<Int>
        /// The beginning and the size of what the buffer does not hold any more; empty unless the record is too large.
        package var head: [UInt8]
        package var lost: Int

        package var isTooLarge: Bool { lost + range.count > Limits.record }
    }

    /// The record's beginning, and how far it was looked at.
    private var start = 0
    private var position = 0
    private var isFresh = true
    /// Follows a document; nil for a line.
    private var walker: JSONWalker?
    /// Whether a newline that comes now still belongs to the last document's line.
    private var endsLine = false
    private var head: [UInt8] = []
    private var lost = 0
    /// Bytes that were cut, and bytes that were looked at more than once: hostile nesting takes no quadratic time.
    private var done = 0
    private var again = 0

    package init() {}

    /// The next whole record; nil when more bytes are needed.
    ///
    /// - Parameters:
    ///   - buffer: the bytes so far, without those that were dropped.
    ///   - isEnd: whether no more bytes come.
    /// - Returns: where the record lies in the buffer.
    package mutating func next(in buffer: [UInt8], isEnd: Bool) -> Cut? {
        while true {
            if isFresh { guard begin(buffer, isEnd) else { return nil } }
            if walker == nil { return nextLine(buffer, isEnd) }
            switch nextDocument(buffer, isEnd) {
            case .cut(let cut): return cut
            case .needsMore: return nil
            case .brokeOff: continue
            }
        }
    }

    /// How many bytes at the buffer's front are not needed any more.
    package var finished: Int { start }

    /// The caller took that many bytes off the buffer's front.
    package mutating func drop(_ count: Int) {
        start -= count
        position -= count
    }

    /// Lets go of what the buffer holds of a record that became too large.
    package mutating func shrink(_ buffer: [UInt8]) {
        guard position - start + lost > Limits.record else { return }
        if lost == 0 { head = Array(buffer[start..<min(position, start + Limits.head)]) }
        lost += position - start
        start = position
    }

    // MARK: - Beginnings

    /// - Returns: false when nothing begins in what the buffer holds.
    private mutating func begin(_ buffer: [UInt8], _ isEnd: Bool) -> Bool {
        if endsLine { skipLineEnd(buffer) }
        guard let first = buffer[position...].firstIndex(where: { !Self.isBlank($0) }) else {
            guard isEnd, position < buffer.count else { return false }
            isFresh = false
            return true
        }
        endsLine = false
        isFresh = false
        guard buffer[first] == UInt8(ascii: "{") || buffer[first] == UInt8(ascii: "[") else { return true }
        let near = buffer[first..<min(buffer.count, first + Limits.line)]
        if let end = near.firstIndex(of: 0x0a), Self.closes(buffer[first..<end]) { return true }
        walker = JSONWalker()
        start = first
        position = first
        return true
    }

    private mutating func skipLineEnd(_ buffer: [UInt8]) {
        while start < buffer.count {
            let byte = buffer[start]
            guard Self.isBlank(byte) || byte == 0x0a else { break }
            start += 1
            if byte == 0x0a {
                endsLine = false
                break
            }
        }
        position = start
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }

    /// Whether a line looks whole: then its reader finds the documents on it.
    private static func closes(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.count > 1, let last = line.last(where: { !isBlank($0) }) else { return false }
        return last == UInt8(ascii: "}") || last == UInt8(ascii: "]")
    }

    // MARK: - Ends

    private mutating func nextLine(_ buffer: [UInt8], _ isEnd: Bool) -> Cut? {
        if let newline = buffer[position...].firstIndex(of: 0x0a) { return cut(to: newline, next: newline + 1) }
        position = buffer.count
        return isEnd ? cut(to: position, next: position) : nil
    }

    private enum Step {
        case cut(Cut)
        case needsMore
        case brokeOff
    }

    private mutating func nextDocument(_ buffer: [UInt8], _ isEnd: Bool) -> Step {
        switch walker?.walk(buffer, &position, upTo: buffer.count) ?? .broken {
        case .finished:
            let cut = cut(to: position, next: position)
            endsLine = true
            return .cut(cut)
        case .unfinished where !isEnd: return .needsMore
        case .unfinished, .broken:
            breakOff()
            return .brokeOff
        }
    }

    /// The document is broken: its first line is a record, and what follows is looked at again.
    ///
    /// Without its first line's end, or after looking again too often, everything up to the next newline is one record.
    private mutating func breakOff() {
        walker = nil
        guard lost == 0, again <= done + Limits.again else { return }
        again += position - start
        position = start
    }

    private mutating func cut(to end: Int, next: Int) -> Cut {
        let cut = Cut(range: start..<end, head: head, lost: lost)
        done += lost + next - start
        start = next
        position = next
        walker = nil
        isFresh = true
        head = []
        lost = 0
        return cut
    }
}
