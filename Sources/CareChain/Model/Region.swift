/// A care region.
public struct Region: Sendable, Equatable {
    /// Its identifier.
    public let id: RegionID
    /// Its name for people.
    public let name: String

    /// Makes a region.
    public init(id: RegionID, name: String) {
        self.id = id
        self.name = name
    }
}

/// The time by road between two different regions, the same in both directions.
public struct TravelTime: Sendable, Equatable {
    /// One region.
    public let a: RegionID
    /// The other region.
    public let b: RegionID
    /// Minutes by road.
    public let minutes: Int

    /// Makes a travel time.
    public init(a: RegionID, b: RegionID, minutes: Int) {
        self.a = a
        self.b = b
        self.minutes = minutes
    }
}
