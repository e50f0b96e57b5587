/// What is wrong in a country's files: where it stands and what is expected. The files are refused whole.
public struct CSVProblem: Error, Equatable, CustomStringConvertible {
    /// The name of the file.
    public let file: String
    /// The line on which the record begins, counted from 1; nil when the problem is the whole file's.
    public let line: Int?
    /// The name of the column; nil when the problem is the whole line's.
    public let column: String?
    /// What stands there and what is expected, `"x" is not a whole number` for example.
    public let problem: String

    /// Makes a problem.
    public init(file: String, line: Int? = nil, column: String? = nil, problem: String) {
        self.file = file
        self.line = line
        self.column = column
        self.problem = problem
    }

    /// File, line, column and problem in one sentence: `units.csv:14: column "beds": "x" is not a whole number`.
    public var description: String {
        file + (line.map { ":\($0)" } ?? "") + ": " + (column.map { "column \"\($0)\": " } ?? "") + problem
    }
}
