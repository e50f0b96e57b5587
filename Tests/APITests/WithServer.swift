import AsyncHTTPClient
import CareChain
import Foundation
import Ledger
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import TestSupport
import Testing

@testable import API

/// A server of a small ledger (``Scene``), at a port of its own.
struct TestAPI {
    let ledger: Ledger
    let port: Int
    let metricsHost: String
    let metricsPort: Int
    /// Tells the server to stop; it does when what is under way has ended.
    let stop: @Sendable () async -> Void

    static let admin = Actor(role: .admin, id: "1")
    static let desk = Actor(role: .desk, id: "national")
    static let shelter = Actor(role: .shelter, id: "s1")

    /// Runs a test against a server, and stops it gracefully.
    static func with(
        _ change: (inout ServerSettings) throws -> Void = { _ in }, _ body: (TestAPI) async throws -> Void
    ) async throws {
        try await withLedger { ledger in
            try await ledger.load(Scene().instance())
            try await serve(ledger, change, body)
        }
    }

    /// Runs a part of a test against a server of a ledger, and stops it gracefully; there may be several.
    static func serve(
        _ ledger: Ledger, _ change: (inout ServerSettings) throws -> Void = { _ in },
        log: any LogHandler = SwiftLogNoOpLogHandler(), _ body: (TestAPI) async throws -> Void
    ) async throws {
        var settings = ServerSettings()
        settings.port = 0
        settings.metricsPort = 0
        // A test that says nothing of them takes as long as it takes.
        settings.limits.arrival = .seconds(600)
        settings.limits.answering = .seconds(600)
        settings.limits.explaining = .seconds(600)
        try change(&settings)
        let (ports, told) = AsyncStream<(APIServer.Listener, Int)>.makeStream()
        let logger = Logger(label: "test", factory: { _ in log })
        let server = try APIServer(settings, ledger: ledger, logger: logger) { told.yield(($0, $1)) }
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [server], logger: logger))
        async let running: Void = group.run()
        var listening: [APIServer.Listener: Int] = [:]
        for await (listener, port) in ports {
            listening[listener] = port
            if listening.count == 2 { break }
        }
        let api = TestAPI(
            ledger: ledger, port: try #require(listening[.api]), metricsHost: settings.metricsHost,
            metricsPort: try #require(listening[.figures]), stop: { await group.triggerGracefulShutdown() })
        do {
            try await body(api)
        } catch {
            await group.triggerGracefulShutdown()
            try await running
            throw error
        }
        await group.triggerGracefulShutdown()
        try await running
    }

    /// Runs a part of a test beside a planner that answers questions about plans.
    func withPlanner(_ body: () async throws -> Void) async throws {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [QuestionService(ledger: ledger, logger: logger)], logger: logger))
        async let running: Void = group.run()
        do {
            try await body()
        } catch {
            await group.triggerGracefulShutdown()
            try await running
            throw error
        }
        await group.triggerGracefulShutdown()
        try await running
    }

    /// A token of an actor's.
    func token(_ actor: Actor, scopes: [String] = ["*"], lasting seconds: Double = 3600) async throws -> String {
        try await ledger.issueToken(
            for: actor, scopes: scopes, expires: Date(timeIntervalSinceNow: seconds), by: Self.admin
        ).token
    }

    /// Sends a request.
    func send(
        _ method: HTTPMethod, _ path: String, as token: String? = nil, headers: [String: String] = [:],
        json: String? = nil, body: [UInt8]? = nil
    ) async throws -> Reply {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = method
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if json != nil { request.headers.add(name: "Content-Type", value: "application/json") }
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        if let json { request.body = .bytes(ByteBuffer(string: json)) }
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(600))
        let data = Data(try await response.body.collect(upTo: 1 << 24).readableBytesView)
        return Reply(status: Int(response.status.code), headers: response.headers, data: data)
    }
}

/// What came back.
struct Reply {
    let status: Int
    let headers: HTTPHeaders
    let data: Data

    var text: String { String(decoding: data, as: UTF8.self) }

    func header(_ name: String) -> String? { headers.first(name: name) }

    func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value { try JSONDecoder.api.decode(type, from: data) }

    /// The problem, which must be told as one.
    func problem() throws -> ProblemBody {
        #expect(header("Content-Type") == "application/problem+json", "\(text)")
        let problem = try decoded(ProblemBody.self)
        #expect(problem.status == status)
        #expect(problem.requestId == header("X-Request-Id"))
        return problem
    }
}
