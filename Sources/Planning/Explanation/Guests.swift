import CareChain

/// Who is in each unit on each day by some stays, and what that leaves for one more request.
struct Guests {
    /// One victim in a unit.
    struct Guest {
        let victim: Int
        let request: Int
        let days: Range<Int>
    }

    private let instance: Instance
    private let days: Int
    private let inUnit: [[Guest]]
    private let legsOf: [Int: [(unit: Int, days: Range<Int>)]]
    private let occupied: [Occupied]
    /// For each victim in a no-contact pair that counts the others whom it must not meet.
    private let feared: [Int: [(other: Int, scope: ContactScope)]]

    /// What is taken of a unit, per day.
    private struct Occupied {
        var load: [Int]
        var fixed: [Int]
        /// How many requests are there, in an exclusive unit.
        var requests: [Int] = []
        /// The sexes that are there, in a single-sex unit.
        var sexes: [Set<Sex>] = []
    }

    init(_ stays: [Stay], in instance: Instance) {
        self.instance = instance
        let days = instance.horizon.days
        self.days = days
        var inUnit = [[Guest]](repeating: [], count: instance.units.count)
        var legsOf: [Int: [(unit: Int, days: Range<Int>)]] = [:]
        for stay in stays {
            guard let unit = instance.unitIndex[stay.unit], let victim = instance.victimIndex[stay.victim] else {
                continue
            }
            let range = stay.from.number..<stay.until.number
            inUnit[unit].append(Guest(victim: victim, request: instance.requestOfVictim[victim], days: range))
            legsOf[victim, default: []].append((unit, range))
        }
        self.inUnit = inUnit
        self.legsOf = legsOf
        var feared: [Int: [(other: Int, scope: ContactScope)]] = [:]
        for pair in instance.noContact where NoContactRule.binds(pair, in: instance) {
            guard let a = instance.victimIndex[pair.a], let b = instance.victimIndex[pair.b] else { continue }
            feared[a, default: []].append((b, pair.scope))
            feared[b, default: []].append((a, pair.scope))
        }
        self.feared = feared
        occupied = instance.units.indices.map { Self.occupied(instance.units[$0], inUnit[$0], in: instance) }
    }

    private static func occupied(_ unit: Unit, _ guests: [Guest], in instance: Instance) -> Occupied {
        let days = instance.horizon.days
        let nobody = [Int](repeating: 0, count: days)
        var occupied = Occupied(load: nobody, fixed: nobody)
        if unit.mixing == .singleSex {
            occupied.sexes = .init(repeating: [], count: days)
            for guest in guests {
                for day in guest.days { occupied.sexes[day].insert(instance.victims[guest.victim].sex) }
            }
        }
        if unit.exclusive { occupied.requests = nobody }
        if unit.countBy == .victim, !unit.exclusive {
            for guest in guests {
                let isFixed = instance.requests[guest.request].isFixed
                for day in guest.days {
                    occupied.load[day] += 1
                    if isFixed { occupied.fixed[day] += 1 }
                }
            }
            return occupied
        }
        for (request, there) in Dictionary(grouping: guests, by: \.request) {
            var victims = nobody
            for guest in there { for day in guest.days { victims[day] += 1 } }
            for day in 0..<days where victims[day] > 0 {
                let load = CapacityRule.load(victims: victims[day], requests: 1, in: unit)
                occupied.load[day] += load
                if instance.requests[request].isFixed { occupied.fixed[day] += load }
                if unit.exclusive { occupied.requests[day] += 1 }
            }
        }
        return occupied
    }

    /// For each day whether a part of another request can be in its unit beside those who are there; nil: it can.
    func blocks(_ part: Part) -> [RuleCode?] {
        let unit = instance.units[part.unit]
        let there = occupied[part.unit]
        let need = CapacityRule.load(victims: part.victims.count, requests: 1, in: unit)
        let sexes = Set(part.victims.map { instance.victims[$0].sex })
        var blocks = [RuleCode?](repeating: nil, count: days)
        for (days, beds) in unit.beds.pieces(within: instance.horizon.range) {
            for day in days.lowerBound.number..<days.upperBound.number {
                let isFree = CapacityRule.allows(
                    load: there.load[day] + need, fixed: there.fixed[day], others: true, beds: beds)
                if !isFree {
                    blocks[day] = .capacity
                } else if unit.exclusive,
                    !ExclusiveRule.allows(requests: there.requests[day] + 1, others: true, in: unit)
                {
                    blocks[day] = .exclusive
                } else if unit.mixing == .singleSex,
                    !MixingRule.allows(there.sexes[day].union(sexes), others: true, in: unit)
                {
                    blocks[day] = .mixing
                }
            }
        }
        for contact in contacts(part) {
            for day in contact.days where blocks[day] == nil { blocks[day] = .noContact }
        }
        return blocks
    }

    /// What is left of a unit's beds on each day; less than none where fixed stays alone are more.
    func bedsLeft(in unit: Int) -> [Int] {
        var left = occupied[unit].load.map(-)
        for (days, beds) in instance.units[unit].beds.pieces(within: instance.horizon.range) {
            for day in days.lowerBound.number..<days.upperBound.number { left[day] += beds }
        }
        return left
    }

    /// Some victims of a request in one unit.
    struct Part {
        let unit: Int
        let victims: [Int]
    }

    /// Whom the victims of a part must not meet and would, and when.
    func contacts(_ part: Part) -> [(victim: Int, other: Int, days: Range<Int>)] {
        part.victims.flatMap { victim in
            (feared[victim] ?? []).flatMap { other, scope in
                (legsOf[other] ?? []).filter {
                    NoContactRule.meet(in: part.unit, and: $0.unit, scope: scope, of: instance)
                }.map { (victim, other, $0.days) }
            }
        }
    }

    /// The requests that are in a unit on some of the days, in order of the day on which they leave.
    func holders(of unit: Int, on days: [Int]) -> [Obstacle.Holder] {
        var found: [Int: (victims: Set<Int>, days: Range<Int>)] = [:]
        for guest in inUnit[unit] where days.contains(where: guest.days.contains) {
            if let known = found[guest.request] {
                let days =
                    min(
                        known.days.lowerBound, guest.days.lowerBound)..<max(
                        known.days.upperBound, guest.days.upperBound)
                found[guest.request] = (known.victims.union([guest.victim]), days)
            } else {
                found[guest.request] = ([guest.victim], guest.days)
            }
        }
        return found.map { request, there in
            Obstacle.Holder(
                request: instance.requests[request].id, victims: there.victims.count,
                days: Day(there.days.lowerBound)..<Day(there.days.upperBound),
                isFixed: instance.requests[request].isFixed)
        }.sorted { ($0.days.upperBound, $0.request) < ($1.days.upperBound, $1.request) }
    }
}
