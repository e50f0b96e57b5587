import Foundation
import Postgres
import TestSupport
import Testing

extension CommandTests {
    @Suite struct FlowCommandTests {
        /// A database with the demo country, at noon of a Monday.
        static func withCountry(_ body: (ConnectionOptions) async throws -> Void) async throws {
            try await withDatabase { database in
                for arguments in [
                    ["migrate"], ["load", netherlands.path], ["clock", "--at", "2026-01-05T12:00:00+01:00"],
                    ["coverage", "add", "utr", "utr", "--from", "2026-01-01", "--as", "desk/national"],
                ] {
                    let outcome = try await Program(arguments, database: database).run()
                    try #require(outcome.status == 0, "\(arguments): \(outcome.messages)")
                }
                // Without a legal basis nobody is shown anything of a case.
                let connection = try await Connection.open(database)
                try await connection.query(
                    """
                    INSERT INTO access.legal_basis (kind, role, categories, days, reference)
                    SELECT 'law', role, '{profile,avoid,phase,investigation}', '[2026-01-01,)', 'a law of the test'
                    FROM unnest('{desk,coordinator,shelter,police,guardian}'::text[]) AS role
                    """)
                await connection.close()
                try await body(database)
            }
        }

        private func json(_ outcome: Program.Outcome) throws -> Any {
            try JSONSerialization.jsonObject(with: outcome.output)
        }

        @Test func `A request goes from the referral to its end by commands`() async throws {
            try await Self.withCountry { database in
                func run(_ arguments: String...) async throws -> Program.Outcome {
                    let outcome = try await Program(arguments, database: database).run()
                    try #require(outcome.status == 0, "\(arguments): \(outcome.messages)")
                    return outcome
                }
                let added = try await run(
                    "request", "add", "r1", "--as", "coordinator/utr", "--urgency", "crisis", "--from", "2026-01-05",
                    "--stay-days", "60", "--region", "utr", "--victim",
                    "v1:sex=female,born=1999-02-03,phase=resident,security=1-3", "--key", "k1")
                #expect(added.text == "request r1: submitted\n")
                let found = try json(
                    try await run("find", "--request", "r1", "--as", "desk/national", "--format", "json"))
                let units = try #require(found as? [[String: Any]]).compactMap { $0["unit"] as? String }
                #expect(units.contains("s18-v1"))
                #expect(
                    try await run("find", "--request", "r1", "--as", "desk/national", "--all").text.contains(
                        "admission"))
                let offered = try await run(
                    "offer", "make", "r1", "--unit", "s18-v1", "--from", "2026-01-05", "--as", "desk/national")
                #expect(offered.text == "offer 1: open, waits for shelter of s18 (shelter)\n")
                #expect(try await run("offer", "list", "--as", "shelter/s18").text.contains("s18-v1"))
                #expect(try await run("offer", "accept", "1", "--as", "shelter/s18").text == "offer 1: accepted\n")
                _ = try await run("placement", "arrive", "r1", "--as", "shelter/s18")
                #expect(
                    try await run("placement", "list", "--as", "desk/national").text.contains(
                        "2026-01-05 to 2026-03-06"))
                _ = try await run(
                    "request", "ready", "r1", "--since", "2026-01-05", "--blocked-by", "no-house", "--as",
                    "coordinator/utr")
                _ = try await run(
                    "hold", "moves", "r1", "--until", "2026-01-20", "--reason", "school", "--as", "coordinator/utr")
                let move = [
                    "placement", "move", "r1", "--to", "s19-v1", "--on", "2026-01-12", "--reason", "nearer", "--as",
                    "desk/national",
                ]
                let held = try await Program(move, database: database).run()
                #expect(held.status == 2)
                #expect(held.messages.contains("[hold]"))
                #expect(
                    try await run("hold", "lift", "r1", "--as", "coordinator/utr").text == "request r1: may be moved\n")
                #expect(try await Program(move, database: database).run().status == 0)
                _ = try await run("offer", "accept", "2", "--as", "shelter/s19")
                #expect(try await run("hold", "list", "--as", "shelter/s19").text.contains("s19-v1"))
                #expect(
                    try await run("placement", "remain", "r1", "--as", "desk/national").text
                        == "request r1: is not moved\n")
                _ = try await run(
                    "placement", "end", "r1", "--on", "2026-01-05", "--reason", "house", "--as", "shelter/s18")
                let shown = try json(
                    try await run("request", "show", "r1", "--as", "desk/national", "--format", "json"))
                let summary = try #require((shown as? [String: Any])?["request"] as? [String: Any])
                #expect(summary["state"] as? String == "ended")
            }
        }

        @Test func `What is refused says why, with an exit status for scripts`() async throws {
            try await Self.withCountry { database in
                func run(_ arguments: String...) async throws -> Program.Outcome {
                    try await Program(arguments, database: database).run()
                }
                let nobody = try await run("request", "list", "--as", "mayor/x")
                #expect(nobody.status == 64)
                let victim = try await run(
                    "request", "add", "r1", "--as", "desk/d", "--urgency", "crisis", "--from", "2026-01-05",
                    "--stay-days",
                    "9", "--victim", "v1:sex=female,born=tomorrow,phase=resident")
                #expect(victim.status == 64)
                let unknown = try await run("request", "show", "none", "--as", "desk/d")
                #expect(unknown.status == 65)
                #expect(unknown.messages == "onderdak: there is no request \"none\"\n")
                let role = try await run(
                    "request", "add", "r1", "--as", "funder/f", "--urgency", "crisis", "--from", "2026-01-05",
                    "--stay-days", "9", "--victim", "v1:sex=male,born=1999-02-03,phase=resident")
                #expect(role.status == 2)
                #expect(role.messages.contains("desk, coordinator, police, guardian"))
                _ = try await run(
                    "request", "add", "r1", "--as", "desk/d", "--urgency", "crisis", "--from", "2026-01-05",
                    "--stay-days", "9", "--victim", "v1:sex=male,born=1999-02-03,phase=resident")
                let rule = try await run(
                    "offer", "make", "r1", "--unit", "s18-v1", "--from", "2026-01-05", "--as", "desk/d")
                #expect(rule.status == 2)
                #expect(rule.messages.contains("[admission]"))
                let open = try await run(
                    "night", "place", "n1", "--unit", "s12-nb", "--as", "police/p", "--victim",
                    "v9:sex=male,born=1999-02-03,phase=signal")
                #expect(open.status == 2)
                #expect(open.messages == "onderdak: the desk is open: ask it for a place [night_placement_hours]\n")
            }
        }

        @Test func `A shelter's script reports its beds, a file of reports is taken in whole or not at all`()
            async throws
        {
            try await Self.withCountry { database in
                func run(_ arguments: String..., input: String = "") async throws -> Program.Outcome {
                    try await Program(arguments, input: Data(input.utf8), database: database).run()
                }
                let report = [
                    "capacity", "report", "s18-v1", "--free", "2", "--reason", "count", "--key", "1", "--as",
                    "shelter/s18",
                ]
                for _ in 1...2 {
                    let outcome = try await Program(report, database: database).run()
                    #expect(outcome.status == 0, "\(outcome.messages)")
                }
                let header = "unit,kind,number,from,until,reason,counted_at,key\n"
                let bad = try await run(
                    "capacity", "import", "-", "--as", "desk/d",
                    input: header + "s18-v1,free,3,2026-01-05,,count,,a\ns18-v1,sofas,3,2026-01-05,,count,,b\n")
                #expect(bad.status == 65)
                #expect(bad.messages.contains("line 3"))
                let good = try await run(
                    "capacity", "import", "-", "--as", "desk/d",
                    input: header
                        + "s18-v1,free,3,2026-01-05,,count,,a\ns18-vk,out-of-service,1,2026-01-06,2026-01-09,paint,,b\n"
                )
                #expect(good.status == 0, "\(good.messages)")
                #expect(try await run("capacity", "limit", "s18-v1", "--hours", "24", "--as", "desk/d").status == 0)
                #expect(try await run("clock", "--at", "2026-01-07T12:00:00+01:00").status == 0)
                let stale = try await run("capacity", "stale", "--as", "desk/d")
                #expect(stale.text.contains("s18-v1"))
                #expect(stale.text.contains("STALE"))
            }
        }

        @Test func `A night, an action under embargo, and runs from a queue to proposals`() async throws {
            try await Self.withCountry { database in
                func run(_ arguments: String...) async throws -> Program.Outcome {
                    let outcome = try await Program(arguments, database: database).run()
                    try #require(outcome.status == 0, "\(arguments): \(outcome.messages)")
                    return outcome
                }
                _ = try await run(
                    "request", "add", "r1", "--as", "coordinator/utr", "--urgency", "urgent", "--from", "2026-01-06",
                    "--stay-days", "30", "--victim", "v1:sex=female,born=1999-02-03,phase=resident")
                _ = try await run(
                    "action", "plan", "--beds", "groups:male:6", "--from", "2026-01-20", "--until", "2026-01-27",
                    "--ends",
                    "2026-01-21T08:00:00+01:00", "--as", "police/noord")
                #expect(try await run("action", "list", "--as", "desk/d").text == "6 beds are reserved\n")
                #expect(try await run("hold", "list", "--as", "police/noord").text.contains("reserved"))
                _ = try await run("clock", "--at", "2026-01-05T23:00:00+01:00")
                _ = try await run(
                    "night", "place", "n1", "--unit", "s12-nb", "--nights", "1", "--as", "police/noord", "--victim",
                    "v1")
                #expect(try await run("night", "list", "--as", "desk/d").text.contains("n1"))
                // Whom the police bring is a case of theirs, and of no others'.
                _ = try await run(
                    "night", "place", "n2", "--unit", "s12-nb", "--nights", "1", "--as", "police/noord", "--victim",
                    "v2:sex=female,born=1999-02-03,phase=signal")
                #expect(try await run("night", "list", "--as", "police/noord").text.contains("n2"))
                #expect(try await !run("night", "list", "--as", "police/oost").text.contains("n2"))
                _ = try await run("night", "confirm", "n2", "--as", "desk/d")
                _ = try await run("clock", "--at", "2026-01-06T09:30:00+01:00")
                _ = try await run("night", "confirm", "n1", "--as", "desk/d")
                _ = try await run("runs", "ask", "--days", "40", "--as", "desk/d")
                #expect(try await run("runs", "work").text == "job 1: run 1\n")
                #expect(
                    try await run("runs", "publish", "1", "--as", "desk/d").text
                        == "run 1: 1 proposed, 0 without a place, 0 dropped\n")
                #expect(try await run("request", "list", "--as", "desk/d").text.contains("proposed"))
                #expect(try await run("runs", "replay", "1").text.contains("byte for byte"))
                _ = try await run("action", "lift", "1", "--as", "police/noord")
                #expect(try await run("action", "list", "--as", "desk/d").text == "0 beds are reserved\n")
            }
        }

        @Test func `Killed at any moment, the same command repeated with its key does the rest exactly once`()
            async throws
        {
            try await Self.withCountry { database in
                for arguments in [
                    [
                        "request", "add", "r1", "--as", "desk/d", "--urgency", "crisis", "--from", "2026-01-05",
                        "--stay-days",
                        "9", "--victim", "v1:sex=female,born=1999-02-03,phase=resident",
                    ],
                    ["offer", "make", "r1", "--unit", "s18-v1", "--from", "2026-01-05", "--as", "desk/d"],
                ] {
                    #expect(try await Program(arguments, database: database).run().status == 0)
                }
                let accept = ["offer", "accept", "1", "--as", "shelter/s18", "--key", "k"]
                for _ in 0..<8 {
                    // At random moments of its life; it may have ended by then.
                    _ = try await Program(accept, database: database).run { pid in
                        try await Task.sleep(for: .milliseconds(Int.random(in: 0...300)))
                        kill(pid, SIGKILL)
                    }
                }
                let last = try await Program(accept, database: database).run()
                #expect(last.status == 0, "\(last.messages)")
                #expect(last.text == "offer 1: accepted\n")
                let connection = try await Connection.open(database)
                let counts: [Int] = try await connection.query(
                    """
                    SELECT ARRAY[(SELECT count(*) FROM stay), (SELECT count(*) FROM offer WHERE state = 'accepted'),
                        (SELECT count(*) FROM outbox WHERE kind = 'offer-accepted'), (SELECT count(*) FROM command)] AS counts
                    """
                ).one()["counts"]
                await connection.close()
                #expect(counts == [1, 1, 1, 1])
            }
        }
    }
}
