-- Placements: what the database itself guards of them, transfers and their handover, outflow, and nights.

ALTER TABLE stay
    ADD origin text NOT NULL DEFAULT 'offer' CONSTRAINT stay_origin CHECK (origin IN ('offer', 'night', 'record')),
    ADD overrides text[] NOT NULL DEFAULT '{}' CONSTRAINT stay_overrides CHECK (overrides <@ ARRAY[
        'legs', 'hold', 'admission', 'services', 'security', 'avoid', 'investigation', 'together', 'no-contact', 'mixing',
        'exclusive']),
    ADD offer bigint CONSTRAINT stay_offer REFERENCES offer;
UPDATE stay SET origin = 'record';
COMMENT ON COLUMN stay.origin IS
    'offer: accepted; night: a night placement; record: taken in as it is, whatever rule it breaks, and counted against others.';
COMMENT ON COLUMN stay.overrides IS 'The rules from which it is exempt, each for a reason on record (rule_override).';
DROP INDEX stay_by_unit;
CREATE INDEX stay_by_unit ON stay USING gist (unit, days);

-- The guards. Each holds for every client at every isolation level: the turns come first (0005), then each constraint
-- trigger looks at what is there and refuses by its own name. What is shortened or removed is never refused.

CREATE FUNCTION stay_turns() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    units text[] := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.unit] WHEN 'DELETE' THEN ARRAY[OLD.unit]
        ELSE ARRAY[OLD.unit, NEW.unit] END;
    victims text[] := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.victim] WHEN 'DELETE' THEN ARRAY[OLD.victim]
        ELSE ARRAY[OLD.victim, NEW.victim] END;
BEGIN
    -- Whom one must not meet may be about to come to the same place by another unit.
    IF TG_OP <> 'DELETE' THEN
        victims := victims || ARRAY(
            SELECT CASE WHEN n.a = NEW.victim THEN n.b ELSE n.a END::text FROM no_contact AS n
            WHERE NEW.victim IN (n.a, n.b) AND n.days && NEW.days);
    END IF;
    PERFORM take_turns(units, victims);
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stay_turns BEFORE INSERT OR UPDATE OR DELETE ON stay FOR EACH ROW EXECUTE FUNCTION stay_turns();
CREATE INDEX no_contact_by_a ON no_contact (a);
CREATE INDEX no_contact_by_b ON no_contact (b);

CREATE FUNCTION no_contact_turns() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM take_turns('{}', ARRAY[NEW.a, NEW.b]);
    RETURN NEW;
END $$;
CREATE TRIGGER no_contact_turns BEFORE INSERT OR UPDATE ON no_contact FOR EACH ROW EXECUTE FUNCTION no_contact_turns();

-- The days that a change of a stay adds to its unit.
CREATE FUNCTION days_added(op text, old_stay stay, new_stay stay) RETURNS datemultirange LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN op = 'UPDATE' AND old_stay.unit = new_stay.unit AND old_stay.victim = new_stay.victim
            AND old_stay.request = new_stay.request AND new_stay.overrides @> old_stay.overrides
            AND (new_stay.origin = old_stay.origin OR new_stay.origin = 'record')
        THEN datemultirange(new_stay.days) - datemultirange(old_stay.days)
        ELSE datemultirange(new_stay.days) END
$$;

CREATE FUNCTION stay_beds() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.origin <> 'record' AND first_day_over(
        NEW.unit, days_added(TG_OP, OLD, NEW)) IS NOT NULL
    THEN
        PERFORM refuse('stay', 'stay_beds', 'the unit has no free bed on every day of the stay');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER stay_beds AFTER INSERT OR UPDATE ON stay FOR EACH ROW EXECUTE FUNCTION stay_beds();

CREATE FUNCTION stay_mixing() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.origin <> 'record' AND 'mixing' <> ALL (NEW.overrides)
        AND (SELECT mixing FROM unit WHERE id = NEW.unit) = 'single-sex'
        AND EXISTS (
            SELECT FROM stay AS s JOIN victim AS v ON v.id = s.victim
            WHERE s.unit = NEW.unit AND s.days && NEW.days AND s.days && days_added(TG_OP, OLD, NEW)
                AND 'mixing' <> ALL (s.overrides) AND v.sex <> (SELECT sex FROM victim WHERE id = NEW.victim))
    THEN
        PERFORM refuse('stay', 'stay_mixing', 'people of another sex are in the unit');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER stay_mixing AFTER INSERT OR UPDATE ON stay FOR EACH ROW EXECUTE FUNCTION stay_mixing();

CREATE FUNCTION stay_exclusive() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.origin <> 'record' AND 'exclusive' <> ALL (NEW.overrides) AND (SELECT exclusive FROM unit WHERE id = NEW.unit)
        AND EXISTS (
            SELECT FROM stay AS s WHERE s.unit = NEW.unit AND s.days && NEW.days AND s.days && days_added(TG_OP, OLD, NEW)
                AND s.request <> NEW.request AND 'exclusive' <> ALL (s.overrides))
    THEN
        PERFORM refuse('stay', 'stay_exclusive', 'another group is in the unit');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER stay_exclusive AFTER INSERT OR UPDATE ON stay FOR EACH ROW EXECUTE FUNCTION stay_exclusive();

-- The stays that must not be at the same time as one of a victim in a unit over some days.
CREATE FUNCTION stays_to_avoid(of_victim identifier, of_request identifier, in_unit identifier, over_days datemultirange)
RETURNS SETOF stay LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.* FROM no_contact AS n
    JOIN stay AS s ON s.victim = CASE WHEN n.a = of_victim THEN n.b ELSE n.a END
        AND s.days && (over_days * datemultirange(n.days))
    JOIN unit AS theirs ON theirs.id = s.unit JOIN shelter AS their_shelter ON their_shelter.id = theirs.shelter
    JOIN unit AS ours ON ours.id = in_unit JOIN shelter AS our_shelter ON our_shelter.id = ours.shelter
    WHERE of_victim IN (n.a, n.b) AND s.request <> of_request AND CASE n.scope
        WHEN 'unit' THEN theirs.id = ours.id
        WHEN 'shelter' THEN their_shelter.id = our_shelter.id
        ELSE their_shelter.region = our_shelter.region END
$$;

CREATE FUNCTION stay_no_contact() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.origin <> 'record' AND 'no-contact' <> ALL (NEW.overrides) AND EXISTS (
        SELECT FROM stays_to_avoid(NEW.victim, NEW.request, NEW.unit, days_added(TG_OP, OLD, NEW)) AS s
        WHERE 'no-contact' <> ALL (s.overrides))
    THEN
        PERFORM refuse('stay', 'stay_no_contact', 'somebody whom the victim must not meet is there');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER stay_no_contact AFTER INSERT OR UPDATE ON stay FOR EACH ROW EXECUTE FUNCTION stay_no_contact();

-- At commit: a request's stays follow each other day by day, and are there when and only when its state says so.

CREATE FUNCTION stay_contiguous() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM stay AS s WHERE s.request = NEW.request AND s.victim = NEW.victim
        HAVING count(*) > 1 AND (
            upper(range_merge(range_agg(s.days))) - lower(range_merge(range_agg(s.days)))
            <> sum(upper(s.days) - lower(s.days))))
    THEN
        PERFORM refuse('stay', 'stay_contiguous', 'the stays of a request follow each other without a gap');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER stay_contiguous AFTER INSERT OR UPDATE ON stay DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION stay_contiguous();

CREATE FUNCTION request_has_stays(asked identifier) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    now_is text;
BEGIN
    SELECT state INTO now_is FROM request WHERE id = asked;
    IF now_is IN ('accepted', 'placed') THEN
        IF EXISTS (SELECT FROM request_victim AS v WHERE v.request = asked AND NOT EXISTS (
            SELECT FROM stay AS s WHERE s.request = asked AND s.victim = v.victim))
        THEN
            PERFORM refuse('request', 'request_stays', 'a request that is ' || now_is || ' has a place for each victim');
        END IF;
    ELSIF EXISTS (SELECT FROM stay AS s WHERE s.request = asked AND (now_is <> 'ended' OR upper(s.days) > ledger_today())) THEN
        PERFORM refuse('request', 'request_stays', 'a request that is ' || now_is || ' has no place');
    END IF;
END $$;

CREATE FUNCTION request_stays() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'request' THEN
        PERFORM request_has_stays(NEW.id);
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM request_has_stays(OLD.request);
    ELSE
        PERFORM request_has_stays(NEW.request);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER request_stays AFTER INSERT OR UPDATE OF state ON request DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION request_stays();
CREATE CONSTRAINT TRIGGER stay_request AFTER INSERT OR DELETE OR UPDATE OF request ON stay DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION request_stays();

-- What is more than there are beds for, or meets against a rule, because a report or a fact came later: shown, not undone.
CREATE VIEW unit_excess AS
SELECT unit, day, unit_load(unit, day) AS load, unit_beds(unit, day) AS beds
FROM (
    SELECT s.unit, greatest(lower(s.days), ledger_today()) AS day FROM stay AS s WHERE upper(s.days) > ledger_today()
    UNION SELECT c.unit, c.from_date FROM bed_change AS c WHERE c.from_date > ledger_today()) AS days
WHERE unit_load(unit, day) > unit_beds(unit, day);

CREATE VIEW no_contact_broken AS
SELECT DISTINCT least(s.victim, t.victim) AS a, greatest(s.victim, t.victim) AS b,
    greatest(lower(s.days), lower(t.days), ledger_today()) AS from_date
FROM stay AS s CROSS JOIN LATERAL stays_to_avoid(s.victim, s.request, s.unit, datemultirange(s.days)) AS t
WHERE upper(s.days) > ledger_today() AND upper(t.days) > ledger_today();

-- Transfers

CREATE TABLE transfer (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT transfer_key PRIMARY KEY,
    request identifier NOT NULL CONSTRAINT transfer_request REFERENCES request,
    reason text NOT NULL CONSTRAINT transfer_reason CHECK (reason <> ''),
    wanted_at timestamptz NOT NULL,
    wanted_by actor NOT NULL,
    state text NOT NULL DEFAULT 'wanted' CONSTRAINT transfer_state CHECK (state IN (
        'wanted', 'agreed', 'completed', 'cancelled')),
    offer bigint CONSTRAINT transfer_offer REFERENCES offer,
    dossier_sent_at timestamptz,
    dossier_sent_by actor,
    dossier_received_at timestamptz,
    dossier_received_by actor,
    medication_at timestamptz,
    medication_by actor,
    transport_from identifier CONSTRAINT transfer_transport_from REFERENCES region,
    transport_to identifier CONSTRAINT transfer_transport_to REFERENCES region,
    transport_at timestamptz,
    transport_by text,
    completed_at timestamptz,
    CONSTRAINT transfer_agreed CHECK ((state IN ('agreed', 'completed')) = (offer IS NOT NULL)),
    CONSTRAINT transfer_checklist CHECK (state <> 'completed' OR num_nulls(
        dossier_sent_at, dossier_sent_by, dossier_received_at, dossier_received_by, medication_at, medication_by,
        transport_from, transport_to, transport_at, transport_by, completed_at) = 0)
);
CREATE UNIQUE INDEX transfer_one_open ON transfer (request) WHERE state IN ('wanted', 'agreed');
COMMENT ON TABLE transfer IS
    'A move to another unit, from the wish to the handover; it is complete when its checklist is. Transport is told by region: no address belongs here.';
COMMENT ON COLUMN transfer.transport_by IS 'The organisation or service that drives, never a person.';

-- A leg that follows a move begins with the handover.
CREATE FUNCTION stay_handover() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.arrived AND NEW.origin = 'offer' AND EXISTS (
        SELECT FROM transfer AS t WHERE t.offer = NEW.offer AND t.state = 'agreed')
    THEN
        PERFORM refuse('stay', 'stay_handover', 'the handover is not complete');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER stay_handover AFTER INSERT OR UPDATE ON stay DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION stay_handover();

CREATE FUNCTION transfer_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE request AS r SET transfer_wanted = EXISTS (
        SELECT FROM transfer AS t WHERE t.request = r.id AND t.state = 'wanted')
    WHERE r.id = NEW.request;
    IF TG_OP = 'INSERT' OR NEW.state <> OLD.state THEN
        PERFORM emit('transfer-' || NEW.state, jsonb_build_object('transfer', NEW.id, 'request', NEW.request));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER transfer_follow AFTER INSERT OR UPDATE ON transfer FOR EACH ROW EXECUTE FUNCTION transfer_follow();

-- Ends the stays of a request, or of one of its victims, on a day; once nobody is left, the request has ended.
CREATE FUNCTION placement_end(of_request identifier, of_victim identifier, on_day date, reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM stay AS s WHERE s.request = of_request AND s.victim = coalesce(of_victim, s.victim)
        AND lower(s.days) >= on_day;
    UPDATE stay AS s SET days = daterange(lower(s.days), on_day)
    WHERE s.request = of_request AND s.victim = coalesce(of_victim, s.victim) AND upper(s.days) > on_day;
    UPDATE request AS r SET state = 'ended', state_reason = reason
    WHERE r.id = of_request AND NOT EXISTS (
        SELECT FROM stay AS s WHERE s.request = r.id AND upper(s.days) > ledger_today());
END $$;

-- Outflow

CREATE TABLE outflow (
    request identifier CONSTRAINT outflow_key PRIMARY KEY CONSTRAINT outflow_request REFERENCES request,
    ready_since date CONSTRAINT outflow_ready CHECK (isfinite(ready_since)),
    pass_received date CONSTRAINT outflow_pass CHECK (isfinite(pass_received)),
    registered date CONSTRAINT outflow_registered CHECK (isfinite(registered)),
    house_found date CONSTRAINT outflow_house CHECK (isfinite(house_found))
);
COMMENT ON TABLE outflow IS 'How far a placed request is on its way out.';

CREATE TABLE outflow_block (
    request identifier NOT NULL CONSTRAINT outflow_block_request REFERENCES request,
    cause text NOT NULL CONSTRAINT outflow_block_cause CHECK (cause IN (
        'no-pass', 'no-registration', 'no-income', 'no-house', 'no-place-elsewhere', 'investigation', 'health', 'other')),
    days daterange NOT NULL CONSTRAINT outflow_block_days CHECK (NOT isempty(days) AND isfinite(lower(days))),
    CONSTRAINT outflow_block_once EXCLUDE USING gist (request WITH =, days WITH &&)
);
COMMENT ON TABLE outflow_block IS 'What keeps somebody who is ready to leave from leaving, one cause a day.';

-- Bed-days until today that were blocked, by cause: days in a bed after the day of being ready.
CREATE VIEW blocked_bed_days AS
SELECT b.cause, s.unit, s.request, s.victim,
    s.days * b.days * daterange(f.ready_since, ledger_today()) AS days
FROM outflow_block AS b
JOIN outflow AS f ON f.request = b.request
JOIN stay AS s ON s.request = b.request AND s.days && b.days
WHERE f.ready_since < ledger_today() AND NOT isempty(s.days * b.days * daterange(f.ready_since, ledger_today()));

-- Nights

CREATE TABLE night_placement (
    request identifier CONSTRAINT night_placement_key PRIMARY KEY CONSTRAINT night_placement_request REFERENCES request,
    unit identifier NOT NULL CONSTRAINT night_placement_unit REFERENCES unit,
    days daterange NOT NULL CONSTRAINT night_placement_days CHECK (
        (isfinite(lower(days)) AND isfinite(upper(days))) IS TRUE),
    placed_at timestamptz NOT NULL,
    placed_by actor NOT NULL CONSTRAINT night_placement_role CHECK (
        actor_role(placed_by) IN ('desk', 'coordinator', 'police', 'shelter')),
    confirmed_at timestamptz,
    confirmed_by actor CONSTRAINT night_placement_confirmer CHECK (actor_role(confirmed_by) IN ('desk', 'coordinator')),
    CONSTRAINT night_placement_confirmed CHECK ((confirmed_at IS NULL) = (confirmed_by IS NULL))
);
CREATE INDEX night_placement_morning ON night_placement (placed_at) WHERE confirmed_at IS NULL;

CREATE FUNCTION night_placement_rules() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    nights integer := (SELECT emergency_nights FROM desk_policy);
BEGIN
    IF desk_is_open(NEW.placed_at) THEN
        PERFORM refuse('night_placement', 'night_placement_hours', 'the desk is open: ask it for a place');
    ELSIF NOT EXISTS (
        SELECT FROM unit AS u WHERE u.id = NEW.unit AND u.bed_type = 'crisis' AND u.max_leg_days <= nights
            AND (actor_role(NEW.placed_by) <> 'shelter' OR u.shelter = actor_id(NEW.placed_by)))
    THEN
        PERFORM refuse('night_placement', 'night_placement_bed', 'this is no emergency bed that the actor may give');
    ELSIF upper(NEW.days) - lower(NEW.days) > nights THEN
        PERFORM refuse('night_placement', 'night_placement_nights', 'a night placement lasts ' || nights || ' nights at most');
    ELSIF lower(NEW.days) NOT IN (ledger_day(NEW.placed_at), ledger_day(NEW.placed_at) - 1) THEN
        PERFORM refuse('night_placement', 'night_placement_tonight', 'a night placement begins this night');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER night_placement_rules AFTER INSERT ON night_placement
    FOR EACH ROW EXECUTE FUNCTION night_placement_rules();

-- A night placement is a request of its own, placed at once: the victim's request for a lasting place goes on beside it.
CREATE FUNCTION night_place(
    night_request identifier, victims text[], unit identifier, nights integer, placed_by actor
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    moment timestamptz := ledger_now();
    -- Before the desk opens it is still the night of the day before.
    first date := ledger_day(moment) - CASE WHEN moment < lower(desk_open(ledger_day(moment))) THEN 1 ELSE 0 END;
    days daterange := daterange(first, first + nights);
BEGIN
    INSERT INTO request (
        id, together, urgency, known_from, needed_from, latest_start, stay_days, transfer_wanted, state, state_reason,
        referred_by, night)
    VALUES ($1, 'unit', 'crisis', first, first, first, nights, false, 'placed', 'night', $5, true);
    INSERT INTO request_victim (request, victim) SELECT $1, unnest($2);
    INSERT INTO night_placement (request, unit, days, placed_at, placed_by) VALUES ($1, $3, days, moment, $5);
    INSERT INTO stay (request, victim, unit, days, moves_made, arrived, origin)
    SELECT $1, victim, $3, days, 0, true, 'night' FROM unnest($2) AS victim ORDER BY victim;
    PERFORM emit('night-placed', jsonb_build_object('request', $1, 'unit', $3));
END $$;

-- What happens by itself when its time has come. Everything that reads counts with the time as well, so that nothing
-- depends on how often this runs; it makes the steps, and tells whom they concern.
CREATE FUNCTION sweep() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    moment timestamptz := ledger_now();
    today date := ledger_day(moment);
    done integer := 0;
    one record;
BEGIN
    FOR one IN SELECT id FROM offer WHERE state = 'open' AND answer_by <= moment ORDER BY id FOR UPDATE SKIP LOCKED LOOP
        UPDATE offer SET state = 'expired', answered_at = moment WHERE id = one.id;
        done := done + 1;
    END LOOP;
    FOR one IN SELECT id, unit FROM hold AS h WHERE released_at IS NULL AND ends_at <= moment
        AND NOT EXISTS (SELECT FROM planned_action_hold AS a WHERE a.hold = h.id) ORDER BY id FOR UPDATE SKIP LOCKED
    LOOP
        UPDATE hold SET released_at = ends_at WHERE id = one.id;
        PERFORM emit('hold-ended', jsonb_build_object('hold', one.id, 'unit', one.unit));
        done := done + 1;
    END LOOP;
    FOR one IN SELECT id FROM planned_action WHERE ends_at <= moment ORDER BY id FOR UPDATE SKIP LOCKED LOOP
        PERFORM planned_action_lift(one.id);
        done := done + 1;
    END LOOP;
    -- Without word to the contrary, who was expected yesterday has come.
    FOR one IN SELECT r.id FROM request AS r WHERE r.state = 'accepted'
        AND (SELECT min(lower(s.days)) FROM stay AS s WHERE s.request = r.id) < today ORDER BY id FOR UPDATE SKIP LOCKED
    LOOP
        UPDATE request SET state = 'placed', state_reason = 'taken-to-have-come' WHERE id = one.id;
        done := done + 1;
    END LOOP;
    FOR one IN SELECT r.id FROM request AS r JOIN night_placement AS n ON n.request = r.id
        WHERE r.state = 'placed' AND upper(n.days) <= today ORDER BY r.id FOR UPDATE OF r SKIP LOCKED
    LOOP
        UPDATE request SET state = 'ended', state_reason = 'nights-over' WHERE id = one.id;
        done := done + 1;
    END LOOP;
    RETURN done;
END $$;
