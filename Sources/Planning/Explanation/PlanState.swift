import CareChain

/// A plan as the core sees it: every open request on its trajectory or without a place.
struct PlanState {
    let situation: Situation
    var requests: [OpenRequest]
    var chosen: [Trajectory?]

    var instance: Instance { situation.instance }

    /// What the plan costs.
    var value: Int { situation.value(of: chosen.compactMap { $0 }, requests) }

    init(situation: Situation, requests: [OpenRequest], chosen: [Trajectory?]) {
        self.situation = situation
        self.requests = requests
        self.chosen = chosen
    }

    /// The state of a plan that keeps every rule.
    init(_ plan: Plan, of instance: Instance) throws(ExplanationError) {
        let situation = Situation(instance)
        let requests = situation.open.map { OpenRequest($0, in: situation) }
        self = try PlanState(
            situation: situation, requests: requests, chosen: .init(repeating: nil, count: requests.count)
        ).following(plan)
    }

    /// The state of another plan of the same instance.
    func following(_ plan: Plan) throws(ExplanationError) -> PlanState {
        let stays = Dictionary(grouping: plan.stays, by: \.victim)
        var state = self
        for (r, request) in requests.enumerated() {
            let legs = request.request.victims.map { id in (stays[id] ?? []).sorted { $0.from < $1.from } }
            if legs[0].isEmpty {
                state.chosen[r] = nil
            } else if let trajectory = request.trajectory(r, along: legs, in: situation) {
                state.chosen[r] = trajectory
            } else {
                throw .unlisted(request.request.id)
            }
        }
        return state
    }

    /// What the others take, one request's own aside.
    func occupancy(without r: Int) -> Occupancy {
        var occupancy = Occupancy(situation, requests)
        for case let trajectory? in chosen where trajectory.request != r { occupancy.choose(trajectory) }
        return occupancy
    }

    /// The state with another trajectory of a request.
    func choosing(_ trajectory: Trajectory) -> PlanState {
        var state = self
        state.chosen[trajectory.request] = trajectory
        return state
    }

    /// The best trajectories of a request beside the others, each with another opening, the cheapest first. They may cost
    /// more than leaving it without a place. Where a budget is nearly spent, what passing it costs is not looked at in
    /// the choice among them, only in their order.
    func trajectories(
        of r: Int, beside occupancy: Occupancy, _ pricing: inout Pricing, most: Int
    ) -> [Trajectory] {
        let request = requests[r]
        let found = pricing.trajectories(
            of: request, r, at: occupancy.prices(for: [r]), below: Self.dearest, keep: .best(most))
        return found.legs.map { request.trajectory(r, $0, in: situation) }
    }

    /// Less than any forbidden bed costs, more than anything else.
    static let dearest = Prices.prohibitive / 2

    /// The victims of open requests whom those of a request must not meet.
    func feared(by request: OpenRequest) -> Set<Int> {
        Set(
            situation.openPairs.flatMap { pair -> [Int] in
                request.victims.contains(pair.a) ? [pair.b] : request.victims.contains(pair.b) ? [pair.a] : []
            })
    }

    /// The stays of a request.
    func stays(of r: Int) -> [Stay] { chosen[r].map { requests[r].stays(along: $0, in: instance) } ?? [] }

    /// All stays but those of a request.
    func stays(without r: Int) -> [Stay] {
        situation.fixedStays + requests.indices.filter { $0 != r }.flatMap { stays(of: $0) }
    }

    /// The plan, judged.
    func plan(_ options: PlanningOptions, cut: Bool = false) throws(ExplanationError) -> Plan {
        do {
            return try PlanAssembly(situation: situation, requests: requests).plan(
                of: chosen.compactMap { $0 }, bound: nil, prices: nil, cut: cut, options)
        } catch {
            throw .planning(error)
        }
    }
}

extension OpenRequest {
    /// The stays of a trajectory.
    func stays(along trajectory: Trajectory, in instance: Instance) -> [Stay] {
        victims.indices.flatMap { n in
            trajectory.legs.map { leg in
                Stay(
                    request: request.id, victim: request.victims[n], unit: instance.units[leg.units[n]].id,
                    from: Day(leg.from), until: Day(leg.until))
            }
        }
    }

    /// The trajectory of stays, given victim by victim in order of days; nil when it is none of those listed.
    func trajectory(_ place: Int, along stays: [[Stay]], in situation: Situation) -> Trajectory? {
        var legs: [Trajectory.Leg] = []
        for n in stays[0].indices {
            let units = stays.compactMap { situation.instance.unitIndex[$0[n].unit] }
            let lodgings = n == 0 ? openings : lodgings
            guard let lodging = lodgings.firstIndex(where: { isSame($0, units) }) else { return nil }
            legs.append(
                .init(lodging: lodging, from: stays[0][n].from.number, until: stays[0][n].until.number, units: units))
        }
        return trajectory(place, legs, in: situation)
    }

    /// Whether a lodging has the victims in some units, or stands for one that does.
    private func isSame(_ lodging: Lodging, _ units: [Int]) -> Bool {
        if lodging.units == units { return true }
        if !lodging.isExchangeable { return false }
        func pairs(_ units: [Int]) -> [[Int]] {
            zip(kinds, units).map { [$0, $1] }.sorted { $0.lexicographicallyPrecedes($1) }
        }
        return pairs(lodging.units) == pairs(units)
    }
}
