import ArgumentParser
import CareChain
import Foundation
import Ledger

/// `onderdak audit`: who did and saw what.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Who did and saw what: show it, seal it, verify that nothing was changed.",
        discussion: """
            Examples:
              onderdak audit show --as auditor/fg --victim v17
              onderdak audit seal
              onderdak audit verify --as auditor/fg
              onderdak audit alarms --as auditor/fg
            """,
        subcommands: [Show.self, Seal.self, Verify.self, Alarms.self, See.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Entries of the trail, the newest first.",
            discussion: "Example: onderdak audit show --as auditor/fg --day 2026-03-02 --actor coordinator/frl")

        @OptionGroup var by: ActorOption

        @Option(help: "Only about this victim.")
        var victim: String?

        @Option(help: "Only of this actor, as ROLE/ID.")
        var actor: String?

        @Option(help: "Only on this day (UTC).")
        var day: CalendarDate?

        @Option(help: "At most so many.")
        var limit = 100

        @Option(help: "What to print: table or json.")
        var format = OutputFormat.table

        func run() async throws {
            let filter = AuditFilter(victim: victim.map { VictimID($0) }, actor: actor, day: day)
            let entries = try await Database.withLedger {
                try await $0.audit(filter, PageRequest(limit: limit), as: .actor(by.actor)).elements
            }
            switch format {
            case .json: try Console.write(json: entries.map(Row.init))
            case .table:
                var table = TextTable([
                    ("entry", .right), ("at", .left), ("actor", .left), ("did", .left), ("what", .left),
                    ("victim", .left),
                    ("request", .left), ("which", .left), ("fields", .left),
                ])
                for entry in entries {
                    table.add([
                        String(entry.number), entry.at.ISO8601Format(), entry.actor, entry.action, entry.relation,
                        entry.victim ?? "-", entry.request ?? "-", entry.object ?? "-",
                        entry.fields.joined(separator: " "),
                    ])
                }
                try Console.write(table.text)
            }
        }

        private struct Row: Encodable {
            let entry: Int
            let at: String
            let actor: String
            let login: String
            let action: String
            let relation: String
            let victim: String?
            let request: String?
            let object: String?
            let fields: [String]

            init(_ kept: AuditEntry) {
                entry = kept.number
                at = kept.at.ISO8601Format()
                actor = kept.actor
                login = kept.login
                action = kept.action
                relation = kept.relation
                victim = kept.victim
                request = kept.request
                object = kept.object
                fields = kept.fields
            }
        }
    }

    struct Seal: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "seal", abstract: "Chain and seal what is not sealed yet; for a timer, every few minutes.",
            discussion: """
                It prints the newest seal as NUMBER:SEAL. Noted outside the database's reach, it lets verify --head notice \
                also that the newest entries were removed. For operators and auditors.

                Example: onderdak audit seal >> /var/log/onderdak-seals
                """)

        @OptionGroup var by: OperatorOption

        @Option(help: "What to print: table or json.")
        var format = OutputFormat.table

        func run() async throws {
            let keys = try Keys.fromEnvironment()
            let report = try await Database.withLedger { try await $0.seal(keys, by: by.actor) }
            Console.message("sealed \(report.entries) entries")
            let newest = report.seal.flatMap { seal in report.head.map { "\(seal):\($0)" } }
            try format.show(Row(sealed: report.entries, seal: newest)) { $0.seal.map { "\($0)\n" } ?? "" }
        }

        private struct Row: Encodable {
            let sealed: Int
            let seal: String?
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify", abstract: "Find what was changed, removed, slipped in or reordered.",
            discussion: """
                For operators and auditors. Exit status 0 when everything is as it was sealed, 2 when not.

                Example: onderdak audit verify --head "$(tail -n 1 /var/log/onderdak-seals)" --as auditor/fg
                """)

        @Option(
            help: ArgumentHelp(
                "A seal as seal printed it, kept elsewhere; may be given again.", valueName: "NUMBER:SEAL"))
        var head: [String] = []

        @OptionGroup var by: OperatorOption

        @Option(help: "What to print: table or json.")
        var format = OutputFormat.table

        func validate() throws {
            if head.contains(where: { Self.parsed($0) == nil }) {
                throw ValidationError("A seal is NUMBER:SEAL, as onderdak audit seal prints it.")
            }
        }

        private static func parsed(_ text: String) -> (Int, String)? {
            let parts = text.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, let number = Int(parts[0]) else { return nil }
            return (number, String(parts[1]))
        }

        func run() async throws {
            let keys = try Keys.fromEnvironment()
            let heads = Dictionary(head.compactMap(Self.parsed), uniquingKeysWith: { $1 })
            let verdict = try await Database.withLedger { try await $0.verifyAudit(keys, heads: heads, as: by.actor) }
            try show(verdict)
            guard verdict.isIntact else {
                throw Failure(
                    status: .checkFailed,
                    sentence: "the audit trail is not as it was sealed: \(verdict.findingCount) findings")
            }
        }

        private func show(_ verdict: AuditVerdict) throws {
            switch format {
            case .json: try Console.write(json: Row(verdict))
            case .table:
                var text =
                    "\(verdict.sealed) sealed entries of \(verdict.days) days, \(verdict.unsealed) not sealed yet\n"
                for finding in verdict.findings { text += "\(finding.kind.rawValue): \(finding.sentence)\n" }
                let untold = verdict.findingCount - verdict.findings.count
                if untold > 0 { text += "and \(untold) more\n" }
                try Console.write(text)
            }
        }

        private struct Row: Encodable {
            struct Finding: Encodable {
                let kind: String
                let entry: Int?
                let sentence: String
            }

            let intact: Bool
            let sealed: Int
            let unsealed: Int
            let days: Int
            let findingCount: Int
            let findings: [Finding]

            init(_ verdict: AuditVerdict) {
                intact = verdict.isIntact
                sealed = verdict.sealed
                unsealed = verdict.unsealed
                days = verdict.days
                findingCount = verdict.findingCount
                findings = verdict.findings.map {
                    Finding(kind: $0.kind.rawValue, entry: $0.entry, sentence: $0.sentence)
                }
            }
        }
    }

    struct Alarms: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "alarms", abstract: "Who opened a case in a vital interest, and why.",
            discussion: "Example: onderdak audit alarms --as auditor/fg --all")

        @OptionGroup var by: ActorOption

        @Flag(help: "Those that were seen too.")
        var all = false

        @Option(help: "What to print: table or json.")
        var format = OutputFormat.table

        func run() async throws {
            let alarms = try await Database.withLedger { try await $0.alarms(openOnly: !all, as: .actor(by.actor)) }
            switch format {
            case .json: try Console.write(json: alarms.map(Row.init))
            case .table:
                var table = TextTable([
                    ("alarm", .right), ("at", .left), ("actor", .left), ("victim", .left), ("opened", .left),
                    ("until", .left), ("seen", .left), ("reason", .left),
                ])
                for alarm in alarms {
                    table.add([
                        String(alarm.number), alarm.at.ISO8601Format(), alarm.actor, alarm.victim ?? "-",
                        alarm.categories.joined(separator: " "), alarm.until?.ISO8601Format() ?? "-",
                        alarm.seenAt?.ISO8601Format() ?? "-", alarm.reason ?? "-",
                    ])
                }
                try Console.write(table.text)
            }
        }

        private struct Row: Encodable {
            let alarm: Int
            let at: String
            let kind: String
            let actor: String
            let victim: String?
            let categories: [String]
            let reason: String?
            let until: String?
            let seenAt: String?

            init(_ kept: Alarm) {
                alarm = kept.number
                at = kept.at.ISO8601Format()
                kind = kept.kind
                actor = kept.actor
                victim = kept.victim
                categories = kept.categories
                reason = kept.reason
                until = kept.until?.ISO8601Format()
                seenAt = kept.seenAt?.ISO8601Format()
            }
        }
    }

    struct See: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "see", abstract: "Say that an alarm was looked at.",
            discussion: "Example: onderdak audit see 3 --as auditor/fg")

        @Argument(help: "The number of the alarm.")
        var alarm: Int

        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.done("alarm \(alarm): seen") { try await $0.see(alarm: alarm, as: $1) }
        }
    }
}
