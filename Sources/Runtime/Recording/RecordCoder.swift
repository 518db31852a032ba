internal import FoundationEssentials
internal import Vocabulary

/// Turns what runs write down into bytes, and back.
enum RecordCoder {
    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        // The same value gives the same bytes, which is what keys made from bytes rely on.
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }

    /// `what`: names the bytes in an error, such as `record 3 of run-1`.
    static func decode<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8], _ what: String) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw RecordingFault.unreadable(what, "\(error)")
        }
    }
}
