-- Who may see what: the matrix as data, the legal bases on which anything is disclosed at all, and the one function that
-- says whose cases are disclosed to whoever acts. Policies, views and functions all ask it.

CREATE TABLE access.matrix (
    role access.actor_role NOT NULL,
    relation text NOT NULL CONSTRAINT matrix_relation CHECK (relation IN ('all', 'own', 'offered', 'placed', 'paying')),
    category text NOT NULL CONSTRAINT matrix_category CHECK (category IN (
        'identity', 'profile', 'avoid', 'phase', 'health', 'investigation', 'address', 'action')),
    form text NOT NULL CONSTRAINT matrix_form CHECK (form IN (
        'full', 'pseudonym', 'flags', 'own-report', 'count', 'aggregate')),
    writes boolean NOT NULL,
    CONSTRAINT matrix_key PRIMARY KEY (role, relation, category),
    CONSTRAINT matrix_writes CHECK (NOT writes OR form IN ('full', 'own-report'))
);
COMMENT ON TABLE access.matrix IS 'What each role may see of which cases, and in which form; what is not here is not seen.';
COMMENT ON COLUMN access.matrix.relation IS
    'What the case is to who acts: any; one''s own; offered to, or placed in, one''s shelter; paid for.';

INSERT INTO access.matrix (role, relation, category, form, writes) VALUES
    ('desk', 'all', 'identity', 'full', true),
    ('coordinator', 'own', 'identity', 'full', true),
    ('shelter', 'placed', 'identity', 'full', false),
    ('police', 'own', 'identity', 'own-report', true),
    ('guardian', 'own', 'identity', 'full', true),

    ('desk', 'all', 'profile', 'full', true),
    ('coordinator', 'own', 'profile', 'full', true),
    ('shelter', 'offered', 'profile', 'pseudonym', false),
    ('shelter', 'placed', 'profile', 'full', true),
    ('police', 'own', 'profile', 'full', false),
    ('guardian', 'own', 'profile', 'full', true),
    ('funder', 'paying', 'profile', 'pseudonym', false),
    ('governor', 'all', 'profile', 'aggregate', false),

    ('desk', 'all', 'avoid', 'full', true),
    ('coordinator', 'own', 'avoid', 'full', true),
    ('shelter', 'offered', 'avoid', 'flags', false),
    ('shelter', 'placed', 'avoid', 'full', false),
    ('police', 'own', 'avoid', 'full', true),
    ('guardian', 'own', 'avoid', 'full', false),

    ('desk', 'all', 'phase', 'full', true),
    ('coordinator', 'own', 'phase', 'full', true),
    ('shelter', 'offered', 'phase', 'pseudonym', false),
    ('shelter', 'placed', 'phase', 'full', false),
    ('police', 'own', 'phase', 'full', false),
    ('guardian', 'own', 'phase', 'full', false),
    ('funder', 'paying', 'phase', 'pseudonym', false),
    ('governor', 'all', 'phase', 'aggregate', false),

    ('desk', 'all', 'health', 'full', false),
    ('coordinator', 'own', 'health', 'full', true),
    ('shelter', 'offered', 'health', 'flags', false),
    ('shelter', 'placed', 'health', 'full', true),
    ('guardian', 'own', 'health', 'full', true),

    ('desk', 'all', 'investigation', 'flags', false),
    ('coordinator', 'own', 'investigation', 'flags', false),
    ('shelter', 'placed', 'investigation', 'flags', false),
    ('police', 'own', 'investigation', 'full', true),
    ('guardian', 'own', 'investigation', 'flags', false),

    ('desk', 'all', 'address', 'full', false),
    ('coordinator', 'own', 'address', 'full', false),
    ('guardian', 'own', 'address', 'full', false),

    ('desk', 'all', 'action', 'count', false),
    ('shelter', 'placed', 'action', 'flags', false),
    ('police', 'own', 'action', 'full', true);

CREATE TABLE access.legal_basis (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT legal_basis_key PRIMARY KEY,
    kind text NOT NULL CONSTRAINT legal_basis_kind CHECK (kind IN ('consent', 'law', 'covenant')),
    victim identifier CONSTRAINT legal_basis_victim REFERENCES public.victim,
    role access.actor_role NOT NULL,
    party identifier,
    categories text[] NOT NULL CONSTRAINT legal_basis_categories CHECK (
        categories <> '{}' AND array_position(categories, NULL) IS NULL AND categories <@ ARRAY[
            'identity', 'profile', 'avoid', 'phase', 'health', 'investigation', 'address', 'action']),
    days daterange NOT NULL CONSTRAINT legal_basis_days CHECK (NOT isempty(days) AND NOT lower_inf(days)),
    withdrawn_on date CONSTRAINT legal_basis_withdrawn CHECK (withdrawn_on <@ days),
    reference text NOT NULL CONSTRAINT legal_basis_reference CHECK (reference <> ''),
    CONSTRAINT legal_basis_consent CHECK (kind <> 'consent' OR victim IS NOT NULL),
    CONSTRAINT legal_basis_covenant CHECK (kind <> 'covenant' OR NOT upper_inf(days))
);
CREATE INDEX legal_basis_by_role ON access.legal_basis (role, victim);
COMMENT ON TABLE access.legal_basis IS
    'Why who may be told what: without one that is in force nothing of a case is disclosed to anybody.';
COMMENT ON COLUMN access.legal_basis.victim IS 'Whose data; null: of all cases that the matrix opens.';
COMMENT ON COLUMN access.legal_basis.party IS 'To whom; null: to everybody of the role.';
COMMENT ON COLUMN access.legal_basis.withdrawn_on IS 'The first day on which it no longer holds, when that is before its end.';
COMMENT ON COLUMN access.legal_basis.reference IS 'The article, covenant or form; no person''s name.';

CREATE TABLE access.break_glass (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT break_glass_key PRIMARY KEY,
    victim identifier NOT NULL CONSTRAINT break_glass_victim REFERENCES public.victim,
    role access.actor_role NOT NULL,
    party identifier NOT NULL,
    categories text[] NOT NULL CONSTRAINT break_glass_categories CHECK (
        categories <> '{}' AND array_position(categories, NULL) IS NULL AND categories <@ ARRAY[
            'identity', 'profile', 'avoid', 'phase', 'health', 'address']),
    reason text NOT NULL CONSTRAINT break_glass_reason CHECK (length(btrim(reason)) >= 10),
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    CONSTRAINT break_glass_hours CHECK (until > since AND until <= since + interval '24 hours')
);
CREATE INDEX break_glass_by_party ON access.break_glass (role, party, until);
COMMENT ON TABLE access.break_glass IS
    'Vital interest: somebody saw, for some hours and with a reason, what is not open to them otherwise.';

-- By the clock and not by the transaction's beginning: one that is left open over midnight does not keep doors open.
CREATE FUNCTION access.today() RETURNS date
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog
RETURN ledger_day(coalesce((SELECT at FROM simulated_clock), clock_timestamp()));
COMMENT ON FUNCTION access.today IS 'The day that it is now where the desk is.';

CREATE FUNCTION access.related(OUT victim text, OUT relation text) RETURNS SETOF record
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog AS $$
DECLARE
    who CONSTANT record := access.acting();
    day CONSTANT date := access.today();
BEGIN
    IF who.role = 'desk' THEN
        RETURN QUERY SELECT v.id::text, 'all' FROM victim AS v;
    ELSIF who.role = 'coordinator' THEN
        RETURN QUERY SELECT DISTINCT c.victim::text, 'own' FROM case_coordinator AS c WHERE c.coordinator = who.id;
    ELSIF who.role = 'shelter' THEN
        -- Placed from the moment the place is agreed on, since the shelter has to prepare, until the last day.
        RETURN QUERY
            SELECT DISTINCT s.victim::text, 'placed'
            FROM unit AS u JOIN stay AS s ON s.unit = u.id
            WHERE u.shelter = who.id AND upper(s.days) > day;
        RETURN QUERY
            SELECT DISTINCT s.victim::text, 'offered'
            FROM unit AS u JOIN offer_stay AS s ON s.unit = u.id JOIN offer AS o ON o.id = s.offer
            WHERE u.shelter = who.id AND o.state = 'open' AND o.answer_by > ledger_now();
    ELSIF who.role = 'police' THEN
        RETURN QUERY
            SELECT p.victim::text, 'own' FROM police_case AS p WHERE p.police = who.id AND p.days @> day;
    ELSIF who.role = 'guardian' THEN
        -- A guardianship ends with the eighteenth birthday, whatever its dates say.
        RETURN QUERY
            SELECT g.victim::text, 'own' FROM guardianship AS g JOIN victim AS v ON v.id = g.victim
            WHERE g.guardian = who.id AND g.days @> day AND age_on(v.birth_date, day) < 18;
    ELSIF who.role = 'funder' THEN
        RETURN QUERY SELECT p.victim::text, 'paying' FROM paid_days AS p WHERE p.funder = who.id;
    END IF;
END
$$;
COMMENT ON FUNCTION access.related IS 'What each case is today to who acts; a case that is nothing to them is left out.';

CREATE FUNCTION access.related_to(role text) RETURNS TABLE (victim text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT r.victim FROM access.related() AS r WHERE access.acting_as(role) IS NOT NULL;
END;
COMMENT ON FUNCTION access.related_to IS 'The cases of who acts, when that is in the role.';

CREATE FUNCTION access.basis_holds(of_victim text, for_category text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM access.legal_basis AS b CROSS JOIN access.acting() AS who
        WHERE b.role = who.role AND (b.party IS NULL OR b.party = who.id) AND (b.victim IS NULL OR b.victim = of_victim)
            AND for_category = ANY (b.categories) AND b.days @> access.today()
            AND (b.withdrawn_on IS NULL OR access.today() < b.withdrawn_on));
END;
COMMENT ON FUNCTION access.basis_holds IS
    'Whether a legal basis is in force today on which a category of a victim''s data may be disclosed to who acts.';

CREATE FUNCTION access.disclosed(
    to_role text, for_category text, in_form text DEFAULT 'full', to_write boolean DEFAULT false) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    who CONSTANT record := access.acting();
    general boolean;
BEGIN
    -- Said twice: a session whose role is one, and who acts another, sees nothing.
    IF who.role IS DISTINCT FROM to_role THEN
        RETURN;
    END IF;
    -- A basis for all cases answers at once for all of them.
    general := access.basis_holds(NULL, for_category);
    RETURN QUERY
        SELECT r.victim FROM access.related() AS r
        JOIN access.matrix AS m ON m.role = to_role AND m.relation = r.relation AND m.category = for_category
        WHERE m.form = in_form AND (m.writes OR NOT to_write)
            AND (general OR access.basis_holds(r.victim, for_category));
    IF in_form = 'full' AND NOT to_write THEN
        RETURN QUERY
            SELECT b.victim::text FROM access.break_glass AS b
            WHERE b.role = who.role AND b.party = who.id AND for_category = ANY (b.categories)
                -- The clock, not the transaction's beginning: one that is left open does not keep the door open.
                AND clock_timestamp() >= b.since AND clock_timestamp() < b.until;
    END IF;
END
$$;
COMMENT ON FUNCTION access.disclosed IS
    'The victims of whom a category of data is disclosed now, in a form, to who acts in that role.';

CREATE FUNCTION access.may(of_victim text, for_category text, to_write boolean DEFAULT false) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM access.disclosed(access.acting_role(), for_category, 'full', to_write) AS d(victim)
        WHERE d.victim = of_victim);
END;
COMMENT ON FUNCTION access.may IS 'Whether who acts may see, or write, a category of a victim''s data in full.';

CREATE FUNCTION access.pseudonym(victim text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
RETURN 'p' || substr(access.signature('pseudonym/' || audit.actor() || '/' || victim), 1, 16);
COMMENT ON FUNCTION access.pseudonym IS
    'A victim''s name for who acts: always the same one, another one for everybody else.';

CREATE FUNCTION access.age_band(age integer) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog
RETURN CASE WHEN age < 12 THEN '0-11' WHEN age < 16 THEN '12-15' WHEN age < 18 THEN '16-17' WHEN age < 21 THEN '18-20'
    WHEN age < 24 THEN '21-23' WHEN age < 30 THEN '24-29' WHEN age < 45 THEN '30-44' WHEN age < 60 THEN '45-59'
    ELSE '60+' END;
COMMENT ON FUNCTION access.age_band IS 'The band of an age in years; its limits are those at which shelters differ.';

CREATE FUNCTION access.break_glass(of_victim text, of_categories text[], because text, for_hours integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    who CONSTANT record := access.acting();
    broken bigint;
BEGIN
    IF who.role IS NULL OR who.role NOT IN ('desk', 'coordinator', 'shelter', 'guardian') THEN
        RAISE insufficient_privilege USING MESSAGE =
            'vital interest opens a case to the desk, coordinators, shelters and guardians only';
    END IF;
    INSERT INTO access.break_glass (victim, role, party, categories, reason, since, until)
    VALUES (of_victim, who.role, who.id, of_categories, because, clock_timestamp(),
        clock_timestamp() + make_interval(hours => for_hours))
    RETURNING id INTO broken;
    INSERT INTO audit.alarm (kind, actor, object) VALUES ('break-glass', audit.actor(), broken::text);
    PERFORM audit.note('break-glass', 'access.break_glass', of_victim, NULL, broken::text, of_categories);
    RETURN broken;
END
$$;
COMMENT ON FUNCTION access.break_glass IS
    'Opens categories of a case for some hours (at most 24) in a vital interest, and alarms the auditor.';

CREATE FUNCTION access.withdraw_basis(basis bigint, from_day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    who CONSTANT record := access.acting();
BEGIN
    UPDATE access.legal_basis AS b SET withdrawn_on = from_day
    WHERE b.id = basis AND (b.withdrawn_on IS NULL OR from_day < b.withdrawn_on) AND (
        who.role = 'service' OR who.role = 'desk'
        OR (who.role IN ('coordinator', 'guardian') AND b.victim IN (SELECT r.victim FROM access.related() AS r)));
    IF NOT FOUND THEN
        RAISE no_data_found USING MESSAGE =
            'there is no such legal basis for you to withdraw, or it was withdrawn from an earlier day already';
    END IF;
END
$$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA access, audit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.disclosed, access.may, access.pseudonym TO
    onderdak_service, onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian,
    onderdak_funder;
GRANT EXECUTE ON FUNCTION access.related_to TO onderdak_coordinator, onderdak_guardian;
GRANT EXECUTE ON FUNCTION access.break_glass TO
    onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_guardian;
GRANT EXECUTE ON FUNCTION access.withdraw_basis TO
    onderdak_service, onderdak_desk, onderdak_coordinator, onderdak_guardian;
