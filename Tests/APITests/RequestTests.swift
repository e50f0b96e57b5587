import CareChain
import Ledger
import NIOHTTP1
import Postgres
import TestSupport
import Testing

@testable import API

@Suite struct RequestTests {
    @Test func `A request is taken in once, and listed by what it is`() async throws {
        try await TestAPI.withCases { api in
            for _ in 0..<2 {
                let made = try await api.post("requests", TestAPI.request("r1"), as: TestAPI.coordinator, key: "k1")
                #expect(made.status == 201, "\(made.text)")
                #expect(made.header("Location") == "/v1/requests/r1")
                #expect(try made.decoded(RequestStep.self).state == .submitted)
            }
            let other = try await api.post("requests", TestAPI.request("r2"), as: TestAPI.coordinator, key: "k1")
            #expect(try other.problem().code == "key-reused")
            for id in ["r2", "r3"] {
                let made = try await api.post(
                    "requests", TestAPI.request(id, more: #", "draft": true"#), as: TestAPI.coordinator)
                #expect(try made.decoded(RequestStep.self).state == .draft)
            }
            func list(_ query: String) async throws -> [String] {
                let token = try await api.token(TestAPI.desk)
                var found: [String] = []
                var next = ""
                repeat {
                    let reply = try await api.send(.GET, "/v1/requests?limit=1&\(query)\(next)", as: token)
                    let page = try reply.decoded(PageBody<RequestBody>.self)
                    found += page.items.map(\.id)
                    next = page.next.map { "&cursor=\($0)" } ?? ""
                } while !next.isEmpty
                return found
            }
            #expect(try await list("") == ["r1"])
            #expect(try await list("state=draft,submitted") == ["r1", "r2", "r3"])
            #expect(try await list("state=draft&victim=r3-1") == ["r3"])
            #expect(try await list("region=south").isEmpty)
            let cursor = try await api.get("units?limit=1", as: TestAPI.desk).decoded(PageBody<UnitBody>.self).next
            let foreign = try await api.get("requests?cursor=\(cursor ?? "")", as: TestAPI.desk)
            #expect(try foreign.problem().code == "bad-parameter")
        }
    }

    @Test func `A step is made in the version that was seen, and can be sent again`() async throws {
        try await TestAPI.withCases { api in
            _ = try await api.post(
                "requests", TestAPI.request("r1", more: #", "draft": true"#), as: TestAPI.coordinator)
            let seen = try await api.get("requests/r1", as: TestAPI.coordinator)
            #expect(try seen.decoded(RequestDetail.self).victims == ["r1-1"])
            let version = try #require(seen.header("ETag"))
            let submitted = try await api.post(
                "requests/r1/submit", as: TestAPI.coordinator, version: version, key: "k1")
            #expect(try submitted.decoded(RequestStep.self).state == .submitted)
            #expect(submitted.header("ETag") != version)
            let stale = try await api.post(
                "requests/r1/withdraw", #"{"reason": "own-solution"}"#, as: TestAPI.desk, version: version)
            #expect(try stale.problem().code == "outdated")
            let withdrawn = try await api.post(
                "requests/r1/withdraw", #"{"reason": "own-solution"}"#, as: TestAPI.coordinator,
                version: try #require(submitted.header("ETag")))
            #expect(try withdrawn.decoded(RequestStep.self).state == .withdrawn)
            let again = try await api.post("requests/r1/submit", as: TestAPI.coordinator, version: version, key: "k1")
            #expect(again.status == 200)
            let steps = try await api.get("requests/r1", as: TestAPI.desk).decoded(RequestDetail.self).steps
            #expect(steps.map(\.to) == [.draft, .submitted, .withdrawn])
            #expect(steps.last?.reason == "own-solution")
        }
    }

    @Test(arguments: [
        (#", "referredBy": "nobody""#, "/referredBy"), (#", "victims": [""]"#, ""), (#", "region": "nowhere""#, ""),
    ])
    func `A request that cannot be right is refused`(_ more: String, _ pointer: String) async throws {
        try await TestAPI.withCases { api in
            let json = TestAPI.request("r1").replacing(#", "region": "north""#, with: more)
            let reply = try await api.post("requests", json, as: TestAPI.coordinator)
            #expect(reply.status == 422, "\(reply.text)")
            #expect(try reply.problem().pointer ?? "" == pointer)
            #expect(try await api.get("requests/r1", as: TestAPI.desk).status == 404)
        }
    }

    @Test func `A shelter reports what blocks the way out, and whose case it is reads that`() async throws {
        try await TestAPI.withCases { api in
            try await api.placed("r1", unit: "u1")
            let ready = try await api.post(
                "requests/r1/ready", #"{"readySince": "2026-01-05", "blockedBy": "no-house"}"#, as: TestAPI.shelter)
            #expect(ready.status == 200, "\(ready.text)")
            let pass = try await api.post(
                "requests/r1/ready", #"{"passReceived": "2026-01-04"}"#, as: TestAPI.coordinator,
                version: try #require(ready.header("ETag")))
            #expect(pass.status == 200, "\(pass.text)")
            for actor in [TestAPI.shelter, TestAPI.coordinator, TestAPI.desk] {
                let told = try await api.get("requests/r1", as: actor).decoded(RequestDetail.self).outflow
                #expect(told?.readySince == date("2026-01-05") && told?.passReceived == date("2026-01-04"), "\(actor)")
                #expect(told?.blockedBy == "no-house" && told?.blockedSince == date("2026-01-05"), "\(actor)")
            }
            let free = try await api.post("requests/r1/ready", #"{"unblocked": true}"#, as: TestAPI.shelter)
            #expect(free.status == 200, "\(free.text)")
            let told = try await api.get("requests/r1", as: TestAPI.desk).decoded(RequestDetail.self).outflow
            #expect(told?.readySince != nil && told?.blockedBy == nil)
            let unknown = try await api.post(
                "requests/r1/ready", #"{"blockedBy": "weather"}"#, as: TestAPI.coordinator)
            #expect(try unknown.problem().code == "refused")
        }
    }
}
