-- What was planned when, of what, and what it proposed.

CREATE TABLE plan_run (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT plan_run_key PRIMARY KEY,
    kept_at timestamptz NOT NULL DEFAULT now(),
    start_date date NOT NULL CONSTRAINT plan_run_start_date CHECK (isfinite(start_date)),
    days smallint NOT NULL CONSTRAINT plan_run_days CHECK (days BETWEEN 1 AND 3660),
    seed bigint NOT NULL,
    time_limit_seconds double precision CONSTRAINT plan_run_time_limit CHECK (time_limit_seconds >= 0),
    iteration_limit bigint CONSTRAINT plan_run_iteration_limit CHECK (iteration_limit >= 0),
    version text NOT NULL,
    engine text NOT NULL,
    seconds double precision NOT NULL CONSTRAINT plan_run_seconds CHECK (seconds >= 0),
    status text NOT NULL CONSTRAINT plan_run_status CHECK (status IN ('optimal', 'feasible')),
    cut boolean NOT NULL,
    objective bigint NOT NULL,
    bound bigint,
    instance bytea NOT NULL,
    plan bytea NOT NULL,
    CONSTRAINT plan_run_bound CHECK (bound <= objective)
);
COMMENT ON COLUMN plan_run.time_limit_seconds IS 'With iteration_limit and seed: what the planner was told; null: no limit.';
COMMENT ON COLUMN plan_run.cut IS 'Whether the clock or an interrupt ended it, so that a replay may give another plan.';
COMMENT ON COLUMN plan_run.instance IS 'The instance as planned (onderdak-instance/1), byte for byte.';
COMMENT ON COLUMN plan_run.plan IS 'The plan (onderdak-plan/1), byte for byte.';

CREATE TABLE proposal (
    run bigint NOT NULL CONSTRAINT proposal_run REFERENCES plan_run,
    request identifier NOT NULL CONSTRAINT proposal_request REFERENCES request,
    placed boolean NOT NULL,
    CONSTRAINT proposal_key PRIMARY KEY (run, request),
    -- Says nothing by itself; proposal_stay and proposal_reason refer to it.
    CONSTRAINT proposal_outcome UNIQUE (run, request, placed)
);
CREATE INDEX proposal_by_request ON proposal (request);
COMMENT ON TABLE proposal IS 'What a run proposes for a request that nobody has decided on yet: stays, or none and why.';

CREATE TABLE proposal_stay (
    run bigint NOT NULL,
    request identifier NOT NULL,
    placed boolean NOT NULL DEFAULT true CONSTRAINT proposal_stay_placed CHECK (placed),
    victim identifier NOT NULL,
    unit identifier NOT NULL CONSTRAINT proposal_stay_unit REFERENCES unit,
    days daterange NOT NULL CONSTRAINT proposal_stay_days CHECK (
        (isfinite(lower(days)) AND isfinite(upper(days))) IS TRUE),
    CONSTRAINT proposal_stay_proposal FOREIGN KEY (run, request, placed) REFERENCES proposal (run, request, placed),
    CONSTRAINT proposal_stay_victim FOREIGN KEY (request, victim) REFERENCES request_victim,
    CONSTRAINT proposal_stay_one_place EXCLUDE USING gist (run WITH =, victim WITH =, days WITH &&)
);

CREATE TABLE proposal_reason (
    run bigint NOT NULL,
    request identifier NOT NULL,
    placed boolean NOT NULL DEFAULT false CONSTRAINT proposal_reason_unplaced CHECK (NOT placed),
    position integer NOT NULL CONSTRAINT proposal_reason_position CHECK (position >= 0),
    code text NOT NULL,
    detail text NOT NULL,
    CONSTRAINT proposal_reason_key PRIMARY KEY (run, request, position),
    CONSTRAINT proposal_reason_proposal FOREIGN KEY (run, request, placed) REFERENCES proposal (run, request, placed)
);
