/// What the referee says of a plan.
public struct Verdict: Sendable, Equatable {
    /// A rule broken somewhere.
    public struct Violation: Sendable, Equatable {
        /// The rule.
        public let rule: RuleCode
        /// Where and how, for people.
        public let detail: Sentence
    }

    /// Whether no rule is broken.
    public var isFeasible: Bool { violationCount == 0 }
    /// The rules broken, sorted by code.
    public let rules: [RuleCode]
    /// The first 50 violations.
    public let violations: [Violation]
    /// The number of all violations.
    public let violationCount: Int
    /// What the plan costs; nil when it breaks a rule: what such a plan costs is not defined.
    public let costs: Costs?
    /// The requests that have a place.
    public let placedRequests: Int
    /// The requests listed as unplaced.
    public let unplacedRequests: Int

    /// The verdict as one JSON object.
    public func json() -> [UInt8] {
        JSONWriter.text { writer in
            writer.object { writer in
                writer.member(Key.feasible, isFeasible)
                writer.member(Key.rules, rules.map(\.rawValue))
                writer.member(Key.violations) { $0.list(violations) { $1.write(to: &$0) } }
                writer.member(Key.violationCount, violationCount)
                writer.nullableMember(Key.objective, costs?.total)
                writer.member(Key.terms) { writer in
                    guard let costs else { return writer.raw("null") }
                    writer.object { writer in
                        for term in CostTerm.allCases {
                            writer.member(named: term.rawValue) { costs[term].write(to: &$0) }
                        }
                    }
                }
                writer.member(Key.placedRequests, placedRequests)
                writer.member(Key.unplacedRequests, unplacedRequests)
            }
        }
    }

    private enum Key: Int, JSONKey {
        case feasible, rules, violations, violationCount, objective, terms, placedRequests, unplacedRequests
    }
}

extension Verdict.Violation {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member(Key.rule, rule.rawValue)
            writer.member(Key.detail, detail.english)
        }
    }

    private enum Key: Int, JSONKey {
        case rule, detail
    }
}
