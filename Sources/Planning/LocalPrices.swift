import CareChain
import LinearProgramming

/// Prices that hold but for a few: those of a plan of nearly the same instance. Where a request came or went, the prices of what
/// it could use no longer fit, nor do those of what others leave for it or take from it; a linear program of them alone settles
/// these, while the others stay as they are. Whatever the prices, what they prove is true; that all fit is only why it is much.
extension ColumnGeneration {
    /// The resources whose prices do not fit what is taken at the last duals of a branch: by those whom its values are about of
    /// these, by the others of a plan. Something is left of what has a price, more is taken than there is, or who takes it, or
    /// takes nothing, would do better elsewhere (complementary slackness).
    func misfits(_ branch: Branch, beside plan: [Trajectory]) -> Set<Int> {
        guard let duals = branch.duals else { return [] }
        let known = Set(branch.values.map { master.trajectories[$0.trajectory].request })
        let others = plan.filter { !known.contains($0.request) }.compactMap { master.place(of: $0) }
        return master.misfits(branch.values + others.map { ($0, 1) }, at: duals)
    }

    /// One iteration for a branch of whose prices those of some resources move: a linear program of the trajectories of those
    /// who know of one that uses these, who pay for all else what it costs. (What budgets and single-sex units cost may rise,
    /// where these alone pass what there is.)
    ///
    /// - Returns: How it ended; solved when at these prices no trajectory is missing.
    mutating func settle(
        _ branch: inout Branch, moving: Set<Int>, _ limits: SolveLimits, _ interrupt: Interrupt?
    ) throws(SolverError) -> Step {
        guard let duals = branch.duals else { return .stopped }
        iterations += 1
        let staying = master.duals(duals, without: moving)
        let chosen = master.trajectories(around: moving) { branch.allows($0) }
        let rewards = chosen.map { master.saving(of: $0) - master.reducedCost(of: $0, staying) }
        var days = master.contestedDays(of: chosen)
        for resource in days.indices where !moving.contains(resource) { days[resource] = [] }
        let model = master.model(
            over: chosen, days: days, integers: false, mustBePlaced: branch.placed, rewards: rewards,
            near: branch.center)
        guard let solution = try solve(model, over: chosen, isNear: branch.center != nil, limits, interrupt) else {
            return .stopped
        }
        var moved = master.duals(solution.rows, of: model, beside: staying)
        let concerned = Set(chosen.map { master.trajectories[$0].request })
        for r in branch.requests.indices where !concerned.contains(r) { moved.requests[r] = duals.requests[r] }
        branch.duals = moved
        branch.values = solution.values
        let broken = master.addBrokenRows(solution.values, by: Self.mostExcess, of: moving)
        guard let (found, _) = priceAll(&branch, at: moved) else { return .stopped }
        if found.isEmpty, broken == 0 { return .solved }
        add(found)
        return .goesOn
    }
}

extension MasterProblem {
    /// What a trajectory costs above leaving its request unplaced: less than nothing where it is worth something.
    fileprivate func saving(of t: Int) -> Double {
        Double(trajectories[t].points - requests[trajectories[t].request].unplacedPoints)
    }

    /// The trajectories of those who know of one that uses some resources.
    fileprivate func trajectories(around resources: Set<Int>, where isAllowed: (Trajectory) -> Bool) -> [Int] {
        let allowed = trajectories.indices.filter { isAllowed(trajectories[$0]) }
        let using = allowed.filter { uses[$0].contains { resources.contains($0.resource) } }
        let concerned = Set(using.map { trajectories[$0].request })
        return allowed.filter { concerned.contains(trajectories[$0].request) }
    }

    /// Duals without the prices of some resources, and of requests.
    fileprivate func duals(_ duals: Duals, without resources: Set<Int>) -> Duals {
        var charges = Charges()
        for funder in budgetedFunders { charges.perEuro[funder] = duals.prices.cents[funder] * 100 }
        charges.ofClaims = duals.claims
        for resource in days.indices where !duals.days[resource].isEmpty && !resources.contains(resource) {
            charges.ofResources.append((resource, daily(duals, resource)[...]))
        }
        return self.duals(at: charges, requests: .init(repeating: 0, count: requests.count))
    }

    /// What the duals of a model's rows stand for, added to those of others that it has no rows of.
    fileprivate func duals(_ rows: [Double], of model: Model, beside others: Duals) -> Duals {
        var charges = charges(rows, of: model)
        for funder in budgetedFunders { charges.perEuro[funder, default: 0] += others.prices.cents[funder] * 100 }
        for (unitDay, claims) in others.claims {
            for (claim, price) in claims { charges.ofClaims[unitDay, default: [:]][claim, default: 0] += price }
        }
        for resource in days.indices where !others.days[resource].isEmpty {
            charges.ofResources.append((resource, daily(others, resource)[...]))
        }
        charges.ofResources.sort { $0.resource < $1.resource }
        return duals(at: charges, requests: Array(rows[0..<requests.count]))
    }

    /// The resources whose prices do not fit what is taken of trajectories.
    fileprivate func misfits(_ values: [(trajectory: Int, value: Double)], at duals: Duals) -> Set<Int> {
        var loads = [[Double]](repeating: [], count: shared.count)
        var taken = [Double](repeating: 0, count: requests.count)
        var misfits = Set<Int>()
        for (t, value) in values {
            taken[trajectories[t].request] += value
            for use in uses[t] {
                if loads[use.resource].isEmpty { loads[use.resource] = .init(repeating: 0, count: situation.days) }
                for day in use.from..<use.until { loads[use.resource][day] += value * Double(use.amount) }
            }
            if reducedCost(of: t, duals) > Self.misfit { misfits.formUnion(uses[t].map(\.resource)) }
        }
        for resource in loads.indices where !loads[resource].isEmpty || !duals.days[resource].isEmpty {
            let prices = daily(duals, resource)
            let fits = (0..<situation.days).allSatisfy { day in
                let load = loads[resource].isEmpty ? 0 : loads[resource][day]
                let left = Double(shared.capacity(of: resource, on: day)) - load
                return left >= -Self.excess && (left <= Self.excess || prices[day] == 0)
            }
            if !fits { misfits.insert(resource) }
        }
        for t in trajectories.indices {
            let r = trajectories[t].request
            let isLeftOut = taken[r] < 1 - Self.excess && duals.requests[r] < -Self.misfit
            if isLeftOut, reducedCost(of: t, duals) < Self.misfit { misfits.formUnion(uses[t].map(\.resource)) }
        }
        return misfits
    }

    /// Costs are whole: less of a point is the arithmetic of prices to the hundredth.
    private static let misfit = 0.5
    /// So little of a bed is none.
    private static let excess = 1e-2
}
