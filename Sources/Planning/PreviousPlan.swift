import CareChain

/// A plan from which another starts: what of it still holds.
struct PreviousPlan {
    let plan: Plan
    private let stays: Set<Stay>
    /// What its requests did, as far as the instance still allows it.
    let trajectories: [Trajectory]

    init(_ plan: Plan, _ situation: Situation, _ requests: [OpenRequest]) {
        self.plan = plan
        stays = Set(plan.stays)
        let ofVictim = Dictionary(grouping: plan.stays, by: \.victim)
        trajectories = requests.indices.compactMap { r in
            let legs = requests[r].request.victims.map { id in (ofVictim[id] ?? []).sorted { $0.from < $1.from } }
            return requests[r].carriedOver(r, along: legs, in: situation)
        }
    }

    /// The number of its stays, and how many of them a trajectory keeps.
    var count: Int { stays.count }
    func kept(by trajectory: Trajectory, of request: OpenRequest, in instance: Instance) -> Int {
        request.stays(along: trajectory, in: instance).count(where: stays.contains)
    }
}

extension OpenRequest {
    /// The trajectory of stays of a plan that may be of another instance, given victim by victim in order of days; nil
    /// where a rule that concerns this request alone does not allow it.
    fileprivate func carriedOver(_ place: Int, along stays: [[Stay]], in situation: Situation) -> Trajectory? {
        guard let first = stays.first, let start = first.first?.from.number, let end = first.last?.until.number,
            starts.contains(start), end == self.end(startingOn: start),
            stays.allSatisfy({ $0.map(\.from) == first.map(\.from) && $0.map(\.until) == first.map(\.until) }),
            stays.joined().allSatisfy({ situation.instance.unitIndex[$0.unit] != nil && $0.from < $0.until }),
            zip(first, first.dropFirst()).allSatisfy({ $0.until == $1.from }),
            let trajectory = trajectory(place, along: stays, in: situation)
        else { return nil }
        let opening = openings[trajectory.legs[0].lodging]
        if trajectory.legs.count - 1 > min(opening.movesLeft, situation.instance.moveLimits.maxMoves) { return nil }
        for (n, leg) in trajectory.legs.enumerated() {
            if Int(lodging(of: leg, at: n).reach[leg.from - span.lowerBound]) < leg.until { return nil }
            if n == trajectory.legs.count - 1 { break }
            let least = n == 0 ? opening.leastDays : situation.instance.moveLimits.minLegDays
            let next = trajectory.legs[n + 1]
            if leg.until - leg.from < least || next.from < request.noMoveBefore.number
                || zip(leg.units, next.units).contains(where: ==)
            {
                return nil
            }
        }
        return trajectory
    }
}
