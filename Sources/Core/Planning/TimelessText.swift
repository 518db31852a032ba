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
        for (old, new) in replacements { bytes.replace(old, with: new) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
