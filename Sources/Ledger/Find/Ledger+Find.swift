public import CareChain
public import Foundation
import Postgres

/// A unit, as somebody sees it who looks for beds.
public struct FoundUnit: Sendable, Equatable, Codable {
    /// The unit.
    public let unit: String
    /// Its shelter.
    public let shelter: String
    /// The region in which it lies.
    public let region: String
    /// What its beds are meant for.
    public let bedType: String
    /// The beds that are free on every one of the days, by what is known.
    public let free: Int
    /// The minutes by road from where a bed is looked for; nil when it cannot be reached, or anywhere will do.
    public let minutes: Int?
    /// The codes of the rules for which it cannot be; empty: free and suitable.
    public let reasons: [String]
    /// When its beds were last counted; nil: no report yet.
    public let observedAt: Date?
    /// How old the figures are, in hours: since the last report, or since the ledger knows the unit.
    public let ageHours: Double?
    /// Whether they are older than they may be: ask before you rely on them.
    public let stale: Bool

    /// Whether it is free and suitable.
    public var isSuitable: Bool { reasons.isEmpty }
}

/// What a bed is looked for.
public enum Seeker: Sendable {
    /// The victims of a request that the ledger has.
    case request(RequestID)
    /// People of whom only this is known; whom not to meet is not.
    case profiles([Victim])
}

extension Ledger {
    /// All units, those that are free and suitable first, the nearest of them first, with why the others are not.
    ///
    /// - Parameters:
    ///   - seeker: For whom.
    ///   - days: The days; nil for a request: its own.
    ///   - near: The region from which distance counts; nil for a request: the one it prefers, or is of.
    /// - Throws: ``LedgerError``; `noSuch`.
    public func find(
        for seeker: Seeker, over days: Range<CalendarDate>?, near: RegionID? = nil, as actor: Actor
    ) async throws(LedgerError) -> [FoundUnit] {
        try await find(for: seeker, over: days, near: near, .all, as: actor).elements
    }

    /// A page of what ``find(for:over:near:as:)`` finds, in the same order.
    ///
    /// - Parameter suitableOnly: Whether those that cannot be are left out.
    /// - Throws: ``LedgerError``; `noSuch`; `invalid` for a cursor of another list.
    public func find(
        for seeker: Seeker, over days: Range<CalendarDate>?, near: RegionID? = nil, suitableOnly: Bool = false,
        _ page: PageRequest, as actor: Actor
    ) async throws(LedgerError) -> Page<FoundUnit> {
        let order = ListOrder("beds", .number, .number, .text)
        let start = try order.start(page)
        try Self.check(actor, is: [.desk, .coordinator, .police, .guardian], for: "looks for beds")
        if case .request(let request) = seeker {
            // The answer tells of the request: only who may see it may ask.
            let isSeen = try await view(as: actor) { connection in
                try await !connection.query("SELECT FROM request WHERE id = \(request.text)").isEmpty
            }
            guard isSeen else { throw .noSuch(kind: .request, id: request.text) }
        }
        let found = try await transaction(.repeatableRead, readOnly: true, as: .program(for: actor)) { connection in
            let rows: Rows
            switch seeker {
            case .request(let request):
                rows = try await connection.query(
                    """
                    SELECT f.*, extract(epoch FROM f.age)::float8 / 3600 AS hours
                    FROM request AS r
                    CROSS JOIN LATERAL (SELECT
                        coalesce(\(days?.lowerBound as CalendarDate?), greatest(r.needed_from, ledger_today())) AS first,
                        coalesce(
                            \(days?.upperBound as CalendarDate?),
                            greatest(r.needed_from, ledger_today()) + r.stay_days) AS last) AS d
                    CROSS JOIN LATERAL find_beds(
                        request_profiles(r.id, d.first, d.last), r.id, d.first, d.last,
                        coalesce(\(near?.text as String?), r.preferred_region, r.region)) AS f
                    WHERE r.id = \(request.text)
                        AND (NOT \(suitableOnly)::boolean OR cardinality(f.reasons) = 0)
                        AND (\(start.isFirst)::boolean
                            OR ((cardinality(f.reasons) > 0)::integer, coalesce(f.minutes, \(Self.unreachable)), f.unit)
                                > (\(start.number(0) as Int?)::bigint, \(start.number(1) as Int?)::bigint,
                                    \(start.text(2) as String?)::identifier))
                    ORDER BY cardinality(f.reasons) > 0, f.minutes, f.unit LIMIT \(start.rows as Int?)
                    """)
            case .profiles(let victims):
                guard let days, !victims.isEmpty else {
                    throw LedgerError.invalid(
                        english: "say for whom and from which day until which",
                        dutch: "zeg voor wie, en van welke dag tot welke")
                }
                let profiles = try JSONText(rows: victims.map(Profile.init))
                rows = try await connection.query(
                    """
                    SELECT f.*, extract(epoch FROM f.age)::float8 / 3600 AS hours
                    FROM find_beds(
                        \(profiles), NULL, \(days.lowerBound), \(days.upperBound), \(near?.text as String?)::text) AS f
                    WHERE (NOT \(suitableOnly)::boolean OR cardinality(f.reasons) = 0)
                        AND (\(start.isFirst)::boolean
                            OR ((cardinality(f.reasons) > 0)::integer, coalesce(f.minutes, \(Self.unreachable)), f.unit)
                                > (\(start.number(0) as Int?)::bigint, \(start.number(1) as Int?)::bigint,
                                    \(start.text(2) as String?)::identifier))
                    ORDER BY cardinality(f.reasons) > 0, f.minutes, f.unit LIMIT \(start.rows as Int?)
                    """)
            }
            return try rows.map { row in
                FoundUnit(
                    unit: try row["unit"], shelter: try row["shelter"], region: try row["region"],
                    bedType: try row["bed_type"], free: try row["free"], minutes: try row["minutes"],
                    reasons: try row["reasons"], observedAt: try row["observed_at"], ageHours: try row["hours"],
                    stale: try row["stale"])
            }
        }
        return order.page(found, page) {
            [$0.isSuitable ? "0" : "1", String($0.minutes ?? Self.unreachable), $0.unit]
        }
    }

    /// The emergency beds that would do for people from this night on, by name: the units that are free and suitable.
    ///
    /// - Parameters:
    ///   - victims: For whom, as the night placement has them; those that the ledger does not know are in `newVictims` too.
    ///   - actor: Who looks for beds. About victims of whom they see no request they are told nothing: the answer tells of them.
    /// - Throws: ``LedgerError``
    public func findForTheNight(
        _ victims: [VictimID], newVictims: [NewVictim], nights: Int, as actor: Actor
    ) async throws(LedgerError) -> [String] {
        try Self.check(actor, is: [.desk, .coordinator, .police, .guardian], for: "looks for beds")
        let known = Set(victims).subtracting(newVictims.map(\.victim.id)).map(\.text)
        let seen: [(victim: String, request: String)] = try await view(as: actor) { connection in
            try await connection.query(
                """
                SELECT DISTINCT ON (m.victim) m.victim::text AS victim, m.request::text AS request
                FROM request_victim AS m JOIN request AS r ON r.id = m.request
                WHERE m.victim = ANY (\(known)) ORDER BY m.victim, m.request
                """
            ).map { (try $0["victim"], try $0["request"]) }
        }
        guard seen.count == known.count else { return [] }
        return try await transaction(.repeatableRead, readOnly: true, as: .program(for: actor)) { connection in
            let profiles = try JSONText(rows: newVictims.map { Profile($0.victim) })
            return try await connection.query(
                """
                WITH night AS (
                    SELECT first, first + \(nights)::integer AS last
                    -- Before the desk opens it is still the night of the day before.
                    FROM (SELECT ledger_today() - CASE WHEN ledger_now() < lower(desk_open(ledger_today())) THEN 1 ELSE 0 END)
                        AS d(first)
                ), known AS (
                    SELECT p.profile FROM night
                    CROSS JOIN unnest(\(seen.map(\.victim))::text[], \(seen.map(\.request))::text[]) AS k(victim, request)
                    CROSS JOIN LATERAL jsonb_array_elements(
                        request_profiles(k.request, night.first, night.last)) AS p(profile)
                    WHERE p.profile ->> 'victim' = k.victim
                )
                SELECT f.unit FROM night CROSS JOIN LATERAL find_beds(
                    \(profiles)::jsonb || coalesce((SELECT jsonb_agg(profile) FROM known), '[]'), NULL, night.first,
                    night.last, NULL) AS f
                JOIN unit AS u ON u.id = f.unit
                WHERE cardinality(f.reasons) = 0 AND u.bed_type = 'crisis'
                    AND u.max_leg_days <= (SELECT emergency_nights FROM desk_policy)
                ORDER BY f.unit
                """
            ).map { try $0["unit"] }
        }
    }

    /// After all minutes that there are: where what cannot be reached stands in the order.
    private static let unreachable = Int(Int32.max)
}

/// A victim as `find_beds` reads it.
private struct Profile: Encodable {
    let victim: String?
    let sex: Sex
    let birthDate: String
    let phase: Phase
    let needs: [String]
    let securityMin: Int
    let securityMax: Int
    let avoidRegions: [String]
    let avoidShelters: [String]
    let investigation: String?
    let maxTravelMinutes: Int?

    init(_ victim: Victim) {
        self.victim = nil
        sex = victim.sex
        birthDate = victim.birthDate.description
        phase = victim.phases[0]
        needs = victim.needs
        securityMin = victim.security.lowerBound
        securityMax = victim.security.upperBound
        avoidRegions = victim.avoid.regions.map(\.text)
        avoidShelters = victim.avoid.shelters.map(\.text)
        investigation = victim.investigation?.region.text
        maxTravelMinutes = victim.investigation?.maxTravelMinutes
    }
}
