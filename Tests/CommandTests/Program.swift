import Foundation
import Postgres
import Testing

/// The built program, run as people run it.
struct Program {
    /// What a run left behind.
    struct Outcome {
        let status: Int32
        let output: Data
        let messages: String

        var text: String { String(decoding: output, as: UTF8.self) }
    }

    /// Told where the program to test is not known.
    struct NoProgram: Error, CustomStringConvertible {
        let description = "this test runs the built program: use scripts/test, or set ONDERDAK_BINARY to its path"
    }

    private let process = Process()
    private let folder: URL

    /// Prepares a run.
    ///
    /// - Parameters:
    ///   - input: What stands on standard input.
    ///   - database: The database that DATABASE_URL names; nil: one that nobody listens at.
    ///   - executable: Another program that runs it; nil: the program itself.
    ///   - environment: What else is set.
    init(
        _ arguments: [String], input: Data = Data(), database: ConnectionOptions? = nil, executable: String? = nil,
        environment given: [String: String] = [:]
    ) throws {
        guard let binary = ProcessInfo.processInfo.environment["ONDERDAK_BINARY"] else { throw NoProgram() }
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("onderdak-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // Files rather than pipes: a full pipe would stop the program while nobody reads.
        for name in ["output", "messages"] {
            try Data().write(to: folder.appendingPathComponent(name))
        }
        try input.write(to: folder.appendingPathComponent("input"))
        process.executableURL = URL(fileURLWithPath: executable ?? binary)
        process.arguments = arguments
        process.standardInput = try FileHandle(forReadingFrom: folder.appendingPathComponent("input"))
        process.standardOutput = try FileHandle(forWritingTo: folder.appendingPathComponent("output"))
        process.standardError = try FileHandle(forWritingTo: folder.appendingPathComponent("messages"))
        var environment = ProcessInfo.processInfo.environment
        environment["DATABASE_URL"] = database?.connectionString ?? "postgresql://nobody@127.0.0.1:1/nothing"
        environment.merge(given) { $1 }
        process.environment = environment
    }

    /// Runs it to its end, `whileRunning` beside it.
    func run(whileRunning: (pid_t) async throws -> Void = { _ in }) async throws -> Outcome {
        let ended = AsyncStream<Void> { continuation in
            process.terminationHandler = { _ in continuation.finish() }
        }
        try process.run()
        try await whileRunning(process.processIdentifier)
        for await _ in ended {}
        // Foundation keeps them open, and cannot start a process among more than a thousand.
        for file in [process.standardInput, process.standardOutput, process.standardError] {
            try (file as? FileHandle)?.close()
        }
        defer { try? FileManager.default.removeItem(at: folder) }
        return Outcome(
            status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
            output: try Data(contentsOf: folder.appendingPathComponent("output")),
            messages: String(
                decoding: try Data(contentsOf: folder.appendingPathComponent("messages")), as: UTF8.self))
    }
}

/// Runs the program with arguments to its end.
func onderdak(
    _ arguments: String..., input: Data = Data(), database: ConnectionOptions? = nil
) async throws -> Program.Outcome {
    try await Program(arguments, input: input, database: database).run()
}

/// Runs `body` with a folder of its own, which is removed afterwards.
func withFolder(_ body: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("onderdak-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder)
}

/// The folder of the demo country's reference data.
let netherlands = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("data/netherlands")
