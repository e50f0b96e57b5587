import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

@testable import API

/// The script that a shelter's cron runs, against a real server.
@Suite struct UpdateCapacityTests {
    private struct Outcome: Sendable {
        let status: Int32
        let output: String
        let messages: String
    }

    /// A shelter's machine: a folder with a token in it.
    private struct Machine {
        let folder: URL

        static func with<Success: Sendable>(
            _ token: String, _ body: (Machine) async throws -> Success
        ) async throws -> Success {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("onderdak-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let machine = Machine(folder: folder)
            try machine.write("token", token + "\n", mode: 0o600)
            return try await body(machine)
        }

        func write(_ name: String, _ text: String, mode: Int = 0o644) throws {
            let path = folder.appendingPathComponent(name).path
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        }

        /// Runs the script, with pauses that begin with a second.
        func report(
            to port: Int, _ arguments: String..., shell: [String] = ["/bin/sh"], language: String = "C",
            patience: Int = 600
        ) async throws -> Outcome {
            let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().appendingPathComponent("scripts/update-capacity.sh").path
            let process = Process()
            process.executableURL = URL(fileURLWithPath: shell[0])
            process.arguments =
                Array(shell.dropFirst()) + [
                    script, "--server", "http://127.0.0.1:\(port)", "--token-file", "token", "--pause", "1",
                    "--patience", String(patience),
                ] + arguments
            process.currentDirectoryURL = folder
            process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": language]) { $1 }
            process.standardInput = FileHandle.nullDevice
            for name in ["output", "messages"] { try write(name, "") }
            process.standardOutput = try FileHandle(forWritingTo: folder.appendingPathComponent("output"))
            process.standardError = try FileHandle(forWritingTo: folder.appendingPathComponent("messages"))
            let ended = AsyncStream<Void> { continuation in
                process.terminationHandler = { _ in continuation.finish() }
            }
            try process.run()
            for await _ in ended {}
            return Outcome(
                status: process.terminationStatus,
                output: try String(contentsOf: folder.appendingPathComponent("output"), encoding: .utf8),
                messages: try String(contentsOf: folder.appendingPathComponent("messages"), encoding: .utf8))
        }
    }

    /// How many reports of units there are, in their order.
    private func reported(_ ledger: Ledger) async throws -> [String] {
        try await ledger.pool.withConnection { connection in
            try await connection.query("SELECT unit || ' ' || number AS line FROM capacity_report ORDER BY id")
                .map { try $0["line"] }
        }
    }

    private func expectSilence(_ outcome: Outcome) {
        #expect(outcome.status == 0, "\(outcome.messages)")
        #expect(outcome.output == "" && outcome.messages == "")
    }

    @Test func `Every shell that is here reports a unit, and says nothing`() async throws {
        try await TestAPI.with { api in
            try await Machine.with(try await api.token(TestAPI.shelter, scopes: ["capacity:write"])) { machine in
                let shells = [["/bin/sh"], ["/bin/dash"], ["/bin/bash", "--posix"], ["/bin/busybox", "sh"]].filter {
                    FileManager.default.isExecutableFile(atPath: $0[0])
                }
                for (number, shell) in shells.enumerated() {
                    expectSilence(try await machine.report(to: api.port, "u1", String(number), shell: shell))
                }
                #expect(try await reported(api.ledger) == shells.indices.map { "u1 \($0)" })
                let told = try await machine.report(to: api.port, "--verbose", "--kind", "beds", "u1", "3")
                #expect(told.status == 0 && told.output.contains(#""unit":"u1""#))
            }
        }
    }

    @Test func `A file of several units is one report, until it is saved again`() async throws {
        try await TestAPI.with { api in
            try await Machine.with(try await api.token(TestAPI.shelter)) { machine in
                // As a spreadsheet saves it.
                try machine.write("beds.csv", "\u{FEFF}unit;free\r\n\"u1\";2\r\n;\r\nu3;0\r\n")
                for _ in 1...2 { expectSilence(try await machine.report(to: api.port, "beds.csv")) }
                #expect(try await reported(api.ledger) == ["u1 2", "u3 0"])
                let saved = Date(timeIntervalSinceNow: -3600)
                try FileManager.default.setAttributes(
                    [.modificationDate: saved], ofItemAtPath: machine.folder.appendingPathComponent("beds.csv").path)
                expectSilence(try await machine.report(to: api.port, "beds.csv"))
                // It is as old as the count, so what was counted later stays.
                let late: [Bool] = try await api.ledger.pool.withConnection { connection in
                    try await connection.query("SELECT late FROM capacity_report ORDER BY id").map { try $0["late"] }
                }
                #expect(late == [false, false, true, true])
            }
        }
    }

    @Test func `A wrong line stops the whole file, and is named as it stands in it`() async throws {
        try await TestAPI.with { api in
            try await Machine.with(try await api.token(TestAPI.shelter)) { machine in
                try machine.write("beds.csv", "unit,free\nu1,2\nu3,many\n")
                let unread = try await machine.report(to: api.port, "beds.csv")
                #expect(unread.status == 65 && unread.messages.contains("beds.csv, line 3"), "\(unread.messages)")
                try machine.write("beds.csv", "unit,free\nu1,2\nu2,1\nu3,1\n")
                let refused = try await machine.report(to: api.port, "beds.csv", language: "nl_NL.UTF-8")
                #expect(refused.status == 2)
                #expect(refused.messages.contains("mag dit niet melden") && refused.messages.contains("regel 3"))
                let header = "unit,kind,number,from,until,reason,observed_at,key\n"
                try machine.write(
                    "beds.csv", header + "u1,free,2,,,counted,,\nu3,none,1,soon,,counted,,\nu3,free,x,,,,,\n")
                let wrong = try await machine.report(to: api.port, "beds.csv")
                #expect(wrong.status == 65)
                #expect(
                    wrong.messages.contains("line 3, kind: one of free,") && wrong.messages.contains("line 4, number:"))
                #expect(try await reported(api.ledger) == [])
            }
        }
    }

    @Test func `An answer that is lost makes no second report`() async throws {
        try await TestAPI.with { api in
            let token = try await api.token(TestAPI.shelter)
            try await CuttingProxy.run { proxy in
                try await Machine.with(token) { machine in
                    proxy.lead(to: api.port, .cutAtAnswer, .refused, .cutAtAnswer)
                    expectSilence(try await machine.report(to: proxy.port, "u1", "1"))
                    #expect(proxy.connections == 4)
                    #expect(try await reported(api.ledger) == ["u1 1"])
                }
            }
        }
    }

    @Test func `A server that stops after it took the report in and comes back has it once`() async throws {
        try await withLedger { ledger in
            try await ledger.load(Scene().instance())
            try await CuttingProxy.run { proxy in
                var report: Task<Outcome, any Error>?
                try await TestAPI.serve(ledger) { api in
                    proxy.lead(to: api.port, .cutAtAnswer)
                    let token = try await api.token(TestAPI.shelter)
                    report = Task { try await Machine.with(token) { try await $0.report(to: proxy.port, "u1", "1") } }
                    await proxy.answerCut()
                }
                #expect(try await reported(ledger) == ["u1 1"])
                try await TestAPI.serve(ledger) { api in
                    proxy.lead(to: api.port)
                    let outcome = try await report?.value
                    expectSilence(try #require(outcome))
                }
                #expect(try await reported(ledger) == ["u1 1"])
            }
        }
    }

    @Test func `Whoever asks too often waits as long as the server says`() async throws {
        try await TestAPI.with {
            $0.limits.burst = 1
            $0.limits.requestsPerSecond = 0.001
        } _: { api in
            try await Machine.with(try await api.token(TestAPI.shelter)) { machine in
                expectSilence(try await machine.report(to: api.port, "u1", "1"))
                let hurried = try await machine.report(to: api.port, "u1", "2", patience: 0)
                #expect(hurried.status == 1 && hurried.messages.contains("it answered 429"), "\(hurried.messages)")
                // Of a server that says soon.
                try await TestAPI.serve(
                    api.ledger,
                    {
                        $0.limits.burst = 1
                        $0.limits.requestsPerSecond = 0.5
                    }
                ) { soon in
                    for number in ["2", "3"] {
                        expectSilence(try await machine.report(to: soon.port, "u1", number))
                    }
                }
                #expect(try await reported(api.ledger) == ["u1 1", "u1 2", "u1 3"])
            }
        }
    }

    @Test func `It explains what it could not do, in a language of the one who reads it`() async throws {
        try await TestAPI.with { api in
            try await Machine.with("ond_nonsense") { machine in
                let stranger = try await machine.report(to: api.port, "u1", "1")
                #expect(stranger.status == 2 && stranger.messages.contains("the token is not accepted"))
                try machine.write("token", try await api.token(TestAPI.shelter, scopes: ["capacity:read"]), mode: 0o600)
                let reader = try await machine.report(to: api.port, "u1", "1", language: "nl_NL.UTF-8")
                #expect(reader.status == 2 && reader.messages.contains("dit token mag dit niet melden"))
                let unreachable = try await machine.report(to: 1, "u1", "1", patience: 0)
                #expect(unreachable.status == 1 && unreachable.messages.contains("whether the report arrived"))
                let elsewhere = try await machine.report(to: api.metricsPort, "u1", "1")
                #expect(elsewhere.status == 1 && elsewhere.messages.contains("is not Onderdak"))
                try machine.write("token", "ond_nonsense", mode: 0o640)
                let open = try await machine.report(to: api.port, "u1", "1")
                #expect(open.status == 64 && open.messages.contains("chmod 600"))
                try machine.write("token", "ond nonsense\"\nurl = x", mode: 0o600)
                #expect(try await machine.report(to: api.port, "u1", "1").status == 64)
                let clear = try await machine.report(to: api.port, "--server", "http://onderdak.example", "u1", "1")
                #expect(clear.status == 64 && clear.messages.contains("https://"))
                let manual = try await machine.report(to: api.port, "--help", language: "nl")
                #expect(manual.status == 0 && manual.output.contains("Uitkomst: 0"))
            }
        }
    }
}
