/// A shelter (*opvang*): a location with one security level and one or more units. Its address is no part of it.
public struct Shelter: Sendable, Equatable {
    /// Its identifier.
    public let id: ShelterID
    /// The region in which it lies.
    public let region: RegionID
    /// Security level: 1 open and safe, 2 shielded, 3 secret address, 4 closed.
    public let security: Int
    /// Services that all its units offer (`trauma`, `24h`, …).
    public let services: [String]

    /// Makes a shelter.
    public init(id: ShelterID, region: RegionID, security: Int, services: [String]) {
        self.id = id
        self.region = region
        self.security = security
        self.services = services
    }
}
