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
    ///     serialization failures and deadlocks (SQLSTATE 40001, 40P01) are tried again, at most ten times in all. Of
    ///     those that are serializable, one that has failed five times waits until it is alone among them.
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
        let place = "\(file):\(line)"
        guard repeatable else {
            return try await attemptTransaction(characteristics, opening: opening, place: place, body)
        }
        // Where all take part in this, one can keep the others out.
        let opening = isolation == .serializable ? "\(Turnstile.pass); \(opening ?? "")" : opening
        var failures = 0
        while true {
            do {
                guard isolation == .serializable, failures >= 5 else {
                    return try await attemptTransaction(characteristics, opening: opening, place: place, body)
                }
                return try await alone {
                    try await attemptTransaction(characteristics, opening: opening, place: place, body)
                }
            } catch let error as PostgresError where error.isTransient && failures < 9 {
                failures += 1
                // Those that collided must not collide again in step.
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...(1 << failures))))
            }
        }
    }

    /// Runs a transaction once those that are under way have ended, while the others wait: whoever is among many that write
    /// all the time would otherwise collide with one of them every time.
    private nonisolated func alone<Success>(_ body: () async throws -> Success) async throws -> Success {
        try await execute(script: Turnstile.close)
        do {
            let success = try await body()
            await openTurnstile()
            return success
        } catch {
            await openTurnstile()
            throw error
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

/// An advisory lock of each database, which every transaction that may be repeated shares, but one that has to be alone.
enum Turnstile {
    private static let number = 0x6f6e_6465_7264_616b

    static let pass = "select pg_advisory_xact_lock_shared(\(number))"
    /// Before a transaction, so that it sees what those did for which it waits.
    static let close = "select pg_advisory_lock(\(number))"
    static let open = "select pg_advisory_unlock(\(number))"
}
