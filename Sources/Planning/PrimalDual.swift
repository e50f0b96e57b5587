import CareChain

/// The linear program over trajectories, solved nearly: primal–dual hybrid gradient steps (Chambolle and Pock, *A
/// first-order primal-dual algorithm for convex problems with applications to imaging*, 2011), of adaptive size and begun
/// anew from the mean of many (Applegate et al., *Practical large-scale linear programming using primal-dual hybrid
/// gradient*, 2021).
///
/// Column generation needs good prices, not exact ones: what it proves is true at any. A step costs a pass over the
/// trajectories and one over the days of what they use, all days that can bind have a row, and each round goes on where the
/// last one ended. On `crisis` 25 rounds come within 0.01 % of the optimum in 2 s; with an interior point method it took 17 s.
struct PrimalDual {
    private let situation: Situation
    private let requests: [OpenRequest]
    private let shared: SharedResources
    private let funders: [Int]
    /// What each slot of rows stands for; the rows of a slot are its days, and one more that ends them.
    private var slots: [Slot] = []
    private var slotOfResource: [Int?]
    private var slotOfFunder: [Int?]
    private let rowsPerSlot: Int

    private var capacities: [Double] = []
    private var point = Point()
    private var columns = Columns()
    /// The rows of each slot between the first and the last that have a price or that the columns can fill: no other will have
    /// a price. One more ends them.
    private var active: [Range<Int>] = []
    /// For each request the greatest squared length of a column: steps are made in columns of length 1.
    private var scales: [Double] = []
    /// How much is taken of each trajectory known to the master problem.
    private var taken: [Double] = []
    /// The number of those looked at so far.
    private var seen = 0
    /// The trajectory that a request takes in any case, and the requests that must take one.
    private var fixed: [Int?]
    private var placed: Set<Int> = []

    private var stepSize = firstStepSize
    /// How far prices move for what trajectories move: the primal weight.
    private var balance = 0.0
    private var stepCount = 0

    /// So much of the rows from one until another.
    private struct Use {
        let from: Int
        let until: Int
        let amount: Double
    }

    /// What a slot of rows stands for.
    private enum Slot {
        case resource(Int)
        /// A budget, counted in so many euros, so that its column entries are like those of beds: one row.
        case budget(funder: Int, euros: Double)
    }

    /// Prices, and how much is taken of each column, with what that uses.
    struct Point {
        var values: [Double] = []
        var prices: [Double] = []
        var loads: [Double] = []
    }

    /// The trajectories in use, those of a request side by side.
    struct Columns {
        /// The master's place of each.
        var trajectories: [Int] = []
        var costs: [Double] = []
        /// The first column of each request, and the first use of each column; each list ends with its end.
        var firstOfRequest = [0]
        var firstUse = [0]
        /// Rows from which and until which a column uses an amount.
        var from: [Int32] = []
        var until: [Int32] = []
        var amounts: [Double] = []

        /// What a column costs when all before a row costs so much.
        func cost(of column: Int, before: [Double]) -> Double {
            var cost = costs[column]
            for use in firstUse[column]..<firstUse[column + 1] {
                cost += amounts[use] * (before[Int(until[use])] - before[Int(from[use])])
            }
            return cost
        }

        /// Notes where a value of a column begins and ends to be used.
        func note(_ value: Double, of column: Int, in changes: inout [Double]) {
            for use in firstUse[column]..<firstUse[column + 1] {
                changes[Int(from[use])] += value * amounts[use]
                changes[Int(until[use])] -= value * amounts[use]
            }
        }
    }

    /// More than leaving everybody unplaced costs.
    private let penalty: Double

    /// Nobody is placed and nothing has a price.
    init(_ master: MasterProblem) {
        situation = master.situation
        requests = master.requests
        shared = master.shared
        funders = master.budgetedFunders
        penalty = 1 + Double(master.requests.reduce(0) { $0 + $1.unplacedPoints })
        slotOfResource = .init(repeating: nil, count: master.shared.count)
        slotOfFunder = .init(repeating: nil, count: master.situation.instance.funders.count)
        rowsPerSlot = master.situation.days + 1
        fixed = .init(repeating: nil, count: master.requests.count)
        for funder in funders {
            slotOfFunder[funder] = addSlot(
                .budget(funder: funder, euros: Self.eurosPerUnit),
                capacities: [master.eurosLeft(funder) / Self.eurosPerUnit])
        }
    }

    /// Begins at prices known from elsewhere and with trajectories of the master problem that are taken.
    mutating func begin(at duals: Duals, taking trajectories: [Int], of master: MasterProblem) {
        taken = .init(repeating: 0, count: master.trajectories.count)
        seen = taken.count
        for t in master.trajectories.indices { makeSlots(for: t, master) }
        for t in trajectories { taken[t] = 1 }
        for (slot, what) in slots.enumerated() {
            let first = slot * rowsPerSlot
            switch what {
            case .budget(let funder, let euros): point.prices[first] = duals.prices.cents[funder] * 100 * euros
            case .resource(let resource):
                for (day, price) in duals.prices(of: resource) { point.prices[first + day] = price }
            }
        }
    }

    /// Lets a request take a trajectory in any case.
    mutating func fix(_ request: Int, to trajectory: Int) { fixed[request] = trajectory }

    // MARK: Columns

    /// Takes over the trajectories of the master problem: the new ones, those that are taken, and of the others for each
    /// request those of the least reduced cost. More slow the steps down and change nothing.
    ///
    /// - Parameters:
    ///   - branch: Whose trajectories are taken, and which requests must have one.
    ///   - isPossible: Whether a trajectory can be taken.
    mutating func update(
        from master: MasterProblem, in branch: Branch, where isPossible: (Trajectory) -> Bool = { _ in true }
    ) {
        placed = branch.placed
        let firstNew = seen
        seen = master.trajectories.count
        for (column, t) in columns.trajectories.enumerated() { taken[t] = point.values[column] }
        taken += [Double](repeating: 0, count: seen - taken.count)
        for t in firstNew..<seen { makeSlots(for: t, master) }
        let before = costsBefore(point.prices)
        var chosen = [[Int]](repeating: [], count: requests.count)
        var others = [[(cost: Double, trajectory: Int)]](repeating: [], count: requests.count)
        for (t, trajectory) in master.trajectories.enumerated() {
            if let only = fixed[trajectory.request] {
                taken[t] = t == only ? 1 : 0
                if t == only { chosen[trajectory.request] = [t] }
                continue
            }
            if !branch.allows(trajectory) {
                taken[t] = 0
                continue
            }
            if t >= firstNew || taken[t] > 0 {
                chosen[trajectory.request].append(t)
                continue
            }
            var cost = Double(trajectory.points)
            for use in uses(of: t, master) { cost += use.amount * (before[use.until] - before[use.from]) }
            others[trajectory.request].append((cost, t))
        }
        for r in requests.indices {
            let best = others[r].sorted { $0 < $1 }.prefix(Self.othersPerRequest).map(\.trajectory)
            chosen[r] = (chosen[r] + best).sorted().filter { t in
                let isTaken = fixed[r] != nil || isPossible(master.trajectories[t])
                if !isTaken { taken[t] = 0 }
                return isTaken
            }
        }
        take(chosen, master)
        point.loads = loads(of: point.values)
    }

    /// Makes columns of the trajectories of each request.
    private mutating func take(_ chosen: [[Int]], _ master: MasterProblem) {
        let uses = chosen.map { $0.map { self.uses(of: $0, master) } }
        setActive(uses)
        if balance == 0 { balance = firstBalance(chosen, uses, master) }
        columns = Columns()
        scales = []
        point.values = []
        for r in requests.indices {
            var scale = 1.0
            for (t, uses) in zip(chosen[r], uses[r]) {
                var square = 0.0
                for use in uses {
                    let rows = (use.from..<use.until).clamped(to: active[use.from / rowsPerSlot])
                    if rows.isEmpty { continue }
                    columns.from.append(Int32(rows.lowerBound))
                    columns.until.append(Int32(rows.upperBound))
                    columns.amounts.append(use.amount)
                    square += use.amount * use.amount * Double(rows.count)
                }
                columns.firstUse.append(columns.from.count)
                columns.trajectories.append(t)
                columns.costs.append(Double(master.trajectories[t].points - requests[r].unplacedPoints))
                point.values.append(taken[t])
                scale = max(scale, square)
            }
            columns.firstOfRequest.append(columns.trajectories.count)
            scales.append(scale)
        }
    }

    /// Finds the rows that have a price or can be filled, each request with the greatest of its columns.
    private mutating func setActive(_ uses: [[[Use]]]) {
        var demand = [Double](repeating: 0, count: capacities.count)
        for ofRequest in uses {
            var most: [Int: (rows: Range<Int>, amount: Double)] = [:]
            for ofColumn in ofRequest {
                var amounts: [Int: Double] = [:]
                for use in ofColumn {
                    let slot = use.from / rowsPerSlot
                    let amount = amounts[slot, default: 0] + use.amount
                    amounts[slot] = amount
                    let known = most[slot] ?? (use.from..<use.until, 0)
                    let from = min(known.rows.lowerBound, use.from)
                    most[slot] = (from..<max(known.rows.upperBound, use.until), max(known.amount, amount))
                }
            }
            for (_, (rows, amount)) in most.sorted(by: { $0.key < $1.key }) {
                demand[rows.lowerBound] += amount
                demand[rows.upperBound] -= amount
            }
        }
        active = slots.indices.map { slot in
            let rows = slot * rowsPerSlot..<(slot + 1) * rowsPerSlot
            var load = 0.0
            var (first, end) = (rows.upperBound, rows.lowerBound)
            for row in rows {
                load += demand[row]
                if load > capacities[row] || point.prices[row] > 0 {
                    first = min(first, row)
                    end = row + 1
                }
            }
            return first..<max(first, end)
        }
    }

    private mutating func makeSlots(for t: Int, _ master: MasterProblem) {
        for use in master.uses[t] where slotOfResource[use.resource] == nil {
            slotOfResource[use.resource] = addSlot(
                .resource(use.resource),
                capacities: (0..<situation.days).map { Double(shared.capacity(of: use.resource, on: $0)) })
        }
    }

    /// What a trajectory uses, by rows.
    private func uses(of t: Int, _ master: MasterProblem) -> [Use] {
        var uses: [Use] = []
        for use in master.uses[t] {
            guard let slot = slotOfResource[use.resource] else { continue }
            let first = slot * rowsPerSlot
            uses.append(Use(from: first + use.from, until: first + use.until, amount: Double(use.amount)))
        }
        for spending in master.trajectories[t].spending {
            if let slot = slotOfFunder[spending.funder] {
                let row = slot * rowsPerSlot
                uses.append(Use(from: row, until: row + 1, amount: Double(spending.cents) / 100 / Self.eurosPerUnit))
            }
        }
        return uses
    }

    private mutating func addSlot(_ slot: Slot, capacities days: [Double]) -> Int {
        slots.append(slot)
        // Rows that end a slot, and those of a budget but its first, bound nothing.
        capacities += days + [Double](repeating: .infinity, count: rowsPerSlot - days.count)
        point.prices += [Double](repeating: 0, count: rowsPerSlot)
        point.loads += [Double](repeating: 0, count: rowsPerSlot)
        return slots.count - 1
    }

    /// What is at stake for a request, for each bed-day: prices will be of that order.
    private func firstBalance(_ chosen: [[Int]], _ uses: [[[Use]]], _ master: MasterProblem) -> Double {
        let squares = requests.indices.map { r in
            let most = chosen[r].reduce(0) { max($0, requests[r].unplacedPoints - master.trajectories[$1].points) }
            // All days, though the first trajectories fill few: others follow.
            let scale = uses[r].reduce(1) { scale, ofColumn in
                max(scale, ofColumn.reduce(0) { $0 + $1.amount * $1.amount * Double($1.until - $1.from) })
            }
            return Double(most) * Double(most) / scale
        }
        return max(1, 3 * (squares.reduce(0, +) / Double(max(1, squares.count))).squareRoot())
    }

    // MARK: Steps

    /// Makes some steps, and goes on from their mean if its prices are better than the last.
    ///
    /// - Returns: What the prices prove of the linear program over the trajectories known, beside what nobody's place costs.
    mutating func solve(steps: Int) -> Double {
        let start = point
        let made = Steps(
            columns, capacities: capacities, mostPrices: slots.map { mostPrice(of: $0) }, scales: scales,
            demands: requests.indices.map { r in
                fixed[r] != nil ? .fixed : placed.contains(r) ? .exactlyOne : .atMostOne
            }, active: active, from: point, size: stepSize, balance: balance, count: stepCount)
        made.make(steps)
        stepSize = made.size
        stepCount = made.count
        guard var mean = made.average() else { return dual(at: point.prices).value }
        point = made.last
        let (ofMean, ofLast) = (dual(at: mean.prices).value, dual(at: point.prices).value)
        if ofMean > ofLast {
            mean.loads = loads(of: mean.values)
            point = mean
        }
        rebalance(since: start)
        return max(ofMean, ofLast)
    }

    /// The nearest values that are at least 0 and together at most, or exactly, 1 (Michelot, *A finite algorithm for finding the
    /// projection of a point onto the canonical simplex*, 1986).
    static func project(_ values: UnsafeMutableBufferPointer<Double>, exactly: Bool = false) {
        var positive = 0.0
        for value in values where value > 0 { positive += value }
        if values.isEmpty || !exactly && positive <= 1 {
            for n in values.indices { values[n] = max(0, values[n]) }
            return
        }
        // From the greatest down: where values are huge, their differences count.
        let greatest = values.max() ?? 0
        var sum = 0.0
        var count = 0
        for n in values.indices {
            values[n] -= greatest
            if values[n] > -1 {
                sum += values[n]
                count += 1
            }
        }
        var level = (sum - 1) / Double(count)
        while true {
            var above = (sum: 0.0, count: 0)
            for value in values where value > level {
                above.sum += value
                above.count += 1
            }
            if above.count >= count { break }
            count = above.count
            level = (above.sum - 1) / Double(count)
        }
        for n in values.indices { values[n] = max(0, values[n] - level) }
    }

    /// Shares out anew between values and prices, by how far both have moved.
    private mutating func rebalance(since start: Point) {
        var (ofValues, ofPrices) = (0.0, 0.0)
        for r in requests.indices {
            for column in columns.firstOfRequest[r]..<columns.firstOfRequest[r + 1] {
                let difference = point.values[column] - start.values[column]
                ofValues += difference * difference * scales[r]
            }
        }
        for row in point.prices.indices {
            let difference = point.prices[row] - start.prices[row]
            ofPrices += difference * difference
        }
        if ofValues < Self.noMovement || ofPrices < Self.noMovement { return }
        balance = (balance * (ofPrices / ofValues).squareRoot()).squareRoot()
        balance = min(max(balance, 1 / Self.mostBalance), Self.mostBalance)
    }

    // MARK: Results

    /// Lagrangian relaxation over the trajectories in use: what they cost at least, and what each request's place is worth.
    private func dual(at prices: [Double]) -> (value: Double, ofRequests: [Double]) {
        let before = costsBefore(prices)
        var value = 0.0
        for row in prices.indices where prices[row] > 0 { value -= prices[row] * capacities[row] }
        let ofRequests = requests.indices.map { r in
            // Whoever must be placed and has no trajectory yet would take any.
            (columns.firstOfRequest[r]..<columns.firstOfRequest[r + 1]).reduce(placed.contains(r) ? penalty : 0) {
                min($0, columns.cost(of: $1, before: before))
            }
        }
        return (ofRequests.reduce(value, +), ofRequests)
    }

    /// The duals at the present prices.
    func duals(_ master: MasterProblem) -> Duals {
        var charges = MasterProblem.Charges()
        for (slot, what) in slots.enumerated() {
            let first = slot * rowsPerSlot
            switch what {
            case .budget(let funder, let euros): charges.perEuro[funder] = point.prices[first] / euros
            case .resource(let resource):
                charges.ofResources.append((resource, point.prices[first..<first + situation.days]))
            }
        }
        charges.ofResources.sort { $0.resource < $1.resource }
        return master.duals(at: charges, requests: dual(at: point.prices).ofRequests)
    }

    /// The trajectories that are taken, by the master's places.
    var values: [(trajectory: Int, value: Double)] {
        zip(columns.trajectories, point.values).filter { $1 > Self.noValue }.map { (trajectory: $0, value: $1) }
            .sorted { $0.trajectory < $1.trajectory }
    }

    // MARK: Rows

    /// For each row what all before it in its slot costs together.
    private func costsBefore(_ prices: [Double]) -> [Double] {
        var before = prices
        for slot in slots.indices {
            var sum = 0.0
            for row in slot * rowsPerSlot..<(slot + 1) * rowsPerSlot {
                before[row] = sum
                sum += prices[row]
            }
        }
        return before
    }

    /// What is used of each row when so much is taken of the columns.
    private func loads(of values: [Double]) -> [Double] {
        var loads = [Double](repeating: 0, count: capacities.count)
        for (column, value) in values.enumerated() where value != 0 { columns.note(value, of: column, in: &loads) }
        for slot in slots.indices {
            var load = 0.0
            for row in slot * rowsPerSlot..<(slot + 1) * rowsPerSlot {
                load += loads[row]
                loads[row] = load
            }
        }
        return loads
    }

    /// More of a budget can be had at a price; of nothing else can there be more.
    private func mostPrice(of slot: Slot) -> Double {
        switch slot {
        case .budget(_, let euros): Double(situation.instance.weights.overBudgetEuro) * euros
        case .resource: .infinity
        }
    }

    private static let eurosPerUnit = 10_000.0
    private static let firstStepSize = 0.05
    /// What moves less stands still.
    static let noMovement = 1e-9
    /// Prices that grow without end leave the balance finite for the branches to come.
    private static let mostBalance = 1e12
    private static let noValue = 1e-6
    /// The trajectories of each request that are neither new nor taken.
    private static let othersPerRequest = 6
}
