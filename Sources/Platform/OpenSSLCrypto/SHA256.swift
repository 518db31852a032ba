internal import COpenSSL

/// SHA-256 on OpenSSL's EVP interface.
package enum SHA256 {
    package static let digestLength = 32

    /// The digest of some bytes: 32 bytes.
    package static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: digestLength)
        let context = unsafe DigestContext.ofThisThread()
        let isDone = unsafe bytes.withUnsafeBytes { input in
            unsafe digest.withUnsafeMutableBufferPointer { output in
                // OpenSSL copies what it needs of the input, and writes to the output in the last call alone: both
                // pointers may die with this scope. https://docs.openssl.org/3.0/man3/EVP_DigestInit/
                unsafe EVP_DigestInit_ex(context, DigestContext.sha256, nil) == 1
                    && EVP_DigestUpdate(context, input.baseAddress, input.count) == 1
                    && EVP_DigestFinal_ex(context, output.baseAddress, nil) == 1
            }
        }
        // OpenSSL fails here only when SHA-256 itself is missing from the build: no input can cause it.
        precondition(isDone, "OpenSSL has no SHA-256")
        return digest
    }

    /// The digest in lower-case hexadecimal.
    package static func hex(_ bytes: [UInt8]) -> String { Hexadecimal.text(digest(bytes)) }
}
