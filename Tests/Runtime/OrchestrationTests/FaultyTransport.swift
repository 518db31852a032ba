import HTTPExchange
import Vocabulary

/// A transport that goes wrong in one way at one write, counted from 0.
actor FaultyTransport: HTTPTransport {
    enum Fault: Sendable {
        /// The world does the work, and the answer is lost on the way back.
        case answerLost
        /// The world does the work, and something before it gives up waiting.
        case gatewayTimeout
        /// The request gets lost on its way, and nobody can tell.
        case lostOnTheWay
        /// The request never arrives.
        case neverSent
        /// The server says that it is busy.
        case throttled
    }

    private let world: any HTTPTransport
    private let fault: Fault
    private let place: Int
    private(set) var writes = 0

    init(_ world: any HTTPTransport, _ fault: Fault, at place: Int) {
        self.world = world
        self.fault = fault
        self.place = place
    }

    func send(_ request: HTTPRequest) async throws(HTTPFault) -> HTTPResponse {
        guard Self.isWrite(request) else { return try await world.send(request) }
        let number = writes
        writes += 1
        guard number == place else { return try await world.send(request) }
        switch fault {
        case .answerLost:
            _ = try await world.send(request)
            throw HTTPFault(.answerLost, "the connection was reset", url: request.origin)
        case .gatewayTimeout:
            _ = try await world.send(request)
            return HTTPResponse(
                status: 504,
                headers: [HTTPHeader("Content-Type", "text/html")],
                body: Array("<html>".utf8)
            )
        case .lostOnTheWay: throw HTTPFault(.answerLost, "the connection was reset", url: request.origin)
        case .neverSent: throw HTTPFault(.unreachable, "connection refused", url: request.origin)
        case .throttled: return Self.busy(request)
        }
    }

    static func isWrite(_ request: HTTPRequest) -> Bool {
        if request.origin.hasSuffix(".rehearsal") { return request.method != "GET" }
        let body = String(decoding: request.body.prefix(200), as: UTF8.self)
        return body.contains("Action=CreateSnapshots") || request.target.contains("batchupdate")
    }

    private static func busy(_ request: HTTPRequest) -> HTTPResponse {
        if request.origin.hasSuffix(".rehearsal") {
            let text = "Too many requests, please try again later."
            let headers = [HTTPHeader("Content-Type", "text/plain"), HTTPHeader("Retry-After", "1")]
            return HTTPResponse(status: 429, headers: headers, body: Array(text.utf8))
        }
        if request.target.contains("batchupdate") {
            let headers = [
                HTTPHeader("Content-Type", "application/json"),
                HTTPHeader("x-amzn-ErrorType", "TooManyRequestsException"),
            ]
            return HTTPResponse(status: 429, headers: headers, body: Array(#"{"Message":"slow down"}"#.utf8))
        }
        let xml = """
            <Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>slow down</Message></Error></Errors>\
            <RequestID>r</RequestID></Response>
            """
        return HTTPResponse(status: 503, headers: [HTTPHeader("Content-Type", "text/xml")], body: Array(xml.utf8))
    }
}

/// A transport through which nothing can be read once so many writes were made, until somebody opens it again.
actor BlindTransport: HTTPTransport {
    private let world: any HTTPTransport
    private let limit: Int
    private var writes = 0
    private var isOpen = false

    init(_ world: any HTTPTransport, afterWrites limit: Int) {
        self.world = world
        self.limit = limit
    }

    func open() { isOpen = true }

    func send(_ request: HTTPRequest) async throws(HTTPFault) -> HTTPResponse {
        let isWrite = FaultyTransport.isWrite(request)
        if !isOpen, !isWrite, writes >= limit {
            throw HTTPFault(.unreachable, "connection refused", url: request.origin)
        }
        if isWrite { writes += 1 }
        return try await world.send(request)
    }
}
