import Foundation
import Postgres
import TestSupport
import Testing

extension CommandTests {
    @Suite struct PrivacyCommandTests {
        /// A database with a case of region frl, and the rights of the coordinator there.
        private func withCase(_ body: (ConnectionOptions, [String: String]) async throws -> Void) async throws {
            try await withDatabase { database in
                #expect(try await onderdak("migrate", database: database).status == 0)
                let connection = try await Connection.open(database)
                try await connection.execute(
                    script: """
                        INSERT INTO region VALUES ('frl', 'Fryslân');
                        INSERT INTO victim VALUES ('v1', 'female', '1998-03-14', 1, 4, '2026-01-01');
                        INSERT INTO request (
                            id, together, urgency, known_from, needed_from, latest_start, stay_days, transfer_wanted, region)
                        VALUES ('q1', 'unit', 'planned', current_date, current_date, current_date + 9, 30, false, 'frl');
                        INSERT INTO request_victim (request, victim) VALUES ('q1', 'v1')
                        """)
                await connection.close()
                let key = try await onderdak("keys", "generate", "a")
                try #require(key.status == 0)
                try await body(database, ["ONDERDAK_KEY": key.text.trimmingCharacters(in: .newlines)])
            }
        }

        private func run(
            _ arguments: String..., input: String = "", database: ConnectionOptions, keys: [String: String] = [:]
        ) async throws -> Program.Outcome {
            try await run(arguments, input: input, database: database, keys: keys)
        }

        private func run(
            _ arguments: [String], input: String = "", database: ConnectionOptions, keys: [String: String] = [:]
        ) async throws -> Program.Outcome {
            try await Program(arguments, input: Data(input.utf8), database: database, environment: keys).run()
        }

        @Test func `A coordinator writes and reads who somebody is, and the auditor sees that`() async throws {
            try await withCase { database, keys in
                let write = { (actor: String) in
                    try await run(
                        "case", "write", "v1", "identity", "family-name", "--as", actor, input: "Vermeulen\n",
                        database: database, keys: keys)
                }
                let early = try await write("coordinator/frl")
                #expect(early.status == 2)
                #expect(early.messages.contains("not yours to write"))

                for arguments in [
                    ["coverage", "add", "frl", "frl", "--from", "2026-01-01", "--as", "desk/nl"],
                    [
                        "basis", "add", "law", "coordinator", "identity", "profile", "--from", "2026-01-01",
                        "--reference",
                        "a law", "--as", "desk/nl",
                    ],
                ] {
                    let outcome = try await Program(arguments, database: database).run()
                    #expect(outcome.status == 0, "\(outcome.messages)")
                }
                #expect(try await write("coordinator/frl").status == 0)
                let read = try await run(
                    "case", "read", "v1", "identity", "--as", "coordinator/frl", "--format", "json", database: database,
                    keys: keys)
                #expect(read.text.contains("Vermeulen"))
                for (format, told) in [("json", #""text" : "Vermeulen""#), ("table", "confidential identity 1 text")] {
                    let export = try await run(
                        "case", "export", "v1", "--as", "coordinator/frl", "--format", format, database: database,
                        keys: keys)
                    #expect(export.text.contains(told), "\(export)")
                }
                let other = try await run(
                    "case", "read", "v1", "identity", "--as", "coordinator/gld", database: database, keys: keys)
                #expect(other.status == 2)
                #expect(other.messages.contains("not disclosed to coordinator/gld"))
                let keyless = try await run(
                    "case", "read", "v1", "identity", "--as", "coordinator/frl", database: database)
                #expect(keyless.messages.contains("onderdak keys generate"))

                let shown = try await run("audit", "show", "--as", "auditor/fg", "--victim", "v1", database: database)
                #expect(shown.text.contains("coordinator/frl"))
                #expect(shown.text.contains("refuse"))
                let hidden = try await run("audit", "show", "--as", "desk/nl", database: database)
                #expect(hidden.status == 2)

                let sealed = try await run("audit", "seal", database: database, keys: keys)
                #expect(sealed.status == 0)
                let head = sealed.text.trimmingCharacters(in: .newlines)
                let verified = try await run("audit", "verify", "--head", head, database: database, keys: keys)
                #expect(verified.status == 0, "\(verified.messages)")
                let connection = try await Connection.open(database)
                try await connection.execute(
                    script:
                        "SET session_replication_role = replica; UPDATE audit.entry SET actor = 'desk/nl' WHERE action = 'read'"
                )
                await connection.close()
                let forged = try await run("audit", "verify", database: database, keys: keys)
                #expect(forged.status == 2)
                #expect(forged.text.contains("was changed"))
            }
        }

        @Test func `The keys are changed, and the doctor says what is not in order`() async throws {
            try await withCase { database, keys in
                let none = try await run("doctor", database: database)
                #expect(none.text.contains("ONDERDAK_KEY_FILE"))
                let sealed = try await run("audit", "seal", database: database, keys: keys)
                #expect(sealed.status == 0)
                let fine = try await run("doctor", database: database, keys: keys)
                #expect(fine.status == 0, "\(fine.text)")

                let new = try await onderdak("keys", "generate", "b").text.trimmingCharacters(in: .newlines)
                let both = ["ONDERDAK_KEY": "\(new),\(keys["ONDERDAK_KEY"] ?? "")"]
                let rotated = try await run("keys", "rotate", database: database, keys: both)
                #expect(rotated.text == "0 values are sealed anew with key b\n")

                let connection = try await Connection.open(database)
                try await connection.query(
                    "INSERT INTO victim VALUES ('lost', 'female', '1990-01-01', 1, 4, '2026-01-01')")
                await connection.close()
                let ill = try await run("doctor", "--format", "json", database: database, keys: keys)
                #expect(ill.status == 1)
                #expect(ill.messages == "onderdak: one thing is not in order\n")
                let rows = try #require(try JSONSerialization.jsonObject(with: ill.output) as? [[String: Any]])
                #expect(
                    rows.filter { $0["state"] as? String == "wrong" }.map { $0["subject"] as? String } == ["orphans"])
            }
        }

        @Test func `What is for who has the machine is for an operator too, and refused to others`() async throws {
            try await withCase { database, keys in
                let runs = [(["runs", "list"], "desk/nl"), (["runs", "show", "1"], "coordinator/frl")]
                let auditor = [(["audit", "seal"], "auditor/fg"), (["audit", "verify"], "auditor/fg")]
                let operators = [
                    ["retention", "run"], ["retention", "run", "--dry-run"], ["keys", "rotate"], ["keys", "show"],
                    ["audit", "seal"], ["audit", "verify"], ["doctor"],
                ].map { ($0, "admin/1") }
                for (command, actor) in auditor + operators + runs {
                    let refused = try await run(
                        command + ["--as", "shelter/s1", "--format", "json"], database: database, keys: keys)
                    #expect([2, 65].contains(refused.status) && refused.output.isEmpty, "\(command): \(refused)")
                    #expect(!refused.messages.contains("permission denied"), "\(command): \(refused)")
                    guard command != ["runs", "show", "1"] else { continue }
                    #expect(refused.messages.contains("shelter/s1 may not do this"), "\(command): \(refused)")
                    let answered = try await run(
                        command + ["--as", actor, "--format", "json"], database: database, keys: keys)
                    #expect(answered.status == 0, "\(command): \(answered.messages)")
                    #expect((try? JSONSerialization.jsonObject(with: answered.output)) != nil, "\(command)")
                }
                #expect(
                    try await run("runs", "show", "1", "--plan", "--as", "desk/nl", database: database).status == 64)
            }
        }

        @Test func `Gaps of coverage, breaking the glass and retention answer as they should`() async throws {
            try await withCase { database, _ in
                let gaps = try await run(
                    "coverage", "gaps", "--from", "2026-01-01", "--until", "2026-02-01", "--as", "desk/nl",
                    database: database)
                #expect(gaps.status == 2)
                #expect(gaps.text.contains("frl"))
                let accountable = try await run(
                    "coverage", "accountable", "--as", "desk/nl", "--format", "json", database: database)
                #expect(accountable.status == 0, "\(accountable.messages)")

                let absence = ["frl", "--from", "2196-07-01", "--as", "coordinator/frl"]
                try #require(
                    try await run(
                        ["coverage", "absent"] + absence + ["--until", "2196-07-15"], database: database
                    ).status == 0)
                let away = try await run("coverage", "absences", "--as", "desk/nl", database: database)
                #expect(away.text.contains("frl          2196-07-01  2196-07-15"), "\(away.text)")
                for status: Int32 in [0, 65] {
                    #expect(try await run(["coverage", "back"] + absence, database: database).status == status)
                }

                let short = try await run(
                    "break-glass", "v1", "health", "--reason", "urgent", "--as", "shelter/s1", database: database)
                #expect(short.status == 65)
                let broken = try await run(
                    "break-glass", "v1", "health", "--hours", "2", "--reason", "found unconscious", "--as",
                    "shelter/s1",
                    database: database)
                #expect(broken.status == 0, "\(broken.messages)")
                let alarms = try await run("audit", "alarms", "--as", "auditor/fg", database: database)
                #expect(alarms.text.contains("found unconscious"))
                #expect(try await run("audit", "see", "1", "--as", "auditor/fg", database: database).status == 0)
                let seen = try await run("audit", "see", "1", "--as", "auditor/fg", database: database)
                #expect(seen.status == 2)

                let basis = [
                    "basis", "add", "consent", "shelter", "profile", "--victim", "v1", "--from", "2026-01-01",
                    "--reference", "form 12", "--as", "desk/nl", "--format", "json",
                ]
                let added = try await run(basis, database: database)
                #expect(try JSONDecoder().decode([String: Int].self, from: added.output) == ["basis": 1])
                let again = try await run(basis, database: database)
                #expect(again.status == 2 && again.messages.contains("[legal_basis_once]"), "\(again.messages)")
                let withdrawn = try await run(
                    "basis", "withdraw", "1", "--on", "2026-01-02", "--as", "desk/nl", database: database)
                #expect(withdrawn.text == "basis 1: withdrawn from 2026-01-02 on\n", "\(withdrawn.messages)")

                let retention = try await run("retention", "run", "--dry-run", "--format", "json", database: database)
                #expect(retention.status == 0)
                #expect(retention.messages.contains("nothing was taken away"))
                let strange = try await run("audit", "show", "--as", "king/arthur", database: database)
                #expect(strange.status == 64)
            }
        }
    }
}
