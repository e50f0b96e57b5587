import CareChain

/// Made-up small instances that use every corner of the format, the same for the same seed.
struct RandomInstance {
    private var random: Seeded

    init(seed: UInt64) {
        random = Seeded(state: seed)
    }

    mutating func instance() throws(InvalidInput) -> Instance {
        let start = Fixture.calendarDate(
            pick(["2026-01-05", "2024-02-20", "2028-02-29", "1999-12-31", "2026-06-30", "9987-12-31", "0001-01-01"]))
        let days = number(1...60)
        let limits = MoveLimits(maxMoves: number(0...2), minLegDays: number(1...5))
        let regions = (0..<number(1...4)).map { Region(id: RegionID("r\($0)"), name: "Region \($0) – é\"\\'") }
        let shelters = (0..<number(1...4)).map { place in
            Shelter(
                id: ShelterID("s\(place)"), region: pick(regions).id, security: number(1...4),
                services: some(of: Self.services))
        }
        let units = (0..<number(2...6)).map { unit($0, in: shelters, days: days) }
        let funders = (0..<number(0...4)).map { funder($0, regions: regions, days: days) }
        var victims: [Victim] = []
        var requests: [Request] = []
        for place in 0..<number(1...8) {
            let members = (0..<(chance(70) ? 1 : number(2...4))).map { _ in
                victim(
                    victims.count, regions: regions, shelters: shelters, funders: funders, days: days, into: &victims)
            }
            requests.append(request(place, members, regions: regions, units: units, limits: limits, days: days))
        }
        var weights = Weights()
        if chance(50) {
            weights.move = number(0...5000)
            weights.unplaced.urgent = number(0...1_000_000_000)
            weights.waitDay = .init(crisis: number(0...9), urgent: number(0...9), planned: number(0...9))
        }
        return try Instance(
            name: "random", horizon: Horizon(start: start, days: days), moveLimits: limits,
            regions: regions.shuffled(using: &random), travelTimes: travelTimes(between: regions),
            shelters: shelters.shuffled(using: &random), units: units.shuffled(using: &random),
            funders: funders.shuffled(using: &random), victims: victims.shuffled(using: &random),
            requests: requests.shuffled(using: &random), noContact: pairs(of: victims), weights: weights)
    }

    private static let services = ["trauma", "24h", "Ünïcode", "children", "a;b, c"]

    private mutating func unit(_ place: Int, in shelters: [Shelter], days: Int) -> Unit {
        let minGroup = number(1...3)
        return Unit(
            id: UnitID("u\(place)"), shelter: pick(shelters).id, bedType: pick(BedType.allCases),
            beds: steps(days) { $0.number(0...9) },
            accepts: Admission(
                sexes: some(of: Sex.allCases), ages: ages(), phases: maybe { $0.some(of: Phase.allCases) }),
            services: some(of: Self.services), mixing: pick(Mixing.allCases), exclusive: chance(20), minGroup: minGroup,
            maxGroup: maybe { minGroup + $0.number(0...3) }, countBy: pick(CountBy.allCases),
            maxLegDays: maybe { $0.number(1...200) }, dailyCost: Cents(number(0...30_000)), scarcity: number(0...9))
    }

    private mutating func funder(_ place: Int, regions: [Region], days: Int) -> Funder {
        let from = number(0...days)
        return Funder(
            id: FunderID("f\(place)"), name: "Funder \(place)",
            accepts: FunderAcceptance(
                phases: maybe { $0.some(of: Phase.allCases) }, bedTypes: maybe { $0.some(of: BedType.allCases) },
                registeredIn: maybe { $0.some(of: regions.map(\.id)) },
                shelterRegions: maybe { $0.some(of: regions.map(\.id)) }, ages: ages()),
            window: Day(from)..<Day(from + pick([0, 1, 30, 400, 1_000_000_000 - days])),
            maxDaysPerVictim: maybe { $0.number(0...90) },
            budget: maybe { Cents($0.pick([0, 1, 250_000_000, 10_000_000_000_000])) })
    }

    private mutating func victim(
        _ place: Int, regions: [Region], shelters: [Shelter], funders: [Funder], days: Int, into victims: inout [Victim]
    ) -> VictimID {
        let low = number(1...4)
        let victim = Victim(
            id: VictimID("v\(place)"), sex: pick(Sex.allCases),
            birthDate: Fixture.calendarDate(
                pick(["2008-02-29", "1998-03-14", "0001-01-01", "9999-12-31", "2008-01-05"])),
            phases: steps(days) { $0.pick(Phase.allCases) }, registeredIn: maybe { $0.pick(regions).id },
            needs: some(of: Self.services), security: low...number(low...4),
            avoid: Avoidance(regions: some(of: regions.map(\.id)), shelters: some(of: shelters.map(\.id))),
            investigation: maybe {
                Investigation(region: $0.pick(regions).id, maxTravelMinutes: $0.maybe { $0.number(0...300) })
            },
            paidDays: some(of: funders).map { PaidDays(funder: $0.id, days: number(0...90)) })
        victims.append(victim)
        return victim.id
    }

    private mutating func request(
        _ place: Int, _ victims: [VictimID], regions: [Region], units: [Unit], limits: MoveLimits, days: Int
    ) -> Request {
        let kind = number(0...3)
        let isPlaced = kind == 0 || kind == 1
        let neededFrom = isPlaced ? 0 : number(0...days - 1)
        return Request(
            id: RequestID("q\(place)"), victims: victims, together: pick(Together.allCases),
            knownFrom: Day(isPlaced ? 0 : number(0...neededFrom)), neededFrom: Day(neededFrom),
            latestStart: Day(number(neededFrom...days - 1)), stayDays: pick([1, number(1...90), 1_000_000_000]),
            urgency: pick(Urgency.allCases), preferredRegion: maybe { $0.pick(regions).id },
            current: isPlaced
                ? victims.map {
                    CurrentStay(
                        victim: $0, unit: pick(units).id, days: pick([0, 0, number(1...200), 1_500_000]),
                        movesMade: pick([0, 1, 2, 7]))
                } : nil,
            noMoveBefore: isPlaced && chance(30) ? Day(number(1...days + 20)) : 0, locked: kind == 0,
            committed: kind == 2 ? committed(victims, units: units, limits: limits, days: days) : nil)
    }

    private mutating func committed(
        _ victims: [VictimID], units: [Unit], limits: MoveLimits, days: Int
    ) -> [CommittedStay] {
        // Legs of at least the least length, as many as fit.
        var bounds = [number(0...days - 1)]
        while bounds.count <= limits.maxMoves, chance(60), bounds[bounds.count - 1] + limits.minLegDays < days {
            bounds.append(bounds[bounds.count - 1] + limits.minLegDays)
        }
        bounds.append(number((bounds[bounds.count - 1] + 1)...days))
        var stays: [CommittedStay] = []
        for victim in victims {
            var before: UnitID?
            for (from, until) in zip(bounds, bounds.dropFirst()) {
                let unit = pick(units.map(\.id).filter { $0 != before })
                stays.append(CommittedStay(victim: victim, unit: unit, days: Day(from)..<Day(until)))
                before = unit
            }
        }
        return stays.shuffled(using: &random)
    }

    private mutating func travelTimes(between regions: [Region]) -> [TravelTime] {
        var times: [TravelTime] = []
        for (place, a) in regions.enumerated() {
            for b in regions[(place + 1)...] where chance(70) {
                let (one, other) = chance(50) ? (a.id, b.id) : (b.id, a.id)
                times.append(TravelTime(a: one, b: other, minutes: number(0...300)))
            }
        }
        return times.shuffled(using: &random)
    }

    private mutating func pairs(of victims: [Victim]) -> [NoContact] {
        guard victims.count > 1 else { return [] }
        return (0..<number(0...3)).compactMap { _ in
            let (a, b) = (pick(victims).id, pick(victims).id)
            return a == b ? nil : NoContact(a: a, b: b, scope: pick(ContactScope.allCases))
        }
    }

    private mutating func steps<Value>(_ days: Int, _ value: (inout Self) -> Value) -> StepFunction<Value> {
        // Also beyond the horizon, very far too, and with steps that change nothing.
        let later = Set(
            (0..<number(0...3)).map { _ in pick([number(1...days), days + number(0...400), 1_000_000_000]) })
        return StepFunction(([0] + later.sorted()).map { .init(from: Day($0), value: value(&self)) })
    }

    private mutating func ages() -> AgeRange {
        let low = number(0...150)
        return AgeRange(min: maybe { _ in low }, max: maybe { $0.number(low...150) })
    }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }
    private mutating func chance(_ percent: Int) -> Bool { number(1...100) <= percent }
    private mutating func maybe<Value>(_ value: (inout Self) -> Value) -> Value? { chance(50) ? value(&self) : nil }
    private mutating func pick<Value>(_ values: [Value]) -> Value { values[number(0...values.count - 1)] }
    private mutating func some<Value>(of values: [Value]) -> [Value] {
        values.shuffled(using: &random).filter { _ in chance(40) }
    }
}

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators").
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
