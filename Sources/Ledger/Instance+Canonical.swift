public import CareChain

extension Instance {
    /// The same instance as the ledger gives it back: lists ordered by id, funders as they pay.
    ///
    /// A list that means a set (services, needs, what to avoid, whom a unit or funder accepts) holds each entry once, and
    /// so does the list of no-contact pairs. For every instance that ``Ledger/load(_:)-(Instance)`` takes into an empty
    /// ledger, ``Ledger/instance(on:days:name:)`` for its first day, days and name gives exactly this.
    ///
    /// - Throws: ``CareChain/InvalidInput`` never in effect: what is valid stays valid in another order.
    public func canonical() throws(InvalidInput) -> Instance {
        var pairs: Set<NoContactKey> = []
        return try Instance(
            name: name, horizon: horizon, moveLimits: moveLimits,
            regions: regions.sorted { $0.id < $1.id },
            travelTimes: travelTimes.sorted { ($0.a, $0.b) < ($1.a, $1.b) },
            shelters: shelters.map(\.canonical).sorted { $0.id < $1.id },
            units: units.map(\.canonical).sorted { $0.id < $1.id },
            funders: funders.map(\.canonical),
            victims: victims.map(\.canonical).sorted { $0.id < $1.id },
            requests: requests.map(\.canonical).sorted { $0.id < $1.id },
            noContact: noContact.filter { pairs.insert(NoContactKey($0)).inserted }
                .sorted { ($0.a, $0.b, $0.scope.rawValue) < ($1.a, $1.b, $1.scope.rawValue) },
            weights: weights)
    }
}

/// A pair and its scope, whichever victim comes first.
private struct NoContactKey: Hashable {
    let pair: Set<VictimID>
    let scope: ContactScope

    init(_ noContact: NoContact) {
        pair = [noContact.a, noContact.b]
        scope = noContact.scope
    }
}

extension Sequence where Element: Hashable {
    /// The elements once each, in an order.
    fileprivate func distinct(by precedes: (Element, Element) -> Bool) -> [Element] {
        Set(self).sorted(by: precedes)
    }
}

extension Sequence where Element: RawRepresentable & Hashable, Element.RawValue == String {
    /// The elements of an enumeration once each, ordered by their texts.
    var sortedSet: [Element] { distinct { $0.rawValue < $1.rawValue } }
}

extension Sequence where Element == String {
    /// The texts once each, ordered by their bytes.
    var sortedSet: [String] { distinct { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
}

extension Sequence {
    /// The identifiers once each, in order.
    func sortedIDs<Subject>() -> [ID<Subject>] where Element == ID<Subject> { distinct(by: <) }
}

extension Shelter {
    var canonical: Shelter {
        Shelter(id: id, region: region, security: security, services: services.sortedSet)
    }
}

extension Unit {
    var canonical: Unit {
        Unit(
            id: id, shelter: shelter, bedType: bedType, beds: beds,
            accepts: Admission(
                sexes: accepts.sexes.sortedSet, ages: accepts.ages, phases: accepts.phases?.sortedSet),
            services: services.sortedSet, mixing: mixing, exclusive: exclusive, minGroup: minGroup,
            maxGroup: maxGroup, countBy: countBy, maxLegDays: maxLegDays, dailyCost: dailyCost, scarcity: scarcity)
    }
}

extension Funder {
    var canonical: Funder {
        Funder(
            id: id, name: name,
            accepts: FunderAcceptance(
                phases: accepts.phases?.sortedSet, bedTypes: accepts.bedTypes?.sortedSet,
                registeredIn: accepts.registeredIn?.sortedIDs(), shelterRegions: accepts.shelterRegions?.sortedIDs(),
                ages: accepts.ages),
            window: window, maxDaysPerVictim: maxDaysPerVictim, budget: budget)
    }
}

extension Victim {
    var canonical: Victim {
        Victim(
            id: id, sex: sex, birthDate: birthDate, phases: phases, registeredIn: registeredIn,
            needs: needs.sortedSet, security: security,
            avoid: Avoidance(regions: avoid.regions.sortedIDs(), shelters: avoid.shelters.sortedIDs()),
            investigation: investigation, paidDays: paidDays.sorted { $0.funder < $1.funder })
    }
}

extension Request {
    var canonical: Request {
        Request(
            id: id, victims: victims.sorted(), together: together, knownFrom: knownFrom, neededFrom: neededFrom,
            latestStart: latestStart, stayDays: stayDays, urgency: urgency, preferredRegion: preferredRegion,
            current: current?.sorted { $0.victim < $1.victim }, noMoveBefore: noMoveBefore, locked: locked,
            committed: committed?.sorted { ($0.victim, $0.days.lowerBound) < ($1.victim, $1.days.lowerBound) })
    }
}
