import AsyncHTTPClient
import Foundation
import Ledger
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import API

@Suite struct LimitTests {
    @Test func `What is too large is refused before it is read`() async throws {
        try await TestAPI.with({ $0.limits.bodyBytes = 1000 }) { api in
            let token = try await api.token(TestAPI.shelter)
            let body = try await api.send(
                .POST, "/v1/capacity-reports", as: token, json: String(repeating: " ", count: 2000))
            #expect(body.status == 413)
            #expect(try body.problem().code == "body-too-large")
            let address = try await api.send(.GET, "/v1/units?region=" + String(repeating: "a", count: 9000), as: token)
            #expect(address.status == 414)
            #expect(try address.problem().code == "address-too-long")
            let headers = try await api.send(
                .GET, "/health", headers: ["X-Much": String(repeating: "a", count: 40_000)])
            #expect(headers.status == 431)
            #expect(try headers.problem().code == "headers-too-large")
        }
    }

    @Test func `A body that is sent in pieces is cut off where it is too large`() async throws {
        try await TestAPI.with({ $0.limits.bodyBytes = 1000 }) { api in
            let token = try await api.token(TestAPI.shelter)
            let answer = try await api.raw(
                "POST /v1/capacity-reports HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n"
                    + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "800\r\n" + String(repeating: " ", count: 0x800) + "\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 413"))
        }
    }

    @Test func `A request that does not arrive is given up`() async throws {
        try await TestAPI.with({ $0.limits.arrival = .seconds(1) }) { api in
            let token = try await api.token(TestAPI.shelter)
            let slow = await api.answered(
                "POST /v1/capacity-reports HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
            #expect(slow.hasPrefix("HTTP/1.1 408"))
            #expect(slow.contains("request-timeout"))
            // It may be given up before it has begun.
            let unasked = (try? await api.raw("GET /health HTTP/1.1\r\nX-Slow: ")) ?? ""
            #expect(unasked.isEmpty)
        }
    }

    @Test func `An answer that takes too long is given up, and told so`() async throws {
        try await TestAPI.with({ $0.limits.answering = .milliseconds(300) }) { api in
            let token = try await api.token(TestAPI.shelter)
            try await api.whileUnitsAreLocked { release in
                let reply = try await api.send(
                    .PUT, "/v1/units/u1/capacity", as: token, headers: ["If-Match": "*"],
                    json: #"{"kind":"free","number":1,"reason":"counted"}"#)
                #expect(reply.status == 503)
                #expect(reply.header("Retry-After") == "1")
                #expect(try reply.problem().code == "busy")
                try await release()
            }
        }
    }

    @Test func `A web site that may call reads what is refused at the door, and no other does`() async throws {
        try await TestAPI.with({
            $0.origins = ["https://desk.example"]
            $0.limits.bodyBytes = 1000
        }) { api in
            func refusal(to origin: String) async throws -> Reply {
                try await api.send(
                    .POST, "/v1/capacity-reports", headers: ["Origin": origin],
                    json: String(repeating: " ", count: 2000))
            }
            let allowed = try await refusal(to: "https://desk.example")
            #expect(try allowed.problem().code == "body-too-large")
            #expect(allowed.header("Access-Control-Allow-Origin") == "https://desk.example")
            #expect(allowed.header("Access-Control-Expose-Headers")?.contains("Retry-After") == true)
            #expect(allowed.header("Vary") == "Accept-Language, Origin")
            let other = try await refusal(to: "https://other.example")
            #expect(other.status == 413)
            #expect(other.header("Access-Control-Allow-Origin") == nil)
            #expect(other.header("Vary") == "Accept-Language, Origin")
        }
    }

    @Test func `What is no HTTP is told so`() async throws {
        try await TestAPI.with { api in
            let answer = try await api.raw("HELLO\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 400"))
            #expect(answer.contains("malformed-request"))
        }
    }

    @Test func `A token that asks too often has to wait, others do not`() async throws {
        try await TestAPI.with({
            $0.limits.burst = 2
            $0.limits.requestsPerSecond = 0.01
        }) { api in
            let token = try await api.token(TestAPI.desk)
            for _ in 0..<2 { #expect(try await api.send(.GET, "/v1/units", as: token).status == 200) }
            let refused = try await api.send(.GET, "/v1/units", as: token)
            #expect(refused.status == 429)
            #expect(try #require(refused.header("Retry-After").flatMap { Int($0) }) > 1)
            #expect(try refused.problem().code == "too-many-requests")
            #expect(try await api.send(.GET, "/v1/units", as: api.token(TestAPI.desk)).status == 200)
        }
    }
}

extension TestAPI {
    /// Sends bytes, again when they came too late to be answered, and returns the answer.
    func answered(_ text: String) async -> String {
        for _ in 1...100 {
            if let answer = try? await raw(text), !answer.isEmpty { return answer }
        }
        return ""
    }

    /// Sends bytes, and returns what came back until the server closed.
    func raw(_ text: String) async throws -> String {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var answer = ByteBuffer()
            for try await part in inbound { answer.writeImmutableBuffer(part) }
            return String(buffer: answer)
        }
    }
}
