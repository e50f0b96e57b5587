-- A bed of a guardian or a youth body is given by the guardian of the minor whom it is for. Of whom no guardian is on
-- record, the offer says that it waits for that, and so does the list of what is late.

-- The minors whom an offer would place on the authority of a guardian or a youth body, and who have none on record.
CREATE FUNCTION offer_without_guardian(of_offer bigint) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT s.victim::text
    FROM offer_stay AS s
    JOIN unit AS u ON u.id = s.unit JOIN shelter AS h ON h.id = u.shelter
    JOIN authority_approval AS a ON a.authority = h.placement_authority AND a.role = 'guardian'
    JOIN victim AS v ON v.id = s.victim
    WHERE s.offer = of_offer AND age_on(v.birth_date, lower(s.days)) < 18
        AND NOT EXISTS (SELECT FROM guardianship AS g WHERE g.victim = s.victim AND g.days && s.days)
$$;

CREATE OR REPLACE FUNCTION offer_may_approve(of_offer bigint, of_subject text, of_approval text, by actor) RETURNS boolean
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
            -- Of a minor the own guardian; who is of age has none, and any youth body may take them.
            WHEN a.role = 'guardian' AND age_on(v.birth_date, lower(s.days)) < 18 THEN EXISTS (
                SELECT FROM guardianship AS g
                WHERE g.victim = s.victim AND g.days && s.days AND by = 'guardian/' || g.guardian)
            -- The police whose case it is, where it is a case of theirs.
            WHEN a.role = 'police' AND EXISTS (
                SELECT FROM police_case AS p WHERE p.victim = s.victim AND p.days @> ledger_today())
            THEN EXISTS (
                SELECT FROM police_case AS p
                WHERE p.victim = s.victim AND p.days @> ledger_today() AND by = 'police/' || p.police)
            ELSE actor_role(by) = a.role END)
    -- A ward's own guardian, wherever the ward is placed.
    OR of_approval = 'guardian' AND EXISTS (
        SELECT FROM offer_stay AS s JOIN guardianship AS g ON g.victim = s.victim AND g.days && s.days
        WHERE s.offer = of_offer AND s.victim = of_subject AND by = 'guardian/' || g.guardian)
$$;

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
        WHERE s.offer = $1
        UNION
        -- No approval but what comes before one: somebody puts on record who the guardian is.
        SELECT w.victim, 'guardianship', r.role
        FROM offer_without_guardian($1) AS w(victim) CROSS JOIN (VALUES ('desk'), ('coordinator')) AS r(role))
    SELECT n.subject, n.approval, array_agg(n.role ORDER BY n.role) FROM needed AS n
    WHERE NOT EXISTS (
        SELECT FROM offer_approval AS g WHERE g.offer = $1 AND g.subject = n.subject AND g.approval = n.approval)
    GROUP BY n.subject, n.approval ORDER BY n.subject, n.approval
$$;

CREATE FUNCTION offer_lacks_guardian(of_offer bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN EXISTS (SELECT FROM offer_without_guardian(of_offer));

CREATE OR REPLACE VIEW overdue AS
SELECT 'offer-answer' AS task, o.request, o.id::text AS subject, o.answer_by AS due
FROM offer AS o WHERE o.state = 'open' AND o.answer_by <= ledger_now()
UNION ALL
-- Nobody can answer: at once, since the offer's time runs.
SELECT 'guardian', o.request, o.id::text, o.made_at
FROM offer AS o WHERE o.state = 'open' AND o.answer_by > ledger_now() AND offer_lacks_guardian(o.id)
UNION ALL
SELECT 'place', r.id, r.id, due('place', r.urgency, r.submitted_at)
FROM request AS r
JOIN (
    SELECT d.urgency,
        CASE WHEN d.desk_time THEN desk_since(ledger_now(), d.span) ELSE ledger_now() - d.span END AS since
    FROM deadline AS d WHERE d.task = 'place' OFFSET 0) AS d ON d.urgency = r.urgency
WHERE r.state IN ('submitted', 'unplaced', 'proposed', 'offered') AND r.submitted_at <= d.since
UNION ALL
SELECT 'night-confirmation', n.request, n.request, desk_deadline(n.placed_at, interval '1 hour')
FROM night_placement AS n WHERE n.confirmed_at IS NULL AND desk_deadline(n.placed_at, interval '1 hour') <= ledger_now()
UNION ALL
SELECT 'handover', t.request, t.id::text, (s.first::timestamp AT TIME ZONE p.zone)
FROM transfer AS t
CROSS JOIN desk_policy AS p
CROSS JOIN LATERAL (SELECT min(lower(o.days)) AS first FROM offer_stay AS o WHERE o.offer = t.offer) AS s
WHERE t.state = 'agreed' AND s.first < ledger_today()
UNION ALL
SELECT 'end', r.id, r.id, (s.until::timestamp AT TIME ZONE p.zone)
FROM request AS r
CROSS JOIN desk_policy AS p
CROSS JOIN LATERAL (SELECT max(upper(s.days)) AS until FROM stay AS s WHERE s.request = r.id) AS s
WHERE r.state = 'placed' AND NOT r.night AND s.until <= ledger_today();

SELECT access.take_ownership();
GRANT EXECUTE ON FUNCTION offer_lacks_guardian TO
    onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian;
