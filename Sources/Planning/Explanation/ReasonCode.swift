public import CareChain

/// Why a request is not in a unit: the code of the rule that forbids it, or `cost`. Stable; `docs/reasons.md` lists them.
public enum ReasonCode: Hashable, Sendable, CaseIterable {
    /// A rule forbids it.
    case rule(RuleCode)
    /// It is possible, but costs more than what the plan does instead.
    case cost

    /// The rules that can keep a request out of a unit; the others judge plans as a whole.
    public static let allCases: [ReasonCode] =
        [
            RuleCode.services, .security, .avoid, .investigation, .admission, .together, .hold, .legs, .capacity,
            .exclusive, .mixing, .noContact, .fixed,
        ].map(Self.rule) + [.cost]

    /// The code as it stands in files.
    public var text: String {
        switch self {
        case .rule(let code): code.rawValue
        case .cost: "cost"
        }
    }
}
