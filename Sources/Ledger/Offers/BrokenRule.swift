public import CareChain

/// A rule that a placement would break, and where.
public struct BrokenRule: Sendable, Equatable {
    /// The rule.
    public let rule: RuleCode
    /// Where, by identifiers.
    public let detail: Sentence
}

extension BrokenRule: CustomStringConvertible {
    /// What the rule says, and where it is broken.
    public var description: String { told.english }

    /// What the rule says, and where it is broken, in both languages.
    var told: Sentence {
        Sentence(
            english: "\(sentence.english) [\(rule.rawValue)] \(detail.english)",
            dutch: "\(sentence.dutch) [\(rule.rawValue)] \(detail.dutch)")
    }

    /// What the rule says, for people.
    public var sentence: Sentence {
        allRules.first { $0.code == rule }?.sentence ?? Sentence(english: rule.rawValue, dutch: rule.rawValue)
    }
}
