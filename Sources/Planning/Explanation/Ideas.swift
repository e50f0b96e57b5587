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

        // By units: what lifts all that stands there on every day, and where beds are short.
        var lifts: [Idea] = []
        var bedUnits: [Int] = []
        var short: [Idea: [Int]] = [:]
        for unit in instance.units.indices {
            for needed in Self.lifts(for: request, in: unit, of: instance) {
                switch needed.count {
                case 0:
                    if case .capacity = search.obstacle(for: request, in: unit) { bedUnits.append(unit) }
                case 1:
                    if !lifts.contains(needed[0]) { lifts.append(needed[0]) }
                    short[needed[0], default: []].append(unit)
                case 2:
                    if !pairs.contains(needed) { pairs.append(needed) }
                default: break
                }
            }
        }
        var unique: [Int] = []
        for unit in bedUnits where !unique.contains(unit) { unique.append(unit) }
        bedUnits = unique

        let mayWait = request.request.current == nil && request.request.latestStart.number < state.situation.days - 1
        let waits: [Idea] = mayWait ? [.wait] : []
        let contacts = Self.contacts(request, instance)
        let moves = Self.moves(for: r, request, state)
        single += bedUnits.map { .bed($0) } + waits + lifts + moves + contacts

        for lift in lifts {
            pairs += (short[lift] ?? []).map { [lift, .bed($0)] }
            pairs += (waits + contacts + moves).map { [lift, $0] }
        }
        for (n, unit) in bedUnits.enumerated() {
            pairs += waits.map { [$0, .bed(unit)] }
            pairs += contacts.map { [$0, .bed(unit)] }
            if request.victims.count > 1 {
                // Groups may lack more than one bed.
                pairs += bedUnits[n...].filter { instance.shelterOfUnit[$0] == instance.shelterOfUnit[unit] }.map {
                    [.bed(unit), .bed($0)]
                }
                pairs += moves.filter { state.isIn(unit, $0) }.map { [.bed(unit), $0] }
            }
        }
        pairs += waits.flatMap { wait in (moves + contacts).map { [wait, $0] } }
        for (n, contact) in contacts.enumerated() {
            pairs += (moves + contacts[(n + 1)...]).map { [contact, $0] }
        }
        self.single = single
        self.pairs = pairs
    }

    /// The sets of ideas that would each lift all that keeps a request out of a unit on every day: of all its victims,
    /// or of one where they need not be in one unit. None where something cannot be lifted.
    private static func lifts(for request: OpenRequest, in unit: Int, of instance: Instance) -> [[Idea]] {
        let perVictim: [[StandingObstacle]] = request.victims.map { StandingObstacle.of($0, in: unit, of: instance) }
        let sets = request.request.together == .unit ? [perVictim.flatMap { $0 }] : perVictim
        return sets.compactMap { obstacles in
            var ideas: [Idea] = []
            for obstacle in obstacles {
                guard let lift = obstacle.lift else { return nil }
                if !ideas.contains(.lift(lift)) { ideas.append(.lift(lift)) }
            }
            return ideas
        }
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
        let feared = Set(
            state.situation.openPairs.flatMap { pair -> [Int] in
                request.victims.contains(pair.a) ? [pair.b] : request.victims.contains(pair.b) ? [pair.a] : []
            })
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
