import CareChain
import Foundation
import Postgres
import TestSupport
import Testing

extension CommandTests {
    /// The commands on a server instead of in the database.
    @Suite struct ClientCommandTests {
        /// A server of the demo country, and a folder with a token file of each actor that asks for one.
        private struct Office {
            let folder: URL
            let port: Int
            let database: ConnectionOptions

            static func run(_ arguments: [String] = [], _ body: (Office) async throws -> Void) async throws {
                try await FlowCommandTests.withCountry { database in
                    try await withFolder { folder in
                        try await RunningServer.run(arguments, database: database) { server in
                            try await body(Office(folder: folder, port: await server.port, database: database))
                        }
                    }
                }
            }

            /// The file of a new token of an actor's.
            func token(_ actor: String) async throws -> String {
                let issued = try await onderdak(
                    "token", "issue", "--role", actor, "--scope", "*", "--expires", "1d", "--as", "admin/1",
                    database: database)
                try #require(issued.status == 0, "\(issued.messages)")
                return try file(actor.replacing("/", with: "-"), issued.output, mode: 0o600)
            }

            func file(_ name: String, _ data: Data, mode: Int) throws -> String {
                let path = folder.appendingPathComponent(name).path
                try data.write(to: URL(fileURLWithPath: path))
                try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
                return path
            }

            /// Runs a command on the server; there is no database for it.
            func run(_ token: String, _ arguments: String..., input: String = "") async throws -> Program.Outcome {
                try await run(token, arguments, input: input)
            }

            func run(_ token: String, _ arguments: [String], input: String = "") async throws -> Program.Outcome {
                try await Program(
                    ["--server", "http://127.0.0.1:\(port)", "--token-file", token, "--patience", "20"] + arguments,
                    input: Data(input.utf8)
                ).run()
            }
        }

        private static let victim = "v1:sex=female,born=1999-02-03,phase=resident,security=1-3"

        @Test func `A coordinator, the desk and a shelter do their work over HTTP, with the same words`() async throws {
            try await Office.run { office in
                let (coordinator, desk) = (try await office.token("coordinator/utr"), try await office.token("desk/d"))
                let shelter = try await office.token("shelter/s18")
                func run(_ token: String, _ arguments: String...) async throws -> String {
                    let outcome = try await office.run(token, arguments)
                    try #require(outcome.status == 0, "\(arguments): \(outcome.messages)")
                    return outcome.text
                }
                #expect(
                    try await run(
                        coordinator, "request", "add", "r1", "--urgency", "crisis", "--from", "2026-01-05",
                        "--stay-days", "60", "--region", "utr", "--victim", Self.victim, "--draft")
                        == "request r1: draft\n")
                #expect(try await run(coordinator, "request", "submit", "r1") == "request r1: submitted\n")
                #expect(
                    try await run(
                        shelter, "capacity", "report", "s18-v1", "--free", "2", "--reason", "count", "--key", "k1"
                    ).contains("beds"))
                #expect(try await run(shelter, "capacity", "show", "--shelter", "s18").contains("s18-v1"))
                #expect(try await !run(desk, "capacity", "stale").contains("s18-v1"))
                #expect(
                    try await run(desk, "capacity", "limit", "s18-v1", "--hours", "20")
                        == "unit s18-v1: reports every 20 hours\n")
                #expect(try await run(desk, "capacity", "show", "--shelter", "s18").contains("20 h"))
                #expect(try await office.run(shelter, ["capacity", "limit", "s18-v1", "--none"]).status == 2)
                #expect(try await run(coordinator, "request", "ready", "--blocked").hasPrefix("cause"))
                #expect(try await run(coordinator, "find", "--request", "r1").contains("s18-v1"))
                #expect(
                    try await run(desk, "offer", "make", "r1", "--unit", "s18-v1", "--from", "2026-01-05")
                        == "offer 1: open, waits for shelter of s18 (shelter)\n")
                #expect(try await run(shelter, "offer", "list").contains("s18-v1"))
                #expect(try await run(shelter, "offer", "accept", "1", "--key", "a") == "offer 1: accepted\n")
                #expect(try await run(shelter, "offer", "accept", "1", "--key", "a") == "offer 1: accepted\n")
                #expect(try await run(shelter, "placement", "list").contains("2026-01-05 to 2026-03-06"))
                #expect(
                    try await run(coordinator, "request", "ready", "r1", "--since", "2026-01-05")
                        == "request r1: recorded\n")
                // Here and there the same commands say the same.
                for arguments in [
                    ["request", "show", "r1", "--format", "json"], ["request", "list", "--state", "accepted"],
                    ["offer", "list", "--all"], ["find", "--request", "r1", "--all"],
                ] {
                    let there = try await office.run(desk, arguments)
                    let here = try await Program(arguments + ["--as", "desk/d"], database: office.database).run()
                    #expect(there.status == 0 && there.text == here.text, "\(arguments)")
                }
                let withdrawn = try await run(coordinator, "request", "withdraw", "r1", "--reason", "own-solution")
                #expect(withdrawn == "request r1: withdrawn\n")
            }
        }

        @Test func `The desk asks for a plan, follows it and sees what it proposes`() async throws {
            try await Office.run { office in
                let desk = try await office.token("desk/d")
                for arguments in [
                    [
                        "request", "add", "r1", "--urgency", "urgent", "--from", "2026-01-06", "--stay-days", "30",
                        "--victim", Self.victim,
                    ], ["runs", "ask", "--days", "40"],
                ] {
                    let outcome = try await office.run(desk, arguments)
                    try #require(outcome.status == 0, "\(outcome.messages)")
                }
                // A planner works, in a process of its own.
                try #require(try await onderdak("runs", "work", database: office.database).status == 0)
                #expect(try await office.run(desk, "runs", "follow", "1").text == "job 1: run 1\n")
                #expect(try await office.run(desk, "runs").text.contains("optimal"))
                #expect(try await office.run(desk, "runs", "show", "1").text.contains("v1"))
                #expect(try await office.run(desk, "runs", "publish", "1").text.hasPrefix("run 1: 1 proposed"))
                let again = try await office.run(desk, "runs", "publish", "1")
                #expect(again.status == 2 && again.messages.contains("published already [run_published]"))
                #expect(try await office.run(desk, "runs", "show", "1", "--plan").status == 64)
            }
        }

        @Test func `What the server refuses is told as in the database, with the same exit status`() async throws {
            try await Office.run { office in
                let desk = try await office.token("desk/d")
                let unknown = try await office.run(desk, "request", "show", "none")
                #expect(unknown.status == 65 && unknown.messages == "onderdak: there is no request \"none\"\n")
                let role = try await office.run(
                    try await office.token("funder/f"), "request", "list", "--state", "draft")
                #expect(role.text.split(separator: "\n").count <= 1)
                let csv =
                    "unit,kind,number,from,until,reason,counted_at,key\ns18-v1,free,1,2026-01-05,,c,,1\nx,free,1,2026-01-05,,c,,2\n"
                let imported = try await office.run(desk, "capacity", "import", "-", input: csv)
                #expect(imported.status == 65 && imported.messages.contains("/reports/1"), "\(imported.messages)")
                let bad = try office.file("bad", Data("ond_nothing\n".utf8), mode: 0o600)
                let stranger = try await office.run(bad, "offer", "list")
                #expect(stranger.status == 2 && stranger.messages.contains("Ask the operator"), "\(stranger.messages)")
                #expect(!stranger.messages.contains("ond_nothing"))
            }
        }

        @Test func `People are told in their language why not, there and here`() async throws {
            try await Office.run { office in
                let there = [
                    "--server", "http://127.0.0.1:\(office.port)", "--token-file", try await office.token("desk/d"),
                ]
                func run(
                    _ arguments: [String], _ environment: [String: String]
                ) async throws -> Program.Outcome {
                    try await Program(
                        arguments, database: office.database,
                        environment: ["LC_ALL": "", "LC_MESSAGES": ""].merging(environment) { $1 }
                    ).run()
                }
                let find = [
                    "find", "--victim", "x:sex=male,born=1990-01-01,phase=signal", "--from", "2026-01-05", "--until",
                    "2026-02-05", "--all", "--format", "json",
                ]
                let sentence = try #require(allRules.first { $0.code == .admission }?.sentence)
                for place in [there, ["--as", "desk/d"]] {
                    for (environment, expected) in [
                        (["LANG": "nl_NL.UTF-8"], sentence.dutch), (["LANG": "C.UTF-8"], sentence.english),
                        // The first that says something counts.
                        (["LC_ALL": "C.UTF-8", "LANG": "nl_NL.UTF-8"], sentence.english),
                    ] as [([String: String], String)] {
                        let found = try await run(find + place, environment)
                        #expect(found.text.contains(expected), "\(place) \(environment): \(found.messages)")
                    }
                }
                let refused = try await run(["request", "show", "none"] + there, ["LANG": "nl_NL.UTF-8"])
                #expect(refused.messages == "onderdak: er is geen verzoek \"none\"\n")
            }
        }

        @Test func `Who asks too often waits as long as the server says, and is served`() async throws {
            try await Office.run(["--burst", "1", "--rate", "2"]) { office in
                let desk = try await office.token("desk/d")
                for _ in 0..<3 { #expect(try await office.run(desk, "offer", "list").status == 0) }
            }
        }

        @Test func `A token that others may read, or would be sent in the clear, is not used`() async throws {
            try await withFolder { folder in
                let token = folder.appendingPathComponent("token").path
                try Data("ond_secret\n".utf8).write(to: URL(fileURLWithPath: token))
                func run(_ arguments: String...) async throws -> Program.Outcome {
                    try await Program(arguments + ["--token-file", token, "--patience", "0", "offer", "list"]).run()
                }
                try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: token)
                let readable = try await run("--server", "https://onderdak.example")
                #expect(readable.status == 64 && readable.messages.contains("chmod 600"))
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: token)
                for server in ["http://onderdak.example", "ftp://onderdak.example", "onderdak.example", ""] {
                    #expect(try await run("--server", server).status == 64, "\(server)")
                }
                let away = try await run("--server", "http://127.0.0.1:1")
                #expect(away.status == 1 && away.messages.contains("cannot be reached"), "\(away.messages)")
                let both = try await run("--server", "https://onderdak.example", "--as", "desk/d")
                #expect(both.status == 64)
                #expect(!(readable.messages + away.messages + both.messages).contains("ond_secret"))
            }
        }

        @Test func `What only the database does is refused on a server`() async throws {
            let outcome = try await onderdak("--server", "https://onderdak.example", "migrate")
            #expect(outcome.status == 64 && outcome.messages.contains("--server"))
        }

        @Test func `The server's certificate must be one that is trusted`() async throws {
            try await FlowCommandTests.withCountry { database in
                try await withFolder { folder in
                    let (certificate, key) = try await ServeCommandTests.certify(folder, "localhost")
                    try await RunningServer.run(
                        ["--tls-certificate", certificate, "--tls-key", key], database: database
                    ) { server in
                        let office = Office(folder: folder, port: await server.port, database: database)
                        let arguments = [
                            "offer", "list", "--server", "https://localhost:\(office.port)", "--token-file",
                            try await office.token("desk/d"), "--patience", "0",
                        ]
                        let stranger = try await Program(arguments).run()
                        #expect(
                            stranger.status == 1 && stranger.messages.contains("certificate"), "\(stranger.messages)")
                        let trusted = try await Program(arguments + ["--ca-file", certificate]).run()
                        #expect(trusted.status == 0, "\(trusted.messages)")
                    }
                }
            }
        }
    }
}
