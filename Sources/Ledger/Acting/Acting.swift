public import Postgres

/// As whom a transaction runs, and so what the database lets it see and do.
public enum Acting: Sendable, Hashable {
    /// The program itself, for somebody whose right to ask for it the step checks, or for nobody (planning, taking facts in).
    case program(for: Actor?)
    /// An actor, with the rights of the actor's role and nothing more.
    case actor(Actor)
}

extension Acting {
    /// What a transaction begins with to run so: it must be in the message that begins it (`access.become`).
    var opening: String {
        let (role, id) =
            switch self {
            case .program(let actor): ("service", actor?.description ?? "onderdak")
            case .actor(let actor): (actor.role.rawValue, actor.id)
            }
        // The identifier in hexadecimal digits: there is no quoting that could go wrong.
        let digits = id.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return "select access.become('\(role)', convert_from(decode('\(digits)', 'hex'), 'UTF8')); "
            + "set local role onderdak_\(role)"
    }
}

extension Ledger {
    /// Makes a new key of those that sign, within the database, who acts in a transaction. Transactions that are under way
    /// keep who they are through one renewal.
    ///
    /// - Parameters:
    ///   - age: Only when the key there is is older than this, as PostgreSQL writes an interval.
    ///   - connection: A connection of the owner's, or of the program's.
    /// - Throws: ``Postgres/PostgresError``
    public static func renewSigningKey(olderThan age: String, on connection: Connection) async throws {
        try await connection.query("SELECT access.renew_signing_key(\(age)::interval)")
    }
}
