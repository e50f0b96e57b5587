import CareChain

/// One way through the horizon for one request: start day, lodging, move day, next lodging, …
struct Trajectory {
    /// One leg.
    struct Leg: Hashable {
        /// The place of the lodging among the request's openings (first leg) or lodgings.
        let lodging: Int
        let from: Int
        let until: Int
        /// The unit of each victim; the lodging's, or its victims of one kind exchanged so that each one moves.
        let units: [Int]
    }

    /// The place of the request among the open ones.
    let request: Int
    let legs: [Leg]
    /// What it costs, budgets aside.
    let points: Int
    /// What it takes of each funder's budget, in cents, where the funder has one.
    let spending: [Spending]

    struct Spending {
        let funder: Int
        let cents: Int
    }

    var start: Int { legs.first?.from ?? 0 }
    var end: Int { legs.last?.until ?? 0 }
}

extension OpenRequest {
    /// The lodging of a leg by its place in a trajectory.
    func lodging(of leg: Trajectory.Leg, at place: Int) -> Lodging {
        place == 0 ? openings[leg.lodging] : lodgings[leg.lodging]
    }

    /// The trajectory of some legs with its exact cost.
    func trajectory(_ place: Int, _ legs: [Trajectory.Leg], in situation: Situation) -> Trajectory {
        let instance = situation.instance
        let weights = instance.weights
        var points = WaitCost.cost(of: request, startingOn: Day(legs.first?.from ?? 0), weights)
        points += MoveCost.cost(moves: (legs.count - 1) * victims.count, weights)
        for (n, leg) in legs.enumerated() {
            let lodging = lodging(of: leg, at: n)
            if n == 0 { points += MoveCost.cost(moves: lodging.movedOnDay0, weights) }
            points += lodging.points(from: leg.from, until: leg.until, weights)
        }
        var cents: [Int: Int] = [:]
        var unfunded = 0
        for n in victims.indices {
            var paid = funding[n].paidBefore
            for leg in legs {
                let unit = leg.units[n]
                let daily = instance.units[unit].dailyCost.amount
                funding[n].schedules[Int(funding[n].scheduleOfUnit[unit])].walk(
                    Day(leg.from)..<Day(leg.until), paid: &paid
                ) { payer, days in
                    if let payer {
                        if instance.funders[payer].budget != nil { cents[payer, default: 0] += daily * days.count }
                    } else {
                        unfunded += days.count
                    }
                }
            }
        }
        points += UnfundedCost.cost(days: unfunded, weights)
        return Trajectory(
            request: place, legs: legs, points: points,
            spending: cents.sorted { $0.key < $1.key }.map { .init(funder: $0.key, cents: $0.value) })
    }
}

extension Lodging {
    /// What a leg costs, funding and moves aside.
    func points(from: Int, until: Int, _ weights: Weights) -> Int {
        var points = entryPoints
        for part in parts {
            points += part.pointsPerDay * (until - from)
            points += OverstayCost.cost(days: part.overstayDays(from: from, until: until), weights)
        }
        return points
    }
}

extension Lodging.Part {
    /// The victim-days of a leg that overstay.
    func overstayDays(from: Int, until: Int) -> Int {
        var days = 0
        for n in victims.indices {
            for range in refused[n] { days += max(0, min(range.upperBound, until) - max(range.lowerBound, from)) }
        }
        return mayBeLate ? days + lateDays(from: from, until: until) : days
    }

    /// The victim-days of a leg past the unit's longest stay that the unit's admission does not make overstays already.
    func lateDays(from: Int, until: Int) -> Int {
        var days = 0
        for n in victims.indices where lateAfter[n] < until - from {
            let late = from + lateAfter[n]
            days += until - late
            for range in refused[n] { days -= max(0, min(range.upperBound, until) - max(range.lowerBound, late)) }
        }
        return days
    }
}
