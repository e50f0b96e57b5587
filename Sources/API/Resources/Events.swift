import Foundation
import HTTPTypes
import HummingbirdCore
import Ledger
import NIOCore

extension Operation {
    /// What happened, as far as the caller may know: a list, or server-sent events.
    static var events: [Operation] {
        [
            Operation(
                "/v1/events", id: "listEvents", scope: "events:read", query: EventQuery.self, content: EventsBody.self
            ) { call in
                let batch = try await call.ledger.events(
                    after: try call.query.position(), kinds: call.query.wanted, limit: try call.query.most(),
                    as: call.actor)
                return Answer(EventsBody(batch))
            } stream: { exchange, query in
                try await EventStream(exchange, query).body()
            }
        ]
    }
}

struct EventQuery: Codable, Sendable {
    let after: Int?
    let kinds: [String]?
    let limit: Int?

    var wanted: Set<String>? { kinds.map { Set($0) } }

    /// - Throws: `badParameter`
    func position() throws(Problem) -> Int {
        let position = after ?? 0
        guard position >= 0 else {
            throw Problem(
                .badParameter, english: "a position is 0 or more", dutch: "een positie is 0 of meer", parameter: "after"
            )
        }
        return position
    }

    /// - Throws: `badParameter`
    func most() throws(Problem) -> Int {
        let limit = limit ?? 100
        guard (1...1000).contains(limit) else {
            throw Problem(
                .badParameter, english: "limit is 1 to 1000", dutch: "limit is 1 tot 1000", parameter: "limit")
        }
        return limit
    }
}

struct EventsBody: Codable, Sendable {
    let events: [EventBody]
    let position: Int
    let missed: Bool

    init(_ batch: EventBatch) {
        events = batch.events.map(EventBody.init)
        position = batch.position
        missed = batch.missed
    }
}

struct EventBody: Codable, Sendable {
    let position: Int
    let at: Date
    let kind: String
    let subject: EventSubject

    init(_ event: LedgerEvent) {
        position = event.position
        at = event.at
        kind = event.kind
        subject = event.subject
    }
}

/// Events told for as long as the caller listens, but no longer than ``Limits/listening``: by then the caller asks again,
/// with `Last-Event-ID`. Nothing more is told once the caller's token is taken back or has expired.
private struct EventStream {
    private let exchange: Exchange
    private let caller: Caller
    private let kinds: Set<String>?
    private let limit: Int
    private let start: Int

    /// - Throws: `unauthenticated`, `badParameter`, `badHeader`
    init(_ exchange: Exchange, _ query: EventQuery) throws(Problem) {
        guard let caller = exchange.caller else { throw Problem(.unauthenticated) }
        self.exchange = exchange
        self.caller = caller
        kinds = query.wanted
        limit = try query.most()
        let asked = try query.position()
        guard let last = exchange.request.headers[.lastEventID] else {
            start = asked
            return
        }
        guard let position = Int(last), position >= 0 else {
            throw Problem(
                .badHeader, english: "Last-Event-ID is the id of an event",
                dutch: "Last-Event-ID is de id van een event",
                parameter: "Last-Event-ID")
        }
        start = position
    }

    /// Asks for the first events at once, so that who may not hear any is told so.
    func body() async throws -> ResponseBody {
        let rings = try exchange.eventBell.rings(for: caller.credential)
        let first = try await batch(after: start)
        return ResponseBody { writer in
            let end = ContinuousClock.now + exchange.limits.listening
            try await writer.write(text(of: first))
            var position = first.position
            for await _ in rings {
                guard try await exchange.isStillTheCallers() else { break }
                var batch = try await batch(after: position)
                try await writer.write(text(of: batch))
                while batch.events.count == limit {
                    batch = try await self.batch(after: batch.position)
                    try await writer.write(text(of: batch))
                }
                position = batch.position
                if ContinuousClock.now >= end { break }
            }
            try await writer.finish(nil)
        }
    }

    private func batch(after position: Int) async throws(LedgerError) -> EventBatch {
        try await exchange.ledger.events(after: position, kinds: kinds, limit: limit, as: caller.actor)
    }

    /// As server-sent events (HTML, 9.2.6); without any, a comment, so that a dead connection is noticed.
    private func text(of batch: EventBatch) throws -> ByteBuffer {
        var text = batch.missed ? "event: missed\ndata: {}\n\n" : ""
        for event in batch.events {
            let data = String(decoding: try JSONEncoder.api.encode(EventBody(event)), as: UTF8.self)
            text += "id: \(event.position)\nevent: \(event.kind)\ndata: \(data)\n\n"
        }
        return ByteBuffer(string: text.isEmpty ? ":\n\n" : text)
    }
}

extension HTTPField.Name {
    fileprivate static let lastEventID = parsed("Last-Event-ID")
}
