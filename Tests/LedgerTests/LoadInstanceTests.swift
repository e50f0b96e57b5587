import CareChain
import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

@Suite struct LoadInstanceTests {
    @Test func `What random instances say comes back from an empty ledger, unless it promises what cannot be`()
        async throws
    {
        try await withLedger { ledger in
            var refused = 0
            for seed in UInt64(1)...100 {
                var random = RandomInstance(seed: seed)
                let instance = try random.instance()
                let morning: Date = try await ledger.pool.query(
                    "SELECT \(instance.horizon.start)::date::timestamptz + interval '9 hours' AS at"
                ).one()["at"]
                try await ledger.stand(at: morning)
                do {
                    try await ledger.load(instance)
                } catch let error as LedgerError {
                    // What was agreed on for later is guarded like any placement.
                    let rules: Set = ["capacity", "mixing", "exclusive", "no-contact"]
                    #expect(!error.rules.isEmpty && rules.isSuperset(of: error.rules), "seed \(seed): \(error)")
                    refused += 1
                    continue
                }
                #expect(!instance.promisesTooMuch, "seed \(seed)")
                let kept = try await ledger.instance(
                    on: instance.horizon.start, days: instance.horizon.days, name: instance.name)
                #expect(try kept == instance.canonical(), "seed \(seed)")
                try await ledger.pool.query("TRUNCATE region, funder, victim, request, planning_policy CASCADE")
            }
            #expect(refused < 50)
        }
    }

    @Test func `Groups with different units, days and moves come back`() async throws {
        let group = Request(
            id: "q", victims: ["w", "v"], together: .shelter, neededFrom: 0, latestStart: 12, stayDays: 500,
            urgency: .planned,
            current: [
                CurrentStay(victim: "w", unit: "u2", days: 0, movesMade: 2),
                CurrentStay(victim: "v", unit: "u1", days: 300),
            ],
            noMoveBefore: 60)
        try await expectRoundTrip(Fixture.instance([group]))
    }

    @Test func `Committed stays with moves come back, also when they begin today`() async throws {
        let stays = [
            CommittedStay(victim: "v", unit: "u1", days: 0..<7), CommittedStay(victim: "v", unit: "u2", days: 7..<14),
            CommittedStay(victim: "v", unit: "u1", days: 14..<40),
        ]
        try await expectRoundTrip(Fixture.instance([Fixture.committed("q", stays)], maxMoves: 2))
    }

    @Test func `Somebody who came today is current, somebody who is to come today is committed`() async throws {
        let came = Fixture.current("came", ["v"], days: 0)
        let comes = Fixture.committed("comes", [CommittedStay(victim: "w", unit: "u1", days: 0..<40)])
        try await expectRoundTrip(Fixture.instance([came, comes]))
    }

    @Test func `Windows that end today and paid days of none come back`() async throws {
        let funders = [
            Fixture.funder("past", window: 0..<0),
            Fixture.funder("later", window: 39..<1_000_000_000, registeredIn: []),
        ]
        let victim = Fixture.victim("v", paidDays: [PaidDays(funder: "past", days: 0)])
        try await expectRoundTrip(Fixture.instance([Fixture.open("q")], victims: [victim], funders: funders))
    }

    @Test func `A set told with an entry twice comes back with it once, in order`() async throws {
        let instance = try Instance(
            name: "twice", horizon: Horizon(start: Fixture.start, days: 5),
            moveLimits: MoveLimits(maxMoves: 0, minLegDays: 1), regions: [Region(id: "r", name: "R")], travelTimes: [],
            shelters: [Shelter(id: "s", region: "r", security: 1, services: ["b", "a", "b"])], units: [], funders: [],
            victims: [], requests: [], noContact: [])
        let kept = try await withLedger { ledger in
            try await ledger.load(instance)
            return try await ledger.instance(on: Fixture.start, days: 5)
        }
        #expect(kept.shelters.map(\.services) == [["a", "b"]])
        #expect(kept.name == "ledger-2026-01-05")
    }

    @Test func `Taking the same instance in again changes nothing and says so`() async throws {
        var random = RandomInstance(seed: 7)
        let instance = try random.instance()
        try await withLedger { ledger in
            let first = try await ledger.load(instance)
            #expect(!first.changedNothing)
            #expect(first.entries.first { $0.kind == "victims" }?.added == instance.victims.count)
            let second = try await ledger.load(instance)
            #expect(second.changedNothing)
            #expect(second.entries.map(\.given) == first.entries.map(\.given))
        }
    }

    @Test func `Taking an instance in again leaves its cases as they are, whoever must not meet them since`()
        async throws
    {
        try await withLedger { ledger in
            let instance = try Fixture.instance([Fixture.current("q")])
            try await ledger.load(instance)
            try await ledger.load(Fixture.instance([Fixture.current("p", ["w"])]))
            try await ledger.pool.query("INSERT INTO no_contact VALUES ('v', 'w', 'unit', '[2026-01-05,)')")
            func kept() async throws -> String {
                try await ledger.pool.query(
                    "SELECT version || coalesce(state_reason, '') AS kept FROM request WHERE id = 'q'"
                ).one()["kept"]
            }
            let before = try await kept()
            #expect(try await ledger.load(instance).changedNothing)
            #expect(try await kept() == before)
        }
    }

    @Test func `Two who take the same instance in at once add it once`() async throws {
        var random = RandomInstance(seed: 8)
        let instance = try random.instance()
        try await withLedger { ledger in
            async let one = ledger.load(instance)
            async let other = ledger.load(instance)
            let added = try await (one.entries + other.entries).filter { $0.kind == "victims" }.map(\.added)
            #expect(added.sorted() == [0, instance.victims.count])
        }
    }

    @Test func `Other cases in the same shelters are added`() async throws {
        try await withLedger { ledger in
            try await ledger.load(Fixture.instance([Fixture.open("q")]))
            let report = try await ledger.load(Fixture.instance([Fixture.current("p", ["w"])]))
            #expect(report.entries.filter { $0.added > 0 }.map(\.kind) == ["victims", "requests"])
            let kept = try await ledger.instance(on: Fixture.start, days: 40)
            #expect(kept.requests.map(\.id) == ["p", "q"])
        }
    }

    static let contradictions: [(String, @Sendable () throws -> Instance)] = [
        ("weights (move)", { try fixture(weights: { $0.move = 1 }) }),
        ("planning policy (maxMoves)", { try Fixture.instance([Fixture.open("q")], maxMoves: 2) }),
        (
            "unit \"u1\" (beds); unit \"u2\" (beds)",
            { try Fixture.instance([Fixture.open("q")], beds: [.init(from: 0, value: 5)]) }
        ),
        (
            "funder \"state\" (window)",
            { try Fixture.instance([Fixture.open("q")], funders: [Fixture.funder("state", window: 0..<9)]) }
        ),
        (
            "victim \"v\" (phases)",
            {
                try Fixture.instance(
                    [Fixture.open("q")], victims: [Fixture.victim("v", phases: StepFunction(constant: .asylum))])
            }
        ),
        ("request \"q\" (neededFrom)", { try Fixture.instance([Fixture.open("q", from: 4)]) }),
        // The victim is in another request already.
        ("victim \"v\" (request)", { try Fixture.instance([Fixture.open("other")]) }),
        (
            "request \"q\" (latestStart, urgency, preferredRegion)",
            { try Fixture.instance([Fixture.current("q", stayDays: 20)]) }
        ),
    ]

    @Test(arguments: contradictions)
    func `What contradicts the ledger is refused whole`(
        expected: String, instance: @Sendable () throws -> Instance
    ) async throws {
        try await withLedger { ledger in
            try await ledger.load(Fixture.instance([Fixture.open("q")]))
            let before = try await ledger.instance(on: Fixture.start, days: 40)
            let other = try instance()
            let error = await #expect(throws: LedgerError.self) { try await ledger.load(other) }
            #expect(
                error?.description.hasPrefix("nothing was taken in, since the ledger says otherwise about \(expected)")
                    == true, "\(error?.description ?? "")")
            #expect(try await ledger.instance(on: Fixture.start, days: 40) == before)
        }
    }

    @Test func `Funders in another order are refused`() async throws {
        let (a, b) = (Fixture.funder("a"), Fixture.funder("b"))
        try await withLedger { ledger in
            try await ledger.load(Fixture.instance([], funders: [a, b]))
            let error = await #expect(throws: LedgerError.self) {
                try await ledger.load(Fixture.instance([], funders: [b, a]))
            }
            #expect(error?.description.contains("funders (the order in which they pay)") == true)
        }
    }

    @Test func `What the database cannot hold is refused with a sentence`() async throws {
        try await withLedger { ledger in
            var error = await #expect(throws: LedgerError.self) {
                try await ledger.load(Fixture.instance([Fixture.current("q", days: 1_000_000_000)]))
            }
            #expect(error == .outsideCalendar)
            error = await #expect(throws: LedgerError.self) {
                try await ledger.load(Fixture.instance([Fixture.open("q\0")]))
            }
            #expect(error == .unstorableText)
            error = await #expect(throws: LedgerError.self) {
                let long = RequestID(String(repeating: "q", count: 201))
                try await ledger.load(Fixture.instance([Fixture.open(long)]))
            }
            #expect(error == .refused(constraint: "identifier_length"))
            #expect(error?.description == "an identifier has 1 to 200 bytes")
            let regions: Int = try await ledger.pool.query("SELECT count(*) AS count FROM region").one()["count"]
            #expect(regions == 0)
        }
    }

    private static func fixture(weights change: (inout Weights) -> Void) throws -> Instance {
        let instance = try Fixture.instance([Fixture.open("q")])
        var weights = instance.weights
        change(&weights)
        return try Instance(
            name: instance.name, horizon: instance.horizon, moveLimits: instance.moveLimits, regions: instance.regions,
            travelTimes: instance.travelTimes, shelters: instance.shelters, units: instance.units,
            funders: instance.funders, victims: instance.victims, requests: instance.requests,
            noContact: instance.noContact, weights: weights)
    }

    private func expectRoundTrip(_ instance: Instance) async throws {
        let kept = try await withLedger { ledger in
            try await ledger.load(instance)
            return try await ledger.instance(
                on: instance.horizon.start, days: instance.horizon.days, name: instance.name)
        }
        #expect(try kept == instance.canonical())
    }
}

extension Instance {
    /// Whether somebody who is still to come would be in a unit on a day with more people than beds.
    fileprivate var promisesTooMuch: Bool {
        units.contains { unit in
            (0..<horizon.days).contains { number in
                let day = Day(number)
                let coming = requests.flatMap { request in
                    (request.committed ?? []).filter { $0.unit == unit.id && $0.days.contains(day) }.map {
                        (request.id, $0)
                    }
                }
                let there = requests.flatMap { request in
                    (request.current ?? []).filter { $0.unit == unit.id && number < request.stayDays }.map { _ in
                        request.id
                    }
                }
                let groups = coming.map(\.0) + there
                let load = unit.countBy == .request ? Set(groups).count : groups.count
                return load > unit.beds[day] && coming.contains { $0.1.days.lowerBound > 0 }
            }
        }
    }
}
