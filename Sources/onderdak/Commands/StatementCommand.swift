import ArgumentParser
import CareChain
import Foundation
import Ledger

/// `onderdak statement`: what funders paid.
struct StatementCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statement", abstract: "Funders' statements: days and euros per payer and month.",
        discussion: "Example: onderdak statement show --from 2026-01 --as funder/jenv-cosm",
        subcommands: [Show.self], defaultSubcommand: Show.self)

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "What each payer paid by month, and the days that nobody paid.",
            discussion: """
                It follows from the rule of payers over where people really were, until yesterday. A funder sees its own \
                lines, the desk all; governors those of five victims and more, rounded, of months that are over.

                Examples:
                  onderdak statement show --from 2026-01 --until 2026-03 --as desk/national
                  onderdak statement show --from 2026-01 --funder jenv-cosm --as desk/national
                """)

        @OptionGroup var period: MonthOptions
        @Option(help: "Only of this funder.") var funder: FunderID?
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.answer(
                { try await $0.statement(over: period.months, funder: funder, as: $1) },
                table: { lines in
                    var table = TextTable([("month", .left), ("payer", .left), ("days", .right), ("euros", .right)])
                    for line in lines {
                        table.add([
                            line.month.description, line.funder ?? "nobody", String(line.days),
                            "\(line.cents / 100).\(line.cents % 100 < 10 ? "0" : "")\(line.cents % 100)",
                        ])
                    }
                    return table.text
                })
        }
    }
}
