import TestSupport
import Testing
import Vocabulary

@Suite("Base64 is read as RFC 4648 says")
struct Base64Tests {
    @Test(
        "the vectors of section 10 are read and written",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ]
    )
    func vectors(_ plain: String, _ encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(plain.utf8))
        #expect(Base64.decode(String(encoded.prefix { $0 != "=" })) == Array(plain.utf8))
    }

    @Test("bytes of every length survive, as text and as bytes")
    func roundTrips() {
        var random = SeededGenerator(seed: 7)
        for count in 0..<200 {
            let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            let text = Base64.encode(bytes)
            #expect(Base64.decode(text) == bytes)
            #expect(Base64.decode(Array(text.utf8).span) == bytes)
            #expect(Base64.decodeLoosely(Base64.encodeForURL(bytes)) == bytes)
        }
    }

    @Test("each byte outside of the alphabet is refused wherever it stands")
    func refusesOthers() {
        let letters = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        for byte in UInt8.min...UInt8.max where !letters.contains(byte) && byte != UInt8(ascii: "=") {
            for place in 0..<11 {
                var text = Array("Zm9vYmFyZm8".utf8)
                text[place] = byte
                #expect(Base64.decode(text.span) == nil)
            }
        }
    }

    @Test(
        "padding stands at the end and fits",
        arguments: ["=", "==", "Z===", "Z", "Zg=", "Zg=a", "=Zg=", "Zm8==", "Zm9vY"]
    )
    func refusesPadding(_ text: String) { #expect(Base64.decode(text) == nil) }
}
