public import CareChain

/// How to plan.
public struct PlanningOptions: Sendable {
    /// The most iterations of column generation; nil: until the linear program is solved.
    public var iterations: Int?
    /// The seed of every choice that is free.
    public var seed: Int
    /// Seconds left for planning, asked now and then; nil: no limit. The core has no clock of its own.
    public var secondsLeft: (@Sendable () -> Double)?

    /// Makes options.
    public init(iterations: Int? = nil, seed: Int = 0, secondsLeft: (@Sendable () -> Double)? = nil) {
        self.iterations = iterations
        self.seed = seed
        self.secondsLeft = secondsLeft
    }
}

/// What is known while planning goes on.
public struct PlanningProgress: Sendable, Equatable {
    /// Iterations of column generation so far.
    public let iterations: Int
    /// Trajectories known so far.
    public let trajectories: Int
    /// What the best plan so far costs, in points.
    public let objective: Int
    /// What no plan can cost less than.
    public let bound: Int
}

/// Planning failed, and not for lack of beds: infeasible requests are results, not errors.
public enum PlanningError: Error, Equatable, CustomStringConvertible {
    /// No plan was found that places a request which must have a place.
    case noPlace(RequestID)
    /// The solver of the linear programs failed, with what it said.
    case solver(String)
    /// The plan found breaks a rule or costs something else than planned; it is not given out.
    case selfCheck(String)

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .noPlace(let request): "no plan was found that places \(request)."
        case .solver(let said):
            "the solver failed: \(said). Try again with another --seed; if it stays, report it with the instance."
        case .selfCheck(let what):
            "the planner refused its own plan: \(what). This is a defect: report it with the instance."
        }
    }
}
