public import ArgumentParser
public import Ledger

extension Month: ExpressibleByArgument {}
extension FigureTable: ExpressibleByArgument {}

/// From which month until which.
struct MonthOptions: ParsableArguments {
    @Option(help: "The first month, YYYY-MM.") var from: Month
    @Option(help: "The last month (default: the first).") var until: Month?

    var months: ClosedRange<Month> { from...max(from, until ?? from) }

    func validate() throws {
        if let until, until < from { throw ValidationError("--until is before --from.") }
    }
}
