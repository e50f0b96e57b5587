import CareChain

extension OpenRequest {
    /// The most lodgings listed per shelter for victims who may be spread over its units. Above it the list is cut and
    /// the request's part of the bound falls back to what is always true.
    static let mostLodgingsPerShelter = 3000
    /// The same where others are not looked at: then only what might be in the way is told of them.
    static let mostLodgingsBesideNobody = 50

    /// Makes the open request at a place among all requests.
    ///
    /// - Parameters:
    ///   - units: The units in which it may be; nil: all with room.
    ///   - known: Who would pay for its victims, as far as that was found in another situation of the same instance.
    ///   - isBesideFixed: Whether only that is listed for which beds, and who is there already, leave room on some day.
    init(
        _ place: Int, in situation: Situation, among units: [Int]? = nil, funding known: [VictimFunding]? = nil,
        besideFixed isBesideFixed: Bool = true
    ) {
        let instance = situation.instance
        let request = instance.requests[place]
        let victims = request.victims.compactMap { instance.victimIndex[$0] }
        let allowed = TimingRule.starts(of: request)
        let starts = allowed.lowerBound.number..<allowed.upperBound.number + 1
        let end = request.end(startingOn: allowed.upperBound, horizonDays: situation.days).number
        self.place = place
        self.request = request
        self.victims = victims
        self.starts = starts
        span = starts.lowerBound..<end
        unplacedPoints = UnplacedCost.cost(of: request, instance.weights)
        horizonDays = situation.days

        var listing = LodgingListing(
            request: request, victims: victims, span: span, units: units ?? situation.unitsWithRoom,
            situation: situation, isBesideFixed: isBesideFixed)
        lodgings = listing.lodgings(asFirstLegOfCurrent: false)
        firstLodgings = request.current == nil ? [] : listing.lodgings(asFirstLegOfCurrent: true)
        isComplete = listing.isComplete
        kinds = listing.kinds

        var funding = known ?? victims.map { VictimFunding(of: $0, in: instance) }
        for lodging in lodgings + firstLodgings {
            for (n, unit) in lodging.units.enumerated() {
                funding[n].add(
                    unit: unit, of: victims[n], staying: min(request.stayDays, situation.days), in: situation)
            }
        }
        self.funding = funding
    }
}

/// Lists the lodgings of one request.
private struct LodgingListing {
    let request: Request
    let victims: [Int]
    let span: Range<Int>
    /// The units to choose from.
    let units: [Int]
    let situation: Situation
    let isBesideFixed: Bool
    /// For each of these whether each victim may be there on any day, as far as services, security, avoid and
    /// investigation say; empty for the others.
    let allowed: [[Bool]]
    /// Victims who are alike in everything that costs or rules look at have the same number.
    let kinds: [Int]
    var isComplete = true

    init(
        request: Request, victims: [Int], span: Range<Int>, units: [Int], situation: Situation, isBesideFixed: Bool
    ) {
        self.request = request
        self.victims = victims
        self.span = span
        self.units = units
        self.situation = situation
        self.isBesideFixed = isBesideFixed
        let instance = situation.instance
        var allowed = [[Bool]](repeating: [], count: instance.units.count)
        for unit in units {
            let shelter = instance.shelter(ofUnit: unit)
            allowed[unit] = victims.map { place in
                let victim = instance.victims[place]
                return SecurityRule.allows(victim, in: shelter)
                    && AvoidRule.allows(victim, in: shelter)
                    && ServicesRule.missing(for: victim, in: instance.units[unit], of: shelter).isEmpty
                    && (victim.investigation.map {
                        InvestigationRule.allows($0, minutes: instance.minutes(fromUnit: unit, to: $0))
                    } ?? true)
            }
        }
        self.allowed = allowed
        kinds = Self.kinds(of: victims, in: situation)
    }

    mutating func lodgings(asFirstLegOfCurrent first: Bool) -> [Lodging] {
        var lodgings: [Lodging] = []
        if request.together == .unit || victims.count == 1 {
            for unit in units where allowed[unit].allSatisfy({ $0 }) {
                if let lodging = lodging([Int](repeating: unit, count: victims.count), first) {
                    lodgings.append(lodging)
                }
            }
            return lodgings
        }
        let byShelter = Dictionary(grouping: units) { situation.instance.shelterOfUnit[$0] }
        for (_, units) in byShelter.sorted(by: { $0.key < $1.key }) {
            let (assignments, byKind) = assignments(to: units)
            for assignment in assignments {
                if let lodging = lodging(assignment, first, byKind) { lodgings.append(lodging) }
            }
        }
        return lodgings
    }

    /// All ways to spread the victims over units of one shelter: each way once for few, otherwise one way for each
    /// number of victims of each kind per unit.
    private mutating func assignments(to units: [Int]) -> (assignments: [[Int]], byKind: Bool) {
        let most = isBesideFixed ? OpenRequest.mostLodgingsPerShelter : OpenRequest.mostLodgingsBesideNobody
        let instance = situation.instance
        var everyWay = 1
        for _ in victims where everyWay <= 256 { everyWay *= max(1, units.count) }
        let byKind = everyWay > 256
        let order = victims.indices.sorted { (kinds[$0], $0) < (kinds[$1], $1) }
        let greatest = units.map { unit in
            isBesideFixed ? (span.map { Int(situation.bedsLeft[unit * situation.days + $0]) }.max() ?? 0) : .max
        }
        var found: [[Int]] = []
        var assignment = [Int](repeating: -1, count: victims.count)
        var counts = [Int](repeating: 0, count: units.count)
        var cut = false

        func assign(_ n: Int) {
            if cut { return }
            if n == order.count {
                if found.count == most {
                    cut = true
                    return
                }
                found.append(assignment)
                return
            }
            let victim = order[n]
            var from = 0
            if byKind, n > 0, kinds[order[n - 1]] == kinds[victim] {
                from = units.firstIndex(of: assignment[order[n - 1]]) ?? 0
            }
            for u in from..<max(from, units.count) where allowed[units[u]][victim] {
                let unit = instance.units[units[u]]
                let beds = unit.countBy == .request ? 1 : counts[u] + 1
                if beds > greatest[u] || counts[u] + 1 > (unit.maxGroup ?? .max) && request.current == nil { continue }
                counts[u] += 1
                assignment[victim] = units[u]
                assign(n + 1)
                counts[u] -= 1
            }
        }
        assign(0)
        if cut { isComplete = false }
        return (found, byKind)
    }

    /// A lodging with each victim in a unit, or nil when no leg can be spent in it.
    private func lodging(_ units: [Int], _ first: Bool, _ byKind: Bool = false) -> Lodging? {
        let instance = situation.instance
        let weights = instance.weights
        let current = first ? request.current ?? [] : []
        let currentUnits = current.map { instance.unitIndex[$0.unit] }
        let staysPut = victims.indices.map { first && currentUnits[$0] == units[$0] }
        let moved = first ? staysPut.count { !$0 } : 0
        var movesLeft = instance.moveLimits.maxMoves
        if first {
            if moved > 0, !HoldRule.allowsMove(of: request, on: 0) { return nil }
            for (n, stay) in current.enumerated() {
                let moves = staysPut[n] ? 0 : 1
                if !LegsRule.allows(moves: moves, after: stay.movesMade, instance.moveLimits) { return nil }
                var more = 0
                while more < movesLeft,
                    LegsRule.allows(moves: moves + more + 1, after: stay.movesMade, instance.moveLimits)
                {
                    more += 1
                }
                movesLeft = more
            }
        }

        var entry = 0
        for (n, unit) in units.enumerated() where !staysPut[n] {
            let victim = instance.victims[victims[n]]
            entry += OutOfRegionCost.cost(of: request, in: instance.shelter(ofUnit: unit).region, weights)
            if let investigation = victim.investigation {
                entry += TravelCost.cost(minutes: instance.minutes(fromUnit: unit, to: investigation), weights)
            }
        }

        var parts: [Lodging.Part] = []
        var sexesOfParts: [UInt8] = []
        for unit in units where !parts.contains(where: { $0.unit == unit }) {
            let there = victims.indices.filter { units[$0] == unit }
            let sexes = there.reduce(UInt8(0)) { $0 | Situation.bit(instance.victims[victims[$1]].sex) }
            let site = instance.units[unit]
            if site.mixing == .singleSex, sexes.nonzeroBitCount > 1 { return nil }
            let entering = there.filter { !staysPut[$0] }
            if !entering.isEmpty, !AdmissionRule.acceptsGroup(of: there.count, in: site) { return nil }
            if !entering.allSatisfy({ AdmissionRule.accepts(instance.victims[victims[$0]].sex, in: site) }) {
                return nil
            }
            let shelter = instance.shelter(ofUnit: unit)
            let lateAfter = there.map { n in
                OverstayCost.firstLateDay(
                    ofLegFrom: 0, in: site, daysBefore: staysPut[n] ? current[n].days : 0
                )?.number ?? .max
            }
            parts.append(
                Lodging.Part(
                    unit: unit, victims: there, sex: instance.victims[victims[there[0]]].sex,
                    beds: CapacityRule.load(victims: there.count, requests: 1, in: site),
                    mayBeLate: lateAfter.contains { $0 < span.count },
                    lateAfter: lateAfter,
                    refused: there.map { refusedDays(of: $0, in: site) },
                    pointsPerDay: there.reduce(0) {
                        $0 + OverSecurityCost.perDay(of: instance.victims[victims[$1]], in: shelter, weights)
                            + ScarcityCost.perDay(in: site)
                    }))
            sexesOfParts.append(sexes)
        }

        let reach = reach(units, parts, sexesOfParts, staysPut, first)
        guard reach.enumerated().contains(where: { Int($1) > $0 + span.lowerBound }) else { return nil }
        return Lodging(
            units: units, parts: parts, entryPoints: entry, movedOnDay0: moved, movesLeft: movesLeft,
            leastDays: first && moved == 0 ? 1 : instance.moveLimits.minLegDays, reach: reach,
            isExchangeable: byKind)
    }

    /// For each day of the span the day before which a leg that begins here must end.
    private func reach(
        _ units: [Int], _ parts: [Lodging.Part], _ sexes: [UInt8], _ staysPut: [Bool], _ first: Bool
    ) -> [Int16] {
        var open = [Bool](repeating: true, count: span.count)
        for (part, sexes) in zip(parts, sexes) {
            for day in span
            where isBesideFixed && !situation.hasRoom(for: part.beds, sexes: sexes, in: part.unit, on: day) {
                open[day - span.lowerBound] = false
            }
            for n in part.victims {
                for days in situation.forbiddenDays(of: victims[n], in: part.unit) {
                    for day in days.clamped(to: span) { open[day - span.lowerBound] = false }
                }
            }
        }
        var enters = [Bool](repeating: !first, count: span.count)
        if first { enters[0] = true }
        for (n, unit) in units.enumerated() where !staysPut[n] {
            for days in refusedDays(of: n, in: situation.instance.units[unit]) {
                for day in days.clamped(to: span) { enters[day - span.lowerBound] = false }
            }
        }
        var reach = [Int16](repeating: 0, count: span.count)
        var closed = span.upperBound
        for day in span.reversed() {
            if !open[day - span.lowerBound] { closed = day }
            reach[day - span.lowerBound] = Int16(enters[day - span.lowerBound] ? closed : day)
        }
        return reach
    }

    /// The days on which a unit does not accept a victim's age or phase.
    private func refusedDays(of n: Int, in unit: Unit) -> [Range<Int>] {
        situation.statuses[victims[n]].filter {
            !AdmissionRule.accepts(age: $0.age, phase: $0.phase, in: unit)
        }.map { $0.days.lowerBound.number..<$0.days.upperBound.number }
    }

    /// Numbers victims so that equal numbers mean: alike in everything that costs or rules look at.
    private static func kinds(of victims: [Int], in situation: Situation) -> [Int] {
        let instance = situation.instance
        let paired = Set(instance.noContact.flatMap { [$0.a, $0.b] })
        var examples: [(victim: Victim, statuses: [VictimStatus], current: CurrentStay?)] = []
        return victims.enumerated().map { n, place in
            let victim = instance.victims[place]
            let statuses = situation.statuses[place]
            let current = instance.requests[instance.requestOfVictim[place]].current?[n]
            let alike =
                paired.contains(victim.id)
                ? nil
                : examples.firstIndex { other in
                    other.victim.sex == victim.sex && other.victim.registeredIn == victim.registeredIn
                        && other.victim.needs == victim.needs && other.victim.security == victim.security
                        && other.victim.avoid == victim.avoid && other.victim.investigation == victim.investigation
                        && other.victim.paidDays == victim.paidDays && other.current?.unit == current?.unit
                        && other.current?.days == current?.days && other.current?.movesMade == current?.movesMade
                        && !paired.contains(other.victim.id)
                        && sameTreatment(other.statuses, statuses, in: instance)
                }
            if let alike { return alike }
            examples.append((victim, statuses, current))
            return examples.count - 1
        }
    }

    /// Whether no unit and no funder tells two courses of age and phase apart.
    private static func sameTreatment(_ a: [VictimStatus], _ b: [VictimStatus], in instance: Instance) -> Bool {
        var changes = Set(a.map(\.days.lowerBound))
        changes.formUnion(b.map(\.days.lowerBound))
        for day in changes {
            guard let one = a.last(where: { $0.days.lowerBound <= day }),
                let other = b.last(where: { $0.days.lowerBound <= day })
            else { return false }
            if one.phase != other.phase { return false }
            if one.age == other.age { continue }
            let same =
                instance.units.allSatisfy { $0.accepts.ages.contains(one.age) == $0.accepts.ages.contains(other.age) }
                && instance.funders.allSatisfy {
                    $0.accepts.ages.contains(one.age) == $0.accepts.ages.contains(other.age)
                }
            if !same { return false }
        }
        return true
    }
}
