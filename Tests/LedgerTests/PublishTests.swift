import CareChain
import Foundation
import Ledger
import Planning
import Postgres
import TestSupport
import Testing

@Suite struct PublishTests {
    /// Plans what the ledger holds and keeps the run.
    private func plan(_ scene: FlowScene) async throws -> Int {
        let instance = try await scene.ledger.instance(on: Fixture.start, days: 60)
        var plan = try Planner(instance).plan()
        plan.solver?.seconds = 0
        return try await scene.ledger.keep(plan, of: instance, limits: RunLimits(seed: 0))
    }

    @Test func `Proposals that facts have overtaken are dropped with their reason, the others are put before people`()
        async throws
    {
        try await FlowScene.run { scene in
            // Two who can only be in one unit each, one who withdraws, one for whom there is none.
            try await scene.request("far", avoid: Avoidance(regions: ["north"]))
            try await scene.request(
                "open",
                avoid: Avoidance(
                    regions: ["south"],
                    shelters: [
                        "s-single", "s-exclusive", "s-cosm", "s-omm", "s-crisis", "s-night", "s-amv", "s-youth",
                        "s-closed",
                    ]))
            try await scene.request("gone")
            try await scene.request("none", needs: ["moon"])
            let run = try await plan(scene)
            try await scene.ledger.withdraw("gone", reason: "left", by: FlowScene.coordinator)
            _ = try await scene.ledger.report(
                [CapacityReport(unit: "far", kind: .beds, number: 0, from: FlowScene.day(0), reason: "fire", key: "1")],
                by: FlowScene.shelter(of: "far"))
            let publication = try await scene.ledger.publish(run, by: FlowScene.desk, key: "p")
            #expect(publication.published == ["open"])
            #expect(publication.unplaced == ["none"])
            #expect(publication.dropped.map { "\($0.request): \($0.reason)" } == ["far: capacity", "gone: request"])
            #expect(try await scene.ledger.publish(run, by: FlowScene.desk, key: "p") == publication)
            #expect(try await scene.state("open") == .proposed)
            #expect(try await scene.state("far") == .submitted)
            let unplaced = try await scene.ledger.request("none", as: FlowScene.desk)
            #expect(unplaced.summary.state == .unplaced)
            #expect(unplaced.unmet.map(\.day) == [FlowScene.day(0)])
            #expect(unplaced.unmet[0].reasons.contains { $0.contains("services") })
            let twice = await #expect(throws: LedgerError.self) {
                try await scene.ledger.publish(run, by: FlowScene.desk)
            }
            #expect(twice?.description.contains("published already") == true)

            // Against the plan it takes a reason.
            let against = await #expect(throws: LedgerError.self) {
                try await scene.offer("open", "cosm", by: FlowScene.desk)
            }
            #expect(against?.rules == ["avoid"])
            let followed = try await scene.offer("open", "open")
            #expect(followed.state == .open)
            #expect(try await scene.state("open") == .offered)
        }
    }

    @Test func `A plan is not published for days that are over`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("now", latest: 0)
            try await scene.request("later", from: 5)
            try await scene.request("none", needs: ["moon"])
            let run = try await plan(scene)
            try await scene.time("2026-01-06 12:00+01")
            let publication = try await scene.ledger.publish(run, by: FlowScene.desk)
            #expect(publication.published == ["later"])
            #expect(publication.dropped.map { "\($0.request): \($0.reason)" } == ["now: timing"])
            // The need is of the day on which it is told.
            let unmet = try await scene.ledger.request("none", as: FlowScene.desk).unmet
            #expect(unmet.map(\.day) == [FlowScene.day(1)])
        }
    }

    @Test func `Planners share a queue, take over when a heart stops, and keep a run once`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("a")
            let horizon = Horizon(start: Fixture.start, days: 30)
            let limits = RunLimits(seed: 0)
            let first = try await scene.ledger.askForPlan(of: horizon, limits, by: FlowScene.desk, key: "k")
            #expect(try await scene.ledger.askForPlan(of: horizon, limits, by: FlowScene.desk, key: "k") == first)
            let second = try await scene.ledger.askForPlan(of: horizon, limits, by: FlowScene.desk)
            let (one, other) = (PlanWorker(), PlanWorker())
            let taken = try #require(try await scene.ledger.takePlanJob(one, silence: 3600))
            #expect(taken.id == first.id)
            #expect(try await scene.ledger.takePlanJob(other, silence: 3600)?.id == second.id)
            #expect(try await scene.ledger.takePlanJob(PlanWorker(), silence: 3600) == nil)
            // The first planner's heart stops long enough for the other to take over; then it comes back.
            try await scene.ledger.pool.query(
                "UPDATE plan_job SET heartbeat_at = heartbeat_at - interval '2 hours' WHERE id = \(first.id)")
            let again = try #require(try await scene.ledger.takePlanJob(other, silence: 3600))
            #expect(again.id == first.id)
            #expect(again.attempts == 2)
            #expect(try await scene.ledger.beat(one, on: first.id) == false)
            let instance = try await scene.ledger.instance(on: Fixture.start, days: 30)
            var plan = try Planner(instance).plan()
            plan.solver?.seconds = 0
            #expect(try await scene.ledger.finish(taken, one, with: plan, of: instance) == nil)
            let run = try await scene.ledger.finish(again, other, with: plan, of: instance)
            #expect(run != nil)
            #expect(try await scene.ledger.runs().map(\.id) == [run])
            #expect(try await scene.ledger.planJobs().map(\.state) == [.running, .done])

            // Over the other job planners die, again and again.
            for attempt in 2...6 {
                #expect(try await scene.ledger.takePlanJob(PlanWorker(), silence: 3600) == nil)
                try await scene.ledger.pool.query(
                    "UPDATE plan_job SET heartbeat_at = heartbeat_at - interval '2 hours' WHERE id = \(second.id)")
                #expect(try await scene.ledger.readiness().oldestJobSeconds > 0)
                let next = try await scene.ledger.takePlanJob(PlanWorker(), silence: 3600)
                #expect(next?.attempts == (attempt < 6 ? attempt : nil))
            }
            let given = try await scene.ledger.planJobs()
            #expect(given.map(\.state) == [.failed, .done])
            #expect(given[0].failure == "given up: 5 planners died over it")
            #expect(try await scene.ledger.readiness().oldestJobSeconds == 0)
        }
    }
}
