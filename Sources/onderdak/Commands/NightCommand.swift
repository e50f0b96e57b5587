import ArgumentParser
import CareChain
import Foundation
import Ledger

/// `onderdak night`: an emergency bed when the desk is closed.
struct NightCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "night", abstract: "Night placements: place, list for the morning, confirm.",
        discussion: "Example: onderdak night list --as desk/national",
        subcommands: [Place.self, List.self, Confirm.self])

    struct Place: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "place", abstract: "Take an emergency bed out of desk hours, provisionally and at once.",
            discussion: """
                Example:
                  onderdak night place n1 --unit s12-nb --nights 2 --as police/noord \\
                    --victim v9:sex=female,born=1999-01-01,phase=signal
                """)

        @Argument(help: "The identifier of the night's own request.") var request: RequestID
        @Option(help: VictimArgument.help) var victim: [VictimArgument]
        @Option(help: "The unit: emergency beds.") var unit: UnitID
        @Option(help: "How many nights.") var nights = 1
        @OptionGroup var keyed: KeyOption
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.done("night \(request): placed in \(unit) for \(nights) nights") {
                try await $0.placeForTheNight(
                    victim.map(\.id), newVictims: victim.compactMap(\.new), in: unit, nights: nights, as: request,
                    by: $1,
                    key: keyed.key)
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "The night placements that nobody has taken over yet.",
            discussion: "Example: onderdak night list --as desk/national")

        @Flag(help: "All that are not over.") var all = false
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.answer({ try await $0.nights(unconfirmedOnly: !all, as: $1) }) { nights in
                var table = TextTable([
                    ("night", .left), ("victims", .left), ("unit", .left), ("days", .left), ("placed by", .left),
                    ("taken over by", .left),
                ])
                for night in nights {
                    table.add([
                        night.request, night.victims.joined(separator: ", "), night.unit,
                        "\(night.from) to \(night.until)", night.placedBy, night.confirmedBy ?? "",
                    ])
                }
                return table.text
            }
        }
    }

    struct Confirm: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "confirm", abstract: "Take a night placement over in the morning.",
            discussion: "Example: onderdak night confirm n1 --as desk/national")

        @Argument var request: RequestID
        @OptionGroup var keyed: KeyOption
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.done("night \(request): taken over by \(acting.actor)") {
                try await $0.confirmNight(request, by: $1, key: keyed.key)
            }
        }
    }
}
