import AWSAPI
import Testing
import Vocabulary

@Suite("Credentials are renewed before they run out, one renewal at a time")
struct CredentialsCacheTests {
    private let time = ManualTime()
    private let clock: ServiceClock
    private let down = Result<Credentials, CredentialsFault>.failure(
        .unavailable(from: "script", problem: "down", isPassing: true)
    )

    init() { clock = ServiceClock(time) }

    private func credentials(_ name: String, for life: Duration?) -> Credentials {
        Credentials(
            accessKeyID: name,
            secretAccessKey: Secret("s"),
            expiration: life.map { time.now().advanced(by: $0) }
        )
    }

    @Test("they serve until fifteen minutes before their end, then others come")
    func renews() async throws {
        let one = credentials("one", for: .seconds(3_600))
        let provider = ScriptedProvider([.success(one), .success(credentials("two", for: .seconds(7_200)))])
        let cache = CredentialsCache(provider, clock: clock)
        #expect(try await cache.current() == one)
        time.advance(by: .seconds(2_699))
        #expect(try await cache.current() == one)
        time.advance(by: .seconds(1))
        #expect(try await cache.current().accessKeyID == "two")
        #expect(await provider.asked == 2)
    }

    @Test("a failure up to ten minutes before the end keeps the old ones, and is tried again a minute later")
    func keepsOld() async throws {
        let one = credentials("one", for: .seconds(3_600))
        let provider = ScriptedProvider([.success(one), down, down, down])
        let cache = CredentialsCache(provider, clock: clock)
        _ = try await cache.current()
        time.advance(by: .seconds(2_700))
        for _ in 0..<5 { #expect(try await cache.current() == one) }
        #expect(await provider.asked == 2)
        time.advance(by: .seconds(60))
        #expect(try await cache.current() == one)
        #expect(await provider.asked == 3)
        time.advance(by: .seconds(240))
        let fault = await #expect(throws: CredentialsFault.self) { _ = try await cache.current() }
        #expect(fault?.report.code == "CREDENTIALS-005")
    }

    @Test("short lives are renewed in their last half, not at every call")
    func shortLives() async throws {
        let provider = ScriptedProvider([
            .success(credentials("one", for: .seconds(600))), .success(credentials("two", for: .seconds(1_200))),
        ])
        let cache = CredentialsCache(provider, clock: clock)
        for _ in 0..<3 { #expect(try await cache.current().accessKeyID == "one") }
        time.advance(by: .seconds(301))
        #expect(try await cache.current().accessKeyID == "two")
    }

    @Test("credentials that have ended when they come are a failure")
    func endedOnes() async throws {
        let cache = CredentialsCache(ScriptedProvider([.success(credentials("one", for: .seconds(-1)))]), clock: clock)
        await #expect(throws: CredentialsFault.self) { _ = try await cache.current() }
    }

    @Test("many callers at once cause one renewal, and share its end, good or bad")
    func oneAtATime() async throws {
        let provider = ScriptedProvider([.success(credentials("one", for: nil))])
        let cache = CredentialsCache(provider, clock: clock)
        let names = try await withThrowingTaskGroup { group in
            for _ in 0..<50 { group.addTask { try await cache.current().accessKeyID } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(names == ["one"])
        #expect(await provider.asked == 1)
        let failing = ScriptedProvider([down])
        let other = CredentialsCache(failing, clock: clock)
        let codes = await withTaskGroup { group in
            for _ in 0..<5 {
                group.addTask { () -> String in
                    do throws(CredentialsFault) { return try await other.current().accessKeyID } catch {
                        return error.report.code
                    }
                }
            }
            return await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(codes == ["CREDENTIALS-005"])
    }

    @Test("refused ones are not given again, newer ones stay")
    func discards() async throws {
        let one = credentials("one", for: nil)
        let two = credentials("two", for: nil)
        let cache = CredentialsCache(ScriptedProvider([.success(one), .success(two)]), clock: clock)
        #expect(try await cache.current() == one)
        await cache.discard(one)
        #expect(try await cache.current() == two)
        await cache.discard(one)
        #expect(try await cache.current() == two)
    }
}
