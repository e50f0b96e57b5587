import CareChain

/// Lists every way in which one open request of a tiny instance can be placed, and what each costs and takes.
///
/// It walks day by day with nothing but the rules and costs of `CareChain`, and shares no code with the planner.
struct WaysToStay {
    /// One way to place a request.
    struct Way {
        let stays: [Stay]
        /// What it costs less what leaving the request unplaced costs; budgets aside.
        let points: Int
        let use: Use
    }

    /// What a way takes of what requests share. Bit `unit * days + day` of a mask stands for a unit on a day, and
    /// likewise for a shelter or a region.
    struct Use: Hashable {
        /// Where it takes at least so many beds: one, two, three.
        var beds: [UInt64] = [0, 0, 0]
        /// Where somebody of a sex is in a single-sex unit, by the sex's place among all.
        var sexes: [UInt64] = [0, 0, 0]
        /// Where somebody is in an exclusive unit.
        var alone: UInt64 = 0
        /// Where victims of no-contact pairs are: by pair, 0 for pairs that the request has no victim in.
        var contacts: [UInt64] = []
        /// Cents of each funder.
        var spent: [Int] = []

        /// Whether another takes all that this one takes.
        func isWithin(_ other: Use) -> Bool {
            if alone & ~other.alone != 0 { return false }
            for n in 0..<3 where beds[n] & ~other.beds[n] != 0 || sexes[n] & ~other.sexes[n] != 0 { return false }
            for n in contacts.indices where contacts[n] & ~other.contacts[n] != 0 { return false }
            for n in spent.indices where spent[n] > other.spent[n] { return false }
            return true
        }
    }

    private struct Leg {
        let units: [Int]
        let from: Int
        let until: Int
    }

    let instance: Instance
    private let days: Int
    private let fixed: [Stay]
    /// The beds left beside fixed requests, and for each unit and day the sexes of fixed victims.
    let bedsLeft: [Int]
    private let fixedSexes: [Set<Sex>]

    init(_ instance: Instance) {
        self.instance = instance
        days = instance.horizon.days
        precondition(instance.units.count * days <= 64, "a mask has 64 bits")
        fixed = instance.requests.flatMap { FixedRule.stays(of: $0, in: instance) ?? [] }
        var there = [[Stay]](repeating: [], count: instance.units.count * days)
        for stay in fixed {
            guard let unit = instance.unitIndex[stay.unit] else { continue }
            for day in stay.from.number..<stay.until.number { there[unit * days + day].append(stay) }
        }
        var bedsLeft: [Int] = []
        var fixedSexes: [Set<Sex>] = []
        for (u, unit) in instance.units.enumerated() {
            for day in 0..<days {
                let stays = there[u * days + day]
                let taken = unit.countBy == .request ? Set(stays.map(\.request)).count : stays.count
                let shut = unit.exclusive && !stays.isEmpty
                bedsLeft.append(shut ? 0 : max(0, unit.beds[Day(day)] - taken))
                fixedSexes.append(
                    Set(stays.compactMap { instance.victimIndex[$0.victim] }.map { instance.victims[$0].sex }))
            }
        }
        self.bedsLeft = bedsLeft
        self.fixedSexes = fixedSexes
    }

    /// The cheapest way for each use, cheapest first, as far as it is cheaper than leaving the request unplaced.
    func ways(of request: Request) -> [Way] {
        var walk = Walk(request, in: self)
        return walk.ways()
    }

    /// The walk through the ways of one request.
    private struct Walk {
        private let every: WaysToStay
        private let instance: Instance
        private let days: Int
        private let request: Request
        private let victims: [Victim]
        private let spreads: [[Int]]
        /// By victim, unit and day.
        private let accepts: [[Bool]]
        private let payers: [[[Int]]]
        /// By victim and unit.
        private let allowed: [[Bool]]
        private let current: [Int]
        private let meetsFixed: [[Bool]]
        private var cheapest: [Use: (points: Int, legs: [Leg])] = [:]

        init(_ request: Request, in every: WaysToStay) {
            let instance = every.instance
            let victims = request.victims.compactMap { id in instance.victims.first { $0.id == id } }
            let units = instance.units
            let days = every.days
            self.every = every
            self.instance = instance
            self.days = days
            self.request = request
            self.victims = victims
            current = (request.current ?? []).compactMap { instance.unitIndex[$0.unit] }
            allowed = victims.map { victim in
                units.indices.map { u in
                    let shelter = instance.shelter(ofUnit: u)
                    return ServicesRule.missing(for: victim, in: units[u], of: shelter).isEmpty
                        && SecurityRule.allows(victim, in: shelter) && AvoidRule.allows(victim, in: shelter)
                        && (victim.investigation.map {
                            InvestigationRule.allows($0, minutes: instance.minutes(fromUnit: u, to: $0))
                        } ?? true)
                }
            }
            accepts = victims.map { victim in
                let ages = (0..<days).map { victim.age(on: Day($0), of: instance.horizon) }
                return units.flatMap { unit in
                    (0..<days).map { AdmissionRule.accepts(age: ages[$0], phase: victim.phases[Day($0)], in: unit) }
                }
            }
            payers = victims.map { victim in
                let ages = (0..<days).map { victim.age(on: Day($0), of: instance.horizon) }
                return units.indices.flatMap { u in
                    (0..<days).map { day in
                        instance.funders.indices.filter { f in
                            instance.funders[f].window.contains(Day(day))
                                && FundingRule.accepts(
                                    instance.funders[f], victim, age: ages[day], phase: victim.phases[Day(day)],
                                    bedType: units[u].bedType, region: instance.shelter(ofUnit: u).region)
                        }
                    }
                }
            }
            meetsFixed = victims.map { victim in
                var meets = [Bool](repeating: false, count: units.count * days)
                for pair in instance.noContact where pair.a == victim.id || pair.b == victim.id {
                    let other = pair.a == victim.id ? pair.b : pair.a
                    for stay in every.fixed where stay.victim == other {
                        guard let unit = instance.unitIndex[stay.unit] else { continue }
                        for u in units.indices
                        where NoContactRule.meet(in: u, and: unit, scope: pair.scope, of: instance) {
                            for day in stay.from.number..<stay.until.number { meets[u * days + day] = true }
                        }
                    }
                }
                return meets
            }
            spreads = Self.spreads(of: request, victims, allowed, in: instance)
        }

        /// Every way to be together in units in which each victim may be.
        private static func spreads(
            of request: Request, _ victims: [Victim], _ allowed: [[Bool]], in instance: Instance
        ) -> [[Int]] {
            var spreads: [[Int]] = [[]]
            for n in victims.indices {
                spreads = spreads.flatMap { spread in instance.units.indices.map { spread + [$0] } }
                spreads.removeAll { !allowed[n][$0[n]] || !TogetherRule.allows(request, in: $0, of: instance) }
            }
            return spreads.filter { spread in
                spread.allSatisfy { u in
                    let sexes = Set(victims.indices.filter { spread[$0] == u }.map { victims[$0].sex })
                    return MixingRule.allows(sexes, others: true, in: instance.units[u])
                }
            }
        }

        mutating func ways() -> [Way] {
            for start in TimingRule.starts(of: request) {
                let end = request.end(startingOn: start, horizonDays: days).number
                extend([], from: start.number, to: end)
            }
            return cheapest.map { use, way in
                Way(
                    stays: way.legs.flatMap { leg in
                        victims.indices.map { n in
                            Stay(
                                request: request.id, victim: victims[n].id, unit: instance.units[leg.units[n]].id,
                                from: Day(leg.from), until: Day(leg.until))
                        }
                    }, points: way.points, use: use)
            }.sorted { $0.points < $1.points }
        }

        /// Whether a victim stays where it was before day 0.
        private func staysPut(_ n: Int, _ unit: Int, isFirst: Bool) -> Bool {
            isFirst && n < current.count && current[n] == unit
        }

        private mutating func extend(_ legs: [Leg], from: Int, to end: Int) {
            let isFirst = legs.isEmpty
            for spread in spreads where mayEnter(spread, after: legs.last, on: from, isFirst: isFirst) {
                let put = victims.indices.map { staysPut($0, spread[$0], isFirst: isFirst) }
                for day in from..<end {
                    if !hasRoom(spread, on: day) { break }
                    let here = legs + [Leg(units: spread, from: from, until: day + 1)]
                    if day + 1 == end {
                        keep(here)
                    } else if put.allSatisfy({
                        LegsRule.allows(legOf: day + 1 - from, staysPut: $0, instance.moveLimits)
                    }), HoldRule.allowsMove(of: request, on: Day(day + 1)), mayMoveAgain(here) {
                        extend(here, from: day + 1, to: end)
                    }
                }
            }
        }

        private func moves(_ n: Int, _ legs: [Leg]) -> Int {
            legs.count - 1 + (n < current.count && legs[0].units[n] != current[n] ? 1 : 0)
        }

        private func mayMoveAgain(_ legs: [Leg]) -> Bool {
            victims.indices.allSatisfy {
                LegsRule.allows(
                    moves: moves($0, legs) + 1, after: request.current?[$0].movesMade ?? 0, instance.moveLimits)
            }
        }

        private func mayEnter(_ spread: [Int], after last: Leg?, on day: Int, isFirst: Bool) -> Bool {
            if let last, zip(last.units, spread).contains(where: { $0 == $1 }) { return false }
            for (n, u) in spread.enumerated() where !staysPut(n, u, isFirst: isFirst) {
                let unit = instance.units[u]
                if !AdmissionRule.accepts(victims[n].sex, in: unit) || !accepts[n][u * days + day] { return false }
                if !AdmissionRule.acceptsGroup(of: spread.count { $0 == u }, in: unit) { return false }
                if isFirst, n < current.count {
                    if !HoldRule.allowsMove(of: request, on: Day(day)) { return false }
                    let made = request.current?[n].movesMade ?? 0
                    if !LegsRule.allows(moves: 1, after: made, instance.moveLimits) { return false }
                }
            }
            return true
        }

        private func hasRoom(_ spread: [Int], on day: Int) -> Bool {
            for (n, u) in spread.enumerated() {
                let unit = instance.units[u]
                let load = unit.countBy == .request ? 1 : spread.count { $0 == u }
                if load > every.bedsLeft[u * days + day] || meetsFixed[n][u * days + day] { return false }
                if unit.mixing == .singleSex {
                    let sexes = every.fixedSexes[u * days + day]
                    if !sexes.isEmpty, sexes != [victims[n].sex] { return false }
                }
            }
            return true
        }

        private mutating func keep(_ legs: [Leg]) {
            var use = Use(
                contacts: .init(repeating: 0, count: instance.noContact.count),
                spent: .init(repeating: 0, count: instance.funders.count))
            let points = points(of: legs, &use.spent) - UnplacedCost.cost(of: request, instance.weights)
            if points >= 0 { return }
            for leg in legs { take(leg, &use) }
            if let known = cheapest[use], known.points <= points { return }
            cheapest[use] = (points, legs)
        }

        private func points(of legs: [Leg], _ spent: inout [Int]) -> Int {
            let weights = instance.weights
            var points = WaitCost.cost(of: request, startingOn: Day(legs[0].from), weights)
            for n in victims.indices {
                points += MoveCost.cost(moves: moves(n, legs), weights)
                var paid = FundingRule.paidBefore(victims[n], in: instance)
                var unpaid = 0
                var overstayed = 0
                for (place, leg) in legs.enumerated() {
                    let u = leg.units[n]
                    let unit = instance.units[u]
                    let shelter = instance.shelter(ofUnit: u)
                    let staysPut = staysPut(n, u, isFirst: place == 0)
                    let before = staysPut ? request.current?[n].days ?? 0 : 0
                    for day in leg.from..<leg.until {
                        let isLate = unit.maxLegDays.map { day - leg.from + before >= $0 } ?? false
                        if isLate || !accepts[n][u * days + day] { overstayed += 1 }
                        let payer = payers[n][u * days + day].first {
                            paid[$0] < instance.funders[$0].maxDaysPerVictim ?? .max
                        }
                        if let payer {
                            paid[payer] += 1
                            if instance.funders[payer].budget != nil { spent[payer] += unit.dailyCost.amount }
                        } else {
                            unpaid += 1
                        }
                    }
                    let perDay = OverSecurityCost.perDay(of: victims[n], in: shelter, weights) + unit.scarcity
                    points += perDay * (leg.until - leg.from)
                    if !staysPut {
                        points += OutOfRegionCost.cost(of: request, in: shelter.region, weights)
                        if let investigation = victims[n].investigation {
                            points += TravelCost.cost(
                                minutes: instance.minutes(fromUnit: u, to: investigation), weights)
                        }
                    }
                }
                points += UnfundedCost.cost(days: unpaid, weights) + OverstayCost.cost(days: overstayed, weights)
            }
            return points
        }

        private func take(_ leg: Leg, _ use: inout Use) {
            func mask(_ place: Int) -> UInt64 {
                ((1 << UInt64(leg.until - leg.from)) - 1) << UInt64(place * days + leg.from)
            }
            for u in Set(leg.units) {
                let unit = instance.units[u]
                let there = victims.indices.filter { leg.units[$0] == u }
                for load in 0..<(unit.countBy == .request ? 1 : there.count) { use.beds[load] |= mask(u) }
                if unit.exclusive { use.alone |= mask(u) }
                if unit.mixing == .singleSex {
                    for n in there {
                        use.sexes[Sex.allCases.firstIndex(of: victims[n].sex) ?? 0] |= mask(u)
                    }
                }
            }
            for (p, pair) in instance.noContact.enumerated() {
                for n in victims.indices where pair.a == victims[n].id || pair.b == victims[n].id {
                    switch pair.scope {
                    case .unit: use.contacts[p] |= mask(leg.units[n])
                    case .shelter: use.contacts[p] |= mask(instance.shelterOfUnit[leg.units[n]])
                    case .region: use.contacts[p] |= mask(instance.region(ofUnit: leg.units[n]))
                    }
                }
            }
        }
    }
}
