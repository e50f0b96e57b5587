import ArgumentParser
import CareChain
import Countries
import Foundation
import Ledger

/// `onderdak load`: takes reference data, or the cases of an instance, into the ledger.
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Load a country's reference data, or the cases of an instance, into the database.",
        discussion: """
            A directory holds reference data as CSV files: regions, travel, memberships, shelters, units, beds, funders, \
            planning. A file is an onderdak-instance/1 whose facts are dated from the start of its horizon. Either is \
            taken in whole or not at all; loading the same again changes nothing.

            Examples:
              onderdak load data/netherlands
              onderdak load day.json
            """)

    @Argument(
        help: "A directory of CSV files, or an instance file; - is an instance on standard input.", completion: .file())
    var path: String

    @Option(help: "What to print: table or json.")
    var format = OutputFormat.table

    func run() async throws {
        let facts = try facts()
        try show(try await Database.withLedger { try await facts.load(into: $0) })
    }

    /// What is to be loaded.
    private enum Facts {
        case country(Country)
        case instance(Instance)

        func load(into ledger: Ledger) async throws -> LoadReport {
            switch self {
            case .country(let country): try await ledger.load(country)
            case .instance(let instance): try await ledger.load(instance)
            }
        }
    }

    private func facts() throws(Failure) -> Facts {
        InputFile.isDirectory(path) ? .country(try country()) : .instance(try InputFile.instance(path))
    }

    private func show(_ report: LoadReport) throws {
        switch format {
        case .json: try Console.write(json: report.entries.map(Row.init))
        case .table: try Console.write(Self.table(report))
        }
        for entry in report.entries where !entry.vanished.isEmpty {
            let shown = entry.vanished.prefix(5).joined(separator: ", ") + (entry.vanished.count > 5 ? ", …" : "")
            Console.message("\(entry.kind) in the database but not in \(path), left as they are: \(shown)")
        }
    }

    private func country() throws(Failure) -> Country {
        do {
            return try Country(directory: URL(fileURLWithPath: path))
        } catch {
            throw Failure(status: .badData, sentence: "\(path): \(error); nothing was loaded")
        }
    }

    private static func table(_ report: LoadReport) -> String {
        var table = TextTable([("", .left), ("given", .right), ("added", .right), ("changed", .right)])
        for entry in report.entries {
            table.add([entry.kind, String(entry.given), String(entry.added), String(entry.changed)])
        }
        return table.text
    }

    private struct Row: Encodable {
        let kind: String
        let given: Int
        let added: Int
        let changed: Int
        let vanished: [String]

        init(_ entry: LoadReport.Entry) {
            kind = entry.kind
            given = entry.given
            added = entry.added
            changed = entry.changed
            vanished = entry.vanished
        }
    }
}
