import ArgumentParser
import CareChain
import Ledger

/// `onderdak retention`: what is kept no longer than its rule says.
struct RetentionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retention",
        abstract: "Take away what is kept for long enough: identities, ended cases, answers, delivered events.",
        discussion: "Example: onderdak retention run --dry-run",
        subcommands: [Run.self])

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "run", abstract: "Take away what is due today, for a timer, every night.",
            discussion: """
                Each case in a transaction of its own: broken off, it goes on when it is run again. Figures stay right: of \
                an ended case stays, phases and registrations stay under a new name. For operators.

                Example: onderdak retention run --dry-run --format json
                """)

        @Flag(help: "Only tell what is due.")
        var dryRun = false

        @OptionGroup var by: OperatorOption

        @Option(help: "What to print: table or json.")
        var format = OutputFormat.table

        func run() async throws {
            let items = try await Database.withLedger { ledger in
                dryRun ? try await ledger.retentionDue(by: by.actor) : try await ledger.runRetention(by: by.actor)
            }
            switch format {
            case .json: try Console.write(json: items.map(Row.init))
            case .table:
                var table = TextTable([("what", .left), ("which", .left), ("since", .left)])
                for item in items { table.add([item.subject.rawValue, item.object, item.since.description]) }
                try Console.write(table.text)
            }
            Console.message(
                dryRun ? "\(items.count) are due; nothing was taken away" : "\(items.count) were taken away")
        }

        private struct Row: Encodable {
            let what: String
            let which: String
            let since: String

            init(_ item: RetentionItem) {
                what = item.subject.rawValue
                which = item.object
                since = item.since.description
            }
        }
    }
}
