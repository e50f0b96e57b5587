public import ArgumentParser
public import Ledger

/// Who acts, and how the answer is printed: what every command of the flow is given.
struct ActingOptions: ParsableArguments {
    @Option(name: .customLong("as"), help: "Who acts: ROLE/ID, as in the example.")
    var actor: Actor

    @Option(help: "What to print: table or json.")
    var format = OutputFormat.table

    /// Runs a step or a question on the ledger, after what has happened by itself meanwhile, and prints the answer.
    func answer<Answer: Encodable>(
        _ body: (Ledger, Actor) async throws -> Answer, table: (Answer) -> String
    ) async throws {
        let answer = try await Database.withLedger { ledger in
            try await ledger.sweep()
            return try await body(ledger, actor)
        }
        try format.show(answer, as: table)
    }

    /// Runs a step that answers with a sentence.
    func done(_ sentence: String, _ body: (Ledger, Actor) async throws -> Void) async throws {
        try await answer(
            { ledger, actor in
                try await body(ledger, actor)
                return Done(done: sentence)
            }, table: { $0.done + "\n" })
    }

    private struct Done: Encodable {
        let done: String
    }
}

/// The caller's key of a step.
struct KeyOption: ParsableArguments {
    @Option(help: "A key of yours: repeated with it, the command is done once and answers the same.")
    var key: String?
}

extension Actor: ExpressibleByArgument {
    /// Reads `ROLE/ID`.
    public init?(argument: String) { self.init(argument) }
}
