import CareChain

/// A plan for people: a summary, the placements of the open requests, and why others have none.
struct PlanTable {
    let text: String

    init(_ plan: Plan, of instance: Instance) throws(InvalidInput) {
        let open = instance.requests.filter { !$0.isFixed }
        let unplaced = Set(plan.unplaced.map(\.request))
        let stays = Dictionary(grouping: plan.stays, by: \.victim)
        let funding = Dictionary(grouping: plan.funding, by: \.victim)
        let victims = Set(open.flatMap(\.victims))

        var placements = TextTable([
            ("request", .left), ("urgency", .left), ("victims", .right), ("unit", .left), ("days", .left),
            ("payer", .left),
        ])
        var waiting = 0
        var outOfRegion = 0
        for request in open where !unplaced.contains(request.id) {
            let legs = request.victims.flatMap { stays[$0] ?? [] }
            let start = legs.map(\.from).min() ?? 0
            if start > request.neededFrom { waiting += 1 }
            let regions = legs.compactMap { instance.unitIndex[$0.unit].map { instance.shelter(ofUnit: $0).region } }
            if let preferred = request.preferredRegion, regions.contains(where: { $0 != preferred }) {
                outOfRegion += 1
            }
            for leg in GroupStay.merged(legs) {
                let payers = request.victims.flatMap { funding[$0] ?? [] }.filter {
                    $0.from < leg.days.upperBound && leg.days.lowerBound < $0.until
                }
                var names: [String] = []
                for payer in payers {
                    let name = payer.funder?.text ?? "nobody"
                    if !names.contains(name) { names.append(name) }
                }
                placements.add([
                    request.id.text, request.urgency.rawValue, String(leg.victims), leg.unit.text,
                    leg.dates(in: instance.horizon, .english), names.joined(separator: ", "),
                ])
            }
        }
        let unfunded = plan.funding.filter { $0.funder == nil && victims.contains($0.victim) }
            .reduce(0) { $0 + ($1.until - $1.from) }

        var summary = TextTable([("plan of \(instance.name)", .left), ("", .right)])
        summary.add(["open requests placed", "\(open.count - unplaced.count) of \(open.count)"])
        summary.add(["  starting later than needed", String(waiting)])
        summary.add(["  outside the preferred region", String(outOfRegion)])
        summary.add(["without a place", String(unplaced.count)])
        summary.add(["unfunded days of open requests", String(unfunded)])
        summary.add(["objective", plan.objective.map(String.init) ?? "not stated"])
        summary.add(["bound", plan.bound.map(String.init) ?? "not known"])
        if let objective = plan.objective, let bound = plan.bound {
            // Of what the plan can do something about.
            let decided = objective - (try Referee.costOfFixed(in: instance))
            let gap = decided == 0 ? 0 : Double(objective - bound) / Double(decided) * 100
            summary.add(["gap", objective == bound ? "0, proven" : "\((gap * 1000).rounded() / 1000) %"])
        }
        if let seconds = plan.solver?.seconds { summary.add(["seconds", String(seconds)]) }
        var text = summary.text
        if placements.count > 0 { text += "\n" + placements.text }
        for entry in plan.unplaced {
            text += "\n\(entry.request): no place\n"
            text += entry.reasons.map { "  \($0.detail) [\($0.code)]\n" }.joined()
        }
        self.text = text
    }
}
