public import CareChain

/// The reference data of a country: what there is, where, and who pays, with dates and without a single case.
public struct Country: Sendable, Equatable {
    /// The care regions.
    public internal(set) var regions: [Region]
    /// What each region belongs to, per function and dated.
    public internal(set) var memberships: [Membership]
    /// Travel times between regions.
    public internal(set) var travelTimes: [TravelTime]
    /// The shelters.
    public internal(set) var shelters: [Shelter]
    /// The units; their `beds` are zero here, ``bedChanges`` has them by date.
    public internal(set) var units: [Unit]
    /// Every change in a unit's beds, its opening included, ordered by unit as in ``units`` and then by date.
    public internal(set) var bedChanges: [BedChange]
    /// The funders in the order in which they pay.
    public internal(set) var funders: [Funder]
    /// How often and how soon somebody may be moved.
    public internal(set) var moveLimits: MoveLimits
    /// What a plan pays for what it does less well.
    public internal(set) var weights: Weights
    /// What the coordination desk goes by.
    public internal(set) var desk: Desk

    /// The day on which its first beds opened.
    public var firstDay: CalendarDate {
        bedChanges.dropFirst().reduce(bedChanges[0].from) { min($0, $1.from) }
    }
}

extension Country {
    /// A care region.
    public struct Region: Sendable, Equatable {
        /// Its identifier.
        public let id: RegionID
        /// Its name for people.
        public let name: String
        /// How many of a thousand victims are found here.
        public let foundPermille: Int
    }

    /// What a region belongs to in one function, from a date: regions of different functions do not nest.
    public struct Membership: Sendable, Equatable {
        /// The region.
        public let region: RegionID
        /// The function, `police-unit` for example.
        public let function: String
        /// The body that has the function there.
        public let body: String
        /// The first day.
        public let from: CalendarDate
        /// The first day no longer; nil: until further notice.
        public let until: CalendarDate?
    }

    /// A shelter: what the planner needs to know of it, and what people who place somebody there do. No address.
    public struct Shelter: Sendable, Equatable {
        /// Its identifier.
        public let id: ShelterID
        /// Its name for people.
        public let name: String
        /// The region in which it lies.
        public let region: RegionID
        /// The kind of shelter, in the country's own word.
        public let kind: String
        /// Security level: 1 open and safe, 2 shielded, 3 secret address, 4 closed.
        public let security: Int
        /// Services that all its units offer.
        public let services: [String]
        /// Who may commit one of its beds.
        public let placementAuthority: PlacementAuthority
        /// When it admits people, in words.
        public let intake: String
        /// How many of a hundred of its beds people outside the care chain take, for made-up instances.
        public let othersPercent: Int
    }

    /// The number of beds of a unit from a date on.
    public struct BedChange: Sendable, Equatable {
        /// The unit.
        public let unit: UnitID
        /// The first day of the number.
        public let from: CalendarDate
        /// The number of beds.
        public let count: Int
        /// Why it changes.
        public let reason: String
    }

    /// A funder with the dates between which it pays.
    public struct Funder: Sendable, Equatable {
        /// Its identifier.
        public let id: FunderID
        /// Its name for people.
        public let name: String
        /// For whom and where it pays.
        public let accepts: FunderAcceptance
        /// The first day on which it pays.
        public let from: CalendarDate
        /// The first day on which it no longer pays; nil: until further notice.
        public let until: CalendarDate?
        /// The most days it pays for one victim; nil: no limit.
        public let maxDaysPerVictim: Int?
        /// What it can spend over a horizon, whatever its length; nil: no limit.
        public let budget: Cents?
    }
}

/// Who may commit a bed of a shelter; the system proposes, only the authority commits.
public enum PlacementAuthority: String, CaseIterable, Sendable {
    /// The national desk alone.
    case deskExclusive = "desk-exclusive"
    /// The national desk after consulting.
    case deskConsulted = "desk-consulted"
    /// The regional coordinator.
    case coordinator
    /// The regional coordinator together with the police.
    case coordinatorAndPolice = "coordinator-and-police"
    /// The shelter itself; others only offer.
    case shelter
    /// The guardian of an unaccompanied minor.
    case guardian
    /// The youth-care body.
    case youthCare = "youth-care"
    /// The youth-care body, with a court order in force.
    case youthCareAndCourt = "youth-care-and-court"
}
