import CareChain
import LinearProgramming

/// Solves the linear program over all trajectories without listing them: prices from those known, new ones that are
/// worth more than they cost at these prices, until there are none (Desaulniers, Desrosiers and Solomon, *Column
/// Generation*, 2005).
///
/// The prices come from an interior point method without crossover: those at a vertex of a degenerate program leap from
/// iteration to iteration, those amid all optima do not (Gondzio, González-Brevis and Munari, *New developments in the
/// primal–dual column generation technique*, 2013). On a year (`stream-a`) it takes 40 iterations and not
/// 86. Only where those nearest to known prices are sought does a vertex do (``SettlingProgram``).
struct ColumnGeneration {
    let situation: Situation
    var master: MasterProblem
    private let pricing: ParallelPricing
    private let seed: Int
    var iterations = 0
    /// The linear program nearly solved, the steps of a round, and the rounds that have brought little.
    private var primalDual: PrimalDual
    private var steps = fewestSteps
    private var roundsInVain = 0
    /// Trajectories added per request and iteration: few but diverse, each with another opening.
    private let perRequest = 6

    /// The share of the prices of the best bound in those at which trajectories are sought: they oscillate less, and fewer
    /// iterations do (Wentges, *Weighted Dantzig–Wolfe decomposition*, 1997).
    private static let smoothing = 0.5

    /// How much better than worthless a trajectory must be, in points: costs are whole.
    static var tolerance: Double { 1e-3 }

    /// Column generation over all units.
    ///
    /// - Parameter isOver: Whether to stop.
    init(_ situation: Situation, _ requests: [OpenRequest], seed: Int, until isOver: @escaping @Sendable () -> Bool) {
        self.situation = situation
        self.seed = seed
        master = MasterProblem(situation, requests)
        primalDual = PrimalDual(master)
        pricing = ParallelPricing(situation, until: isOver)
    }

    /// Adds trajectories that are not known yet; tells how many were new.
    @discardableResult
    mutating func add(_ trajectories: [Trajectory]) -> Int { master.add(trajectories) }

    /// Begins a branch at the prices that a plan states, with the trajectories that are best at them, unless it is stopped.
    mutating func begin(_ branch: inout Branch, atPricesOf plan: Plan) {
        let all = Array(branch.requests.indices)
        guard var duals = master.duals(statedBy: plan),
            let found = pricing.trajectories(
                of: all, among: branch.requests, at: duals.prices,
                below: branch.requests.map { Double($0.unplacedPoints) }, keep: .best(perRequest))
        else { return }
        duals.requests = zip(branch.requests, found).map { min(0, $1.least - Double($0.unplacedPoints)) }
        branch.duals = duals
        branch.center = duals
        branch.bound = Double(situation.fixedPoints) - duals.worth
        for (request, worth) in zip(branch.requests, duals.requests) {
            branch.bound += request.isComplete ? Double(request.unplacedPoints) + worth : 0
        }
        branch.centerBound = branch.bound
        branch.value = value(at: duals)
        add(found.flatMap(\.trajectories))
    }

    /// Lets the steps go on from the prices of a branch and trajectories that are taken at them.
    mutating func beginSteps(_ branch: Branch, taking plan: [Trajectory]) {
        guard let duals = branch.duals else { return }
        primalDual.begin(at: duals, taking: plan.compactMap { master.place(of: $0) }, of: master)
    }

    /// Adds rows for the days on which something has a price.
    mutating func addRows(at duals: Duals) { master.addRows(at: duals) }

    /// Adds for each of some requests the best trajectories at some prices that cost less than no place.
    mutating func add(_ chosen: [Int], at prices: Prices, best most: Int) {
        let found = pricing.trajectories(
            of: chosen, among: master.requests, at: prices,
            below: chosen.map { Double(master.requests[$0].unplacedPoints) }, keep: .best(most))
        add((found ?? []).flatMap(\.trajectories))
    }

    /// One round for a branch at prices of its linear program nearly solved: add useful trajectories, tighten its bound.
    ///
    /// - Returns: How it ended; solved when rounds bring next to nothing any more.
    mutating func approach(_ branch: inout Branch) -> Step {
        iterations += 1
        primalDual.update(from: master, in: branch)
        branch.value = primalDual.solve(steps: steps) + offset
        let duals = primalDual.duals(master)
        branch.duals = duals
        branch.values = primalDual.values
        guard let priced = price(&branch, at: duals) else { return .stopped }
        let added = add(priced.found)
        let gain = priced.bound - branch.boundOfRounds
        branch.boundOfRounds = max(priced.bound, branch.boundOfRounds)
        if gain > Self.littleGain * max(1, branch.boundOfRounds - Double(situation.fixedPoints)) {
            roundsInVain = 0
        } else {
            roundsInVain += 1
            steps = min(2 * steps, Self.mostSteps)
        }
        // The first prices of what was free until now are too high, and prove less than none.
        let isFar = branch.value - branch.boundOfRounds > Self.far * (branch.value - Double(situation.fixedPoints))
        let most = isFar ? Self.mostRoundsInVainWhenFar : Self.mostRoundsInVain
        if roundsInVain < most, added > 0 || roundsInVain < 2 { return .goesOn }
        steps = Self.fewestSteps
        roundsInVain = 0
        if let center = branch.center { addRows(at: center) }
        return .solved
    }

    /// One iteration for a branch: solve, add broken rows and useful trajectories, tighten the branch's bound.
    mutating func iterate(_ branch: inout Branch, _ limits: SolveLimits, _ interrupt: Interrupt?)
        throws(SolverError) -> Step
    {
        iterations += 1
        let chosen = master.trajectories.indices.filter { branch.allows(master.trajectories[$0]) }
        guard let solution = try solve(branch, chosen, limits, interrupt) else { return .stopped }
        let duals = solution.duals
        branch.duals = duals
        branch.values = solution.values
        branch.value = solution.objective + offset
        let broken = master.addBrokenRows(solution.values, by: Self.mostExcess)
        var added = 0
        if let center = branch.center {
            let between = master.duals(between: duals, and: center, share: Self.smoothing)
            guard let priced = price(&branch, at: between) else { return .stopped }
            added = add(priced.found.filter { master.reducedCost(of: $0, duals) < -Self.tolerance })
        }
        // Prices between the best and the present ones may hide what helps at the present ones.
        if added == 0 {
            guard let priced = price(&branch, at: duals) else { return .stopped }
            added = add(priced.found)
        }
        if broken == 0 && (added == 0 || branch.value - branch.bound < Self.mostGap) { return .solved }
        return .goesOn
    }

    /// One iteration for a branch whose prices are all but known: solve, add broken rows and all trajectories that are worth
    /// more than they cost. That there are so few of them that all can be added is so only near the end; where it is, few
    /// iterations are needed.
    ///
    /// - Parameter chosen: The trajectories of the linear program, to which those that it lacks are added.
    /// - Returns: How it ended; solved when the duals themselves prove what the linear program says.
    mutating func settle(
        _ branch: inout Branch, over chosen: inout [Int], _ limits: SolveLimits, _ interrupt: Interrupt?
    ) throws(SolverError) -> Step {
        iterations += 1
        guard let solution = try solve(branch, chosen, limits, interrupt) else { return .stopped }
        let (values, duals) = (solution.values, solution.duals)
        let most = Self.mostPerRequest * branch.requests.count
        guard let priced = price(&branch, at: duals, keep: .all(most)) ?? price(&branch, at: duals) else {
            return .stopped
        }
        let (step, missing) = settle(&branch, values, duals, priced, over: chosen)
        chosen += missing
        return step
    }

    /// The linear program of prices near known ones.
    func program(over chosen: [Int], near known: Duals) throws(SolverError) -> SettlingProgram {
        var program = try SettlingProgram(master, near: known, seed: seed)
        try program.begin(over: chosen, of: master)
        return program
    }

    /// The same in a program that is kept, and that seeks prices near known ones.
    mutating func settle(
        _ branch: inout Branch, in program: inout SettlingProgram, _ limits: SolveLimits, _ interrupt: Interrupt?
    ) throws(SolverError) -> Step {
        iterations += 1
        guard let (values, duals) = try program.solve(master, limits, interrupt) else {
            return program.isStopped ? .stopped : .givesUp
        }
        guard
            let priced = price(
                &branch, at: duals, keep: .few(Self.mostOfRequest, otherwise: perRequest), above: Self.listed)
        else { return .stopped }
        let (step, missing) = settle(&branch, values, duals, priced, over: program.chosen)
        if step == .solved, priced.isAll { branch.listedWithin = Self.listed }
        if step == .goesOn { try program.add(missing, of: master) }
        return step
    }

    /// Takes a solution of the linear program of a branch over some trajectories.
    ///
    /// - Parameter priced: The trajectories that are worth more than they cost at its duals, and what these prove.
    /// - Returns: How that ended, and the trajectories that the program lacks.
    private mutating func settle(
        _ branch: inout Branch, _ values: [(trajectory: Int, value: Double)], _ duals: Duals,
        _ priced: Priced, over chosen: [Int]
    ) -> (Step, missing: [Int]) {
        branch.duals = duals
        branch.values = values
        branch.value = value(at: duals)
        let broken = master.addBrokenRows(values, by: Self.mostExcess)
        var missing: [Int] = []
        if broken > 0 || branch.value - priced.bound >= Self.mostPriceGap {
            add(priced.found)
            let known = Set(chosen)
            missing = trajectories(of: branch, within: -2 * Self.tolerance).filter { !known.contains($0) }
            // What is found may be in it already, priced amid its optima as worth next to nothing: again it would be no other.
            if broken > 0 || !missing.isEmpty { return (.goesOn, missing) }
        }
        add(priced.found)
        branch.center = duals
        branch.centerBound = priced.bound
        branch.listedWithin = -.infinity
        return (.solved, [])
    }

    /// So many trajectories per request may be added at once, and where they are added to a program that is kept so many of one
    /// request.
    private static let mostPerRequest = 4
    private static let mostOfRequest = 24
    /// Those that cost up to so much more than they are worth, in points, are found there as well: at prices that prove the best
    /// plan among them are those of all plans that cost as little.
    private static let listed = 1.0

    /// What the last duals of a branch prove, and no others: what is left to a better plan is told by these alone.
    ///
    /// - Returns: What no plan in the branch costs less than; nil when it was stopped.
    mutating func proven(_ branch: inout Branch) -> Double? {
        guard let duals = branch.duals, let priced = price(&branch, at: duals) else { return nil }
        add(priced.found)
        return priced.bound
    }

    /// The trajectories of a branch that are worth more than they cost at some duals, and what these prove, nil when it was
    /// stopped; tightens the branch's bound.
    private func price(_ branch: inout Branch, at duals: Duals) -> Priced? {
        price(&branch, at: duals, keep: .best(perRequest))
    }

    /// - Returns: As ``price(_:at:)``; nil also when all were to be kept and are too many.
    private func price(
        _ branch: inout Branch, at duals: Duals, keep: Pricing.Keep, above reducedCost: Double = -tolerance
    ) -> Priced? {
        let all = branch.requests.indices.filter { !branch.unplaced.contains($0) }
        let thresholds = thresholds(of: all, branch, duals, above: reducedCost)
        guard
            let found = pricing.trajectories(
                of: all, among: branch.requests, at: duals.prices, below: thresholds, keep: keep)
        else { return nil }
        if case .all(let most) = keep, !ParallelPricing.isAll(found, atMost: most) { return nil }
        var bound = Double(situation.fixedPoints) - duals.worth
        for request in branch.unplaced { bound += Double(branch.requests[request].unplacedPoints) }
        for (found, threshold) in zip(found, thresholds) {
            let request = branch.requests[found.request]
            // Costs and prices are never negative, so 0 is a bound that needs no list of lodgings.
            let least = request.isComplete ? min(found.least, threshold) : 0
            bound += branch.placed.contains(found.request) ? least : min(Double(request.unplacedPoints), least)
        }
        if bound > branch.bound {
            branch.bound = bound
            branch.center = duals
            branch.centerBound = bound
            branch.listedWithin = -.infinity
        }
        let isAll = !found.contains(where: \.isCut) && branch.requests.allSatisfy(\.isComplete)
        return Priced(found: found.flatMap(\.trajectories), bound: bound, isAll: isAll)
    }

    /// What was found at some duals.
    private struct Priced {
        let found: [Trajectory]
        /// No plan in the branch costs less.
        let bound: Double
        /// Whether all trajectories that were asked for are among those found.
        let isAll: Bool
    }

    /// How an iteration ended.
    enum Step {
        case goesOn
        case solved
        case stopped
        /// It was not stopped, and yet it is not solved.
        case givesUp
    }

    /// What duals prove but for trajectories that are not known: there is a little less of everything than a linear program is
    /// told.
    private func value(at duals: Duals) -> Double { offset + duals.requests.reduce(0, +) - duals.worth }

    /// What a plan that places nobody costs.
    var offset: Double {
        Double(situation.fixedPoints + master.requests.reduce(0) { $0 + $1.unplacedPoints })
    }

    /// By how much a solution may pass a capacity: it is amid others, not at a vertex.
    static let mostExcess = 1e-3
    /// The linear program is solved when its value and the bound differ by less: costs are whole.
    private static let mostGap = 0.05
    /// Prices that are settled for their own sake need not prove the last half a point.
    static let mostPriceGap = 0.5
    /// A round that raises the bound by less than this part brings next to nothing, and so many may follow on each other,
    /// each of more steps.
    private static let littleGain = 2e-5
    private static let mostRoundsInVain = 4
    /// Where what is proven is still so far from the value, more may.
    private static let far = 0.02
    private static let mostRoundsInVainWhenFar = 12
    private static let fewestSteps = 100
    private static let mostSteps = 800

    private struct Solution {
        let objective: Double
        let values: [(trajectory: Int, value: Double)]
        let duals: Duals
    }

    /// Solves the linear program over some trajectories; nil when it was stopped.
    private func solve(
        _ branch: Branch, _ chosen: [Int], _ limits: SolveLimits, _ interrupt: Interrupt?
    ) throws(SolverError) -> Solution? {
        let model = master.model(
            over: chosen, days: master.contestedDays(of: chosen), integers: false, mustBePlaced: branch.placed)
        var options = SolverOptions()
        options.seed = seed
        options.presolve = .on
        options.method = .interiorPoint
        options.crossover = false
        var solver = try Solver(options: options)
        try solver.load(model.model)
        try solver.addColumns(model.columns)
        var report = try solver.solve(limits: limits, interrupt: interrupt)
        if report.status != .optimal || !report.hasSolution {
            if report.status == .timeLimit || report.status == .interrupted { return nil }
            // The interior point method gives up on a few programs that the simplex method solves.
            options.method = .simplex
            options.presolve = .choose
            try solver.setOptions(options)
            report = try solver.solve(limits: limits, interrupt: interrupt)
        }
        // Nothing is always a solution, and whoever must be placed can be at a penalty: there is no infeasible program.
        if report.status == .infeasible || report.status == .infeasibleOrUnbounded {
            throw .failed(call: "Highs_run", message: "a linear program that has a solution is said to have none")
        }
        guard report.status == .optimal else { return nil }
        let columns = try solver.columnValues()
        return Solution(
            objective: report.objective ?? 0,
            values: chosen.indices.compactMap { columns[$0] > Self.noValue ? (chosen[$0], columns[$0]) : nil },
            duals: master.duals(try solver.rowDuals(), of: model))
    }

    /// A value below this is the solver's arithmetic.
    static let noValue = 1e-6

    /// For some requests the price of a trajectory whose reduced cost is a given number.
    private func thresholds(
        of chosen: [Int], _ branch: Branch, _ duals: Duals, above reducedCost: Double
    ) -> [Double] {
        chosen.map {
            let dual = duals.requests[$0]
            return Double(branch.requests[$0].unplacedPoints) + (branch.placed.contains($0) ? dual : min(0, dual))
                + reducedCost
        }
    }

    /// Takes the trajectories of a branch's last solution, those that it takes most of first, as far as they fit.
    func rounded(_ branch: Branch) -> Occupancy {
        var occupancy = Occupancy(situation, master.requests)
        for (t, _) in branch.values.sorted(by: { ($1.value, $0.trajectory) < ($0.value, $1.trajectory) })
        where occupancy.chosen[master.trajectories[t].request] == nil {
            _ = occupancy.chooseIfFits(master.trajectories[t])
        }
        return occupancy
    }

    /// Takes the trajectories of a branch that are taken most, again and again, with new prices and new
    /// trajectories for the others (diving: Sadykov et al., *Primal heuristics for branch and price: the assets of diving
    /// methods*, 2019).
    mutating func dived(_ branch: Branch, until isOver: () -> Bool) -> Occupancy {
        var occupancy = Occupancy(situation, master.requests)
        var primalDual = primalDual
        var values = branch.values
        while !values.isEmpty, !isOver() {
            let left = occupancy.chosen.count { $0 == nil }
            let least = max(Self.leastDive, left / 10)
            var taken = 0
            var refused = 0
            for (t, value) in values.sorted(by: { ($1.value, $0.trajectory) < ($0.value, $1.trajectory) })
            where occupancy.chosen[master.trajectories[t].request] == nil {
                if value < Self.mostlyTaken, taken >= least { break }
                if occupancy.chooseIfFits(master.trajectories[t]) {
                    primalDual.fix(master.trajectories[t].request, to: t)
                    taken += 1
                } else {
                    refused += 1
                }
            }
            if taken == 0 { break }
            let open = occupancy.chosen.indices.filter { occupancy.chosen[$0] == nil }
            primalDual.update(from: master, in: branch) { occupancy.fits($0) }
            _ = primalDual.solve(steps: Self.diveSteps)
            let duals = primalDual.duals(master)
            let found = pricing.trajectories(
                of: open, among: branch.requests, at: occupancy.prices(over: duals.prices),
                below: thresholds(of: open, branch, duals, above: -Self.tolerance), keep: .best(perRequest))
            add((found ?? []).flatMap(\.trajectories))
            values = primalDual.values.filter { occupancy.chosen[master.trajectories[$0.trajectory].request] == nil }
        }
        return occupancy
    }

    /// A trajectory of which so much is taken is taken in a dive, and so many at the least are.
    private static let mostlyTaken = 0.7
    private static let leastDive = 10
    private static let diveSteps = 500

    /// Adds all trajectories of a branch whose reduced cost is less than a gap: a plan that closes it uses no others.
    ///
    /// - Returns: Whether that was possible within the limit of trajectories, before it was stopped.
    mutating func addAll(_ branch: Branch, within gap: Double, atMost limit: Int) -> Bool {
        let all = branch.requests.indices.filter { !branch.unplaced.contains($0) }
        guard let duals = branch.duals, all.allSatisfy({ branch.requests[$0].isComplete }) else { return false }
        guard
            let found = pricing.trajectories(
                of: all, among: branch.requests, at: duals.prices,
                below: thresholds(of: all, branch, duals, above: gap), keep: .all(limit))
        else { return false }
        if !ParallelPricing.isAll(found, atMost: limit) { return false }
        add(found.flatMap(\.trajectories))
        return true
    }

    /// The known trajectories of a branch whose reduced cost is less than a gap, those of the least first, at most so
    /// many.
    func trajectories(of branch: Branch, within gap: Double, atMost limit: Int = .max) -> [Int] {
        let allowed = master.trajectories.indices.filter { branch.allows(master.trajectories[$0]) }
        guard let duals = branch.duals else { return allowed }
        let costs = allowed.map { (trajectory: $0, cost: master.reducedCost(of: $0, duals)) }.filter {
            $0.cost < gap + Self.tolerance
        }
        if costs.count <= limit { return costs.map(\.trajectory) }
        return costs.sorted { ($0.cost, $0.trajectory) < ($1.cost, $1.trajectory) }.prefix(limit).map(\.trajectory)
            .sorted()
    }

    /// Adds the rows of single-sex units that a plan breaks; tells how many.
    mutating func addBrokenMixing(_ plan: [Int]) -> Int { master.addBrokenMixing(plan) }
}
