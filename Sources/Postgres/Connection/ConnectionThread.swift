internal import Foundation

/// A serial executor with a thread of its own.
///
/// libpq's calls block. On Swift's cooperative pool, which has as many threads as the machine has cores, two slow
/// statements would stall everything else that the process does.
///
/// `@unchecked Sendable`: `jobs` and `isStopped` are only touched with `condition` locked.
final class ConnectionThread: SerialExecutor, @unchecked Sendable {
    private let condition = NSCondition()
    private var jobs: [UnownedJob] = []
    private var isStopped = false

    init(name: String) {
        let thread = Thread { [self] in runJobs() }
        thread.name = name
        thread.start()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        condition.withLock {
            jobs.append(job)
            condition.signal()
        }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    /// Ends the thread. Its owner calls this last: the running thread keeps the executor alive.
    func stop() {
        condition.withLock {
            isStopped = true
            condition.signal()
        }
    }

    private func runJobs() {
        while let job = nextJob() {
            job.runSynchronously(on: asUnownedSerialExecutor())
        }
    }

    private func nextJob() -> UnownedJob? {
        condition.withLock {
            while jobs.isEmpty {
                if isStopped { return nil }
                condition.wait()
            }
            return jobs.removeFirst()
        }
    }
}
