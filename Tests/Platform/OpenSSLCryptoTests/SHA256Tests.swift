import OpenSSLCrypto
import Testing

@Suite("Digests are those of FIPS 180-4")
struct SHA256Tests {
    @Test(
        "the standard's own examples come out",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ]
    )
    func digests(_ text: String, _ hex: String) {
        #expect(SHA256.hex(Array(text.utf8)) == hex)
    }

    @Test("a million letters give the standard's digest")
    func digestsLongInput() {
        let letters = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        #expect(SHA256.hex(letters) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test("many threads at once get the digests that one alone gets")
    func digestsInParallel() async {
        let texts = (0..<64).map { [UInt8](repeating: UInt8($0), count: $0 * 37) }
        let alone = texts.map { SHA256.digest($0) }
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<32 { group.addTask { texts.map { SHA256.digest($0) } == alone } }
            for await isSame in group { #expect(isSame) }
        }
    }
}
