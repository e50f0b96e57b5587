import API
import ArgumentParser
import CareChain
import Foundation
import Ledger

/// A server on which a command is carried out, instead of in the database.
struct ServerOptions: ParsableArguments {
    @Option(help: "Do it on this server (its https address), as the one whose token it is; or ONDERDAK_SERVER.")
    var server: String?
    @Option(
        help: "A file that holds the token and that only you may read; or ONDERDAK_TOKEN_FILE.", completion: .file())
    var tokenFile: String?
    @Option(
        help: "A file of the authorities whose certificates to trust instead of the system's (PEM).",
        completion: .file())
    var caFile: String?
    @Option(help: "How many seconds to go on trying while the server is away or has no time.")
    var patience = 60

    func validate() throws {
        if patience < 0 { throw ValidationError("--patience is 0 or more.") }
    }

    /// Whether a server is named here or in the environment.
    var isGiven: Bool { name != nil }

    private var name: String? { server ?? Self.variable("ONDERDAK_SERVER") }

    /// The language in which to answer people: the environment's. Not an option: of plans and explanations `--language` is
    /// the commands' own, and what the program itself takes it would take from them.
    var spoken: Language {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap(Self.variable).first ?? ""
        return locale.prefix { $0.isLetter } == "nl" ? .dutch : .english
    }

    /// Checks that who acts is said once.
    func check(_ actor: Actor?) throws {
        if actor != nil, server != nil {
            throw ValidationError("Give either --as or --server: on a server, the token says who acts.")
        }
    }

    /// Runs work in the database as an actor, or else on the server.
    func withClient<Success>(as actor: Actor?, _ body: (APIClient) async throws -> Success) async throws -> Success {
        guard let actor else { return try await withClient(body) }
        return try await Database.withLedger { ledger in
            // What has happened by itself meanwhile comes first.
            try await ledger.sweep()
            return try await body(APIClient(LedgerTransport(ledger, as: actor, speaking: spoken)))
        }
    }

    /// Runs work on the server.
    func withClient<Success>(_ body: (APIClient) async throws -> Success) async throws -> Success {
        guard let name else { throw ValidationError("Give --server.") }
        guard let file = tokenFile ?? Self.variable("ONDERDAK_TOKEN_FILE") else {
            throw ValidationError("Give --token-file with --server.")
        }
        do {
            let address = try ServerAddress(name, tokenFile: file, authorities: caFile)
            return try await ServerTransport.with(address, patience: .seconds(patience), speaking: spoken) {
                try await body(APIClient($0))
            }
        } catch let error as ServerAddress.Unusable {
            throw ValidationError(error.description)
        } catch {
            throw Failure(error)
        }
    }

    private static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// A command that can be carried out on a server.
protocol ServedCommand: AsyncParsableCommand {}
