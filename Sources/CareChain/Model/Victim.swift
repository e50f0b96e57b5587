/// A victim (*slachtoffer*), known by a pseudonym only.
public struct Victim: Sendable, Equatable {
    /// The pseudonym.
    public let id: VictimID
    /// The sex.
    public let sex: Sex
    /// The date of birth.
    public let birthDate: CalendarDate
    /// The phase of the right of residence, changing over the days.
    public let phases: StepFunction<Phase>
    /// The region of registration; nil when registered nowhere.
    public let registeredIn: RegionID?
    /// Services that must be there.
    public let needs: [String]
    /// The security levels allowed.
    public let security: ClosedRange<Int>
    /// Where the victim must not be.
    public let avoid: Avoidance
    /// The police investigation, if any.
    public let investigation: Investigation?
    /// Days that funders have paid before day 0.
    public let paidDays: [PaidDays]

    /// Makes a victim.
    public init(
        id: VictimID, sex: Sex, birthDate: CalendarDate, phases: StepFunction<Phase>, registeredIn: RegionID? = nil,
        needs: [String] = [], security: ClosedRange<Int> = 1...4, avoid: Avoidance = Avoidance(),
        investigation: Investigation? = nil, paidDays: [PaidDays] = []
    ) {
        self.id = id
        self.sex = sex
        self.birthDate = birthDate
        self.phases = phases
        self.registeredIn = registeredIn
        self.needs = needs
        self.security = security
        self.avoid = avoid
        self.investigation = investigation
        self.paidDays = paidDays
    }
}

/// The sex of a victim.
public enum Sex: String, CaseIterable, Sendable {
    /// Female.
    case female
    /// Male.
    case male
    /// Neither; in a single-sex unit one of its own.
    case x
}

/// The phase of a victim's right of residence (*verblijfsrechtelijke fase*).
public enum Phase: String, CaseIterable, Sendable {
    /// Signs of trafficking, nothing decided.
    case signal
    /// The reflection period (*bedenktijd*).
    case reflection
    /// Cooperates with the investigation, waits for the permit's pass.
    case permitPending = "permit-pending"
    /// Holds the permit (B9, B8/3).
    case permit
    /// Dutch, EU or another right of residence.
    case resident
    /// Asks for asylum.
    case asylum
    /// Prepares to return.
    case `return`
}

/// Where a victim must not be, because the offender's network reaches there.
public struct Avoidance: Sendable, Equatable {
    /// Regions to avoid (*gevarenregio*).
    public let regions: [RegionID]
    /// Shelters to avoid.
    public let shelters: [ShelterID]

    /// Makes an avoidance; nothing to avoid when both are left out.
    public init(regions: [RegionID] = [], shelters: [ShelterID] = []) {
        self.regions = regions
        self.shelters = shelters
    }
}

/// Where a victim's police investigation is run.
public struct Investigation: Sendable, Equatable {
    /// Its region.
    public let region: RegionID
    /// The longest journey to it that the investigation allows, in minutes; nil: no limit.
    public let maxTravelMinutes: Int?

    /// Makes an investigation.
    public init(region: RegionID, maxTravelMinutes: Int? = nil) {
        self.region = region
        self.maxTravelMinutes = maxTravelMinutes
    }
}

/// Days that a funder has paid for a victim before day 0.
public struct PaidDays: Sendable, Equatable {
    /// The funder.
    public let funder: FunderID
    /// The number of days.
    public let days: Int

    /// Makes a count.
    public init(funder: FunderID, days: Int) {
        self.funder = funder
        self.days = days
    }
}
