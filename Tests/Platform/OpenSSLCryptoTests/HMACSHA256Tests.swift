import OpenSSLCrypto
import Testing

@Suite("Codes are those of RFC 4231")
struct HMACSHA256Tests {
    @Test(
        "the standard's own examples come out, short keys and keys longer than a block",
        arguments: [
            (
                [UInt8](repeating: 0x0b, count: 20), "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Array("Jefe".utf8), "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                [UInt8](repeating: 0xaa, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
        ]
    )
    func codes(_ key: [UInt8], _ message: String, _ hex: String) {
        #expect(Hexadecimal.text(HMACSHA256.code(of: Array(message.utf8), key: key)) == hex)
    }

    @Test("an empty key and an empty message have a code, and the key of the call before does not leak into it")
    func empty() {
        let empty = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
        _ = HMACSHA256.code(of: [1], key: [1, 2, 3])
        #expect(Hexadecimal.text(HMACSHA256.code(of: [], key: [])) == empty)
    }

    @Test(
        "SHA-1 gives the examples of FIPS 180-4",
        arguments: [
            ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"), ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ]
    )
    func sha1(_ text: String, _ hex: String) {
        #expect(SHA1.hex(Array(text.utf8)) == hex)
    }
}
