import ArgumentParser
import CareChain
import Ledger

extension CaseCommand {
    struct Open: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "open", abstract: "Put a victim on record, before anybody asks for a place.",
            discussion: """
                Examples:
                  onderdak case open v17:sex=female,born=2001-03-04,phase=signal --region frl --as coordinator/frl
                  onderdak case open v18:sex=male,born=1990-01-01,phase=signal --region utr --contact 'Team A, 0900-8844' \\
                    --as police/utr
                """)

        @Argument(help: VictimArgument.help) var victim: VictimArgument
        @Option(help: "The region that is accountable.") var region: RegionID
        @Option(help: "The police who investigate.") var police: String?
        @Option(help: "Whom to call about the investigation: a team and how it is reached.") var contact: String?
        @OptionGroup var keyed: KeyOption
        @OptionGroup var acting: ActingOptions

        func validate() throws {
            if victim.new == nil { throw ValidationError("Say what a place is chosen by: sex, born, phase.") }
        }

        func run() async throws {
            guard let new = victim.new else { return }
            try await acting.done("case \(victim.id): open") {
                try await $0.openCase(new, region: region, police: police, contact: contact, by: $1, key: keyed.key)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "A case as who asks may see it; identity and health are read apart.",
            discussion: "Example: onderdak case show v17 --as coordinator/frl")

        @Argument(help: "The victim's identifier.") var victim: VictimID
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.answer({ try await $0.caseRecord(of: victim, as: $1) }) { record in
                var table = TextTable([("case", .left), (record.victim, .left)])
                func add(_ what: String, _ text: String?) {
                    if let text, !text.isEmpty { table.add([what, text]) }
                }
                add("sex", record.sex)
                add("age", record.ageBand)
                add("needs", record.needs.joined(separator: ", "))
                add("security", record.securityMin.flatMap { low in record.securityMax.map { "\(low) to \($0)" } })
                for phase in record.phases { add("phase", "\(phase.phase) from \(phase.from)") }
                add("avoid", record.avoid.joined(separator: ", "))
                add("region", record.region)
                add("accountable", record.accountable)
                for police in record.police {
                    add("police", [police.police, police.contact].compactMap(\.self).joined(separator: ": "))
                }
                add(
                    "investigation",
                    record.investigation.map { own in
                        own.region + (own.maxTravelMinutes.map { ", at most \($0) minutes" } ?? "")
                    } ?? record.underInvestigation.map { $0 ? "yes" : "no" })
                add("no move before", record.noMoveBefore?.description)
                return table.text
            }
        }
    }

    struct Change: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "change",
            abstract: "Change what is on record of a case: phase, needs, what to avoid and so on.",
            discussion: """
                Everybody changes what the matrix lets them write (docs/privacy.md), nothing else.

                Examples:
                  onderdak case change v17 --phase permit-pending --from 2026-03-01 --as coordinator/frl
                  onderdak case change v17 --need trauma --need 24h --security 2-4 --as desk/national
                  onderdak case change v17 --no-contact v18/shelter --avoid dre --as coordinator/frl
                  onderdak case change v17 --from 2026-02-01 --order-until 2026-04-30 --as coordinator/frl
                  onderdak case change v17 --guardian nidos --as desk/national
                """)

        @Argument(help: "The victim's identifier.") var victim: VictimID
        @Option(help: "The phase.") var phase: Phase?
        @Option(help: "The first day of phase, registration, guardianship and court order (default: today).")
        var from: CalendarDate?
        @Option(help: "Where the victim is registered as a resident.") var registered: RegionID?
        @Option(help: "A service that is needed; those given replace those on record.") var need: [String] = []
        @Flag(help: "No service is needed.") var noNeeds = false
        @Option(help: "The security levels that are allowed, 2-4 for example.") var security: SecurityLevels?
        @Option(help: "A region to avoid from today on.") var avoid: [RegionID] = []
        @Option(help: "A shelter to avoid from today on.") var avoidShelter: [ShelterID] = []
        @Option(help: "A region that need not be avoided any more.") var allow: [RegionID] = []
        @Option(help: "A shelter that need not be avoided any more.") var allowShelter: [ShelterID] = []
        @Option(help: "Somebody not to meet: VICTIM/unit, VICTIM/shelter or VICTIM/region.") var noContact:
            NoContactArgument?
        @Option(help: "The region that is accountable as long as no request says.") var region: RegionID?
        @Option(help: "The police who investigate from today on.") var police: String?
        @Option(help: "The body that is a minor's guardian, until the eighteenth birthday.") var guardian: String?
        @Option(help: "The last day of a court order for a closed shelter, which prolongs the one in force.")
        var orderUntil: CalendarDate?
        @OptionGroup var acting: ActingOptions

        private var change: CaseChange {
            var change = CaseChange()
            change.phase = phase
            change.from = from
            change.registeredIn = registered
            change.needs = noNeeds ? [] : need.isEmpty ? nil : need
            change.security = security?.levels
            change.avoidRegions = avoid
            change.avoidShelters = avoidShelter
            change.allowRegions = allow
            change.allowShelters = allowShelter
            change.noContact = noContact?.contact
            change.region = region
            change.police = police
            change.guardian = guardian
            change.courtOrderUntil = orderUntil
            return change
        }

        func validate() throws {
            if change == CaseChange() { throw ValidationError("Say what is to be changed.") }
        }

        func run() async throws {
            try await acting.done("case \(victim): changed") { try await $0.change(case: victim, change, as: $1) }
        }
    }

    struct Investigate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "investigation",
            abstract: "What the police's investigation asks of a place, and whom to call.",
            discussion: """
                Nobody but the police whose case it is. That nobody is moved before a day: onderdak hold moves.

                Examples:
                  onderdak case investigation v17 --region utr --max-minutes 90 --contact 'Team A, 0900-8844' --as police/utr
                  onderdak case investigation v17 --end --as police/utr
                """)

        @Argument(help: "The victim's identifier.") var victim: VictimID
        @Option(help: "The region in which it is.") var region: RegionID?
        @Option(help: "The longest journey from the shelter, in minutes.") var maxMinutes: Int?
        @Option(help: "Whom to call: a team and how it is reached.") var contact: String?
        @Flag(help: "There is none any more.") var end = false
        @OptionGroup var acting: ActingOptions

        func validate() throws {
            if end == (region != nil) { throw ValidationError("Give either --region or --end.") }
            if let maxMinutes, maxMinutes < 0 { throw ValidationError("--max-minutes must be 0 or more.") }
        }

        func run() async throws {
            let investigation = region.map { Investigation(region: $0, maxTravelMinutes: maxMinutes) }
            try await acting.done("case \(victim): \(end ? "no investigation" : "recorded")") {
                try await $0.investigate(victim, investigation, contact: contact, as: $1)
            }
        }
    }
}

/// Security levels on the command line: `2-4`.
struct SecurityLevels: ExpressibleByArgument {
    let levels: ClosedRange<Int>

    init?(argument: String) {
        guard let levels = VictimArgument.levels(argument) else { return nil }
        self.levels = levels
    }
}

/// Somebody not to meet on the command line: `v18/shelter`.
struct NoContactArgument: ExpressibleByArgument {
    let contact: CaseChange.Contact

    init?(argument: String) {
        let parts = argument.split(separator: "/").map(String.init)
        guard parts.count == 2, let scope = ContactScope(rawValue: parts[1]) else { return nil }
        contact = CaseChange.Contact(VictimID(parts[0]), scope)
    }
}
