public import CareChain

extension CostItem {
    /// What it is paid for, for people; the victims are told beside it.
    public func sentence(in horizon: Horizon) -> Sentence {
        let place = unit?.text ?? ""
        return switch term {
        case .unplaced: Sentence(english: "without a place", dutch: "zonder plek")
        case .wait:
            Sentence(
                english: "starts \(Words.days(count).english) later than needed",
                dutch: "begint \(Words.days(count).dutch) later dan nodig")
        case .outOfRegion:
            Sentence(
                english: "\(place) is outside the preferred region", dutch: "\(place) ligt buiten de voorkeursregio")
        case .travel:
            Sentence(
                english: "\(count) minutes from \(place) to the investigation",
                dutch: "\(count) minuten van \(place) naar het onderzoek")
        case .move:
            Sentence(
                english: "moves to \(place) on \(date(horizon))", dutch: "verhuist naar \(place) op \(date(horizon))")
        case .overstay:
            Sentence(
                english: "\(Words.days(count).english) longer in \(place) than it is meant for",
                dutch: "\(Words.days(count).dutch) langer in \(place) dan waarvoor die is bedoeld")
        case .unfunded:
            Sentence(
                english: "nobody pays for \(Words.days(count).english)",
                dutch: "niemand betaalt voor \(Words.days(count).dutch)")
        case .overBudget:
            Sentence(
                english: "share of passing the budget of \(funder?.text ?? "")",
                dutch: "aandeel in de overschrijding van het budget van \(funder?.text ?? "")")
        case .overSecurity:
            Sentence(
                english: "\(Words.days(count).english) in \(place) with more security than needed",
                dutch: "\(Words.days(count).dutch) in \(place) met meer beveiliging dan nodig")
        case .scarcity:
            Sentence(
                english: "\(Words.days(count).english) in \(place), which is scarce",
                dutch: "\(Words.days(count).dutch) in \(place), die schaars is")
        }
    }

    private func date(_ horizon: Horizon) -> String { from.map { "\(horizon.date(of: $0))" } ?? "" }
}

extension CostTerm {
    /// Its name for people.
    public var name: Sentence {
        switch self {
        case .unplaced: Sentence(english: "no place", dutch: "geen plek")
        case .wait: Sentence(english: "waiting", dutch: "wachten")
        case .outOfRegion: Sentence(english: "outside the region", dutch: "buiten de regio")
        case .travel: Sentence(english: "travel", dutch: "reizen")
        case .move: Sentence(english: "moves", dutch: "verhuizen")
        case .overstay: Sentence(english: "staying too long", dutch: "te lang blijven")
        case .unfunded: Sentence(english: "unfunded days", dutch: "onbetaalde dagen")
        case .overBudget: Sentence(english: "over budget", dutch: "boven budget")
        case .overSecurity: Sentence(english: "more security than needed", dutch: "meer beveiliging dan nodig")
        case .scarcity: Sentence(english: "scarce unit", dutch: "schaarse afdeling")
        }
    }
}
