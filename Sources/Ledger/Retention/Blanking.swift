import CareChain

/// What a case is called once it is erased, and what stored runs then say of it.
struct Blanking {
    /// The victim's name so far.
    let victim: VictimID
    /// The victim's name from now on; it says nothing.
    let newName: VictimID
    /// The new names of requests that were this victim's alone.
    let requests: [RequestID: RequestID]

    /// The instance with nothing of the victim in it but stays and days.
    ///
    /// - Throws: ``CareChain/InvalidInput`` never, for an instance that was valid.
    func blanked(_ instance: Instance) throws(InvalidInput) -> Instance {
        try Instance(
            name: instance.name, horizon: instance.horizon, moveLimits: instance.moveLimits, regions: instance.regions,
            travelTimes: instance.travelTimes, shelters: instance.shelters, units: instance.units,
            funders: instance.funders, victims: instance.victims.map(blanked),
            requests: instance.requests.map(blanked),
            noContact: instance.noContact.filter { $0.a != victim && $0.b != victim }, weights: instance.weights)
    }

    /// The plan of a blanked instance; without the reasons for its requests, since they tell needs.
    func blanked(_ plan: Plan, of instance: Instance) -> Plan {
        let own = Set(instance.requests.filter { $0.victims.contains(victim) }.map(\.id))
        var plan = plan
        plan.stays = plan.stays.map {
            Stay(
                request: name($0.request), victim: name($0.victim), unit: $0.unit, from: $0.from, until: $0.until)
        }
        plan.unplaced = plan.unplaced.map { unplaced in
            guard own.contains(unplaced.request) else { return unplaced }
            return Unplaced(
                request: name(unplaced.request),
                reasons: unplaced.reasons.map { Reason(code: $0.code, detail: "erased") })
        }
        plan.funding = plan.funding.map {
            FundingPeriod(victim: name($0.victim), funder: $0.funder, from: $0.from, until: $0.until)
        }
        return plan
    }

    private func name(_ id: VictimID) -> VictimID { id == victim ? newName : id }

    private func name(_ id: RequestID) -> RequestID { requests[id] ?? id }

    private func blanked(_ other: Victim) -> Victim {
        guard other.id == victim else { return other }
        return Victim(
            id: newName, sex: .x, birthDate: CalendarDate("1900-01-01") ?? other.birthDate,
            phases: StepFunction(constant: .signal), registeredIn: nil, needs: [], security: 1...4, avoid: Avoidance(),
            investigation: nil, paidDays: [])
    }

    private func blanked(_ request: Request) -> Request {
        guard request.victims.contains(victim) else { return request }
        return Request(
            id: name(request.id), victims: request.victims.map(name), together: request.together,
            knownFrom: request.knownFrom, neededFrom: request.neededFrom, latestStart: request.latestStart,
            stayDays: request.stayDays, urgency: request.urgency,
            preferredRegion: requests[request.id] == nil ? request.preferredRegion : nil,
            current: request.current?.map {
                CurrentStay(victim: name($0.victim), unit: $0.unit, days: $0.days, movesMade: $0.movesMade)
            },
            noMoveBefore: request.noMoveBefore, locked: request.locked,
            committed: request.committed?.map { CommittedStay(victim: name($0.victim), unit: $0.unit, days: $0.days) })
    }
}
