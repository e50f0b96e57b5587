/// A funder (*financier*). Funders pay in the order of the instance's list: the first that accepts is the payer.
public struct Funder: Sendable, Equatable {
    /// Its identifier.
    public let id: FunderID
    /// Its name for people.
    public let name: String
    /// For whom and where it pays.
    public let accepts: FunderAcceptance
    /// The days on which it pays.
    public let window: Range<Day>
    /// The most days it pays for one victim; nil: no limit.
    public let maxDaysPerVictim: Int?
    /// What it can spend over the horizon; nil: no limit.
    public let budget: Cents?

    /// Makes a funder.
    public init(
        id: FunderID, name: String, accepts: FunderAcceptance, window: Range<Day>, maxDaysPerVictim: Int? = nil,
        budget: Cents? = nil
    ) {
        self.id = id
        self.name = name
        self.accepts = accepts
        self.window = window
        self.maxDaysPerVictim = maxDaysPerVictim
        self.budget = budget
    }
}

/// For whom and where a funder pays; nil means no limit.
public struct FunderAcceptance: Sendable, Equatable {
    /// Phases of the victim.
    public let phases: [Phase]?
    /// Types of the unit's beds.
    public let bedTypes: [BedType]?
    /// Regions where the victim is registered; a list never accepts somebody who is registered nowhere.
    public let registeredIn: [RegionID]?
    /// Regions of the shelter.
    public let shelterRegions: [RegionID]?
    /// Ages of the victim in whole years.
    public let ages: AgeRange

    /// Makes an acceptance.
    public init(
        phases: [Phase]? = nil, bedTypes: [BedType]? = nil, registeredIn: [RegionID]? = nil,
        shelterRegions: [RegionID]? = nil, ages: AgeRange = .all
    ) {
        self.phases = phases
        self.bedTypes = bedTypes
        self.registeredIn = registeredIn
        self.shelterRegions = shelterRegions
        self.ages = ages
    }
}
