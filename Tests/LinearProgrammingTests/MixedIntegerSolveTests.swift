import LinearProgramming
import Testing

@Suite("Mixed integer solves")
struct MixedIntegerSolveTests {
    private let weights: [Double] = [3, 4, 5, 9, 14]
    private let worths: [Double] = [3, 4, 4, 10, 15]

    /// The best of things with these weights and worths that together weigh at most 16.
    private func knapsack(isInteger: Bool) -> LinearModel {
        var model = LinearModel()
        for worth in worths { model.addColumn(cost: -worth, upper: 1, isInteger: isInteger) }
        model.addRow(upper: 16, entries: weights.enumerated().map { Entry($0, $1) })
        return model
    }

    @Test("find the best whole values, and prove it")
    func best() throws {
        var solver = try Solver()
        try solver.load(knapsack(isInteger: true))
        let report = try solver.solve()
        #expect(report.status == .optimal)
        #expect(report.objective == -17)
        #expect(try #require(report.bound) > -18)
        #expect(report.nodes != nil)
        #expect(!report.hasDuals)
        #expect(near(try solver.columnValues(), [1, 1, 0, 1, 0]))
    }

    @Test("give no duals")
    func noDuals() throws {
        var solver = try Solver()
        try solver.load(knapsack(isInteger: true))
        _ = try solver.solve()
        do {
            _ = try solver.rowDuals()
            Issue.record("there were duals")
        } catch {
            #expect(error == .noSolution("duals"))
        }
    }

    @Test("become linear ones when integrality is cleared, and the other way round")
    func switchIntegrality() throws {
        var solver = try Solver()
        try solver.load(knapsack(isInteger: false))
        let relaxed = try #require(solver.solve().objective)
        #expect(relaxed < -17)
        let basis = try solver.basis()
        try solver.setIntegrality([4, 0, 1, 2, 3], isInteger: true)
        #expect(try solver.solve().objective == -17)
        #expect(throws: SolverError.noSolution("basis")) { _ = try solver.basis() }
        try solver.clearIntegrality()
        try solver.setBasis(basis)
        let again = try solver.solve()
        #expect(again.objective == relaxed)
        #expect(again.iterations == 0)
        #expect(again.hasDuals)
        try solver.setIntegrality([0], isInteger: true)
        try solver.setIntegrality([0], isInteger: false)
        #expect(try solver.solve().nodes == nil)
    }

    @Test("take integer columns that are added")
    func addedColumns() throws {
        var solver = try Solver()
        try solver.load(knapsack(isInteger: true))
        var columns = ColumnBatch()
        columns.append(cost: -30, upper: 1, isInteger: true, entries: [Entry(0, 17)])
        columns.append(cost: -2, upper: 0.5)
        try solver.addColumns(columns)
        #expect(try solver.solve().objective == -18)
        #expect(near(try solver.columnValues(), [1, 1, 0, 1, 0, 0, 0.5]))
    }

    /// By a limit of no node: what is found then is not worse than what was given.
    @Test("begin with the solution that is given, by all values or those that are not zero")
    func start() throws {
        let model = MixedIntegerSolveTests.hard(rows: 15, columns: 40, seed: 5)
        var solver = try Solver()
        try solver.load(model)
        let good = try solver.solve(limits: SolveLimits(nodes: 50))
        let objective = try #require(good.objective)
        let values = try solver.columnValues().map { $0.rounded() }

        var other = try Solver()
        for isSparse in [false, true] {
            try other.load(model)
            if isSparse {
                try other.setSolution(values.enumerated().filter { $1 != 0 }.map { Entry($0, $1) })
            } else {
                try other.setSolution(values)
            }
            let report = try other.solve(limits: SolveLimits(nodes: 0))
            #expect(try #require(report.objective) <= objective + 1e-6)
        }
    }

    @Test("are the same for the same seed")
    func deterministic() throws {
        let model = MixedIntegerSolveTests.hard(rows: 15, columns: 40, seed: 3)
        let results = try (0..<2).map { _ in
            var options = SolverOptions()
            options.seed = 11
            var solver = try Solver(options: options)
            try solver.load(model)
            var report = try solver.solve(limits: SolveLimits(nodes: 20))
            report.seconds = 0
            return (report, try solver.columnValues())
        }
        #expect(results[0] == results[1])
    }

    /// Several knapsacks at once that share their things, which takes HiGHS long to prove anything about.
    static func hard(rows: Int, columns: Int, seed: UInt64) -> LinearModel {
        var random = RandomNumbers(seed: seed)
        var model = LinearModel()
        for _ in 0..<columns {
            model.addColumn(cost: -Double(Int.random(in: 500...1000, using: &random)), upper: 1, isInteger: true)
        }
        for _ in 0..<rows {
            let weights = (0..<columns).map { Entry($0, Double(Int.random(in: 10...1000, using: &random))) }
            model.addRow(upper: (weights.reduce(0) { $0 + $1.value } / 2).rounded(), entries: weights)
        }
        return model
    }
}
