import ArgumentParser
import Foundation
import Ledger
import Postgres

/// `onderdak doctor`: is everything in order?
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look whether everything is in order, and say what to do about what is not.",
        discussion: """
            Migrations, roles, policies, clock, stale capacity, what is overdue, coverage, alarms, retention, orphans, keys \
            and the chain of the audit trail. For operators. Exit status 1 when something is not in order.

            Example: onderdak doctor
            """)

    @OptionGroup var by: OperatorOption

    @Option(help: "What to print: table or json.")
    var format = OutputFormat.table

    func run() async throws {
        let findings = try await findings()
        switch format {
        case .json: try Console.write(json: findings.map(Row.init))
        case .table:
            var table = TextTable([("", .left), ("", .left), ("", .left)])
            for finding in findings {
                table.add([finding.state.rawValue, finding.subject, finding.sentence])
                if let advice = finding.advice { table.add(["", "", "→ \(advice)"]) }
            }
            // Without the empty heading.
            try Console.write(String(table.text.drop { $0.isNewline }))
        }
        let wrong = findings.count { $0.state == .wrong }
        guard wrong == 0 else {
            throw Failure(
                status: .failed, sentence: wrong == 1 ? "one thing is not in order" : "\(wrong) things are not in order"
            )
        }
    }

    private func findings() async throws -> [ExaminationFinding] {
        let keys = try hasKeys ? Keys.fromEnvironment() : nil
        return try await Database.withPool { pool in
            try Ledger.checkExaminer(by.actor)
            let pending = try await pool.withConnection { try await Database.migrator().pending(on: $0) }
            if let first = pending.first {
                // What else there is to see needs the tables.
                return [
                    ExaminationFinding(
                        "migrations", .wrong, "\(pending.count) are missing, from \(first) on",
                        advice: "onderdak migrate")
                ]
            }
            let ledger = Ledger(pool)
            try await ledger.sweep()
            return [ExaminationFinding("migrations", .fine, "the schema is this program's")]
                + (try await ledger.examine(keys: keys, by: by.actor))
        }
    }

    private var hasKeys: Bool {
        ["ONDERDAK_KEY_FILE", "ONDERDAK_KEY"].contains {
            ProcessInfo.processInfo.environment[$0]?.isEmpty == false
        }
    }

    private struct Row: Encodable {
        let subject: String
        let state: String
        let sentence: String
        let advice: String?

        init(_ finding: ExaminationFinding) {
            subject = finding.subject
            state = finding.state.rawValue
            sentence = finding.sentence
            advice = finding.advice
        }
    }
}
