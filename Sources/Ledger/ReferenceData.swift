import CareChain
import Postgres

/// Which of two accounts of the same thing counts.
enum Precedence {
    /// The one that is given: it replaces what the ledger has.
    case given
    /// The ledger's: only what it does not have is added.
    case ledger

    var replaces: Bool { self == .given }
}

// Reference data comes with a country and with instances. Each statement takes a whole list and gives back the rows that
// it wrote; `xmax = 0` tells those that it inserted from those that it updated.
extension Ledger {
    static func write(
        _ regions: [Region], _ precedence: Precedence, on connection: Connection
    ) async throws -> [WrittenRow] {
        try await connection.list(
            """
            WITH written AS (
                INSERT INTO region AS old (id, name)
                SELECT id, name FROM jsonb_to_recordset(\(JSONText(rows: regions.map(RegionRow.init)))) AS r(id identifier, name text)
                ON CONFLICT (id) DO UPDATE SET name = excluded.name
                WHERE \(precedence.replaces)::boolean AND old.name IS DISTINCT FROM excluded.name
                RETURNING id, xmax = 0 AS added)
            SELECT json_agg(written) FROM written
            """)
    }

    static func write(
        _ times: [TravelTime], _ precedence: Precedence, on connection: Connection
    ) async throws -> [WrittenRow] {
        try await connection.list(
            """
            WITH written AS (
                INSERT INTO travel_time AS old (a, b, minutes)
                SELECT a, b, minutes
                FROM jsonb_to_recordset(\(JSONText(rows: times.map(TravelTimeRow.init))))
                    AS t(a identifier, b identifier, minutes whole)
                ON CONFLICT (least(a, b), greatest(a, b)) DO UPDATE SET minutes = excluded.minutes
                WHERE \(precedence.replaces)::boolean AND old.minutes <> excluded.minutes
                RETURNING a || '–' || b AS id, xmax = 0 AS added)
            SELECT json_agg(written) FROM written
            """)
    }

    static func write(
        _ shelters: [Shelter], _ precedence: Precedence, on connection: Connection
    ) async throws -> [WrittenRow] {
        try await connection.list(
            """
            WITH written AS (
                INSERT INTO shelter AS old (id, region, security, services)
                SELECT id, region, security, services
                FROM jsonb_to_recordset(\(JSONText(rows: shelters.map(ShelterRow.init))))
                    AS s(id identifier, region identifier, security smallint, services text[])
                ON CONFLICT (id) DO UPDATE SET
                    region = excluded.region, security = excluded.security, services = excluded.services
                WHERE \(precedence.replaces)::boolean
                    AND (old.region, old.security, old.services)
                        IS DISTINCT FROM (excluded.region, excluded.security, excluded.services)
                RETURNING id, xmax = 0 AS added)
            SELECT json_agg(written) FROM written
            """)
    }

    static func write(
        _ units: [CareChain.Unit], _ precedence: Precedence, on connection: Connection
    ) async throws -> [WrittenRow] {
        try await connection.list(
            """
            WITH written AS (
                INSERT INTO unit AS old (
                    id, shelter, bed_type, sexes, min_age, max_age, phases, services, mixing, exclusive, min_group,
                    max_group, count_by, max_leg_days, daily_cost_cents, scarcity)
                SELECT
                    id, shelter, bed_type, sexes, min_age, max_age, phases, services, mixing, exclusive, min_group,
                    max_group, count_by, max_leg_days, daily_cost_cents, scarcity
                FROM jsonb_to_recordset(\(JSONText(rows: units.map(UnitRow.init)))) AS u(
                    id identifier, shelter identifier, bed_type bed_type, sexes sex[], min_age age, max_age age,
                    phases phase[], services text[], mixing text, exclusive boolean, min_group whole, max_group whole,
                    count_by text, max_leg_days whole, daily_cost_cents whole, scarcity whole)
                ON CONFLICT (id) DO UPDATE SET
                    shelter = excluded.shelter, bed_type = excluded.bed_type, sexes = excluded.sexes,
                    min_age = excluded.min_age, max_age = excluded.max_age, phases = excluded.phases,
                    services = excluded.services, mixing = excluded.mixing, exclusive = excluded.exclusive,
                    min_group = excluded.min_group, max_group = excluded.max_group, count_by = excluded.count_by,
                    max_leg_days = excluded.max_leg_days, daily_cost_cents = excluded.daily_cost_cents,
                    scarcity = excluded.scarcity
                WHERE \(precedence.replaces)::boolean AND old IS DISTINCT FROM excluded
                RETURNING id, xmax = 0 AS added)
            SELECT json_agg(written) FROM written
            """)
    }

    /// Writes the funders in the order in which they pay, after those of the ledger when these take precedence, else
    /// before those that are not given.
    ///
    /// - Parameter date: The date of day 0 of their windows.
    static func write(
        _ rows: [FunderRow], from date: CalendarDate, _ precedence: Precedence, on connection: Connection
    ) async throws -> [WrittenRow] {
        let written: [WrittenRow] = try await connection.list(
            """
            WITH given AS MATERIALIZED (
                SELECT f.*, CASE WHEN \(precedence.replaces)::boolean THEN 0
                    ELSE coalesce((SELECT max(position) + 1 FROM funder), 0) END AS first
                FROM jsonb_to_recordset(\(JSONText(rows: rows))) AS f(
                    id identifier, position integer, name text, phases phase[], bed_types bed_type[],
                    registered_in text[], shelter_regions text[], min_age age, max_age age, pays_from integer,
                    pays_until integer, max_days_per_victim whole, budget_cents cents)
            ), written AS (
                INSERT INTO funder AS old (
                    id, position, name, phases, bed_types, registered_anywhere, any_shelter_region, min_age, max_age,
                    pays_from, pays_until, max_days_per_victim, budget_cents)
                SELECT
                    id, first + position, name, phases, bed_types, registered_in IS NULL, shelter_regions IS NULL,
                    min_age, max_age, \(date)::date + pays_from, \(date)::date + pays_until, max_days_per_victim,
                    budget_cents
                FROM given
                ON CONFLICT (id) DO UPDATE SET
                    position = excluded.position, name = excluded.name, phases = excluded.phases,
                    bed_types = excluded.bed_types, registered_anywhere = excluded.registered_anywhere,
                    any_shelter_region = excluded.any_shelter_region, min_age = excluded.min_age,
                    max_age = excluded.max_age, pays_from = excluded.pays_from, pays_until = excluded.pays_until,
                    max_days_per_victim = excluded.max_days_per_victim, budget_cents = excluded.budget_cents
                WHERE \(precedence.replaces)::boolean AND old IS DISTINCT FROM excluded
                RETURNING id, xmax = 0 AS added
            ), moved AS (
                UPDATE funder SET position = (SELECT count(*) FROM given) + rest.rank
                FROM (SELECT id, row_number() OVER (ORDER BY position) - 1 AS rank
                    FROM funder WHERE id NOT IN (SELECT id FROM given)) AS rest
                WHERE \(precedence.replaces)::boolean AND funder.id = rest.id
                    AND position <> (SELECT count(*) FROM given) + rest.rank)
            SELECT json_agg(written) FROM written
            """)
        let regions = try await writeRegions(of: rows, added: written, precedence, on: connection)
        let changed = Set(regions).subtracting(written.map(\.id))
        return written + changed.sorted().map { WrittenRow(id: $0, added: false) }
    }

    /// Writes the regions to which funders limit themselves, and gives back the funders for which these changed.
    private static func writeRegions(
        of funders: [FunderRow], added: [WrittenRow], _ precedence: Precedence, on connection: Connection
    ) async throws -> [String] {
        let new = Set(added.filter(\.added).map(\.id))
        let rows = funders.filter { precedence == .given || new.contains($0.id) }
        let written: [WrittenRow] = try await connection.list(
            """
            WITH funders AS MATERIALIZED (
                SELECT * FROM jsonb_to_recordset(\(JSONText(rows: rows))) AS f(
                    id identifier, registered_in text[], shelter_regions text[])
            ), given AS MATERIALIZED (
                SELECT id AS funder, 'registration' AS limits, unnest(registered_in) AS region FROM funders
                UNION ALL SELECT id, 'shelter', unnest(shelter_regions) FROM funders
            ), removed AS (
                DELETE FROM funder_region AS old
                WHERE funder IN (SELECT id FROM funders) AND NOT EXISTS (
                    SELECT FROM given AS g
                    WHERE g.funder = old.funder AND g.limits = old.limits AND g.region = old.region)
                RETURNING funder
            ), inserted AS (
                INSERT INTO funder_region (funder, limits, region)
                SELECT funder, limits, region FROM given
                ON CONFLICT DO NOTHING
                RETURNING funder)
            SELECT json_agg(x) FROM (
                SELECT funder AS id, false AS added FROM removed
                UNION SELECT funder, false FROM inserted) AS x
            """)
        return written.map(\.id)
    }

    static func write(
        _ limits: MoveLimits, _ weights: Weights, _ precedence: Precedence, on connection: Connection
    ) async throws -> [WrittenRow] {
        try await connection.list(
            """
            WITH written AS (
                INSERT INTO planning_policy AS old
                SELECT (jsonb_populate_record(NULL::planning_policy, '{"singleton": true}' || policy)).*
                FROM jsonb_array_elements(\(JSONText(rows: [PolicyRow(limits, weights)]))) AS policy
                ON CONFLICT (singleton) DO UPDATE SET
                    max_moves = excluded.max_moves, min_leg_days = excluded.min_leg_days,
                    unplaced_crisis = excluded.unplaced_crisis, unplaced_urgent = excluded.unplaced_urgent,
                    unplaced_planned = excluded.unplaced_planned, wait_day_crisis = excluded.wait_day_crisis,
                    wait_day_urgent = excluded.wait_day_urgent, wait_day_planned = excluded.wait_day_planned,
                    out_of_region = excluded.out_of_region, travel_minute = excluded.travel_minute,
                    move = excluded.move, overstay_day = excluded.overstay_day, unfunded_day = excluded.unfunded_day,
                    over_budget_euro = excluded.over_budget_euro, over_security_day = excluded.over_security_day
                WHERE \(precedence.replaces)::boolean AND old IS DISTINCT FROM excluded
                RETURNING 'policy' AS id, xmax = 0 AS added)
            SELECT json_agg(written) FROM written
            """)
    }
}
