import CareChain
import Postgres
import TestSupport
import Testing

@testable import Ledger

@Suite struct RunTests {
    private static let requests = [
        Fixture.open("placed", ["v"]), Fixture.open("waits", ["w"]), Fixture.current("stays", ["x"]),
        Fixture.current("moves", ["y"], locked: false),
    ]

    private static func plan(_ instance: Instance) -> Plan {
        Plan(
            instance: instance.name,
            stays: [
                Stay(request: "moves", victim: "y", unit: "u2", from: 7, until: 30),
                Stay(request: "moves", victim: "y", unit: "u1", from: 0, until: 7),
                Stay(request: "placed", victim: "v", unit: "u1", from: 3, until: 23),
                Stay(request: "stays", victim: "x", unit: "u1", from: 0, until: 30),
            ],
            unplaced: [
                Unplaced(
                    request: "waits",
                    reasons: [
                        Reason(code: "no-capacity", detail: "every bed is taken"),
                        Reason(code: "avoid", detail: "the rest is to be avoided"),
                    ])
            ],
            funding: [FundingPeriod(victim: "v", funder: "state", from: 3, until: 23)], objective: 41_500,
            bound: 40_000,
            prices: [BedPrice(unit: "u1", days: 0..<3, price: 412.5)],
            solver: SolverReport(
                status: .feasible, seconds: 0.25, cut: true, seed: 7, version: "1.0", engine: "engine 1"))
    }

    @Test func `A run is kept with its input and output to the byte`() async throws {
        try await withLedger(holding: Fixture.instance(Self.requests)) { ledger in
            let instance = try await ledger.instance(on: Fixture.start, days: 40)
            let plan = Self.plan(instance)
            let limits = RunLimits(seed: 7, seconds: 0.5, iterations: 100)
            let id = try await ledger.keep(plan, of: instance, limits: limits)
            let kept = try await ledger.run(id)
            #expect(kept.instance == instance.json())
            #expect(kept.plan == plan.json())
            #expect(kept.run.horizon == instance.horizon)
            #expect(kept.run.limits == limits)
            #expect(kept.run.version == "1.0")
            #expect(kept.run.engine == "engine 1")
            #expect(kept.run.seconds == 0.25)
            #expect(kept.run.status == .feasible)
            #expect(kept.run.cut)
            #expect(kept.run.objective == 41_500)
            #expect(kept.run.bound == 40_000)
            #expect((kept.run.placed, kept.run.unplaced) == (2, 1))

            let second = try await ledger.keep(plan, of: instance, limits: RunLimits(seed: 8))
            #expect(second > id)
            #expect(try await ledger.runs().map(\.id) == [second, id])
            #expect(try await ledger.runs().map(\.limits) == [RunLimits(seed: 8), limits])
        }
    }

    @Test func `A run proposes for what nobody has decided on, by date`() async throws {
        try await withLedger(holding: Fixture.instance(Self.requests)) { ledger in
            let instance = try await ledger.instance(on: Fixture.start, days: 40)
            let id = try await ledger.keep(Self.plan(instance), of: instance, limits: RunLimits(seed: 7))
            try await ledger.pool.query(
                """
                INSERT INTO access.legal_basis (kind, role, categories, days, reference)
                VALUES ('law', 'desk', '{phase}', '[2020-01-01,)', 'a law of the test')
                """)
            func stay(_ victim: VictimID, _ unit: UnitID, _ from: Int, _ until: Int) -> ProposedStay {
                ProposedStay(victim: victim, unit: unit, from: Fixture.date(from), until: Fixture.date(until))
            }
            #expect(
                try await ledger.proposals(of: id, .all, as: FlowScene.desk).elements == [
                    Proposal(request: "moves", outcome: .stays([stay("y", "u1", 0, 7), stay("y", "u2", 7, 30)])),
                    Proposal(request: "placed", outcome: .stays([stay("v", "u1", 3, 23)])),
                    Proposal(
                        request: "waits",
                        outcome: .unplaced([
                            Reason(code: "no-capacity", detail: "every bed is taken"),
                            Reason(code: "avoid", detail: "the rest is to be avoided"),
                        ])),
                ])
        }
    }

    @Test func `What cannot be kept leaves nothing behind`() async throws {
        let instance = try Fixture.instance(Self.requests)
        try await withLedger(holding: Fixture.instance([Fixture.open("placed", ["v"])])) { ledger in
            let limits = RunLimits(seed: 1)
            let strange = try Fixture.instance([Fixture.open("strange", ["z"])])
            var plan = Self.plan(instance)
            plan.stays = []
            var error = await #expect(throws: LedgerError.self) {
                try await ledger.keep(plan, of: strange, limits: limits)
            }
            #expect(error == .refused(constraint: "proposal_request"))
            plan.instance = "another"
            error = await #expect(throws: LedgerError.self) {
                try await ledger.keep(plan, of: instance, limits: limits)
            }
            #expect(error == .unkeepablePlan("the plan is of instance \"another\", not of \"fixture\""))
            plan = Self.plan(instance)
            plan.solver = nil
            await #expect(throws: LedgerError.self) { try await ledger.keep(plan, of: instance, limits: limits) }
            let runs = try await ledger.runs()
            #expect(runs.isEmpty)
            error = await #expect(throws: LedgerError.self) { try await ledger.run(9) }
            #expect(error == .noSuchRun(9))
            await #expect(throws: LedgerError.noSuchRun(9)) {
                try await ledger.proposals(of: 9, .all, as: FlowScene.desk)
            }
        }
    }
}
