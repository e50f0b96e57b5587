public import CareChain
import Postgres

/// A shelter, as everybody of the care chain may see it: without its address.
public struct ShelterRecord: Sendable, Equatable {
    /// Its identifier.
    public let id: String
    /// What it is called; nil: not known.
    public let name: String?
    /// The region in which it lies.
    public let region: String
    /// 1 open and safe, 2 shielded, 3 secret address, 4 closed.
    public let security: Int
    /// Services that all its units offer.
    public let services: [String]
    /// Who may commit its beds; nil: not known.
    public let placementAuthority: String?
}

/// A unit, as everybody of the care chain may see it.
public struct UnitRecord: Sendable, Equatable {
    /// Its identifier.
    public let id: String
    /// Its shelter.
    public let shelter: String
    /// The region in which it lies.
    public let region: String
    /// What its beds are meant for.
    public let bedType: BedType
    /// The sexes admitted.
    public let sexes: [Sex]
    /// The least age admitted in whole years; nil: no limit.
    public let minAge: Int?
    /// The greatest age admitted in whole years; nil: no limit.
    public let maxAge: Int?
    /// The phases admitted; nil: all.
    public let phases: [Phase]?
    /// Services on top of the shelter's.
    public let services: [String]
    /// Whether people of different sexes may be there on the same day.
    public let mixing: Mixing
    /// Whether it takes one request at a time.
    public let exclusive: Bool
    /// The fewest victims of one request.
    public let minGroup: Int
    /// The most victims of one request; nil: no limit.
    public let maxGroup: Int?
    /// What takes one bed.
    public let countBy: CountBy
    /// Days after which a stay is too long; nil: no limit.
    public let maxLegDays: Int?
    /// The beds today.
    public let beds: Int
}

/// Which units are meant.
public struct UnitFilter: Sendable, Equatable {
    /// Those of a shelter; nil: of all.
    public var shelter: ShelterID?
    /// Those in a region; nil: in all.
    public var region: RegionID?
    /// Those of a bed type; nil: of all.
    public var bedType: BedType?

    /// Makes a filter.
    public init(shelter: ShelterID? = nil, region: RegionID? = nil, bedType: BedType? = nil) {
        self.shelter = shelter
        self.region = region
        self.bedType = bedType
    }
}

extension Ledger {
    /// Shelters in the order of their identifiers.
    ///
    /// - Parameters:
    ///   - region: Those in a region; nil: all.
    ///   - last: The identifier after which to begin; nil: at the first.
    ///   - limit: The most that are returned.
    /// - Throws: ``LedgerError``
    public func shelters(
        in region: RegionID? = nil, after last: String? = nil, limit: Int, as actor: Actor
    ) async throws(LedgerError) -> [ShelterRecord] {
        try await view(as: actor) { connection in
            try await connection.query(
                """
                SELECT id, name, region, security, services, placement_authority FROM shelter
                WHERE (\(region?.text as String?)::text IS NULL OR region = \(region?.text as String?))
                    AND (\(last as String?)::text IS NULL OR id > \(last as String?))
                ORDER BY id LIMIT \(limit)::integer
                """
            ).map(ShelterRecord.init)
        }
    }

    /// A shelter.
    ///
    /// - Throws: ``LedgerError``; `noSuch`.
    public func shelter(_ id: ShelterID, as actor: Actor) async throws(LedgerError) -> ShelterRecord {
        try await view(as: actor) { connection in
            let rows = try await connection.query(
                "SELECT id, name, region, security, services, placement_authority FROM shelter WHERE id = \(id.text)")
            guard let row = rows.first else { throw LedgerError.noSuch(kind: "shelter", id: id.text) }
            return try ShelterRecord(row)
        }
    }

    /// Units in the order of their identifiers.
    ///
    /// - Parameters:
    ///   - last: The identifier after which to begin; nil: at the first.
    ///   - limit: The most that are returned.
    /// - Throws: ``LedgerError``
    public func units(
        _ filter: UnitFilter = UnitFilter(), after last: String? = nil, limit: Int, as actor: Actor
    ) async throws(LedgerError) -> [UnitRecord] {
        try await view(as: actor) { try await Self.units(nil, filter, after: last, limit: limit, on: $0) }
    }

    /// A unit.
    ///
    /// - Throws: ``LedgerError``; `noSuch`.
    public func unit(_ id: UnitID, as actor: Actor) async throws(LedgerError) -> UnitRecord {
        try await view(as: actor) { connection in
            let units = try await Self.units(id, UnitFilter(), after: nil, limit: 1, on: connection)
            guard let unit = units.first else { throw LedgerError.noSuch(kind: "unit", id: id.text) }
            return unit
        }
    }

    private static func units(
        _ id: UnitID?, _ filter: UnitFilter, after last: String?, limit: Int, on connection: Connection
    ) async throws -> [UnitRecord] {
        try await connection.query(
            """
            SELECT u.*, h.region, unit_beds(u.id, ledger_today()) AS beds
            FROM unit AS u JOIN shelter AS h ON h.id = u.shelter
            WHERE (\(id?.text as String?)::text IS NULL OR u.id = \(id?.text as String?))
                AND (\(filter.shelter?.text as String?)::text IS NULL OR u.shelter = \(filter.shelter?.text as String?))
                AND (\(filter.region?.text as String?)::text IS NULL OR h.region = \(filter.region?.text as String?))
                AND (\(filter.bedType?.rawValue as String?)::text IS NULL
                    OR u.bed_type = \(filter.bedType?.rawValue as String?))
                AND (\(last as String?)::text IS NULL OR u.id > \(last as String?))
            ORDER BY u.id LIMIT \(limit)::integer
            """
        ).map(UnitRecord.init)
    }
}

extension ShelterRecord {
    fileprivate init(_ row: Row) throws {
        self.init(
            id: try row["id"], name: try row["name"], region: try row["region"], security: try row["security"],
            services: try row["services"], placementAuthority: try row["placement_authority"])
    }
}

extension UnitRecord {
    fileprivate init(_ row: Row) throws {
        self.init(
            id: try row["id"], shelter: try row["shelter"], region: try row["region"],
            bedType: try row.word("bed_type"), sexes: try row.words("sexes"), minAge: try row["min_age"],
            maxAge: try row["max_age"],
            phases: try row["phases", as: [String]?.self]?.compactMap(Phase.init), services: try row["services"],
            mixing: try row.word("mixing"), exclusive: try row["exclusive"], minGroup: try row["min_group"],
            maxGroup: try row["max_group"], countBy: try row.word("count_by"), maxLegDays: try row["max_leg_days"],
            beds: try row["beds"])
    }
}

extension Row {
    /// A word of a vocabulary that the database checks.
    func word<Word: RawRepresentable<String>>(_ column: String) throws -> Word {
        let text: String = try self[column]
        guard let word = Word(rawValue: text) else {
            throw LedgerError.unexpected("\(column) is no word that is known")
        }
        return word
    }

    func words<Word: RawRepresentable<String>>(_ column: String) throws -> [Word] {
        try self[column, as: [String].self].compactMap(Word.init)
    }
}
