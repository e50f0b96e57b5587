import AsyncHTTPClient
import CareChain
import Foundation
import Ledger
import NIOCore
import NIOHTTP1
import Postgres
import Testing

@testable import API

@Suite struct ServingTests {
    @Test func `Health, readiness and the document are told to anybody`() async throws {
        try await TestAPI.with { api in
            #expect(try await api.send(.GET, "/health").text == #"{"status":"alive"}"#)
            let ready = try await api.send(.GET, "/ready")
            #expect(ready.status == 200)
            #expect(try ready.decoded(ReadinessBody.self).waitingJobs == 0)
            let json = try await api.send(.GET, "/openapi.json")
            #expect(try json.decoded(JSONTree.self) == OpenAPIDocument.ours.get().tree)
            let yaml = try await api.send(.GET, "/openapi.yaml")
            #expect(yaml.header("Content-Type") == "application/yaml")
            #expect(yaml.text.contains("getHealth"))
        }
    }

    @Test func `What can be got can be asked for without its content`() async throws {
        try await TestAPI.with { api in
            let token = try await api.token(TestAPI.desk)
            for path in ["/health", "/openapi.yaml", "/v1/units/u1", "/v1/units/u9", "/v1/events"] {
                let got = try await api.send(.GET, path, as: token)
                let asked = try await api.send(.HEAD, path, as: token)
                #expect(asked.status == got.status && asked.data.isEmpty, "\(path)")
                for name in ["Content-Type", "ETag"] { #expect(asked.header(name) == got.header(name)) }
            }
            #expect(try await api.send(.HEAD, "/v1/bed-search", as: token).status == 405)
        }
    }

    @Test func `A request under way when the server is stopped is answered, and new ones are refused`() async throws {
        try await TestAPI.with { api in
            let token = try await api.token(TestAPI.shelter)
            try await api.whileUnitsAreLocked { release in
                async let reply = api.send(
                    .PUT, "/v1/units/u1/capacity", as: token, headers: ["If-Match": "*"],
                    json: #"{"kind":"free","number":1,"reason":"counted"}"#)
                try await api.somebodyWaits()
                await api.stop()
                // Who stands at the door already may still be answered, or be let go; then nobody listens.
                let health = "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                while let answer = try? await api.raw(health), !answer.isEmpty {}
                try await release()
                #expect(try await reply.status == 200)
            }
            let reports: Int = try await api.ledger.pool.query("SELECT count(*) FROM capacity_report").one()[0]
            #expect(reports == 1)
        }
    }

    @Test func `A database of another program is not ready`() async throws {
        try await TestAPI.with { api in
            try await api.ledger.pool.query("DELETE FROM schema_migration WHERE number >= 30")
            let reply = try await api.send(.GET, "/ready")
            #expect(reply.status == 503)
            #expect(try reply.problem().code == "not-ready")
        }
    }

    @Test func `The figures are told on a port of their own, by route and without who`() async throws {
        // Elsewhere than the API.
        try await TestAPI.with({ $0.metricsHost = "127.0.0.2" }) { api in
            let token = try await api.token(TestAPI.desk)
            _ = try await api.send(.GET, "/v1/units/u1", as: token)
            #expect(try await api.send(.GET, "/metrics").status == 404)
            let request = HTTPClientRequest(url: "http://127.0.0.2:\(api.metricsPort)/metrics")
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(600))
            let text = String(buffer: try await response.body.collect(upTo: 1 << 20))
            #expect(text.contains(#"http_requests_total{method="GET",route="/v1/units/{id}",status="200"} 1"#))
            #expect(text.contains("database_up 1.0"))
            #expect(!text.contains("u1") && !text.contains("national"))
        }
    }

    @Test func `A caller's request id comes back, unless it may not stand in a log`() async throws {
        try await TestAPI.with { api in
            let kept = try await api.send(.GET, "/health", headers: ["X-Request-Id": "my-id.1"])
            #expect(kept.header("X-Request-Id") == "my-id.1")
            let replaced = try await api.send(.GET, "/health", headers: ["X-Request-Id": "a b"])
            #expect(replaced.header("X-Request-Id")?.count == 36)
        }
    }

    @Test func `Only configured sites may call from a browser`() async throws {
        try await TestAPI.with({ $0.origins = ["https://desk.example"] }) { api in
            func preflight(_ origin: String) async throws -> Reply {
                try await api.send(
                    .OPTIONS, "/v1/units",
                    headers: ["Origin": origin, "Access-Control-Request-Method": "GET"])
            }
            let allowed = try await preflight("https://desk.example")
            #expect(allowed.status == 204)
            #expect(allowed.header("Access-Control-Allow-Origin") == "https://desk.example")
            let headers = allowed.header("Access-Control-Allow-Headers")?.split(separator: ", ").map(String.init) ?? []
            // All that the document lets a script send.
            #expect(
                Set(headers).isSuperset(of: [
                    "Authorization", "Content-Type", "Idempotency-Key", "If-Match", "Last-Event-ID", "Accept-Language",
                ]), "\(headers)")
            let other = try await preflight("https://other.example")
            #expect(other.status == 405)
            #expect(other.header("Access-Control-Allow-Origin") == nil)
        }
        try await TestAPI.with { api in
            let reply = try await api.send(.GET, "/health", headers: ["Origin": "https://desk.example"])
            #expect(reply.header("Access-Control-Allow-Origin") == nil)
        }
    }
}

extension TestAPI {
    /// Runs `body` while no report of a unit can be written; it is told how to let them be written.
    func whileUnitsAreLocked(_ body: (_ release: () async throws -> Void) async throws -> Void) async throws {
        let connection = try await Connection.open(ledger.pool.options)
        try await connection.query("BEGIN")
        try await connection.query("LOCK TABLE capacity_report IN SHARE MODE")
        do {
            try await body { try await connection.query("COMMIT") }
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
    }

    /// Returns when somebody waits for a lock in this database.
    func somebodyWaits() async throws {
        var isWaiting = false
        while !isWaiting {
            isWaiting = try await ledger.pool.query(
                """
                SELECT EXISTS (
                    SELECT FROM pg_locks WHERE NOT granted AND relation = 'capacity_report'::regclass
                        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS waits
                """
            ).one()["waits"]
        }
    }
}
