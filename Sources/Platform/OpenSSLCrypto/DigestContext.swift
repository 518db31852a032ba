internal import COpenSSL
internal import Glibc

/// One context of OpenSSL for each thread: making and finding one takes longer than the digest of a short text.
enum DigestContext {
    // Safe because it is written once, before anybody sees it, and OpenSSL never changes a method that it handed out.
    /// SHA-256, looked up once instead of at every digest.
    nonisolated(unsafe) static let sha256 = unsafe EVP_MD_fetch(nil, "SHA256", nil)

    /// Its owner is the thread, which frees it at its end.
    static func ofThisThread() -> OpaquePointer? {
        if let known = unsafe pthread_getspecific(key) { return OpaquePointer(known) }
        let fresh = unsafe EVP_MD_CTX_new()
        unsafe pthread_setspecific(key, UnsafeRawPointer(fresh))
        return unsafe fresh
    }

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        let code = unsafe pthread_key_create(&key) { unsafe EVP_MD_CTX_free(OpaquePointer($0)) }
        // Only a process that has used up all its keys fails here: no input can cause it.
        precondition(code == 0, "no key for thread-local values is left")
        return key
    }()
}
