public import CareChain
import Foundation
import Postgres

extension Ledger {
    /// Keeps a plan with the instance it is of, and what it proposes for the requests that are not fixed.
    ///
    /// - Parameters:
    ///   - plan: The plan, with objective and solver report.
    ///   - instance: The instance as planned, built from this ledger.
    ///   - limits: What the planner was told.
    /// - Returns: The run's number.
    /// - Throws: ``LedgerError``; `unkeepablePlan` when the plan does not say how it came about or is of another instance,
    ///   `refused` when the instance names what the ledger does not have.
    public func keep(
        _ plan: Plan, of instance: Instance, limits: RunLimits
    ) async throws(LedgerError) -> Int {
        let kept = try KeepablePlan(plan, of: instance, limits)
        return try await transaction(.serializable) { try await kept.keep(on: $0) }
    }

    /// All runs, the newest first.
    ///
    /// - Throws: ``LedgerError``
    public func runs() async throws(LedgerError) -> [PlanRun] {
        try await transaction(.repeatableRead, readOnly: true) { connection in
            try await Self.runs(nil, ListOrder("runs").start(.all), on: connection)
        }
    }

    /// A run with its input and its output.
    ///
    /// - Throws: ``LedgerError``; `noSuchRun`.
    public func run(_ id: Int) async throws(LedgerError) -> KeptRun {
        try await transaction(.repeatableRead, readOnly: true) { connection in
            guard let run = try await Self.runs(id, ListOrder("runs").start(.all), on: connection).first
            else { throw LedgerError.noSuchRun(id) }
            let row = try await connection.query("SELECT instance, plan FROM plan_run WHERE id = \(id)").one()
            let (instance, plan): (Data, Data) = (try row["instance"], try row["plan"])
            return KeptRun(run: run, instance: Array(instance), plan: Array(plan))
        }
    }

    static func proposals(
        of run: Int, placed: Bool? = nil, _ start: ListStart, on connection: Connection
    ) async throws -> [Proposal] {
        let requests = try await connection.query(
            """
            SELECT request, placed FROM proposal
            WHERE run = \(run) AND (\(placed as Bool?)::boolean IS NULL OR placed = \(placed as Bool?))
                AND (\(start.isFirst)::boolean OR request > \(start.text(0) as String?)::identifier)
            ORDER BY request LIMIT \(start.rows as Int?)
            """)
        let names: [String] = try requests.map { try $0["request"] }
        let stays = try await connection.query(
            """
            SELECT request, victim, unit, lower(days) AS from_date, upper(days) AS until_date
            FROM proposal_stay WHERE run = \(run) AND request = ANY (\(names)::text[]) ORDER BY request, victim, days
            """
        ).map { row in
            (
                request: try row["request", as: String.self],
                stay: ProposedStay(
                    victim: VictimID(try row["victim"]), unit: UnitID(try row["unit"]), from: try row["from_date"],
                    until: try row["until_date"])
            )
        }
        let reasons = try await connection.query(
            """
            SELECT request, code, detail FROM proposal_reason
            WHERE run = \(run) AND request = ANY (\(names)::text[]) ORDER BY request, position
            """
        ).map { row in
            (
                request: try row["request", as: String.self],
                reason: Reason(code: try row["code"], detail: try row["detail"])
            )
        }
        let staysOf = Dictionary(grouping: stays, by: \.request)
        let reasonsOf = Dictionary(grouping: reasons, by: \.request)
        return try requests.map { row in
            let request: String = try row["request"]
            let placed: Bool = try row["placed"]
            return Proposal(
                request: RequestID(request),
                outcome: placed
                    ? .stays((staysOf[request] ?? []).map(\.stay))
                    : .unplaced((reasonsOf[request] ?? []).map(\.reason)))
        }
    }

    /// The runs, or the one with a number, without their bytes.
    static func runs(_ id: Int?, _ start: ListStart, on connection: Connection) async throws -> [PlanRun] {
        try await connection.query(
            """
            SELECT r.id, r.kept_at, r.start_date, r.days, r.seed, r.time_limit_seconds, r.iteration_limit, r.version,
                r.engine, r.seconds, r.status, r.cut, r.objective, r.bound, r.blanked_at,
                (SELECT count(*) FROM proposal WHERE run = r.id AND placed) AS placed,
                (SELECT count(*) FROM proposal WHERE run = r.id AND NOT placed) AS unplaced
            FROM plan_run AS r
            WHERE (\(id as Int?)::bigint IS NULL OR r.id = \(id as Int?))
                AND (\(start.isFirst)::boolean OR r.id < \(start.number(0) as Int?)::bigint)
            ORDER BY r.id DESC LIMIT \(start.rows as Int?)
            """
        ).map { row in
            PlanRun(
                id: try row["id"], keptAt: try row["kept_at"],
                horizon: Horizon(start: try row["start_date"], days: try row["days"]),
                limits: RunLimits(
                    seed: try row["seed"], seconds: try row["time_limit_seconds"],
                    iterations: try row["iteration_limit"]),
                version: try row["version"], engine: try row["engine"], seconds: try row["seconds"],
                status: SolverReport.Status(rawValue: try row["status"]), cut: try row["cut"],
                objective: try row["objective"], bound: try row["bound"], placed: try row["placed"],
                unplaced: try row["unplaced"], blankedAt: try row["blanked_at"])
        }
    }
}
