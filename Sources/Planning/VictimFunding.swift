import CareChain

/// Who would pay for one victim, unit by unit.
struct VictimFunding {
    /// Days that each funder has paid before day 0, by its place.
    let paidBefore: [Int]
    /// The schedules by bed type and region.
    private(set) var schedules: [PayerSchedule] = []
    /// The schedule of each unit, -1 where the victim cannot be.
    private(set) var scheduleOfUnit: [Int32]
    /// Whether, for each schedule, somebody pays on every day whatever was paid before in this stay.
    private(set) var alwaysPaid: [Bool] = []

    private var known: [Key: Int32] = [:]

    private struct Key: Hashable {
        let bedType: BedType
        let region: Int
    }

    init(of victim: Int, in instance: Instance) {
        paidBefore = FundingRule.paidBefore(instance.victims[victim], in: instance)
        scheduleOfUnit = .init(repeating: -1, count: instance.units.count)
    }

    /// Adds a unit where the victim can be.
    mutating func add(unit: Int, of victim: Int, staying most: Int, in situation: Situation) {
        if scheduleOfUnit[unit] >= 0 { return }
        let instance = situation.instance
        let key = Key(bedType: instance.units[unit].bedType, region: instance.region(ofUnit: unit))
        if let schedule = known[key] {
            scheduleOfUnit[unit] = schedule
            return
        }
        let schedule = PayerSchedule(
            of: instance.victims[victim], statuses: situation.statuses[victim], bedType: key.bedType,
            region: instance.regions[key.region].id, funders: instance.funders)
        let place = Int32(schedules.count)
        known[key] = place
        schedules.append(schedule)
        alwaysPaid.append(
            schedule.segments.allSatisfy { segment in
                segment.candidates.contains { candidate in
                    candidate.window.lowerBound <= segment.days.lowerBound
                        && candidate.window.upperBound >= segment.days.upperBound
                        && candidate.maxDays - paidBefore[candidate.funder] >= most
                }
            })
        scheduleOfUnit[unit] = place
    }
}
