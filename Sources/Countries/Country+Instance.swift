public import CareChain

extension Country {
    /// Makes an instance of the country and the cases of a horizon.
    ///
    /// A unit has no beds before its first change; days before the horizon are cut off.
    ///
    /// - Throws: ``CareChain/InvalidInput`` when horizon or cases are not what the definition of an instance allows.
    public func instance(
        name: String, horizon: Horizon, victims: [Victim] = [], requests: [Request] = [], noContact: [NoContact] = []
    ) throws(InvalidInput) -> Instance {
        let changes = Dictionary(grouping: bedChanges, by: \.unit)
        return try Instance(
            name: name, horizon: horizon, moveLimits: moveLimits,
            regions: regions.map { CareChain.Region(id: $0.id, name: $0.name) },
            travelTimes: travelTimes,
            shelters: shelters.map {
                CareChain.Shelter(id: $0.id, region: $0.region, security: $0.security, services: $0.services)
            },
            units: units.map { $0.with(beds: Self.beds(changes[$0.id] ?? [], in: horizon)) },
            funders: funders.map { $0.within(horizon) },
            victims: victims, requests: requests, noContact: noContact, weights: weights)
    }

    private static func beds(_ changes: [BedChange], in horizon: Horizon) -> StepFunction<Int> {
        var steps = [StepFunction<Int>.Step(from: 0, value: 0)]
        for change in changes {
            let day = max(0, horizon.day(of: change.from))
            if steps.last?.from == day { steps.removeLast() }
            if steps.last?.value != change.count {
                steps.append(StepFunction<Int>.Step(from: day, value: change.count))
            }
        }
        return StepFunction(steps)
    }
}

extension Unit {
    func with(beds: StepFunction<Int>) -> Unit {
        Unit(
            id: id, shelter: shelter, bedType: bedType, beds: beds, accepts: accepts, services: services,
            mixing: mixing,
            exclusive: exclusive, minGroup: minGroup, maxGroup: maxGroup, countBy: countBy, maxLegDays: maxLegDays,
            dailyCost: dailyCost, scarcity: scarcity)
    }
}

extension Country.Funder {
    fileprivate func within(_ horizon: Horizon) -> CareChain.Funder {
        let first = max(0, horizon.day(of: from))
        let end = until.map(horizon.day(of:)) ?? Day(horizon.days)
        return CareChain.Funder(
            id: id, name: name, accepts: accepts, window: first..<max(first, end), maxDaysPerVictim: maxDaysPerVictim,
            budget: budget)
    }
}
