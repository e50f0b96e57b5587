import CareChain
import Ledger
import NIOHTTP1
import Postgres
import Testing

@testable import API

@Suite struct CapacityTests {
    private static let count = #"{"kind":"free","number":1,"reason":"counted"}"#

    @Test func `A shelter says what it has, once, in the version that it knows`() async throws {
        try await TestAPI.with { api in
            let token = try await api.token(TestAPI.shelter)
            let before = try await api.send(.GET, "/v1/units/u1/capacity", as: token)
            let tag = try #require(before.header("ETag"))
            func put(_ json: String, _ headers: [String: String]) async throws -> Reply {
                try await api.send(.PUT, "/v1/units/u1/capacity", as: token, headers: headers, json: json)
            }
            #expect(try await put(Self.count, [:]).problem().code == "version-required")
            #expect(try await put(Self.count, ["If-Match": "0"]).problem().code == "bad-header")

            let headers = ["If-Match": tag, "Idempotency-Key": "k1"]
            let first = try await put(Self.count, headers)
            #expect(first.status == 200, "\(first.text)")
            #expect(try first.decoded(CapacityBody.self).beds == 1)
            // The answer was lost, so it is sent again: the same, although the version has gone on.
            let again = try await put(Self.count, headers)
            #expect(again.status == 200)
            #expect(again.header("ETag") == first.header("ETag"))
            let reports: Int = try await api.ledger.pool.query("SELECT count(*) FROM capacity_report").one()[0]
            #expect(reports == 1)

            let other = #"{"kind":"free","number":2,"reason":"counted"}"#
            #expect(try await put(other, headers).problem().code == "key-reused")
            let stale = try await put(other, ["If-Match": tag, "Idempotency-Key": "k2"])
            #expect(stale.status == 412)
            #expect(try stale.problem().code == "outdated")
            #expect(try await put(other, ["If-Match": "*"]).status == 200)
        }
    }

    @Test func `Calls to which a gateway gives one id are not taken for one`() async throws {
        try await TestAPI.with { api in
            let token = try await api.token(TestAPI.shelter)
            let headers = ["If-Match": "*", "X-Request-Id": "gateway"]
            for number in 1...2 {
                let count = #""kind":"free","number":\#(number),"reason":"counted""#
                let put = try await api.send(
                    .PUT, "/v1/units/u1/capacity", as: token, headers: headers, json: "{\(count)}")
                #expect(try put.decoded(CapacityBody.self).beds == number, "\(put.text)")
                let bulk = try await api.send(
                    .POST, "/v1/capacity-reports", as: token, headers: headers,
                    json: #"{"reports":[{"unit":"u3",\#(count)}]}"#)
                #expect(try bulk.decoded(CapacityResults.self).results.map(\.beds) == [number], "\(bulk.text)")
            }
            let reports: Int = try await api.ledger.pool.query("SELECT count(*) FROM capacity_report").one()[0]
            #expect(reports == 4)
        }
    }

    @Test func `How old a report may be is said by the desk, once, in the version that it knows`() async throws {
        try await TestAPI.with { api in
            let token = try await api.token(TestAPI.desk)
            let tag = try #require(try await api.send(.GET, "/v1/units/u1/capacity", as: token).header("ETag"))
            func put(_ json: String, _ version: String = "*", key: String = "k0") async throws -> Reply {
                try await api.send(
                    .PUT, "/v1/units/u1/report-limit", as: token,
                    headers: ["If-Match": version, "Idempotency-Key": key], json: json)
            }
            let limited = try await put(#"{"limit":"hours","hours":20}"#, tag)
            #expect(limited.status == 200, "\(limited.text)")
            #expect(try limited.decoded(CapacityBody.self).limitHours == 20)
            #expect(try await put(#"{"limit":"hours","hours":20}"#, tag).status == 200)
            #expect(try await put(#"{"limit":"none"}"#).problem().code == "key-reused")
            #expect(try await put(#"{"limit":"none"}"#, tag, key: "k1").status == 412)
            #expect(try await put(#"{"limit":"none"}"#, key: "k1").decoded(CapacityBody.self).limitHours == nil)
            for json in [#"{"limit":"hours"}"#, #"{"limit":"none","hours":20}"#, #"{"limit":"hours","hours":0}"#] {
                #expect(try await put(json, key: "k2").problem().pointer == "/hours", "\(json)")
            }
        }
    }

    @Test func `Several servers of one database answer as one`() async throws {
        try await TestAPI.with { api in
            try await TestAPI.serve(api.ledger) { other in
                let token = try await api.token(TestAPI.shelter)
                let tag = try #require(
                    try await other.send(.GET, "/v1/units/u1/capacity", as: token).header("ETag"))
                let headers = ["If-Match": tag, "Idempotency-Key": "k1"]
                var tags: [String?] = []
                for server in [api, other] {
                    let put = try await server.send(
                        .PUT, "/v1/units/u1/capacity", as: token, headers: headers, json: Self.count)
                    #expect(put.status == 200, "\(put.text)")
                    tags.append(put.header("ETag"))
                }
                #expect(tags[0] == tags[1] && tags[0] != tag)
                let stale = try await other.send(
                    .PUT, "/v1/units/u1/capacity", as: token, headers: ["If-Match": tag], json: Self.count)
                #expect(stale.status == 412)
            }
        }
    }

    @Test func `A shelter cannot speak for another, nor of what is not there`() async throws {
        try await TestAPI.with { api in
            let token = try await api.token(TestAPI.shelter)
            let other = try await api.send(
                .PUT, "/v1/units/u2/capacity", as: token, headers: ["If-Match": "*"], json: Self.count)
            #expect(other.status == 403)
            #expect(try other.problem().code == "not-allowed")
            let none = try await api.send(
                .PUT, "/v1/units/u9/capacity", as: token, headers: ["If-Match": "*"], json: Self.count)
            #expect(try none.problem().code == "not-found")
        }
    }

    @Test func `Reports of several units are taken in all or none, with what is wrong with each`() async throws {
        try await TestAPI.with { api in
            let token = try await api.token(TestAPI.shelter)
            func post(_ json: String, key: String? = nil) async throws -> Reply {
                try await api.send(
                    .POST, "/v1/capacity-reports", as: token, headers: key.map { ["Idempotency-Key": $0] } ?? [:],
                    json: json)
            }
            let mixed = try await post(
                """
                {"reports": [
                    {"unit": "u1", "kind": "free", "number": 2, "reason": "counted"},
                    {"unit": "u2", "kind": "free", "number": 2, "reason": "counted"},
                    {"unit": "u9", "kind": "free", "number": 2, "reason": "counted"}]}
                """)
            #expect(mixed.status == 403)
            let problem = try mixed.problem()
            #expect(problem.errors?.map(\.pointer) == ["/reports/1", "/reports/2"])
            #expect(problem.errors?.map(\.code) == ["not-allowed", "not-found"])
            var reports: Int = try await api.ledger.pool.query("SELECT count(*) FROM capacity_report").one()[0]
            #expect(reports == 0)

            let good = """
                {"reports": [
                    {"unit": "u1", "kind": "free", "number": 2, "reason": "counted"},
                    {"unit": "u3", "kind": "out-of-service", "number": 1, "reason": "leak"}]}
                """
            for _ in 0..<2 {
                let taken = try await post(good, key: "cron-1")
                #expect(try taken.decoded(CapacityResults.self).results.map(\.beds) == [2, 1])
            }
            reports = try await api.ledger.pool.query("SELECT count(*) FROM capacity_report").one()[0]
            #expect(reports == 2)
        }
    }

    @Test func `Reports come as CSV too, and each line that is wrong is named`() async throws {
        try await TestAPI.with { api in
            let token = try await api.token(TestAPI.shelter)
            func post(_ csv: String) async throws -> Reply {
                try await api.send(
                    .POST, "/v1/capacity-reports", as: token, headers: ["Content-Type": "text/csv"],
                    body: Array(csv.utf8))
            }
            let header = "unit,kind,number,from,until,reason,observed_at,key\n"
            let good = try await post(header + "u1,free,2,,,counted,,\nu3,beds,4,,,\"new, bigger\",,n1\n")
            #expect(good.status == 200, "\(good.text)")
            let bad = try await post(header + "u1,empty,2,,,counted,,\nu3,beds,4,soon,,x,,\nu3,beds,4,,,x,,\n")
            #expect(bad.status == 422)
            #expect(try bad.problem().errors?.map(\.pointer) == ["/reports/0/kind", "/reports/1/from"])
            #expect(try await post("unit,number\nu1,2\n").problem().code == "invalid-field")
        }
    }

    @Test func `Beds are found, with why the others are not, in the caller's language`() async throws {
        try await TestAPI.with { api in
            let token = try await api.token(TestAPI.desk)
            let search = """
                {"victims": [{"sex": "female", "birthDate": "1998-03-14", "phase": "reflection", "needs": ["trauma"]}],
                 "from": "2026-01-05", "until": "2026-02-05", "near": "north"}
                """
            for (language, sentence) in [("en", ServicesSentence.english), ("nl-NL, en;q=0.5", ServicesSentence.dutch)]
            {
                let reply = try await api.send(
                    .POST, "/v1/bed-search", as: token, headers: ["Accept-Language": language], json: search)
                let found = try reply.decoded(PageBody<FoundBed>.self).items
                #expect(found.filter(\.suitable).map(\.unit) == ["u2"])
                #expect(found.first { $0.unit == "u1" }?.reasons.first?.sentence == sentence)
            }
            let shelter = try await api.token(TestAPI.shelter)
            #expect(
                try await api.send(.POST, "/v1/bed-search", as: shelter, json: search).problem().code == "not-allowed")
            let missing = try await api.send(.POST, "/v1/bed-search", as: token, json: #"{"request": "none"}"#)
            #expect(missing.status == 404)
        }
    }

    @Test func `Beds that are found are told in pages, the nearest first`() async throws {
        try await TestAPI.with { api in
            let token = try await api.token(TestAPI.desk)
            func search(_ more: String) async throws -> Reply {
                try await api.send(
                    .POST, "/v1/bed-search", as: token,
                    json: """
                        {"victims": [{"sex": "female", "birthDate": "1998-03-14", "phase": "reflection", "needs": ["trauma"]}],
                         "from": "2026-01-05", "until": "2026-02-05", "near": "north"\(more)}
                        """)
            }
            let all = try await search("").decoded(PageBody<FoundBed>.self)
            #expect(all.next == nil && Set(all.items.map(\.unit)) == ["u1", "u2", "u3"])
            var units: [String] = []
            var next = ""
            repeat {
                let page = try await search(#", "limit": 1\#(next)"#).decoded(PageBody<FoundBed>.self)
                #expect(page.items.count == 1)
                units += page.items.map(\.unit)
                next = page.next.map { #", "cursor": "\#($0)""# } ?? ""
            } while !next.isEmpty
            #expect(units == all.items.map(\.unit))
            let suitable = try await search(#", "unsuitable": false"#).decoded(PageBody<FoundBed>.self)
            #expect(suitable.items.map(\.unit) == ["u2"] && suitable.next == nil)
            for (more, pointer) in [(#", "limit": 201"#, "/limit"), (#", "cursor": "x""#, "/cursor")] {
                let problem = try await search(more).problem()
                #expect(problem.code == "invalid-field" && problem.pointer == pointer)
            }
            let units2 = try await api.send(.GET, "/v1/units?limit=1", as: token).decoded(PageBody<UnitBody>.self)
            let foreign = try await search(#", "cursor": "\#(try #require(units2.next))""#)
            #expect(foreign.status == 422, "\(foreign.text)")
            #expect(try foreign.problem().pointer == "/cursor")
        }
    }

    @Test func `Lists are told in pages, in a stable order`() async throws {
        try await TestAPI.with { api in
            let token = try await api.token(TestAPI.desk)
            var units: [String] = []
            var next = ""
            repeat {
                let page = try await api.send(.GET, "/v1/units?limit=2\(next)", as: token).decoded(
                    PageBody<UnitBody>.self)
                units += page.items.map(\.id)
                next = page.next.map { "&cursor=\($0)" } ?? ""
            } while !next.isEmpty
            #expect(units == ["u1", "u2", "u3"])
            let north = try await api.send(.GET, "/v1/units?region=north&bedType=women", as: token)
            #expect(try north.decoded(PageBody<UnitBody>.self).items.map(\.id) == ["u1", "u3"])
            let free = try await api.send(.GET, "/v1/availability?free=2&shelter=s1", as: token)
            #expect(try free.decoded(PageBody<AvailabilityBody>.self).items.map(\.unit) == ["u1", "u3"])
            let shelters = try await api.send(.GET, "/v1/shelters?region=south", as: token)
            #expect(try shelters.decoded(PageBody<ShelterBody>.self).items.map(\.id) == ["s2"])
            #expect(try await api.send(.GET, "/v1/shelters/s1", as: token).decoded(ShelterBody.self).security == 2)
        }
    }

    private enum ServicesSentence {
        static let english = ServicesRule.sentence.english
        static let dutch = ServicesRule.sentence.dutch
    }
}
