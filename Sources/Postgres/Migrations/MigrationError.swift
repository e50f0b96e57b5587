/// Why a database was not migrated. Of the migration in question nothing is kept, unless it committed by itself.
public enum MigrationError: Error, Sendable, Equatable {
    /// A file's name is not of the form `0001_what_it_does.sql`.
    case badFileName(String)
    /// Two migrations have the same number.
    case duplicate(number: Int)
    /// A migration was applied with another text than the program now has.
    case changed(migration: String)
    /// A migration was applied while an earlier one was not.
    case outOfOrder(missing: String)
    /// The database has migrations that the program does not know.
    case newerThanBinary(database: Int, binary: Int)
    /// A migration's script ends the transaction that it runs in.
    case endsTransaction(migration: String)
    /// PostgreSQL refused a migration's script; `line` counts from 1, where PostgreSQL tells the place.
    case failed(migration: String, line: Int?, ServerError)
}

extension MigrationError: CustomStringConvertible {
    /// A sentence for people that says what was wrong, where, and what to do.
    public var description: String {
        switch self {
        case .badFileName(let name):
            "\(name) is not the name of a migration; expected 0001_what_it_does.sql"
        case .duplicate(let number):
            "two migrations have the number \(number); give one of them the next free number"
        case .changed(let migration):
            "migration \(migration) was applied to this database with another text; "
                + "restore its text and put the change into a new migration"
        case .outOfOrder(let missing):
            "migration \(missing) was not applied to this database, though a later one was; the database needs repair"
        case .newerThanBinary(let database, let binary):
            "the database is at migration \(database), this program knows \(binary); use a newer program"
        case .endsTransaction(let migration):
            "migration \(migration) begins or ends a transaction; take BEGIN, COMMIT and ROLLBACK out of it"
        case .failed(let migration, let line, let error):
            "migration \(migration)\(line.map { ", line \($0)" } ?? ""): \(error.message) "
                + "(SQLSTATE \(error.sqlState.rawValue))"
        }
    }
}
