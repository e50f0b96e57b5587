import CareChain
import Postgres
import TestSupport
import Testing

@testable import Ledger

/// A client that talks SQL itself stays who it is.
@Suite struct ActingTests {
    private static let sees = "SELECT id FROM victim"

    @Test func `The program's login sees nothing until it is somebody`() async throws {
        try await CareScene.with { scene in
            #expect(await scene.attempt(opening: nil, Self.sees) == .refused("42501"))
            #expect(await scene.attempt(as: .coordinator, Self.sees) == .rows(1))
            // The role alone, without who.
            #expect(await scene.attempt(opening: "set local role onderdak_desk", Self.sees) == .rows(0))
            #expect(await scene.attempt(opening: "set local role onderdak_service", Self.sees) == .rows(0))
        }
    }

    @Test func `Who acts is said at the beginning, and not again`() async throws {
        try await CareScene.with { scene in
            for attempt in ["SELECT access.become('desk', 'nl')", "RESET ROLE; SELECT access.become('desk', 'nl')"] {
                await #expect(throws: PostgresError.self, "\(attempt)") {
                    try await scene.client.transaction(opening: Acting.actor(.police).opening) { connection in
                        try await connection.execute(script: attempt)
                    }
                }
            }
        }
    }

    @Test func `Another role does not help: whose cases are seen is who acts`() async throws {
        try await CareScene.with { scene in
            for role in ["desk", "coordinator", "shelter", "guardian", "service", "auditor", "admin"] {
                let opening = Acting.actor(.police).opening + "; set local role onderdak_\(role)"
                for sql in [Self.sees, "SELECT FROM access.legal_basis", "SELECT FROM audit.entry"] {
                    let outcome = await scene.attempt(opening: opening, sql)
                    #expect(outcome.isDenied, "\(role): \(sql) gave \(outcome)")
                }
            }
        }
    }

    @Test func `A setting that was not signed, or was signed for another transaction, is nobody`() async throws {
        try await CareScene.with { scene in
            let forged =
                "set local role onderdak_desk; set local onderdak.acting = '\(String(repeating: "0", count: 64)) desk/nl'"
            #expect(await scene.attempt(opening: forged, Self.sees) == .rows(0))
            let token: String = try await scene.client.transaction(opening: Acting.actor(.desk).opening) { connection in
                #expect(try await connection.query("\(unsafe: Self.sees)").count == 4)
                return try await connection.query("SELECT current_setting('onderdak.acting') AS token").one()["token"]
            }
            let replayed = "set local role onderdak_desk; set local onderdak.acting = '\(token)'"
            #expect(await scene.attempt(opening: replayed, Self.sees) == .rows(0))
            #expect(await scene.attempt(opening: replayed, "SELECT access.signature('x')") == .refused("42501"))
            #expect(await scene.attempt(opening: replayed, "SELECT * FROM access.signing_key") == .refused("42501"))
            // The setting that current_actor() once believed.
            let claimed = Acting.actor(.police).opening + "; set local onderdak.actor = 'desk/nl'"
            #expect(
                await scene.attempt(opening: claimed, "SELECT WHERE current_actor() = 'police/north'") == .rows(1))
        }
    }

    @Test func `A login that is one actor is that one, and can be no other`() async throws {
        try await CareScene.with { scene in
            try await scene.admin.query(
                "INSERT INTO access.login_actor VALUES ('onderdak_test_person', 'coordinator', 'c1')")
            let person = try await Connection.open(scene.ledger.pool.options)
            try await person.query("SET SESSION AUTHORIZATION onderdak_test_person")
            #expect(try await person.query("SELECT id FROM victim").map { try $0["id"] as String } == ["own"])
            for sql in [
                "SET ROLE onderdak_desk", "SET ROLE onderdak_service", "SELECT access.become('desk', 'nl')",
                "UPDATE access.login_actor SET role = 'desk'",
            ] {
                let error = await #expect(throws: PostgresError.self, "\(sql)") {
                    try await person.query("\(unsafe: sql)")
                }
                #expect(error?.sqlState?.rawValue == "42501", "\(sql)")
            }
            await person.close()
            // Nor does the program get past it when it is mapped itself.
            try await scene.admin.query("INSERT INTO access.login_actor VALUES ('onderdak_test_app', 'auditor', 'fg')")
            #expect(await scene.attempt(as: .desk, Self.sees) == .refused("42501"))
        }
    }

    @Test func `Identifiers go through unharmed, whatever is in them`() async throws {
        try await CareScene.with { scene in
            for id in ["o'brien", #"a\b"#, "é/ü", "x'; reset role; --"] {
                let actor = Actor(role: .desk, id: id)
                let found: String = try await scene.client.transaction(opening: Acting.actor(actor).opening) {
                    try await $0.query("SELECT access.acting_id() AS id").one()["id"]
                }
                #expect(found == id)
            }
        }
    }

    @Test func `A step for somebody is the program's, with whom it is for on record`() async throws {
        try await CareScene.with { scene in
            let actor = try await scene.ledger.transaction(.readCommitted, as: .program(for: .police)) { connection in
                try await connection.query("UPDATE victim SET security_min = 1 WHERE id = 'foreign'")
                let actor: String? = try await connection.query("SELECT current_actor() AS actor").one()["actor"]
                return actor
            }
            #expect(actor == "police/north")
            let entry = try #require(
                try await scene.ledger.audit(
                    AuditFilter(victim: "foreign"), PageRequest(limit: 1), as: .actor(.auditor)
                ).elements.first)
            #expect(entry.actor == "service/police/north")
            #expect(entry.action == "update")
            #expect(entry.fields == ["security_min"])
        }
    }
}
