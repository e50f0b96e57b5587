public import CareChain
import Postgres

/// How far a placed request is on its way out; what is nil stays as it is.
public struct OutflowSteps: Sendable, Equatable {
    /// Ready to leave since this day.
    public var readySince: CalendarDate?
    /// The permit's pass was received on this day.
    public var passReceived: CalendarDate?
    /// Registered as a resident on this day.
    public var registered: CalendarDate?
    /// A house was found on this day.
    public var houseFound: CalendarDate?
    /// What blocks from today on; nil: as before.
    public var blockedBy: String?
    /// Whether nothing blocks from today on.
    public var unblocked = false

    /// Nothing new.
    public init() {}
}

/// Bed-days on which somebody who was ready to leave could not, by what blocked.
public struct BlockedBedDays: Sendable, Equatable, Codable {
    /// The cause.
    public let cause: String
    /// The number of bed-days until today.
    public let bedDays: Int
    /// The number of requests.
    public let requests: Int
}

extension Ledger {
    /// Records steps on the way out.
    ///
    /// - Throws: ``LedgerError``
    public func recordOutflow(
        of request: RequestID, _ steps: OutflowSteps, by actor: Actor, key: String? = nil
    ) async throws(LedgerError) {
        _ = try await step(
            "request-ready", by: actor, key: key, asked: [request.text, String(describing: steps)]
        ) { connection in
            try Self.check(actor, is: [.desk, .coordinator, .shelter, .guardian], for: "follows the outflow")
            try await Self.check(actor, dealsWith: request, on: connection)
            try await connection.query(
                """
                INSERT INTO outflow AS old (request, ready_since, pass_received, registered, house_found)
                VALUES (
                    \(request.text), \(steps.readySince as CalendarDate?), \(steps.passReceived as CalendarDate?),
                    \(steps.registered as CalendarDate?), \(steps.houseFound as CalendarDate?))
                ON CONFLICT (request) DO UPDATE SET
                    ready_since = coalesce(excluded.ready_since, old.ready_since),
                    pass_received = coalesce(excluded.pass_received, old.pass_received),
                    registered = coalesce(excluded.registered, old.registered),
                    house_found = coalesce(excluded.house_found, old.house_found)
                """)
            if steps.unblocked || steps.blockedBy != nil {
                try await connection.query(
                    "DELETE FROM outflow_block WHERE request = \(request.text) AND lower(days) >= ledger_today()")
                try await connection.query(
                    """
                    UPDATE outflow_block SET days = daterange(lower(days), ledger_today())
                    WHERE request = \(request.text) AND days @> ledger_today()
                    """)
            }
            if let cause = steps.blockedBy {
                try await connection.query(
                    """
                    INSERT INTO outflow_block (request, cause, days)
                    VALUES (\(request.text), \(cause), daterange(ledger_today(), NULL))
                    """)
            }
            return true
        }
    }

    /// The blocked bed-days until today, by cause.
    ///
    /// - Throws: ``LedgerError``
    public func blockedBedDays(as actor: Actor) async throws(LedgerError) -> [BlockedBedDays] {
        try await view(as: actor) { connection in
            try await connection.query(
                """
                SELECT cause, sum(upper(days) - lower(days)) AS bed_days, count(DISTINCT request) AS requests
                FROM blocked_bed_days GROUP BY cause ORDER BY bed_days DESC, cause
                """
            ).map { BlockedBedDays(cause: try $0["cause"], bedDays: try $0["bed_days"], requests: try $0["requests"]) }
        }
    }
}
