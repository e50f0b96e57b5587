import CareChain

/// Who would pay for one victim, unit by unit.
struct VictimFunding {
    /// Days that each funder has paid before day 0, by its place.
    let paidBefore: [Int]
    /// The schedules by bed type and region.
    private(set) var schedules: [PayerSchedule] = []
    /// The schedule of each unit, -1 where the victim cannot be.
    private(set) var scheduleOfUnit: [Int32]
    /// What can be said of each schedule whatever was paid before in this stay.
    private(set) var outlooks: [Outlook] = []

    private var known: [Key: Int32] = [:]

    /// What can be said of a schedule whatever was paid before in a stay.
    struct Outlook {
        /// Whether somebody pays on every day.
        let alwaysPaid: Bool
        /// Days on which nobody pays.
        let unpaid: [Range<Int>]
        /// A stay has at least as many unpaid days, those of `unpaid` aside, as it has days above this number.
        let mostPaid: Int
        /// The funders that can pay, and the most days of each.
        let left: [(funder: Int, days: Int)]
        /// Whether a funder with a budget can be the payer.
        let canBePriced: Bool
    }

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
        outlooks.append(outlook(of: schedule, staying: most, in: instance))
        scheduleOfUnit[unit] = place
    }

    private func outlook(of schedule: PayerSchedule, staying most: Int, in instance: Instance) -> Outlook {
        let alwaysPaid = schedule.segments.allSatisfy { segment in
            segment.candidates.contains {
                $0.window.lowerBound <= segment.days.lowerBound && $0.window.upperBound >= segment.days.upperBound
                    && left($0) >= most
            }
        }
        let unpaid = schedule.segments.filter { $0.candidates.allSatisfy { left($0) <= 0 } }.map {
            $0.days.lowerBound.number..<$0.days.upperBound.number
        }
        var leftOf: [Int: Int] = [:]
        for segment in schedule.segments {
            for candidate in segment.candidates where left(candidate) > 0 {
                leftOf[candidate.funder] = min(left(candidate), instance.horizon.days)
            }
        }
        return Outlook(
            alwaysPaid: alwaysPaid, unpaid: unpaid,
            mostPaid: leftOf.values.reduce(0, +) + unpaid.reduce(0) { $0 + $1.count },
            left: leftOf.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
            canBePriced: leftOf.keys.contains { instance.funders[$0].budget != nil })
    }

    /// The days that a funder has left for the victim before the stay.
    func left(_ candidate: PayerSchedule.Candidate) -> Int { candidate.maxDays - paidBefore[candidate.funder] }

    /// Whether a funder that can be the payer by a schedule has a price.
    func isPriced(_ schedule: Int, _ prices: Prices) -> Bool {
        for segment in schedules[schedule].segments {
            for candidate in segment.candidates where prices.cents[candidate.funder] > 0 { return true }
        }
        return false
    }

    /// Whether funding in a unit costs nothing at the prices, whatever was paid before.
    func isFree(in unit: Int, _ prices: Prices) -> Bool {
        let schedule = Int(scheduleOfUnit[unit])
        let outlook = outlooks[schedule]
        return outlook.alwaysPaid && !(outlook.canBePriced && isPriced(schedule, prices))
    }
}
