internal import CCurl
internal import HTTPExchange
internal import Vocabulary

/// One request on its way, and its answer as it comes.
///
/// Made by the caller's thread and then used by the loop's alone; libcurl's callbacks run there too.
// Safe because it changes hands once, through the loop's inbox, and nobody else keeps it.
@safe final class Exchange: @unchecked Sendable {
    let number: UInt64
    let request: HTTPRequest
    let handle: EasyHandle
    let sink: Sink
    private let body: UnsafeMutableBufferPointer<UInt8>
    private var sent = 0
    private var head = AnswerHead()
    private var received: [UInt8] = []
    private var isHeadDelivered = false
    /// Why we ended the transfer ourselves.
    var verdict: HTTPFault.Reason?
    private let limits: (head: Int, body: Int)
    private let shelf: HandleShelf

    /// Takes a handle from the shelf, and gives it back at its end.
    init(
        _ number: UInt64,
        _ request: HTTPRequest,
        _ settings: CurlSettings,
        _ shelf: HandleShelf,
        isStream: Bool,
        _ sink: Sink
    ) throws(CurlFault) {
        self.number = number
        self.request = request
        self.sink = sink
        limits = (settings.maxHeadBytes, settings.maxBodyBytes)
        self.shelf = shelf
        handle = try shelf.take()
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(1, request.body.count))
        _ = unsafe copy.initialize(from: request.body)
        unsafe body = copy
        try configure(settings, isStream: isStream)
    }

    deinit {
        shelf.put(handle)
        unsafe body.deallocate()
    }

    var url: String { request.origin + request.target }

    /// The answer that a caller who waits for the whole gets.
    var response: HTTPResponse { HTTPResponse(status: head.status, headers: head.headers, body: received) }

    /// How a transfer that did not end well failed.
    func fault(_ code: CURLcode) -> HTTPFault {
        if let verdict {
            let detail =
                verdict == .tooLarge ? "the answer is larger than \(limits.body) bytes" : "the request was cancelled"
            // Nothing was sent yet: giving up had no effect.
            return HTTPFault(verdict == .cancelled && !handle.hasSent ? .unreachable : verdict, detail, url: url)
        }
        let own = unsafe String(cString: curl_easy_strerror(code))
        return HTTPFault(reason(code), handle.problem.isEmpty ? own : handle.problem, url: url)
    }

    private func reason(_ code: CURLcode) -> HTTPFault.Reason {
        guard handle.hasSent else { return .unreachable }
        return code == CURLE_OPERATION_TIMEDOUT ? .timedOut : .answerLost
    }
}

// MARK: - What libcurl calls

extension Exchange {
    fileprivate func takeHead(_ bytes: UnsafeRawBufferPointer) -> Bool {
        head.take(unsafe String(decoding: bytes, as: UTF8.self))
        guard head.size <= limits.head else {
            verdict = .tooLarge
            return false
        }
        if head.isComplete { deliverHead() }
        return true
    }

    /// - Returns: how many bytes were taken, or libcurl's word for a pause.
    fileprivate func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        switch sink {
        case .whole:
            guard received.count + bytes.count <= limits.body else {
                verdict = .tooLarge
                return 0
            }
            // One piece of memory from the start, as far as a sender is believed.
            if received.isEmpty, let length = head.length { received.reserveCapacity(min(length, 1 << 20)) }
            unsafe received.append(contentsOf: bytes)
            return bytes.count
        case .stream(let stream):
            return stream.offer(unsafe Array(bytes)) ? bytes.count : Int(ccurl_pause_writing)
        }
    }

    /// The reader of a stream gets the head as soon as it is there.
    func deliverHead() {
        guard case .stream(let stream) = sink, !isHeadDelivered else { return }
        isHeadDelivered = true
        stream.begin(HTTPResponse(status: head.status, headers: head.headers))
    }

    fileprivate func giveBody(_ room: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(room.count, request.body.count - sent)
        guard count > 0 else { return 0 }
        unsafe room.copyMemory(
            from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(body)[sent..<(sent + count)])
        )
        sent += count
        return count
    }
}

// MARK: - Options

extension Exchange {
    // https://curl.se/libcurl/c/curl_easy_setopt.html
    private func configure(_ settings: CurlSettings, isStream: Bool) throws(CurlFault) {
        try configureAddress(settings.tls.serverName)
        // The path was signed as it stands.
        try handle.set(CURLOPT_PATH_AS_IS, 1)
        try handle.set(CURLOPT_PROTOCOLS_STR, "http,https")
        try handle.set(CURLOPT_NOSIGNAL, 1)
        try handle.set(CURLOPT_TCP_KEEPALIVE, 1)
        try handle.set(CURLOPT_HTTP_VERSION, ccurl_http_2_over_tls)
        try handle.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        try handle.set(CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(settings.connectTimeout))
        if let limit = request.timeout ?? (isStream ? nil : settings.timeout) {
            try handle.set(CURLOPT_TIMEOUT_MS, Self.milliseconds(limit))
        }
        switch settings.proxy {
        case .environment: break
        case .none: try handle.set(CURLOPT_PROXY, "")
        case .url(let url): try handle.set(CURLOPT_PROXY, url)
        }
        try configure(settings.tls)
        try configureMethod()
        try configureCallbacks()
    }

    /// A server that goes by another name in its certificate is asked for by that name, at the address that we have.
    private func configureAddress(_ serverName: String?) throws(CurlFault) {
        guard let serverName, let name = Origin(request.origin) else { return try handle.set(CURLOPT_URL, url) }
        let port = name.port
        try handle.set(CURLOPT_URL, "\(name.scheme)://\(serverName):\(port)" + request.target)
        try handle.set(CURLOPT_CONNECT_TO, list: ["\(serverName):\(port):\(name.host):\(port)"])
    }

    private func configure(_ tls: TLSSettings) throws(CurlFault) {
        if let authorities = tls.authorities { try handle.set(CURLOPT_CAINFO_BLOB, bytes: authorities) }
        if let certificate = tls.certificate { try handle.set(CURLOPT_SSLCERT_BLOB, bytes: certificate) }
        if let key = tls.key { try handle.set(CURLOPT_SSLKEY_BLOB, bytes: Array(key.exposed.utf8)) }
        guard tls.verifiesServer else {
            try handle.set(CURLOPT_SSL_VERIFYPEER, 0)
            return try handle.set(CURLOPT_SSL_VERIFYHOST, 0)
        }
    }

    private func configureMethod() throws(CurlFault) {
        let hasBody = !request.body.isEmpty
        switch request.method {
        case "GET" where !hasBody: try handle.set(CURLOPT_HTTPGET, 1)
        case "HEAD": try handle.set(CURLOPT_NOBODY, 1)
        default:
            if hasBody || ["POST", "PUT", "PATCH"].contains(request.method) {
                try handle.set(CURLOPT_POST, 1)
                try handle.set(CURLOPT_POSTFIELDSIZE_LARGE, size: request.body.count)
            }
            try handle.set(CURLOPT_CUSTOMREQUEST, request.method)
        }
        // A connection that dies while it is used again makes libcurl send the request once more. With a body that
        // comes from a callback and cannot be rewound it gives up instead; without one only a fresh connection helps.
        if !request.isRead, !hasBody { try handle.set(CURLOPT_FRESH_CONNECT, 1) }
        try handle.set(CURLOPT_HTTPHEADER, list: HeaderLines.write(request))
    }

    private func configureCallbacks() throws(CurlFault) {
        // Unretained: the loop keeps the exchange until libcurl has let go of the handle.
        let own = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe try handle.set(CURLOPT_HEADERFUNCTION, callback: receiveHead)
        unsafe try handle.set(CURLOPT_HEADERDATA, pointer: own)
        unsafe try handle.set(CURLOPT_WRITEFUNCTION, callback: receiveBody)
        unsafe try handle.set(CURLOPT_WRITEDATA, pointer: own)
        unsafe try handle.set(CURLOPT_READFUNCTION, callback: sendBody)
        unsafe try handle.set(CURLOPT_READDATA, pointer: own)
    }

    private static func milliseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        return Int(clamping: max(1, seconds * 1_000 + attoseconds / 1_000_000_000_000_000))
    }
}

private func exchange(_ own: UnsafeMutableRawPointer?) -> Exchange? {
    guard let own = unsafe own else { return nil }
    return unsafe Unmanaged<Exchange>.fromOpaque(own).takeUnretainedValue()
}

private func receiveHead(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ own: UnsafeMutableRawPointer?
) -> Int {
    guard let exchange = unsafe exchange(own) else { return 0 }
    return unsafe exchange.takeHead(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}

private func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ own: UnsafeMutableRawPointer?
) -> Int {
    guard let exchange = unsafe exchange(own) else { return 0 }
    return unsafe exchange.takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
}

private func sendBody(
    _ room: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ own: UnsafeMutableRawPointer?
) -> Int {
    guard let exchange = unsafe exchange(own) else { return 0 }
    return unsafe exchange.giveBody(UnsafeMutableRawBufferPointer(start: room, count: size * count))
}
