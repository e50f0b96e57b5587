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
            let free = best(
                state.trajectories(
                    of: r, as: narrowed, beside: state.occupancy(without: r), &pricing, most: 1
                ).compactMap { original(of: $0, narrowed, r) })
            beside = free.map { alternative($0, for: r) }
            if !narrowed.openings.isEmpty {
                let (found, cut) = try Replanning(options: options, interrupt: interrupt).state(
                    from: state, placing: r, as: narrowed, share: 1)
                explanation.isCut = cut
                let ways = [free.map { state.choosing($0) }, found?.sparing(others: state, but: r)].compactMap { $0 }
                let cheapest = ways.min { $0.cost(sparing: state, but: r) < $1.cost(sparing: state, but: r) }
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
        let request = state.requests[r]
        let occupancy = state.occupancy(without: r)
        var pricing = Pricing(state.situation)
        var found = state.trajectories(of: r, beside: occupancy, &pricing, most: Self.mostAlternatives + 1)
        // The best of each opening leave out units that only a move leads to.
        for unit in instance.units.indices {
            let narrowed = request.kept(in: unit)
            if narrowed.openings.isEmpty { continue }
            found += state.trajectories(of: r, as: narrowed, beside: occupancy, &pricing, most: 1)
                .compactMap { original(of: $0, narrowed, r) }
        }
        var known = state.chosen[r].map { [Self.units($0)] } ?? []
        var best: [Alternative] = []
        let values = found.map { state.choosing($0).value }
        for n in found.indices.sorted(by: { (values[$0], $0) < (values[$1], $1) }) {
            if best.count == Self.mostAlternatives { break }
            if known.contains(Self.units(found[n])) { continue }
            known.append(Self.units(found[n]))
            best.append(alternative(found[n], for: r))
        }
        return best
    }

    /// The units of a trajectory, leg by leg.
    private static func units(_ trajectory: Trajectory) -> [[Int]] { trajectory.legs.map(\.units) }

    /// The trajectory of a narrowed request as one of the whole request.
    private func original(of trajectory: Trajectory, _ narrowed: OpenRequest, _ r: Int) -> Trajectory? {
        let stays = narrowed.stays(along: trajectory, in: instance)
        let legs = narrowed.request.victims.map { id in stays.filter { $0.victim == id } }
        return state.requests[r].trajectory(r, along: legs, in: state.situation)
    }

    private func best(_ trajectories: [Trajectory]) -> Trajectory? {
        trajectories.min { state.choosing($0).value < state.choosing($1).value }
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
