internal import CHighs

extension Solver {
    /// The value of each column.
    ///
    /// - Throws: `SolverError.noSolution` where the last solve found none, or the model has changed since.
    public func columnValues() throws(SolverError) -> [Double] {
        var values: [Double] = []
        try columnValues(into: &values)
        return values
    }

    /// Puts the value of each column in an array, without allocating when it has the right length.
    ///
    /// - Throws: `SolverError.noSolution` where the last solve found none, or the model has changed since.
    public func columnValues(into values: inout [Double]) throws(SolverError) {
        try require(report?.hasSolution, "column values")
        fit(&values, count: columnCount)
        try instance.check("Highs_getSolution", Highs_getSolution(instance.pointer, &values, nil, nil, nil))
    }

    /// The sum of each row.
    ///
    /// - Throws: `SolverError.noSolution` where the last solve found none, or the model has changed since.
    public func rowValues() throws(SolverError) -> [Double] {
        var values: [Double] = []
        try rowValues(into: &values)
        return values
    }

    /// Puts the sum of each row in an array, without allocating when it has the right length.
    ///
    /// - Throws: `SolverError.noSolution` where the last solve found none, or the model has changed since.
    public func rowValues(into values: inout [Double]) throws(SolverError) {
        try require(report?.hasSolution, "row values")
        fit(&values, count: rowCount)
        try instance.check("Highs_getSolution", Highs_getSolution(instance.pointer, nil, nil, &values, nil))
    }

    /// The dual of each row: what the objective changes by when the row's bounds rise by one.
    ///
    /// - Throws: `SolverError.noSolution` after a mixed integer solve, or when the model has changed since.
    public func rowDuals() throws(SolverError) -> [Double] {
        var duals: [Double] = []
        try rowDuals(into: &duals)
        return duals
    }

    /// Puts the dual of each row in an array, without allocating when it has the right length.
    ///
    /// - Throws: `SolverError.noSolution` after a mixed integer solve, or when the model has changed since.
    public func rowDuals(into duals: inout [Double]) throws(SolverError) {
        try require(report?.hasDuals, "duals")
        fit(&duals, count: rowCount)
        try instance.check("Highs_getSolution", Highs_getSolution(instance.pointer, nil, nil, nil, &duals))
    }

    /// The reduced cost of each column: its cost less what its coefficients are worth at the duals.
    ///
    /// - Throws: `SolverError.noSolution` after a mixed integer solve, or when the model has changed since.
    public func reducedCosts() throws(SolverError) -> [Double] {
        var costs: [Double] = []
        try reducedCosts(into: &costs)
        return costs
    }

    /// Puts the reduced cost of each column in an array, without allocating when it has the right length.
    ///
    /// - Throws: `SolverError.noSolution` after a mixed integer solve, or when the model has changed since.
    public func reducedCosts(into costs: inout [Double]) throws(SolverError) {
        try require(report?.hasDuals, "duals")
        fit(&costs, count: columnCount)
        try instance.check("Highs_getSolution", Highs_getSolution(instance.pointer, nil, &costs, nil, nil))
    }

    private func require(_ isThere: Bool?, _ what: String) throws(SolverError) {
        guard isThere == true else { throw .noSolution(what) }
    }

    private func fit(_ values: inout [Double], count: Int) {
        // Without columns HiGHS fills in nothing, and all is zero.
        if values.count != count || columnCount == 0 { values = [Double](repeating: 0, count: count) }
    }
}
