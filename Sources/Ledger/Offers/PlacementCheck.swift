import CareChain
import Postgres

extension Ledger {
    /// The rules of the problem that stays would break for their own request: admission, services, security, avoid,
    /// investigation, together, legs, hold. What is shared with others (capacity, mixing, exclusive, no-contact) is the
    /// schema's to guard, and so is that nobody is in two places.
    ///
    /// The referee judges an instance of this request alone, over the days of the stays, so that each rule stays written
    /// once. In the transaction that commits the stays, the facts that it reads are those on which it commits.
    static func brokenRules(
        by stays: [OfferedStay], for request: RequestID, on connection: Connection
    ) async throws -> [BrokenRule] {
        guard let first = stays.map(\.from).min(), let end = stays.map(\.until).max() else { return [] }
        let today: CalendarDate = try await connection.query("SELECT ledger_today()").one()[0]
        let row = try await openRequest(request, on: connection)
        let here = try await Self.stays(of: request, on: connection)
        // Of a request that is placed it is a move; the days before it count as well.
        let began = row.isPlaced ? here.map(\.from).min() : nil
        let start = began.map { max($0, min(today, first)) } ?? first
        let horizon = Horizon(start: start, days: start.days(to: end))
        guard (1...3660).contains(horizon.days) else {
            throw LedgerError.invalid(
                english: "the stays cover \(horizon.days) days: at least 1, at most 3660",
                dutch: "de verblijven beslaan \(horizon.days) dagen: minstens 1, hoogstens 3660")
        }
        guard let policy = try await planningPolicy(on: connection) else { throw LedgerError.noPolicy }
        let ids = Array(Set(stays.map(\.victim))).sorted()
        let current = began == nil ? nil : currentStays(here, at: start).filter { ids.contains($0.victim.text) }
        guard current.map({ $0.count == ids.count }) ?? true else {
            throw LedgerError.notNow(
                rule: "request_stays",
                Sentence(
                    english: "not everybody who is to be moved is in a place of request \"\(request)\" on \(start)",
                    dutch: "niet iedereen die verhuist heeft op \(start) een plek van verzoek \"\(request)\""))
        }
        let move = horizon.day(of: first)
        let unitIDs = Set(stays.map(\.unit) + (current ?? []).map(\.unit.text))
        let units = try await units(unitIDs, on: connection)
        let victims = try await victims(ids, within: horizon, on: connection).map { try $0.victim() }
        let lone = Request(
            id: request, victims: ids.map { VictimID($0) }, together: row.together, neededFrom: 0, latestStart: 0,
            stayDays: horizon.days, urgency: row.urgency,
            current: current,
            noMoveBefore: Day(current == nil ? 0 : max(0, row.noMoveBefore.map { horizon.day(of: $0).number } ?? 0)))
        let instance = try Instance(
            name: "check", horizon: horizon, moveLimits: policy.moveLimits, regions: try await regions(on: connection),
            travelTimes: try await travelTimes(on: connection), shelters: try await shelters(on: connection),
            units: units, funders: [],
            victims: victims, requests: [lone], noContact: [])
        let before = (move > 0 ? current ?? [] : []).map {
            Stay(request: request, victim: $0.victim, unit: $0.unit, from: 0, until: move)
        }
        let after = stays.map {
            Stay(
                request: request, victim: VictimID($0.victim), unit: UnitID($0.unit), from: horizon.day(of: $0.from),
                until: horizon.day(of: $0.until))
        }
        let all = before + after
        let plan = Plan(instance: "check", stays: all, funding: FundingRule.payments(of: all, in: instance).periods)
        let verdict = try Referee.judge(plan, of: instance)
        return verdict.violations.filter { ownRules.contains($0.rule) }
            .map { BrokenRule(rule: $0.rule, detail: dated($0.detail, horizon)) }
    }

    private static let ownRules: Set<RuleCode> = [
        .admission, .services, .security, .avoid, .investigation, .together, .legs, .hold,
    ]

    /// The referee counts days; people have dates.
    private static func dated(_ detail: Sentence, _ horizon: Horizon) -> Sentence {
        func dated(_ text: String) -> String {
            text.replacing(/(?:day|dag) (\d+)/) { match in
                Int(match.1).map { horizon.date(of: Day($0)).description } ?? String(match.0)
            }
        }
        return Sentence(english: dated(detail.english), dutch: dated(detail.dutch))
    }

    private struct OpenRequest {
        let together: Together
        let urgency: Urgency
        let noMoveBefore: CalendarDate?
        let isPlaced: Bool
    }

    private static func openRequest(_ id: RequestID, on connection: Connection) async throws -> OpenRequest {
        let rows = try await connection.query(
            """
            SELECT r.together, r.urgency, r.state = 'placed' AND NOT r.night AS placed, greatest(r.no_move_before, (
                SELECT max(h.until) FROM move_hold AS h WHERE h.request = r.id AND h.lifted_at IS NULL)) AS no_move_before
            FROM request AS r WHERE r.id = \(id.text)
            """)
        guard let row = rows.first else { throw LedgerError.noSuch(kind: .request, id: id.text) }
        return OpenRequest(
            together: try row.value("together"), urgency: try row.value("urgency"),
            noMoveBefore: try row["no_move_before"], isPlaced: try row["placed"])
    }

    private static func currentStays(_ stays: [StayRecord], at date: CalendarDate) -> [CurrentStay] {
        stays.filter { $0.days.contains(date) }.map {
            CurrentStay(
                victim: VictimID($0.victim), unit: UnitID($0.unit), days: $0.days.lowerBound.days(to: date),
                movesMade: $0.movesMade)
        }
    }

    /// Some units, with beds and company left to the schema.
    private static func units(_ ids: Set<String>, on connection: Connection) async throws -> [Unit] {
        let rows: [UnitRow] = try await connection.list(
            "SELECT json_agg(x) FROM (SELECT * FROM unit WHERE id = ANY (\(ids.sorted())::text[]) ORDER BY id) AS x")
        if let missing = ids.subtracting(rows.map(\.id)).min() { throw LedgerError.noSuch(kind: .unit, id: missing) }
        return rows.map { row in
            let unit = row.unit(beds: StepFunction(constant: 1_000_000))
            return Unit(
                id: unit.id, shelter: unit.shelter, bedType: unit.bedType, beds: unit.beds, accepts: unit.accepts,
                services: unit.services, minGroup: unit.minGroup, maxGroup: unit.maxGroup, countBy: unit.countBy,
                dailyCost: unit.dailyCost)
        }
    }
}

extension StayRecord {
    /// Its days.
    var days: Range<CalendarDate> { from..<until }
}
