import CareChain
import LinearProgramming

/// Large neighbourhood search: what some requests that compete with each other do is chosen anew, the others stay (Shaw,
/// *Using constraint programming and local search methods to solve vehicle routing problems*, 1998).
extension PlanSearch {
    /// Improves the best plan until every request was in a neighbourhood in vain, or several on end brought little.
    mutating func improve(_ branch: Branch, _ progress: (PlanningProgress) -> Void) throws(SolverError) {
        guard let duals = branch.duals else { return }
        let units = requests.map { request in Set(request.openings.flatMap(\.units)) }
        var settled = Set<Int>()
        var failures = 0
        while settled.count < requests.count, failures < Self.mostFailures, !shouldStop,
            Double(bestValue) > branch.bound
        {
            // Who costs most above what it is worth has most to gain.
            let chosen = Dictionary(uniqueKeysWithValues: best.map { ($0.request, $0) })
            let losses = requests.indices.filter { !settled.contains($0) }.map { r in
                (
                    request: r,
                    loss: chosen[r].map { generation.master.reducedCost(of: $0, duals) } ?? -duals.requests[r]
                )
            }
            guard let pivot = losses.max(by: { ($0.loss, $1.request) < ($1.loss, $0.request) })?.request else { return }
            let free = neighbourhood(of: pivot, units)
            let before = bestValue
            try reconsider(free, branch, duals)
            failures = Double(before - bestValue) > closeEnough ? 0 : failures + 1
            if bestValue < before {
                settled.subtract(free)
                tell(progress)
            } else {
                settled.formUnion(free.prefix(Self.settledShare))
            }
        }
    }

    /// So many neighbourhoods on end may bring next to nothing.
    private static let mostFailures = 5
    /// The requests of a neighbourhood, and those of them, nearest to its middle, that are settled when it brings nothing.
    private static let neighbours = 120
    private static let settledShare = 40
    /// The trajectories of each, and the nodes of the integer program over them.
    private static let trajectoriesPerRequest = 20
    private static let mostNodes = 20

    /// A request and those that compete with it most: for the same units on the same days.
    private func neighbourhood(of pivot: Int, _ units: [Set<Int>]) -> [Int] {
        let span = requests[pivot].span
        let scores = requests.indices.map { r -> (request: Int, score: Double) in
            if r == pivot { return (r, .infinity) }
            let common = Double(units[r].intersection(units[pivot]).count)
            let fewest = Double(max(1, min(units[r].count, units[pivot].count)))
            let days = Double(requests[r].span.clamped(to: span).count)
            return (r, common / fewest * days / Double(max(1, span.count, requests[r].span.count)))
        }
        return scores.sorted { ($1.score, $0.request) < ($0.score, $1.request) }.prefix(Self.neighbours).map(\.request)
    }

    /// Chooses anew what some requests do, beside what the others do in the best plan.
    private mutating func reconsider(_ free: [Int], _ branch: Branch, _ duals: Duals) throws(SolverError) {
        let isFree = Set(free)
        var occupancy = Occupancy(situation, requests)
        for trajectory in best where !isFree.contains(trajectory.request) { occupancy.choose(trajectory) }
        generation.add(free, at: occupancy.prices(for: free, over: duals.prices), best: 4)

        let master = generation.master
        let taken = Set(best.map { MasterProblem.Key($0) })
        var chosen = master.trajectories.indices.filter { taken.contains(MasterProblem.Key(master.trajectories[$0])) }
        let fixed = Set(chosen.filter { !isFree.contains(master.trajectories[$0].request) })
        var counts: [Int: Int] = [:]
        let others = Set(master.trajectories.indices.filter { isFree.contains(master.trajectories[$0].request) })
            .subtracting(chosen).map { (trajectory: $0, cost: master.reducedCost(of: $0, duals)) }
        for (t, _) in others.sorted(by: { ($0.cost, $0.trajectory) < ($1.cost, $1.trajectory) }) {
            let trajectory = master.trajectories[t]
            if counts[trajectory.request, default: 0] < Self.trajectoriesPerRequest, occupancy.fits(trajectory) {
                counts[trajectory.request, default: 0] += 1
                chosen.append(t)
            }
        }
        var limits = limits()
        limits.nodes = Self.mostNodes
        _ = try solveIntegers(Branch(requests), over: chosen.sorted(), fixed: fixed, gap: closeEnough, limits: limits)
    }
}
