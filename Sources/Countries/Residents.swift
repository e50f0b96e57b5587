import CareChain

/// Fills the units with people who came before day 0, by the rules as they were on the day on which each came.
struct Residents {
    private let instance: Instance
    /// Of a hundred residents, those who stay where they are; the others may be moved.
    private let lockedPercent: Int
    /// For each unit the beds taken on day 0.
    private var present: [Int]
    /// For each unit and day the beds taken by those who stay where they are.
    private var locked: [[Int]]
    private var sexes: [Set<Sex>]

    /// Starts with the empty units of an instance without cases.
    init(of instance: Instance, lockedPercent: Int) {
        self.instance = instance
        self.lockedPercent = lockedPercent
        present = Array(repeating: 0, count: instance.units.count)
        locked = Array(repeating: Array(repeating: 0, count: instance.horizon.days), count: instance.units.count)
        sexes = Array(repeating: [], count: instance.units.count)
    }

    /// The units in which somebody may have been for weeks: no crisis beds, and none that a group would have alone.
    private var units: [Int] {
        instance.units.indices.filter { instance.units[$0].bedType != .crisis && !instance.units[$0].exclusive }
    }

    /// Draws cases that began within 120 days before the horizon and last into it, until so many of a hundred beds are
    /// taken, or nobody fits any more.
    mutating func fill(percent: Int, from draw: inout CaseDraw) -> [(victims: [Victim], request: Request)] {
        let beds = units.reduce(0) { $0 + instance.units[$1].beds[0] }
        var taken = 0
        var inVain = 0
        var residents: [(victims: [Victim], request: Request)] = []
        while taken * 100 < beds * percent, inVain < 20 * instance.units.count {
            let before = draw.victimCount
            let days = draw.random.number(in: 1...120)
            let candidate = draw.next(neededFrom: Day(-days))
            let isLocked = draw.random.happens(percent: lockedPercent)
            let free = units.filter { fits(candidate, in: $0, after: days, isLocked: isLocked) }
            guard candidate.stayDays - days >= 2, let unit = draw.random.pick(free) else {
                inVain += 1
                draw.victimCount = before
                continue
            }
            inVain = 0
            taken += take(unit, by: candidate, after: days, isLocked: isLocked)
            residents.append(
                (
                    candidate.victims,
                    Request(
                        id: RequestID("r\(residents.count + 1)"), victims: candidate.victims.map(\.id),
                        together: candidate.together, neededFrom: 0, latestStart: 0,
                        stayDays: candidate.stayDays - days, urgency: candidate.urgency,
                        preferredRegion: candidate.preferredRegion,
                        current: candidate.victims.map {
                            CurrentStay(victim: $0.id, unit: instance.units[unit].id, days: days)
                        },
                        locked: isLocked)
                ))
        }
        return residents
    }

    private func fits(_ candidate: MadeUpCase, in place: Int, after days: Int, isLocked: Bool) -> Bool {
        let unit = instance.units[place]
        let load = CapacityRule.load(victims: candidate.victims.count, requests: 1, in: unit)
        guard candidate.together == .unit, present[place] + load <= unit.beds[0],
            AdmissionRule.acceptsGroup(of: candidate.victims.count, in: unit),
            MixingRule.allows(sexes[place].union(candidate.victims.map(\.sex)), others: true, in: unit),
            candidate.victims.allSatisfy({ admits($0, candidate.firstPhase, place, on: Day(-days)) })
        else { return false }
        return !isLocked
            || self.days(of: candidate, after: days).allSatisfy { locked[place][$0] + load <= unit.beds[Day($0)] }
    }

    private func admits(_ victim: Victim, _ phase: Phase, _ place: Int, on day: Day) -> Bool {
        let unit = instance.units[place]
        let shelter = instance.shelter(ofUnit: place)
        let reaches =
            victim.investigation.map {
                InvestigationRule.allows($0, minutes: instance.minutes(fromUnit: place, to: $0))
            } ?? true
        return reaches && AdmissionRule.accepts(victim.sex, in: unit)
            && AdmissionRule.accepts(age: victim.age(on: day, of: instance.horizon), phase: phase, in: unit)
            && ServicesRule.missing(for: victim, in: unit, of: shelter).isEmpty
            && SecurityRule.allows(victim, in: shelter) && AvoidRule.allows(victim, in: shelter)
    }

    private mutating func take(_ place: Int, by candidate: MadeUpCase, after days: Int, isLocked: Bool) -> Int {
        let load = CapacityRule.load(victims: candidate.victims.count, requests: 1, in: instance.units[place])
        present[place] += load
        sexes[place].formUnion(candidate.victims.map(\.sex))
        if isLocked {
            for day in self.days(of: candidate, after: days) { locked[place][day] += load }
        }
        return load
    }

    /// The days of the horizon on which the case is still there.
    private func days(of candidate: MadeUpCase, after days: Int) -> Range<Int> {
        0..<max(0, min(candidate.stayDays - days, instance.horizon.days))
    }
}
