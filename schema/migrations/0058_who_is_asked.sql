-- Who is asked to approve of an offer answers it, and has not the case with it.

CREATE FUNCTION offer_asks(of_offer bigint, who actor) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM offer AS o JOIN offer_stay AS s ON s.offer = o.id
        JOIN unit AS u ON u.id = s.unit JOIN shelter AS h ON h.id = u.shelter
        WHERE o.id = of_offer AND o.state = 'open' AND (
            -- A ward's own guardian, wherever the ward is placed.
            offer_may_approve(o.id, s.victim, 'guardian', who) OR EXISTS (
                SELECT FROM authority_approval AS a
                WHERE a.authority = coalesce(h.placement_authority, 'shelter') AND a.role = actor_role(who)
                    AND offer_may_approve(o.id, h.id, a.approval, who))))
$$;
COMMENT ON FUNCTION offer_asks IS
    'Whether an actor is asked to approve of an open offer, and so may answer it or agree with what it overrides.';

-- They see what they are asked, by the ledger's pseudonym, until it is answered; nothing else of the case.
CREATE FUNCTION access.offers_asked() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT o.id FROM offer AS o
    WHERE access.acting_role() IN ('coordinator', 'police', 'guardian') AND o.state = 'open' AND o.answer_by > ledger_now()
        AND offer_asks(o.id, (access.acting_role() || '/' || access.acting_id())::actor)
$$;
GRANT EXECUTE ON FUNCTION access.offers_asked TO onderdak_coordinator, onderdak_police, onderdak_guardian;
CREATE POLICY asked_reads ON offer FOR SELECT TO onderdak_coordinator, onderdak_police, onderdak_guardian
    USING (id IN (SELECT access.offers_asked()));
CREATE POLICY asked_reads ON offer_stay FOR SELECT TO onderdak_coordinator, onderdak_police, onderdak_guardian
    USING (offer IN (SELECT access.offers_asked()));
CREATE POLICY asked_reads ON rule_override FOR SELECT TO onderdak_coordinator, onderdak_police, onderdak_guardian
    USING (offer IN (SELECT access.offers_asked()));

CREATE OR REPLACE FUNCTION access.offer_missing(of_offer bigint) RETURNS TABLE (subject text, approval text, roles text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT m.subject, m.approval, m.roles FROM public.offer_missing(of_offer) AS m
    WHERE access.acting_as('service') IS NOT NULL
        OR of_offer IN (SELECT access.offers_asked())
        OR EXISTS (
            SELECT FROM public.offer_stay AS s JOIN public.unit AS u ON u.id = s.unit
            WHERE s.offer = of_offer AND (u.shelter = access.acting_as('shelter')
                OR s.victim IN (SELECT access.disclosed(access.acting_role(), 'phase'))));
END;

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
BEGIN
    IF NOT coalesce(
        actor_role(current_actor()) IN ('desk', 'admin')
            OR TG_TABLE_NAME = 'coordinator_absence'
                AND (TG_OP = 'INSERT' OR current_actor() = 'coordinator/' || (to_jsonb(OLD) ->> 'coordinator'))
                AND (TG_OP = 'DELETE' OR current_actor() = 'coordinator/' || (to_jsonb(NEW) ->> 'coordinator')),
        access.acting_as('service') IS NULL)
    THEN
        PERFORM refuse('coverage', 'coverage_actor', coalesce(
            'who covers what is not for ' || current_actor() || ' to say', 'nobody acts'));
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER coverage_actor BEFORE INSERT OR UPDATE OR DELETE ON coverage
    FOR EACH ROW EXECUTE FUNCTION coverage_by_who_may();
CREATE TRIGGER coverage_actor BEFORE INSERT OR UPDATE OR DELETE ON coordinator_absence
    FOR EACH ROW EXECUTE FUNCTION coverage_by_who_may();

SELECT access.take_ownership();
