import CareChain
import Foundation
import Ledger
import SwiftCSV

extension CapacityReports: CSVBody {
    private static let columns = ["unit", "kind", "number", "from", "until", "reason", "observed_at", "key"]

    /// Reads lines of unit,kind,number,from,until,reason,observed_at,key, below a line that says so; from, until,
    /// observed_at and key may be empty.
    init(csv: String) throws {
        guard let table = try? CSV<Named>(string: csv, delimiter: .comma), table.header == Self.columns else {
            let columns = Self.columns.joined(separator: ",")
            throw Problem.invalid(
                "/reports", english: "the first line is not \(columns)", dutch: "de eerste regel is niet \(columns)")
        }
        var lines: [Line] = []
        var faults: [Problem.Fault] = []
        for (index, row) in table.rows.enumerated() {
            do {
                lines.append(try Self.line(row, "/reports/\(index)"))
            } catch {
                faults.append(Problem.Fault(code: error.code, pointer: error.pointer, detail: error.detail))
            }
        }
        if let problem = Problem(faults) { throw problem }
        self.init(reports: lines)
    }

    private static func line(_ row: [String: String], _ pointer: String) throws(Problem) -> Line {
        func field(_ name: String) -> String? { row[name].flatMap { $0.isEmpty ? nil : $0 } }
        func invalid(_ name: String, _ shape: Shape) -> Problem {
            Problem(.invalidField, shape.expectation, pointer: "\(pointer)/\(name)")
        }
        func date(_ name: String) throws(Problem) -> CalendarDate? {
            guard let text = field(name) else { return nil }
            guard let date = CalendarDate(text) else { throw invalid(name, .date) }
            return date
        }
        guard let unit = field("unit") else { throw invalid("unit", .string) }
        guard let kind = field("kind").flatMap(CapacityReport.Kind.init) else {
            throw invalid("kind", .word(CapacityReport.Kind.allCases.map(\.rawValue)))
        }
        guard let number = field("number").flatMap({ Int($0) }) else { throw invalid("number", .integer) }
        let observed = field("observed_at").flatMap { Date(rfc3339: $0) }
        if field("observed_at") != nil, observed == nil { throw invalid("observed_at", .instant) }
        return Line(
            unit: unit, kind: kind, number: number, from: try date("from"), until: try date("until"),
            reason: field("reason") ?? "", observedAt: observed, key: field("key"))
    }
}
