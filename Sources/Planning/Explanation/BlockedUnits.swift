public import CareChain

/// Units that are closed to a request for the same reason.
public struct BlockedUnits: Sendable, Equatable {
    /// The code of the reason.
    public let code: ReasonCode
    /// The units, in the order of the instance.
    public let units: [UnitID]
    /// What stands in the way there, without whom and when.
    public let summary: Sentence
    /// Where beds are short: the first later day from which on one of the units has room for the whole stay.
    public let freeFrom: Day?

    /// "7 units: no bed for the whole stay before day 12 (2026-01-17)".
    public func sentence(in horizon: Horizon) -> Sentence {
        let free = freeFrom.map { Words.day($0, horizon) }
        return Sentence(
            english: (units.count == 1 ? "1 unit: " : "\(units.count) units: ") + summary.english
                + (free.map { " before \($0.english)" } ?? ""),
            dutch: (units.count == 1 ? "1 afdeling: " : "\(units.count) afdelingen: ") + summary.dutch
                + (free.map { " vóór \($0.dutch)" } ?? ""))
    }

    /// Groups the obstacles of units, those of most units first.
    static func grouped(_ obstacles: [(unit: UnitID, obstacle: Obstacle)]) -> [BlockedUnits] {
        struct Group {
            let first: Obstacle
            var units: [UnitID] = []
            var freeFrom: Day?
        }
        var groups: [Group] = []
        var known: [String: Int] = [:]
        for (unit, obstacle) in obstacles {
            let key = obstacle.code.text + obstacle.summary.english
            let place = known[key] ?? groups.count
            if place == groups.count {
                groups.append(Group(first: obstacle))
                known[key] = place
            }
            groups[place].units.append(unit)
            if let day = obstacle.freeFrom { groups[place].freeFrom = min(day, groups[place].freeFrom ?? day) }
        }
        return groups.map {
            BlockedUnits(code: $0.first.code, units: $0.units, summary: $0.first.summary, freeFrom: $0.freeFrom)
        }.sorted {
            ($1.units.count, $0.code.text, $0.summary.english) < ($0.units.count, $1.code.text, $1.summary.english)
        }
    }
}
