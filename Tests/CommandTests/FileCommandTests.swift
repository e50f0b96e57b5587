import CareChain
import Foundation
import Planning
import Testing

/// One after another: on Linux, Foundation may notice the end of a process only when those begun beside it have ended too.
@Suite(.serialized) struct CommandTests {}

extension CommandTests {
    @Suite struct FileCommandTests {
        private func smallDay(seed: Int = 3) async throws -> Data {
            let outcome = try await onderdak("generate", "snapshot", "--seed", "\(seed)", "--open", "8", "--days", "30")
            try #require(outcome.status == 0, "\(outcome.messages)")
            return outcome.output
        }

        @Test func `The same seed makes up the same bytes, another seed others`() async throws {
            let day = try await smallDay()
            #expect(try await smallDay() == day)
            #expect(try await smallDay(seed: 4) != day)
            let stream = try await onderdak("generate", "stream", "--seed", "3", "--days", "40", "--open", "9")
            #expect(stream.status == 0)
            #expect(try Instance(json: Array(stream.output)).horizon.days == 40)
        }

        @Test func `A plan of standard input goes to standard output and is feasible`() async throws {
            let day = try await smallDay()
            let planned = try await onderdak("plan", "-", "--output", "-", input: day)
            #expect(planned.status == 0)
            #expect(planned.messages.isEmpty)
            let plan = try Plan(json: Array(planned.output))
            let verdict = try Referee.judge(plan, of: try Instance(json: Array(day)))
            #expect(verdict.isFeasible)
            #expect(verdict.costs?.total == plan.objective)
            #expect(plan.solver?.version == Planner.version)
        }

        @Test func `What is no file is written to and not replaced`() async throws {
            let day = try await smallDay()
            try await withFolder { folder in
                let device = folder.appending(path: "device")
                try FileManager.default.createSymbolicLink(atPath: device.path, withDestinationPath: "/dev/full")
                let planned = try await onderdak("plan", "-", "--output", device.path, input: day)
                #expect(planned.status == 1)
                #expect(planned.messages.contains("cannot be written"))
                let kind = try FileManager.default.attributesOfItem(atPath: device.path)[.type] as? FileAttributeType
                #expect(kind == .typeSymbolicLink)
            }
        }

        @Test func `A directory where a file should be is refused with status 65`() async throws {
            let day = try await smallDay()
            for arguments in [
                ["plan", "/"], ["plan", "-", "--from", "/"], ["explain", "/", "-", "r1"], ["explain", "-", "/", "r1"],
                ["verify", "/", "/"], ["verify", "-", "/"], ["enumerate", "/"],
            ] {
                let outcome = try await Program(arguments, input: day).run()
                #expect(outcome.status == 65, "\(arguments)")
                #expect(outcome.output.isEmpty, "\(arguments)")
                #expect(outcome.messages == "onderdak: /: is a directory, not a file\n", "\(arguments)")
            }
        }

        @Test func `What cannot be written or read is told in a plain sentence`() async throws {
            let day = try await smallDay()
            let nowhere = try await onderdak("plan", "-", "--output", "/does/not/exist.json", input: day)
            #expect(nowhere.status == 1)
            #expect(
                nowhere.messages
                    == "onderdak: /does/not/exist.json: cannot be written: No such file or directory\n")
            let nothing = try await onderdak("plan", "/does/not/exist.json")
            #expect(nothing.status == 65)
            #expect(
                nothing.messages == "onderdak: /does/not/exist.json: cannot be read: No such file or directory\n")
        }

        @Test func `A plan goes to a file, a table to people`() async throws {
            let day = try await smallDay()
            try await withFolder { folder in
                let (instance, plan) = (folder.appending(path: "day.json"), folder.appending(path: "plan.json"))
                try day.write(to: instance)
                let silent = try await onderdak("plan", instance.path, "--output", plan.path)
                #expect(silent.status == 0)
                #expect(silent.output.isEmpty)
                let table = try await onderdak("plan", instance.path, "--format", "table")
                #expect(table.text.contains("open requests placed"))
                #expect(table.text.contains("objective"))

                let verdict = try await onderdak("verify", instance.path, plan.path)
                #expect(verdict.status == 0)
                let keys = try #require(try JSONSerialization.jsonObject(with: verdict.output) as? [String: Any])
                #expect(
                    Set(keys.keys) == [
                        "feasible", "rules", "violations", "violationCount", "objective", "terms", "placedRequests",
                        "unplacedRequests",
                    ])
                #expect(keys["feasible"] as? Bool == true)
            }
        }

        @Test func `A plan speaks Dutch, in its table and its reasons, with the same codes`() async throws {
            let day = try await smallDay()
            let english = try Plan(json: Array(try await onderdak("plan", "-", input: day).output))
            let dutch = try Plan(
                json: Array(try await onderdak("plan", "-", "--language", "nl", input: day).output))
            #expect(dutch.stays == english.stays)
            #expect(dutch.unplaced.map(\.request) == english.unplaced.map(\.request))
            #expect(dutch.unplaced.map { $0.reasons.map(\.code) } == english.unplaced.map { $0.reasons.map(\.code) })
            let sentences = dutch.unplaced.flatMap(\.reasons).map(\.detail)
            #expect(!sentences.isEmpty)
            #expect(sentences.allSatisfy { $0.contains("afdeling") })

            let table = try await onderdak("plan", "-", "--format", "table", "--language", "nl", input: day)
            #expect(table.text.contains("open verzoeken geplaatst"))
            #expect(table.text.contains("geen plek"))
            #expect(!table.text.contains("no place"))

            try await withFolder { folder in
                let (instance, plan) = (folder.appending(path: "day.json"), folder.appending(path: "plan.json"))
                try day.write(to: instance)
                try Data(dutch.json()).write(to: plan)
                let verdict = try await onderdak(
                    "verify", instance.path, plan.path, "--format", "table", "--language", "nl")
                #expect(verdict.status == 0)
                #expect(verdict.text.hasPrefix("uitvoerbaar"))
            }
        }

        @Test func `A broken plan is told with status 2, rule by rule`() async throws {
            let day = try await smallDay()
            try await withFolder { folder in
                let (instance, file) = (folder.appending(path: "day.json"), folder.appending(path: "plan.json"))
                try day.write(to: instance)
                let planned = try await onderdak("plan", "-", input: day)
                var plan = try Plan(json: Array(planned.output))
                let stay = try #require(plan.stays.first { $0.until - $0.from > 1 })
                plan.stays.append(stay)
                try Data(plan.json()).write(to: file)
                let verdict = try await onderdak("verify", instance.path, file.path, "--format", "table")
                #expect(verdict.status == 2)
                #expect(verdict.text.contains("NOT feasible"))
                #expect(verdict.text.contains("timing"))
            }
        }

        @Test(arguments: [
            (["plan", "-"], "{", "line 1"),
            (["plan", "-"], #"{"format":"onderdak-instance/2"}"#, "format"),
            (["plan", "/does/not/exist.json"], "", "/does/not/exist.json: cannot be read"),
            (["verify", "-", "/does/not/exist.json"], "[]", "standard input"),
        ])
        func `Bad data is refused with status 65 and its place`(
            arguments: [String], input: String, message: String
        ) async throws {
            let outcome = try await Program(arguments, input: Data(input.utf8)).run()
            #expect(outcome.status == 65)
            #expect(outcome.output.isEmpty)
            #expect(outcome.messages.contains(message))
        }

        @Test(arguments: [
            ["plan"], ["plan", "a.json", "--database"], ["plan", "a.json", "--day", "2026-01-05"],
            ["plan", "a.json", "--time-limit", "0"], ["plan", "a.json", "--seed", "-1"],
            ["plan", "a.json", "--iterations"], ["plan", "a.json", "--greedy", "--iterations", "1"],
            ["plan", "--database", "--greedy"], ["enumerate"], ["enumerate", "a.json", "--at-most", "0"],
            ["explain", "a.json", "b.json"], ["explain", "-", "-", "r"],
            ["explain", "a.json", "b.json", "r", "--language", "fr"],
            ["verify", "-", "-"], ["verify", "a.json"], ["generate", "snapshot"], ["runs", "show"], ["load"],
            ["unknown"],
            ["plan", "a.json", "--wrong"], ["plan", "--database", "--day", "2026-02-30"],
        ])
        func `Wrong usage has status 64 and says how`(arguments: [String]) async throws {
            let outcome = try await Program(arguments).run()
            #expect(outcome.status == 64)
            #expect(outcome.messages.contains("Usage: onderdak"))
        }

        @Test(arguments: [
            (["plan", "a.json", "--seed", "-1"], "--seed must be from 0 to 2147483647."),
            (["plan", "a.json", "--iterations", "-10"], "--iterations must be 0 or more."),
            (["plan", "a.json", "--time-limit", "-0.5"], "--time-limit must be more than 0 seconds."),
            (["plan", "--database", "--days", "-1"], "--days must be from 1 to 3660."),
            (["runs", "ask", "--as", "desk/national", "--seed", "-1"], "--seed must be from 0 to 2147483647."),
            (["explain", "a.json", "b.json", "r", "--iterations", "-1"], "--iterations must be 0 or more."),
            (["explain", "a.json", "b.json", "r", "--time-limit", "-1"], "--time-limit must be more than 0 seconds."),
        ])
        func `Of a number below 0 it is told what the number must be`(arguments: [String], message: String) async throws
        {
            let outcome = try await Program(arguments).run()
            #expect(outcome.status == 64)
            #expect(outcome.messages.contains("Error: \(message)"))
        }

        @Test(arguments: [
            [], ["plan"], ["explain"], ["verify"], ["generate"], ["generate", "snapshot"], ["generate", "stream"],
            ["enumerate"], ["migrate"], ["load"],
            ["runs"], ["runs", "list"], ["runs", "show"], ["runs", "replay"],
        ])
        func `Every help has an example`(arguments: [String]) async throws {
            let outcome = try await Program(arguments + ["--help"]).run()
            #expect(outcome.status == 0)
            #expect(outcome.text.contains("Example"))
        }

        @Test func `The version is told`() async throws {
            let outcome = try await onderdak("--version")
            #expect(outcome.status == 0)
            #expect(outcome.text == "onderdak \(Planner.version)\n")
        }

        @Test func `The same bytes come out again, and with so many iterations at most`() async throws {
            let day = try await smallDay()
            var plans: [Plan] = []
            for _ in 0..<2 {
                let outcome = try await onderdak("plan", "-", "--iterations", "2", "--seed", "5", input: day)
                #expect(outcome.status == 0)
                var plan = try Plan(json: Array(outcome.output))
                #expect(plan.solver?.cut == false)
                #expect(plan.solver?.seed == 5)
                plan.solver?.seconds = nil
                plans.append(plan)
            }
            #expect(plans[0].json() == plans[1].json())
        }

        @Test func `A plan to start from is told to be another instance's`() async throws {
            let day = try await smallDay()
            let instance = try Instance(json: Array(day))
            try await withFolder { folder in
                let file = folder.appending(path: "plan.json")
                var plan = try Plan(json: Array(try await onderdak("plan", "-", input: day).output))
                try Data(plan.json()).write(to: file)
                let own = try await onderdak("plan", "-", "--from", file.path, input: day)
                #expect(own.status == 0)
                #expect(own.messages.isEmpty)

                let placed = Set(plan.stays.map(\.request)).count
                plan.instance = "yesterday"
                plan.stays.append(Stay(request: "gone", victim: "gone-1", unit: "nowhere", from: 0, until: 5))
                try Data(plan.json()).write(to: file)
                let english = try await onderdak("plan", "-", "--from", file.path, input: day)
                #expect(english.status == 0)
                let note =
                    "note: the plan to start from is of yesterday, not of \(instance.name); "
                    + "of its \(placed + 1) requests with a place \(placed) are known here, "
                    + "the stays of others are left out, and day 0 is taken for \(instance.horizon.start)\n"
                #expect(english.messages == note)
                let next = try Plan(json: Array(english.output))
                #expect(next.instance == instance.name)
                #expect(try Referee.judge(next, of: instance).isFeasible)
                let dutch = try await onderdak("plan", "-", "--from", file.path, "--language", "nl", input: day)
                #expect(dutch.messages.hasPrefix("let op: het plan om mee te beginnen is van yesterday, niet van "))
                #expect(dutch.messages.contains("zijn er hier \(placed) bekend"))
            }
        }

        @Test func `Out of time, the best plan so far is written and says so`() async throws {
            let year = try await onderdak("generate", "stream", "--seed", "1")
            let outcome = try await onderdak("plan", "-", "--time-limit", "0.5", input: year.output)
            #expect(outcome.status == 0)
            let plan = try Plan(json: Array(outcome.output))
            #expect(plan.solver?.cut == true)
            #expect(try Referee.judge(plan, of: try Instance(json: Array(year.output))).isFeasible)
        }

        @Test(arguments: [SIGINT, SIGTERM])
        func `Interrupted, the best plan so far is written`(signal: Int32) async throws {
            let year = try await onderdak("generate", "stream", "--seed", "1")
            let outcome = try await Program(["plan", "-"], input: year.output).run { process in
                // Once the program has taken the signal into its own hands; until then it would just end.
                while try !Self.isTrapping(signal, process) { try await Task.sleep(for: .milliseconds(5)) }
                kill(process, signal)
            }
            #expect(outcome.status == 0)
            let plan = try Plan(json: Array(outcome.output))
            #expect(plan.solver?.cut == true)
            #expect(try Referee.judge(plan, of: try Instance(json: Array(year.output))).isFeasible)
        }

        /// Whether a process ignores a signal's default action, as one does that receives it by other means.
        private static func isTrapping(_ signal: Int32, _ process: pid_t) throws -> Bool {
            let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
            try #require(!status.contains("State:\tZ"), "the program ended before the signal")
            return try ["SigIgn:", "SigCgt:"].contains { field in
                let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(field) })
                let mask = try #require(
                    UInt64(line.dropFirst(field.count).trimmingCharacters(in: .whitespaces), radix: 16))
                return mask & (1 << UInt64(signal - 1)) != 0
            }
        }
    }
}
