package import Vocabulary

/// What came out of some bytes.
package struct DecodedEvents: Sendable, Hashable {
    /// How many messages the wrapping held.
    package var messages = 0
    package var events: [SecurityHubEvent] = []
    /// What could not be decoded, each with its place.
    package var errors: [FaultReport] = []

    package init() {}

    /// The shape of `events decode --output json`.
    package var json: JSONValue {
        .object([
            "messages": .integer(Int64(messages)), "events": .array(events.map(\.summary)),
            "errors": .array(errors.map(\.json)),
        ])
    }
}
