import Dispatch
import Synchronization

extension Array where Element: Sendable {
    /// What becomes of each element, in the same order, made side by side on the machine's cores.
    func concurrentMap<Result: Sendable>(_ transform: @Sendable (Element) -> Result) -> [Result] {
        let results = Mutex([Result?](repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: count) { n in
            let result = transform(self[n])
            results.withLock { $0[n] = result }
        }
        return results.withLock { $0 }.compactMap { $0 }
    }
}

/// Work that began elsewhere while its caller goes on here.
final class WorkAside<Result: Sendable>: Sendable {
    private let result = Mutex<Result?>(nil)
    private let group = DispatchGroup()

    init(_ work: @escaping @Sendable () -> Result) {
        DispatchQueue.global().async(group: group) {
            let made = work()
            self.result.withLock { $0 = made }
        }
    }

    /// What became of it, once it has ended.
    func wait() -> Result {
        group.wait()
        guard let made = result.withLock({ $0 }) else { preconditionFailure("the group ends when the work has") }
        return made
    }
}
