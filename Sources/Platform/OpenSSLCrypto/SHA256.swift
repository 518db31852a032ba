internal import COpenSSL

/// SHA-256 on OpenSSL's EVP interface.
package enum SHA256 {
    package static let digestLength = 32

    /// The digest of some bytes: 32 bytes.
    package static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: digestLength)
        let isDone = unsafe bytes.withUnsafeBytes { input in
            unsafe digest.withUnsafeMutableBufferPointer { output in
                // EVP_Digest copies nothing and keeps nothing: both pointers may die with this call.
                unsafe EVP_Digest(input.baseAddress, input.count, output.baseAddress, nil, EVP_sha256(), nil)
            }
        }
        // OpenSSL fails here only when SHA-256 itself is missing from the build: no input can cause it.
        precondition(isDone == 1, "OpenSSL has no SHA-256")
        return digest
    }

    /// The digest in lower-case hexadecimal.
    package static func hex(_ bytes: [UInt8]) -> String { Hexadecimal.text(digest(bytes)) }
}
