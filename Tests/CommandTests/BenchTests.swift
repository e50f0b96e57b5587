import CareChain
import Foundation
import Testing

extension CommandTests {
    @Suite struct BenchTests {
        private let benchmarks = netherlands.deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Benchmarks")

        private func bench(_ arguments: String..., binary: String? = nil) async throws -> Program.Outcome {
            let variables = binary.map { ["ONDERDAK_BINARY=\($0)"] } ?? []
            return try await Program(
                variables + ["python3", benchmarks.appending(path: "bench.py").path] + arguments,
                executable: "/usr/bin/env"
            ).run()
        }

        @Test func `The benchmark prints a row for each instance, the greedy plan beside it`() async throws {
            let outcome = try await bench("rules/budget", "rules/lock*", "--greedy")
            #expect(outcome.status == 0, "\(outcome.messages)")
            let rows = outcome.text.split(separator: "\n").map {
                $0.split(separator: " ", omittingEmptySubsequences: true)
            }
            #expect(
                rows.dropFirst().prefix(3).map { $0[0] } == ["rules/budget", "rules/locked", "rules/locked-overfull"])
            #expect(rows[1][4] == "1040")
            #expect(rows[1][5] == "1040")
            #expect(outcome.text.contains("3 of 3 proven optimal"))
        }

        @Test func `The benchmark compares prices with what planning with one more bed saves`() async throws {
            let outcome = try await bench("rules/capacity", "--prices")
            #expect(outcome.status == 0, "\(outcome.messages)")
            #expect(outcome.text.contains("rules/capacity: prices and what planning with the bed saves"))
            let rows = outcome.text.split(separator: "\n").filter { $0.hasPrefix("n1 ") }
            #expect(rows.count == 2, "all days and the dearest one")
        }

        @Test func `A plan that the referee refuses gives status 2`() async throws {
            let binary = try #require(ProcessInfo.processInfo.environment["ONDERDAK_BINARY"])
            try await withFolder { folder in
                let strict = folder.appending(path: "strict")
                try Data(
                    """
                    #!/bin/sh
                    [ "$1" = verify ] || exec '\(binary)' "$@"
                    echo '{"feasible": false, "rules": ["capacity"]}'
                    exit 2

                    """.utf8
                ).write(to: strict)
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: strict.path)
                let outcome = try await bench("rules/budget", binary: strict.path)
                #expect(outcome.status == 2)
                #expect(outcome.messages.contains("rules/budget: WRONG: infeasible: capacity"))
            }
        }

        @Test(arguments: [["no-such-instance"], ["--time-limit", "0"], ["--wrong"]])
        func `Wrong usage of the benchmark gives status 64`(arguments: [String]) async throws {
            let outcome = try await Program(
                ["python3", benchmarks.appending(path: "bench.py").path] + arguments, executable: "/usr/bin/env"
            ).run()
            #expect(outcome.status == 64)
            #expect(outcome.messages.contains("bench: "))
        }

        @Test func `The trajectories of an instance are written out, unless they are too many`() async throws {
            let instance = benchmarks.appending(path: "rules/budget.json").path
            let outcome = try await onderdak("enumerate", instance)
            #expect(outcome.status == 0)
            let list = try #require(try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any])
            #expect(list["format"] as? String == "onderdak-trajectories/1")
            #expect((list["trajectories"] as? [Any])?.isEmpty == false)
            let refused = try await onderdak("enumerate", instance, "--at-most", "1")
            #expect(refused.status == 1)
            #expect(refused.output.isEmpty)
            #expect(refused.messages.contains("has more than 1 trajectories"))
        }

        @Test func `The greedy plan keeps every rule and states no bound`() async throws {
            let instance = benchmarks.appending(path: "rules/capacity.json")
            let outcome = try await onderdak("plan", instance.path, "--greedy")
            #expect(outcome.status == 0)
            let plan = try Plan(json: Array(outcome.output))
            #expect(plan.bound == nil)
            #expect(plan.solver?.status == .feasible)
            #expect(try Referee.judge(plan, of: try Instance(json: Array(Data(contentsOf: instance)))).isFeasible)
        }
    }
}
