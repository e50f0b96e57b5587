import ArgumentParser
import CareChain
import Foundation
import Ledger
import Planning

/// `onderdak plan`: an instance in, a plan out.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Plan an instance: a file, or what the database holds.",
        discussion: """
            Reads an onderdak-instance/1 file and writes an onderdak-plan/1 file; no database is needed. With \
            --database it plans what the ledger holds on a day, and keeps the run and its proposals; DATABASE_URL or the \
            PG* variables say which database. Interrupted (Ctrl-C), it writes the best plan so far.

            Examples:
              onderdak plan national.json --output plan.json
              onderdak plan changed.json --from plan.json --output next.json
              onderdak plan - --time-limit 60 --format table --language nl < national.json
              onderdak plan --database --day 2026-01-05 --days 180
            """)

    @Argument(help: "The instance; - is standard input.", completion: .file())
    var instance: String?

    @Flag(help: "Plan what the database holds instead of a file.")
    var database = false

    @Option(help: "With --database: the first day, YYYY-MM-DD (default: today in Amsterdam).")
    var day: CalendarDate?

    // A number below 0 is read as one, so that what is wrong with it can be told.
    @Option(parsing: .unconditional, help: "With --database: the number of days (default: 180).")
    var days: Int?

    @Option(
        help: """
            A plan to start from, of the same horizon: among plans that cost the same, those that change fewer of its \
            stays are preferred.
            """, completion: .file())
    var from: String?

    @Option(help: "Write the plan to this file; - is standard output.", completion: .file())
    var output: String?

    @Option(
        parsing: .unconditional, help: "Seconds, reading counted, after which to stop with the best plan so far.")
    var timeLimit = 100.0

    @Option(parsing: .unconditional, help: "Iterations of column generation after which to stop.")
    var iterations: Int?

    @Option(parsing: .unconditional, help: "The seed of every choice that is free.")
    var seed = 0

    @Flag(help: "Plan as people do by hand: requests by urgency and day, each to its cheapest place then left.")
    var greedy = false

    @Option(help: "What to print: the plan as json, or a table for people (default: json, or nothing with --output).")
    var format: OutputFormat?

    @Option(help: "The language of the table and of the reasons in the plan: en or nl.")
    var language = Language.english

    func validate() throws {
        if database == (instance != nil) {
            throw ValidationError("Give either an instance file or --database.")
        }
        if !database, day != nil || days != nil { throw ValidationError("--day and --days go with --database.") }
        try RunLimits(seed: seed, seconds: timeLimit, iterations: iterations).validate()
        if from != nil, database || greedy { throw ValidationError("--from goes with an instance file, not --greedy.") }
        if from == "-", instance == "-" { throw ValidationError("Only one of the two can be standard input.") }
        if greedy, database || iterations != nil {
            throw ValidationError("--greedy plans a file, and has no --iterations.")
        }
        if let days, !(1...3660).contains(days) { throw ValidationError("--days must be from 1 to 3660.") }
    }

    func run() async throws {
        let session = PlanningSession(timeLimit: timeLimit, iterations: iterations, seed: seed)
        if let path = instance {
            // Both are read at once: of a short replanning, reading is a good part.
            async let reading = from.map { try InputFile.plan($0) }
            let instance = try InputFile.instance(path)
            let previous = try await reading
            if let previous, previous.instance != instance.name { note(ofAnother: previous, for: instance) }
            try write(
                greedy ? session.greedyPlan(instance) : try await session.plan(instance, from: previous), of: instance)
        } else {
            let (plan, instance, run) = try await Database.withLedger { ledger in
                try await ledger.sweep()
                let instance = try await ledger.instance(on: day ?? .todayInAmsterdam, days: days ?? 180)
                var plan = try await session.plan(instance)
                // They tell who must not meet; the ledger keeps none either.
                plan.sharedPrices = nil
                let limits = RunLimits(seed: seed, seconds: timeLimit, iterations: iterations)
                return (plan, instance, try await ledger.keep(plan, of: instance, limits: limits))
            }
            try write(plan, of: instance)
            Console.message("kept as run \(run): onderdak runs show \(run)")
        }
    }

    /// Says what becomes of a plan to start from that is another instance's. The plan of the day before is one, and so it is
    /// not refused.
    private func note(ofAnother previous: Plan, for instance: Instance) {
        let placed = Set(previous.stays.map(\.request))
        let known = placed.count(where: { instance.requestIndex[$0] != nil })
        let note = Sentence(
            english: "note: the plan to start from is of \(previous.instance), not of \(instance.name); "
                + "of its \(placed.count) requests with a place \(known) are known here, "
                + "the stays of others are left out, and day 0 is taken for \(instance.horizon.start)",
            dutch: "let op: het plan om mee te beginnen is van \(previous.instance), niet van \(instance.name); "
                + "van de \(placed.count) verzoeken met een plek zijn er hier \(known) bekend, "
                + "de verblijven van andere vallen weg, en dag 0 geldt als \(instance.horizon.start)")
        Console.message(note.in(language))
    }

    private func write(_ plan: Plan, of instance: Instance) throws {
        let plan = language == .english ? plan : plan.withReasons(in: language, of: instance)
        if let output { try InputFile.write(plan.json(), to: output) }
        switch format ?? (output == nil ? .json : nil) {
        case .json: if output != "-" { try Console.write(plan.json()) }
        case .table: try Console.write(PlanTable(plan, of: instance, in: language).text)
        case nil: break
        }
    }
}

extension RunLimits {
    /// Refuses numbers that limit no run.
    func validate() throws {
        if let seconds, !(seconds > 0) || !seconds.isFinite {
            throw ValidationError("--time-limit must be more than 0 seconds.")
        }
        if let iterations, iterations < 0 { throw ValidationError("--iterations must be 0 or more.") }
        if !(0...Int(Int32.max)).contains(seed) { throw ValidationError("--seed must be from 0 to 2147483647.") }
    }
}

extension CalendarDate {
    /// The date in the Netherlands, where a desk's day begins and ends whatever the machine's own zone is.
    fileprivate static var todayInAmsterdam: CalendarDate {
        get throws(Failure) {
            var calendar = Calendar(identifier: .gregorian)
            if let zone = TimeZone(identifier: "Europe/Amsterdam") {
                calendar.timeZone = zone
            } else {
                throw Failure(
                    status: .failed,
                    sentence: "this machine does not know the time zone Europe/Amsterdam: install tzdata, or give --day"
                )
            }
            let parts = calendar.dateComponents([.year, .month, .day], from: Date())
            guard let year = parts.year, let month = parts.month, let day = parts.day,
                let date = CalendarDate(year: year, month: month, day: day)
            else { throw Failure(status: .failed, sentence: "this machine's clock is far off: give --day") }
            return date
        }
    }
}
