public import CareChain

extension LedgerError {
    /// What is wrong, in both languages. Where no Dutch is known of the very case, it says of what kind it is.
    public var sentence: Sentence {
        Sentence(english: description, dutch: dutch ?? "dit kan niet: \(description)")
    }

    private var dutch: String? {
        switch self {
        case .noPolicy: "er zijn nog geen referentiegegevens: laad eerst die van een land"
        case .unevenStays(let request):
            "een deel van de slachtoffers van verzoek \"\(request)\" heeft die dag een plek, een ander deel niet: leg vast waar "
                + "zij zijn"
        case .noSuchRun(let number): "er is geen plan \(number)"
        case .refused(let constraint): ConstraintSentence.dutch(of: constraint)
        case .outsideCalendar: "een dag ligt verder weg dan de database kan vastleggen"
        case .unstorableText: "een tekst bevat het teken U+0000, dat de database niet kan bewaren"
        case .noSuch(let kind, let id): "er is geen \(Self.kinds[kind] ?? kind) \"\(id)\""
        case .notAllowed(let code, _): code.sentence.dutch
        case .notNow(_, let sentence): sentence.dutch
        case .breaks(let rules):
            "dit zou regels schenden: "
                + rules.map { "\($0.sentence.dutch) [\($0.rule.rawValue)] \($0.detail)" }.joined(separator: "; ")
        case .stale(let expected, let actual):
            "iemand anders heeft het intussen gewijzigd: het heeft versie \(actual), niet \(expected); kijk opnieuw"
        case .keyReused(let key):
            "de sleutel \"\(key)\" is voor een andere opdracht gebruikt: geef elke opdracht een eigen sleutel"
        case .items(let problems):
            "er is niets vastgelegd: "
                + problems.sorted { $0.key < $1.key }.map { "onderdeel \($0.key + 1): \($0.value.sentence.dutch)" }
                .joined(separator: "; ")
        case .notDisclosed(_, let actor):
            "dit wordt niet aan \(actor) verstrekt: het is geen zaak van deze rol waarin dit te zien is, of er geldt geen grondslag"
        default: nil
        }
    }

    /// What things are called in Dutch.
    private static let kinds = [
        "action": "actie", "coverage": "dekking", "hold": "reservering",
        "night placement to confirm": "nachtplaatsing om te bevestigen", "offer": "aanbod",
        "override that waits for a second person": "afwijking die op een tweede persoon wacht",
        "plan job": "planopdracht", "request": "verzoek", "shelter": "opvang", "token": "token",
        "transfer": "doorplaatsing", "unit": "afdeling", "victim": "slachtoffer", "webhook": "webhook",
    ]
}
