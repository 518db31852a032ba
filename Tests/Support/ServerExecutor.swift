import Dispatch

/// Threads beside the cooperative pool: a server in this process answers also while tests keep every task thread busy.
package final class ServerExecutor: TaskExecutor {
    package static let shared = ServerExecutor()

    private let queue = DispatchQueue(label: "test servers", attributes: .concurrent)

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
