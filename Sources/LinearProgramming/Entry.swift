/// One coefficient of a sparse row or column.
public struct Entry: Sendable, Equatable {
    /// The column, in a row; the row, in a column.
    public var index: Int

    /// The coefficient there.
    public var value: Double

    /// Makes the coefficient `value` at `index`.
    public init(_ index: Int, _ value: Double) {
        self.index = index
        self.value = value
    }
}
