/// `overstay`: per victim and day of a leg on which the unit does not accept the victim's age or phase, or which is
/// past the leg's first `maxLegDays` days; a day that overstays for two reasons costs once. Fixed requests too.
public enum OverstayCost {
    /// The number of days of a leg that overstay.
    ///
    /// - Parameters:
    ///   - days: The days of the leg within the horizon.
    ///   - start: The first day of the leg.
    ///   - statuses: The victim's statuses over the horizon.
    ///   - daysBefore: Days already spent in the unit before the leg (a first leg in the current unit).
    public static func days(
        _ days: Range<Day>, ofLegFrom start: Day, in unit: Unit, statuses: [VictimStatus], daysBefore: Int
    ) -> Int {
        let late = firstLateDay(ofLegFrom: start, in: unit, daysBefore: daysBefore)
        var count = 0
        for status in statuses {
            let part = days.clamped(to: status.days)
            if part.isEmpty { continue }
            if AdmissionRule.accepts(age: status.age, phase: status.phase, in: unit) {
                if let late { count += max(0, part.upperBound - max(part.lowerBound, late)) }
            } else {
                count += part.count
            }
        }
        return count
    }

    /// The first day of a leg that is past the unit's `maxLegDays`; nil when there is no limit.
    public static func firstLateDay(ofLegFrom day: Day, in unit: Unit, daysBefore: Int) -> Day? {
        unit.maxLegDays.map { day + max(0, $0 - daysBefore) }
    }

    /// What so many days cost.
    public static func cost(days: Int, _ weights: Weights) -> Int {
        weights.overstayDay * days
    }
}
