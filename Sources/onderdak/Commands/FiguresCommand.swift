import ArgumentParser
import Foundation
import Ledger

/// `onderdak figures`: tables of persons and days, of which nobody can be told.
struct FiguresCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "figures",
        abstract: "Figures by month: unmet need, waiting, occupancy, blocked bed-days, population.",
        discussion: """
            The desk sees them exactly. Governors see months that are over, without blocks of fewer than five persons and \
            otherwise in multiples of five; there are no totals, since sums of what is shown are all that may be known.

            Example: onderdak figures unmet --from 2026-01 --until 2026-03 --as governor/board
            """)

    @Argument(help: "unmet, waiting, occupancy, blocked or population.") var table: FigureTable
    @OptionGroup var period: MonthOptions
    @OptionGroup var acting: ActingOptions

    func run() async throws {
        try await acting.answer({ try await $0.figures(table, over: period.months, as: $1) }) { figures in
            let dimensions = Set(figures.flatMap(\.block.keys)).sorted()
            let hasBeds = figures.contains { $0.beds != nil }
            var text = TextTable(
                [("month", .left)] + dimensions.map { ($0, .left) } + [("persons", .right), ("days", .right)]
                    + (hasBeds ? [("beds", .right)] : []))
            for figure in figures {
                text.add(
                    [figure.month.description] + dimensions.map { figure.block[$0] ?? "" }
                        + [String(figure.persons), String(figure.days)]
                        + (hasBeds ? [figure.beds.map(String.init) ?? ""] : []))
            }
            return text.text
        }
    }
}
