import CareChain
import LinearProgramming

extension MasterProblem {
    /// A model over some of the trajectories, and where in it everything is.
    struct Model {
        let model: LinearModel
        let columns: ColumnBatch
        /// The first row of each resource.
        fileprivate let firstRow: [Int]
        /// The row of each mixed unit-day's choice; its claims' rows follow.
        fileprivate let choiceRows: [Int]
        /// The day on which each row of a resource begins, and the days that its rows stand for.
        fileprivate let starts: [[Int]]
        fileprivate let days: [[Int]]
    }

    /// The model over some of the trajectories (its first columns, in that order) with all rows there are.
    ///
    /// The days of a resource are consecutive in what a trajectory uses. So each row but the first of a resource holds
    /// the difference to the row before it, with its slack as a column: a leg has two entries, where it begins and where
    /// it ends, and not one for each day. With it an interior point solve of a year takes 0.5 s and not 1.0 s.
    ///
    /// - Parameters:
    ///   - days: The days of each resource for which there are rows.
    ///   - mustBePlaced: The places of requests that have no choice to be unplaced.
    ///   - room: What is left of what is shared.
    ///   - rewards: What is taken off the cost of each trajectory, in points; empty: nothing.
    func model(
        over chosen: [Int], days: [[Int]], integers: Bool, mustBePlaced: Set<Int> = [], in room: Room = Room(),
        rewards: [Double] = []
    ) -> Model {
        let starts = integers ? days : starts(of: days, among: chosen, in: room)
        var model = LinearModel()
        var columns = ColumnBatch()
        for r in requests.indices { model.addRow(lower: mustBePlaced.contains(r) ? 1 : -.infinity, upper: 1) }
        for funder in budgetedFunders { model.addRow(upper: eurosLeft(funder) - (room.euros[funder] ?? 0)) }
        var firstRow = [Int](repeating: -1, count: days.count)
        for resource in days.indices where !days[resource].isEmpty {
            firstRow[resource] = model.rowCount
            var before = 0
            for day in starts[resource] {
                let capacity = capacity(of: resource, on: day, in: room)
                let ease = integers || model.rowCount > firstRow[resource] ? 0 : Self.ease
                let difference = Double(capacity - before) + ease
                model.addRow(lower: difference, upper: difference)
                before = capacity
            }
        }
        var choiceRows: [Int] = []
        var claimRow: [UnitDay: [Claim: Int]] = [:]
        for unitDay in mixedDays {
            choiceRows.append(model.addRow(upper: 1))
            for claim in claims[unitDay] ?? [] {
                claimRow[unitDay, default: [:]][claim] = model.addRow(upper: 0)
            }
        }

        for (n, t) in chosen.enumerated() {
            var entries = entries(of: t) { claimRow[$0]?[$1] }
            for use in uses[t] where firstRow[use.resource] >= 0 {
                let starts = starts[use.resource]
                let from = starts.place(of: use.from)
                let until = starts.place(of: use.until)
                if from == until { continue }
                entries.append(Entry(firstRow[use.resource] + from, Double(use.amount)))
                if until < starts.count { entries.append(Entry(firstRow[use.resource] + until, -Double(use.amount))) }
            }
            columns.append(
                cost: cost(of: trajectories[t]) - (rewards.isEmpty ? 0 : rewards[n]),
                upper: integers ? 1 : .infinity, isInteger: integers,
                entries: Self.merged(entries))
        }
        for n in budgetedFunders.indices {
            columns.append(
                cost: Double(situation.instance.weights.overBudgetEuro), isInteger: integers,
                entries: [Entry(requests.count + n, -1)])
        }
        for resource in days.indices {
            for n in starts[resource].indices {
                let row = firstRow[resource] + n
                let isLast = n + 1 == starts[resource].count
                func entries(_ amount: Double) -> [Entry] {
                    isLast ? [Entry(row, amount)] : [Entry(row, amount), Entry(row + 1, -amount)]
                }
                columns.append(cost: 0, entries: entries(1))
            }
        }
        for (unitDay, row) in zip(mixedDays, choiceRows) {
            for sex in Sex.allCases {
                let claimed = (claimRow[unitDay] ?? [:]).filter { $0.key.sex == sex }.values.sorted()
                columns.append(
                    cost: 0, upper: 1, isInteger: integers, entries: [Entry(row, 1)] + claimed.map { Entry($0, -1) })
            }
        }
        // The trajectories known may not do for all who must be placed, though others would: those are found at prices at
        // which having none costs more than leaving everybody unplaced.
        if !integers {
            let penalty = 1 + Double(requests.reduce(0) { $0 + $1.unplacedPoints })
            for r in mustBePlaced.sorted() { columns.append(cost: penalty, entries: [Entry(r, 1)]) }
        }
        return Model(
            model: model, columns: columns, firstRow: firstRow, choiceRows: choiceRows, starts: starts, days: days)
    }

    /// What a trajectory costs above leaving its request unplaced: less than nothing where it is worth something.
    func cost(of trajectory: Trajectory) -> Double {
        Double(trajectory.points - requests[trajectory.request].unplacedPoints)
    }

    /// What a trajectory has in the rows of requests, which come first, of budgets, which come next, and of claims.
    func entries(of t: Int, claimRow: (UnitDay, Claim) -> Int?) -> [Entry] {
        let trajectory = trajectories[t]
        var entries = [Entry(trajectory.request, 1)]
        for spending in trajectory.spending {
            if let n = budgetedFunders.firstIndex(of: spending.funder) {
                entries.append(Entry(requests.count + n, Double(spending.cents) / 100))
            }
        }
        if mixedDays.isEmpty { return entries }
        for mix in mixes[t] {
            let claim = Claim(request: trajectory.request, sex: mix.sex)
            for day in mix.from..<mix.until {
                if let row = claimRow(UnitDay(unit: mix.unit, day: day), claim) { entries.append(Entry(row, 1)) }
            }
        }
        return entries
    }

    /// The days of each resource on which a row begins: those on which there is not as much as before, or a trajectory comes or
    /// goes. On the days between, all is alike: one row stands for them: of a row for each, chance would say which has the price.
    func starts(of days: [[Int]], among chosen: [Int], in room: Room) -> [[Int]] {
        var changes = days.map { [Bool](repeating: false, count: $0.count + 1) }
        for t in chosen {
            for use in uses[t] where !days[use.resource].isEmpty {
                changes[use.resource][days[use.resource].place(of: use.from)] = true
                changes[use.resource][days[use.resource].place(of: use.until)] = true
            }
        }
        return days.indices.map { resource in
            var before: Int?
            return days[resource].enumerated().filter { place, day in
                let capacity = capacity(of: resource, on: day, in: room)
                defer { before = capacity }
                return changes[resource][place] || capacity != before
            }.map(\.element)
        }
    }

    /// The days of a resource that its n-th row stands for.
    static func alike(_ n: Int, of starts: [Int], among days: [Int]) -> ArraySlice<Int> {
        days[days.place(of: starts[n])..<(n + 1 == starts.count ? days.count : days.place(of: starts[n + 1]))]
    }

    /// The entries in order, those of one row summed, without those that come to nothing.
    private static func merged(_ entries: [Entry]) -> [Entry] {
        var merged: [Entry] = []
        for entry in entries.sorted(by: { $0.index < $1.index }) {
            if let last = merged.last, last.index == entry.index {
                merged[merged.count - 1] = Entry(entry.index, last.value + entry.value)
            } else {
                merged.append(entry)
            }
        }
        return merged.filter { $0.value != 0 }
    }

    /// What the duals of a model's rows stand for.
    func duals(_ rows: [Double], of model: Model) -> Duals {
        duals(at: charges(rows, of: model), requests: Array(rows[0..<requests.count]))
    }

    /// What the duals of a model's rows charge for what requests share.
    private func charges(_ rows: [Double], of model: Model) -> Charges {
        var charges = Charges()
        for (n, funder) in budgetedFunders.enumerated() {
            charges.perEuro[funder] = -rows[requests.count + n]
        }
        for resource in model.days.indices where model.firstRow[resource] >= 0 {
            let (starts, days) = (model.starts[resource], model.days[resource])
            var prices = [Double](repeating: 0, count: situation.days)
            for n in starts.indices {
                let row = model.firstRow[resource] + n
                let isLast = n + 1 == starts.count
                let alike = Self.alike(n, of: starts, among: days)
                // Rows are at most their right-hand side and the objective is minimised: their duals are at most 0. Where
                // all is alike so is each day's share: at an uneven one, who comes or goes amid them would be worth more.
                let price = ((isLast ? 0 : rows[row + 1]) - rows[row]) / Double(alike.count)
                for day in alike { prices[day] = price }
            }
            charges.ofResources.append((resource, prices[...]))
        }
        for (unitDay, row) in zip(mixedDays, model.choiceRows) {
            for (n, claim) in (claims[unitDay] ?? []).enumerated() {
                charges.ofClaims[unitDay, default: [:]][claim] = -rows[row + 1 + n]
            }
        }
        return charges
    }

    /// Duals between two, of which the others have a share.
    func duals(between duals: Duals, and others: Duals, share: Double) -> Duals {
        let parts = [(duals, 1 - share), (others, share)]
        var charges = Charges()
        for funder in budgetedFunders {
            charges.perEuro[funder] = parts.reduce(0) { $0 + $1.1 * $1.0.prices.cents[funder] * 100 }
        }
        for resource in days.indices where parts.contains(where: { !$0.0.days[resource].isEmpty }) {
            let (mine, theirs) = (daily(duals, resource), daily(others, resource))
            charges.ofResources.append((resource, zip(mine, theirs).map { (1 - share) * $0 + share * $1 }[...]))
        }
        for (duals, share) in parts {
            for (unitDay, prices) in duals.claims {
                for (claim, price) in prices {
                    charges.ofClaims[unitDay, default: [:]][claim, default: 0] += share * price
                }
            }
        }
        return self.duals(
            at: charges, requests: zip(duals.requests, others.requests).map { (1 - share) * $0 + share * $1 })
    }

    /// What a resource costs on each day of the horizon.
    func daily(_ duals: Duals, _ resource: Int) -> [Double] {
        var prices = [Double](repeating: 0, count: situation.days)
        for (day, price) in duals.prices(of: resource) { prices[day] = price }
        return prices
    }

    /// What is charged for all that requests share.
    struct Charges {
        /// Per euro of a funder's budget.
        var perEuro: [Int: Double] = [:]
        /// For resources on each day of the horizon, in their order.
        var ofResources: [(resource: Int, prices: ArraySlice<Double>)] = []
        /// For claims to single-sex units.
        var ofClaims: [UnitDay: [Claim: Double]] = [:]
    }

    /// The duals of charges and of the requests' rows.
    func duals(at charges: Charges, requests: [Double]) -> Duals {
        var prices = Prices(in: situation, open: self.requests.count)
        var worth = 0.0
        for funder in budgetedFunders {
            // More of a budget can be had at a price: beyond it, charges prove nothing.
            let price = min(max(0, charges.perEuro[funder] ?? 0), Double(situation.instance.weights.overBudgetEuro))
            prices.cents[funder] = price / 100
            worth += price * eurosLeft(funder)
        }
        var days = [[Int]](repeating: [], count: self.days.count)
        var sums = [[Double]](repeating: [], count: self.days.count)
        for (resource, ofDays) in charges.ofResources {
            days[resource] = ofDays.indices.filter { ofDays[$0] > Self.noPrice }.map { $0 - ofDays.startIndex }
            if days[resource].isEmpty { continue }
            let kind = shared.kind(of: resource)
            sums[resource] = [0]
            for day in days[resource] {
                let price = ofDays[ofDays.startIndex + day]
                sums[resource].append((sums[resource].last ?? 0) + price)
                worth += price * Double(shared.capacity(of: resource, on: day))
                prices.set(price, of: kind, on: day)
            }
        }
        var claims: [UnitDay: [Claim: Double]] = [:]
        for (unitDay, ofClaims) in charges.ofClaims.sorted(by: { $0.key < $1.key }) {
            var ofSexes = [Double](repeating: 0, count: Sex.allCases.count)
            for (claim, price) in ofClaims.sorted(by: { $0.key < $1.key }) where price > Self.noPrice {
                ofSexes[claim.sex.place] += price
                claims[unitDay, default: [:]][claim] = price
                prices.extras[claim.request].append(
                    .init(who: .sex(claim.sex), scope: .unit, place: unitDay.unit, day: unitDay.day, price: price))
            }
            // The unit is for one sex, whose claims are worth most at the most.
            worth += ofSexes.max() ?? 0
        }
        return Duals(requests: requests, prices: prices, worth: worth, days: days, sums: sums, claims: claims)
    }

    /// What a trajectory costs at the prices of some duals above what it is worth.
    func reducedCost(of t: Int, _ duals: Duals) -> Double {
        reducedCost(of: trajectories[t], uses[t], mixes[t], duals)
    }

    /// The same of a trajectory that is not known.
    func reducedCost(of trajectory: Trajectory, _ duals: Duals) -> Double {
        let request = requests[trajectory.request]
        return reducedCost(of: trajectory, shared.uses(of: trajectory, request), mixes(of: trajectory, request), duals)
    }

    private func reducedCost(
        of trajectory: Trajectory, _ uses: [SharedResources.Use], _ mixes: [Mix], _ duals: Duals
    ) -> Double {
        var cost = cost(of: trajectory) - duals.requests[trajectory.request]
        for spending in trajectory.spending { cost += duals.prices.cents[spending.funder] * Double(spending.cents) }
        for use in uses where !duals.sums[use.resource].isEmpty {
            let days = duals.days[use.resource]
            let sums = duals.sums[use.resource]
            cost += Double(use.amount) * (sums[days.place(of: use.until)] - sums[days.place(of: use.from)])
        }
        if !duals.claims.isEmpty {
            for mix in mixes {
                let claim = Claim(request: trajectory.request, sex: mix.sex)
                for day in mix.from..<mix.until {
                    cost += duals.claims[UnitDay(unit: mix.unit, day: day)]?[claim] ?? 0
                }
            }
        }
        return cost
    }

    /// So much more there is of everything in the linear program than there really is. Of all duals that are best it has
    /// the least, which tell what more would save: without, a bed where there is none can have any price (on `national-1`
    /// 4,166,897 for one that saves 4,905; with it no price is above 159,210, and that bed saves 159,208).
    static let ease = 1e-4
    /// Prices below this are the solver's arithmetic.
    private static let noPrice = 1e-7
}

/// What the master problem charges at some solution of its linear program, and what that makes of its capacities.
struct Duals {
    /// The dual of each request's row: at most 0 where it may be unplaced.
    var requests: [Double]
    let prices: Prices
    /// What all there is of the shared resources is worth at the prices.
    let worth: Double
    /// Per resource the days with a price, and the sums of the prices of those before each.
    let days: [[Int]]
    fileprivate let sums: [[Double]]
    /// What claims to single-sex units cost.
    let claims: [MasterProblem.UnitDay: [MasterProblem.Claim: Double]]

    /// The price of a resource on some days together.
    func price(of resource: Int, on chosen: ArraySlice<Int>) -> Double {
        let (days, sums) = (days[resource], sums[resource])
        if sums.isEmpty { return 0 }
        return chosen.reduce(0) { $0 + sums[days.place(of: $1 + 1)] - sums[days.place(of: $1)] }
    }

    /// The days on which a resource has a price, and that.
    func prices(of resource: Int) -> [(day: Int, price: Double)] {
        days[resource].enumerated().map { ($1, sums[resource][$0 + 1] - sums[resource][$0]) }
    }
}

extension [Int] {
    /// The place of the first element, of these in order, that is not less than a number.
    func place(of number: Int) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
