/// One thing for which a request pays in a plan.
public struct CostItem: Sendable, Equatable {
    /// The term of the objective.
    public let term: CostTerm
    /// What it costs, in points; more than 0.
    public let points: Int
    /// What is counted: days (`wait`, `overstay`, `unfunded`, `overSecurity`, `scarcity`), minutes (`travel`), moves,
    /// legs (`outOfRegion`), victims (`unplaced`), or cents that the funder pays for the request (`overBudget`).
    public let count: Int
    /// The victim; nil: the request as a whole.
    public let victim: VictimID?
    /// The unit where it arises, for terms that depend on one.
    public let unit: UnitID?
    /// The first day of the leg where it arises, for terms of a leg.
    public let from: Day?
    /// The funder whose budget is passed.
    public let funder: FunderID?

    init(
        _ term: CostTerm, _ points: Int, count: Int, victim: VictimID? = nil, unit: UnitID? = nil, from: Day? = nil,
        funder: FunderID? = nil
    ) {
        self.term = term
        self.points = points
        self.count = count
        self.victim = victim
        self.unit = unit
        self.from = from
        self.funder = funder
    }
}

extension Plan {
    /// What a request pays in this plan, item by item, its shares of passed budgets included: over all requests the
    /// items come to the objective, term by term. The plan must keep every rule.
    public func costItems(of request: Request, in instance: Instance) -> [CostItem] {
        let stays = stays.filter { $0.request == request.id }
        return CostItem.items(of: request, stays: stays, in: instance)
            + CostItem.overBudgetShares(of: request, among: self.stays, in: instance)
    }
}

extension CostItem {
    /// What a request pays for stays that keep every rule (none: it is unplaced), budgets aside.
    public static func items(of request: Request, stays: [Stay], in instance: Instance) -> [CostItem] {
        let weights = instance.weights
        guard let start = stays.map(\.from).min() else {
            let points = UnplacedCost.cost(of: request, weights)
            return points > 0 ? [CostItem(.unplaced, points, count: request.victims.count)] : []
        }
        var items: [CostItem] = []
        func add(_ item: CostItem) { if item.points > 0 { items.append(item) } }
        add(
            CostItem(
                .wait, WaitCost.cost(of: request, startingOn: start, weights),
                count: max(0, start - request.neededFrom)))
        for (n, id) in request.victims.enumerated() {
            guard let victim = instance.victimIndex[id] else { continue }
            let statuses = instance.victims[victim].statuses(over: instance.horizon)
            let legs = stays.filter { $0.victim == id }.sorted { $0.from < $1.from }
            let current = request.current?[n]
            for (m, stay) in legs.enumerated() {
                guard let unit = instance.unitIndex[stay.unit] else { continue }
                let staysPut = m == 0 && current?.unit == stay.unit
                if m > 0 || (current != nil && !staysPut) {
                    add(
                        CostItem(
                            .move, MoveCost.cost(moves: 1, weights), count: 1, victim: id, unit: stay.unit,
                            from: stay.from))
                }
                let leg = LegCost.Leg(
                    victim: victim, unit: unit, start: stay.from, days: stay.from..<stay.until,
                    daysBefore: staysPut ? current?.days : nil)
                LegCost.forEachTerm(of: leg, request, statuses: statuses, in: instance) { term, points, count in
                    add(CostItem(term, points, count: count, victim: id, unit: stay.unit, from: stay.from))
                }
            }
            let unfunded = FundingRule.payments(of: legs, in: instance).unfundedDays
            add(CostItem(.unfunded, UnfundedCost.cost(days: unfunded, weights), count: unfunded, victim: id))
        }
        return items
    }

    /// A request's shares of what passing budgets costs: in proportion to what each funder pays for whom, rounded so
    /// that the shares of all requests come to the whole.
    static func overBudgetShares(of request: Request, among stays: [Stay], in instance: Instance) -> [CostItem] {
        let spent = FundingRule.payments(of: stays, in: instance).spent
        var items: [CostItem] = []
        for (place, funder) in instance.funders.enumerated() {
            guard let budget = funder.budget else { continue }
            let whole = OverBudgetCost.cost(spent: spent[place], budget: budget, instance.weights)
            if whole == 0 { continue }
            // Each request's share is what the rounded sum grows by when it comes after those before it in the instance.
            var before = 0
            for other in instance.requests {
                let own = FundingRule.payments(of: stays.filter { $0.request == other.id }, in: instance).spent[place]
                let after = before + own.amount
                if other.id == request.id {
                    let share =
                        share(of: whole, after, spent[place].amount) - share(of: whole, before, spent[place].amount)
                    if share > 0 {
                        items.append(CostItem(.overBudget, share, count: own.amount, funder: funder.id))
                    }
                    break
                }
                before = after
            }
        }
        return items
    }

    private static func share(of whole: Int, _ part: Int, _ all: Int) -> Int {
        let (high, low) = whole.multipliedFullWidth(by: part)
        return all.dividingFullWidth((high, low)).quotient
    }
}

extension Costs {
    /// The sum of items, term by term.
    public init(_ items: [CostItem]) {
        self.init()
        for item in items { self[item.term] += item.points }
    }
}
