internal import Vocabulary

/// Where a list goes on: the version of its first page and the last key that was given out, as base64 of JSON.
struct ContinueToken {
    var version: UInt64
    /// `/namespace/name` of the last item, with a NUL behind it as the real server writes it.
    var start: String

    var text: String {
        let json: JSONValue = [
            "v": "meta.k8s.io/v1", "rv": .integer(Int64(clamping: version)), "start": .string(start),
        ]
        return Base64URL.encode(Array(JSONWriter.compact(json).utf8))
    }

    init(version: UInt64, after key: RehearsalCluster.Key) {
        self.version = version
        start = "/\(key.namespace)/\(key.name)\u{0}"
    }

    init(text: String) throws(StatusAnswer) {
        let unreadable = StatusAnswer.badRequest("invalid continue token: continue key is not valid")
        guard let bytes = Base64URL.decode(text) else { throw unreadable }
        let json: JSONValue
        do { json = try JSONReader.parse(bytes) } catch { throw unreadable }
        guard json["v"]?.string == "meta.k8s.io/v1", let version = json["rv"]?.integer, version >= 0,
            let start = json["start"]?.string
        else { throw unreadable }
        self.version = UInt64(version)
        self.start = start
    }

    /// Whether a key comes after what was given out; a list of one namespace leaves the namespace out of its tokens.
    func precedes(_ key: RehearsalCluster.Key) -> Bool {
        let parts = start.filter { $0 != "\u{0}" }.split(separator: "/").map(String.init)
        guard let name = parts.last else { return true }
        guard parts.count > 1 else { return name < key.name }
        return (parts[0], name) < (key.namespace, key.name)
    }
}

/// Base64 with the URL alphabet and no padding (RFC 4648, section 5).
enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        for byte in bytes {
            buffer = (buffer << 8 | UInt32(byte)) & 0xffff
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int(buffer >> UInt32(bits)) & 63])
            }
        }
        if bits > 0 { text.append(alphabet[Int(buffer << UInt32(6 - bits)) & 63]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Nil for a sign outside the alphabet.
    static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        for sign in text.utf8 where sign != 0x3d {
            guard let value = alphabet.firstIndex(of: sign) else { return nil }
            buffer = (buffer << 6 | UInt32(value)) & 0xffff
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        return bytes
    }
}
