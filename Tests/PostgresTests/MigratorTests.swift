import Postgres
import TestSupport
import Testing

@Suite struct Migrating {
    private let first = Migration(number: 1, name: "bed", sql: "create table bed (id int); insert into bed values (1);")
    private let second = Migration(number: 2, name: "more_beds", sql: "insert into bed values (2);")

    @Test func `an empty database applies all in order, and keeps what it applied`() async throws {
        try await withConnection { connection in
            let migrator = try Migrator([second, first], version: "1.2.3")
            #expect(try await migrator.pending(on: connection) == [first, second])
            #expect(try await beds(connection) == nil)
            #expect(try await migrator.migrate(connection) == [first, second])
            #expect(try await beds(connection) == 2)
            let kept = try await connection.query("select * from schema_migration order by number")
            #expect(try kept.map { try $0["name", as: String.self] } == ["bed", "more_beds"])
            #expect(try kept.map { try $0["version", as: String.self] } == ["1.2.3", "1.2.3"])
            // SHA-256 of the second script, as sha256sum computes it.
            #expect(
                try kept[1]["checksum"] == "4e8cb14b751d0b6ef9150b38e72267d990c97fa109f13b44e464db5820e35d3b")
        }
    }

    @Test func `a second time does nothing, and locks nothing`() async throws {
        try await withDatabase { options in
            let connection = try await Connection.open(options)
            let migrator = try Migrator([first, second], version: "1")
            _ = try await migrator.migrate(connection)
            let other = try await Connection.open(options)
            try await other.transaction { other in
                try await other.query("lock table schema_migration in share row exclusive mode")
                #expect(try await migrator.migrate(connection) == [])
            }
            #expect(try await beds(connection) == 2)
        }
    }

    @Test func `from several processes at once applies each migration once`() async throws {
        try await withDatabase { options in
            let migrations =
                [first, second]
                + (3...8).map { number in
                    Migration(number: number, name: "bed_\(number)", sql: "insert into bed values (\(number))")
                }
            let applied = try await withThrowingTaskGroup(of: [Migration].self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        let connection = try await Connection.open(options)
                        return try await Migrator(migrations, version: "1").migrate(connection)
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(applied.sorted { $0.number < $1.number } == migrations)
            #expect(try await beds(Connection.open(options)) == 8)
        }
    }

    @Test func `continues where an older program left off`() async throws {
        try await withConnection { connection in
            _ = try await Migrator([first], version: "1").migrate(connection)
            let newer = try Migrator([first, second], version: "2")
            #expect(try await newer.pending(on: connection) == [second])
            #expect(try await newer.migrate(connection) == [second])
            let versions = try await connection.query("select version from schema_migration order by number")
            #expect(try versions.map { try $0[0, as: String.self] } == ["1", "2"])
        }
    }

    @Test func `with a migration that fails keeps nothing of it, and what went before`() async throws {
        try await withConnection { connection in
            let broken = Migration(
                number: 2, name: "broken", sql: "insert into bed values (2);\n-- é\ninsert into no values (1);")
            let error = await #expect(throws: MigrationError.self) {
                try await Migrator([first, broken], version: "1").migrate(connection)
            }
            #expect(
                "\(error, default: "")"
                    == #"migration 0002_broken, line 3: relation "no" does not exist (SQLSTATE 42P01)"#)
            let kept = try await beds(connection)
            #expect(kept == 1)
            let repaired = try await Migrator([first, second], version: "1").migrate(connection)
            #expect(repaired == [second])
        }
    }

    @Test func `goes over numbers that nobody used`() async throws {
        try await withConnection { connection in
            let later = Migration(number: 7, name: "later", sql: "create table later ()")
            let migrator = try Migrator([later, first], version: "1")
            #expect(try await migrator.migrate(connection) == [first, later])
            #expect(try await migrator.pending(on: connection).isEmpty)
            await #expect(throws: MigrationError.newerThanBinary(database: 7, binary: 1)) {
                try await Migrator([first], version: "1").pending(on: connection)
            }
        }
    }

    @Test func `refuses numbers given twice`() throws {
        #expect(throws: MigrationError.duplicate(number: 1)) { try Migrator([first, second, first], version: "1") }
    }

    @Test func `refuses a migration whose text was changed after it was applied`() async throws {
        try await withConnection { connection in
            _ = try await Migrator([first, second], version: "1").migrate(connection)
            let changed = Migration(number: 1, name: "bed", sql: first.sql + " ")
            let migrator = try Migrator([changed, second], version: "1")
            await #expect(throws: MigrationError.changed(migration: "0001_bed")) {
                try await migrator.migrate(connection)
            }
        }
    }

    @Test func `refuses a database that is newer than the program`() async throws {
        try await withConnection { connection in
            _ = try await Migrator([first, second], version: "2").migrate(connection)
            let older = try Migrator([first], version: "1")
            await #expect(throws: MigrationError.newerThanBinary(database: 2, binary: 1)) {
                try await older.migrate(connection)
            }
        }
    }

    @Test func `refuses a database that lacks a migration before one that it has`() async throws {
        try await withConnection { connection in
            let migrator = try Migrator([first, second], version: "1")
            _ = try await migrator.migrate(connection)
            try await connection.query("delete from schema_migration where number = 1")
            await #expect(throws: MigrationError.outOfOrder(missing: "0001_bed")) {
                try await migrator.migrate(connection)
            }
        }
    }

    @Test(arguments: ["create table a (); commit", "create table a (); commit; begin", "rollback; begin"])
    func `refuses a migration that ends its transaction`(_ script: String) async throws {
        try await withConnection { connection in
            let migrator = try Migrator([Migration(number: 1, name: "a", sql: script)], version: "1")
            await #expect(throws: MigrationError.endsTransaction(migration: "0001_a")) {
                try await migrator.migrate(connection)
            }
        }
    }

    @Test func `leaves no settings behind in the session`() async throws {
        try await withConnection { connection in
            let script = "set search_path = pg_catalog; set time zone 'Asia/Tokyo'; set statement_timeout = '1h'"
            let settings = ["search_path", "TimeZone", "statement_timeout"]
            let show: () async throws -> [String] = {
                try await connection.query(
                    "select current_setting(name) from unnest(\(settings)) as name"
                ).map { try $0[0] }
            }
            let before = try await show()
            _ = try await Migrator([Migration(number: 1, name: "a", sql: script)], version: "1")
                .migrate(connection)
            #expect(try await show() == before)
        }
    }

    @Test func `reads number and name from a file's name`() throws {
        #expect(
            try Migration(fileName: "0012_reference_data.sql", sql: "x")
                == Migration(number: 12, name: "reference_data", sql: "x"))
        for name in ["12_a.sql", "0012-a.sql", "0012_a.txt", "0012_A.sql", "0012_.sql", "x0012_a.sql", ""] {
            #expect(throws: MigrationError.badFileName(name)) { try Migration(fileName: name, sql: "") }
        }
    }

    /// How many beds there are; `nil` without the table.
    private func beds(_ connection: Connection) async throws -> Int? {
        let exists: Bool = try await connection.query("select to_regclass('bed') is not null").one()[0]
        return exists ? try await connection.query("select count(*) from bed").one()[0] : nil
    }
}
