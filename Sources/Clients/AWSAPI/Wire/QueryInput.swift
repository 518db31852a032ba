package import Vocabulary

/// Input of the query protocols: nested members become dotted names with list positions.
package struct QueryInput {
    /// Why an input has no place in a query.
    package enum Fault: Error, Hashable {
        case unknownMember(String)
        case wrongType(String, wanted: String)
    }

    private let listsAreFlat: Bool
    private var pairs: [FormBody.Pair] = []

    private init(listsAreFlat: Bool) { self.listsAreFlat = listsAreFlat }

    /// Pairs for the members of an input; empty lists are left out.
    ///
    /// A member that the operation does not know is refused: left out in silence, it could change what the call does.
    package static func pairs(
        _ input: JSONValue,
        _ members: [WireMember],
        listsAreFlat: Bool
    ) throws(Fault) -> [FormBody.Pair] {
        var writer = QueryInput(listsAreFlat: listsAreFlat)
        try writer.add(input, .structure(members), at: "")
        return writer.pairs
    }

    // The depth of the recursion is the depth of the shape, which we wrote.
    private mutating func add(_ value: JSONValue, _ shape: WireShape, at name: String) throws(Fault) {
        switch shape {
        case .string, .timestamp:
            guard let text = value.string else { throw .wrongType(name, wanted: "a string") }
            pairs.append(FormBody.Pair(name, text))
        case .integer:
            guard let number = value.integer else { throw .wrongType(name, wanted: "an integer") }
            pairs.append(FormBody.Pair(name, String(number)))
        case .boolean:
            guard let flag = value.bool else { throw .wrongType(name, wanted: "true or false") }
            pairs.append(FormBody.Pair(name, flag ? "true" : "false"))
        case .list(let element): try add(value, elements: element, at: name)
        case .structure(let members): try add(value, members: members, at: name)
        }
    }

    private mutating func add(_ value: JSONValue, elements: WireShape, at name: String) throws(Fault) {
        guard let array = value.array else { throw .wrongType(name, wanted: "a list") }
        let prefix = listsAreFlat ? name : "\(name).member"
        for (place, element) in array.enumerated() { try add(element, elements, at: "\(prefix).\(place + 1)") }
    }

    private mutating func add(_ value: JSONValue, members: [WireMember], at name: String) throws(Fault) {
        guard let object = value.object else {
            throw .wrongType(name.isEmpty ? "the input" : name, wanted: "an object")
        }
        for member in object {
            guard let known = members.first(where: { $0.name == member.key }) else {
                throw .unknownMember(name.isEmpty ? member.key : "\(name).\(member.key)")
            }
            let wire = listsAreFlat ? Self.capitalised(known.wireName) : known.wireName
            try add(member.value, known.shape, at: name.isEmpty ? wire : "\(name).\(wire)")
        }
    }

    /// The ec2 protocol writes input names with a capital, whatever the XML says.
    package static func capitalised(_ name: String) -> String { name.prefix(1).uppercased() + name.dropFirst() }
}
