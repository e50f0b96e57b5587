import CareChain
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Ledger

/// Every refusal has a code, and `docs/refusals.md` lists them all.
@Suite struct RefusalTests {
    @Test func `The page of refusals lists every code with what it says`() async throws {
        let tables = try documentedCodes(in: "refusals.md")
        try #require(tables.count == 4)
        #expect(
            tables[0] == RefusalCode.allCases.map { [$0.rawValue, $0.sentence.english, $0.sentence.dutch] })
        let guards = ConstraintSentence.all.filter { LedgerError.refused(constraint: $0.key).isRefusalOfStep }
        #expect(tables[1] == guards.sorted { $0.key < $1.key }.map { [$0.key, $0.value] })
        let others = ConstraintSentence.all.filter { !LedgerError.refused(constraint: $0.key).isRefusalOfStep }
        #expect(tables[3] == others.sorted { $0.key < $1.key }.map { [$0.key, $0.value] })
        try await withLedger { ledger in
            let said: [String] = try await ledger.pool.query(
                #"""
                SELECT DISTINCT code[1] AS code
                FROM pg_proc CROSS JOIN regexp_matches(prosrc, $$USING CONSTRAINT = '(\w+)'$$, 'g') AS code
                WHERE pronamespace::regnamespace::text IN ('public', 'access', 'audit', 'confidential') ORDER BY code
                """#
            ).map { try $0["code"] }
            #expect(Set(tables[2].map { $0[0] }) == Set(said).union([LedgerError.notGranted]))
            #expect(Set(ConstraintSentence.denied.keys) == Set(tables[2].map { $0[0] }))
        }
    }

    @Test func `No function of the schema refuses without a code`() async throws {
        try await withLedger { ledger in
            let without: [String] = try await ledger.pool.query(
                #"""
                SELECT p.oid::regprocedure::text AS name
                FROM pg_proc AS p CROSS JOIN regexp_matches(p.prosrc, 'RAISE (?!EXCEPTION USING ERRCODE = ''triggered)[^;]*', 'g') AS raised
                WHERE p.pronamespace::regnamespace::text IN ('public', 'access', 'audit', 'confidential')
                    AND raised[1] NOT LIKE '%CONSTRAINT = %'
                """#
            ).map { try $0["name"] }
            #expect(without == [])
        }
    }

    @Test func `What the database refuses to a role, it refuses with its code`() async throws {
        try await CareScene.with { scene in
            let new = "'erased-' || repeat('x', 30)"
            for (code, opening, sql) in [
                ("acting_late", nil, "SELECT access.become('desk', 'nl')"),
                ("acting_nobody", "SELECT access.become('desk', '')", "SELECT 1"),
                ("alarm_open", Acting.actor(.auditor).opening, "SELECT audit.see_alarm(99)"),
                ("legal_basis_withdraw", Acting.actor(.desk).opening, "SELECT access.withdraw_basis(99, '2026-03-03')"),
                (
                    "confidential_write", Acting.actor(.police).opening,
                    "SELECT confidential.write('own', 'health', 'x', 'k', decode(repeat('00', 40), 'hex'))"
                ),
                (
                    "address_write", Acting.actor(.shelter).opening,
                    "SELECT confidential.write_address('s2', 'k', decode(repeat('00', 40), 'hex'))"
                ),
                ("case_erase_name", Acting.program(for: .desk).opening, "SELECT access.erase_case('own', 'gone')"),
                ("case_none", Acting.program(for: nil).opening, "SELECT access.erase_case('nobody', \(new))"),
                ("case_under_way", Acting.program(for: .desk).opening, "SELECT access.erase_case('own', \(new))"),
                ("case_export", Acting.actor(.coordinator).opening, "SELECT access.export_case('foreign')"),
                ("figures_role", Acting.actor(.funder).opening, "SELECT figures('unmet', '2026-01-01', '2026-02-01')"),
                ("figures_table", Acting.actor(.desk).opening, "SELECT figures('gossip', '2026-01-01', '2026-02-01')"),
                ("not-granted", Acting.actor(.desk).opening, "UPDATE request SET state = 'ended'"),
                (
                    "not-granted", Acting.actor(.coordinator).opening,
                    "INSERT INTO avoided_region VALUES ('foreign', 'frl', '[2026-05-01,)')"
                ),
            ] as [(String, String?, String)] {
                let error = await #expect(throws: PostgresError.self, "\(code)") {
                    try await scene.client.transaction(opening: opening) { try await $0.execute(script: sql) }
                }
                let found = error.map { LedgerError($0).code }
                #expect(found == code, "\(sql): \(error.map(String.init(describing:)) ?? "")")
            }
        }
    }

    @Test func `Each refusal of the program has its code`() async throws {
        try await FlowScene.run { scene in
            let (ledger, today) = (scene.ledger, FlowScene.day(0))
            let far = FlowScene.shelter(of: "far")
            try await scene.request("a", preferred: "south")
            try await scene.request("b")
            try await scene.request("c", latest: 0)
            try await scene.place("b")
            let offer = try await scene.offer("a", "far").offer
            func refuses(_ code: String, _ body: () async throws -> Void) async {
                do {
                    try await body()
                    Issue.record("\(code) refuses nothing")
                } catch {
                    #expect(LedgerError(error).code == code, "\(error)")
                }
            }
            await refuses(RefusalCode.role.rawValue) {
                _ = try await ledger.publish(1, by: far)
            }
            await refuses(RefusalCode.notOwnCase.rawValue) {
                try await ledger.withdraw("a", reason: "x", by: FlowScene.actor("coordinator/south"))
            }
            await refuses(RefusalCode.notOwnUnit.rawValue) {
                _ = try await ledger.hold(
                    in: "open", over: today..<FlowScene.day(2), purpose: "x", endsAt: Date(timeIntervalSince1970: 2e9),
                    by: far)
            }
            await refuses(RefusalCode.notOwnAbsence.rawValue) {
                try await ledger.addAbsence(
                    of: "south", from: today, until: FlowScene.day(1), by: FlowScene.coordinator, key: nil)
            }
            await refuses("request_legal_step") { try await ledger.submit("a", by: FlowScene.desk) }
            await refuses(RefusalCode.approval.rawValue) {
                _ = try await ledger.approve(offer, by: FlowScene.shelter(of: "open"))
            }
            await refuses(RefusalCode.hold.rawValue) { try await ledger.release(9, by: FlowScene.desk) }
            await refuses(RefusalCode.moveHold.rawValue) {
                _ = try await ledger.liftMoveHolds(of: "b", by: FlowScene.desk)
            }
            await refuses(RefusalCode.transfer.rawValue) {
                try await ledger.cancelTransfer(of: "b", by: FlowScene.desk)
            }
            await refuses("request_stays") {
                _ = try await ledger.offerMove(
                    of: "b", to: "far", on: FlowScene.day(90), reason: "x", by: FlowScene.desk)
            }
            await refuses("capacity") {
                _ = try await ledger.planAction(
                    [ActionNeed(bedType: .men, beds: 1)], over: today..<FlowScene.day(1),
                    endsAt: Date(timeIntervalSince1970: 2e9), by: FlowScene.police)
            }
            await refuses(RefusalCode.outOfRegion.rawValue) { _ = try await scene.offer("a", "open") }
            await refuses("timing") { _ = try await scene.offer("c", "open", from: 3) }
            _ = try await ledger.decline(offer, reason: "full", by: far)
            await refuses("offer_legal_step") { _ = try await ledger.approve(offer, by: far) }
        }
    }
}
