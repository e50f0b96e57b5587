import CareChain
import Planning
import Testing

@Suite struct PlannerPropertyTests {
    @Test(arguments: 0..<10)
    func `Plans of random tiny instances cost what the best of all plans costs, and prove it`(block: Int) throws {
        for n in 0..<20 {
            var tiny = TinyInstances(seed: UInt64(block * 1000 + n))
            let instance = try tiny.instance()
            let plan = try Planner(instance).plan()
            let best = try BruteForce(instance: instance).optimum()
            let verdict = try Referee.judge(plan, of: instance)
            #expect(verdict.violations.isEmpty, "block \(block), instance \(n)")
            #expect(plan.objective == verdict.costs?.total)
            #expect(plan.objective == best, "block \(block), instance \(n)")
            #expect(plan.bound == best, "block \(block), instance \(n)")
            #expect(plan.solver?.status == .optimal)
        }
    }

    @Test func `The same instance and seed give the same plan`() throws {
        var tiny = TinyInstances(seed: 77)
        let instance = try tiny.instance()
        #expect(try Planner(instance).plan() == Planner(instance).plan())
    }

    @Test func `The greedy plan keeps every rule and costs no less`() throws {
        for n in 0..<50 {
            var tiny = TinyInstances(seed: UInt64(5000 + n))
            let instance = try tiny.instance()
            let greedy = try Planner(instance).greedyPlan()
            let verdict = try Referee.judge(greedy, of: instance)
            #expect(verdict.isFeasible, "instance \(n)")
            let plan = try Planner(instance).plan()
            #expect(try #require(plan.objective) <= #require(greedy.objective))
        }
    }
}
