internal import Vocabulary

/// Where the members of an alert's fields stand, found once for all looks.
struct FieldPlaces: Sendable {
    /// One more than the place of each known field, zero where it is absent.
    private var known: [Int32]
    /// Places of the fields that have no leading rank.
    private(set) var others: [Int] = []

    init(_ fields: JSONObject) {
        known = [Int32](repeating: 0, count: FalcoField.allCases.count)
        let table = FieldTable.shared
        for place in fields.members.indices {
            let field = table.field(fields.members[place].key)
            if let field { known[field.rawValue] = Int32(truncatingIfNeeded: place + 1) }
            if field?.isLeading != true { others.append(place) }
        }
    }

    func place(of field: FalcoField) -> Int? {
        let place = Int(known[field.rawValue])
        return place > 0 ? place - 1 : nil
    }
}

/// Follows from the fields alone: alerts are told apart by those.
extension FieldPlaces: Hashable {
    static func == (left: FieldPlaces, right: FieldPlaces) -> Bool { true }
    func hash(into hasher: inout Hasher) {}
}

/// Known fields by their names.
private struct FieldTable: Sendable {
    static let shared = FieldTable()

    /// One more than the number of a field, zero where none is; four times as many as there are fields.
    private var slots = [UInt8](repeating: 0, count: 256)
    private let fields = FalcoField.allCases
    private let names = FalcoField.allCases.map(\.name)

    private init() {
        for field in fields {
            var slot = Self.slot(field.name)
            while slots[slot] != 0 { slot = (slot + 1) & 255 }
            slots[slot] = UInt8(field.rawValue + 1)
        }
    }

    func field(_ name: String) -> FalcoField? {
        guard name.utf8.count < 32 else { return nil }
        var slot = Self.slot(name)
        while slots[slot] != 0 {
            let number = Int(slots[slot]) - 1
            if names[number].isIdentical(to: name) { return fields[number] }
            slot = (slot + 1) & 255
        }
        return nil
    }

    private static func slot(_ name: String) -> Int {
        let bytes = name.utf8.span
        guard bytes.count > 6 else { return bytes.count }
        let (last, middle) = (Int(bytes[bytes.count - 1]), Int(bytes[bytes.count / 2]))
        return (bytes.count &* 37 &+ last &* 11 &+ middle &* 71 &+ Int(bytes[3]) &* 5 &+ Int(bytes[5]) &* 131) & 255
    }
}
