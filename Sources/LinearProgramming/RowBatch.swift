/// Rows that are added to a model in one call: bounds and coefficients, in flat arrays.
///
/// A batch can be emptied and filled again without allocating.
public struct RowBatch: Sendable, Equatable {
    private(set) var bounds = BoundList()
    private(set) var vectors = SparseVectors()

    /// The number of rows.
    public var count: Int { bounds.count }

    /// True where there is no row.
    public var isEmpty: Bool { count == 0 }

    /// Makes an empty batch.
    public init() {}

    /// Makes room for this many more rows with this many coefficients in all.
    public mutating func reserve(rows: Int, entries: Int) {
        bounds.reserve(rows)
        vectors.reserve(vectors: rows, entries: entries)
    }

    /// Adds a row.
    ///
    /// - Parameters:
    ///   - lower: the least sum; `-.infinity` for none.
    ///   - upper: the greatest sum; `.infinity` for none.
    ///   - entries: the coefficients by column, fastest in ascending order; those of the same column are summed.
    public mutating func append(lower: Double = -.infinity, upper: Double = .infinity, entries: [Entry] = []) {
        bounds.append(lower: lower, upper: upper)
        vectors.append(entries)
    }

    /// Empties the batch and keeps its room.
    public mutating func removeAll() {
        bounds.removeAll()
        vectors.removeAll()
    }

    /// Throws `SolverError.invalidModel` unless a model with so many columns can take these rows.
    func validate(columnCount: Int) throws(SolverError) {
        try bounds.validate("row") { $0 }
        try vectors.validate(limit: columnCount, vector: "row", element: "column")
    }
}
