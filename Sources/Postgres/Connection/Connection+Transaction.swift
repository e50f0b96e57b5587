/// What a transaction may see of others that run beside it (PostgreSQL's manual, 13.2).
public enum IsolationLevel: String, Sendable {
    /// Each statement sees what was committed before it began.
    case readCommitted = "read committed"
    /// All statements see what was committed before the first began.
    case repeatableRead = "repeatable read"
    /// As if transactions ran one after the other.
    case serializable
}

extension Connection {
    /// Runs `body` in a transaction: committed when it returns, rolled back when it throws.
    ///
    /// - Parameters:
    ///   - isolation: What the transaction sees of others.
    ///   - readOnly: Whether PostgreSQL refuses every change.
    ///   - repeatable: Whether `body` may run again from its start, because it does nothing outside the database; then
    ///     serialization failures and deadlocks (SQLSTATE 40001, 40P01) are tried again, at most twenty times in all.
    ///     They are only recognised as the ``PostgresError`` they came as, so map errors outside the transaction.
    ///   - opening: SQL that is sent in the message that begins the transaction; the program's own, never anything that
    ///     came from outside.
    ///   - file: The source file that asks.
    ///   - line: The source line that asks.
    ///   - body: The work, with this connection.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws; `alreadyInTransaction`; `transactionAborted` when `body` goes on after a failure.
    public nonisolated func transaction<Success>(
        isolation: IsolationLevel = .readCommitted,
        readOnly: Bool = false,
        repeatable: Bool = false,
        opening: String? = nil,
        file: String = #fileID,
        line: Int = #line,
        _ body: (Connection) async throws -> Success
    ) async throws -> Success {
        let characteristics = "isolation level \(isolation.rawValue) \(readOnly ? "read only" : "read write")"
        let attempts = repeatable ? 20 : 1
        var attempt = 1
        while true {
            do {
                return try await attemptTransaction(
                    characteristics, opening: opening, place: "\(file):\(line)", body)
            } catch let error as PostgresError where error.isTransient && attempt < attempts {
                // Those that collided must not collide again in step, nor wait much longer than what they collide with takes.
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...(1 << min(attempt, 8)))))
                attempt += 1
            }
        }
    }

    private nonisolated func attemptTransaction<Success>(
        _ characteristics: String,
        opening: String?,
        place: String,
        _ body: (Connection) async throws -> Success
    ) async throws -> Success {
        try await begin(characteristics, opening: opening, place: place)
        do {
            let success = try await body(self)
            try await commit(place: place)
            return success
        } catch {
            await rollback()
            throw error
        }
    }
}
