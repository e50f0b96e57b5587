import ArgumentParser
import CareChain
import Ledger

/// `onderdak coverage`: which coordinator covers what.
struct CoverageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage",
        abstract: "Which coordinator covers which region, function, ages and days; gaps and overlaps.",
        discussion: """
            Where nobody is on duty for care, the desk is accountable, and that is a gap.

            Examples:
              onderdak coverage add frl frl --from 2026-01-01 --as desk/nl
              onderdak coverage add dre frl --from 2026-01-01 --stand-in --ages 18-150 --as desk/nl
              onderdak coverage absent frl --from 2026-07-01 --until 2026-07-15 --as coordinator/frl
              onderdak coverage back frl --from 2026-07-01 --as coordinator/frl
              onderdak coverage gaps --from 2026-01-01 --until 2027-01-01 --as desk/nl
            """,
        subcommands: [
            List.self, Add.self, End.self, Absent.self, Absences.self, Back.self, Gaps.self, Accountable.self,
        ],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "What is covered from today on.",
            discussion: "Example: onderdak coverage list --as desk/nl")

        @OptionGroup var by: ActorOption

        @Option(help: "What to print: table or json.")
        var format = OutputFormat.table

        func run() async throws {
            let rows = try await Database.withLedger { try await $0.coverages(as: .actor(by.actor)).map(Row.init) }
            switch format {
            case .json: try Console.write(json: rows)
            case .table:
                var table = TextTable([
                    ("coverage", .right), ("region", .left), ("function", .left), ("coordinator", .left),
                    ("ages", .left),
                    ("from", .left), ("until", .left), ("today", .left),
                ])
                for row in rows {
                    table.add([
                        String(row.coverage), row.region, row.function, row.coordinator, row.ages, row.from,
                        row.until ?? "-", (row.onDuty ? "on duty" : "not on duty") + (row.standIn ? ", stand-in" : ""),
                    ])
                }
                try Console.write(table.text)
            }
        }

        private struct Row: Encodable {
            let coverage: Int
            let region: String
            let function: String
            let coordinator: String
            let ages: String
            let from: String
            let until: String?
            let standIn: Bool
            let onDuty: Bool

            init(_ kept: KeptCoverage) {
                coverage = kept.id
                region = kept.coverage.region.text
                function = kept.coverage.function.rawValue
                coordinator = kept.coverage.coordinator
                ages = AgeRange(kept.coverage.ages).description
                from = kept.coverage.from.description
                until = kept.coverage.until?.description
                standIn = kept.coverage.standIn
                onDuty = kept.isOnDuty
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Put a coverage on record.",
            discussion:
                "Example: onderdak coverage add frl frl --function care --ages 18-150 --from 2026-01-01 --as desk/nl")

        @Argument(help: "The region's identifier.")
        var region: String

        @Argument(help: "The coordinator's identifier, as in coordinator/ID.")
        var coordinator: String

        @Option(help: "care (accountable for shelter), outflow or youth.")
        var function = CoverageFunction.care

        @Option(help: "The ages in years, both included.")
        var ages = AgeRange(0..<151)

        @Option(help: "The first day.")
        var from: CalendarDate

        @Option(help: "The first day no longer.")
        var until: CalendarDate?

        @Flag(help: "Only where nobody else covers, or those who do are absent.")
        var standIn = false

        @OptionGroup var keyed: KeyOption
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            let coverage = Coverage(
                region: RegionID(region), function: function, coordinator: coordinator, ages: ages.range, from: from,
                until: until, standIn: standIn)
            try await acting.answer({ ["coverage": try await $0.add(coverage, by: $1, key: keyed.key)] }) {
                "coverage \($0["coverage"] ?? 0)\n"
            }
        }
    }

    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "end", abstract: "End a coverage.",
            discussion: "Example: onderdak coverage end 3 --on 2026-06-01 --as desk/nl")

        @Argument(help: "The number of the coverage.")
        var coverage: Int

        @Option(name: .customLong("on"), help: "The first day no longer.")
        var day: CalendarDate

        @OptionGroup var keyed: KeyOption
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.done("coverage \(coverage): ends on \(day)") {
                try await $0.end(coverage: coverage, on: day, by: $1, key: keyed.key)
            }
        }
    }

    struct Absent: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "absent", abstract: "Put on record that a coordinator is away; stand-ins act.",
            discussion:
                "Example: onderdak coverage absent frl --from 2026-07-01 --until 2026-07-15 --as coordinator/frl")

        @Argument(help: "The coordinator's identifier.")
        var coordinator: String

        @Option(help: "The first day.")
        var from: CalendarDate

        @Option(help: "The first day back.")
        var until: CalendarDate

        @OptionGroup var keyed: KeyOption
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.done("coordinator/\(coordinator): away from \(from) until \(until)") {
                try await $0.addAbsence(of: coordinator, from: from, until: until, by: $1, key: keyed.key)
            }
        }
    }

    struct Absences: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "absences", abstract: "Who is away, and until when: absences that are not over.",
            discussion: "Example: onderdak coverage absences --as desk/nl")

        @OptionGroup var by: ActorOption

        @Option(help: "What to print: table or json.")
        var format = OutputFormat.table

        func run() async throws {
            let rows = try await Database.withLedger {
                try await $0.absences(as: .actor(by.actor)).elements.map(Row.init)
            }
            switch format {
            case .json: try Console.write(json: rows)
            case .table:
                var table = TextTable([("coordinator", .left), ("from", .left), ("until", .left)])
                for row in rows { table.add([row.coordinator, row.from, row.until]) }
                try Console.write(table.text)
            }
        }

        private struct Row: Encodable {
            let coordinator: String
            let from: String
            let until: String

            init(_ absence: Absence) {
                coordinator = absence.coordinator
                from = absence.from.description
                until = absence.until.description
            }
        }
    }

    struct Back: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "back", abstract: "Take an absence back: the coordinator is there from today on.",
            discussion: """
                The days before today stay on record.

                Example: onderdak coverage back frl --from 2026-07-01 --as coordinator/frl
                """)

        @Argument(help: "The coordinator's identifier.")
        var coordinator: String

        @Option(help: "The first day of the absence.")
        var from: CalendarDate

        @OptionGroup var keyed: KeyOption
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.done("coordinator/\(coordinator): back") {
                try await $0.cancelAbsence(of: coordinator, from: from, by: $1, key: keyed.key)
            }
        }
    }

    struct Gaps: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "gaps", abstract: "Where nobody is on duty, and where two are.",
            discussion: """
                Exit status 2 when there are any.

                Example: onderdak coverage gaps --from 2026-01-01 --until 2027-01-01 --as desk/nl
                """)

        @Option(help: "The first day.")
        var from: CalendarDate

        @Option(help: "The first day no longer.")
        var until: CalendarDate

        @Option(help: "For gaps: care, outflow or youth.")
        var function = CoverageFunction.care

        @OptionGroup var by: ActorOption

        @Option(help: "What to print: table or json.")
        var format = OutputFormat.table

        func run() async throws {
            let rows = try await Database.withLedger { ledger in
                let acting = Acting.actor(by.actor)
                return try await ledger.coverageGaps(function, from: from, until: until, as: acting).map(Row.init)
                    + (try await ledger.coverageOverlaps(from: from, until: until, as: acting).map(Row.init))
            }
            switch format {
            case .json: try Console.write(json: rows)
            case .table:
                var table = TextTable([
                    ("what", .left), ("region", .left), ("ages", .left), ("from", .left), ("until", .left),
                    ("who", .left),
                ])
                for row in rows {
                    table.add([
                        row.what, row.region, row.ages, row.from, row.until, row.coordinators.joined(separator: ", "),
                    ])
                }
                try Console.write(table.text)
            }
            guard rows.isEmpty else {
                throw Failure(status: .checkFailed, sentence: "\(rows.count) gaps and overlaps")
            }
        }

        private struct Row: Encodable {
            let what: String
            let region: String
            let ages: String
            let from: String
            let until: String
            let coordinators: [String]

            init(_ gap: CoverageGap) {
                what = "gap"
                region = gap.region.text
                ages = AgeRange(gap.ages).description
                from = gap.from.description
                until = gap.until.description
                coordinators = []
            }

            init(_ overlap: CoverageOverlap) {
                what = "overlap (\(overlap.function.rawValue))"
                region = overlap.region.text
                ages = AgeRange(overlap.ages).description
                from = overlap.from.description
                until = overlap.until.description
                coordinators = overlap.coordinators
            }
        }
    }

    struct Accountable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "accountable",
            abstract: "Who is accountable for each case today; the desk where nobody covers.",
            discussion: "Example: onderdak coverage accountable --as desk/nl")

        @OptionGroup var by: ActorOption

        @Option(help: "What to print: table or json.")
        var format = OutputFormat.table

        func run() async throws {
            let rows = try await Database.withLedger { try await $0.accountability(as: .actor(by.actor)).map(Row.init) }
            switch format {
            case .json: try Console.write(json: rows)
            case .table:
                var table = TextTable([("victim", .left), ("region", .left), ("accountable", .left)])
                for row in rows { table.add([row.victim, row.region ?? "-", row.accountable]) }
                try Console.write(table.text)
            }
        }

        private struct Row: Encodable {
            let victim: String
            let region: String?
            let accountable: String
            let isGap: Bool

            init(_ kept: Accountability) {
                victim = kept.victim.text
                region = kept.region?.text
                accountable = kept.coordinator.map { "coordinator/\($0)" } ?? "desk"
                isGap = kept.coordinator == nil
            }
        }
    }
}

/// Ages in years as people write them, both included: `18-150`.
struct AgeRange: ExpressibleByArgument, CustomStringConvertible {
    let range: Range<Int>

    init(_ range: Range<Int>) { self.range = range }

    init?(argument: String) {
        let ages = argument.split(separator: "-").compactMap { Int($0) }
        guard ages.count == 2, 0 <= ages[0], ages[0] <= ages[1], ages[1] <= 150 else { return nil }
        range = ages[0]..<(ages[1] + 1)
    }

    var description: String { "\(range.lowerBound)-\(range.upperBound - 1)" }

    var defaultValueDescription: String { description }
}
