public import CareChain
import Postgres

extension Ledger {
    /// Builds the instance of a day: what the ledger knows, for the days from then on.
    ///
    /// Everything is read in one snapshot. Requests that start after the horizon are left out with their victims and
    /// pairs, and so are those whose stays have ended; what should have started starts on the first day. Victims who are
    /// in a unit are `current`, with the days they have been there and their moves; what has been agreed on for later is
    /// `committed`. Where somebody is `current` and a further move has been agreed on (which an instance cannot say), the
    /// request is not locked and has a hold until then. Paid days are those on record and, since then, what the rule of
    /// payers gives for the days in shelter (`problem.md`, The rule of payers). What a victim must avoid and whom not to
    /// meet counts when it holds on any day of the horizon; registration and investigation are those of the first day.
    ///
    /// Beds that are held, for a planned action too, and those of night placements are not there; of a unit whose last
    /// report is too old only the beds are there that somebody has. A hold on moves is `noMoveBefore`. A request that
    /// waits and for which a bed is held is `committed` to it, where it could have it under every rule and for its whole
    /// stay; where it could not, it is open like others. Whoever is about to be moved is in the old unit until the
    /// handover is complete, and the bed in the new one is held.
    ///
    /// - Parameters:
    ///   - date: The first day.
    ///   - days: The number of days, 1 to 3660.
    ///   - name: The instance's name; `ledger-` and the date when left out.
    /// - Returns: The instance, in the order that ``CareChain/Instance/canonical()`` gives.
    /// - Throws: ``LedgerError``
    public func instance(
        on date: CalendarDate, days: Int, name: String? = nil
    ) async throws(LedgerError) -> Instance {
        let horizon = Horizon(start: date, days: days)
        // A date plus more days than a horizon may have could leave the calendar; the instance would be refused anyway.
        guard (1...3660).contains(days) else {
            throw .noInstance(
                InvalidInput(path: "horizon.days", problem: "\(days) is not a whole number from 1 to 3660"))
        }
        return try await transaction(.repeatableRead, readOnly: true) { connection in
            try await Self.instance(over: horizon, name: name ?? "ledger-\(date)", on: connection)
        }
    }

    /// - Parameter allBeds: Whether to count the beds that are held, or not reported in time, as well.
    static func instance(
        over horizon: Horizon, name: String, allBeds: Bool = false, on connection: Connection
    ) async throws -> Instance {
        guard let policy = try await planningPolicy(on: connection) else { throw LedgerError.noPolicy }
        let regions = try await regions(on: connection)
        let travelTimes = try await travelTimes(on: connection)
        let shelters = try await shelters(on: connection)
        let units = try await units(from: horizon.start, on: connection)
        let funders = try await funders(from: horizon.start, on: connection)
        let cases = try await requests(within: horizon, on: connection)
        var requests = try cases.map { try $0.request(horizonDays: horizon.days) }
        let withheld = allBeds ? nil : try await WithheldBeds(within: horizon, on: connection)
        let ids = requests.flatMap(\.victims).map(\.text)
        let pastStays = Dictionary(grouping: cases.flatMap(\.stays), by: \.victim)
        let payments = PaymentHistory(until: horizon.start, funders: funders, shelters: shelters, units: units)
        let victims = try await victims(ids, within: horizon, on: connection).map { row in
            try row.victim(paidDays: payments.paidDays(of: row, stays: pastStays[row.id] ?? []))
        }
        let noContact = try await noContact(among: ids, within: horizon, on: connection)
        func instance(_ withheld: WithheldBeds?) throws -> Instance {
            do {
                return try Instance(
                    name: name, horizon: horizon, moveLimits: policy.moveLimits, regions: regions,
                    travelTimes: travelTimes, shelters: shelters,
                    units: withheld.map { beds in units.map { beds.left(of: $0, cases: cases) } } ?? units,
                    funders: funders.map { $0.funder(days: horizon.days) }, victims: victims, requests: requests,
                    noContact: noContact, weights: policy.weights)
            } catch { throw LedgerError.noInstance(error) }
        }
        let kept = withheld?.kept(for: requests, horizonDays: horizon.days) ?? []
        guard let withheld, !kept.isEmpty else { return try instance(withheld) }
        // A bed that is kept for a request is its alone, which an instance cannot say: where it could have it, the plan
        // counts on that (`committed`); where it could not, nobody has the bed.
        let broken = try ProposalCheck.broken(by: kept, in: try instance(withheld.released(for: kept)))
        let granted = kept.filter { broken[$0.request] == nil }
        let stays = Dictionary(uniqueKeysWithValues: granted.map { ($0.request, $0.stays) })
        requests = requests.map { request in stays[request.id].map { request.committed(to: $0) } ?? request }
        return try instance(withheld.released(for: granted))
    }
}

extension Request {
    /// The same, agreed on for some stays.
    fileprivate func committed(to stays: [Stay]) -> Request {
        Request(
            id: id, victims: victims, together: together, knownFrom: knownFrom, neededFrom: neededFrom,
            latestStart: latestStart, stayDays: stayDays, urgency: urgency, preferredRegion: preferredRegion,
            committed: stays.map { CommittedStay(victim: $0.victim, unit: $0.unit, days: $0.from..<$0.until) })
    }
}

// One statement per kind of fact, whatever the number of rows; days are counted from the first of the horizon.
extension Ledger {
    static func planningPolicy(on connection: Connection) async throws -> PolicyRow? {
        let policies: [PolicyRow] = try await connection.list(
            "SELECT json_agg(policy) FROM planning_policy AS policy")
        return policies.first
    }

    static func regions(on connection: Connection) async throws -> [Region] {
        let rows: [RegionRow] = try await connection.list(
            "SELECT json_agg(x) FROM (SELECT id, name FROM region ORDER BY id) AS x")
        return rows.map(\.region)
    }

    static func travelTimes(on connection: Connection) async throws -> [TravelTime] {
        let rows: [TravelTimeRow] = try await connection.list(
            "SELECT json_agg(x) FROM (SELECT a, b, minutes FROM travel_time ORDER BY a, b) AS x")
        return rows.map(\.travelTime)
    }

    static func shelters(on connection: Connection) async throws -> [Shelter] {
        let rows: [ShelterRow] = try await connection.list(
            "SELECT json_agg(x) FROM (SELECT id, region, security, services FROM shelter ORDER BY id) AS x")
        return rows.map(\.shelter)
    }

    /// The units, each with its beds from a date on; before its first change a unit has none.
    static func units(from date: CalendarDate, on connection: Connection) async throws -> [Unit] {
        let units: [UnitRow] = try await connection.list(
            "SELECT json_agg(x) FROM (SELECT * FROM unit ORDER BY id) AS x")
        let changes: [BedsRow] = try await connection.list(
            """
            SELECT json_agg(x) FROM (
                SELECT DISTINCT ON (c.unit, c.from_date) c.unit, c.from_date - day.zero AS day, c.beds
                FROM bed_change AS c CROSS JOIN (SELECT \(date)::date AS zero) AS day
                WHERE NOT EXISTS (
                    SELECT FROM bed_change AS later
                    WHERE later.unit = c.unit AND later.from_date > c.from_date AND later.from_date <= day.zero)
                ORDER BY c.unit, c.from_date, c.source = 'report' DESC) AS x
            """)
        let beds = Dictionary(grouping: changes, by: \.unit)
        return units.map { row in
            var steps = (beds[row.id] ?? []).map { ($0.day, $0.beds) }
            if steps.first.map({ $0.0 > 0 }) ?? true { steps.insert((0, 0), at: 0) }
            return row.unit(beds: StepFunction(asOfDayZero: steps) ?? StepFunction(constant: 0))
        }
    }

    /// The funders in the order in which they pay.
    static func funders(from date: CalendarDate, on connection: Connection) async throws -> [FunderRow] {
        try await connection.list(
            """
            SELECT json_agg(x) FROM (
                SELECT f.id, f.position, f.name, f.phases, f.bed_types, f.min_age, f.max_age, f.max_days_per_victim,
                    f.budget_cents, f.pays_from - day.zero AS pays_from, f.pays_until - day.zero AS pays_until,
                    CASE WHEN NOT f.registered_anywhere THEN ARRAY(
                        SELECT region FROM funder_region
                        WHERE funder = f.id AND limits = 'registration' ORDER BY region) END AS registered_in,
                    CASE WHEN NOT f.any_shelter_region THEN ARRAY(
                        SELECT region FROM funder_region
                        WHERE funder = f.id AND limits = 'shelter' ORDER BY region) END AS shelter_regions
                FROM funder AS f CROSS JOIN (SELECT \(date)::date AS zero) AS day
                ORDER BY f.position) AS x
            """)
    }

    /// The requests with a stay on any day of the horizon, and those without stays that are needed before its end.
    static func requests(within horizon: Horizon, on connection: Connection) async throws -> [RequestRow] {
        try await connection.list(
            """
            SELECT json_agg(x) FROM (
                SELECT r.id, r.together, r.urgency, r.known_from - day.zero AS known_from,
                    greatest(r.needed_from, night.until) - day.zero AS needed_from,
                    greatest(r.latest_start, night.until) - day.zero AS latest_start, r.stay_days,
                    r.preferred_region, greatest(r.no_move_before, (
                        SELECT max(h.until) FROM move_hold AS h
                        WHERE h.request = r.id AND h.lifted_at IS NULL)) - day.zero AS no_move_before,
                    r.transfer_wanted,
                    ARRAY(SELECT victim FROM request_victim WHERE request = r.id ORDER BY victim) AS victims,
                    (SELECT coalesce(json_agg(y), '[]') FROM (
                        SELECT s.victim, s.unit, lower(s.days) - day.zero AS from, upper(s.days) - day.zero AS until,
                            s.moves_made, s.arrived
                        FROM stay AS s WHERE s.request = r.id ORDER BY s.victim, s.days) AS y) AS stays
                FROM request AS r
                CROSS JOIN (SELECT \(horizon.start)::date AS zero, \(horizon.days)::integer AS days) AS day
                -- Whoever has an emergency bed for the night needs the lasting place after it.
                LEFT JOIN LATERAL (
                    SELECT max(upper(n.days)) AS until
                    FROM request_victim AS v JOIN request_victim AS w ON w.victim = v.victim AND w.night AND NOT w.closed
                    JOIN night_placement AS n ON n.request = w.request
                    WHERE v.request = r.id AND r.state NOT IN ('accepted', 'placed') AND upper(n.days) > day.zero) AS night
                    ON true
                WHERE NOT r.night AND r.state NOT IN ('draft', 'ended', 'withdrawn') AND (EXISTS (
                        SELECT FROM stay AS s
                        WHERE s.request = r.id AND s.days && daterange(day.zero, day.zero + day.days))
                    OR greatest(r.needed_from, night.until) < day.zero + day.days
                        AND NOT EXISTS (SELECT FROM stay AS s WHERE s.request = r.id))
                ORDER BY r.id) AS x
            """)
    }

    static func victims(
        _ ids: [String], within horizon: Horizon, on connection: Connection
    ) async throws -> [VictimRow] {
        try await connection.list(
            """
            SELECT json_agg(x) FROM (
                SELECT v.id, v.sex, v.birth_date, v.security_min, v.security_max,
                    v.payers_from - day.zero AS payers_from,
                    (SELECT coalesce(json_agg(y), '[]') FROM (
                        SELECT from_date - day.zero AS day, phase
                        FROM victim_phase WHERE victim = v.id ORDER BY from_date) AS y) AS phases,
                    ARRAY(SELECT service FROM victim_need WHERE victim = v.id ORDER BY service) AS needs,
                    (SELECT coalesce(json_agg(y), '[]') FROM (
                        SELECT region, lower(days) - day.zero AS from, upper(days) - day.zero AS until
                        FROM victim_registration WHERE victim = v.id ORDER BY days) AS y) AS registrations,
                    ARRAY(SELECT DISTINCT region FROM avoided_region
                        WHERE victim = v.id AND days && span ORDER BY region) AS avoided_regions,
                    ARRAY(SELECT DISTINCT shelter FROM avoided_shelter
                        WHERE victim = v.id AND days && span ORDER BY shelter) AS avoided_shelters,
                    i.region AS investigation_region, i.max_travel_minutes,
                    (SELECT coalesce(json_agg(y), '[]') FROM (
                        SELECT funder, days FROM paid_days WHERE victim = v.id) AS y) AS paid_days
                FROM victim AS v
                CROSS JOIN (SELECT \(horizon.start)::date AS zero, \(horizon.days)::integer AS length) AS day
                CROSS JOIN daterange(day.zero, day.zero + day.length) AS span
                LEFT JOIN investigation AS i ON i.victim = v.id AND i.days @> day.zero
                WHERE v.id = ANY (\(ids)::text[])
                ORDER BY v.id) AS x
            """)
    }

    static func noContact(
        among victims: [String], within horizon: Horizon, on connection: Connection
    ) async throws -> [NoContact] {
        let rows: [NoContactRow] = try await connection.list(
            """
            SELECT json_agg(x) FROM (
                SELECT DISTINCT a, b, scope FROM no_contact
                WHERE a = ANY (\(victims)::text[]) AND b = ANY (\(victims)::text[])
                    AND days && daterange(\(horizon.start)::date, \(horizon.start)::date + \(horizon.days)::integer)
                ORDER BY a, b, scope) AS x
            """)
        return rows.map(\.noContact)
    }
}

extension StepFunction {
    /// Makes the function as seen from day 0 of steps in order: what was superseded before is left out, and the first that
    /// is left holds from day 0. Nil when there are no steps.
    init?(asOfDayZero steps: [(day: Int, value: Value)]) {
        guard !steps.isEmpty else { return nil }
        let first = steps.lastIndex { $0.day <= 0 } ?? 0
        self.init(
            steps[first...].enumerated().map { place, step in
                Step(from: place == 0 ? 0 : Day(step.day), value: step.value)
            })
    }
}
