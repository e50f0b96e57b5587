-- A group is announced when it is announced, and its notice counts for another day as well: whoever writes, the terms of
-- desk_policy hold for the action as it is in the end.

CREATE FUNCTION planned_action_made() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.made_at := CASE TG_OP WHEN 'INSERT' THEN ledger_now() ELSE OLD.made_at END;
    RETURN NEW;
END $$;
CREATE TRIGGER planned_action_made BEFORE INSERT OR UPDATE OF made_at ON planned_action
    FOR EACH ROW EXECUTE FUNCTION planned_action_made();

CREATE OR REPLACE FUNCTION planned_action_notice() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
CREATE CONSTRAINT TRIGGER planned_action_notice AFTER UPDATE OF days ON planned_action
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.days <> NEW.days) EXECUTE FUNCTION planned_action_notice();

SELECT access.take_ownership();
