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
        placeGreedily()
        tell(progress)
        var solved = false
        while !solved, !shouldStop {
            if let most = options.iterations, generation.iterations >= most { break }
            switch try generation.iterate(limits, interrupt) {
            case .goesOn: break
            case .solved: solved = true
            case .stopped: isCut = true
            }
            raiseBound(generation.bound)
            tell(progress)
            if isCut { break }
        }
        if isProven { return }
        try solveIntegers(over: usefulTrajectories())
        tell(progress)
        if !solved || isProven || shouldStop { return }
        // What is missing for a proof are the trajectories within the gap: with all of them the integer program is exact.
        if try generation.addAll(within: Double(bestValue) - generation.bound, atMost: mostTrajectories) {
            try solveIntegers(over: usefulTrajectories(), isComplete: true)
            tell(progress)
        }
    }

    /// The best plan found, checked.
    func plan() throws(PlanningError) -> Plan {
        try PlanAssembly(situation: situation, requests: requests).plan(
            of: best, bound: bound, prices: generation.bedPrices(), cut: isCut, options)
    }

    private var isProven: Bool { bound == bestValue }

    private var shouldStop: Bool {
        mutating get {
            if interrupt.isRequested || (options.secondsLeft?() ?? 1) <= 0 { isCut = true }
            return isCut
        }
    }

    private var limits: SolveLimits {
        var limits = SolveLimits()
        limits.seconds = options.secondsLeft.map { max(0, $0()) }
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

    private mutating func placeGreedily() {
        var occupancy = Occupancy(situation, requests)
        let stop = { [options, interrupt] in interrupt.isRequested || (options.secondsLeft?() ?? 1) <= 0 }
        Greedy(situation: situation, requests: requests).place(Greedy.order(requests), in: &occupancy, until: stop)
        take(occupancy.chosen.compactMap { $0 })
        do { try generation.add(best) } catch { isCut = true }
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
    private mutating func solveIntegers(over chosen: [Int], isComplete: Bool = false) throws(SolverError) {
        while !shouldStop {
            var solverOptions = SolverOptions()
            solverOptions.seed = options.seed
            var solver = try Solver(options: solverOptions)
            let (rows, columns) = generation.master.integerModel(over: chosen)
            try solver.load(rows)
            try solver.addColumns(columns)
            try solver.setSolution(generation.master.start(of: best, among: chosen))
            let report = try solver.solve(limits: limits, interrupt: interrupt, progress: nil)
            if report.status != .optimal { isCut = true }
            guard report.hasSolution else { return }
            let values = try solver.columnValues()
            let taken = chosen.indices.filter { values[$0] > 0.5 }.map { chosen[$0] }
            let broken = try generation.addBrokenRows(taken.map { ($0, 1) })
            if broken > 0 { continue }
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
