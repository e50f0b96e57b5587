import CareChain
public import Countries
import Postgres

extension Ledger {
    /// Takes a country's reference data in: adds what is new, replaces what is different.
    ///
    /// What the ledger has and the country no longer names is not deleted (cases may refer to it) but reported; funders
    /// among it come after all others. Bed changes that were reported, by an instance for example, stay beside the
    /// country's. Taking the same country in again changes nothing.
    ///
    /// - Returns: What was added, changed and no longer named.
    /// - Throws: ``LedgerError``; `refused` when it contradicts what stays, a membership of the same days for example.
    @discardableResult
    public func load(_ country: Country) async throws(LedgerError) -> LoadReport {
        try await transaction(.serializable) { connection in
            let policy = try await Self.write(country.moveLimits, country.weights, .given, on: connection)
            let desk = try await Self.write(country.desk, on: connection)
            let regions = try await Self.write(
                country.regions.map { Region(id: $0.id, name: $0.name) }, .given, on: connection)
            let memberships = try await Self.write(country.memberships, on: connection)
            let times = try await Self.write(country.travelTimes, .given, on: connection)
            let shelters = try await Self.write(country.shelters, on: connection)
            let units = try await Self.write(country.units, .given, on: connection)
            let beds = try await Self.write(country.bedChanges, on: connection)
            let funders = try await Self.write(country.funders, on: connection)
            return LoadReport(entries: [
                .init("policy", given: 1, policy),
                .init(
                    "desk", given: 1 + country.desk.hours.count + country.desk.deadlines.count, desk),
                .init(
                    "regions", given: country.regions.count, regions,
                    vanished: try await Self.rest("region", of: country.regions.map(\.id.text), on: connection)),
                .init(
                    "memberships", given: country.memberships.count, memberships,
                    vanished: try await Self.vanished(from: country.memberships, on: connection)),
                .init(
                    "travel times", given: country.travelTimes.count, times,
                    vanished: try await Self.vanished(from: country.travelTimes, on: connection)),
                .init(
                    "shelters", given: country.shelters.count, shelters,
                    vanished: try await Self.rest("shelter", of: country.shelters.map(\.id.text), on: connection)),
                .init(
                    "units", given: country.units.count, units,
                    vanished: try await Self.rest("unit", of: country.units.map(\.id.text), on: connection)),
                .init(
                    "bed changes", given: country.bedChanges.count, beds,
                    vanished: try await Self.vanished(from: country.bedChanges, on: connection)),
                .init(
                    "funders", given: country.funders.count, funders,
                    vanished: try await Self.rest("funder", of: country.funders.map(\.id.text), on: connection)),
            ])
        }
    }

    private static func write(
        _ memberships: [Country.Membership], on connection: Connection
    ) async throws -> [WrittenRow] {
        try await connection.list(
            """
            WITH written AS (
                INSERT INTO region_membership AS old (region, function, body, days)
                SELECT region, function, body, daterange(from_date, until_date)
                FROM jsonb_to_recordset(\(JSONText(rows: memberships.map(MembershipRow.init)))) AS m(
                    region identifier, function text, body text, from_date date, until_date date)
                -- In order of days, so that an earlier membership ends before the next begins.
                ORDER BY region, function, from_date
                ON CONFLICT (region, function, lower(days)) DO UPDATE SET body = excluded.body, days = excluded.days
                WHERE (old.body, old.days) IS DISTINCT FROM (excluded.body, excluded.days)
                RETURNING region || ' ' || function || ' ' || lower(days) AS id, xmax = 0 AS added)
            SELECT json_agg(written) FROM written
            """)
    }

    /// Writes the shelters with what is told of them beside what instances say.
    private static func write(_ shelters: [Country.Shelter], on connection: Connection) async throws -> [WrittenRow] {
        let written = try await write(
            shelters.map { Shelter(id: $0.id, region: $0.region, security: $0.security, services: $0.services) },
            .given, on: connection)
        let described: [WrittenRow] = try await connection.list(
            """
            WITH written AS (
                UPDATE shelter AS s SET
                    name = d.name, kind = d.kind, placement_authority = d.placement_authority, intake = d.intake
                FROM jsonb_to_recordset(\(JSONText(rows: shelters.map(ShelterDescriptionRow.init)))) AS d(
                    id identifier, name text, kind text, placement_authority text, intake text)
                WHERE s.id = d.id
                    AND (s.name, s.kind, s.placement_authority, s.intake)
                        IS DISTINCT FROM (d.name, d.kind, d.placement_authority, d.intake)
                RETURNING s.id, false AS added)
            SELECT json_agg(written) FROM written
            """)
        let known = Set(written.map(\.id))
        return written + described.filter { !known.contains($0.id) }
    }

    private static func write(_ changes: [Country.BedChange], on connection: Connection) async throws -> [WrittenRow] {
        try await connection.list(
            """
            WITH written AS (
                INSERT INTO bed_change AS old (unit, from_date, beds, reason, source)
                SELECT unit, from_date, beds, reason, 'country'
                FROM jsonb_to_recordset(\(JSONText(rows: changes.map(BedChangeRow.init))))
                    AS c(unit identifier, from_date date, beds whole, reason text)
                ON CONFLICT (unit, from_date, source) DO UPDATE SET beds = excluded.beds, reason = excluded.reason
                WHERE (old.beds, old.reason) IS DISTINCT FROM (excluded.beds, excluded.reason)
                RETURNING unit || ' ' || from_date AS id, xmax = 0 AS added)
            SELECT json_agg(written) FROM written
            """)
    }

    private static func write(_ funders: [Country.Funder], on connection: Connection) async throws -> [WrittenRow] {
        // Any date will do to count from: the statement turns days back into dates.
        guard let first = funders.map(\.from).min() else { return [] }
        let rows = funders.enumerated().map { FunderRow($1, position: $0, from: first) }
        return try await write(rows, from: first, .given, on: connection)
    }

    /// The identifiers in a table that are not among some.
    private static func rest(_ table: String, of ids: [String], on connection: Connection) async throws -> [String] {
        try await connection.query(
            "SELECT id FROM \(identifier: table) WHERE id <> ALL (\(ids)) ORDER BY id"
        ).map { try $0["id"] }
    }

    private static func vanished(
        from memberships: [Country.Membership], on connection: Connection
    ) async throws -> [String] {
        try await connection.query(
            """
            SELECT old.region || ' ' || old.function || ' ' || lower(old.days) AS id FROM region_membership AS old
            WHERE NOT EXISTS (
                SELECT FROM jsonb_to_recordset(\(JSONText(rows: memberships.map(MembershipRow.init))))
                    AS m(region identifier, function text, from_date date)
                WHERE m.region = old.region AND m.function = old.function AND m.from_date = lower(old.days))
            ORDER BY id
            """
        ).map { try $0["id"] }
    }

    private static func vanished(from times: [TravelTime], on connection: Connection) async throws -> [String] {
        try await connection.query(
            """
            SELECT old.a || '–' || old.b AS id FROM travel_time AS old
            WHERE NOT EXISTS (
                SELECT FROM jsonb_to_recordset(\(JSONText(rows: times.map(TravelTimeRow.init))))
                    AS t(a identifier, b identifier)
                WHERE least(t.a, t.b) = least(old.a, old.b) AND greatest(t.a, t.b) = greatest(old.a, old.b))
            ORDER BY id
            """
        ).map { try $0["id"] }
    }

    private static func vanished(from changes: [Country.BedChange], on connection: Connection) async throws -> [String]
    {
        try await connection.query(
            """
            SELECT old.unit || ' ' || old.from_date AS id FROM bed_change AS old
            WHERE old.source = 'country' AND NOT EXISTS (
                SELECT FROM jsonb_to_recordset(\(JSONText(rows: changes.map(BedChangeRow.init))))
                    AS c(unit identifier, from_date date)
                WHERE c.unit = old.unit AND c.from_date = old.from_date)
            ORDER BY id
            """
        ).map { try $0["id"] }
    }
}

private struct MembershipRow: Encodable {
    let region: String
    let function: String
    let body: String
    let fromDate: String
    let untilDate: String?

    init(_ membership: Country.Membership) {
        region = membership.region.text
        function = membership.function
        body = membership.body
        fromDate = membership.from.description
        untilDate = membership.until?.description
    }
}

private struct ShelterDescriptionRow: Encodable {
    let id: String
    let name: String
    let kind: String
    let placementAuthority: String
    let intake: String

    init(_ shelter: Country.Shelter) {
        id = shelter.id.text
        name = shelter.name
        kind = shelter.kind
        placementAuthority = shelter.placementAuthority.rawValue
        intake = shelter.intake
    }
}

private struct BedChangeRow: Encodable {
    let unit: String
    let fromDate: String
    let beds: Int
    let reason: String

    init(_ change: Country.BedChange) {
        unit = change.unit.text
        fromDate = change.from.description
        beds = change.count
        reason = change.reason
    }
}

extension FunderRow {
    /// A country's funder, with days counted from a date.
    fileprivate init(_ funder: Country.Funder, position: Int, from date: CalendarDate) {
        let paysFrom = date.days(to: funder.from)
        self.init(
            Funder(
                id: funder.id, name: funder.name, accepts: funder.accepts, window: Day(paysFrom)..<Day(paysFrom),
                maxDaysPerVictim: funder.maxDaysPerVictim, budget: funder.budget),
            position: position, paysUntil: funder.until.map { date.days(to: $0) })
    }
}
