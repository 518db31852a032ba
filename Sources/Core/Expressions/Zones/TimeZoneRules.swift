/// When a place's clocks were, are and will be how far from UTC: the content of a TZif file (RFC 9636).
package struct TimeZoneRules: Sendable, Hashable {
    /// Moments of change, ascending, in seconds since 1970.
    private let transitions: [Int64]
    /// Seconds east of UTC from each moment of change on.
    private let offsets: [Int64]
    /// Before the first change.
    private let firstOffset: Int64
    /// After the last change.
    private let rule: PosixZone?

    /// Reads a TZif file; nil when the bytes are none.
    package init?(tzif bytes: [UInt8]) {
        var reader = TZifReader(bytes)
        guard let old = reader.header() else { return nil }
        guard old.version >= 2 else {
            guard let block = reader.block(old, timeWidth: 4) else { return nil }
            self.init(block, footer: nil)
            return
        }
        guard reader.skip(old.size(timeWidth: 4)), let header = reader.header(),
            let block = reader.block(header, timeWidth: 8)
        else { return nil }
        self.init(block, footer: reader.footer())
    }

    private init?(_ block: TZifReader.Block, footer: String?) {
        guard let first = block.types.first else { return nil }
        transitions = block.transitions
        offsets = block.transitionTypes.map { block.types[$0] }
        firstOffset = first
        rule = footer.flatMap { PosixZone($0) }
    }

    /// Seconds east of UTC at a moment in seconds since 1970.
    package func offset(at moment: Int64) -> Int64 {
        guard let last = transitions.last else { return rule?.offset(at: moment) ?? firstOffset }
        if moment >= last, let rule { return rule.offset(at: moment) }
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= moment { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? firstOffset : offsets[low - 1]
    }
}

/// Reads the parts of a TZif file, checking every length.
struct TZifReader {
    struct Header {
        var version: Int
        var isUTCCount: Int
        var isStandardCount: Int
        var leapCount: Int
        var timeCount: Int
        var typeCount: Int
        var letterCount: Int

        func size(timeWidth: Int) -> Int {
            timeCount * (timeWidth + 1) + typeCount * 6 + letterCount + leapCount * (timeWidth + 4) + isStandardCount
                + isUTCCount
        }
    }

    struct Block {
        var transitions: [Int64]
        /// Indices into `types`, all of them valid.
        var transitionTypes: [Int]
        /// Seconds east of UTC.
        var types: [Int64]
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func skip(_ count: Int) -> Bool {
        guard count >= 0, count <= bytes.count - position else { return false }
        position += count
        return true
    }

    private mutating func number(_ width: Int) -> Int64? {
        guard width <= bytes.count - position else { return nil }
        var value: UInt64 = 0
        for byte in bytes[position..<(position + width)] { value = value << 8 | UInt64(byte) }
        position += width
        return width == 8 ? Int64(bitPattern: value) : Int64(Int32(truncatingIfNeeded: value))
    }

    mutating func header() -> Header? {
        guard bytes.count - position >= 44, bytes[position...].starts(with: "TZif".utf8) else { return nil }
        let version = bytes[position + 4]
        position += 20
        var counts: [Int] = []
        for _ in 0..<6 {
            guard let count = number(4), (0...65_536).contains(count) else { return nil }
            counts.append(Int(count))
        }
        return Header(
            version: version >= 0x32 ? 2 : 1,
            isUTCCount: counts[0],
            isStandardCount: counts[1],
            leapCount: counts[2],
            timeCount: counts[3],
            typeCount: counts[4],
            letterCount: counts[5]
        )
    }

    mutating func block(_ header: Header, timeWidth: Int) -> Block? {
        let end = position + header.size(timeWidth: timeWidth)
        guard end <= bytes.count else { return nil }
        var block = Block(transitions: [], transitionTypes: [], types: [])
        for _ in 0..<header.timeCount {
            guard let moment = number(timeWidth), moment >= block.transitions.last ?? .min else { return nil }
            block.transitions.append(moment)
        }
        for _ in 0..<header.timeCount {
            let type = Int(bytes[position])
            guard type < header.typeCount else { return nil }
            block.transitionTypes.append(type)
            position += 1
        }
        for _ in 0..<header.typeCount {
            guard let offset = number(4), (-93_600...93_600).contains(offset), skip(2) else { return nil }
            block.types.append(offset)
        }
        position = end
        return block
    }

    /// The rule for times after the last transition, between two newlines.
    mutating func footer() -> String? {
        guard position < bytes.count, bytes[position] == 0x0a else { return nil }
        let text = bytes[(position + 1)...].prefix { $0 != 0x0a }
        return text.isEmpty || text.count > 128 ? nil : String(decoding: text, as: UTF8.self)
    }
}
