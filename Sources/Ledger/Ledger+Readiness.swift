import Postgres

/// Whether the ledger can be worked with.
public struct Readiness: Sendable, Equatable {
    /// The number of the last migration that the database has.
    public let migration: Int
    /// The runs that were asked for and have not ended.
    public let waitingJobs: Int
    /// For how many seconds the oldest of those that nobody makes has waited; 0: there is none.
    public let oldestJobSeconds: Double
}

extension Ledger {
    /// Whether the database answers, what its schema is and how long the planner's queue is.
    ///
    /// - Throws: ``LedgerError``
    public func readiness() async throws(LedgerError) -> Readiness {
        try await transaction(.readCommitted, readOnly: true) { connection in
            let row = try await connection.query(
                """
                SELECT (SELECT max(number) FROM schema_migration) AS migration,
                    (SELECT count(*) FROM plan_job WHERE state IN ('queued', 'running')) AS waiting,
                    (SELECT coalesce(extract(epoch FROM max(now() - asked_at)), 0)::float8 FROM plan_job
                        WHERE state = 'queued' OR heartbeat_at < now() - interval '30 seconds' AND state = 'running') AS oldest
                """
            ).one()
            return Readiness(
                migration: try row["migration"], waitingJobs: try row["waiting"], oldestJobSeconds: try row["oldest"])
        }
    }
}
