import ArgumentParser
import Foundation
import Ledger

/// `onderdak clock`: the instant at which a demonstration's ledger stands.
struct ClockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clock", abstract: "Let the ledger stand still at an instant, for a demonstration; or run again.",
        discussion: """
            Deadlines, holds and nights then go by that instant, for everybody. Only a demonstration's ledger \
            (onderdak migrate --demonstration) lets the program's login do this.

            Examples:
              onderdak clock --at 2026-01-05T22:00:00+01:00
              onderdak clock --run
            """)

    @Option(help: "The instant at which it stands.") var at: Instant?
    @Flag(name: .customLong("run"), help: "Go by the server's clock again.") var runs = false

    func validate() throws {
        if (at == nil) != runs { throw ValidationError("Give either --at or --run.") }
    }

    func run() async throws {
        try await Database.withLedger { ledger in
            try await ledger.stand(at: at?.date)
            try await ledger.sweep()
        }
        try Console.write(at.map { "the ledger stands at \($0.date.ISO8601Format())\n" } ?? "the ledger's clock runs\n")
    }
}
