import Ledger
import Postgres
import TestSupport
import Testing

/// Deny is the default: what is not protected is found, whoever adds it.
@Suite struct ProtectionTests {
    /// Tables without a policy, which are for functions of the owner alone.
    private static let ownersOnly: Set = [
        "access.pseudonym_key", "access.signing_key", "confidential.shelter_address", "confidential.victim_field",
        "confidential.webhook_secret",
    ]

    /// Tables whose changes are not noted: the trail itself, and how the program works.
    private static let unwatched: Set = [
        "access.matrix", "access.pseudonym_key", "access.signing_key", "access.token_use", "audit.entry", "audit.link",
        "audit.seal", "command", "event_sequence", "outbox", "plan_job", "plan_question", "unit_turn", "victim_turn",
        "webhook_delivery",
    ]

    private static let tables = """
        SELECT CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname AS name, c.oid,
            c.relrowsecurity AS secured, c.relowner::regrole::text AS owner
        FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname IN ('public', 'access', 'audit', 'confidential') AND c.relkind IN ('r', 'p')
            AND c.relname <> 'schema_migration'
        """

    private static func names(_ condition: String, on connection: Connection) async throws -> Set<String> {
        Set(
            try await connection.query(
                "SELECT name FROM (\(unsafe: tables)) AS t WHERE \(unsafe: condition) ORDER BY name"
            ).map { try $0["name"] })
    }

    @Test func `Every table has row-level security, a policy and an owner whom nobody logs in as`() async throws {
        try await withLedger { ledger in
            try await ledger.pool.withConnection { connection in
                #expect(try await Self.names("NOT secured", on: connection).isEmpty)
                #expect(try await Self.names("owner <> 'onderdak_owner'", on: connection).isEmpty)
                let open = "NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = t.oid)"
                #expect(try await Self.names(open, on: connection) == Self.ownersOnly)
                let unwatched =
                    "NOT EXISTS (SELECT FROM pg_trigger AS g WHERE g.tgrelid = t.oid AND g.tgname = 'audited')"
                #expect(try await Self.names(unwatched, on: connection) == Self.unwatched)

                // What a later migration forgets is noticed.
                try await connection.query("CREATE TABLE forgotten (id integer)")
                #expect(try await Self.names("NOT secured", on: connection) == ["forgotten"])
                #expect(try await Self.names(open, on: connection) == Self.ownersOnly.union(["forgotten"]))
            }
        }
    }

    @Test func `No role of ours logs in, bypasses row-level security or owns a case`() async throws {
        try await withLedger { ledger in
            let bad: [String] = try await ledger.pool.query(
                """
                SELECT rolname FROM pg_roles WHERE rolname LIKE 'onderdak\\_%' AND rolname NOT LIKE 'onderdak\\_test\\_%'
                    AND (rolcanlogin OR rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolinherit)
                """
            ).map { try $0[0] }
            #expect(bad.isEmpty)
            let members: [String] = try await ledger.pool.query(
                """
                SELECT m.member::regrole::text || ' in ' || m.roleid::regrole::text AS membership FROM pg_auth_members AS m
                WHERE m.member::regrole::text LIKE 'onderdak\\_%' AND m.member <> 'onderdak_login'::regrole
                    AND m.member::regrole::text NOT LIKE 'onderdak\\_test\\_%'
                """
            ).map { try $0[0] }
            #expect(members.isEmpty)
            let owned: [String] = try await ledger.pool.query(
                """
                SELECT oid::regclass::text FROM pg_class
                WHERE relowner::regrole::text LIKE 'onderdak\\_%' AND relowner <> 'onderdak_owner'::regrole
                """
            ).map { try $0[0] }
            #expect(owned.isEmpty)
        }
    }

    @Test func `No role may empty a table, refer to it or add a trigger, and the trail cannot be changed`() async throws
    {
        try await withLedger { ledger in
            let rights: [String] = try await ledger.pool.query(
                """
                SELECT r.grantee || ' ' || r.privilege_type || ' ' || r.table_schema || '.' || r.table_name AS right
                FROM information_schema.role_table_grants AS r
                WHERE r.grantee LIKE 'onderdak\\_%' AND r.grantee NOT IN ('onderdak_owner') AND (
                    r.privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER')
                    OR r.table_schema = 'audit' AND r.privilege_type IN ('UPDATE', 'DELETE')
                    OR r.table_schema = 'audit' AND r.table_name = 'entry' AND r.privilege_type = 'INSERT'
                    OR r.table_schema = 'confidential')
                """
            ).map { try $0[0] }
            #expect(rights.isEmpty)
        }
    }

    @Test func `No function of ours is everybody's, and none that runs as its owner can be misled by a search path`()
        async throws
    {
        try await withLedger { ledger in
            let ours = """
                FROM pg_proc AS p WHERE p.pronamespace::regnamespace::text IN ('public', 'access', 'audit', 'confidential')
                    AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')
                """
            let open: [String] = try await ledger.pool.query(
                """
                SELECT p.oid::regprocedure::text \(unsafe: ours) AND (p.proacl IS NULL
                    OR EXISTS (SELECT FROM aclexplode(p.proacl) AS a WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE'))
                """
            ).map { try $0[0] }
            #expect(open.isEmpty)
            let misled: [String] = try await ledger.pool.query(
                """
                SELECT p.oid::regprocedure::text \(unsafe: ours) AND (p.prosecdef OR p.proconfig IS NOT NULL)
                    -- It ends with temporary tables: unnamed they would come first.
                    AND NOT EXISTS (
                        SELECT FROM unnest(p.proconfig) AS setting WHERE setting ~ '^search_path=.*, pg_temp$')
                """
            ).map { try $0[0] }
            #expect(misled.isEmpty)
        }
    }
}
