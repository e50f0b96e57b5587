-- Questions about plans, answered by planners, which are processes of their own, as plans are made: what computes would keep
-- a server's other requests waiting.

-- In no write-ahead log and no backup, and gone with a crash: whoever asked asks again.
CREATE UNLOGGED TABLE plan_question (
    -- Drawn and not counted: numbers would begin anew after a crash, and one's answer would be another's.
    id uuid CONSTRAINT plan_question_key PRIMARY KEY,
    asked_at timestamptz NOT NULL DEFAULT now(),
    asked_by actor NOT NULL,
    wanted_until timestamptz NOT NULL,
    run bigint NOT NULL,
    request identifier NOT NULL,
    question jsonb NOT NULL,
    worker uuid,
    heartbeat_at timestamptz,
    attempts smallint NOT NULL DEFAULT 0,
    answer jsonb,
    CONSTRAINT plan_question_worker CHECK (num_nulls(worker, heartbeat_at) <> 1 AND (answer IS NULL OR worker IS NOT NULL))
);
COMMENT ON TABLE plan_question IS
    'Questions about what a run has for a request; each is there for as long as somebody waits for its answer.';
COMMENT ON COLUMN plan_question.asked_by IS 'With whose rights it is answered.';
COMMENT ON COLUMN plan_question.wanted_until IS 'By the server''s clock, like all times here.';

-- What only the program handles
SELECT access.open_to_service('plan_question');

SELECT access.take_ownership();
