import CareChain
import Ledger
import NIOHTTP1
import Testing

@testable import API

@Suite struct CoverageTests {
    @Test func `The desk says who covers a region, once, and until when, in the version that it knows`() async throws {
        try await TestAPI.with { api in
            let token = try await api.token(TestAPI.desk)
            let new = #"{"region": "north", "coordinator": "c1", "minAge": 18, "from": "2026-01-01"}"#
            var ids: [Int] = []
            for _ in 0..<2 {
                let reply = try await api.send(
                    .POST, "/v1/coverages", as: token, headers: ["Idempotency-Key": "k"], json: new)
                #expect(reply.status == 201, "\(reply.text)")
                ids.append(try reply.decoded(AddedCoverage.self).id)
            }
            #expect(Set(ids).count == 1)
            let id = try #require(ids.first)
            func covered(_ query: String = "") async throws -> [CoverageBody] {
                try await api.send(.GET, "/v1/coverages?\(query)", as: token).decoded(PageBody<CoverageBody>.self).items
            }
            let before = try #require(try await covered().first)
            #expect(before.id == id && before.minAge == 18 && before.maxAge == 150 && before.until == nil)
            #expect(try await covered("region=north&function=care&coordinator=c1").map(\.id) == [id])
            for query in ["region=south", "function=youth", "coordinator=c2"] {
                #expect(try await covered(query).isEmpty, "\(query)")
            }

            let end = "/v1/coverages/\(id)/end"
            let json = #"{"on": "2199-01-01"}"#
            #expect(try await api.send(.PUT, end, as: token, json: json).status == 428)
            let headers = ["If-Match": before.version, "Idempotency-Key": "e"]
            for _ in 0..<2 {
                let reply = try await api.send(.PUT, end, as: token, headers: headers, json: json)
                #expect(reply.status == 200, "\(reply.text)")
            }
            #expect(try await covered().first?.until?.description == "2199-01-01")
            let stale = try await api.send(
                .PUT, end, as: token, headers: ["If-Match": before.version], json: #"{"on": "2198-01-01"}"#)
            #expect(try stale.problem().code == "outdated")
            let never = try await api.send(
                .PUT, end, as: token, headers: ["If-Match": "*"], json: #"{"on": "2025-01-01"}"#)
            #expect(never.status == 422)
            let none = try await api.send(
                .PUT, "/v1/coverages/99/end", as: token, headers: ["If-Match": "*"], json: json)
            #expect(none.status == 404)
        }
    }

    @Test func `Gaps are told, and coordinators say themselves when they are away`() async throws {
        try await TestAPI.with { api in
            let token = try await api.token(Actor(role: .coordinator, id: "c1"))
            let gaps = try await api.send(
                .GET, "/v1/coverage-gaps?from=2026-01-01&until=2026-02-01", as: token
            ).decoded(GapsBody.self)
            #expect(Set(gaps.gaps.map(\.region)) == ["north", "south", "west"])
            for (coordinator, status) in [("c1", 201), ("c2", 403)] {
                let reply = try await api.send(
                    .POST, "/v1/absences", as: token,
                    json: #"{"coordinator": "\#(coordinator)", "from": "2026-01-01", "until": "2026-01-08"}"#)
                #expect(reply.status == status, "\(reply.text)")
            }
            let backwards = try await api.send(
                .POST, "/v1/absences", as: token,
                json: #"{"coordinator": "c1", "from": "2026-01-08", "until": "2026-01-01"}"#)
            #expect(try backwards.problem().pointer == "/until")
            let wrong = try await api.send(.GET, "/v1/coverage-gaps?from=2026-01-01&until=2026-01-01", as: token)
            #expect(try wrong.problem().parameter == "until")
        }
    }
}
