import CareChain
import Foundation
import Ledger
import TestSupport
import Testing

@Suite struct PageTests {
    /// Walks through a list page by page.
    private func walk<Element>(
        limit: Int, _ list: (PageRequest) async throws -> Page<Element>
    ) async throws -> [Element] {
        var elements: [Element] = []
        var request = PageRequest(limit: limit)
        while true {
            let page = try await list(request)
            #expect(page.elements.count <= limit)
            elements += page.elements
            guard let next = page.next else { return elements }
            // As a client does: by its text.
            request.after = PageCursor(next.description)
            #expect(request.after == next)
        }
    }

    @Test func `Every list read page by page is the list read at once`() async throws {
        try await FlowScene.run { scene in
            let (ledger, desk) = (scene.ledger, FlowScene.desk)
            let urgencies: [Urgency] = [.planned, .crisis, .urgent]
            for number in 0..<7 {
                try await scene.request("q\(number)", from: number < 5 ? 0 : number % 3, urgency: urgencies[number % 3])
            }
            for (id, unit) in [("q0", "open"), ("q1", "open"), ("q2", "far")] { try await scene.place(id, unit) }
            for id in ["q3", "q4"] { _ = try await scene.offer(id, "far") }
            for day in 1...3 {
                _ = try await ledger.hold(
                    in: "cosm", over: FlowScene.day(day * 10)..<FlowScene.day(day * 10 + 5), purpose: "intake",
                    endsAt: Date(timeIntervalSince1970: 1_800_000_000), by: desk)
                _ = try await ledger.planAction(
                    [ActionNeed(bedType: .women, sex: .female, beds: 1)],
                    over: FlowScene.day(30 + day * 5)..<FlowScene.day(32 + day * 5),
                    endsAt: Date(timeIntervalSince1970: 1_800_000_000), by: FlowScene.police)
            }
            _ = try await ledger.wantTransfer(of: "q0", reason: "safety", by: desk)
            for limit in [1, 2, 3] {
                #expect(
                    try await walk(limit: limit) { try await ledger.requests(RequestFilter(), $0, as: desk) }
                        == (try await ledger.requests(as: desk)))
                #expect(
                    try await walk(limit: limit) { try await ledger.offers(OfferFilter(openOnly: false), $0, as: desk) }
                        == (try await ledger.offers(openOnly: false, as: desk)))
                #expect(
                    try await walk(limit: limit) { try await ledger.placements(StayFilter(), $0, as: desk) }
                        == (try await ledger.placements(as: desk)))
                #expect(
                    try await walk(limit: limit) { try await ledger.holds(HoldFilter(), $0, as: desk) }
                        == (try await ledger.holds(as: desk)))
                #expect(
                    try await walk(limit: limit) { try await ledger.actions($0, as: FlowScene.police) }
                        == (try await ledger.actions(as: FlowScene.police)))
                #expect(
                    try await walk(limit: limit) { try await ledger.capacity(CapacityFilter(), $0, as: desk) }
                        == (try await ledger.capacity(as: desk)))
                #expect(try await walk(limit: limit) { try await ledger.units(UnitFilter(), $0, as: desk) }.count == 11)
                #expect(try await walk(limit: limit) { try await ledger.shelters($0, as: desk) }.count == 11)
                #expect(try await walk(limit: limit) { try await ledger.transfers($0, as: desk) }.count == 1)
            }
            let auditor = FlowScene.actor("auditor/fg")
            let trail = try await walk(limit: 50) {
                try await ledger.audit(AuditFilter(request: "q0"), $0, as: .actor(auditor))
            }
            #expect(!trail.isEmpty)
            #expect(trail.map(\.number) == trail.map(\.number).sorted(by: >))
        }
    }

    @Test func `The night's list pages in the order of making`() async throws {
        try await FlowScene.run { scene in
            try await scene.time("2026-01-05 22:00+01")
            for number in 1...2 {
                try await scene.request("n\(number)")
                try await scene.ledger.placeForTheNight(
                    [VictimID("n\(number)-1")], in: "night", nights: 1, as: RequestID("night\(number)"),
                    by: FlowScene.police)
            }
            let nights = try await walk(limit: 1) {
                try await scene.ledger.nights(unconfirmedOnly: true, $0, as: FlowScene.desk)
            }
            #expect(nights.map(\.request) == ["night1", "night2"])
        }
    }

    @Test func `Who covers what pages by region, and alarms from the newest`() async throws {
        try await FlowScene.run { scene in
            let (ledger, operated) = (scene.ledger, Acting.actor(FlowScene.actor("admin/ops")))
            for (coordinator, function, standIn) in [
                ("s", CoverageFunction.care, true), ("c", .care, false), ("c", .youth, false),
            ] {
                try await ledger.add(
                    Coverage(
                        region: "north", function: function, coordinator: coordinator, from: FlowScene.day(0),
                        standIn: standIn),
                    by: FlowScene.desk)
            }
            let coverages = try await ledger.coverages(as: operated)
            #expect(coverages.count > 2)
            let paged = try await walk(limit: 1) { try await ledger.coverages(CoverageFilter(), $0, as: operated) }
            #expect(paged == coverages)

            try await scene.request("q")
            for category in [DataCategory.health, .identity] {
                _ = try await ledger.breakGlass(
                    "q-1", [category], hours: 1, reason: "found unconscious", as: FlowScene.desk)
            }
            let auditor = Acting.actor(FlowScene.actor("auditor/fg"))
            let alarms = try await walk(limit: 1) { try await ledger.alarms(openOnly: false, $0, as: auditor) }
            #expect(alarms.count == 2)
            #expect(alarms == (try await ledger.alarms(openOnly: false, as: auditor)))
        }
    }

    @Test func `Filters narrow a list, and what changes meanwhile neither repeats nor hides the rest`() async throws {
        try await FlowScene.run { scene in
            let (ledger, desk) = (scene.ledger, FlowScene.desk)
            for number in 0..<4 { try await scene.request("q\(number)") }
            try await scene.request("x", urgency: .planned)
            let first = try await ledger.requests(RequestFilter(urgency: .urgent), PageRequest(limit: 2), as: desk)
            #expect(first.elements.map(\.id) == ["q0", "q1"])
            try await ledger.withdraw("q1", reason: "own-solution", by: FlowScene.coordinator)
            let second = try await ledger.requests(
                RequestFilter(urgency: .urgent), PageRequest(after: first.next, limit: 2), as: desk)
            #expect(second.elements.map(\.id) == ["q2", "q3"])
            #expect(second.next == nil)
            #expect(try await ledger.requests(RequestFilter(region: "south"), .all, as: desk).elements.isEmpty)
            #expect(
                try await ledger.requests(RequestFilter(victim: "q2-1"), .all, as: desk).elements.map(\.id) == ["q2"])
            try await scene.place("q2", "far")
            #expect(
                try await ledger.placements(StayFilter(shelter: "s-far"), .all, as: desk).elements.map(\.request)
                    == ["q2"])
            #expect(try await ledger.units(UnitFilter(region: "south"), .all, as: desk).elements.map(\.id) == ["far"])
        }
    }

    @Test func `A cursor that is none, or of another list, is refused`() async throws {
        try await FlowScene.run { scene in
            #expect(PageCursor("not a cursor") == nil)
            #expect(PageCursor("") == nil)
            for number in 0..<2 { try await scene.request("q\(number)") }
            let page = try await scene.ledger.requests(RequestFilter(), PageRequest(limit: 1), as: FlowScene.desk)
            await #expect(throws: LedgerError.self) {
                try await scene.ledger.offers(OfferFilter(), PageRequest(after: page.next), as: FlowScene.desk)
            }
            for keys in [["requests", "x", "2026-01-01", "a"], ["requests", "1", "never", "a"], ["requests", "1"]] {
                let text = try JSONEncoder().encode(keys).base64EncodedString()
                let cursor = try #require(PageCursor(text))
                await #expect(throws: LedgerError.self, "\(keys)") {
                    try await scene.ledger.requests(RequestFilter(), PageRequest(after: cursor), as: FlowScene.desk)
                }
            }
            for limit in [0, 1001] {
                await #expect(throws: LedgerError.self) {
                    try await scene.ledger.requests(RequestFilter(), PageRequest(limit: limit), as: FlowScene.desk)
                }
            }
        }
    }

    @Test func `A shelter pages through its own offers and held beds, without for whom they are kept`() async throws {
        try await FlowScene.run { scene in
            for number in 0..<3 {
                try await scene.request("q\(number)")
                _ = try await scene.offer("q\(number)", number == 2 ? "far" : "open")
            }
            let shelter = FlowScene.shelter(of: "open")
            let offers = try await walk(limit: 1) { try await scene.ledger.offers(OfferFilter(), $0, as: shelter) }
            #expect(offers.map(\.request) == ["q0", "q1"])
            _ = try await scene.ledger.hold(
                in: "open", over: FlowScene.day(40)..<FlowScene.day(45), for: "q0", purpose: "intake",
                endsAt: Date(timeIntervalSince1970: 1_800_000_000), by: FlowScene.desk)
            let hold = try #require(try await scene.ledger.holds(as: shelter).first)
            #expect((hold.request, hold.purpose, hold.owner) == (nil, nil, nil))
            #expect(try await scene.ledger.hold(hold.id, as: FlowScene.desk).purpose == "intake")
        }
    }
}
