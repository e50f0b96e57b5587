import API
import ArgumentParser
import CareChain
import Foundation
import Ledger

/// `onderdak capacity`: what beds there are, by whom it was counted and when.
struct CapacityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capacity", abstract: "Capacity: report, import, show, stale, limit.",
        discussion: "Example: onderdak capacity show --shelter s12 --as shelter/s12",
        subcommands: [Report.self, Import.self, Show.self, Stale.self, Limit.self])

    struct Report: ServedCommand {
        static let configuration = CommandConfiguration(
            commandName: "report", abstract: "Report the beds of a unit from a day on.",
            discussion: """
                --free: beds that nobody is in; --out-of-service: beds that cannot be used; --beds: all. The same key is the \
                same report; one that was counted before another that is known changes nothing.

                Example: onderdak capacity report s12-v1 --free 2 --reason count --key 2026-01-05-08 --as shelter/s12
                """)

        @Argument var unit: UnitID
        @Option(help: "Beds that nobody is in.") var free: Int?
        @Option(help: "Beds that cannot be used.") var outOfService: Int?
        @Option(help: "All beds.") var beds: Int?
        @Option(help: "From which day on (default: today).") var from: CalendarDate?
        @Option(help: "The first day on which it is as before (default: until further notice).") var until:
            CalendarDate?
        @Option(help: "Why.") var reason: String
        @Option(help: "When it was counted (default: now).") var countedAt: Instant?
        @Option(help: "The report's key: the same key is the same report.") var key: String
        @OptionGroup var served: ServedOptions

        func validate() throws {
            let given = [free, outOfService, beds].compactMap(\.self)
            guard given.count == 1, given[0] >= 0 else {
                throw ValidationError("Give one of --free, --out-of-service and --beds, 0 or more.")
            }
            if let from, let until, from >= until { throw ValidationError("--from must be before --until.") }
        }

        func run() async throws {
            let kind: CapacityReport.Kind = free != nil ? .free : outOfService != nil ? .outOfService : .beds
            let report = CapacityReport(
                unit: unit, kind: kind, number: free ?? outOfService ?? beds ?? 0, from: from, until: until,
                reason: reason, observedAt: countedAt?.date, key: key)
            try await served.answer({ try await $0.report([report]) }, table: CapacityCommand.table)
        }
    }

    struct Import: ServedCommand {
        static let configuration = CommandConfiguration(
            commandName: "import", abstract: "Take a CSV file of reports in, all or none.",
            discussion: """
                Its columns: unit,kind,number,from,until,reason,counted_at,key. kind is free, out-of-service or beds; until \
                and counted_at may be empty.

                Example: onderdak capacity import beds.csv --as desk/national
                """)

        @Argument(help: "The file; - is standard input.", completion: .file()) var file: String
        @OptionGroup var served: ServedOptions

        func run() async throws {
            let reports = try CapacityFile.reports(in: file)
            try await served.answer({ try await $0.report(reports) }, table: CapacityCommand.table)
        }
    }

    struct Show: ServedCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "What is known of the units' beds today, and how old that is.",
            discussion: "Example: onderdak capacity show --shelter s12 --as shelter/s12")

        @Option(help: "The units of this shelter (default: all).") var shelter: ShelterID?
        @OptionGroup var served: ServedOptions

        func run() async throws {
            try await served.answer(
                { try await $0.capacity(of: shelter, staleOnly: false) }, table: CapacityCommand.table)
        }
    }

    struct Stale: ServedCommand {
        static let configuration = CommandConfiguration(
            commandName: "stale", abstract: "The units whose last report is older than it may be.",
            discussion: """
                Their free beds are not planned with until they report.

                Example: onderdak capacity stale --as desk/national
                """)

        @OptionGroup var served: ServedOptions

        func run() async throws {
            try await served.answer({ try await $0.capacity(of: nil, staleOnly: true) }, table: CapacityCommand.table)
        }
    }

    struct Limit: ServedCommand {
        static let configuration = CommandConfiguration(
            commandName: "limit", abstract: "Say how old a unit's last report may be.",
            discussion: """
                A unit for which nothing is said reports as often as the country's data say (desk.csv).

                Example: onderdak capacity limit s12-v1 --hours 24 --as desk/national
                """)

        @Argument var unit: UnitID
        @Option(help: "How many hours.") var hours: Int?
        @Flag(help: "It need not report.") var none = false
        @Flag(help: "As often as the country says.") var country = false
        @OptionGroup var served: ServedOptions

        func validate() throws {
            if let hours, !ReportLimit.possibleHours.contains(hours) {
                throw ValidationError("--hours must be 1 to 8760.")
            }
            if [hours != nil, none, country].count(where: { $0 }) != 1 {
                throw ValidationError("Give one of --hours, --none and --country.")
            }
        }

        func run() async throws {
            let limit: ReportLimit = hours.map { .hours($0) } ?? (none ? .none : .country)
            let sentence =
                hours.map { "reports every \($0) hours" } ?? (none ? "need not report" : "reports as the country says")
            try await served.done("unit \(unit): \(sentence)") {
                try await $0.limitReports(of: unit, to: limit)
            }
        }
    }

    static func table(_ outcomes: [CapacityResults.Line]) -> String {
        var table = TextTable([("report", .right), ("beds", .right), ("excess", .right), ("", .left)])
        for outcome in outcomes {
            table.add([
                String(outcome.report), String(outcome.beds), String(outcome.excess),
                outcome.late ? "late: changed nothing" : "",
            ])
        }
        return table.text
    }

    static func table(_ units: [CapacityBody]) -> String {
        var table = TextTable([
            ("unit", .left), ("beds", .right), ("taken", .right), ("held", .right), ("excess", .right),
            ("counted", .left), ("limit", .left),
        ])
        for unit in units {
            let age = unit.observedAt == nil ? "never" : "\(Int(unit.ageHours ?? 0)) h ago"
            table.add([
                unit.unit, String(unit.beds), String(unit.taken), String(unit.held), String(unit.excess),
                age + (unit.stale ? ", STALE" : ""), unit.limitHours.map { "\(Int($0)) h" } ?? "-",
            ])
        }
        return table.text
    }
}
