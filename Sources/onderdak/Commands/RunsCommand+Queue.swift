import API
import ArgumentParser
import CareChain
import Foundation
import Ledger

extension RunsCommand {
    struct Publish: ServedCommand {
        static let configuration = CommandConfiguration(
            commandName: "publish",
            abstract: "Put a run's proposals before people, but those that facts have overtaken.",
            discussion: "Example: onderdak runs publish 3 --as desk/national")

        @Argument(help: "The number of the run.") var number: Int
        @OptionGroup var keyed: KeyOption
        @OptionGroup var served: ServedOptions

        func run() async throws {
            try await served.answer({ try await $0.publish(number, key: keyed.key) }) { publication in
                var text = "run \(number): \(publication.published.count) proposed, "
                text += "\(publication.unplaced.count) without a place, \(publication.dropped.count) dropped\n"
                for dropped in publication.dropped { text += "  \(dropped.request): \(dropped.reason)\n" }
                return text
            }
        }
    }

    struct Ask: ServedCommand {
        static let configuration = CommandConfiguration(
            commandName: "ask", abstract: "Ask for a run; a planner (onderdak runs work) makes it.",
            discussion: "Example: onderdak runs ask --days 180 --as desk/national")

        @Option(help: "The first day (default: today).") var day: CalendarDate?
        // A number below 0 is read as one, so that what is wrong with it can be told.
        @Option(parsing: .unconditional, help: "The number of days.") var days = 180
        @Option(parsing: .unconditional, help: "Seconds after which to stop with the best plan so far.")
        var timeLimit = 100.0
        @Option(parsing: .unconditional, help: "Iterations after which to stop.") var iterations: Int?
        @Option(parsing: .unconditional, help: "The seed of every choice that is free.") var seed = 0
        @OptionGroup var keyed: KeyOption
        @OptionGroup var served: ServedOptions

        func validate() throws {
            if !(1...3660).contains(days) { throw ValidationError("--days must be from 1 to 3660.") }
            try limits.validate()
        }

        private var limits: RunLimits { RunLimits(seed: seed, seconds: timeLimit, iterations: iterations) }

        func run() async throws {
            try await served.answer({
                try await $0.askForPlan(from: day, days: days, limits, key: keyed.key)
            }) { "job \($0.id)\n" }
        }
    }

    struct Follow: ServedCommand {
        static let configuration = CommandConfiguration(
            commandName: "follow", abstract: "Wait for a run that was asked for.",
            discussion: """
                Ends when there is a run, or none can be made (exit status 1).

                Example: onderdak runs follow 4 --as desk/national
                """)

        @Argument(help: "The number of the job.") var number: Int
        @OptionGroup var served: ServedOptions

        func run() async throws {
            let job = try await served.work { client in
                var job = try await client.planJob(number)
                while job.run == nil, job.state != .failed {
                    // A planner tells nobody that it is done.
                    try await Task.sleep(for: .seconds(1))
                    job = try await client.planJob(number)
                }
                return job
            }
            guard let run = job.run else {
                throw Failure(status: .failed, sentence: "job \(number): \(job.failure ?? "no run could be made")")
            }
            try served.format.show(job) { "job \($0.id): run \(run)\n" }
        }
    }

    struct Work: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "work", abstract: "Make the runs that were asked for, until there are none.",
            discussion: """
                Several may work at once. Who dies over a run is replaced: after 30 seconds without a heartbeat another \
                planner takes it. onderdak work goes on until it is stopped.

                Example: onderdak runs work
                """)

        func run() async throws {
            try await Database.withLedger { ledger in
                let work = PlanWork(ledger)
                while let (job, outcome) = try await work.next() {
                    if case .failed = outcome {
                        Console.message("job \(job): \(outcome)")
                    } else {
                        try Console.write("job \(job): \(outcome)\n")
                    }
                }
            }
        }
    }
}
