import Foundation
import Postgres
import TestSupport

/// A PostgreSQL server of its own that writes to disk as in production, so that it can be killed and started again.
actor DurableServer {
    /// Told when the server does not start.
    struct NotStarted: Error {}

    private let folder: URL
    private var wrapper: Process?
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var address: ConnectionOptions?

    private init(_ folder: URL) { self.folder = folder }

    /// Runs `body` with a server, which is stopped and removed afterwards.
    static func run(_ body: (DurableServer) async throws -> Void) async throws {
        try await withFolder { folder in
            let server = DurableServer(folder)
            try await server.start()
            do {
                try await body(server)
                await server.stop()
            } catch {
                await server.stop()
                throw error
            }
        }
    }

    /// Where it is, once it runs.
    var options: ConnectionOptions {
        get async throws {
            while address == nil {
                await withCheckedContinuation { waiting.append($0) }
            }
            guard let address else { throw NotStarted() }
            return address
        }
    }

    /// Kills the server's first process as the kernel does when memory is short, and starts the server again.
    func killAndStartAgain() async throws {
        address = nil
        let file = try String(contentsOf: folder.appendingPathComponent("data/postmaster.pid"), encoding: .utf8)
        if let pid = file.split(separator: "\n").first.flatMap({ pid_t($0) }) { kill(pid, SIGKILL) }
        await stop()
        try await start()
    }

    /// Starts it by `scripts/with-postgres`, which keeps a server for as long as a command runs: one that reads to the end
    /// of its input.
    private func start() async throws {
        let process = Process()
        process.executableURL = netherlands.deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("scripts/with-postgres")
        process.arguments = ["--data", folder.path, "sh", "-c", #"echo "$DATABASE_URL"; exec cat"#]
        process.environment = ProcessInfo.processInfo.environment.filter { name, _ in
            name != "DATABASE_URL" && !name.hasPrefix("PG")
        }
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        wrapper = process
        let handle = output.fileHandleForReading
        let line = await blocking { handle.availableData }
        guard !line.isEmpty else { throw NotStarted() }
        address = try ConnectionOptions(
            String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
        for continuation in waiting { continuation.resume() }
        waiting = []
    }

    private func stop() async {
        guard let wrapper, let input = wrapper.standardInput as? Pipe else { return }
        try? input.fileHandleForWriting.close()
        await blocking { wrapper.waitUntilExit() }
        self.wrapper = nil
    }
}
