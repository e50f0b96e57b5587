/// A file or value that is not what the definition says; it is refused whole.
public struct InvalidInput: Error, Equatable, CustomStringConvertible {
    /// Where: a JSON path such as `requests[12].latestStart`; empty for the whole.
    public let path: String
    /// What stands there and what is expected, `3 is before neededFrom 5` for example.
    public let problem: String

    /// Makes an error.
    public init(path: String, problem: String) {
        self.path = path
        self.problem = problem
    }

    /// The path and the problem in one sentence.
    public var description: String {
        path.isEmpty ? problem : "\(path): \(problem)"
    }
}
