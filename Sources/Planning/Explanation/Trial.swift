import CareChain

/// Something that could be changed for a request, before it is known how much of it is needed.
enum Idea: Hashable {
    /// One more bed in a unit (by its place).
    case bed(Int)
    /// A later start.
    case wait
    /// A standing obstacle lifted for all victims of the request.
    case lift(StandingObstacle.Lift)
    /// Two victims may meet: one of the request, and another.
    case contact(VictimID, VictimID)
    /// Another open request (by its place among them) goes elsewhere or at another time.
    case move(Int)

    /// Whether it gives up what protects somebody.
    var isDangerous: Bool {
        switch self {
        case .lift(.security), .lift(.region), .lift(.shelter), .contact: true
        case .bed, .wait, .lift(.need), .lift(.travel), .move: false
        }
    }
}

/// A request placed on a changed instance, all others left as they are, save one where an idea moves it.
struct Trial {
    /// The changes, no more of each than the place needs.
    let changes: [Change]
    /// What the plan then costs.
    let value: Int
    /// Where the request and the one moved then are.
    let stays: [Stay]
}

/// Tries ideas for one request without a place.
struct Trials {
    let state: PlanState
    let r: Int
    private let mayPassBudget: Bool
    private let fixed: Guests
    private var request: OpenRequest { state.requests[r] }
    private var instance: Instance { state.instance }

    /// The trajectories that are tried of a request before another one is looked after.
    private static let mostTried = 3

    init(_ state: PlanState, placing r: Int) {
        self.state = state
        self.r = r
        mayPassBudget = state.mayPassBudget(r)
        fixed = Guests(state.situation.fixedStays, in: state.instance)
    }

    /// The cheapest place that some ideas give together; nil when there is none, or one of them does nothing for it.
    func trial(of ideas: [Idea]) -> Trial? {
        var changed = state
        let moved: [Int] = ideas.compactMap { if case .move(let other) = $0 { other } else { nil } }
        if ideas.count > moved.count {
            // What the definition does not allow, beds beyond its largest number for one, cannot be tried.
            guard let instance = try? instance.changed(by: ideas.flatMap(relaxed)) else { return nil }
            let situation = Situation(instance)
            var requests = state.requests
            requests[r] = OpenRequest(request.place, in: situation)
            changed = PlanState(situation: situation, requests: requests, chosen: state.chosen)
        }
        var occupancy = changed.occupancy(without: r)
        var pricing = Pricing(changed.situation)
        guard let other = moved.first else {
            let found =
                mayPassBudget
                ? changed.ways(of: r, &pricing, most: Self.mostTried)
                : changed.trajectories(of: r, beside: occupancy, &pricing, most: Self.mostTried)
            return best(of: found.map { changed.choosing($0) }, ideas)
        }
        occupancy.withdraw(other)
        var states: [PlanState] = []
        for trajectory in changed.trajectories(of: r, beside: occupancy, &pricing, most: Self.mostTried) {
            occupancy.choose(trajectory)
            for second in changed.trajectories(of: other, beside: occupancy, &pricing, most: 1) {
                states.append(changed.choosing(trajectory).choosing(second))
            }
            occupancy.withdraw(r)
        }
        return best(of: states, ideas)
    }

    private func best(of states: [PlanState], _ ideas: [Idea]) -> Trial? {
        var best: Trial?
        for state in states {
            let value = state.value
            if let best, best.value <= value { continue }
            let changes = ideas.enumerated().compactMap { n, idea in
                needed(idea, after: ideas[..<n].count { $0 == idea }, in: state)
            }
            if changes.count < ideas.count { continue }
            let moved = ideas.flatMap { if case .move(let other) = $0 { state.stays(of: other) } else { [Stay]() } }
            best = Trial(changes: changes, value: value, stays: state.stays(of: r) + moved)
        }
        return best
    }

    // MARK: As much as might be needed

    private func relaxed(_ idea: Idea) -> [Change] {
        let ids = request.request.victims
        switch idea {
        case .bed(let unit): return [.bed(instance.units[unit].id, days: instance.horizon.range)]
        case .wait: return [wait(until: Day(state.situation.days - 1))]
        case .lift(.need(let service)): return [.need(service, ids)]
        case .lift(.travel):
            let limited = request.victims.map { instance.victims[$0] }.filter {
                $0.investigation?.maxTravelMinutes != nil
            }
            return [.travel(minutes: longestJourney, limited.map(\.id))]
        case .lift(.security(let level)):
            return [
                .security(level: level, request.victims.filter { isNext(level, $0) }.map { instance.victims[$0].id })
            ]
        case .lift(.region(let region)): return [.region(region, ids)]
        case .lift(.shelter(let shelter)): return [.shelter(shelter, ids)]
        case .contact(let a, let b): return [.contact(a, b)]
        case .move: return []
        }
    }

    private var longestJourney: Int { instance.travelTimes.map(\.minutes).max() ?? 0 }

    private func isNext(_ level: Int, _ victim: Int) -> Bool {
        let allowed = instance.victims[victim].security
        return level == allowed.lowerBound - 1 || level == allowed.upperBound + 1
    }

    private func wait(until day: Day) -> Change {
        .wait(request.request.id, latestStart: day, daysLonger: day - request.request.latestStart)
    }

    // MARK: No more than is needed

    /// The change that a state needs of an idea after so many of its like; nil when it does without.
    private func needed(_ idea: Idea, after earlier: Int, in state: PlanState) -> Change? {
        guard let trajectory = state.chosen[r] else { return nil }
        switch idea {
        case .bed(let unit):
            let days = shortDays(in: unit, state, byMoreThan: earlier)
            guard let first = days.first, let last = days.last else { return nil }
            return .bed(instance.units[unit].id, days: Day(first)..<Day(last + 1))
        case .wait:
            return Day(trajectory.start) > request.request.latestStart ? wait(until: Day(trajectory.start)) : nil
        case .lift(let lift):
            let ids = zip(request.victims, request.victims.indices).filter { victim, n in
                trajectory.legs.contains { leg in
                    StandingObstacle.of(victim, in: leg.units[n], of: instance).contains { $0.lift == lift }
                }
            }.map { instance.victims[$0.0].id }
            return ids.isEmpty ? nil : change(lift, for: ids, trajectory)
        case .contact(let a, let b):
            return meet(a, b, state) ? .contact(a, b) : nil
        case .move(let other):
            return state.stays(of: other) == self.state.stays(of: other)
                ? nil : .otherRequest(self.state.requests[other].request.id)
        }
    }

    private func change(_ lift: StandingObstacle.Lift, for ids: [VictimID], _ trajectory: Trajectory) -> Change {
        switch lift {
        case .need(let service): return .need(service, ids)
        case .security(let level): return .security(level: level, ids)
        case .region(let region): return .region(region, ids)
        case .shelter(let shelter): return .shelter(shelter, ids)
        case .travel:
            var longest = 0
            for (n, victim) in request.victims.enumerated() where ids.contains(instance.victims[victim].id) {
                guard let investigation = instance.victims[victim].investigation else { continue }
                for leg in trajectory.legs {
                    longest = max(longest, instance.minutes(fromUnit: leg.units[n], to: investigation) ?? 0)
                }
            }
            return .travel(minutes: longest, ids)
        }
    }

    /// The days on which a state takes so many beds more in a unit than it has as it is.
    private func shortDays(in unit: Int, _ state: PlanState, byMoreThan most: Int) -> [Int] {
        var taken: Set<Int> = []
        var left = fixed.bedsLeft(in: unit)
        for case let trajectory? in state.chosen {
            for (n, leg) in trajectory.legs.enumerated() {
                for part in state.requests[trajectory.request].lodging(of: leg, at: n).parts where part.unit == unit {
                    for day in leg.from..<leg.until { left[day] -= part.beds }
                    taken.formUnion(leg.from..<leg.until)
                }
            }
        }
        return left.indices.filter { taken.contains($0) && left[$0] < -most }
    }

    private func meet(_ a: VictimID, _ b: VictimID, _ state: PlanState) -> Bool {
        let all = state.situation.fixedStays + state.requests.indices.flatMap { state.stays(of: $0) }
        let pairs = instance.noContact.filter { ($0.a == a && $0.b == b) || ($0.a == b && $0.b == a) }
        for one in all where one.victim == a {
            for other in all where other.victim == b && one.from < other.until && other.from < one.until {
                guard let u = instance.unitIndex[one.unit], let w = instance.unitIndex[other.unit] else { continue }
                if pairs.contains(where: { NoContactRule.meet(in: u, and: w, scope: $0.scope, of: instance) }) {
                    return true
                }
            }
        }
        return false
    }
}
