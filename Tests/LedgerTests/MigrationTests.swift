import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

@Suite struct MigrationTests {
    @Test func `The schema is made from nothing, once`() async throws {
        let migrations = try Ledger.migrations
        #expect(migrations.map(\.number) == Set(migrations.map(\.number)).sorted())
        try await withDatabase { options in
            let migrator = try Migrator(migrations, version: "1")
            let (one, other) = (try await Connection.open(options), try await Connection.open(options))
            // Two at once: one of them does the work.
            async let here = migrator.migrate(one)
            async let there = migrator.migrate(other)
            let applied = try await here + there
            #expect(applied.map(\.number).sorted() == migrations.map(\.number))
            #expect(try await migrator.migrate(one).isEmpty)
            await one.close()
            await other.close()
        }
    }

    @Test func `What was on record twice is on record once afterwards, and opens what it opened`() async throws {
        let migrations = try Ledger.migrations
        try await withDatabase { options in
            let connection = try await Connection.open(options)
            _ = try await Migrator(migrations.filter { $0.number < 60 }, version: "1").migrate(connection)
            try await connection.execute(
                script: """
                    INSERT INTO victim VALUES ('v', 'female', '1998-03-14', 1, 4, '2026-01-01');
                    INSERT INTO access.legal_basis (kind, victim, role, categories, days, reference, withdrawn_on) VALUES
                        ('consent', 'v', 'shelter', '{identity,profile}', '[2026-01-01,2026-06-01)', 'form 1', NULL),
                        ('consent', 'v', 'shelter', '{profile,identity}', '[2026-01-01,2026-06-01)', 'form 2', NULL),
                        ('consent', 'v', 'shelter', '{identity,profile}', '[2026-02-01,)', 'form 3', '2026-04-01'),
                        ('consent', 'v', 'shelter', '{identity,profile}', '[2026-05-01,2026-09-01)', 'form 4', NULL),
                        ('consent', 'v', 'shelter', '{identity}', '[2026-01-01,)', 'form 5', NULL),
                        ('law', NULL, 'desk', '{identity}', '[2026-01-01,)', 'article 1', NULL),
                        ('law', NULL, 'desk', '{identity}', '[2026-01-01,)', 'article 2', NULL),
                        ('consent', 'v', 'shelter', '{health}', '[2026-01-01,2026-06-01)', 'form 6', NULL),
                        ('consent', 'v', 'shelter', '{health}', '[2026-01-01,2026-06-01)', 'form 7', NULL),
                        ('consent', 'v', 'shelter', '{health}', '[2026-05-01,2026-09-01)', 'form 8', NULL)
                    """)
            _ = try await Migrator(migrations, version: "1").migrate(connection)
            let open: [String] = try await connection.query(
                """
                SELECT id || ' ' || daterange(lower(days), coalesce(withdrawn_on, upper(days))) AS open
                FROM access.legal_basis ORDER BY id
                """
            ).map { try $0["open"] }
            // With what was withdrawn ends what said the same by then.
            #expect(
                open == [
                    "1 [2026-01-01,2026-04-01)", "2 [2026-01-01,2026-04-01)", "3 [2026-02-01,2026-04-01)",
                    "4 [2026-05-01,2026-09-01)", "5 [2026-01-01,)", "6 [2026-01-01,)", "7 [2026-01-01,)",
                    "8 [2026-01-01,2026-05-01)", "9 empty", "10 [2026-05-01,2026-09-01)",
                ])
            // By whichever number of theirs it is withdrawn.
            let opening = "SELECT access.become('desk', 'nl'); SET LOCAL ROLE onderdak_desk"
            _ = try await connection.transaction(opening: opening) { connection in
                try await connection.query("SELECT access.withdraw_basis(2, '2026-03-01')")
            }
            let left: [Int] = try await connection.query(
                """
                SELECT id FROM access.legal_basis
                WHERE kind = 'consent' AND (withdrawn_on IS NULL OR withdrawn_on > '2026-03-01' AND withdrawn_on > lower(days))
                ORDER BY id
                """
            ).map { try $0["id"] }
            // Form 4 was given since.
            #expect(left == [4, 5, 8, 10])
            await connection.close()
        }
    }

    @Test func `schema.sql says what the migrations make`() async throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let golden = try String(contentsOf: root.appending(path: "schema/schema.sql"), encoding: .utf8)
        try await withLedger { ledger in
            let dump = Process()
            dump.executableURL = root.appending(path: "scripts/dump-schema")
            dump.arguments = [ledger.pool.options.connectionString]
            let output = Pipe()
            dump.standardOutput = output
            try dump.run()
            let handle = output.fileHandleForReading
            let schema = await blocking { handle.readDataToEndOfFile() }
            await blocking { dump.waitUntilExit() }
            #expect(dump.terminationStatus == 0)
            #expect(
                String(decoding: schema, as: UTF8.self) == golden,
                "the migrations make another schema: run scripts/dump-schema and read the difference")
        }
    }
}
