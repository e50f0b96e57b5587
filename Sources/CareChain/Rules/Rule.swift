/// A rule of the problem (`problem.md`, Rules): a plan that breaks one is infeasible.
///
/// Each rule is written once, here, as pure functions; referee, planner and explanations all ask the same ones.
public protocol Rule: SendableMetatype {
    /// Its stable code.
    static var code: RuleCode { get }
    /// What it says, for people.
    static var sentence: Sentence { get }
}

/// The stable codes of the rules, as `problem.md` has them.
public enum RuleCode: String, CaseIterable, Sendable, Comparable {
    /// ``TimingRule``.
    case timing
    /// ``LegsRule``.
    case legs
    /// ``HoldRule``.
    case hold
    /// ``CapacityRule``.
    case capacity
    /// ``AdmissionRule``.
    case admission
    /// ``ServicesRule``.
    case services
    /// ``SecurityRule``.
    case security
    /// ``AvoidRule``.
    case avoid
    /// ``InvestigationRule``.
    case investigation
    /// ``TogetherRule``.
    case together
    /// ``NoContactRule``.
    case noContact = "no-contact"
    /// ``MixingRule``.
    case mixing
    /// ``ExclusiveRule``.
    case exclusive
    /// ``FixedRule``.
    case fixed
    /// ``FundingRule``.
    case funding
    /// ``ObjectiveRule``.
    case objective
    /// ``BoundRule``.
    case bound

    /// Orders by the code's text.
    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// All rules, in the order of `problem.md`.
public let allRules: [any Rule.Type] = [
    TimingRule.self, LegsRule.self, HoldRule.self, CapacityRule.self, AdmissionRule.self, ServicesRule.self,
    SecurityRule.self, AvoidRule.self, InvestigationRule.self, TogetherRule.self, NoContactRule.self,
    MixingRule.self, ExclusiveRule.self, FixedRule.self, FundingRule.self, ObjectiveRule.self, BoundRule.self,
]

/// A sentence in the languages in which people read Onderdak.
public struct Sentence: Sendable, Equatable, Codable {
    /// In English.
    public let english: String
    /// In Dutch.
    public let dutch: String

    /// Makes a sentence.
    public init(english: String, dutch: String) {
        self.english = english
        self.dutch = dutch
    }

    /// The sentence in a language.
    public func `in`(_ language: Language) -> String {
        switch language {
        case .english: english
        case .dutch: dutch
        }
    }
}

/// A language in which people read Onderdak.
public enum Language: String, CaseIterable, Sendable, Codable {
    /// English.
    case english = "en"
    /// Dutch.
    case dutch = "nl"
}
