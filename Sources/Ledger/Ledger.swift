import CareChain
public import Postgres

/// The system of record: what there is, who needs a place, who is where, and what was planned.
///
/// Every use case is one method and one transaction. Days are dates; what an instance counts in days from the start of its
/// horizon is kept by date, so that an instance can be built for any day.
public struct Ledger: Sendable {
    /// The database.
    public let pool: Pool
    /// What its steps count on; nil: nothing.
    let expectation: Expectation?

    /// Makes a ledger of a database whose schema is that of ``migrations``.
    public init(_ pool: Pool) {
        self.init(pool, expectation: nil)
    }

    init(_ pool: Pool, expectation: Expectation?) {
        self.pool = pool
        self.expectation = expectation
    }

    /// The steps that make the schema, in order.
    ///
    /// - Throws: ``Postgres/MigrationError`` when a file of `schema/migrations` is not named as it should be.
    public static var migrations: [Migration] {
        get throws(MigrationError) {
            var migrations: [Migration] = []
            for file in EmbeddedFiles.all {
                migrations.append(try Migration(fileName: file.name, sql: file.text))
            }
            return migrations
        }
    }
}

extension Ledger {
    /// Runs a use case in a transaction, told again when it collided with another one, with errors as people read them.
    @discardableResult
    func transaction<Success>(
        _ isolation: IsolationLevel, readOnly: Bool = false, as acting: Acting = .program(for: nil),
        file: String = #fileID, line: Int = #line,
        _ body: (Connection) async throws -> Success
    ) async throws(LedgerError) -> Success {
        do {
            return try await pool.transaction(
                isolation: isolation, readOnly: readOnly, repeatable: true, opening: acting.opening, file: file,
                line: line, body)
        } catch {
            throw LedgerError(error, of: acting)
        }
    }
}
