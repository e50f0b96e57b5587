-- An offer is made and taken back by somebody, as it is declined by somebody: in a transaction of the program for nobody, whether
-- the case is of who acts was neither true nor false, and passed. Whoever owns the database, and acts as nobody, writes what is
-- so; what a step brings with it, a sibling taken back when another is accepted, is the step's.

CREATE OR REPLACE FUNCTION offer_by_whom_it_concerns() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF pg_trigger_depth() = 1 AND (TG_OP = 'INSERT' OR NEW.state IN ('declined', 'cancelled'))
        AND NOT coalesce(
            actor_role(current_actor()) = 'desk' OR request_is_of(NEW.request, current_actor()),
            access.acting_as('service') IS NULL)
    THEN
        PERFORM refuse(
            'offer', 'offer_actor', coalesce('the request is no case of ' || current_actor(), 'nobody acts'));
    END IF;
    RETURN NEW;
END $$;
