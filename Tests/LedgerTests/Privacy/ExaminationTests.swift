import CareChain
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Ledger

@Suite struct ExaminationTests {
    private static func wrong(_ ledger: Ledger, keys: KeyRing? = TestKeys.first, now: Date = Date()) async throws
        -> [String]
    {
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

    @Test func `Each thing that is not in order is found, with what to do`() async throws {
        try await withLedger { ledger in
            try await ledger.seal(TestKeys.first)
            #expect(try await Self.wrong(ledger).isEmpty)
            #expect(try await Self.wrong(ledger, now: Date(timeIntervalSinceNow: 60)) == ["clock"])
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
