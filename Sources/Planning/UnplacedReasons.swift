import CareChain

/// Why requests have no place: unit by unit the first rule in the way, summed up for people.
struct UnplacedReasons {
    private let situation: Situation
    private let requests: [OpenRequest]
    private let occupancy: Occupancy

    init(situation: Situation, chosen: [Trajectory], requests: [OpenRequest]) {
        self.situation = situation
        self.requests = requests
        var occupancy = Occupancy(situation, requests)
        for trajectory in chosen { occupancy.choose(trajectory) }
        self.occupancy = occupancy
    }

    /// The code of units where a place was possible but would have cost more than it is worth.
    static let costCode = "cost"

    /// The reasons for a request, those of most units first; codes are those of the rules, or `cost`.
    func reasons(for r: Int) -> [Reason] {
        let request = requests[r]
        var tally: [Reason: Int] = [:]
        for unit in situation.instance.units.indices { tally[obstacle(for: request, in: unit), default: 0] += 1 }
        // The order of equals must not depend on the hashes.
        return tally.sorted { ($1.value, $0.key.code, $0.key.detail) < ($0.value, $1.key.code, $1.key.detail) }.map {
            Reason(code: $0.code, detail: ($1 == 1 ? "1 unit: " : "\($1) units: ") + $0.detail)
        }
    }

    private func obstacle(for request: OpenRequest, in unit: Int) -> Reason {
        let instance = situation.instance
        let site = instance.units[unit]
        let shelter = instance.shelter(ofUnit: unit)
        for place in request.victims {
            let victim = instance.victims[place]
            let missing = ServicesRule.missing(for: victim, in: site, of: shelter)
            if !missing.isEmpty { return reason(.services, "no \(missing.sorted().joined(separator: ", "))") }
            if !SecurityRule.allows(victim, in: shelter) {
                return reason(
                    .security,
                    "security level \(shelter.security), \(victim.security.lowerBound) to "
                        + "\(victim.security.upperBound) is allowed")
            }
            if !AvoidRule.allows(victim, in: shelter) { return reason(.avoid, "a region or shelter to avoid") }
            if let investigation = victim.investigation,
                !InvestigationRule.allows(investigation, minutes: instance.minutes(fromUnit: unit, to: investigation))
            {
                return reason(
                    .investigation,
                    "more than \(investigation.maxTravelMinutes ?? 0) minutes from the investigation")
            }
        }
        if request.request.together == .unit || request.victims.count == 1,
            !AdmissionRule.acceptsGroup(of: request.victims.count, in: site)
        {
            return reason(.admission, "not for \(request.victims.count) together")
        }
        let days = request.starts
        let admitting = days.filter { day in
            request.victims.allSatisfy { place in
                guard let status = situation.statuses[place].last(where: { $0.days.lowerBound.number <= day }) else {
                    return false
                }
                return AdmissionRule.accepts(instance.victims[place].sex, in: site)
                    && AdmissionRule.accepts(age: status.age, phase: status.phase, in: site)
            }
        }
        if admitting.isEmpty { return reason(.admission, "does not admit this sex, age or phase") }
        let here = request.openings.filter { $0.parts.contains { $0.unit == unit } }
        let reach = here.flatMap { lodging in
            days.map { Int(lodging.reach[$0 - request.span.lowerBound]) >= request.end(startingOn: $0) }
        }
        let beds = occupancy.bedsLeft[unit * situation.days..<(unit + 1) * situation.days]
        let needed = CapacityRule.load(victims: request.victims.count, requests: 1, in: site)
        let free = days.contains { day in
            (day..<request.end(startingOn: day)).allSatisfy { Int(beds[beds.startIndex + $0]) >= needed }
        }
        if !free {
            let first = days.first { Int(beds[beds.startIndex + $0]) >= needed }
            return reason(
                .capacity,
                first.map { "no bed for the whole stay, though one is free on day \($0)" }
                    ?? "no bed on any day to start")
        }
        if !reach.contains(true) {
            return reason(.noContact, "somebody is there whom the rules keep apart")
        }
        return Reason(code: Self.costCode, detail: "possible, but dearer than leaving the request without a place")
    }

    private func reason(_ code: RuleCode, _ detail: String) -> Reason {
        Reason(code: code.rawValue, detail: detail)
    }
}
