internal import Vocabulary

/// Keeps credentials and renews them before they run out, one renewal at a time.
///
/// Fifteen minutes before the end whoever comes first renews them, and the old ones serve when that fails; ten minutes
/// before the end a failure is everybody's. Lives of less than half an hour are renewed in their last half and third.
/// The end is the services' word, so it is compared with their clock where it is known to differ from ours.
package actor CredentialsCache: CredentialsSource {
    private let provider: any CredentialsProvider
    private let clock: ServiceClock
    /// `since` by this machine's clock, as it was before any correction that came later.
    private var held: (credentials: Credentials, since: Timestamp)?
    private var isRenewing = false
    private var waiting: [CheckedContinuation<Renewal, Never>] = []
    /// After a failure that did no harm yet: not every call shall try again.
    private var notBefore: Timestamp?

    private enum Renewal {
        case ended(Result<Credentials, CredentialsFault>)
        /// Whoever asked went away; it says nothing about the provider.
        case abandoned
    }

    package init(_ provider: any CredentialsProvider, clock: ServiceClock) {
        self.provider = provider
        self.clock = clock
    }

    package func current() async throws(CredentialsFault) -> Credentials {
        while true {
            let need = need()
            if case .none(let credentials) = need { return credentials }
            if case .soon(let credentials) = need, isRenewing || isTooEarly { return credentials }
            guard isRenewing else { return try await renew(keeping: need) }
            switch await withCheckedContinuation({ waiting.append($0) }) {
            case .ended(let result): return try result.get()
            case .abandoned: continue
            }
        }
    }

    package func discard(_ refused: Credentials) {
        if held?.credentials == refused { held = nil }
    }

    private enum Need {
        case none(Credentials)
        case soon(Credentials)
        case now
    }

    private func need() -> Need {
        guard let held else { return .now }
        guard let end = held.credentials.expiration else { return .none(held.credentials) }
        let left = end.duration(since: clock.now())
        let life = end.duration(since: held.since.advanced(by: clock.offset))
        if left <= min(.seconds(600), life / 3) { return .now }
        return left <= min(.seconds(900), life / 2) ? .soon(held.credentials) : .none(held.credentials)
    }

    private var isTooEarly: Bool { notBefore.map { clock.time.now() < $0 } ?? false }

    private func renew(keeping need: Need) async throws(CredentialsFault) -> Credentials {
        isRenewing = true
        let result = await fresh()
        isRenewing = false
        if case .success(let credentials) = result {
            held = (credentials, clock.time.now())
            notBefore = nil
        }
        // Only whether there is a result matters here; the fault itself goes on below.
        let isAbandoned = Task.isCancelled && (try? result.get()) == nil
        for waiter in waiting { waiter.resume(returning: isAbandoned ? .abandoned : .ended(result)) }
        waiting = []
        if case .failure = result, case .soon(let old) = need {
            notBefore = clock.time.now().advanced(by: .seconds(60))
            return old
        }
        return try result.get()
    }

    private func fresh() async -> Result<Credentials, CredentialsFault> {
        do throws(CredentialsFault) {
            guard let credentials = try await provider.credentials() else { throw .none(tried: [provider.name]) }
            if let end = credentials.expiration, end <= clock.now() {
                let problem = "the credentials that came ended at \(end)"
                throw .unavailable(from: provider.name, problem: problem, isPassing: true)
            }
            return .success(credentials)
        } catch {
            return .failure(error)
        }
    }
}
