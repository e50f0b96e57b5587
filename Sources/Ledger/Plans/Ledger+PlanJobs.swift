public import CareChain
import Foundation
import Postgres

/// A run that was asked for.
public struct PlanJob: Sendable, Equatable {
    /// Where it is.
    public enum State: String, CaseIterable, Sendable, Codable {
        /// Waits for a planner.
        case queued
        /// A planner works on it.
        case running
        /// There is a run.
        case done
        /// It cannot be done; a planner said why.
        case failed
    }

    /// Its number.
    public let id: Int
    /// The days to plan.
    public let horizon: Horizon
    /// What the planner is told.
    public let limits: RunLimits
    /// Where it is.
    public let state: State
    /// How often a planner has taken it.
    public let attempts: Int
    /// The run that it made.
    public let run: Int?
    /// Why it failed.
    public let failure: String?
}

/// A planner that takes jobs: its name in the queue.
public struct PlanWorker: Sendable, Hashable {
    let id: UUID

    /// Makes a worker with a name of its own.
    public init() {
        id = UUID()
    }
}

// The queue goes by the server's clock: a heart beats in real time, whatever day the ledger stands at.
extension Ledger {
    /// Asks for a run.
    ///
    /// - Returns: The job as it was asked for, whatever has become of it since; the same key gives the same job.
    /// - Throws: ``LedgerError``
    public func askForPlan(
        of horizon: Horizon, _ limits: RunLimits, by actor: Actor, key: String? = nil
    ) async throws(LedgerError) -> PlanJob {
        let asked = [String(describing: horizon), String(describing: limits)]
        let id: Int = try await step("plan-ask", by: actor, key: key, asked: asked) { connection in
            try Self.check(actor, is: [.desk], for: "asks for plans")
            return try await connection.query(
                """
                INSERT INTO plan_job (asked_by, start_date, days, seed, time_limit_seconds, iteration_limit)
                VALUES (
                    \(actor), \(horizon.start), \(horizon.days), \(limits.seed), \(limits.seconds as Double?),
                    \(limits.iterations as Int?))
                RETURNING id
                """
            ).one()["id"]
        }
        return PlanJob(id: id, horizon: horizon, limits: limits, state: .queued, attempts: 0, run: nil, failure: nil)
    }

    /// Takes the oldest job that nobody works on, or whose planner's heart has stopped; nil: there is none. A job over which
    /// planners have died five times is given up: it would keep the others waiting for ever.
    ///
    /// - Parameter silence: After how many seconds without a heartbeat a planner counts as gone.
    /// - Throws: ``LedgerError``
    public func takePlanJob(_ worker: PlanWorker, silence: Int = 30) async throws(LedgerError) -> PlanJob? {
        try await transaction(.readCommitted) { connection in
            try await connection.query(
                """
                UPDATE plan_job SET state = 'failed', failure = 'given up: ' || attempts || ' planners died over it'
                WHERE id IN (
                    SELECT id FROM plan_job
                    WHERE state = 'running' AND attempts >= \(Self.mostAttempts)
                        AND heartbeat_at < now() - make_interval(secs => \(silence)::float8)
                    FOR UPDATE SKIP LOCKED)
                """)
            return try await connection.query(
                """
                UPDATE plan_job SET state = 'running', worker = \(worker.id), heartbeat_at = now(), attempts = attempts + 1
                WHERE id = (
                    SELECT id FROM plan_job
                    WHERE state = 'queued'
                        OR state = 'running' AND heartbeat_at < now() - make_interval(secs => \(silence)::float8)
                    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
                RETURNING *
                """
            ).first.map { try Self.job($0) }
        }
    }

    /// So many planners may die over a job: by chance, as when a machine is restarted, fewer do.
    private static let mostAttempts = 5

    /// Tells that a planner still works on a job.
    ///
    /// - Returns: False when another has taken it over: stop.
    /// - Throws: ``LedgerError``
    public func beat(_ worker: PlanWorker, on job: Int) async throws(LedgerError) -> Bool {
        try await transaction(.readCommitted) { connection in
            try await connection.query(
                """
                UPDATE plan_job SET heartbeat_at = now()
                WHERE id = \(job) AND worker = \(worker.id) AND state = 'running'
                """
            ).affected == 1
        }
    }

    /// Keeps the plan of a job, unless another planner has taken it over.
    ///
    /// - Returns: The run's number; nil when another has taken it over, and nothing was kept.
    /// - Throws: ``LedgerError``
    public func finish(
        _ job: PlanJob, _ worker: PlanWorker, with plan: Plan, of instance: Instance
    ) async throws(LedgerError) -> Int? {
        let kept = try KeepablePlan(plan, of: instance, job.limits)
        return try await transaction(.serializable) { connection in
            let mine = try await connection.query(
                """
                SELECT FROM plan_job WHERE id = \(job.id) AND worker = \(worker.id) AND state = 'running' FOR UPDATE
                """)
            if mine.isEmpty { return nil }
            let run = try await kept.keep(on: connection)
            try await connection.query("UPDATE plan_job SET state = 'done', run = \(run) WHERE id = \(job.id)")
            return run
        }
    }

    /// Says that a job cannot be done, and why.
    ///
    /// - Throws: ``LedgerError``
    public func fail(_ job: PlanJob, _ worker: PlanWorker, because reason: String) async throws(LedgerError) {
        try await transaction(.readCommitted) { connection in
            try await connection.query(
                """
                UPDATE plan_job SET state = 'failed', failure = \(reason)
                WHERE id = \(job.id) AND worker = \(worker.id) AND state = 'running'
                """)
        }
    }

    /// A page of the jobs, the newest first: for the desk, who asks for them.
    ///
    /// - Throws: ``LedgerError``; `notAllowed` for others; `invalid` for a cursor of another list.
    public func planJobs(_ page: PageRequest, as actor: Actor) async throws(LedgerError) -> Page<PlanJob> {
        try Self.check(actor, is: [.desk], for: "sees which plans were asked for")
        let order = ListOrder("plan-jobs", .number)
        let start = try order.start(page)
        let found = try await transaction(.readCommitted, readOnly: true) { connection in
            try await connection.query(
                """
                SELECT * FROM plan_job WHERE \(start.isFirst)::boolean OR id < \(start.number(0) as Int?)::bigint
                ORDER BY id DESC LIMIT \(start.rows as Int?)
                """
            ).map { try Self.job($0) }
        }
        return order.page(found, page) { [String($0.id)] }
    }

    /// A job, for the desk.
    ///
    /// - Throws: ``LedgerError``; `notAllowed` for others; `noSuch`.
    public func planJob(_ id: Int, as actor: Actor) async throws(LedgerError) -> PlanJob {
        try Self.check(actor, is: [.desk], for: "sees which plans were asked for")
        let found = try await transaction(.readCommitted, readOnly: true) { connection in
            try await connection.query("SELECT * FROM plan_job WHERE id = \(id)").first.map { try Self.job($0) }
        }
        guard let found else { throw .noSuch(kind: .planJob, id: String(id)) }
        return found
    }

    /// The jobs, the newest first.
    ///
    /// - Throws: ``LedgerError``
    public func planJobs() async throws(LedgerError) -> [PlanJob] {
        try await transaction(.readCommitted, readOnly: true) { connection in
            try await connection.query("SELECT * FROM plan_job ORDER BY id DESC").map { try Self.job($0) }
        }
    }

    private static func job(_ row: Row) throws -> PlanJob {
        PlanJob(
            id: try row["id"], horizon: Horizon(start: try row["start_date"], days: try row["days"]),
            limits: RunLimits(
                seed: try row["seed"], seconds: try row["time_limit_seconds"], iterations: try row["iteration_limit"]),
            state: try row.value("state"), attempts: try row["attempts"], run: try row["run"],
            failure: try row["failure"])
    }
}
