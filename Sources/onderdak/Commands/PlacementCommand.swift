import API
import ArgumentParser
import CareChain
import Foundation
import Ledger

/// `onderdak placement`: who is where, and moves.
struct PlacementCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "placement", abstract: "Placements: list, arrive, break, move, hand over, end.",
        discussion: "Example: onderdak placement list --as desk/national",
        subcommands: [List.self, Arrive.self, Break.self, Move.self, Handover.self, Remain.self, End.self])

    struct List: ServedCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Stays that are under way or to come.",
            discussion: "Example: onderdak placement list --as shelter/s12 --format json")

        @OptionGroup var served: ServedOptions

        func run() async throws {
            try await served.answer({ try await $0.placements() }, table: PlacementCommand.table)
        }
    }

    struct Arrive: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "arrive", abstract: "The victims of a request have come.",
            discussion: "Example: onderdak placement arrive r1 --as shelter/s12")

        @Argument var request: RequestID
        @OptionGroup var keyed: KeyOption
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.done("request \(request): placed") {
                try await $0.arrive(request, by: $1, key: keyed.key)
            }
        }
    }

    struct Break: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "break", abstract: "Break an agreement before anybody came; the request waits again.",
            discussion: "Example: onderdak placement break r1 --reason no-show --as shelter/s12")

        @Argument var request: RequestID
        @Option(help: "Why.") var reason: String
        @OptionGroup var keyed: KeyOption
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.done("request \(request): submitted") {
                try await $0.breakAgreement(request, reason: reason, by: $1, key: keyed.key)
            }
        }
    }

    struct Move: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "move", abstract: "Want a move, or offer another unit to a placed request.",
            discussion: """
                Examples:
                  onderdak placement move r1 --reason safety --as coordinator/utr
                  onderdak placement move r1 --to s14-v1 --on 2026-02-01 --reason safety --as desk/national
                """)

        @Argument var request: RequestID
        @Option(help: "The unit; left out: the next plan looks for one.") var to: UnitID?
        @Option(help: "The day of the move.") var on: CalendarDate?
        @Option(help: "Why.") var reason: String
        @Option(help: "A rule against which it is made; may be given several times.") var override: [String] = []
        @Option(help: "On which legal basis it is made against hard rules.") var legalBasis: String?
        @OptionGroup var keyed: KeyOption
        @OptionGroup var acting: ActingOptions

        func validate() throws {
            if (to == nil) != (on == nil) { throw ValidationError("--to and --on go together.") }
        }

        func run() async throws {
            guard let to, let on else {
                return try await acting.done("request \(request): to be moved") {
                    _ = try await $0.wantTransfer(of: request, reason: reason, by: $1, key: keyed.key)
                }
            }
            let overrides = override.map { RuleOverride(rule: $0, reason: reason, legalBasis: legalBasis) }
            try await acting.answer(
                {
                    try await $0.offerMove(
                        of: request, to: to, on: on, reason: reason, overrides: overrides, by: $1, key: keyed.key)
                }, table: { OfferCommand.sentence(OfferStep($0)) })
        }
    }

    struct Handover: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "handover", abstract: "Tick items of a transfer's checklist; the last one completes it.",
            discussion: """
                Example:
                  onderdak placement handover r1 --dossier-sent --medication --transport-from utr --transport-to ams \\
                    --transport-at 2026-02-01T10:00:00+01:00 --transport-by taxi --as shelter/s12
                """)

        @Argument var request: RequestID
        @Flag(help: "The dossier was sent.") var dossierSent = false
        @Flag(help: "The dossier was received.") var dossierReceived = false
        @Flag(help: "Medication is there.") var medication = false
        @Option(help: "The region where the transport begins; never an address.") var transportFrom: RegionID?
        @Option(help: "The region where it goes.") var transportTo: RegionID?
        @Option(help: "When it leaves.") var transportAt: Instant?
        @Option(help: "The organisation that drives.") var transportBy: String?
        @OptionGroup var keyed: KeyOption
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            var handover = HandoverItems()
            handover.dossierSent = dossierSent
            handover.dossierReceived = dossierReceived
            handover.medication = medication
            handover.transportFrom = transportFrom
            handover.transportTo = transportTo
            handover.transportAt = transportAt?.date
            handover.transportBy = transportBy
            try await acting.answer({ [handover] in
                ["missing": try await $0.handOver(request, handover, by: $1, key: keyed.key)]
            }) { answer in
                let missing = answer["missing"] ?? []
                return missing.isEmpty
                    ? "request \(request): the transfer is complete\n"
                    : "request \(request): still missing: \(missing.map(\.rawValue).joined(separator: ", "))\n"
            }
        }
    }

    struct Remain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remain", abstract: "Give up a move that was not handed over: everybody stays where they are.",
            discussion: "Example: onderdak placement remain r1 --as coordinator/utr")

        @Argument var request: RequestID
        @OptionGroup var keyed: KeyOption
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.done("request \(request): is not moved") {
                try await $0.cancelTransfer(of: request, by: $1, key: keyed.key)
            }
        }
    }

    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "end", abstract: "End the stays of a request, or of one of its victims.",
            discussion: "Example: onderdak placement end r1 --on 2026-03-01 --reason house --as shelter/s12")

        @Argument var request: RequestID
        @Option(help: "The victim who leaves; left out: all.") var victim: VictimID?
        @Option(help: "The day of leaving: the first no longer there.") var on: CalendarDate
        @Option(help: "Why: house, mob, return, elsewhere and so on.") var reason: String
        @OptionGroup var keyed: KeyOption
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.done("request \(request): ends on \(on)") {
                try await $0.end(request, victim: victim, on: on, reason: reason, by: $1, key: keyed.key)
            }
        }
    }

    static func table(_ stays: [StayBody]) -> String {
        var table = TextTable([
            ("request", .left), ("victim", .left), ("unit", .left), ("days", .left), ("moves", .right),
            ("came", .left), ("exempt from", .left),
        ])
        for stay in stays {
            table.add([
                stay.request, stay.victim, stay.unit, "\(stay.from) to \(stay.until)", String(stay.movesMade),
                stay.arrived ? "yes" : "", stay.overrides.joined(separator: ", "),
            ])
        }
        return table.text
    }
}
