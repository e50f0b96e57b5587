import CareChain

extension PlanState {
    /// The cheapest ways of a request beside the others as they are, each in other units, the cheapest first; what they add
    /// to passed budgets counted in. Where more than ``mostListed`` could be among them, only those that are found first are
    /// looked at.
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
        let values = WayValues(self, without: r)
        let best = values.best(of: known + find(below: Self.dearest, .best(most)), most)
        // Those are the best of each opening, as if budgets were not passed by more than they are already: among all that
        // cost less than the last of them are the best there are. Costs are told before rounding up to whole euros.
        let rounding = Double(instance.weights.overBudgetEuro * instance.funders.count)
        let last = best.count < most ? nil : best.last.map { Double(values.points(of: $0)) }
        return values.best(
            of: best + find(below: last.map { $0 + rounding } ?? Self.dearest, .all(Self.mostListed)), most)
    }

    /// Whether a request could pass a budget that the others do not pass: then what it costs is more than the prices of its
    /// ways say.
    func mayPassBudget(_ r: Int) -> Bool {
        let spent = spent(without: r)
        // Wherever a change may lead it.
        let daily = instance.units.map(\.dailyCost.amount).max() ?? 0
        let most = daily * requests[r].victims.count * min(requests[r].request.stayDays, situation.days)
        return instance.funders.indices.contains { f in
            instance.funders[f].budget.map { spent[f] < $0.amount && spent[f] + most > $0.amount } ?? false
        }
    }

    /// So many ways of a request are looked at, at the most.
    static let mostListed = 2000

    /// What funders pay for all but a request.
    fileprivate func spent(without r: Int) -> [Int] {
        var spent = situation.spentByFixed
        for case let trajectory? in chosen where trajectory.request != r {
            for spending in trajectory.spending { spent[spending.funder] += spending.cents }
        }
        return spent
    }

    /// The trajectory of a narrowed request as one of the whole request.
    private func original(of trajectory: Trajectory, _ narrowed: OpenRequest, _ r: Int) -> Trajectory? {
        let stays = narrowed.stays(along: trajectory, in: instance)
        let legs = narrowed.request.victims.map { id in stays.filter { $0.victim == id } }
        return requests[r].trajectory(r, along: legs, in: situation)
    }
}

/// What ways of one request cost beside the others, what they add to passed budgets counted in.
private struct WayValues {
    private let instance: Instance
    private let spent: [Int]

    init(_ state: PlanState, without r: Int) {
        instance = state.instance
        spent = state.spent(without: r)
    }

    /// What a way costs, in points.
    func points(of way: Trajectory) -> Int {
        way.spending.reduce(way.points) { points, paid in
            guard let budget = instance.funders[paid.funder].budget else { return points }
            func cost(_ spent: Int) -> Int {
                OverBudgetCost.cost(spent: Cents(spent), budget: budget, instance.weights)
            }
            return points + cost(spent[paid.funder] + paid.cents) - cost(spent[paid.funder])
        }
    }

    /// The cheapest ways, each in other units; equals stay in their order.
    func best(of ways: [Trajectory], _ most: Int) -> [Trajectory] {
        let points = ways.map(points(of:))
        var known: Set<[[Int]]> = []
        return ways.indices.sorted { (points[$0], $0) < (points[$1], $1) }.map { ways[$0] }
            .filter { known.insert($0.legs.map(\.units)).inserted }.prefix(most).map(\.self)
    }
}
