internal import COpenSSL

/// HMAC (RFC 2104) with SHA-256.
package enum HMACSHA256 {
    /// The code of a message under a key: 32 bytes.
    package static func code(of message: [UInt8], key: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: SHA256.digestLength)
        // An empty array may have no address, and HMAC reads a missing key as “the key of last time”.
        let key = key.isEmpty ? [0] : key
        let isDone = unsafe key.withUnsafeBytes { key in
            unsafe message.withUnsafeBufferPointer { message in
                unsafe code.withUnsafeMutableBufferPointer { output in
                    // HMAC copies nothing and keeps nothing: the pointers may die with this call.
                    // https://docs.openssl.org/3.0/man3/HMAC/
                    unsafe HMAC(
                        EVP_sha256(),
                        key.baseAddress,
                        Int32(key.count),
                        message.baseAddress,
                        message.count,
                        output.baseAddress,
                        nil
                    ) != nil
                }
            }
        }
        // OpenSSL fails here only when SHA-256 itself is missing from the build: no input can cause it.
        precondition(isDone, "OpenSSL has no HMAC with SHA-256")
        return code
    }
}
