import CareChain
import Foundation
import Planning
import Testing

@Suite struct ShippedInstanceTests {
    private static let benchmarks = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Benchmarks")

    /// The proven optima by the names of the instances.
    private static func optima() throws -> [String: Int] {
        try JSONDecoder().decode(
            [String: Int].self, from: try Data(contentsOf: benchmarks.appending(path: "optima.json")))
    }

    private static func instance(_ name: String) throws -> Instance {
        try Instance(json: Array(try Data(contentsOf: benchmarks.appending(path: "\(name).json"))))
    }

    @Test func `Each small instance, one for each rule, costs what it must, and that is proven`() throws {
        let rules = try Self.optima().filter { $0.key.hasPrefix("rules/") }
        #expect(rules.count == 40)
        for (name, optimum) in rules.sorted(by: { $0.key < $1.key }) {
            let instance = try Self.instance(name)
            let plan = try Planner(instance).plan()
            #expect(plan.objective == optimum, "\(name)")
            #expect(plan.bound == optimum, "\(name)")
            #expect(try Referee.judge(plan, of: instance).isFeasible, "\(name)")
        }
    }

    @Test(arguments: [nil, 0, 1])
    func `Where there is no bed at all, all are left unplaced, and that is proven`(iterations: Int?) throws {
        let some = try Self.instance("rules/capacity")
        let units = some.units.map {
            Unit(
                id: $0.id, shelter: $0.shelter, bedType: $0.bedType, beds: StepFunction(constant: 0),
                accepts: $0.accepts, dailyCost: $0.dailyCost)
        }
        let none = try Instance(
            name: some.name, horizon: some.horizon, moveLimits: some.moveLimits, regions: some.regions,
            travelTimes: some.travelTimes, shelters: some.shelters, units: units, funders: some.funders,
            victims: some.victims, requests: some.requests, noContact: some.noContact, weights: some.weights)
        let plan = try Planner(none, options: PlanningOptions(iterations: iterations)).plan()
        #expect(Set(plan.unplaced.map(\.request)) == Set(none.requests.map(\.id)))
        if iterations != 0 { #expect(plan.bound == plan.objective) }
    }

    @Test func `All trajectories are listed, and none that costs as much as no place at all`() throws {
        let instance = try Self.instance("rules/budget")
        let list = try #require(Planner(instance).trajectories(atMost: 10_000))
        #expect(list.isComplete)
        #expect(!list.trajectories.isEmpty)
        for trajectory in list.trajectories {
            #expect(trajectory.cost < list.requests[trajectory.request].unplacedCost)
            #expect(trajectory.legs.allSatisfy { $0.units.count == list.requests[trajectory.request].sexes.count })
        }
        let count = list.trajectories.count
        #expect(Planner(instance).trajectories(atMost: count) == list)
        #expect(Planner(instance).trajectories(atMost: count - 1) == nil)
    }

    @Test func `The cheapest way to place a request is among the trajectories listed`() throws {
        for seed in UInt64(7000)..<7040 {
            var tiny = TinyInstances(seed: seed)
            let instance = try tiny.instance()
            let list = try #require(Planner(instance).trajectories(atMost: 100_000))
            let every = WaysToStay(instance)
            for (r, request) in instance.requests.filter({ !$0.isFixed }).enumerated() {
                let costs = list.trajectories.filter { $0.request == r }.map(\.cost)
                let unplaced = list.requests[r].unplacedCost
                #expect(costs.min() == every.ways(of: request).first.map { $0.points + unplaced }, "seed \(seed)")
            }
        }
    }
}
