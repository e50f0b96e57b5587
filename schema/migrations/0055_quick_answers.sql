-- What nearly every statement asks, kept as plans: who acts, and what time it is. A function in SQL is read and planned anew
-- in each statement that calls it; one in PL/pgSQL once in a connection.

-- As before, in one step: what the transaction claims, and whether become() signed it here, with the key or the one before.
CREATE OR REPLACE FUNCTION access.acting(OUT role text, OUT id text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    setting CONSTANT text := current_setting('onderdak.acting', true);
    claim text;
    here text;
BEGIN
    SELECT l.role, l.id INTO role, id FROM access.login_actor AS l WHERE l.login = session_user;
    -- Anybody may write the setting; only become() can sign it.
    IF role IS NULL AND setting <> '' THEN
        claim := substr(setting, 66);
        here := access.claim_here(claim);
        IF EXISTS (
            SELECT FROM access.signing_key AS k
            WHERE substr(setting, 1, 64) IN (access.digest(k.key, here), access.digest(k.previous, here)))
        THEN
            role := split_part(claim, '/', 1);
            id := substr(claim, length(role) + 2);
        END IF;
    END IF;
END
$$;
DROP FUNCTION access.is_signed(text, text);

-- Their names were found when they were made: no path can mislead them, and without one they become part of what calls them.
-- (Not what promises more than what it calls: convert_to is STABLE.)
ALTER FUNCTION access.digest STABLE;
ALTER FUNCTION access.digest RESET search_path;
ALTER FUNCTION access.claim_here RESET search_path;
ALTER FUNCTION access.acting_role RESET search_path;
ALTER FUNCTION access.acting_id RESET search_path;

CREATE OR REPLACE FUNCTION access.acting_as(expected text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who CONSTANT record := access.acting();
BEGIN
    RETURN CASE WHEN who.role = expected THEN who.id END;
END
$$;

CREATE OR REPLACE FUNCTION access.signature(claim text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT access.digest(k.key, claim) FROM access.signing_key AS k);
END
$$;

CREATE OR REPLACE FUNCTION ledger_now() RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN coalesce((SELECT c.at FROM simulated_clock AS c), now());
END
$$;

CREATE OR REPLACE FUNCTION ledger_day(timestamptz) RETURNS date
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN ($1 AT TIME ZONE (SELECT p.zone FROM desk_policy AS p))::date;
END
$$;

-- The searches for beds, as before. A plan that is kept takes few stays to be there, and would look up the unit of each: here
-- none is; and where the sexes in a unit matter, or its being taken, its own stays are asked.
CREATE OR REPLACE FUNCTION unit_free_for(of_request identifier, from_day date, until_day date)
RETURNS TABLE (unit identifier, free integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100 SET search_path = public, pg_temp
    SET plan_cache_mode = force_generic_plan SET random_page_cost = 1.1 AS $$
#variable_conflict use_column
DECLARE
    span daterange := daterange(from_day, until_day);
    moment timestamptz := ledger_now();
BEGIN
    RETURN QUERY
    WITH present AS MATERIALIZED (
        SELECT s.unit, s.request, s.days, s.unit IN (SELECT u.id FROM unit AS u WHERE u.count_by = 'request') AS shared
        FROM stay AS s WHERE s.days && span
    ), taken AS (
        SELECT s.unit, s.days, 1 AS beds FROM present AS s WHERE NOT s.shared
        UNION ALL
        SELECT f.unit, piece, 1
        FROM (SELECT s.unit, range_agg(s.days) AS pieces FROM present AS s WHERE s.shared
            GROUP BY s.unit, s.request) AS f CROSS JOIN LATERAL unnest(f.pieces) AS piece
        UNION ALL
        SELECT h.unit, piece, h.beds::integer
        FROM hold AS h
        CROSS JOIN LATERAL unnest(datemultirange(h.days) - coalesce(
            (SELECT range_agg(s.days) FROM stay AS s WHERE s.request = h.request AND s.unit = h.unit), '{}')) AS piece
        WHERE h.days && span AND h.released_at IS NULL AND h.ends_at > moment
            AND h.request IS DISTINCT FROM of_request
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
        SELECT c.unit, sum(sum(c.more)::integer) OVER (PARTITION BY c.unit ORDER BY c.day) AS over FROM changes AS c
        GROUP BY c.unit, c.day)
    SELECT l.unit, -max(l.over)::integer FROM levels AS l GROUP BY l.unit;
END $$;

CREATE OR REPLACE FUNCTION find_beds(
    profiles jsonb, of_request identifier, from_day date, until_day date, near identifier
) RETURNS TABLE (
    unit identifier, shelter identifier, region identifier, bed_type text, free integer, minutes integer, reasons text[],
    observed_at timestamptz, age interval, stale boolean
) LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100 SET search_path = public, pg_temp
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
    )
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
            CASE WHEN u.mixing = 'single-sex' AND (cardinality(comers) > 1 OR (
                SELECT bool_or((SELECT v.sex FROM victim AS v WHERE v.id = s.victim) <> ALL (comers))
                FROM stay AS s
                WHERE s.unit = u.id AND s.days && span AND 'mixing' <> ALL (s.overrides)
                    AND s.request IS DISTINCT FROM of_request)) THEN 'mixing' END,
            CASE WHEN u.exclusive AND EXISTS (
                SELECT FROM stay AS s WHERE s.unit = u.id AND s.days && span AND s.request IS DISTINCT FROM of_request
                    AND 'exclusive' <> ALL (s.overrides)) THEN 'exclusive' END], NULL),
        a.observed_at, a.age, a.stale
    FROM unit AS u
    JOIN shelter AS h ON h.id = u.shelter
    JOIN unit_free_for(of_request, from_day, until_day) AS f ON f.unit = u.id
    JOIN unit_report_age AS a ON a.unit = u.id
    LEFT JOIN travel_time AS t ON least(t.a, t.b) = least(h.region, near) AND greatest(t.a, t.b) = greatest(h.region, near)
        AND near IN (t.a, t.b)
    CROSS JOIN LATERAL (
        SELECT bool_or(p.sex <> ALL (u.sexes::text[]) OR p.years < u.min_age OR p.years > u.max_age
                OR p.phase <> ALL (u.phases::text[])) AS admission,
            bool_or(NOT p.needs <@ (u.services || h.services)) AS services,
            bool_or(h.security NOT BETWEEN p.security_min AND p.security_max) AS security,
            bool_or(h.region::text = ANY (p.avoid_regions) OR h.id::text = ANY (p.avoid_shelters)) AS avoid,
            bool_or(p.max_travel_minutes IS NOT NULL AND p.investigation <> h.region
                AND coalesce((
                    SELECT t.minutes FROM travel_time AS t
                    WHERE least(t.a, t.b) = least(h.region, p.investigation::identifier)
                        AND greatest(t.a, t.b) = greatest(h.region, p.investigation::identifier)
                ) > p.max_travel_minutes, true)) AS investigation
        FROM profile AS p) AS b
    -- For nobody there is no bed.
    WHERE size > 0;
END $$;

-- What GET /v1/availability asks: the figures of every unit, for everybody who acts, as its policies say for each table of it.
CREATE FUNCTION unit_availability(from_day date, until_day date) RETURNS TABLE (
    unit identifier, shelter identifier, region identifier, bed_type text, free integer, observed_at timestamptz, age interval,
    stale boolean
) LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100 SET search_path = public, pg_temp
    SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    IF access.acting_role() IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT u.id, u.shelter, h.region, u.bed_type::text, f.free, a.observed_at, a.age, a.stale
    FROM unit AS u
    JOIN shelter AS h ON h.id = u.shelter
    JOIN unit_free_for(NULL, from_day, until_day) AS f ON f.unit = u.id
    JOIN unit_report_age AS a ON a.unit = u.id;
END $$;
GRANT EXECUTE ON FUNCTION unit_availability TO
    onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_admin;

COMMENT ON FUNCTION unit_version IS
    'The version of what is known of a unit''s beds: reports, the unit''s own limit of their age, and what is taken and held.';

SELECT access.take_ownership();
