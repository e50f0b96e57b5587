import Foundation
import Postgres
import TestSupport

/// `onderdak serve`, run as operators run it.
actor RunningServer {
    /// Told when it ends before it says what is waited for.
    struct Ended: Error, CustomStringConvertible {
        let description: String
    }

    /// The port at which it listens.
    private(set) var port = 0
    private let process = Process()
    private let messages = Pipe()
    private var unread = ""

    private init(_ arguments: [String], _ database: ConnectionOptions) throws {
        guard let binary = ProcessInfo.processInfo.environment["ONDERDAK_BINARY"] else { throw Program.NoProgram() }
        process.executableURL = URL(fileURLWithPath: binary)
        process.arguments = ["serve", "--port", "0", "--metrics-port", "0"] + arguments
        process.standardInput = FileHandle.nullDevice
        process.standardError = messages
        var environment = ProcessInfo.processInfo.environment
        environment["DATABASE_URL"] = database.connectionString
        process.environment = environment
    }

    /// Runs `body` with a server, which is stopped afterwards.
    static func run(
        _ arguments: [String], database: ConnectionOptions, _ body: (RunningServer) async throws -> Void
    ) async throws {
        let server = try RunningServer(arguments, database)
        try await server.start()
        do {
            try await body(server)
            await server.stop()
        } catch {
            await server.stop()
            throw error
        }
    }

    /// Sends it a signal.
    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Waits until it says something, and returns the line.
    func said(_ text: String) async throws -> String {
        while true {
            while let end = unread.firstIndex(of: "\n") {
                let line = String(unread[..<end])
                unread.removeSubrange(...end)
                if line.contains(text) { return line }
            }
            let handle = messages.fileHandleForReading
            let data = await blocking { handle.availableData }
            if data.isEmpty { throw Ended(description: "it ended without \"\(text)\": \(unread)") }
            unread += String(decoding: data, as: UTF8.self)
        }
    }

    private func start() async throws {
        try process.run()
        let line = try await said("to=api")
        port =
            line.split(separator: " ").lazy.compactMap { $0.wholeMatch(of: /port=([0-9]+)/) }.first.flatMap {
                Int($0.1)
            } ?? 0
    }

    private func stop() async {
        process.terminate()
        let process = process
        await blocking { process.waitUntilExit() }
    }
}
