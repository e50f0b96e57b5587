import Foundation
import Postgres
import TestSupport
import Testing

extension CommandTests {
    @Suite struct CaseCommandTests {
        /// A database with two regions, a shelter, and everybody told what the matrix opens to them.
        private func withRegions(
            _ body: (ConnectionOptions, @escaping (String, String) async throws -> Program.Outcome) async throws -> Void
        ) async throws {
            try await withDatabase { database in
                try #require(try await onderdak("migrate", database: database).status == 0)
                let connection = try await Connection.open(database)
                try await connection.execute(
                    script: """
                        INSERT INTO region VALUES ('frl', 'Fryslân'), ('dre', 'Drenthe');
                        INSERT INTO shelter VALUES ('s1', 'frl', 3, '{}', 'One', 'women', 'shelter', NULL);
                        INSERT INTO coverage (region, function, coordinator, ages, days, stand_in)
                        VALUES ('frl', 'care', 'frl', '[0,151)', '[2026-01-01,)', false);
                        INSERT INTO access.legal_basis (kind, role, categories, days, reference)
                        SELECT 'law', role, '{identity,profile,avoid,phase,health,investigation,address}',
                            '[2026-01-01,)', 'a law of the test'
                        FROM unnest('{desk,coordinator,shelter,police,guardian}'::text[]) AS role
                        """)
                await connection.close()
                let key = try await onderdak("keys", "generate", "a").text.trimmingCharacters(in: .newlines)
                try await body(database) { line, input in
                    let words = line.split(separator: " ").map { String($0).replacing("_", with: " ") }
                    return try await Program(
                        words, input: Data(input.utf8), database: database, environment: ["ONDERDAK_KEY": key]
                    ).run()
                }
            }
        }

        @Test func `A case goes from the first signal to a request by commands, each by whom it is for`() async throws {
            try await withRegions { _, run in
                let opened = try await run(
                    "case open v1:sex=female,born=1998-03-14,phase=signal --region frl --contact Team_A --as police/noord",
                    "")
                #expect(opened.text == "case v1: open\n", "\(opened.messages)")
                let again = try await run(
                    "case open v1:sex=female,born=1998-03-14,phase=signal --region frl --as desk/nl", "")
                #expect(again.status == 65)
                #expect(try await run("case open v2 --region frl --as desk/nl", "").status == 64)
                for line in [
                    "case investigation v1 --region dre --max-minutes 60 --as police/noord",
                    "case change v1 --phase reflection --security 2-4 --need trauma --avoid dre --as coordinator/frl",
                ] {
                    let outcome = try await run(line, "")
                    #expect(outcome.status == 0, "\(line): \(outcome.messages)")
                }
                let seen = try await run("case show v1 --as coordinator/frl", "").text
                for part in ["reflection from", "trauma", "2 to 4", "dre", "coordinator/frl", "noord: Team A"] {
                    #expect(seen.contains(part), "\(part): \(seen)")
                }
                #expect(!seen.contains("60 minutes"))
                #expect(try await run("case show v1 --as police/noord", "").text.contains("dre, at most 60 minutes"))
                let stranger = try await run("case show v1 --as coordinator/dre", "")
                #expect(stranger.status == 2)
                #expect(stranger.messages.contains("not disclosed to coordinator/dre"))
                let forbidden = try await run("case change v1 --phase permit --as police/noord", "")
                #expect(forbidden.status == 2)
                #expect(!forbidden.messages.contains("permission denied"))
                #expect(try await run("case change v1 --as desk/nl", "").status == 64)
                let added = try await run(
                    "request add r1 --victim v1 --urgency urgent --from 2030-01-05 --stay-days 30 --region frl --as coordinator/frl",
                    "")
                #expect(added.text == "request r1: submitted\n", "\(added.messages)")
            }
        }

        @Test func `A shelter's address is its own to write, and never for the police`() async throws {
            try await withRegions { database, run in
                #expect(try await run("address read s1 --as desk/nl", "").status == 65)
                #expect(try await run("address write s1 --as shelter/s1", "\n").status == 65)
                #expect(try await run("address write s1 --as desk/nl", "Dorpsstraat 1\n").status == 2)
                let written = try await run("address write s1 --as shelter/s1", "Dorpsstraat 1\n")
                #expect(written.status == 0, "\(written.messages)")
                for actor in ["desk/nl", "shelter/s1"] {
                    #expect(try await run("address read s1 --as \(actor)", "").text == "Dorpsstraat 1\n")
                }
                for actor in ["police/noord", "coordinator/frl", "shelter/s2", "auditor/fg", "funder/state"] {
                    let refused = try await run("address read s1 --as \(actor)", "")
                    #expect(refused.status == 2 && refused.output.isEmpty, "\(actor)")
                    #expect(!refused.messages.contains("permission denied"), "\(refused.messages)")
                }
                let connection = try await Connection.open(database)
                let sealed: Bool = try await connection.query(
                    "SELECT position('Dorpsstraat'::bytea IN ciphertext) = 0 AS sealed FROM confidential.shelter_address"
                ).one()["sealed"]
                await connection.close()
                #expect(sealed)
            }
        }

        @Test func `The login that migrate makes has the rights of nobody`() async throws {
            try await withDatabase { database in
                let name = "onderdak_test_made"
                let dry = try await onderdak("migrate", "--dry-run", "--login", name, database: database)
                #expect(dry.status == 64)
                for _ in 1...2 {
                    let made = try await onderdak("migrate", "--login", name, database: database)
                    #expect(made.status == 0, "\(made.messages)")
                }
                let connection = try await Connection.open(database)
                let row = try await connection.query(
                    """
                    SELECT rolcanlogin AND NOT (rolsuper OR rolcreaterole OR rolbypassrls) AS plain,
                        ARRAY(SELECT m.roleid::regrole::text FROM pg_auth_members AS m WHERE m.member = r.oid) AS member_of,
                        has_table_privilege(r.oid, 'victim', 'SELECT') AS reads
                    FROM pg_roles AS r WHERE rolname = \(name)
                    """
                ).one()
                #expect(try row["plain"])
                #expect(try row["member_of"] == ["onderdak_login"])
                #expect(try !row["reads"])
                try await connection.query("DROP ROLE \(identifier: name)")
                await connection.close()
            }
        }
    }
}
