import CareChain

extension Urgency {
    /// Its name for people.
    var name: Sentence {
        switch self {
        case .crisis: Sentence(english: "crisis", dutch: "crisis")
        case .urgent: Sentence(english: "urgent", dutch: "spoed")
        case .planned: Sentence(english: "planned", dutch: "gepland")
        }
    }
}
