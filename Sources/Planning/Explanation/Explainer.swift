public import CareChain
public import LinearProgramming

/// Explains a plan, both ways: why requests are where they are, and why they are not elsewhere.
///
/// The same instance, plan, options and version give the same explanation whenever it is not cut by the clock.
public struct Explainer: Sendable {
    /// The instance.
    public let instance: Instance
    /// The plan.
    public let plan: Plan
    /// How plans are made anew.
    public let options: PlanningOptions

    let state: PlanState

    /// The most alternatives told.
    private static let mostAlternatives = 4

    /// Makes an explainer of a plan.
    ///
    /// - Throws: ``ExplanationError`` when the plan is not one of the instance or breaks a rule.
    public init(
        _ plan: Plan, of instance: Instance, options: PlanningOptions = PlanningOptions()
    ) throws(ExplanationError) {
        let verdict: Verdict
        do {
            verdict = try Referee.judge(plan, of: instance)
        } catch {
            throw .notItsPlan(error)
        }
        if !verdict.isFeasible { throw .broken(verdict) }
        self.instance = instance
        self.plan = plan
        self.options = options
        state = try PlanState(plan, of: instance)
    }

    /// Explains where a request is, or why it has no place and what would give it one.
    ///
    /// - Throws: ``ExplanationError``.
    public func explanation(
        of request: RequestID, interrupt: Interrupt = Interrupt()
    ) throws(ExplanationError) -> Explanation {
        var explanation = try basis(request)
        guard let r = place(of: request) else { return explanation }
        explanation.alternatives = alternatives(for: r)
        if state.chosen[r] == nil {
            let search = ObstacleSearch(state.situation, beside: plan.stays)
            explanation.reasons = UnplacedReasons(search: search).blockedUnits(for: state.requests[r])
            var unlock = UnlockSearch(
                state, placing: r, costAsItIs: explanation.alternatives.first.map { state.value + $0.extraCost },
                isProven: plan.bound == state.value, options, interrupt)
            explanation.unlocking = try unlock.unlocking(search)
            explanation.isCut = unlock.isCut
        }
        return explanation
    }

    /// Explains why a request is not in a unit.
    ///
    /// - Throws: ``ExplanationError``.
    public func explanation(
        of request: RequestID, in unit: UnitID, interrupt: Interrupt = Interrupt()
    ) throws(ExplanationError) -> Explanation {
        var explanation = try basis(request)
        guard let site = instance.unitIndex[unit] else { throw .unknownUnit(unit) }
        let isThere = explanation.stays.contains { $0.unit == unit }
        var obstacle: Obstacle?
        var beside: Alternative?
        var consequence: Consequence?
        if isThere {
            // Nothing more to tell.
        } else if let r = place(of: request) {
            let others = plan.stays.filter { $0.request != request }
            obstacle = ObstacleSearch(state.situation, beside: others).obstacle(for: state.requests[r], in: site)
            let narrowed = state.requests[r].kept(in: site)
            var pricing = Pricing(state.situation)
            let free = state.ways(of: r, as: narrowed, &pricing, most: 1)
            beside = free.first.map { alternative($0, for: r) }
            if !narrowed.openings.isEmpty {
                let (cheapest, cut) = try makingRoom(
                    for: r, as: narrowed, in: state, knowing: free.map { state.choosing($0) }, interrupt)
                explanation.isCut = cut
                consequence = try cheapest?.consequence(for: r, against: state, options)
            }
        } else {
            obstacle = .fixed
        }
        explanation.unit = UnitExplanation(
            unit: unit, isThere: isThere, obstacle: obstacle, beside: beside, consequence: consequence)
        return explanation
    }

    /// The place of a request among the open ones; nil when people have decided where it is.
    func place(of request: RequestID) -> Int? {
        state.requests.firstIndex { $0.request.id == request }
    }

    /// What is known of a request without any search.
    private func basis(_ id: RequestID) throws(ExplanationError) -> Explanation {
        guard let place = instance.requestIndex[id] else { throw .unknownRequest(id) }
        let request = instance.requests[place]
        let stays = plan.stays.filter { $0.request == id }
        let standing: Explanation.Standing =
            request.committed != nil ? .committed : request.locked ? .locked : stays.isEmpty ? .unplaced : .placed
        return Explanation(
            request: id, standing: standing, stays: stays, costs: plan.costItems(of: request, in: instance))
    }

    // MARK: Other ways beside the others

    private func alternatives(for r: Int) -> [Alternative] {
        var pricing = Pricing(state.situation)
        var known: [Trajectory] = []
        // Where there are too many ways to look at all, the best of each opening leave out units that only a move leads to.
        for unit in instance.units.indices {
            let narrowed = state.requests[r].kept(in: unit)
            if !narrowed.openings.isEmpty { known += state.ways(of: r, as: narrowed, &pricing, most: 1) }
        }
        let present = state.chosen[r]?.legs.map(\.units)
        return state.ways(of: r, knowing: known, &pricing, most: Self.mostAlternatives + 1)
            .filter { $0.legs.map(\.units) != present }.prefix(Self.mostAlternatives).map { alternative($0, for: r) }
    }

    private func alternative(_ trajectory: Trajectory, for r: Int) -> Alternative {
        let request = state.requests[r]
        let stays = request.stays(along: trajectory, in: instance)
        let extra = state.choosing(trajectory).value - state.value
        var difference =
            Costs(CostItem.items(of: request.request, stays: stays, in: instance))
            - Costs(CostItem.items(of: request.request, stays: state.stays(of: r), in: instance))
        // Budgets are shared: what is left of the difference is what passing them changes.
        difference[.overBudget] = extra - difference.total
        return Alternative(stays: stays, extraCost: extra, difference: difference)
    }
}
