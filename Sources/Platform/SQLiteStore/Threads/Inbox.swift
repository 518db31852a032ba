internal import Glibc

/// A bounded queue from tasks to one thread, which may block in `take`.
///
/// A pthread lock and not `Synchronization.Mutex`: the thread has to wait on a condition, and the sanitizer knows pthreads.
@safe final class Inbox<Element: Sendable>: @unchecked Sendable {
    // Safe because every access to `waiting`, `weight` and `isClosed` happens between lock and unlock.
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

    init(capacity: Int, weightLimit: Int = .max) {
        self.capacity = capacity
        self.weightLimit = weightLimit
        unsafe lock = .allocate(capacity: 1)
        unsafe arrived = .allocate(capacity: 1)
        unsafe pthread_mutex_init(lock, nil)
        unsafe pthread_cond_init(arrived, nil)
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
            unsafe pthread_cond_signal(arrived)
            return nil
        }
    }

    /// Waits for elements and takes those that wait, in order, up to the limits; nil after `close` when none is left.
    func take(atMost count: Int, weight limit: Int = .max) -> [Element]? {
        locked {
            while waiting.isEmpty && !isClosed { unsafe pthread_cond_wait(arrived, lock) }
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
