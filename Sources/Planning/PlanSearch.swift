import CareChain
import LinearProgramming

/// One run of the planner: a greedy plan, the linear program by column generation, and integer plans that close the gap.
struct PlanSearch: ~Copyable {
    private let situation: Situation
    private let requests: [OpenRequest]
    private let options: PlanningOptions
    private let interrupt: Interrupt
    private var generation: ColumnGeneration
    private var best: [Trajectory] = []
    private var bestValue = Int.max
    /// What is proven so far.
    private var bound: Int?
    private var isCut = false

    /// The most trajectories of one integer program.
    private let mostTrajectories = 300_000

    init(
        _ situation: Situation, _ requests: [OpenRequest], _ options: PlanningOptions, _ interrupt: Interrupt
    ) throws(SolverError) {
        self.situation = situation
        self.requests = requests
        self.options = options
        self.interrupt = interrupt
        generation = try ColumnGeneration(situation, requests, seed: options.seed)
    }

    mutating func run(_ progress: (PlanningProgress) -> Void) throws(SolverError) {
        // The linear program alone places nobody: some of the time is kept for whole plans.
        let kept = (options.secondsLeft?() ?? 0) * Self.shareForPlans
        try complete(Occupancy(situation, requests))
        tell(progress)
        var isSolved = try generate(keeping: kept, progress)
        if isProven || shouldStop { return }
        try findPlans(progress)
        if isProven || shouldStop { return }
        if !isSolved, mayIterate {
            isSolved = try generate(keeping: (options.secondsLeft?() ?? 0) * Self.shareForPlans, progress)
            if isProven || shouldStop { return }
            try findPlans(progress)
        }
        if isProven || shouldStop || !isSolved { return }
        // What is missing for a proof are the trajectories within the gap: with all of them the integer program is exact.
        if try generation.addAll(within: Double(bestValue) - generation.bound, atMost: mostTrajectories) {
            try solveIntegers(over: usefulTrajectories(), isComplete: true)
            tell(progress)
        }
    }

    /// Generates trajectories until the linear program is solved.
    ///
    /// - Returns: Whether it is solved; not when time or iterations ended first.
    private mutating func generate(
        keeping kept: Double, _ progress: (PlanningProgress) -> Void
    ) throws(SolverError) -> Bool {
        while mayIterate, !shouldStop {
            if let left = options.secondsLeft?(), left < kept {
                isCut = true
                return false
            }
            let step = try generation.iterate(limits(keeping: kept), interrupt)
            raiseBound(generation.bound)
            if step == .stopped {
                isCut = true
                return false
            }
            if step == .solved || generation.iterations % Self.roundingInterval == 0 { try round() }
            tell(progress)
            if step == .solved || isProven { return true }
        }
        return false
    }

    /// Looks for better plans among the trajectories known, and for more when these do not do.
    private mutating func findPlans(_ progress: (PlanningProgress) -> Void) throws(SolverError) {
        try dive()
        tell(progress)
        if isProven || shouldStop { return }
        try solveIntegers(over: usefulTrajectories(), keeping: (options.secondsLeft?() ?? 0) / 2)
        tell(progress)
    }

    /// The part of the time limit that the linear program leaves to integer plans.
    private static let shareForPlans = 0.3
    /// Every so many iterations the linear program is rounded to a plan.
    private static let roundingInterval = 10

    /// The best plan found, checked.
    func plan() throws(PlanningError) -> Plan {
        try PlanAssembly(situation: situation, requests: requests).plan(
            of: best, bound: bound, prices: generation.bedPrices(), cut: isCut, options)
    }

    private var isProven: Bool { bound == bestValue }

    /// Whether the iterations allowed leave another one.
    private var mayIterate: Bool { options.iterations.map { generation.iterations < $0 } ?? true }

    /// Whether no time is left or an interrupt was requested; if so, the run is cut.
    private var shouldStop: Bool {
        mutating get {
            if isOver() { isCut = true }
            return isOver()
        }
    }

    /// Asks whether no time is left or an interrupt was requested.
    private var isOver: () -> Bool {
        { [options, interrupt] in interrupt.isRequested || (options.secondsLeft?() ?? 1) <= 0 }
    }

    private func limits(keeping kept: Double = 0) -> SolveLimits {
        var limits = SolveLimits()
        limits.seconds = options.secondsLeft.map { max(0, $0() - kept) }
        return limits
    }

    private mutating func raiseBound(_ value: Double) {
        if !value.isFinite { return }
        // Costs are whole numbers, so a fraction can be rounded up; the tolerance covers the arithmetic of the duals.
        let rounded = Int((value - 1e-3 - abs(value) * 1e-9).rounded(.up))
        bound = min(bestValue, max(bound ?? rounded, rounded))
    }

    private func tell(_ progress: (PlanningProgress) -> Void) {
        progress(
            PlanningProgress(
                iterations: generation.iterations, trajectories: generation.master.trajectories.count,
                objective: bestValue, bound: bound))
    }

    // MARK: Plans

    /// A plan from the present solution of the linear program: what fits of it, and the others greedily.
    private mutating func round() throws(SolverError) {
        try complete(generation.rounded())
    }

    private mutating func dive() throws(SolverError) {
        let taken = try generation.dive(
            until: isOver, { [options] in SolveLimits(seconds: options.secondsLeft.map { max(0, $0()) }) }, interrupt)
        var occupancy = Occupancy(situation, requests)
        for trajectory in taken { occupancy.choose(trajectory) }
        try complete(occupancy)
    }

    /// Places greedily who has no place yet, and takes the plan if it is better.
    private mutating func complete(_ occupancy: consuming Occupancy) throws(SolverError) {
        var occupancy = occupancy
        Greedy(situation: situation, requests: requests).place(Greedy.order(requests), in: &occupancy, until: isOver)
        let before = bestValue
        take(occupancy.chosen.compactMap { $0 })
        if bestValue < before { try generation.add(best) }
    }

    /// Takes a plan when it is better than the best so far.
    private mutating func take(_ plan: [Trajectory]) {
        let value = situation.value(of: plan, requests)
        if value < bestValue {
            best = plan
            bestValue = value
        }
    }

    /// The trajectories that a better plan can use, as far as they are known.
    private func usefulTrajectories() -> [Int] {
        let gap = Double(bestValue) - generation.bound
        return generation.trajectories(within: gap)
    }

    /// Solves the integer program over some trajectories; broken rows are added until it keeps all that is shared.
    private mutating func solveIntegers(
        over chosen: [Int], keeping kept: Double = 0, isComplete: Bool = false
    ) throws(SolverError) {
        while !shouldStop {
            var solverOptions = SolverOptions()
            solverOptions.seed = options.seed
            var solver = try Solver(options: solverOptions)
            let (rows, columns) = generation.master.integerModel(over: chosen)
            try solver.load(rows)
            try solver.addColumns(columns)
            try solver.setSolution(generation.master.start(of: best, among: chosen))
            let report = try solver.solve(limits: limits(keeping: kept), interrupt: interrupt, progress: nil)
            if report.status != .optimal { isCut = true }
            guard report.hasSolution else { return }
            let values = try solver.columnValues()
            let taken = chosen.indices.filter { values[$0] > 0.5 }.map { chosen[$0] }
            let broken = try generation.addBrokenRows(taken.map { ($0, 1) }, everyDay: true)
            if broken > 0 {
                // Most of it fits together all the same.
                var occupancy = Occupancy(situation, requests)
                for t in taken { _ = occupancy.chooseIfFits(generation.master.trajectories[t]) }
                try complete(occupancy)
                if report.status == .optimal { continue }
                return
            }
            take(taken.map { generation.master.trajectories[$0] })
            if isComplete { raiseBound(min(Double(bestValue), (report.bound ?? -.infinity) + generation.offset)) }
            return
        }
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
