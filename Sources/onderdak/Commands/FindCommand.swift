import API
import ArgumentParser
import CareChain
import Foundation
import Ledger

/// `onderdak find`: free and suitable beds, and why others are not.
struct FindCommand: ServedCommand {
    static let configuration = CommandConfiguration(
        commandName: "find",
        abstract: "Find beds that are free and suitable, nearest first, with why the others are not.",
        discussion: """
            For a request, or for people of whom only this is known. Figures that are older than they may be are marked: \
            ask the shelter first.

            Examples:
              onderdak find --request r1 --as desk/national
              onderdak find --victim x:sex=male,born=1990-01-01,phase=signal --from 2026-01-05 --until 2026-02-05 \\
                --near utr --as police/utrecht
            """)

    @Option(help: "The request.") var request: RequestID?
    @Option(help: VictimArgument.help) var victim: [VictimArgument] = []
    @Option(help: "The first day (default: the request's).") var from: CalendarDate?
    @Option(help: "The first day no longer (default: the request's).") var until: CalendarDate?
    @Option(help: "The region from which distance counts.") var near: RegionID?
    @Flag(help: "Show every unit, with why it cannot be.") var all = false
    @OptionGroup var served: ServedOptions

    func validate() throws {
        if (request == nil) == victim.isEmpty { throw ValidationError("Give either --request or --victim.") }
        if (from == nil) != (until == nil) { throw ValidationError("--from and --until go together.") }
        if let from, let until, from >= until { throw ValidationError("--from must be before --until.") }
        if request == nil, from == nil { throw ValidationError("--victim needs --from and --until.") }
        if victim.contains(where: { $0.new == nil }) {
            throw ValidationError("--victim needs what a place is chosen by: sex, born, phase.")
        }
    }

    func run() async throws {
        let seeker: Seeker = request.map { .request($0) } ?? .profiles(victim.compactMap { $0.new?.victim })
        let days = from.flatMap { from in until.map { from..<$0 } }
        try await served.answer({
            try await $0.find(for: seeker, over: days, near: near, alsoUnsuitable: all)
        }) { units in
            var table = TextTable([
                ("unit", .left), ("region", .left), ("beds", .left), ("free", .right), ("minutes", .right),
                ("counted", .left), ("why not", .left),
            ])
            for unit in units {
                let age = unit.observedAt == nil ? "never" : "\(Int(unit.ageHours ?? 0)) h ago"
                let counted = age + (unit.stale ? ", STALE" : "")
                table.add([
                    unit.unit, unit.region, unit.bedType, String(unit.free), unit.minutes.map(String.init) ?? "-",
                    counted, unit.reasons.map(\.rule).joined(separator: ", "),
                ])
            }
            return table.text
        }
    }
}
