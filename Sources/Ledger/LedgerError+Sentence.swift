public import CareChain

extension LedgerError {
    /// What is wrong, in both languages. Of what only the program and its operators meet, the Dutch says of what kind it is.
    public var sentence: Sentence {
        Sentence(english: description, dutch: dutch)
    }

    private var dutch: String {
        switch self {
        case .noPolicy: "er zijn nog geen referentiegegevens: laad eerst die van een land"
        case .unevenStays(let request):
            "een deel van de slachtoffers van verzoek \"\(request)\" heeft die dag een plek, een ander deel niet: leg vast waar "
                + "zij zijn"
        case .noSuchRun(let number): "er is geen plan \(number)"
        case .incomplete(_, let sentence), .invalid(_, let sentence): sentence
        case .noInstance(let problem):
            "wat er is vastgelegd, past niet bij elkaar" + (problem.path.isEmpty ? "" : " bij \(problem.path)")
        case .contradicts(let contradictions):
            "er is niets vastgelegd: over \(contradictions.count) onderdelen is al iets anders bekend"
        case .unkeepablePlan:
            "dit plan kan niet worden bewaard: het is van een andere instantie, of zegt niet hoe het tot stand kwam"
        case .refused(let constraint):
            ConstraintSentence.dutch(of: constraint) ?? "de regel \(constraint) van de database laat dit niet toe"
        case .denied(let code, _):
            ConstraintSentence.dutch(of: code) ?? "de regel \(code) van de database staat dit deze rol niet toe"
        case .outsideCalendar: "een dag ligt verder weg dan de database kan vastleggen"
        case .unstorableText: "een tekst bevat het teken U+0000, dat de database niet kan bewaren"
        case .noSuch(let kind, let id): "er is geen \(kind.name.dutch) \"\(id)\""
        case .notAllowed(let code, _): code.sentence.dutch
        case .notNow(_, let sentence): sentence.dutch
        case .breaks(let rules):
            "dit zou regels schenden: "
                + rules.map(\.told.dutch).joined(separator: "; ")
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
        case .unsealable(let count): "er is niets verzegeld: \(count) transacties die schrijven zijn nog bezig"
        case .keys: "een sleutel ontbreekt, of iets gaat met zijn sleutel niet open"
        case .database: "de database kan nu niet worden gebruikt"
        case .unexpected: "er ging iets mis"
        }
    }
}
