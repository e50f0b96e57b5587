import API
import ArgumentParser
import Ledger

/// Who acts, in the database or on a server, and how the answer is printed: what the commands are given that the API does
/// too. Both ways they speak to its operations, so that they do and answer the same.
struct ServedOptions: ParsableArguments {
    @Option(name: .customLong("as"), help: "Who acts in the database: ROLE/ID, as in the example.")
    var actor: Actor?

    @OptionGroup var server: ServerOptions

    @Option(help: "What to print: table or json.")
    var format = OutputFormat.table

    func validate() throws {
        try server.check(actor)
        if actor == nil, !server.isGiven { throw ValidationError("Give --as ROLE/ID, or --server and --token-file.") }
    }

    /// Runs a step or a question and prints the answer.
    func answer<Answer: Encodable>(
        _ body: (APIClient) async throws -> Answer, table: (Answer) -> String
    ) async throws {
        try format.show(try await work(body), as: table)
    }

    /// Runs a step that answers with a sentence.
    func done<Answer: Encodable>(_ sentence: String, _ body: (APIClient) async throws -> Answer) async throws {
        try await answer(body) { _ in sentence + "\n" }
    }

    /// Runs work in the database or on the server.
    func work<Success>(_ body: (APIClient) async throws -> Success) async throws -> Success {
        try await server.withClient(as: actor, body)
    }
}
