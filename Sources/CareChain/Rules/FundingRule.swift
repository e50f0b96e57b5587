/// `funding`: a plan's funding is what the rule of payers gives, adjacent equal days merged (`problem.md`, The rule of
/// payers).
public enum FundingRule: Rule {
    /// `funding`.
    public static let code = RuleCode.funding
    /// What the rule says.
    public static let sentence = Sentence(
        english: "Who pays on which day follows from the rule of payers.",
        dutch: "Wie op welke dag betaalt, volgt uit de volgorde van financiers.")

    /// Whether a funder accepts a victim with an age and phase in a unit, its window and limit of days aside.
    ///
    /// - Parameter region: The region of the unit's shelter.
    public static func accepts(
        _ funder: Funder, _ victim: Victim, age: Int, phase: Phase, bedType: BedType, region: RegionID
    ) -> Bool {
        if let phases = funder.accepts.phases, !phases.contains(phase) { return false }
        if !funder.accepts.ages.contains(age) { return false }
        if let regions = funder.accepts.registeredIn {
            guard let registered = victim.registeredIn, regions.contains(registered) else { return false }
        }
        if let bedTypes = funder.accepts.bedTypes, !bedTypes.contains(bedType) { return false }
        if let regions = funder.accepts.shelterRegions, !regions.contains(region) { return false }
        return true
    }

    /// Who pays for stays, and what that comes to.
    public struct Payments: Sendable {
        /// The periods with one payer, victim by victim in order of days, adjacent equal days merged.
        public var periods: [FundingPeriod] = []
        /// What each funder pays, by its place.
        public var spent: [Cents]
        /// The victim-days that nobody pays.
        public var unfundedDays = 0
    }

    /// Who pays for stays by the rule of payers, for each victim separately, day by day within the horizon.
    ///
    /// Stays of one victim are taken in order of days; where a broken plan has two on one day, each counts.
    public static func payments(of stays: [Stay], in instance: Instance) -> Payments {
        var payments = Payments(spent: .init(repeating: 0, count: instance.funders.count))
        var staysOf: [[(days: Range<Day>, unit: Int)]] = .init(repeating: [], count: instance.victims.count)
        for stay in stays {
            guard let victim = instance.victimIndex[stay.victim], let unit = instance.unitIndex[stay.unit],
                stay.from < stay.until
            else { continue }
            let days = (stay.from..<stay.until).clamped(to: instance.horizon.range)
            if !days.isEmpty { staysOf[victim].append((days, unit)) }
        }
        for (place, stays) in staysOf.enumerated() where !stays.isEmpty {
            var stays = stays.sorted { $0.days.lowerBound < $1.days.lowerBound }
            if zip(stays, stays.dropFirst()).contains(where: { $0.days.upperBound > $1.days.lowerBound }) {
                stays = stays.flatMap { stay in stay.days.map { ($0..<$0 + 1, stay.unit) } }.sorted {
                    ($0.days.lowerBound, instance.units[$0.unit].id) < ($1.days.lowerBound, instance.units[$1.unit].id)
                }
            }
            walk(place, stays, instance, &payments)
        }
        return payments
    }

    private static func walk(
        _ place: Int, _ stays: [(days: Range<Day>, unit: Int)], _ instance: Instance, _ payments: inout Payments
    ) {
        let victim = instance.victims[place]
        let statuses = victim.statuses(over: instance.horizon)
        var paid = paidBefore(victim, in: instance)
        var open: FundingPeriod?
        for (days, place) in stays {
            let unit = instance.units[place]
            let schedule = PayerSchedule(
                of: victim, statuses: statuses, bedType: unit.bedType,
                region: instance.shelter(ofUnit: place).region, funders: instance.funders)
            schedule.walk(days, paid: &paid) { payer, days in
                if let payer {
                    payments.spent[payer] += unit.dailyCost * days.count
                } else {
                    payments.unfundedDays += days.count
                }
                let funder = payer.map { instance.funders[$0].id }
                if let period = open, period.funder == funder, period.until == days.lowerBound {
                    open = FundingPeriod(victim: victim.id, funder: funder, from: period.from, until: days.upperBound)
                } else {
                    if let open { payments.periods.append(open) }
                    open = FundingPeriod(
                        victim: victim.id, funder: funder, from: days.lowerBound, until: days.upperBound)
                }
            }
        }
        if let open { payments.periods.append(open) }
    }

    /// Days that each funder (by its place) has paid for a victim before day 0.
    public static func paidBefore(_ victim: Victim, in instance: Instance) -> [Int] {
        var paid = [Int](repeating: 0, count: instance.funders.count)
        for entry in victim.paidDays {
            if let funder = instance.funderIndex[entry.funder] { paid[funder] += entry.days }
        }
        return paid
    }
}

/// The funders that would pay for a victim in units of one bed type and region, day by day, in the order in which
/// they pay, their limits of days per victim aside.
public struct PayerSchedule: Sendable {
    /// A funder that accepts, as far as a walk over days needs to know it; flat, because walks are the planner's
    /// innermost loop.
    public struct Candidate: Sendable, Equatable {
        /// The place of the funder in the instance.
        public let funder: Int
        /// The days on which it pays.
        public let window: Range<Day>
        /// The most days it pays for one victim.
        public let maxDays: Int
    }

    /// Days on which the candidates are the same.
    public struct Segment: Sendable {
        /// The days.
        public let days: Range<Day>
        /// The funders that accept, in order.
        public let candidates: [Candidate]
    }

    /// The segments over the whole horizon.
    public let segments: [Segment]

    /// Makes the schedule of a victim whose statuses over the horizon are given.
    public init(
        of victim: Victim, statuses: [VictimStatus], bedType: BedType, region: RegionID, funders: [Funder]
    ) {
        var segments: [Segment] = []
        for status in statuses {
            var candidates: [Candidate] = []
            // For every victim and kind of unit: over a span less is copied, and planning takes 3 % less of the processors.
            let funders = funders.span
            for place in funders.indices
            where FundingRule.accepts(
                funders[place], victim, age: status.age, phase: status.phase, bedType: bedType, region: region)
            {
                candidates.append(
                    Candidate(
                        funder: place, window: funders[place].window, maxDays: funders[place].maxDaysPerVictim ?? .max))
            }
            if let last = segments.last, last.candidates == candidates {
                segments[segments.count - 1] = Segment(
                    days: last.days.lowerBound..<status.days.upperBound, candidates: candidates)
            } else {
                segments.append(Segment(days: status.days, candidates: candidates))
            }
        }
        self.segments = segments
    }

    /// Walks over days in periods with the same payer: the first candidate whose window has the day and who has paid
    /// fewer days than its limit.
    ///
    /// - Parameters:
    ///   - days: The days, within the horizon.
    ///   - paid: Days paid so far per funder, by its place; what is paid on these days is added.
    ///   - body: Called for each period with the payer's place (nil: nobody pays) and the days.
    @inlinable
    public func walk(_ days: Range<Day>, paid: inout [Int], _ body: (Int?, Range<Day>) -> Void) {
        for segment in segments where segment.days.lowerBound < days.upperBound {
            var day = max(days.lowerBound, segment.days.lowerBound)
            let until = min(days.upperBound, segment.days.upperBound)
            while day < until {
                var payer: Int?
                var end = until
                for candidate in segment.candidates {
                    let left = candidate.maxDays - paid[candidate.funder]
                    if left <= 0 || candidate.window.upperBound <= day { continue }
                    if day < candidate.window.lowerBound {
                        end = min(end, candidate.window.lowerBound)
                        continue
                    }
                    payer = candidate.funder
                    end = min(end, candidate.window.upperBound)
                    if left < end - day { end = day + left }
                    break
                }
                if let payer { paid[payer] += end - day }
                body(payer, day..<end)
                day = end
            }
        }
    }
}
