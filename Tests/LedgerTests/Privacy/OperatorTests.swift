import CareChain
import Postgres
import TestSupport
import Testing

@testable import Ledger

/// What keeps the ledger in order is for its operator, and of the audit trail for the auditor too.
@Suite struct OperatorTests {
    private struct Operation {
        let name: String
        let roles: Set<Role>
        let run: @Sendable (Ledger, Actor?) async throws -> Void
    }

    private static let operations = [
        Operation(name: "seal", roles: [.admin, .auditor]) { _ = try await $0.seal(TestKeys.first, by: $1) },
        Operation(name: "verify", roles: [.admin, .auditor]) {
            let verdict = try await $0.verifyAudit(TestKeys.first, as: $1)
            #expect(verdict.isIntact && verdict.sealed > 0)
        },
        Operation(name: "examine", roles: [.admin]) { _ = try await $0.examine(keys: TestKeys.first, by: $1) },
        Operation(name: "due", roles: [.admin]) { _ = try await $0.retentionDue(by: $1) },
        Operation(name: "retention", roles: [.admin]) { _ = try await $0.runRetention(by: $1) },
        Operation(name: "keys in use", roles: [.admin]) { _ = try await $0.keysInUse(by: $1) },
        Operation(name: "rotate", roles: [.admin]) { _ = try await $0.rotateKeys(TestKeys.second, by: $1) },
    ]

    @Test func `It is refused to everybody else`() async throws {
        try await CareScene.with { scene in
            // The scene's own are sealed with no key that there is.
            try await scene.admin.query("DELETE FROM confidential.victim_field")
            try await scene.admin.query("DELETE FROM confidential.shelter_address")
            for operation in Self.operations {
                for actor in Actor.all {
                    do {
                        try await operation.run(scene.ledger, actor)
                        #expect(operation.roles.contains(actor.role), "\(operation.name): \(actor)")
                    } catch {
                        #expect(!operation.roles.contains(actor.role), "\(operation.name): \(actor): \(error)")
                        #expect(LedgerError(error).code == RefusalCode.role.rawValue, "\(operation.name): \(error)")
                    }
                }
                try await operation.run(scene.ledger, nil)
            }
        }
    }

    @Test func `The trail has what an operator changes in the operator's name`() async throws {
        try await CareScene.with { scene in
            try await scene.admin.query("DELETE FROM confidential.victim_field")
            try await scene.admin.query("DELETE FROM confidential.shelter_address")
            try await scene.ledger.write(
                "a name", as: "name", in: .identity, of: "own", as: .desk, keys: TestKeys.first)
            let rotated = try await scene.ledger.rotateKeys(TestKeys.second, by: .admin)
            #expect(rotated == 1)
            let entries = try await scene.ledger.audit(
                AuditFilter(victim: "own", actor: "admin/ops"), as: .actor(.auditor)
            ).elements
            #expect(Set(entries.map(\.actor)) == ["service/admin/ops"])
        }
    }
}
