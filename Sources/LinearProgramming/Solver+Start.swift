internal import CHighs

extension Solver {
    /// Gives a mixed integer solve a solution to begin with: a value for each column.
    ///
    /// Where the values satisfy the model, the solve ends with nothing worse. It is forgotten when the model changes.
    ///
    /// - Throws: `SolverError.invalidModel` unless there is a number for each column.
    public mutating func setSolution(_ values: [Double]) throws(SolverError) {
        guard values.count == columnCount else {
            throw .invalidModel("there are \(columnCount) columns, but the solution has \(values.count) values")
        }
        if let column = values.firstIndex(where: { !$0.isFinite }) {
            throw .invalidModel("the solution gives column \(column) the value \(values[column])")
        }
        report = nil
        try instance.check("Highs_setSolution", Highs_setSolution(instance.pointer, values, nil, nil, nil))
    }

    /// Gives a mixed integer solve a solution to begin with, by the columns that are not zero.
    ///
    /// - Throws: `SolverError.invalidModel` for a column that there is not, or a value that is no number.
    public mutating func setSolution(_ entries: [Entry]) throws(SolverError) {
        var values = [Double](repeating: 0, count: columnCount)
        for entry in entries {
            guard values.indices.contains(entry.index) else {
                throw .invalidModel("there is no column \(entry.index): there are \(values.count)")
            }
            values[entry.index] = entry.value
        }
        try setSolution(values)
    }

    /// Where the last linear solve ended; a mixed integer solve loses it.
    ///
    /// - Throws: `SolverError.noSolution` where there was none.
    public func basis() throws(SolverError) -> Basis {
        guard try instance.integerInformation("basis_validity") == Int(kHighsBasisValidityValid) else {
            throw .noSolution("basis")
        }
        var basis = Basis(
            columns: [HighsInt](repeating: 0, count: columnCount),
            rows: [HighsInt](repeating: 0, count: rowCount)
        )
        try instance.check("Highs_getBasis", Highs_getBasis(instance.pointer, &basis.columns, &basis.rows))
        return basis
    }

    /// Lets the next linear solve begin here.
    ///
    /// - Throws: `SolverError.invalidModel` unless it is of a model with as many columns and rows.
    public mutating func setBasis(_ basis: Basis) throws(SolverError) {
        guard basis.columns.count == columnCount, basis.rows.count == rowCount else {
            throw .invalidModel(
                "the basis is of \(basis.columns.count) columns and \(basis.rows.count) rows, but the model has "
                    + "\(columnCount) and \(rowCount)"
            )
        }
        report = nil
        try instance.check("Highs_setBasis", Highs_setBasis(instance.pointer, basis.columns, basis.rows))
    }
}
