import API
import ArgumentParser
import CareChain
import Foundation
import Ledger
import LinearProgramming
import Planning

/// `onderdak runs`: the plans that were made of what the database held.
struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "The plans made of what the database held: list, show, replay.",
        discussion: """
            Examples:
              onderdak runs
              onderdak runs show 3 --instance > day.json
              onderdak runs replay 3
              onderdak runs publish 3 --as desk/national
            """,
        subcommands: [List.self, Show.self, Replay.self, Ask.self, Follow.self, Publish.self, Work.self],
        defaultSubcommand: List.self)

    struct List: ServedCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "All runs, the newest first.",
            discussion: "Example: onderdak runs list --as desk/national")

        @OptionGroup var reader: RunReader
        @Option(help: "What to print: table or json.")
        var format = OutputFormat.table

        func run() async throws {
            let runs =
                reader.isSomebody
                ? try await reader.withClient { try await $0.runs() }
                : try await Database.withLedger { try await $0.runs() }.map(PlanRunBody.init)
            try format.show(runs, as: RunsCommand.table)
        }
    }

    struct Show: ServedCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "One run: what it proposes, or its input or output byte for byte.",
            discussion: """
                With --as, or on a server, it tells what the run proposes for the requests that who acts may see.

                Examples:
                  onderdak runs show 3 --as coordinator/frl
                  onderdak runs show 3 --instance | onderdak plan - --format table
                """)

        @Argument(help: "The number of the run.")
        var number: Int

        @Flag(help: "Print the instance as it was planned.")
        var instance = false

        @Flag(help: "Print the plan.")
        var plan = false

        @OptionGroup var reader: RunReader

        @Option(help: "What to print of the run: table or json.")
        var format = OutputFormat.table

        @Option(
            help: "The language of the plan's table: en or nl. What is kept, and so what a run proposes, is in English."
        )
        var language = Language.english

        func validate() throws {
            if instance, plan { throw ValidationError("Give either --instance or --plan.") }
            if reader.isNamed, instance || plan {
                throw ValidationError("--instance and --plan are for who has the database: nobody else is told them.")
            }
        }

        func run() async throws {
            guard reader.isSomebody, !instance, !plan else {
                return try show(try await Database.withLedger { try await $0.run(number) })
            }
            let (run, proposals) = try await reader.withClient { client in
                (try await client.run(number), try await client.proposals(of: number))
            }
            try format.show(ShownRun(run: run, proposals: proposals)) {
                RunsCommand.table([$0.run]) + "\n" + RunsCommand.table($0.proposals)
            }
        }

        private struct ShownRun: Encodable {
            let run: PlanRunBody
            let proposals: [ProposalBody]
        }

        private func show(_ kept: KeptRun) throws {
            if instance { return try Console.write(kept.instance) }
            if plan { return try Console.write(kept.plan) }
            switch format {
            case .json: try Console.write(json: PlanRunBody(kept.run))
            case .table:
                let (instance, asKept) = try kept.values()
                let plan = language == .english ? asKept : asKept.withReasons(in: language, of: instance)
                try Console.write(
                    RunsCommand.table([PlanRunBody(kept.run)]) + "\n"
                        + PlanTable(plan, of: instance, in: language).text)
            }
        }
    }

    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "replay",
            abstract: "Plan a run's instance again and compare the plans byte for byte.",
            discussion: """
                The seconds that planning took are left out of the comparison. Exit status 0 when the plans are the same, \
                2 when they differ, 1 when the run was ended by the clock or an interrupt, or facts of erased cases were taken out \
                of it, and so cannot be repeated.

                Example: onderdak runs replay 3
                """)

        @Argument(help: "The number of the run.")
        var number: Int

        func run() async throws {
            let kept = try await Database.withLedger { try await $0.run(number) }
            let (instance, plan) = try repeatable(kept)
            // It ended by itself or by its iterations, so it needs no clock to end there again.
            let again = try await PlanningSession(
                timeLimit: nil, iterations: kept.run.limits.iterations, seed: kept.run.limits.seed
            ).plan(instance)
            try compare(again, with: plan, of: kept)
        }

        private func repeatable(_ kept: KeptRun) throws -> (Instance, Plan) {
            guard !kept.run.cut else {
                throw Failure(
                    status: .failed,
                    sentence: "run \(number) was ended by the clock or an interrupt and cannot be repeated")
            }
            if let blankedAt = kept.run.blankedAt {
                throw Failure(
                    status: .failed,
                    sentence: "run \(number) cannot be repeated: facts of erased cases were taken out of it on "
                        + "\(blankedAt.ISO8601Format())")
            }
            return try kept.values()
        }

        private func compare(_ plan: Plan, with before: Plan, of kept: KeptRun) throws {
            var again = plan
            again.solver?.seconds = before.solver?.seconds
            again.sharedPrices = nil
            if again.json() == kept.plan { return try Console.write("run \(number): the same plan, byte for byte\n") }
            var differences: [String] = []
            for (name, was, now) in [
                ("version", kept.run.version, again.solver?.version), ("engine", kept.run.engine, again.solver?.engine),
                ("objective", "\(kept.run.objective)", again.objective.map(String.init)),
                ("bound", kept.run.bound.map(String.init) ?? "none", again.bound.map(String.init) ?? "none"),
            ] where now != was {
                differences.append("\(name) was \(was), is \(now ?? "none")")
            }
            let stays = Set(again.stays).symmetricDifference(before.stays).count
            if stays > 0 { differences.append("\(stays) stays are in one plan only") }
            if again.prices != before.prices { differences.append("prices are others") }
            throw Failure(
                status: .checkFailed,
                sentence: "run \(number): another plan; \(differences.joined(separator: "; "))")
        }
    }
}

/// Who reads runs: an actor in the database or on a server, as far as theirs goes, or else whoever has the database.
struct RunReader: ParsableArguments {
    @Option(
        name: .customLong("as"),
        help: "Who acts in the database: ROLE/ID, desk/national for example; without it, whoever has the database.")
    var actor: Actor?

    @OptionGroup var server: ServerOptions

    func validate() throws { try server.check(actor) }

    /// Whether an actor or a server is named on the command line.
    var isNamed: Bool { actor != nil || server.server != nil }

    /// Whether it is somebody who is told what is theirs only.
    var isSomebody: Bool { actor != nil || server.isGiven }

    /// Runs work for them.
    func withClient<Success>(_ body: (APIClient) async throws -> Success) async throws -> Success {
        try await server.withClient(as: actor, body)
    }
}

extension KeptRun {
    /// The instance and the plan as values.
    fileprivate func values() throws(Failure) -> (Instance, Plan) {
        do {
            return (try Instance(json: instance), try Plan(json: plan))
        } catch {
            throw Failure(status: .failed, sentence: "run \(run.id) was kept in another form: \(error)")
        }
    }
}

extension RunsCommand {
    static func table(_ runs: [PlanRunBody]) -> String {
        var table = TextTable([
            ("run", .right), ("kept at", .left), ("first day", .left), ("days", .right), ("placed", .right),
            ("unplaced", .right), ("objective", .right), ("bound", .right), ("status", .left), ("seconds", .right),
            ("seed", .right), ("version", .left),
        ])
        for run in runs {
            table.add([
                String(run.id), run.keptAt.ISO8601Format(), run.from.description, String(run.days), String(run.placed),
                String(run.unplaced), String(run.objective), run.bound.map(String.init) ?? "-",
                run.status + (run.cut ? ", cut" : ""), String(run.seconds), String(run.seed), run.version,
            ])
        }
        return table.text
    }

    static func table(_ proposals: [ProposalBody]) -> String {
        var table = TextTable([
            ("request", .left), ("victim", .left), ("unit", .left), ("days", .left), ("why not", .left),
        ])
        for proposal in proposals {
            for stay in proposal.stays {
                table.add([proposal.request, stay.victim, stay.unit, "\(stay.from) to \(stay.until)", ""])
            }
            if !proposal.placed {
                table.add([
                    proposal.request, "", "no place", "", proposal.reasons.map(\.detail).joined(separator: "; "),
                ])
            }
        }
        return table.text
    }
}
