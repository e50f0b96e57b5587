public import ArgumentParser
public import CareChain
import Foundation
import LinearProgramming
import Planning

/// `onderdak explain`: why a request is where it is in a plan, or has no place, and what could be otherwise.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain a plan: why there, why not there, why no place and what would give one.",
        discussion: """
            Of a request that has a place: what it costs and the best other ways. Of one that has none: what closes \
            which units, and what single change (or pair of changes) would unlock a place, each tried and with the plan \
            it gives (in json). With --unit: why it is not in that unit, or what it would cost to put it there.

            Interrupted (Ctrl-C) or out of time, it tells what it has found so far. Exit status 2 when the plan breaks a \
            rule, 65 when it is not a plan of the instance or the request or unit is not there.

            Examples:
              onderdak explain national.json plan.json r292
              onderdak explain national.json plan.json r292 --unit s12-cr --language nl
            """)

    @Argument(help: "The instance; - is standard input.", completion: .file())
    var instance: String

    @Argument(help: "The plan; - is standard input.", completion: .file())
    var plan: String

    @Argument(help: "The request.")
    var request: String

    @Option(help: "Only tell why it is not in this unit.")
    var unit: String?

    @Option(help: "What to print: a table for people, or json for programs.")
    var format = OutputFormat.table

    @Option(help: "The language of the table: en or nl.")
    var language = Language.english

    // A number below 0 is read as one, so that what is wrong with it can be told.
    @Option(parsing: .unconditional, help: "Seconds after which to tell what has been found so far.")
    var timeLimit = 30.0

    @Option(parsing: .unconditional, help: "Iterations of column generation after which to stop planning anew.")
    var iterations: Int?

    func validate() throws {
        if instance == "-", plan == "-" { throw ValidationError("Only one of the two can be standard input.") }
        if !(timeLimit > 0) || !timeLimit.isFinite {
            throw ValidationError("--time-limit must be more than 0 seconds.")
        }
        if let iterations, iterations < 0 { throw ValidationError("--iterations must be 0 or more.") }
    }

    func run() async throws {
        let question = try question()
        try show(try await question.answer(), of: question.instance)
    }

    private func question() throws(Failure) -> Question {
        let session = PlanningSession(timeLimit: timeLimit, iterations: iterations, seed: 0)
        return Question(
            instance: try InputFile.instance(instance), plan: try InputFile.judgedPlan(plan),
            request: RequestID(request), unit: unit.map { UnitID($0) }, session: session)
    }

    private struct Question {
        let instance: Instance
        let plan: Plan
        let request: RequestID
        let unit: UnitID?
        let session: PlanningSession

        func answer() async throws -> Explanation {
            try await session.explain(plan, of: instance, request, in: unit)
        }
    }

    private func show(_ explanation: Explanation, of instance: Instance) throws {
        switch format {
        case .json: try Console.write(json: ExplanationDocument(explanation, of: instance))
        case .table: try Console.write(ExplanationText(explanation, of: instance, in: language).text)
        }
    }
}

extension Language: ExpressibleByArgument {}
