import CareChain
import Ledger
import NIOHTTP1
import Postgres
import Testing

@testable import API

@Suite struct OfferTests {
    @Test func `An offer is made, seen by who answers, and accepted in the version that was seen`() async throws {
        try await TestAPI.withCases { api in
            let offer = try await api.offered("r1", unit: "u1")
            let listed = try await api.get("offers", as: TestAPI.shelter).decoded(PageBody<OfferBody>.self).items
            #expect(listed.map(\.id) == [offer])
            #expect(listed.first?.missing.first?.roles == [.shelter])
            let seen = try await api.get("offers/\(offer)", as: TestAPI.shelter)
            let version = try #require(seen.header("ETag"))
            let without = try await api.send(
                .POST, "/v1/offers/\(offer)/accept", as: try await api.token(TestAPI.shelter), json: "{}")
            #expect(try without.problem().code == "version-required")
            for _ in 0..<2 {
                let accepted = try await api.post(
                    "offers/\(offer)/accept", #"{"note": "welcome"}"#, as: TestAPI.shelter, version: version, key: "k")
                #expect(try accepted.decoded(OfferStep.self).state == .accepted, "\(accepted.text)")
            }
            let late = try await api.post(
                "offers/\(offer)/decline", #"{"reason": "full"}"#, as: TestAPI.shelter, version: version)
            #expect(try late.problem().code == "outdated")
        }
    }

    @Test
    func `Who is asked to approve without having the case sees the offer and answers it, and others do not see it`()
        async throws
    {
        try await TestAPI.withCases { api in
            try await api.ledger.pool.query("UPDATE shelter SET placement_authority = 'desk-consulted' WHERE id = 's1'")
            let offer = try await api.offered("r1", unit: "u1")
            let seen = try await api.get("offers/\(offer)", as: TestAPI.otherCoordinator)
            #expect(seen.status == 200, "\(seen.text)")
            #expect(try await api.get("offers/\(offer)", as: TestAPI.otherPolice).status == 404)
            #expect(try await api.get("requests/r1", as: TestAPI.otherCoordinator).status == 404)
            let answer = try await api.post(
                "offers/\(offer)/decline", #"{"reason": "not-suitable"}"#, as: TestAPI.otherCoordinator)
            #expect(try answer.decoded(OfferStep.self).state == .declined, "\(answer.text)")
            #expect(try await api.get("offers/\(offer)", as: TestAPI.otherCoordinator).status == 404)
        }
    }

    @Test func `A declined offer has its reason, and the answer can be sent again`() async throws {
        try await TestAPI.withCases { api in
            let offer = try await api.offered("r1", unit: "u1")
            for _ in 0..<2 {
                let declined = try await api.post(
                    "offers/\(offer)/decline", #"{"reason": "full"}"#, as: TestAPI.shelter, key: "k")
                #expect(try declined.decoded(OfferStep.self).state == .declined, "\(declined.text)")
            }
            let all = try await api.get("offers?all=true&request=r1", as: TestAPI.desk)
            #expect(try all.decoded(PageBody<OfferBody>.self).items.map(\.reason) == ["full"])
            let open = try await api.get("offers?request=r1", as: TestAPI.desk)
            #expect(try open.decoded(PageBody<OfferBody>.self).items.isEmpty)
            let unknown = try await api.post(
                "offers/\(try await api.offered("r2", unit: "u1"))/decline", #"{"reason": "mood"}"#, as: TestAPI.shelter
            )
            #expect(unknown.status == 422, "\(unknown.text)")
        }
    }

    @Test func `An offer that is answered already is answered no more, and a plan is left with a reason`() async throws
    {
        try await TestAPI.withCases { api in
            let offer = try await api.offered("r1", unit: "u1")
            #expect(try await api.post("offers/\(offer)/accept", "{}", as: TestAPI.shelter).status == 200)
            for (step, json) in [("accept", "{}"), ("decline", #"{"reason": "full"}"#)] {
                let late = try await api.post("offers/\(offer)/\(step)", json, as: TestAPI.shelter)
                #expect(late.status == 409, "\(late.text)")
                #expect(try late.problem().rules?.map(\.rule) == ["offer_legal_step"])
            }
            _ = try await api.post("requests", TestAPI.request("r2"), as: TestAPI.coordinator)
            let early = TestAPI.offer("r2", unit: "u1").replacing("2026-01-05", with: "2026-01-04")
            let soft = try await api.post("offers", early, as: TestAPI.desk)
            #expect(try soft.problem().rules?.map(\.rule) == ["timing"], "\(soft.text)")
            #expect(soft.status == 409)
        }
    }

    @Test func `An offer against a rule is refused with the rule, and with what would do`() async throws {
        try await TestAPI.withCases { api in
            let needing = TestAPI.request("r1").replacing(
                #""phase": "reflection""#, with: #""phase": "reflection", "needs": ["trauma"]"#)
            _ = try await api.post("requests", needing, as: TestAPI.coordinator)
            let refused = try await api.post("offers", TestAPI.offer("r1", unit: "u1"), as: TestAPI.desk)
            #expect(refused.status == 409)
            let problem = try refused.problem()
            #expect(problem.rules?.map(\.rule) == ["services"])
            #expect(problem.alternatives == ["u2"])
        }
    }

    @Test func `A hard rule is overridden by two`() async throws {
        try await TestAPI.withCases { api in
            let needing = TestAPI.request("r1").replacing(
                #""phase": "reflection""#, with: #""phase": "reflection", "needs": ["trauma"]"#)
            _ = try await api.post("requests", needing, as: TestAPI.coordinator)
            let override =
                #", "overrides": [{"rule": "services", "reason": "family is near", "legalBasis": "consent"}]"#
            let made = try await api.post(
                "offers", TestAPI.offer("r1", unit: "u1", more: override), as: TestAPI.desk)
            #expect(made.status == 201, "\(made.text)")
            let offer = try made.decoded(OfferStep.self).offer
            let alone = try await api.post("offers/\(offer)/accept", "{}", as: TestAPI.shelter)
            #expect(alone.status == 409, "\(alone.text)")
            let same = try await api.post("offers/\(offer)/second", #"{"rule": "services"}"#, as: TestAPI.desk)
            #expect(same.status == 409, "\(same.text)")
            let seconded = try await api.post(
                "offers/\(offer)/second", #"{"rule": "services"}"#, as: TestAPI.coordinator)
            #expect(try seconded.decoded(OfferBody.self).overrides == ["services"], "\(seconded.text)")
            #expect(try await api.post("offers/\(offer)/accept", "{}", as: TestAPI.shelter).status == 200)
        }
    }
}
