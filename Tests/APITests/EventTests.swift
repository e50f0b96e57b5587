import AsyncHTTPClient
import Foundation
import Ledger
import NIOCore
import NIOHTTP1
import NIOPosix
import Postgres
import Testing

@testable import API

@Suite struct EventTests {
    /// Lets there be an event that desk and shelter may know of.
    private static func report(_ api: TestAPI, _ number: Int) async throws {
        let token = try await api.token(TestAPI.shelter)
        let reply = try await api.send(
            .PUT, "/v1/units/u1/capacity", as: token, headers: ["If-Match": "*"],
            json: #"{"kind":"free","number":\#(number),"reason":"counted"}"#)
        #expect(reply.status == 200, "\(reply.text)")
    }

    /// Begins to listen.
    private static func listen(
        _ api: TestAPI, as token: String, after position: Int? = nil
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(api.port)/v1/events")
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        request.headers.add(name: "Accept", value: "text/event-stream")
        if let position { request.headers.add(name: "Last-Event-ID", value: String(position)) }
        return try await HTTPClient.shared.execute(request, timeout: .seconds(600))
    }

    /// Reads on until a text has come, or to the end.
    private static func read(_ stream: HTTPClientResponse, until text: String?) async throws -> String {
        var told = ""
        for try await part in stream.body {
            told += String(buffer: part)
            if let text, told.contains(text) { return told }
        }
        return told
    }

    @Test func `Events are listed from where the caller has read to`() async throws {
        try await TestAPI.with { api in
            let token = try await api.token(TestAPI.desk)
            try await Self.report(api, 1)
            try await Self.report(api, 2)
            func events(_ query: String) async throws -> EventsBody {
                try await api.send(.GET, "/v1/events\(query)", as: token).decoded(EventsBody.self)
            }
            let first = try await events("?limit=1&kinds=capacity-reported")
            #expect(first.events.map(\.kind) == ["capacity-reported"])
            #expect(first.events.first?.subject.unit == "u1")
            let rest = try await events("?after=\(first.position)&kinds=capacity-reported,offer-made")
            #expect(rest.events.count == 1)
            #expect(try await events("?after=\(rest.position)").events.isEmpty)
            for query in ["?after=-1", "?limit=0", "?after=x"] {
                #expect(try await api.send(.GET, "/v1/events\(query)", as: token).problem().code == "bad-parameter")
            }
        }
    }

    @Test func `Whoever listens hears of what happens, goes on where the connection ended, and ends with the server`()
        async throws
    {
        let end = try await Listening.run { api in
            let token = try await api.token(TestAPI.desk)
            let stream = try await Self.listen(api, as: token)
            #expect(stream.headers.first(name: "Content-Type") == "text/event-stream")
            try await Self.report(api, 1)
            let told = try await Self.read(stream, until: "capacity-reported\ndata: {")
            let position = try #require(
                told.split(separator: "\n").last { $0.hasPrefix("id: ") }.flatMap { Int($0.dropFirst(4)) })
            try await Self.report(api, 2)
            let again = try await Self.listen(api, as: token, after: position)
            #expect(try await !Self.read(again, until: "capacity-reported").contains("id: \(position)\n"))
            let last = try await Self.listen(api, as: token, after: position)
            return Task { try await Self.read(last, until: nil) }
        }
        #expect(try await end.value.contains("capacity-reported"))
    }

    @Test func `A connection on which nothing happens is kept alive, and ended after a while`() async throws {
        try await TestAPI.with { settings in
            settings.limits.heartbeat = .milliseconds(10)
            settings.limits.listening = .milliseconds(200)
        } _: { api in
            let stream = try await Self.listen(api, as: try await api.token(TestAPI.desk))
            #expect(try await Self.read(stream, until: nil).hasSuffix(":\n\n:\n\n"))
        }
    }

    @Test(.timeLimit(.minutes(60)))
    func `Who listens hears nothing more once the token is taken back, or has expired`() async throws {
        try await TestAPI.with({ $0.limits.heartbeat = .milliseconds(10) }) { api in
            for end in [
                "revoked_at = now()", "issued_at = now() - interval '2 days', expires_at = now() - interval '1 day'",
            ] {
                let stream = try await Self.listen(api, as: try await api.token(TestAPI.desk))
                #expect(stream.status == .ok)
                try await api.ledger.pool.query("UPDATE access.token SET \(unsafe: end)")
                try await Self.report(api, 1)
                #expect(try await !Self.read(stream, until: nil).isEmpty)
            }
        }
    }

    @Test func `A token listens so many times at once, and again when one of them has ended`() async throws {
        try await TestAPI.with({
            $0.limits.heartbeat = .milliseconds(10)
            $0.limits.listeners = 2
        }) { api in
            let token = try await api.token(TestAPI.desk)
            let first = try await Self.listen(api, as: token)
            do {
                let second = try await Self.listen(api, as: token)
                #expect([first.status, second.status] == [.ok, .ok])
                let third = try await Self.listen(api, as: token)
                #expect(third.status == .tooManyRequests && third.headers.first(name: "Retry-After") == "1")
                let other = try await Self.listen(api, as: try await api.token(TestAPI.desk))
                #expect(other.status == .ok)
            }
            // Whoever has gone is noticed at a heartbeat.
            while try await Self.listen(api, as: token).status == .tooManyRequests {}
            _ = try await Self.read(first, until: ":")
        }
    }

    @Test(.timeLimit(.minutes(60)))
    func `Who reads nothing of what is told does not keep the server from ending`() async throws {
        let (heard, hearing) = AsyncStream<Void>.makeStream()
        let (over, ending) = AsyncStream<Void>.makeStream()
        let silent = try await Listening.run { api in
            // More than fits between the two.
            try await api.ledger.pool.query(
                """
                INSERT INTO outbox (at, kind, subject)
                SELECT now(), 'capacity-reported', '{"unit": "u1"}' FROM generate_series(1, 60000)
                """)
            let token = try await api.token(TestAPI.desk)
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelOption(.socketOption(.so_rcvbuf), value: 4096)
                .connect(host: "127.0.0.1", port: api.port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
            let silent = Task {
                try await channel.executeThenClose { inbound, outbound in
                    try await outbound.write(
                        ByteBuffer(
                            string: "GET /v1/events?limit=1000 HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n"
                                + "Authorization: Bearer \(token)\r\n\r\n"))
                    var parts = inbound.makeAsyncIterator()
                    _ = try await parts.next()
                    hearing.yield()
                    for await _ in over {}
                }
            }
            for await _ in heard { break }
            return silent
        }
        ending.finish()
        _ = await silent.result
    }

    @Test func `Who may hear of nothing, or does not know where it was, is told so`() async throws {
        try await TestAPI.with { api in
            let governor = try await Self.listen(api, as: try await api.token(Actor(role: .governor, id: "g")))
            #expect(governor.status == .forbidden)
            var request = HTTPClientRequest(url: "http://127.0.0.1:\(api.port)/v1/events")
            request.headers.add(name: "Authorization", value: "Bearer \(try await api.token(TestAPI.desk))")
            request.headers.add(name: "Accept", value: "text/event-stream")
            request.headers.add(name: "Last-Event-ID", value: "yesterday")
            #expect(try await HTTPClient.shared.execute(request, timeout: .seconds(600)).status == .badRequest)
        }
    }

    /// A server that is stopped while somebody still listens.
    private enum Listening {
        static func run<Value: Sendable>(_ body: (TestAPI) async throws -> Value) async throws -> Value {
            var value: Value?
            try await TestAPI.with { value = try await body($0) }
            return try #require(value)
        }
    }
}
