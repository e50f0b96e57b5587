public import CareChain
public import LinearProgramming

/// Plans an instance: column generation over trajectories, an integer plan from the columns, and a proven bound.
///
/// The same instance, options and version give the same plan whenever it ends by itself or by its iterations.
public struct Planner: Sendable {
    /// What it plans.
    public let instance: Instance
    /// How it plans.
    public let options: PlanningOptions

    /// The version of the planner; plans of the same version are repeatable.
    public static let version = "0.5.0"

    /// Makes a planner.
    public init(_ instance: Instance, options: PlanningOptions = PlanningOptions()) {
        self.instance = instance
        self.options = options
    }

    /// Plans.
    ///
    /// The plan keeps every rule: it is judged by ``Referee`` before it is given out. It is never worse than the greedy
    /// plan, also when it is interrupted at once.
    ///
    /// - Parameters:
    ///   - previous: A plan to start from, of the same horizon; the instance may have changed since. What of it still
    ///     holds is carried over, and among plans that cost the same, those that change fewer of its stays are preferred.
    ///   - interrupt: Requested from elsewhere, it ends planning with the best plan so far.
    ///   - progress: Called now and then with what is known so far.
    /// - Throws: ``PlanningError``.
    public func plan(
        from previous: Plan? = nil, interrupt: Interrupt = Interrupt(),
        progress: (PlanningProgress) -> Void = { _ in }
    ) throws(PlanningError) -> Plan {
        let situation = Situation(instance)
        let requests = situation.open.concurrentMap { OpenRequest($0, in: situation) }
        return try plan(
            requests, in: situation, from: previous.map { PreviousPlan($0, situation, requests) }, pricing: true,
            interrupt: interrupt, progress: progress)
    }

    /// Plans the open requests of a situation, which may have less to choose from than there is.
    func plan(
        _ requests: [OpenRequest], in situation: Situation, from previous: PreviousPlan? = nil,
        pricing isPriced: Bool = false, interrupt: Interrupt, progress: (PlanningProgress) -> Void = { _ in }
    ) throws(PlanningError) -> Plan {
        do {
            var search = PlanSearch(situation, requests, options, interrupt, from: previous, pricing: isPriced)
            try search.run(progress)
            if !isPriced { return try search.plan() }
            try search.settlePrices()
            // Which of the best plans changes least, and what rules say of it, is no matter of prices.
            let prices = search.pricesAside()
            try search.keepStays()
            var plan = try search.plan()
            guard let prices else { return plan }
            if let prices = prices.wait() {
                plan.prices = prices.ofBeds(in: situation)
            } else {
                plan.solver?.cut = true
            }
            return plan
        } catch let error as PlanningError {
            throw error
        } catch {
            throw PlanningError.solver("\(error)")
        }
    }

    /// The greedy plan: requests by urgency and day, each to its cheapest feasible trajectory.
    ///
    /// - Throws: ``PlanningError``.
    public func greedyPlan() throws(PlanningError) -> Plan {
        let situation = Situation(instance)
        let requests = situation.open.concurrentMap { OpenRequest($0, in: situation) }
        var occupancy = Occupancy(situation, requests)
        Greedy(situation: situation, requests: requests).place(Greedy.order(requests), in: &occupancy) { false }
        return try PlanAssembly(situation: situation, requests: requests).plan(
            of: occupancy.chosen.compactMap { $0 }, bound: nil, prices: nil, cut: false, options)
    }
}
