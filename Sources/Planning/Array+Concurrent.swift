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
