import CareChain
import Ledger

/// The parameters with which something is asked by month.
protocol MonthsQuery {
    /// The first month, `YYYY-MM`.
    var from: String { get }
    /// The last month; nil: the first alone.
    var through: String? { get }
}

extension MonthsQuery {
    /// The months, 120 at most.
    ///
    /// - Throws: `badParameter`
    func months() throws(Problem) -> ClosedRange<Month> {
        let first = try Self.month(from, "from")
        let last = if let through { try Self.month(through, "through") } else { first }
        guard first <= last, first.first.adding(days: 120 * 31) > last.first else {
            throw Problem(
                .badParameter, english: "through is not before from, and at most ten years after it",
                dutch: "through is niet voor from, en hoogstens tien jaar erna", parameter: "through")
        }
        return first...last
    }

    private static func month(_ text: String, _ parameter: String) throws(Problem) -> Month {
        // What else a calendar could read as a month is none of ours.
        guard text.utf8.count == 7, let month = Month(text), month.description == text else {
            throw Problem(
                .badParameter, english: "a month is written 2026-01", dutch: "een maand schrijf je als 2026-01",
                parameter: parameter)
        }
        return month
    }
}
