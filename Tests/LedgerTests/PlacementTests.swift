import CareChain
import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

@Suite struct PlacementTests {
    @Test func `Who comes is placed, who leaves frees the bed, and both are on record`() async throws {
        try await FlowScene.run { scene in
            for id in ["a", "b", "c"] { try await scene.request(id) }
            try await scene.place("a")
            try await scene.place("b")
            let full = await #expect(throws: LedgerError.self) { try await scene.place("c") }
            #expect(full?.rules == ["capacity"])
            #expect(full?.isRefusalOfStep == true)
            // One of two leaves after ten days; the bed is free from that day on and not before.
            try await scene.time("2026-01-10 12:00+01")
            try await scene.ledger.end(
                "a", on: FlowScene.day(10), reason: "house", by: FlowScene.shelter(of: "open"))
            #expect(try await scene.state("a") == .placed)
            let early = await #expect(throws: LedgerError.self) { try await scene.place("c", from: 9) }
            #expect(early?.rules == ["capacity"])
            try await scene.place("c", from: 10)
            try await scene.time("2026-01-15 12:00+01")
            try await scene.ledger.end("a", on: FlowScene.day(10), reason: "house", by: FlowScene.coordinator)
            let record = try await scene.ledger.request("a", as: FlowScene.desk)
            #expect(record.summary.state == .ended)
            #expect(record.steps.map(\.to) == [.draft, .submitted, .offered, .accepted, .placed, .ended])
            #expect(record.steps.last?.reason == "house")
            #expect(record.stays.map(\.until) == [FlowScene.day(10)])
        }
    }

    @Test func `A victim who has left can come back in another request, and is in one at a time`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("a")
            let again = NewRequest(
                id: "b", victims: ["a-1"], urgency: .planned, neededFrom: FlowScene.day(0),
                latestStart: FlowScene.day(9),
                stayDays: 5)
            let twice = await #expect(throws: LedgerError.self) {
                try await scene.ledger.add(again, by: FlowScene.desk)
            }
            #expect(twice == .refused(constraint: "request_victim_once"))
            try await scene.ledger.withdraw("a", reason: "own-solution", by: FlowScene.coordinator)
            #expect(try await scene.ledger.add(again, by: FlowScene.desk) == .submitted)
        }
    }

    @Test func `An agreement is broken before anybody came, and a request withdrawn lets go of everything`()
        async throws
    {
        try await FlowScene.run { scene in
            try await scene.request("a")
            try await scene.place("a", from: 3, until: 33)
            try await scene.ledger.breakAgreement("a", reason: "no-show", by: FlowScene.shelter(of: "open"))
            #expect(try await scene.state("a") == .submitted)
            #expect(try await scene.ledger.placements(as: FlowScene.desk).isEmpty)
            try await scene.place("a", from: 3, until: 33)
            _ = try await scene.ledger.hold(
                in: "far", over: FlowScene.day(3)..<FlowScene.day(9), for: "a", purpose: "later",
                endsAt: Date(timeIntervalSince1970: 1_800_000_000), by: FlowScene.desk)
            try await scene.ledger.withdraw("a", reason: "left", by: FlowScene.coordinator)
            #expect(try await scene.ledger.placements(as: FlowScene.desk).isEmpty)
            #expect(try await scene.ledger.holds(as: FlowScene.desk).isEmpty)
            #expect(
                try await scene.ledger.offers(openOnly: false, as: FlowScene.desk).map(\.state) == [
                    .cancelled, .cancelled,
                ])
        }
    }

    @Test func `Without word to the contrary, who was expected yesterday has come`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("a")
            try await scene.place("a", from: 1, until: 31)
            try await scene.time("2026-01-06 23:00+01")
            try await scene.ledger.sweep()
            #expect(try await scene.state("a") == .accepted)
            try await scene.time("2026-01-07 01:00+01")
            try await scene.ledger.sweep()
            #expect(try await scene.state("a") == .placed)
        }
    }

    @Test func `A move is agreed on like a place, and complete when its checklist is`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("a")
            try await scene.place("a")
            let move = try await scene.ledger.offerMove(
                of: "a", to: "far", on: FlowScene.day(10), reason: "safety", by: FlowScene.coordinator)
            _ = try await scene.ledger.approve(move.offer, by: FlowScene.shelter(of: "far"))
            #expect(
                try await scene.ledger.placements(as: FlowScene.desk).map {
                    [$0.unit, "\($0.from)", "\($0.until)", "\($0.movesMade)"]
                }
                    == [["open", "2026-01-05", "2026-02-04", "0"]])

            // Until the handover the old bed is not free, also past the agreed day, and the new one is kept.
            try await scene.time("2026-01-16 12:00+01")
            #expect(try await scene.ledger.overdue(as: FlowScene.desk).map(\.task) == ["handover"])
            let beds = try await scene.ledger.capacity(as: FlowScene.desk)
            #expect(beds.first { $0.unit == "open" }?.taken == 1)
            #expect(beds.first { $0.unit == "far" }.map { [$0.taken, $0.held] } == [0, 1])
            let waiting = try await scene.ledger.instance(on: FlowScene.day(11), days: 30)
            #expect(
                waiting.requests.first?.current == [CurrentStay(victim: "a-1", unit: "open", days: 11, movesMade: 0)])
            #expect(waiting.requests.first?.locked == true)
            #expect(waiting.units.first { $0.id == "far" }?.beds.steps.map(\.value) == [1, 2])
            let hold = try #require(try await scene.ledger.holds(as: FlowScene.desk).first)
            await #expect(throws: LedgerError.self) { try await scene.ledger.release(hold.id, by: FlowScene.desk) }
            // The receiving shelter prepares: it is placed there for it, and may hand over.
            #expect(
                try await scene.ledger.overdue(as: FlowScene.shelter(of: "far")).map(\.task) == ["handover"])
            let incomplete = await #expect(throws: PostgresError.self) {
                try await scene.ledger.pool.query(
                    """
                    INSERT INTO stay (request, victim, unit, days, moves_made, arrived, offer)
                    SELECT 'a', 'a-1', 'far', '[2026-02-04,2026-02-06)', 1, false, max(id) FROM offer
                    """)
            }
            #expect(incomplete?.constraint == "stay_handover")
            var items = HandoverItems()
            items.dossierSent = true
            items.medication = true
            let missing = try await scene.ledger.handOver("a", items, by: FlowScene.shelter(of: "open"))
            #expect(
                missing == [.dossierReceived, .transportFrom, .transportTo, .transportAt, .transportBy])
            items = HandoverItems()
            items.dossierReceived = true
            items.transportFrom = "north"
            items.transportTo = "south"
            items.transportAt = Date(timeIntervalSince1970: 1_768_474_800)
            items.transportBy = "taxi"
            #expect(try await scene.ledger.handOver("a", items, by: FlowScene.shelter(of: "far")).isEmpty)
            #expect(
                try await scene.ledger.placements(as: FlowScene.desk).map { [$0.unit, "\($0.from)", "\($0.until)"] }
                    == [["far", "2026-01-16", "2026-02-04"]])
            #expect(try await scene.ledger.placements(as: FlowScene.desk).map(\.arrived) == [true])
            #expect(
                try await scene.ledger.request("a", as: FlowScene.desk).stays.map(\.until).first == FlowScene.day(11))
            #expect(try await scene.ledger.holds(as: FlowScene.desk).isEmpty)
            #expect(try await scene.ledger.overdue(as: FlowScene.desk).isEmpty)
            // From where somebody has moved on, nothing is done about them any more.
            let left = await #expect(throws: LedgerError.self) {
                try await scene.ledger.end(
                    "a", on: FlowScene.day(12), reason: "gone", by: FlowScene.shelter(of: "open"))
            }
            #expect(left?.rules == ["not-own-case"])

            // It was moved as often as a placement may be.
            let again = await #expect(throws: LedgerError.self) {
                try await scene.ledger.offerMove(
                    of: "a", to: "open", on: FlowScene.day(25), reason: "back", by: FlowScene.coordinator)
            }
            #expect(again?.rules == ["legs"])
        }
    }

    @Test func `Who leaves between the agreement and the handover is not moved`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("a", victims: 2)
            try await scene.place("a", victims: 2)
            let move = try await scene.ledger.offerMove(
                of: "a", to: "far", on: FlowScene.day(8), reason: "safety", by: FlowScene.coordinator)
            _ = try await scene.ledger.approve(move.offer, by: FlowScene.shelter(of: "far"))
            try await scene.time("2026-01-08 12:00+01")
            try await scene.ledger.end(
                "a", victim: "a-2", on: FlowScene.day(8), reason: "house", by: FlowScene.coordinator)
            var items = HandoverItems()
            items.dossierSent = true
            items.dossierReceived = true
            items.medication = true
            items.transportFrom = "north"
            items.transportTo = "south"
            items.transportAt = Date(timeIntervalSince1970: 1_768_300_000)
            items.transportBy = "taxi"
            // Complete before its day: the move is made on it.
            #expect(try await scene.ledger.handOver("a", items, by: FlowScene.coordinator).isEmpty)
            #expect(
                try await scene.ledger.placements(as: FlowScene.desk).map { "\($0.victim) \($0.unit) \($0.from)" }
                    == ["a-1 open 2026-01-05", "a-1 far 2026-01-13", "a-2 open 2026-01-05"])
            let instance = try await scene.ledger.instance(on: FlowScene.day(8), days: 30)
            #expect(
                instance.requests.first?.current == [CurrentStay(victim: "a-1", unit: "far", days: 0, movesMade: 1)])
        }
    }

    @Test func `A hold of the police keeps somebody where they are until its day, unless it is overridden`()
        async throws
    {
        try await FlowScene.run { scene in
            try await scene.request("a")
            try await scene.place("a")
            // It is to be a case of theirs.
            await #expect(throws: LedgerError.self) {
                try await scene.ledger.holdMoves(
                    of: "a", until: FlowScene.day(12), reason: "hearing", by: FlowScene.police)
            }
            try await scene.policeCase("a-1")
            _ = try await scene.ledger.holdMoves(
                of: "a", until: FlowScene.day(12), reason: "hearing", by: FlowScene.police)
            let held = await #expect(throws: LedgerError.self) {
                try await scene.ledger.offerMove(
                    of: "a", to: "far", on: FlowScene.day(11), reason: "safety", by: FlowScene.coordinator)
            }
            #expect(held?.rules == ["hold"])
            #expect(try await scene.ledger.instance(on: Fixture.start, days: 30).requests[0].noMoveBefore == 12)
            let move = try await scene.ledger.offerMove(
                of: "a", to: "far", on: FlowScene.day(12), reason: "safety", by: FlowScene.coordinator)
            #expect(move.missing.map(\.subject) == ["s-far"])

            // Who made a hold lifts it, and the desk what is not the police's.
            for other in [FlowScene.desk, FlowScene.coordinator, FlowScene.actor("police/other")] {
                let refused = await #expect(throws: LedgerError.self) {
                    try await scene.ledger.liftMoveHolds(of: "a", by: other)
                }
                #expect(refused?.isRefusalOfStep == true)
            }
            #expect(try await scene.ledger.liftMoveHolds(of: "a", by: FlowScene.police) == 1)
            #expect(try await scene.ledger.instance(on: Fixture.start, days: 30).requests[0].noMoveBefore == 0)
            _ = try await scene.ledger.holdMoves(
                of: "a", until: FlowScene.day(12), reason: "school", by: FlowScene.coordinator)
            #expect(try await scene.ledger.liftMoveHolds(of: "a", by: FlowScene.desk) == 1)
        }
    }

    @Test
    func `An agreed move that the guards would refuse is refused at once, and one that is given up changes nothing`()
        async throws
    {
        try await FlowScene.run { scene in
            try await scene.request("a")
            try await scene.request("b", sex: .male)
            try await scene.place("a")
            try await scene.place("b", "single")
            let mixed = try await scene.ledger.offerMove(
                of: "a", to: "single", on: FlowScene.day(10), reason: "safety", by: FlowScene.coordinator)
            let error = await #expect(throws: LedgerError.self) {
                try await scene.ledger.approve(mixed.offer, by: FlowScene.shelter(of: "single"))
            }
            #expect(error?.rules == ["mixing"])
            let move = try await scene.ledger.offerMove(
                of: "a", to: "far", on: FlowScene.day(10), reason: "safety", by: FlowScene.coordinator)
            _ = try await scene.ledger.approve(move.offer, by: FlowScene.shelter(of: "far"))
            try await scene.ledger.cancelTransfer(of: "a", by: FlowScene.coordinator)
            #expect(try await scene.ledger.holds(as: FlowScene.desk).isEmpty)
            #expect(
                try await scene.ledger.offers(openOnly: false, as: FlowScene.desk).filter { $0.kind == "transfer" }
                    .allSatisfy { $0.state == .cancelled })
            let nothing = await #expect(throws: LedgerError.self) {
                try await scene.ledger.cancelTransfer(of: "a", by: FlowScene.coordinator)
            }
            #expect(nothing?.isRefusalOfStep == true)
        }
    }

    @Test func `Bed-days that are blocked are counted by their cause`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("a", victims: 2)
            try await scene.place("a", victims: 2)
            var steps = OutflowSteps()
            steps.readySince = FlowScene.day(0)
            steps.blockedBy = "no-pass"
            try await scene.ledger.recordOutflow(of: "a", steps, by: FlowScene.coordinator)
            try await scene.time("2026-01-09 12:00+01")
            steps = OutflowSteps()
            steps.passReceived = FlowScene.day(4)
            steps.blockedBy = "no-house"
            try await scene.ledger.recordOutflow(of: "a", steps, by: FlowScene.coordinator)
            try await scene.time("2026-01-12 12:00+01")
            let blocked = try await scene.ledger.blockedBedDays(as: FlowScene.desk)
            #expect(blocked.map(\.cause) == ["no-pass", "no-house"])
            #expect(blocked.map(\.bedDays) == [8, 6])
        }
    }
}
