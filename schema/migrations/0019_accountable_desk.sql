-- Who gives a coordinator's approval: the coordinator on duty for care where the shelter is, stand-ins included, and the
-- desk where there is none, since the desk is accountable then.

-- Whether an actor's role is the one, and the actor the body, that gives an approval of an offer; whether the approval
-- is still missing is another matter.
CREATE FUNCTION offer_may_approve(of_offer bigint, of_subject text, of_approval text, by actor) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM offer_stay AS s
        JOIN unit AS u ON u.id = s.unit
        JOIN shelter AS h ON h.id = u.shelter AND h.id = of_subject
        JOIN authority_approval AS a ON a.authority = coalesce(h.placement_authority, 'shelter') AND a.approval = of_approval
        JOIN victim AS v ON v.id = s.victim
        CROSS JOIN LATERAL (SELECT coordinator_on_duty(
            h.region, 'care', age_on(v.birth_date, ledger_today()), ledger_today()) AS coordinator) AS duty
        WHERE s.offer = of_offer AND CASE
            WHEN a.role = 'shelter' THEN by = 'shelter/' || h.id
            WHEN a.role = 'coordinator' AND a.approval = 'coordinator' THEN
                by = 'coordinator/' || duty.coordinator OR duty.coordinator IS NULL AND actor_role(by) = 'desk'
            ELSE actor_role(by) = a.role END)
    -- A ward's own guardian, wherever the ward is placed.
    OR of_approval = 'guardian' AND EXISTS (
        SELECT FROM offer_stay AS s JOIN guardianship AS g ON g.victim = s.victim AND g.days && s.days
        WHERE s.offer = of_offer AND s.victim = of_subject AND by = 'guardian/' || g.guardian)
$$;
COMMENT ON FUNCTION offer_may_approve IS 'Whether an approval that an offer asks for is one that an actor gives.';

CREATE OR REPLACE FUNCTION offer_missing(offer bigint) RETURNS TABLE (subject text, approval text, roles text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH needed AS (
        -- A shelter of which no authority is known decides for itself.
        SELECT DISTINCT u.shelter::text AS subject, a.approval,
            CASE WHEN a.approval = 'coordinator' AND coordinator_on_duty(
                h.region, 'care', age_on(v.birth_date, ledger_today()), ledger_today()) IS NULL
            THEN 'desk' ELSE a.role END AS role
        FROM offer_stay AS s JOIN unit AS u ON u.id = s.unit JOIN shelter AS h ON h.id = u.shelter
        JOIN victim AS v ON v.id = s.victim
        JOIN authority_approval AS a ON a.authority = coalesce(h.placement_authority, 'shelter')
        WHERE s.offer = $1
        UNION
        SELECT s.victim::text, 'guardian', 'guardian'
        FROM offer_stay AS s JOIN guardianship AS g ON g.victim = s.victim AND g.days && s.days
        WHERE s.offer = $1)
    SELECT n.subject, n.approval, array_agg(n.role ORDER BY n.role) FROM needed AS n
    WHERE NOT EXISTS (
        SELECT FROM offer_approval AS g WHERE g.offer = $1 AND g.subject = n.subject AND g.approval = n.approval)
    GROUP BY n.subject, n.approval ORDER BY n.subject, n.approval
$$;

-- An approval is given by whom it is asked of, and by nobody in another's name.
CREATE OR REPLACE FUNCTION offer_approval_role() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT offer_may_approve(NEW.offer, NEW.subject, NEW.approval, NEW.given_by) OR NEW.given_by <> current_actor() THEN
        PERFORM refuse('offer_approval', 'offer_approval_role', 'this approval is not asked of ' || NEW.given_by);
    END IF;
    RETURN NULL;
END $$;

SELECT access.take_ownership();
