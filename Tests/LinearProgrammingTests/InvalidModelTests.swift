import LinearProgramming
import Testing

/// What is no model is refused before HiGHS sees it, with the place and the reason.
@Suite("Invalid models")
struct InvalidModelTests {
    @Test(
        "are refused with the column and what is wrong with it",
        arguments: [
            (Double.infinity, 0.0, 1.0, "column 1 has the cost inf"),
            (Double.nan, 0, 1, "column 1 has the cost nan"),
            (1e20, 0, 1, "column 1 has the cost 1e+20"),
            (1, 2, 1, "column 1 is bounded by 2.0 and 1.0"),
            (1, .nan, 1, "column 1 is bounded by nan and 1.0"),
            (1, .infinity, .infinity, "column 1 is bounded by inf and inf"),
            (1, -.infinity, -.infinity, "column 1 is bounded by -inf and -inf"),
        ]
    )
    func column(cost: Double, lower: Double, upper: Double, message: String) {
        var model = LinearModel()
        model.addColumn(cost: 1)
        model.addColumn(cost: cost, lower: lower, upper: upper)
        expectInvalid(message) { () throws(SolverError) in try model.validate() }
    }

    @Test(
        "are refused with the row and what is wrong with it",
        arguments: [
            (3.0, 2.0, Entry(0, 1), "row 1 is bounded by 3.0 and 2.0"),
            (0, 1, Entry(2, 1), "row 1 names column 2, but there are 2"),
            (0, 1, Entry(-1, 1), "row 1 names column -1, but there are 2"),
            (0, 1, Entry(Int.max, 1), "row 1 names column"),
            (0, 1, Entry(1, .nan), "row 1 has the coefficient nan at column 1"),
            (0, 1, Entry(1, .infinity), "row 1 has the coefficient inf at column 1"),
            (0, 1, Entry(1, 1e-10), "row 1 has the coefficient 1e-10 at column 1"),
        ]
    )
    func row(lower: Double, upper: Double, entry: Entry, message: String) {
        var model = LinearModel()
        model.addColumn(cost: 1)
        model.addColumn(cost: 1)
        model.addRow(entries: [Entry(0, 1), Entry(1, 1)])
        model.addRow(lower: lower, upper: upper, entries: [entry])
        expectInvalid(message) { () throws(SolverError) in try model.validate() }
    }

    @Test("leave the solver with the model it had")
    func keepTheModel() throws {
        var solver = try Solver()
        try solver.load(oneColumn(atLeast: 2))
        var wrong = LinearModel()
        wrong.addColumn(cost: .nan)
        expectInvalid("column 0") { () throws(SolverError) in try solver.load(wrong) }
        var columns = ColumnBatch()
        columns.append(cost: 1, entries: [Entry(1, 1)])
        expectInvalid("column 0 names row 1, but there are 1") { () throws(SolverError) in
            try solver.addColumns(columns)
        }
        var rows = RowBatch()
        rows.append(upper: 1, entries: [Entry(5, 1)])
        expectInvalid("row 0 names column 5") { () throws(SolverError) in try solver.addRows(rows) }
        #expect(solver.columnCount == 1)
        #expect(solver.rowCount == 1)
        #expect(try solver.solve().objective == 2)
    }

    @Test("changes of what is not there are refused")
    func changes() throws {
        var solver = try Solver()
        try solver.load(oneColumn(atLeast: 2))
        expectInvalid("there is no column 1: there are 1") { () throws(SolverError) in
            try solver.setColumnCosts([1], [3])
        }
        expectInvalid("column 0 comes twice") { () throws(SolverError) in try solver.setColumnCosts([0, 0], [3, 4]) }
        expectInvalid("1 columns were given 2 values") { () throws(SolverError) in
            try solver.setColumnCosts([0], [3, 4])
        }
        expectInvalid("column 0 has the cost inf") { () throws(SolverError) in
            try solver.setColumnCosts([0], [.infinity])
        }
        expectInvalid("column 0 is bounded by 2.0 and 1.0") { () throws(SolverError) in
            try solver.setColumnBounds([0], lower: [2], upper: [1])
        }
        expectInvalid("there is no row -1") { () throws(SolverError) in
            try solver.setRowBounds([-1], lower: [2], upper: [3])
        }
        expectInvalid("there is no column 4") { () throws(SolverError) in try solver.deleteColumns([4]) }
        expectInvalid("there are 1 rows, but 2 marks") { () throws(SolverError) in
            try solver.deleteRows([true, false])
        }
        expectInvalid("there is no column 2") { () throws(SolverError) in
            try solver.setIntegrality([2], isInteger: true)
        }
        expectInvalid("there are 1 columns, but the solution has 2") { () throws(SolverError) in
            try solver.setSolution([1, 2])
        }
        expectInvalid("column 0 the value nan") { () throws(SolverError) in try solver.setSolution([.nan]) }
        expectInvalid("there is no column 3") { () throws(SolverError) in try solver.setSolution([Entry(3, 1)]) }
        #expect(try solver.solve().objective == 2)
    }

    @Test("options that there are not are refused, and the others stay")
    func options() throws {
        var wrong = SolverOptions()
        wrong.seed = -1
        #expect(throws: SolverError.invalidOption("random_seed cannot be -1")) { _ = try Solver(options: wrong) }
        var solver = try Solver()
        wrong = SolverOptions()
        wrong.seed = 7
        wrong.relativeGap = .nan
        do {
            try solver.setOptions(wrong)
            Issue.record("a gap that is not a number was accepted")
        } catch {
            #expect(error == .invalidOption("mip_rel_gap cannot be nan"))
        }
        #expect(solver.options == SolverOptions())
        do {
            _ = try solver.solve(limits: SolveLimits(iterations: -1))
            Issue.record("a negative limit was accepted")
        } catch {
            #expect(error == .invalidOption("simplex_iteration_limit cannot be -1"))
        }
    }

    private func oneColumn(atLeast least: Double) -> LinearModel {
        var model = LinearModel()
        model.addColumn(cost: 1)
        model.addRow(lower: least, entries: [Entry(0, 1)])
        return model
    }

    private func expectInvalid(
        _ message: String,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ body: () throws(SolverError) -> Void
    ) {
        do {
            try body()
            Issue.record("accepted, though: \(message)", sourceLocation: sourceLocation)
        } catch .invalidModel(let reason) {
            #expect(reason.contains(message), sourceLocation: sourceLocation)
        } catch {
            Issue.record(error, sourceLocation: sourceLocation)
        }
    }
}
