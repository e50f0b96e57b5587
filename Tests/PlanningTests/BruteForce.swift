import CareChain

/// Finds the cheapest plan of a tiny instance by trying all, with nothing but the referee: it shares no code with the
/// planner.
struct BruteForce {
    let instance: Instance

    private struct Option {
        let stays: [Stay]
        let points: Int
    }

    /// What the cheapest plan costs.
    func optimum() throws -> Int {
        let fixed = instance.requests.flatMap { FixedRule.stays(of: $0, in: instance) ?? [] }
        let open = instance.requests.filter { !$0.isFixed }
        let base = try judge(fixed, unplaced: open.map(\.id)).costs ?? Costs()
        var options: [[Option]] = []
        for request in open {
            let others = open.filter { $0.id != request.id }.map(\.id)
            var found: [Option] = [Option(stays: [], points: 0)]
            for stays in waysToStay(request) {
                let verdict = try judge(fixed + stays, unplaced: others)
                if let costs = verdict.costs {
                    let budgets = costs[.overBudget] - base[.overBudget]
                    found.append(Option(stays: stays, points: costs.total - base.total - budgets))
                }
            }
            // Points against leaving the request without a place; budgets only ever add to them.
            options.append(found.sorted { $0.points < $1.points })
        }
        var best = base.total
        func choose(_ n: Int, _ stays: [Stay], _ points: Int) throws {
            let rest = options[n...].reduce(0) { $0 + ($1.first?.points ?? 0) }
            if base.total + points + rest >= best { return }
            if n == options.count {
                let placed = Set(stays.map(\.request))
                let verdict = try judge(fixed + stays, unplaced: open.map(\.id).filter { !placed.contains($0) })
                if let total = verdict.costs?.total { best = min(best, total) }
                return
            }
            for option in options[n] { try choose(n + 1, stays + option.stays, points + option.points) }
        }
        try choose(0, [], 0)
        return best
    }

    private func judge(_ stays: [Stay], unplaced: [RequestID]) throws -> Verdict {
        let plan = Plan(
            instance: instance.name, stays: stays, unplaced: unplaced.map { Unplaced(request: $0, reasons: []) },
            funding: FundingRule.payments(of: stays, in: instance).periods)
        return try Referee.judge(plan, of: instance)
    }

    /// All stays of a request that start, move and end on allowed days, whatever else they break.
    private func waysToStay(_ request: Request) -> [[Stay]] {
        var ways: [[Stay]] = []
        let spreads = self.spreads(request)
        for start in TimingRule.starts(of: request) {
            let end = request.end(startingOn: start, horizonDays: instance.horizon.days)
            for moves in moveDays(after: start, before: end) {
                let days = [start] + moves + [end]
                func extend(_ legs: [[UnitID]]) {
                    if legs.count == days.count - 1 {
                        ways.append(
                            request.victims.indices.flatMap { v in
                                legs.indices.map {
                                    Stay(
                                        request: request.id, victim: request.victims[v], unit: legs[$0][v],
                                        from: days[$0], until: days[$0 + 1])
                                }
                            })
                        return
                    }
                    for spread in spreads {
                        if let last = legs.last, zip(last, spread).contains(where: { $0 == $1 }) { continue }
                        extend(legs + [spread])
                    }
                }
                extend([])
            }
        }
        return ways
    }

    /// All ways to be together.
    private func spreads(_ request: Request) -> [[UnitID]] {
        var spreads: [[UnitID]] = [[]]
        for _ in request.victims { spreads = spreads.flatMap { spread in instance.units.map { spread + [$0.id] } } }
        return spreads.filter {
            TogetherRule.allows(request, in: $0.compactMap { instance.unitIndex[$0] }, of: instance)
        }
    }

    private func moveDays(after start: Day, before end: Day) -> [[Day]] {
        var days: [[Day]] = [[]]
        if instance.moveLimits.maxMoves >= 1 {
            for first in stride(from: start + 1, to: end, by: 1) {
                days.append([first])
                if instance.moveLimits.maxMoves == 2 {
                    for second in stride(from: first + 1, to: end, by: 1) { days.append([first, second]) }
                }
            }
        }
        return days
    }
}
