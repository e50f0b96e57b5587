public import Foundation
import Postgres

/// Something that somebody did or saw: identifiers and names of columns, no values.
public struct AuditEntry: Sendable, Equatable {
    /// Its number, ascending in the order of writing.
    public let number: Int
    /// When, in microseconds since 1970 (UTC).
    public let microseconds: Int
    /// Who: `ROLE/ID`, or `login/NAME` of a session that did not say.
    public let actor: String
    /// The database login.
    public let login: String
    /// What was done: `insert`, `update`, `delete`, `read`, `refuse`, `break-glass`, ….
    public let action: String
    /// The table, or what was read.
    public let relation: String
    /// The victim concerned.
    public let victim: String?
    /// The request concerned.
    public let request: String?
    /// What else tells which row.
    public let object: String?
    /// The columns that changed, or the fields that were read.
    public let fields: [String]

    /// When.
    public var at: Date { Date(timeIntervalSince1970: Double(microseconds) / 1_000_000) }

    /// Reads the columns of ``columns``.
    init(_ row: Row) throws(PostgresError) {
        number = try row["number"]
        microseconds = try row["microseconds"]
        actor = try row["actor"]
        login = try row["login"]
        action = try row["action"]
        relation = try row["relation"]
        victim = try row["victim"]
        request = try row["request"]
        object = try row["object"]
        fields = try row["fields"]
    }

    /// The columns of an entry `e`.
    static let columns = """
        e.number, (extract(epoch FROM e.at) * 1000000)::bigint AS microseconds, e.actor, e.login, e.action, e.relation, \
        e.victim, e.request, e.object, e.fields
        """

    /// What the seal of an entry `e` covers: everything but its number, as a JSON array, in which no two entries look alike.
    ///
    /// PostgreSQL writes it, because it is read millions at a time.
    static let content = """
        json_build_array((extract(epoch FROM e.at) * 1000000)::bigint, e.actor, e.login, e.action, e.relation, e.victim, \
        e.request, e.object, e.fields)::text
        """
}
