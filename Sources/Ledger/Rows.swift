import CareChain

// Lists of facts travel between Swift and PostgreSQL as one JSON value each: one bind or one column, whatever the number
// of rows, with lists inside a row (which unnest of arrays cannot carry). Keys are the columns' names in camel case; days
// are numbers counted from a date that the statement knows.

struct RegionRow: Codable {
    let id: String
    let name: String

    init(_ region: Region) {
        id = region.id.text
        name = region.name
    }

    var region: Region { Region(id: RegionID(id), name: name) }
}

struct TravelTimeRow: Codable {
    let a: String
    let b: String
    let minutes: Int

    init(_ time: TravelTime) {
        a = time.a.text
        b = time.b.text
        minutes = time.minutes
    }

    var travelTime: TravelTime { TravelTime(a: RegionID(a), b: RegionID(b), minutes: minutes) }
}

struct ShelterRow: Codable {
    let id: String
    let region: String
    let security: Int
    let services: [String]

    init(_ shelter: Shelter) {
        id = shelter.id.text
        region = shelter.region.text
        security = shelter.security
        services = shelter.services.sortedSet
    }

    var shelter: Shelter {
        Shelter(id: ShelterID(id), region: RegionID(region), security: security, services: services)
    }
}

struct BedsRow: Codable {
    let unit: String
    let day: Int
    let beds: Int
    var reason: String?
}

struct UnitRow: Codable {
    let id: String
    let shelter: String
    let bedType: BedType
    let sexes: [Sex]
    let minAge: Int?
    let maxAge: Int?
    let phases: [Phase]?
    let services: [String]
    let mixing: Mixing
    let exclusive: Bool
    let minGroup: Int
    let maxGroup: Int?
    let countBy: CountBy
    let maxLegDays: Int?
    let dailyCostCents: Int
    let scarcity: Int

    init(_ unit: Unit) {
        id = unit.id.text
        shelter = unit.shelter.text
        bedType = unit.bedType
        sexes = unit.accepts.sexes.sortedSet
        minAge = unit.accepts.ages.min
        maxAge = unit.accepts.ages.max
        phases = unit.accepts.phases?.sortedSet
        services = unit.services.sortedSet
        mixing = unit.mixing
        exclusive = unit.exclusive
        minGroup = unit.minGroup
        maxGroup = unit.maxGroup
        countBy = unit.countBy
        maxLegDays = unit.maxLegDays
        dailyCostCents = unit.dailyCost.amount
        scarcity = unit.scarcity
    }

    func unit(beds: StepFunction<Int>) -> Unit {
        Unit(
            id: UnitID(id), shelter: ShelterID(shelter), bedType: bedType, beds: beds,
            accepts: Admission(sexes: sexes, ages: AgeRange(min: minAge, max: maxAge), phases: phases),
            services: services, mixing: mixing, exclusive: exclusive, minGroup: minGroup, maxGroup: maxGroup,
            countBy: countBy, maxLegDays: maxLegDays, dailyCost: Cents(dailyCostCents), scarcity: scarcity)
    }
}

struct FunderRow: Codable {
    let id: String
    let position: Int
    let name: String
    let phases: [Phase]?
    let bedTypes: [BedType]?
    let registeredIn: [String]?
    let shelterRegions: [String]?
    let minAge: Int?
    let maxAge: Int?
    let paysFrom: Int
    /// The first day on which it no longer pays; nil: until further notice.
    let paysUntil: Int?
    let maxDaysPerVictim: Int?
    let budgetCents: Int?

    init(_ funder: Funder, position: Int) {
        self.init(funder, position: position, paysUntil: funder.window.upperBound.number)
    }

    init(_ funder: Funder, position: Int, paysUntil: Int?) {
        id = funder.id.text
        self.position = position
        name = funder.name
        phases = funder.accepts.phases?.sortedSet
        bedTypes = funder.accepts.bedTypes?.sortedSet
        registeredIn = funder.accepts.registeredIn?.map(\.text).sortedSet
        shelterRegions = funder.accepts.shelterRegions?.map(\.text).sortedSet
        minAge = funder.accepts.ages.min
        maxAge = funder.accepts.ages.max
        paysFrom = funder.window.lowerBound.number
        self.paysUntil = paysUntil
        maxDaysPerVictim = funder.maxDaysPerVictim
        budgetCents = funder.budget?.amount
    }

    /// The funder as seen from a day for so many days: what is before is no part of its window.
    func funder(from day: Int = 0, days: Int) -> Funder {
        let first = max(0, paysFrom - day)
        return Funder(
            id: FunderID(id), name: name,
            accepts: FunderAcceptance(
                phases: phases, bedTypes: bedTypes, registeredIn: registeredIn?.map { RegionID($0) },
                shelterRegions: shelterRegions?.map { RegionID($0) }, ages: AgeRange(min: minAge, max: maxAge)),
            window: Day(first)..<Day(max(first, paysUntil.map { $0 - day } ?? days)),
            maxDaysPerVictim: maxDaysPerVictim, budget: budgetCents.map { Cents($0) })
    }
}

struct PolicyRow: Codable {
    let maxMoves: Int
    let minLegDays: Int
    let unplacedCrisis: Int
    let unplacedUrgent: Int
    let unplacedPlanned: Int
    let waitDayCrisis: Int
    let waitDayUrgent: Int
    let waitDayPlanned: Int
    let outOfRegion: Int
    let travelMinute: Int
    let move: Int
    let overstayDay: Int
    let unfundedDay: Int
    let overBudgetEuro: Int
    let overSecurityDay: Int

    init(_ limits: MoveLimits, _ weights: Weights) {
        maxMoves = limits.maxMoves
        minLegDays = limits.minLegDays
        unplacedCrisis = weights.unplaced.crisis
        unplacedUrgent = weights.unplaced.urgent
        unplacedPlanned = weights.unplaced.planned
        waitDayCrisis = weights.waitDay.crisis
        waitDayUrgent = weights.waitDay.urgent
        waitDayPlanned = weights.waitDay.planned
        outOfRegion = weights.outOfRegion
        travelMinute = weights.travelMinute
        move = weights.move
        overstayDay = weights.overstayDay
        unfundedDay = weights.unfundedDay
        overBudgetEuro = weights.overBudgetEuro
        overSecurityDay = weights.overSecurityDay
    }

    var moveLimits: MoveLimits { MoveLimits(maxMoves: maxMoves, minLegDays: minLegDays) }

    var weights: Weights {
        var weights = Weights()
        weights.unplaced = .init(crisis: unplacedCrisis, urgent: unplacedUrgent, planned: unplacedPlanned)
        weights.waitDay = .init(crisis: waitDayCrisis, urgent: waitDayUrgent, planned: waitDayPlanned)
        weights.outOfRegion = outOfRegion
        weights.travelMinute = travelMinute
        weights.move = move
        weights.overstayDay = overstayDay
        weights.unfundedDay = unfundedDay
        weights.overBudgetEuro = overBudgetEuro
        weights.overSecurityDay = overSecurityDay
        return weights
    }
}

struct StayRow: Codable {
    let victim: String
    let unit: String
    /// The first day.
    let from: Int
    /// The first day no longer there.
    let until: Int
    let movesMade: Int
    let arrived: Bool
}

struct RequestRow: Codable {
    let id: String
    let together: Together
    let urgency: Urgency
    let knownFrom: Int
    let neededFrom: Int
    let latestStart: Int
    let stayDays: Int
    let preferredRegion: String?
    let noMoveBefore: Int?
    let transferWanted: Bool
    let victims: [String]
    /// All stays of its victims, by victim and day.
    let stays: [StayRow]
}

struct PhaseRow: Codable {
    let day: Int
    let phase: Phase
}

struct RegistrationRow: Codable {
    let region: String
    /// The first day; nil: as long as is known.
    let from: Int?
    /// The first day no longer registered there; nil: until further notice.
    let until: Int?
}

struct PaidDaysRow: Codable {
    let funder: String
    let days: Int
}

struct VictimRow: Codable {
    let id: String
    let sex: Sex
    let birthDate: String
    let securityMin: Int
    let securityMax: Int
    /// The day before which `paidDays` were paid.
    let payersFrom: Int
    let phases: [PhaseRow]
    let needs: [String]
    let registrations: [RegistrationRow]
    let avoidedRegions: [String]
    let avoidedShelters: [String]
    let investigationRegion: String?
    let maxTravelMinutes: Int?
    let paidDays: [PaidDaysRow]
}

struct NoContactRow: Codable {
    let a: String
    let b: String
    let scope: ContactScope

    init(_ pair: NoContact) {
        a = pair.a.text
        b = pair.b.text
        scope = pair.scope
    }

    var noContact: NoContact { NoContact(a: VictimID(a), b: VictimID(b), scope: scope) }
}

extension BedType: Codable {}
extension ContactScope: Codable {}
extension CountBy: Codable {}
extension Mixing: Codable {}
extension Phase: Codable {}
extension Sex: Codable {}
extension Together: Codable {}
extension Urgency: Codable {}
