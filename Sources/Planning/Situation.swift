import CareChain

/// What the open requests of an instance find: the beds that fixed requests leave, whom they may meet there, and who
/// would pay for whom. Days are plain numbers here, the core's loops run over them.
struct Situation {
    let instance: Instance
    let days: Int
    /// The places of the requests that the planner decides on.
    let open: [Int]
    /// The stays of fixed requests.
    let fixedStays: [Stay]
    /// Beds left by fixed requests, `unit * days + day`.
    let bedsLeft: [Int32]
    /// The units in which fixed requests leave a bed on some day: nobody else can be in any other, however many there are.
    let unitsWithRoom: [Int]
    /// The sexes of fixed victims in single-sex units, and whether a fixed victim is in an exclusive unit.
    /// Empty for all other units.
    private let fixedSexes: [[UInt8]]
    private let fixedInExclusive: [[Bool]]
    /// For each open victim in a no-contact pair with a fixed one: the days (sorted) on which it must not be in a unit.
    private let forbidden: [Int: [Int: [Range<Int>]]]
    /// The statuses of open victims over the horizon; empty for fixed ones.
    let statuses: [[VictimStatus]]
    /// What funders pay for fixed requests, in cents, by their places.
    let spentByFixed: [Int]
    /// What fixed requests cost by themselves, budgets aside.
    let fixedPoints: Int
    /// The pairs of which both victims are in open requests.
    let openPairs: [OpenPair]

    /// A no-contact pair of two open victims.
    struct OpenPair {
        let a: Int
        let b: Int
        let scope: ContactScope
    }

    /// - Parameter isRoomier: With one more bed in each unit on the days on which fixed requests leave none.
    init(_ instance: Instance, withOneMoreBedWhereFull isRoomier: Bool = false) {
        self.instance = instance
        let days = instance.horizon.days
        self.days = days
        open = instance.requests.indices.filter { !instance.requests[$0].isFixed }
        fixedStays = instance.requests.flatMap { FixedRule.stays(of: $0, in: instance) ?? [] }

        var victimsThere = [Int32](repeating: 0, count: instance.units.count * days)
        var fixedSexes = instance.units.map { $0.mixing == .singleSex ? [UInt8](repeating: 0, count: days) : [] }
        var fixedInExclusive = instance.units.map { $0.exclusive ? [Bool](repeating: false, count: days) : [] }
        var fixedStaysOf: [Int: [(unit: Int, days: Range<Int>)]] = [:]
        // A family unit counts a request once however many of its victims are there on a day.
        var requestsThere: [Int: Set<Int>] = [:]
        for stay in fixedStays {
            guard let unit = instance.unitIndex[stay.unit], let victim = instance.victimIndex[stay.victim] else {
                continue
            }
            let range = stay.from.number..<stay.until.number
            fixedStaysOf[victim, default: []].append((unit, range))
            if instance.units[unit].countBy == .request {
                let request = instance.requestOfVictim[victim]
                for day in range where requestsThere[unit * days + day, default: []].insert(request).inserted {
                    victimsThere[unit * days + day] += 1
                }
            } else {
                for day in range { victimsThere[unit * days + day] += 1 }
            }
            if instance.units[unit].mixing == .singleSex {
                let bit = Self.bit(instance.victims[victim].sex)
                for day in range { fixedSexes[unit][day] |= bit }
            }
            if instance.units[unit].exclusive {
                for day in range { fixedInExclusive[unit][day] = true }
            }
        }
        self.fixedSexes = fixedSexes
        self.fixedInExclusive = fixedInExclusive

        var bedsLeft = [Int32](repeating: 0, count: instance.units.count * days)
        for (place, unit) in instance.units.enumerated() {
            for (range, beds) in unit.beds.pieces(within: instance.horizon.range) {
                for day in range.lowerBound.number..<range.upperBound.number {
                    let fixed = Int(victimsThere[place * days + day])
                    let left = CapacityRule.bedsLeft(beds: beds, fixed: fixed)
                    bedsLeft[place * days + day] = Int32(
                        clamping: isRoomier && left == 0 ? CapacityRule.bedsLeft(beds: beds + 1, fixed: fixed) : left)
                }
            }
        }
        self.bedsLeft = bedsLeft
        unitsWithRoom = instance.units.indices.filter {
            bedsLeft[$0 * days..<($0 + 1) * days].contains { $0 > 0 }
        }

        var statuses = [[VictimStatus]](repeating: [], count: instance.victims.count)
        for request in open {
            for id in instance.requests[request].victims {
                if let victim = instance.victimIndex[id] {
                    statuses[victim] = instance.victims[victim].statuses(over: instance.horizon)
                }
            }
        }
        self.statuses = statuses

        var forbidden: [Int: [Int: [Range<Int>]]] = [:]
        var openPairs: [OpenPair] = []
        for pair in instance.noContact where NoContactRule.binds(pair, in: instance) {
            guard let a = instance.victimIndex[pair.a], let b = instance.victimIndex[pair.b] else { continue }
            let aFixed = instance.requests[instance.requestOfVictim[a]].isFixed
            let bFixed = instance.requests[instance.requestOfVictim[b]].isFixed
            if !aFixed, !bFixed {
                openPairs.append(OpenPair(a: a, b: b, scope: pair.scope))
                continue
            }
            let (free, fixed) = aFixed ? (b, a) : (a, b)
            for stay in fixedStaysOf[fixed] ?? [] {
                for unit in unitsWithRoom
                where NoContactRule.meet(in: unit, and: stay.unit, scope: pair.scope, of: instance) {
                    forbidden[free, default: [:]][unit, default: []].append(stay.days)
                }
            }
        }
        self.forbidden = forbidden
        self.openPairs = openPairs
        (fixedPoints, spentByFixed) = Self.costs(ofFixed: fixedStaysOf, in: instance)
    }

    /// What fixed requests cost by themselves, budgets aside, and what funders pay for them.
    private static func costs(
        ofFixed stays: [Int: [(unit: Int, days: Range<Int>)]], in instance: Instance
    ) -> (points: Int, spent: [Int]) {
        let weights = instance.weights
        var points = 0
        var spent = [Int](repeating: 0, count: instance.funders.count)
        for request in instance.requests where request.isFixed {
            if let start = request.committed?.map(\.days.lowerBound).min() {
                points += WaitCost.cost(of: request, startingOn: start, weights)
            }
        }
        for (place, legs) in stays {
            let victim = instance.victims[place]
            let statuses = victim.statuses(over: instance.horizon)
            points += MoveCost.cost(moves: legs.count - 1, weights)
            var paid = FundingRule.paidBefore(victim, in: instance)
            let current = instance.requests[instance.requestOfVictim[place]].current?.first { $0.victim == victim.id }
            for leg in legs {
                let unit = instance.units[leg.unit]
                let days = Day(leg.days.lowerBound)..<Day(leg.days.upperBound)
                points += OverstayCost.cost(
                    days: OverstayCost.days(
                        days, ofLegFrom: days.lowerBound, in: unit, statuses: statuses, daysBefore: current?.days ?? 0),
                    weights)
                let schedule = PayerSchedule(
                    of: victim, statuses: statuses, bedType: unit.bedType,
                    region: instance.regions[instance.region(ofUnit: leg.unit)].id, funders: instance.funders)
                schedule.walk(days, paid: &paid) { payer, days in
                    if let payer {
                        spent[payer] += unit.dailyCost.amount * days.count
                    } else {
                        points += UnfundedCost.cost(days: days.count, weights)
                    }
                }
            }
        }
        return (points, spent)
    }

    /// The place of a unit itself, of its shelter or of its region.
    func place(of unit: Int, scope: ContactScope) -> Int {
        switch scope {
        case .unit: unit
        case .shelter: instance.shelterOfUnit[unit]
        case .region: instance.region(ofUnit: unit)
        }
    }

    /// Whether victims of one request (all of the sexes given) can be in a unit on a day beside fixed requests.
    func hasRoom(for beds: Int, sexes: UInt8, in unit: Int, on day: Int) -> Bool {
        if bedsLeft[unit * days + day] < beds { return false }
        if !fixedSexes[unit].isEmpty, (fixedSexes[unit][day] | sexes).nonzeroBitCount > 1 { return false }
        if !fixedInExclusive[unit].isEmpty, fixedInExclusive[unit][day] { return false }
        return true
    }

    /// The days on which a victim must not be in a unit because of a fixed victim.
    func forbiddenDays(of victim: Int, in unit: Int) -> [Range<Int>] {
        forbidden[victim]?[unit] ?? []
    }

    /// One bit for each sex.
    static func bit(_ sex: Sex) -> UInt8 { 1 << UInt8(sex.place) }
}

extension Sex {
    /// Its place among all.
    var place: Int {
        switch self {
        case .female: 0
        case .male: 1
        case .x: 2
        }
    }
}
