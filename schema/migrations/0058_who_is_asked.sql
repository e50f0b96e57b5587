-- Who is asked to approve of an offer answers it, and has not the case with it.

CREATE FUNCTION offer_asks(of_offer bigint, who actor) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM offer_stay AS s JOIN unit AS u ON u.id = s.unit JOIN shelter AS h ON h.id = u.shelter
        JOIN authority_approval AS a ON a.authority = coalesce(h.placement_authority, 'shelter')
        WHERE s.offer = of_offer AND offer_may_approve(of_offer, h.id, a.approval, who))
$$;
COMMENT ON FUNCTION offer_asks IS
    'Whether an actor is asked to approve of an offer, and so may answer it or agree with what it overrides.';

-- As before, without whom an offer asks for an approval: of some units that is any coordinator, or any police.
CREATE OR REPLACE FUNCTION request_concerns(of_request identifier, who actor) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT actor_role(who) = 'desk'
    OR EXISTS (SELECT FROM request AS r WHERE r.id = of_request AND r.referred_by = who)
    OR EXISTS (
        SELECT FROM request_victim AS m WHERE m.request = of_request AND CASE actor_role(who)
            WHEN 'coordinator' THEN EXISTS (
                SELECT FROM case_coordinator AS c WHERE c.victim = m.victim AND 'coordinator/' || c.coordinator = who)
            WHEN 'police' THEN EXISTS (
                SELECT FROM police_case AS p
                WHERE p.victim = m.victim AND 'police/' || p.police = who AND p.days @> ledger_today())
            WHEN 'guardian' THEN EXISTS (
                SELECT FROM guardianship AS g
                WHERE g.victim = m.victim AND 'guardian/' || g.guardian = who AND g.days @> ledger_today())
            WHEN 'shelter' THEN EXISTS (
                SELECT FROM stay AS s JOIN unit AS u ON u.id = s.unit
                WHERE s.request = of_request AND 'shelter/' || u.shelter = who AND NOT EXISTS (
                    SELECT FROM stay AS l JOIN unit AS n ON n.id = l.unit
                    WHERE l.request = s.request AND l.victim = s.victim AND lower(l.days) > lower(s.days)
                        AND lower(l.days) <= ledger_today() AND n.shelter <> u.shelter))
            ELSE false END)
    OR EXISTS (
        SELECT FROM offer AS o JOIN offer_stay AS s ON s.offer = o.id JOIN unit AS u ON u.id = s.unit
        WHERE o.request = of_request AND actor_role(who) = 'shelter' AND 'shelter/' || u.shelter = who
            AND (o.state = 'open' OR EXISTS (
                SELECT FROM transfer AS t WHERE t.offer = o.id AND t.state = 'agreed')))
$$;

CREATE OR REPLACE FUNCTION offer_by_whom_it_concerns() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF pg_trigger_depth() = 1 AND (TG_OP = 'INSERT' OR NEW.state IN ('declined', 'cancelled'))
        AND NOT coalesce(
            actor_role(current_actor()) = 'desk' OR request_is_of(NEW.request, current_actor())
                OR TG_OP = 'UPDATE' AND NEW.state = 'declined' AND offer_asks(NEW.id, current_actor()),
            access.acting_as('service') IS NULL)
    THEN
        PERFORM refuse(
            'offer', 'offer_actor', coalesce('the request is no case of ' || current_actor(), 'nobody acts'));
    END IF;
    RETURN NEW;
END $$;

-- A second person is one who deals with the case, or whom the offer asks.
CREATE OR REPLACE FUNCTION rule_override_role() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF actor_role(NEW.made_by) NOT IN ('desk', 'coordinator', 'guardian')
        OR actor_role(NEW.seconded_by) NOT IN ('desk', 'coordinator', 'police', 'guardian')
    THEN
        PERFORM refuse('rule_override', 'rule_override_actor', 'this is not for the role of who overrides or agrees');
    ELSIF NEW.seconded_by IS NOT NULL AND NOT offer_asks(NEW.offer, NEW.seconded_by) AND NOT request_concerns(
        (SELECT o.request FROM offer AS o WHERE o.id = NEW.offer), NEW.seconded_by)
    THEN
        PERFORM refuse('rule_override', 'case_actor', 'the request is no case of ' || NEW.seconded_by);
    END IF;
    RETURN NULL;
END $$;

-- Whose cases are whose follows from coverage: in the program's hands too it is for the desk and the operator, and a
-- coordinator's absence for the coordinator.
CREATE FUNCTION coverage_by_who_may() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    changed CONSTANT record := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    IF NOT coalesce(
        actor_role(current_actor()) IN ('desk', 'admin')
            OR TG_TABLE_NAME = 'coordinator_absence' AND current_actor() = 'coordinator/' || changed.coordinator,
        access.acting_as('service') IS NULL)
    THEN
        PERFORM refuse('coverage', 'coverage_actor', coalesce(
            'who covers what is not for ' || current_actor() || ' to say', 'nobody acts'));
    END IF;
    RETURN changed;
END $$;
CREATE TRIGGER coverage_actor BEFORE INSERT OR UPDATE OR DELETE ON coverage
    FOR EACH ROW EXECUTE FUNCTION coverage_by_who_may();
CREATE TRIGGER coverage_actor BEFORE INSERT OR UPDATE OR DELETE ON coordinator_absence
    FOR EACH ROW EXECUTE FUNCTION coverage_by_who_may();

SELECT access.take_ownership();
