import CareChain

/// What might unlock a place for a request, by what stands in its way: only that is worth a trial.
struct Ideas {
    /// Ideas that might do alone.
    private(set) var single: [Idea] = []
    /// Pairs of ideas that might do together, where neither does alone.
    private(set) var pairs: [[Idea]] = []

    init(_ state: PlanState, for r: Int, _ search: ObstacleSearch) {
        let request = state.requests[r]
        let instance = state.instance
        var single: [Idea] = []
        var pairs: [[Idea]] = []

        // By units: what lifts all that stands there on every day, and where nothing does and a bed may be what lacks.
        var lifts: [Idea] = []
        var bedUnits: [Int] = []
        var laterBedUnits: [Int] = []
        var short: [Idea: [Int]] = [:]
        for unit in instance.units.indices {
            for needed in Self.lifts(for: request, in: unit, of: instance) {
                switch needed.count {
                case 0:
                    switch search.obstacle(for: request, in: unit) {
                    case .sex, .group, .moves, .hold, .fixed, .cost: break
                    case _ where Self.admits(request, state.situation, in: unit, on: request.span):
                        bedUnits.append(unit)
                    case _ where Self.admits(request, state.situation, in: unit, on: 0..<state.situation.days):
                        laterBedUnits.append(unit)
                    default: break
                    }
                case 1:
                    if !lifts.contains(needed[0]) { lifts.append(needed[0]) }
                    short[needed[0], default: []].append(unit)
                case 2:
                    pairs.append(needed)
                default: break
                }
            }
        }
        let mayWait = request.request.current == nil && request.request.latestStart.number < state.situation.days - 1
        let waits: [Idea] = mayWait ? [.wait] : []
        let contacts = Self.contacts(request, instance)
        let moves = Self.moves(for: r, request, state)
        single += bedUnits.map { .bed($0) } + waits + lifts + moves + contacts

        let shelters = lifts.map { lift in Set((short[lift] ?? []).map { instance.shelterOfUnit[$0] }) }
        for (n, lift) in lifts.enumerated() {
            pairs += (short[lift] ?? []).map { [lift, .bed($0)] }
            pairs += (waits + contacts + moves).map { [lift, $0] }
            if request.mayBeSpread {
                // What keeps one out of one unit, and another out of another.
                pairs += bedUnits.filter { shelters[n].contains(instance.shelterOfUnit[$0]) }.map { [lift, .bed($0)] }
                pairs += lifts.indices.dropFirst(n + 1).filter { !shelters[n].isDisjoint(with: shelters[$0]) }.map {
                    [lift, lifts[$0]]
                }
            }
        }
        for (n, unit) in bedUnits.enumerated() {
            pairs += waits.map { [$0, .bed(unit)] }
            pairs += contacts.map { [$0, .bed(unit)] }
            // Fixed stays alone may be more than there are beds.
            pairs.append([.bed(unit), .bed(unit)])
            if request.victims.count > 1 {
                // Groups may lack more than one bed.
                pairs += bedUnits[(n + 1)...].filter { instance.shelterOfUnit[$0] == instance.shelterOfUnit[unit] }.map
                {
                    [.bed(unit), .bed($0)]
                }
                pairs += moves.filter { state.isIn(unit, $0) }.map { [.bed(unit), $0] }
            }
        }
        pairs += waits.flatMap { wait in laterBedUnits.map { [wait, .bed($0)] } }
        pairs += waits.flatMap { wait in (moves + contacts).map { [wait, $0] } }
        for (n, contact) in contacts.enumerated() {
            pairs += (moves + contacts[(n + 1)...]).map { [contact, $0] }
        }
        self.single = single
        var known: Set<[Idea]> = []
        self.pairs = pairs.filter { known.insert($0).inserted }
    }

    /// The sets of ideas that would each lift all that keeps a request out of a unit on every day: of all its victims,
    /// or of one where they need not be in one unit, each set once. None where something cannot be lifted.
    private static func lifts(for request: OpenRequest, in unit: Int, of instance: Instance) -> [[Idea]] {
        let perVictim: [[StandingObstacle]] = request.victims.map { StandingObstacle.of($0, in: unit, of: instance) }
        let sets = request.request.together == .unit ? [perVictim.flatMap { $0 }] : perVictim
        var known: Set<[Idea]> = []
        return sets.compactMap { obstacles in
            var ideas: [Idea] = []
            for obstacle in obstacles {
                guard let lift = obstacle.lift else { return nil }
                if !ideas.contains(.lift(lift)) { ideas.append(.lift(lift)) }
            }
            return known.insert(ideas).inserted ? ideas : nil
        }
    }

    /// Whether a unit admits the victims, or one of those who need not be in one unit, by age and phase on some of the days.
    private static func admits(
        _ request: OpenRequest, _ situation: Situation, in unit: Int, on days: Range<Int>
    ) -> Bool {
        let site = situation.instance.units[unit]
        func isAdmitted(_ n: Int) -> Bool {
            if let current = request.request.current, current[n].unit == site.id { return true }
            return situation.statuses[request.victims[n]].contains {
                days.overlaps($0.days.lowerBound.number..<$0.days.upperBound.number)
                    && AdmissionRule.accepts(age: $0.age, phase: $0.phase, in: site)
            }
        }
        return request.request.together == .unit
            ? request.victims.indices.allSatisfy(isAdmitted) : request.victims.indices.contains(where: isAdmitted)
    }

    /// Those whom victims of the request must not meet.
    private static func contacts(_ request: OpenRequest, _ instance: Instance) -> [Idea] {
        var found: [Idea] = []
        for pair in instance.noContact where NoContactRule.binds(pair, in: instance) {
            let isConcerned = request.request.victims.contains { $0 == pair.a || $0 == pair.b }
            if isConcerned, !found.contains(.contact(pair.a, pair.b)), !found.contains(.contact(pair.b, pair.a)) {
                found.append(.contact(pair.a, pair.b))
            }
        }
        return found
    }

    /// The open requests with a place where the request might be, or whose victims must not meet its own.
    private static func moves(for r: Int, _ request: OpenRequest, _ state: PlanState) -> [Idea] {
        let units = Set((request.lodgings + request.firstLodgings).flatMap(\.units))
        let feared = state.feared(by: request)
        return state.requests.indices.filter { other in
            guard other != r, let trajectory = state.chosen[other] else { return false }
            return trajectory.legs.contains { $0.units.contains { units.contains($0) } }
                || state.requests[other].victims.contains { feared.contains($0) }
        }.map { .move($0) }
    }
}

extension PlanState {
    /// Whether the request that an idea moves is ever in a unit.
    fileprivate func isIn(_ unit: Int, _ idea: Idea) -> Bool {
        guard case .move(let other) = idea else { return false }
        return chosen[other]?.legs.contains { $0.units.contains(unit) } ?? false
    }
}
