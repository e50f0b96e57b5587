import CareChain

/// Finds what keeps a request out of a unit for its whole stay, beside the others in a plan.
struct ObstacleSearch {
    let situation: Situation
    let guests: Guests
    private var instance: Instance { situation.instance }

    /// - Parameter stays: Where all others are.
    init(_ situation: Situation, beside stays: [Stay]) {
        self.situation = situation
        guests = Guests(stays, in: situation.instance)
    }

    /// The first thing that keeps a request out of a unit: on every day on which it might begin, or for one with `current`,
    /// on every day from which it might be there until its end; nil when it can be there.
    func obstacle(for request: OpenRequest, in unit: Int) -> Obstacle? {
        let site = instance.units[unit]
        let staysPut = request.request.current?.allSatisfy { $0.unit == site.id } ?? false
        let least = staysPut ? 1 : max(1, site.minGroup)
        let size = request.request.together == .unit ? request.victims.count : least
        if !staysPut, size > request.victims.count || !AdmissionRule.acceptsGroup(of: size, in: site) {
            return .group(size: request.victims.count, least: site.minGroup, most: site.maxGroup)
        }
        var allowed: [Int] = []
        var first: Obstacle?
        for victim in request.victims {
            if let standing = standingObstacle(for: victim, of: request, in: unit) {
                first = first ?? standing
                if request.request.together == .unit { return standing }
            } else {
                allowed.append(victim)
            }
        }
        // Who need not be in one unit may be in it without the others.
        if allowed.count < size { return first }
        if let moves = self.moves(of: request, to: unit) { return moves }

        var lodgings = Self.lodgings(of: request, in: unit)
        if lodgings.isEmpty {
            if let lost = request.victims.first(where: { !canBe($0, inShelterOf: unit) }) {
                return .together(instance.victims[lost].id)
            }
            if request.mayBeSpread {
                // What stands in the way is told of what there would be beside nobody, with most in the unit itself first.
                let others = instance.units.indices.filter {
                    $0 != unit && instance.shelterOfUnit[$0] == instance.shelterOfUnit[unit]
                }
                let anywhere = OpenRequest(
                    request.place, in: situation, among: [unit] + others, funding: request.funding, besideFixed: false)
                lodgings = Self.lodgings(of: anywhere, in: unit)
            }
        }
        if lodgings.isEmpty {
            let part = Guests.Part(unit: unit, victims: Array(allowed.prefix(size)))
            return wholeStay(request, [part], askedAbout: unit)?.obstacle ?? .together(nil)
        }
        var best: Block?
        for lodging in lodgings {
            // What stands in the way in the unit itself is told before what does elsewhere.
            let parts = (lodging.parts.filter { $0.unit == unit } + lodging.parts.filter { $0.unit != unit }).map {
                part in
                Guests.Part(unit: part.unit, victims: part.victims.map { request.victims[$0] })
            }
            guard let block = wholeStay(request, parts, askedAbout: unit) else { return nil }
            if best.map({ block.progress > $0.progress }) ?? true { best = block }
        }
        return best?.obstacle
    }

    /// Where a request would be with victims in a unit.
    private static func lodgings(of request: OpenRequest, in unit: Int) -> [Lodging] {
        let all = request.openings + (request.request.current == nil ? [] : request.lodgings)
        return all.filter { lodging in lodging.parts.contains { $0.unit == unit } }
    }

    /// What keeps one victim out of a unit on every day; age and phase too, since nobody can lift them.
    private func standingObstacle(for victim: Int, of request: OpenRequest, in unit: Int) -> Obstacle? {
        let standing = StandingObstacle.of(victim, in: unit, of: instance).first?.obstacle
        if case .sex = standing { return standing }
        let days = request.request.current == nil ? request.starts : 0..<end(request, from: 0)
        let part = [Guests.Part(unit: unit, victims: [victim])]
        var refused: Obstacle?
        for status in situation.statuses[victim] {
            let days = days.clamped(to: status.days.lowerBound.number..<status.days.upperBound.number)
            if days.isEmpty { continue }
            guard let refusal = refusal(of: request, part, on: days.lowerBound) else { return standing }
            refused = refused ?? refusal.obstacle
        }
        return refused ?? standing
    }

    private func canBe(_ victim: Int, inShelterOf unit: Int) -> Bool {
        instance.units.indices.contains {
            instance.shelterOfUnit[$0] == instance.shelterOfUnit[unit]
                && StandingObstacle.of(victim, in: $0, of: instance).isEmpty
        }
    }

    /// What forbids a request that is elsewhere to move to a unit at all.
    private func moves(of request: OpenRequest, to unit: Int) -> Obstacle? {
        guard let current = request.request.current else { return nil }
        let leaving = current.filter { instance.unitIndex[$0.unit] != unit }
        let mayMove = leaving.filter { LegsRule.allows(moves: 1, after: $0.movesMade, instance.moveLimits) }
        // Who need not be in one unit are in it already when one of them is.
        if leaving.isEmpty || request.mayBeSpread && leaving.count < current.count { return nil }
        if request.mayBeSpread ? mayMove.isEmpty : mayMove.count < leaving.count {
            return .moves(most: instance.moveLimits.maxMoves)
        }
        let last = Day(request.end(startingOn: 0) - 1)
        return HoldRule.allowsMove(of: request.request, on: last) ? nil : .hold(until: request.request.noMoveBefore)
    }

    // MARK: A whole stay

    /// Why a stay cannot be, and how many days it would have lasted until then.
    private struct Block {
        let progress: Int
        let obstacle: Obstacle
    }

    /// What stops the longest of the stays in some units that begin on an allowed day; nil when one is whole.
    private func wholeStay(_ request: OpenRequest, _ parts: [Guests.Part], askedAbout unit: Int) -> Block? {
        func told(_ obstacle: Obstacle, in place: Int) -> Obstacle {
            place == unit ? obstacle : .elsewhere(instance.units[place].id, obstacle)
        }
        let blocks = parts.map { guests.blocks($0) }
        let isBlocked = (0..<situation.days).map { day in blocks.contains { $0[day] != nil } }
        let (entries, unhoused) = entries(of: request, to: parts)
        var best: (progress: Int, entry: Int, refused: Obstacle?)?
        for day in entries where day < end(request, from: day) {
            if let refused = refusal(of: request, parts, on: day) {
                if best == nil { best = (-1, day, told(refused.obstacle, in: refused.unit)) }
            } else if let stop = (day..<end(request, from: day)).first(where: { isBlocked[$0] }) {
                if best.map({ stop - day > $0.progress }) ?? true { best = (stop - day, day, nil) }
            } else {
                return nil
            }
        }
        guard let best else {
            // It may move, but only when it can no longer be where it is.
            return Block(progress: -2, obstacle: unhoused ?? .hold(until: request.request.noMoveBefore))
        }
        if let refused = best.refused { return Block(progress: best.progress, obstacle: refused) }
        let stop = best.entry + best.progress
        let place = blocks.firstIndex { $0[stop] != nil } ?? 0
        return Block(
            progress: best.progress,
            obstacle: told(
                obstacle(
                    parts[place], blocks[place], from: stop, until: end(request, from: best.entry),
                    freeFrom: freeFrom(request, parts, isBlocked)), in: parts[place].unit))
    }

    /// The day on which a stay that begins in a unit on a day ends.
    private func end(_ request: OpenRequest, from day: Int) -> Int {
        request.end(startingOn: request.request.current == nil ? day : 0)
    }

    /// The days on which a stay in some units may begin; for one who is elsewhere also what keeps it from staying there
    /// any longer.
    private func entries(of request: OpenRequest, to parts: [Guests.Part]) -> (days: [Int], unhoused: Obstacle?) {
        guard let current = request.request.current else { return (Array(request.starts), nil) }
        let units = current.map { instance.unitIndex[$0.unit] }
        let next = request.victims.map { victim in parts.first { $0.victims.contains(victim) }?.unit }
        if zip(next, units).allSatisfy({ $0 == nil || $0 == $1 }) { return ([0], nil) }
        var days = HoldRule.allowsMove(of: request.request, on: 0) ? [0] : []
        // Until it moves it stays where it is, as long as it can.
        let staying = Set(units.compactMap { $0 }).sorted().map { unit in
            Guests.Part(unit: unit, victims: zip(request.victims, units).filter { $1 == unit }.map(\.0))
        }
        for part in staying {
            for victim in part.victims {
                if let standing = StandingObstacle.of(victim, in: part.unit, of: instance).first {
                    return (days, .untilThen(instance.units[part.unit].id, standing.obstacle))
                }
            }
        }
        let blocks = staying.map { guests.blocks($0) }
        for day in 1..<max(1, end(request, from: 0)) {
            if let place = blocks.firstIndex(where: { $0[day - 1] != nil }) {
                let stop = obstacle(staying[place], blocks[place], from: day - 1, until: day, freeFrom: nil)
                return (days, .untilThen(instance.units[staying[place].unit].id, stop))
            }
            if HoldRule.allowsMove(of: request.request, on: Day(day)) { days.append(day) }
        }
        return (days, nil)
    }

    /// Whom a unit does not admit on a day, by age or phase.
    private func refusal(
        of request: OpenRequest, _ parts: [Guests.Part], on day: Int
    ) -> (unit: Int, obstacle: Obstacle)? {
        for part in parts {
            let unit = instance.units[part.unit]
            for victim in part.victims {
                if day == 0, let n = request.victims.firstIndex(of: victim), request.request.current?[n].unit == unit.id
                {
                    continue
                }
                guard let status = situation.statuses[victim].last(where: { $0.days.lowerBound.number <= day }) else {
                    continue
                }
                if !unit.accepts.ages.contains(status.age) {
                    return (part.unit, .age(instance.victims[victim].id, status.age, on: Day(day)))
                }
                if !AdmissionRule.accepts(age: status.age, phase: status.phase, in: unit) {
                    return (part.unit, .phase(instance.victims[victim].id, status.phase, on: Day(day)))
                }
            }
        }
        return nil
    }

    /// The first day after the last allowed start on which the whole stay could begin.
    private func freeFrom(_ request: OpenRequest, _ parts: [Guests.Part], _ isBlocked: [Bool]) -> Day? {
        if request.request.current != nil { return nil }
        var free = 0
        var earliest: Int?
        // Backwards, so that the days free from each day on are known.
        for day in (0..<situation.days).reversed() {
            free = isBlocked[day] ? 0 : free + 1
            if day < request.starts.upperBound { break }
            if free >= end(request, from: day) - day, refusal(of: request, parts, on: day) == nil { earliest = day }
        }
        return earliest.map { Day($0) }
    }

    private func obstacle(
        _ part: Guests.Part, _ blocks: [RuleCode?], from stop: Int, until end: Int, freeFrom: Day?
    ) -> Obstacle {
        let rule = blocks[stop]
        let holders = guests.holders(of: part.unit, on: (stop..<max(end, stop + 1)).filter { blocks[$0] == rule })
        switch rule {
        case .exclusive: return .exclusive(on: Day(stop), holders: holders)
        case .mixing:
            let isOne = Set(part.victims.map { instance.victims[$0].sex }).count == 1
            return .mixing(on: Day(stop), holders: isOne ? holders : [])
        case .noContact:
            if let contact = guests.contacts(part).first(where: { $0.days.contains(stop) }) {
                return .noContact(
                    instance.victims[contact.victim].id, with: instance.victims[contact.other].id, on: Day(stop))
            }
            fallthrough
        default: return .capacity(on: Day(stop), holders: holders, freeFrom: freeFrom)
        }
    }
}
