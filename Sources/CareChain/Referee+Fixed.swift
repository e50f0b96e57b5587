extension Referee {
    /// What the fixed requests of an instance cost by themselves, in points: what a gap does not count, since no plan can
    /// do anything about it.
    ///
    /// - Throws: ``InvalidInput`` never for an instance that is valid.
    public static func costOfFixed(in instance: Instance) throws(InvalidInput) -> Int {
        let stays = instance.requests.flatMap { FixedRule.stays(of: $0, in: instance) ?? [] }
        let waiting = instance.requests.filter { !$0.isFixed }.map { Unplaced(request: $0.id, reasons: []) }
        let plan = Plan(
            instance: instance.name, stays: stays, unplaced: waiting,
            funding: FundingRule.payments(of: stays, in: instance).periods)
        guard let costs = try judge(plan, of: instance).costs else { return 0 }
        return costs.total - costs[.unplaced]
    }
}
