import Glibc
import Host
import Synchronization
import Testing

@Suite("Work that blocks has a thread of its own")
struct HostThreadTests {
    @Test("what the body makes comes back, and other threads made it")
    func value() async {
        let here = pthread_self()
        let there = await HostThread.value { pthread_self() }
        #expect(there != nil && there != here)
    }

    @Test("a thread lets go of its body when that has run")
    func release() async {
        final class Held: Sendable {}
        weak var held: Held?
        await withCheckedContinuation { done in
            let kept = Held()
            held = kept
            #expect(
                HostThread.start {
                    withExtendedLifetime(kept) {}
                    done.resume()
                }
            )
        }
        // The closure's context goes right after the body has returned.
        let clock = ContinuousClock()
        let end = clock.now + .seconds(60)
        while held != nil, clock.now < end { await Task.yield() }
        #expect(held == nil)
    }
}
