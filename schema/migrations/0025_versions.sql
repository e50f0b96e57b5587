-- Versions of what two people may change: whoever changes something says which version of it they saw, and is refused when
-- it is another one by now. They count from 1, by one at each change.
--
-- A placement is its request with what hangs on it: stays, transfer, outflow, holds on moves. What is known of a unit's
-- beds has its version already: the unit's turn (0005), which every report, stay and hold moves on.

CREATE FUNCTION count_version() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;

DO $$
DECLARE
    changed text;
    reader record;
BEGIN
    FOREACH changed IN ARRAY ARRAY['request', 'offer', 'hold', 'planned_action', 'transfer', 'coverage'] LOOP
        EXECUTE format('ALTER TABLE %I ADD version bigint NOT NULL DEFAULT 1', changed);
        -- The last of the triggers before a change, so that what the others change counts.
        EXECUTE format(
            'CREATE TRIGGER version_counted BEFORE UPDATE ON %I FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) '
            'EXECUTE FUNCTION count_version()', changed);
        -- Whoever sees the row sees its version.
        FOR reader IN
            SELECT DISTINCT grantee FROM information_schema.column_privileges
            WHERE table_schema = 'public' AND table_name = changed AND column_name = 'id' AND privilege_type = 'SELECT'
                AND grantee LIKE 'onderdak\_%' AND grantee <> 'onderdak_owner'
        LOOP
            EXECUTE format('GRANT SELECT (version) ON %I TO %I', changed, reader.grantee);
        END LOOP;
    END LOOP;
END
$$;
COMMENT ON COLUMN request.version IS 'Moves on with its stays, transfers, outflow and holds on moves as well.';

CREATE FUNCTION request_version_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE request SET version = version + 1
    WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.request ELSE NEW.request END;
    RETURN NULL;
END $$;
CREATE FUNCTION offer_version_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE offer SET version = version + 1 WHERE id = NEW.offer;
    RETURN NULL;
END $$;
DO $$
DECLARE
    changed text;
BEGIN
    FOREACH changed IN ARRAY ARRAY['stay', 'transfer', 'outflow', 'outflow_block', 'move_hold', 'night_placement'] LOOP
        EXECUTE format(
            'CREATE TRIGGER version_follows AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW '
            'EXECUTE FUNCTION request_version_follow()', changed);
    END LOOP;
    FOREACH changed IN ARRAY ARRAY['offer_approval', 'rule_override'] LOOP
        EXECUTE format(
            'CREATE TRIGGER version_follows AFTER INSERT OR UPDATE ON %I FOR EACH ROW '
            'EXECUTE FUNCTION offer_version_follow()', changed);
    END LOOP;
    -- What hangs on them has entries of its own in the trail; that only their version moved on is none.
    FOREACH changed IN ARRAY ARRAY['request', 'offer'] LOOP
        EXECUTE format('DROP TRIGGER audited ON %I', changed);
        EXECUTE format(
            'CREATE TRIGGER audited AFTER INSERT OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION audit.note_change()', changed);
        EXECUTE format(
            'CREATE TRIGGER audited_change AFTER UPDATE ON %I '
            'FOR EACH ROW WHEN (to_jsonb(OLD) - ''version'' IS DISTINCT FROM to_jsonb(NEW) - ''version'') '
            'EXECUTE FUNCTION audit.note_change()', changed);
    END LOOP;
END
$$;

CREATE FUNCTION unit_version(of_unit text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog
BEGIN ATOMIC
    SELECT t.turn FROM unit_turn AS t WHERE t.unit = of_unit;
END;
COMMENT ON FUNCTION unit_version IS 'The version of what is known of a unit''s beds: reports, and what is taken and held.';

-- What is asked for page by page: the order of each list, from any place in it.
CREATE FUNCTION urgency_rank(urgency text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog
    RETURN array_position(ARRAY['crisis', 'urgent', 'planned'], urgency);
-- The rows that are there are indexed with the owner's rights.
SELECT access.take_ownership();
CREATE INDEX request_list ON request (urgency_rank(urgency), needed_from, id);
CREATE INDEX offer_list ON offer (answer_by, id);
CREATE INDEX offer_stay_by_offer ON offer_stay (offer);
CREATE INDEX hold_list ON hold (unit, lower(days), id) WHERE released_at IS NULL;
CREATE INDEX night_placement_list ON night_placement (placed_at, request);
CREATE INDEX unit_by_shelter ON unit (shelter);
CREATE INDEX entry_by_request ON audit.entry (request, number) WHERE request IS NOT NULL;

GRANT EXECUTE ON FUNCTION urgency_rank, unit_version TO
    onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_admin;
