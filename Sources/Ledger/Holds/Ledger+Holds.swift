public import CareChain
public import Foundation
import Postgres

/// Beds that are kept, as they are listed: for what action of the police, if any, is not told.
public struct HoldRecord: Sendable, Equatable, Codable {
    /// Its number.
    public let id: Int
    /// Its version (``Versioned/hold(_:)``).
    public let version: Int
    /// The unit.
    public let unit: String
    /// The beds.
    public let beds: Int
    /// The first day.
    public let from: CalendarDate
    /// The first day no longer.
    public let until: CalendarDate
    /// The request, when it is for one.
    public let request: String?
    /// What for; nil: that is not for who asks.
    public let purpose: String?
    /// Whose it is; nil: that is not for who asks.
    public let owner: String?
    /// When it ends by itself.
    public let endsAt: Date
}

/// Which holds are asked for.
public struct HoldFilter: Sendable, Equatable {
    /// In a unit.
    public var unit: UnitID?
    /// In a shelter.
    public var shelter: ShelterID?

    /// Makes a filter.
    public init(unit: UnitID? = nil, shelter: ShelterID? = nil) {
        self.unit = unit
        self.shelter = shelter
    }
}

extension Ledger {
    /// Keeps beds for a request or a purpose.
    ///
    /// - Parameters:
    ///   - days: The days on which the beds are kept.
    ///   - endsAt: When the hold ends by itself.
    /// - Returns: The hold's number.
    /// - Throws: ``LedgerError``; `refused` when there are not so many free beds.
    public func hold(
        _ beds: Int = 1, in unit: UnitID, over days: Range<CalendarDate>, for request: RequestID? = nil,
        purpose: String, endsAt: Date, by actor: Actor, key: String? = nil
    ) async throws(LedgerError) -> Int {
        let asked = [
            String(beds), unit.text, String(describing: days), request?.text, purpose, String(describing: endsAt),
        ]
        return try await step("hold-make", by: actor, key: key, asked: asked) { connection in
            try Self.check(actor, is: [.desk, .coordinator, .shelter, .guardian], for: "holds beds")
            if let request { try await Self.check(actor, dealsWith: request, on: connection) }
            if actor.role == .shelter {
                let own: Bool = try await connection.query(
                    "SELECT EXISTS (SELECT FROM unit WHERE id = \(unit.text) AND shelter = \(actor.id)) AS own"
                ).one()["own"]
                guard own else {
                    throw LedgerError.notAllowed(.notOwnUnit, "\(actor) holds beds of its own units only")
                }
            }
            return try await connection.query(
                """
                INSERT INTO hold (unit, beds, days, request, purpose, owner, made_at, ends_at)
                VALUES (
                    \(unit.text), \(beds), daterange(\(days.lowerBound)::date, \(days.upperBound)::date),
                    \(request?.text as String?), \(purpose), \(actor), ledger_now(), \(endsAt))
                RETURNING id
                """
            ).one()["id"]
        }
    }

    /// Lets held beds go. The owner may, and the desk; not a bed of an agreed move, see ``cancelTransfer(of:by:key:)``.
    ///
    /// - Throws: ``LedgerError``
    public func release(_ hold: Int, by actor: Actor, key: String? = nil) async throws(LedgerError) {
        _ = try await step("hold-release", by: actor, key: key, asked: [String(hold)]) { connection in
            // A hold of an action is lifted with its action, by who planned it.
            let released = try await connection.query(
                """
                UPDATE hold AS h SET released_at = ledger_now()
                WHERE h.id = \(hold) AND h.released_at IS NULL AND h.offer IS NULL AND (h.owner = \(actor) OR \(actor.role == .desk))
                    AND NOT EXISTS (SELECT FROM planned_action_hold AS a WHERE a.hold = h.id)
                """)
            if released.affected == 0 {
                throw LedgerError.notAllowed(.hold, "there is no hold \(hold) that \(actor) may release")
            }
            return true
        }
    }

    /// The holds in force, by unit and day: a shelter's own units' without what for and whose they are, so that those for
    /// an action of the police look like all others.
    ///
    /// - Throws: ``LedgerError``
    public func holds(as actor: Actor) async throws(LedgerError) -> [HoldRecord] {
        try await holds(HoldFilter(), .all, as: actor).elements
    }

    /// A page of the holds in force, by unit and day. A shelter is not told for whom or what beds of its own are kept.
    ///
    /// - Throws: ``LedgerError``; `invalid` for a cursor of another list.
    public func holds(
        _ filter: HoldFilter, _ page: PageRequest, as actor: Actor
    ) async throws(LedgerError) -> Page<HoldRecord> {
        let order = ListOrder("holds", .text, .date, .number)
        let start = try order.start(page)
        let found = try await view(as: actor) { try await Self.holds(nil, filter, start, as: actor, on: $0) }
        return order.page(found, page) { [$0.unit, $0.from.description, String($0.id)] }
    }

    /// A hold in force.
    ///
    /// - Throws: ``LedgerError``; `noSuch`.
    public func hold(_ id: Int, as actor: Actor) async throws(LedgerError) -> HoldRecord {
        let start = try ListOrder("holds").start(.all)
        let found = try await view(as: actor) {
            try await Self.holds(id, HoldFilter(), start, as: actor, on: $0).first
        }
        guard let found else { throw .noSuch(kind: .hold, id: String(id)) }
        return found
    }

    private static func holds(
        _ id: Int?, _ filter: HoldFilter, _ start: ListStart, as actor: Actor, on connection: Connection
    ) async throws -> [HoldRecord] {
        let told =
            actor.role == .shelter ? "NULL AS request, NULL AS purpose, NULL AS owner" : "request, purpose, owner"
        return try await connection.query(
            """
            SELECT id, version, unit, beds, lower(days) AS from_date, upper(days) AS until_date, \(unsafe: told), ends_at
            FROM hold
            WHERE released_at IS NULL AND ends_at > ledger_now() AND upper(days) > ledger_today()
                AND (\(id as Int?)::bigint IS NULL OR id = \(id as Int?))
                AND (\(filter.unit?.text as String?)::text IS NULL OR unit = \(filter.unit?.text as String?))
                AND (\(filter.shelter?.text as String?)::text IS NULL OR unit IN (
                    SELECT u.id FROM unit AS u WHERE u.shelter = \(filter.shelter?.text as String?)))
                AND (\(start.isFirst)::boolean OR (unit, lower(days), id)
                    > (\(start.text(0) as String?)::identifier, \(start.date(1) as CalendarDate?)::date,
                        \(start.number(2) as Int?)::bigint))
            ORDER BY unit, lower(days), id LIMIT \(start.rows as Int?)
            """
        ).map { row in
            HoldRecord(
                id: try row["id"], version: try row["version"], unit: try row["unit"], beds: try row["beds"],
                from: try row["from_date"], until: try row["until_date"], request: try row["request"],
                purpose: try row["purpose"], owner: try row["owner"], endsAt: try row["ends_at"])
        }
    }

    /// Keeps a request's victims where they are until a day, for a hearing for example.
    ///
    /// - Returns: The number of the hold on moves.
    /// - Throws: ``LedgerError``
    public func holdMoves(
        of request: RequestID, until day: CalendarDate, reason: String, by actor: Actor, key: String? = nil
    ) async throws(LedgerError) -> Int {
        try await step(
            "hold-moves", by: actor, key: key, asked: [request.text, day.description, reason]
        ) { connection in
            try Self.check(actor, is: [.police, .desk, .coordinator], for: "holds moves")
            try await Self.check(actor, dealsWith: request, on: connection)
            return try await connection.query(
                """
                INSERT INTO move_hold (request, until, owner, reason, made_at)
                VALUES (\(request.text), \(day), \(actor), \(reason), ledger_now()) RETURNING id
                """
            ).one()["id"]
        }
    }
    /// Lifts holds on the moves of a request before their day: who made them their own; the desk those of coordinators
    /// too, and what came with an instance and is nobody's. What the police hold only they let go.
    ///
    /// - Returns: How many were lifted.
    /// - Throws: ``LedgerError``; `notAllowed` when there is none that this actor may lift.
    @discardableResult
    public func liftMoveHolds(
        of request: RequestID, by actor: Actor, key: String? = nil
    ) async throws(LedgerError) -> Int {
        try await step("hold-lift", by: actor, key: key, asked: [request.text]) { connection in
            let lifted = try await connection.query(
                """
                UPDATE move_hold SET lifted_at = ledger_now()
                WHERE request = \(request.text) AND lifted_at IS NULL AND until > ledger_today()
                    AND (owner = \(actor) OR \(actor.role == .desk) AND actor_role(owner) <> 'police')
                """
            ).affected
            let nobodys =
                actor.role == .desk
                ? try await connection.query(
                    """
                    UPDATE request SET no_move_before = NULL
                    WHERE id = \(request.text) AND no_move_before > ledger_today()
                    """
                ).affected : 0
            guard lifted + nobodys > 0 else {
                throw LedgerError.notAllowed(
                    .moveHold,
                    "there is no hold on moves of request \"\(request)\" that \(actor) may lift: "
                        + "who made it may, and the desk where it is not the police's")
            }
            return lifted + nobodys
        }
    }
}
