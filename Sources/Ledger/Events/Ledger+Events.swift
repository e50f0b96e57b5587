import Foundation
public import Postgres

extension Ledger {
    /// The events after a position that an actor may know, in order. None is ever added before a position that was given.
    ///
    /// - Parameters:
    ///   - position: How far the actor has read; 0: nothing yet; ``lastEventPosition()``: only what comes.
    ///   - kinds: Only these; nil: all.
    ///   - limit: At most so many events, 1 to 1000.
    /// - Throws: ``LedgerError``; `notAllowed` for roles that no event is for.
    public func events(
        after position: Int, kinds: Set<String>? = nil, limit: Int = 100, as actor: Actor
    ) async throws(LedgerError) -> EventBatch {
        try Self.checkHearsEvents(actor)
        guard (1...1000).contains(limit) else {
            throw .invalid(
                english: "1 to 1000 events are told at once, not \(limit)",
                dutch: "1 tot 1000 gebeurtenissen worden tegelijk verteld, niet \(limit)")
        }
        _ = try await lastEventPosition()
        return try await view(as: actor) { connection in
            let reach = try await connection.query("SELECT position, removed FROM event_sequence").one()
            let (last, removed): (Int, Int) = (try reach["position"], try reach["removed"])
            let events = try await Self.events(
                after: position, upTo: last, kinds: kinds, limit: limit, on: connection)
            return EventBatch(
                events: events,
                // Of a full batch there may be more.
                position: events.count == limit ? events.last?.position ?? last : max(last, position),
                missed: position < removed)
        }
    }

    /// The position of the last event that there is, for whomever.
    ///
    /// - Throws: ``LedgerError``
    public func lastEventPosition() async throws(LedgerError) -> Int {
        // Read committed: who waited for another sees what that one has done.
        try await transaction(.readCommitted) { try await $0.query("SELECT sequence_events() AS last").one()["last"] }
    }

    /// Tells when there may be new events: then read on. Each loop over it has a connection of its own, so a server
    /// needs one for all who listen to it.
    public func eventSignals() -> Notifications {
        Notifications(pool.options, channels: ["onderdak_event"])
    }

    /// The roles that events are for.
    static let eventRoles: [Role] = [.desk, .coordinator, .shelter, .police, .guardian]

    static func checkHearsEvents(_ actor: Actor) throws(LedgerError) {
        try check(actor, is: eventRoles, for: "hears of events")
    }

    private static func events(
        after position: Int, upTo last: Int, kinds: Set<String>?, limit: Int, on connection: Connection
    ) async throws -> [LedgerEvent] {
        try await connection.query(
            """
            SELECT position, at, kind, subject FROM outbox
            WHERE position > \(position)::bigint AND position <= \(last)::bigint
                AND (\(kinds?.sorted() as [String]?)::text[] IS NULL OR kind = ANY (\(kinds?.sorted() as [String]?)::text[]))
            ORDER BY position LIMIT \(limit)
            """
        ).map { try LedgerEvent($0) }
    }
}

extension LedgerEvent {
    /// Reads the columns position, at, kind and subject.
    init(_ row: Row) throws {
        let subject: String = try row["subject"]
        position = try row["position"]
        at = try row["at"]
        kind = try row["kind"]
        self.subject = try JSONDecoder().decode(EventSubject.self, from: Data(subject.utf8))
    }
}
