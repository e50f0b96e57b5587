public import CareChain

/// A run as somebody may see it: the part of its input and output that is about requests of theirs.
public struct RunPart: Sendable {
    /// The run.
    public let run: PlanRun
    /// The instance with these requests and their victims only; where an investigation is and what it forbids is left out,
    /// because nobody who sees runs is told more of it than that there is one.
    public let instance: Instance
    /// The plan with what it says about these requests; objective, bound and prices are those of the whole plan.
    public let plan: Plan
}

/// What a request of a run is explained with: everything that the planner knew, for the program to compute with. Who asks
/// is told only what comes out for the request, and of others only those that are theirs.
public struct RunBasis: Sendable {
    /// The instance as it was planned.
    public let instance: Instance
    /// The plan.
    public let plan: Plan
    /// The requests of the run that whoever asks may see: no other may be named to them.
    public let visible: Set<RequestID>
}

extension Instance {
    /// The instance with some of its requests, without investigations.
    ///
    /// - Throws: ``CareChain/InvalidInput`` never, since the instance is valid.
    func part(of visible: Set<RequestID>) throws(InvalidInput) -> Instance {
        let requests = requests.filter { visible.contains($0.id) }
        let seen = Set(requests.flatMap(\.victims))
        return try Instance(
            name: name, horizon: horizon, moveLimits: moveLimits, regions: regions, travelTimes: travelTimes,
            shelters: shelters, units: units, funders: funders,
            victims: victims.filter { seen.contains($0.id) }.map { victim in
                Victim(
                    id: victim.id, sex: victim.sex, birthDate: victim.birthDate, phases: victim.phases,
                    registeredIn: victim.registeredIn, needs: victim.needs, security: victim.security,
                    avoid: victim.avoid, investigation: nil, paidDays: victim.paidDays)
            },
            requests: requests, noContact: noContact.filter { seen.contains($0.a) && seen.contains($0.b) },
            weights: weights)
    }
}

extension Plan {
    /// What the plan says about some requests of its instance.
    func part(of visible: Set<RequestID>, in instance: Instance) -> Plan {
        let seen = Set(instance.requests.filter { visible.contains($0.id) }.flatMap(\.victims))
        var part = self
        part.stays = stays.filter { visible.contains($0.request) }
        part.unplaced = unplaced.filter { visible.contains($0.request) }
        part.funding = funding.filter { seen.contains($0.victim) }
        return part
    }
}
