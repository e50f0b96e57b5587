public import CareChain
import Postgres

extension Ledger {
    /// Takes the facts of an instance in, dated from the start of its horizon.
    ///
    /// Facts are only added: afterwards the ledger says, about everything that the instance names, what the instance says,
    /// or else nothing is taken in. What the ledger knows beyond the instance stays. Taking the same instance in again
    /// changes nothing. For what an empty ledger then gives back see ``CareChain/Instance/canonical()``. Refused are
    /// identifiers of more than 200 bytes, texts with the character U+0000, and a current stay that began before 4713 BC.
    ///
    /// - Returns: What was added.
    /// - Throws: ``LedgerError``; `contradicts` with everything about which the ledger says something else.
    @discardableResult
    public func load(_ instance: Instance) async throws(LedgerError) -> LoadReport {
        try await transaction(.serializable) { connection in
            let start = instance.horizon.start
            let policy = try await Self.write(instance.moveLimits, instance.weights, .ledger, on: connection)
            let regions = try await Self.write(instance.regions, .ledger, on: connection)
            let times = try await Self.write(instance.travelTimes, .ledger, on: connection)
            let shelters = try await Self.write(instance.shelters, .ledger, on: connection)
            let units = try await Self.write(instance.units, .ledger, on: connection)
            let beds = try await Self.addBeds(of: instance, on: connection)
            let funders = try await Self.write(
                instance.funders.enumerated().map { FunderRow($1, position: $0) }, from: start, .ledger, on: connection)
            let victims = try await Self.addVictims(
                instance.victims.map(VictimRow.init), from: start, on: connection)
            let requests = try await Self.addRequests(of: instance, on: connection)
            try await connection.query(
                "SELECT report_excess(\(instance.units.map(\.id.text)), \(instance.name))")
            let pairs = try await Self.addNoContact(of: instance, on: connection)
            try await connection.query("SELECT note_company(\(requests.map(\.id)))")

            let elsewhere = try await Self.victimsInOtherRequests(of: instance, on: connection)
            guard elsewhere.isEmpty else { throw LedgerError.contradicts(elsewhere) }
            let kept = try await Self.instance(
                over: instance.horizon, name: instance.name, allBeds: true, on: connection)
            let contradictions = Contradiction.all(between: try instance.canonical(), and: kept)
            guard contradictions.isEmpty else { throw LedgerError.contradicts(contradictions) }
            return LoadReport(entries: [
                .init("policy", given: 1, policy),
                .init("regions", given: instance.regions.count, regions),
                .init("travel times", given: instance.travelTimes.count, times),
                .init("shelters", given: instance.shelters.count, shelters),
                .init("units", given: instance.units.count, units),
                .init("bed changes", given: instance.units.reduce(0) { $0 + $1.beds.steps.count }, beds),
                .init("funders", given: instance.funders.count, funders),
                .init("victims", given: instance.victims.count, victims),
                .init("requests", given: instance.requests.count, requests),
                .init("no-contact pairs", given: instance.noContact.count, pairs),
            ])
        }
    }

    /// Adds bed changes, but for those of day 0 that say what the ledger has on that day already.
    private static func addBeds(of instance: Instance, on connection: Connection) async throws -> [WrittenRow] {
        let rows = instance.units.flatMap { unit in
            unit.beds.steps.map { BedsRow(unit: unit.id.text, day: $0.from.number, beds: $0.value) }
        }
        return try await connection.list(
            """
            WITH written AS (
                INSERT INTO bed_change (unit, from_date, beds, reason, source)
                SELECT g.unit, zero + g.day, g.beds, \(instance.name), 'report'
                FROM jsonb_to_recordset(\(JSONText(rows: rows))) AS g(unit identifier, day integer, beds whole)
                CROSS JOIN CAST(\(instance.horizon.start) AS date) AS zero
                WHERE g.day > 0 OR g.beds IS DISTINCT FROM (
                    SELECT c.beds FROM bed_change AS c WHERE c.unit = g.unit AND c.from_date <= zero
                    ORDER BY c.from_date DESC, c.source = 'report' DESC LIMIT 1)
                ON CONFLICT DO NOTHING
                RETURNING unit AS id, true AS added)
            SELECT json_agg(written) FROM written
            """)
    }

    /// Adds victims with what is known of them from a date on.
    static func addVictims(
        _ victims: [VictimRow], from date: CalendarDate, on connection: Connection
    ) async throws -> [WrittenRow] {
        try await connection.list(
            """
            WITH given AS MATERIALIZED (
                SELECT zero, daterange(zero, NULL) AS onwards, v.*
                FROM CAST(\(date) AS date) AS zero
                CROSS JOIN jsonb_to_recordset(\(JSONText(rows: victims))) AS v(
                    id identifier, sex sex, birth_date date, security_min smallint, security_max smallint, phases jsonb,
                    needs text[], registrations jsonb, avoided_regions text[], avoided_shelters text[],
                    investigation_region identifier, max_travel_minutes whole, paid_days jsonb)
            ), written AS (
                INSERT INTO victim (id, sex, birth_date, security_min, security_max, payers_from)
                SELECT id, sex, birth_date, security_min, security_max, zero FROM given
                ON CONFLICT DO NOTHING
                RETURNING id, true AS added
            ), phases AS (
                INSERT INTO victim_phase (victim, from_date, phase)
                SELECT v.id, v.zero + p.day, p.phase
                FROM given AS v CROSS JOIN jsonb_to_recordset(v.phases) AS p(day integer, phase phase)
                WHERE p.day > 0 OR p.phase IS DISTINCT FROM (
                    SELECT e.phase FROM victim_phase AS e WHERE e.victim = v.id AND e.from_date <= v.zero
                    ORDER BY e.from_date DESC LIMIT 1)
                ON CONFLICT DO NOTHING
            ), needs AS (
                INSERT INTO victim_need (victim, service) SELECT id, unnest(needs) FROM given
                ON CONFLICT DO NOTHING
            ), registrations AS (
                INSERT INTO victim_registration (victim, region, days)
                SELECT v.id, r.region, v.onwards
                FROM given AS v CROSS JOIN jsonb_to_recordset(v.registrations) AS r(region identifier)
                ON CONFLICT DO NOTHING
            ), avoided_regions AS (
                INSERT INTO avoided_region (victim, region, days) SELECT id, unnest(avoided_regions), onwards FROM given
                ON CONFLICT DO NOTHING
            ), avoided_shelters AS (
                INSERT INTO avoided_shelter (victim, shelter, days)
                SELECT id, unnest(avoided_shelters), onwards FROM given
                ON CONFLICT DO NOTHING
            ), investigations AS (
                INSERT INTO investigation (victim, region, max_travel_minutes, days)
                SELECT id, investigation_region, max_travel_minutes, onwards FROM given
                WHERE investigation_region IS NOT NULL
                ON CONFLICT DO NOTHING
            ), paid AS (
                INSERT INTO paid_days (victim, funder, days)
                SELECT v.id, p.funder, p.days
                FROM given AS v CROSS JOIN jsonb_to_recordset(v.paid_days) AS p(funder identifier, days whole)
                ON CONFLICT DO NOTHING)
            SELECT json_agg(written) FROM written
            """)
    }

    private static func addRequests(of instance: Instance, on connection: Connection) async throws -> [WrittenRow] {
        try await connection.list(
            """
            WITH given AS MATERIALIZED (
                SELECT zero, r.*
                FROM CAST(\(instance.horizon.start) AS date) AS zero
                CROSS JOIN jsonb_to_recordset(\(JSONText(rows: instance.requests.map(RequestRow.init)))) AS r(
                    id identifier, together text, urgency text, known_from integer, needed_from integer,
                    latest_start integer, stay_days whole, preferred_region identifier, no_move_before integer,
                    transfer_wanted boolean, victims text[], stays jsonb)
            ), written AS (
                INSERT INTO request (
                    id, together, urgency, known_from, needed_from, latest_start, stay_days, preferred_region,
                    no_move_before, transfer_wanted, state)
                SELECT
                    id, together, urgency, zero + known_from, zero + needed_from, zero + latest_start, stay_days,
                    preferred_region, zero + no_move_before, transfer_wanted,
                    CASE WHEN stays = '[]' THEN 'submitted' WHEN stays @> '[{"arrived": true}]' THEN 'placed'
                        ELSE 'accepted' END
                FROM given
                ON CONFLICT DO NOTHING
                RETURNING id, true AS added
            ), members AS (
                INSERT INTO request_victim (request, victim) SELECT id, unnest(victims) FROM given
                ON CONFLICT DO NOTHING
            ), stays AS (
                -- As it is, whatever rule of the ledger it breaks; what that is of beds and of company is put on record.
                INSERT INTO stay (request, victim, unit, days, moves_made, arrived, origin)
                SELECT
                    r.id, s.victim, s.unit, daterange(r.zero + s."from", r.zero + s.until), s.moves_made, s.arrived,
                    'record'
                FROM given AS r CROSS JOIN jsonb_to_recordset(r.stays) AS s(
                    victim identifier, unit identifier, "from" integer, until integer, moves_made whole, arrived boolean)
                ON CONFLICT DO NOTHING)
            SELECT json_agg(written) FROM written
            """)
    }

    /// The victims whom the ledger has in another request than the instance; a request may have none left.
    private static func victimsInOtherRequests(
        of instance: Instance, on connection: Connection
    ) async throws -> [Contradiction] {
        let requests = instance.requests.flatMap { request in request.victims.map { _ in request.id.text } }
        let victims = instance.requests.flatMap { request in request.victims.map(\.text) }
        return try await connection.query(
            """
            SELECT kept.victim FROM request_victim AS kept
            JOIN unnest(\(requests), \(victims)) AS given(request, victim) ON given.victim = kept.victim
            WHERE given.request <> kept.request AND NOT kept.closed AND NOT kept.night ORDER BY kept.victim
            """
        ).map { Contradiction(kind: "victim", id: try $0["victim"], parts: ["request"]) }
    }

    private static func addNoContact(of instance: Instance, on connection: Connection) async throws -> [WrittenRow] {
        try await connection.list(
            """
            WITH written AS (
                INSERT INTO no_contact (a, b, scope, days)
                SELECT a, b, scope, daterange(\(instance.horizon.start)::date, NULL)
                FROM jsonb_to_recordset(\(JSONText(rows: instance.noContact.map(NoContactRow.init))))
                    AS p(a identifier, b identifier, scope text)
                ON CONFLICT DO NOTHING
                RETURNING a || '–' || b AS id, true AS added)
            SELECT json_agg(written) FROM written
            """)
    }
}

extension VictimRow {
    /// The facts of a victim, known from day 0 on.
    init(_ victim: Victim) {
        id = victim.id.text
        sex = victim.sex
        birthDate = victim.birthDate.description
        securityMin = victim.security.lowerBound
        securityMax = victim.security.upperBound
        payersFrom = 0
        phases = victim.phases.steps.map { PhaseRow(day: $0.from.number, phase: $0.value) }
        needs = victim.needs.sortedSet
        registrations = victim.registeredIn.map { [RegistrationRow(region: $0.text, from: 0, until: nil)] } ?? []
        avoidedRegions = victim.avoid.regions.map(\.text).sortedSet
        avoidedShelters = victim.avoid.shelters.map(\.text).sortedSet
        investigationRegion = victim.investigation?.region.text
        maxTravelMinutes = victim.investigation?.maxTravelMinutes
        paidDays = victim.paidDays.map { PaidDaysRow(funder: $0.funder.text, days: $0.days) }
    }
}

extension RequestRow {
    /// The facts of a request: who is somewhere has a stay that ends where the request does, what is committed is stays
    /// that nobody has come for yet.
    init(_ request: Request) {
        id = request.id.text
        together = request.together
        urgency = request.urgency
        knownFrom = request.knownFrom.number
        neededFrom = request.neededFrom.number
        latestStart = request.latestStart.number
        stayDays = request.stayDays
        preferredRegion = request.preferredRegion?.text
        noMoveBefore = request.noMoveBefore == 0 ? nil : request.noMoveBefore.number
        transferWanted = request.current != nil && !request.locked
        victims = request.victims.map(\.text)
        let current = (request.current ?? []).map { stay in
            StayRow(
                victim: stay.victim.text, unit: stay.unit.text, from: -stay.days, until: request.stayDays,
                movesMade: stay.movesMade, arrived: true)
        }
        let committed = Dictionary(grouping: request.committed ?? [], by: \.victim).values.flatMap { legs in
            legs.sorted { $0.days.lowerBound < $1.days.lowerBound }.enumerated().map { move, leg in
                StayRow(
                    victim: leg.victim.text, unit: leg.unit.text, from: leg.days.lowerBound.number,
                    until: leg.days.upperBound.number, movesMade: move, arrived: false)
            }
        }
        stays = current + committed
    }
}
