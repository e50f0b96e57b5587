-- Who coordinates what, and whose a case is. Coordination is not a tree: it goes by region, function and age band, has
-- dates, stand-ins and holes.

CREATE TABLE coverage (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT coverage_key PRIMARY KEY,
    region identifier NOT NULL CONSTRAINT coverage_region REFERENCES region,
    function text NOT NULL CONSTRAINT coverage_function CHECK (function IN ('care', 'outflow', 'youth')),
    coordinator identifier NOT NULL,
    ages int4range NOT NULL CONSTRAINT coverage_ages CHECK (NOT isempty(ages) AND ages <@ '[0,151)'::int4range),
    days daterange NOT NULL CONSTRAINT coverage_days CHECK (NOT isempty(days)),
    stand_in boolean NOT NULL,
    CONSTRAINT coverage_once EXCLUDE USING gist (
        region WITH =, function WITH =, coordinator WITH =, ages WITH &&, days WITH &&)
);
COMMENT ON TABLE coverage IS
    'Which coordinator covers a region, for which ages in years and which days; several may, and then that is shown.';
COMMENT ON COLUMN coverage.function IS 'care is the one that is accountable for shelter.';
COMMENT ON COLUMN coverage.stand_in IS 'Acts only where nobody else covers, or those who do are absent.';

CREATE TABLE coordinator_absence (
    coordinator identifier NOT NULL,
    days daterange NOT NULL CONSTRAINT coordinator_absence_days CHECK (NOT isempty(days)),
    CONSTRAINT coordinator_absence_once EXCLUDE USING gist (coordinator WITH =, days WITH &&)
);

CREATE TABLE police_case (
    victim identifier NOT NULL CONSTRAINT police_case_victim REFERENCES victim,
    police identifier NOT NULL,
    days daterange NOT NULL CONSTRAINT police_case_days CHECK (NOT isempty(days)),
    CONSTRAINT police_case_once EXCLUDE USING gist (victim WITH =, police WITH =, days WITH &&)
);
CREATE INDEX police_case_by_police ON police_case (police);
COMMENT ON TABLE police_case IS 'Which police investigate what was done to a victim: the cases that are their own.';

CREATE FUNCTION age_on(birth_date date, day date) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT
-- By the calendar: somebody born on 29 February is a year older from 1 March in other years, where age() says the same.
RETURN extract(year FROM age(day::timestamp, birth_date::timestamp))::integer;

CREATE VIEW coverage_on_duty AS
    SELECT c.id, c.region, c.function, c.coordinator, c.ages, c.stand_in,
        datemultirange(c.days) - coalesce(
            (SELECT range_agg(a.days) FROM coordinator_absence AS a WHERE a.coordinator = c.coordinator), '{}') AS days
    FROM coverage AS c;
COMMENT ON VIEW coverage_on_duty IS 'Coverage without the days on which the coordinator is absent.';

CREATE FUNCTION coordinator_on_duty(of_region text, for_function text, for_age integer, on_day date) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    -- Exactly one, also where several cover: who was first, and in the end by name, so that everybody sees the same one.
    SELECT coordinator FROM coverage_on_duty
    WHERE region = of_region AND function = for_function AND ages @> for_age AND days @> on_day
    ORDER BY stand_in, lower(days), coordinator LIMIT 1;
END;
COMMENT ON FUNCTION coordinator_on_duty IS 'Who coordinates in a region for an age on a day; null: nobody, so the desk.';

CREATE VIEW case_coordinator AS
    SELECT v.id AS victim, f.function, r.region,
        coordinator_on_duty(r.region, f.function, age_on(v.birth_date, d.day), d.day) AS coordinator
    FROM victim AS v
    CROSS JOIN (VALUES ('care'), ('outflow'), ('youth')) AS f(function)
    CROSS JOIN (SELECT ledger_today() AS day) AS d
    LEFT JOIN LATERAL (
        -- The region of the request that is under way, or else of the last one: who coordinated a case still answers for it.
        SELECT r.region FROM request_victim AS m JOIN request AS r ON r.id = m.request
        WHERE m.victim = v.id AND r.region IS NOT NULL
        ORDER BY m.closed, m.night, r.known_from DESC, r.id LIMIT 1) AS r ON true;
COMMENT ON VIEW case_coordinator IS
    'Who coordinates a case today; a null coordinator is the desk, which is accountable (care) where nobody covers.';

CREATE FUNCTION coverage_gaps(for_function text, within daterange)
RETURNS TABLE (region text, ages int4range, days daterange)
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH cut AS (
        SELECT r.id AS region, unnest(ARRAY[0, 151]) AS age FROM region AS r
        UNION SELECT c.region, unnest(ARRAY[lower(c.ages), upper(c.ages)]) FROM coverage AS c
        WHERE c.function = for_function
    ), band AS (
        SELECT cut.region, int4range(cut.age, lead(cut.age) OVER (PARTITION BY cut.region ORDER BY cut.age)) AS ages
        FROM cut
    ), hole AS (
        SELECT b.region, b.ages,
            unnest(datemultirange(within) - coalesce(
                (SELECT range_agg(d.days) FROM coverage_on_duty AS d
                 WHERE d.region = b.region AND d.function = for_function AND d.ages @> b.ages), '{}')) AS days
        FROM band AS b WHERE NOT upper_inf(b.ages)
    )
    SELECT hole.region, unnest(range_agg(hole.ages)), hole.days FROM hole
    GROUP BY hole.region, hole.days ORDER BY 1, 3, 2;
END;
COMMENT ON FUNCTION coverage_gaps IS 'Regions, ages and days for which no coordinator is on duty.';

CREATE FUNCTION coverage_overlaps(within daterange)
RETURNS TABLE (region text, function text, first text, second text, ages int4range, days daterange)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT a.region, a.function, a.coordinator, b.coordinator, a.ages * b.ages,
        unnest(a.days * b.days * datemultirange(within)) AS days
    FROM coverage_on_duty AS a
    JOIN coverage_on_duty AS b ON b.region = a.region AND b.function = a.function AND b.ages && a.ages
        AND b.days && a.days AND a.coordinator < b.coordinator
    WHERE NOT a.stand_in AND NOT b.stand_in
    ORDER BY 1, 2, 6, 3, 4;
END;
COMMENT ON FUNCTION coverage_overlaps IS 'Where two coordinators are on duty at once, neither as a stand-in.';
