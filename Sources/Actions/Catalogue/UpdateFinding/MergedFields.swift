import Vocabulary

/// UserDefinedFields after a merge: an update replaces the whole map, so what others wrote goes along.
struct MergedFields {
    static let limit = 50

    private(set) var merged: JSONObject
    private(set) var isChanged = false
    private(set) var warnings: [String] = []

    /// Our own keys, `marks`, come first when there is no room for all; `own` are the playbook's.
    init(_ existing: JSONObject, marks: [(String, String)], own: JSONObject) {
        merged = existing
        for (key, value) in marks { put(key, value) }
        for member in own {
            let value = member.value.string ?? JSONWriter.compact(member.value)
            if let before = existing[member.key]?.string, !before.isIdentical(to: value) {
                warnings.append("the field \(NoteText.cut(member.key, to: 64)) had another value and gets ours")
            }
            put(member.key, value)
        }
    }

    private mutating func put(_ key: String, _ value: String) {
        guard key.unicodeScalars.count <= NoteText.keyLimit, JSONValue.string(key).nonBlank != nil else {
            warnings.append(
                "the field \(NoteText.cut(key, to: 64)) is left out: keys have 1 to \(NoteText.keyLimit) characters"
            )
            return
        }
        guard JSONValue.string(value).nonBlank != nil else {
            warnings.append("the field \(key) is left out: its value is blank")
            return
        }
        let cut = NoteText.cut(value, to: NoteText.valueLimit)
        if !cut.isIdentical(to: value) {
            warnings.append("the field \(key) is cut to \(NoteText.valueLimit) characters")
        }
        guard merged.contains(key) || merged.count < Self.limit else {
            warnings.append("the field \(key) is left out: a finding has at most \(Self.limit)")
            return
        }
        if merged[key] != .string(cut) {
            merged[key] = .string(cut)
            isChanged = true
        }
    }
}
