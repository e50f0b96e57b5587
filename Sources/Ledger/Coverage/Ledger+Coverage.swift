public import CareChain
import Postgres

extension Ledger {
    /// Puts a coverage on record, once for a key.
    ///
    /// - Returns: Its number.
    /// - Throws: ``LedgerError``; `refused`; `notAllowed` to others than the desk and the operator.
    @discardableResult
    public func add(_ coverage: Coverage, by actor: Actor, key: String? = nil) async throws(LedgerError) -> Int {
        try await step("coverage-add", by: actor, key: key, asked: [String(describing: coverage)]) { connection in
            try Self.check(actor, is: [.desk, .admin], for: "says who covers what")
            return try await connection.query(
                """
                INSERT INTO coverage (region, function, coordinator, ages, days, stand_in) VALUES (
                    \(coverage.region.text), \(coverage.function.rawValue), \(coverage.coordinator),
                    int4range(\(coverage.ages.lowerBound), \(coverage.ages.upperBound)),
                    daterange(\(coverage.from), \(coverage.until as CalendarDate?)), \(coverage.standIn))
                RETURNING id
                """
            ).one()["id"]
        }
    }

    /// Ends a coverage on a day, the first on which it no longer holds, once for a key.
    ///
    /// - Throws: ``LedgerError``; `stale`; `notAllowed` to others than the desk and the operator; `noSuch`; `invalid` when it
    ///   does not hold both before and on that day.
    public func end(
        coverage id: Int, on day: CalendarDate, by actor: Actor, key: String? = nil
    ) async throws(LedgerError) {
        _ = try await step("coverage-end", by: actor, key: key, asked: [String(id), day.description]) { connection in
            try Self.check(actor, is: [.desk, .admin], for: "says who covers what")
            let ended = try await connection.query(
                """
                UPDATE coverage SET days = daterange(lower(days), \(day))
                WHERE id = \(id) AND days @> \(day)::date AND lower(days) < \(day)::date
                """)
            if ended.affected == 1 { return true }
            let known = try await connection.query("SELECT FROM coverage WHERE id = \(id)")
            if known.isEmpty { throw LedgerError.noSuch(kind: .coverage, id: String(id)) }
            throw LedgerError.invalid(
                english: "coverage \(id) does not hold both before and on \(day)",
                dutch: "dekking \(id) geldt niet zowel voor als op \(day)")
        }
    }

    /// Puts on record that a coordinator is away, once for a key; stand-ins act on those days.
    ///
    /// - Throws: ``LedgerError``; `refused`; `notAllowed` to others than the coordinator, the desk and the operator.
    public func addAbsence(
        of coordinator: String, from: CalendarDate, until: CalendarDate, by actor: Actor, key: String? = nil
    ) async throws(LedgerError) {
        let asked = [coordinator, from.description, until.description]
        _ = try await step("absence-add", by: actor, key: key, asked: asked) { connection in
            try Self.check(actor, is: [.desk, .coordinator, .admin], for: "says who is away")
            if actor.role == .coordinator, actor.id != coordinator {
                throw LedgerError.notAllowed(.notOwnAbsence, "\(actor) says when it is away itself, not others")
            }
            try await connection.query(
                "INSERT INTO coordinator_absence VALUES (\(coordinator), daterange(\(from), \(until)))")
            return true
        }
    }

    /// Takes an absence back, once for a key: the coordinator is there from today on, or on all of its days where they
    /// have not begun. What was so until today stays on record.
    ///
    /// - Parameter from: Its first day.
    /// - Throws: ``LedgerError``; `noSuch`; `notAllowed` to others than the coordinator, the desk and the operator.
    public func cancelAbsence(
        of coordinator: String, from: CalendarDate, by actor: Actor, key: String? = nil
    ) async throws(LedgerError) {
        let asked = [coordinator, from.description]
        _ = try await step("absence-cancel", by: actor, key: key, asked: asked) { connection in
            try Self.check(actor, is: [.desk, .coordinator, .admin], for: "says who is away")
            if actor.role == .coordinator, actor.id != coordinator {
                throw LedgerError.notAllowed(.notOwnAbsence, "\(actor) says when it is away itself, not others")
            }
            let ended = try await connection.query(
                """
                UPDATE coordinator_absence SET days = daterange(lower(days), ledger_today())
                WHERE coordinator = \(coordinator) AND lower(days) = \(from)::date AND lower(days) < ledger_today()
                    AND upper(days) > ledger_today()
                """)
            let taken = try await connection.query(
                """
                DELETE FROM coordinator_absence
                WHERE coordinator = \(coordinator) AND lower(days) = \(from)::date AND lower(days) >= ledger_today()
                """)
            guard ended.affected + taken.affected == 1 else {
                throw LedgerError.noSuch(kind: .absence, id: "\(coordinator)/\(from)")
            }
            return true
        }
    }

    /// A page of the absences that are not over, by coordinator.
    ///
    /// - Parameter coordinator: Only of this one; nil: of all.
    /// - Throws: ``LedgerError``; `invalid` for a cursor of another list.
    public func absences(
        of coordinator: String? = nil, _ page: PageRequest = .all, as acting: Acting
    ) async throws(LedgerError) -> Page<Absence> {
        let order = ListOrder("absences", .text, .date)
        let start = try order.start(page)
        let found = try await transaction(.repeatableRead, readOnly: true, as: acting) { connection in
            try await connection.query(
                """
                SELECT coordinator, lower(days) AS from_day, upper(days) AS until_day FROM coordinator_absence
                WHERE upper(days) > ledger_today()
                    AND (\(coordinator as String?)::text IS NULL OR coordinator = \(coordinator as String?))
                    AND (\(start.isFirst)::boolean OR (coordinator, lower(days))
                        > (\(start.text(0) as String?)::identifier, \(start.date(1) as CalendarDate?)::date))
                ORDER BY coordinator, lower(days) LIMIT \(start.rows as Int?)
                """
            ).map { row in
                Absence(
                    coordinator: try row["coordinator"], from: try row["from_day"], until: try row["until_day"])
            }
        }
        return order.page(found, page) { [$0.coordinator, $0.from.description] }
    }

    /// All coverages that have not ended, by region.
    ///
    /// - Throws: ``LedgerError``
    public func coverages(as acting: Acting) async throws(LedgerError) -> [KeptCoverage] {
        try await coverages(CoverageFilter(), .all, as: acting).elements
    }

    /// A page of the coverages that have not ended, by region.
    ///
    /// - Throws: ``LedgerError``; `invalid` for a cursor of another list.
    public func coverages(
        _ filter: CoverageFilter, _ page: PageRequest, as acting: Acting
    ) async throws(LedgerError) -> Page<KeptCoverage> {
        let order = ListOrder("coverages", .text, .text, .number, .number)
        let start = try order.start(page)
        let found = try await transaction(.repeatableRead, readOnly: true, as: acting) { connection in
            try await connection.query(
                """
                SELECT c.id, c.version, c.region, c.function, c.coordinator, lower(c.ages) AS min_age, upper(c.ages) AS max_age,
                    lower(c.days) AS from_day, upper(c.days) AS until_day, c.stand_in, c.days @> ledger_today()
                        AND NOT EXISTS (
                            SELECT FROM coordinator_absence AS a
                            WHERE a.coordinator = c.coordinator AND a.days @> ledger_today()) AS on_duty
                FROM coverage AS c WHERE (upper_inf(c.days) OR upper(c.days) > ledger_today())
                    AND (\(filter.region?.text as String?)::text IS NULL OR c.region = \(filter.region?.text as String?))
                    AND (\(filter.function?.rawValue as String?)::text IS NULL
                        OR c.function = \(filter.function?.rawValue as String?))
                    AND (\(filter.coordinator as String?)::text IS NULL OR c.coordinator = \(filter.coordinator as String?))
                    AND (\(start.isFirst)::boolean OR (c.region, c.function, c.stand_in::integer, c.id)
                        > (\(start.text(0) as String?)::identifier, \(start.text(1) as String?)::text,
                            \(start.number(2) as Int?)::bigint, \(start.number(3) as Int?)::bigint))
                ORDER BY c.region, c.function, c.stand_in, c.id LIMIT \(start.rows as Int?)
                """
            ).map { row in
                KeptCoverage(
                    id: try row["id"], version: try row["version"],
                    coverage: Coverage(
                        region: RegionID(try row["region"]), function: try function(row),
                        coordinator: try row["coordinator"],
                        ages: try ages(row), from: try row["from_day"], until: try row["until_day"],
                        standIn: try row["stand_in"]),
                    isOnDuty: try row["on_duty"])
            }
        }
        return order.page(found, page) {
            [$0.coverage.region.text, $0.coverage.function.rawValue, $0.coverage.standIn ? "1" : "0", String($0.id)]
        }
    }

    /// Regions, ages and days for which no coordinator is on duty.
    ///
    /// - Throws: ``LedgerError``
    public func coverageGaps(
        _ wanted: CoverageFunction, from: CalendarDate, until: CalendarDate, as acting: Acting
    ) async throws(LedgerError) -> [CoverageGap] {
        try await transaction(.repeatableRead, readOnly: true, as: acting) { connection in
            try await connection.query(
                """
                SELECT region, lower(ages) AS min_age, upper(ages) AS max_age, lower(days) AS from_day,
                    upper(days) AS until_day
                FROM coverage_gaps(\(wanted.rawValue), daterange(\(from), \(until)))
                """
            ).map { row in
                CoverageGap(
                    region: RegionID(try row["region"]), ages: try ages(row), from: try row["from_day"],
                    until: try row["until_day"])
            }
        }
    }

    /// Where two coordinators are on duty for the same.
    ///
    /// - Throws: ``LedgerError``
    public func coverageOverlaps(
        from: CalendarDate, until: CalendarDate, as acting: Acting
    ) async throws(LedgerError) -> [CoverageOverlap] {
        try await transaction(.repeatableRead, readOnly: true, as: acting) { connection in
            try await connection.query(
                """
                SELECT region, function, first, second, lower(ages) AS min_age, upper(ages) AS max_age,
                    lower(days) AS from_day, upper(days) AS until_day
                FROM coverage_overlaps(daterange(\(from), \(until)))
                """
            ).map { row in
                CoverageOverlap(
                    region: RegionID(try row["region"]), function: try function(row),
                    coordinators: [try row["first"], try row["second"]], ages: try ages(row), from: try row["from_day"],
                    until: try row["until_day"])
            }
        }
    }

    /// Who is accountable for shelter, case by case: exactly one, the desk where no coordinator is on duty.
    ///
    /// - Throws: ``LedgerError``
    public func accountability(as acting: Acting) async throws(LedgerError) -> [Accountability] {
        try await transaction(.repeatableRead, readOnly: true, as: acting) { connection in
            try await connection.query(
                "SELECT victim, region, coordinator FROM access.accountable() ORDER BY victim"
            ).map { row in
                let region: String? = try row["region"]
                return Accountability(
                    victim: VictimID(try row["victim"]), region: region.map { RegionID($0) },
                    coordinator: try row["coordinator"])
            }
        }
    }
}

private func ages(_ row: Row) throws(PostgresError) -> Range<Int> {
    let (from, until): (Int, Int) = (try row["min_age"], try row["max_age"])
    return from..<until
}

private func function(_ row: Row) throws -> CoverageFunction {
    guard let function = CoverageFunction(rawValue: try row["function"]) else {
        throw LedgerError.unexpected("a coverage is for a function that this program does not know")
    }
    return function
}
