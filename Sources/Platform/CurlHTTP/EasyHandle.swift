internal import CCurl
internal import HTTPExchange

/// Owns one `CURL *` with everything that libcurl keeps pointers to; `deinit` is the only place that frees them.
///
/// Only the loop's thread uses it once the transfer was handed over.
// Safe because it has one owner at a time: the shelf, or the exchange that took it from there.
@safe final class EasyHandle: @unchecked Sendable {
    let raw: UnsafeMutableRawPointer
    private let errorText: UnsafeMutablePointer<CChar>
    private var lists: [HeaderList] = []

    init() throws(CurlFault) {
        guard CurlLibrary.isReady, let made = unsafe curl_easy_init() else {
            throw CurlFault(CURLE_FAILED_INIT, during: "curl_easy_init")
        }
        let text = UnsafeMutablePointer<CChar>.allocate(capacity: Int(ccurl_error_size))
        unsafe text.initialize(repeating: 0, count: Int(ccurl_error_size))
        unsafe raw = made
        unsafe errorText = text
        unsafe try set(CURLOPT_ERRORBUFFER, pointer: text)
    }

    deinit {
        // The lists go after the handle that points to them: they are stored below it.
        unsafe curl_easy_cleanup(raw)
        unsafe errorText.deallocate()
    }

    /// Makes it as good as new, but for what libcurl keeps for later transfers: memory and TLS sessions.
    ///
    /// It must have left the loop. https://curl.se/libcurl/c/curl_easy_reset.html
    func clear() throws(CurlFault) {
        unsafe curl_easy_reset(raw)
        lists = []
        unsafe errorText.pointee = 0
        unsafe try set(CURLOPT_ERRORBUFFER, pointer: errorText)
    }

    /// libcurl's own words about the last failure; empty when it had none.
    var problem: String { unsafe String(cString: errorText) }

    func set(_ option: CURLoption, _ value: Int) throws(CurlFault) {
        try check(unsafe ccurl_set_long(raw, option, value), option)
    }

    func set(_ option: CURLoption, size: Int) throws(CurlFault) {
        try check(unsafe ccurl_set_size(raw, option, curl_off_t(size)), option)
    }

    /// libcurl copies the text, so the borrowed pointer may die with this call.
    func set(_ option: CURLoption, _ text: String) throws(CurlFault) {
        try check(unsafe text.withCString { unsafe ccurl_set_text(raw, option, $0) }, option)
    }

    /// libcurl copies the bytes.
    func set(_ option: CURLoption, bytes: [UInt8]) throws(CurlFault) {
        let code = unsafe bytes.withUnsafeBytes { unsafe ccurl_set_bytes(raw, option, $0.baseAddress, $0.count) }
        try check(code, option)
    }

    /// libcurl keeps the pointer: what it points to must outlive this handle.
    func set(_ option: CURLoption, pointer: UnsafeMutableRawPointer) throws(CurlFault) {
        try check(unsafe ccurl_set_pointer(raw, option, pointer), option)
    }

    func set(_ option: CURLoption, callback: curl_write_callback) throws(CurlFault) {
        try check(unsafe ccurl_set_callback(raw, option, callback), option)
    }

    /// The list lives as long as the handle.
    func set(_ option: CURLoption, list lines: [String]) throws(CurlFault) {
        let list = HeaderList()
        for line in lines { try list.append(line) }
        lists.append(list)
        try check(unsafe ccurl_set_list(raw, option, list.raw), option)
    }

    /// Whether the request began to leave: the connection stood, and the first byte may be out.
    var hasSent: Bool {
        var microseconds: curl_off_t = 0
        _ = unsafe ccurl_get_size(raw, CURLINFO_PRETRANSFER_TIME_T, &microseconds)
        return microseconds > 0
    }

    private func check(_ code: CURLcode, _ option: CURLoption) throws(CurlFault) {
        guard code != CURLE_OK else { return }
        throw CurlFault(code, during: "option \(option.rawValue)")
    }
}

/// Owns one `curl_slist *`.
@safe private final class HeaderList {
    private(set) var raw: UnsafeMutablePointer<curl_slist>?

    init() { unsafe raw = nil }

    deinit { unsafe curl_slist_free_all(raw) }

    /// libcurl copies the line.
    func append(_ line: String) throws(CurlFault) {
        guard let longer = unsafe line.withCString({ unsafe curl_slist_append(raw, $0) }) else {
            throw CurlFault(CURLE_OUT_OF_MEMORY, during: "curl_slist_append")
        }
        unsafe raw = longer
    }
}

/// libcurl's global state, made once and never taken down: other threads may still use it at exit.
enum CurlLibrary {
    static let isReady = {
        // Bodies are made by the loop's thread and let go of by their readers. glibc gives a thread's memory back to the
        // system as soon as 128 KiB of it are free, so that every body costs a page fault for each of its pages. These
        // are the bounds that glibc moves to by itself once a block of 1 MiB was freed; they are the whole process's.
        ccurl_keep_freed_memory(1 << 20, 2 << 20)
        return curl_global_init(ccurl_global_default) == CURLE_OK
    }()

    /// Such as `libcurl/7.88.1 OpenSSL/3.0.17`.
    static var version: String { unsafe String(cString: curl_version()) }
}

/// A call into libcurl that failed.
struct CurlFault: Error {
    var code: CURLcode
    var place: String

    init(_ code: CURLcode, during place: String) {
        self.code = code
        self.place = place
    }

    var text: String { unsafe String(cString: curl_easy_strerror(code)) }

    func fault(url: String) -> HTTPFault { HTTPFault(.unreachable, "\(text) (\(place))", url: url) }
}
