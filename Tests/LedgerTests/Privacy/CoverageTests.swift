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
                Coverage(region: "frl", coordinator: "a", ages: 18..<151, from: Self.day("2026-01-01")), as: program)
            try await ledger.add(
                Coverage(
                    region: "frl", coordinator: "b", ages: 0..<18, from: Self.day("2026-02-01"),
                    until: Self.day("2026-03-01")),
                as: program)
            try await ledger.addAbsence(
                of: "a", from: Self.day("2026-02-10"), until: Self.day("2026-02-12"), as: program)
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
                as: program)
            for region in ["frl", "dre"] {
                try await ledger.add(
                    Coverage(region: RegionID(region), coordinator: "n", from: Self.day("2026-01-01"), standIn: true),
                    as: program)
            }
            try await ledger.addAbsence(
                of: "a", from: Self.day("2026-03-01"), until: Self.day("2026-03-08"),
                as: .actor(Actor(role: .coordinator, id: "a")))
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
                Coverage(region: "frl", coordinator: "z", from: Self.day("2026-01-01")), as: program)
            try await ledger.add(
                Coverage(
                    region: "frl", coordinator: "a", ages: 18..<24, from: Self.day("2026-02-01"),
                    until: Self.day("2026-03-01")),
                as: program)
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
                Coverage(region: "frl", coordinator: "c2", from: Self.day("2026-02-01")), as: program)
            let accountable = try await ledger.accountability(as: program)
            #expect(
                accountable.map { "\($0.victim) \($0.coordinator ?? "desk")" } == [
                    "foreign desk", "offered desk", "own c1", "ward desk",
                ])
            // The region of the request, wherever the victim is; and with the coverage its rights go to another.
            #expect(await scene.attempt(as: .coordinator, "SELECT id FROM victim") == .rows(1))
            let id = try #require(
                try await ledger.coverages(as: program).first { $0.coverage.coordinator == "c1" }?.id)
            try await ledger.end(coverage: id, on: Self.day("2026-03-02"), as: .actor(.desk))
            #expect(await scene.attempt(as: .coordinator, "SELECT id FROM victim") == .rows(0))
            #expect(await scene.attempt(as: Actor(role: .coordinator, id: "c2"), "SELECT id FROM victim") == .rows(1))
            await #expect(throws: LedgerError.self) {
                try await ledger.end(coverage: id, on: Self.day("2026-03-05"), as: .actor(.desk))
            }
        }
    }

    @Test func `The desk and the operator keep coverage, a coordinator only the own absence`() async throws {
        try await CareScene.with { scene in
            let coverage = Coverage(region: "dre", coordinator: "c1", from: Self.day("2026-01-01"))
            for actor in Actor.all {
                if [.desk, .admin].contains(actor.role) {
                    try await scene.ledger.add(
                        Coverage(region: "dre", coordinator: actor.id, from: Self.day("2026-01-01")), as: .actor(actor))
                } else {
                    await #expect(throws: LedgerError.self, "\(actor)") {
                        try await scene.ledger.add(coverage, as: .actor(actor))
                    }
                }
            }
            await #expect(throws: LedgerError.self) {
                try await scene.ledger.addAbsence(
                    of: "c2", from: Self.day("2026-03-01"), until: Self.day("2026-03-08"), as: .actor(.coordinator))
            }
        }
    }
}
