/// What PostgreSQL said about a statement it refused.
///
/// DETAIL and HINT are left out because DETAIL prints rows, and so is what a message quotes of a value.
public struct ServerError: Error, Sendable, Equatable {
    /// The kind of error.
    public let sqlState: SQLState
    /// The primary message, without quoted values.
    public let message: String
    /// The constraint that was violated.
    public let constraint: String?
    /// The table concerned.
    public let table: String?
    /// The column concerned.
    public let column: String?
    /// Where in the statement, in characters from 1.
    public let position: Int?
    /// The source line that sent the statement.
    public let place: String

    init(
        sqlState: SQLState,
        message: String,
        constraint: String? = nil,
        table: String? = nil,
        column: String? = nil,
        position: Int? = nil,
        place: String
    ) {
        self.sqlState = sqlState
        self.message = sqlState.quotesValues ? Self.withoutQuotation(message) : message
        self.constraint = constraint
        self.table = table
        self.column = column
        self.position = position
        self.place = place
    }

    /// Leaves out everything from the first to the last quotation mark: a value may hold such marks itself.
    private static func withoutQuotation(_ message: String) -> String {
        guard let first = message.firstIndex(of: "\""), let last = message.lastIndex(of: "\""), first < last else {
            return message
        }
        return message[...first] + "…" + message[last...]
    }
}

extension ServerError: CustomStringConvertible {
    /// The message with its SQLSTATE and the source line that sent the statement.
    public var description: String {
        "PostgreSQL refused the statement at \(place): \(message) (SQLSTATE \(sqlState.rawValue))"
    }
}

/// A SQLSTATE of five characters (PostgreSQL's manual, appendix A).
public struct SQLState: RawRepresentable, Sendable, Hashable {
    /// The five characters.
    public let rawValue: String

    /// Makes a state of its five characters.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// A value is missing where the column demands one.
    public static let notNullViolation = SQLState(rawValue: "23502")
    /// A row refers to one that is not there, or is referred to.
    public static let foreignKeyViolation = SQLState(rawValue: "23503")
    /// A row with this key is already there.
    public static let uniqueViolation = SQLState(rawValue: "23505")
    /// A row breaks a check.
    public static let checkViolation = SQLState(rawValue: "23514")
    /// A row conflicts with another one.
    public static let exclusionViolation = SQLState(rawValue: "23P01")
    /// Transactions could not be put in any order.
    public static let serializationFailure = SQLState(rawValue: "40001")
    /// Transactions waited for each other.
    public static let deadlockDetected = SQLState(rawValue: "40P01")
    /// The statement was cancelled, or ran longer than `statement_timeout`.
    public static let queryCanceled = SQLState(rawValue: "57014")

    /// Class 22, data exceptions: their messages quote the value that was refused.
    var quotesValues: Bool { rawValue.hasPrefix("22") }
}
