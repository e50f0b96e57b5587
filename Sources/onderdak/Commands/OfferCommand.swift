import API
import ArgumentParser
import CareChain
import Foundation
import Ledger

/// `onderdak offer`: beds offered, approved and declined.
struct OfferCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "offer", abstract: "Offers: make, list, accept, decline, and agree to an override.",
        discussion: "Example: onderdak offer list --as shelter/s12",
        subcommands: [Make.self, List.self, Accept.self, Decline.self, Second.self])

    struct Make: ServedCommand {
        static let configuration = CommandConfiguration(
            commandName: "make", abstract: "Offer a unit to the victims of a request.",
            discussion: """
                The rules are checked at once. Against a soft one (plan, timing, out-of-region) it takes a reason, against \
                a hard one a legal basis and a second person as well (onderdak offer second).

                Examples:
                  onderdak offer make r1 --unit s12-v1 --from 2026-01-05 --as desk/national
                  onderdak offer make r1 --unit s12-v1 --from 2026-01-05 --override avoid --reason "family there" \\
                    --legal-basis consent --as desk/national
                """)

        @Argument var request: RequestID
        @Option(help: "The unit.") var unit: UnitID
        @Option(help: "The first day.") var from: CalendarDate
        @Option(help: "The first day no longer there (default: the request's days later).") var until: CalendarDate?
        @Option(help: "A rule against which it is made; may be given several times.") var override: [String] = []
        @Option(help: "Why it is made against rules.") var reason: String?
        @Option(help: "On which legal basis it is made against hard rules.") var legalBasis: String?
        @OptionGroup var keyed: KeyOption
        @OptionGroup var served: ServedOptions

        func validate() throws {
            if override.isEmpty != (reason == nil) { throw ValidationError("--override and --reason go together.") }
        }

        func run() async throws {
            let overrides = override.map { rule in
                RuleOverride(
                    rule: rule, reason: reason ?? "", legalBasis: RuleOverride.soft.contains(rule) ? nil : legalBasis)
            }
            try await served.answer(
                { client in
                    let record = try await client.request(request)
                    let stays = record.victims.map {
                        OfferedStay(
                            victim: VictimID($0), unit: unit, from: from,
                            until: until ?? from.adding(days: record.request.stayDays))
                    }
                    return try await client.offer(stays, for: request, overrides: overrides, key: keyed.key)
                }, table: OfferCommand.sentence)
        }
    }

    struct List: ServedCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Offers, the next to expire first.",
            discussion: "Example: onderdak offer list --all --as desk/national")

        @Flag(help: "Those that were answered as well.") var all = false
        @OptionGroup var served: ServedOptions

        func run() async throws {
            try await served.answer({ try await $0.offers(openOnly: !all) }) { offers in
                var table = TextTable([
                    ("offer", .right), ("request", .left), ("state", .left), ("unit", .left), ("days", .left),
                    ("victims", .right), ("answer by", .left), ("waits for", .left),
                ])
                for offer in offers {
                    table.add([
                        String(offer.id), offer.request, offer.state.rawValue + (offer.reason.map { ": \($0)" } ?? ""),
                        Set(offer.stays.map(\.unit)).sorted().joined(separator: ", "),
                        offer.stays.first.map { "\($0.from) to \($0.until)" } ?? "", String(offer.stays.count),
                        offer.answerBy.ISO8601Format(), offer.missing.sentence,
                    ])
                }
                return table.text
            }
        }
    }

    struct Accept: ServedCommand {
        static let configuration = CommandConfiguration(
            commandName: "accept", abstract: "Give the approvals that are yours; with the last one the bed is taken.",
            discussion: "Example: onderdak offer accept 12 --as shelter/s12")

        @Argument(help: "The number of the offer.") var offer: Int
        @Option(help: "What was said, in a consultation for example.") var note: String?
        @OptionGroup var keyed: KeyOption
        @OptionGroup var served: ServedOptions

        func run() async throws {
            try await served.answer(
                { try await $0.accept(offer, note: note, key: keyed.key) }, table: OfferCommand.sentence)
        }
    }

    struct Decline: ServedCommand {
        static let configuration = CommandConfiguration(
            commandName: "decline", abstract: "Decline an offer for a coded reason.",
            discussion: """
                Reasons of a shelter: full, care, safety, group, funding, intake. Of a victim (--victim): place, region, \
                own-solution, no-shelter, unreachable. Of another authority: not-suitable, no-order, investigation.

                Example: onderdak offer decline 12 --reason full --as shelter/s12
                """)

        @Argument(help: "The number of the offer.") var offer: Int
        @Option(help: "The code of the reason.") var reason: String
        @Flag(help: "It is the victim who declines.") var victim = false
        @OptionGroup var keyed: KeyOption
        @OptionGroup var served: ServedOptions

        func run() async throws {
            try await served.answer(
                { try await $0.decline(offer, victim: victim, reason: reason, key: keyed.key) },
                table: OfferCommand.sentence)
        }
    }

    struct Second: ServedCommand {
        static let configuration = CommandConfiguration(
            commandName: "second", abstract: "Agree, as the second person, that an offer overrides a hard rule.",
            discussion: "Example: onderdak offer second 12 --rule avoid --as coordinator/utr")

        @Argument(help: "The number of the offer.") var offer: Int
        @Option(help: "The rule.") var rule: String
        @OptionGroup var keyed: KeyOption
        @OptionGroup var served: ServedOptions

        func run() async throws {
            try await served.done("offer \(offer): \(rule) may be overridden") {
                try await $0.second(rule, of: offer, key: keyed.key)
            }
        }
    }

    static func sentence(_ answer: OfferStep) -> String {
        let waits = answer.missing.isEmpty ? "" : ", waits for \(answer.missing.sentence)"
        return "offer \(answer.offer): \(answer.state.rawValue)\(waits)\n"
    }
}

extension [ApprovalBody] {
    /// What is missing, in words.
    fileprivate var sentence: String {
        map { "\($0.approval) of \($0.subject) (\($0.roles.map(\.rawValue).joined(separator: " or ")))" }
            .joined(separator: ", ")
    }
}
