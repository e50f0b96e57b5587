import CareChain
import Dispatch
import Synchronization

/// Prices requests side by side on the machine's cores. What it finds does not depend on how many there are.
struct ParallelPricing {
    private let situation: Situation
    private let workers: [Worker]
    private let isOver: @Sendable () -> Bool

    /// One search with its tables.
    private final class Worker: Sendable {
        let pricing: Mutex<Pricing>
        init(_ situation: Situation) { pricing = Mutex(Pricing(situation)) }
    }

    /// What was found for one request.
    struct Found {
        let request: Int
        var trajectories: [Trajectory] = []
        /// No trajectory of the request is priced lower, unless all are at or above its threshold.
        var least = Double.infinity
        var isCut = false
    }

    /// Whether what was found is all that there is, no more than so many.
    static func isAll(_ found: [Found], atMost most: Int) -> Bool {
        !found.contains(where: \.isCut) && found.reduce(0) { $0 + $1.trajectories.count } <= most
    }

    /// More than most machines have cores; where there are fewer, some find nothing left to do.
    private static let mostWorkers = 8

    /// - Parameter isOver: Whether to stop; asked before each request.
    init(_ situation: Situation, until isOver: @escaping @Sendable () -> Bool = { false }) {
        self.situation = situation
        self.isOver = isOver
        workers = (0..<Self.mostWorkers).map { _ in Worker(situation) }
    }

    /// The trajectories of some of the requests (by their places) priced below the threshold of each, in the order given.
    ///
    /// With `.all` it ends early once there are more than so many in all: whoever asks for all has no use for a part.
    ///
    /// - Returns: What was found; nil when it was stopped before all requests were priced.
    func trajectories(
        of chosen: [Int], among requests: [OpenRequest], at prices: Prices, below thresholds: [Double],
        keep: Pricing.Keep
    ) -> [Found]? {
        let next = Atomic(0)
        let count = Atomic(0)
        let isStopped = Atomic(false)
        let results = Mutex(chosen.map { Found(request: $0) })
        DispatchQueue.concurrentPerform(iterations: min(workers.count, chosen.count)) {
            [workers, situation, isOver] n in
            workers[n].pricing.withLock { pricing in
                while true {
                    let place = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    if place >= chosen.count { return }
                    if case .all(let most) = keep, count.load(ordering: .relaxed) > most { return }
                    if isOver() {
                        isStopped.store(true, ordering: .relaxed)
                        return
                    }
                    let request = requests[chosen[place]]
                    let result = pricing.trajectories(
                        of: request, chosen[place], at: prices, below: thresholds[place], keep: keep)
                    let trajectories = result.legs.map { request.trajectory(chosen[place], $0, in: situation) }
                    count.wrappingAdd(trajectories.count, ordering: .relaxed)
                    results.withLock {
                        $0[place].trajectories = trajectories
                        $0[place].least = result.least
                        $0[place].isCut = result.isCut
                    }
                }
            }
        }
        return isStopped.load(ordering: .relaxed) ? nil : results.withLock { $0 }
    }
}
