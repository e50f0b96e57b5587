/// Why a solve ended.
public enum SolveStatus: Sendable, Equatable {
    /// The best solution was found and proven to be so, within the tolerances.
    case optimal
    /// There is no solution.
    case infeasible
    /// There is no best solution: the objective can fall without end.
    case unbounded
    /// One of the two above; the solver did not find out which.
    case infeasibleOrUnbounded
    /// The limit of seconds came first.
    case timeLimit
    /// The limit of iterations came first.
    case iterationLimit
    /// The limit of nodes came first.
    case nodeLimit
    /// An `Interrupt` was requested.
    case interrupted
    /// The solver does not know; `SolveReport.statusText` has its words.
    case unknown
}

/// How a solve ended: why, with what, and how good that is.
public struct SolveReport: Sendable, Equatable {
    /// Why it ended.
    public var status: SolveStatus

    /// The solver's own words for the status.
    public var statusText: String

    /// Whether there is a point that satisfies the model; there may be one after a limit or an interrupt too.
    public var hasSolution: Bool

    /// Whether there are duals: of a linear model, after most ends.
    public var hasDuals: Bool

    /// What the solution costs; nil without one.
    public var objective: Double?

    /// What no solution can be below; nil when not known.
    public var bound: Double?

    /// The seconds it took, by the clock on the wall.
    public var seconds: Double

    /// The simplex iterations it took; of a mixed integer solve, those of all its linear solves.
    public var iterations: Int

    /// The nodes of the search; nil for a linear solve.
    public var nodes: Int?

    /// The distance of objective and bound as part of the objective; nil where one of the two is not known.
    public var gap: Double? {
        guard let objective, let bound else { return nil }
        let distance = (objective - bound).magnitude
        return distance == 0 ? 0 : distance / objective.magnitude
    }
}
