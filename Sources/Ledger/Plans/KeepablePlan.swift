import CareChain
import Foundation
import Postgres

/// A plan that says how it came about, with the instance it is of.
struct KeepablePlan {
    private let plan: Plan
    private let instance: Instance
    private let limits: RunLimits
    private let objective: Int
    private let solver: SolverReport
    private let version: String
    private let engine: String
    private let seconds: Double
    private let cut: Bool

    /// - Throws: `unkeepablePlan` when the plan does not say how it came about or is of another instance.
    init(_ plan: Plan, of instance: Instance, _ limits: RunLimits) throws(LedgerError) {
        guard plan.instance == instance.name else {
            throw .unkeepablePlan("the plan is of instance \"\(plan.instance)\", not of \"\(instance.name)\"")
        }
        guard let objective = plan.objective, let solver = plan.solver, let version = solver.version,
            let engine = solver.engine, let seconds = solver.seconds, let cut = solver.cut
        else {
            throw .unkeepablePlan(
                "the plan cannot be kept without objective and solver (seconds, cut, version, engine)")
        }
        // They tell who must not meet, and no run starts from a kept one.
        var kept = plan
        kept.sharedPrices = nil
        self.plan = kept
        self.instance = instance
        self.limits = limits
        self.objective = objective
        self.solver = solver
        self.version = version
        self.engine = engine
        self.seconds = seconds
        self.cut = cut
    }

    /// Keeps it as a run, with what it proposes for the requests that are not fixed.
    func keep(on connection: Connection) async throws -> Int {
        // `as`, because the compiler takes an interpolated Optional for a slip.
        let id: Int = try await connection.query(
            """
            INSERT INTO plan_run (
                start_date, days, seed, time_limit_seconds, iteration_limit, version, engine, seconds, status, cut,
                objective, bound, instance, plan)
            VALUES (
                \(instance.horizon.start), \(instance.horizon.days), \(limits.seed), \(limits.seconds as Double?),
                \(limits.iterations as Int?), \(version), \(engine), \(seconds), \(solver.status.rawValue), \(cut),
                \(objective), \(plan.bound as Int?), \(Data(instance.json())), \(Data(plan.json())))
            RETURNING id
            """
        ).one()["id"]
        try await connection.query(
            """
            WITH given AS MATERIALIZED (
                SELECT * FROM jsonb_to_recordset(\(JSONText(rows: ProposalRow.all(of: plan, instance)))) AS p(
                    request identifier, placed boolean, stays jsonb, reasons jsonb)
            ), proposals AS (
                INSERT INTO proposal (run, request, placed) SELECT \(id)::bigint, request, placed FROM given
            ), stays AS (
                INSERT INTO proposal_stay (run, request, victim, unit, days)
                SELECT
                    \(id)::bigint, p.request, s.victim, s.unit,
                    daterange(\(instance.horizon.start)::date + s."from", \(instance.horizon.start)::date + s.until)
                FROM given AS p CROSS JOIN jsonb_to_recordset(p.stays) AS s(
                    victim identifier, unit identifier, "from" integer, until integer)
            )
            INSERT INTO proposal_reason (run, request, position, code, detail)
            SELECT \(id)::bigint, p.request, r.position - 1, r.reason ->> 'code', r.reason ->> 'detail'
            FROM given AS p CROSS JOIN jsonb_array_elements(p.reasons) WITH ORDINALITY AS r(reason, position)
            """)
        // Whoever erases a case that is in it waits until it is kept, and then blanks it.
        let victims = instance.victims.map(\.id.text)
        let known: Int = try await connection.query(
            "SELECT count(*) AS known FROM (SELECT FROM victim WHERE id = ANY (\(victims)) FOR KEY SHARE) AS v"
        ).one()["known"]
        guard known == Set(victims).count else {
            throw LedgerError.unkeepablePlan(
                "a case of instance \"\(instance.name)\" is not in the ledger, or was erased since: plan again")
        }
        return id
    }
}

private struct ProposalRow: Encodable {
    struct ProposedStayRow: Encodable {
        let victim: String
        let unit: String
        let from: Int
        let until: Int
    }

    struct ReasonRow: Encodable {
        let code: String
        let detail: String
    }

    let request: String
    let placed: Bool
    let stays: [ProposedStayRow]
    let reasons: [ReasonRow]

    /// What a plan proposes for the requests of its instance that are not fixed.
    static func all(of plan: Plan, _ instance: Instance) -> [ProposalRow] {
        let stays = Dictionary(grouping: plan.stays, by: \.request)
        let reasons = Dictionary(grouping: plan.unplaced, by: \.request)
        return instance.requests.filter { !$0.isFixed }.map { request in
            let legs = stays[request.id] ?? []
            return ProposalRow(
                request: request.id.text, placed: !legs.isEmpty,
                stays: legs.map {
                    ProposedStayRow(
                        victim: $0.victim.text, unit: $0.unit.text, from: $0.from.number, until: $0.until.number)
                },
                reasons: (reasons[request.id] ?? []).flatMap(\.reasons).map {
                    ReasonRow(code: $0.code, detail: $0.detail)
                })
        }
    }
}
