import ArgumentParser
import CareChain
import Countries

/// `onderdak generate`: made-up instances of the demo country.
struct GenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Make up an instance of the demo country; the same seed gives the same bytes.",
        discussion: "Example: onderdak generate snapshot --seed 7 --open 120 > crisis.json",
        subcommands: [Snapshot.self, Stream.self])

    struct Choices: ParsableArguments {
        @Option(help: "The seed; the same seed gives the same bytes.")
        var seed: UInt64

        @Option(help: "The number of open requests.")
        var open: Int?

        @Option(help: "The number of days.")
        var days: Int?

        @Option(help: "How many copies of the country's shelters.")
        var scale = 1

        func validate() throws {
            if let open, !(0...100_000).contains(open) { throw ValidationError("--open must be from 0 to 100000.") }
            if let days, !(1...3660).contains(days) { throw ValidationError("--days must be from 1 to 3660.") }
            if !(1...100).contains(scale) { throw ValidationError("--scale must be from 1 to 100.") }
        }
    }

    struct Snapshot: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "snapshot",
            abstract: "One day: who is placed, who waits.",
            discussion: "Example: onderdak generate snapshot --seed 1 | onderdak plan - --format table")

        @OptionGroup var choices: Choices

        func run() async throws {
            let generator = InstanceGenerator(country: try .netherlands, seed: choices.seed)
            let instance = try generator.snapshot(
                open: choices.open ?? 60, days: choices.days ?? 180, scale: choices.scale)
            try Console.write(instance.json())
        }
    }

    struct Stream: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "stream",
            abstract: "A year: requests become known over time.",
            discussion: "Example: onderdak generate stream --seed 1 --days 120 > stream.json")

        @OptionGroup var choices: Choices

        func run() async throws {
            let generator = InstanceGenerator(country: try .netherlands, seed: choices.seed)
            let instance = try generator.stream(open: choices.open, days: choices.days ?? 365, scale: choices.scale)
            try Console.write(instance.json())
        }
    }
}
