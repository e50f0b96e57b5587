/// A placement request (*plaatsingsverzoek*): one or more victims who are placed together.
public struct Request: Sendable, Equatable {
    /// Its identifier.
    public let id: RequestID
    /// Its victims, at least one.
    public let victims: [VictimID]
    /// Where the victims must be together.
    public let together: Together
    /// The day on which the desk learns of it.
    public let knownFrom: Day
    /// The first day on which it may start.
    public let neededFrom: Day
    /// The last day on which it may start.
    public let latestStart: Day
    /// The length of the stay in days; with `current` counted from day 0.
    public let stayDays: Int
    /// How urgent it is.
    public let urgency: Urgency
    /// The region in which a shelter is preferred.
    public let preferredRegion: RegionID?
    /// Where its victims are when day 0 begins, in the order of `victims`; nil: not placed yet.
    public let current: [CurrentStay]?
    /// With `current`, the first day on which a move is allowed: a hold.
    public let noMoveBefore: Day
    /// Whether it stays where `current` says for the whole stay.
    public let locked: Bool
    /// Stays that people have agreed on and that have not begun; nil: none.
    public let committed: [CommittedStay]?

    /// Makes a request.
    public init(
        id: RequestID, victims: [VictimID], together: Together = .unit, knownFrom: Day = 0, neededFrom: Day,
        latestStart: Day, stayDays: Int, urgency: Urgency, preferredRegion: RegionID? = nil,
        current: [CurrentStay]? = nil, noMoveBefore: Day = 0, locked: Bool = false, committed: [CommittedStay]? = nil
    ) {
        self.id = id
        self.victims = victims
        self.together = together
        self.knownFrom = knownFrom
        self.neededFrom = neededFrom
        self.latestStart = latestStart
        self.stayDays = stayDays
        self.urgency = urgency
        self.preferredRegion = preferredRegion
        self.current = current.map { Self.inOrder($0, of: victims) }
        self.noMoveBefore = noMoveBefore
        self.locked = locked
        self.committed = committed
    }

    private static func inOrder(_ current: [CurrentStay], of victims: [VictimID]) -> [CurrentStay] {
        if current.map(\.victim) == victims { return current }
        let places = Dictionary(victims.enumerated().map { ($1, $0) }, uniquingKeysWith: min)
        return current.sorted { places[$0.victim, default: .max] < places[$1.victim, default: .max] }
    }

    /// Whether people have decided already where it is: locked or committed.
    public var isFixed: Bool { locked || committed != nil }

    /// The day on which a stay that starts on a day ends (exclusive), within a horizon of so many days.
    public func end(startingOn start: Day, horizonDays: Int) -> Day {
        min(start + stayDays, Day(horizonDays))
    }
}

/// Where the victims of one request must be together.
public enum Together: String, CaseIterable, Sendable {
    /// In one unit.
    case unit
    /// In units of one shelter.
    case shelter
}

/// How urgent a request is.
public enum Urgency: String, CaseIterable, Sendable {
    /// Now.
    case crisis
    /// Soon.
    case urgent
    /// In time.
    case planned
}

/// Where a victim is when day 0 begins.
public struct CurrentStay: Sendable, Equatable {
    /// The victim.
    public let victim: VictimID
    /// The unit.
    public let unit: UnitID
    /// For how many days already.
    public let days: Int
    /// How often this placement has been moved.
    public let movesMade: Int

    /// Makes a current stay.
    public init(victim: VictimID, unit: UnitID, days: Int, movesMade: Int = 0) {
        self.victim = victim
        self.unit = unit
        self.days = days
        self.movesMade = movesMade
    }
}

/// A stay that people have agreed on and that has not begun.
public struct CommittedStay: Sendable, Equatable {
    /// The victim.
    public let victim: VictimID
    /// The unit.
    public let unit: UnitID
    /// The days.
    public let days: Range<Day>

    /// Makes a committed stay.
    public init(victim: VictimID, unit: UnitID, days: Range<Day>) {
        self.victim = victim
        self.unit = unit
        self.days = days
    }
}
