/// A victim's age and phase over days on which neither changes.
public struct VictimStatus: Sendable, Equatable {
    /// The days.
    public let days: Range<Day>
    /// The age in whole years.
    public let age: Int
    /// The phase.
    public let phase: Phase
}

extension Victim {
    /// The age in whole years on a day.
    public func age(on day: Day, of horizon: Horizon) -> Int {
        horizon.date(of: day).age(bornOn: birthDate)
    }

    /// The statuses over the horizon, in order: a new one at each change of phase and on each birthday.
    public func statuses(over horizon: Horizon) -> [VictimStatus] {
        var statuses: [VictimStatus] = []
        for (days, phase) in phases.pieces(within: horizon.range) {
            var from = days.lowerBound
            while from < days.upperBound {
                let age = age(on: from, of: horizon)
                let birthday = horizon.day(of: birthDate.reaching(age: age + 1))
                let until = min(days.upperBound, max(birthday, from + 1))
                statuses.append(VictimStatus(days: from..<until, age: age, phase: phase))
                from = until
            }
        }
        return statuses
    }
}
