public import CareChain

/// A rule that a placement would break, and where.
public struct BrokenRule: Sendable, Equatable, Codable {
    /// The rule.
    public let rule: RuleCode
    /// Where, by identifiers.
    public let detail: String
}

extension BrokenRule: CustomStringConvertible {
    /// What the rule says, and where it is broken.
    public var description: String { "\(sentence.english) [\(rule.rawValue)] \(detail)" }

    /// What the rule says, for people.
    public var sentence: Sentence {
        allRules.first { $0.code == rule }?.sentence ?? Sentence(english: rule.rawValue, dutch: rule.rawValue)
    }
}

extension RuleCode: Codable {}
