/// What a statement returned: rows, copied out of libpq's memory.
public struct Rows: Sendable, RandomAccessCollection {
    private let table: Table
    /// The number of rows.
    public let count: Int
    /// How many rows the statement inserted, updated, deleted or returned.
    public let affected: Int

    init(columns: [String], cells: [String?], count: Int, affected: Int, place: String) {
        table = Table(columns: columns, cells: cells, place: place)
        self.count = count
        self.affected = affected
    }

    /// The names of the columns.
    public var columns: [String] { table.columns }
    /// 0.
    public var startIndex: Int { 0 }
    /// The number of rows.
    public var endIndex: Int { count }

    /// The row at a position; as of any collection, it must be there.
    public subscript(position: Int) -> Row {
        precondition(indices.contains(position), "row \(position) of \(count)")
        return Row(table: table, start: position * table.columns.count)
    }

    /// The only row.
    ///
    /// - Throws: `decoding` when there is none, or more than one.
    public func one() throws(PostgresError) -> Row {
        guard count == 1 else {
            throw .decoding(place: table.place, reason: "one row is expected, there are \(count)")
        }
        return self[0]
    }
}

/// One row. Its columns are read by name or by position from 0: `let beds: Int = try row["beds"]`.
public struct Row: Sendable {
    fileprivate let table: Table
    fileprivate let start: Int

    /// Reads a column by its name; NULL only as an Optional.
    ///
    /// - Throws: `decoding`, which names column, type and statement, never the value.
    public subscript<Value: PostgresNullable>(column: String, as type: Value.Type = Value.self) -> Value {
        get throws(PostgresError) {
            switch table.position[column] {
            case .some(.some(let position)): return try value(at: position)
            case .some(.none): throw .decoding(place: table.place, reason: "there are two columns \"\(column)\"")
            case .none:
                let others = table.columns.joined(separator: ", ")
                throw .decoding(place: table.place, reason: "there is no column \"\(column)\" among \(others)")
            }
        }
    }

    /// Reads a column by its position from 0; NULL only as an Optional.
    ///
    /// - Throws: `decoding`, which names column, type and statement, never the value.
    public subscript<Value: PostgresNullable>(position: Int, as type: Value.Type = Value.self) -> Value {
        get throws(PostgresError) {
            guard table.columns.indices.contains(position) else {
                throw .decoding(
                    place: table.place,
                    reason: "there is no column \(position) among \(table.columns.count)"
                )
            }
            return try value(at: position)
        }
    }

    private func value<Value: PostgresNullable>(at position: Int) throws(PostgresError) -> Value {
        let text = table.cells[start + position]
        guard let value = Value(postgresTextOrNull: text) else {
            let held = text == nil ? "is NULL" : "does not hold a value of its type"
            throw .decoding(
                place: table.place,
                reason: "column \"\(table.columns[position])\" \(held); expected \(Value.self)"
            )
        }
        return value
    }
}

/// The cells that all rows of a result share.
private final class Table: Sendable {
    let columns: [String]
    let cells: [String?]
    let place: String
    /// Where a column is; `nil` for a name that several columns have.
    let position: [String: Int?]

    init(columns: [String], cells: [String?], place: String) {
        self.columns = columns
        self.cells = cells
        self.place = place
        position = Dictionary(columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { _, _ in nil })
    }
}
