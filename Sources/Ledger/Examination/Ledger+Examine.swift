import CareChain
public import Foundation
import Postgres

extension Ledger {
    /// Looks whether everything is in order: roles and policies, clock, keys and trail, and what waits for people.
    ///
    /// - Parameters:
    ///   - keys: To verify the audit trail with; nil: it is not verified.
    ///   - now: Reads the program's clock.
    ///   - actor: The operator; nil: whoever has the machine.
    /// - Throws: ``LedgerError``; `notAllowed`.
    public func examine(
        keys: KeyRing?, now: () -> Date = { Date() }, by actor: Actor? = nil
    ) async throws(LedgerError) -> [ExaminationFinding] {
        try Self.checkExaminer(actor)
        let acting = Acting.program(for: actor)
        let inDatabase = try await transaction(.repeatableRead, readOnly: true, as: acting) { connection in
            try await Self.guards(on: connection) + (try await Self.clock(now, on: connection))
                + (try await Self.waiting(on: connection)) + (try await Self.orphans(on: connection))
        }
        return inDatabase + (try await trail(keys, by: actor))
    }

    private static func count(_ statement: Statement, on connection: Connection) async throws -> Int {
        try await connection.query(statement).one()[0]
    }

    // MARK: - Who may do what

    private static func guards(on connection: Connection) async throws -> [ExaminationFinding] {
        let unfit = try await count(
            """
            SELECT count(*) FROM pg_roles WHERE rolname IN (SELECT 'onderdak_' || r FROM unnest(ARRAY[
                    'owner', 'login', 'service', 'desk', 'coordinator', 'shelter', 'police', 'guardian', 'funder',
                    'governor', 'auditor', 'admin']) AS r)
                AND NOT (rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole OR rolinherit)
            """, on: connection)
        let open = try await count(
            """
            SELECT count(*) FROM pg_class AS c
            WHERE c.relnamespace::regnamespace::text IN ('public', 'access', 'audit', 'confidential')
                AND c.relkind IN ('r', 'p') AND c.relname <> 'schema_migration'
                AND NOT (c.relrowsecurity AND c.relowner = 'onderdak_owner'::regrole)
            """, on: connection)
        let login = try await connection.query(
            "SELECT session_user AS name, rolsuper OR rolbypassrls AS powerful FROM pg_roles WHERE rolname = session_user"
        ).one()
        let name: String = try login["name"]
        return [
            unfit == 12
                ? .init("roles", .fine, "all twelve roles are there, and none of them logs in or bypasses anything")
                : .init(
                    "roles", .wrong, "\(12 - unfit) of the twelve roles are missing or may more than they should",
                    advice:
                        "docs/privacy.md tells what they are; ALTER ROLE … NOLOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS"),
            .none(
                "policies", open, "tables without row-level security or with another owner",
                advice: "end the migration that made them with SELECT access.take_ownership()"),
            try login["powerful"]
                ? .init(
                    "login", .note, "the program connects as \(name), whom no policy holds back",
                    advice: "for other use than a demonstration, let it connect as a member of onderdak_login")
                : .init("login", .fine, "the program connects as \(name), who owns nothing"),
        ]
    }

    private static func clock(_ now: () -> Date, on connection: Connection) async throws -> [ExaminationFinding] {
        let before = now()
        let row = try await connection.query(
            "SELECT clock_timestamp() AS at, EXISTS (SELECT FROM simulated_clock) AS simulated"
        ).one()
        let after = now()
        let at: Date = try row["at"]
        if try row["simulated"] {
            return [
                .init(
                    "clock", .note, "the ledger stands still at a simulated time",
                    advice: "outside a demonstration, delete the row of simulated_clock")
            ]
        }
        // It was asked somewhere between the two.
        let seconds = max(0, before.timeIntervalSince(at), at.timeIntervalSince(after))
        return [
            seconds <= 5
                ? .init("clock", .fine, "the server's clock and this one agree")
                : .init(
                    "clock", .wrong, "the server's clock is \(Int(seconds)) seconds from this one",
                    advice: "let both follow a time server: deadlines and legal bases go by the server's")
        ]
    }

    // MARK: - What waits for people

    private static func waiting(on connection: Connection) async throws -> [ExaminationFinding] {
        [
            .none(
                "capacity", try await count("SELECT count(*) FROM unit_report_age WHERE stale", on: connection),
                "units whose last report is too old", advice: "onderdak capacity stale lists them: ask these shelters"),
            .none(
                "overdue", try await count("SELECT count(*) FROM overdue", on: connection), "things overdue",
                advice: "onderdak overdue lists them"),
            .none(
                "excess",
                try await count("SELECT count(DISTINCT unit) FROM unit_excess", on: connection),
                "units with more people than beds", otherwise: .note,
                advice: "onderdak capacity show tells where and how many: nobody has to leave, but nobody comes either"),
            .none(
                "no-contact",
                try await count(
                    "SELECT count(*) FROM (SELECT DISTINCT a, b FROM no_contact_broken) AS pair", on: connection),
                "pairs who must not meet and are to be in one place", otherwise: .note,
                advice: """
                    SELECT * FROM no_contact_broken tells who: move one of them (onderdak placement move); those placed so by an \
                    override stay listed
                    """),
            .none(
                "company",
                try await count(
                    "SELECT count(*) FROM (SELECT DISTINCT a, b FROM company_broken) AS pair", on: connection),
                "pairs who are in a unit in which their sexes or groups do not go together", otherwise: .note,
                advice: """
                    SELECT * FROM company_broken tells who and where: move one of them (onderdak placement move); those placed so \
                    by an override stay listed
                    """),
            .none(
                "coverage",
                try await count(
                    """
                    SELECT count(*) FROM coverage_gaps('care', daterange(ledger_today(), ledger_today() + 1))
                    """, on: connection), "regions and ages without a coordinator today", otherwise: .note,
                advice: "the desk is accountable there; onderdak coverage gaps lists them"),
            .none(
                "alarms", try await count("SELECT count(*) FROM audit.alarm WHERE seen_at IS NULL", on: connection),
                "alarms that no auditor has seen", otherwise: .note, advice: "onderdak audit alarms --as auditor/ID"),
            .none(
                "retention", try await count("SELECT count(*) FROM retention_due", on: connection),
                "things kept longer than their rules say", advice: "onderdak retention run --dry-run, then without"),
        ]
    }

    private static func orphans(on connection: Connection) async throws -> [ExaminationFinding] {
        [
            .none(
                "orphans",
                try await count(
                    """
                    SELECT (SELECT count(*) FROM victim AS v
                            WHERE v.region IS NULL
                                AND NOT EXISTS (SELECT FROM request_victim AS m WHERE m.victim = v.id))
                        + (SELECT count(*) FROM request AS r
                            WHERE NOT EXISTS (SELECT FROM request_victim AS m WHERE m.request = r.id))
                    """, on: connection),
                "victims whom neither a request nor a region has, or requests without a victim",
                advice: "withdraw such requests; erase such victims (onderdak case erase)")
        ]
    }

    // MARK: - The trail

    private func trail(_ keys: KeyRing?, by actor: Actor?) async throws(LedgerError) -> [ExaminationFinding] {
        guard let keys else {
            return [
                .init(
                    "keys", .note, "there are no keys here, so that the audit trail is not verified",
                    advice: "name them in ONDERDAK_KEY_FILE")
            ]
        }
        let missing = try await keysInUse(by: actor).map(\.id).filter { !keys.holds($0) }
        // What was compared before is not compared again each time: that is for audit verify.
        let acting = Acting.program(for: actor)
        let yesterday: CalendarDate = try await transaction(.readCommitted, readOnly: true, as: acting) { connection in
            try await connection.query("SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date - 1 AS day").one()["day"]
        }
        let verdict = try await verifyAudit(keys, since: yesterday, as: actor)
        let late = try await transaction(.repeatableRead, readOnly: true, as: acting) { connection in
            try await Self.count(
                """
                SELECT count(*) FROM audit.entry
                WHERE number > coalesce((SELECT max(up_to) FROM audit.seal), 0) AND at < now() - interval '1 hour'
                """, on: connection)
        }
        return [
            missing.isEmpty
                ? .init("keys", .fine, "every key that sealed something is here")
                : .init(
                    "keys", .wrong, "keys are missing: \(missing.joined(separator: ", "))",
                    advice: "add their lines to the file of keys: without them what they sealed is lost"),
            verdict.isIntact
                ? .init(
                    "chain", .fine,
                    "\(verdict.sealed) entries of the audit trail since \(yesterday) are as they were sealed, and so are all seals"
                )
                : .init(
                    "chain", .wrong, "the audit trail is not as it was sealed: \(verdict.findingCount) findings",
                    advice: "onderdak audit verify names them; tell the privacy officer"),
            .none(
                "seals", late, "entries that were not sealed for an hour",
                advice: "let a timer run onderdak audit seal every few minutes"),
        ]
    }
}
