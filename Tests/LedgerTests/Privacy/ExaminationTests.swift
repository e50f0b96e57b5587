import CareChain
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Ledger

@Suite struct ExaminationTests {
    private static func wrong(
        _ ledger: Ledger, keys: KeyRing? = TestKeys.first, now: () -> Date = { Date() }
    ) async throws -> [String] {
        try await ledger.examine(keys: keys, now: now).filter { $0.state == .wrong }.map(\.subject)
    }

    @Test func `An empty ledger is in order`() async throws {
        try await withLedger { ledger in
            try await ledger.seal(TestKeys.first)
            let findings = try await ledger.examine(keys: TestKeys.first)
            #expect(findings.filter { $0.state == .wrong }.isEmpty, "\(findings)")
            #expect(findings.allSatisfy { $0.state == .fine || $0.advice != nil })
        }
    }

    /// A unit that has not reported for two days, and none.
    private static let unit = """
        INSERT INTO region VALUES ('n', 'N'); INSERT INTO shelter VALUES ('s', 'n', 2, '{}', 'S', 'women', 'shelter', NULL);
        INSERT INTO unit VALUES
            ('u', 's', 'women', '{female}', NULL, NULL, NULL, '{}', 'any', false, 1, NULL, 'victim', NULL, 1, 0);
        UPDATE unit_reporting SET since = now() - interval '2 days'
        """
    private static let noUnit = """
        SET session_replication_role = replica; DELETE FROM unit_turn; DELETE FROM unit_reporting; DELETE FROM unit;
        DELETE FROM shelter; DELETE FROM region; RESET session_replication_role
        """

    @Test func `More people than beds, and people who meet and must not, are told and are nobody's mistake`()
        async throws
    {
        try await FlowScene.run { scene in
            func notes() async throws -> [String] {
                try await scene.ledger.examine(keys: nil).filter {
                    ["excess", "no-contact", "company"].contains($0.subject) && $0.state == .note
                }.map(\.sentence)
            }
            for id in ["a", "b"] {
                try await scene.request(id)
                try await scene.place(id)
            }
            #expect(try await notes().isEmpty)
            _ = try await scene.ledger.report(
                [
                    CapacityReport(
                        unit: "open", kind: .beds, number: 1, from: FlowScene.day(0), reason: "fire", key: "k")
                ], by: FlowScene.shelter(of: "open"))
            try await scene.ledger.pool.query("INSERT INTO no_contact VALUES ('a-1', 'b-1', 'unit', '[2026-01-05,)')")
            #expect(
                try await notes() == [
                    "1 units with more people than beds", "1 pairs who must not meet and are to be in one place",
                ])
            // In a unit that is another kind of unit by now, too.
            for (change, back) in [
                ("mixing = 'single-sex'", "mixing = 'any'"), ("exclusive = true", "exclusive = false"),
            ] {
                try await scene.ledger.pool.query("UPDATE victim SET sex = 'male' WHERE id = 'a-1'")
                try await scene.ledger.pool.query("UPDATE unit SET \(unsafe: change) WHERE id = 'open'")
                #expect(
                    try await notes().last
                        == "1 pairs who are in a unit in which their sexes or groups do not go together", "\(change)")
                try await scene.ledger.pool.query("UPDATE unit SET \(unsafe: back) WHERE id = 'open'")
            }
            // However often they meet.
            try await scene.ledger.pool.withConnection { admin in
                try await admin.execute(
                    script: """
                        SET session_replication_role = replica;
                        INSERT INTO stay (request, victim, unit, days, moves_made, arrived)
                        SELECT request, victim, unit, daterange(upper(days), upper(days) + 5), moves_made + 1, false
                        FROM stay WHERE victim = 'a-1';
                        UPDATE stay SET days = daterange(lower(days), upper(days) + 5) WHERE victim = 'b-1';
                        RESET session_replication_role
                        """)
            }
            #expect(try await scene.ledger.pool.query("SELECT FROM no_contact_broken").count == 2)
            #expect(try await notes().last == "1 pairs who must not meet and are to be in one place")
        }
    }

    @Test func `Each thing that is not in order is found, with what to do`() async throws {
        try await withLedger { ledger in
            try await ledger.seal(TestKeys.first)
            #expect(try await Self.wrong(ledger).isEmpty)
            #expect(try await Self.wrong(ledger, now: { Date(timeIntervalSinceNow: 3600) }) == ["clock"])
            try await ledger.pool.withConnection { admin in
                func breaks(_ sql: String, _ subject: String, undo: String) async throws {
                    try await admin.execute(script: sql)
                    let wrong = try await Self.wrong(ledger)
                    #expect(wrong == [subject], "\(sql)")
                    try await admin.execute(script: undo)
                    #expect(try await Self.wrong(ledger).isEmpty, "\(undo)")
                }
                try await breaks(
                    "CREATE TABLE forgotten (id integer)", "policies", undo: "DROP TABLE forgotten")
                try await breaks(
                    "ALTER TABLE stay DISABLE ROW LEVEL SECURITY", "policies",
                    undo: "ALTER TABLE stay ENABLE ROW LEVEL SECURITY")
                try await breaks(
                    "INSERT INTO victim VALUES ('lost', 'female', '1990-01-01', 1, 4, '2026-01-01')", "orphans",
                    undo: "DELETE FROM victim_turn; DELETE FROM victim")
                try await breaks(
                    "INSERT INTO audit.entry (at, actor, action, relation) VALUES (now() - interval '2 hours', 'x/y', 'read', 'z')",
                    "seals",
                    undo: "SET session_replication_role = replica; DELETE FROM audit.entry WHERE actor = 'x/y'; "
                        + "RESET session_replication_role")
                try await breaks(
                    "SET session_replication_role = replica; INSERT INTO audit.seal VALUES (1000, now(), '2026-01-01', 0, '', 0, 'k1', '')",
                    "chain", undo: "DELETE FROM audit.seal WHERE number = 1000; RESET session_replication_role")
                try await breaks(
                    "UPDATE desk_policy SET report_age = '1 day'; \(Self.unit)", "capacity",
                    undo: "UPDATE desk_policy SET report_age = NULL; \(Self.noUnit)")
                try await breaks(
                    """
                    BEGIN;
                    INSERT INTO request (
                        id, together, urgency, known_from, needed_from, latest_start, stay_days, transfer_wanted, submitted_at)
                    VALUES ('r', 'unit', 'crisis', '2026-01-01', '2026-01-01', '2026-01-01', 5, false, '2026-01-01');
                    INSERT INTO victim VALUES ('v', 'female', '1990-01-01', 1, 4, '2026-01-01');
                    INSERT INTO request_victim (request, victim) VALUES ('r', 'v');
                    COMMIT
                    """, "overdue",
                    undo:
                        "SET session_replication_role = replica; DELETE FROM request_victim; DELETE FROM request_event; "
                        + "DELETE FROM request; DELETE FROM victim_turn; DELETE FROM victim; RESET session_replication_role"
                )
                try await breaks(
                    "INSERT INTO outbox (at, kind, subject) VALUES (now() - interval '1 year', 'x', '{}')",
                    "retention", undo: "DELETE FROM outbox")
            }
        }
    }

    @Test func `A key that is missing is named`() async throws {
        try await CareScene.with { scene in
            let findings = try await scene.ledger.examine(keys: TestKeys.first)
            let keys = try #require(findings.first { $0.subject == "keys" })
            #expect(keys.state == .wrong)
            #expect(keys.sentence == "keys are missing: k")
        }
    }
}
