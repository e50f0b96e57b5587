import CareChain
import LinearProgramming

/// Solves the linear program over all trajectories without listing them: prices from those known, new ones that are
/// worth more than they cost at these prices, until there are none (Desaulniers, Desrosiers and Solomon, *Column
/// Generation*, 2005).
struct ColumnGeneration: ~Copyable {
    let situation: Situation
    let requests: [OpenRequest]
    private(set) var master: MasterProblem
    private let pricing: ParallelPricing
    /// What no plan can cost less than.
    private(set) var bound = -Double.infinity
    private(set) var iterations = 0
    /// The duals at the last solve.
    private(set) var duals: [Double] = []
    /// The duals with the best bound, towards which others are smoothed: they oscillate less, and fewer iterations do
    /// (Wentges, *Weighted Dantzig–Wolfe decomposition*, 1997).
    private var center: [Double]?
    private var isSmoothed = false
    private static let smoothing = 0.6
    /// What the last solve took of each trajectory.
    private var values: [(trajectory: Int, value: Double)] = []

    /// Trajectories added per request and iteration: few but diverse, each with another opening.
    private let perRequest = 4

    /// How much better than worthless a trajectory must be, in points: costs are whole, duals are accurate to 1e-7.
    static var tolerance: Double { 1e-4 }

    init(_ situation: Situation, _ requests: [OpenRequest], seed: Int) throws(SolverError) {
        self.situation = situation
        self.requests = requests
        master = try MasterProblem(situation, requests, seed: seed)
        pricing = ParallelPricing(situation, requests)
    }

    mutating func add(_ trajectories: [Trajectory]) throws(SolverError) {
        _ = try master.add(trajectories)
    }

    /// One iteration: solve, add broken rows and useful trajectories, tighten the bound.
    ///
    /// - Returns: Whether nothing was left to add: the linear program is solved.
    mutating func iterate(_ limits: SolveLimits, _ interrupt: Interrupt?) throws(SolverError) -> Step {
        iterations += 1
        let report = try master.solve(limits, interrupt)
        guard report.status == .optimal else { return .stopped }
        duals = try master.duals()
        values = try master.values()
        let brokenRows = try addBrokenRows(values)
        var added = 0
        if isSmoothed, let center {
            let smoothed = duals.indices.map { row in
                Self.smoothing * (row < center.count ? center[row] : 0) + (1 - Self.smoothing) * duals[row]
            }
            let useful = price(smoothed).filter { master.reducedCost(of: $0, duals) < -Self.tolerance }
            added = try master.add(useful)
        }
        // Prices between the best and the present ones may hide what helps at the present ones.
        if added == 0 { added = try master.add(price(duals)) }
        isSmoothed = added > 0
        return brokenRows == 0 && added == 0 ? .solved : .goesOn
    }

    /// How an iteration ended.
    enum Step {
        case goesOn
        case solved
        case stopped
    }

    /// What a plan that places nobody costs.
    var offset: Double {
        Double(situation.fixedPoints + requests.reduce(0) { $0 + $1.unplacedPoints })
    }

    /// The useful trajectories at some duals; tightens the bound.
    private mutating func price(_ duals: [Double]) -> [Trajectory] {
        let all = Array(requests.indices)
        let thresholds = thresholds(of: all, duals, above: -Self.tolerance)
        let found = pricing.trajectories(
            of: all, at: master.prices(duals), below: thresholds, keep: .best(perRequest))
        // Costs and prices are never negative, so 0 is a bound that needs no list of lodgings.
        let least = found.map { requests[$0.request].isComplete ? min($0.least, thresholds[$0.request]) : 0 }
        let bound = master.lagrangianBound(duals, least: least)
        if bound > self.bound {
            self.bound = bound
            center = duals
        }
        return found.flatMap(\.trajectories)
    }

    /// For some requests the price of a trajectory whose reduced cost is a given number.
    private func thresholds(of chosen: [Int], _ duals: [Double], above reducedCost: Double) -> [Double] {
        chosen.map { Double(requests[$0].unplacedPoints) + min(0, duals[$0]) + reducedCost }
    }

    /// Rounds the linear program to a plan: takes what it is surest of, solves again with that fixed, finds what the
    /// others then need, and so on (Joncour, Michel, Sadykov, Sverdlov and Vanderbeck, *Column generation based primal
    /// heuristics*, 2010).
    ///
    /// - Returns: What it took; fewer than could be placed where it was stopped.
    mutating func dive(until stop: () -> Bool, _ limits: () -> SolveLimits, _ interrupt: Interrupt?)
        throws(SolverError) -> [Trajectory]
    {
        var occupancy = Occupancy(situation, requests)
        var fixed: [Int] = []
        var rounds = 0
        while !stop() {
            let report = try master.solve(limits(), interrupt)
            guard report.status == .optimal else { break }
            let duals = try master.duals()
            let values = try master.values()
            if try addBrokenRows(values) > 0 { continue }
            let sure = values.filter { $0.value > 1 - Self.integrality }.map(\.trajectory)
            let settled = Set(sure.map { master.trajectories[$0].request })
            let open = requests.indices.filter { !settled.contains($0) && duals[$0] < -Self.tolerance }
            if rounds < Self.pricingRounds {
                rounds += 1
                let found = pricing.trajectories(
                    of: open, at: master.prices(duals),
                    below: thresholds(of: open, duals, above: -Self.tolerance), keep: .best(perRequest))
                if try master.add(found.flatMap(\.trajectories)) > 0 { continue }
            }
            rounds = 0
            var unsure = values.filter { $0.value <= 1 - Self.integrality && $0.value > Self.integrality }
            if unsure.isEmpty {
                for t in sure { _ = occupancy.chooseIfFits(master.trajectories[t]) }
                break
            }
            unsure.sort { ($1.value, $0.trajectory) < ($0.value, $1.trajectory) }
            let most = max(1, unsure.count / Self.fixedShare)
            var taken: [Int] = []
            var misfits: [Int] = []
            for (t, _) in unsure where taken.count < most {
                let request = master.trajectories[t].request
                if occupancy.chosen[request] == nil, occupancy.chooseIfFits(master.trajectories[t]) {
                    taken.append(t)
                } else {
                    // A part of it fits beside what is fixed, as a whole it does not; or its request is placed.
                    misfits.append(t)
                }
            }
            fixed += taken + misfits
            try master.fix(taken, at: 1)
            try master.fix(misfits, at: 0)
        }
        try master.release(fixed)
        return occupancy.chosen.compactMap { $0 }
    }

    /// A value this near to 0 or 1 is whole.
    private static let integrality = 1e-5
    /// How often a dive looks for new trajectories before it fixes more.
    private static let pricingRounds = 1
    /// One of so many fractional trajectories is fixed at a time.
    private static let fixedShare = 3

    /// Takes the trajectories of the last solution, those that it takes most of first, as far as they fit together.
    func rounded() -> Occupancy {
        var occupancy = Occupancy(situation, requests)
        for (t, value) in values.sorted(by: { ($1.value, $0.trajectory) < ($0.value, $1.trajectory) })
        where value > Self.integrality && occupancy.chosen[master.trajectories[t].request] == nil {
            _ = occupancy.chooseIfFits(master.trajectories[t])
        }
        return occupancy
    }

    /// Adds all trajectories whose reduced cost is less than a gap: a plan that closes it uses no others.
    ///
    /// - Returns: Whether that was possible within the limit of trajectories.
    mutating func addAll(within gap: Double, atMost limit: Int) throws(SolverError) -> Bool {
        if !requests.allSatisfy(\.isComplete) { return false }
        let all = Array(requests.indices)
        let found = pricing.trajectories(
            of: all, at: master.prices(duals), below: thresholds(of: all, duals, above: gap), keep: .all(limit))
        if found.contains(where: \.isCut) || found.reduce(0, { $0 + $1.trajectories.count }) > limit { return false }
        _ = try master.add(found.flatMap(\.trajectories))
        return true
    }

    /// The known trajectories whose reduced cost is less than a gap, at the last duals.
    func trajectories(within gap: Double) -> [Int] {
        guard !duals.isEmpty else { return Array(master.trajectories.indices) }
        return master.trajectories.indices.filter {
            master.reducedCost(of: master.trajectories[$0], duals) < gap + Self.tolerance
        }
    }

    /// Adds the rows of what is shared that a solution breaks; tells how many.
    mutating func addBrokenRows(
        _ values: [(trajectory: Int, value: Double)], everyDay: Bool = false
    ) throws(SolverError) -> Int {
        let added = try master.addBrokenRows(values, everyDay: everyDay)
        // New rows have no dual yet.
        duals += [Double](repeating: 0, count: duals.isEmpty ? 0 : added)
        return added
    }

    /// What one more bed would save, by the duals of the last solve: equal neighbouring days merged.
    func bedPrices() -> [BedPrice]? {
        guard !duals.isEmpty else { return nil }
        let prices = master.prices(duals)
        let days = situation.days
        var merged: [BedPrice] = []
        for (unit, site) in situation.instance.units.enumerated() {
            var from = 0
            while from < days {
                let price = Self.rounded(prices.beds[unit * days + from])
                var until = from + 1
                while until < days, Self.rounded(prices.beds[unit * days + until]) == price { until += 1 }
                if price > 0 { merged.append(BedPrice(unit: site.id, days: Day(from)..<Day(until), price: price)) }
                from = until
            }
        }
        return merged
    }

    /// A price to the hundredth of a point.
    private static func rounded(_ price: Double) -> Double { (price * 100).rounded() / 100 }
}
