import CareChain
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Ledger

@Suite struct StatementTests {
    private static let desk = FlowScene.desk

    // Seed 14's stays to come are over the beds of a unit, and not taken in.
    @Test(arguments: Array(UInt64(1)...30).filter { $0 != 14 })
    func `A statement is what the rule of payers gives for where people were`(
        seed: UInt64
    ) async throws {
        var random = RandomInstance(seed: seed)
        // Nor are those that mix sexes where that may not be.
        let text = String(decoding: try random.instance().json(), as: UTF8.self)
            .replacing(#""single-sex""#, with: #""any""#)
        let instance = try Instance(json: Array(text.utf8))
        let (start, days) = (instance.horizon.start, instance.horizon.days)
        // Where the clock can stand.
        guard (1990...2100).contains(start.year) else { return }
        try await withLedger(holding: instance) { ledger in
            let end = start.adding(days: days)
            let noon: Date = try await ledger.pool.query("SELECT \(end)::date + time '12:00' AT TIME ZONE 'UTC' AS at")
                .one()[0]
            try await ledger.stand(at: noon)
            let stays = try await ledger.pool.query(
                """
                SELECT request, victim, unit, greatest(0, lower(days) - \(start)::date) AS first,
                    least(\(days), upper(days) - \(start)::date) AS last FROM stay ORDER BY victim, days
                """
            ).map { row in
                let (first, last): (Int, Int) = (try row["first"], try row["last"])
                return Stay(
                    request: RequestID(try row["request"]), victim: VictimID(try row["victim"]),
                    unit: UnitID(try row["unit"]), from: Day(first), until: Day(last))
            }.filter { $0.from < $0.until }
            var payers: [VictimID: [Range<Day>: FunderID?]] = [:]
            for period in FundingRule.payments(of: stays, in: instance).periods {
                payers[period.victim, default: [:]][period.from..<period.until] = period.funder
            }
            var expected: [String: (days: Int, cents: Int)] = [:]
            for stay in stays {
                let cost = try #require(instance.units.first { $0.id == stay.unit }).dailyCost.amount
                for day in stay.from..<stay.until {
                    let payer = try #require(payers[stay.victim]?.first { $0.key.contains(day) }).value
                    let key = "\(Month(of: instance.horizon.date(of: day))) \(payer?.text ?? "nobody")"
                    expected[key, default: (0, 0)].days += 1
                    expected[key, default: (0, 0)].cents += cost
                }
            }
            let lines = try await ledger.statement(over: Month(of: start)...Month(of: end), as: Self.desk)
            var found: [String: (days: Int, cents: Int)] = [:]
            for line in lines { found["\(line.month) \(line.funder ?? "nobody")"] = (line.days, line.cents) }
            #expect(found.count == lines.count)
            #expect(found.mapValues(\.days) == expected.mapValues(\.days))
            #expect(found.mapValues(\.cents) == expected.mapValues(\.cents))
        }
    }

    /// Two funders, the first for at most ten days per victim, and somebody placed on 5 January.
    private func withPlaced(_ body: (FlowScene) async throws -> Void) async throws {
        try await FlowScene.run { scene in
            try await scene.ledger.pool.query(
                """
                INSERT INTO funder VALUES
                    ('state', 0, 'State', '{reflection}', NULL, true, true, NULL, NULL, '2026-01-01', NULL, 10, NULL),
                    ('town', 1, 'Town', '{permit}', NULL, true, true, NULL, NULL, '2026-01-01', NULL, NULL, NULL)
                """)
            try await scene.request("a", stayDays: 60)
            try await scene.place("a", until: 60)
            try await body(scene)
        }
    }

    private func lines(
        _ scene: FlowScene, _ from: String, _ until: String, funder: FunderID? = nil, as actor: Actor = desk
    ) async throws -> [String] {
        let months = try #require(Month(from))...(try #require(Month(until)))
        return try await scene.ledger.statement(over: months, funder: funder, as: actor).map {
            "\($0.month) \($0.funder ?? "nobody") \($0.days) \($0.cents)"
        }
    }

    @Test func `It counts days that are over, also those long after the place was agreed on`() async throws {
        try await withPlaced { scene in
            #expect(try await lines(scene, "2026-01", "2026-03").isEmpty)
            try await scene.time("2026-01-08 12:00+01")
            #expect(try await lines(scene, "2026-01", "2026-03") == ["2026-01 state 3 30000"])
            try await scene.time("2026-02-20 12:00+01")
            #expect(
                try await lines(scene, "2026-01", "2026-03") == [
                    "2026-01 state 10 100000", "2026-01 nobody 17 170000", "2026-02 nobody 19 190000",
                ])
            // What becomes known later counts from when it holds.
            try await scene.ledger.pool.query("INSERT INTO victim_phase VALUES ('a-1', '2026-02-10', 'permit')")
            #expect(
                try await lines(scene, "2026-02", "2026-02") == [
                    "2026-02 town 10 100000", "2026-02 nobody 9 90000",
                ])
        }
    }

    @Test func `It follows ends and moves as they were`() async throws {
        try await withPlaced { scene in
            try await scene.ledger.pool.query("UPDATE unit SET daily_cost_cents = 20000 WHERE id = 'far'")
            try await scene.time("2026-01-09 12:00+01")
            let offer = try await scene.ledger.offerMove(
                of: "a", to: "far", on: FlowScene.day(6), reason: "safety", by: FlowScene.desk)
            _ = try await scene.ledger.approve(offer.offer, by: FlowScene.shelter(of: "far"))
            try await scene.time("2026-01-11 12:00+01")
            try await scene.handOver("a")
            try await scene.time("2026-01-14 12:00+01")
            // Six days in the one, three in the other.
            #expect(try await lines(scene, "2026-01", "2026-01") == ["2026-01 state 9 120000"])
            try await scene.ledger.end("a", on: FlowScene.day(8), reason: "left", by: FlowScene.desk)
            try await scene.time("2026-02-14 12:00+01")
            #expect(try await lines(scene, "2026-01", "2026-02") == ["2026-01 state 8 100000"])
        }
    }

    @Test func `A funder reads its own lines, the desk all, who governs what is of five and more, others nothing`()
        async throws
    {
        try await withPlaced { scene in
            try await scene.time("2026-02-02 12:00+01")
            let (state, governor) = (FlowScene.actor("funder/state"), FlowScene.actor("governor/board"))
            #expect(try await lines(scene, "2026-01", "2026-01", as: state) == ["2026-01 state 10 100000"])
            #expect(try await lines(scene, "2026-01", "2026-01", as: FlowScene.actor("funder/town")).isEmpty)
            #expect(try await lines(scene, "2026-01", "2026-01", funder: "state") == ["2026-01 state 10 100000"])
            await #expect(throws: LedgerError.self) {
                try await lines(scene, "2026-01", "2026-01", funder: "state", as: FlowScene.actor("funder/town"))
            }
            for actor in [FlowScene.coordinator, FlowScene.police, FlowScene.guardian, FlowScene.shelter(of: "open")] {
                await #expect(throws: LedgerError.self, "\(actor)") {
                    try await lines(scene, "2026-01", "2026-01", as: actor)
                }
            }
            #expect(try await lines(scene, "2026-01", "2026-01", as: governor).isEmpty)
            try await scene.ledger.pool.withConnection { connection in
                try await connection.execute(
                    script: """
                        SET session_replication_role = replica;
                        INSERT INTO victim SELECT 'x' || n, 'female', '1990-01-01', 1, 4, '2026-01-05' FROM generate_series(1, 4) AS n;
                        INSERT INTO victim_phase SELECT 'x' || n, '2026-01-05', 'reflection' FROM generate_series(1, 4) AS n;
                        INSERT INTO stay (request, victim, unit, days, moves_made, arrived)
                        SELECT 'x' || n, 'x' || n, 'far', '[2026-01-05,2026-01-08)', 0, true FROM generate_series(1, 4) AS n;
                        SET session_replication_role = origin
                        """)
            }
            // Ten days and four times three, of five; nobody's days are one victim's.
            #expect(try await lines(scene, "2026-01", "2026-02", as: governor) == ["2026-01 state 20 200000"])
        }
    }

    @Test func `Months are read and written as YYYY-MM and follow each other`() throws {
        let december = try #require(Month("2025-12"))
        #expect(december.next.description == "2026-01")
        #expect(december.days.lowerBound.days(to: december.days.upperBound) == 31)
        #expect(Month("2024-02")?.days.upperBound == Fixture.calendarDate("2024-03-01"))
        for text in ["2026-13", "2026-1", "2026-01-01", "", "abcd-ef"] { #expect(Month(text) == nil, "\(text)") }
    }
}
