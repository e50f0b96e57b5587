import CareChain
import Planning

/// An explanation for people, in their language.
struct ExplanationText {
    private(set) var text = ""
    private let instance: Instance
    private let language: Language

    init(_ explanation: Explanation, of instance: Instance, in language: Language) {
        self.instance = instance
        self.language = language
        heading(explanation)
        if let unit = explanation.unit {
            self.unit(unit)
        } else {
            costs(explanation)
            reasons(explanation)
            if let unlocking = explanation.unlocking { self.unlocking(unlocking, isCut: explanation.isCut) }
            alternatives(explanation)
        }
        if explanation.isCut {
            line()
            line(
                "Time was up: another run may find more (--time-limit gives it longer).",
                "De tijd was om: een volgende keer wordt misschien meer gevonden (--time-limit geeft langer).")
        }
    }

    // MARK: Sections

    private mutating func heading(_ explanation: Explanation) {
        let legs = legs(explanation.stays)
        switch explanation.standing {
        case .placed: line("\(explanation.request): placed in \(legs)", "\(explanation.request): geplaatst in \(legs)")
        case .unplaced:
            line("\(explanation.request): no place", "\(explanation.request): geen plek")
            if let place = instance.requestIndex[explanation.request] { asked(instance.requests[place]) }
        case .locked:
            line(
                "\(explanation.request): stays in \(legs)\nThat is locked: who decided it can unlock it, the planner cannot.",
                "\(explanation.request): blijft in \(legs)\n"
                    + "Dat ligt vast: wie dat besloot kan het losmaken, de planner niet.")
        case .committed:
            line(
                "\(explanation.request): agreed for \(legs)\n"
                    + "That is committed: who agreed on it can change it, the planner cannot.",
                "\(explanation.request): afgesproken voor \(legs)\n"
                    + "Dat is toegezegd: wie het afsprak kan het wijzigen, de planner niet.")
        }
    }

    /// What a request asks for.
    private mutating func asked(_ request: Request) {
        let victims = request.victims.map(\.text).joined(separator: ", ")
        if let current = request.current {
            var units: [String] = []
            for stay in current where !units.contains(stay.unit.text) { units.append(stay.unit.text) }
            let now = units.joined(separator: ", ")
            return line(
                "\(victims), now in \(now), \(request.stayDays) days more from \(instance.horizon.start)",
                "\(victims), nu in \(now), nog \(request.stayDays) dagen vanaf \(instance.horizon.start)")
        }
        let (first, last) = (
            instance.horizon.date(of: request.neededFrom), instance.horizon.date(of: request.latestStart)
        )
        let urgency = request.urgency.name.in(language)
        line(
            "\(urgency): \(victims), \(request.stayDays) days, starting \(first) to \(last)",
            "\(urgency): \(victims), \(request.stayDays) dagen, te beginnen \(first) tot en met \(last)")
    }

    private mutating func costs(_ explanation: Explanation) {
        if explanation.standing == .unplaced { return }
        let total = explanation.costs.reduce(0) { $0 + $1.points }
        line()
        line("It costs \(total) points:", "Het kost \(total) punten:")
        var table = TextTable([("", .right), ("", .left)])
        for (sentence, points, victims) in merged(explanation.costs) {
            table.add(["  \(points)", sentence + (victims.isEmpty ? "" : " (\(victims.joined(separator: ", ")))")])
        }
        text += table.body
    }

    /// Equal items of several victims taken together, the dearest first.
    private func merged(_ items: [CostItem]) -> [(sentence: String, points: Int, victims: [String])] {
        var merged: [(sentence: String, points: Int, victims: [String])] = []
        for item in items {
            let sentence = item.sentence(in: instance.horizon).in(language)
            let victims = item.victim.map { [$0.text] } ?? []
            if let place = merged.firstIndex(where: { $0.sentence == sentence }) {
                merged[place].points += item.points
                merged[place].victims += victims
            } else {
                merged.append((sentence, item.points, victims))
            }
        }
        return merged.sorted { $0.points > $1.points }
    }

    private mutating func reasons(_ explanation: Explanation) {
        if explanation.reasons.isEmpty { return }
        line()
        line("Why:", "Waarom:")
        for blocked in explanation.reasons {
            text += "  \(blocked.sentence(in: instance.horizon).in(language)) [\(blocked.code.text)]\n"
        }
    }

    private mutating func unlocking(_ unlocking: Unlocking, isCut: Bool) {
        line()
        if unlocking.suggestions.isEmpty, isCut {
            line(
                "In the time there was, no change or pair of changes that puts nobody at risk was found "
                    + "that gives it a place.",
                "In de tijd die er was is geen wijziging of paar wijzigingen zonder gevaar gevonden "
                    + "die een plek oplevert.")
        } else if unlocking.suggestions.isEmpty {
            line(
                "No change or pair of changes that puts nobody at risk was found that gives it a place.",
                "Er is geen wijziging of paar wijzigingen zonder gevaar gevonden die een plek oplevert.")
        } else {
            let single = unlocking.suggestions.contains { $0.changes.count == 1 }
            if single {
                line(
                    "Any one of these gives it a place; a new plan may give that to another "
                        + "(change of the plan's cost in points):",
                    "Elk hiervan levert een plek op; een nieuw plan kan die aan een ander geven "
                        + "(verschil in kosten van het plan in punten):")
            } else {
                line(
                    "No single change without danger was found that helps; this pair does "
                        + "(change of the plan's cost in points):",
                    "Er is geen enkele wijziging zonder gevaar gevonden die helpt; dit paar wel "
                        + "(verschil in kosten van het plan in punten):")
            }
            for suggestion in unlocking.suggestions { self.suggestion(suggestion) }
        }
        if !unlocking.dangerous.isEmpty {
            line()
            line(
                "DANGEROUS, only for who answers for the victims' safety to decide:",
                "GEVAARLIJK, alleen te besluiten door wie voor de veiligheid van de slachtoffers instaat:")
            for suggestion in unlocking.dangerous { self.suggestion(suggestion) }
        }
    }

    private mutating func suggestion(_ suggestion: Unlocking.Suggestion) {
        let and = Sentence(english: " and ", dutch: " en ").in(language)
        let changes = suggestion.changes.map { $0.sentence(in: instance.horizon).in(language) }.joined(separator: and)
        let codes = suggestion.changes.map(\.kind.rawValue).joined(separator: ", ")
        let consequence = suggestion.consequence
        text += "  \(signed(consequence.objectiveChange))  \(changes) [\(codes)]\n"
        text += "      → \(legs(consequence.stays))\n"
        others(consequence.others)
    }

    private mutating func alternatives(_ explanation: Explanation) {
        if explanation.alternatives.isEmpty {
            if explanation.standing == .placed {
                line()
                line(
                    "No other place was found beside the others as they are.",
                    "Er is geen andere plek gevonden naast de anderen zoals die zijn.")
            }
            return
        }
        line()
        line(
            "Other ways with nothing else changed (change of the plan's cost in points):",
            "Andere mogelijkheden als verder niets verandert (verschil in kosten van het plan in punten):")
        for alternative in explanation.alternatives { self.alternative(alternative) }
    }

    private mutating func alternative(_ alternative: Alternative) {
        let terms = CostTerm.allCases.filter { alternative.difference[$0] != 0 }.map {
            "\($0.name.in(language)) \(signed(alternative.difference[$0]))"
        }
        text += "  \(signed(alternative.extraCost))  \(legs(alternative.stays))"
        text += (terms.isEmpty ? "" : " (\(terms.joined(separator: ", ")))") + "\n"
    }

    private mutating func unit(_ explanation: UnitExplanation) {
        let unit = explanation.unit
        line()
        if explanation.isThere { return line("It is in \(unit).", "Het is in \(unit).") }
        if let obstacle = explanation.obstacle {
            let sentence = obstacle.sentence(in: instance.horizon).in(language)
            line(
                "Not in \(unit): \(sentence) [\(obstacle.code.text)]",
                "Niet in \(unit): \(sentence) [\(obstacle.code.text)]")
        }
        if let beside = explanation.beside {
            line(
                "In \(unit) with nothing else changed (change of the plan's cost in points):",
                "In \(unit) als verder niets verandert (verschil in kosten van het plan in punten):")
            alternative(beside)
        }
        if let consequence = explanation.consequence,
            consequence.objectiveChange != explanation.beside?.extraCost
        {
            line(
                "In \(unit) when others make room (change of the plan's cost in points):",
                "In \(unit) als anderen plaatsmaken (verschil in kosten van het plan in punten):")
            text += "  \(signed(consequence.objectiveChange))  \(legs(consequence.stays))\n"
            others(consequence.others)
        }
        if explanation.beside == nil, explanation.consequence == nil,
            let holders = explanation.obstacle?.holders, !holders.isEmpty
        {
            line("No plan was found in which others make room.", "Er is geen plan gevonden waarin anderen plaatsmaken.")
        }
    }

    /// The most other requests told one by one.
    private static let mostOthers = 4

    private mutating func others(_ others: [Consequence.Displaced]) {
        let none = Sentence(english: "no place", dutch: "geen plek").in(language)
        for other in others.prefix(Self.mostOthers) {
            let before = other.before.isEmpty ? none : legs(other.before)
            let after = other.after.isEmpty ? none : legs(other.after)
            text += "        \(other.request): \(before) ⇒ \(after)\n"
        }
        if others.count > Self.mostOthers {
            let count = others.count - Self.mostOthers
            line("        and \(count) more requests", "        en nog \(count) verzoeken")
        }
    }

    // MARK: Words

    private mutating func line(_ english: String = "", _ dutch: String = "") {
        text += Sentence(english: english, dutch: dutch).in(language) + "\n"
    }

    private func signed(_ points: Int) -> String { points > 0 ? "+\(points)" : "\(points)" }

    private func legs(_ stays: [Stay]) -> String {
        GroupStay.merged(stays).map { leg in
            "\(leg.unit)\(leg.victims > 1 ? " ×\(leg.victims)" : "") \(leg.dates(in: instance.horizon, language))"
        }.joined(separator: ", ")
    }
}
