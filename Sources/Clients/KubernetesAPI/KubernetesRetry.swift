/// What to do with a request after its answer.
package enum KubernetesRetry: Sendable, Hashable, CustomStringConvertible {
    /// Also for every success.
    case never
    /// Read, decide again, write again.
    case afterRead
    /// The same request, a bounded number of times.
    case backoff
    /// The same request after so many seconds.
    case after(seconds: Int)
    /// A new list, then go on from its version.
    case relist
    /// A new credential, once.
    case reauthenticate

    package var description: String {
        switch self {
        case .never: "never"
        case .afterRead: "after-read"
        case .backoff: "backoff"
        case .after(let seconds): "after:\(seconds)"
        case .relist: "relist"
        case .reauthenticate: "reauthenticate"
        }
    }
}
