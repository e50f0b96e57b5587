-- What a request's state says is so, whoever writes: of its offers, its places, the plans that it names. And an offer stays
-- as it was made, and is answered when it is answered, by who answers.

-- The instant, which an open transaction does not hold back (access.today() is its day).
CREATE FUNCTION ledger_clock() RETURNS timestamptz LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
    RETURN coalesce((SELECT at FROM simulated_clock), clock_timestamp());

-- How requests begin. Who loads what there is elsewhere acts for nobody, and is held to no role.
COMMENT ON COLUMN request_step.from_state IS 'new: there was no request before.';
-- The trail tells what people did, and not what the schema is made of.
ALTER TABLE request_step DISABLE TRIGGER audited;
INSERT INTO request_step VALUES
    ('new', 'draft', '{desk,coordinator,guardian,police}'),
    -- A night placement, whose own rules say more.
    ('new', 'placed', '{desk,coordinator,police,shelter}');
ALTER TABLE request_step ENABLE TRIGGER audited;

CREATE OR REPLACE FUNCTION request_legal_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    acting CONSTANT text := actor_role(current_actor());
    before CONSTANT text := CASE TG_OP WHEN 'INSERT' THEN 'new' ELSE OLD.state END;
    outcome CONSTANT boolean := NEW.state IN ('accepted', 'placed', 'ended', 'withdrawn', 'unplaced');
    allowed text[];
BEGIN
    IF before = NEW.state THEN
        RETURN NULL;
    ELSIF TG_OP = 'INSERT' AND acting IS NULL AND NEW.state IN ('submitted', 'accepted', 'placed') THEN
        NULL; -- taken in as it is
    ELSE
        SELECT roles INTO allowed FROM request_step WHERE from_state = before AND to_state = NEW.state;
        IF allowed IS NULL OR before = 'new' AND NEW.state = 'placed' AND NOT NEW.night THEN
            PERFORM refuse('request', 'request_legal_step', 'no step leads from ' || before || ' to ' || NEW.state);
        ELSIF acting <> ALL (allowed) THEN
            PERFORM refuse('request', 'request_step_role', 'this step is not for ' || acting);
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' AND (
        NEW.state IN ('ended', 'withdrawn') OR OLD.state IN ('offered', 'accepted') AND NEW.state = 'submitted')
    THEN
        PERFORM request_let_go(NEW.id, NEW.state);
    END IF;
    INSERT INTO request_event (request, at, from_state, to_state, reason, actor)
    VALUES (NEW.id, NEW.state_since, nullif(before, 'new'), NEW.state, NEW.state_reason, current_actor());
    IF TG_OP = 'UPDATE' THEN
        PERFORM emit('request-' || NEW.state, jsonb_build_object('request', NEW.id));
        -- Who referred hears what came of it.
        IF outcome AND NEW.referred_by IS NOT NULL THEN
            PERFORM emit('outcome', jsonb_build_object('request', NEW.id, 'state', NEW.state), NEW.referred_by);
        END IF;
    END IF;
    RETURN NULL;
END $$;

-- At commit, what a state says must be so; request_has_stays() says it of places.
CREATE FUNCTION request_is_as_its_state(asked identifier) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    now_is text;
BEGIN
    SELECT state INTO now_is FROM request WHERE id = asked;
    IF now_is IS NULL THEN RETURN; END IF;
    IF NOT EXISTS (SELECT FROM request_victim AS v WHERE v.request = asked) THEN
        PERFORM refuse('request', 'request_victims', 'a request is for somebody');
    ELSIF (now_is = 'offered') <> EXISTS (
            SELECT FROM offer AS o WHERE o.request = asked AND o.kind = 'placement' AND o.state = 'open')
        OR now_is NOT IN ('accepted', 'placed', 'ended') AND EXISTS (
            SELECT FROM offer AS o WHERE o.request = asked AND o.state = 'accepted')
        OR now_is <> 'placed' AND EXISTS (
            SELECT FROM offer AS o WHERE o.request = asked AND o.kind = 'transfer' AND o.state = 'open')
        OR EXISTS (
            SELECT FROM stay AS s JOIN offer AS o ON o.id = s.offer WHERE s.request = asked AND o.state <> 'accepted')
    THEN
        PERFORM refuse('request', 'request_offers', 'a request that is ' || now_is || ' has no such offers');
    ELSIF now_is IN ('proposed', 'unplaced') AND NOT EXISTS (
        SELECT FROM proposal AS p
        WHERE p.request = asked AND p.placed = (now_is = 'proposed') AND p.published_at IS NOT NULL)
    THEN
        PERFORM refuse('request', 'request_proposal', 'no published plan says that the request is ' || now_is);
    ELSIF EXISTS (
        SELECT FROM transfer AS t LEFT JOIN offer AS o ON o.id = t.offer
        WHERE t.request = asked AND (t.state IN ('wanted', 'agreed') AND now_is <> 'placed'
            OR t.state IN ('agreed', 'completed') AND (o.request, o.kind, o.state) <> (asked, 'transfer', 'accepted')))
    THEN
        PERFORM refuse('request', 'request_transfer', 'who is placed is moved, by an offer of the request that is accepted');
    ELSIF now_is IN ('ended', 'withdrawn') AND EXISTS (
        SELECT FROM hold AS h WHERE h.request = asked AND h.released_at IS NULL)
    THEN
        PERFORM refuse('request', 'request_holds', 'beds are kept for a request that is over');
    END IF;
END $$;

CREATE FUNCTION request_as_state() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'request' THEN
        PERFORM request_is_as_its_state(NEW.id);
    ELSIF TG_OP = 'DELETE' OR TG_TABLE_NAME = 'request_victim' THEN
        PERFORM request_is_as_its_state(OLD.request);
    ELSE
        PERFORM request_is_as_its_state(NEW.request);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER request_as_state AFTER INSERT OR UPDATE OF state ON request DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION request_as_state();
CREATE CONSTRAINT TRIGGER request_as_state AFTER DELETE OR UPDATE OF request ON request_victim
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION request_as_state();
CREATE CONSTRAINT TRIGGER request_as_state AFTER INSERT OR DELETE OR UPDATE OF state, request ON offer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION request_as_state();
CREATE CONSTRAINT TRIGGER request_as_state AFTER INSERT OR UPDATE OF state, offer, request ON transfer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION request_as_state();
CREATE CONSTRAINT TRIGGER request_as_state AFTER DELETE OR UPDATE OF placed, published_at, request ON proposal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION request_as_state();
CREATE CONSTRAINT TRIGGER request_as_state AFTER INSERT OR UPDATE OF request, released_at ON hold
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.request IS NOT NULL AND NEW.released_at IS NULL)
    EXECUTE FUNCTION request_as_state();

-- A gap is made by taking a stay away as well.
DROP TRIGGER stay_contiguous ON stay;
CREATE OR REPLACE FUNCTION stay_contiguous() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_request CONSTANT text := CASE TG_OP WHEN 'DELETE' THEN OLD.request ELSE NEW.request END;
    of_victim CONSTANT text := CASE TG_OP WHEN 'DELETE' THEN OLD.victim ELSE NEW.victim END;
BEGIN
    IF EXISTS (
        SELECT FROM stay AS s WHERE s.request = of_request AND s.victim = of_victim
        HAVING count(*) > 1 AND (
            upper(range_merge(range_agg(s.days))) - lower(range_merge(range_agg(s.days)))
            <> sum(upper(s.days) - lower(s.days))))
    THEN
        PERFORM refuse('stay', 'stay_contiguous', 'the stays of a request follow each other without a gap');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER stay_contiguous AFTER INSERT OR UPDATE OR DELETE ON stay DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION stay_contiguous();

-- A stay is what was agreed on, and where: the bed of an accepted offer, that of a night placement, or where somebody was
-- when the ledger took the request in. At commit, so that the guards of beds say first what they have against it.
CREATE FUNCTION stay_unagreed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.origin = 'record' AND NOT (CASE TG_OP
        -- Only who takes facts in, for nobody, and only at the request's beginning.
        WHEN 'INSERT' THEN current_actor() IS NULL AND NOT EXISTS (
            SELECT FROM request_event AS e WHERE e.request = NEW.request AND e.from_state IS NOT NULL)
        ELSE NEW.unit = OLD.unit AND OLD.days @> NEW.days END)
        OR EXISTS (
            SELECT FROM stay AS s WHERE s.request = NEW.request AND NOT CASE s.origin
                WHEN 'offer' THEN EXISTS (
                    SELECT FROM offer AS o JOIN offer_stay AS a ON a.offer = o.id
                    WHERE o.id = s.offer AND o.state = 'accepted' AND o.request = s.request
                        AND a.victim = s.victim AND a.unit = s.unit AND a.days @> s.days)
                WHEN 'night' THEN s.offer IS NULL AND EXISTS (
                    SELECT FROM night_placement AS n WHERE n.request = s.request AND n.unit = s.unit AND n.days @> s.days)
                ELSE s.offer IS NULL END)
    THEN
        PERFORM refuse('stay', 'stay_unagreed', 'nobody agreed on this stay');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER stay_unagreed AFTER INSERT OR UPDATE ON stay DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION stay_unagreed();
ALTER TABLE stay ALTER origin SET DEFAULT 'record';

-- Offers

-- Each step of an offer takes the turns of the request's victims, as each step of the request does: of two who take the
-- last two offers back, the second sees that no other is left.
CREATE FUNCTION offer_turns() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM request WHERE id = NEW.request FOR NO KEY UPDATE;
    PERFORM take_turns('{}', ARRAY(SELECT v.victim::text FROM request_victim AS v WHERE v.request = NEW.request));
    IF TG_OP = 'UPDATE' THEN
        -- When it was answered is not for who answers to say.
        IF OLD.state = 'open' THEN NEW.answered_at := ledger_clock(); END IF;
        IF NEW.state IN ('accepted', 'declined') THEN NEW.answered_by := coalesce(NEW.answered_by, current_actor()); END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER offer_turns_begin BEFORE INSERT ON offer FOR EACH ROW EXECUTE FUNCTION offer_turns();
CREATE TRIGGER offer_turns BEFORE UPDATE OF state ON offer FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION offer_turns();

CREATE OR REPLACE FUNCTION offer_of_open_request() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    now_is text;
BEGIN
    IF NEW.state <> 'open' THEN
        PERFORM refuse('offer', 'offer_legal_step', 'an offer begins open');
    ELSIF NEW.made_by <> current_actor() OR actor_role(NEW.made_by) NOT IN ('desk', 'coordinator', 'guardian') THEN
        PERFORM refuse('offer', 'offer_actor', 'an offer is made by the desk, a coordinator or a guardian who acts');
    END IF;
    -- The row is locked, so that the request is not withdrawn meanwhile.
    SELECT state INTO now_is FROM request WHERE id = NEW.request FOR NO KEY UPDATE;
    IF NEW.kind = 'transfer' THEN
        IF now_is <> 'placed' OR NOT EXISTS (
            SELECT FROM transfer AS t WHERE t.request = NEW.request AND t.state = 'wanted')
        THEN
            PERFORM refuse('offer', 'offer_of_open_request', 'a transfer is of a request that is placed and to be moved');
        END IF;
    ELSIF now_is IN ('submitted', 'unplaced', 'proposed') THEN
        UPDATE request SET state = 'offered', state_reason = NULL WHERE id = NEW.request;
    ELSIF now_is <> 'offered' THEN
        PERFORM refuse('offer', 'offer_of_open_request', 'the request is ' || now_is || ' and takes no offers');
    END IF;
    PERFORM emit('offer-made', jsonb_build_object('offer', NEW.id, 'request', NEW.request));
    RETURN NULL;
END $$;

-- Whether an actor may decline an offer, for the victim or for whom the actor is.
CREATE FUNCTION offer_may_decline(declined offer, by actor) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN CASE actor_role(by)
    WHEN 'shelter' THEN declined.side IN ('shelter', 'victim') AND EXISTS (
        SELECT FROM offer_stay AS s JOIN unit AS u ON u.id = s.unit
        WHERE s.offer = declined.id AND u.shelter = actor_id(by))
    ELSE declined.side IN ('authority', 'victim') AND actor_role(by) IN ('desk', 'coordinator', 'police', 'guardian') END;

CREATE OR REPLACE FUNCTION offer_legal_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Its request may have another name, once its case is erased.
    IF NEW.request <> OLD.request AND EXISTS (SELECT FROM request WHERE id = OLD.request)
        OR (NEW.kind, NEW.made_at, NEW.made_by, NEW.answer_by) <> (OLD.kind, OLD.made_at, OLD.made_by, OLD.answer_by)
        OR OLD.state <> 'open' AND (NEW.answered_at, NEW.answered_by, NEW.side, NEW.reason)
            IS DISTINCT FROM (OLD.answered_at, OLD.answered_by, OLD.side, OLD.reason)
    THEN
        PERFORM refuse('offer', 'offer_legal_step', 'an offer stays as it was made and answered');
    ELSIF NEW.state = OLD.state THEN RETURN NULL;
    ELSIF OLD.state <> 'open' AND NOT (OLD.state = 'accepted' AND NEW.state = 'cancelled') THEN
        PERFORM refuse('offer', 'offer_legal_step', 'the offer is ' || OLD.state || ' already');
    END IF;
    CASE NEW.state
        WHEN 'accepted' THEN
            IF NEW.answered_by <> current_actor() THEN
                PERFORM refuse('offer', 'offer_actor', 'an offer is answered by who acts');
            ELSIF NEW.kind = 'placement' AND 1 < (
                SELECT count(DISTINCT v.days) FROM (
                    SELECT array_agg(s.days ORDER BY s.days) AS days FROM offer_stay AS s
                    WHERE s.offer = NEW.id GROUP BY s.victim) AS v)
            THEN
                -- Else no plan could be made around it.
                PERFORM refuse('offer', 'offer_even', 'the victims of a request start, move and end on the same days');
            END IF;
            PERFORM offer_accept(NEW);
        WHEN 'declined' THEN
            IF NEW.answered_by <> current_actor() OR NOT offer_may_decline(NEW, current_actor()) THEN
                PERFORM refuse('offer', 'offer_actor', 'an offer is declined by who acts, for one''s own side or the victim');
            ELSIF NEW.answer_by <= NEW.answered_at THEN
                PERFORM refuse('offer', 'offer_in_time', 'the offer was to be answered before');
            END IF;
        WHEN 'expired' THEN
            IF NEW.answer_by > ledger_clock() THEN
                PERFORM refuse('offer', 'offer_in_time', 'the offer can still be answered');
            END IF;
        ELSE NULL;
    END CASE;
    PERFORM emit('offer-' || NEW.state, jsonb_build_object('offer', NEW.id, 'request', NEW.request));
    -- Back to the queue, when nothing else is offered.
    IF OLD.state = 'open' AND NEW.state <> 'accepted' THEN
        UPDATE request AS r SET state = 'submitted', state_reason = 'offer-' || NEW.state
        WHERE r.id = NEW.request AND r.state = 'offered'
            AND NOT EXISTS (SELECT FROM offer AS o WHERE o.request = r.id AND o.state = 'open');
    END IF;
    RETURN NULL;
END $$;

-- An approval is given by whom it is asked of, in time, and by nobody in another's name.
CREATE OR REPLACE FUNCTION offer_approval_role() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    asked offer;
BEGIN
    SELECT * INTO asked FROM offer WHERE id = NEW.offer;
    IF NOT offer_may_approve(NEW.offer, NEW.subject, NEW.approval, NEW.given_by) OR NEW.given_by <> current_actor() THEN
        PERFORM refuse('offer_approval', 'offer_approval_role', 'this approval is not asked of ' || NEW.given_by);
    ELSIF asked.state <> 'open' THEN
        PERFORM refuse('offer_approval', 'offer_legal_step', 'the offer is ' || asked.state || ' already');
    ELSIF asked.answer_by <= ledger_clock() THEN
        PERFORM refuse('offer_approval', 'offer_in_time', 'the offer was to be answered before');
    END IF;
    RETURN NULL;
END $$;

-- Who approves an offer approves its beds and what it overrides: these stay as they are once somebody has.
CREATE FUNCTION offer_content_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    changed CONSTANT bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.offer ELSE NEW.offer END;
BEGIN
    -- Another name of an erased case is no change.
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'victim' = to_jsonb(OLD) - 'victim'
        AND NOT EXISTS (SELECT FROM victim WHERE id = to_jsonb(OLD) ->> 'victim')
    THEN
        RETURN NULL;
    ELSIF EXISTS (SELECT FROM offer AS o WHERE o.id = changed AND o.state <> 'open')
        OR EXISTS (SELECT FROM offer_approval AS a WHERE a.offer = changed)
    THEN
        PERFORM refuse('offer', 'offer_content_kept', 'an offer is approved as it is');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER offer_content_kept AFTER INSERT OR UPDATE OR DELETE ON offer_stay
    FOR EACH ROW EXECUTE FUNCTION offer_content_kept();
CREATE CONSTRAINT TRIGGER offer_content_kept AFTER INSERT OR DELETE ON rule_override
    FOR EACH ROW EXECUTE FUNCTION offer_content_kept();

-- Transfers

CREATE FUNCTION transfer_legal_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'wanted' THEN
            PERFORM refuse('transfer', 'transfer_legal_step', 'a transfer begins as a wish');
        END IF;
    ELSIF (OLD.state, NEW.state) NOT IN (
        ('wanted', 'agreed'), ('wanted', 'cancelled'), ('agreed', 'completed'), ('agreed', 'cancelled'))
    THEN
        PERFORM refuse('transfer', 'transfer_legal_step', 'no step leads from ' || OLD.state || ' to ' || NEW.state);
    ELSIF NEW.state = 'completed' AND NOT EXISTS (SELECT FROM stay AS s WHERE s.offer = NEW.offer) THEN
        PERFORM refuse('transfer', 'transfer_legal_step', 'a transfer is complete when somebody has moved');
    END IF;
    RETURN NULL;
END $$;
-- At commit: the stays are written after the transfer is complete.
CREATE CONSTRAINT TRIGGER transfer_begins AFTER INSERT ON transfer DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION transfer_legal_step();
CREATE CONSTRAINT TRIGGER transfer_legal_step AFTER UPDATE OF state ON transfer DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION transfer_legal_step();

-- What has been is not taken away, and steps are told by those who made them only: functions of the owner do both.
REVOKE DELETE ON request, request_victim, offer, offer_stay, offer_approval, rule_override, stay, transfer, night_placement,
    hold, move_hold, capacity_report, plan_run, proposal, proposal_stay, proposal_reason FROM onderdak_service;
REVOKE INSERT, UPDATE, DELETE ON request_event FROM onderdak_service;

-- Whoever sets the clock back can answer what has expired: whether a ledger's time can be set at all is its owner's to say.
REVOKE INSERT, DELETE ON simulated_clock FROM onderdak_service;
COMMENT ON TABLE simulated_clock IS
    'Empty, but in a demonstration: the instant at which the ledger stands still. The owner puts the row there; the program sets it.';

SELECT access.take_ownership();
