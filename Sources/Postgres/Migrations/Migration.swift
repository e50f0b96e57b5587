/// One step of a database's schema, forward only: once it has landed, its text is never changed.
public struct Migration: Sendable, Equatable {
    /// Its place in the order.
    public let number: Int
    /// What it does, in a few words.
    public let name: String
    /// The script, which runs in a transaction of its own and so holds neither BEGIN nor COMMIT.
    public let sql: String

    /// A migration of its parts.
    public init(number: Int, name: String, sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
    }

    /// Reads number and name from the name of a file, `0001_reference_data.sql`.
    ///
    /// - Throws: `badFileName`.
    public init(fileName: String, sql: String) throws(MigrationError) {
        guard let match = fileName.wholeMatch(of: /(\d{4})_([a-z0-9_]+)\.sql/), let number = Int(match.1) else {
            throw .badFileName(fileName)
        }
        self.init(number: number, name: String(match.2), sql: sql)
    }
}

extension Migration: CustomStringConvertible {
    /// The name of its file without the suffix.
    public var description: String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + "\(digits)_\(name)"
    }
}
