-- The searches for beds, asked more often than all else together.

-- Planned once in a session: planning anew for every question takes as long as answering it, and comes to the same plan.
ALTER FUNCTION unit_free_for SET plan_cache_mode = force_generic_plan;
-- As before, but for how the sexes in a unit are found: each by its index, which is in memory like all that is asked so often.
CREATE OR REPLACE FUNCTION find_beds(
    profiles jsonb, of_request identifier, from_day date, until_day date, near identifier
) RETURNS TABLE (
    unit identifier, shelter identifier, region identifier, bed_type text, free integer, minutes integer, reasons text[],
    observed_at timestamptz, age interval, stale boolean
) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    SET plan_cache_mode = force_generic_plan SET random_page_cost = 1.1 AS $$
#variable_conflict use_column
DECLARE
    span daterange := daterange(from_day, until_day);
    size integer := jsonb_array_length(profiles);
    comers text[] := ARRAY(SELECT DISTINCT p ->> 'sex' FROM jsonb_array_elements(profiles) AS p);
BEGIN
    RETURN QUERY
    WITH profile AS MATERIALIZED (
        SELECT p.*, extract(year FROM age(from_day, p.birth_date)) AS years
        FROM jsonb_to_recordset(profiles) AS p(
            victim text, sex text, birth_date date, phase text, needs text[], security_min integer, security_max integer,
            avoid_regions text[], avoid_shelters text[], investigation text, max_travel_minutes integer)
    ), meeting AS MATERIALIZED (
        -- Where, and how widely, somebody is whom one of them must not meet.
        SELECT n.scope, s.unit, u.shelter, h.region
        FROM profile AS p JOIN no_contact AS n ON p.victim IN (n.a, n.b)
        JOIN stay AS s ON s.victim = CASE WHEN n.a = p.victim THEN n.b ELSE n.a END
            AND s.days && (datemultirange(span) * datemultirange(n.days)) AND s.request IS DISTINCT FROM of_request
            AND 'no-contact' <> ALL (s.overrides)
        JOIN unit AS u ON u.id = s.unit JOIN shelter AS h ON h.id = u.shelter
    ), blocked AS (
        SELECT u.id,
            bool_or(p.sex <> ALL (u.sexes::text[]) OR p.years < u.min_age OR p.years > u.max_age
                OR p.phase <> ALL (u.phases::text[])) AS admission,
            bool_or(NOT p.needs <@ (u.services || h.services)) AS services,
            bool_or(h.security NOT BETWEEN p.security_min AND p.security_max) AS security,
            bool_or(h.region::text = ANY (p.avoid_regions) OR h.id::text = ANY (p.avoid_shelters)) AS avoid,
            bool_or(p.max_travel_minutes IS NOT NULL AND p.investigation <> h.region
                AND coalesce(t.minutes > p.max_travel_minutes, true)) AS investigation
        FROM unit AS u JOIN shelter AS h ON h.id = u.shelter CROSS JOIN profile AS p
        LEFT JOIN travel_time AS t
            ON least(t.a, t.b) = least(h.region, p.investigation::identifier)
            AND greatest(t.a, t.b) = greatest(h.region, p.investigation::identifier)
        GROUP BY u.id)
    SELECT u.id, u.shelter, h.region, u.bed_type::text, f.free,
        CASE WHEN h.region = near THEN 0 ELSE t.minutes::integer END,
        array_remove(ARRAY[
            CASE WHEN f.free < CASE u.count_by WHEN 'request' THEN 1 ELSE size END THEN 'capacity' END,
            CASE WHEN b.admission OR size < u.min_group OR size > u.max_group THEN 'admission' END,
            CASE WHEN b.services THEN 'services' END,
            CASE WHEN b.security THEN 'security' END,
            CASE WHEN b.avoid THEN 'avoid' END,
            CASE WHEN b.investigation THEN 'investigation' END,
            CASE WHEN EXISTS (SELECT FROM meeting AS m WHERE CASE m.scope WHEN 'unit' THEN m.unit = u.id
                WHEN 'shelter' THEN m.shelter = u.shelter ELSE m.region = h.region END) THEN 'no-contact' END,
            CASE WHEN u.mixing = 'single-sex' AND (cardinality(comers) > 1 OR EXISTS (
                SELECT FROM stay AS s
                WHERE s.unit = u.id AND s.days && span AND 'mixing' <> ALL (s.overrides)
                    AND s.request IS DISTINCT FROM of_request
                    AND (SELECT v.sex FROM victim AS v WHERE v.id = s.victim) <> ALL (comers))) THEN 'mixing' END,
            CASE WHEN u.exclusive AND EXISTS (
                SELECT FROM stay AS s WHERE s.unit = u.id AND s.days && span AND s.request IS DISTINCT FROM of_request
                    AND 'exclusive' <> ALL (s.overrides)) THEN 'exclusive' END], NULL),
        a.observed_at, a.age, a.stale
    FROM unit AS u
    JOIN shelter AS h ON h.id = u.shelter
    JOIN blocked AS b ON b.id = u.id
    JOIN unit_free_for(of_request, from_day, until_day) AS f ON f.unit = u.id
    JOIN unit_report_age AS a ON a.unit = u.id
    LEFT JOIN travel_time AS t ON least(t.a, t.b) = least(h.region, near) AND greatest(t.a, t.b) = greatest(h.region, near)
        AND near IS NOT NULL;
END $$;

-- What the planner would otherwise guess to be a thousand.
ALTER FUNCTION unit_free_for ROWS 100;
ALTER FUNCTION unit_free ROWS 100;

-- As before; LIMIT tells the planner that there is one policy, which it takes for a thousand.
CREATE OR REPLACE VIEW unit_report_age WITH (security_invoker) AS
SELECT u.id AS unit, u.shelter, r.observed_at, r.id AS report, l.stale_after,
    greatest(clock.at - coalesce(r.observed_at, l.since), interval '0') AS age,
    coalesce(coalesce(r.observed_at, l.since) + l.stale_after < clock.at, false) AS stale
FROM unit AS u
CROSS JOIN (SELECT ledger_now() AS at LIMIT 1) AS clock
LEFT JOIN (
    SELECT k.unit, k.since, CASE WHEN k.required THEN coalesce(k.stale_after, p.report_age) END AS stale_after
    FROM unit_reporting AS k CROSS JOIN (SELECT report_age FROM desk_policy LIMIT 1) AS p) AS l ON l.unit = u.id
LEFT JOIN LATERAL (
    SELECT c.observed_at, c.id FROM capacity_report AS c
    WHERE c.unit = u.id AND NOT c.late ORDER BY c.observed_at DESC LIMIT 1) AS r ON true;
