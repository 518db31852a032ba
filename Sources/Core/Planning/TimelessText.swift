package import Vocabulary

/// Takes out of changes what differs from run to run although nothing of meaning does: the run's id and its moments.
///
/// They are replaced where they stand in full. What was computed from them stays, and moves a digest: it is another
/// effect.
package struct TimelessText: Sendable {
    private var replacements: [([UInt8], [UInt8])] = []

    /// `moments`: the run's start and the time of planning, which comes last; `expires`: how long what is held stays.
    package init(runId: String, moments: [Timestamp], expires: Duration? = nil) {
        replace(runId, with: "‹run›")
        for moment in moments { replace(moment, with: "‹time›") }
        guard let expires, let now = moments.last else { return }
        replace(now.advanced(by: expires), with: "‹time + \(expires.playbookText)›")
    }

    private mutating func replace(_ moment: Timestamp, with word: String) {
        replace(moment.description, with: word)
        replace(moment.text(fractionDigits: 0), with: word)
    }

    private mutating func replace(_ text: String, with word: String) {
        if !text.isEmpty { replacements.append((Array(text.utf8), Array(word.utf8))) }
    }

    package func apply(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): return .string(apply(text))
        case .array(let elements): return .array(elements.map(apply))
        case .object(let members): return .object(JSONObject(members.map { (apply($0.key), apply($0.value)) }))
        case .null, .bool, .integer, .unsigned, .double: return value
        }
    }

    private func apply(_ text: String) -> String {
        var bytes = Array(text.utf8)
        var isChanged = false
        for (old, new) in replacements {
            guard let changed = Self.replaced(old, in: bytes, with: new) else { continue }
            bytes = changed
            isChanged = true
        }
        return isChanged ? String(decoding: bytes, as: UTF8.self) : text
    }

    /// Every place from the left; nil when there is none.
    ///
    /// The library's `replacing` does the same, generically, in a time that a first write waits for.
    private static func replaced(_ old: [UInt8], in bytes: [UInt8], with new: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        var (start, place) = (0, 0)
        while place + old.count <= bytes.count {
            if bytes[place] == old[0], bytes[place..<(place + old.count)].elementsEqual(old) {
                result += bytes[start..<place]
                result += new
                place += old.count
                start = place
            } else {
                place += 1
            }
        }
        return start == 0 ? nil : result + bytes[start...]
    }
}
