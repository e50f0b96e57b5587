import Postgres
import TestSupport
import Testing

@Suite struct `Server errors` {
    @Test func `carry the constraint and its table, and nothing of the row`() async throws {
        try await withConnection { connection in
            try await connection.execute(
                script: """
                    create table bed (
                        id text constraint bed_pkey primary key,
                        count int not null constraint bed_count_check check (count >= 0)
                    );
                    insert into bed values ('secret-1', 1);
                    """)
            let duplicate = await error {
                try await connection.query("insert into bed values ('secret-1', 2)", line: 7)
            }
            #expect(duplicate?.sqlState == .uniqueViolation)
            #expect(duplicate?.constraint == "bed_pkey")
            #expect(
                "\(duplicate, default: "")" == """
                    PostgreSQL refused the statement at PostgresTests/ServerErrorTests.swift:7: duplicate key value \
                    violates unique constraint "bed_pkey" (SQLSTATE 23505)
                    """)
            let negative = await error { try await connection.query("insert into bed values ('secret-2', -1)") }
            #expect(negative?.sqlState == .checkViolation)
            #expect(negative?.constraint == "bed_count_check")
            let missing = await error { try await connection.query("insert into bed values ('secret-3', null)") }
            guard case .server(let missing) = missing else {
                Issue.record("expected a server error")
                return
            }
            #expect(missing.sqlState == .notNullViolation)
            #expect(missing.table == "bed")
            #expect(missing.column == "count")
            for shown in [String(reflecting: duplicate), String(reflecting: negative), String(reflecting: missing)] {
                #expect(!shown.contains("secret"))
            }
        }
    }

    @Test(
        arguments: [
            "select \("se\"cret")::int", "select \("secret")::date", "select \("{secret}")::int[]",
            "select \("secret")::jsonb", "select \("secret")::uuid", "select \("secret")::timestamptz",
        ] as [Statement])
    func `do not quote a value that was refused`(_ statement: Statement) async throws {
        try await withConnection { connection in
            let refusal = await error { try await connection.query(statement) }
            #expect(refusal?.sqlState?.rawValue.hasPrefix("22") == true)
            #expect(!String(reflecting: refusal).contains("cret"))
        }
    }

    @Test func `leave the connection usable`() async throws {
        try await withConnection { connection in
            let refusal = await error { try await connection.query("selec 1") }
            #expect(refusal?.sqlState?.rawValue == "42601")
            let one: Int = try await connection.query("select 1").one()[0]
            #expect(one == 1)
        }
    }

    @Test func `are not needed for what cannot be sent`() async throws {
        try await withConnection { connection in
            let parameter = await error { try await connection.query("select \("a\u{0}b")", line: 3) }
            #expect(
                parameter
                    == .invalidStatement(
                        place: "PostgresTests/ServerErrorTests.swift:3",
                        reason: "parameter $1 holds a NUL character, which PostgreSQL cannot store"))
            let text = await error { try await connection.query("select 'a\u{0}b'") }
            let script = await error { try await connection.execute(script: "select 1;\u{0}") }
            let element = await error { try await connection.query("select \(["a\u{0}b"])") }
            for refusal in [text, script, element] {
                guard case .invalidStatement = refusal else {
                    Issue.record("NUL was not refused")
                    continue
                }
            }
            let copy = await error { try await connection.query("copy pg_type to stdout") }
            #expect("\(copy, default: "")".contains("COPY"))
        }
    }

    private func error(_ body: () async throws -> some Any) async -> PostgresError? {
        await #expect(throws: PostgresError.self) { _ = try await body() }
    }
}
