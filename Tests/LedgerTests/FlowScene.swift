import CareChain
import Foundation
import Ledger
import Postgres
import TestSupport

/// A small country for the flow: shelters of every authority, all in one region but one, each with a unit of two beds;
/// Monday 5 January 2026 at noon, when the desk is open.
struct FlowScene {
    let ledger: Ledger

    static let desk: Actor = actor("desk/national")
    static let coordinator: Actor = actor("coordinator/north")
    static let police: Actor = actor("police/north")
    static let guardian: Actor = actor("guardian/nidos")

    /// An actor that a test writes down; anything else is a mistake in the test.
    static func actor(_ text: String) -> Actor {
        guard let actor = Actor(text) else { preconditionFailure("\(text) is no actor") }
        return actor
    }

    static func shelter(of unit: String) -> Actor { actor("shelter/s-\(unit)") }

    static func day(_ number: Int) -> CalendarDate { Fixture.date(number) }

    /// Runs a test in the scene.
    static func run(_ body: (FlowScene) async throws -> Void) async throws {
        try await withLedger { ledger in
            let scene = FlowScene(ledger: ledger)
            try await ledger.load(
                Instance(
                    name: "scene", horizon: Horizon(start: Fixture.start, days: 400),
                    moveLimits: MoveLimits(maxMoves: 1, minLegDays: 7),
                    regions: [Region(id: "north", name: "North"), Region(id: "south", name: "South")],
                    travelTimes: [TravelTime(a: "north", b: "south", minutes: 55)],
                    shelters: authorities.map { unit, _ in
                        Shelter(
                            id: ShelterID("s-\(unit)"), region: unit == "far" ? "south" : "north", security: 2,
                            services: ["24h"])
                    },
                    units: authorities.map { unit, _ in
                        CareChain.Unit(
                            id: UnitID(unit), shelter: ShelterID("s-\(unit)"),
                            bedType: unit == "night" ? .crisis : .women,
                            beds: StepFunction(constant: 2), accepts: Admission(sexes: [.female, .male]),
                            mixing: unit == "single" ? .singleSex : .any, exclusive: unit == "exclusive",
                            maxLegDays: unit == "night" ? 3 : nil, dailyCost: 10_000)
                    },
                    funders: [], victims: [], requests: [], noContact: []))
            for (unit, authority) in authorities {
                try await ledger.pool.query(
                    "UPDATE shelter SET placement_authority = \(authority) WHERE id = \("s-\(unit)")")
            }
            // The coordinator's region is covered, and the law lets everybody see what the matrix opens to them.
            try await ledger.add(
                Coverage(region: "north", coordinator: "north", from: Self.day(0)), by: Self.desk)
            for role in [Role.desk, .coordinator, .shelter, .police, .guardian] {
                try await ledger.add(
                    LegalBasis(
                        kind: .law, role: role, categories: DataCategory.allCases, from: Self.day(0),
                        reference: "a law of the test"), as: .program(for: nil))
            }
            try await scene.time("2026-01-05 12:00+01")
            try await body(scene)
        }
    }

    private static let authorities = [
        ("open", "shelter"), ("far", "shelter"), ("single", "shelter"), ("exclusive", "shelter"),
        ("cosm", "desk-exclusive"), ("omm", "desk-consulted"), ("crisis", "coordinator"),
        ("night", "coordinator-and-police"), ("amv", "guardian"), ("youth", "youth-care"),
        ("closed", "youth-care-and-court"),
    ]

    /// Lets somebody be a case of the police.
    func policeCase(_ victim: VictimID) async throws {
        var own = CaseChange()
        own.police = "north"
        try await ledger.change(case: victim, own, as: Self.coordinator)
    }

    /// Completes the handover of a move.
    func handOver(_ request: RequestID) async throws {
        var items = HandoverItems()
        (items.dossierSent, items.dossierReceived, items.medication) = (true, true, true)
        (items.transportFrom, items.transportTo, items.transportBy) = ("north", "south", "taxi")
        items.transportAt = Date(timeIntervalSince1970: 1_768_474_800)
        _ = try await ledger.handOver(request, items, by: Self.desk)
    }

    /// Lets it be an instant.
    func time(_ text: String) async throws {
        let instant: Date = try await ledger.pool.query("SELECT \(text)::timestamptz AS at").one()["at"]
        try await ledger.stand(at: instant)
    }

    /// A request of victims who are new, submitted by the coordinator: `r` for its victims `r-1`, `r-2`, …
    @discardableResult
    func request(
        _ id: String, victims: Int = 1, sex: Sex = .female, from: Int = 0, latest: Int = 20, stayDays: Int = 30,
        urgency: Urgency = .urgent, avoid: Avoidance = Avoidance(), guardian: String? = nil,
        birthDate: String = "1998-03-14", courtOrderUntil: CalendarDate? = nil, needs: [String] = [],
        preferred: RegionID? = nil, draft: Bool = false,
        by actor: Actor = FlowScene.coordinator, key: String? = nil
    ) async throws -> RequestState {
        let ids = (1...victims).map { VictimID("\(id)-\($0)") }
        return try await ledger.add(
            NewRequest(
                id: RequestID(id), victims: ids,
                newVictims: ids.map { victim in
                    NewVictim(
                        victim: Victim(
                            id: victim, sex: sex, birthDate: Fixture.calendarDate(birthDate),
                            phases: StepFunction(constant: .reflection), needs: needs, avoid: avoid),
                        guardian: guardian, courtOrderUntil: courtOrderUntil)
                },
                urgency: urgency, neededFrom: Self.day(from), latestStart: Self.day(latest), stayDays: stayDays,
                region: "north", preferredRegion: preferred, draft: draft), by: actor, key: key)
    }

    /// Offers a unit to the victims of a request.
    func offer(
        _ id: String, _ unit: String, victims: Int = 1, from: Int = 0, until: Int = 30, overrides: [RuleOverride] = [],
        by actor: Actor = FlowScene.desk, key: String? = nil
    ) async throws -> OfferAnswer {
        try await ledger.offer(
            (1...victims).map {
                OfferedStay(
                    victim: VictimID("\(id)-\($0)"), unit: UnitID(unit), from: Self.day(from), until: Self.day(until))
            }, for: RequestID(id), overrides: overrides, by: actor, key: key)
    }

    /// Places a request in a unit whose shelter accepts by itself.
    func place(_ id: String, _ unit: String = "open", victims: Int = 1, from: Int = 0, until: Int = 30) async throws {
        let offer = try await offer(id, unit, victims: victims, from: from, until: until).offer
        _ = try await ledger.approve(offer, by: Self.shelter(of: unit))
        if from <= 0 { try await ledger.arrive(RequestID(id), by: Self.shelter(of: unit)) }
    }

    func state(_ id: String) async throws -> RequestState {
        try await ledger.request(RequestID(id), as: Self.desk).summary.state
    }
}
