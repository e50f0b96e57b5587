/// How a solver works; the same options, model and version give the same result.
public struct SolverOptions: Sendable, Equatable {
    /// Whether a model is simplified before it is solved.
    public enum Presolve: String, Sendable {
        /// Always.
        case on
        /// Never.
        case off
        /// As HiGHS thinks best.
        case choose
    }

    /// Which method solves a linear model.
    public enum Method: String, Sendable {
        /// As HiGHS thinks best: the simplex method.
        case choose
        /// The simplex method, which begins where the last solve ended.
        case simplex
        /// The interior point method, which begins anew each time, and then goes to a vertex.
        case interiorPoint = "ipm"
    }

    /// Which simplex method is used.
    public enum SimplexStrategy: Int, Sendable {
        /// The primal where it can begin with a feasible point (bounds of 0, or columns were added), else the dual.
        case choose = 0
        /// The dual simplex method.
        case dual = 1
        /// The primal simplex method.
        case primal = 4
    }

    /// The seed of every random choice, 0 or more.
    public var seed = 0

    /// The number of threads.
    ///
    /// HiGHS has one set of threads per process, made by the first solve: give every solver of a process the same number.
    public var threads = 1

    /// Whether models are simplified first.
    public var presolve = Presolve.choose

    /// The method for linear models.
    public var method = Method.choose

    /// The simplex method.
    ///
    /// On set packing over consecutive days (5,400 rows, 18,000 columns) the dual took 5 s and the primal 102 s; after 300
    /// columns more, from the basis that was there, the dual took 2.4 s and the primal 8.6 s.
    public var simplexStrategy = SimplexStrategy.dual

    /// Whether the interior point method goes on to a vertex. Without, its solution lies amid all that are best, and so do
    /// its duals, which column generation converges faster with.
    public var crossover = true

    /// A mixed integer solve ends when objective and bound differ by at most this part of the objective.
    public var relativeGap = 0.0

    /// A mixed integer solve ends when objective and bound differ by at most this.
    ///
    /// The default, just below 1, proves the optimum where every solution costs a whole number; elsewhere set less.
    public var absoluteGap = 0.999

    /// By how much a solution may pass the bounds of rows and columns.
    public var primalTolerance = 1e-7

    /// By how much a reduced cost may have the wrong sign.
    public var dualTolerance = 1e-7

    /// By how much the value of an integer column may differ from a whole number.
    public var integralityTolerance = 1e-6

    /// Makes the default options.
    public init() {}
}
