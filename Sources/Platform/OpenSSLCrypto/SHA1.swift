internal import COpenSSL

/// SHA-1, for names that others made with it; it protects nothing.
package enum SHA1 {
    /// The digest in lower-case hexadecimal: 40 digits.
    package static func hex(_ bytes: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: 20)
        let isDone = unsafe bytes.withUnsafeBytes { input in
            unsafe digest.withUnsafeMutableBufferPointer { output in
                // EVP_Digest copies nothing and keeps nothing: both pointers may die with this call.
                unsafe EVP_Digest(input.baseAddress, input.count, output.baseAddress, nil, EVP_sha1(), nil)
            }
        }
        // OpenSSL fails here only when SHA-1 itself is missing from the build: no input can cause it.
        precondition(isDone == 1, "OpenSSL has no SHA-1")
        return Hexadecimal.text(digest)
    }
}
