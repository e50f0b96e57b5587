import CareChain
import Planning
import TestSupport
import Testing

@Suite struct ReplanningTests {
    private func instances(_ seeds: Range<UInt64>, _ body: (Instance, UInt64) throws -> Void) throws {
        for seed in seeds {
            var tiny = TinyInstances(seed: seed)
            try body(try tiny.instance(), seed)
        }
    }

    /// The stays of one plan that another does not have.
    private func lost(_ plan: Plan, _ other: Plan) -> Int { Set(plan.stays).subtracting(other.stays).count }

    @Test func `With nothing changed in the instance, nothing changes in the plan`() throws {
        try instances(3000..<3060) { instance, seed in
            let plan = try Planner(instance).plan()
            let again = try Planner(instance).plan(from: plan)
            #expect(again.stays == plan.stays, "seed \(seed)")
            #expect(again.objective == plan.objective, "seed \(seed)")
            #expect(again.solver?.status == .optimal, "seed \(seed)")
        }
    }

    @Test func `From a plan with a request less, it costs as little as from nothing, and changes no more stays`() throws
    {
        var changedLess = 0
        try instances(3100..<3200) { instance, seed in
            let fresh = try Planner(instance).plan()
            guard let last = instance.requests.last, !last.isFixed else { return }
            var previous = fresh
            previous.stays.removeAll { $0.request == last.id }
            previous.prices = nil
            let plan = try Planner(instance).plan(from: previous)
            let verdict = try Referee.judge(plan, of: instance)
            #expect(verdict.violations.isEmpty, "seed \(seed)")
            #expect(plan.objective == fresh.objective, "seed \(seed)")
            #expect(lost(previous, plan) == 0, "seed \(seed)")
            changedLess += 1
        }
        #expect(changedLess > 0)
    }

    @Test func `From the plan before a request came, with its prices, it costs as little as from nothing`() throws {
        try instances(3400..<3460) { instance, seed in
            guard let last = instance.requests.last, !last.isFixed else { return }
            let victims = instance.victims.filter { !last.victims.contains($0.id) }
            let known = Set(victims.map(\.id))
            let before = try Instance(
                name: instance.name, horizon: instance.horizon, moveLimits: instance.moveLimits,
                regions: instance.regions, travelTimes: instance.travelTimes, shelters: instance.shelters,
                units: instance.units, funders: instance.funders, victims: victims,
                requests: instance.requests.dropLast(),
                noContact: instance.noContact.filter { known.contains($0.a) && known.contains($0.b) },
                weights: instance.weights)
            let previous = try Planner(before).plan()
            let plan = try Planner(instance).plan(from: previous)
            let fresh = try Planner(instance).plan()
            #expect(plan.objective == fresh.objective, "seed \(seed)")
            #expect(plan.bound == fresh.bound, "seed \(seed)")
        }
    }

    @Test func `A plan of another instance is only a hint: what no longer holds is planned anew`() throws {
        try instances(3200..<3260) { instance, seed in
            var other = TinyInstances(seed: seed + 1)
            let foreign = try Planner(try other.instance()).plan()
            let plan = try Planner(instance).plan(from: foreign)
            let fresh = try Planner(instance).plan()
            #expect(try Referee.judge(plan, of: instance).violations.isEmpty, "seed \(seed)")
            #expect(plan.objective == fresh.objective, "seed \(seed)")
            #expect(plan.bound == fresh.bound, "seed \(seed)")
        }
    }

    @Test func `Of plans that cost the same, the one that changes fewer stays is preferred`() throws {
        try instances(3300..<3400) { instance, seed in
            let fresh = try Planner(instance).plan()
            // Any plan that costs as little may be the one that people work by.
            let previous = try Planner(instance, options: PlanningOptions(seed: 7)).plan(
                from: Plan(instance: instance.name, stays: []))
            let plan = try Planner(instance).plan(from: previous)
            #expect(plan.objective == fresh.objective, "seed \(seed)")
            #expect(lost(previous, plan) == 0, "seed \(seed)")
        }
    }
}
