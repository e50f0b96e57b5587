public import CareChain

/// What a coordinator does for a region.
public enum CoverageFunction: String, CaseIterable, Sendable, Codable {
    /// Accountable for shelter.
    case care
    /// Helps people who are ready to leave find a place of their own.
    case outflow
    /// Coordinates for minors and young adults.
    case youth
}

/// A coordinator who covers a region for a function, ages and days.
public struct Coverage: Sendable, Equatable {
    /// The region.
    public let region: RegionID
    /// The function.
    public let function: CoverageFunction
    /// Who covers: the identifier of a coordinator.
    public let coordinator: String
    /// The ages in years, `[from, until)` within 0 to 151.
    public let ages: Range<Int>
    /// The first day.
    public let from: CalendarDate
    /// The first day no longer; nil: until further notice.
    public let until: CalendarDate?
    /// Whether only where nobody else covers, or those who do are absent.
    public let standIn: Bool

    /// Makes a coverage.
    public init(
        region: RegionID, function: CoverageFunction = .care, coordinator: String, ages: Range<Int> = 0..<151,
        from: CalendarDate, until: CalendarDate? = nil, standIn: Bool = false
    ) {
        self.region = region
        self.function = function
        self.coordinator = coordinator
        self.ages = ages
        self.from = from
        self.until = until
        self.standIn = standIn
    }
}

/// A coverage that is on record.
public struct KeptCoverage: Sendable, Equatable {
    /// Its number.
    public let id: Int
    /// Its version (``Versioned/coverage(_:)``).
    public let version: Int
    /// The coverage.
    public let coverage: Coverage
    /// Whether it is this coordinator's turn today: covering, and not absent.
    public let isOnDuty: Bool
}

/// The days on which a coordinator is away.
public struct Absence: Sendable, Equatable {
    /// Who: the identifier of a coordinator.
    public let coordinator: String
    /// The first day.
    public let from: CalendarDate
    /// The first day back.
    public let until: CalendarDate
}

/// Which coverages are asked for; what is nil is any.
public struct CoverageFilter: Sendable, Equatable {
    /// Of a region.
    public var region: RegionID?
    /// For a function.
    public var function: CoverageFunction?
    /// By a coordinator.
    public var coordinator: String?

    /// Makes a filter.
    public init(region: RegionID? = nil, function: CoverageFunction? = nil, coordinator: String? = nil) {
        self.region = region
        self.function = function
        self.coordinator = coordinator
    }
}

/// Ages and days of a region for which nobody is on duty: there, the desk is accountable.
public struct CoverageGap: Sendable, Equatable {
    /// The region.
    public let region: RegionID
    /// The ages in years, `[from, until)`.
    public let ages: Range<Int>
    /// The first day.
    public let from: CalendarDate
    /// The first day no longer.
    public let until: CalendarDate
}

/// Two who are on duty for the same, neither as a stand-in. The one who began first is accountable.
public struct CoverageOverlap: Sendable, Equatable {
    /// The region.
    public let region: RegionID
    /// The function.
    public let function: CoverageFunction
    /// The two coordinators, in the order of their names.
    public let coordinators: [String]
    /// The ages in years, `[from, until)`.
    public let ages: Range<Int>
    /// The first day.
    public let from: CalendarDate
    /// The first day no longer.
    public let until: CalendarDate
}

/// Who is accountable for a case today.
public struct Accountability: Sendable, Equatable {
    /// The victim.
    public let victim: VictimID
    /// The region of its request; nil: not known.
    public let region: RegionID?
    /// The coordinator; nil: nobody covers, so the desk is.
    public let coordinator: String?
}
