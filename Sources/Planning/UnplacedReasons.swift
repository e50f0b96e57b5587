import CareChain

/// Why requests have no place: unit by unit the first thing in the way beside those who have one.
struct UnplacedReasons {
    /// A search beside all stays of the plan.
    let search: ObstacleSearch

    /// The reasons for a request, those of most units first.
    func blockedUnits(for request: OpenRequest) -> [BlockedUnits] {
        let units = search.situation.instance.units
        return BlockedUnits.grouped(
            units.indices.map { (units[$0].id, search.obstacle(for: request, in: $0) ?? .cost) })
    }

    /// The reasons as a plan's file has them.
    func reasons(for request: OpenRequest) -> [Reason] {
        let horizon = search.situation.instance.horizon
        return blockedUnits(for: request).map {
            Reason(code: $0.code.text, detail: $0.sentence(in: horizon).in(.english))
        }
    }
}
