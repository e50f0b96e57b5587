import CareChain

/// A plan for people, in their language: a summary, the placements of the open requests, and why others have none.
struct PlanTable {
    let text: String

    init(_ plan: Plan, of instance: Instance, in language: Language) throws(InvalidInput) {
        func say(_ english: String, _ dutch: String) -> String {
            Sentence(english: english, dutch: dutch).in(language)
        }
        let open = instance.requests.filter { !$0.isFixed }
        let unplaced = Set(plan.unplaced.map(\.request))
        let stays = Dictionary(grouping: plan.stays, by: \.victim)
        let funding = Dictionary(grouping: plan.funding, by: \.victim)
        let victims = Set(open.flatMap(\.victims))

        var placements = TextTable([
            (say("request", "verzoek"), .left), (say("urgency", "urgentie"), .left),
            (say("victims", "slachtoffers"), .right), (say("unit", "afdeling"), .left), (say("days", "dagen"), .left),
            (say("payer", "betaler"), .left),
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
                    let name = payer.funder?.text ?? say("nobody", "niemand")
                    if !names.contains(name) { names.append(name) }
                }
                placements.add([
                    request.id.text, language == .english ? request.urgency.rawValue : request.urgency.name.dutch,
                    String(leg.victims), leg.unit.text,
                    leg.dates(in: instance.horizon, language), names.joined(separator: ", "),
                ])
            }
        }
        let unfunded = plan.funding.filter { $0.funder == nil && victims.contains($0.victim) }
            .reduce(0) { $0 + ($1.until - $1.from) }

        var summary = TextTable([(say("plan of \(instance.name)", "plan van \(instance.name)"), .left), ("", .right)])
        summary.add([
            say("open requests placed", "open verzoeken geplaatst"),
            say(
                "\(open.count - unplaced.count) of \(open.count)",
                "\(open.count - unplaced.count) van \(open.count)"),
        ])
        summary.add([say("  starting later than needed", "  later begonnen dan nodig"), String(waiting)])
        summary.add([say("  outside the preferred region", "  buiten de voorkeursregio"), String(outOfRegion)])
        summary.add([say("without a place", "zonder plek"), String(unplaced.count)])
        summary.add([say("unfunded days of open requests", "onbetaalde dagen van open verzoeken"), String(unfunded)])
        summary.add([
            say("objective", "doelwaarde"), plan.objective.map(String.init) ?? say("not stated", "niet opgegeven"),
        ])
        summary.add([say("bound", "ondergrens"), plan.bound.map(String.init) ?? say("not known", "niet bekend")])
        if let objective = plan.objective, let bound = plan.bound {
            // Of what the plan can do something about.
            let decided = objective - (try Referee.costOfFixed(in: instance))
            let gap = decided == 0 ? 0 : Double(objective - bound) / Double(decided) * 100
            summary.add([
                say("gap", "verschil"),
                objective == bound ? say("0, proven", "0, bewezen") : "\((gap * 1000).rounded() / 1000) %",
            ])
        }
        if let seconds = plan.solver?.seconds { summary.add([say("seconds", "seconden"), String(seconds)]) }
        var text = summary.text
        if placements.count > 0 { text += "\n" + placements.text }
        for entry in plan.unplaced {
            text += "\n\(entry.request): \(say("no place", "geen plek"))\n"
            text += entry.reasons.map { "  \($0.detail) [\($0.code)]\n" }.joined()
        }
        self.text = text
    }
}
