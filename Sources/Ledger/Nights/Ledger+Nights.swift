public import CareChain
public import Foundation
import Postgres

/// A night placement as it is on the morning's list.
public struct NightRecord: Sendable, Equatable, Codable {
    /// Its own request.
    public let request: String
    /// The victims' pseudonyms.
    public let victims: [String]
    /// The unit.
    public let unit: String
    /// The first night.
    public let from: CalendarDate
    /// The day on which it ends by itself.
    public let until: CalendarDate
    /// When it was made.
    public let placedAt: Date
    /// Who made it.
    public let placedBy: String
    /// Who has taken it over in the morning; nil: nobody yet.
    public let confirmedBy: String?
}

extension Ledger {
    /// Takes an emergency bed out of desk hours, provisionally and at once.
    ///
    /// It is a request of its own, so that the victims' request for a lasting place goes on beside it; it lands on the
    /// morning's list and ends by itself after its nights.
    ///
    /// - Parameters:
    ///   - request: The identifier of the night's own request.
    ///   - victims: The victims, a shelter's of its own cases or those offered to it; those that the ledger does not know yet are in `newVictims` too.
    ///   - actor: Desk, coordinator, police, or the shelter itself.
    /// - Throws: ``LedgerError``; `refused` while the desk is open, or when the bed is not free; `breaks` with the rules.
    public func placeForTheNight(
        _ victims: [VictimID], newVictims: [NewVictim] = [], in unit: UnitID, nights: Int, as request: RequestID,
        by actor: Actor, key: String? = nil
    ) async throws(LedgerError) {
        let asked = [
            request.text, unit.text, String(nights), String(describing: victims), String(describing: newVictims),
        ]
        _ = try await step("night-place", by: actor, key: key, asked: asked) { connection in
            try Self.check(actor, is: [.desk, .coordinator, .police, .shelter], for: "places at night")
            let today: CalendarDate = try await connection.query("SELECT ledger_today()").one()[0]
            try await Self.addVictims(newVictims, from: today, by: actor, on: connection)
            try await connection.query(
                "SELECT night_place(\(request.text), \(victims.map(\.text)), \(unit.text), \(nights)::integer, \(actor))"
            )
            let stays = try await Self.stays(of: request, on: connection).map {
                OfferedStay(victim: VictimID($0.victim), unit: UnitID($0.unit), from: $0.from, until: $0.until)
            }
            let broken = try await Self.brokenRules(by: stays, for: request, on: connection)
            guard broken.isEmpty else { throw LedgerError.breaks(broken) }
            return true
        }
    }

    /// Takes a night placement over in the morning: the desk, or the coordinator whose case it is.
    ///
    /// - Throws: ``LedgerError``
    public func confirmNight(_ request: RequestID, by actor: Actor, key: String? = nil) async throws(LedgerError) {
        _ = try await step("night-confirm", by: actor, key: key, asked: [request.text]) { connection in
            try await Self.check(actor, dealsWith: request, on: connection)
            let confirmed = try await connection.query(
                """
                UPDATE night_placement SET confirmed_at = ledger_now(), confirmed_by = \(actor)
                WHERE request = \(request.text) AND confirmed_at IS NULL
                """)
            if confirmed.affected == 0 {
                throw LedgerError.noSuch(kind: .nightPlacement, id: request.text)
            }
            return true
        }
    }

    /// The night placements that nobody has taken over yet, or all that are not over.
    ///
    /// - Throws: ``LedgerError``
    public func nights(unconfirmedOnly: Bool = true, as actor: Actor) async throws(LedgerError) -> [NightRecord] {
        try await nights(unconfirmedOnly: unconfirmedOnly, .all, as: actor).elements
    }

    /// A page of the night placements that nobody has taken over yet, or all that are not over, in the order of making.
    ///
    /// - Throws: ``LedgerError``; `invalid` for a cursor of another list.
    public func nights(
        unconfirmedOnly: Bool, _ page: PageRequest, as actor: Actor
    ) async throws(LedgerError) -> Page<NightRecord> {
        let order = ListOrder("nights", .instant, .text)
        let start = try order.start(page)
        let found = try await view(as: actor) { connection in
            try await connection.query(
                """
                SELECT n.request, n.unit, lower(n.days) AS from_date, upper(n.days) AS until_date, n.placed_at, n.placed_by,
                    n.confirmed_by,
                    ARRAY(SELECT v.victim::text FROM request_victim AS v WHERE v.request = n.request ORDER BY 1) AS victims
                FROM night_placement AS n
                WHERE (n.confirmed_at IS NULL OR NOT \(unconfirmedOnly)::boolean AND upper(n.days) > ledger_today())
                    AND (\(start.isFirst)::boolean OR (n.placed_at, n.request)
                        > (\(start.instant(0) as Date?), \(start.text(1) as String?)::identifier))
                ORDER BY n.placed_at, n.request LIMIT \(start.rows as Int?)
                """
            ).map { row in
                NightRecord(
                    request: try row["request"], victims: try row["victims"], unit: try row["unit"],
                    from: try row["from_date"], until: try row["until_date"], placedAt: try row["placed_at"],
                    placedBy: try row["placed_by"], confirmedBy: try row["confirmed_by"])
            }
        }
        return order.page(found, page) { [$0.placedAt.sortKey, $0.request] }
    }
}
