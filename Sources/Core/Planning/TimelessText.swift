package import Vocabulary

/// Takes out of a run's values what differs from run to run although nothing of meaning does: its id and its start.
///
/// They are replaced where they stand in full. What was computed from them stays, and moves a digest: it is another
/// effect.
package struct TimelessText: Sendable {
    /// What stands for the run's id; of the same form, so that it can stand in names.
    package static let runId = "run-0000000000000000"

    private let replacements: [([UInt8], [UInt8])]

    package init(runId: String, startedAt: Timestamp) {
        let pairs = [(runId, Self.runId), (startedAt.description, Timestamp(nanoseconds: 0).description)]
        replacements = pairs.filter { !$0.0.isEmpty }.map { (Array($0.0.utf8), Array($0.1.utf8)) }
    }

    package func apply(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): return .string(apply(text))
        case .array(let elements): return .array(elements.map(apply))
        case .object(let members): return .object(JSONObject(members.map { (apply($0.key), apply($0.value)) }))
        case .null, .bool, .integer, .unsigned, .double: return value
        }
    }

    package func apply(_ text: String) -> String {
        var bytes = Array(text.utf8)
        for (old, new) in replacements { bytes.replace(old, with: new) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
