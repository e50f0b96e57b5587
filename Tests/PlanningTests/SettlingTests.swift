import CareChain
import LinearProgramming
import Testing

@testable import Planning

/// The linear program that is kept, near prices that were right before a change.
@Suite struct SettlingTests {
    /// What is known of a random tiny instance: its linear program solved anew, and a branch at a plan's prices, times a factor.
    private struct Begun {
        let whole: Branch
        var generation: ColumnGeneration
        var branch: Branch
        let seed: UInt64
    }

    private func begun(_ seeds: Range<UInt64>, _ factors: [Double], _ body: (Begun) throws -> Void) throws {
        try TinyInstances.situations(seeds) { situation, requests, seed in
            var exact = ColumnGeneration(situation, requests, seed: 0) { false }
            var whole = Branch(requests)
            while try exact.iterate(&whole, .init(), nil) == .goesOn {}
            let plan = try Planner(situation.instance).plan()
            for factor in factors {
                var previous = plan
                previous.prices = plan.prices?.map {
                    BedPrice(unit: $0.unit, days: $0.days, price: $0.price * factor)
                }
                previous.sharedPrices = plan.sharedPrices?.map {
                    SharedPrice(subject: $0.subject, days: $0.days, price: $0.price * factor)
                }
                var generation = ColumnGeneration(situation, requests, seed: 0) { false }
                var branch = Branch(requests)
                generation.begin(&branch, atPricesOf: previous)
                // Where the greedy plan costs nothing there are no prices.
                if branch.center == nil { continue }
                try body(Begun(whole: whole, generation: generation, branch: branch, seed: seed))
            }
        }
    }

    /// Settles; nil where it gives up.
    private func settled(_ begun: Begun) throws -> Begun? {
        var begun = begun
        let known = try #require(begun.branch.center, "seed \(begun.seed)")
        begun.generation.addRows(at: known)
        let chosen = begun.generation.trajectories(of: begun.branch, within: .infinity)
        var program = try begun.generation.program(over: chosen, near: known)
        for _ in 0..<50 {
            let step = try begun.generation.settle(&begun.branch, in: &program, .init(), nil)
            if step != .goesOn { return step == .solved ? begun : nil }
        }
        return nil
    }

    @Test func `Whatever prices it begins near, it ends with as much proven as the program solved anew`() throws {
        var mixed = 0
        try begun(7000..<7080, [0, 0.3, 1, 5]) { begun in
            let settled = try #require(try settled(begun), "seed \(begun.seed)")
            #expect(abs(settled.branch.centerBound - begun.whole.bound) < 1, "seed \(begun.seed)")
            if !settled.generation.master.mixedDays.isEmpty { mixed += 1 }
        }
        #expect(mixed > 5)
    }

    @Test func `Near prices that are right, they mostly stay`() throws {
        // The least of all that are best are sought as well, and those may be others.
        var (stayed, moved) = (0, 0)
        try begun(7100..<7160, [1]) { begun in
            // Where they prove all that there is to prove.
            guard begun.whole.bound - begun.branch.bound < 0.1, let known = begun.branch.center else { return }
            let settled = try #require(try settled(begun)?.branch.center, "seed \(begun.seed)")
            let apart = zip(settled.prices.beds, known.prices.beds).map { abs($0 - $1) }.reduce(0, max)
            if apart < 1 { stayed += 1 } else { moved += 1 }
        }
        #expect(stayed > 10 * moved)
    }

    @Test func `All trajectories are known that a plan as good could use, when it says so`() throws {
        var listed = 0
        try begun(7200..<7260, [0.3, 1]) { begun in
            var settled = try #require(try settled(begun), "seed \(begun.seed)")
            if settled.branch.listedWithin <= 0 { return }
            settled.branch.duals = settled.branch.center
            let known = settled.generation.master.trajectories.count
            let isAll = settled.generation.addAll(
                settled.branch, within: settled.branch.listedWithin, atMost: 100_000)
            #expect(isAll, "seed \(begun.seed)")
            #expect(settled.generation.master.trajectories.count == known, "seed \(begun.seed)")
            listed += 1
        }
        #expect(listed > 20)
    }

    @Test func `Few are all, and more than that are not said to be`() throws {
        var (few, many) = (0, 0)
        try TinyInstances.situations(7300..<7360) { situation, requests, seed in
            let prices = Prices(in: situation, open: requests.count)
            var pricing = Pricing(situation)
            for (place, request) in requests.enumerated() {
                func found(_ keep: Pricing.Keep) -> Pricing.Result {
                    pricing.trajectories(
                        of: request, place, at: prices, below: Double(request.unplacedPoints), keep: keep)
                }
                let all = found(.all(100_000))
                let some = found(.few(6, otherwise: 2))
                if all.legs.count <= 6 {
                    #expect(some.legs == all.legs, "seed \(seed)")
                    #expect(some.isCut == all.isCut, "seed \(seed)")
                    few += 1
                } else {
                    #expect(some.legs == found(.best(2)).legs, "seed \(seed)")
                    #expect(some.isCut, "seed \(seed)")
                    many += 1
                }
                if all.least < .infinity { #expect(some.least == all.least, "seed \(seed)") }
            }
        }
        #expect(few > 20)
        #expect(many > 20)
    }
}
