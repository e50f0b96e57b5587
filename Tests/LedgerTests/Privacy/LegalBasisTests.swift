import CareChain
import Postgres
import TestSupport
import Testing

@testable import Ledger

@Suite struct LegalBasisTests {
    private static let profile = "SELECT FROM case_profile WHERE victim = 'own'"

    private static func day(_ text: String) -> CalendarDate { Fixture.calendarDate(text) }

    /// The scene with no basis at all, and one that a test gives.
    private func withBasis(
        _ basis: LegalBasis?, by actor: Actor = .desk, _ body: (CareScene) async throws -> Void
    ) async throws {
        try await CareScene.with { scene in
            try await scene.admin.query("DELETE FROM access.legal_basis")
            if let basis { try await scene.ledger.add(basis, as: .actor(actor)) }
            try await body(scene)
        }
    }

    private static let consent = LegalBasis(
        kind: .consent, victim: "own", role: .shelter, party: "s1", categories: [.profile], from: day("2026-03-01"),
        until: day("2026-03-05"), reference: "form 12")

    private static func move(to instant: String, _ scene: CareScene) async throws {
        try await scene.admin.query("UPDATE simulated_clock SET at = \(instant)::timestamptz")
    }

    @Test func `A basis opens on its first day and closes the door on the day it ends`() async throws {
        try await withBasis(Self.consent) { scene in
            for (instant, isOpen) in [
                ("2026-02-28 23:59+01", false), ("2026-03-01 00:00+01", true), ("2026-03-04 23:59+01", true),
                ("2026-03-05 00:00+01", false),
            ] {
                try await Self.move(to: instant, scene)
                #expect(await scene.attempt(as: .shelter, Self.profile) == .rows(isOpen ? 1 : 0), "\(instant)")
            }
        }
    }

    @Test func `Nobody turns the clock back to open what has ended`() async throws {
        try await withBasis(Self.consent) { scene in
            for actor in Actor.all {
                for sql in [
                    "UPDATE simulated_clock SET at = '2026-03-02 10:00+01'", "DELETE FROM simulated_clock",
                    "INSERT INTO simulated_clock (at) VALUES ('2026-03-02 10:00+01')",
                ] {
                    #expect(await scene.attempt(as: actor, sql) == .refused("42501"), "\(actor): \(sql)")
                }
            }
        }
    }

    @Test func `A basis is for whom, of whom and for what it says`() async throws {
        try await withBasis(Self.consent) { scene in
            #expect(await scene.attempt(as: .shelter, "SELECT id FROM victim") == .rows(1))
            #expect(await scene.attempt(as: .shelter, "SELECT victim FROM victim_phase") == .rows(0))
            #expect(await scene.attempt(as: .coordinator, Self.profile) == .rows(0))
            try await scene.admin.query("UPDATE access.legal_basis SET party = 's2'")
            #expect(await scene.attempt(as: .shelter, Self.profile) == .rows(0))
            try await scene.admin.query("UPDATE access.legal_basis SET party = NULL, victim = 'foreign'")
            #expect(await scene.attempt(as: .shelter, Self.profile) == .rows(0))
        }
    }

    @Test func `A consent that is withdrawn closes the door the same day`() async throws {
        try await withBasis(Self.consent) { scene in
            let ledger = scene.ledger
            let id = try #require(try await ledger.legalBases(as: .actor(.auditor)).first?.id)
            #expect(await scene.attempt(as: .shelter, Self.profile) == .rows(1))
            await #expect(throws: LedgerError.self) {
                try await ledger.withdraw(
                    basis: id, from: Self.day("2026-03-02"), as: .actor(Actor(role: .coordinator, id: "c2")))
            }
            try await ledger.withdraw(basis: id, from: Self.day("2026-03-02"), as: .actor(.coordinator))
            #expect(await scene.attempt(as: .shelter, Self.profile) == .rows(0))
            // It cannot be put back by withdrawing it later.
            await #expect(throws: LedgerError.self) {
                try await ledger.withdraw(basis: id, from: Self.day("2026-03-04"), as: .actor(.desk))
            }
            let kept = try await ledger.legalBases(as: .actor(.auditor))
            #expect(kept.map(\.withdrawnOn) == [Self.day("2026-03-02")])
            #expect(kept.map(\.holds) == [false])
        }
    }

    @Test func `What is on record is not put on record again, until it is withdrawn`() async throws {
        try await withBasis(Self.consent) { scene in
            let again = { (from: String, until: String?, categories: [DataCategory]) in
                LegalBasis(
                    kind: .consent, victim: "own", role: .shelter, party: "s1", categories: categories,
                    from: Self.day(from), until: until.map(Self.day), reference: "form 13")
            }
            for basis in [
                Self.consent, again("2026-03-04", nil, [.profile]),
                again("2026-01-01", "2026-03-02", [.profile, .profile]),
            ] {
                for acting in [Acting.actor(.desk), .actor(.coordinator), .program(for: nil)] {
                    await #expect(throws: LedgerError.refused(constraint: "legal_basis_once"), "\(acting)") {
                        try await scene.ledger.add(basis, as: acting)
                    }
                }
            }
            // Another day, and more: each says something else.
            try await scene.ledger.add(again("2026-03-05", "2026-04-01", [.profile]), as: .actor(.coordinator))
            let id = try await scene.ledger.add(again("2026-03-01", nil, [.phase, .profile]), as: .actor(.desk))
            await #expect(throws: LedgerError.refused(constraint: "legal_basis_once")) {
                try await scene.ledger.add(again("2026-05-01", nil, [.profile, .phase]), as: .actor(.desk))
            }
            try await scene.ledger.withdraw(basis: id, from: Self.day("2026-03-02"), as: .actor(.coordinator))
            try await scene.ledger.add(again("2026-03-02", nil, [.profile, .phase]), as: .actor(.desk))
        }
    }

    @Test func `Laws and covenants are one for each reference`() async throws {
        try await withBasis(nil) { scene in
            let law = { (reference: String) in
                LegalBasis(
                    kind: .law, role: .desk, categories: [.profile], from: Self.day("2026-01-01"), reference: reference)
            }
            try await scene.ledger.add(law("article 1"), as: .actor(.desk))
            try await scene.ledger.add(law("article 2"), as: .actor(.desk))
            await #expect(throws: LedgerError.refused(constraint: "legal_basis_once")) {
                try await scene.ledger.add(law("article 1"), as: .actor(.desk))
            }
        }
    }

    @Test func `Of many who put the same on record at once, one does`() async throws {
        try await withBasis(nil) { scene in
            let ledger = scene.ledger
            let kept = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 {
                    group.addTask { (try? await ledger.add(Self.consent, as: .actor(.desk))) != nil }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            let bases = try await ledger.legalBases(as: .actor(.auditor))
            #expect(kept == 1)
            #expect(bases.map(\.basis) == [Self.consent])
        }
    }

    @Test func `With a consent ends all that says the same, whenever it was to begin`() async throws {
        try await withBasis(Self.consent) { scene in
            let next = LegalBasis(
                kind: .consent, victim: "own", role: .shelter, party: "s1", categories: [.profile],
                from: Self.day("2026-03-05"), reference: "form 13")
            try await scene.ledger.add(next, as: .actor(.desk))
            let first = try #require(try await scene.ledger.legalBases(as: .actor(.auditor)).last?.id)
            try await scene.ledger.withdraw(basis: first, from: Self.day("2026-03-02"), as: .actor(.coordinator))
            let kept = try await scene.ledger.legalBases(as: .actor(.auditor))
            #expect(kept.map(\.withdrawnOn) == [Self.day("2026-03-05"), Self.day("2026-03-02")])
            for instant in ["2026-03-02 10:00+01", "2026-03-05 10:00+01", "2026-06-01 10:00+02"] {
                try await Self.move(to: instant, scene)
                #expect(await scene.attempt(as: .shelter, Self.profile) == .rows(0), "\(instant)")
            }
        }
    }

    @Test func `What is withdrawn stays so, and a consent given since does not end with it`() async throws {
        try await withBasis(Self.consent) { scene in
            let ledger = scene.ledger
            let first = try #require(try await ledger.legalBases(as: .actor(.auditor)).first?.id)
            try await ledger.withdraw(basis: first, from: Self.day("2026-03-04"), as: .actor(.coordinator))
            let since = LegalBasis(
                kind: .consent, victim: "own", role: .shelter, party: "s1", categories: [.profile],
                from: Self.day("2026-03-04"), reference: "form 13")
            let second = try await ledger.add(since, as: .actor(.desk))
            await #expect(throws: LedgerError.self) {
                try await ledger.withdraw(basis: first, from: Self.day("2026-03-05"), as: .actor(.desk))
            }
            // From no day at all would be for ever.
            for basis in [first, second] {
                // No data found.
                #expect(
                    await scene.attempt(as: .desk, "SELECT access.withdraw_basis(\(basis), NULL)")
                        == .refused("P0002"), "\(basis)")
            }
            try await ledger.withdraw(basis: first, from: Self.day("2026-03-02"), as: .actor(.desk))
            let kept = try await ledger.legalBases(as: .actor(.auditor))
            #expect(kept.map(\.id) == [second, first])
            #expect(kept.map(\.withdrawnOn) == [nil, Self.day("2026-03-02")])
        }
    }

    @Test func `Coordinators record consents of their own cases, and nothing else`() async throws {
        try await withBasis(Self.consent, by: .coordinator) { scene in
            #expect(await scene.attempt(as: .shelter, Self.profile) == .rows(1))
            let foreign = LegalBasis(
                kind: .consent, victim: "foreign", role: .coordinator, categories: [.identity],
                from: Self.day("2026-01-01"),
                reference: "none")
            let law = LegalBasis(
                kind: .law, role: .coordinator, categories: [.identity], from: Self.day("2026-01-01"), reference: "mine"
            )
            for basis in [foreign, law] {
                await #expect(throws: LedgerError.self) { try await scene.ledger.add(basis, as: .actor(.coordinator)) }
            }
            for actor in Actor.all where ![.desk, .coordinator, .guardian].contains(actor.role) {
                await #expect(throws: LedgerError.self, "\(actor)") {
                    try await scene.ledger.add(Self.consent, as: .actor(actor))
                }
            }
        }
    }

    @Test func `Breaking the glass opens what was named for as long as it was said, and alarms the auditor`()
        async throws
    {
        try await withBasis(nil) { scene in
            let ledger = scene.ledger
            let read = "SELECT FROM confidential.read('foreign', 'health')"
            #expect(await scene.attempt(as: .shelter, read) == .rows(0))
            let id = try await ledger.breakGlass(
                "foreign", [.health], hours: 2, reason: "found unconscious, needs medication", as: .shelter)
            #expect(await scene.attempt(as: .shelter, read) == .rows(1))
            #expect(
                await scene.attempt(as: .shelter, "SELECT FROM confidential.read('foreign', 'identity')") == .rows(0))
            #expect(await scene.attempt(as: Actor(role: .shelter, id: "s2"), read) == .rows(0))
            let write = "SELECT confidential.write('foreign', 'health', 'x', 'k', decode(repeat('01', 40), 'hex'))"
            #expect(await scene.attempt(as: .shelter, write) == .refused("42501"))

            let alarm = try #require(try await ledger.alarms(openOnly: true, as: .actor(.auditor)).first)
            #expect(alarm.actor == "shelter/s1")
            #expect(alarm.victim == "foreign")
            #expect(alarm.categories == ["health"])
            #expect(alarm.reason == "found unconscious, needs medication")
            let noted = try await ledger.audit(
                AuditFilter(victim: "foreign"), PageRequest(limit: 20), as: .actor(.auditor)
            ).elements
            #expect(noted.contains { $0.action == "break-glass" && $0.object == "\(id)" && $0.fields == ["health"] })
            await #expect(throws: LedgerError.self) { try await ledger.see(alarm: alarm.number, as: .desk) }
            try await ledger.see(alarm: alarm.number, as: .auditor)
            #expect(try await ledger.alarms(openOnly: true, as: .actor(.auditor)) == [])
            #expect(try await ledger.alarms(openOnly: false, as: .actor(.auditor)).map(\.number) == [alarm.number])

            // Two hours later.
            try await scene.admin.query(
                "UPDATE access.break_glass SET since = since - interval '2 hours', until = until - interval '2 hours'")
            #expect(await scene.attempt(as: .shelter, read) == .rows(0))
        }
    }

    @Test func `The glass is not broken without a reason, for days, or by who has no part in care`() async throws {
        try await withBasis(nil) { scene in
            let ledger = scene.ledger
            await #expect(throws: LedgerError.refused(constraint: "break_glass_reason")) {
                try await ledger.breakGlass("foreign", [.health], hours: 2, reason: "urgent", as: .shelter)
            }
            await #expect(throws: LedgerError.refused(constraint: "break_glass_hours")) {
                try await ledger.breakGlass("foreign", [.health], hours: 25, reason: "found unconscious", as: .shelter)
            }
            await #expect(throws: LedgerError.refused(constraint: "break_glass_categories")) {
                try await ledger.breakGlass("foreign", [.action], hours: 2, reason: "found unconscious", as: .shelter)
            }
            for actor in [Actor.police, .funder, .governor, .auditor, .admin] {
                await #expect(throws: LedgerError.self, "\(actor)") {
                    try await ledger.breakGlass("foreign", [.health], hours: 2, reason: "found unconscious", as: actor)
                }
            }
            let alarms = try await ledger.alarms(openOnly: false, as: .actor(.auditor))
            #expect(alarms.isEmpty)
        }
    }
}
