public import CareChain
public import Foundation
import Postgres

/// What a shelter reports of a unit's beds.
public struct CapacityReport: Sendable, Equatable {
    /// What is counted.
    public enum Kind: String, CaseIterable, Sendable, Codable {
        /// Beds that nobody is in.
        case free
        /// Beds of the country's data that cannot be used.
        case outOfService = "out-of-service"
        /// All beds.
        case beds
    }

    /// The unit.
    public var unit: UnitID
    /// What is counted.
    public var kind: Kind
    /// How many.
    public var number: Int
    /// From which day on; nil: from the day on which it is taken in.
    public var from: CalendarDate?
    /// The first day on which it is as it was before; nil: until further notice.
    public var until: CalendarDate?
    /// Why.
    public var reason: String
    /// When it was counted; nil: now.
    public var observedAt: Date?
    /// The report's key at its source: the same key is the same report.
    public var key: String

    /// Makes a report.
    public init(
        unit: UnitID, kind: Kind, number: Int, from: CalendarDate? = nil, until: CalendarDate? = nil,
        reason: String, observedAt: Date? = nil, key: String
    ) {
        self.unit = unit
        self.kind = kind
        self.number = number
        self.from = from
        self.until = until
        self.reason = reason
        self.observedAt = observedAt
        self.key = key
    }
}

/// What became of a report.
public struct ReportOutcome: Sendable, Equatable, Codable {
    /// The report's number; a repeated one has the number of the first.
    public let report: Int
    /// Whether a later observation was known already, so that it changed nothing.
    public let late: Bool
    /// The beds that the unit has from its first day.
    public let beds: Int
    /// How many more are or will be there than beds; nobody has to leave because of it.
    public let excess: Int
}

/// How old a unit's last report may be.
public enum ReportLimit: Sendable, Equatable {
    /// So many hours.
    case hours(Int)
    /// As the country says for all.
    case country
    /// It need not report, and its figures do not age.
    case none

    /// How many hours may be said: up to a year.
    public static let possibleHours = 1...8760

    var hours: Int? { if case .hours(let hours) = self { hours } else { nil } }
}

/// What is known of a unit's beds today, and how old that is.
public struct UnitCapacity: Sendable, Equatable, Codable {
    /// The unit.
    public let unit: String
    /// Its shelter.
    public let shelter: String
    /// The version of what is known of its beds (``Versioned/unit(_:)``).
    public let version: Int
    /// The beds today.
    public let beds: Int
    /// The beds that somebody is in.
    public let taken: Int
    /// The beds that are kept, as far as who asks may know: those of planned actions the shelter's own units only show.
    public let held: Int
    /// When its beds were last counted; nil: no report yet.
    public let observedAt: Date?
    /// How old the figures are, in hours: since the last report, or since the ledger knows the unit.
    public let ageHours: Double?
    /// How old they may be, in hours; nil: no limit.
    public let limitHours: Double?
    /// Whether they are older than that.
    public let stale: Bool
    /// How many more are there than beds, today or on a later day.
    public let excess: Int
}

/// Of which units the capacity is asked for.
public struct CapacityFilter: Sendable, Equatable {
    /// Only of units whose last report is too old.
    public var staleOnly: Bool
    /// Of a shelter.
    public var shelter: ShelterID?
    /// Of a unit.
    public var unit: UnitID?

    /// Makes a filter.
    public init(staleOnly: Bool = false, shelter: ShelterID? = nil, unit: UnitID? = nil) {
        self.staleOnly = staleOnly
        self.shelter = shelter
        self.unit = unit
    }
}

extension Ledger {
    /// Takes reports in, all or none.
    ///
    /// - Parameters:
    ///   - actor: The shelter whose units they are of, the desk or the operator.
    ///   - key: The caller's key for all of them; each report has its own as well.
    /// - Throws: ``LedgerError``; `refused` when a report's key was used for another one, or the unit is another
    ///   shelter's; `items` with what is wrong with each, when there are several.
    public func report(
        _ reports: [CapacityReport], by actor: Actor, key: String? = nil
    ) async throws(LedgerError) -> [ReportOutcome] {
        // The key of each report makes it once; the units' turns are taken in order.
        try await step("capacity-report", by: actor, key: key, asked: reports.map(\.asked)) { connection in
            try await connection.query("SELECT take_turns(\(Array(Set(reports.map(\.unit.text))).sorted()), '{}')")
            let numbers = try await Self.each(reports, on: connection) { report in
                try await Self.checkUnit(report.unit, on: connection)
                let number: Int = try await connection.query(
                    """
                    SELECT report_capacity(
                        \(report.unit.text), \(report.kind.rawValue), \(report.number)::integer,
                        coalesce(\(report.from as CalendarDate?), ledger_today()), \(report.until as CalendarDate?),
                        \(report.reason), coalesce(\(report.observedAt as Date?), ledger_now()), \(report.key),
                        \(actor)) AS id
                    """
                ).one()["id"]
                return number
            }
            let rows = try await connection.query(
                "SELECT id, late, beds, excess FROM capacity_report WHERE id = ANY (\(numbers))")
            let outcomes = try rows.map {
                ReportOutcome(
                    report: try $0["id"], late: try $0["late"], beds: try $0["beds"], excess: try $0["excess"])
            }
            let byNumber = Dictionary(outcomes.map { ($0.report, $0) }) { first, _ in first }
            return numbers.compactMap { byNumber[$0] }
        }
    }

    /// Says how old a unit's report may be.
    ///
    /// - Throws: ``LedgerError``
    public func limitReports(
        of unit: UnitID, to limit: ReportLimit, by actor: Actor, key: String? = nil
    ) async throws(LedgerError) {
        let asked = [unit.text, limit.hours.map(String.init) ?? (limit == .none ? "none" : "country")]
        _ = try await step("capacity-limit", by: actor, key: key, asked: asked) { connection in
            try Self.check(actor, is: [.desk, .admin], for: "says how often units report")
            try await Self.checkUnit(unit, on: connection)
            try await connection.query("SELECT take_turns(ARRAY[\(unit.text)], '{}')")
            try await connection.query(
                """
                UPDATE unit_reporting SET required = \(limit != .none),
                    stale_after = make_interval(hours => \(limit.hours as Int?)::integer)
                WHERE unit = \(unit.text)
                """)
            return true
        }
    }

    /// Runs each report, goes on after one that is refused, and then refuses all with what is wrong with each.
    private static func each(
        _ reports: [CapacityReport], on connection: Connection, _ body: (CapacityReport) async throws -> Int
    ) async throws -> [Int] {
        if reports.count == 1, let report = reports.first { return [try await body(report)] }
        var numbers: [Int] = []
        var problems: [Int: LedgerError] = [:]
        for (index, report) in reports.enumerated() {
            try await connection.query("SAVEPOINT report")
            do {
                numbers.append(try await body(report))
                try await connection.query("RELEASE SAVEPOINT report")
            } catch let error as PostgresError where error.isTransient || error.sqlState == nil {
                throw error
            } catch {
                problems[index] = LedgerError(error)
                try await connection.query("ROLLBACK TO SAVEPOINT report")
            }
        }
        if !problems.isEmpty { throw LedgerError.items(problems) }
        return numbers
    }

    /// What is known of the units' beds today.
    ///
    /// - Parameters:
    ///   - staleOnly: Whether only units whose last report is too old.
    ///   - shelter: A shelter whose units are meant; nil: all.
    /// - Throws: ``LedgerError``
    public func capacity(
        staleOnly: Bool = false, shelter: ShelterID? = nil, as actor: Actor
    ) async throws(LedgerError) -> [UnitCapacity] {
        try await capacity(CapacityFilter(staleOnly: staleOnly, shelter: shelter), .all, as: actor).elements
    }

    /// What is known of a unit's beds today.
    ///
    /// - Throws: ``LedgerError``; `noSuch`.
    public func capacity(of unit: UnitID, as actor: Actor) async throws(LedgerError) -> UnitCapacity {
        guard let capacity = try await capacity(CapacityFilter(unit: unit), .all, as: actor).elements.first else {
            throw LedgerError.noSuch(kind: .unit, id: unit.text)
        }
        return capacity
    }

    /// A page of what is known of the units' beds today, by unit.
    ///
    /// - Throws: ``LedgerError``; `invalid` for a cursor of another list.
    public func capacity(
        _ filter: CapacityFilter, _ page: PageRequest, as actor: Actor
    ) async throws(LedgerError) -> Page<UnitCapacity> {
        let order = ListOrder("capacity", .text)
        let start = try order.start(page)
        let found = try await view(as: actor) { connection in
            try await connection.query(
                """
                SELECT a.unit, a.shelter, unit_version(a.unit) AS version, unit_beds(a.unit, ledger_today()) AS beds,
                    unit_load(a.unit, ledger_today()) AS taken, unit_held_known(a.unit, ledger_today()) AS held, a.observed_at,
                    extract(epoch FROM a.age)::float8 / 3600 AS age, extract(epoch FROM a.stale_after)::float8 / 3600 AS age_limit,
                    a.stale,
                    unit_worst_excess(a.unit) AS excess
                FROM unit_report_age AS a
                WHERE (NOT \(filter.staleOnly)::boolean OR a.stale)
                    AND (\(filter.shelter?.text as String?)::text IS NULL OR a.shelter = \(filter.shelter?.text as String?))
                    AND (\(filter.unit?.text as String?)::text IS NULL OR a.unit = \(filter.unit?.text as String?))
                    AND (\(start.isFirst)::boolean OR a.unit > \(start.text(0) as String?)::identifier)
                ORDER BY a.unit LIMIT \(start.rows as Int?)
                """
            ).map { row in
                UnitCapacity(
                    unit: try row["unit"], shelter: try row["shelter"], version: try row["version"],
                    beds: try row["beds"], taken: try row["taken"], held: try row["held"],
                    observedAt: try row["observed_at"], ageHours: try row["age"], limitHours: try row["age_limit"],
                    stale: try row["stale"], excess: try row["excess"])
            }
        }
        return order.page(found, page) { [$0.unit] }
    }

    private static func checkUnit(_ unit: UnitID, on connection: Connection) async throws {
        let known: Bool = try await connection.query(
            "SELECT EXISTS (SELECT FROM unit WHERE id = \(unit.text)) AS known"
        ).one()["known"]
        if !known { throw LedgerError.noSuch(kind: .unit, id: unit.text) }
    }
}

extension CapacityReport {
    /// What was asked, as one text.
    fileprivate var asked: String {
        let parts: [String?] = [
            unit.text, kind.rawValue, String(number), from?.description, until?.description, reason,
            observedAt?.timeIntervalSince1970.description, key,
        ]
        return String(describing: parts)
    }
}
