/// The members of a JSON object, in order of first appearance, with keys compared byte by byte.
package struct JSONObject: Sendable {
    package struct Member: Sendable {
        package var key: String
        package var value: JSONValue
    }

    package private(set) var members: [Member] = []
    /// Positions by hash of the key, kept only above `indexThreshold` members: small objects are faster to scan.
    private var index: [Int: [Int]]?
    private static let indexThreshold = 40

    package init() {}

    /// Room for so many members, so that the first ones move no others.
    package init(capacity: Int) { members.reserveCapacity(capacity) }

    /// Of repeated keys the last one wins and keeps the first one's place.
    package init(_ pairs: [(String, JSONValue)]) {
        members.reserveCapacity(pairs.count)
        for (key, value) in pairs { self[key] = value }
    }

    package var count: Int { members.count }
    package var isEmpty: Bool { members.isEmpty }
    package var keys: [String] { members.map(\.key) }
    package var values: [JSONValue] { members.map(\.value) }

    /// Assigning nil removes the member.
    package subscript(key: String) -> JSONValue? {
        get { position(of: key).map { members[$0].value } }
        set {
            switch (position(of: key), newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil): remove(at: place)
            case (nil, let value?): append(key, value)
            case (nil, nil): break
            }
        }
    }

    package func contains(_ key: String) -> Bool { position(of: key) != nil }

    /// Appends a member whose key the caller knows to be new: nobody looks for another one.
    package mutating func add(_ key: String, _ value: JSONValue) {
        members.append(Member(key: key, value: value))
        if index != nil { index?[Self.hash(key), default: []].append(members.count - 1) }
    }

    /// The same for a text; one that is missing adds nothing.
    package mutating func add(_ key: String, _ text: String?) {
        if let text { add(key, .string(text)) }
    }

    private func position(of key: String) -> Int? {
        guard let index else {
            for place in members.indices where members[place].key.isIdentical(to: key) { return place }
            return nil
        }
        return index[Self.hash(key)]?.first { members[$0].key.isIdentical(to: key) }
    }

    /// Appends a member whose key is new, and keeps large objects quick to search.
    mutating func append(_ key: String, _ value: JSONValue) {
        add(key, value)
        if index == nil, members.count > Self.indexThreshold { rebuildIndex() }
    }

    private mutating func remove(at place: Int) {
        members.remove(at: place)
        if index != nil { rebuildIndex() }
    }

    private mutating func rebuildIndex() {
        var fresh: [Int: [Int]] = [:]
        for (place, member) in members.enumerated() { fresh[Self.hash(member.key), default: []].append(place) }
        index = fresh
    }

    private static func hash(_ key: String) -> Int {
        var hasher = Hasher()
        hasher.combine(key)
        return hasher.finalize()
    }
}

extension JSONObject: Hashable {
    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
    }

    package func hash(into hasher: inout Hasher) {
        var sum = 0
        for member in members {
            var part = Hasher()
            part.combine(member.key)
            part.combine(member.value)
            sum &+= part.finalize()
        }
        hasher.combine(sum)
    }
}

extension JSONObject: Sequence {
    package func makeIterator() -> IndexingIterator<[Member]> { members.makeIterator() }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral pairs: (String, JSONValue)...) { self.init(pairs) }
}
