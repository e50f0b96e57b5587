import CareChain
import LinearProgramming

/// The linear program of prices near known ones, kept from iteration to iteration: it begins at the known prices, and with a few
/// trajectories more it goes on where it ended. On `national-1` it takes 1 to 2 ms each time; made anew, 10.
///
/// Of the prices that are best and least, those of resources nearest to the known ones are found: a little of these can be bought
/// and sold at them (du Merle, Villeneuve, Desrosiers and Hansen, *Stabilized column generation*, 1999). Where they were right but
/// for a change, others are best only for want of trajectories.
struct SettlingProgram: ~Copyable {
    private var solver: Solver
    private let known: Duals
    /// The trajectories, and the column of each.
    private(set) var chosen: [Int] = []
    private var columns: [Int] = []
    private var rows: [Row] = []
    /// The places in `rows` of those of each resource, in order of their days.
    private var rowsOf: [[Int]]
    /// Whether the last solve was stopped.
    private(set) var isStopped = false
    private var claimRows: [MasterProblem.UnitDay: ClaimRows] = [:]

    /// A resource on some of its days, on which all that is known is alike.
    private struct Row {
        let index: Int
        let resource: Int
        var days: ArraySlice<Int>
        /// What it costs on these days at the known prices, and how much there is of it.
        var price = 0.0
        var room = -Double.infinity
        /// The column of what is bought at that price (below 0: sold); nil where it never had one.
        var trade: Int?

        var firstDay: Int { days[days.startIndex] }

        /// All of its days are alike to whoever uses it.
        func isUsed(by use: SharedResources.Use) -> Bool { use.from <= firstDay && firstDay < use.until }
    }

    /// The rows and columns of a single-sex unit on a day: one sex is chosen, and only who is of it can claim it.
    private struct ClaimRows {
        let choice: Int
        /// The columns of the sexes, by their places.
        let sexes: Range<Int>
        var claims: [MasterProblem.Claim: Int] = [:]
    }

    /// The program without trajectories.
    init(_ master: MasterProblem, near known: Duals, seed: Int) throws(SolverError) {
        var options = SolverOptions()
        options.seed = seed
        // It begins at a basis.
        options.presolve = .off
        options.method = .simplex
        var model = LinearModel()
        for _ in master.requests { model.addRow(upper: 1) }
        for funder in master.budgetedFunders { model.addRow(upper: master.eurosLeft(funder)) }
        var overBudget = ColumnBatch()
        for n in master.budgetedFunders.indices {
            overBudget.append(
                cost: Double(master.situation.instance.weights.overBudgetEuro),
                entries: [Entry(master.requests.count + n, -1)])
        }
        var solver = try Solver(options: options)
        try solver.load(model)
        try solver.addColumns(overBudget)
        self.solver = solver
        self.known = known
        rowsOf = .init(repeating: [], count: master.days.count)
    }

    /// Solves it: what it takes of trajectories, and its duals; nil when it was stopped, or the solver gave up.
    mutating func solve(
        _ master: MasterProblem, _ limits: SolveLimits, _ interrupt: Interrupt?
    ) throws(SolverError) -> (values: [(trajectory: Int, value: Double)], duals: Duals)? {
        let report = try solver.solve(limits: limits, interrupt: interrupt)
        isStopped = report.status == .timeLimit || report.status == .interrupted
        guard report.status == .optimal, report.hasSolution else { return nil }
        let values = try solver.columnValues()
        let taken = zip(chosen, columns).filter { values[$1] > ColumnGeneration.noValue }
        return (taken.map { ($0, values[$1]) }, duals(try solver.rowDuals(), of: master))
    }

    /// Adds trajectories, and the rows that these and the master problem need.
    mutating func add(_ new: [Int], of master: MasterProblem) throws(SolverError) {
        try addRows(for: chosen + new, of: master)
        var batch = ColumnBatch()
        for t in new {
            var entries = master.entries(of: t) { claimRows[$0]?.claims[$1] }
            for use in master.uses[t] {
                for n in rowsOf[use.resource] where rows[n].isUsed(by: use) {
                    entries.append(Entry(rows[n].index, Double(use.amount)))
                }
            }
            columns.append(solver.columnCount + batch.count)
            chosen.append(t)
            // Within bounds, whatever a trajectory costs, the dual simplex method can begin; this one is never reached.
            batch.append(cost: master.cost(of: master.trajectories[t]), upper: 2, entries: entries)
        }
        try solver.addColumns(batch)
        try setTrades(master)
    }

    // MARK: Rows

    private mutating func addRows(for all: [Int], of master: MasterProblem) throws(SolverError) {
        let firstRow = solver.rowCount
        let firstPlace = rows.count
        // What more is known tells days apart, and never makes those alike that were not.
        let days = master.contestedDays(of: all)
        for (resource, starts) in master.starts(of: days, among: all, in: MasterProblem.Room()).enumerated()
        where !starts.isEmpty {
            var left = rowsOf[resource]
            rowsOf[resource] = starts.indices.map { n in
                let alike = MasterProblem.alike(n, of: starts, among: days[resource])
                if let place = left.firstIndex(where: { rows[$0].days.contains(where: alike.contains) }) {
                    let row = left.remove(at: place)
                    rows[row].days = alike
                    return row
                }
                rows.append(Row(index: firstRow + rows.count - firstPlace, resource: resource, days: alike))
                return rows.count - 1
            }
        }
        let added = Dictionary(grouping: rows.indices[firstPlace...]) { rows[$0].resource }
        var entries = [[Entry]](repeating: [], count: rows.count - firstPlace)
        for (t, column) in zip(chosen, columns) {
            for use in master.uses[t] {
                for n in added[use.resource] ?? [] where rows[n].isUsed(by: use) {
                    entries[n - firstPlace].append(Entry(column, Double(use.amount)))
                }
            }
        }
        var batch = RowBatch()
        for entries in entries { batch.append(upper: 0, entries: entries) }
        try solver.addRows(batch)
        try addClaims(of: master)
    }

    private mutating func addClaims(of master: MasterProblem) throws(SolverError) {
        var sexes = ColumnBatch()
        var choices = RowBatch()
        for unitDay in master.mixedDays where claimRows[unitDay] == nil {
            let first = solver.columnCount + sexes.count
            let mine = ClaimRows(choice: solver.rowCount + choices.count, sexes: first..<first + Sex.allCases.count)
            for _ in mine.sexes { sexes.append(cost: 0, upper: 1) }
            choices.append(upper: 1, entries: mine.sexes.map { Entry($0, 1) })
            claimRows[unitDay] = mine
        }
        try solver.addColumns(sexes)
        try solver.addRows(choices)
        var batch = RowBatch()
        for unitDay in master.mixedDays {
            for claim in master.claims[unitDay] ?? [] where claimRows[unitDay]?.claims[claim] == nil {
                guard let first = claimRows[unitDay]?.sexes.lowerBound else { continue }
                var entries = [Entry(first + claim.sex.place, -1)]
                for (t, column) in zip(chosen, columns) where master.trajectories[t].request == claim.request {
                    let mixes = master.mixes[t].filter {
                        $0.unit == unitDay.unit && $0.sex == claim.sex && ($0.from..<$0.until).contains(unitDay.day)
                    }
                    entries += mixes.map { _ in Entry(column, 1) }
                }
                claimRows[unitDay]?.claims[claim] = solver.rowCount + batch.count
                batch.append(upper: 0, entries: entries)
            }
        }
        try solver.addRows(batch)
    }

    /// Sets how much there is of everything, and what a little of it can be traded at.
    private mutating func setTrades(_ master: MasterProblem) throws(SolverError) {
        var batch = ColumnBatch()
        var costs: [(column: Int, cost: Double)] = []
        var bounds: [(row: Int, room: Double)] = []
        for n in rows.indices {
            let row = rows[n]
            let price = known.price(of: row.resource, on: row.days)
            if let trade = row.trade {
                if price != row.price { costs.append((trade, price)) }
            } else if price > 0 {
                rows[n].trade = solver.columnCount + batch.count
                batch.append(cost: price, lower: -Self.trade, upper: Self.trade, entries: [Entry(row.index, -1)])
            }
            rows[n].price = price
            // What costs nothing is there.
            let free = rows[n].trade == nil ? Self.trade : 0
            rows[n].room =
                Double(master.shared.capacity(of: row.resource, on: row.firstDay)) + MasterProblem.ease + free
            if rows[n].room != row.room { bounds.append((row.index, rows[n].room)) }
        }
        try solver.setRowBounds(
            bounds.map(\.row), lower: .init(repeating: -.infinity, count: bounds.count), upper: bounds.map(\.room))
        try solver.setColumnCosts(costs.map(\.column), costs.map(\.cost))
        try solver.addColumns(batch)
    }

    // MARK: Solving

    /// Takes its first trajectories, and begins where what is traded has the known prices, and everybody is where that costs
    /// least at these: budgets and the sexes of units aside nothing is worth more than it costs there, only too much may be taken.
    mutating func begin(over chosen: [Int], of master: MasterProblem) throws(SolverError) {
        try add(chosen, of: master)
        var columnPlaces = [Basis.Place](repeating: .atLower, count: solver.columnCount)
        var rowPlaces = [Basis.Place](repeating: .basic, count: solver.rowCount)
        for row in rows {
            guard let trade = row.trade else { continue }
            columnPlaces[trade] = .basic
            rowPlaces[row.index] = .atUpper
        }
        var best = [(column: Int, cost: Double)?](repeating: nil, count: master.requests.count)
        for (t, column) in zip(chosen, columns) {
            let request = master.trajectories[t].request
            let cost = master.reducedCost(of: t, known) + known.requests[request]
            if cost < best[request]?.cost ?? 0 { best[request] = (column, cost) }
        }
        for (request, best) in best.enumerated() {
            guard let best else { continue }
            columnPlaces[best.column] = .basic
            rowPlaces[request] = .atUpper
        }
        try solver.setBasis(Basis(columns: columnPlaces, rows: rowPlaces))
    }

    /// What the duals of the rows stand for.
    private func duals(_ duals: [Double], of master: MasterProblem) -> Duals {
        var charges = MasterProblem.Charges()
        for (n, funder) in master.budgetedFunders.enumerated() {
            charges.perEuro[funder] = -duals[master.requests.count + n]
        }
        for (resource, mine) in rowsOf.enumerated() where !mine.isEmpty {
            var prices = [Double](repeating: 0, count: master.situation.days)
            for row in mine.map({ rows[$0] }) {
                for day in row.days { prices[day] = -duals[row.index] / Double(row.days.count) }
            }
            charges.ofResources.append((resource, prices[...]))
        }
        for (unitDay, mine) in claimRows {
            charges.ofClaims[unitDay] = mine.claims.mapValues { -duals[$0] }
        }
        return master.duals(at: charges, requests: Array(duals[0..<master.requests.count]))
    }

    /// So much can be bought and sold at known prices. Were it as much as there is more, high ones would stay where lower ones
    /// are as good: after thirty plans of `national-1` from each other, 53 of 67 beds had the price of what they save, and not
    /// 61.
    private static let trade = MasterProblem.ease / 2
}
