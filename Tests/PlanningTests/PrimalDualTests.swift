import CareChain
import LinearProgramming
import Testing

@testable import Planning

@Suite struct PrimalDualTests {
    @Test func `Nearly solved, a linear program proves nearly as much as solved by an interior point method`() throws {
        var proven = (near: 0.0, exactly: 0.0)
        try TinyInstances.situations(6000..<6100) { situation, requests, seed in
            var exact = ColumnGeneration(situation, requests, seed: 0) { false }
            var near = exact
            var (whole, approached) = (Branch(requests), Branch(requests))
            while try exact.iterate(&whole, .init(), nil) == .goesOn {}
            while near.approach(&approached) == .goesOn {}
            // Rows of single-sex units are only in the exact program.
            if !exact.master.mixedDays.isEmpty { return }
            #expect(approached.bound <= whole.bound + 0.1, "seed \(seed)")
            proven.near += approached.bound - Double(situation.fixedPoints)
            proven.exactly += whole.bound - Double(situation.fixedPoints)
        }
        #expect(proven.exactly > 10_000)
        #expect(proven.near > 0.99 * proven.exactly)
    }

    @Test func `What a dive takes fits together, and costs no less than what is proven`() throws {
        try TinyInstances.situations(6100..<6150) { situation, requests, seed in
            var generation = ColumnGeneration(situation, requests, seed: 0) { false }
            var branch = Branch(requests)
            while generation.approach(&branch) == .goesOn {}
            let taken = generation.dived(branch) { false }.chosen.compactMap { $0 }
            // Assembling a plan has the referee judge it.
            let plan = try PlanAssembly(situation: situation, requests: requests)
                .plan(of: taken, bound: nil, prices: nil, cut: false, PlanningOptions())
            #expect(try Double(#require(plan.objective)) >= branch.bound - 0.1, "seed \(seed)")
        }
    }

    @Test(
        arguments: [
            ([0.2, 0.3], [0.2, 0.3]),
            ([-1, 0.4], [0, 0.4]),
            ([0.9, 0.5], [0.7, 0.3]),
            ([3, 1, 2.5], [0.75, 0, 0.25]),
            ([1e17, 1e17 - 64], [1, 0]),
            ([-5, -2], [0, 0]),
            ([], []),
        ] as [([Double], [Double])])
    func `Values are brought to the nearest that are at least 0 and together at most 1`(
        values: [Double], nearest: [Double]
    ) {
        var projected = values
        projected.withUnsafeMutableBufferPointer { PrimalDual.project($0) }
        #expect(projected.count == nearest.count)
        for (value, expected) in zip(projected, nearest) { #expect(abs(value - expected) < 1e-9) }
    }
}
