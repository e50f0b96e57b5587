/// A unit (*afdeling*, *groep*): beds of one type in one shelter.
public struct Unit: Sendable, Equatable {
    /// Its identifier.
    public let id: UnitID
    /// The shelter it is part of.
    public let shelter: ShelterID
    /// What its beds are meant for.
    public let bedType: BedType
    /// The number of beds, changing over the days.
    public let beds: StepFunction<Int>
    /// Whom it admits.
    public let accepts: Admission
    /// Services on top of the shelter's.
    public let services: [String]
    /// Whether people of different sexes may be there on the same day.
    public let mixing: Mixing
    /// Whether on any day it takes the victims of at most one request.
    public let exclusive: Bool
    /// The fewest victims of one request that it admits.
    public let minGroup: Int
    /// The most victims of one request that it admits; nil: no limit.
    public let maxGroup: Int?
    /// What takes one bed.
    public let countBy: CountBy
    /// Days after which a leg overstays; nil: no limit.
    public let maxLegDays: Int?
    /// What a victim costs here per day.
    public let dailyCost: Cents
    /// Cost per victim and day of using this unit at all, in points of the objective.
    public let scarcity: Int

    /// Makes a unit.
    public init(
        id: UnitID, shelter: ShelterID, bedType: BedType, beds: StepFunction<Int>, accepts: Admission,
        services: [String] = [], mixing: Mixing = .any, exclusive: Bool = false, minGroup: Int = 1,
        maxGroup: Int? = nil, countBy: CountBy = .victim, maxLegDays: Int? = nil, dailyCost: Cents, scarcity: Int = 0
    ) {
        self.id = id
        self.shelter = shelter
        self.bedType = bedType
        self.beds = beds
        self.accepts = accepts
        self.services = services
        self.mixing = mixing
        self.exclusive = exclusive
        self.minGroup = minGroup
        self.maxGroup = maxGroup
        self.countBy = countBy
        self.maxLegDays = maxLegDays
        self.dailyCost = dailyCost
        self.scarcity = scarcity
    }
}

/// What the beds of a unit are meant for.
public enum BedType: String, CaseIterable, Sendable {
    /// Minors.
    case minors
    /// Women.
    case women
    /// Men.
    case men
    /// Whole groups, found at a labour inspection for example.
    case groups
    /// Victims in the reflection period (B9, today B8/3).
    case b9
    /// A parent with children.
    case families
    /// Crisis and emergency beds.
    case crisis
    /// Assisted living (*begeleid wonen*).
    case assisted
}

/// Whom a unit admits, by sex, age and phase.
public struct Admission: Sendable, Equatable {
    /// The sexes admitted.
    public let sexes: [Sex]
    /// The ages admitted, in whole years.
    public let ages: AgeRange
    /// The phases admitted; nil: all.
    public let phases: [Phase]?

    /// Makes an admission.
    public init(sexes: [Sex], ages: AgeRange = .all, phases: [Phase]? = nil) {
        self.sexes = sexes
        self.ages = ages
        self.phases = phases
    }
}

/// A range of ages in whole years, both ends included.
public struct AgeRange: Sendable, Equatable {
    /// The least age; nil: no limit.
    public let min: Int?
    /// The greatest age; nil: no limit.
    public let max: Int?

    /// All ages.
    public static let all = AgeRange(min: nil, max: nil)

    /// Makes a range.
    public init(min: Int?, max: Int?) {
        self.min = min
        self.max = max
    }

    /// Whether an age is within the range.
    public func contains(_ age: Int) -> Bool {
        if let min, age < min { return false }
        if let max, age > max { return false }
        return true
    }
}

/// Whether people of different sexes may be in a unit on the same day.
public enum Mixing: String, CaseIterable, Sendable {
    /// They may.
    case any
    /// All who are there on one day have the same sex.
    case singleSex = "single-sex"
}

/// What takes one of a unit's beds.
public enum CountBy: String, CaseIterable, Sendable {
    /// Each victim.
    case victim
    /// All victims of one request together: a family unit.
    case request
}
