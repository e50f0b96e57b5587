-- Whoever talks SQL as the program's own role names who acts: that actor then takes steps of its own cases only, and what is
-- said to be somebody's doing is that of who acts.

-- Whether an actor may take steps of a request: one that it deals with, that it made, or of whom it has or was to have.
CREATE FUNCTION request_is_of(of_request identifier, who actor) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN request_concerns(of_request, who)
    OR EXISTS (
        SELECT FROM request_event AS e WHERE e.request = of_request AND e.from_state IS NULL AND e.actor = who)
    OR EXISTS (
        SELECT FROM offer AS o JOIN offer_stay AS s ON s.offer = o.id JOIN unit AS u ON u.id = s.unit
        WHERE o.request = of_request AND o.state = 'accepted' AND 'shelter/' || u.shelter = who)
    OR EXISTS (
        SELECT FROM night_placement AS n JOIN unit AS u ON u.id = n.unit
        WHERE n.request = of_request AND 'shelter/' || u.shelter = who);

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
        -- What follows from an offer's step is for who makes that.
        ELSIF before <> 'new' AND acting IS NOT NULL AND pg_trigger_depth() = 1
            AND NOT request_is_of(NEW.id, current_actor())
        THEN
            PERFORM refuse('request', 'request_step_role', 'this step is not for ' || current_actor());
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

-- Who makes an offer deals with its request; who declines it, or takes it back, deals with its request or has the bed.
CREATE FUNCTION offer_by_whom_it_concerns() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF actor_role(current_actor()) <> 'desk' AND pg_trigger_depth() = 1
        AND (TG_OP = 'INSERT' OR NEW.state IN ('declined', 'cancelled'))
        AND NOT request_is_of(NEW.request, current_actor())
    THEN
        PERFORM refuse('offer', 'offer_actor', 'the request is no case of ' || current_actor());
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER offer_by_whom_it_concerns BEFORE INSERT ON offer
    FOR EACH ROW EXECUTE FUNCTION offer_by_whom_it_concerns();
-- Before the step, after which an offer is no longer open to who declines it.
CREATE TRIGGER offer_answer_by_whom_it_concerns BEFORE UPDATE OF state ON offer FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION offer_by_whom_it_concerns();

-- Against a rule decides who may place, and agrees who may as a second person.
CREATE FUNCTION rule_override_role() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF actor_role(NEW.made_by) NOT IN ('desk', 'coordinator', 'guardian')
        OR actor_role(NEW.seconded_by) NOT IN ('desk', 'coordinator', 'police', 'guardian')
    THEN
        PERFORM refuse('rule_override', 'rule_override_actor', 'this is not for the role of who overrides or agrees');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER rule_override_role AFTER INSERT OR UPDATE OF made_by, seconded_by ON rule_override
    FOR EACH ROW EXECUTE FUNCTION rule_override_role();

-- At night, too, it is who acts that places; and who confirms, confirms.
CREATE FUNCTION night_placement_actor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.placed_by <> current_actor() THEN
        PERFORM refuse('night_placement', 'night_placement_role', 'who places at night is who acts');
    ELSIF TG_OP = 'UPDATE' AND NEW.confirmed_by <> current_actor() AND NEW.confirmed_by IS DISTINCT FROM OLD.confirmed_by THEN
        PERFORM refuse('night_placement', 'night_placement_confirmer', 'who confirms a night is who acts');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER night_placement_actor AFTER INSERT OR UPDATE OF confirmed_by ON night_placement
    FOR EACH ROW EXECUTE FUNCTION night_placement_actor();

-- A report is its source's own.
CREATE FUNCTION capacity_report_actor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.source <> current_actor() THEN
        PERFORM refuse('capacity_report', 'capacity_report_source', 'who reports is who acts');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER capacity_report_actor AFTER INSERT ON capacity_report
    FOR EACH ROW EXECUTE FUNCTION capacity_report_actor();

SELECT access.take_ownership();
