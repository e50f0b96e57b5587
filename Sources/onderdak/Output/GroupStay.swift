import CareChain

/// Victims of one request in one unit over the same days.
struct GroupStay {
    let unit: UnitID
    let days: Range<Day>
    let victims: Int

    /// The stays of one request, those of several victims taken together, in order of days.
    static func merged(_ stays: [Stay]) -> [GroupStay] {
        var merged: [GroupStay] = []
        for stay in stays where stay.from < stay.until {
            if let place = merged.firstIndex(where: { $0.unit == stay.unit && $0.days == stay.from..<stay.until }) {
                merged[place] = GroupStay(
                    unit: stay.unit, days: stay.from..<stay.until, victims: merged[place].victims + 1)
            } else {
                merged.append(GroupStay(unit: stay.unit, days: stay.from..<stay.until, victims: 1))
            }
        }
        return merged.sorted { ($0.days.lowerBound, $0.unit) < ($1.days.lowerBound, $1.unit) }
    }

    /// From which date to which.
    func dates(in horizon: Horizon, _ language: Language) -> String {
        let until = Sentence(english: "to", dutch: "tot").in(language)
        return "\(horizon.date(of: days.lowerBound)) \(until) \(horizon.date(of: days.upperBound))"
    }
}
