-- Events, for whoever may know them, in an order in which nobody misses one.
--
-- Numbers from a sequence are given out before the commit, so that a reader who goes by them passes over an event whose
-- transaction ends late. Positions are given out afterwards, to what is committed, by one at a time and without a gap: a
-- position that is there stays, and whatever comes later has a greater one. That holds over a restore as well, which
-- transaction numbers would not survive.

CREATE TABLE event_sequence (
    singleton boolean DEFAULT true CONSTRAINT event_sequence_key PRIMARY KEY
        CONSTRAINT event_sequence_one_row CHECK (singleton),
    position bigint NOT NULL DEFAULT 0,
    removed bigint NOT NULL DEFAULT 0,
    CONSTRAINT event_sequence_removed CHECK (0 <= removed AND removed <= position)
);
COMMENT ON COLUMN event_sequence.position IS 'The last position that was given out.';
COMMENT ON COLUMN event_sequence.removed IS
    'The last position that was taken away for its age: who has read less far has missed something.';
INSERT INTO event_sequence DEFAULT VALUES;

-- Made anew below.
DROP VIEW retention_due;
ALTER TABLE outbox DROP COLUMN delivered_at, ADD position bigint CONSTRAINT outbox_position UNIQUE;
COMMENT ON COLUMN outbox.position IS 'The place in the order of reading; null: not given out yet.';
COMMENT ON COLUMN outbox.recipient IS 'Whom alone it is for, beside the desk; null: whoever may know its subject.';
CREATE INDEX outbox_waiting ON outbox (id) WHERE position IS NULL;
CREATE INDEX outbox_by_time ON outbox (at);
CREATE INDEX outbox_by_request ON outbox ((subject ->> 'request'));

CREATE FUNCTION sequence_events() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    last bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM outbox WHERE position IS NULL) THEN
        RETURN (SELECT position FROM event_sequence);
    END IF;
    -- One at a time, until the commit; what others commit meanwhile is for the next.
    SELECT position INTO last FROM event_sequence FOR UPDATE;
    UPDATE outbox AS o SET position = last + n.number
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS number FROM outbox WHERE position IS NULL) AS n
    WHERE o.id = n.id;
    UPDATE event_sequence SET position = coalesce((SELECT max(o.position) FROM outbox AS o WHERE o.position > last), last)
    RETURNING position INTO last;
    RETURN last;
END $$;
COMMENT ON FUNCTION sequence_events IS 'Gives positions to the events that have none; the last that there is.';

-- Wakes who listens, at the commit. Nothing is said of what happened: everybody looks with their own rights.
CREATE FUNCTION outbox_wake() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM pg_notify('onderdak_event', '');
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_wake AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION outbox_wake();

-- Who may know what: the desk everything; others what is for them alone, or is about a request, an offer, a hold or a
-- unit's beds that they see; the operator, funders, governors and auditors nothing.
DROP POLICY recipient_reads ON outbox;
CREATE POLICY desk_reads ON outbox FOR SELECT TO onderdak_desk USING ((SELECT access.acting_as('desk')) IS NOT NULL);
CREATE POLICY recipient_reads ON outbox FOR SELECT TO
    onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian
    USING (recipient = (SELECT access.acting_role() || '/' || access.acting_id()));
CREATE POLICY subject_reads ON outbox FOR SELECT TO
    onderdak_coordinator, onderdak_police, onderdak_guardian
    USING (recipient IS NULL AND subject ->> 'request' IN (SELECT r.id FROM public.request AS r));
-- An offer stays the shelter's that was asked, also when it has been answered.
CREATE POLICY shelter_reads ON outbox FOR SELECT TO onderdak_shelter
    USING (recipient IS NULL AND (
        subject ->> 'request' IN (SELECT r.id FROM public.request AS r)
        OR (subject ->> 'offer')::bigint IN (SELECT o.id FROM public.offer AS o)
        OR subject ->> 'unit' IN (
            SELECT u.id FROM public.unit AS u WHERE u.shelter = (SELECT access.acting_as('shelter')))));

SELECT access.open_to_service('event_sequence');
GRANT SELECT ON event_sequence TO
    onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian;
CREATE POLICY everybody_reads ON event_sequence FOR SELECT TO
    onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian
    USING ((SELECT access.acting_role()) IS NOT NULL);

-- Events are kept from when they happened: there is no one who delivers them all.
COMMENT ON COLUMN retention_rule.subject IS
    'confidential: identity and health, from the end of the case; case: what tells one case from others, from its end; '
    'command: answers to repeated commands, from their making; event: events, from when they happened.';

CREATE VIEW retention_due AS
    SELECT r.subject, e.victim::text AS object, e.ended_on AS since
    FROM retention_rule AS r CROSS JOIN ended_case AS e
    WHERE r.subject = 'confidential' AND e.ended_on + r.keep <= ledger_today()
        AND access.is_confidential_left(e.victim)
    UNION ALL
    SELECT r.subject, e.victim::text, e.ended_on
    FROM retention_rule AS r CROSS JOIN ended_case AS e
    WHERE r.subject = 'case' AND e.ended_on + r.keep <= ledger_today()
        -- Pseudonyms made by erasing; there is nothing more to take away.
        AND e.victim NOT LIKE 'erased-%'
    UNION ALL
    SELECT r.subject, c.actor || ' ' || c.key, ledger_day(c.at) FROM retention_rule AS r CROSS JOIN command AS c
    WHERE r.subject = 'command' AND c.at + r.keep <= ledger_now()
    UNION ALL
    SELECT r.subject, o.id::text, ledger_day(o.at) FROM retention_rule AS r CROSS JOIN outbox AS o
    WHERE r.subject = 'event' AND o.at + r.keep <= ledger_now();
COMMENT ON VIEW retention_due IS 'What its rule no longer lets be kept.';

CREATE FUNCTION remove_old_events() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone integer;
    last bigint;
BEGIN
    PERFORM sequence_events();
    WITH old AS (
        DELETE FROM outbox AS o USING retention_rule AS r
        WHERE r.subject = 'event' AND o.at + r.keep <= ledger_now() AND o.position IS NOT NULL RETURNING o.position)
    SELECT count(*), max(position) INTO gone, last FROM old;
    UPDATE event_sequence SET removed = greatest(removed, last) WHERE last IS NOT NULL;
    RETURN gone;
END $$;

-- A case that is erased is not told of by old events either, which name its request.
CREATE FUNCTION request_events_erase() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM outbox WHERE subject ->> 'request' = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER events_erased AFTER UPDATE OF id ON request
    FOR EACH ROW WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION request_events_erase();

-- Its offers go with the request; that an offer stays with its request is for everybody else.
DROP TRIGGER offer_legal_step ON offer;
CREATE CONSTRAINT TRIGGER offer_legal_step AFTER UPDATE ON offer
    FOR EACH ROW WHEN (NEW.request = OLD.request OR NEW.request NOT LIKE 'erased-%') EXECUTE FUNCTION offer_legal_step();

SELECT access.take_ownership();
