import CareChain
import Testing

/// Finds the cheapest plan of a tiny instance among all, and has the referee judge it: it shares no code with the
/// planner.
struct BruteForce {
    private let instance: Instance
    private let bedsLeft: [Int]
    private let open: [Request]
    private let ways: [[WaysToStay.Way]]
    /// What fixed requests cost and all others unplaced, and what funders then have paid.
    private let base: Int
    private let paid: [Int]
    private var best: Int
    private var chosen: [WaysToStay.Way?]
    private var bestChosen: [WaysToStay.Way?]

    init(_ instance: Instance) throws {
        self.instance = instance
        let every = WaysToStay(instance)
        bedsLeft = every.bedsLeft
        open = instance.requests.filter { !$0.isFixed }
        ways = Self.simplified(open.map { every.ways(of: $0) }, instance, bedsLeft: every.bedsLeft)
        let fixed = instance.requests.flatMap { FixedRule.stays(of: $0, in: instance) ?? [] }
        let costs = try #require(try Self.judge(fixed, unplaced: open.map(\.id), of: instance).costs)
        base = costs.total - costs[.overBudget]
        paid = FundingRule.payments(of: fixed, in: instance).spent.map(\.amount)
        best = costs.total
        chosen = .init(repeating: nil, count: open.count)
        bestChosen = chosen
    }

    /// What the cheapest plan costs; the referee has seen it.
    mutating func optimum() throws -> Int {
        search(Set(open.indices), points: base)
        let stays =
            instance.requests.flatMap { FixedRule.stays(of: $0, in: instance) ?? [] }
            + bestChosen.flatMap { $0?.stays ?? [] }
        let unplaced = open.indices.filter { bestChosen[$0] == nil }.map { open[$0].id }
        let verdict = try Self.judge(stays, unplaced: unplaced, of: instance)
        #expect(verdict.violations.isEmpty)
        #expect(verdict.costs?.total == best)
        return best
    }

    private static func judge(_ stays: [Stay], unplaced: [RequestID], of instance: Instance) throws -> Verdict {
        let plan = Plan(
            instance: instance.name, stays: stays, unplaced: unplaced.map { Unplaced(request: $0, reasons: []) },
            funding: FundingRule.payments(of: stays, in: instance).periods)
        return try Referee.judge(plan, of: instance)
    }

    /// The ways without what never is scarce, and without those of which a cheaper one takes nothing else.
    private static func simplified(
        _ ways: [[WaysToStay.Way]], _ instance: Instance, bedsLeft: [Int]
    ) -> [[WaysToStay.Way]] {
        var scarce: UInt64 = 0
        for place in bedsLeft.indices {
            let unit = instance.units[place / instance.horizon.days]
            let bit: UInt64 = 1 << UInt64(place)
            // The beds that all take at the most, each request by itself.
            let most = ways.reduce(0) { sum, ways in
                sum + (0..<3).count { load in ways.contains { $0.use.beds[load] & bit != 0 } }
            }
            if most > bedsLeft[place] || unit.exclusive || unit.mixing == .singleSex { scarce |= bit }
        }
        return ways.map { ways in
            var kept: [WaysToStay.Way] = []
            for way in ways {
                var use = way.use
                for n in 0..<3 {
                    use.beds[n] &= scarce
                    use.sexes[n] &= scarce
                }
                if kept.contains(where: { $0.use.isWithin(use) }) { continue }
                kept.append(.init(stays: way.stays, points: way.points, use: use))
            }
            return kept
        }
    }

    /// Tries the ways of the requests left beside those chosen, unless even each one's cheapest would not do.
    private mutating func search(_ left: Set<Int>, points: Int) {
        let taken = Taken(chosen, bedsLeft: bedsLeft, paid: paid)
        let over = taken.overBudget(in: instance)
        var cheapest: [Int: Int] = [:]
        for request in left { cheapest[request] = ways[request].first { taken.allows($0.use) }?.points ?? 0 }
        let bound = points + over + cheapest.values.reduce(0, +)
        if bound >= best { return }
        // What is left to choose from is least where least can be lost.
        var next: (request: Int, ways: [WaysToStay.Way])?
        for request in left.sorted() {
            let most = best - (bound - (cheapest[request] ?? 0))
            let useful = ways[request].prefix { $0.points < most }.filter { taken.allows($0.use) }
            if useful.count < next?.ways.count ?? .max { next = (request, useful) }
        }
        guard let next else {
            best = bound
            bestChosen = chosen
            return
        }
        let rest = left.subtracting([next.request])
        for way in next.ways {
            if bound - (cheapest[next.request] ?? 0) + way.points >= best { return }
            chosen[next.request] = way
            search(rest, points: points + way.points)
            chosen[next.request] = nil
        }
        search(rest, points: points)
    }

    /// What the ways chosen take together.
    private struct Taken {
        /// Where fewer than one, two, three beds are left.
        private var full: [UInt64] = [0, 0, 0]
        private var sexes: [UInt64] = [0, 0, 0]
        private var alone: UInt64 = 0
        private var contacts: [UInt64] = []
        private var paid: [Int]

        init(_ chosen: [WaysToStay.Way?], bedsLeft: [Int], paid: [Int]) {
            self.paid = paid
            var bedsLeft = bedsLeft
            for case let way? in chosen {
                for load in 0..<3 {
                    for place in bedsLeft.indices where way.use.beds[load] & (1 << UInt64(place)) != 0 {
                        bedsLeft[place] -= 1
                    }
                    sexes[load] |= way.use.sexes[load]
                }
                alone |= way.use.alone
                if contacts.isEmpty { contacts = .init(repeating: 0, count: way.use.contacts.count) }
                for n in contacts.indices { contacts[n] |= way.use.contacts[n] }
                for n in paid.indices { self.paid[n] += way.use.spent[n] }
            }
            for place in bedsLeft.indices {
                for load in 0..<3 where bedsLeft[place] <= load { full[load] |= 1 << UInt64(place) }
            }
        }

        func allows(_ use: WaysToStay.Use) -> Bool {
            if use.beds[0] & full[0] != 0 || use.beds[1] & full[1] != 0 || use.beds[2] & full[2] != 0 { return false }
            if use.alone & alone != 0 { return false }
            if use.sexes[0] & (sexes[1] | sexes[2]) != 0 || use.sexes[1] & (sexes[0] | sexes[2]) != 0
                || use.sexes[2] & (sexes[0] | sexes[1]) != 0
            {
                return false
            }
            for n in contacts.indices where contacts[n] & use.contacts[n] != 0 { return false }
            return true
        }

        func overBudget(in instance: Instance) -> Int {
            var points = 0
            for (n, funder) in instance.funders.enumerated() {
                if let budget = funder.budget {
                    points += OverBudgetCost.cost(spent: Cents(paid[n]), budget: budget, instance.weights)
                }
            }
            return points
        }
    }
}
