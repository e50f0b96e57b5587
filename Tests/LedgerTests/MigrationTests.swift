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
            let schema = try output.fileHandleForReading.readToEnd() ?? Data()
            dump.waitUntilExit()
            #expect(dump.terminationStatus == 0)
            #expect(
                String(decoding: schema, as: UTF8.self) == golden,
                "the migrations make another schema: run scripts/dump-schema and read the difference")
        }
    }
}
