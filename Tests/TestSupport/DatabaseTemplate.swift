import Foundation
public import Postgres

/// A database that is prepared once in a test process, and copied for every test that asks.
public actor DatabaseTemplate {
    /// Nothing in it.
    public static let empty = DatabaseTemplate("empty") { _ in }

    private let name: String
    private let prepare: @Sendable (Connection) async throws -> Void
    private var preparation: Task<String, any Error>?

    /// A template whose content `prepare` makes, on a connection to it, when the first test needs it.
    public init(_ name: String, prepare: @escaping @Sendable (Connection) async throws -> Void) {
        self.name = name
        self.prepare = prepare
    }

    /// Runs `body` with a database of its own, which is dropped afterwards, whoever is still connected.
    ///
    /// - Throws: What `body` throws; ``NoDatabaseServer``.
    public nonisolated func withDatabase<Success>(
        _ body: (ConnectionOptions) async throws -> Success
    ) async throws -> Success {
        let server = try TestServer.shared.get()
        return try await server.databases.withConnection { admin in
            let template = try await preparedName()
            let database = server.databaseName("test")
            try await admin.query("create database \(identifier: database) template \(identifier: template)")
            do {
                let success = try await body(server.options.database(database))
                try await server.drop(database)
                return success
            } catch {
                try await server.drop(database)
                throw error
            }
        }
    }

    private func preparedName() async throws -> String {
        let task = preparation ?? Task { try await makeTemplate() }
        preparation = task
        return try await task.value
    }

    private func makeTemplate() async throws -> String {
        let server = try TestServer.shared.get()
        try await server.dropLeftovers()
        let template = server.databaseName("template_\(name)")
        let admin = try await Connection.open(server.options)
        try await admin.query("create database \(identifier: template)")
        await admin.close()
        let connection = try await Connection.open(server.options.database(template))
        try await prepare(connection)
        await connection.close()
        return template
    }
}

/// Runs `body` with an empty database of its own; see ``DatabaseTemplate/withDatabase(_:)``.
public func withDatabase<Success>(_ body: (ConnectionOptions) async throws -> Success) async throws -> Success {
    try await DatabaseTemplate.empty.withDatabase(body)
}
