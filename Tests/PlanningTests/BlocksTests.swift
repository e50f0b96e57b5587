import CareChain
import LinearProgramming
import Testing

@testable import Planning

@Suite struct BlocksTests {
    @Test func `The nearest regions are in one block, as long as it is not too large`() {
        let roads: [Blocks.Road] = [
            (a: 0, b: 1, minutes: 20), (a: 1, b: 2, minutes: 30), (a: 2, b: 3, minutes: 25), (a: 3, b: 4, minutes: 90),
        ]
        #expect(Blocks.clusters(of: [5, 5, 5, 5, 1], over: roads, atMost: 10).ofRegion == [0, 0, 1, 1, 2])
        #expect(Blocks.clusters(of: [5, 5, 5, 5, 1], over: roads, atMost: 11).ofRegion == [0, 0, 1, 1, 1])
        #expect(Blocks.clusters(of: [5, 5, 5, 5, 1], over: roads, atMost: 21).count == 1)
        #expect(Blocks.clusters(of: [5, 5, 5, 5, 1], over: roads, atMost: 5).count == 5)
    }

    private func blocks(of instance: Instance) -> Int {
        let situation = Situation(instance)
        return Blocks(situation, situation.open.map { OpenRequest($0, in: situation) }, atMost: 1).count
    }

    /// The plan of an instance, begun with blocks of one request, and the bounds on the way.
    private func plan(_ instance: Instance, _ proven: (Int) -> Void = { _ in }) throws -> Plan {
        let situation = Situation(instance)
        let requests = situation.open.map { OpenRequest($0, in: situation) }
        var search = PlanSearch(situation, requests, PlanningOptions(), Interrupt(), blocks: (from: 0, most: 1))
        try search.run { proven($0.bound) }
        return try search.plan()
    }

    @Test func `Blocks give the same bytes whichever is ready first`() throws {
        for seed in UInt64(8100)..<8120 {
            var tiny = TinyInstances(seed: seed)
            let instance = try tiny.instance()
            #expect(try plan(instance).json() == plan(instance).json(), "seed \(seed)")
        }
    }

    @Test func `A plan begun with blocks keeps every rule and costs what the best of all costs, and that is proven`()
        throws
    {
        var divided = 0
        for seed in UInt64(8000)..<8060 {
            var tiny = TinyInstances(seed: seed)
            let instance = try tiny.instance()
            var bounds: [Int] = []
            let plan = try plan(instance) { bounds.append($0) }
            if blocks(of: instance) > 1 { divided += 1 }
            var force = try BruteForce(instance)
            let best = try force.optimum()
            #expect(bounds.allSatisfy { $0 <= best }, "seed \(seed): bounds \(bounds), best \(best)")
            #expect(try Referee.judge(plan, of: instance).isFeasible, "seed \(seed)")
            #expect(plan.objective == best, "seed \(seed)")
            #expect(plan.bound == best, "seed \(seed)")
        }
        #expect(divided > 20)
    }
}
