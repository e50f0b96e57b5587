package import CareChain
import Testing

/// A small problem, which a test changes where it matters: two shelters in two regions, three units with two beds each
/// that accept everybody, and no funders.
package struct Scene {
    package static let start = date("2026-01-05")

    package var days = 30
    package var limits = MoveLimits(maxMoves: 1, minLegDays: 5)
    package var regions: [RegionID] = ["north", "south", "west"]
    package var travelTimes = [TravelTime(a: "north", b: "south", minutes: 55)]
    package var shelters = [
        Shelter(id: "s1", region: "north", security: 2, services: ["24h"]),
        Shelter(id: "s2", region: "south", security: 3, services: ["trauma"]),
    ]
    package var units = [unit("u1"), unit("u2", "s2"), unit("u3")]
    package var funders: [Funder] = []
    package var victims: [Victim] = []
    package var requests: [Request] = []
    package var noContact: [NoContact] = []
    package var weights = Weights()

    package init(_ requests: Request..., victims: [Victim] = []) {
        self.requests = requests
        self.victims = victims
    }

    /// The instance, in which a victim of a request that the test does not describe is a made-up adult woman.
    package func instance() throws -> Instance {
        let described = Set(victims.map(\.id))
        let others = requests.flatMap(\.victims).filter { !described.contains($0) }.map { victim($0) }
        return try Instance(
            name: "scene", horizon: Horizon(start: Self.start, days: days), moveLimits: limits,
            regions: regions.map { Region(id: $0, name: $0.text) }, travelTimes: travelTimes, shelters: shelters,
            units: units, funders: funders, victims: victims + others, requests: requests, noContact: noContact,
            weights: weights)
    }

    /// The referee's verdict on stays, each written `victim unit from until`, with the funding that the rule of payers
    /// gives; requests without a stay are unplaced.
    package func judge(_ lines: String...) throws -> Verdict {
        let instance = try instance()
        return try verdict(on: plan(lines, of: instance), of: instance)
    }

    /// The plan with stays, each written `victim unit from until`.
    package func plan(_ lines: [String], of instance: Instance) throws -> Plan {
        let stays = try lines.map { line in
            let words = line.split(separator: " ").map(String.init)
            let victim = try #require(instance.victimIndex[VictimID(words[0])])
            return Stay(
                request: requests[instance.requestOfVictim[victim]].id, victim: VictimID(words[0]),
                unit: UnitID(words[1]), from: Day(try #require(Int(words[2]))),
                until: Day(try #require(Int(words[3]))))
        }
        let placed = Set(stays.map(\.request))
        return Plan(
            instance: instance.name, stays: stays,
            unplaced: requests.filter { !placed.contains($0.id) }.map { Unplaced(request: $0.id, reasons: []) },
            funding: FundingRule.payments(of: stays, in: instance).periods)
    }
}

/// The referee's verdict; untyped, because `#expect` of a call with a typed error crashes Swift 6.3's compiler.
package func verdict(on plan: Plan, of instance: Instance) throws -> Verdict {
    try Referee.judge(plan, of: instance)
}

/// A date that a test writes down; one that the calendar does not have is a mistake in the test.
package func date(_ text: String) -> CalendarDate {
    guard let date = CalendarDate(text) else { preconditionFailure("\(text) is no date") }
    return date
}

package func unit(
    _ id: UnitID, _ shelter: ShelterID = "s1", bedType: BedType = .women,
    beds: StepFunction<Int> = StepFunction(constant: 2), accepts: Admission = Admission(sexes: Sex.allCases),
    services: [String] = [], mixing: Mixing = .any, exclusive: Bool = false, minGroup: Int = 1, maxGroup: Int? = nil,
    countBy: CountBy = .victim, maxLegDays: Int? = nil, scarcity: Int = 0
) -> Unit {
    Unit(
        id: id, shelter: shelter, bedType: bedType, beds: beds, accepts: accepts, services: services, mixing: mixing,
        exclusive: exclusive, minGroup: minGroup, maxGroup: maxGroup, countBy: countBy, maxLegDays: maxLegDays,
        dailyCost: 10_000, scarcity: scarcity)
}

package func victim(
    _ id: VictimID, sex: Sex = .female, born birthDate: String = "1990-06-15",
    phases: StepFunction<Phase> = StepFunction(constant: .reflection), registeredIn: RegionID? = nil,
    needs: [String] = [], security: ClosedRange<Int> = 1...4, avoid: Avoidance = Avoidance(),
    investigation: Investigation? = nil, paidDays: [PaidDays] = []
) -> Victim {
    Victim(
        id: id, sex: sex, birthDate: date(birthDate), phases: phases, registeredIn: registeredIn, needs: needs,
        security: security, avoid: avoid, investigation: investigation, paidDays: paidDays)
}

/// A request that may start on days 2 to 6 and stays ten days.
package func request(
    _ id: RequestID, _ victims: VictimID..., together: Together = .unit, from: Day = 2, latest: Day = 6,
    stayDays: Int = 10, urgency: Urgency = .urgent, preferredRegion: RegionID? = nil
) -> Request {
    Request(
        id: id, victims: victims, together: together, neededFrom: from, latestStart: latest, stayDays: stayDays,
        urgency: urgency, preferredRegion: preferredRegion)
}

/// A request of people who are in a unit when day 0 begins, and stay ten days more.
package func staying(
    _ id: RequestID, _ victims: VictimID..., in unit: UnitID, together: Together = .unit, daysBefore: Int = 0,
    movesMade: Int = 0, stayDays: Int = 10, noMoveBefore: Day = 0, locked: Bool = false,
    preferredRegion: RegionID? = nil
) -> Request {
    Request(
        id: id, victims: victims, together: together, neededFrom: 0, latestStart: 0, stayDays: stayDays,
        urgency: .planned, preferredRegion: preferredRegion,
        current: victims.map { CurrentStay(victim: $0, unit: unit, days: daysBefore, movesMade: movesMade) },
        noMoveBefore: noMoveBefore, locked: locked)
}

/// A request with stays that people have agreed on.
package func committed(_ id: RequestID, _ stays: CommittedStay...) -> Request {
    var victims: [VictimID] = []
    for stay in stays where !victims.contains(stay.victim) { victims.append(stay.victim) }
    return Request(
        id: id, victims: victims, neededFrom: 0, latestStart: 5, stayDays: 10, urgency: .planned, committed: stays)
}
