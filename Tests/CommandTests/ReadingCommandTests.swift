import Foundation
import Postgres
import TestSupport
import Testing

extension CommandTests {
    /// What others read of the ledger: events and webhooks, statements and figures.
    @Suite struct ReadingCommandTests {
        private func withStay(_ body: (ConnectionOptions) async throws -> Void) async throws {
            try await withDatabase { database in
                #expect(try await onderdak("migrate", database: database).status == 0)
                let connection = try await Connection.open(database)
                try await connection.execute(
                    script: """
                        INSERT INTO simulated_clock (at) VALUES ('2026-02-02 12:00+01');
                        INSERT INTO region VALUES ('frl', 'Fryslân');
                        INSERT INTO shelter VALUES ('s1', 'frl', 3, '{}', 'One', 'women', 'shelter', NULL);
                        INSERT INTO unit VALUES
                            ('u1', 's1', 'crisis', '{female}', NULL, NULL, NULL, '{}', 'any', false, 1, NULL, 'victim', NULL, 14550, 0);
                        INSERT INTO bed_change VALUES ('u1', '2026-01-01', 9, NULL, 'country');
                        INSERT INTO funder
                        VALUES ('state', 0, 'State', NULL, NULL, true, true, NULL, NULL, '2026-01-01', NULL, 10, NULL);
                        INSERT INTO victim VALUES ('v1', 'female', '1998-03-14', 1, 4, '2026-01-01');
                        INSERT INTO victim_phase VALUES ('v1', '2026-01-01', 'reflection');
                        INSERT INTO request (
                            id, together, urgency, known_from, needed_from, latest_start, stay_days, transfer_wanted, state)
                        VALUES ('q1', 'unit', 'planned', '2026-01-01', '2026-01-01', '2026-01-01', 30, false, 'placed');
                        INSERT INTO request_victim (request, victim) VALUES ('q1', 'v1');
                        INSERT INTO stay (request, victim, unit, days, moves_made, arrived)
                        VALUES ('q1', 'v1', 'u1', '[2026-01-10,2026-01-24)', 0, true);
                        SELECT emit('capacity-reported', '{"unit": "u1", "report": 7}')
                        """)
                await connection.close()
                try await body(database)
            }
        }

        @Test func `A statement tells days and euros by payer, and figures protect who is few`() async throws {
            try await withStay { database in
                let statement = try await onderdak(
                    "statement", "show", "--from", "2026-01", "--as", "desk/nl", database: database)
                #expect(statement.status == 0, "\(statement.messages)")
                #expect(statement.text.contains("state"))
                #expect(statement.text.contains("1455.00"))
                #expect(statement.text.contains("nobody"))
                #expect(statement.text.contains("582.00"))
                let own = try await onderdak(
                    "statement", "--from", "2026-01", "--as", "funder/state", "--format", "json", database: database)
                #expect(own.text.contains("\"days\" : 10") || own.text.contains("\"days\":10"))
                #expect(!own.text.contains("v1"))
                let other = try await onderdak(
                    "statement", "--from", "2026-01", "--as", "shelter/s1", database: database)
                #expect(other.status == 2)
                let desk = try await onderdak(
                    "figures", "population", "--from", "2026-01", "--as", "desk/nl", database: database)
                #expect(desk.text.contains("reflection"))
                let governor = try await onderdak(
                    "figures", "population", "--from", "2026-01", "--as", "governor/g", database: database)
                #expect(governor.status == 0)
                #expect(!governor.text.contains("reflection"))
                for arguments in [["--from", "2026-13"], ["--from", "2026-02", "--until", "2026-01"]] {
                    let wrong = try await Program(
                        ["figures", "unmet"] + arguments + ["--as", "desk/nl"], database: database
                    ).run()
                    #expect(wrong.status == 64)
                }
            }
        }

        @Test func `A shelter reads its events and subscribes to them`() async throws {
            try await withStay { database in
                let events = try await onderdak("events", "--as", "shelter/s1", database: database)
                #expect(events.text.contains("unit u1, report 7"))
                let read = try await onderdak("events", "--after", "1", "--as", "shelter/s1", database: database)
                #expect(!read.text.contains("u1"))
                let key = try await onderdak("keys", "generate", "a")
                let keys = ["ONDERDAK_KEY": key.text.trimmingCharacters(in: .newlines)]
                func webhook(_ arguments: String...) async throws -> Program.Outcome {
                    try await Program(
                        ["webhook"] + arguments + ["--as", "shelter/s1"], database: database, environment: keys
                    ).run()
                }
                let added = try await webhook("add", "https://shelter.example/hook", "--kind", "offer-made")
                #expect(added.status == 0, "\(added.messages)")
                #expect(added.text.contains("whsec_"))
                let listed = try await webhook("list")
                #expect(listed.text.contains("https://shelter.example/hook"))
                #expect(!listed.text.contains("whsec_"))
                #expect(try await webhook("dead").status == 0)
                let secret = try await webhook("add", "https://10.0.0.1/hook")
                #expect(secret.status == 65)
                #expect(secret.messages.contains("private network"))
            }
        }
    }
}
