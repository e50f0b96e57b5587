/// Why the solver could not do what it was asked.
///
/// That a model has no solution, or that a limit came first, is not an error but a `SolveStatus`.
public enum SolverError: Error, Equatable, Sendable {
    /// HiGHS could not be started.
    case unavailable

    /// What was given is not a model, or not one that fits what is there; nothing was changed.
    case invalidModel(String)

    /// An option or limit is not a value it can have.
    case invalidOption(String)

    /// The last solve gave no such values, or the model has changed since.
    case noSolution(String)

    /// A call of HiGHS failed: its name, and what HiGHS said.
    case failed(call: String, message: String)
}

extension SolverError: CustomStringConvertible {
    /// What went wrong, for people.
    public var description: String {
        switch self {
        case .unavailable: "the solver HiGHS could not be started"
        case .invalidModel(let reason): "not a model for the solver: \(reason)"
        case .invalidOption(let reason): "not an option of the solver: \(reason)"
        case .noSolution(let what): "the solver has no \(what): solve first, and read it before the model is changed"
        case .failed(let call, let message): "the solver failed in \(call): \(message)"
        }
    }
}
