import Ledger
import NIOHTTP1
import Testing

@testable import API

@Suite struct AuditTests {
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
