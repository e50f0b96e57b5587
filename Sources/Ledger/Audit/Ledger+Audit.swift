public import CareChain
public import Foundation
import Postgres

/// Which entries of the audit trail to show.
public struct AuditFilter: Sendable, Equatable {
    /// Only about this victim.
    public var victim: VictimID?
    /// Only of this actor, `ROLE/ID`, and of the program where it acted for it.
    public var actor: String?
    /// Only on this day (UTC).
    public var day: CalendarDate?
    /// Only about this request.
    public var request: RequestID?

    /// Makes a filter.
    public init(
        victim: VictimID? = nil, request: RequestID? = nil, actor: String? = nil, day: CalendarDate? = nil
    ) {
        self.victim = victim
        self.request = request
        self.actor = actor
        self.day = day
    }
}

/// Something that the auditor must look at.
public struct Alarm: Sendable, Equatable {
    /// Its number.
    public let number: Int
    /// When.
    public let at: Date
    /// What: `break-glass`.
    public let kind: String
    /// Who caused it.
    public let actor: String
    /// What was opened, and why.
    public let victim: String?
    /// The categories that were opened.
    public let categories: [String]
    /// The reason that was given.
    public let reason: String?
    /// Until when.
    public let until: Date?
    /// When an auditor said it was seen.
    public let seenAt: Date?
}

extension Ledger {
    /// A page of the audit trail, the newest entry first.
    ///
    /// - Throws: ``LedgerError``; `invalid` for a cursor of another list.
    public func audit(
        _ filter: AuditFilter, _ page: PageRequest = PageRequest(limit: 100), as acting: Acting
    ) async throws(LedgerError) -> Page<AuditEntry> {
        let order = ListOrder("audit", .number)
        let start = try order.start(page)
        let found = try await transaction(.repeatableRead, readOnly: true, as: acting) { connection in
            try await connection.query(
                """
                SELECT \(unsafe: AuditEntry.columns) FROM audit.entry AS e
                WHERE (\(filter.victim?.text as String?)::text IS NULL OR e.victim = \(filter.victim?.text as String?))
                    AND (\(filter.request?.text as String?)::text IS NULL
                        OR e.request = \(filter.request?.text as String?))
                    AND (\(filter.actor as String?)::text IS NULL OR e.actor IN (\(filter.actor as String?), \(filter.actor.map { "service/\($0)" } as String?)))
                    AND (\(filter.day as CalendarDate?)::date IS NULL
                        OR e.at >= \(filter.day as CalendarDate?)::date::timestamp AT TIME ZONE 'UTC'
                        AND e.at < (\(filter.day as CalendarDate?)::date + 1)::timestamp AT TIME ZONE 'UTC')
                    AND (\(start.isFirst)::boolean OR e.number < \(start.number(0) as Int?)::bigint)
                ORDER BY e.number DESC LIMIT \(start.rows as Int?)
                """
            ).map { row throws(PostgresError) in try AuditEntry(row) }
        }
        return order.page(found, page) { [String($0.number)] }
    }

    /// Alarms, the newest first.
    ///
    /// - Throws: ``LedgerError``
    public func alarms(openOnly: Bool, as acting: Acting) async throws(LedgerError) -> [Alarm] {
        try await alarms(openOnly: openOnly, .all, as: acting).elements
    }

    /// A page of the alarms, the newest first.
    ///
    /// - Throws: ``LedgerError``; `invalid` for a cursor of another list.
    public func alarms(
        openOnly: Bool, _ page: PageRequest, as acting: Acting
    ) async throws(LedgerError) -> Page<Alarm> {
        let order = ListOrder("alarms", .number)
        let start = try order.start(page)
        let found = try await transaction(.repeatableRead, readOnly: true, as: acting) { connection in
            try await connection.query(
                """
                SELECT \(unsafe: Alarm.columns) WHERE (a.seen_at IS NULL OR NOT \(openOnly))
                    AND (\(start.isFirst)::boolean OR a.number < \(start.number(0) as Int?)::bigint)
                ORDER BY a.number DESC LIMIT \(start.rows as Int?)
                """
            ).map(Alarm.init)
        }
        return order.page(found, page) { [String($0.number)] }
    }

    /// An alarm.
    ///
    /// - Throws: ``LedgerError``; `noSuch`.
    public func alarm(_ number: Int, as acting: Acting) async throws(LedgerError) -> Alarm {
        let found = try await transaction(.repeatableRead, readOnly: true, as: acting) { connection in
            try await connection.query("SELECT \(unsafe: Alarm.columns) WHERE a.number = \(number)").map(Alarm.init)
        }
        guard let alarm = found.first else { throw .noSuch(kind: .alarm, id: String(number)) }
        return alarm
    }

    /// Says that an alarm was seen.
    ///
    /// - Throws: ``LedgerError``; `denied` when there is no such open alarm, or the actor is no auditor.
    public func see(alarm: Int, as actor: Actor) async throws(LedgerError) {
        try await transaction(.readCommitted, as: .actor(actor)) { connection in
            try await connection.query("SELECT audit.see_alarm(\(alarm))")
        }
    }
}

extension Alarm {
    /// What to select of alarms, as ``init(_:)`` reads it.
    fileprivate static let columns = """
        a.number, a.at, a.kind, a.actor, a.seen_at, b.victim, b.categories, b.reason, b.until
        FROM audit.alarm AS a LEFT JOIN access.break_glass AS b ON b.id::text = a.object
        """

    fileprivate init(_ row: Row) throws {
        self.init(
            number: try row["number"], at: try row["at"], kind: try row["kind"], actor: try row["actor"],
            victim: try row["victim"], categories: try row["categories", as: [String]?.self] ?? [],
            reason: try row["reason"], until: try row["until"], seenAt: try row["seen_at"])
    }
}
