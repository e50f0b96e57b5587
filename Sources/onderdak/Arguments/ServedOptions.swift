import API
import ArgumentParser
import Ledger

/// Who acts, in the database or on a server, and how the answer is printed: what the commands are given that the API does
/// too. Both ways they speak to its operations, so that they do and answer the same.
struct ServedOptions: ParsableArguments {
    @Option(name: .customLong("as"), help: "Who acts in the database: ROLE/ID, shelter/s12 for example.")
    var actor: Actor?

    @OptionGroup var server: ServerOptions

    @Option(help: "What to print: table or json.")
    var format = OutputFormat.table

    func validate() throws {
        if actor != nil, server.server != nil {
            throw ValidationError("Give either --as or --server: on a server, the token says who acts.")
        }
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
        guard let actor else { return try await server.withClient(body) }
        return try await Database.withLedger { ledger in
            // What has happened by itself meanwhile comes first.
            try await ledger.sweep()
            return try await body(APIClient(LedgerTransport(ledger, as: actor, speaking: server.spoken)))
        }
    }
}
