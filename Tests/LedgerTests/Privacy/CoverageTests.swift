import CareChain
import Postgres
import TestSupport
import Testing

@testable import Ledger

@Suite struct CoverageTests {
    private static func day(_ text: String) -> CalendarDate { Fixture.calendarDate(text) }

    /// Two regions, nothing covered.
    private func withRegions(_ body: (Ledger) async throws -> Void) async throws {
        try await withLedger { ledger in
            try await ledger.pool.query("INSERT INTO region VALUES ('dre', 'Drenthe'), ('frl', 'Fryslân')")
            try await ledger.stand(at: ledger.pool.query("SELECT '2026-03-02 10:00+01'::timestamptz AS at").one()["at"])
            try await body(ledger)
        }
    }

    private let program = Acting.program(for: nil)

    private func onDuty(_ ledger: Ledger, _ region: String, _ age: Int, _ day: String) async throws -> String? {
        try await ledger.pool.query(
            "SELECT coordinator_on_duty(\(region), 'care', \(age), \(day)::date) AS coordinator"
        ).one()["coordinator"]
    }

    @Test func `Where nobody covers is a gap, by region, ages and days`() async throws {
        try await withRegions { ledger in
            try await ledger.add(
                Coverage(region: "frl", coordinator: "a", ages: 18..<151, from: Self.day("2026-01-01")), by: .desk)
            try await ledger.add(
                Coverage(
                    region: "frl", coordinator: "b", ages: 0..<18, from: Self.day("2026-02-01"),
                    until: Self.day("2026-03-01")),
                by: .desk)
            try await ledger.addAbsence(
                of: "a", from: Self.day("2026-02-10"), until: Self.day("2026-02-12"), by: .desk)
            let gaps = try await ledger.coverageGaps(
                .care, from: Self.day("2026-01-01"), until: Self.day("2026-04-01"), as: program)
            #expect(
                gaps.map { "\($0.region) \($0.ages) \($0.from) \($0.until)" } == [
                    "dre 0..<151 2026-01-01 2026-04-01", "frl 0..<18 2026-01-01 2026-02-01",
                    "frl 18..<151 2026-02-10 2026-02-12", "frl 0..<18 2026-03-01 2026-04-01",
                ])
            let outflow = try await ledger.coverageGaps(
                .outflow, from: Self.day("2026-01-01"), until: Self.day("2026-04-01"), as: program)
            #expect(outflow.map(\.region) == ["dre", "frl"])
        }
    }

    @Test func `A stand-in acts where nobody else does`() async throws {
        try await withRegions { ledger in
            try await ledger.add(
                Coverage(region: "frl", coordinator: "a", from: Self.day("2026-01-01"), until: Self.day("2026-06-01")),
                by: .desk)
            for region in ["frl", "dre"] {
                try await ledger.add(
                    Coverage(region: RegionID(region), coordinator: "n", from: Self.day("2026-01-01"), standIn: true),
                    by: .desk)
            }
            try await ledger.addAbsence(
                of: "a", from: Self.day("2026-03-01"), until: Self.day("2026-03-08"),
                by: Actor(role: .coordinator, id: "a"))
            #expect(try await onDuty(ledger, "frl", 30, "2026-02-28") == "a")
            #expect(try await onDuty(ledger, "frl", 30, "2026-03-01") == "n")
            #expect(try await onDuty(ledger, "frl", 30, "2026-03-08") == "a")
            #expect(try await onDuty(ledger, "frl", 30, "2026-06-01") == "n")
            #expect(try await onDuty(ledger, "dre", 30, "2026-02-28") == "n")
            #expect(
                try await ledger.coverages(as: program).map {
                    "\($0.coverage.region) \($0.coverage.coordinator) \($0.isOnDuty)"
                }
                    == ["dre n true", "frl a false", "frl n true"])
            let (from, until) = (Self.day("2026-01-01"), Self.day("2026-12-31"))
            #expect(try await ledger.coverageOverlaps(from: from, until: until, as: program) == [])
            #expect(try await ledger.coverageGaps(.care, from: from, until: until, as: program) == [])
        }
    }

    @Test func `Where two cover it is shown, and who began first is accountable`() async throws {
        try await withRegions { ledger in
            try await ledger.add(
                Coverage(region: "frl", coordinator: "z", from: Self.day("2026-01-01")), by: .desk)
            try await ledger.add(
                Coverage(
                    region: "frl", coordinator: "a", ages: 18..<24, from: Self.day("2026-02-01"),
                    until: Self.day("2026-03-01")),
                by: .desk)
            let overlaps = try await ledger.coverageOverlaps(
                from: Self.day("2026-01-15"), until: Self.day("2026-02-15"), as: program)
            #expect(
                overlaps == [
                    CoverageOverlap(
                        region: "frl", function: .care, coordinators: ["a", "z"], ages: 18..<24,
                        from: Self.day("2026-02-01"), until: Self.day("2026-02-15"))
                ])
            #expect(try await onDuty(ledger, "frl", 20, "2026-02-10") == "z")
        }
    }

    @Test func `Every case has one who is accountable, at any age and on any day: a coordinator, or else the desk`()
        async throws
    {
        try await CareScene.with { scene in
            let ledger = scene.ledger
            try await ledger.add(
                Coverage(region: "frl", coordinator: "c2", from: Self.day("2026-02-01")), by: .desk)
            let accountable = try await ledger.accountability(as: program)
            #expect(
                accountable.map { "\($0.victim) \($0.coordinator ?? "desk")" } == [
                    "foreign desk", "offered desk", "own c1", "ward desk",
                ])
            // The region of the request, wherever the victim is; and with the coverage its rights go to another.
            #expect(await scene.attempt(as: .coordinator, "SELECT id FROM victim") == .rows(1))
            let id = try #require(
                try await ledger.coverages(as: program).first { $0.coverage.coordinator == "c1" }?.id)
            try await ledger.end(coverage: id, on: Self.day("2026-03-02"), by: .desk)
            #expect(await scene.attempt(as: .coordinator, "SELECT id FROM victim") == .rows(0))
            #expect(await scene.attempt(as: Actor(role: .coordinator, id: "c2"), "SELECT id FROM victim") == .rows(1))
            await #expect(throws: LedgerError.self) {
                try await ledger.end(coverage: id, on: Self.day("2026-03-05"), by: .desk)
            }
        }
    }

    @Test func `The desk and the operator keep coverage, a coordinator only the own absence`() async throws {
        try await CareScene.with { scene in
            let coverage = Coverage(region: "dre", coordinator: "c1", from: Self.day("2026-01-01"))
            for actor in Actor.all {
                if [.desk, .admin].contains(actor.role) {
                    try await scene.ledger.add(
                        Coverage(region: "dre", coordinator: actor.id, from: Self.day("2026-01-01")), by: actor)
                } else {
                    await #expect(throws: LedgerError.self, "\(actor)") {
                        try await scene.ledger.add(coverage, by: actor)
                    }
                }
            }
            await #expect(throws: LedgerError.self) {
                try await scene.ledger.addAbsence(
                    of: "c2", from: Self.day("2026-03-01"), until: Self.day("2026-03-08"), by: .coordinator)
            }
        }
    }

    @Test(arguments: [1, 2, 3]) func `Whose cases a coordinator's are is the same, all reckoned at once or one by one`(
        seed: UInt64
    ) async throws {
        try await CareScene.with { scene in
            var random = Seeded(state: seed)
            func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
            for _ in 0..<40 {
                let (age, day) = (number(0...80), number(-60...30))
                // Now and then what is covered already.
                _ = try? await scene.admin.query(
                    """
                    INSERT INTO coverage (region, function, coordinator, ages, days, stand_in)
                    VALUES (\(number(0...1) == 0 ? "frl" : "dre"), \(["care", "outflow", "youth"][number(0...2)]),
                        \("c\(number(1...6))"), int4range(\(age)::integer, \(age + number(1...60))::integer),
                        daterange('2026-03-02'::date + \(day)::integer, '2026-03-02'::date + \(day + number(1...90))::integer),
                        \(number(0...2) == 0))
                    """)
            }
            for coordinator in 1...6 where coordinator % 2 == number(0...1) {
                try await scene.admin.query(
                    "INSERT INTO coordinator_absence VALUES (\("c\(coordinator)"), '[2026-02-28,2026-03-05)')")
            }
            try await scene.admin.execute(
                script: """
                    INSERT INTO victim SELECT 'n' || n, 'female', '2026-03-02'::date - n * 400, 2, 4, '2026-03-02'
                    FROM generate_series(1, 70) AS n;
                    INSERT INTO request (
                        id, together, urgency, known_from, needed_from, latest_start, stay_days, transfer_wanted, region, state)
                    SELECT 'n' || n, 'unit', 'urgent', '2026-02-20', '2026-02-20', '2026-04-20', 60, false,
                        CASE WHEN n % 3 = 0 THEN 'frl' WHEN n % 3 = 1 THEN 'dre' END, 'submitted'
                    FROM generate_series(1, 70) AS n;
                    INSERT INTO request_victim (request, victim) SELECT id, id FROM request WHERE id LIKE 'n%'
                    """)
            let row = try await scene.admin.query(
                """
                WITH one_by_one AS (
                    SELECT DISTINCT c.coordinator, c.victim::text FROM case_coordinator AS c WHERE c.coordinator IS NOT NULL
                ), at_once AS (
                    SELECT c.coordinator, d.victim
                    FROM (SELECT DISTINCT coordinator FROM coverage) AS c
                    CROSS JOIN LATERAL access.coordinated(c.coordinator, ledger_today()) AS d
                )
                SELECT (SELECT count(*) FROM one_by_one) AS cases,
                    (SELECT count(*) FROM (SELECT * FROM one_by_one EXCEPT SELECT * FROM at_once) AS x) AS missing,
                    (SELECT count(*) FROM (SELECT * FROM at_once EXCEPT SELECT * FROM one_by_one) AS x) AS added
                """
            ).one()
            #expect(try row["cases", as: Int.self] > 20)
            #expect(try row["missing"] == 0)
            #expect(try row["added"] == 0)
        }
    }
}
