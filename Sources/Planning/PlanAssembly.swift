import CareChain
import LinearProgramming

/// Makes the plan of chosen trajectories: stays, who waits and why, who pays, what it costs; and checks it.
struct PlanAssembly {
    let situation: Situation
    let requests: [OpenRequest]

    func plan(
        of chosen: [Trajectory], bound: Int?, prices: Prices?, shared: [SharedPrice]? = nil, cut: Bool,
        _ options: PlanningOptions
    ) throws(PlanningError) -> Plan {
        let instance = situation.instance
        var staysOfRequest: [Int: [Stay]] = [:]
        for trajectory in chosen {
            let request = requests[trajectory.request]
            staysOfRequest[request.place] = request.stays(along: trajectory, in: instance)
        }
        for stay in situation.fixedStays {
            if let place = instance.requestIndex[stay.request] { staysOfRequest[place, default: []].append(stay) }
        }
        let stays = instance.requests.indices.flatMap { staysOfRequest[$0] ?? [] }
        let placed = Set(chosen.map(\.request))
        let waiting = requests.indices.filter { !placed.contains($0) }.map { requests[$0] }
        if let lost = waiting.first(where: { $0.isPressed(instance.weights) }) { throw .noPlace(lost.request.id) }
        var unplaced: [Unplaced] = []
        if !waiting.isEmpty {
            let reasons = UnplacedReasons(search: ObstacleSearch(situation, beside: stays))
            unplaced = waiting.concurrentMap { Unplaced(request: $0.request.id, reasons: reasons.reasons(for: $0)) }
        }
        var plan = Plan(
            instance: instance.name, stays: stays, unplaced: unplaced,
            funding: FundingRule.payments(of: stays, in: instance).periods,
            objective: situation.value(of: chosen, requests), bound: bound,
            prices: prices?.ofBeds(in: situation), budgetPrices: prices?.ofBudgets(in: situation),
            sharedPrices: shared)
        plan.solver = SolverReport(
            status: bound != nil && plan.objective == bound ? .optimal : .feasible, seconds: 0, cut: cut,
            seed: options.seed, version: Planner.version, engine: "HiGHS \(Solver.version)")
        try check(plan)
        return plan
    }

    /// Refuses a plan that breaks a rule or costs something else than planned: a wrong placement can get somebody killed.
    private func check(_ plan: Plan) throws(PlanningError) {
        do {
            let verdict = try Referee.judge(plan, of: situation.instance)
            if let violation = verdict.violations.first {
                throw PlanningError.selfCheck("\(violation.rule.rawValue): \(violation.detail.english)")
            }
        } catch let error as PlanningError {
            throw error
        } catch {
            throw PlanningError.selfCheck("\(error)")
        }
    }
}
