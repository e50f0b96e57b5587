/// How far a solve is.
///
/// It has no bound: HiGHS may begin with a smaller model that completes a partial solution, and reports that one's here.
public struct SolveProgress: Sendable, Equatable {
    /// The seconds since it began.
    public var seconds: Double

    /// The simplex iterations of a linear solve so far.
    public var iterations: Int

    /// The nodes of a mixed integer search so far.
    public var nodes: Int

    /// What the best solution of a mixed integer solve costs; nil while there is none.
    public var objective: Double?
}
