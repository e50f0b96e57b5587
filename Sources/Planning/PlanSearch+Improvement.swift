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
            let neighbourhoods = neighbourhoods(duals, units, without: settled)
            if neighbourhoods.isEmpty { return }
            let before = bestValue
            for (free, gain) in zip(neighbourhoods, try reconsider(neighbourhoods, duals)) {
                failures = Double(gain) > closeEnough ? 0 : failures + 1
                if gain > 0 { settled.subtract(free) } else { settled.formUnion(free.prefix(Self.settledShare)) }
            }
            if bestValue < before { tell(progress) }
        }
    }

    /// So many neighbourhoods on end may bring next to nothing.
    private static let mostFailures = 10
    /// So many are searched side by side, however many cores there are: what is found must not depend on that.
    private static let neighbourhoodsAtOnce = 2
    /// The requests of a neighbourhood, and those of them, nearest to its middle, that are settled when it brings nothing.
    private static let neighbours = 120
    private static let settledShare = 40
    /// The trajectories of each, and the nodes of the integer program over them.
    private static let trajectoriesPerRequest = 20
    private static let mostNodesAround = 20

    /// Neighbourhoods that have nobody in common: around those who have most to gain, since they cost most above what they are
    /// worth.
    private func neighbourhoods(_ duals: Duals, _ units: [Set<Int>], without settled: Set<Int>) -> [[Int]] {
        let chosen = Dictionary(uniqueKeysWithValues: best.map { ($0.request, $0) })
        let losses = requests.indices.map { r in
            chosen[r].map { generation.master.reducedCost(of: $0, duals) } ?? -duals.requests[r]
        }
        var left = Set(requests.indices)
        var neighbourhoods: [[Int]] = []
        while neighbourhoods.count < Self.neighbourhoodsAtOnce {
            let pivots = left.subtracting(settled)
            guard let pivot = pivots.max(by: { (losses[$0], $1) < (losses[$1], $0) }) else { break }
            neighbourhoods.append(neighbourhood(of: pivot, among: left, units))
            left.subtract(neighbourhoods[neighbourhoods.count - 1])
        }
        return neighbourhoods
    }

    /// A request and those that compete with it most: for the same units on the same days.
    private func neighbourhood(of pivot: Int, among others: Set<Int>, _ units: [Set<Int>]) -> [Int] {
        let span = requests[pivot].span
        let scores = others.map { r -> (request: Int, score: Double) in
            if r == pivot { return (r, .infinity) }
            let common = Double(units[r].intersection(units[pivot]).count)
            let fewest = Double(max(1, min(units[r].count, units[pivot].count)))
            let days = Double(requests[r].span.clamped(to: span).count)
            return (r, common / fewest * days / Double(max(1, span.count, requests[r].span.count)))
        }
        return scores.sorted { ($1.score, $0.request) < ($0.score, $1.request) }.prefix(Self.neighbours).map(\.request)
    }

    /// Chooses anew what the requests of some neighbourhoods do, each beside what all others do in the best plan.
    ///
    /// - Returns: What each brought, in points.
    private mutating func reconsider(_ neighbourhoods: [[Int]], _ duals: Duals) throws(SolverError) -> [Int] {
        var programs: [IntegerProgram] = []
        for free in neighbourhoods { programs.append(program(for: free, duals)) }
        var limits = limits()
        limits.nodes = Self.mostNodesAround
        let plans = programs.concurrentMap { [limits, interrupt, isOver] program in
            Result { () throws(SolverError) in try Self.plan(program, limits, interrupt, until: isOver) }
        }
        var gains: [Int] = []
        for (free, plan) in zip(neighbourhoods, plans) {
            let before = bestValue
            if let plan = try plan.get() {
                var occupancy = occupancy(without: Set(free))
                // Another neighbourhood may have taken what this one wants.
                let refused = plan.count { !occupancy.chooseIfFits(generation.master.trajectories[$0]) }
                if refused > 0 { complete(occupancy, until: isOver) } else { take(occupancy.chosen.compactMap { $0 }) }
            }
            gains.append(before - bestValue)
        }
        return gains
    }

    /// The choice of some requests among their best trajectories, beside what the others do in the best plan.
    private mutating func program(for free: [Int], _ duals: Duals) -> IntegerProgram {
        let isFree = Set(free)
        var occupancy = occupancy(without: isFree)
        generation.add(free, at: occupancy.prices(for: free, over: duals.prices), best: 4)

        let master = generation.master
        let fixed = places(of: best.filter { !isFree.contains($0.request) })
        let start = places(of: best.filter { isFree.contains($0.request) })
        var chosen = Array(start)
        var counts: [Int: Int] = [:]
        let others = master.trajectories.indices.filter {
            isFree.contains(master.trajectories[$0].request) && !start.contains($0)
        }.map { (trajectory: $0, cost: master.reducedCost(of: $0, duals)) }
        for (t, _) in others.sorted(by: { ($0.cost, $0.trajectory) < ($1.cost, $1.trajectory) }) {
            let trajectory = master.trajectories[t]
            if counts[trajectory.request, default: 0] < Self.trajectoriesPerRequest, occupancy.fits(trajectory) {
                counts[trajectory.request, default: 0] += 1
                chosen.append(t)
            }
        }
        chosen.sort()
        return IntegerProgram(
            master, over: chosen, beside: fixed.sorted(), rewards: rewards(of: chosen), from: start, gap: closeEnough,
            seed: options.seed)
    }

    /// What the best plan takes without some requests.
    private func occupancy(without free: Set<Int>) -> Occupancy {
        var occupancy = Occupancy(situation, requests)
        for trajectory in best where !free.contains(trajectory.request) { occupancy.choose(trajectory) }
        return occupancy
    }

    /// The best choice found.
    private static func plan(
        _ program: IntegerProgram, _ limits: SolveLimits, _ interrupt: Interrupt, until isOver: () -> Bool
    ) throws(SolverError) -> [Int]? {
        var program = program
        var plan: [Int]?
        while !isOver() {
            guard let found = try program.solve(limits, interrupt).plan else { break }
            plan = found
            if program.addBrokenMixing(found) == 0 { break }
        }
        return plan
    }
}
