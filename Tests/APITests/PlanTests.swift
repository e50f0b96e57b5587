import CareChain
import Ledger
import NIOHTTP1
import Planning
import TestSupport
import Testing

@testable import API

@Suite struct PlanTests {
    @Test func `The desk asks for a plan, once, and follows it until there is a run`() async throws {
        try await TestAPI.with { api in
            let token = try await api.token(TestAPI.desk)
            let headers = ["Idempotency-Key": "monday"]
            let asked = try await api.send(
                .POST, "/v1/plan-jobs", as: token, headers: headers, json: #"{"from": "2026-01-05", "days": 30}"#)
            #expect(asked.status == 202, "\(asked.text)")
            let again = try await api.send(
                .POST, "/v1/plan-jobs", as: token, headers: headers, json: #"{"from": "2026-01-05", "days": 30}"#)
            #expect(try again.decoded(PlanJobBody.self).id == asked.decoded(PlanJobBody.self).id)
            let place = try #require(asked.header("Location"))
            #expect(try await api.send(.GET, place, as: token).decoded(PlanJobBody.self).state == .queued)
            // A planner works, in a process of its own.
            let run = try await api.plan()
            let since = try await api.send(
                .POST, "/v1/plan-jobs", as: token, headers: headers, json: #"{"from": "2026-01-05", "days": 30}"#)
            #expect(try since.decoded(PlanJobBody.self).state == .queued)
            let job = try await api.send(.GET, place, as: token).decoded(PlanJobBody.self)
            #expect(job.state == .done)
            #expect(job.run == run)
            let jobs = try await api.send(.GET, "/v1/plan-jobs", as: token).decoded(PageBody<PlanJobBody>.self)
            #expect(jobs.items.map(\.id) == [job.id])
            for (json, pointer) in [
                (#"{"days": 0}"#, "/days"), (#"{"seconds": 0}"#, "/seconds"), (#"{"iterations": -1}"#, "/iterations"),
                (#"{"seed": -1}"#, "/seed"),
            ] {
                #expect(try await api.send(.POST, "/v1/plan-jobs", as: token, json: json).problem().pointer == pointer)
            }
        }
    }

    @Test func `A run is told with what it proposes, and put before people`() async throws {
        try await TestAPI.with { api in
            try await api.time("2026-01-05T12:00:00+01:00")
            let token = try await api.token(TestAPI.desk)
            try await api.ledger.add(
                LegalBasis(
                    kind: .law, role: .desk, categories: DataCategory.allCases, from: date("2020-01-01"),
                    reference: "a law of the test"), as: .program(for: nil))
            try await api.request("a")
            try await api.request("b")
            _ = try await api.ledger.askForPlan(
                of: Horizon(start: TestAPI.today, days: 30), RunLimits(seed: 1), by: TestAPI.desk)
            let run = try await api.plan(placing: [("a", "a-1", "u1", 0, 10)])
            let runs = try await api.send(.GET, "/v1/plan-runs", as: token).decoded(PageBody<PlanRunBody>.self)
            #expect(runs.items.map(\.id) == [run])
            let told = try await api.send(.GET, "/v1/plan-runs/\(run)", as: token).decoded(PlanRunBody.self)
            #expect(told.placed == 1 && told.status == "feasible")
            func proposed(_ query: String) async throws -> PageBody<ProposalBody> {
                try await api.send(.GET, "/v1/plan-runs/\(run)/proposals?\(query)", as: token)
                    .decoded(PageBody<ProposalBody>.self)
            }
            let first = try await proposed("limit=1")
            #expect(first.items.map(\.request) == ["a"])
            #expect(first.items.first?.stays.map(\.unit) == ["u1"])
            let second = try await proposed("limit=1&cursor=\(try #require(first.next))")
            #expect(second.items.map(\.request) == ["b"] && second.next == nil)
            #expect(second.items.first?.stays.isEmpty == true && second.items.first?.reasons.isEmpty == false)
            #expect(try await proposed("placed=false").items.map(\.request) == ["b"])
            #expect(try await proposed("placed=true").items.map(\.request) == ["a"])
            let published = try await api.send(.POST, "/v1/plan-runs/\(run)/publication", as: token)
            #expect(try published.decoded(PublicationBody.self).published == ["a"], "\(published.text)")
            for path in ["/v1/plan-runs/99", "/v1/plan-runs/x", "/v1/plan-runs/99/proposals", "/v1/plan-jobs/99"] {
                #expect(try await api.send(.GET, path, as: token).status == 404, "\(path)")
            }
        }
    }
}

extension TestAPI {
    /// The day that a scene's ledger stands at.
    static let today = Scene.start

    /// A request of one victim, asked by the desk.
    func request(_ id: String) async throws {
        let victim = VictimID("\(id)-1")
        _ = try await ledger.add(
            NewRequest(
                id: RequestID(id), victims: [victim],
                newVictims: [
                    NewVictim(
                        victim: Victim(
                            id: victim, sex: .female, birthDate: date("1998-03-14"),
                            phases: StepFunction(constant: .reflection)))
                ],
                urgency: .urgent, neededFrom: Self.today, latestStart: Self.today.adding(days: 20), stayDays: 10,
                region: "north", preferredRegion: nil), by: Self.desk)
    }

    /// Does the oldest plan job as a planner does.
    @discardableResult
    func plan() async throws -> Int {
        try await plan { instance in
            var plan = try Planner(instance).plan()
            plan.solver?.seconds = 0
            return plan
        }
    }

    /// Does the oldest plan job with the plan that a test writes down.
    @discardableResult
    func plan(
        placing stays: [(request: RequestID, victim: VictimID, unit: UnitID, from: Day, until: Day)]
    ) async throws -> Int {
        try await plan { try Self.plan(placing: stays, of: $0) }
    }

    private func plan(_ make: (Instance) throws -> Plan) async throws -> Int {
        let worker = PlanWorker()
        let job = try #require(try await ledger.takePlanJob(worker))
        let instance = try await ledger.instance(on: job.horizon.start, days: job.horizon.days)
        return try #require(try await ledger.finish(job, worker, with: try make(instance), of: instance))
    }

    private static func plan(
        placing stays: [(request: RequestID, victim: VictimID, unit: UnitID, from: Day, until: Day)],
        of instance: Instance
    ) throws -> Plan {
        let chosen = stays.map {
            Stay(request: $0.request, victim: $0.victim, unit: $0.unit, from: $0.from, until: $0.until)
        }
        let placed = Set(chosen.map(\.request))
        var plan = Plan(
            instance: instance.name, stays: chosen,
            unplaced: instance.requests.map(\.id).filter { !placed.contains($0) }.map {
                Unplaced(request: $0, reasons: [Reason(code: "cost", detail: "too dear")])
            },
            funding: FundingRule.payments(of: chosen, in: instance).periods, objective: nil,
            solver: SolverReport(status: .feasible, seconds: 0, cut: false, seed: 1, version: "1", engine: "1"))
        plan.objective = try Referee.judge(plan, of: instance).costs?.total
        return plan
    }
}
