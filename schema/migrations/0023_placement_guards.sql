-- The guards of placements (0007) against whoever talks SQL as the program's own role: nothing that they rely on can be
-- taken away, and nothing that they make an exception for can be claimed.

-- Without its row nobody waits for a turn. take_turns() is the owner's and needs no right of its caller's.
REVOKE INSERT, UPDATE, DELETE ON unit_turn, victim_turn FROM onderdak_service;

-- The days that a change of a stay adds to its unit; `same`: whether what a guard looks at is the same as before.
CREATE FUNCTION days_added(op text, old_stay stay, new_stay stay, same boolean) RETURNS datemultirange
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN op = 'UPDATE' AND same AND old_stay.unit = new_stay.unit AND old_stay.origin = new_stay.origin
            AND new_stay.overrides @> old_stay.overrides
        THEN datemultirange(new_stay.days) - datemultirange(old_stay.days)
        ELSE datemultirange(new_stay.days) END
$$;

-- Whether a stay is of the same group for its unit after a change: that of its request, or of one that was renamed as a
-- whole, as it is when its case is erased. Else a case could not be erased whose unit once had more people than beds.
CREATE FUNCTION is_same_group(old_stay stay, new_stay stay) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN old_stay.request = new_stay.request OR NOT EXISTS (
    SELECT FROM stay AS s WHERE s.request = old_stay.request AND s.unit = old_stay.unit AND s.days && old_stay.days);

-- Taken in as it is, whatever rule it breaks: who is somewhere is there, and what is too much is shown (unit_excess,
-- no_contact_broken). What is still to come is an agreement like any other.
CREATE FUNCTION is_taken_in(op text, new_stay stay) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN op = 'INSERT' AND new_stay.origin = 'record' AND (new_stay.arrived OR lower(new_stay.days) <= ledger_today());

CREATE OR REPLACE FUNCTION stay_beds() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT is_taken_in(TG_OP, NEW) AND first_day_over(
        NEW.unit, days_added(TG_OP, OLD, NEW, TG_OP = 'UPDATE' AND is_same_group(OLD, NEW))) IS NOT NULL
    THEN
        PERFORM refuse('stay', 'stay_beds', 'the unit has no free bed on every day of the stay');
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION stay_mixing() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT is_taken_in(TG_OP, NEW) AND 'mixing' <> ALL (NEW.overrides)
        AND (SELECT mixing FROM unit WHERE id = NEW.unit) = 'single-sex'
        AND EXISTS (
            SELECT FROM stay AS s JOIN victim AS v ON v.id = s.victim
            WHERE s.unit = NEW.unit AND s.days && NEW.days
                AND s.days && days_added(TG_OP, OLD, NEW, TG_OP = 'UPDATE' AND OLD.victim = NEW.victim)
                AND 'mixing' <> ALL (s.overrides)
                -- A victim who is not there yet, its key being checked later, is of no known sex.
                AND v.sex IS DISTINCT FROM (SELECT sex FROM victim WHERE id = NEW.victim))
    THEN
        PERFORM refuse('stay', 'stay_mixing', 'people of another sex are in the unit');
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION stay_exclusive() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT is_taken_in(TG_OP, NEW) AND 'exclusive' <> ALL (NEW.overrides)
        AND (SELECT exclusive FROM unit WHERE id = NEW.unit)
        AND EXISTS (
            SELECT FROM stay AS s WHERE s.unit = NEW.unit AND s.days && NEW.days
                AND s.days && days_added(TG_OP, OLD, NEW, TG_OP = 'UPDATE' AND is_same_group(OLD, NEW))
                AND s.request <> NEW.request AND 'exclusive' <> ALL (s.overrides))
    THEN
        PERFORM refuse('stay', 'stay_exclusive', 'another group is in the unit');
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION stay_no_contact() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT is_taken_in(TG_OP, NEW) AND 'no-contact' <> ALL (NEW.overrides) AND EXISTS (
        SELECT FROM stays_to_avoid(
            NEW.victim, NEW.request, NEW.unit,
            days_added(TG_OP, OLD, NEW, TG_OP = 'UPDATE' AND OLD.victim = NEW.victim AND OLD.request = NEW.request)) AS s
        WHERE 'no-contact' <> ALL (s.overrides))
    THEN
        PERFORM refuse('stay', 'stay_no_contact', 'somebody whom the victim must not meet is there');
    END IF;
    RETURN NULL;
END $$;

DROP FUNCTION days_added(text, stay, stay);

-- By its name the first of the guards: what is claimed is checked before it exempts from them.
CREATE FUNCTION stay_as_claimed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.origin <> OLD.origin THEN
        PERFORM refuse('stay', 'stay_origin_kept', 'how a stay began does not change');
    ELSIF NOT NEW.overrides <@ ARRAY(
        SELECT o.rule FROM rule_override AS o WHERE o.offer = NEW.offer AND o.hard AND o.seconded_by IS NOT NULL)
    THEN
        PERFORM refuse('stay', 'stay_overridden', 'a stay is exempt from rules that its offer overrides, with a second person');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER stay_as_claimed AFTER INSERT OR UPDATE ON stay
    FOR EACH ROW EXECUTE FUNCTION stay_as_claimed();

-- Who overrides a rule, and who seconds it, is who acts.
CREATE FUNCTION rule_override_actor() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND (NEW.made_by IS DISTINCT FROM current_actor() OR NEW.seconded_by IS NOT NULL)
        OR TG_OP = 'UPDATE' AND (
            (NEW.offer, NEW.rule, NEW.made_by, NEW.legal_basis) IS DISTINCT FROM (OLD.offer, OLD.rule, OLD.made_by, OLD.legal_basis)
            OR NEW.seconded_by IS DISTINCT FROM OLD.seconded_by
                AND (OLD.seconded_by IS NOT NULL OR NEW.seconded_by IS DISTINCT FROM current_actor()))
    THEN
        PERFORM refuse('rule_override', 'rule_override_actor', 'a rule is overridden, and seconded, by who acts');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER rule_override_actor AFTER INSERT OR UPDATE ON rule_override
    FOR EACH ROW EXECUTE FUNCTION rule_override_actor();

-- A request's state and its stays change one after the other: each step takes the turns of the request's victims, as each
-- change of a stay does, so that neither looks at what the other is about to change.
CREATE FUNCTION request_turns() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM take_turns('{}', ARRAY(SELECT v.victim::text FROM request_victim AS v WHERE v.request = NEW.id));
    RETURN NEW;
END $$;
CREATE TRIGGER request_turns BEFORE UPDATE OF state ON request FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION request_turns();

-- Who joins a request, or leaves it, has or had a place as its state says.
CREATE CONSTRAINT TRIGGER request_victim_stays AFTER INSERT OR UPDATE OF request, victim ON request_victim
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION request_stays();

CREATE OR REPLACE FUNCTION request_victim_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Locked, so that the request is not over by the time that this commits.
    SELECT r.state IN ('ended', 'withdrawn'), r.night INTO NEW.closed, NEW.night
    FROM request AS r WHERE r.id = NEW.request FOR SHARE;
    NEW.closed := coalesce(NEW.closed, false);
    NEW.night := coalesce(NEW.night, false);
    RETURN NEW;
END $$;

-- What is blanked and renamed when a case is erased is no step and no approval.

CREATE OR REPLACE FUNCTION offer_legal_step() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Its request may have another name, once its case is erased.
    IF NEW.request <> OLD.request AND EXISTS (SELECT FROM request WHERE id = OLD.request) OR NEW.kind <> OLD.kind THEN
        PERFORM refuse('offer', 'offer_legal_step', 'an offer stays that of its request');
    ELSIF NEW.state = OLD.state THEN RETURN NULL;
    ELSIF OLD.state <> 'open' AND NOT (OLD.state = 'accepted' AND NEW.state = 'cancelled') THEN
        PERFORM refuse('offer', 'offer_legal_step', 'the offer is ' || OLD.state || ' already');
    END IF;
    CASE NEW.state
        WHEN 'accepted' THEN PERFORM offer_accept(NEW);
        WHEN 'expired' THEN
            IF NEW.answer_by > ledger_now() THEN
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

DROP TRIGGER offer_approval_role ON offer_approval;
CREATE CONSTRAINT TRIGGER offer_approval_role AFTER INSERT OR UPDATE OF offer, subject, approval, given_by ON offer_approval
    FOR EACH ROW EXECUTE FUNCTION offer_approval_role();

SELECT access.take_ownership();
