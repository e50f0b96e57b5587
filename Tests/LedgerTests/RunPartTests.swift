import CareChain
import Ledger
import Postgres
import TestSupport
import Testing

@Suite struct RunPartTests {
    private static let south = FlowScene.actor("coordinator/south")

    /// A run of two requests, of two regions with a coordinator each.
    private func withRun(_ body: (FlowScene, Int) async throws -> Void) async throws {
        try await FlowScene.run { scene in
            let ledger = scene.ledger
            try await scene.request("a")
            try await scene.request("b")
            try await ledger.pool.query("UPDATE request SET region = 'south' WHERE id = 'b'")
            try await ledger.pool.query("INSERT INTO investigation VALUES ('a-1', 'south', 90, '[2026-01-01,)')")
            try await ledger.pool.query("INSERT INTO no_contact VALUES ('a-1', 'b-1', 'unit', '[2026-01-01,)')")
            try await ledger.add(
                Coverage(region: "south", coordinator: "south", from: FlowScene.day(0)), by: FlowScene.desk)
            let instance = try await ledger.instance(on: FlowScene.day(0), days: 60)
            let stays = [Stay(request: "a", victim: "a-1", unit: "open", from: 0, until: 30)]
            let plan = Plan(
                instance: instance.name, stays: stays,
                unplaced: [Unplaced(request: "b", reasons: [Reason(code: "cost", detail: "too dear")])],
                funding: FundingRule.payments(of: stays, in: instance).periods, objective: 9,
                sharedPrices: [
                    SharedPrice(subject: .presence(of: "a-1", or: "b-1", in: "open"), days: 0..<30, price: 9)
                ],
                solver: SolverReport(status: .feasible, seconds: 0, cut: false, seed: 1, version: "1", engine: "1"))
            try await body(scene, try await ledger.keep(plan, of: instance, limits: RunLimits(seed: 1)))
        }
    }

    @Test func `The desk sees a run of all requests, a coordinator what is about its own, nobody an investigation`()
        async throws
    {
        try await withRun { scene, run in
            let all = try await scene.ledger.run(run, as: FlowScene.desk)
            #expect(all.instance.requests.map(\.id) == ["a", "b"])
            #expect(all.instance.noContact.count == 1)
            #expect(all.instance.victims.allSatisfy { $0.investigation == nil })
            #expect(all.plan.objective == 9)
            let north = try await scene.ledger.run(run, as: FlowScene.coordinator)
            #expect(north.instance.requests.map(\.id) == ["a"])
            #expect(north.instance.victims.map(\.id) == ["a-1"])
            #expect(north.instance.noContact.isEmpty)
            #expect(north.plan.stays.map(\.request) == ["a"])
            #expect(north.plan.unplaced.isEmpty)
            #expect(north.plan.sharedPrices == nil)
            let south = try await scene.ledger.run(run, as: Self.south)
            #expect(south.plan.stays.isEmpty)
            #expect(south.plan.funding.isEmpty)
            #expect(south.plan.unplaced.map(\.request) == ["b"])
            #expect(try await scene.ledger.proposals(of: run, .all, as: Self.south).elements.map(\.request) == ["b"])
            for actor in [FlowScene.shelter(of: "open"), FlowScene.police, FlowScene.actor("governor/g")] {
                await #expect(throws: LedgerError.self) { try await scene.ledger.run(run, as: actor) }
            }
        }
    }

    @Test func `A request of a run is explained to who may see it, with what the planner knew`() async throws {
        try await withRun { scene, run in
            let basis = try await scene.ledger.basis(of: run, explaining: "a", as: FlowScene.coordinator)
            #expect(basis.instance.victims.first { $0.id == "a-1" }?.investigation?.region == "south")
            #expect(basis.instance.requests.count == 2)
            #expect(basis.visible == ["a"])
            for (request, actor) in [("b", FlowScene.coordinator), ("a", Self.south), ("none", FlowScene.desk)] {
                await #expect(throws: LedgerError.noSuch(kind: .request, id: request)) {
                    try await scene.ledger.basis(of: run, explaining: RequestID(request), as: actor)
                }
            }
        }
    }

    @Test func `Whether there is a run that has nothing of theirs, a coordinator is not told`() async throws {
        try await withRun { scene, run in
            let stranger = FlowScene.actor("coordinator/east")
            for number in [run, 99] {
                await #expect(throws: LedgerError.noSuchRun(number)) {
                    try await scene.ledger.run(number, as: stranger)
                }
            }
            await #expect(throws: LedgerError.noSuchRun(99)) { try await scene.ledger.run(99, as: FlowScene.desk) }
        }
    }

    @Test func `The desk pages through the runs, the newest first`() async throws {
        try await withRun { scene, run in
            let instance = try await scene.ledger.run(run, as: FlowScene.desk)
            let second = try await scene.ledger.keep(instance.plan, of: instance.instance, limits: RunLimits(seed: 2))
            let first = try await scene.ledger.runs(PageRequest(limit: 1), as: FlowScene.desk)
            #expect(first.elements.map(\.id) == [second])
            let rest = try await scene.ledger.runs(PageRequest(after: first.next, limit: 1), as: FlowScene.desk)
            #expect(rest.elements.map(\.id) == [run])
            #expect(rest.next == nil)
            await #expect(throws: LedgerError.self) {
                try await scene.ledger.runs(PageRequest(limit: 1), as: FlowScene.coordinator)
            }
        }
    }
}
