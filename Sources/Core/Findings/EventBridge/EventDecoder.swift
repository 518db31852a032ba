internal import Vocabulary

/// Frees events from whatever AWS wraps around them.
///
/// Takes an event, a list of them (Pipes), SQS and SNS records (Lambda), SNS over HTTP, results of input paths and
/// transformers, bare findings, and JSON lines of any of these. What cannot be decoded is an error beside the rest.
package struct EventDecoder {
    package enum Limits {
        package static let bytes = 64 << 20
        package static let depth = 128
        package static let messages = 10_000
        package static let findingsPerEvent = 1_000
        /// SNS in SQS in Lambda is three.
        package static let wrappings = 6
        package static let errors = 1_000
    }

    var decoded = DecodedEvents()

    package static func decode(_ bytes: [UInt8]) -> DecodedEvents {
        var decoder = EventDecoder()
        guard bytes.count <= Limits.bytes else {
            decoder.report(EventFault.tooLarge(limit: Limits.bytes))
            return decoder.decoded
        }
        decoder.takeText(bytes, at: "", depth: 0)
        return decoder.decoded
    }

    mutating func report(_ fault: some ActionableError) {
        if decoded.errors.count < Limits.errors { decoded.errors.append(fault.report) }
    }

    // MARK: - Texts

    static let readerLimits = JSONReader.Limits(bytes: Limits.bytes, depth: Limits.depth, repairsUTF8: true)

    /// One document, or one a line.
    private mutating func takeText(_ bytes: [UInt8], at place: String, depth: Int) {
        do throws(JSONFault) {
            take(try JSONReader.parse(bytes, limits: Self.readerLimits), at: place, depth: depth)
        } catch {
            if let documents = Self.documents(bytes) {
                takeMany(documents, at: place.isEmpty ? "document" : place, depth: depth)
            } else if bytes.contains(0x0a), Self.looksLikeLines(bytes) {
                takeLines(bytes)
            } else {
                decoded.messages += 1
                report(EventFault.unreadable(error, at: place))
            }
        }
    }

    /// Documents back to back or one a line, when there are at least two and nothing else.
    private static func documents(_ bytes: [UInt8]) -> [JSONValue]? {
        var documents: [JSONValue] = []
        var position = 0
        while let start = bytes[position...].firstIndex(where: { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }) {
            // A text that stops being JSON is reported with its first fault, or line by line.
            guard documents.count <= Limits.messages,
                let (value, end) = try? JSONReader.parsePrefix(bytes, from: start, limits: readerLimits)
            else { return nil }
            documents.append(value)
            position = end
        }
        return documents.count > 1 ? documents : nil
    }

    private static func looksLikeLines(_ bytes: [UInt8]) -> Bool {
        bytes.split(separator: 0x0a).prefix(2).contains { line in
            let text = Array(line)
            return text.first == UInt8(ascii: "{") && (try? JSONReader.parse(text, limits: readerLimits)) != nil
        }
    }

    private mutating func takeLines(_ bytes: [UInt8]) {
        for (index, line) in bytes.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated() {
            let text = Array(line)
            if text.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) { continue }
            let place = "line \(index + 1)"
            guard hasRoom(at: place) else { return }
            do throws(JSONFault) {
                take(try JSONReader.parse(text, limits: Self.readerLimits), at: place, depth: 1)
            } catch {
                decoded.messages += 1
                report(EventFault.unreadable(error, at: place))
            }
        }
    }

    private mutating func takeMany(_ values: [JSONValue], at place: String, depth: Int) {
        for (index, value) in values.enumerated() {
            let part = "\(place) \(index + 1)"
            guard hasRoom(at: part) else { return }
            take(value, at: part, depth: depth + 1)
        }
    }

    private mutating func hasRoom(at place: String) -> Bool {
        if decoded.messages < Limits.messages { return true }
        report(EventFault.tooMany("messages", limit: Limits.messages, at: place))
        return false
    }
}

// MARK: - Wrappings

extension EventDecoder {
    private mutating func take(_ value: JSONValue, at place: String, depth: Int) {
        guard depth <= Limits.wrappings else {
            decoded.messages += 1
            report(EventFault.nestedTooDeep(at: place))
            return
        }
        switch value {
        case .array(let elements):
            takeMany(elements, at: place.isEmpty ? "element" : place + ", element", depth: depth)
        case .object(let members):
            takeObject(members, value, at: place, depth: depth)
        case .string(let text) where depth > 0 && (text.hasPrefix("{") || text.hasPrefix("[")):
            takeText(Array(text.utf8), at: place, depth: depth + 1)
        case .null, .bool, .integer, .unsigned, .double, .string:
            decoded.messages += 1
            report(EventFault.unknownShape(at: place))
        }
    }

    private mutating func takeObject(_ members: JSONObject, _ value: JSONValue, at place: String, depth: Int) {
        if let records = members["Records"]?.array ?? members["Messages"]?.array {
            takeMany(records, at: place.isEmpty ? "record" : place + ", record", depth: depth)
        } else if let inner = Self.wrapped(members) {
            takeText(inner, at: place, depth: depth + 1)
        } else if let type = members["Type"]?.string, type.hasSuffix("Confirmation"), members["TopicArn"] != nil {
            // A handshake of SNS: a message without an event. Nobody follows its URL from here.
            decoded.messages += 1
        } else {
            decoded.messages += 1
            takeContent(value, at: place)
        }
    }

    /// The text inside an SQS or Kinesis record, a received SQS message, an SNS notification or an HTTP request.
    private static func wrapped(_ members: JSONObject) -> [UInt8]? {
        if members["detail-type"] != nil { return nil }
        if let data = members["kinesis"]?["data"]?.string { return Base64.decodeLoosely(data) }
        if members["eventSource"]?.string == "aws:kinesis", let data = members["data"]?.string {
            return Base64.decodeLoosely(data)
        }
        return wrappedText(members).map { Array($0.utf8) }
    }

    private static func wrappedText(_ members: JSONObject) -> String? {
        if let message = members["Sns"]?["Message"]?.string { return message }
        if members["Type"]?.string == "Notification", let message = members["Message"]?.string { return message }
        guard let body = members["body"]?.string ?? members["Body"]?.string else { return nil }
        let signs = ["messageId", "MessageId", "receiptHandle", "ReceiptHandle", "requestContext", "httpMethod"]
        guard signs.contains(where: members.contains) else { return nil }
        guard members["isBase64Encoded"] == true, let bytes = Base64.decodeLoosely(body) else { return body }
        return String(decoding: bytes, as: UTF8.self)
    }
}
