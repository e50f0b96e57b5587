import CareChain
import Foundation
import Ledger
import NIOHTTP1
import Postgres
import Testing

@testable import API

@Suite struct ExplanationTests {
    @Test func `A request without a place is explained, in the caller's language, with what would give it one`()
        async throws
    {
        try await TestAPI.withExplained { api in
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
        try await TestAPI.withExplained { api in
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
        try await TestAPI.withExplained { api in
            let run = try await api.runWithoutPlace(for: "r1", needing: "closed")
            for (json, pointer) in [
                (#"{"kind": "bed", "unit": "u1", "from": "2026-01-05"}"#, "/until"),
                (#"{"kind": "bed", "unit": "x", "from": "2026-01-05", "until": "2026-01-06"}"#, "/unit"),
                (#"{"kind": "bed", "unit": "u1", "from": "2026-01-05", "until": "2036-01-06"}"#, "/until"),
                (#"{"kind": "wait", "latestStart": "2026-01-06"}"#, "/latestStart"),
                (#"{"kind": "wait", "latestStart": "2026-01-20", "level": 1}"#, "/level"),
                (#"{"kind": "security", "level": 5}"#, "/level"),
                (#"{"kind": "need", "service": "closed", "victims": ["x"]}"#, "/victims"),
                (#"{"kind": "need", "service": "pool"}"#, "/service"),
                (#"{"kind": "avoid", "region": "x"}"#, "/region"),
                (#"{"kind": "avoid", "shelter": "x"}"#, "/shelter"),
                (#"{"kind": "avoid"}"#, "/region"), (#"{"kind": "no-contact", "victims": ["r1-1"]}"#, "/victims"),
                (#"{"kind": "miracle"}"#, "/kind"),
            ] {
                let refused = try await api.post("plan-runs/\(run)/requests/r1/what-if", json, as: TestAPI.desk)
                #expect(refused.status == 422, "\(json): \(refused.text)")
                #expect(try refused.problem().pointer == pointer, "\(json)")
            }
        }
    }

    @Test func `What is told costs no more for an investigation far away than for none`() async throws {
        try await TestAPI.withExplained { api in
            let investigated = TestAPI.request("r1").replacing(
                #""phase": "reflection""#, with: #""phase": "reflection", "investigationRegion": "north""#)
            _ = try await api.post("requests", investigated, as: TestAPI.coordinator)
            _ = try await api.post("requests", TestAPI.request("r2"), as: TestAPI.coordinator)
            _ = try await api.ledger.askForPlan(
                of: Horizon(start: TestAPI.today, days: 40), RunLimits(seed: 1), by: TestAPI.desk)
            let run = try await api.plan(placing: [("r1", "r1-1", "u1", 0, 20), ("r2", "r2-1", "u3", 0, 20)])
            var told: [Int?] = []
            for request in ["r1", "r2"] {
                let path = "plan-runs/\(run)/requests/\(request)/explanation?unit=u2"
                let explanation = try await api.get(path, as: TestAPI.coordinator).decoded(ExplanationBody.self)
                #expect(!explanation.costs.contains { $0.term == "travel" })
                told += [explanation.unit?.extraCost, explanation.unit?.consequence?.objectiveChange]
            }
            #expect(told[0] != nil && told[1] != nil)
            #expect(Array(told[..<2]) == Array(told[2...]), "\(told)")
        }
    }

    @Test func `Nobody is told of a request that is not theirs`() async throws {
        try await TestAPI.withExplained { api in
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

    @Test func `Two who ask at once each get the answer to their own question`() async throws {
        try await TestAPI.withExplained { api in
            let run = try await api.runWithoutPlace(for: "r1", needing: "closed")
            let path = "/v1/plan-runs/\(run)/requests/r1"
            let (desk, coordinator) = (try await api.token(TestAPI.desk), try await api.token(TestAPI.coordinator))
            async let told = api.send(
                .GET, "\(path)/explanation?unit=u1", as: desk, headers: ["Accept-Language": "nl"])
            async let tried = api.send(
                .POST, "\(path)/what-if", as: coordinator, json: #"{"kind": "need", "service": "closed"}"#)
            let (explanation, whatIf) = (try await told, try await tried)
            let unit = try #require(try explanation.decoded(ExplanationBody.self).unit)
            #expect(unit.unit == "u1" && unit.sentence?.contains("geen closed") == true)
            #expect(try whatIf.decoded(WhatIfBody.self).change.sentence == "r1-1 without closed")
            #expect(try await api.questions() == 0)
        }
    }

    @Test func `Where no planner answers, that is told, and nothing is left of the question`() async throws {
        try await TestAPI.with { settings in
            settings.limits.explaining = .milliseconds(100)
        } _: { api in
            try await api.prepareCases()
            let run = try await api.runWithoutPlace(for: "r1", needing: "closed")
            let path = "plan-runs/\(run)/requests/r1/explanation"
            let refused = try await api.get(path, as: TestAPI.desk)
            #expect(refused.status == 503 && refused.header("Retry-After") != nil)
            #expect(try refused.problem().code == "busy")
            #expect(try refused.problem().detail.contains("no planner"), "\(refused.text)")
            #expect(try await api.questions() == 0)
            // Who may not ask is told so without a planner.
            #expect(try await api.get(path, as: TestAPI.otherCoordinator).status == 404)
            let wrong = try await api.post(
                "plan-runs/\(run)/requests/r1/what-if", #"{"kind": "miracle"}"#, as: TestAPI.desk)
            #expect(wrong.status == 422)
            // As many as could be answered in time wait already.
            for _ in 1...2 {
                #expect(
                    try await api.ledger.ask(PlanQuestion(of: run, about: "r1", "{}", by: TestAPI.desk), waiting: 600))
            }
            #expect(try await api.get(path, as: TestAPI.desk).problem().detail.contains("others wait"))
            #expect(try await api.questions() == 2)
        }
    }

    @Test(.timeLimit(.minutes(60))) func `The question of who has hung up is taken back`() async throws {
        // Longer than the test may take: it is not the time that ends the question.
        try await TestAPI.with { settings in
            settings.limits.explaining = .seconds(7200)
            settings.limits.answering = .seconds(7200)
        } _: { api in
            try await api.prepareCases()
            let run = try await api.runWithoutPlace(for: "r1", needing: "closed")
            let asking = Task { try await api.get("plan-runs/\(run)/requests/r1/explanation", as: TestAPI.desk) }
            try await api.awaitQuestion()
            asking.cancel()
            _ = await asking.result
            while try await api.questions() > 0 { await Task.yield() }
        }
    }

    @Test(.timeLimit(.minutes(60))) func `A planner that died over a question is replaced by another`() async throws {
        try await TestAPI.with { api in
            try await api.prepareCases()
            let run = try await api.runWithoutPlace(for: "r1", needing: "closed")
            let asking = Task { try await api.get("plan-runs/\(run)/requests/r1/explanation", as: TestAPI.desk) }
            try await api.awaitQuestion()
            #expect(try await api.ledger.takeQuestion(PlanWorker())?.run == run)
            try await api.ledger.pool.query("UPDATE plan_question SET heartbeat_at = now() - interval '1 minute'")
            try await api.withPlanner {
                let told = try await asking.value
                #expect(try told.decoded(ExplanationBody.self).standing == "unplaced")
            }
            #expect(try await api.questions() == 0)
        }
    }

    @Test func `A planner answers what it cannot explain with the reason`() async throws {
        try await TestAPI.withExplained { api in
            // Of a run that is gone by now, and what nobody of ours asks.
            for (text, code) in [
                (#"{"kind": {"explanation": {}}, "language": "en"}"#, ProblemCode.notFound), ("{}", .internalError),
            ] {
                let question = PlanQuestion(of: 99, about: "r1", text, by: TestAPI.desk)
                #expect(try await api.ledger.ask(question, waiting: 600))
                var answer: String?
                while answer == nil {
                    answer = try await api.ledger.takeAnswer(to: question)
                    await Task.yield()
                }
                let outcome = try JSONDecoder.api.decode(
                    Outcome<ExplanationBody>.self, from: Data(try #require(answer).utf8))
                let problem = #expect(throws: Problem.self) { try outcome.told() }
                #expect(problem?.code == code)
            }
        }
    }
}

extension TestAPI {
    /// Runs a test against a server of a small care chain, and a planner that answers questions about plans.
    fileprivate static func withExplained(_ body: (TestAPI) async throws -> Void) async throws {
        try await withCases { api in
            try await api.withPlanner { try await body(api) }
        }
    }

    /// How many questions there are.
    fileprivate func questions() async throws -> Int {
        try await ledger.pool.query("SELECT count(*) AS count FROM plan_question").one()["count"]
    }

    /// Waits until there is a question.
    fileprivate func awaitQuestion() async throws {
        for await _ in ledger.questionSignals() {
            if try await questions() > 0 { return }
        }
    }

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
