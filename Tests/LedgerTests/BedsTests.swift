import CareChain
import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

@Suite struct BedsTests {
    private func report(
        _ kind: CapacityReport.Kind = .free, _ number: Int, key: String, from: Int = 0, observedAt: String? = nil,
        _ scene: FlowScene
    ) async throws -> ReportOutcome {
        let instant: Date? = try await scene.ledger.pool.query("SELECT \(observedAt as String?)::timestamptz AS at")
            .one()["at"]
        return try await scene.ledger.report(
            [
                CapacityReport(
                    unit: "open", kind: kind, number: number, from: FlowScene.day(from), reason: "count",
                    observedAt: instant, key: key)
            ], by: FlowScene.shelter(of: "open"))[0]
    }

    private func beds(_ scene: FlowScene) async throws -> UnitCapacity {
        try await scene.ledger.capacity(shelter: "s-open", as: FlowScene.desk)[0]
    }

    @Test func `A report counts, repeated or late it changes nothing`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("a")
            try await scene.place("a")
            let first = try await report(.free, 3, key: "1", scene)
            #expect(first.beds == 4)
            #expect(try await report(.free, 3, key: "1", scene) == first)
            let late = try await report(.free, 0, key: "0", observedAt: "2026-01-05 11:00+01", scene)
            #expect(late.late)
            #expect(try await beds(scene).beds == 4)
            #expect(try await beds(scene).taken == 1)
            let reused = await #expect(throws: LedgerError.self) { try await report(.free, 2, key: "1", scene) }
            #expect(reused == .refused(constraint: "capacity_report_same"))
            let broken = try await report(.outOfService, 1, key: "2", from: 3, scene)
            #expect(broken.beds == 3)
            let other = await #expect(throws: LedgerError.self) {
                try await scene.ledger.report(
                    [CapacityReport(unit: "far", kind: .beds, number: 9, from: FlowScene.day(0), reason: "", key: "3")],
                    by: FlowScene.shelter(of: "open"))
            }
            #expect(other == .refused(constraint: "capacity_report_source"))
        }
    }

    @Test func `Who came after the beds were counted has one of those that were free`() async throws {
        try await FlowScene.run { scene in
            for id in ["a", "b"] {
                try await scene.request(id)
                try await scene.place(id)
                try await scene.time("2026-01-05 14:00+01")
            }
            // At one o'clock the first was there, and the second was not yet.
            #expect(try await report(.free, 1, key: "1", observedAt: "2026-01-05 13:00+01", scene).beds == 2)
            #expect(try await report(.free, 1, key: "2", observedAt: "2026-01-05 14:00+01", scene).beds == 3)
        }
    }

    @Test
    func
        `That figures have become too old is told once for each time that they do, in the transaction that notices it`()
        async throws
    {
        try await FlowScene.run { scene in
            func told() async throws -> Int {
                try await scene.ledger.sweep()
                try await scene.ledger.sweep()
                return try await scene.ledger.pool.query(
                    "SELECT count(*) AS n FROM outbox WHERE kind = 'capacity-stale' AND subject = '{\"unit\": \"open\"}'"
                ).one()["n"]
            }
            try await scene.ledger.limitReports(of: "open", to: .hours(24), by: FlowScene.desk)
            _ = try await report(.free, 2, key: "0", scene)
            #expect(try await told() == 0)
            try await scene.time("2026-01-06 13:00+01")
            #expect(try await told() == 1)
            #expect(
                try await scene.ledger.events(after: 0, kinds: ["capacity-stale"], as: FlowScene.shelter(of: "open"))
                    .events.count == 1)
            #expect(
                try await scene.ledger.events(after: 0, kinds: ["capacity-stale"], as: FlowScene.shelter(of: "far"))
                    .events.isEmpty)
            // Fresh, and too old again before anybody looked.
            _ = try await report(.free, 2, key: "1", scene)
            try await scene.time("2026-01-07 14:00+01")
            #expect(try await told() == 2)
            // Another limit, under which they are not, and back.
            try await scene.ledger.limitReports(of: "open", to: .hours(72), by: FlowScene.desk)
            #expect(try await told() == 2)
            try await scene.ledger.limitReports(of: "open", to: .hours(24), by: FlowScene.desk)
            #expect(try await told() == 3)
            // A late report makes nothing fresh.
            _ = try await report(.free, 1, key: "2", observedAt: "2026-01-05 12:30+01", scene)
            #expect(try await told() == 3)
        }
    }

    @Test func `Fewer beds than people are recorded and shown, and nobody has to leave`() async throws {
        try await FlowScene.run { scene in
            for id in ["a", "b"] {
                try await scene.request(id)
                try await scene.place(id)
            }
            let outcome = try await report(.beds, 1, key: "1", from: 4, scene)
            #expect(outcome.excess == 1)
            #expect(try await beds(scene).excess == 1)
            #expect(try await scene.ledger.placements(as: FlowScene.desk).count == 2)
            let events: Int = try await scene.ledger.pool.query(
                "SELECT count(*) AS n FROM outbox WHERE kind = 'capacity-excess'"
            ).one()["n"]
            #expect(events == 1)
            try await scene.request("c")
            let full = await #expect(throws: LedgerError.self) { try await scene.place("c") }
            #expect(full?.rules == ["capacity"])
        }
    }

    @Test func `Figures that are too old are listed and marked, and plans count on nobody's leaving`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("a")
            try await scene.place("a")
            try await scene.ledger.limitReports(of: "open", to: .hours(24), by: FlowScene.desk)
            _ = try await report(.free, 1, key: "1", scene)
            try await scene.time("2026-01-06 11:00+01")
            #expect(try await scene.ledger.capacity(staleOnly: true, as: FlowScene.desk).isEmpty)
            try await scene.time("2026-01-06 13:00+01")
            #expect(try await scene.ledger.capacity(staleOnly: true, as: FlowScene.desk).map(\.unit) == ["open"])
            let instance = try await scene.ledger.instance(on: FlowScene.day(1), days: 40)
            let unit = try #require(instance.units.first { $0.id == "open" })
            #expect(unit.beds.steps.map(\.value) == [1, 0])
            #expect(unit.beds.steps.map(\.from) == [0, 29])
            try await scene.request("b", from: 1)
            let found = try await scene.ledger.find(for: .request("b"), over: nil, as: FlowScene.desk)
            let open = try #require(found.first { $0.unit == "open" })
            #expect(open.stale && open.isSuitable && open.free == 1)
            #expect(open.ageHours == 25)
            _ = try await report(.free, 1, key: "2", from: 1, scene)
            #expect(try await scene.ledger.capacity(staleOnly: true, as: FlowScene.desk).isEmpty)
        }
    }

    @Test func `A hold keeps a bed from others, is used by its request, and ends by itself`() async throws {
        try await FlowScene.run { scene in
            for id in ["a", "b", "c", "d"] { try await scene.request(id) }
            try await scene.place("a")
            let end = Date(timeIntervalSince1970: 1_767_700_800)  // 2026-01-06 13:00 in Amsterdam
            let days = FlowScene.day(0)..<FlowScene.day(30)
            _ = try await scene.ledger.hold(
                in: "open", over: days, for: "b", purpose: "intake", endsAt: end, by: FlowScene.desk)
            let over = await #expect(throws: LedgerError.self) {
                try await scene.ledger.hold(in: "open", over: days, purpose: "more", endsAt: end, by: FlowScene.desk)
            }
            #expect(over?.rules == ["capacity"])
            let kept = await #expect(throws: LedgerError.self) { try await scene.place("c") }
            #expect(kept?.rules == ["capacity"])
            let instance = try await scene.ledger.instance(on: Fixture.start, days: 40)
            // Of the request for which it is kept it is the bed, in a plan as well; of nobody else.
            #expect(instance.units.first { $0.id == "open" }?.beds.steps.map(\.value) == [2])
            #expect(
                instance.requests.first { $0.id == "b" }?.committed
                    == [CommittedStay(victim: "b-1", unit: "open", days: 0..<30)])
            #expect(instance.requests.first { $0.id == "c" }?.committed == nil)
            for (request, free) in [("b", 1), ("c", 0)] {
                let found = try await scene.ledger.find(
                    for: .request(RequestID(request)), over: nil, as: FlowScene.desk)
                #expect(found.first { $0.unit == "open" }?.free == free)
            }
            try await scene.place("b")
            #expect(try await scene.ledger.holds(as: FlowScene.desk).isEmpty)

            _ = try await scene.ledger.hold(
                2, in: "far", over: days, purpose: "visit", endsAt: end, by: FlowScene.shelter(of: "far"))
            let visit = await #expect(throws: LedgerError.self) { try await scene.place("c", "far") }
            #expect(visit?.rules == ["capacity"])
            try await scene.time("2026-01-06 13:00+01")
            try await scene.place("c", "far", from: 1)
            #expect(try await scene.ledger.sweep() >= 1)
        }
    }

    @Test func `A held bed that its request could not have for its whole stay is nobody's in a plan`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("a", from: 3)
            try await scene.request("b", sex: .male, stayDays: 60)
            try await scene.request("c", from: 0, latest: 2)
            try await scene.place("a", "single", from: 3, until: 33)
            let end = Date(timeIntervalSince1970: 1_768_000_000)
            func hold(_ unit: UnitID, _ request: RequestID, from: Int = 0) async throws {
                _ = try await scene.ledger.hold(
                    in: unit, over: FlowScene.day(from)..<FlowScene.day(9), for: request, purpose: "intake",
                    endsAt: end,
                    by: FlowScene.desk)
            }
            try await hold("single", "b")  // among women
            try await hold("open", "c", from: 5)  // too late
            let instance = try await scene.ledger.instance(on: Fixture.start, days: 90)
            #expect(instance.requests.filter { $0.id != "a" }.allSatisfy { !$0.isFixed })
            #expect(instance.units.first { $0.id == "single" }?.beds.steps.map(\.value) == [1, 2])
            #expect(instance.units.first { $0.id == "open" }?.beds.steps.map(\.value) == [2, 1, 2])
        }
    }

    @Test func `A planned action keeps beds and tells nobody why, in time for a group, and leaves nothing behind`()
        async throws
    {
        try await FlowScene.run { scene in
            let end = Date(timeIntervalSince1970: 1_769_000_000)
            let soon = FlowScene.day(9)..<FlowScene.day(12)
            let later = FlowScene.day(10)..<FlowScene.day(13)
            let group = [ActionNeed(bedType: .women, sex: .female, beds: 5)]
            let late = await #expect(throws: LedgerError.self) {
                try await scene.ledger.planAction(group, over: soon, endsAt: end, by: FlowScene.police)
            }
            #expect(late == .refused(constraint: "planned_action_notice"))
            let desk = await #expect(throws: LedgerError.self) {
                try await scene.ledger.planAction(group, over: later, endsAt: end, by: FlowScene.desk)
            }
            #expect(desk?.isRefusalOfStep == true)
            let action = try await scene.ledger.planAction(group, over: later, endsAt: end, by: FlowScene.police)
            // Nor by another day, or by saying that it was announced before; and in its last days its beds are fixed.
            for (sql, rule) in [
                ("UPDATE planned_action SET days = '[2026-01-14,2026-01-17)'", "planned_action_notice"),
                (
                    "UPDATE planned_action SET made_at = '2025-12-01', days = '[2026-01-14,2026-01-17)'",
                    "planned_action_notice"
                ),
                (
                    "UPDATE simulated_clock SET at = '2026-01-13 12:00+01'; UPDATE planned_action_need SET beds = 4",
                    "planned_action_fixed"
                ),
            ] {
                let error = await #expect(throws: PostgresError.self, "\(sql)") {
                    try await scene.ledger.pool.transaction(isolation: .readCommitted) {
                        try await $0.execute(script: "\(sql); SET CONSTRAINTS ALL IMMEDIATE")
                    }
                }
                #expect(error?.constraint == rule, "\(sql)")
            }
            // The desk has a count and nothing more; what its police see of the holds says nothing of why either.
            let seen = try await scene.ledger.holds(as: FlowScene.desk)
            #expect(seen.isEmpty)
            let holds = try await scene.ledger.holds(as: FlowScene.police)
            #expect(holds.map(\.beds).reduce(0, +) == 5)
            #expect(Set(holds.map(\.purpose)) == ["reserved"])
            #expect(Set(holds.map(\.owner)) == ["desk/reserved"])
            #expect(try await scene.ledger.embargoedBeds(as: FlowScene.desk) == 5)
            // In which units, the shelters see as held beds; the desk does not.
            let held = try #require(try await scene.ledger.actions(as: FlowScene.police).first { $0.id == action }).held
            let unit = try #require(held.keys.sorted().first)
            try await scene.time("2026-01-16 12:00+01")
            for (actor, beds) in [
                (FlowScene.desk, 0), (FlowScene.coordinator, 0), (FlowScene.shelter(of: unit), held[unit]),
                (FlowScene.police, held[unit]), (FlowScene.actor("police/other"), 0),
            ] {
                #expect(try await scene.ledger.capacity(of: UnitID(unit), as: actor).held == beds, "\(actor)")
            }
            try await scene.time("2026-01-05 12:00+01")
            #expect(try await scene.ledger.actions(as: FlowScene.actor("police/other")).isEmpty)
            let first = try #require(holds.first)
            await #expect(throws: LedgerError.self) { try await scene.ledger.release(first.id, by: FlowScene.desk) }
            let small = try await scene.ledger.planAction(
                [ActionNeed(bedType: .crisis, sex: .male, beds: 1)], over: FlowScene.day(1)..<FlowScene.day(2),
                endsAt: end,
                by: FlowScene.police)
            let many = await #expect(throws: LedgerError.self) {
                try await scene.ledger.planAction(
                    [ActionNeed(bedType: .crisis, sex: .male, beds: 3)], over: later, endsAt: end, by: FlowScene.police)
            }
            #expect(many?.description.contains("there are 2 free crisis beds") == true)

            await #expect(throws: LedgerError.self) {
                try await scene.ledger.liftAction(action, by: FlowScene.actor("police/other"))
            }
            try await scene.ledger.liftAction(action, by: FlowScene.police)
            #expect(try await scene.ledger.actions(as: FlowScene.police).map(\.id) == [small])
            try await scene.time("2026-01-22 12:00+01")
            try await scene.ledger.sweep()
            for table in ["planned_action", "planned_action_need", "planned_action_hold", "hold"] {
                let rows: Int = try await scene.ledger.pool.query("SELECT count(*) AS n FROM \(identifier: table)")
                    .one()["n"]
                #expect(rows == 0, "\(table)")
            }
        }
    }

    @Test func `At night an emergency bed is taken at once, is on the morning's list, and ends by itself`() async throws
    {
        try await FlowScene.run { scene in
            try await scene.request("a", urgency: .crisis)
            let noon = await #expect(throws: LedgerError.self) {
                try await scene.ledger.placeForTheNight(["a-1"], in: "night", nights: 2, as: "n", by: FlowScene.police)
            }
            #expect(noon == .refused(constraint: "night_placement_hours"))
            // After midnight it is still the night of the day before.
            try await scene.time("2026-01-06 02:00+01")
            let ordinary = await #expect(throws: LedgerError.self) {
                try await scene.ledger.placeForTheNight(["a-1"], in: "open", nights: 1, as: "n", by: FlowScene.police)
            }
            #expect(ordinary == .refused(constraint: "night_placement_bed"))
            try await scene.ledger.placeForTheNight(
                ["a-1"], in: "night", nights: 2, as: "n", by: FlowScene.police, key: "k")
            try await scene.ledger.placeForTheNight(
                ["a-1"], in: "night", nights: 2, as: "n", by: FlowScene.police, key: "k")
            let list = try await scene.ledger.nights(as: FlowScene.desk)
            #expect(list.map(\.request) == ["n"])
            #expect(list.map(\.from) == [FlowScene.day(0)])
            #expect(list.map(\.until) == [FlowScene.day(2)])

            // The request for a lasting place goes on beside it, and its bed is not there for a plan.
            #expect(try await scene.state("a") == .submitted)
            let instance = try await scene.ledger.instance(on: FlowScene.day(1), days: 40)
            #expect(instance.requests.map(\.id) == ["a"])
            #expect(instance.requests[0].neededFrom == 1)
            #expect(instance.units.first { $0.id == "night" }?.beds.steps.map(\.value) == [1, 2])

            try await scene.time("2026-01-06 13:00+01")
            #expect(try await scene.ledger.overdue(as: FlowScene.desk).map(\.task) == ["night-confirmation", "place"])
            try await scene.ledger.confirmNight("n", by: FlowScene.desk)
            #expect(try await scene.ledger.nights(as: FlowScene.desk).isEmpty)
            try await scene.time("2026-01-07 09:00+01")
            try await scene.ledger.sweep()
            #expect(try await scene.state("n") == .ended)
            #expect(try await scene.ledger.request("n", as: FlowScene.desk).steps.last?.reason == "nights-over")
        }
    }
}
