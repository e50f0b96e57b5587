public import CareChain
public import Foundation
import Postgres

/// Beds that a planned action of the police asks for.
public struct ActionNeed: Sendable, Hashable, Codable {
    /// The type of beds.
    public let bedType: BedType
    /// Whose beds; nil: of units that admit every sex.
    public let sex: Sex?
    /// How many.
    public let beds: Int

    /// Makes a need.
    public init(bedType: BedType, sex: Sex? = nil, beds: Int) {
        self.bedType = bedType
        self.sex = sex
        self.beds = beds
    }
}

/// A planned action as its owner sees it.
public struct ActionRecord: Sendable, Equatable, Codable {
    /// Its number.
    public let id: Int
    /// Its version (``Versioned/action(_:)``).
    public let version: Int
    /// The first day.
    public let from: CalendarDate
    /// The first day no longer.
    public let until: CalendarDate
    /// When it ends by itself.
    public let endsAt: Date
    /// What it asks for.
    public let needs: [ActionNeed]
    /// The beds that are held, by unit.
    public let held: [String: Int]
}

extension Ledger {
    /// Keeps beds for a planned action, under embargo: shelters see held beds and not why, the desk sees how many.
    ///
    /// Of each kind, the beds are taken where most are free, in as few units as possible. A group (`desk_policy`) is
    /// announced so many days before, and shortly before the day its beds are fixed.
    ///
    /// - Parameters:
    ///   - days: The days on which the beds are needed.
    ///   - endsAt: When the action ends by itself; then, or when it is lifted, nothing of it is left.
    /// - Returns: The action's number.
    /// - Throws: ``LedgerError``; `notAllowed` when there are not so many beds, with how many there are.
    public func planAction(
        _ needs: [ActionNeed], over days: Range<CalendarDate>, endsAt: Date, by actor: Actor, key: String? = nil
    ) async throws(LedgerError) -> Int {
        guard !needs.isEmpty else {
            throw .invalid(
                english: "an action asks for beds of at least one kind",
                dutch: "een actie vraagt om minstens één soort plek")
        }
        let asked = [String(describing: needs), String(describing: days), String(describing: endsAt)]
        return try await step("action-plan", by: actor, key: key, asked: asked) { connection in
            try Self.check(actor, is: [.police], for: "plans actions")
            let action: Int = try await connection.query(
                """
                INSERT INTO planned_action (owner, days, made_at, ends_at)
                VALUES (\(actor), daterange(\(days.lowerBound)::date, \(days.upperBound)::date), ledger_now(), \(endsAt))
                RETURNING id
                """
            ).one()["id"]
            for need in needs {
                try await connection.query(
                    """
                    INSERT INTO planned_action_need (action, bed_type, sex, beds)
                    VALUES (\(action), \(need.bedType.rawValue), \(need.sex?.rawValue as String?), \(need.beds))
                    """)
                try await Self.holdBeds(for: need, of: action, over: days, endsAt: endsAt, on: connection)
            }
            return action
        }
    }

    private static func holdBeds(
        for need: ActionNeed, of action: Int, over days: Range<CalendarDate>, endsAt: Date, on connection: Connection
    ) async throws {
        let sexes = need.sex.map { [$0.rawValue] } ?? Sex.allCases.map(\.rawValue)
        let units = try await connection.query(
            """
            SELECT f.unit, f.free FROM unit_free(\(days.lowerBound), \(days.upperBound)) AS f JOIN unit AS u ON u.id = f.unit
            WHERE u.bed_type = \(need.bedType.rawValue) AND u.sexes::text[] @> \(sexes)::text[] AND f.free > 0
            ORDER BY f.free DESC, f.unit
            """)
        var left = need.beds
        for row in units where left > 0 {
            let free: Int = try row["free"]
            let beds = min(left, free)
            // Of nobody's name, so that the row tells nobody why.
            try await connection.query(
                """
                WITH held AS (
                    INSERT INTO hold (unit, beds, days, purpose, owner, made_at, ends_at)
                    VALUES (\(try row["unit", as: String.self]), \(beds),
                        daterange(\(days.lowerBound)::date, \(days.upperBound)::date), 'reserved', 'desk/reserved',
                        ledger_now(), \(endsAt))
                    RETURNING id)
                INSERT INTO planned_action_hold (action, hold) SELECT \(action)::bigint, id FROM held
                """)
            left -= beds
        }
        if left > 0 {
            throw LedgerError.notNow(
                rule: RuleCode.capacity.rawValue,
                Sentence(
                    english:
                        "there are \(need.beds - left) free \(need.bedType.rawValue) beds of this kind on those days, "
                        + "not \(need.beds)",
                    dutch: "er zijn op die dagen \(need.beds - left) vrije plekken van deze soort "
                        + "(\(need.bedType.rawValue)), geen \(need.beds)"))
        }
    }

    /// Lifts an action: its beds are free again and nothing of it is left. Only who planned it can.
    ///
    /// - Throws: ``LedgerError``
    public func liftAction(_ action: Int, by actor: Actor, key: String? = nil) async throws(LedgerError) {
        _ = try await step("action-lift", by: actor, key: key, asked: [String(action)]) { connection in
            let own: Bool = try await connection.query(
                "SELECT EXISTS (SELECT FROM planned_action WHERE id = \(action) AND owner = \(actor)) AS own"
            ).one()["own"]
            guard own else { throw LedgerError.noSuch(kind: .action, id: String(action)) }
            try await connection.query("SELECT planned_action_lift(\(action))")
            return true
        }
    }

    /// An actor's own planned actions.
    ///
    /// - Throws: ``LedgerError``
    public func actions(as actor: Actor) async throws(LedgerError) -> [ActionRecord] {
        try await actions(.all, as: actor).elements
    }

    /// A page of an actor's own planned actions, by day.
    ///
    /// - Throws: ``LedgerError``; `invalid` for a cursor of another list.
    public func actions(_ page: PageRequest, as actor: Actor) async throws(LedgerError) -> Page<ActionRecord> {
        try Self.check(
            actor, is: [.police], for: "sees planned actions, each its own; held beds are in the list of holds")
        let order = ListOrder("actions", .date, .number)
        let start = try order.start(page)
        let found = try await view(as: actor) { connection in
            let rows = try await connection.query(
                """
                SELECT id, version, lower(days) AS from_date, upper(days) AS until_date, ends_at FROM planned_action
                WHERE owner = \(actor) AND ends_at > ledger_now()
                    AND (\(start.isFirst)::boolean OR (lower(days), id)
                        > (\(start.date(0) as CalendarDate?)::date, \(start.number(1) as Int?)::bigint))
                ORDER BY lower(days), id LIMIT \(start.rows as Int?)
                """)
            var actions: [ActionRecord] = []
            for row in rows { actions.append(try await Self.action(row, on: connection)) }
            return actions
        }
        return order.page(found, page) { [$0.from.description, String($0.id)] }
    }

    private static func action(_ row: Row, on connection: Connection) async throws -> ActionRecord {
        let id: Int = try row["id"]
        let needs = try await connection.query(
            "SELECT bed_type, sex, beds FROM planned_action_need WHERE action = \(id) ORDER BY bed_type, sex")
        let held = try await connection.query(
            """
            SELECT h.unit, sum(h.beds) AS beds FROM planned_action_hold AS a JOIN hold AS h ON h.id = a.hold
            WHERE a.action = \(id) GROUP BY h.unit
            """)
        return ActionRecord(
            id: id, version: try row["version"], from: try row["from_date"], until: try row["until_date"],
            endsAt: try row["ends_at"],
            needs: try needs.map {
                ActionNeed(
                    bedType: try $0.value("bed_type"), sex: (try $0["sex"] as String?).flatMap(Sex.init(rawValue:)),
                    beds: try $0["beds"])
            },
            held: Dictionary(uniqueKeysWithValues: try held.map { (try $0["unit", as: String.self], try $0["beds"]) }))
    }

    /// How many beds planned actions hold, which is all that the desk is told.
    ///
    /// - Throws: ``LedgerError``
    public func embargoedBeds(as actor: Actor) async throws(LedgerError) -> Int {
        try await view(as: actor) { connection in
            try Self.check(actor, is: [.desk], for: "is told how many beds are reserved")
            return try await connection.query("SELECT access.action_beds() AS beds").one()["beds"]
        }
    }
}
