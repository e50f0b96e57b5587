import API
import CareChain
import Foundation
import Ledger
import Logging
import Planning
import Postgres

/// The database that DATABASE_URL, or else the PG* variables, name.
enum Database {
    /// Runs a command's work on the ledger, whose schema must be the one that this program expects.
    static func withLedger<Success>(
        limits: Pool.Limits = Pool.Limits(), statementTimeout: Duration = .seconds(60),
        _ body: (Ledger) async throws -> Success
    ) async throws -> Success {
        try await withPool(limits: limits, statementTimeout: statementTimeout) { pool in
            let pending = try await pool.withConnection { try await migrator().pending(on: $0) }
            if let first = pending.first {
                throw Failure(
                    status: .failed,
                    sentence: "the database lacks \(pending.count) migrations, from \(first) on: run onderdak migrate")
            }
            return try await body(Ledger(pool))
        }
    }

    /// Runs a command's work on the database as it is.
    static func withPool<Success>(
        limits: Pool.Limits = Pool.Limits(), statementTimeout: Duration = .seconds(60),
        _ body: (Pool) async throws -> Success
    ) async throws -> Success {
        do {
            var options = try ConnectionOptions.environment()
            options.statementTimeout = statementTimeout
            let pool = Pool(
                options, limits: limits, logger: Logger(label: "postgres", factory: { _ in SwiftLogNoOpLogHandler() }))
            do {
                let success = try await body(pool)
                await pool.shutDown()
                return success
            } catch {
                await pool.shutDown()
                throw error
            }
        } catch {
            throw Failure(error)
        }
    }

    /// What brings a database's schema to where this program expects it.
    static func migrator() throws(MigrationError) -> Migrator {
        try Migrator(try Ledger.migrations, version: Planner.version)
    }
}

extension Failure {
    /// The failure that an error of the layers below stands for.
    init(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as LedgerError: self.init(error)
        case let error as PostgresError: self.init(status: .failed, sentence: Self.sentence(error))
        case let error as Refused: self.init(error.problem)
        default: self.init(status: .failed, sentence: "\(error)")
        }
    }

    private init(_ error: LedgerError) {
        switch error {
        case .noPolicy:
            self.init(status: .failed, sentence: "\(error): onderdak load data/netherlands loads the demo country")
        case .breaks, .notDisclosed, .stale: self.init(status: .checkFailed, sentence: "\(error)")
        case .notAllowed, .notNow, .denied: self.init(status: .checkFailed, sentence: "\(error) [\(error.code)]")
        case .refused where error.isRefusalOfStep:
            self.init(status: .checkFailed, sentence: "\(error) [\(error.code)]")
        case .contradicts, .refused, .outsideCalendar, .unstorableText, .noSuch, .keyReused, .invalid, .items:
            self.init(status: .badData, sentence: "\(error)")
        case .database(let error): self.init(status: .failed, sentence: Self.sentence(error))
        default: self.init(status: .failed, sentence: "\(error)")
        }
    }

    private init(_ problem: ProblemBody) {
        var sentence = problem.detail
        for error in problem.errors ?? [] {
            sentence += "\n  \(error.pointer ?? error.parameter ?? error.code): \(error.detail)"
        }
        // Rules of the problem have their codes in the sentence already.
        for code in Set((problem.rules ?? []).map { "[\($0.rule)]" }).sorted() where !sentence.contains(code) {
            sentence += " \(code)"
        }
        if let units = problem.alternatives { sentence += "\nunits that would do: \(units.joined(separator: ", "))" }
        switch problem.status {
        case 401: self.init(status: .checkFailed, sentence: "\(sentence). \(problem.do)")
        case 403, 409, 412: self.init(status: .checkFailed, sentence: sentence)
        case 400..<429, 431..<500: self.init(status: .badData, sentence: sentence)
        default: self.init(status: .failed, sentence: "\(sentence). \(problem.do) (\(problem.requestId))")
        }
    }

    private static func sentence(_ error: PostgresError) -> String {
        switch error {
        case .connectionFailed, .invalidOptions:
            "\(error)\nDATABASE_URL (postgresql://user@host/database) or the PG* variables say which database to use"
        default: "\(error)"
        }
    }
}
