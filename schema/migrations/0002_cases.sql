-- Who needs or has a place. Victims are pseudonyms: no table of this schema holds a name or an address of a person.

CREATE TABLE victim (
    id identifier CONSTRAINT victim_key PRIMARY KEY,
    sex sex NOT NULL,
    birth_date date NOT NULL CONSTRAINT victim_birth_date CHECK (isfinite(birth_date)),
    security_min smallint NOT NULL,
    security_max smallint NOT NULL,
    payers_from date NOT NULL CONSTRAINT victim_payers_from CHECK (isfinite(payers_from)),
    CONSTRAINT victim_security CHECK (1 <= security_min AND security_min <= security_max AND security_max <= 4)
);
COMMENT ON COLUMN victim.id IS 'A pseudonym.';
COMMENT ON COLUMN victim.security_min IS 'With security_max: the security levels of shelters that are allowed.';
COMMENT ON COLUMN victim.payers_from IS
    'Days in shelter before this date are in paid_days; who paid for later ones follows from the rule of payers.';

CREATE TABLE victim_phase (
    victim identifier NOT NULL CONSTRAINT victim_phase_victim REFERENCES victim,
    from_date date NOT NULL CONSTRAINT victim_phase_date CHECK (isfinite(from_date)),
    phase phase NOT NULL,
    CONSTRAINT victim_phase_key PRIMARY KEY (victim, from_date)
);
COMMENT ON TABLE victim_phase IS
    'The phase of a victim''s right of residence from a date until the next; the first also holds before.';

CREATE TABLE victim_need (
    victim identifier NOT NULL CONSTRAINT victim_need_victim REFERENCES victim,
    service text COLLATE "C" NOT NULL,
    CONSTRAINT victim_need_key PRIMARY KEY (victim, service)
);

CREATE TABLE victim_registration (
    victim identifier NOT NULL CONSTRAINT victim_registration_victim REFERENCES victim,
    region identifier NOT NULL CONSTRAINT victim_registration_region REFERENCES region,
    days daterange NOT NULL CONSTRAINT victim_registration_days CHECK (NOT isempty(days)),
    CONSTRAINT victim_registration_once EXCLUDE USING gist (victim WITH =, days WITH &&)
);
COMMENT ON TABLE victim_registration IS 'Where a victim is registered as a resident; on other days nowhere.';

CREATE TABLE avoided_region (
    victim identifier NOT NULL CONSTRAINT avoided_region_victim REFERENCES victim,
    region identifier NOT NULL CONSTRAINT avoided_region_region REFERENCES region,
    days daterange NOT NULL CONSTRAINT avoided_region_days CHECK (NOT isempty(days)),
    CONSTRAINT avoided_region_once EXCLUDE USING gist (victim WITH =, region WITH =, days WITH &&)
);

CREATE TABLE avoided_shelter (
    victim identifier NOT NULL CONSTRAINT avoided_shelter_victim REFERENCES victim,
    shelter identifier NOT NULL CONSTRAINT avoided_shelter_shelter REFERENCES shelter,
    days daterange NOT NULL CONSTRAINT avoided_shelter_days CHECK (NOT isempty(days)),
    CONSTRAINT avoided_shelter_once EXCLUDE USING gist (victim WITH =, shelter WITH =, days WITH &&)
);

CREATE TABLE investigation (
    victim identifier NOT NULL CONSTRAINT investigation_victim REFERENCES victim,
    region identifier NOT NULL CONSTRAINT investigation_region REFERENCES region,
    max_travel_minutes whole,
    days daterange NOT NULL CONSTRAINT investigation_days CHECK (NOT isempty(days)),
    CONSTRAINT investigation_once EXCLUDE USING gist (victim WITH =, days WITH &&)
);
COMMENT ON COLUMN investigation.max_travel_minutes IS
    'The longest journey from the shelter''s region to the investigation''s; null: no limit.';

CREATE TABLE no_contact (
    a identifier NOT NULL CONSTRAINT no_contact_a REFERENCES victim,
    b identifier NOT NULL CONSTRAINT no_contact_b REFERENCES victim,
    scope text NOT NULL CONSTRAINT no_contact_scope CHECK (scope IN ('unit', 'shelter', 'region')),
    days daterange NOT NULL CONSTRAINT no_contact_days CHECK (NOT isempty(days)),
    CONSTRAINT no_contact_distinct CHECK (a <> b),
    CONSTRAINT no_contact_once EXCLUDE USING gist (
        (least(a, b)) WITH =, (greatest(a, b)) WITH =, scope WITH =, days WITH &&)
);
COMMENT ON TABLE no_contact IS 'Two victims who must not be in one unit, shelter or region on the same day.';

CREATE TABLE paid_days (
    victim identifier NOT NULL CONSTRAINT paid_days_victim REFERENCES victim,
    funder identifier NOT NULL CONSTRAINT paid_days_funder REFERENCES funder,
    days whole NOT NULL,
    CONSTRAINT paid_days_key PRIMARY KEY (victim, funder)
);
COMMENT ON TABLE paid_days IS 'Days that a funder paid for a victim before victim.payers_from.';

CREATE TABLE request (
    id identifier CONSTRAINT request_key PRIMARY KEY,
    together text NOT NULL CONSTRAINT request_together CHECK (together IN ('unit', 'shelter')),
    urgency text NOT NULL CONSTRAINT request_urgency CHECK (urgency IN ('crisis', 'urgent', 'planned')),
    known_from date NOT NULL,
    needed_from date NOT NULL,
    latest_start date NOT NULL,
    stay_days whole NOT NULL CONSTRAINT request_stay_days CHECK (stay_days >= 1),
    preferred_region identifier CONSTRAINT request_preferred_region REFERENCES region,
    no_move_before date CONSTRAINT request_no_move_before CHECK (isfinite(no_move_before)),
    transfer_wanted boolean NOT NULL,
    CONSTRAINT request_dates CHECK (
        isfinite(known_from) AND isfinite(latest_start) AND known_from <= needed_from AND needed_from <= latest_start)
);
COMMENT ON COLUMN request.together IS 'Where its victims must be together.';
COMMENT ON COLUMN request.known_from IS 'The day on which the desk learns of it.';
COMMENT ON COLUMN request.needed_from IS
    'With latest_start: the days on which it may start; of one that is under way, the day since which this is on record.';
COMMENT ON COLUMN request.stay_days IS 'Counted from the start; once there are stays, they say how long.';
COMMENT ON COLUMN request.no_move_before IS 'A hold: once placed, its victims are not moved before this day.';
COMMENT ON COLUMN request.transfer_wanted IS
    'Once placed, its victims stay where they are unless this is true; then plans may move them.';

-- A victim is in one request. A later migration can let a request end and the same victim come back in another.
CREATE TABLE request_victim (
    request identifier NOT NULL CONSTRAINT request_victim_request REFERENCES request,
    victim identifier NOT NULL CONSTRAINT request_victim_victim REFERENCES victim,
    CONSTRAINT request_victim_key PRIMARY KEY (request, victim),
    CONSTRAINT request_victim_once UNIQUE (victim)
);

CREATE TABLE stay (
    request identifier NOT NULL,
    victim identifier NOT NULL,
    unit identifier NOT NULL CONSTRAINT stay_unit REFERENCES unit,
    days daterange NOT NULL CONSTRAINT stay_days CHECK (
        (isfinite(lower(days)) AND isfinite(upper(days))) IS TRUE),
    moves_made whole NOT NULL,
    arrived boolean NOT NULL,
    CONSTRAINT stay_key PRIMARY KEY (request, victim, moves_made),
    CONSTRAINT stay_victim FOREIGN KEY (request, victim) REFERENCES request_victim,
    CONSTRAINT stay_one_place EXCLUDE USING gist (victim WITH =, days WITH &&)
);
CREATE INDEX stay_by_unit ON stay (unit);
COMMENT ON TABLE stay IS
    'A victim in a unit: where people were and are, and what has been agreed on. Consecutive stays of one request are legs.';
COMMENT ON COLUMN stay.moves_made IS 'How often this placement had been moved when the stay began, that move included.';
COMMENT ON COLUMN stay.arrived IS
    'Whether the victim came. Without that, a stay is an agreement until its first day is over, and then taken to have begun.';
