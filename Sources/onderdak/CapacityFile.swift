import CareChain
import Foundation
import Ledger
import SwiftCSV

/// A CSV file of capacity reports.
enum CapacityFile {
    static let columns = ["unit", "kind", "number", "from", "until", "reason", "counted_at", "key"]

    /// The reports in a file.
    ///
    /// - Throws: ``Failure`` with the line of the first that is none.
    static func reports(in path: String) throws(Failure) -> [CapacityReport] {
        let text = String(decoding: try InputFile.bytes(path), as: UTF8.self)
        let table: CSV<Named>
        do {
            table = try CSV<Named>(string: text, delimiter: .comma)
        } catch {
            throw bad(path, 1, "this is no CSV: \(error)")
        }
        guard table.header == columns else {
            throw bad(path, 1, "the columns are not \(columns.joined(separator: ","))")
        }
        var reports: [CapacityReport] = []
        for (number, row) in table.rows.enumerated() {
            reports.append(try report(row, path, number + 2))
        }
        return reports
    }

    private static func report(_ row: [String: String], _ path: String, _ line: Int) throws(Failure) -> CapacityReport {
        func field(_ name: String) -> String { row[name] ?? "" }
        guard let kind = CapacityReport.Kind(rawValue: field("kind")) else {
            throw bad(path, line, "kind is none of free, out-of-service and beds")
        }
        guard let number = Int(field("number")), number >= 0 else { throw bad(path, line, "number is no whole number") }
        guard let from = CalendarDate(field("from")) else { throw bad(path, line, "from is no date (YYYY-MM-DD)") }
        let until = CalendarDate(field("until"))
        if !field("until").isEmpty, until.map({ $0 <= from }) ?? true {
            throw bad(path, line, "until is no date after from (YYYY-MM-DD)")
        }
        let counted = Instant(argument: field("counted_at"))
        if !field("counted_at").isEmpty, counted == nil {
            throw bad(path, line, "counted_at is no instant (2026-01-05T08:00:00+01:00)")
        }
        if field("unit").isEmpty || field("key").isEmpty { throw bad(path, line, "unit and key cannot be empty") }
        return CapacityReport(
            unit: UnitID(field("unit")), kind: kind, number: number, from: from, until: until, reason: field("reason"),
            observedAt: counted?.date, key: field("key"))
    }

    private static func bad(_ path: String, _ line: Int, _ problem: String) -> Failure {
        Failure(status: .badData, sentence: "\(path), line \(line): \(problem); nothing was taken in")
    }
}
