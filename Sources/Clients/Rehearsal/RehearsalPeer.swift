package import HTTPExchange
package import Vocabulary

/// One half of the rehearsal world: it answers requests as the live service would, and keeps what they change.
package protocol RehearsalPeer: Sendable {
    mutating func answer(_ request: HTTPRequest, now: Timestamp) -> HTTPResponse
}
