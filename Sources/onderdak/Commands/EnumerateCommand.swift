import ArgumentParser
import CareChain
import Foundation
import Planning

/// `onderdak enumerate`: an instance as an integer program written out, for other solvers.
struct EnumerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enumerate",
        abstract: "Write out every trajectory of an instance, to compare with other solvers.",
        discussion: """
            Writes onderdak-trajectories/1 (docs/formulation.md): the trajectories of the open requests that cost less \
            than leaving the request unplaced, each with its cost, legs and spending, and the beds, budgets and pairs \
            that they share. With moves there soon are millions; more than --at-most are refused with status 1.

            Example: onderdak enumerate Benchmarks/rules/budget.json > trajectories.json
            """)

    @Argument(help: "The instance; - is standard input.", completion: .file())
    var instance: String

    @Option(help: "The most trajectories to write.")
    var atMost = 200_000

    func validate() throws {
        if !(1...10_000_000).contains(atMost) { throw ValidationError("--at-most must be from 1 to 10000000.") }
    }

    func run() async throws {
        let instance = try InputFile.instance(instance)
        guard let list = Planner(instance).trajectories(atMost: atMost) else {
            throw Failure(
                status: .failed,
                sentence: "\(instance.name) has more than \(atMost) trajectories: raise --at-most, or take an instance "
                    + "with fewer moves or open requests")
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try Console.write(Array(try encoder.encode(list)) + [UInt8(ascii: "\n")])
    }
}
