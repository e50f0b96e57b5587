public import ArgumentParser
import CareChain
import Foundation
public import Ledger

/// `onderdak action`: beds for what the police plan, under embargo.
struct ActionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "action", abstract: "Planned actions under embargo: plan, list, lift.",
        discussion: "Example: onderdak action list --as police/noord",
        subcommands: [Plan.self, List.self, Lift.self])

    struct Plan: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "plan", abstract: "Keep beds for a planned action; shelters see held beds and not why.",
            discussion: """
                A group is announced days before (10 in the demo country), and some days before its day (5) its beds are \
                fixed. Once it is lifted or over, nothing of it is left.

                Example:
                  onderdak action plan --beds groups:male:8 --from 2026-01-20 --until 2026-01-27 \\
                    --ends 2026-01-21T08:00:00+01:00 --as police/noord
                """)

        @Option(help: "BEDTYPE:COUNT or BEDTYPE:SEX:COUNT; may be given several times.") var beds: [ActionNeed]
        @Option(help: "The first day.") var from: CalendarDate
        @Option(help: "The first day no longer.") var until: CalendarDate
        @Option(help: "When it ends by itself.") var ends: Instant
        @OptionGroup var keyed: KeyOption
        @OptionGroup var acting: ActingOptions

        func validate() throws {
            if from >= until { throw ValidationError("--from must be before --until.") }
        }

        func run() async throws {
            try await acting.answer({
                [
                    "action": try await $0.planAction(
                        beds, over: from..<until, endsAt: ends.date, by: $1, key: keyed.key)
                ]
            }) { "action \($0["action"] ?? 0)\n" }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Your planned actions; the desk is told how many beds are reserved.",
            discussion: "Example: onderdak action list --as police/noord")

        @OptionGroup var acting: ActingOptions

        func run() async throws {
            if acting.actor.role == .desk {
                return try await acting.answer({ ["beds": try await $0.embargoedBeds(as: $1)] }) {
                    "\($0["beds"] ?? 0) beds are reserved\n"
                }
            }
            try await acting.answer({ try await $0.actions(as: $1) }) { actions in
                var table = TextTable([
                    ("action", .right), ("days", .left), ("beds", .left), ("held in", .left), ("ends", .left),
                ])
                for action in actions {
                    table.add([
                        String(action.id), "\(action.from) to \(action.until)",
                        action.needs.map { "\($0.beds) \($0.bedType.rawValue)" }.joined(separator: ", "),
                        action.held.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", "),
                        action.endsAt.ISO8601Format(),
                    ])
                }
                return table.text
            }
        }
    }

    struct Lift: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "lift", abstract: "Lift an action: nothing of it is left.",
            discussion: "Example: onderdak action lift 2 --as police/noord")

        @Argument(help: "The number of the action.") var action: Int
        @OptionGroup var keyed: KeyOption
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.done("action \(action): lifted") {
                try await $0.liftAction(action, by: $1, key: keyed.key)
            }
        }
    }
}

extension ActionNeed: ExpressibleByArgument {
    /// Reads `BEDTYPE:COUNT` or `BEDTYPE:SEX:COUNT`.
    public init?(argument: String) {
        let parts = argument.split(separator: ":").map(String.init)
        guard parts.count == 2 || parts.count == 3, let type = BedType(rawValue: parts[0]),
            let beds = Int(parts[parts.count - 1]), beds > 0
        else { return nil }
        let sex = parts.count == 3 ? Sex(rawValue: parts[1]) : nil
        if parts.count == 3, sex == nil { return nil }
        self.init(bedType: type, sex: sex, beds: beds)
    }
}
