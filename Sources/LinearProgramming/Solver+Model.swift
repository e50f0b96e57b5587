internal import CHighs

extension Solver {
    /// The number of columns.
    public var columnCount: Int { Int(Highs_getNumCol(instance.pointer)) }

    /// The number of rows.
    public var rowCount: Int { Int(Highs_getNumRow(instance.pointer)) }

    /// Takes a model in place of the one it has.
    ///
    /// - Throws: `SolverError.invalidModel`, and keeps the one it has.
    public mutating func load(_ model: LinearModel) throws(SolverError) {
        try model.validate()
        report = nil
        let (columns, rows) = (model.columns, model.rows)
        try instance.check(
            "Highs_passMip",
            Highs_passMip(
                instance.pointer,
                HighsInt(columns.count),
                HighsInt(rows.count),
                HighsInt(rows.vectors.values.count),
                kHighsMatrixFormatRowwise,
                kHighsObjSenseMinimize,
                0,
                columns.costs,
                columns.bounds.lower,
                columns.bounds.upper,
                rows.bounds.lower,
                rows.bounds.upper,
                rows.vectors.starts,
                rows.vectors.indices,
                rows.vectors.values,
                columns.integers.map { $0 ? kHighsVarTypeInteger : kHighsVarTypeContinuous }
            )
        )
    }

    /// Adds columns after those that are there.
    ///
    /// - Throws: `SolverError.invalidModel`, and adds nothing.
    public mutating func addColumns(_ batch: ColumnBatch) throws(SolverError) {
        if batch.isEmpty { return }
        try batch.validate(rowCount: rowCount)
        let first = columnCount
        report = nil
        try instance.check(
            "Highs_addCols",
            Highs_addCols(
                instance.pointer,
                HighsInt(batch.count),
                batch.costs,
                batch.bounds.lower,
                batch.bounds.upper,
                HighsInt(batch.vectors.values.count),
                batch.vectors.starts,
                batch.vectors.indices,
                batch.vectors.values
            )
        )
        // HiGHS takes new columns for continuous.
        if batch.integers.contains(true) {
            let types = batch.integers.map { $0 ? kHighsVarTypeInteger : kHighsVarTypeContinuous }
            try instance.check(
                "Highs_changeColsIntegralityByRange",
                Highs_changeColsIntegralityByRange(
                    instance.pointer,
                    HighsInt(first),
                    HighsInt(first + batch.count - 1),
                    types
                )
            )
        }
    }

    /// Adds rows after those that are there.
    ///
    /// - Throws: `SolverError.invalidModel`, and adds nothing.
    public mutating func addRows(_ batch: RowBatch) throws(SolverError) {
        if batch.isEmpty { return }
        try batch.validate(columnCount: columnCount)
        report = nil
        try instance.check(
            "Highs_addRows",
            Highs_addRows(
                instance.pointer,
                HighsInt(batch.count),
                batch.bounds.lower,
                batch.bounds.upper,
                HighsInt(batch.vectors.values.count),
                batch.vectors.starts,
                batch.vectors.indices,
                batch.vectors.values
            )
        )
    }

    /// Removes the columns that are marked; those after them move up.
    ///
    /// - Throws: `SolverError.invalidModel` unless there is a mark, true or false, for each column.
    public mutating func deleteColumns(_ marks: [Bool]) throws(SolverError) {
        var mask = try mask(marks, count: columnCount, kind: "column")
        report = nil
        try instance.check("Highs_deleteColsByMask", Highs_deleteColsByMask(instance.pointer, &mask))
    }

    /// Removes the columns with these indices; those after them move up.
    ///
    /// - Throws: `SolverError.invalidModel` for a column that there is not.
    public mutating func deleteColumns(_ columns: [Int]) throws(SolverError) {
        try deleteColumns(marks(columns, count: columnCount, kind: "column"))
    }

    /// Removes the rows that are marked; those after them move up.
    ///
    /// - Throws: `SolverError.invalidModel` unless there is a mark, true or false, for each row.
    public mutating func deleteRows(_ marks: [Bool]) throws(SolverError) {
        var mask = try mask(marks, count: rowCount, kind: "row")
        report = nil
        try instance.check("Highs_deleteRowsByMask", Highs_deleteRowsByMask(instance.pointer, &mask))
    }

    /// Removes the rows with these indices; those after them move up.
    ///
    /// - Throws: `SolverError.invalidModel` for a row that there is not.
    public mutating func deleteRows(_ rows: [Int]) throws(SolverError) {
        try deleteRows(marks(rows, count: rowCount, kind: "row"))
    }

    /// Gives columns other bounds.
    ///
    /// - Throws: `SolverError.invalidModel` for a column that there is not or that comes twice, or bounds that cross.
    public mutating func setColumnBounds(_ columns: [Int], lower: [Double], upper: [Double]) throws(SolverError) {
        let selection = try Selection(columns, values: [lower, upper], count: columnCount, kind: "column")
        let bounds = BoundList(lower: selection.values[0], upper: selection.values[1])
        try bounds.validate("column") { Int(selection.indices[$0]) }
        report = nil
        try instance.check(
            "Highs_changeColsBoundsBySet",
            Highs_changeColsBoundsBySet(
                instance.pointer,
                selection.count,
                selection.indices,
                bounds.lower,
                bounds.upper
            )
        )
    }

    /// Gives rows other bounds.
    ///
    /// - Throws: `SolverError.invalidModel` for a row that there is not or that comes twice, or bounds that cross.
    public mutating func setRowBounds(_ rows: [Int], lower: [Double], upper: [Double]) throws(SolverError) {
        let selection = try Selection(rows, values: [lower, upper], count: rowCount, kind: "row")
        let bounds = BoundList(lower: selection.values[0], upper: selection.values[1])
        try bounds.validate("row") { Int(selection.indices[$0]) }
        report = nil
        try instance.check(
            "Highs_changeRowsBoundsBySet",
            Highs_changeRowsBoundsBySet(
                instance.pointer,
                selection.count,
                selection.indices,
                bounds.lower,
                bounds.upper
            )
        )
    }

    /// Gives columns other costs.
    ///
    /// - Throws: `SolverError.invalidModel` for a column that there is not or that comes twice, or an infinite cost.
    public mutating func setColumnCosts(_ columns: [Int], _ costs: [Double]) throws(SolverError) {
        let selection = try Selection(columns, values: [costs], count: columnCount, kind: "column")
        if let position = selection.values[0].firstIndex(where: { !Cost.isValid($0) }) {
            let (column, cost) = (selection.indices[position], selection.values[0][position])
            throw .invalidModel("column \(column) has the cost \(cost): \(Cost.requirement)")
        }
        report = nil
        try instance.check(
            "Highs_changeColsCostBySet",
            Highs_changeColsCostBySet(instance.pointer, selection.count, selection.indices, selection.values[0])
        )
    }

    /// Allows only whole values for columns, or all values again.
    ///
    /// - Throws: `SolverError.invalidModel` for a column that there is not or that comes twice.
    public mutating func setIntegrality(_ columns: [Int], isInteger: Bool) throws(SolverError) {
        let selection = try Selection(columns, values: [], count: columnCount, kind: "column")
        let type = isInteger ? kHighsVarTypeInteger : kHighsVarTypeContinuous
        report = nil
        try instance.check(
            "Highs_changeColsIntegralityBySet",
            Highs_changeColsIntegralityBySet(
                instance.pointer,
                selection.count,
                selection.indices,
                [HighsInt](repeating: type, count: columns.count)
            )
        )
    }

    /// Allows all values for all columns: the model is linear again.
    ///
    /// - Throws: `SolverError.failed`.
    public mutating func clearIntegrality() throws(SolverError) {
        report = nil
        try instance.check("Highs_clearIntegrality", Highs_clearIntegrality(instance.pointer))
    }

    private func mask(_ marks: [Bool], count: Int, kind: String) throws(SolverError) -> [HighsInt] {
        guard marks.count == count else {
            throw .invalidModel("there are \(count) \(kind)s, but \(marks.count) marks")
        }
        return marks.map { $0 ? 1 : 0 }
    }

    private func marks(_ indices: [Int], count: Int, kind: String) throws(SolverError) -> [Bool] {
        var marks = [Bool](repeating: false, count: count)
        for index in indices {
            guard marks.indices.contains(index) else {
                throw .invalidModel("there is no \(kind) \(index): there are \(count)")
            }
            marks[index] = true
        }
        return marks
    }
}

/// Columns or rows in ascending order, as HiGHS wants them, each with its values.
private struct Selection {
    private(set) var indices: [HighsInt] = []
    private(set) var values: [[Double]]

    var count: HighsInt { HighsInt(indices.count) }

    /// - Throws: `SolverError.invalidModel` unless each index is below `count` and comes once, with a value in each list.
    init(_ indices: [Int], values: [[Double]], count: Int, kind: String) throws(SolverError) {
        for list in values where list.count != indices.count {
            throw .invalidModel("\(indices.count) \(kind)s were given \(list.count) values")
        }
        let order = indices.indices.sorted { indices[$0] < indices[$1] }
        self.values = values.map { list in order.map { list[$0] } }
        self.indices.reserveCapacity(indices.count)
        var last: Int?
        for index in order.lazy.map({ indices[$0] }) {
            guard index >= 0, index < count else {
                throw .invalidModel("there is no \(kind) \(index): there are \(count)")
            }
            guard index != last else { throw .invalidModel("\(kind) \(index) comes twice") }
            last = index
            self.indices.append(HighsInt(index))
        }
    }
}
