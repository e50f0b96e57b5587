CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

COMMENT ON EXTENSION btree_gist IS 'support for indexing common datatypes in GiST';

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

CREATE TABLE public.investigation (
    victim public.identifier NOT NULL,
    region public.identifier NOT NULL,
    max_travel_minutes public.whole,
    days daterange NOT NULL,
    CONSTRAINT investigation_days CHECK ((NOT isempty(days)))
);

COMMENT ON COLUMN public.investigation.max_travel_minutes IS 'The longest journey from the shelter''s region to the investigation''s; null: no limit.';

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

CREATE TABLE public.paid_days (
    victim public.identifier NOT NULL,
    funder public.identifier NOT NULL,
    days public.whole NOT NULL
);

COMMENT ON TABLE public.paid_days IS 'Days that a funder paid for a victim before victim.payers_from.';

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

ALTER TABLE public.plan_run ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.plan_run_id_seq
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
    placed boolean NOT NULL
);

COMMENT ON TABLE public.proposal IS 'What a run proposes for a request that nobody has decided on yet: stays, or none and why.';

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

CREATE TABLE public.region (
    id public.identifier NOT NULL,
    name text NOT NULL
);

CREATE TABLE public.region_membership (
    region public.identifier NOT NULL,
    function text NOT NULL,
    body text NOT NULL,
    days daterange NOT NULL,
    CONSTRAINT region_membership_days CHECK ((NOT isempty(days)))
);

COMMENT ON TABLE public.region_membership IS 'To which body a region belongs in one function (police unit, centre municipality, court district, …); these do not nest.';

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
    CONSTRAINT request_dates CHECK ((isfinite(known_from) AND isfinite(latest_start) AND (known_from <= needed_from) AND (needed_from <= latest_start))),
    CONSTRAINT request_no_move_before CHECK (isfinite(no_move_before)),
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

CREATE TABLE public.request_victim (
    request public.identifier NOT NULL,
    victim public.identifier NOT NULL
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

CREATE TABLE public.stay (
    request public.identifier NOT NULL,
    victim public.identifier NOT NULL,
    unit public.identifier NOT NULL,
    days daterange NOT NULL,
    moves_made public.whole NOT NULL,
    arrived boolean NOT NULL,
    CONSTRAINT stay_days CHECK (((isfinite(lower(days)) AND isfinite(upper(days))) IS TRUE))
);

COMMENT ON TABLE public.stay IS 'A victim in a unit: where people were and are, and what has been agreed on. Consecutive stays of one request are legs.';

COMMENT ON COLUMN public.stay.moves_made IS 'How often this placement had been moved when the stay began, that move included.';

COMMENT ON COLUMN public.stay.arrived IS 'Whether the victim came. Without that, a stay is an agreement until its first day is over, and then taken to have begun.';

CREATE TABLE public.travel_time (
    a public.identifier NOT NULL,
    b public.identifier NOT NULL,
    minutes public.whole NOT NULL,
    CONSTRAINT travel_time_distinct CHECK (((a)::text <> (b)::text))
);

COMMENT ON TABLE public.travel_time IS 'Minutes by road between two regions, the same both ways; a pair that is missing cannot be reached.';

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

CREATE TABLE public.victim (
    id public.identifier NOT NULL,
    sex public.sex NOT NULL,
    birth_date date NOT NULL,
    security_min smallint NOT NULL,
    security_max smallint NOT NULL,
    payers_from date NOT NULL,
    CONSTRAINT victim_birth_date CHECK (isfinite(birth_date)),
    CONSTRAINT victim_payers_from CHECK (isfinite(payers_from)),
    CONSTRAINT victim_security CHECK (((1 <= security_min) AND (security_min <= security_max) AND (security_max <= 4)))
);

COMMENT ON COLUMN public.victim.id IS 'A pseudonym.';

COMMENT ON COLUMN public.victim.security_min IS 'With security_max: the security levels of shelters that are allowed.';

COMMENT ON COLUMN public.victim.payers_from IS 'Days in shelter before this date are in paid_days; who paid for later ones follows from the rule of payers.';

CREATE TABLE public.victim_need (
    victim public.identifier NOT NULL,
    service text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE public.victim_phase (
    victim public.identifier NOT NULL,
    from_date date NOT NULL,
    phase public.phase NOT NULL,
    CONSTRAINT victim_phase_date CHECK (isfinite(from_date))
);

COMMENT ON TABLE public.victim_phase IS 'The phase of a victim''s right of residence from a date until the next; the first also holds before.';

CREATE TABLE public.victim_registration (
    victim public.identifier NOT NULL,
    region public.identifier NOT NULL,
    days daterange NOT NULL,
    CONSTRAINT victim_registration_days CHECK ((NOT isempty(days)))
);

COMMENT ON TABLE public.victim_registration IS 'Where a victim is registered as a resident; on other days nowhere.';

ALTER TABLE ONLY public.avoided_region
    ADD CONSTRAINT avoided_region_once EXCLUDE USING gist (victim WITH =, region WITH =, days WITH &&);

ALTER TABLE ONLY public.avoided_shelter
    ADD CONSTRAINT avoided_shelter_once EXCLUDE USING gist (victim WITH =, shelter WITH =, days WITH &&);

ALTER TABLE ONLY public.bed_change
    ADD CONSTRAINT bed_change_key PRIMARY KEY (unit, from_date, source);

ALTER TABLE ONLY public.funder
    ADD CONSTRAINT funder_key PRIMARY KEY (id);

ALTER TABLE ONLY public.funder
    ADD CONSTRAINT funder_position UNIQUE ("position") DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.funder_region
    ADD CONSTRAINT funder_region_key PRIMARY KEY (funder, limits, region);

ALTER TABLE ONLY public.investigation
    ADD CONSTRAINT investigation_once EXCLUDE USING gist (victim WITH =, days WITH &&);

ALTER TABLE ONLY public.no_contact
    ADD CONSTRAINT no_contact_once EXCLUDE USING gist (LEAST(a, b) WITH =, GREATEST(a, b) WITH =, scope WITH =, days WITH &&);

ALTER TABLE ONLY public.paid_days
    ADD CONSTRAINT paid_days_key PRIMARY KEY (victim, funder);

ALTER TABLE ONLY public.plan_run
    ADD CONSTRAINT plan_run_key PRIMARY KEY (id);

ALTER TABLE ONLY public.planning_policy
    ADD CONSTRAINT planning_policy_key PRIMARY KEY (singleton);

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

ALTER TABLE ONLY public.request
    ADD CONSTRAINT request_key PRIMARY KEY (id);

ALTER TABLE ONLY public.request_victim
    ADD CONSTRAINT request_victim_key PRIMARY KEY (request, victim);

ALTER TABLE ONLY public.request_victim
    ADD CONSTRAINT request_victim_once UNIQUE (victim);

ALTER TABLE ONLY public.shelter
    ADD CONSTRAINT shelter_key PRIMARY KEY (id);

ALTER TABLE ONLY public.stay
    ADD CONSTRAINT stay_key PRIMARY KEY (request, victim, moves_made);

ALTER TABLE ONLY public.stay
    ADD CONSTRAINT stay_one_place EXCLUDE USING gist (victim WITH =, days WITH &&);

ALTER TABLE ONLY public.unit
    ADD CONSTRAINT unit_key PRIMARY KEY (id);

ALTER TABLE ONLY public.victim
    ADD CONSTRAINT victim_key PRIMARY KEY (id);

ALTER TABLE ONLY public.victim_need
    ADD CONSTRAINT victim_need_key PRIMARY KEY (victim, service);

ALTER TABLE ONLY public.victim_phase
    ADD CONSTRAINT victim_phase_key PRIMARY KEY (victim, from_date);

ALTER TABLE ONLY public.victim_registration
    ADD CONSTRAINT victim_registration_once EXCLUDE USING gist (victim WITH =, days WITH &&);

CREATE INDEX proposal_by_request ON public.proposal USING btree (request);

CREATE UNIQUE INDEX region_membership_start ON public.region_membership USING btree (region, function, lower(days));

CREATE INDEX stay_by_unit ON public.stay USING btree (unit);

CREATE UNIQUE INDEX travel_time_pair ON public.travel_time USING btree (LEAST(a, b), GREATEST(a, b));

ALTER TABLE ONLY public.avoided_region
    ADD CONSTRAINT avoided_region_region FOREIGN KEY (region) REFERENCES public.region(id);

ALTER TABLE ONLY public.avoided_region
    ADD CONSTRAINT avoided_region_victim FOREIGN KEY (victim) REFERENCES public.victim(id);

ALTER TABLE ONLY public.avoided_shelter
    ADD CONSTRAINT avoided_shelter_shelter FOREIGN KEY (shelter) REFERENCES public.shelter(id);

ALTER TABLE ONLY public.avoided_shelter
    ADD CONSTRAINT avoided_shelter_victim FOREIGN KEY (victim) REFERENCES public.victim(id);

ALTER TABLE ONLY public.bed_change
    ADD CONSTRAINT bed_change_unit FOREIGN KEY (unit) REFERENCES public.unit(id);

ALTER TABLE ONLY public.funder_region
    ADD CONSTRAINT funder_region_funder FOREIGN KEY (funder) REFERENCES public.funder(id);

ALTER TABLE ONLY public.funder_region
    ADD CONSTRAINT funder_region_region FOREIGN KEY (region) REFERENCES public.region(id);

ALTER TABLE ONLY public.investigation
    ADD CONSTRAINT investigation_region FOREIGN KEY (region) REFERENCES public.region(id);

ALTER TABLE ONLY public.investigation
    ADD CONSTRAINT investigation_victim FOREIGN KEY (victim) REFERENCES public.victim(id);

ALTER TABLE ONLY public.no_contact
    ADD CONSTRAINT no_contact_a FOREIGN KEY (a) REFERENCES public.victim(id);

ALTER TABLE ONLY public.no_contact
    ADD CONSTRAINT no_contact_b FOREIGN KEY (b) REFERENCES public.victim(id);

ALTER TABLE ONLY public.paid_days
    ADD CONSTRAINT paid_days_funder FOREIGN KEY (funder) REFERENCES public.funder(id);

ALTER TABLE ONLY public.paid_days
    ADD CONSTRAINT paid_days_victim FOREIGN KEY (victim) REFERENCES public.victim(id);

ALTER TABLE ONLY public.proposal_reason
    ADD CONSTRAINT proposal_reason_proposal FOREIGN KEY (run, request, placed) REFERENCES public.proposal(run, request, placed);

ALTER TABLE ONLY public.proposal
    ADD CONSTRAINT proposal_request FOREIGN KEY (request) REFERENCES public.request(id);

ALTER TABLE ONLY public.proposal
    ADD CONSTRAINT proposal_run FOREIGN KEY (run) REFERENCES public.plan_run(id);

ALTER TABLE ONLY public.proposal_stay
    ADD CONSTRAINT proposal_stay_proposal FOREIGN KEY (run, request, placed) REFERENCES public.proposal(run, request, placed);

ALTER TABLE ONLY public.proposal_stay
    ADD CONSTRAINT proposal_stay_unit FOREIGN KEY (unit) REFERENCES public.unit(id);

ALTER TABLE ONLY public.proposal_stay
    ADD CONSTRAINT proposal_stay_victim FOREIGN KEY (request, victim) REFERENCES public.request_victim(request, victim);

ALTER TABLE ONLY public.region_membership
    ADD CONSTRAINT region_membership_region FOREIGN KEY (region) REFERENCES public.region(id);

ALTER TABLE ONLY public.request
    ADD CONSTRAINT request_preferred_region FOREIGN KEY (preferred_region) REFERENCES public.region(id);

ALTER TABLE ONLY public.request_victim
    ADD CONSTRAINT request_victim_request FOREIGN KEY (request) REFERENCES public.request(id);

ALTER TABLE ONLY public.request_victim
    ADD CONSTRAINT request_victim_victim FOREIGN KEY (victim) REFERENCES public.victim(id);

ALTER TABLE ONLY public.shelter
    ADD CONSTRAINT shelter_region FOREIGN KEY (region) REFERENCES public.region(id);

ALTER TABLE ONLY public.stay
    ADD CONSTRAINT stay_unit FOREIGN KEY (unit) REFERENCES public.unit(id);

ALTER TABLE ONLY public.stay
    ADD CONSTRAINT stay_victim FOREIGN KEY (request, victim) REFERENCES public.request_victim(request, victim);

ALTER TABLE ONLY public.travel_time
    ADD CONSTRAINT travel_time_a FOREIGN KEY (a) REFERENCES public.region(id);

ALTER TABLE ONLY public.travel_time
    ADD CONSTRAINT travel_time_b FOREIGN KEY (b) REFERENCES public.region(id);

ALTER TABLE ONLY public.unit
    ADD CONSTRAINT unit_shelter FOREIGN KEY (shelter) REFERENCES public.shelter(id);

ALTER TABLE ONLY public.victim_need
    ADD CONSTRAINT victim_need_victim FOREIGN KEY (victim) REFERENCES public.victim(id);

ALTER TABLE ONLY public.victim_phase
    ADD CONSTRAINT victim_phase_victim FOREIGN KEY (victim) REFERENCES public.victim(id);

ALTER TABLE ONLY public.victim_registration
    ADD CONSTRAINT victim_registration_region FOREIGN KEY (region) REFERENCES public.region(id);

ALTER TABLE ONLY public.victim_registration
    ADD CONSTRAINT victim_registration_victim FOREIGN KEY (victim) REFERENCES public.victim(id);

