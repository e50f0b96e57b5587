import Foundation
import Postgres

/// Told by tests that need a database where none is configured.
public struct NoDatabaseServer: Error, CustomStringConvertible {
    /// What to do about it.
    public let description = """
        this test needs a PostgreSQL server: run scripts/test, or scripts/with-postgres swift test, \
        or name a server in DATABASE_URL on which databases may be created
        """
}

/// The server that DATABASE_URL or the PG* variables name.
struct TestServer {
    static let shared = Result { try TestServer() }

    let options: ConnectionOptions
    /// One connection for each test that has a database. Swift Testing begins all tests at once; the pool's limit keeps
    /// a few test processes, each with several connections per test, below the server's 100 connections.
    let databases: Pool

    private init() throws {
        let environment = ProcessInfo.processInfo.environment
        let isConfigured = ["DATABASE_URL", "PGSERVICE", "PGHOST", "PGHOSTADDR", "PGPORT"].contains {
            environment[$0]?.isEmpty == false
        }
        guard isConfigured else { throw NoDatabaseServer() }
        var limits = Pool.Limits()
        limits.maximumConnections = 3
        limits.acquireTimeout = .seconds(3600)
        var options = try ConnectionOptions.environment()
        // A statement may wait for a lock that a test holds until it gets on itself.
        options.statementTimeout = .seconds(900)
        options.connectTimeout = .seconds(120)
        self.options = options
        databases = Pool(options, limits: limits)
    }

    /// A name that no other test process uses, with the time in it for ``dropLeftovers()``.
    func databaseName(_ purpose: String) -> String {
        let seconds = Int(Date().timeIntervalSince1970)
        return "onderdak_\(purpose)_\(seconds)_\(UUID().uuidString.prefix(8).lowercased())"
    }

    /// Drops a database, also when the test was cancelled.
    func drop(_ database: String) async throws {
        try await Task {
            let admin = try await Connection.open(options)
            try await admin.query("drop database if exists \(identifier: database) with (force)")
            await admin.close()
        }.value
    }

    /// Drops what test processes left behind over an hour ago; a process cannot drop its own templates when it ends.
    func dropLeftovers() async throws {
        let admin = try await Connection.open(options)
        let rows = try await admin.query(
            #"select datname from pg_database where datname ~ '^onderdak_(test|template_\w+)_\d+_[0-9a-f]{8}$'"#)
        for row in rows {
            let name: String = try row["datname"]
            let fields = name.split(separator: "_")
            guard let made = Int(fields[fields.count - 2]), Int(Date().timeIntervalSince1970) - made > 3600 else {
                continue
            }
            try await admin.query("drop database if exists \(identifier: name) with (force)")
        }
        await admin.close()
    }
}
