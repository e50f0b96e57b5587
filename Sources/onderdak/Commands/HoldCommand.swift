import ArgumentParser
import CareChain
import Foundation
import Ledger

/// `onderdak hold`: beds that are kept, and moves that wait.
struct HoldCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold",
        abstract: "Holds: keep beds, list, release; let nobody be moved before a day, or lift that.",
        discussion: "Example: onderdak hold list --as desk/national",
        subcommands: [Make.self, List.self, Release.self, Moves.self, Lift.self])

    struct Make: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "make", abstract: "Keep beds for a request or a purpose, until an instant.",
            discussion: """
                Example:
                  onderdak hold make s12-v1 --from 2026-01-05 --until 2026-01-12 --request r1 --purpose intake \\
                    --ends 2026-01-07T17:00:00+01:00 --as desk/national
                """)

        @Argument var unit: UnitID
        @Option(help: "How many.") var beds = 1
        @Option(help: "The first day.") var from: CalendarDate
        @Option(help: "The first day no longer.") var until: CalendarDate
        @Option(help: "The request that they are for.") var request: RequestID?
        @Option(help: "What for.") var purpose: String
        @Option(help: "When the hold ends by itself.") var ends: Instant
        @OptionGroup var keyed: KeyOption
        @OptionGroup var acting: ActingOptions

        func validate() throws {
            if from >= until { throw ValidationError("--from must be before --until.") }
        }

        func run() async throws {
            try await acting.answer({
                [
                    "hold": try await $0.hold(
                        beds, in: unit, over: from..<until, for: request, purpose: purpose, endsAt: ends.date, by: $1,
                        key: keyed.key)
                ]
            }) { "hold \($0["hold"] ?? 0)\n" }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "The holds in force.",
            discussion: """
                A shelter sees which of its beds are held, and not what for.

                Example: onderdak hold list --as desk/d
                """)

        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.answer({ try await $0.holds(as: $1) }) { holds in
                var table = TextTable([
                    ("hold", .right), ("unit", .left), ("beds", .right), ("days", .left), ("for", .left),
                    ("owner", .left),
                    ("ends", .left),
                ])
                for hold in holds {
                    table.add([
                        String(hold.id), hold.unit, String(hold.beds), "\(hold.from) to \(hold.until)",
                        hold.request ?? hold.purpose ?? "", hold.owner ?? "", hold.endsAt.ISO8601Format(),
                    ])
                }
                return table.text
            }
        }
    }

    struct Release: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "release", abstract: "Let held beds go.",
            discussion: "Example: onderdak hold release 3 --as desk/national")

        @Argument(help: "The number of the hold.") var hold: Int
        @OptionGroup var keyed: KeyOption
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.done("hold \(hold): released") { try await $0.release(hold, by: $1, key: keyed.key) }
        }
    }

    struct Moves: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "moves", abstract: "Let a request's victims stay where they are until a day.",
            discussion: "Example: onderdak hold moves r1 --until 2026-02-14 --reason hearing --as police/utr")

        @Argument var request: RequestID
        @Option(help: "The first day on which they may be moved.") var until: CalendarDate
        @Option(help: "Why.") var reason: String
        @OptionGroup var keyed: KeyOption
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.done("request \(request): no move before \(until)") {
                _ = try await $0.holdMoves(of: request, until: until, reason: reason, by: $1, key: keyed.key)
            }
        }
    }

    struct Lift: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "lift", abstract: "Lift holds on a request's moves before their day.",
            discussion: """
                Who made a hold may lift it, and the desk where it is not the police's.

                Example: onderdak hold lift r1 --as police/utr
                """)

        @Argument var request: RequestID
        @OptionGroup var keyed: KeyOption
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.done("request \(request): may be moved") {
                try await $0.liftMoveHolds(of: request, by: $1, key: keyed.key)
            }
        }
    }
}
