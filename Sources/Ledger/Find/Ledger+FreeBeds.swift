public import CareChain
public import Foundation
import Postgres

/// The beds of a unit that are free, for whomever.
public struct FreeBeds: Sendable, Equatable {
    /// The unit.
    public let unit: String
    /// Its shelter.
    public let shelter: String
    /// The region in which it lies.
    public let region: String
    /// What its beds are meant for.
    public let bedType: BedType
    /// The beds that are free on every one of the days; less than none where there is an excess.
    public let free: Int
    /// When its beds were last counted; nil: no report yet.
    public let observedAt: Date?
    /// How old the figures are, in hours; nil when nothing was reported and nothing need be.
    public let ageHours: Double?
    /// Whether they are older than they may be: ask before you rely on them.
    public let stale: Bool
}

extension Ledger {
    /// A page of the units with free beds, by identifier.
    ///
    /// - Parameters:
    ///   - days: The days on every one of which they are free; nil: today.
    ///   - least: The fewest free beds.
    /// - Throws: ``LedgerError``; `invalid` for a cursor of another list.
    public func freeBeds(
        over days: Range<CalendarDate>?, _ filter: UnitFilter = UnitFilter(), atLeast least: Int = 1,
        _ page: PageRequest, as actor: Actor
    ) async throws(LedgerError) -> Page<FreeBeds> {
        let order = ListOrder("free-beds", .text)
        let start = try order.start(page)
        let found = try await view(as: actor) { connection in
            try await connection.query(
                """
                SELECT f.*, extract(epoch FROM f.age)::float8 / 3600 AS hours
                FROM unit_availability(
                    coalesce(\(days?.lowerBound as CalendarDate?), ledger_today()),
                    coalesce(\(days?.upperBound as CalendarDate?), ledger_today() + 1)) AS f
                WHERE f.free >= \(least)::integer
                    AND (\(filter.shelter?.text as String?)::text IS NULL
                        OR f.shelter = \(filter.shelter?.text as String?))
                    AND (\(filter.region?.text as String?)::text IS NULL OR f.region = \(filter.region?.text as String?))
                    AND (\(filter.bedType?.rawValue as String?)::text IS NULL
                        OR f.bed_type = \(filter.bedType?.rawValue as String?))
                    AND (\(start.isFirst)::boolean OR f.unit > \(start.text(0) as String?)::identifier)
                ORDER BY f.unit LIMIT \(start.rows as Int?)
                """
            ).map { row in
                FreeBeds(
                    unit: try row["unit"], shelter: try row["shelter"], region: try row["region"],
                    bedType: try row.word("bed_type"), free: try row["free"], observedAt: try row["observed_at"],
                    ageHours: try row["hours"], stale: try row["stale"])
            }
        }
        return order.page(found, page) { [$0.unit] }
    }
}

extension Row {
    /// A word of a vocabulary that the database checks.
    fileprivate func word<Word: RawRepresentable<String>>(_ column: String) throws -> Word {
        let text: String = try self[column]
        guard let word = Word(rawValue: text) else {
            throw LedgerError.unexpected("\(column) is no word that is known")
        }
        return word
    }
}
