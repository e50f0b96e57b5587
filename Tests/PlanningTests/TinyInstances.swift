import CareChain

@testable import Planning

/// Random instances small enough to try every plan, all rules switched on at random.
struct TinyInstances {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    }

    /// SplitMix64 (Steele, Lea and Flood, 2014).
    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    private mutating func pick(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.count))
    }

    private mutating func chance(_ percent: Int) -> Bool { pick(0...99) < percent }

    private mutating func one<Element>(of elements: [Element]) -> Element { elements[pick(0...elements.count - 1)] }

    mutating func instance() throws -> Instance {
        let days = chance(60) ? 12 : pick(4...11)
        let moves = pick(0...2)
        let regions = ["north", "south"].map { Region(id: ID($0), name: $0) }
        let shelters = (0..<pick(1...3)).map { n in
            Shelter(
                id: ID("s\(n)"), region: one(of: regions).id, security: one(of: [1, 2, 2, 3]),
                services: chance(50) ? ["trauma"] : [])
        }
        let units = (0..<(chance(50) ? 5 : pick(1...4))).map { n in unit(n, shelters, days) }
        let funders = (0..<pick(0...3)).map { n in funder(n, regions, days) }
        var victims: [Victim] = []
        var requests: [Request] = []
        for n in 0..<(chance(50) ? 6 : pick(1...5)) {
            // Groups that may be spread over many units at every move would take a brute force too long.
            let size = moves == 2 ? (chance(90) ? 1 : 2) : chance(70) ? 1 : moves == 1 || chance(80) ? 2 : 3
            let members = (0..<size).map { m in victim("v\(n)-\(m)", regions, shelters, funders, days) }
            let together: Together = chance(50) || moves == 2 && units.count > 3 ? .unit : .shelter
            victims += members
            // With two moves there are too many ways for more than three that are open.
            let mustBeFixed = moves == 2 && n >= 3
            requests.append(request(n, members.map(\.id), together, units, regions, days, moves, mustBeFixed))
        }
        var pairs: [NoContact] = []
        for _ in 0..<(chance(50) ? 0 : pick(1...2)) where victims.count > 1 {
            let a = pick(0...victims.count - 2)
            pairs.append(
                NoContact(
                    a: victims[a].id, b: victims[pick(a + 1...victims.count - 1)].id,
                    scope: one(of: ContactScope.allCases)))
        }
        return try Instance(
            name: "tiny", horizon: Horizon(start: Self.date(one(of: ["2026-01-05", "2026-02-24"])), days: days),
            moveLimits: MoveLimits(maxMoves: moves, minLegDays: pick(1...4)), regions: regions,
            travelTimes: chance(70) ? [TravelTime(a: "north", b: "south", minutes: pick(30...120))] : [],
            shelters: shelters, units: units, funders: funders, victims: victims, requests: requests,
            noContact: pairs, weights: weights())
    }

    /// The same instance with its parts listed in another order; funders aside, whose order is who pays first.
    mutating func shuffled(_ instance: Instance) throws -> Instance {
        try Instance(
            name: instance.name, horizon: instance.horizon, moveLimits: instance.moveLimits,
            regions: shuffled(instance.regions), travelTimes: shuffled(instance.travelTimes),
            shelters: shuffled(instance.shelters), units: shuffled(instance.units), funders: instance.funders,
            victims: shuffled(instance.victims), requests: shuffled(instance.requests),
            noContact: shuffled(instance.noContact), weights: instance.weights)
    }

    private mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        var elements = elements
        for n in elements.indices.dropFirst() { elements.swapAt(n, pick(0...n)) }
        return elements
    }

    /// Weights among which each cost can decide.
    private mutating func weights() -> Weights {
        var weights = Weights()
        if chance(40) { weights.unplaced = .init(crisis: 4000, urgent: 1500, planned: 600) }
        weights.move = one(of: [0, 50, 1500])
        weights.waitDay = .init(crisis: 300, urgent: 100, planned: 30)
        weights.outOfRegion = one(of: [0, 60, 400])
        weights.overBudgetEuro = one(of: [1, 3])
        weights.overstayDay = one(of: [0, 40, 200])
        weights.unfundedDay = one(of: [0, 60])
        return weights
    }

    private mutating func unit(_ n: Int, _ shelters: [Shelter], _ days: Int) -> Unit {
        var beds = [StepFunction<Int>.Step(from: 0, value: one(of: [0, 1, 1, 2, 3]))]
        while chance(50), let last = beds.last?.from.number, last < days - 1 {
            beds.append(.init(from: Day(pick(last + 1...days - 1)), value: one(of: [0, 1, 2, 3])))
        }
        return Unit(
            id: ID("u\(n)"), shelter: one(of: shelters).id, bedType: one(of: [.women, .b9]), beds: StepFunction(beds),
            accepts: Admission(
                sexes: chance(80) ? Sex.allCases : [.female],
                ages: chance(80) ? .all : AgeRange(min: chance(50) ? 18 : nil, max: chance(50) ? 20 : nil),
                phases: chance(80) ? nil : [.reflection, .resident]),
            services: chance(30) ? ["care"] : [], mixing: chance(70) ? .any : .singleSex, exclusive: chance(15),
            minGroup: chance(92) ? 1 : 2, maxGroup: chance(85) ? nil : 2, countBy: chance(80) ? .victim : .request,
            maxLegDays: chance(60) ? nil : pick(1...6), dailyCost: Cents(pick(5000...15000)),
            scarcity: chance(70) ? 0 : pick(1...30))
    }

    private mutating func funder(_ n: Int, _ regions: [Region], _ days: Int) -> Funder {
        let from = chance(80) ? 0 : pick(1...3)
        return Funder(
            id: ID("f\(n)"), name: "f\(n)",
            accepts: FunderAcceptance(
                phases: chance(70) ? nil : [.reflection], bedTypes: chance(70) ? nil : [.women],
                registeredIn: chance(80) ? nil : [regions[0].id], shelterRegions: chance(80) ? nil : [regions[1].id],
                ages: chance(80) ? .all : AgeRange(min: chance(50) ? 18 : nil, max: chance(50) ? 20 : nil)),
            window: Day(from)..<Day(from + pick(1...days)), maxDaysPerVictim: chance(50) ? nil : pick(1...5),
            budget: chance(60) ? nil : Cents(pick(0...150_000)))
    }

    private mutating func victim(
        _ id: String, _ regions: [Region], _ shelters: [Shelter], _ funders: [Funder], _ days: Int
    ) -> Victim {
        var phases = [StepFunction<Phase>.Step(from: 0, value: one(of: [.reflection, .resident, .permit]))]
        if chance(30) { phases.append(.init(from: Day(pick(1...days - 1)), value: one(of: [.permit, .reflection]))) }
        // Of age, and about to be 18 or 21: within the horizon, one of them on a leap day.
        let birthdays = ["1990-03-01", "2008-01-08", "2005-01-09", "2008-02-29", "2005-02-26"]
        return Victim(
            id: ID(id), sex: one(of: Sex.allCases),
            birthDate: Self.date(one(of: birthdays)), phases: StepFunction(phases),
            registeredIn: chance(50) ? nil : one(of: regions).id,
            needs: chance(90) ? [] : [one(of: ["trauma", "care"])], security: one(of: [1...4, 1...4, 1...3, 2...3]),
            avoid: Avoidance(
                regions: chance(90) ? [] : [one(of: regions).id], shelters: chance(95) ? [] : [shelters[0].id]),
            investigation: chance(70)
                ? nil : Investigation(region: one(of: regions).id, maxTravelMinutes: chance(60) ? nil : pick(0...120)),
            paidDays: funders.isEmpty || chance(80) ? [] : [PaidDays(funder: one(of: funders).id, days: pick(0...3))])
    }

    private mutating func request(
        _ n: Int, _ ids: [VictimID], _ together: Together, _ units: [Unit], _ regions: [Region], _ days: Int,
        _ moves: Int, _ mustBeFixed: Bool
    ) -> Request {
        let urgency = one(of: Urgency.allCases)
        let preferred = chance(50) ? nil : one(of: regions).id
        if chance(35) {
            let current = ids.map {
                CurrentStay(victim: $0, unit: one(of: units).id, days: pick(0...5), movesMade: pick(0...1))
            }
            return Request(
                id: ID("r\(n)"), victims: ids, together: together, neededFrom: 0, latestStart: Day(pick(0...1)),
                stayDays: pick(2...days), urgency: urgency, preferredRegion: preferred, current: current,
                noMoveBefore: Day(chance(70) ? 0 : pick(1...3)), locked: mustBeFixed || chance(30))
        }
        let needed = pick(0...min(2, days - 1))
        if mustBeFixed || chance(15) {
            return Request(
                id: ID("r\(n)"), victims: ids, together: together, neededFrom: Day(needed), latestStart: Day(needed),
                stayDays: pick(1...days), urgency: urgency, preferredRegion: preferred,
                committed: committed(ids, units, from: pick(0...needed), days, moves))
        }
        return Request(
            id: ID("r\(n)"), victims: ids, together: together, neededFrom: Day(needed),
            latestStart: Day(min(days - 1, needed + pick(0...2))), stayDays: pick(2...days), urgency: urgency,
            preferredRegion: preferred)
    }

    /// Stays agreed on: in one unit, or with a move where that is allowed.
    private mutating func committed(
        _ ids: [VictimID], _ units: [Unit], from: Int, _ days: Int, _ moves: Int
    ) -> [CommittedStay] {
        let until = pick(from + 1...days)
        let move = from + 4
        if moves > 0, units.count > 1, move < until, chance(50) {
            return ids.flatMap { id in
                [
                    CommittedStay(victim: id, unit: units[0].id, days: Day(from)..<Day(move)),
                    CommittedStay(victim: id, unit: units[1].id, days: Day(move)..<Day(until)),
                ]
            }
        }
        let unit = one(of: units).id
        return ids.map { CommittedStay(victim: $0, unit: unit, days: Day(from)..<Day(until)) }
    }

    private static func date(_ text: String) -> CalendarDate {
        guard let date = CalendarDate(text) else { preconditionFailure("\(text) is a date") }
        return date
    }
}

extension TinyInstances {
    /// Random tiny instances that have something to plan, as the planner sees them.
    static func situations(
        _ seeds: Range<UInt64>, _ body: (Situation, [OpenRequest], UInt64) throws -> Void
    ) throws {
        for seed in seeds {
            var tiny = TinyInstances(seed: seed)
            let situation = Situation(try tiny.instance())
            let requests = situation.open.map { OpenRequest($0, in: situation) }
            if !requests.isEmpty { try body(situation, requests, seed) }
        }
    }
}

extension Instance {
    /// The same with so many more beds in each unit (by its place), on all days.
    func adding(beds more: (Int, CareChain.Unit) -> Int) throws -> Instance {
        let units = units.enumerated().map { n, unit in
            let beds = unit.beds.steps.map {
                StepFunction.Step(from: $0.from, value: max(0, $0.value + more(n, unit)))
            }
            return Unit(
                id: unit.id, shelter: unit.shelter, bedType: unit.bedType, beds: StepFunction(beds),
                accepts: unit.accepts, services: unit.services, mixing: unit.mixing, exclusive: unit.exclusive,
                minGroup: unit.minGroup, maxGroup: unit.maxGroup, countBy: unit.countBy, maxLegDays: unit.maxLegDays,
                dailyCost: unit.dailyCost, scarcity: unit.scarcity)
        }
        return try Instance(
            name: name, horizon: horizon, moveLimits: moveLimits, regions: regions, travelTimes: travelTimes,
            shelters: shelters, units: units, funders: funders, victims: victims, requests: requests,
            noContact: noContact, weights: weights)
    }
}
