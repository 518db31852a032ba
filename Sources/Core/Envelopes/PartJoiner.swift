internal import Findings
internal import Vocabulary

/// Joins the parts of lines that container runtimes cut, in bounded memory.
///
/// Takes readings in the order of the input. What cannot be joined is a reject, never silence.
package struct PartJoiner: Sendable {
    package enum Limits {
        /// Lines open at the same time.
        package static let groups = 64
        /// Bytes of one line's parts together: the largest alert.
        package static let group = FalcoAlert.byteLimit
        /// Parts of one line.
        package static let parts = 4_096
        /// Bytes of all open lines.
        package static let all = 8 << 20
    }

    private let reader: EnvelopeReader
    /// In the order in which they were opened.
    private var groups: [Group] = []
    private var bytes = 0

    package init(reader: EnvelopeReader) { self.reader = reader }

    /// Whether nothing waits for the rest of a line.
    package var isEmpty: Bool { groups.isEmpty }

    package mutating func take(_ reading: Reading) -> [IntakeItem] {
        switch reading {
        case .item(let item): pass(item.surroundings) + [item]
        case .part(let part): take(part)
        }
    }

    /// A whole alert passes: a line that is open in its stream will not be finished any more.
    package mutating func pass(_ around: AlertSurroundings?) -> [IntakeItem] {
        guard !groups.isEmpty, let around else { return [] }
        return giveUp { $0.name == .stream(around.partKey) }
    }

    /// No more input comes: what is still open is incomplete.
    package mutating func finish() -> [IntakeItem] { giveUp { _ in true } }

    package mutating func take(_ part: AlertPart) -> [IntakeItem] {
        let name = Group.Name(part)
        if let place = groups.firstIndex(where: { $0.name == name }) { return add(part, to: place) }
        guard part.mayOpen else { return part.alone }
        groups.append(Group(name: name))
        return add(part, to: groups.count - 1)
    }

    private mutating func add(_ part: AlertPart, to place: Int) -> [IntakeItem] {
        bytes += groups[place].add(part)
        if groups[place].size > Limits.group || groups[place].count > Limits.parts {
            let group = remove(place)
            return [group.reject(EnvelopeFault.partsTooLarge(limit: Limits.group).report)]
        }
        guard let text = groups[place].whole else { return makeRoom() }
        let group = remove(place)
        return reader.read(joined: text, group.surroundings, at: group.place, original: group.original)
    }

    private mutating func makeRoom() -> [IntakeItem] {
        var items: [IntakeItem] = []
        while groups.count > Limits.groups || bytes > Limits.all, !groups.isEmpty {
            items.append(remove(0).incomplete)
        }
        return items
    }

    private mutating func giveUp(_ isGivenUp: (Group) -> Bool) -> [IntakeItem] {
        var items: [IntakeItem] = []
        while let place = groups.firstIndex(where: isGivenUp) { items.append(remove(place).incomplete) }
        return items
    }

    private mutating func remove(_ place: Int) -> Group {
        let group = groups.remove(at: place)
        bytes -= group.held
        return group
    }
}

extension IntakeItem {
    /// Those of an alert; nil for everything else.
    package var surroundings: AlertSurroundings? {
        switch self {
        case .alert(_, let around, _), .internalEvent(_, let around, _): around
        case .control, .noise, .reject: nil
        }
    }
}

/// The parts of one line so far.
private struct Group: Sendable {
    enum Name: Hashable {
        case stream(PartKey)
        case numbered(String, PartKey)

        init(_ part: AlertPart) {
            switch part.order {
            case .next: self = .stream(part.surroundings.partKey)
            case .numbered(let id, _, _): self = .numbered(id, part.surroundings.partKey)
            }
        }
    }

    let name: Name
    private var texts: [(ordinal: Int, text: [UInt8])] = []
    private var lastOrdinal: Int?
    private(set) var size = 0
    private(set) var surroundings = AlertSurroundings()
    private(set) var place = InputPlace(offset: 0, length: 0)
    private var originals: [UInt8] = []

    init(name: Name) { self.name = name }

    /// - Returns: the bytes that are now held in addition.
    mutating func add(_ part: AlertPart) -> Int {
        let before = held
        if texts.isEmpty {
            surroundings = part.surroundings
            place = part.place
        }
        let (ordinal, isLast): (Int, Bool) =
            switch part.order {
            case .next(let isLast): (texts.count + 1, isLast)
            case .numbered(_, let ordinal, let isLast): (ordinal, isLast)
            }
        // A part that was delivered twice.
        if case .numbered = part.order, texts.contains(where: { $0.ordinal == ordinal }) { return 0 }
        texts.append((ordinal, part.text))
        size += part.text.count
        place.length = max(place.length, part.place.offset + part.place.length - place.offset)
        place.parts += 1
        if isLast { lastOrdinal = ordinal }
        if !originals.isEmpty { originals.append(0x0a) }
        originals += part.original
        return held - before
    }

    var count: Int { texts.count }
    var held: Int { size + originals.count }

    /// The line, when no part is missing.
    var whole: [UInt8]? {
        guard let lastOrdinal, texts.count == lastOrdinal else { return nil }
        return texts.sorted { $0.ordinal < $1.ordinal }.flatMap(\.text)
    }

    /// All parts with their envelopes, one a line.
    var original: [UInt8] { originals }

    var incomplete: IntakeItem { reject(EnvelopeFault.incomplete(parts: texts.count).report) }

    func reject(_ fault: FaultReport) -> IntakeItem {
        .reject(IntakeReject(fault, .incompleteParts, at: place, original: originals))
    }
}
