import CareChain
import Foundation
import Ledger
import NIOHTTP1
import Postgres
import TestSupport
import Testing

@testable import API

@Suite struct CaseTests {
    /// A case of the coordinator's region, with what the law lets be seen of it.
    private func withCase(keys: Bool = true, _ body: (TestAPI, String) async throws -> Void) async throws {
        try await TestAPI.with { settings in
            if keys { settings.keys = try KeyRing(KeyRing.line(forNewKey: "a")) }
        } _: { api in
            try await api.ledger.add(
                Coverage(region: "north", coordinator: "c1", from: date("2020-01-01")), as: .program(for: nil))
            try await api.ledger.add(
                LegalBasis(
                    kind: .law, role: .coordinator, categories: DataCategory.allCases, from: date("2020-01-01"),
                    reference: "a law of the test"), as: .program(for: nil))
            try await api.request("a")
            try await body(api, try await api.token(Actor(role: .coordinator, id: "c1")))
        }
    }

    @Test func `A case is told to whoever it is about, by whom it is of, and that is on record`() async throws {
        try await withCase { api, token in
            let told = try await api.send(.GET, "/v1/cases/a-1/export", as: token)
            #expect(told.status == 200, "\(told.text)")
            #expect(told.header("Content-Type") == "application/json")
            #expect(told.text.contains(#""format" : "onderdak-case/1""#))
            let auditor = try await api.token(Actor(role: .auditor, id: "fg"))
            let trail = try await api.send(.GET, "/v1/audit-entries?victim=a-1", as: auditor)
            #expect(try trail.decoded(PageBody<AuditEntryBody>.self).items.contains { $0.action == "export" })
            let stranger = try await api.token(Actor(role: .coordinator, id: "c2"))
            for path in ["/v1/cases/a-1/export", "/v1/cases/none/export"] {
                #expect(try await api.send(.GET, path, as: stranger).problem().code == "not-found", "\(path)")
            }
        }
    }

    @Test func `A server without keys says so`() async throws {
        try await withCase(keys: false) { api, token in
            let told = try await api.send(.GET, "/v1/cases/a-1/export", as: token)
            #expect(try told.problem().code == "not-ready")
        }
    }

    @Test func `A case is erased once it has ended`() async throws {
        try await withCase { api, token in
            let early = try await api.send(.DELETE, "/v1/cases/a-1", as: token)
            #expect(early.status == 403, "\(early.text)")
            #expect(try early.problem().detail.contains("under way"))
            _ = try await api.ledger.withdraw("a", reason: "other", by: TestAPI.desk)
            let erased = try await api.send(.DELETE, "/v1/cases/a-1", as: token)
            #expect(erased.status == 200, "\(erased.text)")
            #expect(try erased.decoded(ErasureBody.self).newName.hasPrefix("erased-"))
            #expect(try await api.send(.DELETE, "/v1/cases/a-1", as: token).status == 404)
        }
    }
}
