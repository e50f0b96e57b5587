CREATE SCHEMA access;

COMMENT ON SCHEMA access IS 'Who may see and do what: who acts, for whom, on which legal basis.';

CREATE SCHEMA audit;

COMMENT ON SCHEMA audit IS 'Who did and saw what, sealed; only ever added to.';

CREATE SCHEMA confidential;

COMMENT ON SCHEMA confidential IS 'Who a victim is, health, where shelters are: encrypted, reached by functions that take note.';

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

COMMENT ON EXTENSION btree_gist IS 'support for indexing common datatypes in GiST';

CREATE DOMAIN access.actor_role AS text
	CONSTRAINT actor_role_known CHECK ((VALUE = ANY (ARRAY['desk'::text, 'coordinator'::text, 'shelter'::text, 'police'::text, 'guardian'::text, 'funder'::text, 'governor'::text, 'auditor'::text, 'admin'::text, 'service'::text])));

CREATE DOMAIN public.actor AS text COLLATE pg_catalog."C"
	CONSTRAINT actor_form CHECK (((VALUE ~ '^(desk|coordinator|shelter|police|guardian|funder|governor|auditor|admin)/.'::text) AND (octet_length(VALUE) <= 220)));

CREATE DOMAIN public.age AS integer
	CONSTRAINT age_possible CHECK (((VALUE >= 0) AND (VALUE <= 150)));

CREATE DOMAIN public.bed_type AS text
	CONSTRAINT bed_type_known CHECK ((VALUE = ANY (ARRAY['minors'::text, 'women'::text, 'men'::text, 'groups'::text, 'b9'::text, 'families'::text, 'crisis'::text, 'assisted'::text])));

CREATE DOMAIN public.cents AS bigint
	CONSTRAINT cents_range CHECK (((VALUE >= 0) AND (VALUE <= '10000000000000'::bigint)));

CREATE DOMAIN public.identifier AS text COLLATE pg_catalog."C"
	CONSTRAINT identifier_length CHECK (((octet_length(VALUE) >= 1) AND (octet_length(VALUE) <= 200)));

CREATE DOMAIN public.phase AS text
	CONSTRAINT phase_known CHECK ((VALUE = ANY (ARRAY['signal'::text, 'reflection'::text, 'permit-pending'::text, 'permit'::text, 'resident'::text, 'asylum'::text, 'return'::text])));

CREATE DOMAIN public.sex AS text
	CONSTRAINT sex_known CHECK ((VALUE = ANY (ARRAY['female'::text, 'male'::text, 'x'::text])));

CREATE DOMAIN public.whole AS integer
	CONSTRAINT whole_range CHECK (((VALUE >= 0) AND (VALUE <= 1000000000)));

CREATE FUNCTION access.accountable(of_victim text DEFAULT NULL::text) RETURNS TABLE(victim text, region text, coordinator text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_catalog', 'pg_temp'
    SET random_page_cost TO '1.1'
    AS $$
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

COMMENT ON FUNCTION access.accountable(of_victim text) IS 'Who is accountable for shelter, of one case or case by case; null: nobody covers, so the desk.';

CREATE FUNCTION access.acting(OUT role text, OUT id text) RETURNS record
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    setting CONSTANT text := current_setting('onderdak.acting', true);
    claim text;
    here text;
BEGIN
    SELECT l.role, l.id INTO role, id FROM access.login_actor AS l WHERE l.login = session_user;
    -- Anybody may write the setting; only become() can sign it.
    IF role IS NULL AND setting <> '' THEN
        claim := substr(setting, 66);
        here := access.claim_here(claim);
        IF EXISTS (
            SELECT FROM access.signing_key AS k
            WHERE substr(setting, 1, 64) IN (access.digest(k.key, here), access.digest(k.previous, here)))
        THEN
            role := split_part(claim, '/', 1);
            id := substr(claim, length(role) + 2);
        END IF;
    END IF;
END
$$;

CREATE FUNCTION access.acting_as(expected text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    who CONSTANT record := access.acting();
BEGIN
    RETURN CASE WHEN who.role = expected THEN who.id END;
END
$$;

COMMENT ON FUNCTION access.acting_as(expected text) IS 'The identifier of who acts, in that role; null when nobody does.';

CREATE FUNCTION access.acting_id() RETURNS text
    LANGUAGE sql STABLE
    RETURN (access.acting()).id;

CREATE FUNCTION access.acting_role() RETURNS text
    LANGUAGE sql STABLE
    RETURN (access.acting()).role;

CREATE FUNCTION public.actor_role(public.actor) RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN split_part(($1)::text, '/'::text, 1);

CREATE FUNCTION public.ledger_now() RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    RETURN coalesce((SELECT c.at FROM simulated_clock AS c), now());
END
$$;

CREATE TABLE public.hold (
    id bigint NOT NULL,
    unit public.identifier NOT NULL,
    beds public.whole NOT NULL,
    days daterange NOT NULL,
    request public.identifier,
    purpose text NOT NULL,
    owner public.actor NOT NULL,
    made_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    released_at timestamp with time zone,
    offer bigint,
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT hold_days CHECK (((isfinite(lower(days)) AND isfinite(upper(days))) IS TRUE)),
    CONSTRAINT hold_end CHECK (((ends_at > made_at) AND isfinite(ends_at))),
    CONSTRAINT hold_purpose CHECK ((purpose <> ''::text)),
    CONSTRAINT hold_some CHECK (((beds)::integer >= 1))
);

COMMENT ON TABLE public.hold IS 'Beds kept for a request or a purpose, until it is used, released or over (ends_at), whichever is first.';

COMMENT ON COLUMN public.hold.offer IS 'The move for which the bed is kept until its handover is complete; null: another hold.';

CREATE TABLE public.planned_action (
    id bigint NOT NULL,
    owner public.actor NOT NULL,
    days daterange NOT NULL,
    made_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT planned_action_days CHECK (((isfinite(lower(days)) AND isfinite(upper(days))) IS TRUE)),
    CONSTRAINT planned_action_end CHECK (((ends_at > made_at) AND isfinite(ends_at))),
    CONSTRAINT planned_action_owner CHECK ((public.actor_role(owner) = 'police'::text))
);

COMMENT ON TABLE public.planned_action IS 'A police action that will find victims, under embargo. Once lifted or over it is deleted with its holds: nothing is left.';

CREATE TABLE public.planned_action_hold (
    action bigint NOT NULL,
    hold bigint NOT NULL
);

COMMENT ON TABLE public.planned_action_hold IS 'The holds of an action, in a table of its own: who may read holds need not learn what they are for.';

CREATE FUNCTION access.action_beds() RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 SELECT COALESCE(sum((h.beds)::integer), (0)::bigint) AS "coalesce"
    FROM ((public.planned_action_hold a
      JOIN public.hold h ON ((h.id = a.hold)))
      JOIN public.planned_action p ON ((p.id = a.action)))
   WHERE ((access.acting_as('desk'::text) IS NOT NULL) AND (p.ends_at > public.ledger_now()));
END;

COMMENT ON FUNCTION access.action_beds() IS 'How many beds are held for planned actions, for the desk.';

CREATE FUNCTION access.age_band(age integer) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    RETURN CASE WHEN (age < 12) THEN '0-11'::text WHEN (age < 16) THEN '12-15'::text WHEN (age < 18) THEN '16-17'::text WHEN (age < 21) THEN '18-20'::text WHEN (age < 24) THEN '21-23'::text WHEN (age < 30) THEN '24-29'::text WHEN (age < 45) THEN '30-44'::text WHEN (age < 60) THEN '45-59'::text ELSE '60+'::text END;

COMMENT ON FUNCTION access.age_band(age integer) IS 'The band of an age in years; its limits are those at which shelters differ.';

CREATE FUNCTION public.ledger_day(timestamp with time zone) RETURNS date
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
BEGIN
    RETURN ($1 AT TIME ZONE (SELECT p.zone FROM desk_policy AS p))::date;
END
$_$;

CREATE TABLE public.simulated_clock (
    singleton boolean DEFAULT true NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT simulated_clock_at CHECK (isfinite(at)),
    CONSTRAINT simulated_clock_one_row CHECK (singleton)
);

COMMENT ON TABLE public.simulated_clock IS 'Empty, but in a demonstration: the instant at which the ledger stands still. The owner puts the row there; the program sets it.';

CREATE FUNCTION access.today() RETURNS date
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_catalog', 'pg_temp'
    RETURN public.ledger_day(COALESCE((SELECT simulated_clock.at FROM public.simulated_clock), clock_timestamp()));

COMMENT ON FUNCTION access.today() IS 'The day that it is now where the desk is.';

CREATE TABLE access.legal_basis (
    id bigint NOT NULL,
    kind text NOT NULL,
    victim public.identifier,
    role access.actor_role NOT NULL,
    party public.identifier,
    categories text[] NOT NULL,
    days daterange NOT NULL,
    withdrawn_on date,
    reference text NOT NULL,
    CONSTRAINT legal_basis_categories CHECK (((categories <> '{}'::text[]) AND (array_position(categories, NULL::text) IS NULL) AND (categories <@ ARRAY['identity'::text, 'profile'::text, 'avoid'::text, 'phase'::text, 'health'::text, 'investigation'::text, 'address'::text, 'action'::text]))),
    CONSTRAINT legal_basis_consent CHECK (((kind <> 'consent'::text) OR (victim IS NOT NULL))),
    CONSTRAINT legal_basis_covenant CHECK (((kind <> 'covenant'::text) OR (NOT upper_inf(days)))),
    CONSTRAINT legal_basis_days CHECK (((NOT isempty(days)) AND (NOT lower_inf(days)))),
    CONSTRAINT legal_basis_kind CHECK ((kind = ANY (ARRAY['consent'::text, 'law'::text, 'covenant'::text]))),
    CONSTRAINT legal_basis_reference CHECK ((reference <> ''::text)),
    CONSTRAINT legal_basis_withdrawn CHECK ((withdrawn_on <@ days))
);

COMMENT ON TABLE access.legal_basis IS 'Why who may be told what: without one that is in force nothing of a case is disclosed to anybody.';

COMMENT ON COLUMN access.legal_basis.victim IS 'Whose data; null: of all cases that the matrix opens.';

COMMENT ON COLUMN access.legal_basis.party IS 'To whom; null: to everybody of the role.';

COMMENT ON COLUMN access.legal_basis.withdrawn_on IS 'The first day on which it no longer holds, when that is before its end.';

COMMENT ON COLUMN access.legal_basis.reference IS 'The article, covenant or form; no person''s name.';

CREATE FUNCTION access.basis_holds(of_victim text, for_category text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 SELECT (EXISTS ( SELECT
            FROM (access.legal_basis b
              CROSS JOIN access.acting() who(role, id))
           WHERE (((b.role)::text = who.role) AND ((b.party IS NULL) OR ((b.party)::text = who.id)) AND ((b.victim IS NULL) OR ((b.victim)::text = basis_holds.of_victim)) AND (basis_holds.for_category = ANY (b.categories)) AND (b.days @> access.today()) AND ((b.withdrawn_on IS NULL) OR (access.today() < b.withdrawn_on))))) AS "exists";
END;

COMMENT ON FUNCTION access.basis_holds(of_victim text, for_category text) IS 'Whether a legal basis is in force today on which a category of a victim''s data may be disclosed to who acts.';

CREATE FUNCTION access.basis_says(kind text, victim text, role text, party text, categories text[], reference text) RETURNS bytea
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    RETURN sha256(convert_to((jsonb_build_array(kind, victim, role, party, (SELECT jsonb_agg(DISTINCT (c.name COLLATE "C")) AS jsonb_agg FROM unnest(basis_says.categories) c(name)), CASE WHEN (kind <> 'consent'::text) THEN reference ELSE NULL::text END))::text, 'UTF8'::name));

COMMENT ON FUNCTION access.basis_says(kind text, victim text, role text, party text, categories text[], reference text) IS 'The same of two legal bases that say the same: of which kind, whose data, to whom, what.';

CREATE FUNCTION access.become(role text, id text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    claim CONSTANT text := role || '/' || id;
BEGIN
    -- Only in the message that begins the transaction. Whoever gets to send a statement later, through a mistake of
    -- the program, can return to the program's login, but not become somebody else.
    IF statement_timestamp() <> transaction_timestamp() THEN
        RAISE insufficient_privilege USING CONSTRAINT = 'acting_late', MESSAGE = 'who acts is said in the message that begins the transaction';
    END IF;
    IF EXISTS (SELECT FROM access.login_actor WHERE login = session_user) THEN
        RAISE insufficient_privilege USING CONSTRAINT = 'acting_fixed', MESSAGE = 'this login is one actor, and can be no other';
    END IF;
    IF role IS NULL OR id IS NULL OR id = '' THEN
        RAISE invalid_parameter_value USING CONSTRAINT = 'acting_nobody', MESSAGE = 'an actor has a role and an identifier';
    END IF;
    PERFORM role::access.actor_role;
    PERFORM set_config(
        'onderdak.acting', access.signature(access.claim_here(claim)) || ' ' || claim, true);
END
$$;

COMMENT ON FUNCTION access.become(role text, id text) IS 'Says who acts in this transaction; in the same message follows SET LOCAL ROLE. For the program''s login alone.';

CREATE FUNCTION access.blank_run(of_victim text, blanked bigint, new_instance bytea, new_plan bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF NOT access.may_erase(of_victim) THEN
        RAISE insufficient_privilege USING CONSTRAINT = 'case_erase', MESSAGE = 'this case is not yours to erase';
    END IF;
    UPDATE plan_run SET instance = new_instance, plan = new_plan, blanked_at = ledger_now()
    WHERE id = blanked AND position(convert_to(to_json(of_victim)::text, 'UTF8') IN instance) > 0;
END
$$;

CREATE FUNCTION access.break_glass(of_victim text, of_categories text[], because text, for_hours integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    who CONSTANT record := access.acting();
    broken bigint;
BEGIN
    IF who.role IS NULL OR who.role NOT IN ('desk', 'coordinator', 'shelter', 'guardian') THEN
        RAISE insufficient_privilege USING CONSTRAINT = 'break_glass_role', MESSAGE =
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

COMMENT ON FUNCTION access.break_glass(of_victim text, of_categories text[], because text, for_hours integer) IS 'Opens categories of a case for some hours (at most 24) in a vital interest, and alarms the auditor.';

CREATE FUNCTION access.claim_here(claim text) RETURNS text
    LANGUAGE sql STABLE
    RETURN ((((claim || ' '::text) || pg_backend_pid()) || ' '::text) || (EXTRACT(epoch FROM transaction_timestamp()))::text);

COMMENT ON FUNCTION access.claim_here(claim text) IS 'A claim that holds in this connection and this transaction only, which nobody can choose.';

CREATE FUNCTION public.age_on(birth_date date, day date) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT
    RETURN (EXTRACT(year FROM age((day)::timestamp without time zone, (birth_date)::timestamp without time zone)))::integer;

CREATE TABLE public.stay (
    request public.identifier NOT NULL,
    victim public.identifier NOT NULL,
    unit public.identifier NOT NULL,
    days daterange NOT NULL,
    moves_made public.whole NOT NULL,
    arrived boolean NOT NULL,
    origin text DEFAULT 'record'::text NOT NULL,
    overrides text[] DEFAULT '{}'::text[] NOT NULL,
    offer bigint,
    CONSTRAINT stay_days CHECK (((isfinite(lower(days)) AND isfinite(upper(days))) IS TRUE)),
    CONSTRAINT stay_origin CHECK ((origin = ANY (ARRAY['offer'::text, 'night'::text, 'record'::text]))),
    CONSTRAINT stay_overrides CHECK ((overrides <@ ARRAY['legs'::text, 'hold'::text, 'admission'::text, 'services'::text, 'security'::text, 'avoid'::text, 'investigation'::text, 'together'::text, 'no-contact'::text, 'mixing'::text, 'exclusive'::text]))
);

COMMENT ON TABLE public.stay IS 'A victim in a unit: where people were and are, and what has been agreed on. Consecutive stays of one request are legs.';

COMMENT ON COLUMN public.stay.moves_made IS 'How often this placement had been moved when the stay began, that move included.';

COMMENT ON COLUMN public.stay.arrived IS 'Whether the victim came. Without that, a stay is an agreement until its first day is over, and then taken to have begun.';

COMMENT ON COLUMN public.stay.origin IS 'offer: accepted; night: a night placement; record: taken in as it is, whatever rule it breaks, and counted against others.';

COMMENT ON COLUMN public.stay.overrides IS 'The rules from which it is exempt, each for a reason on record (rule_override).';

CREATE TABLE public.victim (
    id public.identifier NOT NULL,
    sex public.sex NOT NULL,
    birth_date date NOT NULL,
    security_min smallint NOT NULL,
    security_max smallint NOT NULL,
    payers_from date NOT NULL,
    region public.identifier,
    CONSTRAINT victim_birth_date CHECK (isfinite(birth_date)),
    CONSTRAINT victim_payers_from CHECK (isfinite(payers_from)),
    CONSTRAINT victim_security CHECK (((1 <= security_min) AND (security_min <= security_max) AND (security_max <= 4)))
);

COMMENT ON COLUMN public.victim.id IS 'A pseudonym.';

COMMENT ON COLUMN public.victim.security_min IS 'With security_max: the security levels of shelters that are allowed.';

COMMENT ON COLUMN public.victim.payers_from IS 'Days in shelter before this date are in paid_days; who paid for later ones follows from the rule of payers.';

COMMENT ON COLUMN public.victim.region IS 'The region that is accountable for the case as long as no request of it says; null: not known.';

CREATE FUNCTION access.coarse_birth_date(of_victim text) RETURNS date
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 SELECT c.coarse
    FROM (public.victim v
      CROSS JOIN LATERAL ( VALUES (1,(date_trunc('year'::text, (v.birth_date)::timestamp with time zone))::date), (2,(date_trunc('month'::text, (v.birth_date)::timestamp with time zone))::date), (3,v.birth_date)) c(step, coarse))
   WHERE (((v.id)::text = coarse_birth_date.of_victim) AND ((c.step = 3) OR (NOT (EXISTS ( SELECT
            FROM public.stay s
           WHERE (((s.victim)::text = (v.id)::text) AND (NOT ((public.age_on(c.coarse, lower(s.days)) = public.age_on(v.birth_date, lower(s.days))) AND (public.age_on(c.coarse, (upper(s.days) - 1)) = public.age_on(v.birth_date, lower(s.days))) AND (public.age_on(v.birth_date, (upper(s.days) - 1)) = public.age_on(v.birth_date, lower(s.days)))))))))))
   ORDER BY c.step
  LIMIT 1;
END;

CREATE TABLE public.coordinator_absence (
    coordinator public.identifier NOT NULL,
    days daterange NOT NULL,
    CONSTRAINT coordinator_absence_days CHECK ((NOT isempty(days)))
);

CREATE TABLE public.coverage (
    id bigint NOT NULL,
    region public.identifier NOT NULL,
    function text NOT NULL,
    coordinator public.identifier NOT NULL,
    ages int4range NOT NULL,
    days daterange NOT NULL,
    stand_in boolean NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT coverage_ages CHECK (((NOT isempty(ages)) AND (ages <@ '[0,151)'::int4range))),
    CONSTRAINT coverage_days CHECK ((NOT isempty(days))),
    CONSTRAINT coverage_function CHECK ((function = ANY (ARRAY['care'::text, 'outflow'::text, 'youth'::text])))
);

COMMENT ON TABLE public.coverage IS 'Which coordinator covers a region, for which ages in years and which days; several may, and then that is shown.';

COMMENT ON COLUMN public.coverage.function IS 'care is the one that is accountable for shelter.';

COMMENT ON COLUMN public.coverage.stand_in IS 'Acts only where nobody else covers, or those who do are absent.';

CREATE VIEW public.coverage_on_duty WITH (security_invoker='true') AS
 SELECT c.id,
    c.region,
    c.function,
    c.coordinator,
    c.ages,
    c.stand_in,
    (datemultirange(c.days) - COALESCE(( SELECT range_agg(a.days) AS range_agg
           FROM public.coordinator_absence a
          WHERE ((a.coordinator)::text = (c.coordinator)::text)), '{}'::datemultirange)) AS days
   FROM public.coverage c;

COMMENT ON VIEW public.coverage_on_duty IS 'Coverage without the days on which the coordinator is absent.';

CREATE FUNCTION public.coordinator_on_duty(of_region text, for_function text, for_age integer, on_day date) RETURNS text
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT coverage_on_duty.coordinator
    FROM public.coverage_on_duty
   WHERE (((coverage_on_duty.region)::text = coordinator_on_duty.of_region) AND (coverage_on_duty.function = coordinator_on_duty.for_function) AND (coverage_on_duty.ages @> coordinator_on_duty.for_age) AND (coverage_on_duty.days @> coordinator_on_duty.on_day))
   ORDER BY coverage_on_duty.stand_in, (lower(coverage_on_duty.days)), coverage_on_duty.coordinator
  LIMIT 1;
END;

COMMENT ON FUNCTION public.coordinator_on_duty(of_region text, for_function text, for_age integer, on_day date) IS 'Who coordinates in a region for an age on a day; null: nobody, so the desk.';

CREATE FUNCTION public.coordinators_on_duty(on_day date) RETURNS TABLE(region text, function text, ages int4range, coordinator text)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 WITH duty AS MATERIALIZED (
          SELECT c.region,
             c.function,
             c.coordinator,
             c.ages,
             c.stand_in,
             lower(c.days) AS since
            FROM public.coverage_on_duty c
           WHERE (c.days @> coordinators_on_duty.on_day)
         ), cut AS (
          SELECT DISTINCT d_1.region,
             d_1.function,
             unnest(ARRAY[lower(d_1.ages), upper(d_1.ages)]) AS age
            FROM duty d_1
         ), band AS (
          SELECT cut.region,
             cut.function,
             int4range(cut.age, lead(cut.age) OVER (PARTITION BY cut.region, cut.function ORDER BY cut.age)) AS ages
            FROM cut
         )
  SELECT DISTINCT ON (b.region, b.function, b.ages) b.region,
     b.function,
     b.ages,
     d.coordinator
    FROM (band b
      JOIN duty d ON ((((d.region)::text = (b.region)::text) AND (d.function = b.function) AND (d.ages @> b.ages))))
   WHERE (NOT upper_inf(b.ages))
   ORDER BY b.region, b.function, b.ages, d.stand_in, d.since, d.coordinator;
END;

COMMENT ON FUNCTION public.coordinators_on_duty(on_day date) IS 'Exactly one coordinator for each region, function and band of ages that is covered on a day.';

CREATE FUNCTION public.ledger_today() RETURNS date
    LANGUAGE sql STABLE
    RETURN public.ledger_day(public.ledger_now());

CREATE TABLE public.request (
    id public.identifier NOT NULL,
    together text NOT NULL,
    urgency text NOT NULL,
    known_from date NOT NULL,
    needed_from date NOT NULL,
    latest_start date NOT NULL,
    stay_days public.whole NOT NULL,
    preferred_region public.identifier,
    no_move_before date,
    transfer_wanted boolean NOT NULL,
    state text DEFAULT 'submitted'::text NOT NULL,
    state_since timestamp with time zone DEFAULT now() NOT NULL,
    state_reason text,
    submitted_at timestamp with time zone,
    region public.identifier,
    referred_by public.actor,
    night boolean DEFAULT false NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT request_dates CHECK ((isfinite(known_from) AND isfinite(latest_start) AND (known_from <= needed_from) AND (needed_from <= latest_start))),
    CONSTRAINT request_no_move_before CHECK (isfinite(no_move_before)),
    CONSTRAINT request_state CHECK ((state = ANY (ARRAY['draft'::text, 'submitted'::text, 'proposed'::text, 'offered'::text, 'accepted'::text, 'placed'::text, 'ended'::text, 'withdrawn'::text, 'unplaced'::text]))),
    CONSTRAINT request_stay_days CHECK (((stay_days)::integer >= 1)),
    CONSTRAINT request_together CHECK ((together = ANY (ARRAY['unit'::text, 'shelter'::text]))),
    CONSTRAINT request_urgency CHECK ((urgency = ANY (ARRAY['crisis'::text, 'urgent'::text, 'planned'::text])))
);

COMMENT ON COLUMN public.request.together IS 'Where its victims must be together.';

COMMENT ON COLUMN public.request.known_from IS 'The day on which the desk learns of it.';

COMMENT ON COLUMN public.request.needed_from IS 'With latest_start: the days on which it may start; of one that is under way, the day since which this is on record.';

COMMENT ON COLUMN public.request.stay_days IS 'Counted from the start; once there are stays, they say how long.';

COMMENT ON COLUMN public.request.no_move_before IS 'A hold: once placed, its victims are not moved before this day.';

COMMENT ON COLUMN public.request.transfer_wanted IS 'Once placed, its victims stay where they are unless this is true; then plans may move them.';

COMMENT ON COLUMN public.request.state_reason IS 'Why its last step was made: a code, where there is more to say than the step.';

COMMENT ON COLUMN public.request.region IS 'The region that is accountable for its victims; null: not known.';

COMMENT ON COLUMN public.request.referred_by IS 'Who referred, and hears of the outcome.';

COMMENT ON COLUMN public.request.night IS 'A night placement: an emergency bed for a few nights, beside the request for a lasting place.';

COMMENT ON COLUMN public.request.version IS 'Moves on with its stays, transfers, outflow and holds on moves as well.';

CREATE TABLE public.request_victim (
    request public.identifier NOT NULL,
    victim public.identifier NOT NULL,
    closed boolean DEFAULT false NOT NULL,
    night boolean DEFAULT false NOT NULL
);

COMMENT ON COLUMN public.request_victim.closed IS 'Whether the request is over; follows request.state.';

COMMENT ON COLUMN public.request_victim.night IS 'Follows request.night.';

CREATE VIEW public.case_coordinator WITH (security_invoker='true') AS
 SELECT v.id AS victim,
    f.function,
    r.region,
    public.coordinator_on_duty((r.region)::text, f.function, public.age_on(v.birth_date, d.day), d.day) AS coordinator
   FROM (((public.victim v
     CROSS JOIN ( VALUES ('care'::text), ('outflow'::text), ('youth'::text)) f(function))
     CROSS JOIN ( SELECT public.ledger_today() AS day) d)
     CROSS JOIN LATERAL ( SELECT COALESCE(( SELECT r_1.region
                   FROM (public.request_victim m
                     JOIN public.request r_1 ON (((r_1.id)::text = (m.request)::text)))
                  WHERE (((m.victim)::text = (v.id)::text) AND (r_1.region IS NOT NULL))
                  ORDER BY m.closed, m.night, r_1.known_from DESC, r_1.id
                 LIMIT 1), v.region) AS region) r);

COMMENT ON VIEW public.case_coordinator IS 'Who coordinates a case today; a null coordinator is the desk, which is accountable (care) where nobody covers.';

CREATE FUNCTION access.coordinated(by_coordinator text, on_day date) RETURNS TABLE(victim text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_catalog', 'pg_temp'
    SET random_page_cost TO '1.1'
    BEGIN ATOMIC
 WITH covered AS MATERIALIZED (
          SELECT d.region,
             d.ages
            FROM public.coordinators_on_duty(coordinated.on_day) d(region, function, ages, coordinator)
           WHERE (d.coordinator = coordinated.by_coordinator)
         ), candidate AS MATERIALIZED (
          SELECT m.victim
            FROM (public.request r
              JOIN public.request_victim m ON (((m.request)::text = (r.id)::text)))
           WHERE ((r.region)::text IN ( SELECT c.region
                    FROM covered c))
         UNION
          SELECT v_1.id
            FROM public.victim v_1
           WHERE ((v_1.region)::text IN ( SELECT c.region
                    FROM covered c))
         )
  SELECT n.victim
    FROM (candidate n
      CROSS JOIN LATERAL ( SELECT c.region,
             v_1.birth_date
            FROM (public.case_coordinator c
              JOIN public.victim v_1 ON (((v_1.id)::text = (c.victim)::text)))
           WHERE (((c.victim)::text = (n.victim)::text) AND (c.function = 'care'::text))
          OFFSET 0) v)
   WHERE (EXISTS ( SELECT
            FROM covered d
           WHERE ((d.region = (v.region)::text) AND (d.ages @> public.age_on(v.birth_date, coordinated.on_day)))));
END;

COMMENT ON FUNCTION access.coordinated(by_coordinator text, on_day date) IS 'The victims whose case, in any function, a coordinator coordinates on a day.';

CREATE FUNCTION access.digest(key bytea, claim text) RETURNS text
    LANGUAGE sql STABLE
    RETURN encode(sha256((key || sha256((key || convert_to(claim, 'UTF8'::name))))), 'hex'::text);

COMMENT ON FUNCTION access.digest(key bytea, claim text) IS 'The keyed digest of a text, in hexadecimal digits; for functions of the owner only.';

CREATE FUNCTION access.disclosed(to_role text, for_category text, in_form text DEFAULT 'full'::text, to_write boolean DEFAULT false) RETURNS SETOF text
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

COMMENT ON FUNCTION access.disclosed(to_role text, for_category text, in_form text, to_write boolean) IS 'The victims of whom a category of data is disclosed now, in a form, to who acts in that role.';

CREATE FUNCTION access.disclosed_requests(to_role text, for_category text) RETURNS SETOF text
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100
    SET search_path TO 'public', 'pg_catalog', 'pg_temp'
    SET random_page_cost TO '1.1'
    AS $$
BEGIN
    RETURN QUERY SELECT m.request::text FROM access.disclosed(to_role, for_category) AS d(victim)
        JOIN request_victim AS m ON m.victim = d.victim;
END
$$;

COMMENT ON FUNCTION access.disclosed_requests(to_role text, for_category text) IS 'The requests of the victims of whom a category is disclosed to who acts in a role: what policies on requests, and on what belongs to these, go by.';

CREATE TABLE access.matrix (
    role access.actor_role NOT NULL,
    relation text NOT NULL,
    category text NOT NULL,
    form text NOT NULL,
    writes boolean NOT NULL,
    CONSTRAINT matrix_category CHECK ((category = ANY (ARRAY['identity'::text, 'profile'::text, 'avoid'::text, 'phase'::text, 'health'::text, 'investigation'::text, 'address'::text, 'action'::text]))),
    CONSTRAINT matrix_form CHECK ((form = ANY (ARRAY['full'::text, 'pseudonym'::text, 'flags'::text, 'own-report'::text, 'count'::text, 'aggregate'::text]))),
    CONSTRAINT matrix_relation CHECK ((relation = ANY (ARRAY['all'::text, 'own'::text, 'offered'::text, 'placed'::text, 'paying'::text]))),
    CONSTRAINT matrix_writes CHECK (((NOT writes) OR (form = ANY (ARRAY['full'::text, 'own-report'::text]))))
);

COMMENT ON TABLE access.matrix IS 'What each role may see of which cases, and in which form; what is not here is not seen.';

COMMENT ON COLUMN access.matrix.relation IS 'What the case is to who acts: any; one''s own; offered to, or placed in, one''s shelter; paid for.';

CREATE FUNCTION access.discloses_all(to_role text, for_category text, to_write boolean DEFAULT false) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 SELECT ((access.acting_as(to_role) IS NOT NULL) AND access.basis_holds(NULL::text, for_category) AND (EXISTS ( SELECT
            FROM access.matrix m
           WHERE (((m.role)::text = discloses_all.to_role) AND (m.relation = 'all'::text) AND (m.category = discloses_all.for_category) AND (m.form = 'full'::text) AND (m.writes OR (NOT discloses_all.to_write))))));
END;

COMMENT ON FUNCTION access.discloses_all(to_role text, for_category text, to_write boolean) IS 'Whether access.disclosed() gives every victim there is: a basis for all cases is in force.';

CREATE FUNCTION access.erase_case(of_victim text, new_name text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    alone record;
BEGIN
    IF new_name NOT LIKE 'erased-%' OR length(new_name) < 30 THEN
        RAISE invalid_parameter_value USING CONSTRAINT = 'case_erase_name', MESSAGE = 'the new name of an erased case is erased- and chance';
    END IF;
    IF NOT access.may_erase(of_victim) THEN
        RAISE insufficient_privilege USING CONSTRAINT = 'case_erase', MESSAGE = 'this case is not yours to erase';
    END IF;
    PERFORM FROM victim WHERE id = of_victim FOR UPDATE;
    IF NOT FOUND THEN
        RAISE no_data_found USING CONSTRAINT = 'case_none', MESSAGE = 'there is no victim of that identifier';
    ELSIF NOT EXISTS (SELECT FROM ended_case AS e WHERE e.victim = of_victim)
        AND EXISTS (SELECT FROM request_victim AS m WHERE m.victim = of_victim)
    THEN
        RAISE object_not_in_prerequisite_state USING CONSTRAINT = 'case_under_way', MESSAGE =
            'the case is under way: end or withdraw its requests first, since whoever is in a bed is planned for';
    END IF;
    SET CONSTRAINTS ALL DEFERRED;
    PERFORM audit.note('erase', 'victim', of_victim);

    DELETE FROM confidential.victim_field WHERE victim = of_victim;
    DELETE FROM access.legal_basis WHERE victim = of_victim;
    DELETE FROM access.break_glass WHERE victim = of_victim;
    DELETE FROM avoided_region WHERE victim = of_victim;
    DELETE FROM avoided_shelter WHERE victim = of_victim;
    DELETE FROM no_contact WHERE of_victim IN (a, b);
    DELETE FROM investigation WHERE victim = of_victim;
    DELETE FROM police_case WHERE victim = of_victim;
    DELETE FROM guardianship WHERE victim = of_victim;
    DELETE FROM offer_approval WHERE subject = of_victim AND approval = 'guardian';
    DELETE FROM court_order WHERE victim = of_victim;
    DELETE FROM victim_need WHERE victim = of_victim;
    PERFORM access.forget(of_victim);

    -- Reasons for having no place tell needs, of a group's victims too.
    UPDATE proposal_reason SET detail = 'erased'
    WHERE request IN (SELECT m.request FROM request_victim AS m WHERE m.victim = of_victim);
    FOR alone IN SELECT * FROM access.requests_alone(of_victim) LOOP
        -- What people wrote themselves.
        UPDATE request_event SET reason = NULL WHERE request = alone.request;
        UPDATE request SET state_reason = NULL, referred_by = NULL WHERE id = alone.request;
        UPDATE transfer SET reason = 'erased' WHERE request = alone.request;
        UPDATE move_hold SET reason = 'erased' WHERE request = alone.request;
        UPDATE hold SET purpose = 'erased' WHERE request = alone.request;
        UPDATE rule_override SET reason = 'erased' WHERE offer IN (SELECT o.id FROM offer AS o WHERE o.request = alone.request);
        UPDATE offer_approval SET note = NULL WHERE offer IN (SELECT o.id FROM offer AS o WHERE o.request = alone.request);
        PERFORM access.forget(alone.request);
        PERFORM access.rename('request', alone.request, new_name || alone.renamed);
    END LOOP;
    UPDATE victim SET birth_date = access.coarse_birth_date(of_victim) WHERE id = of_victim;
    PERFORM access.rename('victim', of_victim, new_name);
END
$$;

COMMENT ON FUNCTION access.erase_case(of_victim text, new_name text) IS 'Takes out of an ended case what tells whose it was; stays, phases and registrations stay under a new name, for the figures. Stored runs are the program''s to blank before.';

CREATE FUNCTION access.erase_confidential(of_victim text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF access.acting_as('service') IS NULL THEN
        RAISE insufficient_privilege USING CONSTRAINT = 'retention_role', MESSAGE =
            'what is kept for how long is for the program to see to';
    END IF;
    DELETE FROM confidential.victim_field WHERE victim = of_victim AND EXISTS (
        SELECT FROM retention_due AS d WHERE d.subject = 'confidential' AND d.object = of_victim);
END
$$;

CREATE FUNCTION access.export_case(of_victim text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
    told jsonb := '{}';
    source record;
    rows jsonb;
BEGIN
    IF access.acting_role() NOT IN ('desk', 'coordinator', 'guardian') OR NOT access.may(of_victim, 'identity') THEN
        RAISE insufficient_privilege USING CONSTRAINT = 'case_export', MESSAGE = 'this case is not yours to export';
    END IF;
    PERFORM audit.note('export', 'victim', of_victim);
    SELECT jsonb_agg(to_jsonb(v)) INTO rows FROM victim AS v WHERE v.id = of_victim;
    told := jsonb_build_object('victim', rows);
    FOR source IN
        SELECT DISTINCT n.nspname AS schema, t.relname AS name FROM pg_constraint AS c
        JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attname = 'victim' AND a.attnum = ANY (c.conkey)
        JOIN pg_class AS t ON t.oid = c.conrelid JOIN pg_namespace AS n ON n.oid = t.relnamespace
        WHERE c.contype = 'f' AND c.conrelid <> ALL (ARRAY[
            'public.no_contact', 'public.investigation', 'public.police_case', 'public.victim_turn',
            'confidential.victim_field']::regclass[])
        ORDER BY 1, 2
    LOOP
        EXECUTE format('SELECT jsonb_agg(to_jsonb(t)) FROM %I.%I AS t WHERE t.victim = $1', source.schema, source.name)
            INTO rows USING of_victim;
        IF rows IS NOT NULL THEN
            told := told || jsonb_build_object(
                CASE source.schema WHEN 'public' THEN '' ELSE source.schema || '.' END || source.name, rows);
        END IF;
    END LOOP;
    SELECT jsonb_agg(to_jsonb(r)) INTO rows FROM request AS r
    WHERE r.id IN (SELECT m.request FROM request_victim AS m WHERE m.victim = of_victim);
    told := told || jsonb_build_object('request', coalesce(rows, '[]'));
    SELECT jsonb_agg(jsonb_build_object(
            'at', e.at, 'actor', e.actor, 'action', e.action, 'relation', e.relation, 'fields', e.fields)
        ORDER BY e.number) INTO rows
    FROM audit.entry AS e WHERE e.victim = of_victim AND e.relation NOT IN ('no_contact', 'investigation', 'police_case');
    RETURN told || jsonb_build_object('audit', coalesce(rows, '[]'));
END
$_$;

CREATE FUNCTION access.forget(name text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    -- As JSON writes it, quotation marks around.
    written CONSTANT text := to_json(name)::text;
BEGIN
    DELETE FROM command WHERE position(written IN result::text) > 0;
    DELETE FROM outbox WHERE position(written IN subject::text) > 0;
END
$$;

COMMENT ON FUNCTION access.forget(name text) IS 'Deletes answers to commands and events that name a victim or a request; for functions of the owner only.';

CREATE TABLE confidential.victim_field (
    victim public.identifier NOT NULL,
    category text NOT NULL,
    field text NOT NULL,
    reported_by text NOT NULL,
    key_id text NOT NULL,
    ciphertext bytea NOT NULL,
    written_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT victim_field_category CHECK ((category = ANY (ARRAY['identity'::text, 'health'::text]))),
    CONSTRAINT victim_field_name CHECK ((field ~ '^[a-z][a-z-]{0,39}$'::text)),
    CONSTRAINT victim_field_sealed CHECK ((octet_length(ciphertext) > 28))
);

COMMENT ON COLUMN confidential.victim_field.reported_by IS 'ROLE/ID: who wrote it. The police see what they reported themselves; two may know different things.';

COMMENT ON COLUMN confidential.victim_field.ciphertext IS 'AES-GCM: nonce (12 bytes), text, tag (16), bound to victim, category, field and reported_by.';

CREATE FUNCTION access.is_confidential_left(of_victim text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 SELECT (EXISTS ( SELECT
            FROM confidential.victim_field f
           WHERE ((f.victim)::text = is_confidential_left.of_victim))) AS "exists";
END;

COMMENT ON FUNCTION access.is_confidential_left(of_victim text) IS 'Whether anything confidential of a victim is kept; for the program.';

CREATE FUNCTION access.is_secret(held bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 SELECT (EXISTS ( SELECT
            FROM public.planned_action_hold h
           WHERE (h.hold = is_secret.held))) AS "exists";
END;

CREATE FUNCTION access.may(of_victim text, for_category text, to_write boolean DEFAULT false) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 SELECT (EXISTS ( SELECT
            FROM access.disclosed(access.acting_role(), may.for_category, 'full'::text, may.to_write) d(victim)
           WHERE (d.victim = may.of_victim))) AS "exists";
END;

COMMENT ON FUNCTION access.may(of_victim text, for_category text, to_write boolean) IS 'Whether who acts may see, or write, a category of a victim''s data in full.';

CREATE FUNCTION access.may_erase(of_victim text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 SELECT ((access.acting_as('service'::text) IS NOT NULL) OR ((access.acting_role() = ANY (ARRAY['desk'::text, 'coordinator'::text])) AND access.may(of_victim, 'identity'::text, true)));
END;

CREATE FUNCTION access.offers_asked() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT o.id FROM offer AS o
    WHERE access.acting_role() IN ('coordinator', 'police', 'guardian') AND o.state = 'open' AND o.answer_by > ledger_now()
        AND offer_asks(o.id, (access.acting_role() || '/' || access.acting_id())::actor)
$$;

CREATE FUNCTION public.offer_missing(offer bigint) RETURNS TABLE(subject text, approval text, roles text[])
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
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
$_$;

CREATE TABLE public.offer_stay (
    offer bigint NOT NULL,
    victim public.identifier NOT NULL,
    unit public.identifier NOT NULL,
    days daterange NOT NULL,
    CONSTRAINT offer_stay_days CHECK (((isfinite(lower(days)) AND isfinite(upper(days))) IS TRUE))
);

CREATE TABLE public.unit (
    id public.identifier NOT NULL,
    shelter public.identifier NOT NULL,
    bed_type public.bed_type NOT NULL,
    sexes public.sex[] NOT NULL,
    min_age public.age,
    max_age public.age,
    phases public.phase[],
    services text[] NOT NULL,
    mixing text NOT NULL,
    exclusive boolean NOT NULL,
    min_group public.whole NOT NULL,
    max_group public.whole,
    count_by text NOT NULL,
    max_leg_days public.whole,
    daily_cost_cents public.whole NOT NULL,
    scarcity public.whole NOT NULL,
    CONSTRAINT unit_ages CHECK (((min_age)::integer <= (max_age)::integer)),
    CONSTRAINT unit_count_by CHECK ((count_by = ANY (ARRAY['victim'::text, 'request'::text]))),
    CONSTRAINT unit_group CHECK (((min_group)::integer <= (max_group)::integer)),
    CONSTRAINT unit_max_leg_days CHECK (((max_leg_days)::integer >= 1)),
    CONSTRAINT unit_min_group CHECK (((min_group)::integer >= 1)),
    CONSTRAINT unit_mixing CHECK ((mixing = ANY (ARRAY['any'::text, 'single-sex'::text])))
);

COMMENT ON COLUMN public.unit.phases IS 'The phases admitted; null: all.';

COMMENT ON COLUMN public.unit.services IS 'On top of the shelter''s.';

COMMENT ON COLUMN public.unit.count_by IS 'What takes one bed: each victim, or all victims of one request together (a family unit).';

COMMENT ON COLUMN public.unit.max_leg_days IS 'A longer stay costs points as an overstay; null: no limit.';

CREATE FUNCTION access.offer_missing(of_offer bigint) RETURNS TABLE(subject text, approval text, roles text[])
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 SELECT m.subject,
     m.approval,
     m.roles
    FROM public.offer_missing(offer_missing.of_offer) m(subject, approval, roles)
   WHERE ((access.acting_as('service'::text) IS NOT NULL) OR (offer_missing.of_offer IN ( SELECT access.offers_asked() AS offers_asked)) OR (EXISTS ( SELECT
            FROM (public.offer_stay s
              JOIN public.unit u ON (((u.id)::text = (s.unit)::text)))
           WHERE ((s.offer = offer_missing.of_offer) AND (((u.shelter)::text = access.acting_as('shelter'::text)) OR ((s.victim)::text IN ( SELECT access.disclosed(access.acting_role(), 'phase'::text) AS disclosed)))))));
END;

CREATE FUNCTION access.open(opened regclass) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

COMMENT ON FUNCTION access.open(opened regclass) IS 'Policies and rights on a table of reference data.';

CREATE FUNCTION access.open_to_service(protected regclass) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO onderdak_service', protected);
    EXECUTE format(
        'CREATE POLICY service ON %s TO onderdak_service USING ((SELECT access.acting_as(''service'')) IS NOT NULL)',
        protected);
END
$$;

CREATE FUNCTION audit.actor() RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    who CONSTANT record := access.acting();
BEGIN
    RETURN coalesce(who.role || '/' || who.id, 'login/' || session_user);
END
$$;

CREATE TABLE access.pseudonym_key (
    singleton boolean DEFAULT true NOT NULL,
    key bytea NOT NULL,
    CONSTRAINT pseudonym_key_one_row CHECK (singleton)
);

COMMENT ON TABLE access.pseudonym_key IS 'Makes the pseudonyms that funders have; no role can read it.';

CREATE FUNCTION access.pseudonym(victim text) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    RETURN (SELECT ('p'::text || substr(access.digest(pseudonym_key.key, ((('pseudonym/'::text || audit.actor()) || '/'::text) || pseudonym.victim)), 1, 16)) FROM access.pseudonym_key);

COMMENT ON FUNCTION access.pseudonym(victim text) IS 'A victim''s name for who acts: always the same one, another one for everybody else.';

CREATE TABLE public.paid_days (
    victim public.identifier NOT NULL,
    funder public.identifier NOT NULL,
    days public.whole NOT NULL
);

COMMENT ON TABLE public.paid_days IS 'Days that a funder paid for a victim before victim.payers_from.';

CREATE TABLE public.victim_phase (
    victim public.identifier NOT NULL,
    from_date date NOT NULL,
    phase public.phase NOT NULL,
    CONSTRAINT victim_phase_date CHECK (isfinite(from_date))
);

COMMENT ON TABLE public.victim_phase IS 'The phase of a victim''s right of residence from a date until the next; the first also holds before.';

CREATE FUNCTION access.paid_cases() RETURNS TABLE(pseudonym text, days public.whole, phase public.phase)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 SELECT access.pseudonym((p.victim)::text) AS pseudonym,
     p.days,
         CASE
             WHEN ((p.victim)::text IN ( SELECT access.disclosed('funder'::text, 'phase'::text, 'pseudonym'::text) AS disclosed)) THEN (( SELECT f.phase
                FROM public.victim_phase f
               WHERE (((f.victim)::text = (p.victim)::text) AND (f.from_date <= public.ledger_today()))
               ORDER BY f.from_date DESC
              LIMIT 1))::text
             ELSE NULL::text
         END AS "case"
    FROM public.paid_days p
   WHERE (((p.funder)::text = access.acting_as('funder'::text)) AND ((p.victim)::text IN ( SELECT access.disclosed('funder'::text, 'profile'::text, 'pseudonym'::text) AS disclosed)));
END;

CREATE FUNCTION access.protect(protected regclass, category text, condition text, writes boolean, roles text[] DEFAULT NULL::text[], hidden jsonb DEFAULT '{}'::jsonb, writable text[] DEFAULT NULL::text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_catalog', 'pg_temp'
    AS $$
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

COMMENT ON FUNCTION access.protect(protected regclass, category text, condition text, writes boolean, roles text[], hidden jsonb, writable text[]) IS 'Policies and rights on a table for a category of the matrix. In the condition, %victims% stands for the victims of whom the category is disclosed; hidden: columns that a role does not get; writable: the only columns that may be changed.';

CREATE FUNCTION access.related(OUT victim text, OUT relation text) RETURNS SETOF record
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100
    SET search_path TO 'public', 'pg_catalog', 'pg_temp'
    SET random_page_cost TO '1.1'
    AS $$
DECLARE
    who CONSTANT record := access.acting();
    day CONSTANT date := access.today();
BEGIN
    IF who.role = 'desk' THEN
        RETURN QUERY SELECT v.id::text, 'all' FROM victim AS v;
    ELSIF who.role = 'coordinator' THEN
        RETURN QUERY SELECT c.victim, 'own' FROM access.coordinated(who.id, day) AS c;
    ELSIF who.role = 'shelter' THEN
        -- Placed from the moment the place is agreed on, since the shelter has to prepare, until the last day.
        RETURN QUERY
            SELECT DISTINCT s.victim::text, 'placed'
            FROM unit AS u JOIN stay AS s ON s.unit = u.id
            WHERE u.shelter = who.id AND s.days && daterange(day, NULL);
        RETURN QUERY
            SELECT DISTINCT s.victim::text, 'placed'
            FROM unit AS u JOIN offer_stay AS s ON s.unit = u.id JOIN transfer AS t ON t.offer = s.offer
            WHERE u.shelter = who.id AND t.state = 'agreed';
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

COMMENT ON FUNCTION access.related(OUT victim text, OUT relation text) IS 'What each case is today to who acts; a case that is nothing to them is left out.';

CREATE FUNCTION access.related_to(role text) RETURNS TABLE(victim text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 SELECT r.victim
    FROM access.related() r(victim, relation)
   WHERE (access.acting_as(related_to.role) IS NOT NULL);
END;

COMMENT ON FUNCTION access.related_to(role text) IS 'The cases of who acts, when that is in the role.';

CREATE FUNCTION access.rename(named regclass, old text, new text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
    target record;
BEGIN
    -- The row itself first: triggers on what refers to it look it up by its new name.
    EXECUTE format('UPDATE %s SET id = $2 WHERE id = $1', named) USING old, new;
    -- The columns that refer to it, also by way of another table (a stay's victim is one of its request).
    FOR target IN
        WITH RECURSIVE reference AS (
            SELECT c.conrelid AS relation, a.attname AS name, a.attnum AS number
            FROM pg_constraint AS c
            CROSS JOIN LATERAL unnest(c.conkey, c.confkey) AS k(here, there)
            JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.here
            JOIN pg_attribute AS f ON f.attrelid = c.confrelid AND f.attnum = k.there
            WHERE c.contype = 'f' AND c.confrelid = named AND f.attname = 'id'
            UNION
            SELECT c.conrelid, a.attname, a.attnum
            FROM reference AS r
            JOIN pg_constraint AS c ON c.contype = 'f' AND c.confrelid = r.relation
            CROSS JOIN LATERAL unnest(c.conkey, c.confkey) AS k(here, there)
            JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.here
            WHERE k.there = r.number
        )
        SELECT r.relation::regclass AS relation, r.name FROM reference AS r GROUP BY r.relation, r.name
        ORDER BY r.relation::regclass::text, r.name
    LOOP
        EXECUTE format('UPDATE %s SET %I = $2 WHERE %I = $1', target.relation, target.name, target.name) USING old, new;
    END LOOP;
END
$_$;

COMMENT ON FUNCTION access.rename(named regclass, old text, new text) IS 'Gives a row of a table another id, and everything that refers to it; for the owner only.';

CREATE FUNCTION access.renew_signing_key(older_than interval DEFAULT '00:00:00'::interval) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    fresh CONSTANT bytea := (
        SELECT sha256(string_agg(uuid_send(gen_random_uuid()), '')) FROM generate_series(1, 4));
BEGIN
    UPDATE access.signing_key SET previous = key, key = fresh, made_at = clock_timestamp()
    WHERE made_at <= clock_timestamp() - older_than;
    IF FOUND THEN
        RETURN true;
    END IF;
    -- A backup need not hold it.
    INSERT INTO access.signing_key (key) VALUES (fresh) ON CONFLICT DO NOTHING;
    RETURN FOUND;
END
$$;

COMMENT ON FUNCTION access.renew_signing_key(older_than interval) IS 'Makes a new signing key when the one that there is is so old, or there is none; whether it did. Transactions under way keep who they are through one renewal.';

CREATE FUNCTION access.requests_alone(of_victim text) RETURNS TABLE(request text, renamed text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 SELECT (m.request)::text AS request,
     ('-'::text || row_number() OVER (ORDER BY m.request))
    FROM public.request_victim m
   WHERE (access.may_erase(requests_alone.of_victim) AND ((m.victim)::text = requests_alone.of_victim) AND (NOT (EXISTS ( SELECT
            FROM public.request_victim o
           WHERE (((o.request)::text = (m.request)::text) AND ((o.victim)::text <> requests_alone.of_victim) AND ((o.victim)::text !~~ 'erased-%'::text))))))
   ORDER BY m.request;
END;

COMMENT ON FUNCTION access.requests_alone(of_victim text) IS 'The requests that are only a victim''s, and what comes behind the victim''s new name in theirs when the case is erased.';

CREATE FUNCTION access.runs_naming(of_victim text) RETURNS TABLE(run bigint, instance bytea, plan bytea)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF NOT access.may_erase(of_victim) THEN
        RAISE insufficient_privilege USING CONSTRAINT = 'case_erase', MESSAGE = 'this case is not yours to erase';
    END IF;
    PERFORM FROM victim WHERE id = of_victim FOR UPDATE;
    RETURN QUERY
        SELECT r.id, r.instance, r.plan FROM plan_run AS r
        -- As JSON writes it, quotation marks around.
        WHERE position(convert_to(to_json(of_victim)::text, 'UTF8') IN r.instance) > 0
        ORDER BY r.id;
END
$$;

CREATE FUNCTION access.signature(claim text) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    RETURN (SELECT access.digest(k.key, claim) FROM access.signing_key AS k);
END
$$;

COMMENT ON FUNCTION access.signature(claim text) IS 'What become() signs a claim with; for functions of the owner only.';

CREATE FUNCTION access.take_ownership() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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
        SELECT p.oid::regprocedure AS name, p.pronamespace = 'public'::regnamespace AS is_public,
            (SELECT substr(setting, length('search_path=') + 1) FROM unnest(p.proconfig) AS setting
                WHERE setting LIKE 'search\_path=%' AND setting NOT LIKE '%pg\_temp') AS path
        FROM pg_proc AS p
        WHERE p.pronamespace::regnamespace::text IN ('public', 'access', 'audit', 'confidential')
            AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO onderdak_owner', made.name);
        IF made.path IS NOT NULL THEN
            -- What a path does not name is searched first.
            EXECUTE format('ALTER FUNCTION %s SET search_path = %s, pg_temp', made.name, made.path);
        END IF;
        IF made.is_public THEN
            -- They were made when PostgreSQL still gave everybody every function.
            EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', made.name);
            IF made.name::text ~ '^(public\.)?(offer_write_stays|offer_accept|request_let_go)\(' THEN
                EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM onderdak_service', made.name);
            ELSE
                EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO onderdak_service', made.name);
            END IF;
        END IF;
    END LOOP;
END
$$;

COMMENT ON FUNCTION access.take_ownership() IS 'Gives every table, view and function to the owner role and switches row-level security on; for the end of a migration. A view shows what the row-level security of its tables shows whoever reads it, unless it is a security_barrier, which says that it filters by itself.';

CREATE FUNCTION access.token_holder(given bytea, OUT id bigint, OUT hash bytea, OUT role text, OUT actor text, OUT scopes text[], OUT state text) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    SELECT t.id, t.hash, t.role, t.actor, t.scopes,
        CASE WHEN t.revoked_at IS NOT NULL THEN 'revoked' WHEN t.expires_at <= now() THEN 'expired' ELSE 'valid' END
    INTO id, hash, role, actor, scopes, state
    FROM access.token AS t WHERE t.hash = given;
    IF state = 'valid' AND NOT EXISTS (
        SELECT FROM access.token_use AS u
        WHERE u.token = token_holder.id AND u.last_used_at > now() - interval '1 minute')
    THEN
        INSERT INTO access.token_use AS u (token, last_used_at) VALUES (token_holder.id, now())
        ON CONFLICT (token) DO UPDATE SET last_used_at = excluded.last_used_at;
    END IF;
END
$$;

COMMENT ON FUNCTION access.token_holder(given bytea, OUT id bigint, OUT hash bytea, OUT role text, OUT actor text, OUT scopes text[], OUT state text) IS 'Whose token has this hash, and whether it may be used; it notes the use. All that the program''s login may ask of tokens.';

CREATE FUNCTION access.withdraw_basis(basis bigint, from_day date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    who CONSTANT record := access.acting();
BEGIN
    UPDATE access.legal_basis AS b
    -- What says the same and has not begun never does.
    SET withdrawn_on = CASE b.id WHEN basis THEN from_day ELSE greatest(from_day, lower(b.days)) END
    FROM access.legal_basis AS own
    WHERE own.id = basis
        AND access.basis_says(b.kind, b.victim, b.role, b.party, b.categories, b.reference)
            = access.basis_says(own.kind, own.victim, own.role, own.party, own.categories, own.reference)
        AND from_day IS NOT NULL AND (b.id = basis OR upper_inf(b.days) OR from_day < upper(b.days))
        -- One that is withdrawn can be so from an earlier day. What was put on record since says something new.
        AND (own.withdrawn_on IS NULL OR own.withdrawn_on <= lower(own.days)
            OR from_day < own.withdrawn_on AND (b.id = basis OR lower(b.days) < own.withdrawn_on))
        AND (b.withdrawn_on IS NULL OR greatest(from_day, lower(b.days)) < b.withdrawn_on) AND (
            who.role = 'service' OR who.role = 'desk'
            OR (who.role IN ('coordinator', 'guardian') AND own.victim IN (SELECT r.victim FROM access.related() AS r)));
    IF NOT FOUND THEN
        RAISE no_data_found USING CONSTRAINT = 'legal_basis_withdraw', MESSAGE =
            'there is no such legal basis for you to withdraw, or it was withdrawn from an earlier day already';
    END IF;
END
$$;

COMMENT ON FUNCTION access.withdraw_basis(basis bigint, from_day date) IS 'Ends a legal basis, and all that say the same, from a day on.';

CREATE FUNCTION audit.last_number() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM audit.entry_number_seq
$$;

CREATE FUNCTION audit.lock_seals() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    LOCK TABLE audit.seal IN SHARE ROW EXCLUSIVE MODE;
END
$$;

COMMENT ON FUNCTION audit.lock_seals() IS 'One seals at a time; who writes entries, or reads, does not wait.';

CREATE FUNCTION audit.note(action text, relation text, victim text DEFAULT NULL::text, request text DEFAULT NULL::text, object text DEFAULT NULL::text, fields text[] DEFAULT '{}'::text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
BEGIN
    INSERT INTO audit.entry (actor, action, relation, victim, request, object, fields)
    VALUES (audit.actor(), $1, $2, $3, $4, $5, $6);
END
$_$;

COMMENT ON FUNCTION audit.note(action text, relation text, victim text, request text, object text, fields text[]) IS 'Adds an entry; for functions of the owner only.';

CREATE FUNCTION audit.note_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    relation CONSTANT text := CASE TG_TABLE_SCHEMA WHEN 'public' THEN '' ELSE TG_TABLE_SCHEMA || '.' END || TG_TABLE_NAME;
    -- What was there before, where there was something: a new pseudonym must not stand beside the old one.
    told CONSTANT jsonb := CASE TG_OP WHEN 'INSERT' THEN to_jsonb(NEW) ELSE to_jsonb(OLD) END;
    changed text[] := '{}';
    victim text;
    request text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT coalesce(array_agg(n.key ORDER BY n.key), '{}') INTO changed
        FROM jsonb_each(to_jsonb(NEW)) AS n WHERE n.value IS DISTINCT FROM told -> n.key;
        IF changed = '{}' THEN
            RETURN NULL;
        END IF;
    END IF;
    victim := coalesce(told ->> 'victim', told ->> 'a', CASE relation WHEN 'victim' THEN told ->> 'id' END);
    request := coalesce(told ->> 'request', CASE relation WHEN 'request' THEN told ->> 'id' END);
    -- While a case is being erased, some of its rows have one name new and one old.
    IF victim LIKE 'erased-%' AND request NOT LIKE 'erased-%' THEN
        victim := NULL;
    ELSIF request LIKE 'erased-%' AND victim NOT LIKE 'erased-%' THEN
        request := NULL;
    END IF;
    INSERT INTO audit.entry (actor, action, relation, victim, request, object, fields) VALUES (
        audit.actor(), lower(TG_OP), relation, victim, request,
        CASE
            WHEN relation IN ('victim', 'request') THEN NULL
            ELSE coalesce(told ->> 'id', told ->> 'number', told ->> 'unit', told ->> 'shelter', told ->> 'field', told ->> 'run', told ->> 'b')
        END,
        changed);
    RETURN NULL;
END
$$;

CREATE FUNCTION audit.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    RAISE insufficient_privilege USING CONSTRAINT = 'audit_append_only', MESSAGE = 'the audit trail is only added to';
END
$$;

CREATE FUNCTION audit.see_alarm(seen bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF access.acting_as('auditor') IS NULL THEN
        RAISE insufficient_privilege USING CONSTRAINT = 'alarm_role', MESSAGE = 'alarms are for the auditor';
    END IF;
    UPDATE audit.alarm SET seen_at = clock_timestamp(), seen_by = audit.actor() WHERE number = seen AND seen_at IS NULL;
    IF NOT FOUND THEN
        RAISE no_data_found USING CONSTRAINT = 'alarm_open', MESSAGE = 'there is no open alarm of that number';
    END IF;
END
$$;

CREATE FUNCTION audit.watch(watched regclass) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    EXECUTE format(
        'CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION audit.note_change()',
        watched);
END
$$;

COMMENT ON FUNCTION audit.watch(watched regclass) IS 'Has every change of a table''s rows noted; for migrations.';

CREATE FUNCTION audit.writers() RETURNS SETOF text
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT DISTINCT virtualtransaction FROM pg_locks
    WHERE locktype = 'relation' AND relation = 'audit.entry'::regclass AND mode = 'RowExclusiveLock'
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND pid IS DISTINCT FROM pg_backend_pid()
$$;

COMMENT ON FUNCTION audit.writers() IS 'Transactions that may have added entries and have not ended.';

CREATE FUNCTION confidential.keep_webhook_secret(of_webhook uuid, with_key text, sealed bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF access.acting_as('service') IS NULL THEN
        RAISE insufficient_privilege USING CONSTRAINT = 'webhook_secret_role', MESSAGE = 'secrets of webhooks are the program''s to keep';
    END IF;
    INSERT INTO confidential.webhook_secret AS s (webhook, key_id, ciphertext) VALUES (of_webhook, with_key, sealed)
    ON CONFLICT (webhook) DO UPDATE SET key_id = excluded.key_id, ciphertext = excluded.ciphertext;
END
$$;

CREATE TABLE confidential.shelter_address (
    shelter public.identifier NOT NULL,
    key_id text NOT NULL,
    ciphertext bytea NOT NULL,
    written_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT shelter_address_sealed CHECK ((octet_length(ciphertext) > 28))
);

CREATE TABLE confidential.webhook_secret (
    webhook uuid NOT NULL,
    key_id text NOT NULL,
    ciphertext bytea NOT NULL,
    CONSTRAINT webhook_secret_sealed CHECK ((octet_length(ciphertext) > 28))
);

COMMENT ON TABLE confidential.webhook_secret IS 'What deliveries are signed with, sealed by the program.';

CREATE FUNCTION confidential.keys_in_use() RETURNS TABLE(key_id text, fields bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 SELECT k.key_id,
     count(*) AS count
    FROM ( SELECT f.key_id
            FROM confidential.victim_field f
         UNION ALL
          SELECT a.key_id
            FROM confidential.shelter_address a
         UNION ALL
          SELECT s.key_id
            FROM confidential.webhook_secret s) k
   GROUP BY k.key_id
   ORDER BY k.key_id;
END;

COMMENT ON FUNCTION confidential.keys_in_use() IS 'Which keys the program must have, and for how many values.';

CREATE FUNCTION confidential.may_report(of_victim text, for_category text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 SELECT (EXISTS ( SELECT
            FROM access.disclosed(access.acting_role(), may_report.for_category, 'own-report'::text, true) d(victim)
           WHERE (d.victim = may_report.of_victim))) AS "exists";
END;

CREATE FUNCTION confidential.may_see_address(of_shelter text) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    who CONSTANT record := access.acting();
BEGIN
    RETURN CASE
        WHEN who.role = 'shelter' THEN who.id = of_shelter
        WHEN who.role = 'desk' THEN access.basis_holds(NULL, 'address')
        WHEN who.role IN ('coordinator', 'guardian') THEN EXISTS (
            SELECT FROM access.disclosed(who.role, 'address') AS d(victim)
            JOIN public.stay AS s ON s.victim = d.victim AND upper(s.days) > public.ledger_today()
            JOIN public.unit AS u ON u.id = s.unit AND u.shelter = of_shelter)
            -- Where somebody is about to be moved, to bring them there.
            OR EXISTS (
                SELECT FROM access.disclosed(who.role, 'address') AS d(victim)
                JOIN public.offer_stay AS s ON s.victim = d.victim
                JOIN public.transfer AS t ON t.offer = s.offer AND t.state = 'agreed'
                JOIN public.unit AS u ON u.id = s.unit AND u.shelter = of_shelter)
        ELSE false
    END;
END
$$;

CREATE FUNCTION confidential.read(of_victim text, of_category text) RETURNS TABLE(field text, reported_by text, key_id text, ciphertext bytea, written_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    only_by text;
    seen text[];
BEGIN
    IF NOT access.may(of_victim, of_category) THEN
        IF NOT confidential.may_report(of_victim, of_category) THEN
            -- No error, which would take the note back with it.
            PERFORM audit.note('refuse', of_category, of_victim);
            RETURN;
        END IF;
        only_by := audit.actor();
    END IF;
    SELECT coalesce(array_agg(DISTINCT f.field ORDER BY f.field), '{}') INTO seen FROM confidential.victim_field AS f
    WHERE f.victim = of_victim AND f.category = of_category AND f.reported_by = coalesce(only_by, f.reported_by);
    PERFORM audit.note('read', of_category, of_victim, NULL, NULL, seen);
    RETURN QUERY
        SELECT f.field, f.reported_by, f.key_id, f.ciphertext, f.written_at FROM confidential.victim_field AS f
        WHERE f.victim = of_victim AND f.category = of_category AND f.reported_by = coalesce(only_by, f.reported_by)
        ORDER BY f.field, f.reported_by;
END
$$;

COMMENT ON FUNCTION confidential.read(of_victim text, of_category text) IS 'What is known of a victim in a category to whom it is disclosed; notes who read, or was refused.';

CREATE FUNCTION confidential.read_address(of_shelter text) RETURNS TABLE(key_id text, ciphertext bytea, written_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    IF NOT confidential.may_see_address(of_shelter) THEN
        PERFORM audit.note('refuse', 'address', NULL, NULL, of_shelter);
        RETURN;
    END IF;
    PERFORM audit.note('read', 'address', NULL, NULL, of_shelter);
    RETURN QUERY
        SELECT a.key_id, a.ciphertext, a.written_at FROM confidential.shelter_address AS a WHERE a.shelter = of_shelter;
END
$$;

CREATE FUNCTION confidential.seal_anew(of_victim text, of_category text, of_field text, by text, of_shelter text, with_key text, sealed bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF access.acting_as('service') IS NULL THEN
        RAISE insufficient_privilege USING CONSTRAINT = 'keys_role', MESSAGE = 'keys are changed by the program itself only';
    END IF;
    UPDATE confidential.victim_field SET key_id = with_key, ciphertext = sealed
    WHERE victim = of_victim AND category = of_category AND field = of_field AND reported_by = by;
    UPDATE confidential.shelter_address SET key_id = with_key, ciphertext = sealed WHERE shelter = of_shelter;
END
$$;

CREATE FUNCTION confidential.sealed_otherwise(current_key text, at_most integer) RETURNS TABLE(victim text, category text, field text, reported_by text, shelter text, key_id text, ciphertext bytea)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    IF access.acting_as('service') IS NULL THEN
        RAISE insufficient_privilege USING CONSTRAINT = 'keys_role', MESSAGE = 'keys are changed by the program itself only';
    END IF;
    PERFORM audit.note('rotate', 'confidential', NULL, NULL, current_key);
    RETURN QUERY
        SELECT f.victim::text, f.category, f.field, f.reported_by, NULL::text, f.key_id, f.ciphertext
        FROM confidential.victim_field AS f WHERE f.key_id <> current_key
        ORDER BY f.victim, f.category, f.field, f.reported_by LIMIT at_most FOR UPDATE;
    RETURN QUERY
        SELECT NULL::text, NULL::text, NULL::text, NULL::text, a.shelter::text, a.key_id, a.ciphertext
        FROM confidential.shelter_address AS a WHERE a.key_id <> current_key
        ORDER BY a.shelter LIMIT at_most FOR UPDATE;
END
$$;

CREATE FUNCTION confidential.webhook_secrets(of_webhooks uuid[]) RETURNS TABLE(webhook uuid, key_id text, ciphertext bytea)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 SELECT s.webhook,
     s.key_id,
     s.ciphertext
    FROM confidential.webhook_secret s
   WHERE ((access.acting_as('service'::text) IS NOT NULL) AND (s.webhook = ANY (webhook_secrets.of_webhooks)));
END;

CREATE FUNCTION confidential.webhook_secrets_otherwise(current_key text, at_most integer) RETURNS TABLE(webhook uuid, key_id text, ciphertext bytea)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT s.webhook, s.key_id, s.ciphertext FROM confidential.webhook_secret AS s
    WHERE access.acting_as('service') IS NOT NULL AND s.key_id <> current_key ORDER BY s.webhook LIMIT at_most FOR UPDATE
$$;

CREATE FUNCTION confidential.write(of_victim text, of_category text, of_field text, with_key text, sealed bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF NOT access.may(of_victim, of_category, true) AND NOT confidential.may_report(of_victim, of_category) THEN
        RAISE insufficient_privilege USING CONSTRAINT = 'confidential_write', MESSAGE = 'this category of this case is not yours to write';
    END IF;
    INSERT INTO confidential.victim_field AS f (victim, category, field, reported_by, key_id, ciphertext)
    VALUES (of_victim, of_category, of_field, audit.actor(), with_key, sealed)
    ON CONFLICT (victim, category, field, reported_by) DO UPDATE
    SET key_id = excluded.key_id, ciphertext = excluded.ciphertext, written_at = excluded.written_at;
END
$$;

CREATE FUNCTION confidential.write_address(of_shelter text, with_key text, sealed bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF access.acting_as('service') IS NULL AND access.acting_as('shelter') IS DISTINCT FROM of_shelter THEN
        RAISE insufficient_privilege USING CONSTRAINT = 'address_write', MESSAGE = 'a shelter''s address is the shelter''s own to write';
    END IF;
    INSERT INTO confidential.shelter_address AS a (shelter, key_id, ciphertext) VALUES (of_shelter, with_key, sealed)
    ON CONFLICT (shelter) DO UPDATE
    SET key_id = excluded.key_id, ciphertext = excluded.ciphertext, written_at = excluded.written_at;
END
$$;

CREATE FUNCTION public.actor_id(public.actor) RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN substr(($1)::text, (strpos(($1)::text, '/'::text) + 1));

CREATE FUNCTION public.bed_change_excess() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF TG_TABLE_NAME = 'unit' THEN
        PERFORM take_turns(ARRAY[NEW.id::text], '{}');
        PERFORM report_excess(ARRAY[NEW.id], 'what takes a bed');
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM report_excess(ARRAY[OLD.unit], coalesce(OLD.reason, OLD.source));
    ELSIF TG_OP = 'INSERT' THEN
        PERFORM report_excess(ARRAY[NEW.unit], coalesce(NEW.reason, NEW.source));
    ELSIF NEW.beds < OLD.beds OR (NEW.unit, NEW.from_date, NEW.source) <> (OLD.unit, OLD.from_date, OLD.source) THEN
        PERFORM report_excess(ARRAY[OLD.unit, NEW.unit], coalesce(NEW.reason, NEW.source));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.bed_change_turn() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM take_turns(ARRAY[OLD.unit], '{}');
        RETURN OLD;
    END IF;
    PERFORM take_turns(ARRAY[NEW.unit], '{}');
    RETURN NEW;
END $$;

CREATE FUNCTION public.blocked_blocks(first date, last date) RETURNS TABLE(month date, block jsonb, persons bigint, days bigint, beds bigint)
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT m.month, jsonb_build_object('cause', b.cause), count(DISTINCT b.victim),
        sum(upper(b.days * m.days) - lower(b.days * m.days))::bigint, NULL::bigint
    FROM blocked_bed_days AS b JOIN months_over(first, last) AS m ON m.days && b.days GROUP BY 1, 2
$$;

CREATE FUNCTION public.capacity_report_actor() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF NOT is_who_acts(NEW.source) AND (current_actor() IS NOT NULL OR NEW.source <> 'admin/onderdak') THEN
        PERFORM refuse('capacity_report', 'capacity_report_source', 'who reports is who acts');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.capacity_report_fresh() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    UPDATE unit_reporting SET stale_since = NULL WHERE unit = NEW.unit AND stale_since IS NOT NULL;
    RETURN NULL;
END $$;

CREATE FUNCTION public.case_of_who_acts() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    concerned CONSTANT text := CASE TG_OP WHEN 'DELETE' THEN OLD.request ELSE NEW.request END;
BEGIN
    -- What a step of the request brings with it is the step's.
    IF pg_trigger_depth() = 1 AND NOT is_case_of_who_acts(concerned) THEN
        PERFORM refuse('request', 'case_actor', coalesce('the request is no case of ' || current_actor(), 'nobody acts'));
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION public.count_version() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;

CREATE FUNCTION public.coverage_by_who_may() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE TABLE public.region (
    id public.identifier NOT NULL,
    name text NOT NULL
);

CREATE FUNCTION public.coverage_gaps(for_function text, within daterange) RETURNS TABLE(region text, ages int4range, days daterange)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 WITH cut AS (
          SELECT r.id AS region,
             unnest(ARRAY[0, 151]) AS age
            FROM public.region r
         UNION
          SELECT c.region,
             unnest(ARRAY[lower(c.ages), upper(c.ages)]) AS unnest
            FROM public.coverage c
           WHERE (c.function = coverage_gaps.for_function)
         ), band AS (
          SELECT cut.region,
             int4range(cut.age, lead(cut.age) OVER (PARTITION BY cut.region ORDER BY cut.age)) AS ages
            FROM cut
         ), hole AS (
          SELECT b.region,
             b.ages,
             unnest((datemultirange(coverage_gaps.within) - COALESCE(( SELECT range_agg(d.days) AS range_agg
                    FROM public.coverage_on_duty d
                   WHERE (((d.region)::text = (b.region)::text) AND (d.function = coverage_gaps.for_function) AND (d.ages @> b.ages))), '{}'::datemultirange))) AS days
            FROM band b
           WHERE (NOT upper_inf(b.ages))
         )
  SELECT hole.region,
     unnest(range_agg(hole.ages)) AS unnest,
     hole.days
    FROM hole
   GROUP BY hole.region, hole.days
   ORDER BY hole.region, hole.days, (unnest(range_agg(hole.ages)));
END;

COMMENT ON FUNCTION public.coverage_gaps(for_function text, within daterange) IS 'Regions, ages and days for which no coordinator is on duty.';

CREATE FUNCTION public.coverage_overlaps(within daterange) RETURNS TABLE(region text, function text, first text, second text, ages int4range, days daterange)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT a.region,
     a.function,
     a.coordinator,
     b.coordinator,
     (a.ages * b.ages),
     unnest(((a.days * b.days) * datemultirange(coverage_overlaps.within))) AS days
    FROM (public.coverage_on_duty a
      JOIN public.coverage_on_duty b ON ((((b.region)::text = (a.region)::text) AND (b.function = a.function) AND (b.ages && a.ages) AND (b.days && a.days) AND ((a.coordinator)::text < (b.coordinator)::text))))
   WHERE ((NOT a.stand_in) AND (NOT b.stand_in))
   ORDER BY a.region, a.function, (unnest(((a.days * b.days) * datemultirange(coverage_overlaps.within)))), a.coordinator, b.coordinator;
END;

COMMENT ON FUNCTION public.coverage_overlaps(within daterange) IS 'Where two coordinators are on duty at once, neither as a stand-in.';

CREATE FUNCTION public.current_actor() RETURNS public.actor
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    who CONSTANT record := access.acting();
    named CONSTANT text := CASE
        WHEN who.role = 'service' THEN who.id
        WHEN who.role IS NOT NULL THEN who.role || '/' || who.id
        WHEN pg_has_role(session_user, 'onderdak_owner', 'MEMBER') THEN
            nullif(current_setting('onderdak.actor', true), '')
    END;
BEGIN
    -- The program for nobody, when it plans or takes facts in.
    RETURN CASE WHEN strpos(named, '/') > 0 THEN named END;
END
$$;

COMMENT ON FUNCTION public.current_actor() IS 'Who acts in this transaction, or for whom the program does; null: nobody said.';

CREATE FUNCTION public.days_added(op text, old_stay public.stay, new_stay public.stay, same boolean) RETURNS datemultirange
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT CASE WHEN op = 'UPDATE' AND same AND old_stay.unit = new_stay.unit AND old_stay.origin = new_stay.origin
            AND new_stay.overrides @> old_stay.overrides
        THEN datemultirange(new_stay.days) - datemultirange(old_stay.days)
        ELSE datemultirange(new_stay.days) END
$$;

CREATE FUNCTION public.desk_deadline(start timestamp with time zone, span interval) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE STRICT
    AS $$
DECLARE
    day date := ledger_day(start);
    rest interval := span;
    hours tstzrange;
BEGIN
    FOR turn IN 1..3660 LOOP
        hours := desk_open(day) * tstzrange(start, NULL);
        IF NOT isempty(hours) THEN
            IF upper(hours) - lower(hours) >= rest THEN RETURN lower(hours) + rest; END IF;
            rest := rest - (upper(hours) - lower(hours));
        END IF;
        day := day + 1;
    END LOOP;
    PERFORM refuse('desk_hours', 'desk_hours_none', 'the desk is closed for ten years');
END $$;

CREATE FUNCTION public.desk_open(day date) RETURNS tstzrange
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
    SELECT tstzrange((day + h.opens) AT TIME ZONE p.zone, (day + h.closes) AT TIME ZONE p.zone)
    FROM desk_hours AS h CROSS JOIN desk_policy AS p
    WHERE h.weekday = extract(isodow FROM $1) AND NOT EXISTS (SELECT FROM holiday WHERE holiday.day = $1)
$_$;

CREATE FUNCTION public.desk_is_open(moment timestamp with time zone) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN COALESCE((public.desk_open(public.ledger_day(moment)) @> moment), false);

CREATE FUNCTION public.desk_since(moment timestamp with time zone, span interval) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE STRICT
    AS $$
DECLARE
    day date := ledger_day(moment);
    rest interval := span;
    hours tstzrange;
BEGIN
    FOR turn IN 1..3660 LOOP
        hours := desk_open(day) * tstzrange(NULL, moment);
        IF NOT isempty(hours) THEN
            IF upper(hours) - lower(hours) >= rest THEN RETURN upper(hours) - rest; END IF;
            rest := rest - (upper(hours) - lower(hours));
        END IF;
        day := day - 1;
    END LOOP;
    PERFORM refuse('desk_hours', 'desk_hours_none', 'the desk was closed for ten years');
END $$;

CREATE FUNCTION public.due(task text, urgency text, since timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
    SELECT CASE WHEN d.desk_time THEN desk_deadline($3, d.span) ELSE $3 + d.span END
    FROM deadline AS d WHERE d.task = $1 AND d.urgency = $2
$_$;

CREATE FUNCTION public.dutch_holidays(year integer) RETURNS TABLE(day date, name text)
    LANGUAGE sql IMMUTABLE STRICT
    AS $$
    SELECT make_date(year, 1, 1), 'Nieuwjaarsdag'
    UNION ALL SELECT easter(year) - 2, 'Goede Vrijdag'
    UNION ALL SELECT easter(year) + 1, 'Tweede Paasdag'
    -- The King's birthday, celebrated a day earlier when it falls on a Sunday.
    UNION ALL SELECT make_date(year, 4, CASE extract(isodow FROM make_date(year, 4, 27)) WHEN 7 THEN 26 ELSE 27 END),
        'Koningsdag'
    UNION ALL SELECT make_date(year, 5, 5), 'Bevrijdingsdag'
    UNION ALL SELECT easter(year) + 39, 'Hemelvaartsdag'
    UNION ALL SELECT easter(year) + 50, 'Tweede Pinksterdag'
    UNION ALL SELECT make_date(year, 12, 25), 'Eerste Kerstdag'
    UNION ALL SELECT make_date(year, 12, 26), 'Tweede Kerstdag'
$$;

CREATE FUNCTION public.easter(year integer) RETURNS date
    LANGUAGE plpgsql IMMUTABLE STRICT
    AS $$
DECLARE
    a integer := year % 19;
    b integer := year / 100;
    c integer := year % 100;
    h integer := (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    l integer := (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    m integer := (a + 11 * h + 22 * l) / 451;
BEGIN
    RETURN make_date(year, (h + l - 7 * m + 114) / 31, (h + l - 7 * m + 114) % 31 + 1);
END $$;

CREATE FUNCTION public.emit(kind text, subject jsonb, recipient public.actor DEFAULT NULL::text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
    INSERT INTO outbox (at, kind, recipient, subject) VALUES (ledger_now(), $1, $3, $2)
$_$;

CREATE FUNCTION public.figures(of_table text, first date, last date) RETURNS TABLE(month date, block jsonb, persons bigint, days bigint, beds bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
#variable_conflict use_column
DECLARE
    who CONSTANT record := access.acting();
BEGIN
    -- Persons are for the desk and who governs; beds are for funders too.
    IF who.role IS NULL OR who.role NOT IN ('desk', 'governor') AND NOT (who.role = 'funder' AND of_table = 'occupancy') THEN
        RAISE insufficient_privilege USING CONSTRAINT = 'figures_role', MESSAGE = 'these figures are for the desk and for governors';
    ELSIF of_table NOT IN ('unmet', 'waiting', 'occupancy', 'blocked', 'population') THEN
        RAISE no_data_found USING CONSTRAINT = 'figures_table', MESSAGE = 'there is no such table of figures';
    END IF;
    IF who.role = 'desk' THEN
        RETURN QUERY EXECUTE format('SELECT * FROM %I($1, $2) ORDER BY 1, 2', of_table || '_blocks') USING first, last;
        RETURN;
    END IF;
    RETURN QUERY EXECUTE format(
        'SELECT b.month, b.block, protected_count(b.persons), '
        'CASE WHEN b.persons < 5 THEN 0 ELSE protected_count(b.days) END, b.beds '
        'FROM %I($1, $2) AS b '
        'WHERE (b.month + interval ''1 month'')::date <= ledger_today() AND (b.persons >= 5 OR b.beds > 0) '
        'ORDER BY 1, 2', of_table || '_blocks') USING first, last;
END $_$;

COMMENT ON FUNCTION public.figures(of_table text, first date, last date) IS 'A table of figures over months: to the desk exactly, to others protected, and only months that are over.';

CREATE FUNCTION public.find_beds(profiles jsonb, of_request public.identifier, from_day date, until_day date, near public.identifier) RETURNS TABLE(unit public.identifier, shelter public.identifier, region public.identifier, bed_type text, free integer, minutes integer, reasons text[], observed_at timestamp with time zone, age interval, stale boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100
    SET search_path TO 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET random_page_cost TO '1.1'
    SET enable_sort TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    span CONSTANT daterange := daterange(from_day, until_day);
    moment CONSTANT timestamptz := ledger_now();
    lately CONSTANT date := least(moment::date, from_day) - 2;
    size CONSTANT integer := jsonb_array_length(profiles);
    one record;
    comers text[] := '{}';
    comers_known text[];
    comers_phases text[] := '{}';
    comers_needs text[] := '{}';
    comers_victims text[] := '{}';
    regions_avoided text[] := '{}';
    shelters_avoided text[] := '{}';
    regions_far text[] := '{}';
    regions_met text[] := '{}';
    shelters_met text[] := '{}';
    units_met text[] := '{}';
    youngest integer;
    oldest integer;
    security_least integer;
    security_most integer;
    are_bound boolean := false;
BEGIN
    -- For nobody there is no bed.
    IF size > 0 IS NOT TRUE THEN
        RETURN;
    END IF;
    FOR one IN
        SELECT p.*, extract(year FROM age(from_day, p.birth_date))::integer AS years
        FROM jsonb_to_recordset(profiles) AS p(
            victim text, sex text, birth_date date, phase text, needs text[], security_min integer, security_max integer,
            avoid_regions text[], avoid_shelters text[], investigation text, max_travel_minutes integer)
    LOOP
        IF array_position(comers, one.sex) IS NULL THEN
            comers := comers || one.sex;
        END IF;
        IF one.victim IS NOT NULL THEN
            comers_victims := comers_victims || one.victim;
        END IF;
        IF one.phase IS NOT NULL THEN
            comers_phases := comers_phases || one.phase;
        END IF;
        comers_needs := comers_needs || one.needs;
        regions_avoided := regions_avoided || one.avoid_regions;
        shelters_avoided := shelters_avoided || one.avoid_shelters;
        youngest := least(youngest, one.years);
        oldest := greatest(oldest, one.years);
        security_least := greatest(security_least, one.security_min);
        security_most := least(security_most, one.security_max);
        are_bound := are_bound OR one.max_travel_minutes IS NOT NULL AND one.investigation IS NOT NULL;
    END LOOP;
    comers_known := array_remove(comers, NULL);
    IF are_bound THEN
        -- From where the investigation of one of them is too far.
        regions_far := ARRAY(
            SELECT r.region FROM (SELECT DISTINCT h.region FROM shelter AS h) AS r
            WHERE EXISTS (
                SELECT FROM jsonb_to_recordset(profiles) AS p(investigation text, max_travel_minutes integer)
                WHERE p.max_travel_minutes IS NOT NULL AND p.investigation <> r.region
                    AND coalesce((
                        SELECT t.minutes FROM travel_time AS t
                        WHERE least(t.a, t.b) = least(r.region, p.investigation::identifier)
                            AND greatest(t.a, t.b) = greatest(r.region, p.investigation::identifier)
                    ) > p.max_travel_minutes, true)));
    END IF;
    IF cardinality(comers_victims) > 0 THEN
        -- Where, and how widely, somebody is whom one of them must not meet.
        SELECT array_agg(s.unit) FILTER (WHERE n.scope = 'unit'), array_agg(u.shelter) FILTER (WHERE n.scope = 'shelter'),
            array_agg(h.region) FILTER (WHERE n.scope = 'region')
        INTO units_met, shelters_met, regions_met
        FROM unnest(comers_victims) AS p(victim) JOIN no_contact AS n ON p.victim IN (n.a, n.b)
        JOIN stay AS s ON s.victim = CASE WHEN n.a = p.victim THEN n.b ELSE n.a END
            AND s.days && (datemultirange(span) * datemultirange(n.days)) AND s.request IS DISTINCT FROM of_request
            AND 'no-contact' <> ALL (s.overrides)
        JOIN unit AS u ON u.id = s.unit JOIN shelter AS h ON h.id = u.shelter;
    END IF;
    RETURN QUERY
    SELECT u.id, u.shelter, h.region, u.bed_type::text, f.free,
        CASE WHEN h.region = near THEN 0 ELSE t.minutes::integer END,
        array_remove(ARRAY[
            CASE WHEN f.free < CASE u.count_by WHEN 'request' THEN 1 ELSE size END THEN 'capacity' END,
            CASE WHEN NOT comers_known <@ u.sexes::text[] OR youngest < u.min_age OR oldest > u.max_age
                OR NOT comers_phases <@ u.phases::text[] OR size < u.min_group OR size > u.max_group THEN 'admission' END,
            CASE WHEN comers_needs <> '{}' AND NOT comers_needs <@ (u.services || h.services) THEN 'services' END,
            CASE WHEN h.security < security_least OR h.security > security_most THEN 'security' END,
            CASE WHEN h.region::text = ANY (regions_avoided) OR h.id::text = ANY (shelters_avoided) THEN 'avoid' END,
            CASE WHEN h.region::text = ANY (regions_far) THEN 'investigation' END,
            CASE WHEN u.id::text = ANY (units_met) OR u.shelter::text = ANY (shelters_met) OR h.region::text = ANY (regions_met)
                THEN 'no-contact' END,
            CASE WHEN u.mixing = 'single-sex' AND (cardinality(comers) > 1 OR (
                SELECT bool_or((SELECT v.sex FROM victim AS v WHERE v.id = s.victim) <> ALL (comers))
                FROM stay AS s
                WHERE s.unit = u.id AND s.days && span AND 'mixing' <> ALL (s.overrides)
                    AND s.request IS DISTINCT FROM of_request)) THEN 'mixing' END,
            -- Asked of the unit's own stays: EXISTS would ask all there are, once.
            CASE WHEN u.exclusive AND (
                SELECT true FROM stay AS s WHERE s.unit = u.id AND s.days && span AND s.request IS DISTINCT FROM of_request
                    AND 'exclusive' <> ALL (s.overrides) LIMIT 1) THEN 'exclusive' END], NULL),
        a.observed_at, a.age, a.stale
    FROM unit AS u
    JOIN shelter AS h ON h.id = u.shelter
    JOIN unit_free_over(of_request, span, from_day, until_day, moment, lately) AS f ON f.unit = u.id
    JOIN unit_age_at(moment) AS a ON a.unit = u.id
    LEFT JOIN (
        SELECT CASE WHEN t.a = near THEN t.b ELSE t.a END AS region, t.minutes FROM travel_time AS t WHERE near IN (t.a, t.b)
    ) AS t ON t.region = h.region;
END $$;

CREATE FUNCTION public.first_day_over(over_unit public.identifier, among datemultirange) RETURNS date
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT min(day) FROM (
        SELECT lower(piece) AS day FROM unnest(among) AS piece
        UNION SELECT lower(s.days) FROM stay AS s
            WHERE s.unit = over_unit AND s.days && range_merge(among) AND among @> lower(s.days)
        UNION SELECT c.from_date FROM bed_change AS c WHERE c.unit = over_unit AND among @> c.from_date
        UNION SELECT lower(h.days) FROM hold AS h
            WHERE h.unit = over_unit AND h.released_at IS NULL AND among @> lower(h.days)) AS changes
    WHERE unit_load(over_unit, day) + unit_held(over_unit, day) > unit_beds(over_unit, day)
$$;

CREATE FUNCTION public.hold_beds() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF NEW.released_at IS NULL AND first_day_over(NEW.unit, datemultirange(NEW.days)) IS NOT NULL THEN
        PERFORM refuse('hold', 'hold_beds', 'there are not so many free beds on every day of the hold');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.hold_owner_actor() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF pg_trigger_depth() > 1 OR access.acting_as('service') IS NULL THEN
        RETURN NULL; -- an agreed move's, or as its request goes
    ELSIF TG_OP = 'INSERT' AND NEW.owner <> 'desk/reserved' AND NOT is_who_acts(NEW.owner)
        -- Nobody's name, for what the police keep under embargo.
        OR TG_OP = 'INSERT' AND NEW.owner = 'desk/reserved' AND actor_role(current_actor()) IS DISTINCT FROM 'police'
        OR TG_OP = 'UPDATE' AND NEW.offer IS NULL AND NEW.ends_at > ledger_now() AND (
            NOT coalesce(actor_role(current_actor()) = 'desk' OR NEW.owner = current_actor(), false)
            -- With its action it goes, and not before.
            OR EXISTS (SELECT FROM planned_action_hold AS a WHERE a.hold = NEW.id))
        -- And an agreed move's with the move.
        OR TG_OP = 'UPDATE' AND NEW.ends_at > ledger_now()
            AND EXISTS (SELECT FROM transfer AS t WHERE t.offer = NEW.offer AND t.state = 'agreed')
    THEN
        PERFORM refuse('hold', 'owner_actor', 'whose a hold is, is who acts');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.hold_turn() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM take_turns(ARRAY[NEW.unit], '{}');
    RETURN NEW;
END $$;

CREATE FUNCTION public.request_concerns(of_request public.identifier, who public.actor) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

COMMENT ON FUNCTION public.request_concerns(of_request public.identifier, who public.actor) IS 'Whether a request is one that an actor deals with.';

CREATE TABLE public.offer (
    id bigint NOT NULL,
    request public.identifier NOT NULL,
    kind text DEFAULT 'placement'::text NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by public.actor NOT NULL,
    answer_by timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    answered_by public.actor,
    side text,
    reason text,
    run bigint,
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT offer_answer_time CHECK ((answer_by > made_at)),
    CONSTRAINT offer_answered CHECK (((state = 'open'::text) = (answered_at IS NULL))),
    CONSTRAINT offer_decline CHECK ((((state = 'declined'::text) = (side IS NOT NULL)) AND ((state = 'declined'::text) = (reason IS NOT NULL)))),
    CONSTRAINT offer_kind CHECK ((kind = ANY (ARRAY['placement'::text, 'transfer'::text]))),
    CONSTRAINT offer_state CHECK ((state = ANY (ARRAY['open'::text, 'accepted'::text, 'declined'::text, 'expired'::text, 'cancelled'::text])))
);

COMMENT ON COLUMN public.offer.answered_by IS 'Who gave the answer; null: nobody in time, or another offer was accepted.';

COMMENT ON COLUMN public.offer.run IS 'The run whose proposal it follows; null: somebody''s own idea.';

CREATE FUNCTION public.is_case_of_who_acts(of_request public.identifier) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    RETURN COALESCE((public.request_concerns(of_request, public.current_actor()) OR (EXISTS (SELECT FROM ((public.offer o JOIN public.offer_stay s ON ((s.offer = o.id))) JOIN public.unit u ON (((u.id)::text = (s.unit)::text))) WHERE (((o.request)::text = (is_case_of_who_acts.of_request)::text) AND (o.state = 'accepted'::text) AND (('shelter/'::text || (u.shelter)::text) = (public.current_actor())::text) AND (NOT (EXISTS (SELECT FROM (public.stay l JOIN public.unit n ON (((n.id)::text = (l.unit)::text))) WHERE (((l.request)::text = (is_case_of_who_acts.of_request)::text) AND ((l.victim)::text = (s.victim)::text) AND ((n.shelter)::text <> (u.shelter)::text) AND (lower(l.days) > lower(s.days)))))))))), (access.acting_as('service'::text) IS NULL));

CREATE FUNCTION public.is_same_group(old_stay public.stay, new_stay public.stay) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    RETURN ((((old_stay).request)::text = ((new_stay).request)::text) OR (NOT (EXISTS (SELECT FROM public.stay s WHERE (((s.request)::text = ((is_same_group.old_stay).request)::text) AND ((s.unit)::text = ((is_same_group.old_stay).unit)::text) AND (s.days && (is_same_group.old_stay).days))))));

CREATE FUNCTION public.is_taken_in(op text, new_stay public.stay) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    RETURN ((op = 'INSERT'::text) AND ((new_stay).origin = 'record'::text) AND ((new_stay).arrived OR (lower((new_stay).days) <= public.ledger_today())));

CREATE FUNCTION public.is_who_acts(who public.actor) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    RETURN COALESCE(((who)::text = (public.current_actor())::text), (access.acting_as('service'::text) IS NULL));

CREATE FUNCTION public.ledger_clock() RETURNS timestamp with time zone
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    RETURN COALESCE((SELECT simulated_clock.at FROM public.simulated_clock), clock_timestamp());

CREATE FUNCTION public.months_over(first date, last date) RETURNS TABLE(month date, days daterange)
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT m::date, daterange(m::date, least((m + interval '1 month')::date, ledger_today()))
    FROM generate_series(date_trunc('month', first::timestamp), last::timestamp, interval '1 month') AS m
    WHERE m::date < ledger_today()
$$;

CREATE FUNCTION public.move_hold_owner_actor() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF access.acting_as('service') IS NOT NULL AND NOT coalesce(
        NEW.owner = current_actor()
        OR TG_OP = 'UPDATE' AND actor_role(current_actor()) = 'desk' AND actor_role(NEW.owner) <> 'police', false)
    THEN
        PERFORM refuse('move_hold', 'owner_actor', 'whose a hold on moves is, is who acts');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.night_place(night_request public.identifier, victims text[], unit public.identifier, nights integer, placed_by public.actor) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
DECLARE
    moment timestamptz := ledger_now();
    -- Before the desk opens it is still the night of the day before.
    first date := ledger_day(moment) - CASE WHEN moment < lower(desk_open(ledger_day(moment))) THEN 1 ELSE 0 END;
    days daterange := daterange(first, first + nights);
BEGIN
    INSERT INTO request (
        id, together, urgency, known_from, needed_from, latest_start, stay_days, transfer_wanted, state, state_reason,
        referred_by, night)
    VALUES ($1, 'unit', 'crisis', first, first, first, nights, false, 'placed', 'night', $5, true);
    INSERT INTO request_victim (request, victim) SELECT $1, unnest($2);
    INSERT INTO night_placement (request, unit, days, placed_at, placed_by) VALUES ($1, $3, days, moment, $5);
    INSERT INTO stay (request, victim, unit, days, moves_made, arrived, origin)
    SELECT $1, victim, $3, days, 0, true, 'night' FROM unnest($2) AS victim ORDER BY victim;
    PERFORM emit('night-placed', jsonb_build_object('request', $1, 'unit', $3));
END $_$;

CREATE FUNCTION public.night_placement_actor() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NOT is_who_acts(NEW.placed_by) THEN
        PERFORM refuse('night_placement', 'night_placement_role', 'who places at night is who acts');
    ELSIF TG_OP = 'UPDATE' AND NOT is_who_acts(NEW.confirmed_by) AND NEW.confirmed_by IS DISTINCT FROM OLD.confirmed_by THEN
        PERFORM refuse('night_placement', 'night_placement_confirmer', 'who confirms a night is who acts');
    ELSIF TG_OP = 'UPDATE' AND NOT is_case_of_who_acts(NEW.request) THEN
        PERFORM refuse('night_placement', 'case_actor', 'the request is no case of ' || current_actor());
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.night_placement_rules() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    nights integer := (SELECT emergency_nights FROM desk_policy);
BEGIN
    IF desk_is_open(NEW.placed_at) THEN
        PERFORM refuse('night_placement', 'night_placement_hours', 'the desk is open: ask it for a place');
    ELSIF NOT EXISTS (
        SELECT FROM unit AS u WHERE u.id = NEW.unit AND u.bed_type = 'crisis' AND u.max_leg_days <= nights
            AND (actor_role(NEW.placed_by) <> 'shelter' OR u.shelter = actor_id(NEW.placed_by)))
    THEN
        PERFORM refuse('night_placement', 'night_placement_bed', 'this is no emergency bed that the actor may give');
    ELSIF upper(NEW.days) - lower(NEW.days) > nights THEN
        PERFORM refuse('night_placement', 'night_placement_nights', 'a night placement lasts ' || nights || ' nights at most');
    ELSIF lower(NEW.days) NOT IN (ledger_day(NEW.placed_at), ledger_day(NEW.placed_at) - 1) THEN
        PERFORM refuse('night_placement', 'night_placement_tonight', 'a night placement begins this night');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.no_contact_turns() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM take_turns('{}', ARRAY[NEW.a, NEW.b]);
    RETURN NEW;
END $$;

CREATE FUNCTION public.note_company(requests text[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    UPDATE request AS r SET state_reason = 'against ' || b.rules
    FROM (
        SELECT s.request, string_agg(DISTINCT c.rule, ' ' ORDER BY c.rule) AS rules
        FROM stay AS s CROSS JOIN LATERAL unnest(stay_company(s)) AS c(rule)
        WHERE s.request = ANY (requests) AND s.origin = 'record' GROUP BY s.request) AS b
    WHERE r.id = b.request AND r.state_reason IS NULL
$$;

CREATE FUNCTION public.occupancy_blocks(first date, last date) RETURNS TABLE(month date, block jsonb, persons bigint, days bigint, beds bigint)
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    WITH change AS (
        -- A report counts where the country's data tells of the same date.
        SELECT DISTINCT ON (c.unit, c.from_date) c.unit, c.from_date, c.beds FROM bed_change AS c
        ORDER BY c.unit, c.from_date, c.source = 'report' DESC
    ), there AS (
        SELECT c.unit, c.beds,
            daterange(c.from_date, lead(c.from_date) OVER (PARTITION BY c.unit ORDER BY c.from_date)) AS days
        FROM change AS c
    ), room AS (
        SELECT m.month, t.unit, sum(t.beds * (upper(t.days * m.days) - lower(t.days * m.days))) AS beds
        FROM there AS t JOIN months_over(first, last) AS m ON m.days && t.days GROUP BY 1, 2
    ), taken AS (
        SELECT m.month, s.unit, s.victim, upper(s.days * m.days) - lower(s.days * m.days) AS days
        FROM stay AS s JOIN months_over(first, last) AS m ON m.days && s.days
    ), block AS (
        SELECT u.id AS unit, jsonb_build_object('region', s.region, 'bedType', u.bed_type) AS block
        FROM unit AS u JOIN shelter AS s ON s.id = u.shelter
    ), people AS (
        SELECT t.month, b.block, count(DISTINCT t.victim) AS persons, sum(t.days) AS days
        FROM taken AS t JOIN block AS b USING (unit) GROUP BY 1, 2
    ), places AS (
        SELECT r.month, b.block, sum(r.beds) AS beds FROM room AS r JOIN block AS b USING (unit) GROUP BY 1, 2
    )
    SELECT month, block, coalesce(p.persons, 0), coalesce(p.days, 0)::bigint, coalesce(r.beds, 0)::bigint
    FROM places AS r FULL JOIN people AS p USING (month, block)
$$;

CREATE FUNCTION public.offer_accept(accepted public.offer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    now_is text;
    moved date;
BEGIN
    SELECT state INTO now_is FROM request WHERE id = accepted.request FOR NO KEY UPDATE;
    IF now_is <> (CASE accepted.kind WHEN 'placement' THEN 'offered' ELSE 'placed' END) THEN
        PERFORM refuse('offer', 'offer_of_open_request', 'the request is ' || now_is);
    ELSIF accepted.answer_by <= accepted.answered_at OR accepted.answered_at < accepted.made_at THEN
        PERFORM refuse('offer', 'offer_in_time', 'the offer was to be answered before');
    ELSIF EXISTS (SELECT FROM offer_missing(accepted.id)) THEN
        PERFORM refuse('offer', 'offer_approvals', 'not everybody who must has approved');
    ELSIF EXISTS (SELECT FROM rule_override AS o WHERE o.offer = accepted.id AND o.hard AND o.seconded_by IS NULL) THEN
        PERFORM refuse('offer', 'offer_second_person', 'a second person must agree that a hard rule is overridden');
    ELSIF EXISTS (
        SELECT FROM offer_stay AS s JOIN unit AS u ON u.id = s.unit JOIN shelter AS h ON h.id = u.shelter
        WHERE s.offer = accepted.id AND h.placement_authority = 'youth-care-and-court' AND NOT EXISTS (
            SELECT FROM court_order AS c WHERE c.victim = s.victim AND c.days @> lower(s.days)))
    THEN
        PERFORM refuse('offer', 'offer_court_order', 'no court order is in force on the first day');
    ELSIF EXISTS (
        SELECT FROM request_victim AS v WHERE v.request = accepted.request
            AND (accepted.kind = 'placement' OR EXISTS (
                SELECT FROM stay AS s WHERE s.request = v.request AND s.victim = v.victim
                    AND upper(s.days) > (SELECT min(lower(o.days)) FROM offer_stay AS o WHERE o.offer = accepted.id)))
            AND NOT EXISTS (SELECT FROM offer_stay AS o WHERE o.offer = accepted.id AND o.victim = v.victim))
    THEN
        PERFORM refuse('offer', 'offer_whole', 'the offer leaves a victim of the request out');
    END IF;
    PERFORM take_turns(
        ARRAY(SELECT unit FROM offer_stay WHERE offer = accepted.id
            UNION SELECT unit FROM stay WHERE request = accepted.request),
        ARRAY(SELECT victim FROM offer_stay WHERE offer = accepted.id));
    IF accepted.kind = 'placement' THEN
        PERFORM offer_write_stays(accepted, '-infinity');
    ELSE
        SELECT min(lower(o.days)) INTO moved FROM offer_stay AS o WHERE o.offer = accepted.id;
        -- Tried and taken back, so that nobody agrees on a move that the guards would refuse.
        BEGIN
            UPDATE hold SET released_at = accepted.answered_at WHERE request = accepted.request AND released_at IS NULL;
            PERFORM offer_write_stays(accepted, moved);
            RAISE EXCEPTION USING ERRCODE = 'triggered_action_exception';
        EXCEPTION WHEN triggered_action_exception THEN NULL;
        END;
    END IF;
    UPDATE hold SET released_at = accepted.answered_at WHERE request = accepted.request AND released_at IS NULL;
    -- The request before the siblings: an offer that goes while its request is still offered sends it back to the queue.
    IF accepted.kind = 'placement' THEN
        UPDATE request SET state = 'accepted', state_reason = NULL WHERE id = accepted.request;
    ELSE
        INSERT INTO hold (unit, beds, days, request, purpose, owner, made_at, ends_at, offer)
        SELECT o.unit, CASE u.count_by WHEN 'request' THEN 1 ELSE count(*) END, o.days, accepted.request, 'move',
            accepted.made_by, accepted.answered_at, upper(o.days)::timestamp AT TIME ZONE p.zone, accepted.id
        FROM offer_stay AS o JOIN unit AS u ON u.id = o.unit CROSS JOIN desk_policy AS p
        WHERE o.offer = accepted.id GROUP BY o.unit, u.count_by, o.days, p.zone;
        UPDATE transfer SET state = 'agreed', offer = accepted.id WHERE request = accepted.request AND state = 'wanted';
    END IF;
    UPDATE offer SET state = 'cancelled', answered_at = accepted.answered_at
    WHERE request = accepted.request AND state = 'open' AND id <> accepted.id;
END $$;

CREATE FUNCTION public.offer_approval_role() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    asked offer;
BEGIN
    SELECT * INTO asked FROM offer WHERE id = NEW.offer;
    IF NOT offer_may_approve(NEW.offer, NEW.subject, NEW.approval, NEW.given_by) OR NOT is_who_acts(NEW.given_by) THEN
        PERFORM refuse('offer_approval', 'offer_approval_role', 'this approval is not asked of ' || NEW.given_by);
    ELSIF asked.state <> 'open' THEN
        PERFORM refuse('offer_approval', 'offer_legal_step', 'the offer is ' || asked.state || ' already');
    ELSIF asked.answer_by <= ledger_clock() THEN
        PERFORM refuse('offer_approval', 'offer_in_time', 'the offer was to be answered before');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.offer_asks(of_offer bigint, who public.actor) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

COMMENT ON FUNCTION public.offer_asks(of_offer bigint, who public.actor) IS 'Whether an actor is asked to approve of an open offer, and so may answer it or agree with what it overrides.';

CREATE FUNCTION public.offer_by_whom_it_concerns() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.offer_content_kept() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    changed CONSTANT bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.offer ELSE NEW.offer END;
BEGIN
    -- Another name of an erased case is no change.
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'victim' = to_jsonb(OLD) - 'victim'
        AND NOT EXISTS (SELECT FROM victim WHERE id = to_jsonb(OLD) ->> 'victim')
    THEN
        RETURN NULL;
    ELSIF EXISTS (SELECT FROM offer AS o WHERE o.id = changed AND o.state <> 'open')
        OR EXISTS (SELECT FROM offer_approval AS a WHERE a.offer = changed)
    THEN
        PERFORM refuse('offer', 'offer_content_kept', 'an offer is approved as it is');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.offer_without_guardian(of_offer bigint) RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT DISTINCT s.victim::text
    FROM offer_stay AS s
    JOIN unit AS u ON u.id = s.unit JOIN shelter AS h ON h.id = u.shelter
    JOIN authority_approval AS a ON a.authority = h.placement_authority AND a.role = 'guardian'
    JOIN victim AS v ON v.id = s.victim
    WHERE s.offer = of_offer AND age_on(v.birth_date, lower(s.days)) < 18
        AND NOT EXISTS (SELECT FROM guardianship AS g WHERE g.victim = s.victim AND g.days && s.days)
$$;

CREATE FUNCTION public.offer_lacks_guardian(of_offer bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    RETURN CASE WHEN (EXISTS (SELECT FROM public.offer_without_guardian(offer_lacks_guardian.of_offer) offer_without_guardian(offer_without_guardian))) THEN (EXISTS (SELECT FROM access.offer_missing(offer_lacks_guardian.of_offer) m(subject, approval, roles) WHERE (m.approval = 'guardianship'::text))) ELSE false END;

CREATE FUNCTION public.offer_legal_step() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    -- Its request may have another name, once its case is erased.
    IF NEW.request <> OLD.request AND EXISTS (SELECT FROM request WHERE id = OLD.request)
        OR (NEW.kind, NEW.made_at, NEW.made_by, NEW.answer_by) <> (OLD.kind, OLD.made_at, OLD.made_by, OLD.answer_by)
        OR OLD.state <> 'open' AND (NEW.answered_at, NEW.answered_by, NEW.side, NEW.reason)
            IS DISTINCT FROM (OLD.answered_at, OLD.answered_by, OLD.side, OLD.reason)
    THEN
        PERFORM refuse('offer', 'offer_legal_step', 'an offer stays as it was made and answered');
    ELSIF NEW.state = OLD.state THEN RETURN NULL;
    ELSIF OLD.state <> 'open' AND NOT (OLD.state = 'accepted' AND NEW.state = 'cancelled') THEN
        PERFORM refuse('offer', 'offer_legal_step', 'the offer is ' || OLD.state || ' already');
    END IF;
    CASE NEW.state
        WHEN 'accepted' THEN
            IF NEW.answered_by IS NOT NULL AND NOT is_who_acts(NEW.answered_by) THEN
                PERFORM refuse('offer', 'offer_actor', 'an offer is answered by who acts');
            ELSIF NEW.kind = 'placement' AND 1 < (
                SELECT count(DISTINCT v.days) FROM (
                    SELECT array_agg(s.days ORDER BY s.days) AS days FROM offer_stay AS s
                    WHERE s.offer = NEW.id GROUP BY s.victim) AS v)
            THEN
                -- Else no plan could be made around it.
                PERFORM refuse('offer', 'offer_even', 'the victims of a request start, move and end on the same days');
            END IF;
            PERFORM offer_accept(NEW);
        WHEN 'declined' THEN
            IF NEW.answered_by IS NOT NULL AND NOT is_who_acts(NEW.answered_by) OR NOT coalesce(offer_may_decline(NEW, current_actor()), access.acting_as('service') IS NULL) THEN
                PERFORM refuse('offer', 'offer_actor', 'an offer is declined by who acts, for one''s own side or the victim');
            ELSIF NEW.answer_by <= NEW.answered_at THEN
                PERFORM refuse('offer', 'offer_in_time', 'the offer was to be answered before');
            END IF;
        WHEN 'expired' THEN
            IF NEW.answer_by > ledger_clock() THEN
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

CREATE FUNCTION public.offer_may_approve(of_offer bigint, of_subject text, of_approval text, by public.actor) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

COMMENT ON FUNCTION public.offer_may_approve(of_offer bigint, of_subject text, of_approval text, by public.actor) IS 'Whether an approval that an offer asks for is one that an actor gives.';

CREATE FUNCTION public.offer_may_decline(declined public.offer, by public.actor) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    RETURN CASE public.actor_role(by) WHEN 'shelter'::text THEN (((declined).side = ANY (ARRAY['shelter'::text, 'victim'::text])) AND (EXISTS (SELECT FROM (public.offer_stay s JOIN public.unit u ON (((u.id)::text = (s.unit)::text))) WHERE ((s.offer = (offer_may_decline.declined).id) AND ((u.shelter)::text = public.actor_id(offer_may_decline.by)))))) ELSE (((declined).side = ANY (ARRAY['authority'::text, 'victim'::text])) AND (public.actor_role(by) = ANY (ARRAY['desk'::text, 'coordinator'::text, 'police'::text, 'guardian'::text]))) END;

CREATE FUNCTION public.offer_of_open_request() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    now_is text;
BEGIN
    IF NEW.state <> 'open' THEN
        PERFORM refuse('offer', 'offer_legal_step', 'an offer begins open');
    ELSIF NOT is_who_acts(NEW.made_by) OR actor_role(NEW.made_by) NOT IN ('desk', 'coordinator', 'guardian') THEN
        PERFORM refuse('offer', 'offer_actor', 'an offer is made by the desk, a coordinator or a guardian who acts');
    END IF;
    -- The row is locked, so that the request is not withdrawn meanwhile.
    SELECT state INTO now_is FROM request WHERE id = NEW.request FOR NO KEY UPDATE;
    IF NEW.kind = 'transfer' THEN
        IF now_is <> 'placed' OR NOT EXISTS (
            SELECT FROM transfer AS t WHERE t.request = NEW.request AND t.state = 'wanted')
        THEN
            PERFORM refuse('offer', 'offer_of_open_request', 'a transfer is of a request that is placed and to be moved');
        END IF;
    ELSIF now_is IN ('submitted', 'unplaced', 'proposed') THEN
        UPDATE request SET state = 'offered', state_reason = NULL WHERE id = NEW.request;
    ELSIF now_is <> 'offered' THEN
        PERFORM refuse('offer', 'offer_of_open_request', 'the request is ' || now_is || ' and takes no offers');
    END IF;
    PERFORM emit('offer-made', jsonb_build_object('offer', NEW.id, 'request', NEW.request));
    RETURN NULL;
END $$;

CREATE FUNCTION public.offer_turns() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM FROM request WHERE id = NEW.request FOR NO KEY UPDATE;
    PERFORM take_turns('{}', ARRAY(SELECT v.victim::text FROM request_victim AS v WHERE v.request = NEW.request));
    IF TG_OP = 'UPDATE' THEN
        -- When it was answered is not for who answers to say.
        IF OLD.state = 'open' THEN NEW.answered_at := ledger_clock(); END IF;
        IF NEW.state IN ('accepted', 'declined') THEN NEW.answered_by := coalesce(NEW.answered_by, current_actor()); END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.offer_version_follow() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    UPDATE offer SET version = version + 1 WHERE id = NEW.offer;
    RETURN NULL;
END $$;

CREATE FUNCTION public.offer_write_stays(accepted public.offer, from_day date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    exempt text[] := ARRAY(
        SELECT o.rule FROM rule_override AS o WHERE o.offer = accepted.id AND o.hard ORDER BY o.rule);
    -- Who has left since the move was agreed on is not moved.
    movers text[] := CASE accepted.kind WHEN 'transfer' THEN ARRAY(
        SELECT DISTINCT s.victim::text FROM stay AS s WHERE s.request = accepted.request AND upper(s.days) > from_day) END;
BEGIN
    IF accepted.kind = 'transfer' THEN
        DELETE FROM stay AS s USING offer_stay AS o
        WHERE s.request = accepted.request AND o.offer = accepted.id AND o.victim = s.victim AND lower(s.days) >= from_day;
        UPDATE stay AS s SET days = daterange(lower(s.days), from_day)
        WHERE s.request = accepted.request AND upper(s.days) > from_day
            AND EXISTS (SELECT FROM offer_stay AS o WHERE o.offer = accepted.id AND o.victim = s.victim);
    END IF;
    INSERT INTO stay (request, victim, unit, days, moves_made, arrived, origin, overrides, offer)
    SELECT accepted.request, o.victim, o.unit, o.days * daterange(from_day, NULL),
        coalesce((SELECT max(s.moves_made) + 1 FROM stay AS s
            WHERE s.request = accepted.request AND s.victim = o.victim), 0)
            + row_number() OVER (PARTITION BY o.victim ORDER BY lower(o.days)) - 1,
        false, 'offer', exempt, accepted.id
    FROM offer_stay AS o
    WHERE o.offer = accepted.id AND upper(o.days) > from_day AND (movers IS NULL OR o.victim = ANY (movers))
    ORDER BY o.victim, lower(o.days);
END $$;

CREATE FUNCTION public.outbox_wake() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    PERFORM pg_notify('onderdak_event', '');
    RETURN NULL;
END $$;

CREATE FUNCTION public.placement_end(of_request public.identifier, of_victim public.identifier, on_day date, reason text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF NOT is_case_of_who_acts(of_request) THEN
        PERFORM refuse('stay', 'case_actor', coalesce('the request is no case of ' || current_actor(), 'nobody acts'));
    END IF;
    DELETE FROM stay AS s WHERE s.request = of_request AND s.victim = coalesce(of_victim, s.victim)
        AND lower(s.days) >= on_day;
    UPDATE stay AS s SET days = daterange(lower(s.days), on_day)
    WHERE s.request = of_request AND s.victim = coalesce(of_victim, s.victim) AND upper(s.days) > on_day;
    UPDATE request AS r SET state = 'ended', state_reason = reason
    WHERE r.id = of_request AND NOT EXISTS (
        SELECT FROM stay AS s WHERE s.request = r.id AND upper(s.days) > ledger_today());
END $$;

CREATE FUNCTION public.planned_action_actor() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF NOT is_who_acts(NEW.owner) THEN
        PERFORM refuse('planned_action', 'owner_actor', 'whose an action is, is who acts');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.planned_action_lift(action bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
BEGIN
    IF EXISTS (
        SELECT FROM planned_action AS p WHERE p.id = $1 AND p.ends_at > ledger_now() AND NOT is_who_acts(p.owner))
    THEN
        PERFORM refuse('planned_action', 'owner_actor', 'whose an action is, is who acts');
    END IF;
    DELETE FROM hold WHERE id IN (SELECT h.hold FROM planned_action_hold AS h WHERE h.action = $1);
    DELETE FROM planned_action WHERE id = $1;
END $_$;

CREATE FUNCTION public.planned_action_made() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    NEW.made_at := CASE TG_OP WHEN 'INSERT' THEN ledger_now() ELSE OLD.made_at END;
    RETURN NEW;
END $$;

CREATE FUNCTION public.planned_action_notice() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    changed CONSTANT bigint := CASE TG_TABLE_NAME WHEN 'planned_action' THEN to_jsonb(NEW) ->> 'id' ELSE to_jsonb(NEW) ->> 'action' END;
    policy desk_policy;
    day date;
    announced date;
    beds integer;
BEGIN
    SELECT * INTO policy FROM desk_policy;
    SELECT lower(a.days), ledger_day(a.made_at) INTO day, announced FROM planned_action AS a WHERE a.id = changed;
    SELECT sum(n.beds) INTO beds FROM planned_action_need AS n WHERE n.action = changed;
    IF beds >= policy.group_size THEN
        IF day - announced < policy.group_notice_days THEN
            PERFORM refuse('planned_action_need', 'planned_action_notice', 'a group is announced too late');
        ELSIF day - ledger_today() < policy.group_fix_days THEN
            PERFORM refuse('planned_action_need', 'planned_action_fixed', 'the beds of a group are fixed by now');
        END IF;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.planned_action_part_actor() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF NOT is_who_acts((SELECT p.owner FROM planned_action AS p WHERE p.id = NEW.action))
        OR TG_TABLE_NAME = 'planned_action_hold' AND access.acting_as('service') IS NOT NULL AND NOT EXISTS (
            SELECT FROM hold AS h
            WHERE h.id = (to_jsonb(NEW) ->> 'hold')::bigint AND h.owner = 'desk/reserved' AND h.offer IS NULL)
    THEN
        PERFORM refuse('planned_action', 'owner_actor', 'whose an action is, is who acts, and it keeps beds of its own');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.population_blocks(first date, last date) RETURNS TABLE(month date, block jsonb, persons bigint, days bigint, beds bigint)
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    WITH here AS (
        SELECT m.month, s.victim, max(upper(s.days * m.days) - 1) AS day,
            sum(upper(s.days * m.days) - lower(s.days * m.days)) AS days
        FROM stay AS s JOIN months_over(first, last) AS m ON m.days && s.days GROUP BY 1, 2)
    SELECT h.month, jsonb_build_object('sex', v.sex, 'phase', coalesce(
            (SELECT p.phase FROM victim_phase AS p WHERE p.victim = h.victim AND p.from_date <= h.day
                ORDER BY p.from_date DESC LIMIT 1),
            (SELECT p.phase FROM victim_phase AS p WHERE p.victim = h.victim ORDER BY p.from_date LIMIT 1))),
        count(*), sum(h.days)::bigint, NULL::bigint
    FROM here AS h JOIN victim AS v ON v.id = h.victim GROUP BY 1, 2
$$;

CREATE FUNCTION public.protected_count(number bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    RETURN CASE WHEN (number < 5) THEN (0)::bigint ELSE (5 * (round(((number)::numeric / 5.0)))::bigint) END;

COMMENT ON FUNCTION public.protected_count(number bigint) IS 'A count as those see it who may have figures only.';

CREATE FUNCTION public.refuse(relation text, rule text, sentence text) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', TABLE = relation, CONSTRAINT = rule, MESSAGE = sentence;
END $$;

CREATE FUNCTION public.remove_old_events() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    gone integer;
    last bigint;
BEGIN
    PERFORM sequence_events();
    WITH old AS (
        DELETE FROM outbox AS o USING retention_rule AS r
        WHERE r.subject = 'event' AND o.at + r.keep <= ledger_now() AND o.position IS NOT NULL RETURNING o.position)
    SELECT count(*), max(position) INTO gone, last FROM old;
    UPDATE event_sequence SET removed = greatest(removed, last) WHERE last IS NOT NULL;
    RETURN gone;
END $$;

CREATE FUNCTION public.report_capacity(unit public.identifier, kind text, number integer, from_day date, until_day date, reason text, observed_at timestamp with time zone, key public.identifier, source public.actor) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
#variable_conflict use_column
DECLARE
    given capacity_report;
    known capacity_report;
    after integer;
BEGIN
    IF actor_role(source) NOT IN ('shelter', 'desk', 'admin') OR actor_role(source) = 'shelter' AND NOT EXISTS (
        SELECT FROM unit AS u WHERE u.id = $1 AND u.shelter = actor_id($9))
    THEN
        PERFORM refuse('capacity_report', 'capacity_report_source', 'a shelter reports its own units, the desk any');
    END IF;
    PERFORM take_turns(ARRAY[$1], '{}');
    SELECT * INTO known FROM capacity_report AS r WHERE r.source = $9 AND r.key = $8;
    IF FOUND THEN
        IF (known.unit, known.kind, known.number, known.days, known.reason)
            IS DISTINCT FROM ($1, $2, $3, daterange($4, $5), $6)
        THEN
            PERFORM refuse('capacity_report', 'capacity_report_same', 'this key was used for another report');
        END IF;
        RETURN known.id;
    END IF;
    given.beds := greatest(0, CASE $2
        WHEN 'free' THEN unit_load_at($1, $4, $7) + $3
        WHEN 'out-of-service' THEN coalesce((
            SELECT c.beds FROM bed_change AS c WHERE c.unit = $1 AND c.from_date <= $4 AND c.source = 'country'
            ORDER BY c.from_date DESC LIMIT 1), unit_beds($1, $4)) - $3
        ELSE $3 END);
    given.late := EXISTS (
        SELECT FROM capacity_report AS r
        WHERE r.unit = $1 AND NOT r.late AND r.observed_at > $7 AND lower(r.days) <= $4);
    IF NOT given.late THEN
        after := unit_beds($1, $5);
        INSERT INTO bed_change AS b (unit, from_date, beds, reason, source) VALUES ($1, $4, given.beds, $6, 'report')
        ON CONFLICT (unit, from_date, source) DO UPDATE SET beds = excluded.beds, reason = excluded.reason;
        IF $5 IS NOT NULL THEN
            INSERT INTO bed_change (unit, from_date, beds, reason, source) VALUES ($1, $5, after, $6, 'report')
            ON CONFLICT (unit, from_date, source) DO NOTHING;
        END IF;
    END IF;
    SELECT greatest(0, max(unit_load($1, day) - unit_beds($1, day))) INTO given.excess
    FROM (SELECT $4 AS day UNION SELECT lower(s.days) FROM stay AS s
        WHERE s.unit = $1 AND lower(s.days) > $4 AND ($5 IS NULL OR lower(s.days) < $5)) AS days;
    given.excess := CASE WHEN given.late THEN 0 ELSE given.excess END;
    INSERT INTO capacity_report (
        unit, kind, number, days, reason, source, key, observed_at, received_at, late, beds, excess)
    VALUES ($1, $2, $3, daterange($4, $5), $6, $9, $8, $7, ledger_now(), given.late, given.beds, given.excess)
    RETURNING * INTO given;
    IF NOT given.late THEN
        PERFORM emit('capacity-reported', jsonb_build_object('unit', $1, 'report', given.id));
        IF given.excess > 0 THEN
            PERFORM emit('capacity-excess', jsonb_build_object('unit', $1, 'report', given.id, 'excess', given.excess));
        END IF;
    END IF;
    RETURN given.id;
END $_$;

CREATE FUNCTION public.report_excess(units text[], because text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    moment CONSTANT timestamptz := ledger_now();
    made capacity_report;
BEGIN
    -- Whoever changes what there is has taken its turn, of which this is a part: nobody comes between, and the version of what
    -- is known of a unit's beds stays the one that was told.
    PERFORM FROM unit_turn WHERE unit = ANY (units) ORDER BY unit FOR NO KEY UPDATE;
    FOR made.unit, made.days, made.beds, made.excess IN
        SELECT u.id, b.days, o.beds, max(o.excess)
        FROM unit AS u
        CROSS JOIN LATERAL unit_days_over(u.id, daterange(NULL, NULL)) AS o
        CROSS JOIN LATERAL (
            SELECT daterange(coalesce(max(c.from_date) FILTER (WHERE c.from_date <= o.day), o.day),
                min(c.from_date) FILTER (WHERE c.from_date > o.day)) AS days
            FROM bed_change AS c WHERE c.unit = u.id) AS b
        WHERE u.id = ANY (units)
        GROUP BY u.id, b.days, o.beds ORDER BY u.id, b.days
    LOOP
        -- Nobody looked: the unit's figures are as old as they were.
        SELECT least(coalesce(
            (SELECT max(r.observed_at) FROM capacity_report AS r WHERE r.unit = made.unit AND NOT r.late),
            (SELECT k.since FROM unit_reporting AS k WHERE k.unit = made.unit), moment), moment) INTO made.observed_at;
        INSERT INTO capacity_report (
            unit, kind, number, days, reason, source, key, observed_at, received_at, late, beds, excess)
        VALUES (made.unit, 'beds', made.beds, made.days, because, coalesce(current_actor(), 'admin/onderdak'),
            'excess-' || gen_random_uuid(), made.observed_at, moment, false, made.beds, made.excess)
        RETURNING id INTO made.id;
        PERFORM emit('capacity-excess', jsonb_build_object('unit', made.unit, 'report', made.id, 'excess', made.excess));
    END LOOP;
END $$;

CREATE FUNCTION public.request_as_state() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF TG_TABLE_NAME = 'request' THEN
        PERFORM request_is_as_its_state(NEW.id);
    ELSIF TG_OP = 'DELETE' OR TG_TABLE_NAME = 'request_victim' THEN
        PERFORM request_is_as_its_state(OLD.request);
    ELSE
        PERFORM request_is_as_its_state(NEW.request);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.request_begin() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.state = OLD.state THEN RETURN NEW; END IF;
    NEW.state_since := ledger_now();
    IF NEW.state = 'submitted' THEN NEW.submitted_at := coalesce(NEW.submitted_at, NEW.state_since); END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.request_erased() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF EXISTS (
        SELECT FROM audit.entry AS e
        WHERE e.request = NEW.id AND e.relation = 'request' AND e.action = 'update' AND 'id' = ANY (e.fields))
    THEN
        PERFORM refuse('request', 'request_erased', 'a request of that name was of a case that was erased');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.request_events_erase() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    DELETE FROM outbox WHERE subject ->> 'request' = OLD.id;
    RETURN NULL;
END $$;

CREATE FUNCTION public.request_has_stays(asked public.identifier) RETURNS void
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    now_is text;
BEGIN
    SELECT state INTO now_is FROM request WHERE id = asked;
    IF now_is IN ('accepted', 'placed') THEN
        IF EXISTS (SELECT FROM request_victim AS v WHERE v.request = asked AND NOT EXISTS (
            SELECT FROM stay AS s WHERE s.request = asked AND s.victim = v.victim))
        THEN
            PERFORM refuse('request', 'request_stays', 'a request that is ' || now_is || ' has a place for each victim');
        END IF;
    ELSIF EXISTS (SELECT FROM stay AS s WHERE s.request = asked AND (now_is <> 'ended' OR upper(s.days) > ledger_today())) THEN
        PERFORM refuse('request', 'request_stays', 'a request that is ' || now_is || ' has no place');
    END IF;
END $$;

CREATE FUNCTION public.request_is_as_its_state(asked public.identifier) RETURNS void
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    now_is text;
BEGIN
    SELECT state INTO now_is FROM request WHERE id = asked;
    IF now_is IS NULL THEN RETURN; END IF;
    IF NOT EXISTS (SELECT FROM request_victim AS v WHERE v.request = asked) THEN
        PERFORM refuse('request', 'request_victims', 'a request is for somebody');
    ELSIF (now_is = 'offered') <> EXISTS (
            SELECT FROM offer AS o WHERE o.request = asked AND o.kind = 'placement' AND o.state = 'open')
        OR now_is NOT IN ('accepted', 'placed', 'ended') AND EXISTS (
            SELECT FROM offer AS o WHERE o.request = asked AND o.state = 'accepted')
        OR now_is <> 'placed' AND EXISTS (
            SELECT FROM offer AS o WHERE o.request = asked AND o.kind = 'transfer' AND o.state = 'open')
        OR EXISTS (
            SELECT FROM stay AS s JOIN offer AS o ON o.id = s.offer WHERE s.request = asked AND o.state <> 'accepted')
    THEN
        PERFORM refuse('request', 'request_offers', 'a request that is ' || now_is || ' has no such offers');
    ELSIF now_is IN ('proposed', 'unplaced') AND NOT EXISTS (
        SELECT FROM proposal AS p
        WHERE p.request = asked AND p.placed = (now_is = 'proposed') AND p.published_at IS NOT NULL)
    THEN
        PERFORM refuse('request', 'request_proposal', 'no published plan says that the request is ' || now_is);
    ELSIF EXISTS (
        SELECT FROM transfer AS t LEFT JOIN offer AS o ON o.id = t.offer
        WHERE t.request = asked AND (t.state IN ('wanted', 'agreed') AND now_is <> 'placed'
            OR t.state IN ('agreed', 'completed') AND (o.request, o.kind, o.state) <> (asked, 'transfer', 'accepted')))
    THEN
        PERFORM refuse('request', 'request_transfer', 'who is placed is moved, by an offer of the request that is accepted');
    ELSIF now_is IN ('ended', 'withdrawn') AND EXISTS (
        SELECT FROM hold AS h WHERE h.request = asked AND h.released_at IS NULL)
    THEN
        PERFORM refuse('request', 'request_holds', 'beds are kept for a request that is over');
    END IF;
END $$;

CREATE TABLE public.night_placement (
    request public.identifier NOT NULL,
    unit public.identifier NOT NULL,
    days daterange NOT NULL,
    placed_at timestamp with time zone NOT NULL,
    placed_by public.actor NOT NULL,
    confirmed_at timestamp with time zone,
    confirmed_by public.actor,
    CONSTRAINT night_placement_confirmed CHECK (((confirmed_at IS NULL) = (confirmed_by IS NULL))),
    CONSTRAINT night_placement_confirmer CHECK ((public.actor_role(confirmed_by) = ANY (ARRAY['desk'::text, 'coordinator'::text]))),
    CONSTRAINT night_placement_days CHECK (((isfinite(lower(days)) AND isfinite(upper(days))) IS TRUE)),
    CONSTRAINT night_placement_role CHECK ((public.actor_role(placed_by) = ANY (ARRAY['desk'::text, 'coordinator'::text, 'police'::text, 'shelter'::text])))
);

CREATE TABLE public.request_event (
    id bigint NOT NULL,
    request public.identifier NOT NULL,
    at timestamp with time zone NOT NULL,
    from_state text,
    to_state text NOT NULL,
    reason text,
    actor public.actor
);

COMMENT ON TABLE public.request_event IS 'Every step of every request.';

CREATE FUNCTION public.request_is_of(of_request public.identifier, who public.actor) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    RETURN (public.request_concerns(of_request, who) OR (EXISTS (SELECT FROM public.request_event e WHERE (((e.request)::text = (request_is_of.of_request)::text) AND (e.from_state IS NULL) AND ((e.actor)::text = (request_is_of.who)::text)))) OR (EXISTS (SELECT FROM ((public.offer o JOIN public.offer_stay s ON ((s.offer = o.id))) JOIN public.unit u ON (((u.id)::text = (s.unit)::text))) WHERE (((o.request)::text = (request_is_of.of_request)::text) AND (o.state = 'accepted'::text) AND (('shelter/'::text || (u.shelter)::text) = (request_is_of.who)::text)))) OR (EXISTS (SELECT FROM (public.night_placement n JOIN public.unit u ON (((u.id)::text = (n.unit)::text))) WHERE (((n.request)::text = (request_is_of.of_request)::text) AND (('shelter/'::text || (u.shelter)::text) = (request_is_of.who)::text)))));

CREATE FUNCTION public.request_legal_step() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    acting CONSTANT text := actor_role(current_actor());
    before CONSTANT text := CASE TG_OP WHEN 'INSERT' THEN 'new' ELSE OLD.state END;
    outcome CONSTANT boolean := NEW.state IN ('accepted', 'placed', 'ended', 'withdrawn', 'unplaced');
    allowed text[];
BEGIN
    IF before = NEW.state THEN
        RETURN NULL;
    ELSIF TG_OP = 'INSERT' AND acting IS NULL AND NEW.state IN ('submitted', 'accepted', 'placed') THEN
        NULL; -- taken in as it is
    ELSE
        SELECT roles INTO allowed FROM request_step WHERE from_state = before AND to_state = NEW.state;
        IF allowed IS NULL OR before = 'new' AND NEW.state = 'placed' AND NOT NEW.night THEN
            PERFORM refuse('request', 'request_legal_step', 'no step leads from ' || before || ' to ' || NEW.state);
        ELSIF acting <> ALL (allowed) THEN
            PERFORM refuse('request', 'request_step_role', 'this step is not for ' || acting);
        -- What follows from an offer's step is for who makes that.
        ELSIF before <> 'new' AND acting IS NOT NULL AND pg_trigger_depth() = 1
            AND NOT request_is_of(NEW.id, current_actor())
        THEN
            PERFORM refuse('request', 'request_step_role', 'this step is not for ' || current_actor());
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' AND (
        NEW.state IN ('ended', 'withdrawn') OR OLD.state IN ('offered', 'accepted') AND NEW.state = 'submitted')
    THEN
        PERFORM request_let_go(NEW.id, NEW.state);
    END IF;
    INSERT INTO request_event (request, at, from_state, to_state, reason, actor)
    VALUES (NEW.id, NEW.state_since, nullif(before, 'new'), NEW.state, NEW.state_reason, current_actor());
    IF TG_OP = 'UPDATE' THEN
        PERFORM emit('request-' || NEW.state, jsonb_build_object('request', NEW.id));
        -- Who referred hears what came of it.
        IF outcome AND NEW.referred_by IS NOT NULL THEN
            PERFORM emit('outcome', jsonb_build_object('request', NEW.id, 'state', NEW.state), NEW.referred_by);
        END IF;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.request_let_go(request public.identifier, state text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
BEGIN
    IF $2 <> 'ended' THEN
        DELETE FROM stay AS s WHERE s.request = $1;
        UPDATE offer AS o SET state = 'cancelled', answered_at = coalesce(o.answered_at, ledger_now())
        WHERE o.request = $1 AND o.state IN ('open', 'accepted');
    END IF;
    IF $2 <> 'submitted' THEN
        UPDATE hold AS h SET released_at = ledger_now() WHERE h.request = $1 AND h.released_at IS NULL;
        UPDATE transfer AS t SET state = 'cancelled', offer = NULL WHERE t.request = $1 AND t.state IN ('wanted', 'agreed');
        UPDATE offer AS o SET state = 'cancelled', answered_at = ledger_now() WHERE o.request = $1 AND o.state = 'open';
        UPDATE request_victim AS v SET closed = true WHERE v.request = $1;
    END IF;
END $_$;

CREATE FUNCTION public.request_no_move_actor() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF NOT coalesce(actor_role(current_actor()) = 'desk', access.acting_as('service') IS NULL) THEN
        PERFORM refuse('request', 'owner_actor', 'a hold on moves that is nobody''s the desk lifts');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.request_profile(of_request text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT CASE
        WHEN count(*) >= (SELECT group_size FROM desk_policy) THEN 'group'
        WHEN min(age_on(v.birth_date, r.needed_from)) < 18 THEN 'minor'
        WHEN count(DISTINCT v.sex) > 1 THEN 'mixed'
        ELSE CASE min(v.sex) WHEN 'female' THEN 'woman' WHEN 'male' THEN 'man' ELSE 'x' END END
    FROM request AS r JOIN request_victim AS m ON m.request = r.id JOIN victim AS v ON v.id = m.victim
    WHERE r.id = of_request
$$;

CREATE FUNCTION public.request_profiles(of_request public.identifier, from_day date, until_day date) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT jsonb_agg(jsonb_build_object(
        'victim', v.id, 'sex', v.sex, 'birth_date', v.birth_date, 'security_min', v.security_min,
        'security_max', v.security_max,
        'phase', coalesce(
            (SELECT p.phase FROM victim_phase AS p WHERE p.victim = v.id AND p.from_date <= from_day
                ORDER BY p.from_date DESC LIMIT 1),
            (SELECT p.phase FROM victim_phase AS p WHERE p.victim = v.id ORDER BY p.from_date LIMIT 1)),
        'needs', ARRAY(SELECT n.service FROM victim_need AS n WHERE n.victim = v.id),
        'avoid_regions', ARRAY(SELECT a.region FROM avoided_region AS a
            WHERE a.victim = v.id AND a.days && daterange(from_day, until_day)),
        'avoid_shelters', ARRAY(SELECT a.shelter FROM avoided_shelter AS a
            WHERE a.victim = v.id AND a.days && daterange(from_day, until_day)),
        'investigation', i.region, 'max_travel_minutes', i.max_travel_minutes) ORDER BY v.id)
    FROM request_victim AS m JOIN victim AS v ON v.id = m.victim
    LEFT JOIN investigation AS i ON i.victim = v.id AND i.days @> from_day
    WHERE m.request = of_request
$$;

CREATE FUNCTION public.request_stays() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF TG_TABLE_NAME = 'request' THEN
        PERFORM request_has_stays(NEW.id);
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM request_has_stays(OLD.request);
    ELSE
        PERFORM request_has_stays(NEW.request);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.request_step_actor() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF pg_trigger_depth() = 1 AND access.acting_as('service') IS NOT NULL AND current_actor() IS NULL
        AND NOT (NEW.state = 'placed' AND (SELECT min(lower(s.days)) FROM stay AS s WHERE s.request = NEW.id) < ledger_today()
            OR NEW.state = 'ended' AND NOT EXISTS (
                SELECT FROM stay AS s WHERE s.request = NEW.id AND upper(s.days) > ledger_today()))
    THEN
        PERFORM refuse('request', 'request_step_role', 'nobody acts');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.request_turns() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM take_turns('{}', ARRAY(SELECT v.victim::text FROM request_victim AS v WHERE v.request = NEW.id));
    RETURN NEW;
END $$;

CREATE FUNCTION public.request_version_follow() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    UPDATE request SET version = version + 1
    WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.request ELSE NEW.request END;
    RETURN NULL;
END $$;

CREATE FUNCTION public.request_victim_actor() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    -- Facts are taken in for nobody.
    IF current_actor() IS NOT NULL AND NOT victim_is_of(NEW.victim, current_actor())
        AND NOT (actor_role(current_actor()) IN ('police', 'coordinator')
            AND EXISTS (
                SELECT FROM request AS r
                WHERE r.id = NEW.request AND r.night AND r.state = 'placed' AND r.region IS NULL))
    THEN
        PERFORM refuse('request_victim', 'case_actor', 'the victim is no case of ' || current_actor());
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.request_victim_follow() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    -- Locked, so that the request is not over by the time that this commits.
    SELECT r.state IN ('ended', 'withdrawn'), r.night INTO NEW.closed, NEW.night
    FROM request AS r WHERE r.id = NEW.request FOR SHARE;
    NEW.closed := coalesce(NEW.closed, false);
    NEW.night := coalesce(NEW.night, false);
    RETURN NEW;
END $$;

CREATE FUNCTION public.rule_override_actor() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.rule_override_role() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.sequence_events() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    last bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM outbox WHERE position IS NULL) THEN
        RETURN (SELECT position FROM event_sequence);
    END IF;
    -- One at a time, until the commit; what others commit meanwhile is for the next.
    SELECT position INTO last FROM event_sequence FOR UPDATE;
    UPDATE outbox AS o SET position = last + n.number
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS number FROM outbox WHERE position IS NULL) AS n
    WHERE o.id = n.id;
    UPDATE event_sequence SET position = coalesce((SELECT max(o.position) FROM outbox AS o WHERE o.position > last), last)
    RETURNING position INTO last;
    RETURN last;
END $$;

COMMENT ON FUNCTION public.sequence_events() IS 'Gives positions to the events that have none; the last that there is.';

CREATE FUNCTION public.stay_as_claimed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.stay_beds() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF NOT is_taken_in(TG_OP, NEW) AND first_day_over(
        NEW.unit, days_added(TG_OP, OLD, NEW, TG_OP = 'UPDATE' AND is_same_group(OLD, NEW))) IS NOT NULL
    THEN
        PERFORM refuse('stay', 'stay_beds', 'the unit has no free bed on every day of the stay');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.stay_company(one public.stay) RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT array_remove(ARRAY[
        CASE WHEN u.mixing = 'single-sex' AND EXISTS (
            SELECT FROM stay AS s JOIN victim AS v ON v.id = s.victim
            WHERE s.unit = u.id AND s.days && one.days AND 'mixing' <> ALL (s.overrides)
                AND v.sex <> (SELECT sex FROM victim WHERE id = one.victim)) THEN 'mixing' END,
        CASE WHEN u.exclusive AND EXISTS (
            SELECT FROM stay AS s
            WHERE s.unit = u.id AND s.days && one.days AND 'exclusive' <> ALL (s.overrides) AND s.request <> one.request)
            THEN 'exclusive' END,
        CASE WHEN EXISTS (
            SELECT FROM stays_to_avoid(one.victim, one.request, one.unit, datemultirange(one.days)) AS s
            WHERE 'no-contact' <> ALL (s.overrides)) THEN 'no-contact' END], NULL)
    FROM unit AS u WHERE u.id = one.unit
$$;

CREATE FUNCTION public.stay_contiguous() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    of_request CONSTANT text := CASE TG_OP WHEN 'DELETE' THEN OLD.request ELSE NEW.request END;
    of_victim CONSTANT text := CASE TG_OP WHEN 'DELETE' THEN OLD.victim ELSE NEW.victim END;
BEGIN
    IF EXISTS (
        SELECT FROM stay AS s WHERE s.request = of_request AND s.victim = of_victim
        HAVING count(*) > 1 AND (
            upper(range_merge(range_agg(s.days))) - lower(range_merge(range_agg(s.days)))
            <> sum(upper(s.days) - lower(s.days))))
    THEN
        PERFORM refuse('stay', 'stay_contiguous', 'the stays of a request follow each other without a gap');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.stay_exclusive() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.stay_handover() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF EXISTS (SELECT FROM offer AS o WHERE o.id = NEW.offer AND o.kind = 'transfer' AND NOT EXISTS (
        SELECT FROM transfer AS t WHERE t.offer = o.id AND t.state = 'completed'))
    THEN
        PERFORM refuse('stay', 'stay_handover', 'the handover is not complete');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.stay_mixing() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.stay_no_contact() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.stay_taken_in() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    broken text[];
BEGIN
    IF NOT is_taken_in(TG_OP, NEW) THEN RETURN NULL; END IF;
    IF EXISTS (SELECT FROM unit_days_over(NEW.unit, NEW.days)) THEN
        PERFORM refuse('stay', 'stay_beds', 'more people are taken in than there are beds, and no report says so');
    END IF;
    SELECT array_agg(c.rule) INTO broken FROM unnest(stay_company(NEW)) AS c(rule)
    WHERE c.rule <> ALL (SELECT unnest(string_to_array(coalesce(r.state_reason, ''), ' ')) FROM request AS r WHERE r.id = NEW.request);
    IF 'mixing' = ANY (broken) THEN
        PERFORM refuse('stay', 'stay_mixing', 'people of another sex are in the unit, and the request does not say so');
    ELSIF 'exclusive' = ANY (broken) THEN
        PERFORM refuse('stay', 'stay_exclusive', 'another group is in the unit, and the request does not say so');
    ELSIF 'no-contact' = ANY (broken) THEN
        PERFORM refuse('stay', 'stay_no_contact', 'somebody whom the victim must not meet is there, and the request does not say so');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.stay_turns() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    units text[] := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.unit] WHEN 'DELETE' THEN ARRAY[OLD.unit]
        ELSE ARRAY[OLD.unit, NEW.unit] END;
    victims text[] := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.victim] WHEN 'DELETE' THEN ARRAY[OLD.victim]
        ELSE ARRAY[OLD.victim, NEW.victim] END;
BEGIN
    -- Whom one must not meet may be about to come to the same place by another unit.
    IF TG_OP <> 'DELETE' THEN
        victims := victims || ARRAY(
            SELECT CASE WHEN n.a = NEW.victim THEN n.b ELSE n.a END::text FROM no_contact AS n
            WHERE NEW.victim IN (n.a, n.b) AND n.days && NEW.days);
    END IF;
    PERFORM take_turns(units, victims);
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.stay_unagreed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF NEW.origin = 'record' AND NOT (CASE TG_OP
        -- Only who takes facts in, for nobody, and only at the request's beginning.
        WHEN 'INSERT' THEN current_actor() IS NULL AND NOT EXISTS (
            SELECT FROM request_event AS e WHERE e.request = NEW.request AND e.from_state IS NOT NULL)
        -- Another name of an erased case is no change.
        ELSE NEW.unit = OLD.unit AND OLD.days @> NEW.days
            AND (NEW.request = OLD.request OR NOT EXISTS (SELECT FROM request AS r WHERE r.id = OLD.request))
            AND (NEW.victim = OLD.victim OR NOT EXISTS (SELECT FROM victim AS v WHERE v.id = OLD.victim)) END)
        OR EXISTS (
            SELECT FROM stay AS s WHERE s.request = NEW.request AND NOT CASE s.origin
                WHEN 'offer' THEN EXISTS (
                    SELECT FROM offer AS o JOIN offer_stay AS a ON a.offer = o.id
                    WHERE o.id = s.offer AND o.state = 'accepted' AND o.request = s.request
                        AND a.victim = s.victim AND a.unit = s.unit AND a.days @> s.days)
                WHEN 'night' THEN s.offer IS NULL AND EXISTS (
                    SELECT FROM night_placement AS n WHERE n.request = s.request AND n.unit = s.unit AND n.days @> s.days)
                ELSE s.offer IS NULL END)
    THEN
        PERFORM refuse('stay', 'stay_unagreed', 'nobody agreed on this stay');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.stays_to_avoid(of_victim public.identifier, of_request public.identifier, in_unit public.identifier, over_days datemultirange) RETURNS SETOF public.stay
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT s.* FROM no_contact AS n
    JOIN stay AS s ON s.victim = CASE WHEN n.a = of_victim THEN n.b ELSE n.a END
        AND s.days && (over_days * datemultirange(n.days))
    JOIN unit AS theirs ON theirs.id = s.unit JOIN shelter AS their_shelter ON their_shelter.id = theirs.shelter
    JOIN unit AS ours ON ours.id = in_unit JOIN shelter AS our_shelter ON our_shelter.id = ours.shelter
    WHERE of_victim IN (n.a, n.b) AND s.request <> of_request AND CASE n.scope
        WHEN 'unit' THEN theirs.id = ours.id
        WHEN 'shelter' THEN their_shelter.id = our_shelter.id
        ELSE their_shelter.region = our_shelter.region END
$$;

CREATE FUNCTION public.sweep() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    moment timestamptz := ledger_now();
    today date := ledger_day(moment);
    done integer := 0;
    one record;
BEGIN
    FOR one IN SELECT id FROM offer WHERE state = 'open' AND answer_by <= moment ORDER BY id FOR UPDATE SKIP LOCKED LOOP
        UPDATE offer SET state = 'expired' WHERE id = one.id;
        done := done + 1;
    END LOOP;
    FOR one IN SELECT id, unit FROM hold AS h WHERE released_at IS NULL AND ends_at <= moment
        AND NOT EXISTS (SELECT FROM planned_action_hold AS a WHERE a.hold = h.id) ORDER BY id FOR UPDATE SKIP LOCKED
    LOOP
        UPDATE hold SET released_at = ends_at WHERE id = one.id;
        PERFORM emit('hold-ended', jsonb_build_object('hold', one.id, 'unit', one.unit));
        done := done + 1;
    END LOOP;
    FOR one IN SELECT id FROM planned_action WHERE ends_at <= moment ORDER BY id FOR UPDATE SKIP LOCKED LOOP
        PERFORM planned_action_lift(one.id);
        done := done + 1;
    END LOOP;
    -- Without word to the contrary, who was expected yesterday has come.
    FOR one IN SELECT r.id FROM request AS r WHERE r.state = 'accepted'
        AND (SELECT min(lower(s.days)) FROM stay AS s WHERE s.request = r.id) < today ORDER BY id FOR UPDATE SKIP LOCKED
    LOOP
        UPDATE request SET state = 'placed', state_reason = 'taken-to-have-come' WHERE id = one.id;
        done := done + 1;
    END LOOP;
    FOR one IN SELECT r.id FROM request AS r JOIN night_placement AS n ON n.request = r.id
        WHERE r.state = 'placed' AND upper(n.days) <= today ORDER BY r.id FOR UPDATE OF r SKIP LOCKED
    LOOP
        UPDATE request SET state = 'ended', state_reason = 'nights-over' WHERE id = one.id;
        done := done + 1;
    END LOOP;
    RETURN done + tell_stale_capacity();
END $$;

CREATE FUNCTION public.take_turns(units text[], victims text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM FROM victim_turn WHERE victim = ANY (victims) ORDER BY victim FOR NO KEY UPDATE;
    UPDATE victim_turn SET turn = turn + 1 WHERE victim = ANY (victims);
    PERFORM FROM unit_turn WHERE unit = ANY (units) ORDER BY unit FOR NO KEY UPDATE;
    UPDATE unit_turn SET turn = turn + 1 WHERE unit = ANY (units);
END $$;

CREATE FUNCTION public.tell_stale_capacity() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    told integer := 0;
    one record;
BEGIN
    FOR one IN SELECT k.unit, ledger_now() - (a.age - a.stale_after) AS since
        FROM unit_reporting AS k JOIN unit_report_age AS a ON a.unit = k.unit
        WHERE a.stale AND k.stale_since IS NULL ORDER BY k.unit FOR UPDATE OF k SKIP LOCKED
    LOOP
        UPDATE unit_reporting SET stale_since = one.since WHERE unit = one.unit;
        PERFORM emit('capacity-stale', jsonb_build_object('unit', one.unit));
        told := told + 1;
    END LOOP;
    -- A limit may have been changed.
    UPDATE unit_reporting AS k SET stale_since = NULL
    WHERE k.stale_since IS NOT NULL AND EXISTS (SELECT FROM unit_report_age AS a WHERE a.unit = k.unit AND NOT a.stale);
    RETURN told;
END $$;

CREATE FUNCTION public.transfer_actor() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NOT is_who_acts(NEW.wanted_by)
        OR TG_OP = 'UPDATE' AND (
            NEW.dossier_sent_by IS DISTINCT FROM OLD.dossier_sent_by AND NOT is_who_acts(NEW.dossier_sent_by)
            OR NEW.dossier_received_by IS DISTINCT FROM OLD.dossier_received_by AND NOT is_who_acts(NEW.dossier_received_by)
            OR NEW.medication_by IS DISTINCT FROM OLD.medication_by AND NOT is_who_acts(NEW.medication_by))
    THEN
        PERFORM refuse('transfer', 'owner_actor', 'who wants a move, and who hands over, is who acts');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.transfer_complete(of_transfer bigint) RETURNS date
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    agreed offer;
    from_day date;
BEGIN
    UPDATE transfer SET state = 'completed', completed_at = ledger_now() WHERE id = of_transfer;
    SELECT o.* INTO agreed FROM offer AS o JOIN transfer AS t ON t.offer = o.id WHERE t.id = of_transfer;
    SELECT greatest(min(lower(s.days)), ledger_today()) INTO from_day FROM offer_stay AS s WHERE s.offer = agreed.id;
    PERFORM take_turns(
        ARRAY(SELECT unit FROM offer_stay WHERE offer = agreed.id UNION SELECT unit FROM stay WHERE request = agreed.request),
        ARRAY(SELECT victim FROM offer_stay WHERE offer = agreed.id));
    UPDATE hold SET released_at = ledger_now() WHERE offer = agreed.id AND released_at IS NULL;
    PERFORM offer_write_stays(agreed, from_day);
    UPDATE stay SET arrived = true WHERE offer = agreed.id AND days @> ledger_today();
    RETURN from_day;
END $$;

CREATE FUNCTION public.transfer_follow() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    UPDATE request AS r SET transfer_wanted = EXISTS (
        SELECT FROM transfer AS t WHERE t.request = r.id AND t.state = 'wanted')
    WHERE r.id = NEW.request;
    IF TG_OP = 'INSERT' OR NEW.state <> OLD.state THEN
        PERFORM emit('transfer-' || NEW.state, jsonb_build_object('transfer', NEW.id, 'request', NEW.request));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.transfer_legal_step() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'wanted' THEN
            PERFORM refuse('transfer', 'transfer_legal_step', 'a transfer begins as a wish');
        END IF;
    ELSIF (OLD.state, NEW.state) NOT IN (
        ('wanted', 'agreed'), ('wanted', 'cancelled'), ('agreed', 'completed'), ('agreed', 'cancelled'))
    THEN
        PERFORM refuse('transfer', 'transfer_legal_step', 'no step leads from ' || OLD.state || ' to ' || NEW.state);
    ELSIF NEW.state = 'completed' AND NOT EXISTS (SELECT FROM stay AS s WHERE s.offer = NEW.offer) THEN
        PERFORM refuse('transfer', 'transfer_legal_step', 'a transfer is complete when somebody has moved');
    END IF;
    RETURN NULL;
END $$;

CREATE TABLE public.capacity_report (
    id bigint NOT NULL,
    unit public.identifier NOT NULL,
    kind text NOT NULL,
    number public.whole NOT NULL,
    days daterange NOT NULL,
    reason text NOT NULL,
    source public.actor NOT NULL,
    key public.identifier NOT NULL,
    observed_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    late boolean NOT NULL,
    beds public.whole NOT NULL,
    excess public.whole NOT NULL,
    CONSTRAINT capacity_report_days CHECK (((lower(days) IS NOT NULL) AND isfinite(lower(days)) AND ((upper(days) IS NULL) OR isfinite(upper(days))))),
    CONSTRAINT capacity_report_kind CHECK ((kind = ANY (ARRAY['free'::text, 'out-of-service'::text, 'beds'::text]))),
    CONSTRAINT capacity_report_past CHECK ((observed_at <= (received_at + '00:05:00'::interval)))
);

COMMENT ON COLUMN public.capacity_report.kind IS 'free: beds that nobody is in; out-of-service: beds that the country''s data has and cannot be used; beds: all.';

COMMENT ON COLUMN public.capacity_report.observed_at IS 'When it was so; a clock may be five minutes ahead.';

COMMENT ON COLUMN public.capacity_report.late IS 'A later observation was known already: it changed nothing.';

COMMENT ON COLUMN public.capacity_report.excess IS 'How many more are or will be there than beds; nobody has to leave because of it.';

CREATE TABLE public.desk_policy (
    singleton boolean DEFAULT true NOT NULL,
    zone text NOT NULL,
    emergency_nights smallint NOT NULL,
    group_size smallint NOT NULL,
    group_notice_days smallint NOT NULL,
    group_fix_days smallint NOT NULL,
    report_age interval,
    CONSTRAINT desk_policy_group_days CHECK (((0 <= group_fix_days) AND (group_fix_days <= group_notice_days))),
    CONSTRAINT desk_policy_group_size CHECK ((group_size >= 2)),
    CONSTRAINT desk_policy_nights CHECK (((emergency_nights >= 1) AND (emergency_nights <= 14))),
    CONSTRAINT desk_policy_one_row CHECK (singleton),
    CONSTRAINT desk_policy_report_age CHECK ((report_age > '00:00:00'::interval))
);

COMMENT ON COLUMN public.desk_policy.zone IS 'The time zone in which days begin and desks open.';

COMMENT ON COLUMN public.desk_policy.emergency_nights IS 'The most nights of a night placement.';

COMMENT ON COLUMN public.desk_policy.group_size IS 'From how many beds on a planned action is one for a group.';

COMMENT ON COLUMN public.desk_policy.group_notice_days IS 'How many days before its day a planned action for a group is announced.';

COMMENT ON COLUMN public.desk_policy.group_fix_days IS 'From how many days before its day its beds can no longer be changed.';

COMMENT ON COLUMN public.desk_policy.report_age IS 'How old a unit''s last report may be where nothing else is said of it; null: figures do not age.';

CREATE TABLE public.unit_reporting (
    unit public.identifier NOT NULL,
    stale_after interval,
    since timestamp with time zone NOT NULL,
    required boolean DEFAULT true NOT NULL,
    stale_since timestamp with time zone,
    CONSTRAINT unit_reporting_limit CHECK ((stale_after > '00:00:00'::interval))
);

COMMENT ON TABLE public.unit_reporting IS 'Whether a unit has to report its beds, and how old its last report may be.';

COMMENT ON COLUMN public.unit_reporting.stale_after IS 'How old its last report may be; null: as desk_policy.report_age says.';

COMMENT ON COLUMN public.unit_reporting.since IS 'Since when the ledger knows the unit; before its first report its figures are as old as this.';

COMMENT ON COLUMN public.unit_reporting.required IS 'False: it need not report, and its figures do not age.';

COMMENT ON COLUMN public.unit_reporting.stale_since IS 'Since when its figures are too old, once that was told (capacity-stale); null: they are not, or nobody has noticed yet.';

CREATE FUNCTION public.unit_age_at(moment timestamp with time zone) RETURNS TABLE(unit public.identifier, observed_at timestamp with time zone, age interval, stale boolean)
    LANGUAGE sql STABLE ROWS 100
    BEGIN ATOMIC
 SELECT u.id,
     r.observed_at,
     GREATEST((unit_age_at.moment - COALESCE(r.observed_at, k.since)), '00:00:00'::interval) AS "greatest",
     COALESCE(((COALESCE(r.observed_at, k.since) +
         CASE
             WHEN k.required THEN COALESCE(k.stale_after, p.report_age)
             ELSE NULL::interval
         END) < unit_age_at.moment), false) AS "coalesce"
    FROM ((((public.unit u
      CROSS JOIN ( SELECT d.report_age
            FROM public.desk_policy d
          LIMIT 1) p)
      LEFT JOIN public.unit_reporting k ON (((k.unit)::text = (u.id)::text)))
      LEFT JOIN ( SELECT c.unit,
             max(c.observed_at) AS observed_at
            FROM public.capacity_report c
           WHERE ((NOT c.late) AND (c.observed_at > (unit_age_at.moment - '2 days'::interval)))
           GROUP BY c.unit) n ON (((n.unit)::text = (u.id)::text)))
      CROSS JOIN LATERAL ( SELECT COALESCE(n.observed_at, ( SELECT c.observed_at
                    FROM public.capacity_report c
                   WHERE (((c.unit)::text = (u.id)::text) AND (NOT c.late))
                   ORDER BY c.observed_at DESC
                  LIMIT 1)) AS observed_at
          OFFSET 0) r);
END;

CREATE FUNCTION public.unit_availability(from_day date, until_day date) RETURNS TABLE(unit public.identifier, shelter public.identifier, region public.identifier, bed_type text, free integer, observed_at timestamp with time zone, age interval, stale boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100
    SET search_path TO 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET random_page_cost TO '1.1'
    SET enable_sort TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    span CONSTANT daterange := daterange(from_day, until_day);
    moment CONSTANT timestamptz := ledger_now();
    lately CONSTANT date := least(moment::date, from_day) - 2;
BEGIN
    IF access.acting_role() IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT u.id, u.shelter, h.region, u.bed_type::text, f.free, a.observed_at, a.age, a.stale
    FROM unit AS u
    JOIN shelter AS h ON h.id = u.shelter
    JOIN unit_free_over(NULL, span, from_day, until_day, moment, lately) AS f ON f.unit = u.id
    JOIN unit_age_at(moment) AS a ON a.unit = u.id;
END $$;

CREATE FUNCTION public.unit_beds(unit public.identifier, day date) RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
    SELECT coalesce((
        SELECT c.beds FROM bed_change AS c WHERE c.unit = $1 AND c.from_date <= $2
        ORDER BY c.from_date DESC, c.source = 'report' DESC LIMIT 1), 0)
$_$;

CREATE FUNCTION public.unit_days_over(of_unit public.identifier, among daterange) RETURNS TABLE(day date, beds integer, excess integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    WITH known AS (
        SELECT daterange(min(c.from_date), NULL) * among AS days FROM bed_change AS c WHERE c.unit = of_unit
    ), change AS (
        SELECT lower(k.days) AS day FROM known AS k
        UNION SELECT lower(s.days) FROM stay AS s, known AS k WHERE s.unit = of_unit AND s.days && k.days
        UNION SELECT c.from_date FROM bed_change AS c WHERE c.unit = of_unit
    )
    SELECT d.day, d.beds, d.load - d.beds
    FROM known AS k
    JOIN change AS c ON k.days @> c.day
    CROSS JOIN LATERAL (SELECT c.day, unit_beds(of_unit, c.day) AS beds, unit_load(of_unit, c.day) AS load OFFSET 0) AS d
    WHERE d.load > d.beds AND NOT coalesce((
        -- The report by which these are the beds of the day.
        SELECT r.days @> d.day AND r.beds = d.beds AND r.excess >= d.load - d.beds FROM capacity_report AS r
        WHERE r.unit = of_unit AND NOT r.late AND lower(r.days) <= d.day ORDER BY lower(r.days) DESC, r.id DESC LIMIT 1), false)
$$;

CREATE FUNCTION public.unit_free(from_day date, until_day date) RETURNS TABLE(unit public.identifier, free integer)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 100
    SET search_path TO 'public', 'pg_temp'
    AS $_$
    SELECT f.unit, f.free FROM unit_free_for(NULL, $1, $2) AS f
$_$;

CREATE FUNCTION public.unit_free_for(of_request public.identifier, from_day date, until_day date) RETURNS TABLE(unit public.identifier, free integer)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100
    SET search_path TO 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET random_page_cost TO '1.1'
    SET enable_sort TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    span CONSTANT daterange := daterange(from_day, until_day);
    moment CONSTANT timestamptz := ledger_now();
    lately CONSTANT date := least(moment::date, from_day) - 2;
BEGIN
    RETURN QUERY SELECT f.unit, f.free FROM unit_free_over(of_request, span, from_day, until_day, moment, lately) AS f;
END $$;

CREATE TABLE public.bed_change (
    unit public.identifier NOT NULL,
    from_date date NOT NULL,
    beds public.whole NOT NULL,
    reason text,
    source text NOT NULL,
    CONSTRAINT bed_change_date CHECK (isfinite(from_date)),
    CONSTRAINT bed_change_source CHECK ((source = ANY (ARRAY['country'::text, 'report'::text])))
);

COMMENT ON TABLE public.bed_change IS 'The number of beds of a unit from a date until its next change; before its first change it has none.';

COMMENT ON COLUMN public.bed_change.source IS 'A country''s reference data, or a report of what there really is, which counts where both tell of the same date.';

CREATE FUNCTION public.unit_free_over(of_request public.identifier, span daterange, from_day date, until_day date, moment timestamp with time zone, lately date) RETURNS TABLE(unit public.identifier, free integer)
    LANGUAGE sql STABLE ROWS 100
    BEGIN ATOMIC
 WITH held AS MATERIALIZED (
          SELECT h.unit,
             piece.piece AS days,
             (h.beds)::integer AS beds
            FROM (public.hold h
              CROSS JOIN LATERAL unnest((datemultirange((h.days * unit_free_over.span)) - COALESCE(( SELECT range_agg(s.days) AS range_agg
                    FROM public.stay s
                   WHERE (((s.request)::text = (h.request)::text) AND ((s.unit)::text = (h.unit)::text))), '{}'::datemultirange))) piece(piece))
           WHERE ((h.days && unit_free_over.span) AND (h.released_at IS NULL) AND (h.ends_at > unit_free_over.moment) AND ((h.request IS NULL) OR ((h.request)::text IS DISTINCT FROM (unit_free_over.of_request)::text)))
         ), asked AS (
          SELECT u.id AS unit,
             unit_free_over.from_day AS day,
             (u.count_by = 'request'::text) AS shared
            FROM public.unit u
         UNION ALL
          SELECT u.id,
             d.day,
             (u.count_by = 'request'::text)
            FROM (( SELECT s.unit,
                     lower(s.days) AS day
                    FROM public.stay s
                   WHERE ((lower(s.days) > unit_free_over.from_day) AND (lower(s.days) < unit_free_over.until_day))
                 UNION
                  SELECT h.unit,
                     lower(h.days) AS lower
                    FROM held h
                   WHERE (lower(h.days) > unit_free_over.from_day)
                 UNION
                  SELECT c.unit,
                     c.from_date
                    FROM public.bed_change c
                   WHERE ((c.from_date > unit_free_over.from_day) AND (c.from_date < unit_free_over.until_day))) d
              JOIN public.unit u ON (((u.id)::text = (d.unit)::text)))
         ), known AS (
          SELECT s.unit,
             lower(s.days) AS first,
             upper(s.days) AS last,
             s.request,
             1 AS taken,
             NULL::bigint AS beds
            FROM public.stay s
           WHERE (s.days && unit_free_over.span)
         UNION ALL
          SELECT h.unit,
             lower(h.days) AS lower,
             upper(h.days) AS upper,
             NULL::text,
             h.beds,
             NULL::bigint
            FROM held h
         UNION ALL
          SELECT c.unit,
             c.from_date,
             'infinity'::date,
             NULL::text,
             0,
             (((((c.from_date - unit_free_over.lately))::bigint << 32) +
                 CASE c.source
                     WHEN 'report'::text THEN ((1)::bigint << 31)
                     ELSE (0)::bigint
                 END) + (c.beds)::integer)
            FROM public.bed_change c
           WHERE ((c.from_date > unit_free_over.lately) AND (c.from_date < unit_free_over.until_day))
         ), part AS (
          SELECT a.unit,
             a.day,
                 CASE
                     WHEN a.shared THEN k.request
                     ELSE NULL::text
                 END AS request,
             sum(k.taken) AS taken,
             max(k.beds) AS beds
            FROM (asked a
              LEFT JOIN known k ON ((((k.unit)::text = (a.unit)::text) AND (k.first <= a.day) AND (k.last > a.day))))
           GROUP BY a.unit, a.day,
                 CASE
                     WHEN a.shared THEN k.request
                     ELSE NULL::text
                 END
         ), level AS (
          SELECT p.unit,
             p.day,
             (sum(
                 CASE
                     WHEN (p.request IS NULL) THEN p.taken
                     ELSE (1)::bigint
                 END))::integer AS taken,
             max(p.beds) AS beds
            FROM part p
           GROUP BY p.unit, p.day
         )
  SELECT l.unit,
     min((COALESCE(((l.beds & (2147483647)::bigint))::integer, (( SELECT c.beds
            FROM public.bed_change c
           WHERE (((c.unit)::text = (l.unit)::text) AND (c.from_date <= unit_free_over.lately) AND (c.from_date < unit_free_over.until_day) AND (c.from_date > (unit_free_over.lately - 14)))
           ORDER BY c.from_date DESC, c.source DESC
          LIMIT 1))::integer, (( SELECT c.beds
            FROM public.bed_change c
           WHERE (((c.unit)::text = (l.unit)::text) AND (c.from_date <= unit_free_over.lately) AND (c.from_date < unit_free_over.until_day))
           ORDER BY c.from_date DESC, c.source DESC
          LIMIT 1))::integer, 0) - COALESCE(l.taken, 0))) AS min
    FROM level l
   GROUP BY l.unit;
END;

CREATE FUNCTION public.unit_held(unit public.identifier, day date) RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
    SELECT coalesce(sum(h.beds), 0)::integer FROM hold AS h
    WHERE h.unit = $1 AND h.days @> $2 AND h.released_at IS NULL AND h.ends_at > ledger_now()
        AND NOT EXISTS (SELECT FROM stay AS s WHERE s.request = h.request AND s.unit = $1 AND s.days @> $2)
$_$;

CREATE FUNCTION public.unit_held_known(of_unit public.identifier, on_day date) RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT coalesce(sum(h.beds), 0)::integer FROM hold AS h CROSS JOIN access.acting() AS who
    WHERE h.unit = of_unit AND h.days @> on_day AND h.released_at IS NULL AND h.ends_at > ledger_now()
        AND NOT EXISTS (SELECT FROM stay AS s WHERE s.request = h.request AND s.unit = of_unit AND s.days @> on_day)
        AND CASE
            WHEN who.role = 'service' THEN true
            -- Whatever for, it is not told.
            WHEN who.role = 'shelter' AND EXISTS (SELECT FROM unit AS u WHERE u.id = of_unit AND u.shelter = who.id) THEN true
            ELSE NOT EXISTS (
                SELECT FROM planned_action_hold AS a JOIN planned_action AS p ON p.id = a.action
                WHERE a.hold = h.id AND p.owner IS DISTINCT FROM who.role || '/' || who.id) END
$$;

COMMENT ON FUNCTION public.unit_held_known(of_unit public.identifier, on_day date) IS 'The beds of a unit that are held on a day, as far as who asks may know.';

CREATE FUNCTION public.unit_load(unit public.identifier, day date) RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
    SELECT CASE (SELECT u.count_by FROM unit AS u WHERE u.id = $1)
        WHEN 'request' THEN count(DISTINCT s.request) ELSE count(*) END::integer
    FROM stay AS s WHERE s.unit = $1 AND s.days @> $2
$_$;

CREATE TABLE public.transfer (
    id bigint NOT NULL,
    request public.identifier NOT NULL,
    reason text NOT NULL,
    wanted_at timestamp with time zone NOT NULL,
    wanted_by public.actor NOT NULL,
    state text DEFAULT 'wanted'::text NOT NULL,
    offer bigint,
    dossier_sent_at timestamp with time zone,
    dossier_sent_by public.actor,
    dossier_received_at timestamp with time zone,
    dossier_received_by public.actor,
    medication_at timestamp with time zone,
    medication_by public.actor,
    transport_from public.identifier,
    transport_to public.identifier,
    transport_at timestamp with time zone,
    transport_by text,
    completed_at timestamp with time zone,
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT transfer_agreed CHECK (((state = ANY (ARRAY['agreed'::text, 'completed'::text])) = (offer IS NOT NULL))),
    CONSTRAINT transfer_checklist CHECK (((state <> 'completed'::text) OR (num_nulls(dossier_sent_at, dossier_sent_by, dossier_received_at, dossier_received_by, medication_at, medication_by, transport_from, transport_to, transport_at, transport_by, completed_at) = 0))),
    CONSTRAINT transfer_reason CHECK ((reason <> ''::text)),
    CONSTRAINT transfer_state CHECK ((state = ANY (ARRAY['wanted'::text, 'agreed'::text, 'completed'::text, 'cancelled'::text])))
);

COMMENT ON TABLE public.transfer IS 'A move to another unit, from the wish to the handover; it is complete when its checklist is. Transport is told by region: no address belongs here.';

COMMENT ON COLUMN public.transfer.transport_by IS 'The organisation or service that drives, never a person.';

CREATE FUNCTION public.unit_load_at(of_unit public.identifier, on_day date, at timestamp with time zone) RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    RETURN (SELECT (CASE (SELECT u.count_by FROM public.unit u WHERE ((u.id)::text = (unit_load_at.of_unit)::text)) WHEN 'request'::text THEN count(DISTINCT s.request) ELSE count(*) END)::integer AS count FROM (((public.stay s LEFT JOIN public.offer o ON ((o.id = s.offer))) LEFT JOIN public.transfer t ON (((t.offer = o.id) AND (t.state = 'completed'::text)))) LEFT JOIN public.night_placement n ON ((((n.request)::text = (s.request)::text) AND (s.origin = 'night'::text)))) WHERE (((s.unit)::text = (unit_load_at.of_unit)::text) AND (s.days @> unit_load_at.on_day) AND (COALESCE(t.completed_at, o.answered_at, n.placed_at, '-infinity'::timestamp with time zone) <= unit_load_at.at)));

COMMENT ON FUNCTION public.unit_load_at(of_unit public.identifier, on_day date, at timestamp with time zone) IS 'How many beds of a unit are taken on a day by stays that were agreed on by an instant.';

CREATE FUNCTION public.unit_reporting_begin() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO unit_reporting (unit, since) VALUES (NEW.id, ledger_now());
    RETURN NULL;
END $$;

CREATE FUNCTION public.unit_turn_begin() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO unit_turn (unit) VALUES (NEW.id);
    RETURN NULL;
END $$;

CREATE TABLE public.unit_turn (
    unit public.identifier NOT NULL,
    turn bigint DEFAULT 0 NOT NULL
);

CREATE FUNCTION public.unit_version(of_unit text) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 SELECT t.turn
    FROM public.unit_turn t
   WHERE ((t.unit)::text = unit_version.of_unit);
END;

COMMENT ON FUNCTION public.unit_version(of_unit text) IS 'The version of what is known of a unit''s beds: reports, the unit''s own limit of their age, and what is taken and held.';

CREATE VIEW public.unit_excess WITH (security_invoker='true') AS
 SELECT days.unit,
    days.day,
    public.unit_load(days.unit, days.day) AS load,
    public.unit_beds(days.unit, days.day) AS beds
   FROM ( SELECT s.unit,
            GREATEST(lower(s.days), public.ledger_today()) AS day
           FROM public.stay s
          WHERE (upper(s.days) > public.ledger_today())
        UNION
         SELECT c.unit,
            c.from_date
           FROM public.bed_change c
          WHERE (c.from_date > public.ledger_today())) days
  WHERE (public.unit_load(days.unit, days.day) > public.unit_beds(days.unit, days.day));

CREATE FUNCTION public.unit_worst_excess(of_unit public.identifier) RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    RETURN (SELECT COALESCE(max((e.load - e.beds)), 0) AS "coalesce" FROM public.unit_excess e WHERE ((e.unit)::text = (unit_worst_excess.of_unit)::text));

CREATE FUNCTION public.unmet_blocks(first date, last date) RETURNS TABLE(month date, block jsonb, persons bigint, days bigint, beds bigint)
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    WITH need AS (
        SELECT date_trunc('month', n.day)::date AS month, n.request, max(n.run) AS run, count(*) AS days,
            bool_or(n.free_units > 0) AS free
        FROM unmet_need AS n JOIN months_over(first, last) AS m ON m.days @> n.day
        GROUP BY 1, 2)
    SELECT n.month, jsonb_build_object(
            'profile', request_profile(n.request),
            -- The planner gives the reason that stands in the way in most units first.
            'reason', coalesce((SELECT p.code FROM proposal_reason AS p
                WHERE p.run = n.run AND p.request = n.request ORDER BY p.position LIMIT 1), 'none'),
            'whileFree', CASE WHEN n.free THEN 'yes' WHEN NOT n.free THEN 'no' ELSE 'unknown' END),
        count(DISTINCT v.victim), sum(n.days)::bigint, NULL::bigint
    FROM need AS n JOIN request_victim AS v ON v.request = n.request GROUP BY 1, 2
$$;

CREATE FUNCTION public.unmet_need_free() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    NEW.free_units := (
        SELECT count(*) FROM request AS r
        CROSS JOIN LATERAL find_beds(
            request_profiles(r.id, NEW.day, NEW.day + r.stay_days), r.id, NEW.day, NEW.day + r.stay_days,
            r.preferred_region) AS f
        WHERE r.id = NEW.request AND f.reasons = '{}');
    RETURN NEW;
END $$;

CREATE FUNCTION public.urgency_rank(urgency text) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    RETURN array_position(ARRAY['crisis'::text, 'urgent'::text, 'planned'::text], urgency);

CREATE FUNCTION public.victim_erased() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF EXISTS (
        SELECT FROM audit.entry AS e WHERE e.victim = NEW.id AND e.action = 'erase' AND e.relation = 'victim')
    THEN
        PERFORM refuse('victim', 'victim_erased', 'a case of that name was erased');
    END IF;
    RETURN NULL;
END $$;

CREATE TABLE audit.entry (
    number bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    actor text NOT NULL,
    login text DEFAULT SESSION_USER NOT NULL,
    action text NOT NULL,
    relation text NOT NULL,
    victim text,
    request text,
    object text,
    fields text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT entry_action CHECK ((action = ANY (ARRAY['insert'::text, 'update'::text, 'delete'::text, 'read'::text, 'refuse'::text, 'break-glass'::text, 'export'::text, 'erase'::text, 'rotate'::text, 'seal'::text])))
);

COMMENT ON COLUMN audit.entry.actor IS 'ROLE/ID; of a session that says nothing of who acts: login/NAME.';

COMMENT ON COLUMN audit.entry.relation IS 'The table that was changed, or what was read.';

COMMENT ON COLUMN audit.entry.object IS 'Another identifier that tells which row: a unit, an offer, a number.';

COMMENT ON COLUMN audit.entry.fields IS 'The columns that changed, or what was read; no values.';

CREATE TABLE public.guardianship (
    victim public.identifier,
    guardian public.identifier NOT NULL,
    days daterange NOT NULL,
    CONSTRAINT guardianship_days CHECK ((NOT isempty(days)))
);

COMMENT ON TABLE public.guardianship IS 'The body that is a minor''s guardian; wherever its ward is placed, it approves.';

CREATE TABLE public.police_case (
    victim public.identifier NOT NULL,
    police public.identifier NOT NULL,
    days daterange NOT NULL,
    contact text,
    CONSTRAINT police_case_contact CHECK ((contact <> ''::text)),
    CONSTRAINT police_case_days CHECK ((NOT isempty(days)))
);

COMMENT ON TABLE public.police_case IS 'Which police investigate what was done to a victim: the cases that are their own.';

COMMENT ON COLUMN public.police_case.contact IS 'Whom to call about the case: a team and how it is reached, never a person.';

CREATE FUNCTION public.victim_is_of(of_victim public.identifier, who public.actor) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    RETURN ((public.actor_role(who) = 'desk'::text) OR (EXISTS (SELECT FROM public.case_coordinator c WHERE (((c.victim)::text = (victim_is_of.of_victim)::text) AND (('coordinator/'::text || c.coordinator) = (victim_is_of.who)::text)))) OR (EXISTS (SELECT FROM public.police_case p WHERE (((p.victim)::text = (victim_is_of.of_victim)::text) AND (('police/'::text || (p.police)::text) = (victim_is_of.who)::text) AND (p.days @> public.ledger_today())))) OR (EXISTS (SELECT FROM public.guardianship g WHERE (((g.victim)::text = (victim_is_of.of_victim)::text) AND (('guardian/'::text || (g.guardian)::text) = (victim_is_of.who)::text) AND (g.days @> public.ledger_today())))) OR (EXISTS (SELECT FROM public.request_victim m WHERE (((m.victim)::text = (victim_is_of.of_victim)::text) AND (NOT m.closed) AND public.request_concerns(m.request, victim_is_of.who) AND ((NOT m.night) OR (public.actor_role(victim_is_of.who) = 'shelter'::text))))) OR ((NOT (EXISTS (SELECT FROM public.request_victim m WHERE (((m.victim)::text = (victim_is_of.of_victim)::text) AND (NOT m.night))))) AND (EXISTS (SELECT FROM audit.entry e WHERE ((e.victim = (victim_is_of.of_victim)::text) AND (e.relation = 'victim'::text) AND (e.action = 'insert'::text) AND (e.actor = ANY (ARRAY[(victim_is_of.who)::text, ('service/'::text || (victim_is_of.who)::text)])))))));

CREATE FUNCTION public.victim_of_who_acts() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    named CONSTANT text := CASE TG_TABLE_NAME WHEN 'victim' THEN to_jsonb(NEW) ->> 'id' ELSE to_jsonb(NEW) ->> 'victim' END;
BEGIN
    -- Whoever writes as their own role is told by its policies.
    IF access.acting_as('service') IS NOT NULL AND current_actor() IS NOT NULL AND NOT victim_is_of(named, current_actor()) THEN
        PERFORM refuse('victim', 'case_actor', 'the victim is no case of ' || current_actor());
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.victim_turn_begin() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO victim_turn (victim) VALUES (NEW.id);
    RETURN NULL;
END $$;

CREATE FUNCTION public.waiting_blocks(first date, last date) RETURNS TABLE(month date, block jsonb, persons bigint, days bigint, beds bigint)
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    WITH agreed AS (
        SELECT e.request, min(e.at) AS at FROM request_event AS e WHERE e.to_state = 'accepted' GROUP BY e.request)
    SELECT m.month, jsonb_build_object('urgency', r.urgency), count(DISTINCT v.victim),
        sum(floor(extract(epoch FROM a.at - r.submitted_at) / 86400))::bigint, NULL::bigint
    FROM agreed AS a
    JOIN request AS r ON r.id = a.request AND r.submitted_at IS NOT NULL
    JOIN months_over(first, last) AS m ON m.days @> ledger_day(a.at)
    JOIN request_victim AS v ON v.request = r.id
    GROUP BY 1, 2
$$;

CREATE FUNCTION public.webhook_enqueue() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO webhook_delivery (webhook, event, kind)
    SELECT w.id, NEW.position, NEW.kind FROM webhook AS w
    WHERE w.active AND (w.kinds = '{}' OR NEW.kind = ANY (w.kinds)) ORDER BY w.id;
    RETURN NULL;
END $$;

CREATE TABLE access.break_glass (
    id bigint NOT NULL,
    victim public.identifier NOT NULL,
    role access.actor_role NOT NULL,
    party public.identifier NOT NULL,
    categories text[] NOT NULL,
    reason text NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    CONSTRAINT break_glass_categories CHECK (((categories <> '{}'::text[]) AND (array_position(categories, NULL::text) IS NULL) AND (categories <@ ARRAY['identity'::text, 'profile'::text, 'avoid'::text, 'phase'::text, 'health'::text, 'address'::text]))),
    CONSTRAINT break_glass_hours CHECK (((until > since) AND (until <= (since + '24:00:00'::interval)))),
    CONSTRAINT break_glass_reason CHECK ((length(btrim(reason)) >= 10))
);

COMMENT ON TABLE access.break_glass IS 'Vital interest: somebody saw, for some hours and with a reason, what is not open to them otherwise.';

ALTER TABLE access.break_glass ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME access.break_glass_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE access.legal_basis ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME access.legal_basis_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE access.login_actor (
    login name NOT NULL,
    role access.actor_role NOT NULL,
    id public.identifier NOT NULL,
    CONSTRAINT login_actor_role CHECK (((role)::text <> 'service'::text))
);

COMMENT ON TABLE access.login_actor IS 'Logins that are one actor and can be no other: people and scripts who talk SQL themselves.';

CREATE TABLE access.signing_key (
    singleton boolean DEFAULT true NOT NULL,
    key bytea NOT NULL,
    previous bytea,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT signing_key_one_row CHECK (singleton)
);

COMMENT ON TABLE access.signing_key IS 'Signs, for the length of one transaction, who acts; no role can read it.';

COMMENT ON COLUMN access.signing_key.key IS 'Random, made with the schema.';

COMMENT ON COLUMN access.signing_key.previous IS 'The key before: of transactions that were under way when it was renewed.';

CREATE TABLE access.token (
    id bigint NOT NULL,
    hash bytea NOT NULL,
    role access.actor_role NOT NULL,
    actor public.identifier NOT NULL,
    scopes text[] NOT NULL,
    name text,
    issued_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT token_expiry CHECK (((expires_at > issued_at) AND isfinite(expires_at))),
    CONSTRAINT token_role CHECK (((role)::text <> 'service'::text)),
    CONSTRAINT token_scopes CHECK ((cardinality(scopes) > 0))
);

COMMENT ON COLUMN access.token.hash IS 'SHA-256 of the token, which is random enough to need nothing slower; the token itself is shown once and not kept.';

COMMENT ON COLUMN access.token.scopes IS 'What of the role''s rights it may use; * is all of them.';

ALTER TABLE access.token ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME access.token_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE access.token_use (
    token bigint NOT NULL,
    last_used_at timestamp with time zone NOT NULL
);

COMMENT ON COLUMN access.token_use.last_used_at IS 'To the minute: a busy token does not write at every call.';

CREATE TABLE audit.alarm (
    number bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    kind text NOT NULL,
    actor text NOT NULL,
    object text NOT NULL,
    seen_at timestamp with time zone,
    seen_by text,
    CONSTRAINT alarm_kind CHECK ((kind = 'break-glass'::text)),
    CONSTRAINT alarm_seen CHECK (((seen_at IS NULL) = (seen_by IS NULL)))
);

COMMENT ON TABLE audit.alarm IS 'What the auditor must look at; open until the auditor says it was seen.';

ALTER TABLE audit.alarm ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME audit.alarm_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE audit.entry ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME audit.entry_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE audit.link (
    day date NOT NULL,
    "position" bigint NOT NULL,
    entry bigint NOT NULL,
    content bytea NOT NULL,
    chain bytea NOT NULL,
    CONSTRAINT link_position CHECK (("position" >= 1))
);

COMMENT ON TABLE audit.link IS 'The place of an entry in the chain of its day (UTC). No foreign key: a link outlives its entry, to tell that it is gone.';

COMMENT ON COLUMN audit.link.content IS 'HMAC-SHA-256 of what the entry says.';

COMMENT ON COLUMN audit.link.chain IS 'HMAC-SHA-256 of the link before, the place, the entry''s number and its content.';

CREATE TABLE audit.seal (
    number bigint NOT NULL,
    sealed_at timestamp with time zone NOT NULL,
    day date NOT NULL,
    entries bigint NOT NULL,
    chain bytea NOT NULL,
    up_to bigint NOT NULL,
    key_id text NOT NULL,
    mac bytea NOT NULL,
    CONSTRAINT seal_entries CHECK ((entries >= 0)),
    CONSTRAINT seal_number CHECK ((number >= 1))
);

COMMENT ON TABLE audit.seal IS 'How far the chain of a day reached when it was sealed; seals are chained to each other.';

COMMENT ON COLUMN audit.seal.entries IS 'Entries in the chain of that day so far.';

COMMENT ON COLUMN audit.seal.up_to IS 'All entries up to this number are sealed; another one that turns up below it was slipped in.';

COMMENT ON COLUMN audit.seal.key_id IS 'Which key of the program''s made links and seal.';

CREATE TABLE public.planned_action_need (
    action bigint NOT NULL,
    bed_type public.bed_type NOT NULL,
    sex public.sex,
    beds public.whole NOT NULL,
    CONSTRAINT planned_action_need_some CHECK (((beds)::integer >= 1))
);

COMMENT ON COLUMN public.planned_action_need.sex IS 'Whose beds; null: of units that admit everybody.';

CREATE VIEW public.action_count WITH (security_barrier='true') AS
 SELECT (d.day)::date AS day,
    (sum((n.beds)::integer))::integer AS beds
   FROM ((public.planned_action a
     JOIN public.planned_action_need n ON ((n.action = a.id)))
     CROSS JOIN LATERAL generate_series((lower(a.days))::timestamp with time zone, ((upper(a.days) - 1))::timestamp with time zone, '1 day'::interval) d(day))
  WHERE ((access.acting_as('desk'::text) IS NOT NULL) AND (a.ends_at > public.ledger_now()))
  GROUP BY d.day;

COMMENT ON VIEW public.action_count IS 'How many beds planned actions need on a day: not whose, of what kind, or where.';

CREATE TABLE public.authority_approval (
    authority text NOT NULL,
    approval text NOT NULL,
    role text NOT NULL,
    CONSTRAINT authority_approval_authority CHECK ((authority = ANY (ARRAY['desk-exclusive'::text, 'desk-consulted'::text, 'coordinator'::text, 'coordinator-and-police'::text, 'shelter'::text, 'guardian'::text, 'youth-care'::text, 'youth-care-and-court'::text]))),
    CONSTRAINT authority_approval_role CHECK ((role = ANY (ARRAY['desk'::text, 'coordinator'::text, 'shelter'::text, 'police'::text, 'guardian'::text])))
);

COMMENT ON TABLE public.authority_approval IS 'The approvals that a shelter''s placement authority asks for, and the roles of which one gives each.';

CREATE TABLE public.avoided_region (
    victim public.identifier NOT NULL,
    region public.identifier NOT NULL,
    days daterange NOT NULL,
    CONSTRAINT avoided_region_days CHECK ((NOT isempty(days)))
);

CREATE TABLE public.avoided_shelter (
    victim public.identifier NOT NULL,
    shelter public.identifier NOT NULL,
    days daterange NOT NULL,
    CONSTRAINT avoided_shelter_days CHECK ((NOT isempty(days)))
);

CREATE TABLE public.outflow (
    request public.identifier NOT NULL,
    ready_since date,
    pass_received date,
    registered date,
    house_found date,
    CONSTRAINT outflow_house CHECK (isfinite(house_found)),
    CONSTRAINT outflow_pass CHECK (isfinite(pass_received)),
    CONSTRAINT outflow_ready CHECK (isfinite(ready_since)),
    CONSTRAINT outflow_registered CHECK (isfinite(registered))
);

COMMENT ON TABLE public.outflow IS 'How far a placed request is on its way out.';

CREATE TABLE public.outflow_block (
    request public.identifier NOT NULL,
    cause text NOT NULL,
    days daterange NOT NULL,
    CONSTRAINT outflow_block_cause CHECK ((cause = ANY (ARRAY['no-pass'::text, 'no-registration'::text, 'no-income'::text, 'no-house'::text, 'no-place-elsewhere'::text, 'investigation'::text, 'health'::text, 'other'::text]))),
    CONSTRAINT outflow_block_days CHECK (((NOT isempty(days)) AND isfinite(lower(days))))
);

COMMENT ON TABLE public.outflow_block IS 'What keeps somebody who is ready to leave from leaving, one cause a day.';

CREATE VIEW public.blocked_bed_days WITH (security_invoker='true') AS
 SELECT b.cause,
    s.unit,
    s.request,
    s.victim,
    ((s.days * b.days) * daterange(f.ready_since, public.ledger_today())) AS days
   FROM ((public.outflow_block b
     JOIN public.outflow f ON (((f.request)::text = (b.request)::text)))
     JOIN public.stay s ON ((((s.request)::text = (b.request)::text) AND (s.days && b.days))))
  WHERE ((f.ready_since < public.ledger_today()) AND (NOT isempty(((s.days * b.days) * daterange(f.ready_since, public.ledger_today())))));

ALTER TABLE public.capacity_report ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.capacity_report_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.victim_need (
    victim public.identifier NOT NULL,
    service text NOT NULL COLLATE pg_catalog."C"
);

CREATE VIEW public.case_profile WITH (security_barrier='true') AS
 SELECT v.id AS victim,
    v.sex,
    access.age_band(public.age_on(v.birth_date, public.ledger_today())) AS age_band,
    ( SELECT COALESCE(array_agg(n.service ORDER BY n.service), '{}'::text[]) AS "coalesce"
           FROM public.victim_need n
          WHERE ((n.victim)::text = (v.id)::text)) AS needs,
    v.security_min,
    v.security_max
   FROM public.victim v
  WHERE (( SELECT access.discloses_all(access.acting_role(), 'profile'::text) AS discloses_all) OR ((v.id)::text IN ( SELECT access.disclosed(access.acting_role(), 'profile'::text) AS disclosed)));

COMMENT ON VIEW public.case_profile IS 'The placement profile, with an age band for a date of birth.';

CREATE TABLE public.command (
    actor public.actor NOT NULL,
    key public.identifier NOT NULL,
    kind text NOT NULL,
    fingerprint bytea NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    result jsonb
);

COMMENT ON COLUMN public.command.fingerprint IS 'SHA-256 of what was asked, so that a key is not used for something else.';

COMMENT ON COLUMN public.command.result IS 'What was answered; identifiers and figures only.';

CREATE VIEW public.company_broken WITH (security_invoker='true') AS
 SELECT 'mixing'::text AS rule,
    s.unit,
    LEAST(s.victim, t.victim) AS a,
    GREATEST(s.victim, t.victim) AS b,
    GREATEST(lower(s.days), lower(t.days), public.ledger_today()) AS from_date
   FROM ((((public.stay s
     JOIN public.unit u ON ((((u.id)::text = (s.unit)::text) AND (u.mixing = 'single-sex'::text))))
     JOIN public.stay t ON ((((t.unit)::text = (s.unit)::text) AND (t.days && s.days) AND ((t.victim)::text > (s.victim)::text))))
     JOIN public.victim v ON (((v.id)::text = (s.victim)::text)))
     JOIN public.victim w ON ((((w.id)::text = (t.victim)::text) AND ((w.sex)::text <> (v.sex)::text))))
  WHERE ((upper(s.days) > public.ledger_today()) AND (upper(t.days) > public.ledger_today()))
UNION
 SELECT 'exclusive'::text AS rule,
    s.unit,
    LEAST(s.victim, t.victim) AS a,
    GREATEST(s.victim, t.victim) AS b,
    GREATEST(lower(s.days), lower(t.days), public.ledger_today()) AS from_date
   FROM ((public.stay s
     JOIN public.unit u ON ((((u.id)::text = (s.unit)::text) AND u.exclusive)))
     JOIN public.stay t ON ((((t.unit)::text = (s.unit)::text) AND (t.days && s.days) AND ((t.request)::text > (s.request)::text))))
  WHERE ((upper(s.days) > public.ledger_today()) AND (upper(t.days) > public.ledger_today()));

COMMENT ON VIEW public.company_broken IS 'Who is, or is to be, in a unit with whom its rule of company does not go: those placed so by an override too.';

CREATE TABLE public.court_order (
    victim public.identifier,
    days daterange NOT NULL,
    CONSTRAINT court_order_days CHECK ((NOT isempty(days)))
);

COMMENT ON TABLE public.court_order IS 'When a court allows a victim to be in a closed shelter (machtiging).';

ALTER TABLE public.coverage ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.coverage_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.deadline (
    task text NOT NULL,
    urgency text NOT NULL,
    span interval NOT NULL,
    desk_time boolean NOT NULL,
    CONSTRAINT deadline_span CHECK ((span > '00:00:00'::interval)),
    CONSTRAINT deadline_task CHECK ((task = ANY (ARRAY['answer'::text, 'place'::text]))),
    CONSTRAINT deadline_urgency CHECK ((urgency = ANY (ARRAY['crisis'::text, 'urgent'::text, 'planned'::text])))
);

COMMENT ON COLUMN public.deadline.task IS 'answer: an offer; place: a request, from its submission to an agreed place.';

COMMENT ON COLUMN public.deadline.desk_time IS 'Whether only the desk''s hours count. A crisis does not wait for them.';

CREATE TABLE public.decline_reason (
    side text NOT NULL,
    code text NOT NULL,
    english text NOT NULL,
    dutch text NOT NULL,
    CONSTRAINT decline_reason_side CHECK ((side = ANY (ARRAY['shelter'::text, 'victim'::text, 'authority'::text])))
);

COMMENT ON TABLE public.decline_reason IS 'Why an offer is declined, and by whom: the shelter, the victim, or another authority.';

CREATE TABLE public.desk_hours (
    weekday smallint NOT NULL,
    opens time without time zone NOT NULL,
    closes time without time zone NOT NULL,
    CONSTRAINT desk_hours_order CHECK ((opens < closes)),
    CONSTRAINT desk_hours_weekday CHECK (((weekday >= 1) AND (weekday <= 7)))
);

COMMENT ON TABLE public.desk_hours IS 'When the desk is open, by weekday (1 Monday); on weekdays that are not here it is closed.';

CREATE VIEW public.ended_case WITH (security_invoker='true') AS
 SELECT v.id AS victim,
    GREATEST(( SELECT max(upper(s.days)) AS max
           FROM public.stay s
          WHERE ((s.victim)::text = (v.id)::text)), ( SELECT max(public.ledger_day(r.state_since)) AS max
           FROM (public.request_victim m
             JOIN public.request r ON (((r.id)::text = (m.request)::text)))
          WHERE ((m.victim)::text = (v.id)::text))) AS ended_on
   FROM public.victim v
  WHERE ((EXISTS ( SELECT
           FROM public.request_victim m
          WHERE ((m.victim)::text = (v.id)::text))) AND (NOT (EXISTS ( SELECT
           FROM (public.request_victim m
             JOIN public.request r ON (((r.id)::text = (m.request)::text)))
          WHERE (((m.victim)::text = (v.id)::text) AND (r.state <> ALL (ARRAY['ended'::text, 'withdrawn'::text])))))) AND (NOT (EXISTS ( SELECT
           FROM public.stay s
          WHERE (((s.victim)::text = (v.id)::text) AND (upper(s.days) > public.ledger_today()))))));

COMMENT ON VIEW public.ended_case IS 'Victims whose requests are all over and who are nowhere any more, since when.';

CREATE TABLE public.event_sequence (
    singleton boolean DEFAULT true NOT NULL,
    "position" bigint DEFAULT 0 NOT NULL,
    removed bigint DEFAULT 0 NOT NULL,
    CONSTRAINT event_sequence_one_row CHECK (singleton),
    CONSTRAINT event_sequence_removed CHECK (((0 <= removed) AND (removed <= "position")))
);

COMMENT ON COLUMN public.event_sequence."position" IS 'The last position that was given out.';

COMMENT ON COLUMN public.event_sequence.removed IS 'The last position that was taken away for its age: who has read less far has missed something.';

CREATE TABLE public.funder (
    id public.identifier NOT NULL,
    "position" integer NOT NULL,
    name text NOT NULL,
    phases public.phase[],
    bed_types public.bed_type[],
    registered_anywhere boolean NOT NULL,
    any_shelter_region boolean NOT NULL,
    min_age public.age,
    max_age public.age,
    pays_from date NOT NULL,
    pays_until date,
    max_days_per_victim public.whole,
    budget_cents public.cents,
    CONSTRAINT funder_ages CHECK (((min_age)::integer <= (max_age)::integer)),
    CONSTRAINT funder_position_range CHECK (("position" >= 0)),
    CONSTRAINT funder_window CHECK ((isfinite(pays_from) AND isfinite(pays_until) AND (pays_from <= pays_until)))
);

COMMENT ON COLUMN public.funder."position" IS 'Funders pay in this order: the first that accepts is the payer.';

COMMENT ON COLUMN public.funder.phases IS 'Phases of the victim; null: any.';

COMMENT ON COLUMN public.funder.bed_types IS 'Types of the unit''s beds; null: any.';

COMMENT ON COLUMN public.funder.registered_anywhere IS 'True: wherever and whether or not the victim is registered. False: only when registered in one of its funder_region.';

COMMENT ON COLUMN public.funder.any_shelter_region IS 'True: shelters anywhere. False: only shelters in one of its funder_region.';

COMMENT ON COLUMN public.funder.pays_until IS 'The first day on which it no longer pays; null: until further notice.';

COMMENT ON COLUMN public.funder.budget_cents IS 'What it can spend over a plan''s horizon; null: no limit.';

CREATE TABLE public.funder_region (
    funder public.identifier NOT NULL,
    limits text NOT NULL,
    region public.identifier NOT NULL,
    CONSTRAINT funder_region_limits CHECK ((limits = ANY (ARRAY['registration'::text, 'shelter'::text])))
);

COMMENT ON TABLE public.funder_region IS 'The regions to which a funder limits itself: of the victim''s registration, or of the shelter.';

ALTER TABLE public.hold ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.hold_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.holiday (
    day date NOT NULL,
    name text NOT NULL
);

COMMENT ON TABLE public.holiday IS 'Days on which the desk is closed whatever the weekday.';

CREATE TABLE public.investigation (
    victim public.identifier NOT NULL,
    region public.identifier NOT NULL,
    max_travel_minutes public.whole,
    days daterange NOT NULL,
    CONSTRAINT investigation_days CHECK ((NOT isempty(days)))
);

COMMENT ON COLUMN public.investigation.max_travel_minutes IS 'The longest journey from the shelter''s region to the investigation''s; null: no limit.';

CREATE TABLE public.move_hold (
    id bigint NOT NULL,
    request public.identifier NOT NULL,
    until date NOT NULL,
    owner public.actor NOT NULL,
    reason text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    lifted_at timestamp with time zone,
    CONSTRAINT move_hold_owner CHECK ((public.actor_role(owner) = ANY (ARRAY['police'::text, 'desk'::text, 'coordinator'::text]))),
    CONSTRAINT move_hold_until CHECK (isfinite(until))
);

COMMENT ON TABLE public.move_hold IS 'No move of a request before a day (a hearing): always with an owner and an end.';

CREATE VIEW public.investigation_flag WITH (security_barrier='true') AS
 SELECT d.victim,
    (EXISTS ( SELECT
           FROM public.investigation i
          WHERE (((i.victim)::text = d.victim) AND (i.days @> public.ledger_today())))) AS under_investigation,
    (EXISTS ( SELECT
           FROM public.investigation i
          WHERE (((i.victim)::text = d.victim) AND (i.days @> public.ledger_today()) AND (i.max_travel_minutes IS NOT NULL)))) AS limits_travel,
    ( SELECT max(h.until) AS max
           FROM (public.move_hold h
             JOIN public.request_victim m ON (((m.request)::text = (h.request)::text)))
          WHERE (((m.victim)::text = d.victim) AND (h.lifted_at IS NULL) AND (h.until > public.ledger_today()))) AS no_move_before
   FROM access.disclosed(access.acting_role(), 'investigation'::text, 'flags'::text) d(victim);

COMMENT ON VIEW public.investigation_flag IS 'That there is an investigation and what it forbids, not where or why.';

ALTER TABLE public.move_hold ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.move_hold_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.no_contact (
    a public.identifier NOT NULL,
    b public.identifier NOT NULL,
    scope text NOT NULL,
    days daterange NOT NULL,
    CONSTRAINT no_contact_days CHECK ((NOT isempty(days))),
    CONSTRAINT no_contact_distinct CHECK (((a)::text <> (b)::text)),
    CONSTRAINT no_contact_scope CHECK ((scope = ANY (ARRAY['unit'::text, 'shelter'::text, 'region'::text])))
);

COMMENT ON TABLE public.no_contact IS 'Two victims who must not be in one unit, shelter or region on the same day.';

CREATE VIEW public.no_contact_broken WITH (security_invoker='true') AS
 SELECT DISTINCT LEAST(s.victim, t.victim) AS a,
    GREATEST(s.victim, t.victim) AS b,
    GREATEST(lower(s.days), lower(t.days), public.ledger_today()) AS from_date
   FROM (public.stay s
     CROSS JOIN LATERAL public.stays_to_avoid(s.victim, s.request, s.unit, datemultirange(s.days)) t(request, victim, unit, days, moves_made, arrived, origin, overrides, offer))
  WHERE ((upper(s.days) > public.ledger_today()) AND (upper(t.days) > public.ledger_today()));

CREATE TABLE public.offer_approval (
    offer bigint NOT NULL,
    subject public.identifier NOT NULL,
    approval text NOT NULL,
    given_by public.actor NOT NULL,
    given_at timestamp with time zone NOT NULL,
    note text
);

COMMENT ON COLUMN public.offer_approval.subject IS 'The shelter whose authority asks for it, or the victim whose guardian approves.';

ALTER TABLE public.offer ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.offer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.shelter (
    id public.identifier NOT NULL,
    region public.identifier NOT NULL,
    security smallint NOT NULL,
    services text[] NOT NULL,
    name text,
    kind text,
    placement_authority text,
    intake text,
    CONSTRAINT shelter_placement_authority CHECK ((placement_authority = ANY (ARRAY['desk-exclusive'::text, 'desk-consulted'::text, 'coordinator'::text, 'coordinator-and-police'::text, 'shelter'::text, 'guardian'::text, 'youth-care'::text, 'youth-care-and-court'::text]))),
    CONSTRAINT shelter_security CHECK (((security >= 1) AND (security <= 4)))
);

COMMENT ON COLUMN public.shelter.security IS '1 open and safe, 2 shielded, 3 secret address, 4 closed';

COMMENT ON COLUMN public.shelter.services IS 'Services that all its units offer.';

COMMENT ON COLUMN public.shelter.name IS 'With kind, placement_authority and intake: not known of shelters that came with an instance file only.';

CREATE VIEW public.offered_case WITH (security_barrier='true') AS
 SELECT s.offer,
    v.id AS victim,
    s.unit,
    s.days,
    v.sex,
    access.age_band(public.age_on(v.birth_date, public.ledger_today())) AS age_band,
    v.security_min,
    v.security_max,
        CASE
            WHEN ((v.id)::text IN ( SELECT access.disclosed('shelter'::text, 'health'::text, 'flags'::text) AS disclosed)) THEN ( SELECT COALESCE(array_agg(n.service ORDER BY n.service), '{}'::text[]) AS "coalesce"
               FROM public.victim_need n
              WHERE ((n.victim)::text = (v.id)::text))
            ELSE NULL::text[]
        END AS needs,
        CASE
            WHEN ((v.id)::text IN ( SELECT access.disclosed('shelter'::text, 'avoid'::text, 'flags'::text) AS disclosed)) THEN ((EXISTS ( SELECT
               FROM public.avoided_region a
              WHERE (((a.victim)::text = (v.id)::text) AND ((a.region)::text = (h.region)::text) AND (a.days && s.days)))) OR (EXISTS ( SELECT
               FROM public.avoided_shelter a
              WHERE (((a.victim)::text = (v.id)::text) AND ((a.shelter)::text = (h.id)::text) AND (a.days && s.days)))) OR (EXISTS ( SELECT
               FROM ((public.no_contact c
                 JOIN public.stay o_1 ON ((((o_1.victim)::text = (
                    CASE c.a
                        WHEN v.id THEN c.b
                        ELSE c.a
                    END)::text) AND (o_1.days && (s.days * c.days)))))
                 JOIN public.unit ou ON ((((ou.id)::text = (o_1.unit)::text) AND ((ou.shelter)::text = (h.id)::text))))
              WHERE ((((v.id)::text = (c.a)::text) OR ((v.id)::text = (c.b)::text)) AND (c.days && s.days)))))
            ELSE NULL::boolean
        END AS to_be_avoided,
        CASE
            WHEN ((v.id)::text IN ( SELECT access.disclosed('shelter'::text, 'phase'::text, 'pseudonym'::text) AS disclosed)) THEN (( SELECT p.phase
               FROM public.victim_phase p
              WHERE (((p.victim)::text = (v.id)::text) AND (p.from_date <= public.ledger_today()))
              ORDER BY p.from_date DESC
             LIMIT 1))::text
            ELSE NULL::text
        END AS phase,
        CASE
            WHEN ((v.id)::text IN ( SELECT access.disclosed('shelter'::text, 'phase'::text, 'pseudonym'::text) AS disclosed)) THEN ( SELECT min(p.from_date) AS min
               FROM public.victim_phase p
              WHERE (((p.victim)::text = (v.id)::text) AND (p.from_date > public.ledger_today())))
            ELSE NULL::date
        END AS next_phase_on
   FROM ((((public.offer_stay s
     JOIN public.offer o ON (((o.id = s.offer) AND (o.state = 'open'::text) AND (o.answer_by > public.ledger_now()))))
     JOIN public.unit u ON (((u.id)::text = (s.unit)::text)))
     JOIN public.shelter h ON ((((h.id)::text = (u.shelter)::text) AND ((h.id)::text = access.acting_as('shelter'::text)))))
     JOIN public.victim v ON (((v.id)::text = (s.victim)::text)))
  WHERE ((v.id)::text IN ( SELECT access.disclosed('shelter'::text, 'profile'::text, 'pseudonym'::text) AS disclosed));

COMMENT ON VIEW public.offered_case IS 'Whom a shelter is offered: what it must know to answer, under the ledger''s pseudonym; needs and what to avoid as flags.';

CREATE TABLE public.outbox (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    recipient public.actor,
    subject jsonb NOT NULL,
    "position" bigint
);

COMMENT ON COLUMN public.outbox.recipient IS 'Whom alone it is for, beside the desk; null: whoever may know its subject.';

COMMENT ON COLUMN public.outbox.subject IS 'Identifiers and codes, nothing about persons.';

COMMENT ON COLUMN public.outbox."position" IS 'The place in the order of reading; null: not given out yet.';

ALTER TABLE public.outbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW public.overdue WITH (security_invoker='true') AS
 SELECT 'offer-answer'::text AS task,
    o.request,
    (o.id)::text AS subject,
    o.answer_by AS due
   FROM public.offer o
  WHERE ((o.state = 'open'::text) AND (o.answer_by <= public.ledger_now()))
UNION ALL
 SELECT 'guardian'::text AS task,
    o.request,
    (o.id)::text AS subject,
    o.made_at AS due
   FROM public.offer o
  WHERE ((o.state = 'open'::text) AND (o.answer_by > public.ledger_now()) AND public.offer_lacks_guardian(o.id))
UNION ALL
 SELECT 'place'::text AS task,
    r.id AS request,
    r.id AS subject,
    public.due('place'::text, r.urgency, r.submitted_at) AS due
   FROM (public.request r
     JOIN ( SELECT d_1.urgency,
                CASE
                    WHEN d_1.desk_time THEN public.desk_since(public.ledger_now(), d_1.span)
                    ELSE (public.ledger_now() - d_1.span)
                END AS since
           FROM public.deadline d_1
          WHERE (d_1.task = 'place'::text)
         OFFSET 0) d ON ((d.urgency = r.urgency)))
  WHERE ((r.state = ANY (ARRAY['submitted'::text, 'unplaced'::text, 'proposed'::text, 'offered'::text])) AND (r.submitted_at <= d.since))
UNION ALL
 SELECT 'night-confirmation'::text AS task,
    n.request,
    n.request AS subject,
    public.desk_deadline(n.placed_at, '01:00:00'::interval) AS due
   FROM public.night_placement n
  WHERE ((n.confirmed_at IS NULL) AND (public.desk_deadline(n.placed_at, '01:00:00'::interval) <= public.ledger_now()))
UNION ALL
 SELECT 'handover'::text AS task,
    t.request,
    (t.id)::text AS subject,
    ((s.first)::timestamp without time zone AT TIME ZONE p.zone) AS due
   FROM ((public.transfer t
     CROSS JOIN public.desk_policy p)
     CROSS JOIN LATERAL ( SELECT min(lower(o.days)) AS first
           FROM public.offer_stay o
          WHERE (o.offer = t.offer)) s)
  WHERE ((t.state = 'agreed'::text) AND (s.first < public.ledger_today()))
UNION ALL
 SELECT 'end'::text AS task,
    r.id AS request,
    r.id AS subject,
    ((s.until)::timestamp without time zone AT TIME ZONE p.zone) AS due
   FROM ((public.request r
     CROSS JOIN public.desk_policy p)
     CROSS JOIN LATERAL ( SELECT max(upper(s_1.days)) AS until
           FROM public.stay s_1
          WHERE ((s_1.request)::text = (r.id)::text)) s)
  WHERE ((r.state = 'placed'::text) AND (NOT r.night) AND (s.until <= public.ledger_today()));

COMMENT ON VIEW public.overdue IS 'offer-answer: nobody answered; guardian: an offer waits for a guardian of whom nobody is on record; place: a request waits too long; night-confirmation: the morning has not looked; handover: the checklist is not complete; end: the agreed end is past.';

CREATE VIEW public.paid_case WITH (security_barrier='true') AS
 SELECT paid_cases.pseudonym,
    paid_cases.days,
    paid_cases.phase
   FROM access.paid_cases() paid_cases(pseudonym, days, phase);

COMMENT ON VIEW public.paid_case IS 'For how many days a funder paid, by pseudonyms that mean nothing to anybody else.';

CREATE TABLE public.plan_job (
    id bigint NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL,
    asked_by public.actor,
    start_date date NOT NULL,
    days smallint NOT NULL,
    seed bigint NOT NULL,
    time_limit_seconds double precision,
    iteration_limit bigint,
    state text DEFAULT 'queued'::text NOT NULL,
    worker uuid,
    heartbeat_at timestamp with time zone,
    attempts smallint DEFAULT 0 NOT NULL,
    run bigint,
    failure text,
    CONSTRAINT plan_job_days CHECK (((days >= 1) AND (days <= 3660))),
    CONSTRAINT plan_job_iteration_limit CHECK ((iteration_limit >= 0)),
    CONSTRAINT plan_job_outcome CHECK ((((state = 'done'::text) = (run IS NOT NULL)) AND ((state = 'failed'::text) = (failure IS NOT NULL)))),
    CONSTRAINT plan_job_start_date CHECK (isfinite(start_date)),
    CONSTRAINT plan_job_state CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'done'::text, 'failed'::text]))),
    CONSTRAINT plan_job_time_limit CHECK ((time_limit_seconds > (0)::double precision)),
    CONSTRAINT plan_job_worker CHECK (((state <> 'running'::text) OR (num_nulls(worker, heartbeat_at) = 0)))
);

COMMENT ON TABLE public.plan_job IS 'Runs that were asked for; planners take them one at a time, and one another''s when a heart stops.';

COMMENT ON COLUMN public.plan_job.heartbeat_at IS 'By the server''s clock, whatever day a demonstration lives on.';

ALTER TABLE public.plan_job ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.plan_job_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE UNLOGGED TABLE public.plan_question (
    id uuid NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL,
    asked_by public.actor NOT NULL,
    wanted_until timestamp with time zone NOT NULL,
    run bigint NOT NULL,
    request public.identifier NOT NULL,
    question jsonb NOT NULL,
    worker uuid,
    heartbeat_at timestamp with time zone,
    attempts smallint DEFAULT 0 NOT NULL,
    answer jsonb,
    CONSTRAINT plan_question_worker CHECK (((num_nulls(worker, heartbeat_at) <> 1) AND ((answer IS NULL) OR (worker IS NOT NULL))))
);

COMMENT ON TABLE public.plan_question IS 'Questions about what a run has for a request; each is there for as long as somebody waits for its answer.';

COMMENT ON COLUMN public.plan_question.asked_by IS 'With whose rights it is answered.';

COMMENT ON COLUMN public.plan_question.wanted_until IS 'By the server''s clock, like all times here.';

CREATE TABLE public.plan_run (
    id bigint NOT NULL,
    kept_at timestamp with time zone DEFAULT now() NOT NULL,
    start_date date NOT NULL,
    days smallint NOT NULL,
    seed bigint NOT NULL,
    time_limit_seconds double precision,
    iteration_limit bigint,
    version text NOT NULL,
    engine text NOT NULL,
    seconds double precision NOT NULL,
    status text NOT NULL,
    cut boolean NOT NULL,
    objective bigint NOT NULL,
    bound bigint,
    instance bytea NOT NULL,
    plan bytea NOT NULL,
    blanked_at timestamp with time zone,
    CONSTRAINT plan_run_bound CHECK ((bound <= objective)),
    CONSTRAINT plan_run_days CHECK (((days >= 1) AND (days <= 3660))),
    CONSTRAINT plan_run_iteration_limit CHECK ((iteration_limit >= 0)),
    CONSTRAINT plan_run_seconds CHECK ((seconds >= (0)::double precision)),
    CONSTRAINT plan_run_start_date CHECK (isfinite(start_date)),
    CONSTRAINT plan_run_status CHECK ((status = ANY (ARRAY['optimal'::text, 'feasible'::text]))),
    CONSTRAINT plan_run_time_limit CHECK ((time_limit_seconds >= (0)::double precision))
);

COMMENT ON COLUMN public.plan_run.time_limit_seconds IS 'With iteration_limit and seed: what the planner was told; null: no limit.';

COMMENT ON COLUMN public.plan_run.cut IS 'Whether the clock or an interrupt ended it, so that a replay may give another plan.';

COMMENT ON COLUMN public.plan_run.instance IS 'The instance as planned (onderdak-instance/1), byte for byte.';

COMMENT ON COLUMN public.plan_run.plan IS 'The plan (onderdak-plan/1), byte for byte.';

COMMENT ON COLUMN public.plan_run.blanked_at IS 'When facts of erased victims were taken out of instance and plan: since then it cannot be repeated.';

ALTER TABLE public.plan_run ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.plan_run_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.planned_action ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.planned_action_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.planning_policy (
    singleton boolean DEFAULT true NOT NULL,
    max_moves smallint NOT NULL,
    min_leg_days smallint NOT NULL,
    unplaced_crisis public.whole NOT NULL,
    unplaced_urgent public.whole NOT NULL,
    unplaced_planned public.whole NOT NULL,
    wait_day_crisis public.whole NOT NULL,
    wait_day_urgent public.whole NOT NULL,
    wait_day_planned public.whole NOT NULL,
    out_of_region public.whole NOT NULL,
    travel_minute public.whole NOT NULL,
    move public.whole NOT NULL,
    overstay_day public.whole NOT NULL,
    unfunded_day public.whole NOT NULL,
    over_budget_euro public.whole NOT NULL,
    over_security_day public.whole NOT NULL,
    CONSTRAINT planning_policy_max_moves CHECK (((max_moves >= 0) AND (max_moves <= 2))),
    CONSTRAINT planning_policy_min_leg_days CHECK (((min_leg_days >= 1) AND (min_leg_days <= 3660))),
    CONSTRAINT planning_policy_one_row CHECK (singleton)
);

COMMENT ON TABLE public.planning_policy IS 'One row: how often people may be moved, and what a plan pays (in points) for what it does less well.';

CREATE TABLE public.proposal (
    run bigint NOT NULL,
    request public.identifier NOT NULL,
    placed boolean NOT NULL,
    published_at timestamp with time zone,
    dropped text,
    CONSTRAINT proposal_fate CHECK (((published_at IS NULL) OR (dropped IS NULL)))
);

COMMENT ON TABLE public.proposal IS 'What a run proposes for a request that nobody has decided on yet: stays, or none and why.';

COMMENT ON COLUMN public.proposal.published_at IS 'When it was put before people.';

COMMENT ON COLUMN public.proposal.dropped IS 'Why it was not: what it rests on had changed. The code of a rule, or request.';

CREATE TABLE public.proposal_reason (
    run bigint NOT NULL,
    request public.identifier NOT NULL,
    placed boolean DEFAULT false NOT NULL,
    "position" integer NOT NULL,
    code text NOT NULL,
    detail text NOT NULL,
    CONSTRAINT proposal_reason_position CHECK (("position" >= 0)),
    CONSTRAINT proposal_reason_unplaced CHECK ((NOT placed))
);

CREATE TABLE public.proposal_stay (
    run bigint NOT NULL,
    request public.identifier NOT NULL,
    placed boolean DEFAULT true NOT NULL,
    victim public.identifier NOT NULL,
    unit public.identifier NOT NULL,
    days daterange NOT NULL,
    CONSTRAINT proposal_stay_days CHECK (((isfinite(lower(days)) AND isfinite(upper(days))) IS TRUE)),
    CONSTRAINT proposal_stay_placed CHECK (placed)
);

CREATE TABLE public.region_membership (
    region public.identifier NOT NULL,
    function text NOT NULL,
    body text NOT NULL,
    days daterange NOT NULL,
    CONSTRAINT region_membership_days CHECK ((NOT isempty(days)))
);

COMMENT ON TABLE public.region_membership IS 'To which body a region belongs in one function (police unit, centre municipality, court district, …); these do not nest.';

ALTER TABLE public.request_event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.request_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.request_step (
    from_state text NOT NULL,
    to_state text NOT NULL,
    roles text[] NOT NULL
);

COMMENT ON TABLE public.request_step IS 'The steps that there are, and the roles that make them; who commits a bed is a matter of the offer''s approvals.';

COMMENT ON COLUMN public.request_step.from_state IS 'new: there was no request before.';

CREATE TABLE public.retention_rule (
    subject text NOT NULL,
    keep interval NOT NULL,
    CONSTRAINT retention_rule_command CHECK (((subject <> 'command'::text) OR (keep >= '24:00:00'::interval))),
    CONSTRAINT retention_rule_keep CHECK ((keep >= '00:00:00'::interval)),
    CONSTRAINT retention_rule_subject CHECK ((subject = ANY (ARRAY['confidential'::text, 'case'::text, 'command'::text, 'event'::text])))
);

COMMENT ON TABLE public.retention_rule IS 'How long after its end something is kept; a subject without a rule is kept.';

COMMENT ON COLUMN public.retention_rule.subject IS 'confidential: identity and health, from the end of the case; case: what tells one case from others, from its end; command: answers to repeated commands, from their making; event: events, from when they happened.';

CREATE VIEW public.retention_due WITH (security_invoker='true') AS
 SELECT r.subject,
    (e.victim)::text AS object,
    e.ended_on AS since
   FROM (public.retention_rule r
     CROSS JOIN public.ended_case e)
  WHERE ((r.subject = 'confidential'::text) AND ((e.ended_on + r.keep) <= public.ledger_today()) AND access.is_confidential_left((e.victim)::text))
UNION ALL
 SELECT r.subject,
    (e.victim)::text AS object,
    e.ended_on AS since
   FROM (public.retention_rule r
     CROSS JOIN public.ended_case e)
  WHERE ((r.subject = 'case'::text) AND ((e.ended_on + r.keep) <= public.ledger_today()) AND ((e.victim)::text !~~ 'erased-%'::text))
UNION ALL
 SELECT r.subject,
    (((c.actor)::text || ' '::text) || (c.key)::text) AS object,
    public.ledger_day(c.at) AS since
   FROM (public.retention_rule r
     CROSS JOIN public.command c)
  WHERE ((r.subject = 'command'::text) AND ((c.at + r.keep) <= public.ledger_now()))
UNION ALL
 SELECT r.subject,
    (o.id)::text AS object,
    public.ledger_day(o.at) AS since
   FROM (public.retention_rule r
     CROSS JOIN public.outbox o)
  WHERE ((r.subject = 'event'::text) AND ((o.at + r.keep) <= public.ledger_now()));

COMMENT ON VIEW public.retention_due IS 'What its rule no longer lets be kept.';

CREATE TABLE public.rule_override (
    offer bigint NOT NULL,
    rule text NOT NULL,
    hard boolean GENERATED ALWAYS AS ((rule <> ALL (ARRAY['plan'::text, 'timing'::text, 'out-of-region'::text]))) STORED,
    reason text NOT NULL,
    legal_basis text,
    made_by public.actor NOT NULL,
    made_at timestamp with time zone NOT NULL,
    seconded_by public.actor,
    seconded_at timestamp with time zone,
    CONSTRAINT rule_override_basis CHECK ((legal_basis <> ''::text)),
    CONSTRAINT rule_override_legal CHECK (((rule = ANY (ARRAY['plan'::text, 'timing'::text, 'out-of-region'::text])) OR (legal_basis IS NOT NULL))),
    CONSTRAINT rule_override_reason CHECK ((reason <> ''::text)),
    CONSTRAINT rule_override_rule CHECK ((rule = ANY (ARRAY['plan'::text, 'timing'::text, 'out-of-region'::text, 'legs'::text, 'hold'::text, 'admission'::text, 'services'::text, 'security'::text, 'avoid'::text, 'investigation'::text, 'together'::text, 'no-contact'::text, 'mixing'::text, 'exclusive'::text]))),
    CONSTRAINT rule_override_second CHECK (((seconded_by)::text <> (made_by)::text))
);

COMMENT ON TABLE public.rule_override IS 'Somebody with authority places against a rule. Against a hard one it takes a legal basis and a second person.';

COMMENT ON COLUMN public.rule_override.rule IS 'A rule of the problem, or what is soft: plan (another place was proposed), timing, out-of-region.';

ALTER TABLE public.transfer ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.transfer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.travel_time (
    a public.identifier NOT NULL,
    b public.identifier NOT NULL,
    minutes public.whole NOT NULL,
    CONSTRAINT travel_time_distinct CHECK (((a)::text <> (b)::text))
);

COMMENT ON TABLE public.travel_time IS 'Minutes by road between two regions, the same both ways; a pair that is missing cannot be reached.';

CREATE VIEW public.unit_report_age WITH (security_invoker='true') AS
 SELECT u.id AS unit,
    u.shelter,
    r.observed_at,
    r.id AS report,
    l.stale_after,
    GREATEST((clock.at - COALESCE(r.observed_at, l.since)), '00:00:00'::interval) AS age,
    COALESCE(((COALESCE(r.observed_at, l.since) + l.stale_after) < clock.at), false) AS stale
   FROM (((public.unit u
     CROSS JOIN ( SELECT public.ledger_now() AS at
         LIMIT 1) clock)
     LEFT JOIN ( SELECT k.unit,
            k.since,
                CASE
                    WHEN k.required THEN COALESCE(k.stale_after, p.report_age)
                    ELSE NULL::interval
                END AS stale_after
           FROM (public.unit_reporting k
             CROSS JOIN ( SELECT desk_policy.report_age
                   FROM public.desk_policy
                 LIMIT 1) p)) l ON (((l.unit)::text = (u.id)::text)))
     LEFT JOIN LATERAL ( SELECT c.observed_at,
            c.id
           FROM public.capacity_report c
          WHERE (((c.unit)::text = (u.id)::text) AND (NOT c.late))
          ORDER BY c.observed_at DESC
         LIMIT 1) r ON (true));

CREATE TABLE public.unmet_need (
    day date NOT NULL,
    request public.identifier NOT NULL,
    run bigint NOT NULL,
    victims public.whole NOT NULL,
    urgency text NOT NULL,
    free_units public.whole,
    CONSTRAINT unmet_need_urgency CHECK ((urgency = ANY (ARRAY['crisis'::text, 'urgent'::text, 'planned'::text])))
);

COMMENT ON TABLE public.unmet_need IS 'The requests that needed a place on a day and for which the last plan of that day had none.';

COMMENT ON COLUMN public.unmet_need.free_units IS 'In how many units there was a free and suitable bed for all of it when the plan had none; null: nobody looked.';

CREATE TABLE public.victim_registration (
    victim public.identifier NOT NULL,
    region public.identifier NOT NULL,
    days daterange NOT NULL,
    CONSTRAINT victim_registration_days CHECK ((NOT isempty(days)))
);

COMMENT ON TABLE public.victim_registration IS 'Where a victim is registered as a resident; on other days nowhere.';

CREATE TABLE public.victim_turn (
    victim public.identifier NOT NULL,
    turn bigint DEFAULT 0 NOT NULL
);

CREATE TABLE public.webhook (
    id uuid NOT NULL,
    owner public.actor NOT NULL,
    url text NOT NULL,
    kinds text[] NOT NULL,
    active boolean DEFAULT true NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT webhook_owner CHECK ((public.actor_role(owner) = ANY (ARRAY['desk'::text, 'coordinator'::text, 'shelter'::text, 'police'::text, 'guardian'::text]))),
    CONSTRAINT webhook_url CHECK ((((url ~~ 'https://%'::text) OR (url ~~ 'http://%'::text)) AND (url !~ '[[:space:]@]'::text) AND (octet_length(url) <= 2000)))
);

COMMENT ON COLUMN public.webhook.url IS 'Without credentials. Plain http is for this machine only; the program sees to that.';

COMMENT ON COLUMN public.webhook.kinds IS 'The kinds of events; empty: all that the owner may know.';

CREATE TABLE public.webhook_delivery (
    id bigint NOT NULL,
    webhook uuid NOT NULL,
    event bigint NOT NULL,
    kind text NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    next_at timestamp with time zone DEFAULT now() NOT NULL,
    leased_until timestamp with time zone,
    status smallint,
    failure text,
    finished_at timestamp with time zone,
    CONSTRAINT webhook_delivery_finished CHECK (((state = 'waiting'::text) = (finished_at IS NULL))),
    CONSTRAINT webhook_delivery_state CHECK ((state = ANY (ARRAY['waiting'::text, 'delivered'::text, 'withheld'::text, 'dead'::text])))
);

COMMENT ON COLUMN public.webhook_delivery.state IS 'withheld: not the owner''s to know when it was to be delivered; dead: tried as often as is tried.';

COMMENT ON COLUMN public.webhook_delivery.leased_until IS 'Somebody is about to deliver it, and gone if it is past. By the server''s clock, like all times here.';

COMMENT ON COLUMN public.webhook_delivery.status IS 'The HTTP status of the last answer.';

COMMENT ON COLUMN public.webhook_delivery.failure IS 'What went wrong the last time: a code, nothing that came from the other side.';

ALTER TABLE public.webhook_delivery ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.webhook_delivery_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY access.break_glass
    ADD CONSTRAINT break_glass_key PRIMARY KEY (id);

ALTER TABLE ONLY access.legal_basis
    ADD CONSTRAINT legal_basis_key PRIMARY KEY (id);

ALTER TABLE ONLY access.legal_basis
    ADD CONSTRAINT legal_basis_once EXCLUDE USING gist (access.basis_says(kind, (victim)::text, (role)::text, (party)::text, categories, reference) WITH =, days WITH &&) WHERE ((withdrawn_on IS NULL));

ALTER TABLE ONLY access.login_actor
    ADD CONSTRAINT login_actor_key PRIMARY KEY (login);

ALTER TABLE ONLY access.matrix
    ADD CONSTRAINT matrix_key PRIMARY KEY (role, relation, category);

ALTER TABLE ONLY access.pseudonym_key
    ADD CONSTRAINT pseudonym_key_key PRIMARY KEY (singleton);

ALTER TABLE ONLY access.signing_key
    ADD CONSTRAINT signing_key_key PRIMARY KEY (singleton);

ALTER TABLE ONLY access.token
    ADD CONSTRAINT token_hash UNIQUE (hash);

ALTER TABLE ONLY access.token
    ADD CONSTRAINT token_key PRIMARY KEY (id);

ALTER TABLE ONLY access.token_use
    ADD CONSTRAINT token_use_key PRIMARY KEY (token);

ALTER TABLE ONLY audit.alarm
    ADD CONSTRAINT alarm_key PRIMARY KEY (number);

ALTER TABLE ONLY audit.entry
    ADD CONSTRAINT entry_key PRIMARY KEY (number);

ALTER TABLE ONLY audit.link
    ADD CONSTRAINT link_entry UNIQUE (entry);

ALTER TABLE ONLY audit.link
    ADD CONSTRAINT link_key PRIMARY KEY (day, "position");

ALTER TABLE ONLY audit.seal
    ADD CONSTRAINT seal_key PRIMARY KEY (number);

ALTER TABLE ONLY confidential.shelter_address
    ADD CONSTRAINT shelter_address_key PRIMARY KEY (shelter);

ALTER TABLE ONLY confidential.victim_field
    ADD CONSTRAINT victim_field_key PRIMARY KEY (victim, category, field, reported_by);

ALTER TABLE ONLY confidential.webhook_secret
    ADD CONSTRAINT webhook_secret_key PRIMARY KEY (webhook);

ALTER TABLE ONLY public.authority_approval
    ADD CONSTRAINT authority_approval_key PRIMARY KEY (authority, approval, role);

ALTER TABLE ONLY public.avoided_region
    ADD CONSTRAINT avoided_region_once EXCLUDE USING gist (victim WITH =, region WITH =, days WITH &&);

ALTER TABLE ONLY public.avoided_shelter
    ADD CONSTRAINT avoided_shelter_once EXCLUDE USING gist (victim WITH =, shelter WITH =, days WITH &&);

ALTER TABLE ONLY public.bed_change
    ADD CONSTRAINT bed_change_key PRIMARY KEY (unit, from_date, source);

ALTER TABLE ONLY public.capacity_report
    ADD CONSTRAINT capacity_report_key PRIMARY KEY (id);

ALTER TABLE ONLY public.capacity_report
    ADD CONSTRAINT capacity_report_once UNIQUE (source, key);

ALTER TABLE ONLY public.command
    ADD CONSTRAINT command_key PRIMARY KEY (actor, key);

ALTER TABLE ONLY public.coordinator_absence
    ADD CONSTRAINT coordinator_absence_once EXCLUDE USING gist (coordinator WITH =, days WITH &&);

ALTER TABLE ONLY public.court_order
    ADD CONSTRAINT court_order_once EXCLUDE USING gist (victim WITH =, days WITH &&);

ALTER TABLE ONLY public.coverage
    ADD CONSTRAINT coverage_key PRIMARY KEY (id);

ALTER TABLE ONLY public.coverage
    ADD CONSTRAINT coverage_once EXCLUDE USING gist (region WITH =, function WITH =, coordinator WITH =, ages WITH &&, days WITH &&);

ALTER TABLE ONLY public.deadline
    ADD CONSTRAINT deadline_key PRIMARY KEY (task, urgency);

ALTER TABLE ONLY public.decline_reason
    ADD CONSTRAINT decline_reason_key PRIMARY KEY (side, code);

ALTER TABLE ONLY public.desk_hours
    ADD CONSTRAINT desk_hours_key PRIMARY KEY (weekday);

ALTER TABLE ONLY public.desk_policy
    ADD CONSTRAINT desk_policy_key PRIMARY KEY (singleton);

ALTER TABLE ONLY public.event_sequence
    ADD CONSTRAINT event_sequence_key PRIMARY KEY (singleton);

ALTER TABLE ONLY public.funder
    ADD CONSTRAINT funder_key PRIMARY KEY (id);

ALTER TABLE ONLY public.funder
    ADD CONSTRAINT funder_position UNIQUE ("position") DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.funder_region
    ADD CONSTRAINT funder_region_key PRIMARY KEY (funder, limits, region);

ALTER TABLE ONLY public.guardianship
    ADD CONSTRAINT guardianship_once EXCLUDE USING gist (victim WITH =, days WITH &&);

ALTER TABLE ONLY public.hold
    ADD CONSTRAINT hold_key PRIMARY KEY (id);

ALTER TABLE ONLY public.holiday
    ADD CONSTRAINT holiday_key PRIMARY KEY (day);

ALTER TABLE ONLY public.investigation
    ADD CONSTRAINT investigation_once EXCLUDE USING gist (victim WITH =, days WITH &&);

ALTER TABLE ONLY public.move_hold
    ADD CONSTRAINT move_hold_key PRIMARY KEY (id);

ALTER TABLE ONLY public.night_placement
    ADD CONSTRAINT night_placement_key PRIMARY KEY (request);

ALTER TABLE ONLY public.no_contact
    ADD CONSTRAINT no_contact_once EXCLUDE USING gist (LEAST(a, b) WITH =, GREATEST(a, b) WITH =, scope WITH =, days WITH &&);

ALTER TABLE ONLY public.offer_approval
    ADD CONSTRAINT offer_approval_key PRIMARY KEY (offer, subject, approval);

ALTER TABLE ONLY public.offer
    ADD CONSTRAINT offer_key PRIMARY KEY (id);

ALTER TABLE ONLY public.offer_stay
    ADD CONSTRAINT offer_stay_one_place EXCLUDE USING gist (offer WITH =, victim WITH =, days WITH &&);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_key PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_position UNIQUE ("position");

ALTER TABLE ONLY public.outflow_block
    ADD CONSTRAINT outflow_block_once EXCLUDE USING gist (request WITH =, days WITH &&);

ALTER TABLE ONLY public.outflow
    ADD CONSTRAINT outflow_key PRIMARY KEY (request);

ALTER TABLE ONLY public.paid_days
    ADD CONSTRAINT paid_days_key PRIMARY KEY (victim, funder);

ALTER TABLE ONLY public.plan_job
    ADD CONSTRAINT plan_job_key PRIMARY KEY (id);

ALTER TABLE ONLY public.plan_question
    ADD CONSTRAINT plan_question_key PRIMARY KEY (id);

ALTER TABLE ONLY public.plan_run
    ADD CONSTRAINT plan_run_key PRIMARY KEY (id);

ALTER TABLE ONLY public.planned_action_hold
    ADD CONSTRAINT planned_action_hold_key PRIMARY KEY (action, hold);

ALTER TABLE ONLY public.planned_action_hold
    ADD CONSTRAINT planned_action_hold_once UNIQUE (hold);

ALTER TABLE ONLY public.planned_action
    ADD CONSTRAINT planned_action_key PRIMARY KEY (id);

ALTER TABLE ONLY public.planned_action_need
    ADD CONSTRAINT planned_action_need_key UNIQUE NULLS NOT DISTINCT (action, bed_type, sex);

ALTER TABLE ONLY public.planning_policy
    ADD CONSTRAINT planning_policy_key PRIMARY KEY (singleton);

ALTER TABLE ONLY public.police_case
    ADD CONSTRAINT police_case_once EXCLUDE USING gist (victim WITH =, police WITH =, days WITH &&);

ALTER TABLE ONLY public.proposal
    ADD CONSTRAINT proposal_key PRIMARY KEY (run, request);

ALTER TABLE ONLY public.proposal
    ADD CONSTRAINT proposal_outcome UNIQUE (run, request, placed);

ALTER TABLE ONLY public.proposal_reason
    ADD CONSTRAINT proposal_reason_key PRIMARY KEY (run, request, "position");

ALTER TABLE ONLY public.proposal_stay
    ADD CONSTRAINT proposal_stay_one_place EXCLUDE USING gist (run WITH =, victim WITH =, days WITH &&);

ALTER TABLE ONLY public.region
    ADD CONSTRAINT region_key PRIMARY KEY (id);

ALTER TABLE ONLY public.region_membership
    ADD CONSTRAINT region_membership_once EXCLUDE USING gist (region WITH =, function WITH =, days WITH &&);

ALTER TABLE ONLY public.request_event
    ADD CONSTRAINT request_event_key PRIMARY KEY (id);

ALTER TABLE ONLY public.request
    ADD CONSTRAINT request_key PRIMARY KEY (id);

ALTER TABLE ONLY public.request_step
    ADD CONSTRAINT request_step_key PRIMARY KEY (from_state, to_state);

ALTER TABLE ONLY public.request_victim
    ADD CONSTRAINT request_victim_key PRIMARY KEY (request, victim);

ALTER TABLE ONLY public.retention_rule
    ADD CONSTRAINT retention_rule_key PRIMARY KEY (subject);

ALTER TABLE ONLY public.rule_override
    ADD CONSTRAINT rule_override_key PRIMARY KEY (offer, rule);

ALTER TABLE ONLY public.shelter
    ADD CONSTRAINT shelter_key PRIMARY KEY (id);

ALTER TABLE ONLY public.simulated_clock
    ADD CONSTRAINT simulated_clock_key PRIMARY KEY (singleton);

ALTER TABLE ONLY public.stay
    ADD CONSTRAINT stay_key PRIMARY KEY (request, victim, moves_made);

ALTER TABLE ONLY public.stay
    ADD CONSTRAINT stay_one_place EXCLUDE USING gist (victim WITH =, days WITH &&);

ALTER TABLE ONLY public.transfer
    ADD CONSTRAINT transfer_key PRIMARY KEY (id);

ALTER TABLE ONLY public.unit
    ADD CONSTRAINT unit_key PRIMARY KEY (id);

ALTER TABLE ONLY public.unit_reporting
    ADD CONSTRAINT unit_reporting_key PRIMARY KEY (unit);

ALTER TABLE ONLY public.unit_turn
    ADD CONSTRAINT unit_turn_key PRIMARY KEY (unit);

ALTER TABLE ONLY public.unmet_need
    ADD CONSTRAINT unmet_need_key PRIMARY KEY (day, request);

ALTER TABLE ONLY public.victim
    ADD CONSTRAINT victim_key PRIMARY KEY (id);

ALTER TABLE ONLY public.victim_need
    ADD CONSTRAINT victim_need_key PRIMARY KEY (victim, service);

ALTER TABLE ONLY public.victim_phase
    ADD CONSTRAINT victim_phase_key PRIMARY KEY (victim, from_date);

ALTER TABLE ONLY public.victim_registration
    ADD CONSTRAINT victim_registration_once EXCLUDE USING gist (victim WITH =, days WITH &&);

ALTER TABLE ONLY public.victim_turn
    ADD CONSTRAINT victim_turn_key PRIMARY KEY (victim);

ALTER TABLE ONLY public.webhook_delivery
    ADD CONSTRAINT webhook_delivery_key PRIMARY KEY (id);

ALTER TABLE ONLY public.webhook_delivery
    ADD CONSTRAINT webhook_delivery_once UNIQUE (webhook, event);

ALTER TABLE ONLY public.webhook
    ADD CONSTRAINT webhook_key PRIMARY KEY (id);

CREATE INDEX break_glass_by_party ON access.break_glass USING btree (role, party, until);

CREATE INDEX legal_basis_by_role ON access.legal_basis USING btree (role, victim);

CREATE INDEX entry_by_actor ON audit.entry USING btree (actor, number);

CREATE INDEX entry_by_request ON audit.entry USING btree (request, number) WHERE (request IS NOT NULL);

CREATE INDEX entry_by_time ON audit.entry USING brin (at);

CREATE INDEX entry_by_victim ON audit.entry USING btree (victim, number) WHERE (victim IS NOT NULL);

CREATE INDEX seal_by_day ON audit.seal USING btree (day, number);

CREATE INDEX shelter_address_by_key ON confidential.shelter_address USING btree (key_id);

CREATE INDEX victim_field_by_key ON confidential.victim_field USING btree (key_id);

CREATE INDEX bed_change_by_day ON public.bed_change USING btree (from_date);

CREATE INDEX capacity_report_by_time ON public.capacity_report USING btree (observed_at) WHERE (NOT late);

CREATE INDEX capacity_report_by_unit ON public.capacity_report USING btree (unit, observed_at DESC) WHERE (NOT late);

CREATE INDEX guardianship_by_guardian ON public.guardianship USING btree (guardian);

CREATE INDEX hold_by_end ON public.hold USING btree (ends_at) WHERE (released_at IS NULL);

CREATE INDEX hold_by_unit ON public.hold USING gist (unit, days) WHERE (released_at IS NULL);

CREATE INDEX hold_list ON public.hold USING btree (unit, lower(days), id) WHERE (released_at IS NULL);

CREATE INDEX move_hold_by_request ON public.move_hold USING btree (request) WHERE (lifted_at IS NULL);

CREATE INDEX night_placement_list ON public.night_placement USING btree (placed_at, request);

CREATE INDEX night_placement_morning ON public.night_placement USING btree (placed_at) WHERE (confirmed_at IS NULL);

CREATE INDEX no_contact_by_a ON public.no_contact USING btree (a);

CREATE INDEX no_contact_by_b ON public.no_contact USING btree (b);

CREATE INDEX offer_by_request ON public.offer USING btree (request);

CREATE INDEX offer_due ON public.offer USING btree (answer_by) WHERE (state = 'open'::text);

CREATE INDEX offer_list ON public.offer USING btree (answer_by, id);

CREATE UNIQUE INDEX offer_one_placement ON public.offer USING btree (request) WHERE ((state = 'accepted'::text) AND (kind = 'placement'::text));

CREATE INDEX offer_stay_by_offer ON public.offer_stay USING btree (offer);

CREATE INDEX offer_stay_by_unit ON public.offer_stay USING btree (unit);

CREATE INDEX offer_stay_by_victim ON public.offer_stay USING btree (victim);

CREATE INDEX outbox_by_request ON public.outbox USING btree (((subject ->> 'request'::text)));

CREATE INDEX outbox_by_time ON public.outbox USING btree (at);

CREATE INDEX outbox_waiting ON public.outbox USING btree (id) WHERE ("position" IS NULL);

CREATE INDEX plan_job_waiting ON public.plan_job USING btree (id) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text]));

CREATE INDEX planned_action_by_end ON public.planned_action USING btree (ends_at);

CREATE INDEX police_case_by_police ON public.police_case USING btree (police);

CREATE INDEX proposal_by_request ON public.proposal USING btree (request);

CREATE INDEX proposal_published ON public.proposal USING btree (request, run) WHERE ((published_at IS NOT NULL) AND placed);

CREATE UNIQUE INDEX region_membership_start ON public.region_membership USING btree (region, function, lower(days));

CREATE INDEX request_by_region ON public.request USING btree (region);

CREATE INDEX request_event_by_request ON public.request_event USING btree (request, id);

CREATE INDEX request_list ON public.request USING btree (public.urgency_rank(urgency), needed_from, id);

CREATE INDEX request_placed ON public.request USING btree (id) WHERE ((state = 'placed'::text) AND (NOT night));

CREATE INDEX request_queue ON public.request USING btree (state, urgency, needed_from) WHERE (state = ANY (ARRAY['submitted'::text, 'unplaced'::text, 'proposed'::text, 'offered'::text]));

CREATE INDEX request_victim_by_victim ON public.request_victim USING btree (victim);

CREATE UNIQUE INDEX request_victim_once ON public.request_victim USING btree (victim) WHERE ((NOT closed) AND (NOT night));

CREATE UNIQUE INDEX request_victim_one_night ON public.request_victim USING btree (victim) WHERE ((NOT closed) AND night);

CREATE INDEX stay_by_days ON public.stay USING gist (days);

CREATE INDEX stay_by_first_day ON public.stay USING btree (lower(days));

CREATE INDEX stay_by_unit ON public.stay USING gist (unit, days);

CREATE UNIQUE INDEX transfer_one_open ON public.transfer USING btree (request) WHERE (state = ANY (ARRAY['wanted'::text, 'agreed'::text]));

CREATE UNIQUE INDEX travel_time_pair ON public.travel_time USING btree (LEAST(a, b), GREATEST(a, b));

CREATE INDEX unit_by_shelter ON public.unit USING btree (shelter);

CREATE INDEX victim_by_region ON public.victim USING btree (region);

CREATE INDEX webhook_by_owner ON public.webhook USING btree (owner);

CREATE INDEX webhook_delivery_by_event ON public.webhook_delivery USING btree (event);

CREATE INDEX webhook_delivery_dead ON public.webhook_delivery USING btree (webhook, id) WHERE (state = 'dead'::text);

CREATE INDEX webhook_delivery_due ON public.webhook_delivery USING btree (next_at) WHERE (state = 'waiting'::text);

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON access.break_glass FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON access.legal_basis FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON access.login_actor FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON access.token FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON audit.alarm FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER entry_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON audit.entry FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

CREATE TRIGGER link_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON audit.link FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

CREATE TRIGGER seal_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON audit.seal FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON confidential.shelter_address FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON confidential.victim_field FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON confidential.webhook_secret FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.authority_approval FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.avoided_region FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.avoided_shelter FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.bed_change FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.capacity_report FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.coordinator_absence FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.court_order FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.coverage FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.deadline FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.decline_reason FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.desk_hours FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.desk_policy FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.funder FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.funder_region FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.guardianship FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.hold FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.holiday FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.investigation FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.move_hold FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.night_placement FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.no_contact FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE ON public.offer FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.offer_approval FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.offer_stay FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.outflow FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.outflow_block FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.paid_days FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.plan_run FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.planned_action FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.planned_action_hold FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.planned_action_need FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.planning_policy FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.police_case FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.proposal FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.proposal_reason FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.proposal_stay FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.region FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.region_membership FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE ON public.request FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.request_event FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.request_step FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.request_victim FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.retention_rule FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.rule_override FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.shelter FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.simulated_clock FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.stay FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.transfer FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.travel_time FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.unit FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.unit_reporting FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.unmet_need FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.victim FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.victim_need FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.victim_phase FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.victim_registration FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited AFTER INSERT OR DELETE OR UPDATE ON public.webhook FOR EACH ROW EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited_change AFTER UPDATE ON public.offer FOR EACH ROW WHEN (((to_jsonb(old.*) - 'version'::text) IS DISTINCT FROM (to_jsonb(new.*) - 'version'::text))) EXECUTE FUNCTION audit.note_change();

CREATE TRIGGER audited_change AFTER UPDATE ON public.request FOR EACH ROW WHEN (((to_jsonb(old.*) - 'version'::text) IS DISTINCT FROM (to_jsonb(new.*) - 'version'::text))) EXECUTE FUNCTION audit.note_change();

CREATE CONSTRAINT TRIGGER bed_change_excess AFTER INSERT OR DELETE OR UPDATE ON public.bed_change DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.bed_change_excess();

CREATE CONSTRAINT TRIGGER bed_change_excess AFTER UPDATE OF count_by ON public.unit DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.count_by <> new.count_by)) EXECUTE FUNCTION public.bed_change_excess();

CREATE TRIGGER bed_change_turn BEFORE INSERT OR DELETE OR UPDATE ON public.bed_change FOR EACH ROW EXECUTE FUNCTION public.bed_change_turn();

CREATE CONSTRAINT TRIGGER capacity_report_actor AFTER INSERT ON public.capacity_report NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.capacity_report_actor();

CREATE TRIGGER capacity_report_fresh AFTER INSERT ON public.capacity_report FOR EACH ROW WHEN ((NOT new.late)) EXECUTE FUNCTION public.capacity_report_fresh();

CREATE TRIGGER case_of_who_acts BEFORE INSERT ON public.hold FOR EACH ROW WHEN ((new.request IS NOT NULL)) EXECUTE FUNCTION public.case_of_who_acts();

CREATE TRIGGER case_of_who_acts BEFORE INSERT ON public.move_hold FOR EACH ROW EXECUTE FUNCTION public.case_of_who_acts();

CREATE TRIGGER case_of_who_acts BEFORE INSERT OR UPDATE OF ready_since, pass_received, registered, house_found ON public.outflow FOR EACH ROW EXECUTE FUNCTION public.case_of_who_acts();

CREATE TRIGGER case_of_who_acts BEFORE INSERT OR DELETE OR UPDATE OF cause, days ON public.outflow_block FOR EACH ROW EXECUTE FUNCTION public.case_of_who_acts();

CREATE TRIGGER case_of_who_acts BEFORE UPDATE OF unit, days, moves_made, origin, overrides, offer ON public.stay FOR EACH ROW EXECUTE FUNCTION public.case_of_who_acts();

CREATE TRIGGER case_of_who_acts BEFORE INSERT OR UPDATE OF state, offer, dossier_sent_at, dossier_sent_by, dossier_received_at, dossier_received_by, medication_at, medication_by, transport_from, transport_to, transport_at, transport_by ON public.transfer FOR EACH ROW EXECUTE FUNCTION public.case_of_who_acts();

CREATE TRIGGER coverage_actor BEFORE INSERT OR DELETE OR UPDATE ON public.coordinator_absence FOR EACH ROW EXECUTE FUNCTION public.coverage_by_who_may();

CREATE TRIGGER coverage_actor BEFORE INSERT OR DELETE OR UPDATE ON public.coverage FOR EACH ROW EXECUTE FUNCTION public.coverage_by_who_may();

CREATE TRIGGER events_erased AFTER UPDATE OF id ON public.request FOR EACH ROW WHEN (((old.id)::text <> (new.id)::text)) EXECUTE FUNCTION public.request_events_erase();

CREATE CONSTRAINT TRIGGER hold_beds AFTER INSERT OR UPDATE ON public.hold NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.hold_beds();

CREATE CONSTRAINT TRIGGER hold_owner_actor AFTER INSERT OR UPDATE OF released_at ON public.hold NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.hold_owner_actor();

CREATE TRIGGER hold_turn BEFORE INSERT OR UPDATE ON public.hold FOR EACH ROW EXECUTE FUNCTION public.hold_turn();

CREATE CONSTRAINT TRIGGER move_hold_owner_actor AFTER INSERT OR UPDATE OF lifted_at ON public.move_hold NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.move_hold_owner_actor();

CREATE CONSTRAINT TRIGGER night_placement_actor AFTER INSERT OR UPDATE OF confirmed_by ON public.night_placement NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.night_placement_actor();

CREATE CONSTRAINT TRIGGER night_placement_rules AFTER INSERT ON public.night_placement NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.night_placement_rules();

CREATE TRIGGER no_contact_turns BEFORE INSERT OR UPDATE ON public.no_contact FOR EACH ROW EXECUTE FUNCTION public.no_contact_turns();

CREATE TRIGGER offer_answer_by_whom_it_concerns BEFORE UPDATE OF state ON public.offer FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION public.offer_by_whom_it_concerns();

CREATE CONSTRAINT TRIGGER offer_approval_role AFTER INSERT OR UPDATE OF offer, subject, approval, given_by ON public.offer_approval NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.offer_approval_role();

CREATE TRIGGER offer_by_whom_it_concerns BEFORE INSERT ON public.offer FOR EACH ROW EXECUTE FUNCTION public.offer_by_whom_it_concerns();

CREATE CONSTRAINT TRIGGER offer_content_kept AFTER INSERT OR DELETE OR UPDATE ON public.offer_stay NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.offer_content_kept();

CREATE CONSTRAINT TRIGGER offer_content_kept AFTER INSERT OR DELETE ON public.rule_override NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.offer_content_kept();

CREATE CONSTRAINT TRIGGER offer_legal_step AFTER UPDATE ON public.offer NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW WHEN ((((new.request)::text = (old.request)::text) OR ((new.request)::text !~~ 'erased-%'::text))) EXECUTE FUNCTION public.offer_legal_step();

CREATE CONSTRAINT TRIGGER offer_of_open_request AFTER INSERT ON public.offer NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.offer_of_open_request();

CREATE TRIGGER offer_turns BEFORE UPDATE OF state ON public.offer FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION public.offer_turns();

CREATE TRIGGER offer_turns_begin BEFORE INSERT ON public.offer FOR EACH ROW EXECUTE FUNCTION public.offer_turns();

CREATE TRIGGER outbox_wake AFTER INSERT ON public.outbox FOR EACH STATEMENT EXECUTE FUNCTION public.outbox_wake();

CREATE CONSTRAINT TRIGGER planned_action_actor AFTER INSERT ON public.planned_action NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.planned_action_actor();

CREATE TRIGGER planned_action_made BEFORE INSERT OR UPDATE OF made_at ON public.planned_action FOR EACH ROW EXECUTE FUNCTION public.planned_action_made();

CREATE CONSTRAINT TRIGGER planned_action_notice AFTER UPDATE OF days ON public.planned_action DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.days <> new.days)) EXECUTE FUNCTION public.planned_action_notice();

CREATE CONSTRAINT TRIGGER planned_action_notice AFTER INSERT OR UPDATE ON public.planned_action_need DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.planned_action_notice();

CREATE CONSTRAINT TRIGGER planned_action_part_actor AFTER INSERT ON public.planned_action_hold NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.planned_action_part_actor();

CREATE CONSTRAINT TRIGGER planned_action_part_actor AFTER INSERT ON public.planned_action_need NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.planned_action_part_actor();

CREATE CONSTRAINT TRIGGER request_as_state AFTER INSERT OR UPDATE OF request, released_at ON public.hold DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((new.request IS NOT NULL) AND (new.released_at IS NULL))) EXECUTE FUNCTION public.request_as_state();

CREATE CONSTRAINT TRIGGER request_as_state AFTER INSERT OR DELETE OR UPDATE OF state, request ON public.offer DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.request_as_state();

CREATE CONSTRAINT TRIGGER request_as_state AFTER DELETE OR UPDATE OF placed, published_at, request ON public.proposal DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.request_as_state();

CREATE CONSTRAINT TRIGGER request_as_state AFTER INSERT OR UPDATE OF state ON public.request DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.request_as_state();

CREATE CONSTRAINT TRIGGER request_as_state AFTER DELETE OR UPDATE OF request ON public.request_victim DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.request_as_state();

CREATE CONSTRAINT TRIGGER request_as_state AFTER INSERT OR UPDATE OF state, offer, request ON public.transfer DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.request_as_state();

CREATE TRIGGER request_begin BEFORE INSERT OR UPDATE OF state ON public.request FOR EACH ROW EXECUTE FUNCTION public.request_begin();

CREATE CONSTRAINT TRIGGER request_erased AFTER INSERT ON public.request NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.request_erased();

CREATE CONSTRAINT TRIGGER request_legal_step AFTER INSERT OR UPDATE OF state ON public.request NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.request_legal_step();

CREATE TRIGGER request_no_move_actor BEFORE UPDATE OF no_move_before ON public.request FOR EACH ROW WHEN ((old.no_move_before IS DISTINCT FROM new.no_move_before)) EXECUTE FUNCTION public.request_no_move_actor();

CREATE CONSTRAINT TRIGGER request_stays AFTER INSERT OR UPDATE OF state ON public.request DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.request_stays();

CREATE CONSTRAINT TRIGGER request_step_actor AFTER UPDATE OF state ON public.request NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION public.request_step_actor();

CREATE TRIGGER request_turns BEFORE UPDATE OF state ON public.request FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION public.request_turns();

CREATE TRIGGER request_victim_actor BEFORE INSERT ON public.request_victim FOR EACH ROW EXECUTE FUNCTION public.request_victim_actor();

CREATE TRIGGER request_victim_follow BEFORE INSERT OR UPDATE ON public.request_victim FOR EACH ROW EXECUTE FUNCTION public.request_victim_follow();

CREATE CONSTRAINT TRIGGER request_victim_stays AFTER INSERT OR UPDATE OF request, victim ON public.request_victim DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.request_stays();

CREATE CONSTRAINT TRIGGER rule_override_actor AFTER INSERT OR UPDATE ON public.rule_override NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.rule_override_actor();

CREATE CONSTRAINT TRIGGER rule_override_role AFTER INSERT OR UPDATE OF made_by, seconded_by ON public.rule_override NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.rule_override_role();

CREATE CONSTRAINT TRIGGER stay_as_claimed AFTER INSERT OR UPDATE ON public.stay NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.stay_as_claimed();

CREATE CONSTRAINT TRIGGER stay_beds AFTER INSERT OR UPDATE ON public.stay NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.stay_beds();

CREATE CONSTRAINT TRIGGER stay_contiguous AFTER INSERT OR DELETE OR UPDATE ON public.stay DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.stay_contiguous();

CREATE CONSTRAINT TRIGGER stay_exclusive AFTER INSERT OR UPDATE ON public.stay NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.stay_exclusive();

CREATE CONSTRAINT TRIGGER stay_handover AFTER INSERT OR UPDATE ON public.stay DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.stay_handover();

CREATE CONSTRAINT TRIGGER stay_mixing AFTER INSERT OR UPDATE ON public.stay NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.stay_mixing();

CREATE CONSTRAINT TRIGGER stay_no_contact AFTER INSERT OR UPDATE ON public.stay NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.stay_no_contact();

CREATE CONSTRAINT TRIGGER stay_request AFTER INSERT OR DELETE OR UPDATE OF request ON public.stay DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.request_stays();

CREATE CONSTRAINT TRIGGER stay_taken_in AFTER INSERT ON public.stay DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.origin = 'record'::text)) EXECUTE FUNCTION public.stay_taken_in();

CREATE TRIGGER stay_turns BEFORE INSERT OR DELETE OR UPDATE ON public.stay FOR EACH ROW EXECUTE FUNCTION public.stay_turns();

CREATE CONSTRAINT TRIGGER stay_unagreed AFTER INSERT OR UPDATE ON public.stay DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.stay_unagreed();

CREATE CONSTRAINT TRIGGER transfer_actor AFTER INSERT OR UPDATE ON public.transfer NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.transfer_actor();

CREATE CONSTRAINT TRIGGER transfer_begins AFTER INSERT ON public.transfer DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.transfer_legal_step();

CREATE TRIGGER transfer_follow AFTER INSERT OR UPDATE ON public.transfer FOR EACH ROW EXECUTE FUNCTION public.transfer_follow();

CREATE CONSTRAINT TRIGGER transfer_legal_step AFTER UPDATE OF state ON public.transfer DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION public.transfer_legal_step();

CREATE TRIGGER unit_reporting_begin AFTER INSERT ON public.unit FOR EACH ROW EXECUTE FUNCTION public.unit_reporting_begin();

CREATE TRIGGER unit_turn_begin AFTER INSERT ON public.unit FOR EACH ROW EXECUTE FUNCTION public.unit_turn_begin();

CREATE TRIGGER unmet_need_free BEFORE INSERT OR UPDATE OF run ON public.unmet_need FOR EACH ROW EXECUTE FUNCTION public.unmet_need_free();

CREATE TRIGGER version_counted BEFORE UPDATE ON public.coverage FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.count_version();

CREATE TRIGGER version_counted BEFORE UPDATE ON public.hold FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.count_version();

CREATE TRIGGER version_counted BEFORE UPDATE ON public.offer FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.count_version();

CREATE TRIGGER version_counted BEFORE UPDATE ON public.planned_action FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.count_version();

CREATE TRIGGER version_counted BEFORE UPDATE ON public.request FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.count_version();

CREATE TRIGGER version_counted BEFORE UPDATE ON public.transfer FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.count_version();

CREATE TRIGGER version_counted BEFORE UPDATE ON public.webhook FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.count_version();

CREATE TRIGGER version_follows AFTER INSERT OR DELETE OR UPDATE ON public.move_hold FOR EACH ROW EXECUTE FUNCTION public.request_version_follow();

CREATE TRIGGER version_follows AFTER INSERT OR DELETE OR UPDATE ON public.night_placement FOR EACH ROW EXECUTE FUNCTION public.request_version_follow();

CREATE TRIGGER version_follows AFTER INSERT OR UPDATE ON public.offer_approval FOR EACH ROW EXECUTE FUNCTION public.offer_version_follow();

CREATE TRIGGER version_follows AFTER INSERT OR DELETE OR UPDATE ON public.outflow FOR EACH ROW EXECUTE FUNCTION public.request_version_follow();

CREATE TRIGGER version_follows AFTER INSERT OR DELETE OR UPDATE ON public.outflow_block FOR EACH ROW EXECUTE FUNCTION public.request_version_follow();

CREATE TRIGGER version_follows AFTER INSERT OR UPDATE ON public.rule_override FOR EACH ROW EXECUTE FUNCTION public.offer_version_follow();

CREATE TRIGGER version_follows AFTER INSERT OR DELETE OR UPDATE ON public.stay FOR EACH ROW EXECUTE FUNCTION public.request_version_follow();

CREATE TRIGGER version_follows AFTER INSERT OR DELETE OR UPDATE ON public.transfer FOR EACH ROW EXECUTE FUNCTION public.request_version_follow();

CREATE CONSTRAINT TRIGGER victim_erased AFTER INSERT ON public.victim NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.victim_erased();

CREATE TRIGGER victim_of_who_acts BEFORE INSERT ON public.guardianship FOR EACH ROW EXECUTE FUNCTION public.victim_of_who_acts();

CREATE TRIGGER victim_of_who_acts BEFORE INSERT ON public.police_case FOR EACH ROW EXECUTE FUNCTION public.victim_of_who_acts();

CREATE TRIGGER victim_of_who_acts BEFORE UPDATE OF region ON public.victim FOR EACH ROW WHEN (((old.region)::text IS DISTINCT FROM (new.region)::text)) EXECUTE FUNCTION public.victim_of_who_acts();

CREATE TRIGGER victim_turn_begin AFTER INSERT ON public.victim FOR EACH ROW EXECUTE FUNCTION public.victim_turn_begin();

CREATE TRIGGER webhook_enqueue AFTER UPDATE OF "position" ON public.outbox FOR EACH ROW WHEN (((old."position" IS NULL) AND (new."position" IS NOT NULL))) EXECUTE FUNCTION public.webhook_enqueue();

ALTER TABLE ONLY access.break_glass
    ADD CONSTRAINT break_glass_victim FOREIGN KEY (victim) REFERENCES public.victim(id) DEFERRABLE;

ALTER TABLE ONLY access.legal_basis
    ADD CONSTRAINT legal_basis_victim FOREIGN KEY (victim) REFERENCES public.victim(id) DEFERRABLE;

ALTER TABLE ONLY access.token_use
    ADD CONSTRAINT token_use_token FOREIGN KEY (token) REFERENCES access.token(id) ON DELETE CASCADE;

ALTER TABLE ONLY confidential.shelter_address
    ADD CONSTRAINT shelter_address_shelter FOREIGN KEY (shelter) REFERENCES public.shelter(id);

ALTER TABLE ONLY confidential.victim_field
    ADD CONSTRAINT victim_field_victim FOREIGN KEY (victim) REFERENCES public.victim(id) DEFERRABLE;

ALTER TABLE ONLY confidential.webhook_secret
    ADD CONSTRAINT webhook_secret_webhook FOREIGN KEY (webhook) REFERENCES public.webhook(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.avoided_region
    ADD CONSTRAINT avoided_region_region FOREIGN KEY (region) REFERENCES public.region(id);

ALTER TABLE ONLY public.avoided_region
    ADD CONSTRAINT avoided_region_victim FOREIGN KEY (victim) REFERENCES public.victim(id) DEFERRABLE;

ALTER TABLE ONLY public.avoided_shelter
    ADD CONSTRAINT avoided_shelter_shelter FOREIGN KEY (shelter) REFERENCES public.shelter(id);

ALTER TABLE ONLY public.avoided_shelter
    ADD CONSTRAINT avoided_shelter_victim FOREIGN KEY (victim) REFERENCES public.victim(id) DEFERRABLE;

ALTER TABLE ONLY public.bed_change
    ADD CONSTRAINT bed_change_unit FOREIGN KEY (unit) REFERENCES public.unit(id);

ALTER TABLE ONLY public.capacity_report
    ADD CONSTRAINT capacity_report_unit FOREIGN KEY (unit) REFERENCES public.unit(id);

ALTER TABLE ONLY public.court_order
    ADD CONSTRAINT court_order_victim FOREIGN KEY (victim) REFERENCES public.victim(id) DEFERRABLE;

ALTER TABLE ONLY public.coverage
    ADD CONSTRAINT coverage_region FOREIGN KEY (region) REFERENCES public.region(id);

ALTER TABLE ONLY public.funder_region
    ADD CONSTRAINT funder_region_funder FOREIGN KEY (funder) REFERENCES public.funder(id);

ALTER TABLE ONLY public.funder_region
    ADD CONSTRAINT funder_region_region FOREIGN KEY (region) REFERENCES public.region(id);

ALTER TABLE ONLY public.guardianship
    ADD CONSTRAINT guardianship_victim FOREIGN KEY (victim) REFERENCES public.victim(id) DEFERRABLE;

ALTER TABLE ONLY public.hold
    ADD CONSTRAINT hold_offer FOREIGN KEY (offer) REFERENCES public.offer(id);

ALTER TABLE ONLY public.hold
    ADD CONSTRAINT hold_request FOREIGN KEY (request) REFERENCES public.request(id) DEFERRABLE;

ALTER TABLE ONLY public.hold
    ADD CONSTRAINT hold_unit FOREIGN KEY (unit) REFERENCES public.unit(id);

ALTER TABLE ONLY public.investigation
    ADD CONSTRAINT investigation_region FOREIGN KEY (region) REFERENCES public.region(id);

ALTER TABLE ONLY public.investigation
    ADD CONSTRAINT investigation_victim FOREIGN KEY (victim) REFERENCES public.victim(id) DEFERRABLE;

ALTER TABLE ONLY public.move_hold
    ADD CONSTRAINT move_hold_request FOREIGN KEY (request) REFERENCES public.request(id) DEFERRABLE;

ALTER TABLE ONLY public.night_placement
    ADD CONSTRAINT night_placement_request FOREIGN KEY (request) REFERENCES public.request(id) DEFERRABLE;

ALTER TABLE ONLY public.night_placement
    ADD CONSTRAINT night_placement_unit FOREIGN KEY (unit) REFERENCES public.unit(id);

ALTER TABLE ONLY public.no_contact
    ADD CONSTRAINT no_contact_a FOREIGN KEY (a) REFERENCES public.victim(id) DEFERRABLE;

ALTER TABLE ONLY public.no_contact
    ADD CONSTRAINT no_contact_b FOREIGN KEY (b) REFERENCES public.victim(id) DEFERRABLE;

ALTER TABLE ONLY public.offer_approval
    ADD CONSTRAINT offer_approval_offer FOREIGN KEY (offer) REFERENCES public.offer(id) DEFERRABLE;

ALTER TABLE ONLY public.offer
    ADD CONSTRAINT offer_decline_reason FOREIGN KEY (side, reason) REFERENCES public.decline_reason(side, code);

ALTER TABLE ONLY public.offer
    ADD CONSTRAINT offer_request FOREIGN KEY (request) REFERENCES public.request(id) DEFERRABLE;

ALTER TABLE ONLY public.offer
    ADD CONSTRAINT offer_run FOREIGN KEY (run) REFERENCES public.plan_run(id);

ALTER TABLE ONLY public.offer_stay
    ADD CONSTRAINT offer_stay_offer FOREIGN KEY (offer) REFERENCES public.offer(id) DEFERRABLE;

ALTER TABLE ONLY public.offer_stay
    ADD CONSTRAINT offer_stay_unit FOREIGN KEY (unit) REFERENCES public.unit(id);

ALTER TABLE ONLY public.offer_stay
    ADD CONSTRAINT offer_stay_victim FOREIGN KEY (victim) REFERENCES public.victim(id) DEFERRABLE;

ALTER TABLE ONLY public.outflow_block
    ADD CONSTRAINT outflow_block_request FOREIGN KEY (request) REFERENCES public.request(id) DEFERRABLE;

ALTER TABLE ONLY public.outflow
    ADD CONSTRAINT outflow_request FOREIGN KEY (request) REFERENCES public.request(id) DEFERRABLE;

ALTER TABLE ONLY public.paid_days
    ADD CONSTRAINT paid_days_funder FOREIGN KEY (funder) REFERENCES public.funder(id);

ALTER TABLE ONLY public.paid_days
    ADD CONSTRAINT paid_days_victim FOREIGN KEY (victim) REFERENCES public.victim(id) DEFERRABLE;

ALTER TABLE ONLY public.plan_job
    ADD CONSTRAINT plan_job_run FOREIGN KEY (run) REFERENCES public.plan_run(id);

ALTER TABLE ONLY public.planned_action_hold
    ADD CONSTRAINT planned_action_hold_action FOREIGN KEY (action) REFERENCES public.planned_action(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.planned_action_hold
    ADD CONSTRAINT planned_action_hold_hold FOREIGN KEY (hold) REFERENCES public.hold(id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE ONLY public.planned_action_need
    ADD CONSTRAINT planned_action_need_action FOREIGN KEY (action) REFERENCES public.planned_action(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.police_case
    ADD CONSTRAINT police_case_victim FOREIGN KEY (victim) REFERENCES public.victim(id) DEFERRABLE;

ALTER TABLE ONLY public.proposal_reason
    ADD CONSTRAINT proposal_reason_proposal FOREIGN KEY (run, request, placed) REFERENCES public.proposal(run, request, placed) DEFERRABLE;

ALTER TABLE ONLY public.proposal
    ADD CONSTRAINT proposal_request FOREIGN KEY (request) REFERENCES public.request(id) DEFERRABLE;

ALTER TABLE ONLY public.proposal
    ADD CONSTRAINT proposal_run FOREIGN KEY (run) REFERENCES public.plan_run(id);

ALTER TABLE ONLY public.proposal_stay
    ADD CONSTRAINT proposal_stay_proposal FOREIGN KEY (run, request, placed) REFERENCES public.proposal(run, request, placed) DEFERRABLE;

ALTER TABLE ONLY public.proposal_stay
    ADD CONSTRAINT proposal_stay_unit FOREIGN KEY (unit) REFERENCES public.unit(id);

ALTER TABLE ONLY public.proposal_stay
    ADD CONSTRAINT proposal_stay_victim FOREIGN KEY (request, victim) REFERENCES public.request_victim(request, victim) DEFERRABLE;

ALTER TABLE ONLY public.region_membership
    ADD CONSTRAINT region_membership_region FOREIGN KEY (region) REFERENCES public.region(id);

ALTER TABLE ONLY public.request_event
    ADD CONSTRAINT request_event_request FOREIGN KEY (request) REFERENCES public.request(id) DEFERRABLE;

ALTER TABLE ONLY public.request
    ADD CONSTRAINT request_preferred_region FOREIGN KEY (preferred_region) REFERENCES public.region(id);

ALTER TABLE ONLY public.request
    ADD CONSTRAINT request_region FOREIGN KEY (region) REFERENCES public.region(id);

ALTER TABLE ONLY public.request_victim
    ADD CONSTRAINT request_victim_request FOREIGN KEY (request) REFERENCES public.request(id) DEFERRABLE;

ALTER TABLE ONLY public.request_victim
    ADD CONSTRAINT request_victim_victim FOREIGN KEY (victim) REFERENCES public.victim(id) DEFERRABLE;

ALTER TABLE ONLY public.rule_override
    ADD CONSTRAINT rule_override_offer FOREIGN KEY (offer) REFERENCES public.offer(id) DEFERRABLE;

ALTER TABLE ONLY public.shelter
    ADD CONSTRAINT shelter_region FOREIGN KEY (region) REFERENCES public.region(id);

ALTER TABLE ONLY public.stay
    ADD CONSTRAINT stay_offer FOREIGN KEY (offer) REFERENCES public.offer(id) DEFERRABLE;

ALTER TABLE ONLY public.stay
    ADD CONSTRAINT stay_unit FOREIGN KEY (unit) REFERENCES public.unit(id);

ALTER TABLE ONLY public.stay
    ADD CONSTRAINT stay_victim FOREIGN KEY (request, victim) REFERENCES public.request_victim(request, victim) DEFERRABLE;

ALTER TABLE ONLY public.transfer
    ADD CONSTRAINT transfer_offer FOREIGN KEY (offer) REFERENCES public.offer(id) DEFERRABLE;

ALTER TABLE ONLY public.transfer
    ADD CONSTRAINT transfer_request FOREIGN KEY (request) REFERENCES public.request(id) DEFERRABLE;

ALTER TABLE ONLY public.transfer
    ADD CONSTRAINT transfer_transport_from FOREIGN KEY (transport_from) REFERENCES public.region(id);

ALTER TABLE ONLY public.transfer
    ADD CONSTRAINT transfer_transport_to FOREIGN KEY (transport_to) REFERENCES public.region(id);

ALTER TABLE ONLY public.travel_time
    ADD CONSTRAINT travel_time_a FOREIGN KEY (a) REFERENCES public.region(id);

ALTER TABLE ONLY public.travel_time
    ADD CONSTRAINT travel_time_b FOREIGN KEY (b) REFERENCES public.region(id);

ALTER TABLE ONLY public.unit_reporting
    ADD CONSTRAINT unit_reporting_unit FOREIGN KEY (unit) REFERENCES public.unit(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.unit
    ADD CONSTRAINT unit_shelter FOREIGN KEY (shelter) REFERENCES public.shelter(id);

ALTER TABLE ONLY public.unit_turn
    ADD CONSTRAINT unit_turn_unit FOREIGN KEY (unit) REFERENCES public.unit(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.unmet_need
    ADD CONSTRAINT unmet_need_proposal FOREIGN KEY (run, request) REFERENCES public.proposal(run, request) DEFERRABLE;

ALTER TABLE ONLY public.unmet_need
    ADD CONSTRAINT unmet_need_request FOREIGN KEY (request) REFERENCES public.request(id) DEFERRABLE;

ALTER TABLE ONLY public.victim_need
    ADD CONSTRAINT victim_need_victim FOREIGN KEY (victim) REFERENCES public.victim(id) DEFERRABLE;

ALTER TABLE ONLY public.victim_phase
    ADD CONSTRAINT victim_phase_victim FOREIGN KEY (victim) REFERENCES public.victim(id) DEFERRABLE;

ALTER TABLE ONLY public.victim
    ADD CONSTRAINT victim_region FOREIGN KEY (region) REFERENCES public.region(id);

ALTER TABLE ONLY public.victim_registration
    ADD CONSTRAINT victim_registration_region FOREIGN KEY (region) REFERENCES public.region(id);

ALTER TABLE ONLY public.victim_registration
    ADD CONSTRAINT victim_registration_victim FOREIGN KEY (victim) REFERENCES public.victim(id) DEFERRABLE;

ALTER TABLE ONLY public.victim_turn
    ADD CONSTRAINT victim_turn_victim FOREIGN KEY (victim) REFERENCES public.victim(id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE ONLY public.webhook_delivery
    ADD CONSTRAINT webhook_delivery_event FOREIGN KEY (event) REFERENCES public.outbox("position") ON DELETE CASCADE;

ALTER TABLE ONLY public.webhook_delivery
    ADD CONSTRAINT webhook_delivery_webhook FOREIGN KEY (webhook) REFERENCES public.webhook(id) ON DELETE CASCADE;

CREATE POLICY admin_changes ON access.login_actor TO onderdak_admin USING ((( SELECT access.acting_as('admin'::text) AS acting_as) IS NOT NULL));

CREATE POLICY admin_changes ON access.token TO onderdak_admin USING ((( SELECT access.acting_as('admin'::text) AS acting_as) IS NOT NULL));

CREATE POLICY admin_reads ON access.token_use FOR SELECT TO onderdak_admin USING ((( SELECT access.acting_as('admin'::text) AS acting_as) IS NOT NULL));

CREATE POLICY auditor_reads ON access.break_glass FOR SELECT TO onderdak_auditor USING ((( SELECT access.acting_as('auditor'::text) AS acting_as) IS NOT NULL));

CREATE POLICY auditor_reads ON access.legal_basis FOR SELECT TO onderdak_auditor USING ((( SELECT access.acting_as('auditor'::text) AS acting_as) IS NOT NULL));

ALTER TABLE access.break_glass ENABLE ROW LEVEL SECURITY;

CREATE POLICY coordinator_adds ON access.legal_basis FOR INSERT TO onderdak_coordinator WITH CHECK (((kind = 'consent'::text) AND ((victim)::text IN ( SELECT r.victim
   FROM access.related_to('coordinator'::text) r(victim)))));

CREATE POLICY coordinator_reads ON access.legal_basis FOR SELECT TO onderdak_coordinator USING (((victim)::text IN ( SELECT r.victim
   FROM access.related_to('coordinator'::text) r(victim))));

CREATE POLICY desk_adds ON access.legal_basis FOR INSERT TO onderdak_desk WITH CHECK ((( SELECT access.acting_as('desk'::text) AS acting_as) IS NOT NULL));

CREATE POLICY desk_reads ON access.legal_basis FOR SELECT TO onderdak_desk USING ((( SELECT access.acting_as('desk'::text) AS acting_as) IS NOT NULL));

CREATE POLICY everybody_reads ON access.matrix FOR SELECT USING (true);

CREATE POLICY guardian_adds ON access.legal_basis FOR INSERT TO onderdak_guardian WITH CHECK (((kind = 'consent'::text) AND ((victim)::text IN ( SELECT r.victim
   FROM access.related_to('guardian'::text) r(victim)))));

CREATE POLICY guardian_reads ON access.legal_basis FOR SELECT TO onderdak_guardian USING (((victim)::text IN ( SELECT r.victim
   FROM access.related_to('guardian'::text) r(victim))));

ALTER TABLE access.legal_basis ENABLE ROW LEVEL SECURITY;

ALTER TABLE access.login_actor ENABLE ROW LEVEL SECURITY;

ALTER TABLE access.matrix ENABLE ROW LEVEL SECURITY;

ALTER TABLE access.pseudonym_key ENABLE ROW LEVEL SECURITY;

CREATE POLICY service ON access.break_glass TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON access.legal_basis TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

ALTER TABLE access.signing_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE access.token ENABLE ROW LEVEL SECURITY;

ALTER TABLE access.token_use ENABLE ROW LEVEL SECURITY;

ALTER TABLE audit.alarm ENABLE ROW LEVEL SECURITY;

CREATE POLICY auditor_reads ON audit.alarm FOR SELECT TO onderdak_auditor USING ((( SELECT access.acting_as('auditor'::text) AS acting_as) IS NOT NULL));

CREATE POLICY auditor_reads ON audit.entry FOR SELECT TO onderdak_auditor USING ((( SELECT access.acting_as('auditor'::text) AS acting_as) IS NOT NULL));

CREATE POLICY auditor_reads ON audit.link FOR SELECT TO onderdak_auditor USING ((( SELECT access.acting_as('auditor'::text) AS acting_as) IS NOT NULL));

CREATE POLICY auditor_reads ON audit.seal FOR SELECT TO onderdak_auditor USING ((( SELECT access.acting_as('auditor'::text) AS acting_as) IS NOT NULL));

ALTER TABLE audit.entry ENABLE ROW LEVEL SECURITY;

ALTER TABLE audit.link ENABLE ROW LEVEL SECURITY;

ALTER TABLE audit.seal ENABLE ROW LEVEL SECURITY;

CREATE POLICY service_reads ON audit.alarm FOR SELECT TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service_reads ON audit.entry FOR SELECT TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service_reads ON audit.link FOR SELECT TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service_reads ON audit.seal FOR SELECT TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service_seals ON audit.link FOR INSERT TO onderdak_service WITH CHECK ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service_seals ON audit.seal FOR INSERT TO onderdak_service WITH CHECK ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

ALTER TABLE confidential.shelter_address ENABLE ROW LEVEL SECURITY;

ALTER TABLE confidential.victim_field ENABLE ROW LEVEL SECURITY;

ALTER TABLE confidential.webhook_secret ENABLE ROW LEVEL SECURITY;

CREATE POLICY admin_changes ON public.authority_approval TO onderdak_admin USING ((( SELECT access.acting_as('admin'::text) AS acting_as) IS NOT NULL));

CREATE POLICY admin_changes ON public.bed_change TO onderdak_admin USING ((( SELECT access.acting_as('admin'::text) AS acting_as) IS NOT NULL));

CREATE POLICY admin_changes ON public.capacity_report TO onderdak_admin USING ((( SELECT access.acting_as('admin'::text) AS acting_as) IS NOT NULL));

CREATE POLICY admin_changes ON public.coordinator_absence TO onderdak_admin USING ((( SELECT access.acting_as('admin'::text) AS acting_as) IS NOT NULL));

CREATE POLICY admin_changes ON public.coverage TO onderdak_admin USING ((( SELECT access.acting_as('admin'::text) AS acting_as) IS NOT NULL));

CREATE POLICY admin_changes ON public.deadline TO onderdak_admin USING ((( SELECT access.acting_as('admin'::text) AS acting_as) IS NOT NULL));

CREATE POLICY admin_changes ON public.decline_reason TO onderdak_admin USING ((( SELECT access.acting_as('admin'::text) AS acting_as) IS NOT NULL));

CREATE POLICY admin_changes ON public.desk_hours TO onderdak_admin USING ((( SELECT access.acting_as('admin'::text) AS acting_as) IS NOT NULL));

CREATE POLICY admin_changes ON public.desk_policy TO onderdak_admin USING ((( SELECT access.acting_as('admin'::text) AS acting_as) IS NOT NULL));

CREATE POLICY admin_changes ON public.funder TO onderdak_admin USING ((( SELECT access.acting_as('admin'::text) AS acting_as) IS NOT NULL));

CREATE POLICY admin_changes ON public.funder_region TO onderdak_admin USING ((( SELECT access.acting_as('admin'::text) AS acting_as) IS NOT NULL));

CREATE POLICY admin_changes ON public.holiday TO onderdak_admin USING ((( SELECT access.acting_as('admin'::text) AS acting_as) IS NOT NULL));

CREATE POLICY admin_changes ON public.planning_policy TO onderdak_admin USING ((( SELECT access.acting_as('admin'::text) AS acting_as) IS NOT NULL));

CREATE POLICY admin_changes ON public.region TO onderdak_admin USING ((( SELECT access.acting_as('admin'::text) AS acting_as) IS NOT NULL));

CREATE POLICY admin_changes ON public.region_membership TO onderdak_admin USING ((( SELECT access.acting_as('admin'::text) AS acting_as) IS NOT NULL));

CREATE POLICY admin_changes ON public.request_step TO onderdak_admin USING ((( SELECT access.acting_as('admin'::text) AS acting_as) IS NOT NULL));

CREATE POLICY admin_changes ON public.retention_rule TO onderdak_admin USING ((( SELECT access.acting_as('admin'::text) AS acting_as) IS NOT NULL));

CREATE POLICY admin_changes ON public.shelter TO onderdak_admin USING ((( SELECT access.acting_as('admin'::text) AS acting_as) IS NOT NULL));

CREATE POLICY admin_changes ON public.travel_time TO onderdak_admin USING ((( SELECT access.acting_as('admin'::text) AS acting_as) IS NOT NULL));

CREATE POLICY admin_changes ON public.unit TO onderdak_admin USING ((( SELECT access.acting_as('admin'::text) AS acting_as) IS NOT NULL));

CREATE POLICY admin_changes ON public.unit_reporting TO onderdak_admin USING ((( SELECT access.acting_as('admin'::text) AS acting_as) IS NOT NULL));

CREATE POLICY admin_reads ON public.webhook FOR SELECT TO onderdak_admin USING ((( SELECT access.acting_as('admin'::text) AS acting_as) IS NOT NULL));

CREATE POLICY asked_reads ON public.offer FOR SELECT TO onderdak_coordinator, onderdak_police, onderdak_guardian USING ((id IN ( SELECT access.offers_asked() AS offers_asked)));

CREATE POLICY asked_reads ON public.offer_stay FOR SELECT TO onderdak_coordinator, onderdak_police, onderdak_guardian USING ((offer IN ( SELECT access.offers_asked() AS offers_asked)));

CREATE POLICY asked_reads ON public.rule_override FOR SELECT TO onderdak_coordinator, onderdak_police, onderdak_guardian USING ((offer IN ( SELECT access.offers_asked() AS offers_asked)));

ALTER TABLE public.authority_approval ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.avoided_region ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.avoided_shelter ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.bed_change ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.capacity_report ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.command ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.coordinator_absence ENABLE ROW LEVEL SECURITY;

CREATE POLICY coordinator_adds ON public.avoided_region FOR INSERT TO onderdak_coordinator WITH CHECK (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'avoid'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY coordinator_adds ON public.avoided_shelter FOR INSERT TO onderdak_coordinator WITH CHECK (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'avoid'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY coordinator_adds ON public.court_order FOR INSERT TO onderdak_coordinator WITH CHECK (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY coordinator_adds ON public.guardianship FOR INSERT TO onderdak_coordinator WITH CHECK (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY coordinator_adds ON public.no_contact FOR INSERT TO onderdak_coordinator WITH CHECK ((((a)::text IN ( SELECT access.disclosed('coordinator'::text, 'avoid'::text, 'full'::text, true) AS disclosed)) OR ((b)::text IN ( SELECT access.disclosed('coordinator'::text, 'avoid'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY coordinator_adds ON public.police_case FOR INSERT TO onderdak_coordinator WITH CHECK (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'profile'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY coordinator_adds ON public.victim_need FOR INSERT TO onderdak_coordinator WITH CHECK (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'profile'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY coordinator_adds ON public.victim_phase FOR INSERT TO onderdak_coordinator WITH CHECK (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY coordinator_adds ON public.victim_registration FOR INSERT TO onderdak_coordinator WITH CHECK (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY coordinator_changes ON public.avoided_region FOR UPDATE TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'avoid'::text, 'full'::text, true) AS disclosed))) WITH CHECK (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'avoid'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY coordinator_changes ON public.avoided_shelter FOR UPDATE TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'avoid'::text, 'full'::text, true) AS disclosed))) WITH CHECK (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'avoid'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY coordinator_changes ON public.court_order FOR UPDATE TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text, 'full'::text, true) AS disclosed))) WITH CHECK (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY coordinator_changes ON public.guardianship FOR UPDATE TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text, 'full'::text, true) AS disclosed))) WITH CHECK (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY coordinator_changes ON public.no_contact FOR UPDATE TO onderdak_coordinator USING ((((a)::text IN ( SELECT access.disclosed('coordinator'::text, 'avoid'::text, 'full'::text, true) AS disclosed)) OR ((b)::text IN ( SELECT access.disclosed('coordinator'::text, 'avoid'::text, 'full'::text, true) AS disclosed)))) WITH CHECK ((((a)::text IN ( SELECT access.disclosed('coordinator'::text, 'avoid'::text, 'full'::text, true) AS disclosed)) OR ((b)::text IN ( SELECT access.disclosed('coordinator'::text, 'avoid'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY coordinator_changes ON public.police_case FOR UPDATE TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'profile'::text, 'full'::text, true) AS disclosed))) WITH CHECK (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'profile'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY coordinator_changes ON public.victim FOR UPDATE TO onderdak_coordinator USING (((id)::text IN ( SELECT access.disclosed('coordinator'::text, 'profile'::text, 'full'::text, true) AS disclosed))) WITH CHECK (((id)::text IN ( SELECT access.disclosed('coordinator'::text, 'profile'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY coordinator_changes ON public.victim_need FOR UPDATE TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'profile'::text, 'full'::text, true) AS disclosed))) WITH CHECK (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'profile'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY coordinator_changes ON public.victim_phase FOR UPDATE TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text, 'full'::text, true) AS disclosed))) WITH CHECK (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY coordinator_changes ON public.victim_registration FOR UPDATE TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text, 'full'::text, true) AS disclosed))) WITH CHECK (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY coordinator_reads ON public.avoided_region FOR SELECT TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'avoid'::text) AS disclosed)));

CREATE POLICY coordinator_reads ON public.avoided_shelter FOR SELECT TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'avoid'::text) AS disclosed)));

CREATE POLICY coordinator_reads ON public.court_order FOR SELECT TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text) AS disclosed)));

CREATE POLICY coordinator_reads ON public.guardianship FOR SELECT TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text) AS disclosed)));

CREATE POLICY coordinator_reads ON public.hold FOR SELECT TO onderdak_coordinator USING (((request)::text IN ( SELECT m.request
   FROM public.request_victim m
  WHERE ((m.victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text) AS disclosed)))));

CREATE POLICY coordinator_reads ON public.night_placement FOR SELECT TO onderdak_coordinator USING (((request)::text IN ( SELECT access.disclosed_requests('coordinator'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY coordinator_reads ON public.no_contact FOR SELECT TO onderdak_coordinator USING ((((a)::text IN ( SELECT access.disclosed('coordinator'::text, 'avoid'::text) AS disclosed)) OR ((b)::text IN ( SELECT access.disclosed('coordinator'::text, 'avoid'::text) AS disclosed))));

CREATE POLICY coordinator_reads ON public.offer FOR SELECT TO onderdak_coordinator USING (((request)::text IN ( SELECT access.disclosed_requests('coordinator'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY coordinator_reads ON public.offer_approval FOR SELECT TO onderdak_coordinator USING ((offer IN ( SELECT s.offer
   FROM public.offer_stay s
  WHERE ((s.victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text) AS disclosed)))));

CREATE POLICY coordinator_reads ON public.offer_stay FOR SELECT TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text) AS disclosed)));

CREATE POLICY coordinator_reads ON public.outflow FOR SELECT TO onderdak_coordinator USING (((request)::text IN ( SELECT access.disclosed_requests('coordinator'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY coordinator_reads ON public.outflow_block FOR SELECT TO onderdak_coordinator USING (((request)::text IN ( SELECT access.disclosed_requests('coordinator'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY coordinator_reads ON public.paid_days FOR SELECT TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text) AS disclosed)));

CREATE POLICY coordinator_reads ON public.police_case FOR SELECT TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'profile'::text) AS disclosed)));

CREATE POLICY coordinator_reads ON public.proposal FOR SELECT TO onderdak_coordinator USING (((request)::text IN ( SELECT access.disclosed_requests('coordinator'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY coordinator_reads ON public.proposal_reason FOR SELECT TO onderdak_coordinator USING (((request)::text IN ( SELECT access.disclosed_requests('coordinator'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY coordinator_reads ON public.proposal_stay FOR SELECT TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text) AS disclosed)));

CREATE POLICY coordinator_reads ON public.request FOR SELECT TO onderdak_coordinator USING (((id)::text IN ( SELECT access.disclosed_requests('coordinator'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY coordinator_reads ON public.request_event FOR SELECT TO onderdak_coordinator USING (((request)::text IN ( SELECT access.disclosed_requests('coordinator'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY coordinator_reads ON public.request_victim FOR SELECT TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text) AS disclosed)));

CREATE POLICY coordinator_reads ON public.rule_override FOR SELECT TO onderdak_coordinator USING ((offer IN ( SELECT s.offer
   FROM public.offer_stay s
  WHERE ((s.victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text) AS disclosed)))));

CREATE POLICY coordinator_reads ON public.stay FOR SELECT TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text) AS disclosed)));

CREATE POLICY coordinator_reads ON public.transfer FOR SELECT TO onderdak_coordinator USING (((request)::text IN ( SELECT access.disclosed_requests('coordinator'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY coordinator_reads ON public.unmet_need FOR SELECT TO onderdak_coordinator USING (((request)::text IN ( SELECT access.disclosed_requests('coordinator'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY coordinator_reads ON public.victim FOR SELECT TO onderdak_coordinator USING (((id)::text IN ( SELECT access.disclosed('coordinator'::text, 'profile'::text) AS disclosed)));

CREATE POLICY coordinator_reads ON public.victim_need FOR SELECT TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'profile'::text) AS disclosed)));

CREATE POLICY coordinator_reads ON public.victim_phase FOR SELECT TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text) AS disclosed)));

CREATE POLICY coordinator_reads ON public.victim_registration FOR SELECT TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text) AS disclosed)));

CREATE POLICY coordinator_reads_health ON public.outflow_block AS RESTRICTIVE FOR SELECT TO onderdak_coordinator USING (((cause <> 'health'::text) OR ( SELECT access.discloses_all('coordinator'::text, 'health'::text) AS discloses_all) OR ((request)::text IN ( SELECT access.disclosed_requests('coordinator'::text, 'health'::text) AS disclosed_requests))));

CREATE POLICY coordinator_removes ON public.avoided_region FOR DELETE TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'avoid'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY coordinator_removes ON public.avoided_shelter FOR DELETE TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'avoid'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY coordinator_removes ON public.court_order FOR DELETE TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY coordinator_removes ON public.guardianship FOR DELETE TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY coordinator_removes ON public.no_contact FOR DELETE TO onderdak_coordinator USING ((((a)::text IN ( SELECT access.disclosed('coordinator'::text, 'avoid'::text, 'full'::text, true) AS disclosed)) OR ((b)::text IN ( SELECT access.disclosed('coordinator'::text, 'avoid'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY coordinator_removes ON public.police_case FOR DELETE TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'profile'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY coordinator_removes ON public.victim_need FOR DELETE TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'profile'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY coordinator_removes ON public.victim_phase FOR DELETE TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY coordinator_removes ON public.victim_registration FOR DELETE TO onderdak_coordinator USING (((victim)::text IN ( SELECT access.disclosed('coordinator'::text, 'phase'::text, 'full'::text, true) AS disclosed)));

ALTER TABLE public.court_order ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.coverage ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.deadline ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.decline_reason ENABLE ROW LEVEL SECURITY;

CREATE POLICY desk_adds ON public.avoided_region FOR INSERT TO onderdak_desk WITH CHECK ((( SELECT access.discloses_all('desk'::text, 'avoid'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'avoid'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY desk_adds ON public.avoided_shelter FOR INSERT TO onderdak_desk WITH CHECK ((( SELECT access.discloses_all('desk'::text, 'avoid'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'avoid'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY desk_adds ON public.court_order FOR INSERT TO onderdak_desk WITH CHECK ((( SELECT access.discloses_all('desk'::text, 'phase'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY desk_adds ON public.guardianship FOR INSERT TO onderdak_desk WITH CHECK ((( SELECT access.discloses_all('desk'::text, 'phase'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY desk_adds ON public.no_contact FOR INSERT TO onderdak_desk WITH CHECK ((( SELECT access.discloses_all('desk'::text, 'avoid'::text, true) AS discloses_all) OR (((a)::text IN ( SELECT access.disclosed('desk'::text, 'avoid'::text, 'full'::text, true) AS disclosed)) OR ((b)::text IN ( SELECT access.disclosed('desk'::text, 'avoid'::text, 'full'::text, true) AS disclosed)))));

CREATE POLICY desk_adds ON public.police_case FOR INSERT TO onderdak_desk WITH CHECK ((( SELECT access.discloses_all('desk'::text, 'profile'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'profile'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY desk_adds ON public.victim_need FOR INSERT TO onderdak_desk WITH CHECK ((( SELECT access.discloses_all('desk'::text, 'profile'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'profile'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY desk_adds ON public.victim_phase FOR INSERT TO onderdak_desk WITH CHECK ((( SELECT access.discloses_all('desk'::text, 'phase'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY desk_adds ON public.victim_registration FOR INSERT TO onderdak_desk WITH CHECK ((( SELECT access.discloses_all('desk'::text, 'phase'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY desk_changes ON public.avoided_region FOR UPDATE TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'avoid'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'avoid'::text, 'full'::text, true) AS disclosed)))) WITH CHECK ((( SELECT access.discloses_all('desk'::text, 'avoid'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'avoid'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY desk_changes ON public.avoided_shelter FOR UPDATE TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'avoid'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'avoid'::text, 'full'::text, true) AS disclosed)))) WITH CHECK ((( SELECT access.discloses_all('desk'::text, 'avoid'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'avoid'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY desk_changes ON public.coordinator_absence TO onderdak_desk USING ((( SELECT access.acting_as('desk'::text) AS acting_as) IS NOT NULL));

CREATE POLICY desk_changes ON public.court_order FOR UPDATE TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text, 'full'::text, true) AS disclosed)))) WITH CHECK ((( SELECT access.discloses_all('desk'::text, 'phase'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY desk_changes ON public.coverage TO onderdak_desk USING ((( SELECT access.acting_as('desk'::text) AS acting_as) IS NOT NULL));

CREATE POLICY desk_changes ON public.guardianship FOR UPDATE TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text, 'full'::text, true) AS disclosed)))) WITH CHECK ((( SELECT access.discloses_all('desk'::text, 'phase'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY desk_changes ON public.no_contact FOR UPDATE TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'avoid'::text, true) AS discloses_all) OR (((a)::text IN ( SELECT access.disclosed('desk'::text, 'avoid'::text, 'full'::text, true) AS disclosed)) OR ((b)::text IN ( SELECT access.disclosed('desk'::text, 'avoid'::text, 'full'::text, true) AS disclosed))))) WITH CHECK ((( SELECT access.discloses_all('desk'::text, 'avoid'::text, true) AS discloses_all) OR (((a)::text IN ( SELECT access.disclosed('desk'::text, 'avoid'::text, 'full'::text, true) AS disclosed)) OR ((b)::text IN ( SELECT access.disclosed('desk'::text, 'avoid'::text, 'full'::text, true) AS disclosed)))));

CREATE POLICY desk_changes ON public.police_case FOR UPDATE TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'profile'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'profile'::text, 'full'::text, true) AS disclosed)))) WITH CHECK ((( SELECT access.discloses_all('desk'::text, 'profile'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'profile'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY desk_changes ON public.victim FOR UPDATE TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'profile'::text, true) AS discloses_all) OR ((id)::text IN ( SELECT access.disclosed('desk'::text, 'profile'::text, 'full'::text, true) AS disclosed)))) WITH CHECK ((( SELECT access.discloses_all('desk'::text, 'profile'::text, true) AS discloses_all) OR ((id)::text IN ( SELECT access.disclosed('desk'::text, 'profile'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY desk_changes ON public.victim_need FOR UPDATE TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'profile'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'profile'::text, 'full'::text, true) AS disclosed)))) WITH CHECK ((( SELECT access.discloses_all('desk'::text, 'profile'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'profile'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY desk_changes ON public.victim_phase FOR UPDATE TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text, 'full'::text, true) AS disclosed)))) WITH CHECK ((( SELECT access.discloses_all('desk'::text, 'phase'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY desk_changes ON public.victim_registration FOR UPDATE TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text, 'full'::text, true) AS disclosed)))) WITH CHECK ((( SELECT access.discloses_all('desk'::text, 'phase'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text, 'full'::text, true) AS disclosed))));

ALTER TABLE public.desk_hours ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.desk_policy ENABLE ROW LEVEL SECURITY;

CREATE POLICY desk_reads ON public.avoided_region FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'avoid'::text, false) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'avoid'::text) AS disclosed))));

CREATE POLICY desk_reads ON public.avoided_shelter FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'avoid'::text, false) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'avoid'::text) AS disclosed))));

CREATE POLICY desk_reads ON public.court_order FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, false) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text) AS disclosed))));

CREATE POLICY desk_reads ON public.guardianship FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, false) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text) AS disclosed))));

CREATE POLICY desk_reads ON public.hold FOR SELECT TO onderdak_desk USING (((( SELECT access.acting_as('desk'::text) AS acting_as) IS NOT NULL) AND (NOT access.is_secret(id))));

CREATE POLICY desk_reads ON public.night_placement FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, false) AS discloses_all) OR ((request)::text IN ( SELECT access.disclosed_requests('desk'::text, 'phase'::text) AS disclosed_requests))));

CREATE POLICY desk_reads ON public.no_contact FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'avoid'::text, false) AS discloses_all) OR (((a)::text IN ( SELECT access.disclosed('desk'::text, 'avoid'::text) AS disclosed)) OR ((b)::text IN ( SELECT access.disclosed('desk'::text, 'avoid'::text) AS disclosed)))));

CREATE POLICY desk_reads ON public.offer FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, false) AS discloses_all) OR ((request)::text IN ( SELECT access.disclosed_requests('desk'::text, 'phase'::text) AS disclosed_requests))));

CREATE POLICY desk_reads ON public.offer_approval FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, false) AS discloses_all) OR (offer IN ( SELECT s.offer
   FROM public.offer_stay s
  WHERE ((s.victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text) AS disclosed))))));

CREATE POLICY desk_reads ON public.offer_stay FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, false) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text) AS disclosed))));

CREATE POLICY desk_reads ON public.outbox FOR SELECT TO onderdak_desk USING ((( SELECT access.acting_as('desk'::text) AS acting_as) IS NOT NULL));

CREATE POLICY desk_reads ON public.outflow FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, false) AS discloses_all) OR ((request)::text IN ( SELECT access.disclosed_requests('desk'::text, 'phase'::text) AS disclosed_requests))));

CREATE POLICY desk_reads ON public.outflow_block FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, false) AS discloses_all) OR ((request)::text IN ( SELECT access.disclosed_requests('desk'::text, 'phase'::text) AS disclosed_requests))));

CREATE POLICY desk_reads ON public.paid_days FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, false) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text) AS disclosed))));

CREATE POLICY desk_reads ON public.plan_run FOR SELECT TO onderdak_desk USING ((( SELECT access.acting_as('desk'::text) AS acting_as) IS NOT NULL));

CREATE POLICY desk_reads ON public.police_case FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'profile'::text, false) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'profile'::text) AS disclosed))));

CREATE POLICY desk_reads ON public.proposal FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, false) AS discloses_all) OR ((request)::text IN ( SELECT access.disclosed_requests('desk'::text, 'phase'::text) AS disclosed_requests))));

CREATE POLICY desk_reads ON public.proposal_reason FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, false) AS discloses_all) OR ((request)::text IN ( SELECT access.disclosed_requests('desk'::text, 'phase'::text) AS disclosed_requests))));

CREATE POLICY desk_reads ON public.proposal_stay FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, false) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text) AS disclosed))));

CREATE POLICY desk_reads ON public.request FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, false) AS discloses_all) OR ((id)::text IN ( SELECT access.disclosed_requests('desk'::text, 'phase'::text) AS disclosed_requests))));

CREATE POLICY desk_reads ON public.request_event FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, false) AS discloses_all) OR ((request)::text IN ( SELECT access.disclosed_requests('desk'::text, 'phase'::text) AS disclosed_requests))));

CREATE POLICY desk_reads ON public.request_victim FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, false) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text) AS disclosed))));

CREATE POLICY desk_reads ON public.rule_override FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, false) AS discloses_all) OR (offer IN ( SELECT s.offer
   FROM public.offer_stay s
  WHERE ((s.victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text) AS disclosed))))));

CREATE POLICY desk_reads ON public.stay FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, false) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text) AS disclosed))));

CREATE POLICY desk_reads ON public.transfer FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, false) AS discloses_all) OR ((request)::text IN ( SELECT access.disclosed_requests('desk'::text, 'phase'::text) AS disclosed_requests))));

CREATE POLICY desk_reads ON public.unmet_need FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, false) AS discloses_all) OR ((request)::text IN ( SELECT access.disclosed_requests('desk'::text, 'phase'::text) AS disclosed_requests))));

CREATE POLICY desk_reads ON public.victim FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'profile'::text, false) AS discloses_all) OR ((id)::text IN ( SELECT access.disclosed('desk'::text, 'profile'::text) AS disclosed))));

CREATE POLICY desk_reads ON public.victim_need FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'profile'::text, false) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'profile'::text) AS disclosed))));

CREATE POLICY desk_reads ON public.victim_phase FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, false) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text) AS disclosed))));

CREATE POLICY desk_reads ON public.victim_registration FOR SELECT TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, false) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text) AS disclosed))));

CREATE POLICY desk_reads_health ON public.outflow_block AS RESTRICTIVE FOR SELECT TO onderdak_desk USING (((cause <> 'health'::text) OR ( SELECT access.discloses_all('desk'::text, 'health'::text) AS discloses_all) OR ((request)::text IN ( SELECT access.disclosed_requests('desk'::text, 'health'::text) AS disclosed_requests))));

CREATE POLICY desk_removes ON public.avoided_region FOR DELETE TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'avoid'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'avoid'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY desk_removes ON public.avoided_shelter FOR DELETE TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'avoid'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'avoid'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY desk_removes ON public.court_order FOR DELETE TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY desk_removes ON public.guardianship FOR DELETE TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY desk_removes ON public.no_contact FOR DELETE TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'avoid'::text, true) AS discloses_all) OR (((a)::text IN ( SELECT access.disclosed('desk'::text, 'avoid'::text, 'full'::text, true) AS disclosed)) OR ((b)::text IN ( SELECT access.disclosed('desk'::text, 'avoid'::text, 'full'::text, true) AS disclosed)))));

CREATE POLICY desk_removes ON public.police_case FOR DELETE TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'profile'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'profile'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY desk_removes ON public.victim_need FOR DELETE TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'profile'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'profile'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY desk_removes ON public.victim_phase FOR DELETE TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY desk_removes ON public.victim_registration FOR DELETE TO onderdak_desk USING ((( SELECT access.discloses_all('desk'::text, 'phase'::text, true) AS discloses_all) OR ((victim)::text IN ( SELECT access.disclosed('desk'::text, 'phase'::text, 'full'::text, true) AS disclosed))));

ALTER TABLE public.event_sequence ENABLE ROW LEVEL SECURITY;

CREATE POLICY everybody_reads ON public.authority_approval FOR SELECT TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_funder, onderdak_governor, onderdak_admin USING ((( SELECT access.acting_role() AS acting_role) IS NOT NULL));

CREATE POLICY everybody_reads ON public.bed_change FOR SELECT TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_funder, onderdak_governor, onderdak_admin USING ((( SELECT access.acting_role() AS acting_role) IS NOT NULL));

CREATE POLICY everybody_reads ON public.capacity_report FOR SELECT TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_funder, onderdak_governor, onderdak_admin USING ((( SELECT access.acting_role() AS acting_role) IS NOT NULL));

CREATE POLICY everybody_reads ON public.coordinator_absence FOR SELECT TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_funder, onderdak_governor, onderdak_admin USING ((( SELECT access.acting_role() AS acting_role) IS NOT NULL));

CREATE POLICY everybody_reads ON public.coverage FOR SELECT TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_funder, onderdak_governor, onderdak_admin USING ((( SELECT access.acting_role() AS acting_role) IS NOT NULL));

CREATE POLICY everybody_reads ON public.deadline FOR SELECT TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_funder, onderdak_governor, onderdak_admin USING ((( SELECT access.acting_role() AS acting_role) IS NOT NULL));

CREATE POLICY everybody_reads ON public.decline_reason FOR SELECT TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_funder, onderdak_governor, onderdak_admin USING ((( SELECT access.acting_role() AS acting_role) IS NOT NULL));

CREATE POLICY everybody_reads ON public.desk_hours FOR SELECT TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_funder, onderdak_governor, onderdak_admin USING ((( SELECT access.acting_role() AS acting_role) IS NOT NULL));

CREATE POLICY everybody_reads ON public.desk_policy FOR SELECT TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_funder, onderdak_governor, onderdak_admin USING ((( SELECT access.acting_role() AS acting_role) IS NOT NULL));

CREATE POLICY everybody_reads ON public.event_sequence FOR SELECT TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian USING ((( SELECT access.acting_role() AS acting_role) IS NOT NULL));

CREATE POLICY everybody_reads ON public.funder FOR SELECT TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_funder, onderdak_governor, onderdak_admin USING ((( SELECT access.acting_role() AS acting_role) IS NOT NULL));

CREATE POLICY everybody_reads ON public.funder_region FOR SELECT TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_funder, onderdak_governor, onderdak_admin USING ((( SELECT access.acting_role() AS acting_role) IS NOT NULL));

CREATE POLICY everybody_reads ON public.holiday FOR SELECT TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_funder, onderdak_governor, onderdak_admin USING ((( SELECT access.acting_role() AS acting_role) IS NOT NULL));

CREATE POLICY everybody_reads ON public.planning_policy FOR SELECT TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_funder, onderdak_governor, onderdak_admin USING ((( SELECT access.acting_role() AS acting_role) IS NOT NULL));

CREATE POLICY everybody_reads ON public.region FOR SELECT TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_funder, onderdak_governor, onderdak_admin USING ((( SELECT access.acting_role() AS acting_role) IS NOT NULL));

CREATE POLICY everybody_reads ON public.region_membership FOR SELECT TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_funder, onderdak_governor, onderdak_admin USING ((( SELECT access.acting_role() AS acting_role) IS NOT NULL));

CREATE POLICY everybody_reads ON public.request_step FOR SELECT TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_funder, onderdak_governor, onderdak_admin USING ((( SELECT access.acting_role() AS acting_role) IS NOT NULL));

CREATE POLICY everybody_reads ON public.retention_rule FOR SELECT TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_funder, onderdak_governor, onderdak_admin USING ((( SELECT access.acting_role() AS acting_role) IS NOT NULL));

CREATE POLICY everybody_reads ON public.shelter FOR SELECT TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_funder, onderdak_governor, onderdak_admin USING ((( SELECT access.acting_role() AS acting_role) IS NOT NULL));

CREATE POLICY everybody_reads ON public.travel_time FOR SELECT TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_funder, onderdak_governor, onderdak_admin USING ((( SELECT access.acting_role() AS acting_role) IS NOT NULL));

CREATE POLICY everybody_reads ON public.unit FOR SELECT TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_funder, onderdak_governor, onderdak_admin USING ((( SELECT access.acting_role() AS acting_role) IS NOT NULL));

CREATE POLICY everybody_reads ON public.unit_reporting FOR SELECT TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_funder, onderdak_governor, onderdak_admin USING ((( SELECT access.acting_role() AS acting_role) IS NOT NULL));

ALTER TABLE public.funder ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.funder_region ENABLE ROW LEVEL SECURITY;

CREATE POLICY guardian_adds ON public.victim_need FOR INSERT TO onderdak_guardian WITH CHECK (((victim)::text IN ( SELECT access.disclosed('guardian'::text, 'profile'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY guardian_changes ON public.victim FOR UPDATE TO onderdak_guardian USING (((id)::text IN ( SELECT access.disclosed('guardian'::text, 'profile'::text, 'full'::text, true) AS disclosed))) WITH CHECK (((id)::text IN ( SELECT access.disclosed('guardian'::text, 'profile'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY guardian_changes ON public.victim_need FOR UPDATE TO onderdak_guardian USING (((victim)::text IN ( SELECT access.disclosed('guardian'::text, 'profile'::text, 'full'::text, true) AS disclosed))) WITH CHECK (((victim)::text IN ( SELECT access.disclosed('guardian'::text, 'profile'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY guardian_reads ON public.avoided_region FOR SELECT TO onderdak_guardian USING (((victim)::text IN ( SELECT access.disclosed('guardian'::text, 'avoid'::text) AS disclosed)));

CREATE POLICY guardian_reads ON public.avoided_shelter FOR SELECT TO onderdak_guardian USING (((victim)::text IN ( SELECT access.disclosed('guardian'::text, 'avoid'::text) AS disclosed)));

CREATE POLICY guardian_reads ON public.court_order FOR SELECT TO onderdak_guardian USING (((victim)::text IN ( SELECT access.disclosed('guardian'::text, 'phase'::text) AS disclosed)));

CREATE POLICY guardian_reads ON public.guardianship FOR SELECT TO onderdak_guardian USING (((victim)::text IN ( SELECT access.disclosed('guardian'::text, 'phase'::text) AS disclosed)));

CREATE POLICY guardian_reads ON public.hold FOR SELECT TO onderdak_guardian USING ((((owner)::text = ( SELECT ('guardian/'::text || access.acting_as('guardian'::text)))) OR ((request)::text IN ( SELECT access.disclosed_requests('guardian'::text, 'phase'::text) AS disclosed_requests))));

CREATE POLICY guardian_reads ON public.night_placement FOR SELECT TO onderdak_guardian USING (((request)::text IN ( SELECT access.disclosed_requests('guardian'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY guardian_reads ON public.no_contact FOR SELECT TO onderdak_guardian USING ((((a)::text IN ( SELECT access.disclosed('guardian'::text, 'avoid'::text) AS disclosed)) OR ((b)::text IN ( SELECT access.disclosed('guardian'::text, 'avoid'::text) AS disclosed))));

CREATE POLICY guardian_reads ON public.offer FOR SELECT TO onderdak_guardian USING (((request)::text IN ( SELECT access.disclosed_requests('guardian'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY guardian_reads ON public.offer_approval FOR SELECT TO onderdak_guardian USING ((offer IN ( SELECT s.offer
   FROM public.offer_stay s
  WHERE ((s.victim)::text IN ( SELECT access.disclosed('guardian'::text, 'phase'::text) AS disclosed)))));

CREATE POLICY guardian_reads ON public.offer_stay FOR SELECT TO onderdak_guardian USING (((victim)::text IN ( SELECT access.disclosed('guardian'::text, 'phase'::text) AS disclosed)));

CREATE POLICY guardian_reads ON public.outflow FOR SELECT TO onderdak_guardian USING (((request)::text IN ( SELECT access.disclosed_requests('guardian'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY guardian_reads ON public.outflow_block FOR SELECT TO onderdak_guardian USING (((request)::text IN ( SELECT access.disclosed_requests('guardian'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY guardian_reads ON public.request FOR SELECT TO onderdak_guardian USING (((id)::text IN ( SELECT access.disclosed_requests('guardian'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY guardian_reads ON public.request_event FOR SELECT TO onderdak_guardian USING (((request)::text IN ( SELECT access.disclosed_requests('guardian'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY guardian_reads ON public.request_victim FOR SELECT TO onderdak_guardian USING (((victim)::text IN ( SELECT access.disclosed('guardian'::text, 'phase'::text) AS disclosed)));

CREATE POLICY guardian_reads ON public.rule_override FOR SELECT TO onderdak_guardian USING ((offer IN ( SELECT s.offer
   FROM public.offer_stay s
  WHERE ((s.victim)::text IN ( SELECT access.disclosed('guardian'::text, 'phase'::text) AS disclosed)))));

CREATE POLICY guardian_reads ON public.stay FOR SELECT TO onderdak_guardian USING (((victim)::text IN ( SELECT access.disclosed('guardian'::text, 'phase'::text) AS disclosed)));

CREATE POLICY guardian_reads ON public.transfer FOR SELECT TO onderdak_guardian USING (((request)::text IN ( SELECT access.disclosed_requests('guardian'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY guardian_reads ON public.victim FOR SELECT TO onderdak_guardian USING (((id)::text IN ( SELECT access.disclosed('guardian'::text, 'profile'::text) AS disclosed)));

CREATE POLICY guardian_reads ON public.victim_need FOR SELECT TO onderdak_guardian USING (((victim)::text IN ( SELECT access.disclosed('guardian'::text, 'profile'::text) AS disclosed)));

CREATE POLICY guardian_reads ON public.victim_phase FOR SELECT TO onderdak_guardian USING (((victim)::text IN ( SELECT access.disclosed('guardian'::text, 'phase'::text) AS disclosed)));

CREATE POLICY guardian_reads ON public.victim_registration FOR SELECT TO onderdak_guardian USING (((victim)::text IN ( SELECT access.disclosed('guardian'::text, 'phase'::text) AS disclosed)));

CREATE POLICY guardian_reads_health ON public.outflow_block AS RESTRICTIVE FOR SELECT TO onderdak_guardian USING (((cause <> 'health'::text) OR ( SELECT access.discloses_all('guardian'::text, 'health'::text) AS discloses_all) OR ((request)::text IN ( SELECT access.disclosed_requests('guardian'::text, 'health'::text) AS disclosed_requests))));

CREATE POLICY guardian_removes ON public.victim_need FOR DELETE TO onderdak_guardian USING (((victim)::text IN ( SELECT access.disclosed('guardian'::text, 'profile'::text, 'full'::text, true) AS disclosed)));

ALTER TABLE public.guardianship ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.hold ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.holiday ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.investigation ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.move_hold ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.night_placement ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.no_contact ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.offer ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.offer_approval ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.offer_stay ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.outbox ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.outflow ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.outflow_block ENABLE ROW LEVEL SECURITY;

CREATE POLICY own_absence ON public.coordinator_absence TO onderdak_coordinator USING (((coordinator)::text = ( SELECT access.acting_as('coordinator'::text) AS acting_as)));

CREATE POLICY own_reads ON public.hold FOR SELECT TO onderdak_coordinator USING (((owner)::text = ( SELECT ('coordinator/'::text || access.acting_as('coordinator'::text)))));

CREATE POLICY owner_reads ON public.webhook FOR SELECT TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian USING (((owner)::text = ( SELECT ((access.acting_role() || '/'::text) || access.acting_id()))));

CREATE POLICY owner_reads ON public.webhook_delivery FOR SELECT TO onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_admin USING ((webhook IN ( SELECT w.id
   FROM public.webhook w)));

ALTER TABLE public.paid_days ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.plan_job ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.plan_question ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.plan_run ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.planned_action ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.planned_action_hold ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.planned_action_need ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.planning_policy ENABLE ROW LEVEL SECURITY;

CREATE POLICY police_adds ON public.avoided_region FOR INSERT TO onderdak_police WITH CHECK (((victim)::text IN ( SELECT access.disclosed('police'::text, 'avoid'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY police_adds ON public.avoided_shelter FOR INSERT TO onderdak_police WITH CHECK (((victim)::text IN ( SELECT access.disclosed('police'::text, 'avoid'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY police_adds ON public.investigation FOR INSERT TO onderdak_police WITH CHECK (((victim)::text IN ( SELECT access.disclosed('police'::text, 'investigation'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY police_adds ON public.no_contact FOR INSERT TO onderdak_police WITH CHECK ((((a)::text IN ( SELECT access.disclosed('police'::text, 'avoid'::text, 'full'::text, true) AS disclosed)) OR ((b)::text IN ( SELECT access.disclosed('police'::text, 'avoid'::text, 'full'::text, true) AS disclosed))));

ALTER TABLE public.police_case ENABLE ROW LEVEL SECURITY;

CREATE POLICY police_changes ON public.avoided_region FOR UPDATE TO onderdak_police USING (((victim)::text IN ( SELECT access.disclosed('police'::text, 'avoid'::text, 'full'::text, true) AS disclosed))) WITH CHECK (((victim)::text IN ( SELECT access.disclosed('police'::text, 'avoid'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY police_changes ON public.avoided_shelter FOR UPDATE TO onderdak_police USING (((victim)::text IN ( SELECT access.disclosed('police'::text, 'avoid'::text, 'full'::text, true) AS disclosed))) WITH CHECK (((victim)::text IN ( SELECT access.disclosed('police'::text, 'avoid'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY police_changes ON public.investigation FOR UPDATE TO onderdak_police USING (((victim)::text IN ( SELECT access.disclosed('police'::text, 'investigation'::text, 'full'::text, true) AS disclosed))) WITH CHECK (((victim)::text IN ( SELECT access.disclosed('police'::text, 'investigation'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY police_changes ON public.no_contact FOR UPDATE TO onderdak_police USING ((((a)::text IN ( SELECT access.disclosed('police'::text, 'avoid'::text, 'full'::text, true) AS disclosed)) OR ((b)::text IN ( SELECT access.disclosed('police'::text, 'avoid'::text, 'full'::text, true) AS disclosed)))) WITH CHECK ((((a)::text IN ( SELECT access.disclosed('police'::text, 'avoid'::text, 'full'::text, true) AS disclosed)) OR ((b)::text IN ( SELECT access.disclosed('police'::text, 'avoid'::text, 'full'::text, true) AS disclosed))));

CREATE POLICY police_changes ON public.police_case FOR UPDATE TO onderdak_police USING (((police)::text = ( SELECT access.acting_as('police'::text) AS acting_as))) WITH CHECK (((police)::text = ( SELECT access.acting_as('police'::text) AS acting_as)));

CREATE POLICY police_reads ON public.avoided_region FOR SELECT TO onderdak_police USING (((victim)::text IN ( SELECT access.disclosed('police'::text, 'avoid'::text) AS disclosed)));

CREATE POLICY police_reads ON public.avoided_shelter FOR SELECT TO onderdak_police USING (((victim)::text IN ( SELECT access.disclosed('police'::text, 'avoid'::text) AS disclosed)));

CREATE POLICY police_reads ON public.court_order FOR SELECT TO onderdak_police USING (((victim)::text IN ( SELECT access.disclosed('police'::text, 'phase'::text) AS disclosed)));

CREATE POLICY police_reads ON public.hold FOR SELECT TO onderdak_police USING ((id IN ( SELECT h.hold
   FROM public.planned_action_hold h)));

CREATE POLICY police_reads ON public.investigation FOR SELECT TO onderdak_police USING (((victim)::text IN ( SELECT access.disclosed('police'::text, 'investigation'::text) AS disclosed)));

CREATE POLICY police_reads ON public.move_hold FOR SELECT TO onderdak_police USING (((request)::text IN ( SELECT access.disclosed_requests('police'::text, 'investigation'::text) AS disclosed_requests)));

CREATE POLICY police_reads ON public.night_placement FOR SELECT TO onderdak_police USING (((request)::text IN ( SELECT access.disclosed_requests('police'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY police_reads ON public.no_contact FOR SELECT TO onderdak_police USING ((((a)::text IN ( SELECT access.disclosed('police'::text, 'avoid'::text) AS disclosed)) OR ((b)::text IN ( SELECT access.disclosed('police'::text, 'avoid'::text) AS disclosed))));

CREATE POLICY police_reads ON public.offer FOR SELECT TO onderdak_police USING (((request)::text IN ( SELECT access.disclosed_requests('police'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY police_reads ON public.offer_approval FOR SELECT TO onderdak_police USING ((offer IN ( SELECT s.offer
   FROM public.offer_stay s
  WHERE ((s.victim)::text IN ( SELECT access.disclosed('police'::text, 'phase'::text) AS disclosed)))));

CREATE POLICY police_reads ON public.offer_stay FOR SELECT TO onderdak_police USING (((victim)::text IN ( SELECT access.disclosed('police'::text, 'phase'::text) AS disclosed)));

CREATE POLICY police_reads ON public.outflow FOR SELECT TO onderdak_police USING (((request)::text IN ( SELECT access.disclosed_requests('police'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY police_reads ON public.outflow_block FOR SELECT TO onderdak_police USING (((request)::text IN ( SELECT access.disclosed_requests('police'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY police_reads ON public.planned_action FOR SELECT TO onderdak_police USING (((owner)::text = ( SELECT ('police/'::text || access.acting_as('police'::text)))));

CREATE POLICY police_reads ON public.planned_action_hold FOR SELECT TO onderdak_police USING ((action IN ( SELECT a.id
   FROM public.planned_action a)));

CREATE POLICY police_reads ON public.planned_action_need FOR SELECT TO onderdak_police USING ((action IN ( SELECT a.id
   FROM public.planned_action a)));

CREATE POLICY police_reads ON public.police_case FOR SELECT TO onderdak_police USING (((police)::text = ( SELECT access.acting_as('police'::text) AS acting_as)));

CREATE POLICY police_reads ON public.request FOR SELECT TO onderdak_police USING (((id)::text IN ( SELECT access.disclosed_requests('police'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY police_reads ON public.request_event FOR SELECT TO onderdak_police USING (((request)::text IN ( SELECT access.disclosed_requests('police'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY police_reads ON public.request_victim FOR SELECT TO onderdak_police USING (((victim)::text IN ( SELECT access.disclosed('police'::text, 'phase'::text) AS disclosed)));

CREATE POLICY police_reads ON public.rule_override FOR SELECT TO onderdak_police USING ((offer IN ( SELECT s.offer
   FROM public.offer_stay s
  WHERE ((s.victim)::text IN ( SELECT access.disclosed('police'::text, 'phase'::text) AS disclosed)))));

CREATE POLICY police_reads ON public.stay FOR SELECT TO onderdak_police USING (((victim)::text IN ( SELECT access.disclosed('police'::text, 'phase'::text) AS disclosed)));

CREATE POLICY police_reads ON public.transfer FOR SELECT TO onderdak_police USING (((request)::text IN ( SELECT access.disclosed_requests('police'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY police_reads ON public.victim FOR SELECT TO onderdak_police USING (((id)::text IN ( SELECT access.disclosed('police'::text, 'profile'::text) AS disclosed)));

CREATE POLICY police_reads ON public.victim_need FOR SELECT TO onderdak_police USING (((victim)::text IN ( SELECT access.disclosed('police'::text, 'profile'::text) AS disclosed)));

CREATE POLICY police_reads ON public.victim_phase FOR SELECT TO onderdak_police USING (((victim)::text IN ( SELECT access.disclosed('police'::text, 'phase'::text) AS disclosed)));

CREATE POLICY police_reads ON public.victim_registration FOR SELECT TO onderdak_police USING (((victim)::text IN ( SELECT access.disclosed('police'::text, 'phase'::text) AS disclosed)));

CREATE POLICY police_reads_health ON public.outflow_block AS RESTRICTIVE FOR SELECT TO onderdak_police USING (((cause <> 'health'::text) OR ( SELECT access.discloses_all('police'::text, 'health'::text) AS discloses_all) OR ((request)::text IN ( SELECT access.disclosed_requests('police'::text, 'health'::text) AS disclosed_requests))));

CREATE POLICY police_removes ON public.avoided_region FOR DELETE TO onderdak_police USING (((victim)::text IN ( SELECT access.disclosed('police'::text, 'avoid'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY police_removes ON public.avoided_shelter FOR DELETE TO onderdak_police USING (((victim)::text IN ( SELECT access.disclosed('police'::text, 'avoid'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY police_removes ON public.investigation FOR DELETE TO onderdak_police USING (((victim)::text IN ( SELECT access.disclosed('police'::text, 'investigation'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY police_removes ON public.no_contact FOR DELETE TO onderdak_police USING ((((a)::text IN ( SELECT access.disclosed('police'::text, 'avoid'::text, 'full'::text, true) AS disclosed)) OR ((b)::text IN ( SELECT access.disclosed('police'::text, 'avoid'::text, 'full'::text, true) AS disclosed))));

ALTER TABLE public.proposal ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.proposal_reason ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.proposal_stay ENABLE ROW LEVEL SECURITY;

CREATE POLICY recipient_reads ON public.outbox FOR SELECT TO onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian USING (((recipient)::text = ( SELECT ((access.acting_role() || '/'::text) || access.acting_id()))));

ALTER TABLE public.region ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.region_membership ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.request ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.request_event ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.request_step ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.request_victim ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.retention_rule ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.rule_override ENABLE ROW LEVEL SECURITY;

CREATE POLICY service ON public.authority_approval TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.avoided_region TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.avoided_shelter TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.bed_change TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.capacity_report TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.command TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.coordinator_absence TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.court_order TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.coverage TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.deadline TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.decline_reason TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.desk_hours TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.desk_policy TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.event_sequence TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.funder TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.funder_region TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.guardianship TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.hold TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.holiday TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.investigation TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.move_hold TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.night_placement TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.no_contact TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.offer TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.offer_approval TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.offer_stay TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.outbox TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.outflow TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.outflow_block TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.paid_days TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.plan_job TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.plan_question TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.plan_run TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.planned_action TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.planned_action_hold TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.planned_action_need TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.planning_policy TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.police_case TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.proposal TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.proposal_reason TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.proposal_stay TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.region TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.region_membership TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.request TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.request_event TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.request_step TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.request_victim TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.retention_rule TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.rule_override TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.shelter TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.simulated_clock TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.stay TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.transfer TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.travel_time TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.unit TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.unit_reporting TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.unit_turn TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.unmet_need TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.victim TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.victim_need TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.victim_phase TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.victim_registration TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.victim_turn TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.webhook TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

CREATE POLICY service ON public.webhook_delivery TO onderdak_service USING ((( SELECT access.acting_as('service'::text) AS acting_as) IS NOT NULL));

ALTER TABLE public.shelter ENABLE ROW LEVEL SECURITY;

CREATE POLICY shelter_adds ON public.victim_need FOR INSERT TO onderdak_shelter WITH CHECK (((victim)::text IN ( SELECT access.disclosed('shelter'::text, 'profile'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY shelter_changes ON public.victim FOR UPDATE TO onderdak_shelter USING (((id)::text IN ( SELECT access.disclosed('shelter'::text, 'profile'::text, 'full'::text, true) AS disclosed))) WITH CHECK (((id)::text IN ( SELECT access.disclosed('shelter'::text, 'profile'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY shelter_changes ON public.victim_need FOR UPDATE TO onderdak_shelter USING (((victim)::text IN ( SELECT access.disclosed('shelter'::text, 'profile'::text, 'full'::text, true) AS disclosed))) WITH CHECK (((victim)::text IN ( SELECT access.disclosed('shelter'::text, 'profile'::text, 'full'::text, true) AS disclosed)));

CREATE POLICY shelter_is_offered ON public.offer FOR SELECT TO onderdak_shelter USING ((id IN ( SELECT s.offer
   FROM public.offer_stay s)));

CREATE POLICY shelter_is_offered ON public.offer_approval FOR SELECT TO onderdak_shelter USING (((subject)::text = ( SELECT access.acting_as('shelter'::text) AS acting_as)));

CREATE POLICY shelter_is_offered ON public.offer_stay FOR SELECT TO onderdak_shelter USING (((unit)::text IN ( SELECT u.id
   FROM public.unit u
  WHERE ((u.shelter)::text = ( SELECT access.acting_as('shelter'::text) AS acting_as)))));

CREATE POLICY shelter_reads ON public.avoided_region FOR SELECT TO onderdak_shelter USING (((victim)::text IN ( SELECT access.disclosed('shelter'::text, 'avoid'::text) AS disclosed)));

CREATE POLICY shelter_reads ON public.avoided_shelter FOR SELECT TO onderdak_shelter USING (((victim)::text IN ( SELECT access.disclosed('shelter'::text, 'avoid'::text) AS disclosed)));

CREATE POLICY shelter_reads ON public.court_order FOR SELECT TO onderdak_shelter USING (((victim)::text IN ( SELECT access.disclosed('shelter'::text, 'phase'::text) AS disclosed)));

CREATE POLICY shelter_reads ON public.hold FOR SELECT TO onderdak_shelter USING (((unit)::text IN ( SELECT u.id
   FROM public.unit u
  WHERE ((u.shelter)::text = ( SELECT access.acting_as('shelter'::text) AS acting_as)))));

CREATE POLICY shelter_reads ON public.night_placement FOR SELECT TO onderdak_shelter USING (((request)::text IN ( SELECT access.disclosed_requests('shelter'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY shelter_reads ON public.no_contact FOR SELECT TO onderdak_shelter USING ((((a)::text IN ( SELECT access.disclosed('shelter'::text, 'avoid'::text) AS disclosed)) OR ((b)::text IN ( SELECT access.disclosed('shelter'::text, 'avoid'::text) AS disclosed))));

CREATE POLICY shelter_reads ON public.offer FOR SELECT TO onderdak_shelter USING (((request)::text IN ( SELECT access.disclosed_requests('shelter'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY shelter_reads ON public.offer_approval FOR SELECT TO onderdak_shelter USING ((offer IN ( SELECT s.offer
   FROM public.offer_stay s
  WHERE ((s.victim)::text IN ( SELECT access.disclosed('shelter'::text, 'phase'::text) AS disclosed)))));

CREATE POLICY shelter_reads ON public.offer_stay FOR SELECT TO onderdak_shelter USING (((victim)::text IN ( SELECT access.disclosed('shelter'::text, 'phase'::text) AS disclosed)));

CREATE POLICY shelter_reads ON public.outbox FOR SELECT TO onderdak_shelter USING (((recipient IS NULL) AND (((subject ->> 'request'::text) IN ( SELECT r.id
   FROM public.request r)) OR (((subject ->> 'offer'::text))::bigint IN ( SELECT o.id
   FROM public.offer o)) OR ((subject ->> 'unit'::text) IN ( SELECT u.id
   FROM public.unit u
  WHERE ((u.shelter)::text = ( SELECT access.acting_as('shelter'::text) AS acting_as)))))));

CREATE POLICY shelter_reads ON public.outflow FOR SELECT TO onderdak_shelter USING (((request)::text IN ( SELECT access.disclosed_requests('shelter'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY shelter_reads ON public.outflow_block FOR SELECT TO onderdak_shelter USING (((request)::text IN ( SELECT access.disclosed_requests('shelter'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY shelter_reads ON public.request FOR SELECT TO onderdak_shelter USING (((id)::text IN ( SELECT access.disclosed_requests('shelter'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY shelter_reads ON public.request_event FOR SELECT TO onderdak_shelter USING (((request)::text IN ( SELECT access.disclosed_requests('shelter'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY shelter_reads ON public.request_victim FOR SELECT TO onderdak_shelter USING (((victim)::text IN ( SELECT access.disclosed('shelter'::text, 'phase'::text) AS disclosed)));

CREATE POLICY shelter_reads ON public.rule_override FOR SELECT TO onderdak_shelter USING ((offer IN ( SELECT s.offer
   FROM public.offer_stay s
  WHERE ((s.victim)::text IN ( SELECT access.disclosed('shelter'::text, 'phase'::text) AS disclosed)))));

CREATE POLICY shelter_reads ON public.stay FOR SELECT TO onderdak_shelter USING (((victim)::text IN ( SELECT access.disclosed('shelter'::text, 'phase'::text) AS disclosed)));

CREATE POLICY shelter_reads ON public.transfer FOR SELECT TO onderdak_shelter USING (((request)::text IN ( SELECT access.disclosed_requests('shelter'::text, 'phase'::text) AS disclosed_requests)));

CREATE POLICY shelter_reads ON public.victim FOR SELECT TO onderdak_shelter USING (((id)::text IN ( SELECT access.disclosed('shelter'::text, 'profile'::text) AS disclosed)));

CREATE POLICY shelter_reads ON public.victim_need FOR SELECT TO onderdak_shelter USING (((victim)::text IN ( SELECT access.disclosed('shelter'::text, 'profile'::text) AS disclosed)));

CREATE POLICY shelter_reads ON public.victim_phase FOR SELECT TO onderdak_shelter USING (((victim)::text IN ( SELECT access.disclosed('shelter'::text, 'phase'::text) AS disclosed)));

CREATE POLICY shelter_reads ON public.victim_registration FOR SELECT TO onderdak_shelter USING (((victim)::text IN ( SELECT access.disclosed('shelter'::text, 'phase'::text) AS disclosed)));

CREATE POLICY shelter_reads_health ON public.outflow_block AS RESTRICTIVE FOR SELECT TO onderdak_shelter USING (((cause <> 'health'::text) OR ( SELECT access.discloses_all('shelter'::text, 'health'::text) AS discloses_all) OR ((request)::text IN ( SELECT access.disclosed_requests('shelter'::text, 'health'::text) AS disclosed_requests))));

CREATE POLICY shelter_removes ON public.victim_need FOR DELETE TO onderdak_shelter USING (((victim)::text IN ( SELECT access.disclosed('shelter'::text, 'profile'::text, 'full'::text, true) AS disclosed)));

ALTER TABLE public.simulated_clock ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.stay ENABLE ROW LEVEL SECURITY;

CREATE POLICY subject_reads ON public.outbox FOR SELECT TO onderdak_coordinator, onderdak_police, onderdak_guardian USING (((recipient IS NULL) AND ((subject ->> 'request'::text) IN ( SELECT r.id
   FROM public.request r))));

ALTER TABLE public.transfer ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.travel_time ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.unit ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.unit_reporting ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.unit_turn ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.unmet_need ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.victim ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.victim_need ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.victim_phase ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.victim_registration ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.victim_turn ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.webhook ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.webhook_delivery ENABLE ROW LEVEL SECURITY;

