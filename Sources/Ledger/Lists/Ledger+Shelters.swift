public import CareChain
import Postgres

/// A shelter as everybody may know it: never its address.
public struct ShelterRecord: Sendable, Equatable, Codable {
    /// Its identifier.
    public let id: String
    /// Its name; nil: not known.
    public let name: String?
    /// The region in which it lies.
    public let region: String
    /// 1 open and safe, 2 shielded, 3 secret address, 4 closed.
    public let security: Int
    /// Services that all its units offer.
    public let services: [String]
    /// What kind of shelter it is; nil: not known.
    public let kind: String?
    /// Who may commit its beds; nil: not known, so the shelter itself.
    public let placementAuthority: String?
    /// How intake goes; nil: not known.
    public let intake: String?
}

/// A unit: what its beds are and whom it admits.
public struct UnitRecord: Sendable, Equatable, Codable {
    /// Its identifier.
    public let id: String
    /// Its shelter.
    public let shelter: String
    /// The region of its shelter.
    public let region: String
    /// The type of its beds.
    public let bedType: BedType
    /// The sexes that it admits.
    public let sexes: [Sex]
    /// The youngest age that it admits, in years; nil: no limit.
    public let minAge: Int?
    /// The oldest age that it admits, in years; nil: no limit.
    public let maxAge: Int?
    /// The phases that it admits; nil: all.
    public let phases: [Phase]?
    /// Services on top of the shelter's.
    public let services: [String]
    /// Whether both sexes may be there on one day.
    public let mixing: Mixing
    /// Whether it takes one request at a time.
    public let exclusive: Bool
    /// The fewest victims of a request that it admits.
    public let minGroup: Int
    /// The most victims of a request that it admits; nil: no limit.
    public let maxGroup: Int?
    /// What takes one of its beds.
    public let countBy: CountBy
    /// The longest stay in days that it is meant for; nil: no limit.
    public let maxLegDays: Int?
    /// What a victim's day costs, in cents.
    public let dailyCostCents: Int
    /// The beds today.
    public let beds: Int
}

/// Which units are asked for.
public struct UnitFilter: Sendable, Equatable {
    /// Of a shelter.
    public var shelter: ShelterID?
    /// In a region.
    public var region: RegionID?
    /// With beds of a type.
    public var bedType: BedType?

    /// Makes a filter.
    public init(shelter: ShelterID? = nil, region: RegionID? = nil, bedType: BedType? = nil) {
        self.shelter = shelter
        self.region = region
        self.bedType = bedType
    }
}

extension Ledger {
    /// A page of the shelters, by identifier.
    ///
    /// - Parameter region: Only in this region; nil: in all.
    /// - Throws: ``LedgerError``; `invalid` for a cursor of another list.
    public func shelters(
        in region: RegionID? = nil, _ page: PageRequest, as actor: Actor
    ) async throws(LedgerError) -> Page<ShelterRecord> {
        let order = ListOrder("shelters", .text)
        let start = try order.start(page)
        let found = try await view(as: actor) { try await Self.shelters(nil, in: region, start, on: $0) }
        return order.page(found, page) { [$0.id] }
    }

    /// A shelter.
    ///
    /// - Throws: ``LedgerError``; `noSuch`.
    public func shelter(_ id: ShelterID, as actor: Actor) async throws(LedgerError) -> ShelterRecord {
        let start = try ListOrder("shelters").start(.all)
        let found = try await view(as: actor) { try await Self.shelters(id, in: nil, start, on: $0).first }
        guard let found else { throw .noSuch(kind: .shelter, id: id.text) }
        return found
    }

    private static func shelters(
        _ id: ShelterID?, in region: RegionID?, _ start: ListStart, on connection: Connection
    ) async throws -> [ShelterRecord] {
        try await connection.list(
            """
            SELECT json_agg(x) FROM (
                SELECT id, name, region, security, services, kind, placement_authority, intake FROM shelter
                WHERE (\(id?.text as String?)::text IS NULL OR id = \(id?.text as String?))
                    AND (\(region?.text as String?)::text IS NULL OR region = \(region?.text as String?))
                    AND (\(start.isFirst)::boolean OR id > \(start.text(0) as String?)::identifier)
                ORDER BY id LIMIT \(start.rows as Int?)) AS x
            """)
    }

    /// A page of the units, by identifier.
    ///
    /// - Throws: ``LedgerError``; `invalid` for a cursor of another list.
    public func units(
        _ filter: UnitFilter, _ page: PageRequest, as actor: Actor
    ) async throws(LedgerError) -> Page<UnitRecord> {
        let order = ListOrder("units", .text)
        let start = try order.start(page)
        let found = try await view(as: actor) { try await Self.units(nil, filter, start, on: $0) }
        return order.page(found, page) { [$0.id] }
    }

    /// A unit.
    ///
    /// - Throws: ``LedgerError``; `noSuch`.
    public func unit(_ id: UnitID, as actor: Actor) async throws(LedgerError) -> UnitRecord {
        let start = try ListOrder("units").start(.all)
        let found = try await view(as: actor) { try await Self.units(id, UnitFilter(), start, on: $0).first }
        guard let found else { throw .noSuch(kind: .unit, id: id.text) }
        return found
    }

    private static func units(
        _ id: UnitID?, _ filter: UnitFilter, _ start: ListStart, on connection: Connection
    ) async throws -> [UnitRecord] {
        try await connection.list(
            """
            SELECT json_agg(x) FROM (
                SELECT u.id, u.shelter, s.region, u.bed_type, u.sexes, u.min_age, u.max_age, u.phases, u.services, u.mixing,
                    u.exclusive, u.min_group, u.max_group, u.count_by, u.max_leg_days, u.daily_cost_cents,
                    unit_beds(u.id, ledger_today()) AS beds
                FROM unit AS u JOIN shelter AS s ON s.id = u.shelter
                WHERE (\(id?.text as String?)::text IS NULL OR u.id = \(id?.text as String?))
                    AND (\(filter.shelter?.text as String?)::text IS NULL OR u.shelter = \(filter.shelter?.text as String?))
                    AND (\(filter.region?.text as String?)::text IS NULL OR s.region = \(filter.region?.text as String?))
                    AND (\(filter.bedType?.rawValue as String?)::text IS NULL
                        OR u.bed_type = \(filter.bedType?.rawValue as String?))
                    AND (\(start.isFirst)::boolean OR u.id > \(start.text(0) as String?)::identifier)
                ORDER BY u.id LIMIT \(start.rows as Int?)) AS x
            """)
    }
}
