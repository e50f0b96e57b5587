import CareChain
import Foundation
import Ledger
import NIOHTTP1
import Testing

@testable import API

@Suite struct ExplanationTests {
    @Test func `A request without a place is explained, in the caller's language, with what would give it one`()
        async throws
    {
        try await TestAPI.withCases { api in
            let run = try await api.runWithoutPlace(for: "r1", needing: "closed")
            let path = "plan-runs/\(run)/requests/r1/explanation"
            let told = try await api.get(path, as: TestAPI.coordinator)
            try #require(told.status == 200, "\(told.text)")
            let explanation = try told.decoded(ExplanationBody.self)
            #expect(explanation.standing == "unplaced" && explanation.stays.isEmpty && !explanation.cut)
            #expect(explanation.reasons.map(\.code) == ["services"], "\(told.text)")
            #expect(explanation.suggestions.first?.changes.map(\.sentence) == ["r1-1 without closed"])
            #expect(explanation.suggestions.first?.consequence.stays.isEmpty == false)
            let dutch = try await api.send(
                .GET, "/v1/\(path)?unit=u1", as: api.token(TestAPI.desk), headers: ["Accept-Language": "nl"])
            let unit = try #require(try dutch.decoded(ExplanationBody.self).unit)
            #expect(!unit.there && unit.code == "services")
            #expect(unit.sentence?.contains("geen closed") == true, "\(dutch.text)")
        }
    }

    @Test func `One change is tried, and nothing of it is kept`() async throws {
        try await TestAPI.withCases { api in
            let run = try await api.runWithoutPlace(for: "r1", needing: "closed")
            let path = "plan-runs/\(run)/requests/r1/what-if"
            let tried = try await api.post(path, #"{"kind": "need", "service": "closed"}"#, as: TestAPI.desk)
            let whatIf = try tried.decoded(WhatIfBody.self)
            #expect(whatIf.consequence?.stays.map(\.victim) == ["r1-1"], "\(tried.text)")
            #expect(!whatIf.change.dangerous)
            let inVain = try await api.post(
                path, #"{"kind": "bed", "unit": "u1", "from": "2026-01-05", "until": "2026-01-20"}"#, as: TestAPI.desk)
            #expect(try inVain.decoded(WhatIfBody.self).consequence == nil, "\(inVain.text)")
            let still = try await api.get("plan-runs/\(run)/requests/r1/explanation", as: TestAPI.desk)
            #expect(try still.decoded(ExplanationBody.self).standing == "unplaced")
        }
    }

    @Test func `A change that cannot be tried is refused with its field`() async throws {
        try await TestAPI.withCases { api in
            let run = try await api.runWithoutPlace(for: "r1", needing: "closed")
            for (json, pointer) in [
                (#"{"kind": "bed", "unit": "u1", "from": "2026-01-05"}"#, "/until"),
                (#"{"kind": "bed", "unit": "x", "from": "2026-01-05", "until": "2026-01-06"}"#, "/unit"),
                (#"{"kind": "bed", "unit": "u1", "from": "2026-01-05", "until": "2036-01-06"}"#, "/until"),
                (#"{"kind": "wait", "latestStart": "2026-01-06"}"#, "/latestStart"),
                (#"{"kind": "wait", "latestStart": "2026-01-20", "level": 1}"#, "/level"),
                (#"{"kind": "security", "level": 5}"#, "/level"),
                (#"{"kind": "need", "service": "closed", "victims": ["x"]}"#, "/victims"),
                (#"{"kind": "avoid"}"#, "/region"), (#"{"kind": "no-contact", "victims": ["r1-1"]}"#, "/victims"),
                (#"{"kind": "miracle"}"#, "/kind"),
            ] {
                let refused = try await api.post("plan-runs/\(run)/requests/r1/what-if", json, as: TestAPI.desk)
                #expect(refused.status == 422, "\(json): \(refused.text)")
                #expect(try refused.problem().pointer == pointer, "\(json)")
            }
        }
    }

    @Test func `Nobody is told of a request that is not theirs`() async throws {
        try await TestAPI.withCases { api in
            let run = try await api.runWithoutPlace(for: "r1", needing: "closed")
            let path = "plan-runs/\(run)/requests/r1/explanation"
            #expect(try await api.get(path, as: TestAPI.otherCoordinator).status == 404)
            #expect(try await api.get(path, as: TestAPI.shelter).status == 403)
            for missing in [
                "plan-runs/\(run)/requests/x/explanation", "plan-runs/99/requests/r1/explanation",
                "plan-runs/x/requests/r1/explanation",
            ] {
                #expect(try await api.get(missing, as: TestAPI.desk).status == 404, "\(missing)")
            }
            let unit = try await api.get("\(path)?unit=x", as: TestAPI.desk)
            #expect(try unit.problem().parameter == "unit")
        }
    }
}

extension TestAPI {
    /// A run that has no place for a request, which needs what no shelter offers.
    fileprivate func runWithoutPlace(for request: String, needing service: String) async throws -> Int {
        let needing = Self.request(request).replacing(
            #""phase": "reflection""#, with: #""phase": "reflection", "needs": ["\#(service)"]"#)
        let made = try await post("requests", needing, as: Self.coordinator)
        #expect(made.status == 201, "\(made.text)")
        _ = try await ledger.askForPlan(
            of: Horizon(start: Self.today, days: 40), RunLimits(seed: 1), by: Self.desk)
        return try await plan()
    }
}
