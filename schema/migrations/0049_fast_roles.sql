-- What a role other than the desk sees is asked for in every query it makes: with the indexes of what is somebody's own, and
-- once for a table. At ten times national size a coordinator's queue took 0.6 s, and the list of what is overdue 1.5 s.

CREATE INDEX request_by_region ON request (region);
CREATE INDEX victim_by_region ON victim (region);
CREATE INDEX guardianship_by_guardian ON guardianship (guardian);
CREATE INDEX offer_stay_by_victim ON offer_stay (victim);

CREATE OR REPLACE FUNCTION access.coordinated(by_coordinator text, on_day date) RETURNS TABLE (victim text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp
    SET random_page_cost = 1.1
BEGIN ATOMIC
    WITH covered AS MATERIALIZED (
        SELECT d.region, d.ages FROM coordinators_on_duty(on_day) AS d WHERE d.coordinator = by_coordinator
    ), candidate AS MATERIALIZED (
        SELECT m.victim FROM request AS r JOIN request_victim AS m ON m.request = r.id
        WHERE r.region IN (SELECT c.region FROM covered AS c)
        UNION
        -- Of whom no request says a region.
        SELECT v.id FROM victim AS v WHERE v.region IN (SELECT c.region FROM covered AS c)
    )
    -- The region of a case is the same for each function. OFFSET: case by case, each by its index.
    SELECT n.victim FROM candidate AS n
    CROSS JOIN LATERAL (
        SELECT c.region, v.birth_date FROM case_coordinator AS c JOIN victim AS v ON v.id = c.victim
        WHERE c.victim = n.victim AND c.function = 'care' OFFSET 0) AS v
    WHERE EXISTS (SELECT FROM covered AS d WHERE d.region = v.region AND d.ages @> age_on(v.birth_date, on_day));
END;

-- The days of a stay by its index.
DO $$
DECLARE
    written text := pg_get_functiondef('access.related()'::regprocedure);
    slow CONSTANT text := 'upper(s.days) > day';
BEGIN
    IF position(slow IN written) = 0 THEN
        RAISE EXCEPTION 'access.related() does not find who is in a shelter as it did';
    END IF;
    EXECUTE replace(written, slow, 's.days && daterange(day, NULL)');
END
$$;
ALTER FUNCTION access.related SET random_page_cost = 1.1;
-- Of what is somebody's own there is little.
ALTER FUNCTION access.related ROWS 100;
ALTER FUNCTION access.disclosed ROWS 100;

CREATE FUNCTION access.disclosed_requests(to_role text, for_category text) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100 SET search_path = public, pg_catalog, pg_temp
    SET random_page_cost = 1.1 AS $$
BEGIN
    RETURN QUERY SELECT m.request::text FROM access.disclosed(to_role, for_category) AS d(victim)
        JOIN request_victim AS m ON m.victim = d.victim;
END
$$;
COMMENT ON FUNCTION access.disclosed_requests IS
    'The requests of the victims of whom a category is disclosed to who acts in a role: what policies on requests, and on what belongs to these, go by.';

DO $$
DECLARE
    made record;
    written text;
    asked CONSTANT text := 'SELECT m\.request\s+FROM request_victim m\s+WHERE \(\(?m\.victim\)?(?:::text)? IN \( '
        'SELECT access\.disclosed\((''\w+''::text, ''\w+''::text)\) AS disclosed\)\)';
    changed integer := 0;
BEGIN
    FOR made IN
        SELECT p.schemaname, p.tablename, p.policyname, p.qual FROM pg_policies AS p
        WHERE p.qual LIKE '%m.request%FROM request_victim%'
    LOOP
        written := regexp_replace(made.qual, asked, 'SELECT access.disclosed_requests(\1)', 'g');
        IF written LIKE '%request_victim%' THEN
            RAISE EXCEPTION 'policy % on % does not ask for requests as the others do: %', made.policyname, made.tablename, made.qual;
        END IF;
        EXECUTE format('ALTER POLICY %I ON %I.%I USING (%s)', made.policyname, made.schemaname, made.tablename, written);
        changed := changed + 1;
    END LOOP;
    IF changed = 0 THEN RAISE EXCEPTION 'no policy asks for requests'; END IF;
END
$$;

SELECT access.take_ownership();
REVOKE EXECUTE ON FUNCTION access.disclosed_requests FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.disclosed_requests TO
    onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian;
