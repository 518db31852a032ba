internal import Findings
package import Vocabulary

/// What one record came to, before parts of lines are joined.
package enum Reading: Sendable {
    case item(IntakeItem)
    case part(AlertPart)
}

/// A part of a line that a container runtime cut at 16 KiB.
package struct AlertPart: Sendable {
    enum Order: Sendable, Hashable {
        /// Parts come in order, the last one is marked.
        case next(isLast: Bool)
        /// Docker's `partial_id`: parts may come in any order.
        case numbered(id: String, ordinal: Int, isLast: Bool)
    }

    var text: [UInt8]
    var order: Order
    /// Whether it may be the first of its line.
    var mayOpen: Bool
    /// What it is when no line is open that it may belong to; nothing for a part that opens one.
    var alone: [IntakeItem]
    var surroundings: AlertSurroundings
    var place: InputPlace
    /// What to send again when the rest never comes.
    var original: [UInt8]
}

/// Takes alerts out of whatever they came in, told apart by content.
///
/// Pure: records may be read in any order and at the same time; only joining parts needs their order.
package struct EnvelopeReader: Sendable {
    /// The layers that are taken off before it is refused; SNS in SQS in Lambda around Fluent Bit is five.
    package static let depthLimit = 8
    /// What a record around one alert may hold: the alert with each of its bytes escaped twice.
    package static let recordLimit = 4 << 20

    /// What all data of one record may inflate to together.
    package static let inflatedLimit = 256 << 20

    package enum Inflated: Sendable {
        case bytes([UInt8])
        case refused(FaultReport)
    }

    /// Inflates gzip, bounded; the caller's, since Core has no zlib.
    package typealias Inflate = @Sendable ([UInt8]) -> Inflated

    let inflate: Inflate

    package init(inflate: @escaping Inflate) { self.inflate = inflate }

    /// Reads one record of the input.
    ///
    /// - Parameters:
    ///   - record: a line, or one JSON document or several.
    ///   - offset: where the record begins in the input.
    /// - Returns: everything that it held, in order; parts of lines wait for a `PartJoiner`.
    package func read(_ record: [UInt8], at offset: Int) -> [Reading] {
        let trimmed = EnvelopePass.trimmed(record)
        let start = offset + (trimmed.isEmpty ? 0 : record.count - EnvelopePass.trimmedFront(record).count)
        var pass = EnvelopePass(inflate: inflate, place: InputPlace(offset: start, length: trimmed.count))
        pass.text(trimmed, AlertSurroundings(), depth: 0)
        return pass.readings
    }

    /// Reads a line whose parts were joined.
    func read(
        joined text: [UInt8],
        _ around: AlertSurroundings,
        at place: InputPlace,
        original: [UInt8]
    ) -> [IntakeItem] {
        var pass = EnvelopePass(inflate: inflate, place: place)
        pass.original = original
        pass.text(text, around, depth: 1)
        return pass.items
    }

    /// The reject of a record that is larger than any that is taken.
    package static func tooLarge(_ head: [UInt8], at place: InputPlace) -> IntakeItem {
        .reject(
            IntakeReject(
                EnvelopeFault.tooLarge(limit: RecordCutter.Limits.record).report,
                .record,
                at: place,
                original: head,
                isCut: true
            )
        )
    }
}

/// Reads one record.
struct EnvelopePass {
    let inflate: EnvelopeReader.Inflate
    var place: InputPlace
    var readings: [Reading] = []
    /// What rejects send again, when it is not the text itself: a log event with its surroundings.
    var original: [UInt8]?
    /// Whether data may still be inflated, and how much was.
    var canInflate = true
    var inflatedBytes = 0

    init(inflate: @escaping EnvelopeReader.Inflate, place: InputPlace) {
        self.inflate = inflate
        self.place = place
    }

    /// What was read without regard to parts.
    var items: [IntakeItem] {
        readings.flatMap { reading -> [IntakeItem] in
            switch reading {
            case .item(let item): [item]
            case .part(let part): part.alone
            }
        }
    }

    /// A pass over something inside, with nothing read yet.
    var inner: EnvelopePass {
        var pass = EnvelopePass(inflate: inflate, place: place)
        pass.original = original
        pass.canInflate = canInflate
        return pass
    }

    mutating func add(_ item: IntakeItem) { readings.append(.item(item)) }

    mutating func reject(_ fault: some ActionableError, _ bytes: [UInt8], _ scope: IntakeReject.Scope = .record) {
        add(.reject(IntakeReject(fault.report, scope, at: place, original: original ?? bytes)))
    }

    /// As much of a large record as a reject may keep; one byte more says that it is cut.
    static func head(_ bytes: [UInt8], _ range: Range<Int>) -> [UInt8] {
        Array(bytes[range].prefix(IntakeReject.originalLimit + 1))
    }

    mutating func noise(_ noise: Noise) { add(.noise(noise, at: place)) }

    // MARK: - Texts

    /// A line, a log string, a message: text of any kind.
    mutating func text(_ bytes: [UInt8], _ around: AlertSurroundings, depth: Int) {
        guard depth <= EnvelopeReader.depthLimit else {
            return reject(EnvelopeFault.tooDeep(limit: EnvelopeReader.depthLimit), bytes)
        }
        let trimmed = Self.trimmed(bytes)
        switch trimmed.first {
        case nil: noise(.blank)
        case UInt8(ascii: "{")?, UInt8(ascii: "[")?: documents(trimmed, around, depth: depth)
        default: line(trimmed, around, depth: depth)
        }
    }

    /// Without blanks and line ends around it and without a byte order mark.
    static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        let rest = trimmedFront(bytes)
        var end = bytes.count
        while end > rest.startIndex, isBlank(bytes[end - 1]) { end -= 1 }
        return rest.startIndex == 0 && end == bytes.count ? bytes : Array(bytes[rest.startIndex..<end])
    }

    static func trimmedFront(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        var start = bytes.first == 0xef && bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        while start < bytes.count, isBlank(bytes[start]) { start += 1 }
        return bytes[start...]
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 }

    /// Several records: what an inflated payload or a decoded body holds.
    mutating func records(_ bytes: [UInt8], _ around: AlertSurroundings, depth: Int) {
        var cutter = RecordCutter()
        while let cut = cutter.next(in: bytes, isEnd: true) {
            if cut.isTooLarge, !JSONOutline.isSubscription(bytes, cut.range) {
                add(EnvelopeReader.tooLarge(Array(bytes[cut.range].prefix(1_024)), at: place))
            } else {
                text(cut.range == bytes.indices ? bytes : Array(bytes[cut.range]), around, depth: depth)
            }
        }
    }

    // MARK: - Documents

    /// One JSON document, or several back to back.
    private mutating func documents(_ bytes: [UInt8], _ around: AlertSurroundings, depth: Int) {
        let offset = place.offset
        var position = 0
        while position < bytes.count {
            if depth == 0 { place = InputPlace(offset: offset + position, length: bytes.count - position) }
            switch bytes[position] {
            case 0x20, 0x09, 0x0a, 0x0d:
                position += 1
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): break
            default:
                // Words behind a document: a record of their own.
                return text(Array(bytes[position...]), around, depth: depth + 1)
            }
            let before = readings.count
            guard let end = document(bytes, at: position, around, depth: depth) else { return }
            if depth == 0, end - position < bytes.count {
                // One of several on a line: read again, alone, so that its items have their own place.
                readings.removeSubrange(before...)
                place.length = end - position
                _ = document(Array(bytes[position..<end]), at: 0, around, depth: depth)
            }
            position = end
        }
    }

    /// - Returns: where the document ends; nil when that cannot be known and the rest was refused with it.
    private mutating func document(
        _ bytes: [UInt8],
        at start: Int,
        _ around: AlertSurroundings,
        depth: Int
    ) -> Int? {
        let kind = DocumentKind(bytes, at: start)
        if kind != .record {
            let outline = JSONOutline(bytes: bytes)
            guard let end = outline.members(at: start, { _ in true }) else {
                reject(EnvelopeFault.notSubscription("its JSON is broken"), Array(bytes[start...]), .envelope)
                return nil
            }
            wrapping(kind, outline, start..<end, around, depth: depth)
            return end
        }
        return record(bytes, at: start, around, depth: depth)
    }

    private mutating func record(_ bytes: [UInt8], at start: Int, _ around: AlertSurroundings, depth: Int) -> Int? {
        var end = bytes.count
        if end - start > EnvelopeReader.recordLimit {
            var walker = JSONWalker()
            end = start
            // A broken document is refused by the reader, with its reason.
            if walker.walk(bytes, &end, upTo: bytes.count) != .finished { end = bytes.count }
            if end - start > EnvelopeReader.recordLimit {
                reject(EnvelopeFault.tooLarge(limit: EnvelopeReader.recordLimit), Self.head(bytes, start..<end))
                return end
            }
        }
        let limits = JSONReader.Limits(bytes: .max, depth: 64, repairsUTF8: true)
        do throws(JSONFault) {
            let (value, end) = try JSONReader.parsePrefix(bytes, from: start, limits: limits)
            let original = start == 0 && end == bytes.count ? bytes : Array(bytes[start..<end])
            document(value, original, around, depth: depth)
            return end
        } catch {
            broken(Array(bytes[start...]), error)
            return nil
        }
    }

    /// Words in braces are no broken JSON.
    private mutating func broken(_ bytes: [UInt8], _ fault: JSONFault) {
        let second = bytes.dropFirst().first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0a && $0 != 0x0d }
        let isJSON: Bool =
            switch second {
            case UInt8(ascii: "\"")?, UInt8(ascii: "{")?, UInt8(ascii: "[")?, UInt8(ascii: "}")?, nil: true
            default: false
            }
        if isJSON { reject(FalcoFault.notJSON(fault), bytes) } else { noise(.text) }
    }

    /// A document of any kind that is not large.
    mutating func document(_ value: JSONValue, _ original: [UInt8], _ around: AlertSurroundings, depth: Int) {
        switch value {
        case .object(let members): record(members, value, original, around, depth: depth)
        case .array(let elements) where !elements.isEmpty && depth < EnvelopeReader.depthLimit:
            for element in elements {
                document(element, Array(JSONWriter.compact(element).utf8), around, depth: depth + 1)
            }
        case .array, .null, .bool, .integer, .unsigned, .double: noise(.foreignJSON)
        case .string(let text): self.text(Array(text.utf8), around, depth: depth + 1)
        }
    }
}
