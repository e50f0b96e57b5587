-- What took longer than it had to: lists at ten times national size, and the note that every change of a row is.

-- The latest instant since which so much of the desk's time has passed at another: desk_deadline() backwards.
CREATE FUNCTION desk_since(moment timestamptz, span interval) RETURNS timestamptz LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE
    day date := ledger_day(moment);
    rest interval := span;
    hours tstzrange;
BEGIN
    FOR turn IN 1..3660 LOOP
        hours := desk_open(day) * tstzrange(NULL, moment);
        IF NOT isempty(hours) THEN
            IF upper(hours) - lower(hours) >= rest THEN RETURN upper(hours) - rest; END IF;
            rest := rest - (upper(hours) - lower(hours));
        END IF;
        day := day - 1;
    END LOOP;
    PERFORM refuse('desk_hours', 'desk_hours_none', 'the desk was closed for ten years');
END $$;

-- A deadline is past when what it counts from is long enough ago, and that instant is the same for all requests of an
-- urgency: reckoned once for each of these, not for every request that waits (1,000 took 4 seconds).
CREATE OR REPLACE VIEW overdue AS
SELECT 'offer-answer' AS task, o.request, o.id::text AS subject, o.answer_by AS due
FROM offer AS o WHERE o.state = 'open' AND o.answer_by <= ledger_now()
UNION ALL
SELECT 'place', r.id, r.id, due('place', r.urgency, r.submitted_at)
FROM request AS r
JOIN (
    SELECT d.urgency,
        CASE WHEN d.desk_time THEN desk_since(ledger_now(), d.span) ELSE ledger_now() - d.span END AS since
    FROM deadline AS d WHERE d.task = 'place' OFFSET 0) AS d ON d.urgency = r.urgency
WHERE r.state IN ('submitted', 'unplaced', 'proposed', 'offered') AND r.submitted_at <= d.since
UNION ALL
SELECT 'night-confirmation', n.request, n.request, desk_deadline(n.placed_at, interval '1 hour')
FROM night_placement AS n WHERE n.confirmed_at IS NULL AND desk_deadline(n.placed_at, interval '1 hour') <= ledger_now()
UNION ALL
SELECT 'handover', t.request, t.id::text, (s.first::timestamp AT TIME ZONE p.zone)
FROM transfer AS t
CROSS JOIN desk_policy AS p
CROSS JOIN LATERAL (SELECT min(lower(o.days)) AS first FROM offer_stay AS o WHERE o.offer = t.offer) AS s
WHERE t.state = 'agreed' AND s.first < ledger_today()
UNION ALL
SELECT 'end', r.id, r.id, (s.until::timestamp AT TIME ZONE p.zone)
FROM request AS r
CROSS JOIN desk_policy AS p
CROSS JOIN LATERAL (SELECT max(upper(s.days)) AS until FROM stay AS s WHERE s.request = r.id) AS s
WHERE r.state = 'placed' AND NOT r.night AND s.until <= ledger_today();

-- Who coordinates what on a day, for all regions, functions and ages at once: each as coordinator_on_duty() says.
CREATE FUNCTION coordinators_on_duty(on_day date)
RETURNS TABLE (region text, function text, ages int4range, coordinator text)
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH duty AS MATERIALIZED (
        SELECT c.region, c.function, c.coordinator, c.ages, c.stand_in, lower(c.days) AS since
        FROM coverage_on_duty AS c WHERE c.days @> on_day
    ), cut AS (
        SELECT DISTINCT d.region, d.function, unnest(ARRAY[lower(d.ages), upper(d.ages)]) AS age FROM duty AS d
    ), band AS (
        SELECT cut.region, cut.function,
            int4range(cut.age, lead(cut.age) OVER (PARTITION BY cut.region, cut.function ORDER BY cut.age)) AS ages
        FROM cut
    )
    SELECT DISTINCT ON (b.region, b.function, b.ages) b.region, b.function, b.ages, d.coordinator
    FROM band AS b JOIN duty AS d ON d.region = b.region AND d.function = b.function AND d.ages @> b.ages
    WHERE NOT upper_inf(b.ages)
    ORDER BY b.region, b.function, b.ages, d.stand_in, d.since, d.coordinator;
END;
COMMENT ON FUNCTION coordinators_on_duty IS 'Exactly one coordinator for each region, function and band of ages that is covered on a day.';

CREATE FUNCTION access.coordinated(by_coordinator text, on_day date) RETURNS TABLE (victim text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp
BEGIN ATOMIC
    WITH covered AS MATERIALIZED (
        SELECT d.region, d.ages FROM coordinators_on_duty(on_day) AS d WHERE d.coordinator = by_coordinator
    ), candidate AS MATERIALIZED (
        SELECT m.victim FROM request AS r JOIN request_victim AS m ON m.request = r.id
        WHERE r.region IN (SELECT c.region FROM covered AS c)
        UNION
        -- Of whom no request says a region.
        SELECT v.id FROM victim AS v WHERE NOT EXISTS (
            SELECT FROM request_victim AS m JOIN request AS r ON r.id = m.request
            WHERE m.victim = v.id AND r.region IS NOT NULL)
    )
    -- The region of a case is the same for each function.
    SELECT c.victim FROM case_coordinator AS c JOIN victim AS v ON v.id = c.victim
    WHERE c.function = 'care' AND c.victim IN (SELECT n.victim FROM candidate AS n) AND EXISTS (
        SELECT FROM covered AS d WHERE d.region = c.region AND d.ages @> age_on(v.birth_date, on_day));
END;
COMMENT ON FUNCTION access.coordinated IS 'The victims whose case, in any function, a coordinator coordinates on a day.';

-- Asked once for all cases, not three times for each: with 20,000 a coordinator's list took seconds.
DO $$
DECLARE
    written CONSTANT text := pg_get_functiondef('access.related()'::regprocedure);
    slow CONSTANT text := 'SELECT DISTINCT c.victim::text, ''own'' FROM case_coordinator AS c WHERE c.coordinator = who.id';
BEGIN
    IF position(slow IN written) = 0 THEN
        RAISE EXCEPTION 'access.related() does not find a coordinator''s cases as it did';
    END IF;
    EXECUTE replace(written, slow, 'SELECT c.victim, ''own'' FROM access.coordinated(who.id, day) AS c');
END
$$;

-- In PL/pgSQL, which keeps its plans within a session: a change of a row and its note took 0.9 ms, and take 0.5.

CREATE OR REPLACE FUNCTION audit.actor() RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who CONSTANT record := access.acting();
BEGIN
    RETURN coalesce(who.role || '/' || who.id, 'login/' || session_user);
END
$$;
CREATE OR REPLACE FUNCTION audit.note(
    action text, relation text, victim text DEFAULT NULL, request text DEFAULT NULL, object text DEFAULT NULL,
    fields text[] DEFAULT '{}') RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO audit.entry (actor, action, relation, victim, request, object, fields)
    VALUES (audit.actor(), $1, $2, $3, $4, $5, $6);
END
$$;

SELECT access.take_ownership();
REVOKE EXECUTE ON FUNCTION access.coordinated FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk_since TO
    onderdak_login, onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian,
    onderdak_funder, onderdak_governor, onderdak_auditor, onderdak_admin;
