-- What beds there are and who keeps them: reports, holds, planned actions, and the locks under which beds are given away.

-- Turns. Whoever gives a bed of a unit away, or changes how many there are, takes the unit's turn first, and whoever
-- changes where a victim is takes the victim's. Taking a turn changes a row, so that at every isolation level one of two
-- transactions waits for the other, or is refused (40001), before it looks at what is free. Tables of their own, because
-- a changed row of unit would disturb everybody who reads units.

CREATE TABLE unit_turn (
    unit identifier CONSTRAINT unit_turn_key PRIMARY KEY CONSTRAINT unit_turn_unit REFERENCES unit ON DELETE CASCADE,
    turn bigint NOT NULL DEFAULT 0
);
CREATE TABLE victim_turn (
    victim identifier CONSTRAINT victim_turn_key PRIMARY KEY
        CONSTRAINT victim_turn_victim REFERENCES victim ON DELETE CASCADE,
    turn bigint NOT NULL DEFAULT 0
);
INSERT INTO unit_turn (unit) SELECT id FROM unit;
INSERT INTO victim_turn (victim) SELECT id FROM victim;

CREATE FUNCTION unit_turn_begin() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO unit_turn (unit) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER unit_turn_begin AFTER INSERT ON unit FOR EACH ROW EXECUTE FUNCTION unit_turn_begin();

CREATE FUNCTION victim_turn_begin() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO victim_turn (victim) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER victim_turn_begin AFTER INSERT ON victim FOR EACH ROW EXECUTE FUNCTION victim_turn_begin();

-- In order, so that two who take several turns do not wait for each other.
CREATE FUNCTION take_turns(units text[], victims text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM victim_turn WHERE victim = ANY (victims) ORDER BY victim FOR NO KEY UPDATE;
    UPDATE victim_turn SET turn = turn + 1 WHERE victim = ANY (victims);
    PERFORM FROM unit_turn WHERE unit = ANY (units) ORDER BY unit FOR NO KEY UPDATE;
    UPDATE unit_turn SET turn = turn + 1 WHERE unit = ANY (units);
END $$;

CREATE FUNCTION bed_change_turn() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM take_turns(ARRAY[OLD.unit], '{}');
        RETURN OLD;
    END IF;
    PERFORM take_turns(ARRAY[NEW.unit], '{}');
    RETURN NEW;
END $$;
CREATE TRIGGER bed_change_turn BEFORE INSERT OR UPDATE OR DELETE ON bed_change
    FOR EACH ROW EXECUTE FUNCTION bed_change_turn();

-- Reports

CREATE TABLE unit_reporting (
    unit identifier CONSTRAINT unit_reporting_key PRIMARY KEY
        CONSTRAINT unit_reporting_unit REFERENCES unit ON DELETE CASCADE,
    stale_after interval NOT NULL CONSTRAINT unit_reporting_limit CHECK (stale_after > interval '0'),
    since timestamptz NOT NULL
);
COMMENT ON TABLE unit_reporting IS 'How old a unit''s last report may be; a unit that is not here need not report.';
COMMENT ON COLUMN unit_reporting.since IS 'Since when; before its first report a unit''s figures are as old as this.';

CREATE TABLE capacity_report (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT capacity_report_key PRIMARY KEY,
    unit identifier NOT NULL CONSTRAINT capacity_report_unit REFERENCES unit,
    kind text NOT NULL CONSTRAINT capacity_report_kind CHECK (kind IN ('free', 'out-of-service', 'beds')),
    number whole NOT NULL,
    days daterange NOT NULL CONSTRAINT capacity_report_days CHECK (
        lower(days) IS NOT NULL AND isfinite(lower(days)) AND (upper(days) IS NULL OR isfinite(upper(days)))),
    reason text NOT NULL,
    source actor NOT NULL,
    key identifier NOT NULL,
    observed_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    late boolean NOT NULL,
    beds whole NOT NULL,
    excess whole NOT NULL,
    CONSTRAINT capacity_report_past CHECK (observed_at <= received_at + interval '5 minutes'),
    CONSTRAINT capacity_report_once UNIQUE (source, key)
);
CREATE INDEX capacity_report_by_unit ON capacity_report (unit, observed_at DESC) WHERE NOT late;
COMMENT ON COLUMN capacity_report.kind IS
    'free: beds that nobody is in; out-of-service: beds that the country''s data has and cannot be used; beds: all.';
COMMENT ON COLUMN capacity_report.observed_at IS 'When it was so; a clock may be five minutes ahead.';
COMMENT ON COLUMN capacity_report.late IS 'A later observation was known already: it changed nothing.';
COMMENT ON COLUMN capacity_report.excess IS 'How many more are or will be there than beds; nobody has to leave because of it.';

-- The beds of a unit on a day, as reported or else by the country's data.
CREATE FUNCTION unit_beds(unit identifier, day date) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce((
        SELECT c.beds FROM bed_change AS c WHERE c.unit = $1 AND c.from_date <= $2
        ORDER BY c.from_date DESC, c.source = 'report' DESC LIMIT 1), 0)
$$;

-- The beds that stays take in a unit on a day.
CREATE FUNCTION unit_load(unit identifier, day date) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE (SELECT u.count_by FROM unit AS u WHERE u.id = $1)
        WHEN 'request' THEN count(DISTINCT s.request) ELSE count(*) END::integer
    FROM stay AS s WHERE s.unit = $1 AND s.days @> $2
$$;

-- Holds

CREATE TABLE hold (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT hold_key PRIMARY KEY,
    unit identifier NOT NULL CONSTRAINT hold_unit REFERENCES unit,
    beds whole NOT NULL CONSTRAINT hold_some CHECK (beds >= 1),
    days daterange NOT NULL CONSTRAINT hold_days CHECK (
        (isfinite(lower(days)) AND isfinite(upper(days))) IS TRUE),
    request identifier CONSTRAINT hold_request REFERENCES request,
    purpose text NOT NULL CONSTRAINT hold_purpose CHECK (purpose <> ''),
    owner actor NOT NULL,
    made_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    released_at timestamptz,
    CONSTRAINT hold_end CHECK (ends_at > made_at AND isfinite(ends_at))
);
CREATE INDEX hold_by_unit ON hold USING gist (unit, days) WHERE released_at IS NULL;
CREATE INDEX hold_by_end ON hold (ends_at) WHERE released_at IS NULL;
COMMENT ON TABLE hold IS 'Beds kept for a request or a purpose, until it is used, released or over (ends_at), whichever is first.';

-- The beds that holds take in a unit on a day: not those whose request has come.
CREATE FUNCTION unit_held(unit identifier, day date) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(sum(h.beds), 0)::integer FROM hold AS h
    WHERE h.unit = $1 AND h.days @> $2 AND h.released_at IS NULL AND h.ends_at > ledger_now()
        AND NOT EXISTS (SELECT FROM stay AS s WHERE s.request = h.request AND s.unit = $1 AND s.days @> $2)
$$;

-- The first of some days on which more beds of a unit are taken than there are. What is taken grows only where a stay or
-- a hold begins, and what there is shrinks only at a change, so that no other day need be looked at.
CREATE FUNCTION first_day_over(over_unit identifier, among datemultirange) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT min(day) FROM (
        SELECT lower(piece) AS day FROM unnest(among) AS piece
        UNION SELECT lower(s.days) FROM stay AS s
            WHERE s.unit = over_unit AND s.days && range_merge(among) AND among @> lower(s.days)
        UNION SELECT c.from_date FROM bed_change AS c WHERE c.unit = over_unit AND among @> c.from_date
        UNION SELECT lower(h.days) FROM hold AS h
            WHERE h.unit = over_unit AND h.released_at IS NULL AND among @> lower(h.days)) AS changes
    WHERE unit_load(over_unit, day) + unit_held(over_unit, day) > unit_beds(over_unit, day)
$$;

CREATE FUNCTION hold_turn() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM take_turns(ARRAY[NEW.unit], '{}');
    RETURN NEW;
END $$;
CREATE TRIGGER hold_turn BEFORE INSERT OR UPDATE ON hold FOR EACH ROW EXECUTE FUNCTION hold_turn();

CREATE FUNCTION hold_beds() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.released_at IS NULL AND first_day_over(NEW.unit, datemultirange(NEW.days)) IS NOT NULL THEN
        PERFORM refuse('hold', 'hold_beds', 'there are not so many free beds on every day of the hold');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER hold_beds AFTER INSERT OR UPDATE ON hold FOR EACH ROW EXECUTE FUNCTION hold_beds();

-- What is planned in secret

CREATE TABLE planned_action (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT planned_action_key PRIMARY KEY,
    owner actor NOT NULL CONSTRAINT planned_action_owner CHECK (actor_role(owner) = 'police'),
    days daterange NOT NULL CONSTRAINT planned_action_days CHECK (
        (isfinite(lower(days)) AND isfinite(upper(days))) IS TRUE),
    made_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    CONSTRAINT planned_action_end CHECK (ends_at > made_at AND isfinite(ends_at))
);
CREATE INDEX planned_action_by_end ON planned_action (ends_at);
COMMENT ON TABLE planned_action IS
    'A police action that will find victims, under embargo. Once lifted or over it is deleted with its holds: nothing is left.';

CREATE TABLE planned_action_need (
    action bigint NOT NULL CONSTRAINT planned_action_need_action REFERENCES planned_action ON DELETE CASCADE,
    bed_type bed_type NOT NULL,
    sex sex,
    beds whole NOT NULL CONSTRAINT planned_action_need_some CHECK (beds >= 1),
    CONSTRAINT planned_action_need_key UNIQUE NULLS NOT DISTINCT (action, bed_type, sex)
);
COMMENT ON COLUMN planned_action_need.sex IS 'Whose beds; null: of units that admit everybody.';

CREATE TABLE planned_action_hold (
    action bigint CONSTRAINT planned_action_hold_action REFERENCES planned_action ON DELETE CASCADE,
    hold bigint CONSTRAINT planned_action_hold_hold REFERENCES hold ON DELETE CASCADE,
    CONSTRAINT planned_action_hold_key PRIMARY KEY (action, hold),
    CONSTRAINT planned_action_hold_once UNIQUE (hold)
);
COMMENT ON TABLE planned_action_hold IS
    'The holds of an action, in a table of its own: who may read holds need not learn what they are for.';

-- A group is announced in time, and from some days before its day its beds are fixed.
CREATE FUNCTION planned_action_notice() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    policy desk_policy;
    day date;
    announced date;
    beds integer;
BEGIN
    SELECT * INTO policy FROM desk_policy;
    SELECT lower(a.days), ledger_day(a.made_at) INTO day, announced FROM planned_action AS a WHERE a.id = NEW.action;
    SELECT sum(n.beds) INTO beds FROM planned_action_need AS n WHERE n.action = NEW.action;
    IF beds >= policy.group_size THEN
        IF day - announced < policy.group_notice_days THEN
            PERFORM refuse('planned_action_need', 'planned_action_notice', 'a group is announced too late');
        ELSIF day - ledger_today() < policy.group_fix_days THEN
            PERFORM refuse('planned_action_need', 'planned_action_fixed', 'the beds of a group are fixed by now');
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER planned_action_notice AFTER INSERT OR UPDATE ON planned_action_need
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION planned_action_notice();

CREATE FUNCTION planned_action_lift(action bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM hold WHERE id IN (SELECT h.hold FROM planned_action_hold AS h WHERE h.action = $1);
    DELETE FROM planned_action WHERE id = $1;
END $$;

-- Takes a report in: the same key of the same source gives the same report, a late one changes nothing. Beds that are
-- occupied stay so whatever the report says; the excess is kept with it.
CREATE FUNCTION report_capacity(
    unit identifier, kind text, number integer, from_day date, until_day date, reason text, observed_at timestamptz,
    key identifier, source actor
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    given capacity_report;
    known capacity_report;
    after integer;
BEGIN
    IF actor_role(source) NOT IN ('shelter', 'desk', 'admin') OR actor_role(source) = 'shelter' AND NOT EXISTS (
        SELECT FROM unit AS u WHERE u.id = $1 AND u.shelter = actor_id($9))
    THEN
        PERFORM refuse('capacity_report', 'capacity_report_source', 'a shelter reports its own units, the desk any');
    END IF;
    PERFORM take_turns(ARRAY[$1], '{}');
    SELECT * INTO known FROM capacity_report AS r WHERE r.source = $9 AND r.key = $8;
    IF FOUND THEN
        IF (known.unit, known.kind, known.number, known.days, known.reason)
            IS DISTINCT FROM ($1, $2, $3, daterange($4, $5), $6)
        THEN
            PERFORM refuse('capacity_report', 'capacity_report_same', 'this key was used for another report');
        END IF;
        RETURN known.id;
    END IF;
    given.beds := greatest(0, CASE $2
        WHEN 'free' THEN unit_load($1, $4) + $3
        WHEN 'out-of-service' THEN coalesce((
            SELECT c.beds FROM bed_change AS c WHERE c.unit = $1 AND c.from_date <= $4 AND c.source = 'country'
            ORDER BY c.from_date DESC LIMIT 1), unit_beds($1, $4)) - $3
        ELSE $3 END);
    given.late := EXISTS (
        SELECT FROM capacity_report AS r
        WHERE r.unit = $1 AND NOT r.late AND r.observed_at > $7 AND lower(r.days) <= $4);
    IF NOT given.late THEN
        after := unit_beds($1, $5);
        INSERT INTO bed_change AS b (unit, from_date, beds, reason, source) VALUES ($1, $4, given.beds, $6, 'report')
        ON CONFLICT (unit, from_date, source) DO UPDATE SET beds = excluded.beds, reason = excluded.reason;
        IF $5 IS NOT NULL THEN
            INSERT INTO bed_change (unit, from_date, beds, reason, source) VALUES ($1, $5, after, $6, 'report')
            ON CONFLICT (unit, from_date, source) DO NOTHING;
        END IF;
    END IF;
    SELECT greatest(0, max(unit_load($1, day) - unit_beds($1, day))) INTO given.excess
    FROM (SELECT $4 AS day UNION SELECT lower(s.days) FROM stay AS s
        WHERE s.unit = $1 AND lower(s.days) > $4 AND ($5 IS NULL OR lower(s.days) < $5)) AS days;
    given.excess := CASE WHEN given.late THEN 0 ELSE given.excess END;
    INSERT INTO capacity_report (
        unit, kind, number, days, reason, source, key, observed_at, received_at, late, beds, excess)
    VALUES ($1, $2, $3, daterange($4, $5), $6, $9, $8, $7, ledger_now(), given.late, given.beds, given.excess)
    RETURNING * INTO given;
    IF NOT given.late THEN
        PERFORM emit('capacity-reported', jsonb_build_object('unit', $1, 'report', given.id));
        IF given.excess > 0 THEN
            PERFORM emit('capacity-excess', jsonb_build_object('unit', $1, 'report', given.id, 'excess', given.excess));
        END IF;
    END IF;
    RETURN given.id;
END $$;

-- How old what a unit says is.
CREATE VIEW unit_report_age AS
SELECT u.id AS unit, u.shelter, r.observed_at, r.id AS report, l.stale_after,
    clock.at - coalesce(r.observed_at, l.since) AS age,
    coalesce(coalesce(r.observed_at, l.since) + l.stale_after < clock.at, false) AS stale
FROM unit AS u
-- Asked once, not for every unit.
CROSS JOIN (SELECT ledger_now() AS at OFFSET 0) AS clock
LEFT JOIN unit_reporting AS l ON l.unit = u.id
LEFT JOIN LATERAL (
    SELECT c.observed_at, c.id FROM capacity_report AS c
    WHERE c.unit = u.id AND NOT c.late ORDER BY c.observed_at DESC LIMIT 1) AS r ON true;
