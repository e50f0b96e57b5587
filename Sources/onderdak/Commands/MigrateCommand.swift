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
            """)

    @Flag(help: "Only tell what would be applied.")
    var dryRun = false

    @Option(help: "What to print: table or json.")
    var format = OutputFormat.table

    func run() async throws {
        try show(try await migrations())
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
