-- Cases from nothing: a victim is on record, with who is accountable and who investigates, before anybody asks for a
-- place; and what each role sees in its lists.

ALTER TABLE victim
    ADD region identifier CONSTRAINT victim_region REFERENCES region;
COMMENT ON COLUMN victim.region IS
    'The region that is accountable for the case as long as no request of it says; null: not known.';
GRANT SELECT (region) ON victim TO
    onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian;
GRANT UPDATE (region) ON victim TO onderdak_desk, onderdak_coordinator;

CREATE OR REPLACE VIEW case_coordinator AS
    SELECT v.id AS victim, f.function, r.region,
        coordinator_on_duty(r.region, f.function, age_on(v.birth_date, d.day), d.day) AS coordinator
    FROM victim AS v
    CROSS JOIN (VALUES ('care'), ('outflow'), ('youth')) AS f(function)
    CROSS JOIN (SELECT ledger_today() AS day) AS d
    CROSS JOIN LATERAL (
        -- The region of the request that is under way, or else of the last one: who coordinated a case still answers for it.
        SELECT coalesce((
            SELECT r.region FROM request_victim AS m JOIN request AS r ON r.id = m.request
            WHERE m.victim = v.id AND r.region IS NOT NULL
            ORDER BY m.closed, m.night, r.known_from DESC, r.id LIMIT 1), v.region) AS region) AS r;

-- Who is accountable for a case is for everybody to know who sees the case at all: whom to call.
CREATE FUNCTION access.accountable() RETURNS TABLE (victim text, region text, coordinator text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog AS $$
    SELECT c.victim, c.region, c.coordinator FROM case_coordinator AS c
    WHERE c.function = 'care' AND (access.acting_as('service') IS NOT NULL
        OR c.victim IN (SELECT access.disclosed(access.acting_role(), 'phase')))
$$;
COMMENT ON FUNCTION access.accountable IS 'Who is accountable for shelter, case by case; null: nobody covers, so the desk.';

ALTER TABLE police_case
    ADD contact text CONSTRAINT police_case_contact CHECK (contact <> '');
COMMENT ON COLUMN police_case.contact IS 'Whom to call about the case: a team and how it is reached, never a person.';
GRANT SELECT (contact) ON police_case TO onderdak_desk, onderdak_coordinator;
GRANT SELECT, UPDATE (contact) ON police_case TO onderdak_police;
CREATE POLICY police_reads ON police_case FOR SELECT TO onderdak_police
    USING (police = (SELECT access.acting_as('police')));
CREATE POLICY police_changes ON police_case FOR UPDATE TO onderdak_police
    USING (police = (SELECT access.acting_as('police'))) WITH CHECK (police = (SELECT access.acting_as('police')));

-- Whoever made a hold sees it, for whatever it is.
CREATE POLICY own_reads ON hold FOR SELECT TO onderdak_coordinator
    USING (owner = (SELECT 'coordinator/' || access.acting_as('coordinator')));
GRANT SELECT ON hold TO onderdak_guardian;
CREATE POLICY guardian_reads ON hold FOR SELECT TO onderdak_guardian
    USING (owner = (SELECT 'guardian/' || access.acting_as('guardian')) OR request IN (
        SELECT m.request FROM public.request_victim AS m
        WHERE m.victim IN (SELECT access.disclosed('guardian', 'phase'))));

-- Whether a request is one that an actor deals with, and so may take steps of: the desk with all; others with their own
-- cases, what they referred, whom they have or are asked to take, and what they are asked to approve.
CREATE FUNCTION request_concerns(of_request identifier, who actor) RETURNS boolean
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
                WHERE s.request = of_request AND 'shelter/' || u.shelter = who)
            ELSE false END)
    OR EXISTS (
        SELECT FROM offer AS o JOIN offer_stay AS s ON s.offer = o.id JOIN unit AS u ON u.id = s.unit
        JOIN shelter AS h ON h.id = u.shelter
        WHERE o.request = of_request AND (
            actor_role(who) = 'shelter' AND 'shelter/' || u.shelter = who AND (o.state = 'open' OR EXISTS (
                SELECT FROM transfer AS t WHERE t.offer = o.id AND t.state = 'agreed'))
            OR o.state = 'open' AND EXISTS (
                SELECT FROM authority_approval AS a
                WHERE a.authority = coalesce(h.placement_authority, 'shelter')
                    AND offer_may_approve(o.id, h.id, a.approval, who))))
$$;
COMMENT ON FUNCTION request_concerns IS 'Whether a request is one that an actor deals with.';

SELECT access.take_ownership();

GRANT EXECUTE ON FUNCTION access.accountable TO
    onderdak_service, onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian;
-- Of the cases, offers and placements that the reader sees.
GRANT SELECT ON overdue, blocked_bed_days TO onderdak_shelter, onderdak_police, onderdak_guardian;
