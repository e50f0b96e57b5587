import ArgumentParser
import CareChain

/// `onderdak verify`: the referee's verdict on a plan.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Judge a plan: does it keep every rule, and what does it cost?",
        discussion: """
            Exit status 0 when the plan is feasible, 2 when it is not, 65 when a file is not valid.

            Example: onderdak verify national.json plan.json --format table
            """)

    @Argument(help: "The instance; - is standard input.", completion: .file())
    var instance: String

    @Argument(help: "The plan; - is standard input.", completion: .file())
    var plan: String

    @Option(help: "What to print: json for programs, a table for people.")
    var format = OutputFormat.json

    @Option(help: "The language of the table: en or nl.")
    var language = Language.english

    func validate() throws {
        if instance == "-", plan == "-" { throw ValidationError("Only one of the two can be standard input.") }
    }

    func run() async throws {
        let instance = try InputFile.instance(instance)
        let verdict: Verdict
        do {
            verdict = try Referee.judge(try InputFile.judgedPlan(plan), of: instance)
        } catch let error as InvalidInput {
            throw Failure(status: .badData, sentence: "\(plan): \(error)")
        }
        switch format {
        case .json: try Console.write(verdict.json())
        case .table: try Console.write(VerdictTable(verdict, in: language).text)
        }
        if !verdict.isFeasible { throw ExitCode(Failure.Status.checkFailed.rawValue) }
    }
}
