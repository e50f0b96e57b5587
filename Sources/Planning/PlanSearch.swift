import CareChain
import LinearProgramming

/// One run of the planner: a greedy plan, or the one before, then branch and price: the linear program of a branch by
/// column generation, integer plans from its trajectories, and where the two do not meet, the branch split in two
/// (Barnhart, Johnson, Nemhauser, Savelsbergh and Vance, *Branch-and-price*, 1998).
struct PlanSearch {
    let situation: Situation
    let requests: [OpenRequest]
    let options: PlanningOptions
    let interrupt: Interrupt
    var generation: ColumnGeneration
    private(set) var best: [Trajectory] = []
    private(set) var bestValue = Int.max
    /// The plan to start from, and how many of its stays the best plan keeps.
    let previous: PreviousPlan?
    private(set) var bestKept = 0
    /// Whether prices will be asked for.
    let isPriced: Bool
    /// The branches still to be searched.
    var open: [Branch] = []
    /// What is proven so far: no cost is negative.
    private var bound: Int
    /// The branch of all plans as it was last.
    var whole: Branch?
    private var roomier: WorkAside<FullUnits.Roomier?>?
    var isCut = false
    /// Asks whether no time is left or an interrupt was requested.
    let isOver: @Sendable () -> Bool

    init(
        _ situation: Situation, _ requests: [OpenRequest], _ options: PlanningOptions, _ interrupt: Interrupt,
        from previous: PreviousPlan? = nil, pricing isPriced: Bool = false
    ) {
        self.situation = situation
        self.requests = requests
        self.options = options
        self.interrupt = interrupt
        self.previous = previous
        self.isPriced = isPriced
        bound = situation.fixedPoints
        isOver = { interrupt.isRequested || (options.secondsLeft?() ?? 1) <= 0 }
        generation = ColumnGeneration(situation, requests, seed: options.seed, until: isOver)
    }

    mutating func run(_ progress: (PlanningProgress) -> Void) throws(SolverError) {
        // Whatever the clock says: no plan may be worse than this one. From a plan it rarely helps, and with few requests it is
        // soon made in the end.
        let isGreedyLast = previous != nil && requests.count <= Self.fewRequests
        if !isGreedyLast {
            complete(Occupancy(situation, requests)) { false }
            tell(progress)
        }
        open = [Branch(requests)]
        if let previous {
            var occupancy = Occupancy(situation, requests)
            for trajectory in previous.trajectories { _ = occupancy.chooseIfFits(trajectory) }
            complete(occupancy) { false }
            tell(progress)
            try begin(from: previous, progress)
        }
        while !open.isEmpty, !isProven, mayIterate, !shouldStop {
            // The branch of the least bound: nothing else raises what is proven.
            let next = open.indices.min { (open[$0].bound, $0) < (open[$1].bound, $1) } ?? 0
            if try !search(next, progress) { break }
            raiseBound()
            tell(progress)
        }
        raiseBound()
        if isGreedyLast, !isProven { complete(Occupancy(situation, requests)) { false } }
    }

    /// The best plan found, checked, with the prices of the linear program as far as it was solved.
    func plan() throws(PlanningError) -> Plan {
        try PlanAssembly(situation: situation, requests: requests).plan(
            of: best, bound: bound, prices: whole?.center?.prices,
            shared: whole?.center.map { generation.master.sharedPrices(at: $0) }, cut: isCut || isOver(), options)
    }

    /// Begins to make what the prices of full units need: linear programs leave a core to it.
    mutating func prepareFullUnits() {
        if roomier != nil { return }
        roomier = WorkAside { [situation, requests, isOver] in
            FullUnits.Roomier(situation, requests, until: isOver)
        }
    }

    /// The prices of the linear program and of units that fixed requests fill, made elsewhere; nil where there are none, and
    /// in the end when it was stopped.
    mutating func pricesAside() -> WorkAside<Prices?>? {
        guard let whole, let known = whole.center, !shouldStop else { return nil }
        prepareFullUnits()
        // What settled duals of requests say that their places are worth is right, if they prove it.
        let isRight = whole.isSolved && whole.value - whole.centerBound < ColumnGeneration.mostPriceGap
        let worths = isRight ? zip(requests, known.requests).map { Double($0.unplacedPoints) + min(0, $1) } : nil
        return WorkAside { [situation, requests, roomier, isOver] in
            guard let roomier, let roomier = roomier.wait() else { return nil }
            return FullUnits.priced(known.prices, worths: worths, situation, requests, roomier, until: isOver)
        }
    }

    /// Solves the linear program of a branch nearly, and makes a plan of what it takes.
    private mutating func approach(_ place: Int, _ progress: (PlanningProgress) -> Void) throws(SolverError) {
        let kept = (options.secondsLeft?() ?? 0) * Self.shareAfterApproach
        var tried = Double.infinity
        while mayIterate, !shouldStop {
            if let left = options.secondsLeft?(), left < kept {
                isCut = true
                break
            }
            let step = generation.approach(&open[place])
            if open[place].isWhole { whole = open[place] }
            raiseBound()
            tell(progress)
            if step != .goesOn || canBeDropped(place) { break }
            // A plan to start from may be all but proven.
            let gap = Double(bestValue) - open[place].bound
            if gap < Self.nearlyProven * Double(bestValue - situation.fixedPoints), gap < tried / 2 {
                tried = gap
                try completeBranch(place, progress)
                if canBeDropped(place) { break }
            }
        }
        open[place].isApproached = true
        if shouldStop || canBeDropped(place) { return }
        complete(
            requests.count > Self.fewRequests
                ? generation.dived(open[place], until: isOver) : generation.rounded(open[place]), until: isOver)
        tell(progress)
    }

    /// The part of the time that the first prices leave to plans.
    private static let shareAfterApproach = 0.3
    /// Where so little is left between plan and bound, all trajectories that could close it are listed at once.
    private static let nearlyProven = 1e-4

    // MARK: Branches

    /// Searches a branch, which goes on, ends or gives place to two.
    ///
    /// - Returns: Whether the search can go on.
    private mutating func search(_ place: Int, _ progress: (PlanningProgress) -> Void) throws(SolverError) -> Bool {
        if !open[place].isApproached {
            try approach(place, progress)
            if canBeDropped(place) {
                open.remove(at: place)
                return true
            }
            if shouldStop { return false }
            // Another may have become the one of the least bound.
            if open.contains(where: { $0.bound < open[place].bound }) { return true }
        }
        if !open[place].isSearched {
            // Where it is torn about somebody, its bound is low and its trajectories make no good plan.
            if requests.count <= Self.manyRequests, let split = open[place].split(generation.master.trajectories),
                isTorn(split.spread)
            {
                open.remove(at: place)
                open += [split.one, split.other]
                return true
            }
            open[place].isSearched = true
            if !isFar(open[place]) {
                try findPlans(place, progress)
                if canBeDropped(place) { open.remove(at: place) }
                return !shouldStop
            }
        }
        if !open[place].isSolved {
            let step = try generate(place, progress)
            if canBeDropped(place) {
                open.remove(at: place)
                return true
            }
            open[place].isSolved = step == .solved
            if shouldStop || step == .solved && open.contains(where: { $0.bound < open[place].bound }) { return true }
        }
        let split = open[place].isSolved ? open[place].split(generation.master.trajectories) : nil
        if !isTorn(split?.spread ?? 0) { try findPlans(place, progress) }
        if canBeDropped(place) {
            open.remove(at: place)
            return true
        }
        if shouldStop { return false }
        // What plans left of the time that was kept for them is shared anew.
        guard let split else { return !open[place].isSolved && options.secondsLeft != nil }
        open.remove(at: place)
        open += [split.one, split.other]
        return true
    }

    /// Whether a branch is so far from the best plan that it is rather to be split, once its values are exact, than searched
    /// for plans around the best: on `stream-a` that took all the time that was left.
    private func isFar(_ branch: Branch) -> Bool {
        requests.count > Self.fewRequests && requests.count <= Self.manyRequests
            && Double(bestValue) - branch.bound > Self.far * Double(bestValue - situation.fixedPoints)
    }

    private static let far = 1e-2

    /// Whether a linear program that disagrees with itself so much, in points, is torn.
    private func isTorn(_ spread: Double) -> Bool { spread > Self.torn * Double(bestValue - situation.fixedPoints) }

    /// The linear program is torn where it disagrees with itself at such a part of the cost.
    private static let torn = 2e-3

    /// Generates trajectories of a branch until its linear program is solved, or the branch can be dropped.
    private mutating func generate(
        _ place: Int, _ progress: (PlanningProgress) -> Void
    ) throws(SolverError) -> ColumnGeneration.Step {
        // The linear program alone places nobody: some of the time is kept for whole plans.
        let kept = (options.secondsLeft?() ?? 0) * Self.shareForPlans
        while mayIterate, !shouldStop {
            if let left = options.secondsLeft?(), left < kept {
                isCut = true
                return .stopped
            }
            let step = try generation.iterate(&open[place], limits(keeping: kept), interrupt)
            if step == .stopped { isCut = true }
            if step == .stopped { return step }
            if open[place].isWhole { whole = open[place] }
            raiseBound()
            if step == .solved || generation.iterations % Self.roundingInterval == 0 {
                complete(generation.rounded(open[place]), until: isOver)
            }
            tell(progress)
            if step == .solved || canBeDropped(place) { return step }
        }
        return .stopped
    }

    /// The part of the time limit that the linear program leaves to integer plans.
    static let shareForPlans = 0.3
    /// Every so many iterations the linear program is rounded to a plan.
    private static let roundingInterval = 5

    /// Whether no plan of a branch is better than the best found.
    func canBeDropped(_ place: Int) -> Bool { Self.roundedUp(open[place].bound) >= bestValue }

    var isProven: Bool { bound == bestValue }

    /// What is proven is what no branch goes below.
    mutating func raiseBound() {
        bound = max(bound, min(bestValue, Self.roundedUp(open.map(\.bound).min() ?? .infinity)))
    }

    /// Costs are whole numbers, so a fraction can be rounded up; the tolerance covers the arithmetic of the duals.
    private static func roundedUp(_ bound: Double) -> Int {
        if !bound.isFinite { return bound < 0 ? .min : .max }
        return Int((bound - 1e-3 - abs(bound) * 1e-9).rounded(.up))
    }

    // MARK: Limits

    /// Whether the iterations allowed leave another one.
    var mayIterate: Bool { options.iterations.map { generation.iterations < $0 } ?? true }

    /// Whether no time is left or an interrupt was requested; if so, the run is cut.
    var shouldStop: Bool {
        mutating get {
            if isOver() { isCut = true }
            return isOver()
        }
    }

    func limits(keeping kept: Double = 0) -> SolveLimits {
        var limits = SolveLimits()
        limits.seconds = options.secondsLeft.map { max(0, $0() - kept) }
        return limits
    }

    func tell(_ progress: (PlanningProgress) -> Void) {
        progress(
            PlanningProgress(
                iterations: generation.iterations, trajectories: generation.master.trajectories.count,
                objective: bestValue, bound: bound))
    }

    // MARK: Plans

    /// Places greedily who has no place yet, and takes the plan if it is better.
    mutating func complete(_ occupancy: consuming Occupancy, until stop: @escaping @Sendable () -> Bool) {
        var occupancy = occupancy
        Greedy(situation: situation, requests: requests).place(Greedy.order(requests), in: &occupancy, until: stop)
        take(occupancy.chosen.compactMap { $0 })
    }

    /// Takes a plan when it is better than the best so far, or costs the same and changes fewer stays.
    mutating func take(_ plan: [Trajectory]) {
        let value = situation.value(of: plan, requests)
        let kept = plan.reduce(0) { $0 + self.kept(by: $1) }
        if (value, -kept) < (bestValue, -bestKept) {
            best = plan
            bestValue = value
            bestKept = kept
            generation.add(best)
        }
    }

    /// How many stays of the plan to start from a trajectory keeps.
    private func kept(by trajectory: Trajectory) -> Int {
        previous?.kept(by: trajectory, of: requests[trajectory.request], in: situation.instance) ?? 0
    }

    /// Looks for better plans in a branch: around the best so far, among its most promising trajectories, and where all
    /// within its gap can be listed, among all; with them the search of the branch is complete.
    private mutating func findPlans(_ place: Int, _ progress: (PlanningProgress) -> Void) throws(SolverError) {
        if requests.count <= Self.manyRequests {
            try findPromising(place, progress)
            if canBeDropped(place) || shouldStop { return }
        }
        let branch = open[place]
        if requests.count > Self.fewRequests {
            try improve(branch, progress)
            if canBeDropped(place) || shouldStop { return }
        }
        try completeBranch(place, progress)
    }

    /// Looks for a better plan among the most promising trajectories of a branch.
    private mutating func findPromising(
        _ place: Int, _ progress: (PlanningProgress) -> Void
    ) throws(SolverError) {
        var limits = limits(keeping: (options.secondsLeft?() ?? 0) / 2)
        limits.nodes = Self.mostNodes
        let promising = generation.trajectories(
            of: open[place], within: Double(bestValue) - open[place].bound,
            atMost: Self.promisingPerRequest * requests.count)
        _ = try solveIntegers(open[place], over: promising, gap: closeEnough, limits: limits)
        tell(progress)
    }

    /// Where all trajectories within the gap of a branch can be listed, solves the integer program over them.
    private mutating func completeBranch(
        _ place: Int, _ progress: (PlanningProgress) -> Void
    ) throws(SolverError) {
        guard let proven = generation.proven(&open[place]) else { return }
        let branch = open[place]
        let gap = Double(bestValue) - proven
        if !generation.addAll(branch, within: gap, atMost: Self.mostTrajectories) { return }
        let all = generation.trajectories(of: branch, within: gap)
        let bound = try solveIntegers(branch, over: all, gap: Self.proof, limits: limits())
        open[place].bound = max(branch.bound, min(Double(bestValue), bound))
        raiseBound()
        tell(progress)
    }

    /// Up to so many requests one integer program is as fast as a search around the best plan, and up to so many it is
    /// worth its time at all.
    static let fewRequests = 250
    static let manyRequests = 1000
    /// The trajectories of the first integer program of a branch, per request, and its nodes.
    static let promisingPerRequest = 8
    static let mostNodes = 50
    /// The most trajectories of an integer program over all that there are.
    static let mostTrajectories = 12_000
    /// Costs are whole: a bound above the objective less this proves it, rewards for stays that are kept counted in.
    private static let proof = 0.4

    /// A plan this near to the best among some trajectories, in points, will do before all are there.
    var closeEnough: Double { max(Self.proof, 5e-5 * Double(bestValue)) }

    /// Solves the integer program over some trajectories; rows of single-sex units are added until it keeps them.
    ///
    /// - Parameters:
    ///   - gap: How near to the best it may end, in points.
    /// - Returns: What no choice of them costs less than, as far as it is known.
    mutating func solveIntegers(
        _ branch: Branch, over chosen: [Int], gap: Double, limits: SolveLimits
    ) throws(SolverError) -> Double {
        // Nobody can be placed, or no place is worth what it costs; there is nothing to solve.
        if chosen.isEmpty {
            if !branch.placed.isEmpty { return .infinity }
            take([])
            return Double(situation.value(of: [], requests))
        }
        var program = IntegerProgram(
            generation.master, over: chosen, mustBePlaced: branch.placed, rewards: rewards(of: chosen),
            from: best.allSatisfy { branch.allows($0) } ? places(of: best) : nil, gap: gap, seed: options.seed)
        while !shouldStop {
            let outcome = try program.solve(limits, interrupt)
            let report = outcome.report
            if report.status == .timeLimit || report.status == .interrupted { isCut = true }
            if report.status == .infeasible { return .infinity }
            let bound = (report.bound ?? -.infinity) + generation.offset
            guard let plan = outcome.plan else { return bound }
            _ = generation.addBrokenMixing(plan)
            if program.addBrokenMixing(plan) == 0 {
                take(plan.map { generation.master.trajectories[$0] })
                return bound
            }
            // Most of it fits together all the same.
            var occupancy = Occupancy(situation, requests)
            for t in plan { _ = occupancy.chooseIfFits(generation.master.trajectories[t]) }
            complete(occupancy, until: isOver)
            if report.status != .optimal { return bound }
        }
        return -.infinity
    }

    /// The places of trajectories in the master problem.
    func places(of trajectories: [Trajectory]) -> Set<Int> {
        Set(trajectories.compactMap { generation.master.place(of: $0) })
    }

    /// What keeping stays takes off the cost of some trajectories.
    func rewards(of chosen: [Int]) -> [Double] {
        guard let previous else { return [] }
        return chosen.map { reward(previous) * Double(kept(by: generation.master.trajectories[$0])) }
    }
}

extension Situation {
    /// What a plan costs that places requests on trajectories and leaves the others unplaced.
    func value(of plan: [Trajectory], _ requests: [OpenRequest]) -> Int {
        var value = fixedPoints + requests.reduce(0) { $0 + $1.unplacedPoints }
        var spent = spentByFixed
        for trajectory in plan {
            value += trajectory.points - requests[trajectory.request].unplacedPoints
            for spending in trajectory.spending { spent[spending.funder] += spending.cents }
        }
        for (place, funder) in instance.funders.enumerated() {
            if let budget = funder.budget {
                value += OverBudgetCost.cost(spent: Cents(spent[place]), budget: budget, instance.weights)
            }
        }
        return value
    }
}
