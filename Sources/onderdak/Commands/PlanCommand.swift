import ArgumentParser
import CareChain
import Planning

/// `onderdak plan`: an instance in, a plan out.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Plan an instance: a file, or what the database holds.",
        discussion: """
            Reads an onderdak-instance/1 file and writes an onderdak-plan/1 file; no database is needed. With \
            --database it plans what the ledger holds on a day, and keeps the run and its proposals. Interrupted \
            (Ctrl-C), it writes the best plan so far.

            Examples:
              onderdak plan national.json --output plan.json
              onderdak plan - --time-limit 60 --format table < national.json
              onderdak plan --database --day 2026-01-05 --days 180
            """)

    @Argument(help: "The instance; - is standard input.")
    var instance: String?

    @Flag(help: "Plan what the database holds instead of a file.")
    var database = false

    @Option(help: "With --database: the first day, YYYY-MM-DD (default: today).")
    var day: CalendarDate?

    @Option(help: "With --database: the number of days (default: 180).")
    var days: Int?

    @Option(help: "Write the plan to this file; - is standard output.")
    var output: String?

    @Option(help: "Seconds after which to stop with the best plan so far.")
    var timeLimit: Double?

    @Option(help: "Iterations of column generation after which to stop.")
    var iterations: Int?

    @Option(help: "The seed of every choice that is free.")
    var seed = 0

    @Option(help: "What to print: the plan as json, or a table for people (default: json, or nothing with --output).")
    var format: OutputFormat?

    func validate() throws {
        if database == (instance != nil) {
            throw ValidationError("Give either an instance file or --database.")
        }
        if !database, day != nil || days != nil { throw ValidationError("--day and --days go with --database.") }
        if let timeLimit, !(timeLimit > 0) || !timeLimit.isFinite {
            throw ValidationError("--time-limit must be more than 0 seconds.")
        }
        if let iterations, iterations < 0 { throw ValidationError("--iterations must be 0 or more.") }
        if !(0...Int(Int32.max)).contains(seed) { throw ValidationError("--seed must be from 0 to 2147483647.") }
        if let days, !(1...3660).contains(days) { throw ValidationError("--days must be from 1 to 3660.") }
    }

    func run() async throws {
        let session = PlanningSession(timeLimit: timeLimit, iterations: iterations, seed: seed)
        if let path = instance {
            let instance = try InputFile.instance(path)
            let plan = try await session.plan(instance)
            try write(plan, of: instance)
        }
    }

    private func write(_ plan: Plan, of instance: Instance) throws {
        if let output { try InputFile.write(plan.json(), to: output) }
        switch format ?? (output == nil ? .json : nil) {
        case .json: if output != "-" { try Console.write(plan.json()) }
        case .table: try Console.write(PlanTable(plan, of: instance).text)
        case nil: break
        }
    }
}
