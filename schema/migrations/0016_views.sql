-- What the matrix gives in another form than whole rows: age bands, flags, pseudonyms, counts and aggregates. These views
-- are their owner's, read behind row-level security, and let through by access.disclosed() only what may be.

CREATE VIEW case_profile WITH (security_barrier = true) AS
    SELECT v.id AS victim, v.sex, access.age_band(age_on(v.birth_date, ledger_today())) AS age_band,
        (SELECT coalesce(array_agg(n.service ORDER BY n.service), '{}') FROM victim_need AS n WHERE n.victim = v.id) AS needs,
        v.security_min, v.security_max
    FROM victim AS v
    WHERE v.id IN (SELECT access.disclosed(access.acting_role(), 'profile'));
COMMENT ON VIEW case_profile IS 'The placement profile, with an age band for a date of birth.';

CREATE VIEW investigation_flag WITH (security_barrier = true) AS
    SELECT d.victim,
        EXISTS (SELECT FROM investigation AS i WHERE i.victim = d.victim AND i.days @> ledger_today()) AS under_investigation,
        EXISTS (
            SELECT FROM investigation AS i
            WHERE i.victim = d.victim AND i.days @> ledger_today() AND i.max_travel_minutes IS NOT NULL) AS limits_travel,
        (SELECT max(h.until) FROM move_hold AS h JOIN request_victim AS m ON m.request = h.request
            WHERE m.victim = d.victim AND h.lifted_at IS NULL AND h.until > ledger_today()) AS no_move_before
    FROM access.disclosed(access.acting_role(), 'investigation', 'flags') AS d(victim);
COMMENT ON VIEW investigation_flag IS 'That there is an investigation and what it forbids, not where or why.';

CREATE VIEW offered_case WITH (security_barrier = true) AS
    SELECT s.offer, v.id AS victim, s.unit, s.days, v.sex,
        access.age_band(age_on(v.birth_date, ledger_today())) AS age_band, v.security_min, v.security_max,
        CASE WHEN v.id IN (SELECT access.disclosed('shelter', 'health', 'flags')) THEN
            (SELECT coalesce(array_agg(n.service ORDER BY n.service), '{}') FROM victim_need AS n WHERE n.victim = v.id)
        END AS needs,
        CASE WHEN v.id IN (SELECT access.disclosed('shelter', 'avoid', 'flags')) THEN EXISTS (
                SELECT FROM avoided_region AS a
                WHERE a.victim = v.id AND a.region = h.region AND a.days && s.days)
            OR EXISTS (
                SELECT FROM avoided_shelter AS a
                WHERE a.victim = v.id AND a.shelter = h.id AND a.days && s.days)
            OR EXISTS (
                SELECT FROM no_contact AS c
                JOIN stay AS o ON o.victim = CASE c.a WHEN v.id THEN c.b ELSE c.a END AND o.days && s.days * c.days
                JOIN unit AS ou ON ou.id = o.unit AND ou.shelter = h.id
                WHERE v.id IN (c.a, c.b) AND c.days && s.days)
        END AS to_be_avoided,
        CASE WHEN v.id IN (SELECT access.disclosed('shelter', 'phase', 'pseudonym')) THEN (
            SELECT p.phase FROM victim_phase AS p WHERE p.victim = v.id AND p.from_date <= ledger_today()
            ORDER BY p.from_date DESC LIMIT 1)
        END AS phase,
        CASE WHEN v.id IN (SELECT access.disclosed('shelter', 'phase', 'pseudonym')) THEN (
            SELECT min(p.from_date) FROM victim_phase AS p WHERE p.victim = v.id AND p.from_date > ledger_today())
        END AS next_phase_on
    FROM offer_stay AS s
    JOIN offer AS o ON o.id = s.offer AND o.state = 'open' AND o.answer_by > ledger_now()
    JOIN unit AS u ON u.id = s.unit
    JOIN shelter AS h ON h.id = u.shelter AND h.id = access.acting_as('shelter')
    JOIN victim AS v ON v.id = s.victim
    WHERE v.id IN (SELECT access.disclosed('shelter', 'profile', 'pseudonym'));
COMMENT ON VIEW offered_case IS
    'Whom a shelter is offered: what it must know to answer, under the ledger''s pseudonym; needs and what to avoid as flags.';

CREATE VIEW paid_case WITH (security_barrier = true) AS
    SELECT access.pseudonym(p.victim) AS pseudonym, p.days,
        CASE WHEN p.victim IN (SELECT access.disclosed('funder', 'phase', 'pseudonym')) THEN (
            SELECT f.phase FROM victim_phase AS f WHERE f.victim = p.victim AND f.from_date <= ledger_today()
            ORDER BY f.from_date DESC LIMIT 1)
        END AS phase
    FROM paid_days AS p
    WHERE p.funder = access.acting_as('funder')
        AND p.victim IN (SELECT access.disclosed('funder', 'profile', 'pseudonym'));
COMMENT ON VIEW paid_case IS 'For how many days a funder paid, by pseudonyms that mean nothing to anybody else.';

CREATE VIEW action_count WITH (security_barrier = true) AS
    SELECT d.day::date AS day, sum(n.beds)::integer AS beds
    FROM planned_action AS a
    JOIN planned_action_need AS n ON n.action = a.id
    CROSS JOIN LATERAL generate_series(lower(a.days), upper(a.days) - 1, interval '1 day') AS d(day)
    WHERE access.acting_as('desk') IS NOT NULL AND a.ends_at > ledger_now()
    GROUP BY d.day;
COMMENT ON VIEW action_count IS 'How many beds planned actions need on a day: not whose, of what kind, or where.';

CREATE FUNCTION access.action_beds() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog
BEGIN ATOMIC
    SELECT coalesce(sum(h.beds), 0) FROM planned_action_hold AS a JOIN hold AS h ON h.id = a.hold
    JOIN planned_action AS p ON p.id = a.action
    WHERE access.acting_as('desk') IS NOT NULL AND p.ends_at > ledger_now();
END;
COMMENT ON FUNCTION access.action_beds IS 'How many beds are held for planned actions, for the desk.';

-- What an offer waits for names shelters and wards, so it is told of offers that one may see.
CREATE FUNCTION access.offer_missing(of_offer bigint) RETURNS TABLE (subject text, approval text, roles text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog
BEGIN ATOMIC
    SELECT m.subject, m.approval, m.roles FROM offer_missing(of_offer) AS m
    WHERE access.acting_as('service') IS NOT NULL OR EXISTS (
        SELECT FROM offer_stay AS s JOIN unit AS u ON u.id = s.unit
        WHERE s.offer = of_offer AND (
            u.shelter = access.acting_as('shelter')
            OR s.victim IN (SELECT access.disclosed(access.acting_role(), 'phase'))));
END;

-- Figures for those who govern: of at least five, so that nobody can be recognised in them.
CREATE VIEW profile_figure WITH (security_barrier = true) AS
    SELECT v.sex, access.age_band(age_on(v.birth_date, ledger_today())) AS age_band, count(*)::integer AS victims
    FROM victim AS v WHERE access.acting_as('governor') IS NOT NULL
    GROUP BY 1, 2 HAVING count(*) >= 5;

CREATE VIEW phase_figure WITH (security_barrier = true) AS
    SELECT p.phase, count(*)::integer AS victims
    FROM victim AS v
    CROSS JOIN LATERAL (
        SELECT f.phase FROM victim_phase AS f WHERE f.victim = v.id AND f.from_date <= ledger_today()
        ORDER BY f.from_date DESC LIMIT 1) AS p
    WHERE access.acting_as('governor') IS NOT NULL
    GROUP BY 1 HAVING count(*) >= 5;

CREATE VIEW unmet_figure WITH (security_barrier = true) AS
    SELECT date_trunc('month', n.day)::date AS month, n.urgency, count(DISTINCT n.request)::integer AS requests,
        sum(n.victims)::integer AS victim_days
    FROM unmet_need AS n WHERE access.acting_as('governor') IS NOT NULL
    GROUP BY 1, 2 HAVING count(DISTINCT n.request) >= 5;

GRANT SELECT ON case_profile TO
    onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian;
GRANT SELECT ON investigation_flag TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_guardian;
GRANT SELECT ON offered_case TO onderdak_shelter;
GRANT SELECT ON paid_case TO onderdak_funder;
GRANT SELECT ON action_count TO onderdak_desk;
GRANT SELECT ON profile_figure, phase_figure, unmet_figure TO onderdak_governor;
GRANT EXECUTE ON FUNCTION access.age_band(integer) TO
    onderdak_service, onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian,
    onderdak_governor;

SELECT access.take_ownership();

GRANT EXECUTE ON FUNCTION access.action_beds TO onderdak_desk;

-- Called inside views and policies, where PostgreSQL asks for the right of whoever reads; or reading only what row-level
-- security shows its caller, or figures of beds.
GRANT EXECUTE ON FUNCTION
    age_on, ledger_today, ledger_now, ledger_day(timestamptz), current_actor, actor_role, actor_id, coordinator_on_duty,
    coverage_gaps, coverage_overlaps, desk_open, desk_is_open, desk_deadline, due, unit_beds, unit_load, unit_held,
    unit_free TO
    onderdak_login, onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian,
    onderdak_funder, onderdak_governor, onderdak_auditor, onderdak_admin;
GRANT SELECT ON unit_report_age, unit_excess TO
    onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian;
GRANT SELECT ON coverage_on_duty TO
    onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_admin;
GRANT SELECT ON overdue, blocked_bed_days, case_coordinator TO onderdak_desk, onderdak_coordinator;
GRANT EXECUTE ON FUNCTION access.offer_missing TO
    onderdak_service, onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian;
