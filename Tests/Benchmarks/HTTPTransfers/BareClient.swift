internal import CCurl
internal import Glibc
internal import TestSupport

/// What libcurl itself gives: one thread, handles that are used again, bodies that are counted and thrown away.
@safe final class BareClient {
    private let multi: UnsafeMutableRawPointer
    private var handles: [UnsafeMutableRawPointer] = unsafe []
    private var received = 0

    init(url: String, concurrency: Int, authority: [UInt8]?) throws {
        guard let multi = unsafe curl_multi_init() else { throw BenchmarkFault("libcurl has no multi handle") }
        unsafe self.multi = multi
        // As our transport does it, so that both do the same work.
        _ = unsafe ccurl_multi_set_long(multi, CURLMOPT_PIPELINING, 0)
        for _ in 0..<concurrency {
            guard let handle = unsafe curl_easy_init() else { throw BenchmarkFault("libcurl has no easy handle") }
            unsafe handles.append(handle)
            var codes = unsafe [
                url.withCString { unsafe ccurl_set_text(handle, CURLOPT_URL, $0) },
                ccurl_set_text(handle, CURLOPT_PROXY, ""), ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1),
                ccurl_set_long(handle, CURLOPT_HTTP_VERSION, ccurl_http_2_over_tls),
                ccurl_set_callback(handle, CURLOPT_WRITEFUNCTION, count),
                ccurl_set_pointer(handle, CURLOPT_WRITEDATA, Unmanaged.passUnretained(self).toOpaque()),
            ]
            if let authority {
                codes.append(
                    unsafe authority.withUnsafeBytes {
                        unsafe ccurl_set_bytes(handle, CURLOPT_CAINFO_BLOB, $0.baseAddress, $0.count)
                    }
                )
            }
            guard codes.allSatisfy({ $0 == CURLE_OK }) else { throw BenchmarkFault("libcurl takes no option") }
        }
    }

    deinit {
        for index in unsafe handles.indices { unsafe curl_easy_cleanup(handles[index]) }
        unsafe curl_multi_cleanup(multi)
    }

    /// Makes so many requests, all handles at work.
    func run(_ requests: Int, expecting size: Int) throws {
        received = 0
        var (started, ended) = (0, 0)
        for index in unsafe handles.indices where started < requests {
            unsafe curl_multi_add_handle(multi, handles[index])
            started += 1
        }
        while ended < requests {
            var running: Int32 = 0
            guard unsafe curl_multi_perform(multi, &running) == CURLM_OK else { throw BenchmarkFault("perform failed") }
            var result = CURLE_OK
            var isIdle = true
            while let handle = unsafe ccurl_next_ended(multi, &result) {
                guard result == CURLE_OK else {
                    throw unsafe BenchmarkFault(String(cString: curl_easy_strerror(result)))
                }
                isIdle = false
                ended += 1
                unsafe curl_multi_remove_handle(multi, handle)
                guard started < requests else { continue }
                unsafe curl_multi_add_handle(multi, handle)
                started += 1
            }
            if isIdle { unsafe curl_multi_poll(multi, nil, 0, 1_000, nil) }
        }
        guard received == requests * size else { throw BenchmarkFault("\(received) bytes came") }
    }

    private let count: curl_write_callback = { _, size, number, own in
        guard let own = unsafe own else { return 0 }
        unsafe Unmanaged<BareClient>.fromOpaque(own).takeUnretainedValue().received += size * number
        return size * number
    }
}
