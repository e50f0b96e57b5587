-- The flow of a request: its states, who makes which step, deadlines, commands, and events for delivery.

-- Who acts, as ROLE/ID.
CREATE DOMAIN actor AS text COLLATE "C"
    CONSTRAINT actor_form CHECK (
        VALUE ~ '^(desk|coordinator|shelter|police|guardian|funder|governor|auditor|admin)/.' AND octet_length(VALUE) <= 220);

-- The one place at which the schema learns who acts: the application says it in each of its transactions.
CREATE FUNCTION current_actor() RETURNS actor LANGUAGE sql STABLE
    RETURN nullif(current_setting('onderdak.actor', true), '');
COMMENT ON FUNCTION current_actor() IS 'Who acts in this transaction; null: nobody said, as when the operator loads data.';

CREATE FUNCTION actor_role(actor) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN split_part($1, '/', 1);
CREATE FUNCTION actor_id(actor) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN substr($1, strpos($1, '/') + 1);

-- Functions that guard or answer for everybody run with their owner's rights (SECURITY DEFINER): a guard that saw only
-- what its caller may see would guard nothing.

-- Refuses a row as a constraint of that name does, so that code maps errors by one kind of name only.
CREATE FUNCTION refuse(relation text, rule text, sentence text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', TABLE = relation, CONSTRAINT = rule, MESSAGE = sentence;
END $$;

-- Time. A demonstration or a test lives on a day of its own; everything else on the server's clock.

CREATE TABLE simulated_clock (
    singleton boolean DEFAULT true CONSTRAINT simulated_clock_key PRIMARY KEY
        CONSTRAINT simulated_clock_one_row CHECK (singleton),
    at timestamptz NOT NULL CONSTRAINT simulated_clock_at CHECK (isfinite(at))
);
COMMENT ON TABLE simulated_clock IS 'Empty, but in a demonstration: the instant at which the ledger stands still.';

CREATE TABLE desk_policy (
    singleton boolean DEFAULT true CONSTRAINT desk_policy_key PRIMARY KEY
        CONSTRAINT desk_policy_one_row CHECK (singleton),
    zone text NOT NULL,
    emergency_nights smallint NOT NULL CONSTRAINT desk_policy_nights CHECK (emergency_nights BETWEEN 1 AND 14),
    group_size smallint NOT NULL CONSTRAINT desk_policy_group_size CHECK (group_size >= 2),
    group_notice_days smallint NOT NULL,
    group_fix_days smallint NOT NULL,
    CONSTRAINT desk_policy_group_days CHECK (0 <= group_fix_days AND group_fix_days <= group_notice_days)
);
COMMENT ON COLUMN desk_policy.zone IS 'The time zone in which days begin and desks open.';
COMMENT ON COLUMN desk_policy.emergency_nights IS 'The most nights of a night placement.';
COMMENT ON COLUMN desk_policy.group_size IS 'From how many beds on a planned action is one for a group.';
COMMENT ON COLUMN desk_policy.group_notice_days IS 'How many days before its day a planned action for a group is announced.';
COMMENT ON COLUMN desk_policy.group_fix_days IS 'From how many days before its day its beds can no longer be changed.';
INSERT INTO desk_policy VALUES (true, 'Europe/Amsterdam', 3, 4, 10, 5);

CREATE FUNCTION ledger_now() RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    RETURN coalesce((SELECT at FROM simulated_clock), now());
CREATE FUNCTION ledger_day(timestamptz) RETURNS date LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    RETURN ($1 AT TIME ZONE (SELECT zone FROM desk_policy))::date;
CREATE FUNCTION ledger_today() RETURNS date LANGUAGE sql STABLE
    RETURN ledger_day(ledger_now());

CREATE TABLE desk_hours (
    weekday smallint CONSTRAINT desk_hours_key PRIMARY KEY
        CONSTRAINT desk_hours_weekday CHECK (weekday BETWEEN 1 AND 7),
    opens time NOT NULL,
    closes time NOT NULL,
    CONSTRAINT desk_hours_order CHECK (opens < closes)
);
COMMENT ON TABLE desk_hours IS 'When the desk is open, by weekday (1 Monday); on weekdays that are not here it is closed.';
INSERT INTO desk_hours SELECT weekday, '09:00', '17:00' FROM generate_series(1, 5) AS weekday;

CREATE TABLE holiday (
    day date CONSTRAINT holiday_key PRIMARY KEY,
    name text NOT NULL
);
COMMENT ON TABLE holiday IS 'Days on which the desk is closed whatever the weekday.';

-- Easter by the anonymous Gregorian algorithm (J. Meeus, Astronomical Algorithms, chapter 8).
CREATE FUNCTION easter(year integer) RETURNS date LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    a integer := year % 19;
    b integer := year / 100;
    c integer := year % 100;
    h integer := (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    l integer := (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    m integer := (a + 11 * h + 22 * l) / 451;
BEGIN
    RETURN make_date(year, (h + l - 7 * m + 114) / 31, (h + l - 7 * m + 114) % 31 + 1);
END $$;

-- The holidays of the Dutch law on terms (Algemene termijnenwet, article 3), Good Friday included.
CREATE FUNCTION dutch_holidays(year integer) RETURNS TABLE (day date, name text) LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT make_date(year, 1, 1), 'Nieuwjaarsdag'
    UNION ALL SELECT easter(year) - 2, 'Goede Vrijdag'
    UNION ALL SELECT easter(year) + 1, 'Tweede Paasdag'
    -- The King's birthday, celebrated a day earlier when it falls on a Sunday.
    UNION ALL SELECT make_date(year, 4, CASE extract(isodow FROM make_date(year, 4, 27)) WHEN 7 THEN 26 ELSE 27 END),
        'Koningsdag'
    UNION ALL SELECT make_date(year, 5, 5), 'Bevrijdingsdag'
    UNION ALL SELECT easter(year) + 39, 'Hemelvaartsdag'
    UNION ALL SELECT easter(year) + 50, 'Tweede Pinksterdag'
    UNION ALL SELECT make_date(year, 12, 25), 'Eerste Kerstdag'
    UNION ALL SELECT make_date(year, 12, 26), 'Tweede Kerstdag'
$$;
-- Ascension Day can be Liberation Day (2016, 2157).
INSERT INTO holiday
SELECT day, string_agg(h.name, ', ' ORDER BY h.name)
FROM generate_series(2014, 2060) AS year CROSS JOIN dutch_holidays(year) AS h GROUP BY day;

-- The hours of the desk on a day; none when it is closed.
CREATE FUNCTION desk_open(day date) RETURNS tstzrange LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT tstzrange((day + h.opens) AT TIME ZONE p.zone, (day + h.closes) AT TIME ZONE p.zone)
    FROM desk_hours AS h CROSS JOIN desk_policy AS p
    WHERE h.weekday = extract(isodow FROM $1) AND NOT EXISTS (SELECT FROM holiday WHERE holiday.day = $1)
$$;
CREATE FUNCTION desk_is_open(moment timestamptz) RETURNS boolean LANGUAGE sql STABLE
    RETURN coalesce(desk_open(ledger_day(moment)) @> moment, false);

-- The instant at which so much of the desk's time has passed since another.
CREATE FUNCTION desk_deadline(start timestamptz, span interval) RETURNS timestamptz LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE
    day date := ledger_day(start);
    rest interval := span;
    hours tstzrange;
BEGIN
    FOR turn IN 1..3660 LOOP
        hours := desk_open(day) * tstzrange(start, NULL);
        IF NOT isempty(hours) THEN
            IF upper(hours) - lower(hours) >= rest THEN RETURN lower(hours) + rest; END IF;
            rest := rest - (upper(hours) - lower(hours));
        END IF;
        day := day + 1;
    END LOOP;
    PERFORM refuse('desk_hours', 'desk_hours_none', 'the desk is closed for ten years');
END $$;

CREATE TABLE deadline (
    task text,
    urgency text CONSTRAINT deadline_urgency CHECK (urgency IN ('crisis', 'urgent', 'planned')),
    span interval NOT NULL CONSTRAINT deadline_span CHECK (span > interval '0'),
    desk_time boolean NOT NULL,
    CONSTRAINT deadline_task CHECK (task IN ('answer', 'place')),
    CONSTRAINT deadline_key PRIMARY KEY (task, urgency)
);
COMMENT ON COLUMN deadline.task IS 'answer: an offer; place: a request, from its submission to an agreed place.';
COMMENT ON COLUMN deadline.desk_time IS 'Whether only the desk''s hours count. A crisis does not wait for them.';
-- A desk's day has eight hours: an urgent offer is answered within a day of the desk, a planned one within three.
INSERT INTO deadline VALUES
    ('answer', 'crisis', '2 hours', false), ('answer', 'urgent', '8 hours', true), ('answer', 'planned', '24 hours', true),
    ('place', 'crisis', '24 hours', false), ('place', 'urgent', '80 hours', true), ('place', 'planned', '160 hours', true);

CREATE FUNCTION due(task text, urgency text, since timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN d.desk_time THEN desk_deadline($3, d.span) ELSE $3 + d.span END
    FROM deadline AS d WHERE d.task = $1 AND d.urgency = $2
$$;

-- States

ALTER TABLE request
    ADD state text NOT NULL DEFAULT 'submitted' CONSTRAINT request_state CHECK (state IN (
        'draft', 'submitted', 'proposed', 'offered', 'accepted', 'placed', 'ended', 'withdrawn', 'unplaced')),
    ADD state_since timestamptz NOT NULL DEFAULT now(),
    ADD state_reason text,
    ADD submitted_at timestamptz,
    ADD region identifier CONSTRAINT request_region REFERENCES region,
    ADD referred_by actor,
    ADD night boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN request.state_reason IS 'Why its last step was made: a code, where there is more to say than the step.';
COMMENT ON COLUMN request.region IS 'The region that is accountable for its victims; null: not known.';
COMMENT ON COLUMN request.referred_by IS 'Who referred, and hears of the outcome.';
COMMENT ON COLUMN request.night IS 'A night placement: an emergency bed for a few nights, beside the request for a lasting place.';
UPDATE request SET submitted_at = known_from::timestamptz;
UPDATE request AS r SET state = CASE WHEN EXISTS (
        SELECT FROM stay AS s WHERE s.request = r.id AND (s.arrived OR lower(s.days) < current_date)) THEN 'placed'
    ELSE 'accepted' END
WHERE EXISTS (SELECT FROM stay AS s WHERE s.request = r.id);
CREATE INDEX request_placed ON request (id) WHERE state = 'placed' AND NOT night;
CREATE INDEX request_queue ON request (state, urgency, needed_from) WHERE state IN ('submitted', 'unplaced', 'proposed', 'offered');

CREATE TABLE request_step (
    from_state text,
    to_state text,
    roles text[] NOT NULL,
    CONSTRAINT request_step_key PRIMARY KEY (from_state, to_state)
);
COMMENT ON TABLE request_step IS
    'The steps that there are, and the roles that make them; who commits a bed is a matter of the offer''s approvals.';
INSERT INTO request_step VALUES
    ('draft', 'submitted', '{desk,coordinator,guardian,police}'),
    ('draft', 'withdrawn', '{desk,coordinator,guardian,police}'),
    ('submitted', 'proposed', '{desk}'),
    ('submitted', 'offered', '{desk,coordinator,guardian}'),
    ('submitted', 'unplaced', '{desk}'),
    ('submitted', 'withdrawn', '{desk,coordinator,guardian,police}'),
    ('unplaced', 'submitted', '{desk,coordinator,guardian}'),
    ('unplaced', 'proposed', '{desk}'),
    ('unplaced', 'offered', '{desk,coordinator,guardian}'),
    ('unplaced', 'withdrawn', '{desk,coordinator,guardian,police}'),
    ('proposed', 'submitted', '{desk,coordinator,guardian}'),
    ('proposed', 'unplaced', '{desk}'),
    ('proposed', 'offered', '{desk,coordinator,guardian}'),
    ('proposed', 'withdrawn', '{desk,coordinator,guardian,police}'),
    ('offered', 'accepted', '{desk,coordinator,shelter,police,guardian}'),
    -- Declined, expired or taken back.
    ('offered', 'submitted', '{desk,coordinator,shelter,police,guardian}'),
    ('offered', 'withdrawn', '{desk,coordinator,guardian,police}'),
    ('accepted', 'placed', '{desk,coordinator,shelter,police,guardian}'),
    -- Nobody came, or the bed is not there after all.
    ('accepted', 'submitted', '{desk,coordinator,shelter,guardian}'),
    ('accepted', 'withdrawn', '{desk,coordinator,guardian,police}'),
    ('placed', 'ended', '{desk,coordinator,shelter,guardian}');

CREATE TABLE request_event (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT request_event_key PRIMARY KEY,
    request identifier NOT NULL CONSTRAINT request_event_request REFERENCES request,
    at timestamptz NOT NULL,
    from_state text,
    to_state text NOT NULL,
    reason text,
    actor actor
);
CREATE INDEX request_event_by_request ON request_event (request, id);
COMMENT ON TABLE request_event IS 'Every step of every request.';

-- Commands: the same key of the same caller gives the same result and is done once.

CREATE TABLE command (
    actor actor,
    key identifier,
    kind text NOT NULL,
    fingerprint bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    result jsonb,
    CONSTRAINT command_key PRIMARY KEY (actor, key)
);
COMMENT ON COLUMN command.fingerprint IS 'SHA-256 of what was asked, so that a key is not used for something else.';
COMMENT ON COLUMN command.result IS 'What was answered; identifiers and figures only.';

-- Events, for delivery by whatever delivers.

CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT outbox_key PRIMARY KEY,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    recipient actor,
    subject jsonb NOT NULL,
    delivered_at timestamptz
);
CREATE INDEX outbox_undelivered ON outbox (id) WHERE delivered_at IS NULL;
COMMENT ON COLUMN outbox.recipient IS 'Whom it is for; null: whoever subscribes.';
COMMENT ON COLUMN outbox.subject IS 'Identifiers and codes, nothing about persons.';

CREATE FUNCTION emit(kind text, subject jsonb, recipient actor DEFAULT NULL) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO outbox (at, kind, recipient, subject) VALUES (ledger_now(), $1, $3, $2)
$$;

-- A victim is in one request that is not over, and may beside it have one night placement.
ALTER TABLE request_victim
    DROP CONSTRAINT request_victim_once,
    ADD closed boolean NOT NULL DEFAULT false,
    ADD night boolean NOT NULL DEFAULT false;
CREATE UNIQUE INDEX request_victim_once ON request_victim (victim) WHERE NOT closed AND NOT night;
CREATE UNIQUE INDEX request_victim_one_night ON request_victim (victim) WHERE NOT closed AND night;
CREATE INDEX request_victim_by_victim ON request_victim (victim);
COMMENT ON COLUMN request_victim.closed IS 'Whether the request is over; follows request.state.';
COMMENT ON COLUMN request_victim.night IS 'Follows request.night.';

CREATE FUNCTION request_victim_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SELECT r.state IN ('ended', 'withdrawn'), r.night INTO NEW.closed, NEW.night FROM request AS r WHERE r.id = NEW.request;
    NEW.closed := coalesce(NEW.closed, false);
    NEW.night := coalesce(NEW.night, false);
    RETURN NEW;
END $$;
CREATE TRIGGER request_victim_follow BEFORE INSERT OR UPDATE ON request_victim
    FOR EACH ROW EXECUTE FUNCTION request_victim_follow();

-- A request begins as a draft or submitted, or with the stays that it has (what is taken in, a night placement).
CREATE FUNCTION request_begin() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.state = OLD.state THEN RETURN NEW; END IF;
    NEW.state_since := ledger_now();
    IF NEW.state = 'submitted' THEN NEW.submitted_at := coalesce(NEW.submitted_at, NEW.state_since); END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER request_begin BEFORE INSERT OR UPDATE OF state ON request FOR EACH ROW EXECUTE FUNCTION request_begin();

-- What a request that is over, or whose agreement is broken, no longer needs.
CREATE FUNCTION request_let_go(request identifier, state text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF $2 <> 'ended' THEN
        DELETE FROM stay AS s WHERE s.request = $1;
        UPDATE offer AS o SET state = 'cancelled', answered_at = coalesce(o.answered_at, ledger_now())
        WHERE o.request = $1 AND o.state IN ('open', 'accepted');
    END IF;
    IF $2 <> 'submitted' THEN
        UPDATE hold AS h SET released_at = ledger_now() WHERE h.request = $1 AND h.released_at IS NULL;
        UPDATE transfer AS t SET state = 'cancelled', offer = NULL WHERE t.request = $1 AND t.state IN ('wanted', 'agreed');
        UPDATE offer AS o SET state = 'cancelled', answered_at = ledger_now() WHERE o.request = $1 AND o.state = 'open';
        UPDATE request_victim AS v SET closed = true WHERE v.request = $1;
    END IF;
END $$;

CREATE FUNCTION request_legal_step() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    allowed text[];
    outcome boolean := NEW.state IN ('accepted', 'placed', 'ended', 'withdrawn', 'unplaced');
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state NOT IN ('draft', 'submitted', 'accepted', 'placed') THEN
            PERFORM refuse('request', 'request_legal_step', 'a request does not begin as ' || NEW.state);
        END IF;
    ELSIF NEW.state = OLD.state THEN
        RETURN NULL;
    ELSE
        SELECT roles INTO allowed FROM request_step WHERE from_state = OLD.state AND to_state = NEW.state;
        IF allowed IS NULL THEN
            PERFORM refuse('request', 'request_legal_step', 'no step leads from ' || OLD.state || ' to ' || NEW.state);
        ELSIF actor_role(current_actor()) <> ALL (allowed) THEN
            PERFORM refuse('request', 'request_step_role', 'this step is not for ' || actor_role(current_actor()));
        END IF;
        IF NEW.state IN ('ended', 'withdrawn') OR OLD.state IN ('offered', 'accepted') AND NEW.state = 'submitted' THEN
            PERFORM request_let_go(NEW.id, NEW.state);
        END IF;
    END IF;
    INSERT INTO request_event (request, at, from_state, to_state, reason, actor)
    VALUES (NEW.id, NEW.state_since, CASE WHEN TG_OP = 'UPDATE' THEN OLD.state END, NEW.state, NEW.state_reason, current_actor());
    IF TG_OP = 'UPDATE' THEN
        PERFORM emit('request-' || NEW.state, jsonb_build_object('request', NEW.id));
        -- Who referred hears what came of it.
        IF outcome AND NEW.referred_by IS NOT NULL THEN
            PERFORM emit('outcome', jsonb_build_object('request', NEW.id, 'state', NEW.state), NEW.referred_by);
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER request_legal_step AFTER INSERT OR UPDATE OF state ON request
    FOR EACH ROW EXECUTE FUNCTION request_legal_step();

-- The unmet need, day by day.

CREATE TABLE unmet_need (
    day date,
    request identifier CONSTRAINT unmet_need_request REFERENCES request,
    run bigint NOT NULL,
    victims whole NOT NULL,
    urgency text NOT NULL CONSTRAINT unmet_need_urgency CHECK (urgency IN ('crisis', 'urgent', 'planned')),
    CONSTRAINT unmet_need_key PRIMARY KEY (day, request),
    -- The planner's reasons are those of the proposal.
    CONSTRAINT unmet_need_proposal FOREIGN KEY (run, request) REFERENCES proposal (run, request)
);
COMMENT ON TABLE unmet_need IS 'The requests that needed a place on a day and for which the last plan of that day had none.';
