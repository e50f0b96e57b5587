public import CareChain

/// A placement request as it comes in: for whom, and by what a place is chosen.
public struct NewRequest: Sendable, Equatable {
    /// Its identifier.
    public var id: RequestID
    /// Its victims; those that the ledger does not know yet are in `newVictims` too.
    public var victims: [VictimID]
    /// Victims whom the ledger does not know yet.
    public var newVictims: [NewVictim]
    /// Where the victims must be together.
    public var together: Together
    /// How urgent it is.
    public var urgency: Urgency
    /// The first day on which it may start.
    public var neededFrom: CalendarDate
    /// The last day on which it may start.
    public var latestStart: CalendarDate
    /// The length of the stay in days.
    public var stayDays: Int
    /// The region that is accountable for its victims; nil: not known.
    public var region: RegionID?
    /// The region in which a shelter is preferred.
    public var preferredRegion: RegionID?
    /// Who referred, and hears of the outcome; nil: who makes the request.
    public var referredBy: Actor?
    /// Whether it is not submitted yet.
    public var draft: Bool

    /// Makes a request.
    public init(
        id: RequestID, victims: [VictimID], newVictims: [NewVictim] = [], together: Together = .unit, urgency: Urgency,
        neededFrom: CalendarDate, latestStart: CalendarDate, stayDays: Int, region: RegionID? = nil,
        preferredRegion: RegionID? = nil, referredBy: Actor? = nil, draft: Bool = false
    ) {
        self.id = id
        self.victims = victims
        self.newVictims = newVictims
        self.together = together
        self.urgency = urgency
        self.neededFrom = neededFrom
        self.latestStart = latestStart
        self.stayDays = stayDays
        self.region = region
        self.preferredRegion = preferredRegion
        self.referredBy = referredBy
        self.draft = draft
    }
}

/// A victim whom the ledger does not know yet: what a place is chosen by, and who decides.
public struct NewVictim: Sendable, Equatable {
    /// What a place is chosen by; phases count from the day on which the request is made.
    public var victim: Victim
    /// The body that is the guardian of a minor; nil: none.
    public var guardian: String?
    /// The last day of a court order for a closed shelter, from the day on which the request is made; nil: none.
    public var courtOrderUntil: CalendarDate?

    /// Makes a victim.
    public init(victim: Victim, guardian: String? = nil, courtOrderUntil: CalendarDate? = nil) {
        self.victim = victim
        self.guardian = guardian
        self.courtOrderUntil = courtOrderUntil
    }
}
