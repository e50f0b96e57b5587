-- Figures for those who govern: fixed tables of persons and days by month, from which nobody can be told.
--
-- Each table divides people once, into the finest blocks that it has; a count of fewer than five in a block is 0, another
-- one is rounded to the nearest multiple of five, and days are rounded likewise. Nothing else is told: no totals beside the
-- blocks and no filters below them, so that every sum or difference that can be formed is one of blocks. What is told of a
-- table is therefore itself a possible truth, in which no count from 1 to 4 occurs, and no combination can show one.
-- (Protecting the building blocks, and only these: J. Wooton and B. Fraser, A review of confidentiality protections for
-- statistical tables, with special reference to the differencing problem, Australian Bureau of Statistics 1352.0.55.072,
-- technique 1. Rounding each table by itself is unpicked by comparing it with its totals and with others: A. Hundepool and
-- others, Handbook on statistical disclosure control, chapter 5.) Months count once they are over, so that nobody sees
-- what a day changes.

-- The views that these figures replace divided the same people in several ways.
DROP VIEW profile_figure, phase_figure, unmet_figure;

-- How full each unit is, bed by bed, is not for who may have figures only.
REVOKE EXECUTE ON FUNCTION unit_load, unit_held, unit_free, unit_free_for
    FROM onderdak_governor, onderdak_funder;
REVOKE SELECT ON capacity_report FROM onderdak_governor, onderdak_funder;

-- "Unplaced while free": whether there was a free and suitable bed for a request when a plan had none.
ALTER TABLE unmet_need ADD free_units whole;
COMMENT ON COLUMN unmet_need.free_units IS
    'In how many units there was a free and suitable bed for all of it when the plan had none; null: nobody looked.';

CREATE FUNCTION unmet_need_free() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.free_units := (
        SELECT count(*) FROM request AS r
        CROSS JOIN LATERAL find_beds(
            request_profiles(r.id, NEW.day, NEW.day + r.stay_days), r.id, NEW.day, NEW.day + r.stay_days,
            r.preferred_region) AS f
        WHERE r.id = NEW.request AND f.reasons = '{}');
    RETURN NEW;
END $$;
CREATE TRIGGER unmet_need_free BEFORE INSERT OR UPDATE OF run ON unmet_need
    FOR EACH ROW EXECUTE FUNCTION unmet_need_free();

CREATE FUNCTION protected_count(number bigint) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog
    RETURN CASE WHEN number < 5 THEN 0 ELSE 5 * round(number / 5.0)::bigint END;
COMMENT ON FUNCTION protected_count IS 'A count as those see it who may have figures only.';

-- The months from a day to a day, each with its days until yesterday.
CREATE FUNCTION months_over(first date, last date) RETURNS TABLE (month date, days daterange)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT m::date, daterange(m::date, least((m + interval '1 month')::date, ledger_today()))
    FROM generate_series(date_trunc('month', first::timestamp), last::timestamp, interval '1 month') AS m
    WHERE m::date < ledger_today()
$$;

-- Who a request is for, in a word; of several, the first that holds.
CREATE FUNCTION request_profile(of_request text) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE
        WHEN count(*) >= (SELECT group_size FROM desk_policy) THEN 'group'
        WHEN min(age_on(v.birth_date, r.needed_from)) < 18 THEN 'minor'
        WHEN count(DISTINCT v.sex) > 1 THEN 'mixed'
        ELSE CASE min(v.sex) WHEN 'female' THEN 'woman' WHEN 'male' THEN 'man' ELSE 'x' END END
    FROM request AS r JOIN request_victim AS m ON m.request = r.id JOIN victim AS v ON v.id = m.victim
    WHERE r.id = of_request
$$;

-- The tables, exactly. Persons are counted once in a month and block.

CREATE FUNCTION unmet_blocks(first date, last date) RETURNS TABLE (month date, block jsonb, persons bigint, days bigint, beds bigint)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH need AS (
        SELECT date_trunc('month', n.day)::date AS month, n.request, max(n.run) AS run, count(*) AS days,
            bool_or(n.free_units > 0) AS free
        FROM unmet_need AS n JOIN months_over(first, last) AS m ON m.days @> n.day
        GROUP BY 1, 2)
    SELECT n.month, jsonb_build_object(
            'profile', request_profile(n.request),
            -- The planner gives the reason that stands in the way in most units first.
            'reason', coalesce((SELECT p.code FROM proposal_reason AS p
                WHERE p.run = n.run AND p.request = n.request ORDER BY p.position LIMIT 1), 'none'),
            'whileFree', CASE WHEN n.free THEN 'yes' WHEN NOT n.free THEN 'no' ELSE 'unknown' END),
        count(DISTINCT v.victim), sum(n.days)::bigint, NULL::bigint
    FROM need AS n JOIN request_victim AS v ON v.request = n.request GROUP BY 1, 2
$$;

CREATE FUNCTION waiting_blocks(first date, last date) RETURNS TABLE (month date, block jsonb, persons bigint, days bigint, beds bigint)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH agreed AS (
        SELECT e.request, min(e.at) AS at FROM request_event AS e WHERE e.to_state = 'accepted' GROUP BY e.request)
    SELECT m.month, jsonb_build_object('urgency', r.urgency), count(DISTINCT v.victim),
        sum(floor(extract(epoch FROM a.at - r.submitted_at) / 86400))::bigint, NULL::bigint
    FROM agreed AS a
    JOIN request AS r ON r.id = a.request AND r.submitted_at IS NOT NULL
    JOIN months_over(first, last) AS m ON m.days @> ledger_day(a.at)
    JOIN request_victim AS v ON v.request = r.id
    GROUP BY 1, 2
$$;

CREATE FUNCTION occupancy_blocks(first date, last date) RETURNS TABLE (month date, block jsonb, persons bigint, days bigint, beds bigint)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH change AS (
        -- A report counts where the country's data tells of the same date.
        SELECT DISTINCT ON (c.unit, c.from_date) c.unit, c.from_date, c.beds FROM bed_change AS c
        ORDER BY c.unit, c.from_date, c.source = 'report' DESC
    ), there AS (
        SELECT c.unit, c.beds,
            daterange(c.from_date, lead(c.from_date) OVER (PARTITION BY c.unit ORDER BY c.from_date)) AS days
        FROM change AS c
    ), room AS (
        SELECT m.month, t.unit, sum(t.beds * (upper(t.days * m.days) - lower(t.days * m.days))) AS beds
        FROM there AS t JOIN months_over(first, last) AS m ON m.days && t.days GROUP BY 1, 2
    ), taken AS (
        SELECT m.month, s.unit, s.victim, upper(s.days * m.days) - lower(s.days * m.days) AS days
        FROM stay AS s JOIN months_over(first, last) AS m ON m.days && s.days
    ), block AS (
        SELECT u.id AS unit, jsonb_build_object('region', s.region, 'bedType', u.bed_type) AS block
        FROM unit AS u JOIN shelter AS s ON s.id = u.shelter
    ), people AS (
        SELECT t.month, b.block, count(DISTINCT t.victim) AS persons, sum(t.days) AS days
        FROM taken AS t JOIN block AS b USING (unit) GROUP BY 1, 2
    ), places AS (
        SELECT r.month, b.block, sum(r.beds) AS beds FROM room AS r JOIN block AS b USING (unit) GROUP BY 1, 2
    )
    SELECT month, block, coalesce(p.persons, 0), coalesce(p.days, 0)::bigint, coalesce(r.beds, 0)::bigint
    FROM places AS r FULL JOIN people AS p USING (month, block)
$$;

CREATE FUNCTION blocked_blocks(first date, last date) RETURNS TABLE (month date, block jsonb, persons bigint, days bigint, beds bigint)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT m.month, jsonb_build_object('cause', b.cause), count(DISTINCT b.victim),
        sum(upper(b.days * m.days) - lower(b.days * m.days))::bigint, NULL::bigint
    FROM blocked_bed_days AS b JOIN months_over(first, last) AS m ON m.days && b.days GROUP BY 1, 2
$$;

CREATE FUNCTION population_blocks(first date, last date) RETURNS TABLE (month date, block jsonb, persons bigint, days bigint, beds bigint)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH here AS (
        SELECT m.month, s.victim, max(upper(s.days * m.days) - 1) AS day,
            sum(upper(s.days * m.days) - lower(s.days * m.days)) AS days
        FROM stay AS s JOIN months_over(first, last) AS m ON m.days && s.days GROUP BY 1, 2)
    SELECT h.month, jsonb_build_object('sex', v.sex, 'phase', coalesce(
            (SELECT p.phase FROM victim_phase AS p WHERE p.victim = h.victim AND p.from_date <= h.day
                ORDER BY p.from_date DESC LIMIT 1),
            (SELECT p.phase FROM victim_phase AS p WHERE p.victim = h.victim ORDER BY p.from_date LIMIT 1))),
        count(*), sum(h.days)::bigint, NULL::bigint
    FROM here AS h JOIN victim AS v ON v.id = h.victim GROUP BY 1, 2
$$;

CREATE FUNCTION figures(of_table text, first date, last date)
RETURNS TABLE (month date, block jsonb, persons bigint, days bigint, beds bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    who CONSTANT record := access.acting();
BEGIN
    -- Persons are for the desk and who governs; beds are for funders too.
    IF who.role IS NULL OR who.role NOT IN ('desk', 'governor') AND NOT (who.role = 'funder' AND of_table = 'occupancy') THEN
        RAISE insufficient_privilege USING MESSAGE = 'these figures are for the desk and for governors';
    ELSIF of_table NOT IN ('unmet', 'waiting', 'occupancy', 'blocked', 'population') THEN
        RAISE no_data_found USING MESSAGE = 'there is no such table of figures';
    END IF;
    IF who.role = 'desk' THEN
        RETURN QUERY EXECUTE format('SELECT * FROM %I($1, $2) ORDER BY 1, 2', of_table || '_blocks') USING first, last;
        RETURN;
    END IF;
    RETURN QUERY EXECUTE format(
        'SELECT b.month, b.block, protected_count(b.persons), '
        'CASE WHEN b.persons < 5 THEN 0 ELSE protected_count(b.days) END, b.beds '
        'FROM %I($1, $2) AS b '
        'WHERE (b.month + interval ''1 month'')::date <= ledger_today() AND (b.persons >= 5 OR b.beds > 0) '
        'ORDER BY 1, 2', of_table || '_blocks') USING first, last;
END $$;
COMMENT ON FUNCTION figures IS
    'A table of figures over months: to the desk exactly, to others protected, and only months that are over.';

SELECT access.take_ownership();
GRANT EXECUTE ON FUNCTION figures TO onderdak_desk, onderdak_governor, onderdak_funder;
