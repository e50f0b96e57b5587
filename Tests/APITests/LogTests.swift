import AsyncHTTPClient
import Foundation
import Ledger
import Logging
import NIOCore
import NIOHTTP1
import Synchronization
import TestSupport
import Testing

@testable import API

@Suite struct LogTests {
    /// Runs a test against a server, and returns what it logged until it had ended.
    private static func logged(
        _ change: (inout ServerSettings) throws -> Void = { _ in }, _ body: (TestAPI) async throws -> Void
    ) async throws -> [String] {
        let log = KeptLog()
        try await withLedger { ledger in
            try await ledger.load(Scene().instance())
            try await TestAPI.serve(ledger, change, log: log, body)
        }
        return log.lines
    }

    private static func figures(_ api: TestAPI) async throws -> String {
        let request = HTTPClientRequest(url: "http://\(api.metricsHost):\(api.metricsPort)/metrics")
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(600))
        return String(buffer: try await response.body.collect(upTo: 1 << 20))
    }

    @Test func `The log tells every request by its route, and of no case, person or token`() async throws {
        var tokens: [String] = []
        let lines = try await Self.logged({ $0.keys = try KeyRing(KeyRing.line(forNewKey: "a")) }) { api in
            try await api.prepareCases()
            func send(_ method: HTTPMethod, _ path: String, _ actor: Actor, _ json: String? = nil) async throws -> Int {
                let token = try await api.token(actor)
                tokens.append(token)
                return try await api.send(method, path, as: token, headers: ["If-Match": "*"], json: json).status
            }
            let request = TestAPI.request("case-kim")
            #expect(try await send(.POST, "/v1/requests", TestAPI.coordinator, request) == 201)
            #expect(
                try await send(.POST, "/v1/offers", TestAPI.desk, TestAPI.offer("case-kim", unit: "u1")) == 201)
            #expect(try await send(.GET, "/v1/requests/case-kim", TestAPI.coordinator) == 200)
            #expect(try await send(.GET, "/v1/requests/case-kim", TestAPI.otherCoordinator) == 404)
            #expect(try await send(.GET, "/v1/cases/case-kim-1/export", TestAPI.coordinator) == 200)
            #expect(
                try await send(.GET, "/v1/audit-entries?victim=case-kim-1", Actor(role: .auditor, id: "a")) == 200)
            #expect(try await send(.POST, "/v1/requests", TestAPI.coordinator, request) == 422)
            #expect(try await send(.POST, "/v1/requests", TestAPI.coordinator, #"{"name": "case-kim"}"#) == 422)
            #expect(try await api.send(.GET, "/v1/requests/case-kim", as: "ond_case-kim").status == 401)
            #expect(
                try await send(.GET, "/case-kim?" + String(repeating: "case-kim", count: 2000), TestAPI.desk) == 414)
        }
        let requests = lines.filter { $0.hasPrefix("request ") }
        #expect(requests.count == 10)
        #expect(requests.contains { $0.contains("route=/v1/requests/{id}") && $0.contains("actor=north") })
        for line in lines {
            #expect(!line.contains("case-kim") && !line.contains("ond_") && !line.contains("1998"), "\(line)")
            for token in tokens { #expect(!line.contains(token)) }
        }
    }

    @Test func `What is refused at the door is logged and counted`() async throws {
        let lines = try await Self.logged({ $0.limits.arrival = .seconds(5) }) { api in
            let long = try await api.send(
                .GET, "/" + String(repeating: "a", count: 9000), headers: ["X-Request-Id": "l"])
            #expect(long.status == 414)
            #expect(await api.answered("HELLO\r\n\r\n").hasPrefix("HTTP/1.1 400"))
            let token = try await api.token(TestAPI.shelter)
            let slow = await api.answered(
                "POST /v1/capacity-reports HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\nX-Request-Id: s\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
            #expect(slow.hasPrefix("HTTP/1.1 408"))
            let figures = try await Self.figures(api)
            for status in [400, 414] {
                #expect(
                    figures.contains(#"http_requests_total{method="other",route="none",status="\#(status)"} 1"#),
                    "\(figures)")
            }
        }
        func line(_ text: String) -> [String] { lines.filter { $0.contains(text) } }
        #expect(line("request_id=l ").map { $0.contains("code=address-too-long") } == [true])
        #expect(line("request_id=s ").map { $0.contains("status=408") } == [true], "\(lines)")
        #expect(line("code=malformed-request").count == 1)
    }

    @Test func `A request that takes too long is noted as what its caller was told`() async throws {
        let lines = try await Self.logged({ $0.limits.answering = .seconds(5) }) { api in
            let token = try await api.token(TestAPI.shelter)
            try await api.whileUnitsAreLocked { release in
                let reply = try await api.send(
                    .PUT, "/v1/units/u1/capacity", as: token, headers: ["If-Match": "*", "X-Request-Id": "late"],
                    json: #"{"kind":"free","number":1,"reason":"counted"}"#)
                #expect(reply.status == 503)
                try await release()
            }
        }
        let late = lines.filter { $0.contains("request_id=late ") }
        #expect(late.count == 1 && late.first?.contains("status=503") == true, "\(lines)")
        #expect(late.first?.contains("code=busy") == true && late.first?.contains("route=/v1/units") == true)
    }
}

/// Keeps what is logged, as `message name=value …`, the names in order.
private struct KeptLog: LogHandler {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private let kept = Lines()
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    var lines: [String] { kept.all.withLock { $0 } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let values = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        let line = (["\(event.message)"] + values.map { "\($0.key)=\($0.value)" }).joined(separator: " ") + " "
        kept.all.withLock { $0.append(line) }
    }
}
