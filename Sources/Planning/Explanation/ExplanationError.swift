public import CareChain

/// A plan or question that cannot be explained.
public enum ExplanationError: Error, Equatable, CustomStringConvertible {
    /// The instance has no such request.
    case unknownRequest(RequestID)
    /// The instance has no such unit.
    case unknownUnit(UnitID)
    /// People have decided where the request is.
    case decided(RequestID)
    /// A change is none that the instance allows.
    case impossible(InvalidInput)
    /// The file is no plan of the instance.
    case notItsPlan(InvalidInput)
    /// The plan breaks rules.
    case broken(Verdict)
    /// The plan spreads a group in a way that is not among those the planner lists.
    case unlisted(RequestID)
    /// Planning again failed.
    case planning(PlanningError)

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .unknownRequest(let request): "the instance has no request \"\(request)\""
        case .unknownUnit(let unit): "the instance has no unit \"\(unit)\""
        case .decided(let request): "people have decided where \"\(request)\" is: no change is tried on it"
        case .impossible(let problem): "the change cannot be made: \(problem)"
        case .notItsPlan(let problem): "\(problem)"
        case .broken(let verdict):
            "the plan breaks \(verdict.rules.map(\.rawValue).joined(separator: ", ")) "
                + "(\(verdict.violations.first?.detail.english ?? "")): only a plan that keeps every rule can be explained; "
                + "onderdak verify tells all that is wrong with it"
        case .unlisted(let request):
            "the plan spreads the victims of \(request) over units in one of more ways than can be looked at: "
                + "plan the instance again with onderdak plan, and explain that plan"
        case .planning(let error): "\(error)"
        }
    }
}
