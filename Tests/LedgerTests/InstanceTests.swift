import CareChain
import Ledger
import Postgres
import TestSupport
import Testing

@Suite struct InstanceTests {
    @Test func `Beds, phases and windows are those from the day on`() async throws {
        let instance = try Fixture.instance(
            [Fixture.open("q")],
            victims: [
                Fixture.victim(
                    "v", phases: StepFunction([.init(from: 0, value: .reflection), .init(from: 20, value: .permit)]))
            ],
            funders: [Fixture.funder("f", window: 5..<15)],
            beds: [.init(from: 0, value: 6), .init(from: 10, value: 4), .init(from: 30, value: 0)])
        try await withLedger(holding: instance) { ledger in
            let later = try await ledger.instance(on: Fixture.date(12), days: 40)
            #expect(later.units[0].beds.steps == [.init(from: 0, value: 4), .init(from: 18, value: 0)])
            #expect(
                later.victims[0].phases.steps == [.init(from: 0, value: .reflection), .init(from: 8, value: .permit)])
            #expect(later.funders[0].window == 0..<3)
            let last = try await ledger.instance(on: Fixture.date(30), days: 40)
            #expect(last.units[0].beds.steps == [.init(from: 0, value: 0)])
            #expect(last.victims[0].phases.steps == [.init(from: 0, value: .permit)])
            #expect(last.funders[0].window == 0..<0)
            let before = try await ledger.instance(on: Fixture.date(-10), days: 40)
            #expect(before.units[0].beds.steps.prefix(2) == [.init(from: 0, value: 0), .init(from: 10, value: 6)])
            #expect(before.victims[0].phases.steps.first == .init(from: 0, value: .reflection))
            #expect(before.funders[0].window == 15..<25)
        }
    }

    @Test func `Stays go on until they end, and then their requests are left out with victims and pairs`() async throws
    {
        let instance = try Fixture.instance(
            [Fixture.current("p", ["v"], stayDays: 10, movesMade: 1), Fixture.open("q", ["w"])],
            noContact: [NoContact(a: "w", b: "v", scope: .shelter)])
        try await withLedger(holding: instance) { ledger in
            let later = try await ledger.instance(on: Fixture.date(9), days: 40)
            let request = try #require(later.requests.first { $0.id == "p" })
            #expect(request.current == [CurrentStay(victim: "v", unit: "u1", days: 18, movesMade: 1)])
            #expect(request.stayDays == 1)
            #expect(request.locked)
            #expect(later.noContact == instance.noContact)
            let last = try await ledger.instance(on: Fixture.date(10), days: 40)
            #expect(last.requests.map(\.id) == ["q"])
            #expect(last.victims.map(\.id) == ["w"])
            #expect(last.noContact.isEmpty)
        }
    }

    @Test func `What should have started starts today`() async throws {
        let request = Request(
            id: "q", victims: ["v"], knownFrom: 2, neededFrom: 3, latestStart: 6, stayDays: 20, urgency: .urgent)
        try await withLedger(holding: Fixture.instance([request])) { ledger in
            for (day, expected) in [(1, [1, 2, 5, 20]), (4, [0, 0, 2, 20]), (90, [0, 0, 0, 20])] {
                let request = try await ledger.instance(on: Fixture.date(day), days: 40).requests[0]
                let days = [request.knownFrom, request.neededFrom, request.latestStart].map(\.number)
                #expect(days + [request.stayDays] == expected)
            }
        }
    }

    @Test func `What starts after the horizon is left out with its victims and pairs`() async throws {
        let instance = try Fixture.instance(
            [
                Fixture.open("soon", ["v"], from: 10, latest: 35), Fixture.open("late", ["w"], from: 20, latest: 35),
                Fixture.committed("agreed", [CommittedStay(victim: "x", unit: "u1", days: 20..<30)]),
            ], noContact: [NoContact(a: "v", b: "w", scope: .unit)])
        try await withLedger(holding: instance) { ledger in
            let short = try await ledger.instance(on: Fixture.start, days: 20)
            #expect(short.requests.map(\.id) == ["soon"])
            #expect(short.requests.map(\.latestStart) == [19])
            #expect(short.victims.map(\.id) == ["v"])
            #expect(short.noContact.isEmpty)
            #expect(try await ledger.instance(on: Fixture.start, days: 21).requests.count == 3)
        }
    }

    @Test func `Agreed stays begin on their day, leg by leg`() async throws {
        let legs = [
            CommittedStay(victim: "v", unit: "u1", days: 3..<13), CommittedStay(victim: "v", unit: "u2", days: 13..<30),
        ]
        try await withLedger(holding: Fixture.instance([Fixture.committed("q", legs)])) { ledger in
            func request(on day: Int, days: Int = 40) async throws -> Request? {
                try await ledger.instance(on: Fixture.date(day), days: days).requests.first
            }
            #expect(
                try await request(on: 1)?.committed == [
                    CommittedStay(victim: "v", unit: "u1", days: 2..<12),
                    CommittedStay(victim: "v", unit: "u2", days: 12..<29),
                ])
            // The horizon cuts the second leg off and the first short.
            #expect(
                try await request(on: 0, days: 10)?.committed == [
                    CommittedStay(victim: "v", unit: "u1", days: 3..<10)
                ])
            #expect(try await request(on: 3)?.committed?.first?.days == 0..<10)

            let first = try #require(try await request(on: 5))
            #expect(first.current == [CurrentStay(victim: "v", unit: "u1", days: 2, movesMade: 0)])
            #expect(first.stayDays == 25)
            #expect(first.committed == nil)
            // The move that was agreed on is neither forgotten nor done before its day.
            #expect(!first.locked)
            #expect(first.noMoveBefore == 8)

            let second = try #require(try await request(on: 13))
            #expect(second.current == [CurrentStay(victim: "v", unit: "u2", days: 0, movesMade: 1)])
            #expect(second.locked)
            #expect(second.noMoveBefore == 0)
            #expect(try await request(on: 29)?.stayDays == 1)
            #expect(try await request(on: 30) == nil)
        }
    }

    @Test func `Somebody who arrived on the first day is current from then on`() async throws {
        let stays = [CommittedStay(victim: "v", unit: "u1", days: 3..<13)]
        try await withLedger(holding: Fixture.instance([Fixture.committed("q", stays)])) { ledger in
            try await ledger.pool.query("UPDATE stay SET arrived = true")
            let request = try #require(try await ledger.instance(on: Fixture.date(3), days: 40).requests.first)
            #expect(request.current == [CurrentStay(victim: "v", unit: "u1", days: 0)])
        }
    }

    @Test func `A hold ends on its day`() async throws {
        let request = Fixture.current("q", noMoveBefore: 5, locked: false)
        try await withLedger(holding: Fixture.instance([request])) { ledger in
            for (day, left) in [(0, 5), (3, 2), (5, 0), (9, 0)] {
                let request = try #require(try await ledger.instance(on: Fixture.date(day), days: 40).requests.first)
                #expect(request.noMoveBefore.number == left)
                #expect(!request.locked)
            }
        }
    }

    @Test func `Who has left is left out, the others of the request stay`() async throws {
        try await withLedger(holding: Fixture.instance([Fixture.current("q", ["v", "w"])])) { ledger in
            try await ledger.pool.query(
                "UPDATE stay SET days = daterange(lower(days), \(Fixture.date(4))) WHERE victim = 'v'")
            #expect(try await ledger.instance(on: Fixture.date(3), days: 40).requests[0].victims == ["v", "w"])
            #expect(try await ledger.instance(on: Fixture.date(4), days: 40).requests[0].victims == ["w"])
        }
    }

    @Test func `A request of which only some victims have a place is refused by name`() async throws {
        try await withLedger(holding: Fixture.instance([Fixture.current("q", ["v", "w"])])) { ledger in
            try await ledger.pool.query(
                "UPDATE stay SET days = daterange(\(Fixture.date(5)), upper(days)) WHERE victim = 'v'")
            let error = await #expect(throws: LedgerError.self) {
                try await ledger.instance(on: Fixture.start, days: 40)
            }
            #expect(error == .unevenStays(request: "q"))
            #expect(error?.description.contains("request \"q\"") == true)
        }
    }

    @Test func `What to avoid and whom not to meet counts when it holds on any day of the horizon`() async throws {
        let instance = try Fixture.instance(
            [Fixture.open("q", ["v", "w"], from: 3, latest: 30)],
            noContact: [NoContact(a: "v", b: "w", scope: .region)])
        try await withLedger(holding: instance) { ledger in
            for table in ["avoided_region", "no_contact", "investigation"] {
                try await ledger.pool.query(
                    "UPDATE \(identifier: table) SET days = daterange(\(Fixture.date(10)), \(Fixture.date(20)))")
            }
            for (day, length, holds, investigated) in [
                (0, 10, false, false), (0, 11, true, false), (10, 5, true, true), (19, 5, true, true),
                (20, 5, false, false),
            ] {
                let instance = try await ledger.instance(on: Fixture.date(day), days: length)
                #expect(instance.victims.allSatisfy { $0.avoid.regions == (holds ? ["south"] : []) })
                #expect(instance.noContact.count == (holds ? 1 : 0))
                #expect(instance.victims.allSatisfy { ($0.investigation != nil) == investigated })
            }
        }
    }

    @Test func `Days in shelter since the record are paid by the rule of payers`() async throws {
        let instance = try Fixture.instance(
            [Fixture.current("q", stayDays: 60), Fixture.open("r", ["w"], from: 30, latest: 35)],
            victims: [
                Fixture.victim("v", registeredIn: "north", paidDays: [PaidDays(funder: "first", days: 20)]),
                Fixture.victim("w", paidDays: [PaidDays(funder: "rest", days: 3)]),
            ],
            funders: [
                Fixture.funder("first", maxDays: 30),
                Fixture.funder("local", window: 12..<400, registeredIn: ["north"]),
                Fixture.funder("rest", maxDays: 7),
            ])
        try await withLedger(holding: instance) { ledger in
            func paid(on day: Int) async throws -> [VictimID: [PaidDays]] {
                let victims = try await ledger.instance(on: Fixture.date(day), days: 40).victims
                return Dictionary(uniqueKeysWithValues: victims.map { ($0.id, $0.paidDays) })
            }
            #expect(try await paid(on: 0)["v"] == [PaidDays(funder: "first", days: 20)])
            #expect(try await paid(on: 4)["v"] == [PaidDays(funder: "first", days: 24)])
            // 10 days by the first, 2 by the rest, and then the local one pays.
            #expect(
                try await paid(on: 15)["v"] == [
                    PaidDays(funder: "first", days: 30), PaidDays(funder: "local", days: 3),
                    PaidDays(funder: "rest", days: 2),
                ])
            #expect(try await paid(on: 15)["w"] == [PaidDays(funder: "rest", days: 3)])

            // From day 14 on the victim is registered elsewhere.
            try await ledger.pool.query(
                "UPDATE victim_registration SET days = daterange(lower(days), \(Fixture.date(14)))")
            #expect(
                try await paid(on: 15)["v"] == [
                    PaidDays(funder: "first", days: 30), PaidDays(funder: "local", days: 2),
                    PaidDays(funder: "rest", days: 3),
                ])
        }
    }

    @Test func `A later day's instance is valid as it is read`() async throws {
        try await withLedger { ledger in
            // Everybody came long ago: then it is taken in, whatever rule it breaks.
            try await ledger.pool.query("INSERT INTO simulated_clock (at) VALUES ('9999-12-30 12:00+00')")
            for seed in UInt64(201)...230 {
                var random = RandomInstance(seed: seed)
                let instance = try random.instance()
                let start = instance.horizon.start
                try await ledger.load(instance)
                // No horizon may start after the year 9987.
                for day in [1, 2, 7, 30, 61] where start.year < 9987 {
                    let later = try await ledger.instance(on: start.adding(days: day), days: 30)
                    #expect(try Instance(json: later.json()) == later, "seed \(seed), day \(day)")
                }
                try await ledger.pool.query("TRUNCATE region, funder, victim, request, planning_policy CASCADE")
            }
        }
    }

    @Test func `What cannot make an instance is refused with a sentence`() async throws {
        try await withLedger { ledger in
            var error = await #expect(throws: LedgerError.self) {
                try await ledger.instance(on: Fixture.start, days: 40)
            }
            #expect(error == .noPolicy)
            try await ledger.load(Fixture.instance([Fixture.open("q")]))
            error = await #expect(throws: LedgerError.self) {
                try await ledger.instance(on: Fixture.start, days: 4000)
            }
            #expect(error?.description.contains("horizon.days: 4000 is not a whole number from 1 to 3660") == true)
            try await ledger.pool.query("DELETE FROM victim_phase")
            error = await #expect(throws: LedgerError.self) {
                try await ledger.instance(on: Fixture.start, days: 40)
            }
            #expect(error?.description.hasPrefix("victim \"v\" has no phase") == true)
        }
    }

    @Test func `An instance is one snapshot: what is committed meanwhile is not seen`() async throws {
        try await withLedger(holding: Fixture.instance([Fixture.open("q", ["v", "w"])])) { ledger in
            let instance = try await ledger.pool.withConnection { writer in
                // The pairs are read last: with the lock, everything else has been read when the writer commits.
                try await writer.query("BEGIN")
                try await writer.query("LOCK TABLE no_contact")
                async let instance = ledger.instance(on: Fixture.start, days: 40)
                var isWaiting = false
                while !isWaiting {
                    isWaiting = try await writer.query(
                        """
                        SELECT EXISTS (
                            SELECT FROM pg_locks WHERE NOT granted AND relation = 'no_contact'::regclass
                                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS is
                        """
                    ).one()["is"]
                }
                try await writer.query(
                    "INSERT INTO no_contact (a, b, scope, days) VALUES ('v', 'w', 'unit', daterange(NULL, NULL))")
                try await writer.query("COMMIT")
                return try await instance
            }
            #expect(instance.noContact.isEmpty)
            #expect(try await ledger.instance(on: Fixture.start, days: 40).noContact.count == 1)
        }
    }
}
