-- The searches for beds, in a fraction of the time, whatever was reported in the years before: with a year of daily reports
-- unit_free_for sorted all of them for each search.

-- Each report of capacity writes a change of beds, and a report: what there was a year ago is not read to know what there is now.
-- The newest are found by their day, and only of a unit of which none is new is the last one looked up: in two weeks first, since
-- an index reads what else there is of the unit beside it.
CREATE INDEX bed_change_by_day ON bed_change (from_date);
CREATE INDEX capacity_report_by_time ON capacity_report (observed_at) WHERE NOT late;
-- Who is yet to come is few.
CREATE INDEX stay_by_first_day ON stay (lower(days));

-- What the searches have in common, made to become part of their plans: nothing is promised that would keep them apart (no
-- SECURITY DEFINER, no SET), and names were found when it was made. Whoever calls it by itself sees what their policies show.

-- The beds of each unit that are free on all of some days. They are the fewest where most begins to be taken: on the first of
-- the days, where somebody comes, where a hold begins, and where the beds change. `span` is the days from `from_day` until
-- `until_day`, which are given, and `lately` is before `from_day`: changes after it are read for all units at once.
CREATE FUNCTION unit_free_over(
    of_request identifier, span daterange, from_day date, until_day date, moment timestamptz, lately date
) RETURNS TABLE (unit identifier, free integer)
LANGUAGE sql STABLE ROWS 100
BEGIN ATOMIC
    WITH held AS MATERIALIZED (
        -- Where its request is there already, a hold takes nothing; and the days are those that are asked. One for no request is
        -- nobody's who asks: where none was named, two NULLs that are not distinct had let it take nothing.
        SELECT h.unit, piece AS days, h.beds::integer AS beds
        FROM hold AS h
        CROSS JOIN LATERAL unnest(datemultirange(h.days * $2) - coalesce(
            (SELECT range_agg(s.days) FROM stay AS s WHERE s.request = h.request AND s.unit = h.unit), '{}')) AS piece
        WHERE h.days && $2 AND h.released_at IS NULL AND h.ends_at > $5 AND (h.request IS NULL OR h.request IS DISTINCT FROM $1)
    ), asked AS (
        SELECT u.id AS unit, $3 AS day, u.count_by = 'request' AS shared FROM unit AS u
        UNION ALL
        SELECT u.id, d.day, u.count_by = 'request'
        FROM (
            SELECT s.unit, lower(s.days) AS day FROM stay AS s WHERE lower(s.days) > $3 AND lower(s.days) < $4
            UNION SELECT h.unit, lower(h.days) FROM held AS h WHERE lower(h.days) > $3
            UNION SELECT c.unit, c.from_date FROM bed_change AS c WHERE c.from_date > $3 AND c.from_date < $4) AS d
        JOIN unit AS u ON u.id = d.unit
    ), known AS (
        SELECT s.unit, lower(s.days) AS first, upper(s.days) AS last, s.request, 1 AS taken, NULL::bigint AS beds
        FROM stay AS s WHERE s.days && $2
        UNION ALL SELECT h.unit, lower(h.days), upper(h.days), NULL, h.beds, NULL FROM held AS h
        -- The greatest is the last change, of a day's the reported one, with the beds in its last 31 bits.
        UNION ALL SELECT c.unit, c.from_date, 'infinity', NULL, 0,
            ((c.from_date - $6)::bigint << 32) + CASE c.source WHEN 'report' THEN 1::bigint << 31 ELSE 0 END + c.beds
        FROM bed_change AS c WHERE c.from_date > $6 AND c.from_date < $4
    ), part AS (
        -- Where a request has one bed, its people are one.
        SELECT a.unit, a.day, CASE WHEN a.shared THEN k.request END AS request, sum(k.taken) AS taken, max(k.beds) AS beds
        FROM asked AS a LEFT JOIN known AS k ON k.unit = a.unit AND k.first <= a.day AND k.last > a.day
        GROUP BY a.unit, a.day, CASE WHEN a.shared THEN k.request END
    ), level AS (
        SELECT p.unit, p.day, sum(CASE WHEN p.request IS NULL THEN p.taken ELSE 1 END)::integer AS taken, max(p.beds) AS beds
        FROM part AS p GROUP BY p.unit, p.day
    )
    SELECT l.unit, min(coalesce(
        (l.beds & 2147483647)::integer,
        (SELECT c.beds FROM bed_change AS c
            WHERE c.unit = l.unit AND c.from_date <= $6 AND c.from_date < $4 AND c.from_date > $6 - 14
            ORDER BY c.from_date DESC, c.source DESC LIMIT 1)::integer,
        (SELECT c.beds FROM bed_change AS c WHERE c.unit = l.unit AND c.from_date <= $6 AND c.from_date < $4
            ORDER BY c.from_date DESC, c.source DESC LIMIT 1)::integer,
        0) - coalesce(l.taken, 0))
    FROM level AS l GROUP BY l.unit;
END;

-- How old what is known of each unit's beds is: the rule of the view unit_report_age, which asks it of one unit after another
-- and cannot be this, since what is in a view asks with the rights of who reads it.
CREATE FUNCTION unit_age_at(moment timestamptz)
RETURNS TABLE (unit identifier, observed_at timestamptz, age interval, stale boolean)
LANGUAGE sql STABLE ROWS 100
BEGIN ATOMIC
    SELECT u.id, r.observed_at, greatest($1 - coalesce(r.observed_at, k.since), interval '0'),
        coalesce(
            coalesce(r.observed_at, k.since) + CASE WHEN k.required THEN coalesce(k.stale_after, p.report_age) END < $1, false)
    FROM unit AS u
    CROSS JOIN (SELECT d.report_age FROM desk_policy AS d LIMIT 1) AS p
    LEFT JOIN unit_reporting AS k ON k.unit = u.id
    LEFT JOIN (
        SELECT c.unit, max(c.observed_at) AS observed_at FROM capacity_report AS c
        WHERE NOT c.late AND c.observed_at > $1 - interval '2 days' GROUP BY c.unit) AS n ON n.unit = u.id
    CROSS JOIN LATERAL (
        SELECT coalesce(n.observed_at, (
            SELECT c.observed_at FROM capacity_report AS c
            WHERE c.unit = u.id AND NOT c.late ORDER BY c.observed_at DESC LIMIT 1)) AS observed_at
        OFFSET 0) AS r;
END;

-- As before. Two days back, since most units report every day: one that reported is found by the day, and only the others are
-- looked up one by one. Sorting text costs more than the planner thinks, for the few rows that it takes to be there.
CREATE OR REPLACE FUNCTION unit_free_for(of_request identifier, from_day date, until_day date)
RETURNS TABLE (unit identifier, free integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100 SET search_path = public, pg_temp
    SET plan_cache_mode = force_generic_plan SET random_page_cost = 1.1 SET enable_sort = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
    span CONSTANT daterange := daterange(from_day, until_day);
    moment CONSTANT timestamptz := ledger_now();
    lately CONSTANT date := least(moment::date, from_day) - 2;
BEGIN
    RETURN QUERY SELECT f.unit, f.free FROM unit_free_over(of_request, span, from_day, until_day, moment, lately) AS f;
END $$;

-- As before. What is asked of a unit is asked once for all who come, of whom the strictest counts.
CREATE OR REPLACE FUNCTION find_beds(
    profiles jsonb, of_request identifier, from_day date, until_day date, near identifier
) RETURNS TABLE (
    unit identifier, shelter identifier, region identifier, bed_type text, free integer, minutes integer, reasons text[],
    observed_at timestamptz, age interval, stale boolean
) LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100 SET search_path = public, pg_temp
    SET plan_cache_mode = force_generic_plan SET random_page_cost = 1.1 SET enable_sort = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
    span CONSTANT daterange := daterange(from_day, until_day);
    moment CONSTANT timestamptz := ledger_now();
    lately CONSTANT date := least(moment::date, from_day) - 2;
    size CONSTANT integer := jsonb_array_length(profiles);
    one record;
    comers text[] := '{}';
    comers_known text[];
    comers_phases text[] := '{}';
    comers_needs text[] := '{}';
    comers_victims text[] := '{}';
    regions_avoided text[] := '{}';
    shelters_avoided text[] := '{}';
    regions_far text[] := '{}';
    regions_met text[] := '{}';
    shelters_met text[] := '{}';
    units_met text[] := '{}';
    youngest integer;
    oldest integer;
    security_least integer;
    security_most integer;
    are_bound boolean := false;
BEGIN
    -- For nobody there is no bed.
    IF size > 0 IS NOT TRUE THEN
        RETURN;
    END IF;
    FOR one IN
        SELECT p.*, extract(year FROM age(from_day, p.birth_date))::integer AS years
        FROM jsonb_to_recordset(profiles) AS p(
            victim text, sex text, birth_date date, phase text, needs text[], security_min integer, security_max integer,
            avoid_regions text[], avoid_shelters text[], investigation text, max_travel_minutes integer)
    LOOP
        IF array_position(comers, one.sex) IS NULL THEN
            comers := comers || one.sex;
        END IF;
        IF one.victim IS NOT NULL THEN
            comers_victims := comers_victims || one.victim;
        END IF;
        IF one.phase IS NOT NULL THEN
            comers_phases := comers_phases || one.phase;
        END IF;
        comers_needs := comers_needs || one.needs;
        regions_avoided := regions_avoided || one.avoid_regions;
        shelters_avoided := shelters_avoided || one.avoid_shelters;
        youngest := least(youngest, one.years);
        oldest := greatest(oldest, one.years);
        security_least := greatest(security_least, one.security_min);
        security_most := least(security_most, one.security_max);
        are_bound := are_bound OR one.max_travel_minutes IS NOT NULL AND one.investigation IS NOT NULL;
    END LOOP;
    comers_known := array_remove(comers, NULL);
    IF are_bound THEN
        -- From where the investigation of one of them is too far.
        regions_far := ARRAY(
            SELECT r.region FROM (SELECT DISTINCT h.region FROM shelter AS h) AS r
            WHERE EXISTS (
                SELECT FROM jsonb_to_recordset(profiles) AS p(investigation text, max_travel_minutes integer)
                WHERE p.max_travel_minutes IS NOT NULL AND p.investigation <> r.region
                    AND coalesce((
                        SELECT t.minutes FROM travel_time AS t
                        WHERE least(t.a, t.b) = least(r.region, p.investigation::identifier)
                            AND greatest(t.a, t.b) = greatest(r.region, p.investigation::identifier)
                    ) > p.max_travel_minutes, true)));
    END IF;
    IF cardinality(comers_victims) > 0 THEN
        -- Where, and how widely, somebody is whom one of them must not meet.
        SELECT array_agg(s.unit) FILTER (WHERE n.scope = 'unit'), array_agg(u.shelter) FILTER (WHERE n.scope = 'shelter'),
            array_agg(h.region) FILTER (WHERE n.scope = 'region')
        INTO units_met, shelters_met, regions_met
        FROM unnest(comers_victims) AS p(victim) JOIN no_contact AS n ON p.victim IN (n.a, n.b)
        JOIN stay AS s ON s.victim = CASE WHEN n.a = p.victim THEN n.b ELSE n.a END
            AND s.days && (datemultirange(span) * datemultirange(n.days)) AND s.request IS DISTINCT FROM of_request
            AND 'no-contact' <> ALL (s.overrides)
        JOIN unit AS u ON u.id = s.unit JOIN shelter AS h ON h.id = u.shelter;
    END IF;
    RETURN QUERY
    SELECT u.id, u.shelter, h.region, u.bed_type::text, f.free,
        CASE WHEN h.region = near THEN 0 ELSE t.minutes::integer END,
        array_remove(ARRAY[
            CASE WHEN f.free < CASE u.count_by WHEN 'request' THEN 1 ELSE size END THEN 'capacity' END,
            CASE WHEN NOT comers_known <@ u.sexes::text[] OR youngest < u.min_age OR oldest > u.max_age
                OR NOT comers_phases <@ u.phases::text[] OR size < u.min_group OR size > u.max_group THEN 'admission' END,
            CASE WHEN comers_needs <> '{}' AND NOT comers_needs <@ (u.services || h.services) THEN 'services' END,
            CASE WHEN h.security < security_least OR h.security > security_most THEN 'security' END,
            CASE WHEN h.region::text = ANY (regions_avoided) OR h.id::text = ANY (shelters_avoided) THEN 'avoid' END,
            CASE WHEN h.region::text = ANY (regions_far) THEN 'investigation' END,
            CASE WHEN u.id::text = ANY (units_met) OR u.shelter::text = ANY (shelters_met) OR h.region::text = ANY (regions_met)
                THEN 'no-contact' END,
            CASE WHEN u.mixing = 'single-sex' AND (cardinality(comers) > 1 OR (
                SELECT bool_or((SELECT v.sex FROM victim AS v WHERE v.id = s.victim) <> ALL (comers))
                FROM stay AS s
                WHERE s.unit = u.id AND s.days && span AND 'mixing' <> ALL (s.overrides)
                    AND s.request IS DISTINCT FROM of_request)) THEN 'mixing' END,
            -- Asked of the unit's own stays: EXISTS would ask all there are, once.
            CASE WHEN u.exclusive AND (
                SELECT true FROM stay AS s WHERE s.unit = u.id AND s.days && span AND s.request IS DISTINCT FROM of_request
                    AND 'exclusive' <> ALL (s.overrides) LIMIT 1) THEN 'exclusive' END], NULL),
        a.observed_at, a.age, a.stale
    FROM unit AS u
    JOIN shelter AS h ON h.id = u.shelter
    JOIN unit_free_over(of_request, span, from_day, until_day, moment, lately) AS f ON f.unit = u.id
    JOIN unit_age_at(moment) AS a ON a.unit = u.id
    LEFT JOIN (
        SELECT CASE WHEN t.a = near THEN t.b ELSE t.a END AS region, t.minutes FROM travel_time AS t WHERE near IN (t.a, t.b)
    ) AS t ON t.region = h.region;
END $$;

CREATE OR REPLACE FUNCTION unit_availability(from_day date, until_day date) RETURNS TABLE (
    unit identifier, shelter identifier, region identifier, bed_type text, free integer, observed_at timestamptz, age interval,
    stale boolean
) LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100 SET search_path = public, pg_temp
    SET plan_cache_mode = force_generic_plan SET random_page_cost = 1.1 SET enable_sort = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
    span CONSTANT daterange := daterange(from_day, until_day);
    moment CONSTANT timestamptz := ledger_now();
    lately CONSTANT date := least(moment::date, from_day) - 2;
BEGIN
    IF access.acting_role() IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT u.id, u.shelter, h.region, u.bed_type::text, f.free, a.observed_at, a.age, a.stale
    FROM unit AS u
    JOIN shelter AS h ON h.id = u.shelter
    JOIN unit_free_over(NULL, span, from_day, until_day, moment, lately) AS f ON f.unit = u.id
    JOIN unit_age_at(moment) AS a ON a.unit = u.id;
END $$;

SELECT access.take_ownership();
