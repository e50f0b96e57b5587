-- Planning on the ledger: a queue of runs, and what becomes of their proposals.

CREATE TABLE plan_job (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT plan_job_key PRIMARY KEY,
    asked_at timestamptz NOT NULL DEFAULT now(),
    asked_by actor,
    start_date date NOT NULL CONSTRAINT plan_job_start_date CHECK (isfinite(start_date)),
    days smallint NOT NULL CONSTRAINT plan_job_days CHECK (days BETWEEN 1 AND 3660),
    seed bigint NOT NULL,
    time_limit_seconds double precision CONSTRAINT plan_job_time_limit CHECK (time_limit_seconds > 0),
    iteration_limit bigint CONSTRAINT plan_job_iteration_limit CHECK (iteration_limit >= 0),
    state text NOT NULL DEFAULT 'queued' CONSTRAINT plan_job_state CHECK (state IN ('queued', 'running', 'done', 'failed')),
    worker uuid,
    heartbeat_at timestamptz,
    attempts smallint NOT NULL DEFAULT 0,
    run bigint CONSTRAINT plan_job_run REFERENCES plan_run,
    failure text,
    CONSTRAINT plan_job_worker CHECK (state <> 'running' OR num_nulls(worker, heartbeat_at) = 0),
    CONSTRAINT plan_job_outcome CHECK ((state = 'done') = (run IS NOT NULL) AND (state = 'failed') = (failure IS NOT NULL))
);
CREATE INDEX plan_job_waiting ON plan_job (id) WHERE state IN ('queued', 'running');
COMMENT ON TABLE plan_job IS 'Runs that were asked for; planners take them one at a time, and one another''s when a heart stops.';
COMMENT ON COLUMN plan_job.heartbeat_at IS 'By the server''s clock, whatever day a demonstration lives on.';

ALTER TABLE proposal
    ADD published_at timestamptz,
    ADD dropped text,
    ADD CONSTRAINT proposal_fate CHECK (published_at IS NULL OR dropped IS NULL);
COMMENT ON COLUMN proposal.published_at IS 'When it was put before people.';
COMMENT ON COLUMN proposal.dropped IS 'Why it was not: what it rests on had changed. The code of a rule, or request.';
CREATE INDEX proposal_published ON proposal (request, run) WHERE published_at IS NOT NULL AND placed;

-- What is late, whom it waits for being plain from what it is.
CREATE VIEW overdue AS
SELECT 'offer-answer' AS task, o.request, o.id::text AS subject, o.answer_by AS due
FROM offer AS o WHERE o.state = 'open' AND o.answer_by <= ledger_now()
UNION ALL
SELECT 'place', r.id, r.id, due('place', r.urgency, r.submitted_at)
FROM request AS r
WHERE r.state IN ('submitted', 'unplaced', 'proposed', 'offered') AND due('place', r.urgency, r.submitted_at) <= ledger_now()
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
COMMENT ON VIEW overdue IS
    'offer-answer: nobody answered; place: a request waits too long; night-confirmation: the morning has not looked; handover: the checklist is not complete; end: the agreed end is past.';
