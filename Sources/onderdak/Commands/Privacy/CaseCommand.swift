import ArgumentParser
import CareChain
import Foundation
import Ledger

/// `onderdak case`: a case from its opening on, what is confidential of it, its export and its erasure.
struct CaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "case",
        abstract: "Cases: open, show, change; what is confidential; export, erase.",
        discussion: """
            Examples:
              onderdak case open v17:sex=female,born=2001-03-04,phase=signal --region frl --as coordinator/frl
              echo Janssen | onderdak case write v17 identity family-name --as coordinator/frl
              onderdak case read v17 identity --as coordinator/frl
              onderdak case export v17 --as coordinator/frl > v17.json
              onderdak case erase v17 --as coordinator/frl
            """,
        subcommands: [
            Open.self, Show.self, Change.self, Investigate.self, Read.self, Write.self, Export.self, Erase.self,
        ])

    struct Read: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "read", abstract: "Who a victim is, or health; every time is noted in the audit trail.",
            discussion: "Example: onderdak case read v17 identity --as coordinator/frl")

        @Argument(help: "The victim's identifier.")
        var victim: String

        @Argument(help: "identity or health.")
        var category: ConfidentialCategory

        @OptionGroup var by: ActorOption

        @Option(help: "What to print: table or json.")
        var format = OutputFormat.table

        func run() async throws {
            let keys = try Keys.fromEnvironment()
            let fields = try await Database.withLedger {
                try await $0.confidential(category, of: VictimID(victim), as: by.actor, keys: keys)
            }
            switch format {
            case .json: try Console.write(json: fields.map(Row.init))
            case .table:
                var table = TextTable([("field", .left), ("text", .left), ("written by", .left), ("at", .left)])
                for field in fields {
                    table.add([field.field, field.text, field.reportedBy, field.writtenAt.ISO8601Format()])
                }
                try Console.write(table.text)
            }
        }

        private struct Row: Encodable {
            let field: String
            let text: String
            let reportedBy: String
            let writtenAt: String

            init(_ kept: ConfidentialField) {
                field = kept.field
                text = kept.text
                reportedBy = kept.reportedBy
                writtenAt = kept.writtenAt.ISO8601Format()
            }
        }
    }

    struct Write: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "write", abstract: "Put a confidential text on record, read from standard input.",
            discussion: """
                From standard input, because other users of the machine can read a command's arguments.

                Example: echo Janssen | onderdak case write v17 identity family-name --as coordinator/frl
                """)

        @Argument(help: "The victim's identifier.")
        var victim: String

        @Argument(help: "identity or health.")
        var category: ConfidentialCategory

        @Argument(help: "What it is: lower-case letters and hyphens, family-name for example.")
        var field: String

        @OptionGroup var acting: ActingOptions

        func run() async throws {
            let keys = try Keys.fromEnvironment()
            let text = String(decoding: try InputFile.bytes("-"), as: UTF8.self).trimmingCharacters(in: .newlines)
            guard !text.isEmpty else {
                throw Failure(status: .badData, sentence: "standard input is empty: there is nothing to write")
            }
            try await acting.done("case \(victim): \(field) written") {
                try await $0.write(text, as: field, in: category, of: VictimID(victim), as: $1, keys: keys)
            }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export", abstract: "Everything the ledger holds about a victim, for the victim.",
            discussion: """
                As JSON (onderdak-case/1), or a table of the same to read. What concerns others, or an investigation, is left out.

                Example: onderdak case export v17 --as coordinator/frl > v17.json
                """)

        @Argument(help: "The victim's identifier.")
        var victim: String

        @OptionGroup var by: ActorOption

        @Option(help: "What to print: json or table.")
        var format = OutputFormat.json

        func run() async throws {
            let keys = try Keys.fromEnvironment()
            let json = try await Database.withLedger {
                try await $0.export(case: VictimID(victim), as: by.actor, keys: keys)
            }
            switch format {
            case .json: try Console.write(Array(json) + [UInt8(ascii: "\n")])
            case .table:
                var table = TextTable([("what", .left), ("is", .left)])
                try Self.add(JSONSerialization.jsonObject(with: json), called: "", to: &table)
                try Console.write(table.text)
            }
        }

        /// Adds every text and number of a document by the way to it: `stay 1 unit`.
        private static func add(_ value: Any, called name: String, to table: inout TextTable) {
            let before = name.isEmpty ? "" : name + " "
            switch value {
            case is NSNull: break
            case let fields as [String: Any]:
                for (field, value) in fields.sorted(by: { $0.key < $1.key }) {
                    add(value, called: before + field, to: &table)
                }
            case let texts as [String]:
                if !texts.isEmpty { table.add([name, texts.joined(separator: " ")]) }
            case let rows as [Any]:
                for (index, row) in rows.enumerated() { add(row, called: before + String(index + 1), to: &table) }
            default: table.add([name, "\(value)"])
            }
        }
    }

    struct Erase: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "erase", abstract: "Take out of an ended case what tells whose it was; it cannot be undone.",
            discussion: """
                Stays, phases and registrations stay under a new name, so that figures stay right; stored runs lose the \
                facts of this case and cannot be repeated any more.

                Example: onderdak case erase v17 --as coordinator/frl
                """)

        @Argument(help: "The victim's identifier.")
        var victim: String

        @OptionGroup var keyed: KeyOption
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.answer({
                ["runs": try await $0.erase(case: VictimID(victim), by: $1, key: keyed.key)]
            }) { "the case is erased; runs that were blanked: \($0["runs"]?.count ?? 0)\n" }
        }
    }
}
