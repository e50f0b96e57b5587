import CareChain

/// Adds up who pays for what, by month.
struct PayerTally {
    private struct Key: Hashable {
        let month: Month
        /// The funder's place in the order of paying; nil: nobody.
        let payer: Int?
    }

    private struct Sum {
        var days = 0
        var cents = 0
        var victims: Set<String> = []
    }

    private let end: CalendarDate
    private let months: ClosedRange<Month>
    private var sums: [Key: Sum] = [:]

    /// - Parameter end: The day before which days count, from which those of a history count.
    init(over months: ClosedRange<Month>, until end: CalendarDate) {
        self.months = months
        self.end = end
    }

    /// Adds days of a victim that have one payer, counted from the end.
    mutating func add(_ days: Range<Int>, payer: Int?, dailyCost: Cents, victim: String) {
        var day = max(end.adding(days: days.lowerBound), months.lowerBound.first)
        let until = end.adding(days: days.upperBound)
        while day < until {
            let month = Month(of: day)
            let next = min(until, month.next.first)
            let count = day.days(to: next)
            sums[Key(month: month, payer: payer), default: Sum()].days += count
            sums[Key(month: month, payer: payer), default: Sum()].cents += dailyCost.amount * count
            sums[Key(month: month, payer: payer), default: Sum()].victims.insert(victim)
            day = next
        }
    }

    /// The lines, by month and in the order in which funders pay, those that nobody pays last.
    ///
    /// - Parameter protected: Whether they are for who may have figures only: of five victims and more, days in multiples
    ///   of five, costs of a thousand euros.
    func lines(of funders: [FunderRow], protected: Bool) -> [StatementLine] {
        sums.sorted { ($0.key.month, $0.key.payer ?? .max) < ($1.key.month, $1.key.payer ?? .max) }
            .filter { !protected || $0.value.victims.count >= ProtectedCount.least }
            .map { key, sum in
                StatementLine(
                    month: key.month, funder: key.payer.map { funders[$0].id },
                    days: protected ? ProtectedCount.of(sum.days) : sum.days,
                    cents: protected ? ProtectedCount.of(sum.cents, unit: 100_000) : sum.cents)
            }
    }
}

/// Counts as those see them who may have figures only; the schema has the same as `protected_count`.
enum ProtectedCount {
    /// The least that is told.
    static let least = 5

    /// Nothing below the least, and otherwise the nearest multiple of it.
    static func of(_ count: Int) -> Int {
        count < least ? 0 : of(count, unit: least)
    }

    /// The nearest multiple of a unit.
    static func of(_ amount: Int, unit: Int) -> Int { (amount + unit / 2) / unit * unit }
}
