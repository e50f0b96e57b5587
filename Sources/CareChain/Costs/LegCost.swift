/// The terms that one leg of one victim costs by itself, funding and moves aside: written once for the referee and for
/// whoever tells people what a stay costs.
public enum LegCost {
    /// A leg of one victim.
    public struct Leg {
        /// The place of the victim in the instance.
        public let victim: Int
        /// The place of the unit in the instance.
        public let unit: Int
        /// The first day.
        public let start: Day
        /// The days within the horizon.
        public let days: Range<Day>
        /// As a first leg in the current unit: the days already spent there; nil: the leg is entered.
        public let daysBefore: Int?

        /// Makes a leg.
        public init(victim: Int, unit: Int, start: Day, days: Range<Day>, daysBefore: Int?) {
            self.victim = victim
            self.unit = unit
            self.start = start
            self.days = days
            self.daysBefore = daysBefore
        }
    }

    /// Calls for each term that can arise with its points and with what is counted: days, minutes, or legs.
    ///
    /// - Parameter statuses: The victim's statuses over the horizon.
    public static func forEachTerm(
        of leg: Leg, _ request: Request, statuses: [VictimStatus], in instance: Instance,
        _ body: (_ term: CostTerm, _ points: Int, _ count: Int) -> Void
    ) {
        let weights = instance.weights
        let victim = instance.victims[leg.victim]
        let unit = instance.units[leg.unit]
        let shelter = instance.shelter(ofUnit: leg.unit)
        if !request.isFixed {
            let days = leg.days.count
            body(.overSecurity, OverSecurityCost.perDay(of: victim, in: shelter, weights) * days, days)
            body(.scarcity, ScarcityCost.perDay(in: unit) * days, days)
            if leg.daysBefore == nil {
                body(.outOfRegion, OutOfRegionCost.cost(of: request, in: shelter.region, weights), 1)
                if let investigation = victim.investigation {
                    let minutes = instance.minutes(fromUnit: leg.unit, to: investigation)
                    body(
                        .travel, TravelCost.cost(minutes: minutes, weights), minutes ?? TravelCost.unreachableMinutes)
                }
            }
        }
        let overstayed = OverstayCost.days(
            leg.days, ofLegFrom: leg.start, in: unit, statuses: statuses, daysBefore: leg.daysBefore ?? 0)
        body(.overstay, OverstayCost.cost(days: overstayed, weights), overstayed)
    }
}
