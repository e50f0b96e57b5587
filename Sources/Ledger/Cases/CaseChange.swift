public import CareChain

/// What is to be changed of a case; what is left out stays as it is.
public struct CaseChange: Sendable, Equatable {
    /// Somebody whom not to meet.
    public struct Contact: Sendable, Equatable {
        /// Who.
        public let victim: VictimID
        /// How widely.
        public let scope: ContactScope

        /// Makes a contact.
        public init(_ victim: VictimID, _ scope: ContactScope) {
            self.victim = victim
            self.scope = scope
        }
    }

    /// The phase from a day on; nil day: today.
    public var phase: Phase?
    /// The first day of the phase, the registration, the guardianship and the court order; nil: today.
    public var from: CalendarDate?
    /// Where the victim is registered as a resident from the day on.
    public var registeredIn: RegionID?
    /// The services that are needed, in place of those on record.
    public var needs: [String]?
    /// The security levels of shelters that are allowed.
    public var security: ClosedRange<Int>?
    /// Regions to avoid from today on.
    public var avoidRegions: [RegionID] = []
    /// Shelters to avoid from today on.
    public var avoidShelters: [ShelterID] = []
    /// Regions that need not be avoided from today on.
    public var allowRegions: [RegionID] = []
    /// Shelters that need not be avoided from today on.
    public var allowShelters: [ShelterID] = []
    /// Somebody whom not to meet, from today on, and how widely.
    public var noContact: Contact?
    /// The region that is accountable as long as no request says.
    public var region: RegionID?
    /// Police who investigate from today on.
    public var police: String?
    /// The body that is the guardian of a minor from the day on, until the eighteenth birthday.
    public var guardian: String?
    /// The last day of a court order for a closed shelter that is in force from the day on; where another one is in force,
    /// it prolongs that.
    public var courtOrderUntil: CalendarDate?

    /// Changes nothing yet.
    public init() {}
}

/// A case as one of the care chain sees it: what is not disclosed to whoever asks is not there.
public struct CaseRecord: Sendable, Equatable, Codable {
    /// A phase and its first day.
    public struct PhaseFrom: Sendable, Equatable, Codable {
        /// The phase.
        public let phase: String
        /// Its first day; the first also holds before.
        public let from: CalendarDate
    }

    /// Who investigates, and whom to call about it.
    public struct PoliceContact: Sendable, Equatable, Codable {
        /// The police.
        public let police: String
        /// A team and how it is reached.
        public let contact: String?
    }

    /// An investigation, for its police.
    public struct InvestigationRecord: Sendable, Equatable, Codable {
        /// The region in which it is.
        public let region: String
        /// The longest journey from the shelter.
        public let maxTravelMinutes: Int?
    }

    /// The pseudonym.
    public let victim: String
    /// The sex.
    public let sex: String?
    /// The band of the age.
    public let ageBand: String?
    /// The services that are needed.
    public let needs: [String]
    /// The lowest security level that is allowed.
    public let securityMin: Int?
    /// The highest.
    public let securityMax: Int?
    /// The phases, past and coming.
    public let phases: [PhaseFrom]
    /// What to avoid today: regions and shelters.
    public let avoid: [String]
    /// The region that is accountable.
    public let region: String?
    /// Who is accountable, `ROLE/ID`, or `desk` where no coordinator covers.
    public let accountable: String?
    /// Who investigates.
    public let police: [PoliceContact]
    /// The investigation itself; nil unless it is one's own.
    public let investigation: InvestigationRecord?
    /// Whether there is an investigation; nil: not told.
    public let underInvestigation: Bool?
    /// Until which day nobody is moved.
    public let noMoveBefore: CalendarDate?
}
