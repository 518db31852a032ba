internal import Glibc

/// A bounded queue from tasks to one thread, which may block in `take`.
///
/// A pthread lock and not `Synchronization.Mutex`: the thread has to wait on a condition, and the sanitizer knows pthreads.
@safe final class Inbox<Element: Sendable>: @unchecked Sendable {
    // Safe because every access to the variables below happens between lock and unlock.
    enum Refusal: Error {
        case closed
        case full(count: Int)
    }

    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let arrived: UnsafeMutablePointer<pthread_cond_t>
    private let capacity: Int
    private let weightLimit: Int
    private var waiting: [(element: Element, weight: Int)] = []
    private var weight = 0
    private var isClosed = false
    /// How many must wait before the thread is woken.
    private var wanted = 1

    init(capacity: Int, weightLimit: Int = .max) {
        self.capacity = capacity
        self.weightLimit = weightLimit
        unsafe lock = .allocate(capacity: 1)
        unsafe arrived = .allocate(capacity: 1)
        unsafe pthread_mutex_init(lock, nil)
        // Deadlines must not jump with the wall clock.
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(arrived, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(arrived)
        unsafe pthread_mutex_destroy(lock)
        unsafe arrived.deallocate()
        unsafe lock.deallocate()
    }

    private func locked<Value>(_ body: () -> Value) -> Value {
        unsafe pthread_mutex_lock(lock)
        defer { unsafe pthread_mutex_unlock(lock) }
        return body()
    }

    /// Hands over an element; nil when it was taken.
    func push(_ element: Element, weight added: Int = 0) -> Refusal? {
        locked {
            if isClosed { return .closed }
            // An element that is too heavy on its own still passes through an empty queue.
            let isFull = waiting.count >= capacity || (!waiting.isEmpty && weight + added > weightLimit)
            if isFull { return .full(count: waiting.count) }
            waiting.append((element, added))
            weight += added
            if waiting.count >= wanted { unsafe pthread_cond_signal(arrived) }
            return nil
        }
    }

    /// Waits for elements and takes those that wait, in order, up to the limits; nil after `close` when none is left.
    ///
    /// - Parameters:
    ///   - count: how many are taken at most.
    ///   - limit: how much they may weigh together; the first is taken whatever it weighs.
    ///   - expected: how many are worth waiting for, once there is one.
    ///   - patience: for how long.
    /// - Returns: at least one element, or nil at the end.
    func take(
        atMost count: Int,
        weight limit: Int = .max,
        expecting expected: Int = 1,
        within patience: Duration = .zero
    ) -> [Element]? {
        locked {
            while waiting.isEmpty && !isClosed { unsafe pthread_cond_wait(arrived, lock) }
            if waiting.count < expected && patience > .zero { gather(min(expected, count, capacity), patience) }
            guard !waiting.isEmpty else { return nil }
            var taken = 0
            var sum = 0
            while taken < min(count, waiting.count), taken == 0 || sum + waiting[taken].weight <= limit {
                sum += waiting[taken].weight
                taken += 1
            }
            let elements = waiting[..<taken].map(\.element)
            waiting.removeFirst(taken)
            weight -= sum
            return elements
        }
    }

    /// Waits until this many are there or the time is over; called with the lock held.
    private func gather(_ expected: Int, _ patience: Duration) {
        var deadline = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &deadline)
        let (seconds, attoseconds) = patience.components
        let nanoseconds = deadline.tv_nsec + Int(attoseconds / 1_000_000_000)
        deadline.tv_sec += Int(seconds) + nanoseconds / 1_000_000_000
        deadline.tv_nsec = nanoseconds % 1_000_000_000
        wanted = expected
        while waiting.count < expected && !isClosed {
            if unsafe pthread_cond_timedwait(arrived, lock, &deadline) != 0 { break }
        }
        wanted = 1
    }

    /// Nothing more is taken in; what waits is still handed out, and `last` after it.
    ///
    /// - Returns: false when it was closed before: then `last` is dropped.
    @discardableResult func close(with last: Element? = nil) -> Bool {
        locked {
            guard !isClosed else { return false }
            if let last { waiting.append((last, 0)) }
            isClosed = true
            unsafe pthread_cond_broadcast(arrived)
            return true
        }
    }

    /// How many wait now.
    var count: Int { locked { waiting.count } }
}
