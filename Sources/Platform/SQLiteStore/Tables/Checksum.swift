/// Tells decayed rows from sound ones: SQLite keeps no checksums of what it stores.
///
/// Each step is a bijection of the state and of the word that goes in, so a change within one word is always seen. It
/// guards against disks, not against people: a history's hash chain does that.
struct Checksum {
    private var state: UInt64 = 0x46_69_72_65_62_72_65_61

    mutating func add(_ word: UInt64) {
        state = (state ^ word) &* 0x9fb2_1c65_1e98_df25
        state ^= state >> 32
    }

    mutating func add(_ number: Int64) { add(UInt64(bitPattern: number)) }

    mutating func add(_ text: String) { add(Array(text.utf8)) }

    mutating func add(_ bytes: [UInt8]) {
        add(UInt64(bytes.count))
        unsafe bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset + 8 <= buffer.count {
                add(unsafe UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
                offset += 8
            }
            var rest: UInt64 = 0
            while offset < buffer.count {
                rest = rest << 8 | UInt64(unsafe buffer[offset])
                offset += 1
            }
            add(rest)
        }
    }

    var value: Int64 { Int64(bitPattern: state) }
}
