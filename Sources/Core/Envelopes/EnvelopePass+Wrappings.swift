internal import Findings
internal import Vocabulary

/// What AWS puts around records.
extension EnvelopePass {
    mutating func wrapping(
        _ kind: DocumentKind,
        _ outline: JSONOutline,
        _ range: Range<Int>,
        _ around: AlertSurroundings,
        depth: Int
    ) {
        switch kind {
        case .subscription: subscription(outline, range, around, depth: depth)
        case .logsEvent: logsEvent(outline, range, depth: depth)
        case .records: recordList(outline, range, "Records", around, depth: depth)
        case .firehose: recordList(outline, range, "records", around, depth: depth)
        case .record: break
        }
    }

    // MARK: - CloudWatch Logs

    /// The data of a log event must be what CloudWatch Logs writes, or nothing of it is taken.
    private mutating func logsEvent(_ outline: JSONOutline, _ range: Range<Int>, depth: Int) {
        let whole = Array(outline.bytes[range])
        guard let value = outline.member("awslogs", at: range.lowerBound),
            let data = outline.value(value)?["data"]?.string
        else { return reject(EnvelopeFault.unknownWrapping("an “awslogs” object without data"), whole, .envelope) }
        guard let bytes = Base64.decode(data) else { return reject(EnvelopeFault.notBase64, whole, .envelope) }
        guard bytes.starts(with: [0x1f, 0x8b]) else { return reject(EnvelopeFault.notCompressed, whole, .envelope) }
        var pass = inner
        guard let text = inflated(bytes, whole) else { return }
        pass.canInflate = false
        pass.subscriptions(text, depth: depth + 1)
        guard let fault = pass.envelopeFault else {
            readings += pass.readings
            return
        }
        add(.reject(IntakeReject(fault, .envelope, at: place, original: whole)))
    }

    /// Why nothing of what was read may be taken.
    private var envelopeFault: FaultReport? {
        for case .item(.reject(let reject)) in readings where reject.scope == .envelope { return reject.fault }
        return nil
    }

    /// Only subscription messages, back to back.
    private mutating func subscriptions(_ bytes: [UInt8], depth: Int) {
        let outline = JSONOutline(bytes: bytes)
        var position = 0
        var count = 0
        while let start = bytes[position...].firstIndex(where: { $0 > 0x20 }) {
            guard bytes[start] == UInt8(ascii: "{"), let end = outline.members(at: start, { _ in true }) else {
                return reject(EnvelopeFault.notSubscription("its JSON is broken"), [], .envelope)
            }
            guard DocumentKind(bytes, at: start) == .subscription else {
                return reject(EnvelopeFault.notSubscription("it has no messageType"), [], .envelope)
            }
            subscription(outline, start..<end, AlertSurroundings(), depth: depth)
            position = end
            count += 1
        }
        if count == 0 { reject(EnvelopeFault.notSubscription("it is empty"), [], .envelope) }
    }

    private mutating func subscription(
        _ outline: JSONOutline,
        _ range: Range<Int>,
        _ around: AlertSurroundings,
        depth: Int
    ) {
        var header = JSONObject()
        var events: Range<Int>?
        _ = outline.members(at: range.lowerBound) { member in
            if outline.isKey(member.key, "logEvents") {
                events = member.value
            } else if member.value.count < 4_096 {
                header[String(decoding: outline.bytes[member.key], as: UTF8.self)] = outline.value(member.value)
            }
            return true
        }
        if header["messageType"]?.string == "CONTROL_MESSAGE" { return add(.control(at: place)) }
        guard let events, let elements = outline.elements(of: events) else {
            return reject(EnvelopeFault.noLogEvents, Array(outline.bytes[range]), .envelope)
        }
        var around = around
        around.owner = header["owner"]?.string.flatMap(AccountID.init(rawValue:)) ?? around.owner
        around.logGroup = header["logGroup"]?.nonBlank
        around.logStream = header["logStream"]?.nonBlank
        header["subscriptionFilters"] = nil
        for element in elements { logEvent(outline, element, header, around, depth: depth) }
    }

    private mutating func logEvent(
        _ outline: JSONOutline,
        _ range: Range<Int>,
        _ header: JSONObject,
        _ around: AlertSurroundings,
        depth: Int
    ) {
        /// The message with this event alone, so that a reject keeps its surroundings.
        func alone() -> [UInt8] {
            let text = JSONWriter.compact(.object(header)).dropLast() + (header.isEmpty ? "" : ",") + "\"logEvents\":["
            return Array(text.utf8) + outline.bytes[range] + Array("]}".utf8)
        }
        guard range.count <= EnvelopeReader.recordLimit else {
            return reject(EnvelopeFault.tooLarge(limit: EnvelopeReader.recordLimit), Self.head(outline.bytes, range))
        }
        guard let event = outline.value(range), let message = event["message"]?.string else {
            return reject(EnvelopeFault.noMessage, alone())
        }
        var around = around
        around.eventID = event["id"]?.string
        around.receivedAt = event["timestamp"]?.integer.map(Timestamp.init(milliseconds:))
        let before = readings.count
        self.message(Array(message.utf8), around, depth: depth + 1)
        keepOriginal(from: before, alone)
    }

    /// Puts what rejects and parts since `start` send again, made only when there are any.
    private mutating func keepOriginal(from start: Int, _ original: () -> [UInt8]) {
        var made: [UInt8]?
        for place in readings.indices[start...] {
            switch readings[place] {
            case .item(.reject(var reject)):
                made = made ?? original()
                // What a log event holds may be broken; the envelope around it is not.
                reject = IntakeReject(reject.fault, .record, at: reject.place, original: made ?? [])
                readings[place] = .item(.reject(reject))
            case .part(var part):
                made = made ?? original()
                part.original = made ?? []
                part.alone = part.alone.map { item in
                    guard case .reject(let reject) = item else { return item }
                    return .reject(IntakeReject(reject.fault, .record, at: reject.place, original: part.original))
                }
                readings[place] = .part(part)
            case .item: continue
            }
        }
    }

    // MARK: - Lists of records

    private mutating func recordList(
        _ outline: JSONOutline,
        _ range: Range<Int>,
        _ name: StaticString,
        _ around: AlertSurroundings,
        depth: Int
    ) {
        var around = around
        if let region = outline.member("region", at: range.lowerBound).flatMap({ outline.value($0)?.string }) {
            around.region = RegionName(region)
        }
        guard let list = outline.member(name, at: range.lowerBound), let elements = outline.elements(of: list),
            !elements.isEmpty
        else {
            let what = EnvelopeFault.unknownWrapping("a document with an empty list “\(name)”")
            return reject(what, Array(outline.bytes[range]), .envelope)
        }
        for element in elements { listed(outline, element, around, depth: depth) }
    }

    private mutating func listed(
        _ outline: JSONOutline,
        _ range: Range<Int>,
        _ around: AlertSurroundings,
        depth: Int
    ) {
        let whole = Array(outline.bytes[range])
        guard let record = outline.value(range) else {
            return reject(EnvelopeFault.unknownWrapping("a record"), whole, .envelope)
        }
        var around = around
        around.region = record["awsRegion"]?.string.flatMap(RegionName.init(rawValue:)) ?? around.region
        if let data = record["kinesis"]?["data"]?.string ?? record["data"]?.string {
            return self.data(data, whole, around, depth: depth + 1)
        }
        if let text = record["body"]?.string ?? record["Sns"]?["Message"]?.string {
            return text.utf8.isEmpty ? noise(.blank) : records(Array(text.utf8), around, depth: depth + 1)
        }
        reject(EnvelopeFault.unknownWrapping("a record without data, body or Sns"), whole, .envelope)
    }

    /// Base64 of gzip members or of plain text.
    mutating func data(_ text: String, _ whole: [UInt8], _ around: AlertSurroundings, depth: Int) {
        guard let bytes = Base64.decodeLoosely(text) else { return reject(EnvelopeFault.notBase64, whole, .envelope) }
        guard bytes.starts(with: [0x1f, 0x8b]) else { return records(bytes, around, depth: depth) }
        guard let inflated = inflated(bytes, whole) else { return }
        canInflate = false
        records(inflated, around, depth: depth)
        canInflate = true
    }

    /// - Returns: nil when it was refused. Nothing that was inflated holds gzip again: that is how bombs multiply.
    private mutating func inflated(_ bytes: [UInt8], _ whole: [UInt8]) -> [UInt8]? {
        guard canInflate, inflatedBytes < EnvelopeReader.inflatedLimit else {
            reject(EnvelopeFault.inflatesTooOften(limit: EnvelopeReader.inflatedLimit), whole, .envelope)
            return nil
        }
        switch inflate(bytes) {
        case .refused(let fault):
            add(.reject(IntakeReject(fault, .envelope, at: place, original: whole)))
            return nil
        case .bytes(let inflated):
            inflatedBytes += inflated.count
            return inflated
        }
    }
}
