import LinearProgramming
import Testing

@Suite("Linear solves")
struct LinearSolveTests {
    /// Two products of two scarce materials: maximise 3x + 5y, subject to x ≤ 4, 2y ≤ 12, 3x + 2y ≤ 18.
    private func products() -> LinearModel {
        var model = LinearModel()
        let x = model.addColumn(cost: -3)
        let y = model.addColumn(cost: -5)
        model.addRow(upper: 4, entries: [Entry(x, 1)])
        model.addRow(upper: 12, entries: [Entry(y, 2)])
        model.addRow(upper: 18, entries: [Entry(x, 3), Entry(y, 2)])
        return model
    }

    @Test("give the values, sums, duals and reduced costs of the textbook")
    func textbook() throws {
        var solver = try Solver()
        try solver.load(products())
        let report = try solver.solve()
        #expect(report.status == .optimal)
        #expect(report.statusText == "Optimal")
        #expect(report.hasSolution)
        #expect(report.objective == -36)
        #expect(report.bound == -36)
        #expect(report.gap == 0)
        #expect(report.nodes == nil)
        #expect(near(try solver.columnValues(), [2, 6]))
        #expect(near(try solver.rowValues(), [2, 12, 18]))
        #expect(near(try solver.rowDuals(), [0, -1.5, -1]))
        #expect(near(try solver.reducedCosts(), [0, 0]))
    }

    @Test("fill arrays that are there, whatever they held")
    func fillArrays() throws {
        var solver = try Solver()
        try solver.load(products())
        _ = try solver.solve()
        var values = [9.0, 9]
        var duals = [9.0]
        try solver.columnValues(into: &values)
        try solver.rowDuals(into: &duals)
        #expect(near(values, [2, 6]))
        #expect(near(duals, [0, -1.5, -1]))
    }

    @Test("take columns and rows that are added while the solver lives")
    func additions() throws {
        var solver = try Solver()
        var model = LinearModel()
        model.addRow(upper: 4)
        model.addRow(upper: 18)
        try solver.load(model)
        #expect(try solver.solve().objective == 0)

        var columns = ColumnBatch()
        columns.append(cost: -3, entries: [Entry(0, 1), Entry(1, 3)])
        columns.append(cost: -5, entries: [Entry(1, 2)])
        try solver.addColumns(columns)
        #expect(try solver.solve().objective == -45)

        var rows = RowBatch()
        rows.append(upper: 12, entries: [Entry(1, 2)])
        try solver.addRows(rows)
        #expect(try solver.solve().objective == -36)

        columns.removeAll()
        columns.append(cost: -10, upper: 1)
        try solver.addColumns(columns)
        #expect(try solver.solve().objective == -46)
        #expect(solver.columnCount == 3)
        #expect(solver.rowCount == 3)
    }

    @Test("begin where the last one ended")
    func warmStart() throws {
        // Presolve would leave nothing to iterate over in a model this small.
        var options = SolverOptions()
        options.presolve = .off
        var solver = try Solver(options: options)
        try solver.load(products())
        #expect(try solver.solve().iterations > 0)
        #expect(try solver.solve().iterations == 0)
        let basis = try solver.basis()

        // A column that no price calls for changes nothing, and leaving it out again neither.
        var columns = ColumnBatch()
        columns.append(cost: 1, entries: [Entry(0, 1)])
        try solver.addColumns(columns)
        #expect(try solver.solve().iterations == 0)
        try solver.deleteColumns([2])
        #expect(try solver.solve().iterations == 0)

        var other = try Solver()
        try other.load(products())
        try other.setBasis(basis)
        let report = try other.solve()
        #expect(report.iterations == 0)
        #expect(report.objective == -36)
    }

    @Test("begin where they are told to")
    func givenStart() throws {
        var options = SolverOptions()
        options.presolve = .off
        var solver = try Solver(options: options)
        var model = LinearModel()
        let bread = model.addColumn(cost: -2)
        let soup = model.addColumn(cost: -1, upper: 3)
        model.addRow(upper: 4, entries: [Entry(bread, 1), Entry(soup, 1)])
        try solver.load(model)
        try solver.setBasis(Basis(columns: [.basic, .atLower], rows: [.atUpper]))
        let report = try solver.solve()
        #expect(report.iterations == 0)
        #expect(report.objective == -8)
        #expect(try solver.basis() == Basis(columns: [.basic, .atLower], rows: [.atUpper]))

        try solver.setBasis(Basis(columns: [.atLower, .atUpper], rows: [.basic]))
        #expect(try solver.solve().iterations > 0)
        #expect(throws: SolverError.self) { try solver.setBasis(Basis(columns: [.basic], rows: [.atUpper])) }
    }

    @Test("leave out what was deleted, and the rest moves up")
    func deletions() throws {
        var solver = try Solver()
        try solver.load(products())
        try solver.deleteRows([1, 0])
        #expect(try solver.solve().objective == -45)
        #expect(near(try solver.columnValues(), [0, 9]))
        try solver.deleteColumns([false, true])
        #expect(try solver.solve().objective == -18)
        #expect(near(try solver.columnValues(), [6]))
    }

    @Test("follow other bounds and costs, given in any order")
    func changes() throws {
        var solver = try Solver()
        try solver.load(products())
        try solver.setRowBounds([2, 0], lower: [-.infinity, -.infinity], upper: [24, 1])
        #expect(try solver.solve().objective == -33)
        try solver.setColumnCosts([1, 0], [-1, -7])
        #expect(try solver.solve().objective == -13)
        try solver.setColumnBounds([1, 0], lower: [2, 0], upper: [2, 0.5])
        #expect(try solver.solve().objective == -5.5)
    }

    @Test("tell infeasible from unbounded")
    func infeasibleAndUnbounded() throws {
        var solver = try Solver()
        var model = LinearModel()
        let x = model.addColumn(cost: -1)
        model.addRow(lower: 3, entries: [Entry(x, 1)])
        try solver.load(model)
        let unbounded = try solver.solve()
        #expect(unbounded.status == .unbounded)
        #expect(unbounded.bound == nil)

        var rows = RowBatch()
        rows.append(upper: 2, entries: [Entry(x, 1)])
        try solver.addRows(rows)
        let infeasible = try solver.solve()
        #expect(infeasible.status == .infeasible)
        #expect(!infeasible.hasSolution)
        #expect(infeasible.objective == nil)
    }

    @Test("without columns look at the rows, which HiGHS does not")
    func noColumns() throws {
        var solver = try Solver()
        #expect(try solver.solve().status == .optimal)
        var model = LinearModel()
        model.addRow(upper: 1)
        try solver.load(model)
        let report = try solver.solve()
        #expect(report.objective == 0)
        var duals = [5.0]
        try solver.rowDuals(into: &duals)
        #expect(duals == [0])

        var rows = RowBatch()
        rows.append(lower: 1)
        try solver.addRows(rows)
        #expect(try solver.solve().status == .infeasible)
    }

    @Test("give no values before a solve, nor after a change")
    func noSolution() throws {
        var solver = try Solver()
        try solver.load(products())
        expectNoSolution { () throws(SolverError) in try solver.columnValues() }
        _ = try solver.solve()
        #expect(try solver.rowDuals().count == 3)
        try solver.setColumnCosts([0], [1])
        expectNoSolution { () throws(SolverError) in try solver.rowDuals() }
        expectNoSolution { () throws(SolverError) in try solver.reducedCosts() }
        expectNoSolution { () throws(SolverError) in try solver.rowValues() }
    }

    @Test("find the same by each method")
    func methods() throws {
        for (method, strategy) in [
            (SolverOptions.Method.simplex, SolverOptions.SimplexStrategy.dual), (.simplex, .primal), (.choose, .choose),
            (.interiorPoint, .dual),
        ] {
            var options = SolverOptions()
            options.method = method
            options.simplexStrategy = strategy
            options.presolve = .off
            var solver = try Solver(options: options)
            try solver.load(products())
            #expect(try abs((solver.solve().objective ?? 0) + 36) < 1e-6, "\(method), \(strategy)")
        }
    }

    /// At the optimum, what the duals say that rows and bounds are worth is what the columns cost.
    @Test("have duals that prove the optimum, on 50 random models")
    func duality() throws {
        var random = RandomNumbers(seed: 2)
        var solver = try Solver()
        for number in 0..<50 {
            let (columnCount, rowCount) = (
                Int.random(in: 1...12, using: &random), Int.random(in: 1...10, using: &random)
            )
            var model = LinearModel()
            var costs: [Double] = []
            var uppers: [Double] = []
            var point: [Double] = []
            for _ in 0..<columnCount {
                costs.append(Double(Int.random(in: -9...9, using: &random)))
                uppers.append(Double(Int.random(in: 1...6, using: &random)))
                model.addColumn(cost: costs[costs.count - 1], upper: uppers[uppers.count - 1])
                point.append(Double.random(in: 0...uppers[uppers.count - 1], using: &random))
            }
            var rows: [(lower: Double, upper: Double, entries: [Entry])] = []
            for _ in 0..<rowCount {
                let entries = (0..<columnCount).filter { _ in Bool.random(using: &random) }
                    .map { Entry($0, Double(Int.random(in: -5...5, using: &random))) }
                // Around a point within the bounds, so that there is a solution.
                let sum = entries.reduce(0) { $0 + $1.value * point[$1.index] }
                let lower = Bool.random(using: &random) ? sum - Double.random(in: 0...2, using: &random) : -.infinity
                let upper = Bool.random(using: &random) ? sum + Double.random(in: 0...2, using: &random) : .infinity
                rows.append((lower, upper, entries))
                model.addRow(lower: lower, upper: upper, entries: entries)
            }
            try solver.load(model)
            let report = try solver.solve()
            #expect(report.status == .optimal)
            let objective = try #require(report.objective)
            let duals = try solver.rowDuals()
            let reduced = try solver.reducedCosts()

            var dualObjective = 0.0
            for (row, dual) in zip(rows, duals) where abs(dual) > 1e-9 {
                dualObjective += dual * (dual > 0 ? row.lower : row.upper)
            }
            for (upper, reduced) in zip(uppers, reduced) where reduced < 0 { dualObjective += reduced * upper }
            #expect(abs(dualObjective - objective) < 1e-6, "model \(number)")

            var priced = costs
            for (row, dual) in zip(rows, duals) {
                for entry in row.entries { priced[entry.index] -= dual * entry.value }
            }
            #expect(near(reduced, priced), "model \(number)")
        }
    }

    private func expectNoSolution(
        sourceLocation: SourceLocation = #_sourceLocation,
        _ read: () throws(SolverError) -> [Double]
    ) {
        do {
            _ = try read()
            Issue.record("there were values", sourceLocation: sourceLocation)
        } catch .noSolution {
        } catch {
            Issue.record(error, sourceLocation: sourceLocation)
        }
    }
}

/// Whether numbers are the same but for rounding.
func near(_ some: [Double], _ others: [Double]) -> Bool {
    some.count == others.count && zip(some, others).allSatisfy { abs($0 - $1) < 1e-6 }
}

/// The same numbers for the same seed (splitmix64).
struct RandomNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
