import CareChain
import Ledger
import NIOHTTP1
import Testing

@testable import API

@Suite struct AuditTests {
    private static let auditor = Actor(role: .auditor, id: "fg")

    private static func alarms(_ api: TestAPI, _ query: String = "") async throws -> [AlarmBody] {
        try await api.get("alarms\(query)", as: auditor).decoded(PageBody<AlarmBody>.self).items
    }

    @Test func `An auditor marks an alarm as seen, once, and nobody else does`() async throws {
        try await TestAPI.withCases { api in
            _ = try await api.post("requests", TestAPI.request("r1"), as: TestAPI.coordinator)
            _ = try await api.ledger.breakGlass(
                "r1-1", [.identity], hours: 1, reason: "found unconscious", as: TestAPI.desk)
            let number = try #require(try await Self.alarms(api).first?.number)
            for actor in TestAPI.everybody where actor.role != .auditor {
                let refused = try await api.post("alarms/\(number)/seen", as: actor)
                #expect(refused.status == 403, "\(actor): \(refused.text)")
            }
            #expect(try await Self.alarms(api).count == 1)
            let first = try await api.post("alarms/\(number)/seen", as: Self.auditor, key: "k")
            let seenAt = try #require(try first.decoded(AlarmBody.self).seenAt)
            #expect(try await Self.alarms(api).isEmpty)
            #expect(try await Self.alarms(api, "?open=false").map(\.seenAt) == [seenAt])
            let again = try await api.post("alarms/\(number)/seen", as: Self.auditor, key: "k")
            #expect(try again.decoded(AlarmBody.self).seenAt == seenAt)
            #expect(try await api.post("alarms/999/seen", as: Self.auditor).problem().code == "not-found")
        }
    }

    @Test func `An auditor pages through who did what, the newest first`() async throws {
        try await TestAPI.with { api in
            let desk = try await api.token(TestAPI.desk)
            for region in ["north", "south"] {
                let reply = try await api.send(
                    .POST, "/v1/coverages", as: desk,
                    json: #"{"region": "\#(region)", "coordinator": "c1", "from": "2026-01-01"}"#)
                #expect(reply.status == 201, "\(reply.text)")
            }
            let token = try await api.token(Actor(role: .auditor, id: "fg"))
            var entries: [AuditEntryBody] = []
            var next = ""
            repeat {
                let page = try await api.send(
                    .GET, "/v1/audit-entries?actor=desk/national&limit=1\(next)", as: token
                ).decoded(PageBody<AuditEntryBody>.self)
                entries += page.items
                next = page.next.map { "&cursor=\($0)" } ?? ""
            } while !next.isEmpty
            #expect(entries.count { $0.action == "insert" && $0.relation == "coverage" } == 2, "\(entries)")
            #expect(entries.map(\.number) == entries.map(\.number).sorted(by: >))
            let alarms = try await api.send(.GET, "/v1/alarms?open=false", as: token).decoded(PageBody<AlarmBody>.self)
            #expect(alarms.items.isEmpty)
        }
    }
}
