import CareChain
import Ledger
import NIOHTTP1
import Postgres
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

    @Test func `Absences are listed, and taken back from today on by whose they are`() async throws {
        try await TestAPI.with { api in
            try await api.time("2026-01-05T12:00:00+01:00")
            let (c1, c2) = (Actor(role: .coordinator, id: "c1"), Actor(role: .coordinator, id: "c2"))
            for (from, until) in [
                ("2025-12-01", "2025-12-08"), ("2026-01-01", "2026-01-10"), ("2026-02-01", "2026-02-08"),
            ] {
                let made = try await api.post(
                    "absences", #"{"coordinator": "c1", "from": "\#(from)", "until": "\#(until)"}"#, as: c1)
                #expect(made.status == 201, "\(made.text)")
            }
            func listed(_ query: String = "") async throws -> PageBody<AbsenceBody> {
                try await api.get("absences?\(query)", as: c2).decoded(PageBody<AbsenceBody>.self)
            }
            #expect(try await listed().items.map(\.from.description) == ["2026-01-01", "2026-02-01"])
            #expect(try await listed("coordinator=c2").items.isEmpty)
            let first = try await listed("limit=1")
            let rest = try await listed("cursor=\(try #require(first.next))")
            #expect(
                first.items.map(\.until.description) + rest.items.map(\.until.description) == [
                    "2026-01-10", "2026-02-08",
                ])

            func cancel(_ path: String, _ actor: Actor, key: String) async throws -> Reply {
                try await api.send(
                    .DELETE, "/v1/absences/\(path)", as: try await api.token(actor), headers: ["Idempotency-Key": key])
            }
            #expect(try await cancel("c1/2026-02-01", c2, key: "a").status == 403)
            for _ in 0..<2 { #expect(try await cancel("c1/2026-02-01", c1, key: "b").status == 200) }
            #expect(try await cancel("c1/2026-02-01", c1, key: "c").problem().code == "not-found")
            // What was so until today stays.
            #expect(try await cancel("c1/2026-01-01", TestAPI.desk, key: "d").status == 200)
            for path in ["c1/2026-01-01", "c1/2025-12-01", "c1/monday"] {
                #expect(try await cancel(path, c1, key: "e").problem().code == "not-found", "\(path)")
            }
            #expect(try await listed().items.isEmpty)
            let days: [String] = try await api.ledger.pool.query(
                "SELECT days::text AS days FROM coordinator_absence ORDER BY days"
            ).map { try $0["days"] }
            #expect(days == ["[2025-12-01,2025-12-08)", "[2026-01-01,2026-01-05)"])
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
