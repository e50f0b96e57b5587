/// Why something asked of PostgreSQL did not happen.
///
/// No description holds a password, a bound value or a row: they are fit for logs.
public enum PostgresError: Error, Sendable, Equatable {
    /// The connection string cannot be read; `reason` says which one and what is expected.
    case invalidOptions(reason: String)
    /// No connection could be made; `target` names database, user and server.
    case connectionFailed(target: String, reason: String)
    /// The connection broke during a statement, of which it is not known whether it took effect.
    case connectionLost(target: String)
    /// The connection was closed before the statement was sent.
    case connectionClosed
    /// The statement was not sent, because it could not be right; `place` is the source line that asked for it.
    case invalidStatement(place: String, reason: String)
    /// PostgreSQL refused the statement.
    case server(ServerError)
    /// A column does not hold what the source line at `place` expects of it.
    case decoding(place: String, reason: String)
    /// A transaction was asked for inside another one on the same connection.
    case alreadyInTransaction
    /// The body of a transaction went on after one of its statements had failed, so that nothing could be committed.
    case transactionAborted
    /// The task was cancelled.
    case cancelled
    /// All connections of the pool stayed in use for as long as a caller may wait.
    case poolExhausted(limit: Int, waited: Duration)
    /// The pool takes no callers any more.
    case poolShutDown
}

extension PostgresError {
    /// The constraint that refused a row; callers map errors by it.
    public var constraint: String? { serverError?.constraint }

    /// The SQLSTATE, when PostgreSQL itself refused the statement.
    public var sqlState: SQLState? { serverError?.sqlState }

    /// Whether the same transaction may succeed when it is tried again (SQLSTATE 40001 and 40P01).
    public var isTransient: Bool { sqlState == .serializationFailure || sqlState == .deadlockDetected }

    private var serverError: ServerError? {
        if case .server(let error) = self { error } else { nil }
    }
}

extension PostgresError: CustomStringConvertible {
    /// A sentence for people that says what was wrong, where, and where possible what to do.
    public var description: String {
        switch self {
        case .invalidOptions(let reason): reason
        case .connectionFailed(let target, let reason): "cannot connect to \(target): \(reason)"
        case .connectionLost(let target):
            "the connection to \(target) was lost during a statement; whether it took effect is not known"
        case .connectionClosed: "the database connection is closed"
        case .invalidStatement(let place, let reason): "the statement at \(place) cannot be sent: \(reason)"
        case .server(let error): error.description
        case .decoding(let place, let reason): "the result of the statement at \(place) is not as expected: \(reason)"
        case .alreadyInTransaction: "a transaction is already open on this connection; transactions do not nest"
        case .transactionAborted: "nothing was committed: a statement of the transaction had failed before"
        case .cancelled: "the database work was cancelled"
        case .poolExhausted(let limit, let waited):
            "all \(limit) database connections were in use for \(waited); try again, or allow more connections"
        case .poolShutDown: "the database connections are being closed; no new work is taken"
        }
    }
}
