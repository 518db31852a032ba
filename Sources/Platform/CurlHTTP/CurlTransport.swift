package import HTTPExchange
internal import Synchronization

/// Sends requests over the network with libcurl: kept connections, HTTP/2 over TLS, one thread for all of them.
///
/// Requests at the same time go over connections of their own, never over one that they share (decision 16).
///
/// Redirects are answers, never followed: nothing of a request, its credentials least of all, reaches a server that it
/// was not made for. Only GET and HEAD are ever sent a second time by the library, when a kept connection turns out dead.
package final class CurlTransport: HTTPTransport {
    private let loop: CurlLoop
    private let settings: CurlSettings
    private let shelf = HandleShelf()
    private let count = Atomic<UInt64>(0)

    /// - Throws: when libcurl cannot be started at all.
    package init(_ settings: CurlSettings = CurlSettings()) throws(HTTPFault) {
        self.settings = settings
        do {
            loop = try CurlLoop(maxInFlightPerOrigin: settings.maxInFlightPerOrigin)
        } catch {
            throw error.fault(url: "")
        }
    }

    deinit { loop.stop() }

    /// The library's own name and version, for `doctor`.
    package static var version: String { CurlLibrary.version }

    package func send(_ request: HTTPRequest) async throws(HTTPFault) -> HTTPResponse {
        let waiter = Waiter()
        let number = try start(request, isStream: false, .whole(waiter))
        let loop = loop
        let answer = await withTaskCancellationHandler {
            await waiter.wait()
        } onCancel: {
            loop.leave(.cancel(number))
        }
        return try answer.get()
    }

    /// Sends a request and hands over its answer as it comes; the transport's timeout does not apply.
    package func stream(_ request: HTTPRequest) async throws(HTTPFault) -> HTTPStream {
        let core = StreamCore()
        let number = try start(request, isStream: true, .stream(core))
        let loop = loop
        let head = await withTaskCancellationHandler {
            await core.head.wait()
        } onCancel: {
            loop.leave(.cancel(number))
        }
        return HTTPStream(try head.get(), core, number, self)
    }

    private func start(_ request: HTTPRequest, isStream: Bool, _ sink: Sink) throws(HTTPFault) -> UInt64 {
        let url = request.origin + request.target
        if let problem = HeaderLines.problem(with: request) {
            throw HTTPFault(.unreachable, problem, url: request.origin)
        }
        let number = count.wrappingAdd(1, ordering: .relaxed).newValue
        let exchange: Exchange
        do {
            exchange = try Exchange(number, request, settings, shelf, isStream: isStream, sink)
        } catch {
            throw error.fault(url: url)
        }
        guard loop.leave(.start(exchange)) else { throw HTTPFault(.unreachable, "the transport is closed", url: url) }
        return number
    }

    func resume(_ number: UInt64) { loop.leave(.resume(number)) }
    func cancel(_ number: UInt64) { loop.leave(.cancel(number)) }
}

/// An answer that is read as it comes; letting go of it ends the exchange.
package final class HTTPStream: Sendable {
    /// Status and headers; its body is empty.
    package let head: HTTPResponse
    private let core: StreamCore
    private let number: UInt64
    private let transport: CurlTransport

    init(_ head: HTTPResponse, _ core: StreamCore, _ number: UInt64, _ transport: CurlTransport) {
        self.head = head
        self.core = core
        self.number = number
        self.transport = transport
    }

    deinit { transport.cancel(number) }

    /// The next bytes; nil at the end.
    package func next() async throws(HTTPFault) -> [UInt8]? {
        while true {
            switch core.next() {
            case .chunk(let bytes, let isResumed):
                if isResumed { transport.resume(number) }
                return bytes
            case .end(let end):
                try end.get()
                return nil
            case .nothing:
                let (transport, number) = (transport, number)
                await withTaskCancellationHandler {
                    await core.wait()
                } onCancel: {
                    transport.cancel(number)
                }
            }
        }
    }
}
