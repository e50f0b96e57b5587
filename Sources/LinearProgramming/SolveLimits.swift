/// When a solve ends before it is done; each solve counts from its own beginning.
public struct SolveLimits: Sendable, Equatable {
    /// Seconds by the clock on the wall; nil for no limit.
    ///
    /// A mixed integer solve looks at the clock between its steps, and one step at the root of a model with thousands of
    /// rows can take seconds; the same goes for an `Interrupt`.
    public var seconds: Double?

    /// Simplex iterations of a linear solve; nil for no limit.
    public var iterations: Int?

    /// Nodes of a mixed integer solve; nil for no limit.
    public var nodes: Int?

    /// Makes limits; without arguments there are none.
    public init(seconds: Double? = nil, iterations: Int? = nil, nodes: Int? = nil) {
        self.seconds = seconds
        self.iterations = iterations
        self.nodes = nodes
    }
}
