-- The matrix in force: row-level security and column rights for every table, made from access.matrix. What a table does
-- not get here nobody sees, but its owner. A migration that adds a table protects it in the same way, and ends with
-- access.take_ownership(); a test fails when it does not.

-- Every table of ours, with its triggers and functions, belongs to a role that nobody logs in as.
CREATE FUNCTION access.take_ownership() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    made record;
BEGIN
    FOR made IN
        SELECT c.oid::regclass AS name, c.relkind,
            coalesce(c.reloptions @> '{security_barrier=true}', false) AS filters
        FROM pg_class AS c
        WHERE c.relnamespace::regnamespace::text IN ('public', 'access', 'audit', 'confidential')
            AND c.relkind IN ('r', 'p', 'v', 'm') AND c.relname <> 'schema_migration'
            AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')
    LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO onderdak_owner', made.name);
        IF made.relkind IN ('r', 'p') THEN
            EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', made.name);
        ELSIF made.relkind = 'v' AND NOT made.filters THEN
            -- Else a view would show its owner's rows, which are all.
            EXECUTE format('ALTER VIEW %s SET (security_invoker = true)', made.name);
            EXECUTE format('GRANT SELECT ON %s TO onderdak_service', made.name);
        END IF;
    END LOOP;
    FOR made IN
        SELECT p.oid::regprocedure AS name, p.pronamespace = 'public'::regnamespace AS is_public FROM pg_proc AS p
        WHERE p.pronamespace::regnamespace::text IN ('public', 'access', 'audit', 'confidential')
            AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO onderdak_owner', made.name);
        IF made.is_public THEN
            -- They were made when PostgreSQL still gave everybody every function.
            EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', made.name);
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO onderdak_service', made.name);
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION access.take_ownership IS
    'Gives every table, view and function to the owner role and switches row-level security on; for the end of a migration. '
    'A view shows what the row-level security of its tables shows whoever reads it, unless it is a security_barrier, which '
    'says that it filters by itself.';

-- The program's own work (planning, taking facts in, what people asked for and were allowed) sees every row.
CREATE FUNCTION access.open_to_service(protected regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO onderdak_service', protected);
    EXECUTE format(
        'CREATE POLICY service ON %s TO onderdak_service USING ((SELECT access.acting_as(''service'')) IS NOT NULL)',
        protected);
END
$$;

CREATE FUNCTION access.protect(
    protected regclass, category text, condition text, writes boolean, roles text[] DEFAULT NULL,
    hidden jsonb DEFAULT '{}', writable text[] DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_catalog AS $$
DECLARE
    cell record;
    group_name text;
    shown text;
    given text;
BEGIN
    PERFORM access.open_to_service(protected);
    PERFORM audit.watch(protected);
    FOR cell IN
        SELECT m.role::text AS role, bool_or(m.writes) AS writes FROM access.matrix AS m
        WHERE m.category = protect.category AND m.form = 'full' AND (roles IS NULL OR m.role = ANY (roles))
        GROUP BY m.role
    LOOP
        group_name := 'onderdak_' || cell.role;
        SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) INTO shown FROM pg_attribute AS a
        WHERE a.attrelid = protected AND a.attnum > 0 AND NOT a.attisdropped
            AND NOT coalesce(hidden -> cell.role, '[]') ? a.attname::text;
        EXECUTE format('GRANT SELECT (%s) ON %s TO %I', shown, protected, group_name);
        EXECUTE format(
            'CREATE POLICY %I ON %s FOR SELECT TO %I USING (%s)', cell.role || '_reads', protected, group_name,
            replace(condition, '%victims%', format('SELECT access.disclosed(%L, %L)', cell.role, category)));
        IF writes AND cell.writes THEN
            given := replace(
                condition, '%victims%', format('SELECT access.disclosed(%L, %L, ''full'', true)', cell.role, category));
            IF writable IS NULL THEN
                EXECUTE format('GRANT INSERT, UPDATE, DELETE ON %s TO %I', protected, group_name);
                EXECUTE format(
                    'CREATE POLICY %I ON %s FOR INSERT TO %I WITH CHECK (%s)', cell.role || '_adds', protected,
                    group_name, given);
                EXECUTE format(
                    'CREATE POLICY %I ON %s FOR DELETE TO %I USING (%s)', cell.role || '_removes', protected,
                    group_name, given);
            ELSE
                EXECUTE format(
                    'GRANT UPDATE (%s) ON %s TO %I',
                    (SELECT string_agg(quote_ident(w), ', ') FROM unnest(writable) AS w), protected, group_name);
            END IF;
            EXECUTE format(
                'CREATE POLICY %I ON %s FOR UPDATE TO %I USING (%s) WITH CHECK (%s)', cell.role || '_changes',
                protected, group_name, given, given);
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION access.protect IS
    'Policies and rights on a table for a category of the matrix. In the condition, %victims% stands for the victims of whom '
    'the category is disclosed; hidden: columns that a role does not get; writable: the only columns that may be changed.';

-- What is not about a case: open to everybody but the auditor, changed by the operator and the program.
CREATE FUNCTION access.open(opened regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM access.open_to_service(opened);
    PERFORM audit.watch(opened);
    EXECUTE format(
        'GRANT SELECT ON %s TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, '
        'onderdak_guardian, onderdak_funder, onderdak_governor, onderdak_admin', opened);
    EXECUTE format(
        'CREATE POLICY everybody_reads ON %s FOR SELECT TO onderdak_desk, onderdak_coordinator, onderdak_shelter, '
        'onderdak_police, onderdak_guardian, onderdak_funder, onderdak_governor, onderdak_admin '
        'USING ((SELECT access.acting_role()) IS NOT NULL)', opened);
    EXECUTE format('GRANT INSERT, UPDATE, DELETE ON %s TO onderdak_admin', opened);
    EXECUTE format(
        'CREATE POLICY admin_changes ON %s TO onderdak_admin USING ((SELECT access.acting_as(''admin'')) IS NOT NULL)',
        opened);
END
$$;
COMMENT ON FUNCTION access.open IS 'Policies and rights on a table of reference data.';

SELECT access.open(name) FROM unnest(ARRAY[
    'region', 'region_membership', 'travel_time', 'shelter', 'unit', 'bed_change', 'funder', 'funder_region',
    'planning_policy', 'coverage', 'coordinator_absence', 'desk_policy', 'desk_hours', 'holiday',
    'deadline', 'request_step', 'authority_approval', 'decline_reason', 'unit_reporting', 'capacity_report'
    ]::regclass[]) AS name;

-- Who sets the clock opens what has ended: the program for a demonstration, and nobody else.
SELECT access.open_to_service('simulated_clock'), audit.watch('simulated_clock');

GRANT INSERT, UPDATE, DELETE ON coverage TO onderdak_desk;
CREATE POLICY desk_changes ON coverage TO onderdak_desk USING ((SELECT access.acting_as('desk')) IS NOT NULL);
GRANT INSERT, UPDATE, DELETE ON coordinator_absence TO onderdak_desk, onderdak_coordinator;
CREATE POLICY desk_changes ON coordinator_absence TO onderdak_desk
    USING ((SELECT access.acting_as('desk')) IS NOT NULL);
CREATE POLICY own_absence ON coordinator_absence TO onderdak_coordinator
    USING (coordinator = (SELECT access.acting_as('coordinator')));

-- Cases
SELECT access.protect(
        'victim', 'profile', 'id IN (%victims%)', true,
        -- The matrix gives an age band; a date of birth goes to whom the identity is disclosed too (case_profile).
        hidden => '{"police": ["birth_date"]}', writable => '{sex,birth_date,security_min,security_max}'),
    access.protect('victim_need', 'profile', 'victim IN (%victims%)', true),
    access.protect('victim_phase', 'phase', 'victim IN (%victims%)', true),
    access.protect('victim_registration', 'phase', 'victim IN (%victims%)', true),
    access.protect('avoided_region', 'avoid', 'victim IN (%victims%)', true),
    access.protect('avoided_shelter', 'avoid', 'victim IN (%victims%)', true),
    access.protect('no_contact', 'avoid', 'a IN (%victims%) OR b IN (%victims%)', true),
    access.protect('investigation', 'investigation', 'victim IN (%victims%)', true),
    access.protect('paid_days', 'phase', 'victim IN (%victims%)', false, '{desk,coordinator}'),
    access.protect('police_case', 'profile', 'victim IN (%victims%)', true, '{desk,coordinator}'),
    -- How a request goes on, and who is where, is changed by the steps of the ledger only.
    access.protect('request_victim', 'phase', 'victim IN (%victims%)', false),
    access.protect(
        'request', 'phase',
        'id IN (SELECT m.request FROM public.request_victim AS m WHERE m.victim IN (%victims%))', false),
    access.protect('stay', 'phase', 'victim IN (%victims%)', false),
    access.protect(
        'proposal', 'phase',
        'request IN (SELECT m.request FROM public.request_victim AS m WHERE m.victim IN (%victims%))', false,
        '{desk,coordinator}'),
    access.protect('proposal_stay', 'phase', 'victim IN (%victims%)', false, '{desk,coordinator}'),
    access.protect(
        'proposal_reason', 'phase',
        'request IN (SELECT m.request FROM public.request_victim AS m WHERE m.victim IN (%victims%))', false,
        '{desk,coordinator}');

-- The flow of a request
SELECT access.protect('request_event', 'phase', request_of, false),
    access.protect('transfer', 'phase', request_of, false),
    access.protect('outflow', 'phase', request_of, false),
    access.protect('outflow_block', 'phase', request_of, false),
    access.protect('night_placement', 'phase', request_of, false),
    access.protect('unmet_need', 'phase', request_of, false, '{desk,coordinator}'),
    access.protect('guardianship', 'phase', 'victim IN (%victims%)', true, '{desk,coordinator,guardian}'),
    access.protect('court_order', 'phase', 'victim IN (%victims%)', true),
    -- Why nobody may be moved is the investigation's; that nobody may, everybody sees (investigation_flag).
    access.protect('move_hold', 'investigation', request_of, false),
    access.protect('offer', 'phase', request_of, false),
    access.protect('offer_stay', 'phase', 'victim IN (%victims%)', false),
    access.protect('offer_approval', 'phase', offer_of, false),
    access.protect('rule_override', 'phase', offer_of, false)
FROM (VALUES (
    'request IN (SELECT m.request FROM public.request_victim AS m WHERE m.victim IN (%victims%))',
    'offer IN (SELECT s.offer FROM public.offer_stay AS s WHERE s.victim IN (%victims%))')) AS c(request_of, offer_of);

-- A shelter has its own offers, and of whom they are the ledger's pseudonym and what it needs to answer (offered_case).
CREATE POLICY shelter_is_offered ON offer_stay FOR SELECT TO onderdak_shelter
    USING (unit IN (SELECT u.id FROM public.unit AS u WHERE u.shelter = (SELECT access.acting_as('shelter'))));
CREATE POLICY shelter_is_offered ON offer FOR SELECT TO onderdak_shelter
    USING (id IN (SELECT s.offer FROM public.offer_stay AS s));
CREATE POLICY shelter_is_offered ON offer_approval FOR SELECT TO onderdak_shelter
    USING (subject = (SELECT access.acting_as('shelter')));

-- Held beds. What a planned action of the police holds, a shelter sees like any other hold, without the reason; the desk
-- and the coordinators do not see it among holds, the desk has a count (action_count).
SELECT access.open_to_service('hold'), audit.watch('hold');
CREATE FUNCTION access.is_secret(held bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM public.planned_action_hold AS h WHERE h.hold = held);
END;
GRANT EXECUTE ON FUNCTION access.is_secret TO onderdak_desk, onderdak_coordinator, onderdak_service;
GRANT SELECT ON hold TO onderdak_desk, onderdak_coordinator;
CREATE POLICY desk_reads ON hold FOR SELECT TO onderdak_desk
    USING ((SELECT access.acting_as('desk')) IS NOT NULL AND NOT access.is_secret(id));
CREATE POLICY coordinator_reads ON hold FOR SELECT TO onderdak_coordinator
    USING (NOT access.is_secret(id) AND request IN (
        SELECT m.request FROM public.request_victim AS m
        WHERE m.victim IN (SELECT access.disclosed('coordinator', 'phase'))));
GRANT SELECT (id, unit, beds, days, ends_at, released_at) ON hold TO onderdak_shelter;
CREATE POLICY shelter_reads ON hold FOR SELECT TO onderdak_shelter
    USING (unit IN (SELECT u.id FROM public.unit AS u WHERE u.shelter = (SELECT access.acting_as('shelter'))));

-- Planned actions are their police's own.
SELECT access.open_to_service(name), audit.watch(name) FROM unnest(ARRAY[
    'planned_action', 'planned_action_need', 'planned_action_hold']::regclass[]) AS name;
GRANT SELECT ON planned_action, planned_action_need, planned_action_hold, hold TO onderdak_police;
CREATE POLICY police_reads ON planned_action FOR SELECT TO onderdak_police
    USING (owner = (SELECT 'police/' || access.acting_as('police')));
CREATE POLICY police_reads ON planned_action_hold FOR SELECT TO onderdak_police
    USING (action IN (SELECT a.id FROM public.planned_action AS a));
CREATE POLICY police_reads ON hold FOR SELECT TO onderdak_police
    USING (id IN (SELECT h.hold FROM public.planned_action_hold AS h));
CREATE POLICY police_reads ON planned_action_need FOR SELECT TO onderdak_police
    USING (action IN (SELECT a.id FROM public.planned_action AS a));

-- What only the program handles
SELECT access.open_to_service(name) FROM unnest(ARRAY[
    'command', 'unit_turn', 'victim_turn', 'plan_job', 'outbox']::regclass[]) AS name;
GRANT SELECT ON outbox TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian;
CREATE POLICY recipient_reads ON outbox FOR SELECT TO
    onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian
    USING (recipient = (SELECT access.acting_role() || '/' || access.acting_id()));

-- A run's input and output are about all cases at once.
SELECT access.open_to_service('plan_run'), audit.watch('plan_run');
GRANT SELECT (
    id, kept_at, start_date, days, seed, time_limit_seconds, iteration_limit, version, engine, seconds, status, cut,
    objective, bound) ON plan_run TO onderdak_desk;
CREATE POLICY desk_reads ON plan_run FOR SELECT TO onderdak_desk USING ((SELECT access.acting_as('desk')) IS NOT NULL);

-- Why and to whom
SELECT access.open_to_service('access.legal_basis'), audit.watch('access.legal_basis'),
    access.open_to_service('access.break_glass'), audit.watch('access.break_glass'),
    audit.watch('access.login_actor'), audit.watch('audit.alarm');
GRANT SELECT ON access.legal_basis TO onderdak_auditor;
CREATE POLICY auditor_reads ON access.legal_basis FOR SELECT TO onderdak_auditor
    USING ((SELECT access.acting_as('auditor')) IS NOT NULL);
GRANT SELECT, INSERT ON access.legal_basis TO onderdak_desk;
CREATE POLICY desk_reads ON access.legal_basis FOR SELECT TO onderdak_desk
    USING ((SELECT access.acting_as('desk')) IS NOT NULL);
-- Consent is given for one's own case to be seen; laws and covenants are for the desk to record.
CREATE POLICY desk_adds ON access.legal_basis FOR INSERT TO onderdak_desk
    WITH CHECK ((SELECT access.acting_as('desk')) IS NOT NULL);
GRANT SELECT, INSERT ON access.legal_basis TO onderdak_coordinator, onderdak_guardian;
CREATE POLICY coordinator_reads ON access.legal_basis FOR SELECT TO onderdak_coordinator
    USING (victim IN (SELECT r.victim FROM access.related_to('coordinator') AS r));
CREATE POLICY guardian_reads ON access.legal_basis FOR SELECT TO onderdak_guardian
    USING (victim IN (SELECT r.victim FROM access.related_to('guardian') AS r));
CREATE POLICY coordinator_adds ON access.legal_basis FOR INSERT TO onderdak_coordinator
    WITH CHECK (kind = 'consent' AND victim IN (SELECT r.victim FROM access.related_to('coordinator') AS r));
CREATE POLICY guardian_adds ON access.legal_basis FOR INSERT TO onderdak_guardian
    WITH CHECK (kind = 'consent' AND victim IN (SELECT r.victim FROM access.related_to('guardian') AS r));

GRANT SELECT ON access.break_glass TO onderdak_auditor;
CREATE POLICY auditor_reads ON access.break_glass FOR SELECT TO onderdak_auditor
    USING ((SELECT access.acting_as('auditor')) IS NOT NULL);
GRANT SELECT ON access.matrix TO onderdak_service, onderdak_desk, onderdak_auditor, onderdak_admin;
CREATE POLICY everybody_reads ON access.matrix FOR SELECT USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON access.login_actor TO onderdak_admin;
CREATE POLICY admin_changes ON access.login_actor TO onderdak_admin
    USING ((SELECT access.acting_as('admin')) IS NOT NULL);
-- No policy: for functions of the owner alone.
COMMENT ON COLUMN access.signing_key.key IS 'Random, made with the schema.';

DO $$
DECLARE
    trail regclass;
BEGIN
    FOREACH trail IN ARRAY ARRAY['audit.entry', 'audit.link', 'audit.seal', 'audit.alarm']::regclass[] LOOP
        EXECUTE format(
            'CREATE POLICY auditor_reads ON %s FOR SELECT TO onderdak_auditor '
            'USING ((SELECT access.acting_as(''auditor'')) IS NOT NULL)', trail);
        EXECUTE format(
            'CREATE POLICY service_reads ON %s FOR SELECT TO onderdak_service '
            'USING ((SELECT access.acting_as(''service'')) IS NOT NULL)', trail);
    END LOOP;
    FOREACH trail IN ARRAY ARRAY['audit.link', 'audit.seal']::regclass[] LOOP
        EXECUTE format(
            'CREATE POLICY service_seals ON %s FOR INSERT TO onderdak_service '
            'WITH CHECK ((SELECT access.acting_as(''service'')) IS NOT NULL)', trail);
    END LOOP;
END
$$;
