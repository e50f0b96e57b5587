public import CareChain

extension Instance {
    /// The instance with some changes made.
    ///
    /// - Throws: ``InvalidInput`` when a change leads to an instance that the definition does not allow.
    public func changed(by changes: [Change]) throws(InvalidInput) -> Instance {
        var units = units
        var victims = victims
        var requests = requests
        var noContact = noContact
        func alter(_ ids: [VictimID], _ body: (Victim) -> Victim) {
            for place in ids.compactMap({ victimIndex[$0] }) { victims[place] = body(victims[place]) }
        }
        for change in changes {
            switch change {
            case .bed(let unit, let days):
                if let place = unitIndex[unit] { units[place] = units[place].withOneMoreBed(on: days) }
            case .wait(let request, let latest, _):
                if let place = requestIndex[request] { requests[place] = requests[place].starting(by: latest) }
            case .need(let service, let ids): alter(ids) { $0.without(service) }
            case .travel(let minutes, let ids): alter(ids) { $0.travelling(minutes) }
            case .security(let level, let ids): alter(ids) { $0.allowing(level) }
            case .region(let region, let ids): alter(ids) { $0.avoiding($0.avoid.without(region)) }
            case .shelter(let shelter, let ids): alter(ids) { $0.avoiding($0.avoid.without(shelter)) }
            case .contact(let a, let b):
                noContact.removeAll { ($0.a == a && $0.b == b) || ($0.a == b && $0.b == a) }
            case .otherRequest: break
            }
        }
        return try Instance(
            name: name, horizon: horizon, moveLimits: moveLimits, regions: regions, travelTimes: travelTimes,
            shelters: shelters, units: units, funders: funders, victims: victims, requests: requests,
            noContact: noContact, weights: weights)
    }
}

extension Unit {
    fileprivate func withOneMoreBed(on days: Range<Day>) -> Unit {
        var starts = Set(beds.steps.map(\.from))
        starts.formUnion([days.lowerBound, days.upperBound])
        let steps = starts.sorted().map { day in
            StepFunction<Int>.Step(from: day, value: beds[day] + (days.contains(day) ? 1 : 0))
        }
        return Unit(
            id: id, shelter: shelter, bedType: bedType, beds: StepFunction(steps), accepts: accepts,
            services: services, mixing: mixing, exclusive: exclusive, minGroup: minGroup, maxGroup: maxGroup,
            countBy: countBy, maxLegDays: maxLegDays, dailyCost: dailyCost, scarcity: scarcity)
    }
}

extension Request {
    fileprivate func starting(by latest: Day) -> Request {
        Request(
            id: id, victims: victims, together: together, knownFrom: knownFrom, neededFrom: neededFrom,
            latestStart: latest, stayDays: stayDays, urgency: urgency, preferredRegion: preferredRegion,
            current: current, noMoveBefore: noMoveBefore, locked: locked, committed: committed)
    }
}

extension Victim {
    fileprivate func without(_ service: String) -> Victim {
        changed(needs: needs.filter { $0 != service })
    }

    fileprivate func travelling(_ minutes: Int) -> Victim {
        changed(investigation: investigation.map { Investigation(region: $0.region, maxTravelMinutes: minutes) })
    }

    fileprivate func allowing(_ level: Int) -> Victim {
        changed(security: min(level, security.lowerBound)...max(level, security.upperBound))
    }

    fileprivate func avoiding(_ avoid: Avoidance) -> Victim {
        changed(avoid: avoid)
    }

    private func changed(
        needs: [String]? = nil, security: ClosedRange<Int>? = nil, avoid: Avoidance? = nil,
        investigation: Investigation? = nil
    ) -> Victim {
        Victim(
            id: id, sex: sex, birthDate: birthDate, phases: phases, registeredIn: registeredIn,
            needs: needs ?? self.needs, security: security ?? self.security, avoid: avoid ?? self.avoid,
            investigation: investigation ?? self.investigation, paidDays: paidDays)
    }
}

extension Avoidance {
    fileprivate func without(_ region: RegionID) -> Avoidance {
        Avoidance(regions: regions.filter { $0 != region }, shelters: shelters)
    }

    fileprivate func without(_ shelter: ShelterID) -> Avoidance {
        Avoidance(regions: regions, shelters: shelters.filter { $0 != shelter })
    }
}
