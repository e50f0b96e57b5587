-- Who is somewhere is there, and is taken in as such; but not silently where that makes more people than beds, or people
-- meet who must not. A unit is over its beds only by a capacity report that says so, with the excess on it: that of the
-- shelter, or one which is made where the ledger takes in that there are fewer beds, or more people, than it knew. And a
-- request that is taken in against what guards its company says so.

-- The days, of some, on which more people are in a unit than it has beds, and no report says so. What there is grows only
-- where a stay begins, and beds shrink only at a change; before its first change nobody knows a unit's beds.
CREATE FUNCTION unit_days_over(of_unit identifier, among daterange) RETURNS TABLE (day date, beds integer, excess integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH known AS (
        SELECT daterange(min(c.from_date), NULL) * among AS days FROM bed_change AS c WHERE c.unit = of_unit
    ), change AS (
        SELECT lower(k.days) AS day FROM known AS k
        UNION SELECT lower(s.days) FROM stay AS s, known AS k WHERE s.unit = of_unit AND s.days && k.days
        UNION SELECT c.from_date FROM bed_change AS c WHERE c.unit = of_unit
    )
    SELECT d.day, d.beds, d.load - d.beds
    FROM known AS k
    JOIN change AS c ON k.days @> c.day
    CROSS JOIN LATERAL (SELECT c.day, unit_beds(of_unit, c.day) AS beds, unit_load(of_unit, c.day) AS load OFFSET 0) AS d
    WHERE d.load > d.beds AND NOT coalesce((
        -- The report by which these are the beds of the day.
        SELECT r.days @> d.day AND r.beds = d.beds AND r.excess >= d.load - d.beds FROM capacity_report AS r
        WHERE r.unit = of_unit AND NOT r.late AND lower(r.days) <= d.day ORDER BY lower(r.days) DESC, r.id DESC LIMIT 1), false)
$$;

-- Puts on record, as a report, that there are more people than beds in units, where nothing says so yet.
CREATE FUNCTION report_excess(units text[], because text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    moment CONSTANT timestamptz := ledger_now();
    made capacity_report;
BEGIN
    -- Whoever changes what there is has taken its turn, of which this is a part: nobody comes between, and the version of what
    -- is known of a unit's beds stays the one that was told.
    PERFORM FROM unit_turn WHERE unit = ANY (units) ORDER BY unit FOR NO KEY UPDATE;
    FOR made.unit, made.days, made.beds, made.excess IN
        SELECT u.id, b.days, o.beds, max(o.excess)
        FROM unit AS u
        CROSS JOIN LATERAL unit_days_over(u.id, daterange(NULL, NULL)) AS o
        CROSS JOIN LATERAL (
            SELECT daterange(coalesce(max(c.from_date) FILTER (WHERE c.from_date <= o.day), o.day),
                min(c.from_date) FILTER (WHERE c.from_date > o.day)) AS days
            FROM bed_change AS c WHERE c.unit = u.id) AS b
        WHERE u.id = ANY (units)
        GROUP BY u.id, b.days, o.beds ORDER BY u.id, b.days
    LOOP
        -- Nobody looked: the unit's figures are as old as they were.
        SELECT least(coalesce(
            (SELECT max(r.observed_at) FROM capacity_report AS r WHERE r.unit = made.unit AND NOT r.late),
            (SELECT k.since FROM unit_reporting AS k WHERE k.unit = made.unit), moment), moment) INTO made.observed_at;
        INSERT INTO capacity_report (
            unit, kind, number, days, reason, source, key, observed_at, received_at, late, beds, excess)
        VALUES (made.unit, 'beds', made.beds, made.days, because, coalesce(current_actor(), 'admin/onderdak'),
            'excess-' || gen_random_uuid(), made.observed_at, moment, false, made.beds, made.excess)
        RETURNING id INTO made.id;
        PERFORM emit('capacity-excess', jsonb_build_object('unit', made.unit, 'report', made.id, 'excess', made.excess));
    END LOOP;
END $$;

-- The rules about company that a stay breaks.
CREATE FUNCTION stay_company(one stay) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT array_remove(ARRAY[
        CASE WHEN u.mixing = 'single-sex' AND EXISTS (
            SELECT FROM stay AS s JOIN victim AS v ON v.id = s.victim
            WHERE s.unit = u.id AND s.days && one.days AND 'mixing' <> ALL (s.overrides)
                AND v.sex <> (SELECT sex FROM victim WHERE id = one.victim)) THEN 'mixing' END,
        CASE WHEN u.exclusive AND EXISTS (
            SELECT FROM stay AS s
            WHERE s.unit = u.id AND s.days && one.days AND 'exclusive' <> ALL (s.overrides) AND s.request <> one.request)
            THEN 'exclusive' END,
        CASE WHEN EXISTS (
            SELECT FROM stays_to_avoid(one.victim, one.request, one.unit, datemultirange(one.days)) AS s
            WHERE 'no-contact' <> ALL (s.overrides)) THEN 'no-contact' END], NULL)
    FROM unit AS u WHERE u.id = one.unit
$$;

-- Says of requests that are taken in which rules about company they break, as why they are in their state.
CREATE FUNCTION note_company(requests text[]) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE request AS r SET state_reason = 'against ' || b.rules
    FROM (
        SELECT s.request, string_agg(DISTINCT c.rule, ' ' ORDER BY c.rule) AS rules
        FROM stay AS s CROSS JOIN LATERAL unnest(stay_company(s)) AS c(rule)
        WHERE s.request = ANY (requests) AND s.origin = 'record' GROUP BY s.request) AS b
    WHERE r.id = b.request AND r.state_reason IS NULL
$$;

-- At commit, when whoever takes people in has said what there is of beds, and of whom they meet.
CREATE FUNCTION stay_taken_in() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    broken text[];
BEGIN
    IF NOT is_taken_in(TG_OP, NEW) THEN RETURN NULL; END IF;
    IF EXISTS (SELECT FROM unit_days_over(NEW.unit, NEW.days)) THEN
        PERFORM refuse('stay', 'stay_beds', 'more people are taken in than there are beds, and no report says so');
    END IF;
    SELECT array_agg(c.rule) INTO broken FROM unnest(stay_company(NEW)) AS c(rule)
    WHERE c.rule <> ALL (SELECT unnest(string_to_array(coalesce(r.state_reason, ''), ' ')) FROM request AS r WHERE r.id = NEW.request);
    IF 'mixing' = ANY (broken) THEN
        PERFORM refuse('stay', 'stay_mixing', 'people of another sex are in the unit, and the request does not say so');
    ELSIF 'exclusive' = ANY (broken) THEN
        PERFORM refuse('stay', 'stay_exclusive', 'another group is in the unit, and the request does not say so');
    ELSIF 'no-contact' = ANY (broken) THEN
        PERFORM refuse('stay', 'stay_no_contact', 'somebody whom the victim must not meet is there, and the request does not say so');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER stay_taken_in AFTER INSERT ON stay DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.origin = 'record') EXECUTE FUNCTION stay_taken_in();

-- Fewer beds than people, by whatever says it: nobody has to leave, and it is on record.
CREATE FUNCTION bed_change_excess() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'unit' THEN
        PERFORM take_turns(ARRAY[NEW.id::text], '{}');
        PERFORM report_excess(ARRAY[NEW.id], 'what takes a bed');
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM report_excess(ARRAY[OLD.unit], coalesce(OLD.reason, OLD.source));
    ELSIF TG_OP = 'INSERT' THEN
        PERFORM report_excess(ARRAY[NEW.unit], coalesce(NEW.reason, NEW.source));
    ELSIF NEW.beds < OLD.beds OR (NEW.unit, NEW.from_date, NEW.source) <> (OLD.unit, OLD.from_date, OLD.source) THEN
        PERFORM report_excess(ARRAY[OLD.unit, NEW.unit], coalesce(NEW.reason, NEW.source));
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER bed_change_excess AFTER INSERT OR UPDATE OR DELETE ON bed_change DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION bed_change_excess();
CREATE CONSTRAINT TRIGGER bed_change_excess AFTER UPDATE OF count_by ON unit DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.count_by <> NEW.count_by) EXECUTE FUNCTION bed_change_excess();

-- What is reported, and what is too much then, these functions say.
REVOKE INSERT, UPDATE ON capacity_report FROM onderdak_service;

SELECT access.take_ownership();
