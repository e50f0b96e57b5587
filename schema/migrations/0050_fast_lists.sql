-- Lists of all there has been: with 60,000 cases on record, who is accountable for one of them took 13 s to find.

DROP FUNCTION access.accountable();
CREATE FUNCTION access.accountable(of_victim text DEFAULT NULL) RETURNS TABLE (victim text, region text, coordinator text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp SET random_page_cost = 1.1 AS $$
    WITH duty AS MATERIALIZED (
        -- Exactly one for each age, as coordinator_on_duty() says, but reckoned once.
        SELECT d.region, d.ages, d.coordinator FROM coordinators_on_duty(ledger_today()) AS d WHERE d.function = 'care'
    ), asked AS (
        SELECT v.id FROM victim AS v WHERE v.id = of_victim
        UNION ALL SELECT v.id FROM victim AS v WHERE of_victim IS NULL
    )
    SELECT a.id, c.region, d.coordinator
    FROM asked AS a
    CROSS JOIN LATERAL (
        SELECT c.region, age_on(v.birth_date, ledger_today()) AS age FROM case_coordinator AS c JOIN victim AS v ON v.id = c.victim
        WHERE c.victim = a.id AND c.function = 'care' OFFSET 0) AS c
    LEFT JOIN duty AS d ON d.region = c.region AND d.ages @> c.age
    WHERE (SELECT access.acting_as('service')) IS NOT NULL
        OR (SELECT access.discloses_all(access.acting_role(), 'phase'))
        OR a.id IN (SELECT access.disclosed(access.acting_role(), 'phase'))
$$;
COMMENT ON FUNCTION access.accountable IS
    'Who is accountable for shelter, of one case or case by case; null: nobody covers, so the desk.';

CREATE OR REPLACE VIEW case_profile WITH (security_barrier = true) AS
    SELECT v.id AS victim, v.sex, access.age_band(age_on(v.birth_date, ledger_today())) AS age_band,
        (SELECT coalesce(array_agg(n.service ORDER BY n.service), '{}') FROM victim_need AS n WHERE n.victim = v.id) AS needs,
        v.security_min, v.security_max
    FROM victim AS v
    WHERE (SELECT access.discloses_all(access.acting_role(), 'profile'))
        OR v.id IN (SELECT access.disclosed(access.acting_role(), 'profile'));

SELECT access.take_ownership();
REVOKE EXECUTE ON FUNCTION access.accountable FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.accountable TO
    onderdak_service, onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian;
-- Asked inside the view, where PostgreSQL asks for the right of whoever reads.
GRANT EXECUTE ON FUNCTION access.discloses_all TO
    onderdak_service, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian;
