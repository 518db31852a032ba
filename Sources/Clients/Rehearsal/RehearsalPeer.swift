package import HTTPExchange
package import Vocabulary

/// A service of the rehearsal world: a value that answers requests and is changed by them.
package protocol RehearsalPeer {
    mutating func answer(_ request: HTTPRequest, now: Timestamp) -> HTTPResponse
}
