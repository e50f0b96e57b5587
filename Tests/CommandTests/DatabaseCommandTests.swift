import CareChain
import Foundation
import Postgres
import TestSupport
import Testing

extension CommandTests {
    @Suite struct DatabaseCommandTests {
        private static let day = ["--day", "2026-01-05", "--days", "30"]

        /// A database with the demo country and a small day's cases.
        private func withDay(_ body: (ConnectionOptions) async throws -> Void) async throws {
            try await withDatabase { database in
                #expect(try await onderdak("migrate", database: database).status == 0)
                #expect(try await onderdak("load", netherlands.path, database: database).status == 0)
                let day = try await onderdak("generate", "snapshot", "--seed", "3", "--open", "8", "--days", "30")
                let loaded = try await onderdak("load", "-", input: day.output, database: database)
                try #require(loaded.status == 0, "\(loaded.messages)")
                try await body(database)
            }
        }

        @Test func `Migrating tells what it would do, does it, and has nothing left to do`() async throws {
            try await withDatabase { database in
                let dry = try await onderdak("migrate", "--dry-run", database: database)
                #expect(dry.status == 0)
                #expect(dry.text.contains("would apply 0001_reference\n"))
                let first = try await onderdak("migrate", database: database)
                #expect(first.status == 0)
                #expect(first.text == dry.text.replacing("would apply", with: "applied"))
                let second = try await onderdak("migrate", database: database)
                #expect(second.status == 0)
                #expect(second.text == "the database is up to date\n")
            }
        }

        @Test func `A database without its schema, or newer than the program, is refused with what to do`() async throws
        {
            try await withDatabase { database in
                let missing = try await onderdak("runs", database: database)
                #expect(missing.status == 1)
                #expect(missing.messages.contains("run onderdak migrate"))

                #expect(try await onderdak("migrate", database: database).status == 0)
                let connection = try await Connection.open(database)
                try await connection.query(
                    """
                    insert into schema_migration (number, name, checksum, version)
                    values (9999, 'future', 'none', 'future')
                    """)
                await connection.close()
                for command in ["runs", "migrate"] {
                    let newer = try await onderdak(command, database: database)
                    #expect(newer.status == 1)
                    #expect(newer.messages.contains("use a newer program"))
                }
            }
        }

        @Test func `A server that is not there is named, with where to name another`() async throws {
            let outcome = try await onderdak("runs")
            #expect(outcome.status == 1)
            #expect(outcome.messages.contains("127.0.0.1"))
            #expect(outcome.messages.contains("DATABASE_URL"))
        }

        @Test func `A ledger without reference data says what to load`() async throws {
            try await withDatabase { database in
                _ = try await onderdak("migrate", database: database)
                let outcome = try await onderdak("plan", "--database", database: database)
                #expect(outcome.status == 1)
                #expect(outcome.messages.contains("onderdak load"))
            }
        }

        @Test func `One bad line of reference data loads nothing and is named`() async throws {
            try await withDatabase { database in
                _ = try await onderdak("migrate", database: database)
                try await withFolder { folder in
                    for file in try FileManager.default.contentsOfDirectory(atPath: netherlands.path)
                    where file.hasSuffix(".csv") {
                        try FileManager.default.copyItem(
                            at: netherlands.appending(path: file), to: folder.appending(path: file))
                    }
                    let units = folder.appending(path: "units.csv")
                    var lines = try String(contentsOf: units, encoding: .utf8).split(
                        separator: "\n", omittingEmptySubsequences: false)
                    lines[6] = lines[6] + ",surplus"
                    try Data(lines.joined(separator: "\n").utf8).write(to: units)
                    let outcome = try await onderdak("load", folder.path, database: database)
                    #expect(outcome.status == 65)
                    #expect(outcome.messages.contains("units.csv:7"))
                    let connection = try await Connection.open(database)
                    let regions: Int = try await connection.query("select count(*) as n from region").one()["n"]
                    #expect(regions == 0)
                    await connection.close()
                }
            }
        }

        @Test func `Loading again changes nothing`() async throws {
            try await withDay { database in
                let again = try await onderdak("load", netherlands.path, "--format", "json", database: database)
                #expect(again.status == 0)
                let rows = try #require(try JSONSerialization.jsonObject(with: again.output) as? [[String: Any]])
                #expect(rows.contains { $0["kind"] as? String == "units" })
                #expect(rows.allSatisfy { $0["added"] as? Int == 0 && $0["changed"] as? Int == 0 })
            }
        }

        @Test func `What the database holds is planned and kept, and as a file it gives the same plan`() async throws {
            try await withDay { database in
                let planned = try await Program(["plan", "--database"] + Self.day, database: database).run()
                #expect(planned.status == 0)
                #expect(planned.messages == "kept as run 1: onderdak runs show 1\n")
                let shown = try await onderdak("runs", "show", "1", "--plan", database: database)
                #expect(shown.output == planned.output)

                let instance = try await onderdak("runs", "show", "1", "--instance", database: database)
                let fromFile = try await onderdak("plan", "-", input: instance.output)
                var (a, b) = (try Plan(json: Array(planned.output)), try Plan(json: Array(fromFile.output)))
                a.solver?.seconds = nil
                b.solver?.seconds = nil
                // Who must not meet is not told of what the ledger holds.
                #expect(a.sharedPrices == nil)
                b.sharedPrices = nil
                #expect(a.json() == b.json())
                #expect(try Referee.judge(a, of: try Instance(json: Array(instance.output))).isFeasible)
            }
        }

        @Test func `Runs are listed, shown and replayed`() async throws {
            try await withDay { database in
                for seed in ["0", "1"] {
                    let run = try await Program(
                        ["plan", "--database", "--seed", seed] + Self.day, database: database
                    ).run()
                    #expect(run.status == 0)
                }
                let list = try await onderdak("runs", "--format", "json", database: database)
                let runs = try #require(try JSONSerialization.jsonObject(with: list.output) as? [[String: Any]])
                #expect(runs.map { $0["id"] as? Int } == [2, 1])
                #expect(runs.map { $0["seed"] as? Int } == [1, 0])
                #expect(runs.allSatisfy { $0["from"] as? String == "2026-01-05" && $0["days"] as? Int == 30 })

                let show = try await onderdak("runs", "show", "2", database: database)
                #expect(show.text.contains("open requests placed"))
                let replay = try await onderdak("runs", "replay", "2", database: database)
                #expect(replay.status == 0)
                #expect(replay.text == "run 2: the same plan, byte for byte\n")

                let unknown = try await onderdak("runs", "show", "3", database: database)
                #expect(unknown.status == 1)
                #expect(unknown.messages.contains("there is no run 3"))
            }
        }

        @Test func `A replay that gives another plan says what differs`() async throws {
            try await withDay { database in
                _ = try await Program(["plan", "--database"] + Self.day, database: database).run()
                let connection = try await Connection.open(database)
                // As if another seed had been kept than the one that made the plan.
                try await connection.query("update plan_run set seed = 77")
                await connection.close()
                let replay = try await onderdak("runs", "replay", "1", database: database)
                #expect(replay.status == 2)
                #expect(replay.messages.contains("run 1: another plan"))
            }
        }
    }
}
