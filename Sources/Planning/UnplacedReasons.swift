public import CareChain

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
    func reasons(for request: OpenRequest, in language: Language = .english) -> [Reason] {
        let horizon = search.situation.instance.horizon
        return blockedUnits(for: request).map {
            Reason(code: $0.code.text, detail: $0.sentence(in: horizon).in(language))
        }
    }
}

extension Plan {
    /// The plan of an instance with the sentences of its reasons in a language; their codes are the same in all.
    public func withReasons(in language: Language, of instance: Instance) -> Plan {
        var plan = self
        let situation = Situation(instance)
        let reasons = UnplacedReasons(search: ObstacleSearch(situation, beside: stays))
        plan.unplaced = unplaced.map { entry in
            guard let place = instance.requestIndex[entry.request] else { return entry }
            let request = OpenRequest(place, in: situation)
            return Unplaced(request: entry.request, reasons: reasons.reasons(for: request, in: language))
        }
        return plan
    }
}
