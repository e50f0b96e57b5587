import CareChain

/// What keeps one victim out of a unit on every day, whoever else is there; and what would lift it, where a single thing
/// would.
struct StandingObstacle {
    let obstacle: Obstacle
    let lift: Lift?

    /// Something about a request that people could decide otherwise.
    enum Lift: Hashable {
        case need(String)
        case travel
        /// One level, to this one.
        case security(Int)
        case region(RegionID)
        case shelter(ShelterID)
    }

    /// All that keeps a victim out of a unit, in the order in which people are told of it: first what nobody can lift.
    static func of(_ place: Int, in unit: Int, of instance: Instance) -> [StandingObstacle] {
        let victim = instance.victims[place]
        let site = instance.units[unit]
        let shelter = instance.shelter(ofUnit: unit)
        var found: [StandingObstacle] = []
        let current = instance.requests[instance.requestOfVictim[place]].current
        let isThere = current?.contains { $0.victim == victim.id && $0.unit == site.id } ?? false
        if !isThere, !AdmissionRule.accepts(victim.sex, in: site) {
            found.append(.init(obstacle: .sex(victim.id, victim.sex), lift: nil))
        }
        let missing = ServicesRule.missing(for: victim, in: site, of: shelter).sorted()
        for (n, service) in missing.enumerated() {
            let named = n == 0 ? missing : [service]
            found.append(.init(obstacle: .services(victim.id, missing: named), lift: .need(service)))
        }
        if !SecurityRule.allows(victim, in: shelter) {
            let level = shelter.security
            let isNext = level == victim.security.lowerBound - 1 || level == victim.security.upperBound + 1
            found.append(
                .init(
                    obstacle: .security(victim.id, level: level, allowed: victim.security),
                    lift: isNext ? .security(level) : nil))
        }
        if !AvoidRule.allows(victim, in: shelter) {
            if victim.avoid.regions.contains(shelter.region) {
                found.append(.init(obstacle: .region(victim.id, shelter.region), lift: .region(shelter.region)))
            }
            if victim.avoid.shelters.contains(shelter.id) {
                found.append(.init(obstacle: .shelter(victim.id, shelter.id), lift: .shelter(shelter.id)))
            }
        }
        if let investigation = victim.investigation, let most = investigation.maxTravelMinutes {
            let minutes = instance.minutes(fromUnit: unit, to: investigation)
            if !InvestigationRule.allows(investigation, minutes: minutes) {
                found.append(
                    .init(
                        obstacle: .investigation(victim.id, minutes: minutes, most: most),
                        lift: minutes == nil ? nil : .travel))
            }
        }
        return found
    }
}
