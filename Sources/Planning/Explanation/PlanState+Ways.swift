import CareChain

extension PlanState {
    /// The cheapest ways of a request beside the others as they are, each in other units, the cheapest first; what they add
    /// to passed budgets counted in.
    ///
    /// - Parameters:
    ///   - narrowed: What the request may choose from, where that is less than it might.
    ///   - known: Ways that are known.
    ///   - most: The most ways.
    func ways(
        of r: Int, as narrowed: OpenRequest? = nil, knowing known: [Trajectory] = [], _ pricing: inout Pricing,
        most: Int
    ) -> [Trajectory] {
        let request = narrowed ?? requests[r]
        let prices = occupancy(without: r).prices(for: [r])
        func find(below threshold: Double, _ keep: Pricing.Keep) -> [Trajectory] {
            pricing.trajectories(of: request, r, at: prices, below: threshold, keep: keep).legs.compactMap { legs in
                let trajectory = request.trajectory(r, legs, in: situation)
                return narrowed == nil ? trajectory : original(of: trajectory, request, r)
            }
        }
        var best = Self.best(of: known + find(below: Self.dearest, .best(most)), most, in: self)
        // Those are the best of each opening, as if budgets were not passed by more than they are already: among all that
        // cost less than the last of them are the best there are. Costs are told before rounding up to whole euros.
        let rounding = Double(instance.weights.overBudgetEuro * instance.funders.count)
        let last = best.count < most ? nil : best.last.map { Double(choosing($0).value - withdrawing(r).value) }
        let unplaced = Double(requests[r].unplacedPoints)
        let threshold = last.map { $0 + unplaced + rounding } ?? Self.dearest
        best = Self.best(of: best + find(below: threshold, .all(Self.mostListed)), most, in: self)
        return best
    }

    /// Whether a request could pass a budget that the others do not pass: then what it costs is more than the prices of its
    /// ways say.
    func mayPassBudget(_ r: Int) -> Bool {
        var spent = situation.spentByFixed
        for case let trajectory? in chosen where trajectory.request != r {
            for spending in trajectory.spending { spent[spending.funder] += spending.cents }
        }
        let units = requests[r].lodgings + requests[r].firstLodgings
        let daily = units.flatMap(\.units).map { instance.units[$0].dailyCost.amount }.max() ?? 0
        let most = daily * requests[r].victims.count * min(requests[r].request.stayDays, situation.days)
        return instance.funders.indices.contains { f in
            instance.funders[f].budget.map { spent[f] < $0.amount && spent[f] + most > $0.amount } ?? false
        }
    }

    /// So many ways of a request are looked at, at the most.
    private static let mostListed = 2000

    private static func best(of ways: [Trajectory], _ most: Int, in state: PlanState) -> [Trajectory] {
        let values = ways.map { state.choosing($0).value }
        var known: Set<[[Int]]> = []
        return ways.indices.sorted { (values[$0], $0) < (values[$1], $1) }.map { ways[$0] }
            .filter { known.insert($0.legs.map(\.units)).inserted }.prefix(most).map(\.self)
    }

    private func withdrawing(_ r: Int) -> PlanState {
        var state = self
        state.chosen[r] = nil
        return state
    }

    /// The trajectory of a narrowed request as one of the whole request.
    private func original(of trajectory: Trajectory, _ narrowed: OpenRequest, _ r: Int) -> Trajectory? {
        let stays = narrowed.stays(along: trajectory, in: instance)
        let legs = narrowed.request.victims.map { id in stays.filter { $0.victim == id } }
        return requests[r].trajectory(r, along: legs, in: situation)
    }
}
