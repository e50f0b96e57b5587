import CareChain
import Ledger
import TestSupport

/// Runs a test with a ledger that has taken an instance in.
func withLedger(holding instance: Instance, _ body: (Ledger) async throws -> Void) async throws {
    try await withLedger { ledger in
        try await ledger.load(instance)
        try await body(ledger)
    }
}

/// Small cases for tests: two shelters in two regions with a unit each, and requests given by what matters.
enum Fixture {
    static let start = calendarDate("2026-01-05")

    /// A date that a test writes down; one that the calendar does not have is a mistake in the test.
    static func calendarDate(_ text: String) -> CalendarDate {
        guard let date = CalendarDate(text) else { preconditionFailure("\(text) is no date") }
        return date
    }

    /// The date of a day counted from ``start``.
    static func date(_ day: Int) -> CalendarDate { start.adding(days: day) }

    static func victim(
        _ id: VictimID, phases: StepFunction<Phase> = StepFunction(constant: .reflection),
        registeredIn: RegionID? = nil,
        paidDays: [PaidDays] = []
    ) -> Victim {
        Victim(
            id: id, sex: .male, birthDate: calendarDate("1998-03-14"), phases: phases,
            registeredIn: registeredIn, needs: ["trauma"], security: 2...4, avoid: Avoidance(regions: ["south"]),
            investigation: Investigation(region: "north", maxTravelMinutes: 90), paidDays: paidDays)
    }

    static func open(_ id: RequestID, _ victims: [VictimID] = ["v"], from: Day = 3, latest: Day = 6) -> Request {
        Request(
            id: id, victims: victims, neededFrom: from, latestStart: latest, stayDays: 20, urgency: .urgent,
            preferredRegion: "north")
    }

    static func current(
        _ id: RequestID, _ victims: [VictimID] = ["v"], unit: UnitID = "u1", days: Int = 9, stayDays: Int = 30,
        movesMade: Int = 0, noMoveBefore: Day = 0, locked: Bool = true
    ) -> Request {
        Request(
            id: id, victims: victims, neededFrom: 0, latestStart: 0, stayDays: stayDays, urgency: .crisis,
            current: victims.map { CurrentStay(victim: $0, unit: unit, days: days, movesMade: movesMade) },
            noMoveBefore: noMoveBefore, locked: locked)
    }

    static func committed(_ id: RequestID, _ stays: [CommittedStay]) -> Request {
        var victims: [VictimID] = []
        for stay in stays where !victims.contains(stay.victim) { victims.append(stay.victim) }
        return Request(
            id: id, victims: victims, neededFrom: 2, latestStart: 8, stayDays: 30, urgency: .planned, committed: stays)
    }

    /// An instance of some requests, whose victims are made up where they are not given.
    static func instance(
        _ requests: [Request], victims: [Victim] = [], noContact: [NoContact] = [], days: Int = 40,
        funders: [Funder] = [funder("state")], beds: [StepFunction<Int>.Step] = [.init(from: 0, value: 6)],
        maxMoves: Int = 1, name: String = "fixture"
    ) throws(InvalidInput) -> Instance {
        let given = Set(victims.map(\.id))
        let others = requests.flatMap(\.victims).filter { !given.contains($0) }.map { victim($0) }
        return try Instance(
            name: name, horizon: Horizon(start: start, days: days),
            moveLimits: MoveLimits(maxMoves: maxMoves, minLegDays: 7),
            regions: [Region(id: "north", name: "North"), Region(id: "south", name: "South")],
            travelTimes: [TravelTime(a: "north", b: "south", minutes: 55)],
            shelters: [
                Shelter(id: "s1", region: "north", security: 3, services: ["24h", "trauma"]),
                Shelter(id: "s2", region: "south", security: 3, services: []),
            ],
            units: [unit("u1", "s1", beds), unit("u2", "s2", beds)], funders: funders, victims: victims + others,
            requests: requests, noContact: noContact)
    }

    static func funder(
        _ id: FunderID, window: Range<Day> = 0..<400, maxDays: Int? = nil, registeredIn: [RegionID]? = nil
    ) -> Funder {
        Funder(
            id: id, name: "Funder", accepts: FunderAcceptance(registeredIn: registeredIn), window: window,
            maxDaysPerVictim: maxDays)
    }

    private static func unit(_ id: UnitID, _ shelter: ShelterID, _ beds: [StepFunction<Int>.Step]) -> Unit {
        Unit(
            id: id, shelter: shelter, bedType: .men, beds: StepFunction(beds), accepts: Admission(sexes: [.male]),
            dailyCost: 14_500)
    }
}
