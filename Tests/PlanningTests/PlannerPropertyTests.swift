import CareChain
import Planning
import Testing

@Suite struct PlannerPropertyTests {
    /// The planner's answer to each of some random tiny instances.
    private func tiny(_ seeds: Range<UInt64>, _ body: (Instance, UInt64) throws -> Void) throws {
        for seed in seeds {
            var tiny = TinyInstances(seed: seed)
            try body(try tiny.instance(), seed)
        }
    }

    @Test(arguments: 0..<20)
    func `Plans of random tiny instances cost what the best of all plans costs, and prove it`(block: UInt64) throws {
        try tiny(block * 25..<(block + 1) * 25) { instance, seed in
            var bounds: [Int] = []
            let plan = try Planner(instance).plan { bounds.append($0.bound) }
            var force = try BruteForce(instance)
            let best = try force.optimum()
            #expect(bounds.allSatisfy { $0 <= best }, "seed \(seed): bounds \(bounds), best \(best)")
            let verdict = try Referee.judge(plan, of: instance)
            #expect(verdict.violations.isEmpty, "seed \(seed)")
            #expect(plan.objective == verdict.costs?.total, "seed \(seed)")
            #expect(plan.objective == best, "seed \(seed)")
            #expect(plan.bound == best, "seed \(seed)")
            #expect(plan.solver?.status == .optimal, "seed \(seed)")
        }
    }

    /// Not all who must be placed in one of its branches can be, so that there no prices are the best: they grew beyond all
    /// numbers, and the planner never ended.
    @Test func `Prices that could grow without end do not keep the planner from ending`() throws {
        var tiny = TinyInstances(seed: 10015)
        let instance = try tiny.instance()
        let fewer = try instance.adding { n, _ in n == 10015 % instance.units.count ? -1 : 0 }
        let plan = try Planner(fewer).plan()
        var force = try BruteForce(fewer)
        let best = try force.optimum()
        #expect(plan.objective == best)
        #expect(plan.bound == best)
    }

    /// Where no place is worth what passing a budget costs, nobody has one: whoever the linear program places in part.
    @Test func `Where budgets are so tight that places cost more than none, the plan is the best`() throws {
        var emptied = 0
        try tiny(7000..<7200) { instance, seed in
            var weights = instance.weights
            weights.overBudgetEuro = 30
            let funder = Funder(
                id: "all", name: "all", accepts: FunderAcceptance(), window: 0..<100,
                budget: Cents(Int(seed % 7) * 10_000))
            let tight = try Instance(
                name: instance.name, horizon: instance.horizon, moveLimits: instance.moveLimits,
                regions: instance.regions, travelTimes: instance.travelTimes, shelters: instance.shelters,
                units: instance.units, funders: [funder],
                // Those who have paid for them are gone.
                victims: instance.victims.map {
                    Victim(
                        id: $0.id, sex: $0.sex, birthDate: $0.birthDate, phases: $0.phases,
                        registeredIn: $0.registeredIn, needs: $0.needs, security: $0.security, avoid: $0.avoid,
                        investigation: $0.investigation, paidDays: [])
                }, requests: instance.requests, noContact: instance.noContact, weights: weights)
            let plan = try Planner(tight).plan()
            var force = try BruteForce(tight)
            let best = try force.optimum()
            #expect(plan.objective == best, "seed \(seed)")
            #expect(plan.bound == best, "seed \(seed)")
            if !plan.unplaced.isEmpty,
                plan.stays.allSatisfy({ stay in
                    tight.requests.contains { $0.id == stay.request && $0.isFixed }
                })
            {
                emptied += 1
            }
        }
        #expect(emptied > 5)
    }

    @Test func `In whatever order the parts of an instance are listed, its best plan costs the same`() throws {
        try tiny(1000..<1040) { instance, seed in
            let plan = try Planner(instance).plan()
            try #require(plan.solver?.status == .optimal, "seed \(seed)")
            var order = TinyInstances(seed: seed + 1_000_000)
            let shuffled = try order.shuffled(instance)
            let again = try Planner(shuffled).plan()
            #expect(again.solver?.status == .optimal, "seed \(seed)")
            #expect(again.objective == plan.objective, "seed \(seed)")
        }
    }

    @Test(arguments: [nil, 0, 1, 3])
    func `The same instance, seed and iterations give the same bytes`(iterations: Int?) throws {
        try tiny(2000..<2020) { instance, seed in
            let planner = Planner(instance, options: PlanningOptions(iterations: iterations, seed: 7))
            let plan = try planner.plan()
            #expect(plan.solver?.cut == false, "seed \(seed)")
            #expect(try planner.plan().json() == plan.json(), "seed \(seed)")
        }
    }

    @Test
    func `Without any time the plan keeps every rule, costs no more than the greedy one, and says that it was cut`()
        throws
    {
        var cut = 0
        try tiny(3000..<3040) { instance, seed in
            let plan = try Planner(instance, options: PlanningOptions(secondsLeft: { 0 })).plan()
            #expect(try Referee.judge(plan, of: instance).isFeasible, "seed \(seed)")
            let greedy = try Planner(instance).greedyPlan()
            #expect(try #require(plan.objective) <= #require(greedy.objective), "seed \(seed)")
            if plan.solver?.status != .optimal { #expect(plan.solver?.cut == true, "seed \(seed)") }
            if plan.solver?.cut == true { cut += 1 }
        }
        #expect(cut > 0)
    }

    @Test func `Stopped at whatever moment, what is proven is true and the plan keeps every rule`() throws {
        try tiny(3040..<3060) { instance, seed in
            let optimum = try Planner(instance).plan().objective
            for moments in [1, 2, 3, 5, 8, 13, 21, 34, 55, 89] {
                let left = Countdown(moments)
                let plan = try Planner(instance, options: PlanningOptions(secondsLeft: left.next)).plan()
                #expect(try Referee.judge(plan, of: instance).isFeasible, "seed \(seed)")
                #expect(try #require(plan.objective) >= #require(optimum), "seed \(seed), \(moments)")
                #expect(try #require(plan.bound) <= #require(optimum), "seed \(seed), \(moments)")
            }
        }
    }

    @Test func `The greedy plan keeps every rule and costs no less`() throws {
        try tiny(5000..<5050) { instance, seed in
            let greedy = try Planner(instance).greedyPlan()
            #expect(try Referee.judge(greedy, of: instance).isFeasible, "seed \(seed)")
            #expect(greedy.bound == nil)
            let plan = try Planner(instance).plan()
            #expect(try #require(plan.objective) <= #require(greedy.objective), "seed \(seed)")
        }
    }
}
