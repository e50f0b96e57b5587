/// Columns that are added to a model in one call: cost, bounds and coefficients, in flat arrays.
///
/// A batch can be emptied and filled again without allocating. Costs are minimised.
public struct ColumnBatch: Sendable, Equatable {
    private(set) var costs: [Double] = []
    private(set) var bounds = BoundList()
    private(set) var integers: [Bool] = []
    private(set) var vectors = SparseVectors()

    /// The number of columns.
    public var count: Int { costs.count }

    /// True where there is no column.
    public var isEmpty: Bool { costs.isEmpty }

    /// Makes an empty batch.
    public init() {}

    /// Makes room for this many more columns with this many coefficients in all.
    public mutating func reserve(columns: Int, entries: Int) {
        costs.reserveCapacity(costs.count + columns)
        bounds.reserve(columns)
        integers.reserveCapacity(integers.count + columns)
        vectors.reserve(vectors: columns, entries: entries)
    }

    /// Adds a column.
    ///
    /// - Parameters:
    ///   - cost: what one of it costs.
    ///   - lower: the least value; `-.infinity` for none.
    ///   - upper: the greatest value; `.infinity` for none.
    ///   - isInteger: whether only whole values are allowed.
    ///   - entries: the coefficients by row, fastest in ascending order; those of the same row are summed.
    public mutating func append(
        cost: Double,
        lower: Double = 0,
        upper: Double = .infinity,
        isInteger: Bool = false,
        entries: [Entry] = []
    ) {
        costs.append(cost)
        bounds.append(lower: lower, upper: upper)
        integers.append(isInteger)
        vectors.append(entries)
    }

    /// Empties the batch and keeps its room.
    public mutating func removeAll() {
        costs.removeAll(keepingCapacity: true)
        bounds.removeAll()
        integers.removeAll(keepingCapacity: true)
        vectors.removeAll()
    }

    /// Throws `SolverError.invalidModel` unless a model with so many rows can take these columns.
    func validate(rowCount: Int) throws(SolverError) {
        if let column = costs.firstIndex(where: { !Cost.isValid($0) }) {
            throw .invalidModel("column \(column) has the cost \(costs[column]): \(Cost.requirement)")
        }
        try bounds.validate("column") { $0 }
        try vectors.validate(limit: rowCount, vector: "column", element: "row")
    }
}

enum Cost {
    static let requirement = "it must be a number of a size below 1e20"

    // HiGHS takes what is larger for infinite (infinite_cost).
    static func isValid(_ cost: Double) -> Bool { cost.magnitude < 1e20 }
}
