/// One SQL statement with the values it binds: `"select name from shelter where id = \(id)"`.
///
/// An interpolated value becomes a parameter (`$1`, `$2`, …), never text. PostgreSQL infers the type of texts and whole
/// numbers from where they stand; where it cannot, say it: `\(days)::int`.
public struct Statement: Sendable, Equatable, ExpressibleByStringInterpolation {
    let sql: String
    let parameters: [Parameter]

    /// A statement without values.
    public init(stringLiteral value: String) {
        sql = value
        parameters = []
    }

    /// A statement of its text and values.
    public init(stringInterpolation: StringInterpolation) {
        sql = stringInterpolation.sql
        parameters = stringInterpolation.parameters
    }

    /// Gathers the text and the values of a statement.
    public struct StringInterpolation: StringInterpolationProtocol {
        var sql = ""
        var parameters: [Parameter] = []

        /// Begins with nothing.
        public init(literalCapacity: Int, interpolationCount: Int) {
            sql.reserveCapacity(literalCapacity + 4 * interpolationCount)
            parameters.reserveCapacity(interpolationCount)
        }

        /// Appends the SQL between the values.
        public mutating func appendLiteral(_ literal: String) {
            sql += literal
        }

        /// Binds a value, or NULL.
        public mutating func appendInterpolation<Value: PostgresNullable>(_ value: Value) {
            parameters.append(Parameter(text: value.postgresTextOrNull, type: Value.postgresType.oid))
            sql += "$\(parameters.count)"
        }

        /// Appends a quoted name of a table, column or the like.
        public mutating func appendInterpolation(identifier name: String) {
            // In UTF-8, our client encoding, this is what PQescapeIdentifier does, which needs a connection.
            sql += "\"\(name.replacing("\"", with: "\"\""))\""
        }

        /// Appends SQL as it stands. It must be the program's own, never anything that came from outside.
        public mutating func appendInterpolation(unsafe text: String) {
            sql += text
        }
    }
}

/// A bound value in PostgreSQL's text format; `nil` is NULL, type 0 is for PostgreSQL to infer.
struct Parameter: Sendable, Equatable {
    let text: String?
    let type: UInt32
}
