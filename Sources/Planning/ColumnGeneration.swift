import CareChain
import LinearProgramming

/// Solves the linear program over all trajectories without listing them: prices from those known, new ones that are
/// worth more than they cost at these prices, until there are none (Desaulniers, Desrosiers and Solomon, *Column
/// Generation*, 2005).
struct ColumnGeneration: ~Copyable {
    let situation: Situation
    let requests: [OpenRequest]
    private(set) var master: MasterProblem
    private var pricing: Pricing
    /// What no plan can cost less than.
    private(set) var bound = -Double.infinity
    private(set) var iterations = 0
    /// The duals at the last solve.
    private(set) var duals: [Double] = []
    /// What the linear program costs at the last solve.
    private(set) var value = Double.infinity

    /// Trajectories added per request and iteration: few but diverse, each with another opening.
    private let perRequest = 4

    /// How much better than worthless a trajectory must be, in points: costs are whole, duals are accurate to 1e-7.
    static var tolerance: Double { 1e-4 }

    init(_ situation: Situation, _ requests: [OpenRequest], seed: Int) throws(SolverError) {
        self.situation = situation
        self.requests = requests
        master = try MasterProblem(situation, requests, seed: seed)
        pricing = Pricing(situation)
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
        let values = try master.values()
        value = (report.objective ?? 0) + offset
        let brokenRows = try addBrokenRows(values)
        let (found, least) = price(duals)
        bound = max(bound, master.lagrangianBound(duals, least: least))
        let added = try master.add(found)
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

    /// The useful trajectories at some duals, and for each request the least priced cost of any of its trajectories.
    private mutating func price(_ duals: [Double]) -> (found: [Trajectory], least: [Double]) {
        let prices = master.prices(duals)
        var found: [Trajectory] = []
        var least: [Double] = []
        least.reserveCapacity(requests.count)
        for (r, request) in requests.enumerated() {
            let threshold = Double(request.unplacedPoints) + min(0, duals[r]) - Self.tolerance
            let result = pricing.trajectories(of: request, r, at: prices, below: threshold, keep: .best(perRequest))
            for legs in result.legs { found.append(request.trajectory(r, legs, in: situation)) }
            // Costs and prices are never negative, so 0 is a bound that needs no list of lodgings.
            least.append(request.isComplete ? min(result.least, threshold) : 0)
        }
        return (found, least)
    }

    /// Adds all trajectories whose reduced cost is less than a gap: a plan that closes it uses no others.
    ///
    /// - Returns: Whether that was possible within the limit of trajectories.
    mutating func addAll(within gap: Double, atMost limit: Int) throws(SolverError) -> Bool {
        let prices = master.prices(duals)
        var room = limit
        for (r, request) in requests.enumerated() {
            if !request.isComplete { return false }
            let threshold = Double(request.unplacedPoints) + min(0, duals[r]) + gap
            let result = pricing.trajectories(of: request, r, at: prices, below: threshold, keep: .all(room))
            if result.isCut { return false }
            room -= result.legs.count
            _ = try master.add(result.legs.map { request.trajectory(r, $0, in: situation) })
        }
        return true
    }

    /// The known trajectories whose reduced cost is less than a gap, at the last duals.
    func trajectories(within gap: Double) -> [Int] {
        guard !duals.isEmpty else { return Array(master.trajectories.indices) }
        return master.trajectories.indices.filter { master.reducedCost(of: $0, duals) < gap + Self.tolerance }
    }

    /// Adds the rows of what is shared that a solution breaks; tells how many.
    mutating func addBrokenRows(_ values: [(trajectory: Int, value: Double)]) throws(SolverError) -> Int {
        let added = try master.addBrokenRows(values)
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
