import API
import ArgumentParser
import Foundation
import Ledger

/// `onderdak token`: with what other people's systems call the HTTP API.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Tokens of the HTTP API: issue, list, revoke.",
        discussion: """
            Example: onderdak token issue --role shelter/s12 --scope capacity:write --expires 365d --as admin/1
            """,
        subcommands: [Issue.self, List.self, Revoke.self])

    struct Issue: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "issue", abstract: "Make a token; it is shown once.",
            discussion: """
                Example: onderdak token issue --role shelter/s12 --scope capacity:write --expires 365d --name "cron of s12" \
                --as admin/1
                """)

        @Option(help: "For whom it acts: ROLE/ID, shelter/s12 for example.") var role: Actor
        @Option(help: "What it may be used for; several times for more; * for all that the role may.") var scope:
            [String]
        @Option(help: "When it ends: in days (90d), or 2026-12-31T00:00:00Z.") var expires: Expiry
        @Option(help: "What it is for; nobody's name.") var name: String?
        @OptionGroup var acting: ActingOptions

        func validate() throws {
            let known = APIServer.scopes
            if let other = scope.first(where: { $0 != "*" && !known.contains($0) }) {
                throw ValidationError("There is no scope \(other); there are \(known.joined(separator: ", ")) and *.")
            }
        }

        func run() async throws {
            try await acting.answer({
                try await $0.issueToken(for: role, scopes: scope, expires: expires.date, name: name, by: $1)
            }) { "\($0.token)\n" }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "The tokens, without their secrets.",
            discussion: "Example: onderdak token list --as admin/1")

        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.answer({ try await $0.tokens(as: $1) }) { tokens in
                var table = TextTable([
                    ("token", .right), ("for", .left), ("scopes", .left), ("expires", .left), ("last used", .left),
                    ("name", .left), ("", .left),
                ])
                for token in tokens {
                    table.add([
                        String(token.id), token.actor, token.scopes.joined(separator: " "),
                        token.expiresAt.formatted(.iso8601), token.lastUsedAt?.formatted(.iso8601) ?? "never",
                        token.name ?? "", token.revokedAt == nil ? "" : "revoked",
                    ])
                }
                return table.text
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "Take a token back, at once.",
            discussion: "Example: onderdak token revoke 12 --as admin/1")

        @Argument(help: "The token's number.") var token: Int
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.done("token \(token): revoked") { try await $0.revokeToken(token, by: $1) }
        }
    }

    /// When a token ends: `90d`, or an instant.
    struct Expiry: ExpressibleByArgument {
        let date: Date

        init?(argument: String) {
            if argument.hasSuffix("d"), let days = Int(argument.dropLast()), (1...3660).contains(days) {
                date = Date(timeIntervalSinceNow: Double(days) * 86400)
            } else if let instant = Instant(argument: argument) {
                date = instant.date
            } else {
                return nil
            }
        }
    }
}
