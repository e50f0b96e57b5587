/// A linear or mixed integer model as a value: minimise the costs of columns, subject to rows.
///
///     var model = LinearModel()
///     let bread = model.addColumn(cost: 2, upper: 40)
///     let soup = model.addColumn(cost: 3)
///     model.addRow(lower: 50, entries: [Entry(bread, 1), Entry(soup, 1)])
///
/// Rows that get their coefficients from columns added later (`Solver.addColumns`) have no entries.
public struct LinearModel: Sendable, Equatable {
    private(set) var columns = ColumnBatch()
    private(set) var rows = RowBatch()

    /// The number of columns.
    public var columnCount: Int { columns.count }

    /// The number of rows.
    public var rowCount: Int { rows.count }

    /// Makes a model without columns and rows.
    public init() {}

    /// Adds a column, and tells its index; see `ColumnBatch.append` for the parameters.
    @discardableResult
    public mutating func addColumn(
        cost: Double,
        lower: Double = 0,
        upper: Double = .infinity,
        isInteger: Bool = false
    ) -> Int {
        columns.append(cost: cost, lower: lower, upper: upper, isInteger: isInteger)
        return columns.count - 1
    }

    /// Adds a row, and tells its index; see `RowBatch.append` for the parameters.
    @discardableResult
    public mutating func addRow(
        lower: Double = -.infinity,
        upper: Double = .infinity,
        entries: [Entry] = []
    ) -> Int {
        rows.append(lower: lower, upper: upper, entries: entries)
        return rows.count - 1
    }

    /// Throws unless a solver can take the model.
    ///
    /// - Throws: `SolverError.invalidModel` for an infinite cost, bounds that cross, a coefficient that is no number or
    ///   of a column that there is not.
    public func validate() throws(SolverError) {
        try columns.validate(rowCount: rowCount)
        try rows.validate(columnCount: columnCount)
    }
}
