internal import CLibpq
internal import Foundation

/// Which database to connect to, and how.
///
/// What is not given comes from the PG* variables and from libpq's own defaults. Never prints the password.
public struct ConnectionOptions: Sendable, Equatable {
    private var parameters: [String: String]

    /// How long to wait for the server to answer, in whole seconds, at least 2.
    public var connectTimeout: Duration = .seconds(10)

    /// After how long the server gives up a statement; `nil` is never.
    public var statementTimeout: Duration? = .seconds(60)

    /// What the server shows in its list of sessions, unless the connection string says otherwise.
    public var applicationName: String?

    /// Reads a connection string: a `postgres://` URL or libpq's `key=value` form; empty for the defaults.
    ///
    /// - Throws: `invalidOptions` when it is neither.
    public init(_ connectionString: String = "") throws(PostgresError) {
        var message: UnsafeMutablePointer<CChar>?
        defer { PQfreemem(message) }
        guard let list = PQconninfoParse(connectionString, &message) else {
            // libpq's message quotes the string, and with it perhaps a password.
            throw .invalidOptions(
                reason: "the database's connection string cannot be read; "
                    + "expected postgres://user@host:port/database or host=… dbname=… user=…"
            )
        }
        defer { PQconninfoFree(list) }
        parameters = Self.values(of: list)
    }

    /// Reads the environment variable `DATABASE_URL`, or leaves all to the PG* variables when it is not set.
    ///
    /// - Throws: `invalidOptions` when the variable holds no connection string.
    public static func environment() throws(PostgresError) -> ConnectionOptions {
        try ConnectionOptions(ProcessInfo.processInfo.environment["DATABASE_URL"] ?? "")
    }

    /// The database's name.
    public var database: String { effective("dbname") ?? user }

    /// The user's name.
    public var user: String { effective("user") ?? "" }

    /// The same server and user, another database.
    public func database(_ name: String) -> ConnectionOptions {
        var other = self
        other.parameters["dbname"] = name
        return other
    }

    /// A string in `key=value` form that `DATABASE_URL` takes. It holds the password, if one was given: never print it.
    public var connectionString: String {
        parameters.sorted { $0.key < $1.key }.map { key, value in
            let quoted = value.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
            return "\(key)='\(quoted)'"
        }.joined(separator: " ")
    }

    /// libpq's parameters, ours added where the connection string leaves them open.
    var libpqParameters: [String: String] {
        var all = [
            "connect_timeout": String(connectTimeout.components.seconds),
            // A server that vanished is noticed within about a minute, not after the two hours of TCP's defaults.
            "keepalives": "1", "keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "3",
            "tcp_user_timeout": "30000",
        ]
        all["fallback_application_name"] = applicationName
        all.merge(parameters) { $1 }
        all["client_encoding"] = "UTF8"
        all["options"] = sessionOptions
        return all
    }

    /// The settings of every session: the caller's own win over our first ones, the last ones are what decoding relies on.
    ///
    /// Statements are not compiled (`jit`): for one of some milliseconds whose cost the server guesses too high that takes
    /// seconds.
    private var sessionOptions: String {
        let timeout = statementTimeout.map { max(1, $0.milliseconds) } ?? 0
        return "-c jit=off -c statement_timeout=\(timeout) \(effective("options") ?? "") "
            + "-c DateStyle=ISO -c TimeZone=UTC -c bytea_output=hex -c extra_float_digits=1"
    }

    /// What is given, or else what libpq takes from the environment.
    private func effective(_ key: String) -> String? {
        if let value = parameters[key] { return value }
        guard let list = PQconndefaults() else { return nil }
        defer { PQconninfoFree(list) }
        return Self.values(of: list)[key]
    }

    private static func values(of list: UnsafeMutablePointer<PQconninfoOption>) -> [String: String] {
        var values: [String: String] = [:]
        var option = list
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return values
    }
}

extension ConnectionOptions: CustomStringConvertible, CustomReflectable {
    /// Database, user and server, without the password.
    public var description: String {
        let server = effective("host") ?? effective("hostaddr") ?? "the local socket"
        return "database \"\(database)\" as user \"\(user)\" at \(server), port \(effective("port") ?? "5432")"
    }

    /// What `dump` and `String(reflecting:)` may show.
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}

extension Duration {
    var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
