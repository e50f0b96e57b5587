import CareChain
import Foundation
import Postgres

/// A table of figures: what it counts, and by what it divides.
public enum FigureTable: String, CaseIterable, Sendable, Codable {
    /// Persons for whom plans had no place, by `profile`, main `reason` and whether there was a free and suitable bed all
    /// the same (`whileFree`); days: those without.
    case unmet
    /// Persons for whom a place was agreed on, by `urgency`; days: how long they waited for it, together.
    case waiting
    /// Persons in beds, by `region` and `bedType`; days: in a bed; beds: the bed-days that there were.
    case occupancy
    /// Persons who were ready to leave and could not, by `cause`; days: in a bed.
    case blocked
    /// Persons in shelter, by `sex` and `phase`; days: in shelter.
    case population
}

/// One figure: a block of a table in a month.
public struct Figure: Sendable, Equatable, Codable {
    /// The month.
    public let month: Month
    /// What the block is of, by dimension.
    public let block: [String: String]
    /// How many persons; to those who may have figures only, rounded to five, and 0 for fewer than five.
    public let persons: Int
    /// How many days, likewise; 0 where there were fewer than five persons.
    public let days: Int
    /// How many bed-days there were, as everybody may know; nil in other tables than occupancy.
    public let beds: Int?
}

extension Ledger {
    /// A table of figures over some months, by month and block.
    ///
    /// The desk has them exactly, and of the month that is under way so far. Governors (and funders, of occupancy) have them
    /// of months that are over, protected: blocks of fewer than five persons are left out, other counts are multiples of
    /// five. There are no totals, since sums of what is shown are all that may be known.
    ///
    /// - Throws: ``LedgerError``; `denied` for others.
    public func figures(
        _ table: FigureTable, over months: ClosedRange<Month>, as actor: Actor
    ) async throws(LedgerError) -> [Figure] {
        try Self.check(actor, is: [.desk, .governor, .funder], for: "has figures")
        return try await view(as: actor) { connection in
            try await connection.query(
                """
                SELECT month, block, persons, days, beds
                FROM figures(\(table.rawValue), \(months.lowerBound.first), \(months.upperBound.first))
                """
            ).map { row in
                let block: String = try row["block"]
                return Figure(
                    month: Month(of: try row["month"]),
                    block: try JSONDecoder().decode([String: String].self, from: Data(block.utf8)),
                    persons: try row["persons"], days: try row["days"], beds: try row["beds"])
            }
        }
    }
}
