-- What a country has: regions, shelters and their units, funders, and how plans are weighed.
--
-- Days are dates, instants are timestamptz, ranges of days are half-open [from, until). Identifiers are those of the
-- files. Constraints are named <table>_<what>: code turns these names into sentences for people.

-- Exclusion constraints over an identifier and a range of days need btree operators in a GiST index.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- COLLATE "C": ordered by bytes, so that lists come in the same order from every server.
CREATE DOMAIN identifier AS text COLLATE "C"
    CONSTRAINT identifier_length CHECK (octet_length(VALUE) BETWEEN 1 AND 200);

CREATE DOMAIN sex AS text
    CONSTRAINT sex_known CHECK (VALUE IN ('female', 'male', 'x'));

CREATE DOMAIN phase AS text
    CONSTRAINT phase_known CHECK (VALUE IN (
        'signal', 'reflection', 'permit-pending', 'permit', 'resident', 'asylum', 'return'));

CREATE DOMAIN bed_type AS text
    CONSTRAINT bed_type_known CHECK (VALUE IN (
        'minors', 'women', 'men', 'groups', 'b9', 'families', 'crisis', 'assisted'));

CREATE DOMAIN age AS integer
    CONSTRAINT age_possible CHECK (VALUE BETWEEN 0 AND 150);

-- A billion is the greatest number an instance may hold; money may be more.
CREATE DOMAIN whole AS integer
    CONSTRAINT whole_range CHECK (VALUE BETWEEN 0 AND 1000000000);

CREATE DOMAIN cents AS bigint
    CONSTRAINT cents_range CHECK (VALUE BETWEEN 0 AND 10000000000000);

CREATE TABLE region (
    id identifier CONSTRAINT region_key PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE region_membership (
    region identifier NOT NULL CONSTRAINT region_membership_region REFERENCES region,
    function text NOT NULL,
    body text NOT NULL,
    days daterange NOT NULL CONSTRAINT region_membership_days CHECK (NOT isempty(days)),
    CONSTRAINT region_membership_once EXCLUDE USING gist (region WITH =, function WITH =, days WITH &&)
);
-- What is told of a membership again replaces it.
CREATE UNIQUE INDEX region_membership_start ON region_membership (region, function, lower(days));
COMMENT ON TABLE region_membership IS
    'To which body a region belongs in one function (police unit, centre municipality, court district, …); these do not nest.';

CREATE TABLE travel_time (
    a identifier NOT NULL CONSTRAINT travel_time_a REFERENCES region,
    b identifier NOT NULL CONSTRAINT travel_time_b REFERENCES region,
    minutes whole NOT NULL,
    CONSTRAINT travel_time_distinct CHECK (a <> b)
);
-- One figure per pair, in whichever order its regions were given.
CREATE UNIQUE INDEX travel_time_pair ON travel_time (least(a, b), greatest(a, b));
COMMENT ON TABLE travel_time IS
    'Minutes by road between two regions, the same both ways; a pair that is missing cannot be reached.';

CREATE TABLE shelter (
    id identifier CONSTRAINT shelter_key PRIMARY KEY,
    region identifier NOT NULL CONSTRAINT shelter_region REFERENCES region,
    security smallint NOT NULL CONSTRAINT shelter_security CHECK (security BETWEEN 1 AND 4),
    services text[] NOT NULL,
    name text,
    kind text,
    placement_authority text CONSTRAINT shelter_placement_authority CHECK (placement_authority IN (
        'desk-exclusive', 'desk-consulted', 'coordinator', 'coordinator-and-police', 'shelter', 'guardian',
        'youth-care', 'youth-care-and-court')),
    intake text
);
COMMENT ON COLUMN shelter.security IS '1 open and safe, 2 shielded, 3 secret address, 4 closed';
COMMENT ON COLUMN shelter.services IS 'Services that all its units offer.';
COMMENT ON COLUMN shelter.name IS
    'With kind, placement_authority and intake: not known of shelters that came with an instance file only.';

CREATE TABLE unit (
    id identifier CONSTRAINT unit_key PRIMARY KEY,
    shelter identifier NOT NULL CONSTRAINT unit_shelter REFERENCES shelter,
    bed_type bed_type NOT NULL,
    sexes sex[] NOT NULL,
    min_age age,
    max_age age,
    phases phase[],
    services text[] NOT NULL,
    mixing text NOT NULL CONSTRAINT unit_mixing CHECK (mixing IN ('any', 'single-sex')),
    exclusive boolean NOT NULL,
    min_group whole NOT NULL CONSTRAINT unit_min_group CHECK (min_group >= 1),
    max_group whole,
    count_by text NOT NULL CONSTRAINT unit_count_by CHECK (count_by IN ('victim', 'request')),
    max_leg_days whole CONSTRAINT unit_max_leg_days CHECK (max_leg_days >= 1),
    daily_cost_cents whole NOT NULL,
    scarcity whole NOT NULL,
    CONSTRAINT unit_ages CHECK (min_age <= max_age),
    CONSTRAINT unit_group CHECK (min_group <= max_group)
);
COMMENT ON COLUMN unit.phases IS 'The phases admitted; null: all.';
COMMENT ON COLUMN unit.services IS 'On top of the shelter''s.';
COMMENT ON COLUMN unit.count_by IS 'What takes one bed: each victim, or all victims of one request together (a family unit).';
COMMENT ON COLUMN unit.max_leg_days IS 'A longer stay costs points as an overstay; null: no limit.';

CREATE TABLE bed_change (
    unit identifier NOT NULL CONSTRAINT bed_change_unit REFERENCES unit,
    from_date date NOT NULL CONSTRAINT bed_change_date CHECK (isfinite(from_date)),
    beds whole NOT NULL,
    reason text,
    source text NOT NULL CONSTRAINT bed_change_source CHECK (source IN ('country', 'report')),
    CONSTRAINT bed_change_key PRIMARY KEY (unit, from_date, source)
);
COMMENT ON TABLE bed_change IS
    'The number of beds of a unit from a date until its next change; before its first change it has none.';
COMMENT ON COLUMN bed_change.source IS
    'A country''s reference data, or a report of what there really is, which counts where both tell of the same date.';

CREATE TABLE funder (
    id identifier CONSTRAINT funder_key PRIMARY KEY,
    position integer NOT NULL CONSTRAINT funder_position_range CHECK (position >= 0),
    name text NOT NULL,
    phases phase[],
    bed_types bed_type[],
    registered_anywhere boolean NOT NULL,
    any_shelter_region boolean NOT NULL,
    min_age age,
    max_age age,
    pays_from date NOT NULL,
    pays_until date,
    max_days_per_victim whole,
    budget_cents cents,
    -- Deferrable, because a new order takes each place from another funder first.
    CONSTRAINT funder_position UNIQUE (position) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT funder_ages CHECK (min_age <= max_age),
    CONSTRAINT funder_window CHECK (isfinite(pays_from) AND isfinite(pays_until) AND pays_from <= pays_until)
);
COMMENT ON COLUMN funder.position IS 'Funders pay in this order: the first that accepts is the payer.';
COMMENT ON COLUMN funder.phases IS 'Phases of the victim; null: any.';
COMMENT ON COLUMN funder.bed_types IS 'Types of the unit''s beds; null: any.';
COMMENT ON COLUMN funder.registered_anywhere IS
    'True: wherever and whether or not the victim is registered. False: only when registered in one of its funder_region.';
COMMENT ON COLUMN funder.any_shelter_region IS
    'True: shelters anywhere. False: only shelters in one of its funder_region.';
COMMENT ON COLUMN funder.pays_until IS 'The first day on which it no longer pays; null: until further notice.';
COMMENT ON COLUMN funder.budget_cents IS 'What it can spend over a plan''s horizon; null: no limit.';

CREATE TABLE funder_region (
    funder identifier NOT NULL CONSTRAINT funder_region_funder REFERENCES funder,
    limits text NOT NULL CONSTRAINT funder_region_limits CHECK (limits IN ('registration', 'shelter')),
    region identifier NOT NULL CONSTRAINT funder_region_region REFERENCES region,
    CONSTRAINT funder_region_key PRIMARY KEY (funder, limits, region)
);
COMMENT ON TABLE funder_region IS
    'The regions to which a funder limits itself: of the victim''s registration, or of the shelter.';

CREATE TABLE planning_policy (
    singleton boolean DEFAULT true CONSTRAINT planning_policy_key PRIMARY KEY
        CONSTRAINT planning_policy_one_row CHECK (singleton),
    max_moves smallint NOT NULL CONSTRAINT planning_policy_max_moves CHECK (max_moves BETWEEN 0 AND 2),
    min_leg_days smallint NOT NULL CONSTRAINT planning_policy_min_leg_days CHECK (min_leg_days BETWEEN 1 AND 3660),
    unplaced_crisis whole NOT NULL,
    unplaced_urgent whole NOT NULL,
    unplaced_planned whole NOT NULL,
    wait_day_crisis whole NOT NULL,
    wait_day_urgent whole NOT NULL,
    wait_day_planned whole NOT NULL,
    out_of_region whole NOT NULL,
    travel_minute whole NOT NULL,
    move whole NOT NULL,
    overstay_day whole NOT NULL,
    unfunded_day whole NOT NULL,
    over_budget_euro whole NOT NULL,
    over_security_day whole NOT NULL
);
COMMENT ON TABLE planning_policy IS
    'One row: how often people may be moved, and what a plan pays (in points) for what it does less well.';
