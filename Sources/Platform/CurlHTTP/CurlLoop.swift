internal import CCurl
internal import HTTPExchange
internal import Host
internal import Synchronization

/// The one thread that owns the multi handle; everybody else leaves orders in its inbox and wakes it.
@safe final class CurlLoop: Sendable {
    enum Order: Sendable {
        case start(Exchange)
        case cancel(UInt64)
        /// The reader of a stream took enough: the sender may go on.
        case resume(UInt64)
    }

    private struct Inbox {
        var orders: [Order] = []
        var isStopped = false
        /// The thread polls or is about to: the next order has to wake it.
        var isAsleep = false

        /// - Returns: whether the thread has to be woken; nobody else has to do it then.
        mutating func wakes() -> Bool {
            defer { isAsleep = false }
            return isAsleep
        }
    }

    // Safe because the loop's thread alone uses it, but for `curl_multi_wakeup`, which any thread may call
    // (https://curl.se/libcurl/c/curl_multi_wakeup.html); it is freed by the thread after no order can come any more.
    private nonisolated(unsafe) let multi: UnsafeMutableRawPointer
    private let inbox = Mutex(Inbox())
    private let maxInFlightPerOrigin: Int

    init(maxInFlightPerOrigin: Int) throws(CurlFault) {
        guard CurlLibrary.isReady, let made = unsafe curl_multi_init() else {
            throw CurlFault(CURLE_FAILED_INIT, during: "curl_multi_init")
        }
        unsafe multi = made
        self.maxInFlightPerOrigin = maxInFlightPerOrigin
        // One request at a time on each connection, over HTTP/2 too (decision 16).
        _ = unsafe ccurl_multi_set_long(made, CURLMOPT_PIPELINING, 0)
        // Idle connections are kept for as many origins as we speak to.
        _ = unsafe ccurl_multi_set_long(made, CURLMOPT_MAXCONNECTS, 64)
        try launch()
    }

    deinit { unsafe curl_multi_cleanup(multi) }

    private func launch() throws(CurlFault) {
        // The thread keeps the loop, and with it the handle, until it was told to stop.
        guard HostThread.start({ self.run() }) else { throw CurlFault(CURLE_FAILED_INIT, during: "pthread_create") }
    }

    /// - Returns: false when the loop has stopped and takes nothing any more.
    @discardableResult
    func leave(_ order: Order) -> Bool {
        let (isTaken, wakes) = inbox.withLock { inbox in
            guard !inbox.isStopped else { return (false, false) }
            inbox.orders.append(order)
            return (true, inbox.wakes())
        }
        if wakes { unsafe curl_multi_wakeup(multi) }
        return isTaken
    }

    /// Ends every exchange; those under way fail as cancelled.
    func stop() {
        let wakes = inbox.withLock { inbox in
            inbox.isStopped = true
            return inbox.wakes()
        }
        if wakes { unsafe curl_multi_wakeup(multi) }
    }

    private func run() {
        var work = unsafe LoopWork(multi: multi, maxInFlightPerOrigin: maxInFlightPerOrigin)
        while true {
            let (orders, isStopped) = inbox.withLock { inbox in
                let orders = inbox.orders
                inbox.orders = []
                inbox.isAsleep = false
                return (orders, inbox.isStopped)
            }
            for order in orders { work.take(order) }
            guard !isStopped else { return work.abandonAll() }
            work.perform()
            // Orders that came meanwhile woke nobody. One that comes from now on makes the poll return at once.
            let isIdle = inbox.withLock { inbox in
                inbox.isAsleep = inbox.orders.isEmpty && !inbox.isStopped
                return inbox.isAsleep
            }
            guard isIdle else { continue }
            unsafe curl_multi_poll(multi, nil, 0, 60_000, nil)
        }
    }
}

/// What the loop's thread knows: exchanges under way, and those that wait for their turn at an origin.
@safe struct LoopWork {
    private let multi: UnsafeMutableRawPointer
    private let maxInFlightPerOrigin: Int
    private var running: [UInt64: Exchange] = [:]
    private var waiting: [String: [Exchange]] = [:]
    private var inFlight: [String: Int] = [:]

    init(multi: UnsafeMutableRawPointer, maxInFlightPerOrigin: Int) {
        unsafe self.multi = multi
        self.maxInFlightPerOrigin = maxInFlightPerOrigin
    }

    mutating func take(_ order: CurlLoop.Order) {
        switch order {
        case .start(let exchange): admit(exchange)
        case .cancel(let number): cancel(number)
        case .resume(let number):
            guard let exchange = running[number] else { return }
            // Chunks that libcurl kept come during this call.
            _ = unsafe curl_easy_pause(exchange.handle.raw, CURLPAUSE_CONT)
        }
    }

    private mutating func admit(_ exchange: Exchange) {
        let origin = exchange.request.origin
        guard inFlight[origin, default: 0] < maxInFlightPerOrigin else {
            waiting[origin, default: []].append(exchange)
            return
        }
        begin(exchange)
    }

    private mutating func begin(_ exchange: Exchange) {
        let code = unsafe curl_multi_add_handle(multi, exchange.handle.raw)
        guard code == CURLM_OK else {
            return exchange.end(.failure(HTTPFault(.unreachable, "libcurl takes no request", url: exchange.url)))
        }
        running[exchange.number] = exchange
        inFlight[exchange.request.origin, default: 0] += 1
    }

    private mutating func cancel(_ number: UInt64) {
        if let exchange = running[number] {
            exchange.verdict = exchange.verdict ?? .cancelled
            return remove(exchange, exchange.failure(CURLE_ABORTED_BY_CALLBACK))
        }
        for (origin, queue) in waiting {
            guard let place = queue.firstIndex(where: { $0.number == number }) else { continue }
            let exchange = queue[place]
            waiting[origin]?.remove(at: place)
            exchange.end(.failure(HTTPFault(.unreachable, "cancelled before it was sent", url: exchange.url)))
        }
    }

    /// Lets libcurl work, and delivers what has ended.
    mutating func perform() {
        var count: Int32 = 0
        _ = unsafe curl_multi_perform(multi, &count)
        var result = CURLE_OK
        while let raw = unsafe ccurl_next_ended(multi, &result) {
            guard let exchange = running.values.first(where: { unsafe $0.handle.raw == raw }) else { continue }
            remove(exchange, result == CURLE_OK ? .success(exchange.response) : exchange.failure(result))
        }
    }

    private mutating func remove(_ exchange: Exchange, _ answer: Waiter.Answer) {
        // After this call libcurl has let go of the handle and of everything that it pointed to.
        _ = unsafe curl_multi_remove_handle(multi, exchange.handle.raw)
        running[exchange.number] = nil
        let origin = exchange.request.origin
        inFlight[origin, default: 1] -= 1
        exchange.end(answer)
        guard var queue = waiting[origin], !queue.isEmpty else { return }
        let next = queue.removeFirst()
        waiting[origin] = queue.isEmpty ? nil : queue
        begin(next)
    }

    mutating func abandonAll() {
        for queue in waiting.values {
            for exchange in queue { cancelForGood(exchange) }
        }
        waiting = [:]
        for exchange in running.values {
            exchange.verdict = .cancelled
            _ = unsafe curl_multi_remove_handle(multi, exchange.handle.raw)
            exchange.end(exchange.failure(CURLE_ABORTED_BY_CALLBACK))
        }
        running = [:]
    }

    private func cancelForGood(_ exchange: Exchange) {
        exchange.end(
            .failure(HTTPFault(.unreachable, "the transport was closed before it was sent", url: exchange.url))
        )
    }
}

extension Exchange {
    func failure(_ code: CURLcode) -> Waiter.Answer { .failure(fault(code)) }

    /// Tells whoever waits.
    func end(_ answer: Waiter.Answer) {
        switch sink {
        case .whole(let waiter): waiter.resume(answer)
        case .stream(let stream):
            if case .success = answer { deliverHead() }
            stream.finish(answer.map { _ in () })
        }
    }
}
