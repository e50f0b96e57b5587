import ArgumentParser
import CareChain
import Ledger
import Postgres

/// `onderdak migrate`: brings the database's schema to where this program expects it.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring the database's schema up to date.",
        discussion: """
            DATABASE_URL or the PG* variables say which database. Several may run at once: one does the work. A database \
            that is newer than this program is refused.

            Examples:
              onderdak migrate --dry-run
              DATABASE_URL=postgresql://onderdak@db.example/onderdak onderdak migrate
              onderdak migrate --login onderdak_app
            """)

    @Flag(help: "Only tell what would be applied.")
    var dryRun = false

    @Option(
        help: """
            The login by which the program is to connect from now on; made when it is not there, with the rights of \
            onderdak_login, no others, and no password.
            """)
    var login: String?

    @Flag(help: "Let the ledger's clock stand, now, so that onderdak clock can set it: for a demonstration only.")
    var demonstration = false

    @Option(help: "What to print: table or json.")
    var format = OutputFormat.table

    func validate() throws {
        if dryRun, login != nil || demonstration {
            throw ValidationError("--login and --demonstration change something: leave --dry-run out.")
        }
    }

    func run() async throws {
        let applied = try await migrations()
        if let login { try await Database.withLedger { try await $0.makeLogin(login) } }
        if demonstration { try await Database.withLedger { try await $0.letClockStand() } }
        try show(applied)
    }

    private func migrations() async throws -> [Migration] {
        let dryRun = dryRun
        return try await Database.withPool { pool in
            try await pool.withConnection { connection in
                let migrator = try Database.migrator()
                if dryRun { return try await migrator.pending(on: connection) }
                let applied = try await migrator.migrate(connection)
                // A database that was restored has the key of its backup, or none.
                try await Ledger.renewSigningKey(olderThan: "1 minute", on: connection)
                return applied
            }
        }
    }

    private func show(_ migrations: [Migration]) throws {
        switch format {
        case .json: try Console.write(json: Outcome(dryRun: dryRun, migrations: migrations.map(\.description)))
        case .table:
            var text = migrations.map { "\(dryRun ? "would apply" : "applied") \($0)\n" }.joined()
            if migrations.isEmpty { text = "the database is up to date\n" }
            try Console.write(text)
        }
    }

    private struct Outcome: Encodable {
        let dryRun: Bool
        let migrations: [String]
    }
}
