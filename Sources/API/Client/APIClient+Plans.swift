package import CareChain
package import Ledger

extension APIClient {
    /// Asks for a plan.
    package func askForPlan(
        from start: CalendarDate?, days: Int, _ limits: RunLimits, key: String?
    ) async throws -> PlanJobBody {
        try await post(
            ["plan-jobs"],
            NewPlanJob(
                from: start, days: days, seconds: limits.seconds, iterations: limits.iterations, seed: limits.seed),
            key: key)
    }

    /// A plan that was asked for.
    package func planJob(_ job: Int) async throws -> PlanJobBody { try await get(["plan-jobs", String(job)]) }

    /// The runs, the newest first.
    package func runs() async throws -> [PlanRunBody] { try await list(["plan-runs"]) }

    /// A run.
    package func run(_ run: Int) async throws -> PlanRunBody { try await get(["plan-runs", String(run)]) }

    /// What a run proposes.
    package func proposals(of run: Int) async throws -> [ProposalBody] {
        try await list(["plan-runs", String(run), "proposals"])
    }

    /// Puts a run's proposals before people.
    package func publish(_ run: Int, key: String?) async throws -> PublicationBody {
        try await post(["plan-runs", String(run), "publication"], key: key)
    }
}
