/// Brings a database's schema to where the program expects it.
///
/// What was applied is kept in the table `schema_migration`, with a checksum of each text. Several processes may
/// migrate the same database at once: one does the work, the others wait and find it done.
public struct Migrator: Sendable {
    /// Serialises migrating; any number will do that nothing else in the database locks.
    private static let lock = 7_315_204_881

    private let migrations: [Migration]
    private let version: String

    /// Takes the program's migrations in any order, and its version, which is kept with what it applies.
    ///
    /// Numbers may be skipped: branches that are written at the same time each have numbers of their own.
    /// - Throws: `duplicate`.
    public init(_ migrations: [Migration], version: String) throws(MigrationError) {
        let sorted = migrations.sorted { $0.number < $1.number }
        for (migration, next) in zip(sorted, sorted.dropFirst()) where migration.number == next.number {
            throw .duplicate(number: migration.number)
        }
        self.migrations = sorted
        self.version = version
    }

    /// The migrations that the database lacks, without changing or locking anything.
    ///
    /// - Throws: ``PostgresError``; `changed`, `outOfOrder`, `newerThanBinary`.
    public func pending(on connection: Connection) async throws -> [Migration] {
        // From pg_class, whose lock makes the session hear of tables made meanwhile: to_regclass alone may still say, in
        // the transaction that waited for another process, what it said before.
        let exists: Bool = try await connection.query(
            "select exists (select from pg_class where oid = to_regclass('schema_migration'))"
        ).one()[0]
        guard exists else { return migrations }
        // PostgreSQL computes both sides' checksums, so that they cannot differ in method.
        let rows = try await connection.query(
            """
            select coalesce(applied.number, known.number) as number,
                   applied.number is not null as is_applied,
                   applied.checksum = encode(sha256(convert_to(known.sql, 'UTF8')), 'hex') as is_same
            from schema_migration as applied
            full join unnest(\(migrations.map(\.number)), \(migrations.map(\.sql))) as known (number, sql)
                on known.number = applied.number
            order by 1
            """
        )
        var pending: [Migration] = []
        for row in rows {
            let number: Int = try row["number"]
            guard let migration = migrations.first(where: { $0.number == number }) else {
                throw MigrationError.newerThanBinary(
                    database: try rows.last?["number"] ?? number,
                    binary: migrations.last?.number ?? 0
                )
            }
            if try row["is_applied"] {
                if let earlier = pending.first { throw MigrationError.outOfOrder(missing: "\(earlier)") }
                guard try row["is_same"] else { throw MigrationError.changed(migration: "\(migration)") }
            } else {
                pending.append(migration)
            }
        }
        return pending
    }

    /// Applies the migrations that the database lacks, each in a transaction of its own, and returns those it applied.
    ///
    /// - Throws: ``PostgresError``; ``MigrationError``: `failed`, `endsTransaction`, and what ``pending(on:)`` throws.
    ///   The migrations before the one that failed stay applied.
    public func migrate(_ connection: Connection) async throws -> [Migration] {
        var applied: [Migration] = []
        for migration in try await pending(on: connection) {
            let isNew = try await connection.transaction { connection in
                // A migration, or the wait for another process, may take as long as it needs.
                try await connection.query("set local statement_timeout = 0")
                try await connection.query("select pg_advisory_xact_lock(\(Self.lock))")
                guard try await pending(on: connection).contains(migration) else { return false }
                try await apply(migration, on: connection)
                return true
            }
            if isNew { applied.append(migration) }
        }
        return applied
    }

    private func apply(_ migration: Migration, on connection: Connection) async throws {
        try await connection.execute(
            script: """
                create table if not exists schema_migration (
                    number integer constraint schema_migration_pkey primary key,
                    name text not null,
                    checksum text not null,
                    version text not null,
                    applied_at timestamptz not null default now()
                )
                """
        )
        try await connection.query(
            """
            insert into schema_migration (number, name, checksum, version)
            values (\(migration.number), \(migration.name),
                    encode(sha256(convert_to(\(migration.sql), 'UTF8')), 'hex'), \(version))
            """
        )
        let transaction: String = try await connection.query("select pg_current_xact_id()::text").one()[0]
        do {
            try await connection.execute(script: migration.sql)
        } catch {
            guard case .server(let refusal) = error else { throw error }
            let line = refusal.position.map { position in
                1 + migration.sql.unicodeScalars.prefix(position - 1).count { $0 == "\n" }
            }
            throw MigrationError.failed(migration: "\(migration)", line: line, refusal)
        }
        guard await connection.isInTransaction,
            try await connection.query("select pg_current_xact_id()::text = \(transaction)").one()[0]
        else { throw MigrationError.endsTransaction(migration: "\(migration)") }
        // A script may set what belongs to the session, its search path for one.
        try await connection.query("reset all")
    }
}
