import ArgumentParser
import CareChain
import Ledger

/// `onderdak basis`: why who may be told what.
struct BasisCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "basis",
        abstract: "Legal bases: why who may be told what, from when until when.",
        discussion: """
            Without a basis in force nothing of a case is disclosed to anybody. Categories: identity, profile, avoid, \
            phase, health, investigation, address, action.

            Examples:
              onderdak basis add law coordinator identity profile avoid phase health \\
                --from 2026-01-01 --reference "the law's article" --as desk/nl
              onderdak basis add consent shelter identity --victim v17 --from 2026-03-02 --until 2026-06-01 \\
                --reference "form 12" --as coordinator/frl
              onderdak basis withdraw 4 --on 2026-04-01 --as coordinator/frl
            """,
        subcommands: [List.self, Add.self, Withdraw.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "The bases on record, the newest first.",
            discussion: "Example: onderdak basis list --as auditor/fg")

        @OptionGroup var by: ActorOption

        @Option(help: "Only those that count for this victim.")
        var victim: String?

        @Option(help: "What to print: table or json.")
        var format = OutputFormat.table

        func run() async throws {
            let bases = try await Database.withLedger {
                try await $0.legalBases(of: victim.map { VictimID($0) }, as: .actor(by.actor))
            }
            switch format {
            case .json: try Console.write(json: bases.map(Row.init))
            case .table:
                var table = TextTable([
                    ("basis", .right), ("kind", .left), ("victim", .left), ("for", .left), ("from", .left),
                    ("until", .left), ("holds", .left), ("categories", .left), ("reference", .left),
                ])
                for row in bases.map(Row.init) {
                    table.add([
                        String(row.basis), row.kind, row.victim ?? "all", row.role + "/" + (row.party ?? "*"), row.from,
                        row.withdrawnOn ?? row.until ?? "-", row.holds ? "yes" : "no",
                        row.categories.joined(separator: " "), row.reference,
                    ])
                }
                try Console.write(table.text)
            }
        }

        private struct Row: Encodable {
            let basis: Int
            let kind: String
            let victim: String?
            let role: String
            let party: String?
            let categories: [String]
            let from: String
            let until: String?
            let withdrawnOn: String?
            let holds: Bool
            let reference: String

            init(_ kept: KeptLegalBasis) {
                basis = kept.id
                kind = kept.basis.kind.rawValue
                victim = kept.basis.victim?.text
                role = kept.basis.role.rawValue
                party = kept.basis.party
                categories = kept.basis.categories.map(\.rawValue)
                from = kept.basis.from.description
                until = kept.basis.until?.description
                withdrawnOn = kept.withdrawnOn?.description
                holds = kept.holds
                reference = kept.basis.reference
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Put a basis on record.",
            discussion: """
                The desk records any; coordinators and guardians record consents of their own cases. What is on record \
                already is refused (exit status 2), so that it is closed when it is withdrawn.

                Example: onderdak basis add law desk profile phase --from 2026-01-01 --reference "..." --as desk/nl
                """)

        @Argument(help: "consent, law or covenant.")
        var kind: LegalBasis.Kind

        @Argument(help: "The role that may be told.")
        var role: Role

        @Argument(help: "What may be told.")
        var categories: [DataCategory]

        @Option(help: "Whose data; without it, of all cases that the role may see.")
        var victim: String?

        @Option(help: "Who of the role; without it, all.")
        var party: String?

        @Option(help: "The first day on which it holds.")
        var from: CalendarDate

        @Option(help: "The first day on which it no longer holds.")
        var until: CalendarDate?

        @Option(help: "The article, covenant or form; no person's name.")
        var reference: String

        @OptionGroup var acting: ActingOptions

        func run() async throws {
            let basis = LegalBasis(
                kind: kind, victim: victim.map { VictimID($0) }, role: role, party: party, categories: categories,
                from: from, until: until, reference: reference)
            try await acting.answer({ ["basis": try await $0.add(basis, as: .actor($1))] }) {
                "basis \($0["basis"] ?? 0)\n"
            }
        }
    }

    struct Withdraw: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "withdraw", abstract: "End a basis: what it opened is closed from that day.",
            discussion: """
                With it ends all that says the same, also what was on record for later days.

                Example: onderdak basis withdraw 4 --on 2026-04-01 --as coordinator/frl
                """)

        @Argument(help: "The number of the basis.")
        var basis: Int

        @Option(name: .customLong("on"), help: "The first day on which it no longer holds; today unless told.")
        var day: CalendarDate?

        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.done("basis \(basis): withdrawn from \(day?.description ?? "today") on") { ledger, actor in
                let day =
                    if let day { day } else { try await ledger.today() }
                try await ledger.withdraw(basis: basis, from: day, as: .actor(actor))
            }
        }
    }
}

/// `onderdak break-glass`: opens a case in a vital interest.
struct BreakGlassCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "break-glass",
        abstract: "Open a case for some hours in a vital interest; the auditor is alarmed.",
        discussion: """
            For the desk, coordinators, shelters and guardians. Categories: identity, profile, avoid, phase, health, address.

            Example: onderdak break-glass v17 health --hours 2 --reason "found unconscious, needs medication" \
            --as shelter/s12
            """)

    @Argument(help: "The victim's identifier.")
    var victim: String

    @Argument(help: "What to open.")
    var categories: [DataCategory]

    @Option(help: "For how many hours, 1 to 24.")
    var hours = 1

    @Option(help: "Why it is vital; the auditor reads it.")
    var reason: String

    @OptionGroup var acting: ActingOptions

    func validate() throws {
        if !(1...24).contains(hours) { throw ValidationError("A case is opened for 1 to 24 hours.") }
        if categories.isEmpty { throw ValidationError("Say what to open: identity, health, ...") }
    }

    func run() async throws {
        try await acting.answer({
            ["opened": try await $0.breakGlass(VictimID(victim), categories, hours: hours, reason: reason, as: $1)]
        }) { "opened as \($0["opened"] ?? 0); the auditor is told\n" }
    }
}
