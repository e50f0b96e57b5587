import CareChain
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Ledger

@Suite struct ConfidentialTests {
    private let keys = TestKeys.first

    /// The scene without the ciphertext that it makes up.
    private func withScene(_ body: (CareScene) async throws -> Void) async throws {
        try await CareScene.with { scene in
            try await scene.admin.execute(
                script: "DELETE FROM confidential.victim_field; DELETE FROM confidential.shelter_address")
            try await body(scene)
        }
    }

    @Test func `What is written is read by whom it is disclosed to, and nobody else`() async throws {
        try await withScene { scene in
            let ledger = scene.ledger
            try await ledger.write(
                "Dør 1, ‘s", as: "family-name", in: .identity, of: "own", as: .coordinator, keys: keys)
            try await ledger.write("Anders", as: "family-name", in: .identity, of: "own", as: .police, keys: keys)
            let seen = try await ledger.confidential(.identity, of: "own", as: .desk, keys: keys)
            #expect(
                seen.map { "\($0.field) \($0.text) \($0.reportedBy)" } == [
                    "family-name Dør 1, ‘s coordinator/c1", "family-name Anders police/north",
                ])
            let report = try await ledger.confidential(.identity, of: "own", as: .police, keys: keys)
            #expect(report.map(\.text) == ["Anders"])
            // In place of what the same actor wrote before.
            try await ledger.write("Other", as: "family-name", in: .identity, of: "own", as: .police, keys: keys)
            #expect(
                try await ledger.confidential(.identity, of: "own", as: .police, keys: keys).map(\.text) == ["Other"])

            for actor in [Actor.guardian, .funder, .governor, .auditor, .admin, Actor(role: .shelter, id: "s2")] {
                await #expect(throws: LedgerError.self, "\(actor)") {
                    try await ledger.confidential(.identity, of: "own", as: actor, keys: keys)
                }
            }
            await #expect(throws: LedgerError.notDisclosed("health of victim own", to: .police)) {
                try await ledger.confidential(.health, of: "own", as: .police, keys: keys)
            }
            await #expect(throws: LedgerError.self) {
                try await ledger.write("x", as: "note", in: .health, of: "own", as: .desk, keys: keys)
            }
        }
    }

    @Test func `An address is its shelter's to write, and goes to who has a case there`() async throws {
        try await withScene { scene in
            let ledger = scene.ledger
            try await ledger.write(address: "Kade 9", of: "s1", as: .actor(.shelter), keys: keys)
            try await ledger.write(address: "Wal 2", of: "s2", as: .program(for: nil), keys: keys)
            #expect(try await ledger.address(of: "s1", as: .coordinator, keys: keys) == "Kade 9")
            #expect(try await ledger.address(of: "s2", as: .desk, keys: keys) == "Wal 2")
            #expect(try await ledger.address(of: "s3", as: .guardian, keys: keys) == nil)
            for (actor, shelter) in [(Actor.coordinator, "s2"), (.guardian, "s1"), (.police, "s1"), (.shelter, "s2")] {
                await #expect(throws: LedgerError.self, "\(actor) \(shelter)") {
                    try await ledger.address(of: ShelterID(shelter), as: actor, keys: keys)
                }
            }
            await #expect(throws: LedgerError.self) {
                try await ledger.write(address: "x", of: "s2", as: .actor(.shelter), keys: keys)
            }
        }
    }

    @Test func `The database holds neither text nor key, and a value opens in its own place only`() async throws {
        try await withScene { scene in
            let ledger = scene.ledger
            try await ledger.write("Vermeulen", as: "family-name", in: .identity, of: "own", as: .desk, keys: keys)
            let row = try await scene.admin.query(
                """
                SELECT position('Vermeulen' IN encode(ciphertext, 'escape')) AS found, key_id, ciphertext
                FROM confidential.victim_field
                """
            ).one()
            #expect(try row["found"] == 0)
            #expect(try row["key_id"] == "k1")
            // Copied to another victim, another field, another author: it does not open.
            for change in [
                "victim = 'foreign'", "field = 'given-name'", "reported_by = 'desk/xx'", "category = 'health'",
            ] {
                try await scene.admin.execute(script: "UPDATE confidential.victim_field SET \(change)")
                let (victim, category): (VictimID, ConfidentialCategory) = (
                    change.contains("foreign") ? "foreign" : "own", change.contains("health") ? .health : .identity
                )
                await #expect(throws: LedgerError.self, "\(change)") {
                    try await ledger.confidential(category, of: victim, as: .desk, keys: keys)
                }
                try await scene.admin.execute(
                    script: """
                        UPDATE confidential.victim_field SET victim = 'own', field = 'family-name', category = 'identity',
                            reported_by = 'desk/nl'
                        """)
            }
            #expect(try await ledger.confidential(.identity, of: "own", as: .desk, keys: keys).count == 1)
            // A bit that was turned.
            try await scene.admin.query(
                "UPDATE confidential.victim_field SET ciphertext = set_byte(ciphertext, 15, get_byte(ciphertext, 15) # 1)"
            )
            await #expect(throws: LedgerError.keys(.forged("family-name of victim own"))) {
                try await ledger.confidential(.identity, of: "own", as: .desk, keys: keys)
            }
        }
    }

    @Test func `Changing the key seals everything anew, and goes on where it was broken off`() async throws {
        try await withScene { scene in
            let ledger = scene.ledger
            for number in 1...5 {
                try await ledger.write(
                    "text \(number)", as: "note-\("abcde".prefix(number))", in: .identity, of: "own", as: .desk,
                    keys: keys)
            }
            try await ledger.write(address: "Kade 9", of: "s1", as: .actor(.shelter), keys: keys)
            // One value was sealed with a key that is not there: what is before it is done, and stays done.
            let stranger = TestKeys.ring(["k0 QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8="])
            try await ledger.write("text 6", as: "z", in: .identity, of: "own", as: .desk, keys: stranger)
            await #expect(throws: LedgerError.keys(.unknown("k0"))) {
                try await ledger.rotateKeys(TestKeys.second, batch: 2)
            }
            let after = try await ledger.keysInUse()
            #expect(after.map(\.id) == ["k0", "k1", "k2"])
            #expect(
                try await ledger.confidential(
                    .identity, of: "own", as: .desk,
                    keys: TestKeys.ring(TestKeys.lines + ["k0 QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8="])
                ).count == 6)

            let all = TestKeys.ring([
                TestKeys.lines[1], TestKeys.lines[0], "k0 QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=",
            ])
            let rest = try await ledger.rotateKeys(all, batch: 2)
            #expect(rest > 0 && rest < 7)
            #expect(try await ledger.keysInUse().map { "\($0.id) \($0.values)" } == ["k2 7"])
            #expect(try await ledger.rotateKeys(all) == 0)
            let only = TestKeys.ring([TestKeys.lines[1]])
            #expect(
                try await Set(ledger.confidential(.identity, of: "own", as: .desk, keys: only).map(\.text))
                    == Set((1...6).map { "text \($0)" }))
            #expect(try await ledger.address(of: "s1", as: .desk, keys: only) == "Kade 9")
        }
    }

    @Test func `A file of keys that cannot be right is refused with its line`() throws {
        let line = KeyRing.line(forNewKey: "a")
        #expect(try KeyRing("# old\n\n\(line)\n").currentID == "a")
        #expect(KeyRing.line(forNewKey: "a") != line)
        #expect(throws: KeyProblem.none) { try KeyRing("# nothing") }
        #expect(throws: KeyProblem.unreadable(line: 2)) { try KeyRing("\(line)\nb c2hvcnQ=") }
        #expect(throws: KeyProblem.unreadable(line: 1)) { try KeyRing("only-a-name") }
        #expect(throws: KeyProblem.twice("a")) { try KeyRing("\(line)\n\(line)") }
    }
}
