-- An offer is declined by somebody: in a transaction of the program for nobody, whether who acts may decline was neither true
-- nor false, and passed. Whoever owns the database, and acts as nobody, writes what is so.

DO $$
DECLARE
    before CONSTANT text := 'NOT offer_may_decline(NEW, current_actor())';
    after CONSTANT text :=
        'NOT coalesce(offer_may_decline(NEW, current_actor()), access.acting_as(''service'') IS NULL)';
    written text := pg_get_functiondef(to_regproc('public.offer_legal_step'));
BEGIN
    IF position(before IN written) = 0 THEN
        RAISE EXCEPTION 'offer_legal_step does not ask who may decline as it did';
    END IF;
    EXECUTE replace(written, before, after);
END
$$;
