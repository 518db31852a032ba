import Gzip
import TestSupport
import Testing

@Suite("Gzip")
struct GzipTests {
    /// “first” and a newline, as a member without a name and without a time.
    private static let first: [UInt8] = [
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x4b, 0xcb, 0x2c,
        0x2a, 0x2e, 0xe1, 0x02, 0x00, 0x2a, 0xb3, 0x4a, 0xc7, 0x06, 0x00, 0x00, 0x00,
    ]

    private func inflate(_ bytes: [UInt8], pieces: Int, room: Int) throws -> (text: [UInt8], members: Int) {
        let inflater = try GzipInflater()
        var text: [UInt8] = []
        var members = 0
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            inflater.give(Array(bytes[start..<min(bytes.count, start + pieces)]))
            loop: while true {
                switch try inflater.step(room: room) {
                case .piece(let piece): text += piece
                case .memberEnded: members += 1
                case .needsInput: break loop
                }
            }
        }
        try inflater.finish()
        return (text, members)
    }

    @Test("members back to back come out one after another, in pieces of any size", arguments: [1, 2, 7, 1_000])
    func members(_ pieces: Int) throws {
        for room in [1, 3, 100] {
            let (text, members) = try inflate(Self.first + Self.first + Self.first, pieces: pieces, room: room)
            #expect(String(decoding: text, as: UTF8.self) == "first\nfirst\nfirst\n")
            #expect(members == 3)
        }
    }

    @Test("every proper beginning of a member is refused as cut")
    func cuts() {
        for count in 1..<Self.first.count {
            #expect(throws: GzipFault.cut, "\(count) bytes") {
                try Gzip.inflate(Array(Self.first[..<count]), limit: 100)
            }
        }
        #expect(throws: GzipFault.notGzip) { try Gzip.inflate([], limit: 100) }
    }

    @Test("a wrong bit in the data, the checksum or the length is noticed")
    func damage() {
        // The last block's padding, in between, says nothing.
        for place in Array(10..<15) + Array((Self.first.count - 8)..<Self.first.count) {
            var bytes = Self.first
            bytes[place] ^= 0x10
            #expect(throws: GzipFault.self, "byte \(place)") { try Gzip.inflate(bytes, limit: 100) }
        }
    }

    @Test("what is no member behind a member is refused")
    func garbage() {
        #expect(throws: GzipFault.garbageAfterMember) { try Gzip.inflate(Self.first + [0x7b], limit: 100) }
        #expect(throws: GzipFault.notGzip) { try Gzip.inflate([0x7b, 0x7d], limit: 100) }
    }

    @Test("more than the limit is refused")
    func limit() throws {
        #expect(throws: GzipFault.tooLarge(limit: 11)) { try Gzip.inflate(Self.first + Self.first, limit: 11) }
        #expect(try Gzip.inflate(Self.first + Self.first, limit: 12).count == 12)
    }
}
