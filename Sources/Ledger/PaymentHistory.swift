import CareChain

/// Who paid for the days in shelter before a date: what is on record and, since then, what the rule of payers gives.
struct PaymentHistory {
    /// The date until which days count.
    let end: CalendarDate
    /// The funders in the order in which they pay, with days counted from `end`.
    let funders: [FunderRow]
    private let beds: [UnitID: (type: BedType, region: RegionID)]

    init(until end: CalendarDate, funders: [FunderRow], shelters: [Shelter], units: [Unit]) {
        self.end = end
        self.funders = funders
        let regions = Dictionary(shelters.map { ($0.id, $0.region) }) { first, _ in first }
        beds = units.reduce(into: [:]) { beds, unit in
            if let region = regions[unit.shelter] { beds[unit.id] = (unit.bedType, region) }
        }
    }

    /// The days that each funder has paid for a victim.
    ///
    /// - Parameter stays: The victim's stays, in order.
    func paidDays(of row: VictimRow, stays: [StayRow]) throws(LedgerError) -> [PaidDays] {
        let paid = try walk(row, stays: stays) { _, _, _ in }
        let recorded = Set(row.paidDays.map(\.funder))
        return zip(funders, paid).filter { $1 > 0 || recorded.contains($0.id) }
            .map { PaidDays(funder: FunderID($0.id), days: $1) }
            .sorted { $0.funder < $1.funder }
    }

    /// Goes over a victim's days in shelter, from the day on which the record ends, in periods with one payer and unit.
    ///
    /// - Parameters:
    ///   - stays: The victim's stays, in order.
    ///   - body: Called for each period with the payer's place (nil: nobody pays), the unit, and the days counted from `end`.
    /// - Returns: The days that each funder has paid by the end, those on record included, by its place.
    func walk(
        _ row: VictimRow, stays: [StayRow], _ body: (_ payer: Int?, _ unit: UnitID, _ days: Range<Int>) -> Void
    ) throws(LedgerError) -> [Int] {
        var paid = [Int](repeating: 0, count: funders.count)
        let recorded = Dictionary(row.paidDays.map { ($0.funder, $0.days) }) { first, _ in first }
        for (place, funder) in funders.enumerated() { paid[place] = recorded[funder.id] ?? 0 }

        // The rule counts from the day on which the record ends.
        let zero = row.payersFrom
        let past = stays.filter { $0.from < 0 && $0.until > zero }
        guard zero < 0, !past.isEmpty else { return paid }
        let horizon = Horizon(start: end.adding(days: zero), days: -zero)
        let fundersThen = funders.map { $0.funder(from: zero, days: -zero) }
        for days in row.registrationPeriods(within: zero..<0) {
            let victim = try row.victim(from: zero, registeredOn: days.lowerBound)
            let statuses = victim.statuses(over: horizon)
            for stay in past {
                let unit = UnitID(stay.unit)
                let clamped = (stay.from..<stay.until).clamped(to: days)
                guard let bed = beds[unit], !clamped.isEmpty else { continue }
                let schedule = PayerSchedule(
                    of: victim, statuses: statuses, bedType: bed.type, region: bed.region, funders: fundersThen)
                schedule.walk(Day(clamped.lowerBound - zero)..<Day(clamped.upperBound - zero), paid: &paid) {
                    body($0, unit, $1.lowerBound.number + zero..<$1.upperBound.number + zero)
                }
            }
        }
        return paid
    }
}
