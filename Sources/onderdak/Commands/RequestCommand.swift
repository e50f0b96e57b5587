import API
public import ArgumentParser
import CareChain
import Foundation
public import Ledger

/// `onderdak request`: placement requests, from the referral to the outcome.
struct RequestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "request", abstract: "Placement requests: add, submit, show, list, withdraw, ready to leave.",
        discussion: "Example: onderdak request list --as desk/national",
        subcommands: [Add.self, Submit.self, Show.self, List.self, Withdraw.self, Ready.self])

    struct Add: ServedCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Take a request in.",
            discussion: """
                Example:
                  onderdak request add r1 --as coordinator/utr --urgency crisis --from 2026-01-05 --stay-days 90 \\
                    --victim v1:sex=female,born=2001-03-04,phase=reflection,needs=trauma,security=2-4 --region utr
                """)

        @Argument(help: "The identifier of the request.") var request: RequestID
        @Option(help: VictimArgument.help) var victim: [VictimArgument]
        @Option(help: "crisis, urgent or planned.") var urgency: Urgency
        @Option(help: "The first day on which it may start.") var from: CalendarDate
        @Option(help: "The last day on which it may start (default: 7, 14 or 28 days later, by urgency).")
        var latest: CalendarDate?
        @Option(help: "The length of the stay in days.") var stayDays: Int
        @Option(help: "Where the victims must be together: unit or shelter.") var together = Together.unit
        @Option(help: "The region that is accountable.") var region: RegionID?
        @Option(help: "The region in which a shelter is preferred.") var prefer: RegionID?
        @Option(help: "Who referred and hears of the outcome (default: who acts).") var referredBy: Actor?
        @Flag(help: "Keep it as a draft.") var draft = false
        @OptionGroup var keyed: KeyOption
        @OptionGroup var served: ServedOptions

        func run() async throws {
            let patience =
                switch urgency {
                case .crisis: 7
                case .urgent: 14
                case .planned: 28
                }
            let new = NewRequest(
                id: request, victims: victim.map(\.id), newVictims: victim.compactMap(\.new), together: together,
                urgency: urgency, neededFrom: from, latestStart: latest ?? from.adding(days: patience),
                stayDays: stayDays, region: region, preferredRegion: prefer, referredBy: referredBy, draft: draft)
            try await served.answer({ try await $0.add(new, key: keyed.key) }) {
                "request \(request): \($0.state?.rawValue ?? "")\n"
            }
        }
    }

    struct Submit: ServedCommand {
        static let configuration = CommandConfiguration(
            commandName: "submit", abstract: "Submit a draft.",
            discussion: "Example: onderdak request submit r1 --as desk/d")

        @Argument var request: RequestID
        @OptionGroup var keyed: KeyOption
        @OptionGroup var served: ServedOptions

        func run() async throws {
            try await served.done("request \(request): submitted") {
                try await $0.submit(request, key: keyed.key)
            }
        }
    }

    struct Show: ServedCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "A request with its steps, stays, offers, and the days without a place.",
            discussion: "Example: onderdak request show r1 --as coordinator/utr --format json")

        @Argument var request: RequestID
        @OptionGroup var served: ServedOptions

        func run() async throws {
            try await served.answer({ try await $0.request(request) }) { record in
                var text = RequestCommand.table([record.request])
                var steps = TextTable([("at", .left), ("step", .left), ("why", .left), ("by", .left)])
                for step in record.steps {
                    steps.add([
                        step.at.ISO8601Format(), step.to.rawValue, step.reason ?? "", step.actor ?? "its time had come",
                    ])
                }
                text += "\n" + steps.text
                if !record.stays.isEmpty { text += "\n" + PlacementCommand.table(record.stays) }
                for day in record.unmet { text += "\n\(day.day): no place: \(day.reasons.joined(separator: "; "))\n" }
                return text
            }
        }
    }

    struct List: ServedCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Requests, the most urgent first.",
            discussion: """
                Examples:
                  onderdak request list --as desk/national --overdue
                  onderdak request list --as desk/national --state placed
                """)

        @Option(help: "Those in this state; may be given several times (default: those that wait for a place).")
        var state: [RequestState] = []
        @Flag(help: "Only those that wait too long.") var overdue = false
        @OptionGroup var served: ServedOptions

        func run() async throws {
            try await served.answer({ try await $0.requests(in: state, overdueOnly: overdue) }) {
                RequestCommand.table($0)
            }
        }
    }

    struct Withdraw: ServedCommand {
        static let configuration = CommandConfiguration(
            commandName: "withdraw", abstract: "Take a request back, with what was offered or agreed on for it.",
            discussion: "Example: onderdak request withdraw r1 --reason own-solution --as coordinator/utr")

        @Argument var request: RequestID
        @Option(help: "Why.") var reason: String
        @OptionGroup var keyed: KeyOption
        @OptionGroup var served: ServedOptions

        func run() async throws {
            try await served.done("request \(request): withdrawn") {
                try await $0.withdraw(request, reason: reason, key: keyed.key)
            }
        }
    }

    struct Ready: ServedCommand {
        static let configuration = CommandConfiguration(
            commandName: "ready", abstract: "Record the way out: ready, pass, registration, house, and what blocks.",
            discussion: """
                Examples:
                  onderdak request ready r1 --since 2026-02-01 --blocked-by no-house --as coordinator/utr
                  onderdak request ready --blocked --as desk/national
                """)

        @Argument(help: "The request; left out with --blocked.") var request: RequestID?
        @Option(help: "Ready to leave since this day.") var since: CalendarDate?
        @Option(help: "The pass was received on this day.") var pass: CalendarDate?
        @Option(help: "Registered on this day.") var registered: CalendarDate?
        @Option(help: "A house was found on this day.") var house: CalendarDate?
        @Option(
            help: """
                What blocks from today on: no-pass, no-registration, no-income, no-house, no-place-elsewhere, \
                investigation, health or other.
                """)
        var blockedBy: String?
        @Flag(help: "Nothing blocks from today on.") var unblocked = false
        @Flag(help: "Count the blocked bed-days of the requests that you see by cause instead.") var blocked = false
        @OptionGroup var keyed: KeyOption
        @OptionGroup var served: ServedOptions

        func validate() throws {
            if blocked == (request != nil) { throw ValidationError("Give either a request or --blocked.") }
        }

        func run() async throws {
            guard let request else { return try await countBlocked() }
            var steps = OutflowSteps()
            steps.readySince = since
            steps.passReceived = pass
            steps.registered = registered
            steps.houseFound = house
            steps.blockedBy = blockedBy
            steps.unblocked = unblocked
            try await served.done("request \(request): recorded") { [steps] in
                try await $0.recordOutflow(of: request, steps, key: keyed.key)
            }
        }

        private func countBlocked() async throws {
            try await served.answer({ try await $0.blockedBedDays() }) { causes in
                var table = TextTable([("cause", .left), ("bed-days", .right), ("requests", .right)])
                for cause in causes { table.add([cause.cause, String(cause.bedDays), String(cause.requests)]) }
                return table.text
            }
        }
    }

    static func table(_ requests: [RequestBody]) -> String {
        var table = TextTable([
            ("request", .left), ("state", .left), ("urgency", .left), ("victims", .right), ("needed from", .left),
            ("until", .left), ("days", .right), ("region", .left), ("due", .left),
        ])
        for request in requests {
            table.add([
                request.id, request.state.rawValue, request.urgency.rawValue, String(request.victims),
                request.neededFrom.description, request.latestStart.description, String(request.stayDays),
                request.region ?? "", (request.due?.ISO8601Format() ?? "") + (request.overdue ? " OVERDUE" : ""),
            ])
        }
        return table.text
    }
}

extension RequestState: ExpressibleByArgument {}
