public import Ledger
import Postgres

extension DatabaseTemplate {
    /// An empty ledger.
    public static let ledger = DatabaseTemplate("ledger") { connection in
        _ = try await Migrator(Ledger.migrations, version: "test").migrate(connection)
    }
}

/// Runs `body` with an empty ledger of its own; see ``DatabaseTemplate/withDatabase(_:)``.
public func withLedger<Success>(_ body: (Ledger) async throws -> Success) async throws -> Success {
    try await DatabaseTemplate.ledger.withDatabase { options in
        let pool = Pool(options)
        do {
            let success = try await body(Ledger(pool))
            await pool.shutDown()
            return success
        } catch {
            await pool.shutDown()
            throw error
        }
    }
}
