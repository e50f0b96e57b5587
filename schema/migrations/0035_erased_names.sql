-- A case that was erased does not come back under its old name, by an instance that was kept in a file or a plan that was
-- under way. The trail knows the names; nothing else does.

CREATE FUNCTION victim_erased() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM audit.entry AS e WHERE e.victim = NEW.id AND e.action = 'erase' AND e.relation = 'victim')
    THEN
        PERFORM refuse('victim', 'victim_erased', 'a case of that name was erased');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER victim_erased AFTER INSERT ON victim FOR EACH ROW EXECUTE FUNCTION victim_erased();

CREATE FUNCTION request_erased() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM audit.entry AS e
        WHERE e.request = NEW.id AND e.relation = 'request' AND e.action = 'update' AND 'id' = ANY (e.fields))
    THEN
        PERFORM refuse('request', 'request_erased', 'a request of that name was of a case that was erased');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER request_erased AFTER INSERT ON request FOR EACH ROW EXECUTE FUNCTION request_erased();

-- Whoever is about to keep a run with the case in it waits, and then finds it gone.
CREATE OR REPLACE FUNCTION access.runs_naming(of_victim text) RETURNS TABLE (run bigint, instance bytea, plan bytea)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
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

SELECT access.take_ownership();
