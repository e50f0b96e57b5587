-- That a unit's figures have become too old is an event, told once for each time that they do.

ALTER TABLE unit_reporting ADD stale_since timestamptz;
COMMENT ON COLUMN unit_reporting.stale_since IS
    'Since when its figures are too old, once that was told (capacity-stale); null: they are not, or nobody has noticed yet.';

CREATE FUNCTION tell_stale_capacity() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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

CREATE FUNCTION capacity_report_fresh() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE unit_reporting SET stale_since = NULL WHERE unit = NEW.unit AND stale_since IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER capacity_report_fresh AFTER INSERT ON capacity_report FOR EACH ROW WHEN (NOT NEW.late)
    EXECUTE FUNCTION capacity_report_fresh();

-- What happens by itself when its time has come.
CREATE OR REPLACE FUNCTION sweep() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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

SELECT access.take_ownership();
