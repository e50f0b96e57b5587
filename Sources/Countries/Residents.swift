import CareChain

/// Fills the units with people who came before day 0, by the rules as they were on the day on which each came.
struct Residents {
    private let instance: Instance
    /// The units in which somebody may have been for weeks: no crisis beds, and none that a group would have alone.
    private let units: [Int]
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
        units = instance.units.indices.filter {
            instance.units[$0].bedType != .crisis && !instance.units[$0].exclusive
        }
        present = Array(repeating: 0, count: instance.units.count)
        locked = Array(repeating: Array(repeating: 0, count: instance.horizon.days), count: instance.units.count)
        sexes = Array(repeating: [], count: instance.units.count)
    }

    /// Draws cases that began within 120 days before the horizon, until so many of a hundred beds are taken or nobody
    /// fits any more.
    mutating func fill(percent: Int, from draw: inout CaseDraw) -> [(victims: [Victim], request: Request)] {
        let beds = units.reduce(0) { $0 + instance.units[$1].beds[0] }
        var taken = 0
        // Drawn in a row for nothing; with few beds left in few kinds of units many are.
        var inVain = 0
        var residents: [(victims: [Victim], request: Request)] = []
        while taken * 100 < beds * percent, inVain < 20 * instance.units.count {
            let before = draw.victimCount
            let days = draw.random.number(in: 1...120)
            let candidate = draw.next(neededFrom: Day(-days))
            // Who should have left by now waits for a pass or a house, and will be gone in a week to six; assumed.
            let stuck = draw.random.number(in: 5...40)
            let remaining = candidate.stayDays - days >= 2 ? candidate.stayDays - days : stuck
            let locked = draw.random.happens(percent: lockedPercent) ? remaining : 0
            let free = units.filter { fits(candidate, in: $0, after: days, locked: locked) }
            guard let unit = draw.random.pick(free) else {
                inVain += 1
                draw.victimCount = before
                continue
            }
            inVain = 0
            taken += take(unit, by: candidate, locked: locked)
            residents.append(
                (
                    candidate.victims,
                    Request(
                        id: RequestID("r\(residents.count + 1)"), victims: candidate.victims.map(\.id),
                        together: candidate.together, neededFrom: 0, latestStart: 0,
                        stayDays: remaining, urgency: candidate.urgency, preferredRegion: candidate.preferredRegion,
                        current: candidate.victims.map {
                            CurrentStay(victim: $0.id, unit: instance.units[unit].id, days: days)
                        },
                        locked: locked > 0)
                ))
        }
        return residents
    }

    /// Whether a unit has room for those who came some days ago, now and as long as they are locked there.
    private func fits(_ candidate: MadeUpCase, in place: Int, after days: Int, locked lockedDays: Int) -> Bool {
        let unit = instance.units[place]
        let load = CapacityRule.load(victims: candidate.victims.count, requests: 1, in: unit)
        return candidate.together == .unit && present[place] + load <= unit.beds[0]
            && AdmissionRule.acceptsGroup(of: candidate.victims.count, in: unit)
            && MixingRule.allows(sexes[place].union(candidate.victims.map(\.sex)), others: true, in: unit)
            && candidate.victims.allSatisfy { admits($0, candidate.firstPhase, place, on: Day(-days)) }
            && locked[place].prefix(lockedDays).enumerated().allSatisfy { $1 + load <= unit.beds[Day($0)] }
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

    /// The beds that the candidate takes.
    private mutating func take(_ place: Int, by candidate: MadeUpCase, locked lockedDays: Int) -> Int {
        let load = CapacityRule.load(victims: candidate.victims.count, requests: 1, in: instance.units[place])
        present[place] += load
        sexes[place].formUnion(candidate.victims.map(\.sex))
        for day in 0..<min(lockedDays, instance.horizon.days) { locked[place][day] += load }
        return load
    }
}
