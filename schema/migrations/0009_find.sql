-- Which bed is free and suitable, and why another is not.

-- The fewest beds of each unit that are free on one of some days; less than none where there is an excess. One pass over
-- what begins, ends and changes: looking each day of each unit up took 60 times as long.
CREATE FUNCTION unit_free(from_day date, until_day date) RETURNS TABLE (unit identifier, free integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    span daterange := daterange(from_day, until_day);
    moment timestamptz := ledger_now();
BEGIN
    RETURN QUERY
    WITH taken AS (
        SELECT s.unit, s.days, 1 AS beds
        FROM stay AS s JOIN unit AS u ON u.id = s.unit WHERE s.days && span AND u.count_by = 'victim'
        UNION ALL
        SELECT f.unit, piece, 1
        FROM (SELECT s.unit, range_agg(s.days) AS pieces
            FROM stay AS s JOIN unit AS u ON u.id = s.unit WHERE s.days && span AND u.count_by = 'request'
            GROUP BY s.unit, s.request) AS f CROSS JOIN LATERAL unnest(f.pieces) AS piece
        UNION ALL
        SELECT h.unit, piece, h.beds::integer
        FROM hold AS h
        CROSS JOIN LATERAL unnest(datemultirange(h.days) - coalesce(
            (SELECT range_agg(s.days) FROM stay AS s WHERE s.request = h.request AND s.unit = h.unit), '{}')) AS piece
        WHERE h.days && span AND h.released_at IS NULL AND h.ends_at > moment
    ), beds AS (
        SELECT DISTINCT ON (c.unit, c.from_date) c.unit, c.from_date, c.beds FROM bed_change AS c
        WHERE c.from_date < until_day ORDER BY c.unit, c.from_date, c.source = 'report' DESC
    ), changes AS (
        SELECT t.unit, greatest(lower(t.days), from_day) AS day, t.beds AS more FROM taken AS t
        UNION ALL SELECT t.unit, upper(t.days), -t.beds FROM taken AS t WHERE upper(t.days) < until_day
        UNION ALL SELECT b.unit, greatest(b.from_date, from_day),
            lag(b.beds, 1, 0) OVER (PARTITION BY b.unit ORDER BY b.from_date)::integer - b.beds FROM beds AS b
        UNION ALL SELECT u.id, from_day, 0 FROM unit AS u
    ), levels AS (
        SELECT c.unit, sum(sum(c.more)) OVER (PARTITION BY c.unit ORDER BY c.day) AS over FROM changes AS c
        GROUP BY c.unit, c.day)
    SELECT l.unit, -max(l.over)::integer FROM levels AS l GROUP BY l.unit;
END $$;
-- Only what is under way or to come, however long the past.
CREATE INDEX stay_by_days ON stay USING gist (days);

-- The victims of a request, as what a bed must suit on some days.
CREATE FUNCTION request_profiles(of_request identifier, from_day date, until_day date) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT jsonb_agg(jsonb_build_object(
        'victim', v.id, 'sex', v.sex, 'birth_date', v.birth_date, 'security_min', v.security_min,
        'security_max', v.security_max,
        'phase', coalesce(
            (SELECT p.phase FROM victim_phase AS p WHERE p.victim = v.id AND p.from_date <= from_day
                ORDER BY p.from_date DESC LIMIT 1),
            (SELECT p.phase FROM victim_phase AS p WHERE p.victim = v.id ORDER BY p.from_date LIMIT 1)),
        'needs', ARRAY(SELECT n.service FROM victim_need AS n WHERE n.victim = v.id),
        'avoid_regions', ARRAY(SELECT a.region FROM avoided_region AS a
            WHERE a.victim = v.id AND a.days && daterange(from_day, until_day)),
        'avoid_shelters', ARRAY(SELECT a.shelter FROM avoided_shelter AS a
            WHERE a.victim = v.id AND a.days && daterange(from_day, until_day)),
        'investigation', i.region, 'max_travel_minutes', i.max_travel_minutes) ORDER BY v.id)
    FROM request_victim AS m JOIN victim AS v ON v.id = m.victim
    LEFT JOIN investigation AS i ON i.victim = v.id AND i.days @> from_day
    WHERE m.request = of_request
$$;

-- Every unit, with the codes of the rules for which it cannot take people of these profiles together over some days: none
-- for a bed that is free and suitable. The rules are those of the program, once more in SQL; a test compares the two.
CREATE FUNCTION find_beds(
    profiles jsonb, of_request identifier, from_day date, until_day date, near identifier
) RETURNS TABLE (
    unit identifier, shelter identifier, region identifier, bed_type text, free integer, minutes integer, reasons text[],
    observed_at timestamptz, age interval, stale boolean
) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
                SELECT FROM stay AS s JOIN victim AS v ON v.id = s.victim
                WHERE s.unit = u.id AND s.days && span AND v.sex <> ALL (comers) AND 'mixing' <> ALL (s.overrides)
                    AND s.request IS DISTINCT FROM of_request)) THEN 'mixing' END,
            CASE WHEN u.exclusive AND EXISTS (
                SELECT FROM stay AS s WHERE s.unit = u.id AND s.days && span AND s.request IS DISTINCT FROM of_request
                    AND 'exclusive' <> ALL (s.overrides)) THEN 'exclusive' END], NULL),
        a.observed_at, a.age, a.stale
    FROM unit AS u
    JOIN shelter AS h ON h.id = u.shelter
    JOIN blocked AS b ON b.id = u.id
    JOIN unit_free(from_day, until_day) AS f ON f.unit = u.id
    JOIN unit_report_age AS a ON a.unit = u.id
    LEFT JOIN travel_time AS t ON least(t.a, t.b) = least(h.region, near) AND greatest(t.a, t.b) = greatest(h.region, near)
        AND near IS NOT NULL;
END $$;
