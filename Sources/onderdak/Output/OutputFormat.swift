public import ArgumentParser
public import CareChain

/// What a command prints.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    /// For people.
    case table
    /// For programs.
    case json

    /// Prints an answer.
    func show<Answer: Encodable>(_ answer: Answer, as table: (Answer) -> String) throws {
        switch self {
        case .json: try Console.write(json: answer)
        case .table: try Console.write(table(answer))
        }
    }
}

extension CalendarDate: ExpressibleByArgument {
    /// Reads `YYYY-MM-DD`.
    public init?(argument: String) { self.init(argument) }
}
