/// What an examination of the ledger says of one thing.
public struct ExaminationFinding: Sendable, Equatable {
    /// How it is.
    public enum State: String, Sendable {
        /// As it should be.
        case fine
        /// Worth knowing; nothing has to be done.
        case note
        /// Not in order.
        case wrong
    }

    /// What was looked at.
    public let subject: String
    /// How it is.
    public let state: State
    /// A sentence for people.
    public let sentence: String
    /// What to do about it; nil: nothing.
    public let advice: String?

    /// Makes a finding.
    public init(_ subject: String, _ state: State, _ sentence: String, advice: String? = nil) {
        self.subject = subject
        self.state = state
        self.sentence = sentence
        self.advice = advice
    }

    /// A finding about how many there are of what there should be none of.
    static func none(_ subject: String, _ count: Int, _ what: String, otherwise state: State = .wrong, advice: String)
        -> Self
    {
        count == 0
            ? Self(subject, .fine, "no \(what)") : Self(subject, state, "\(count) \(what)", advice: advice)
    }
}
