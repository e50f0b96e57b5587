extension Phase {
    /// Its name for people; `docs/reasons.md` lists them.
    public var name: Sentence {
        switch self {
        case .signal: Sentence(english: "first signs", dutch: "eerste signalen")
        case .reflection: Sentence(english: "reflection period", dutch: "bedenktijd")
        case .permitPending: Sentence(english: "waiting for the permit's pass", dutch: "wachten op de verblijfspas")
        case .permit: Sentence(english: "permit", dutch: "verblijfsvergunning")
        case .resident: Sentence(english: "resident", dutch: "eigen verblijfsrecht")
        case .asylum: Sentence(english: "asylum", dutch: "asiel")
        case .return: Sentence(english: "return", dutch: "terugkeer")
        }
    }
}
