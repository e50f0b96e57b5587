-- In a transaction of the program for nobody, nobody acts, and so nothing is somebody's doing either: what was compared with
-- who acts compared with NULL there, and passed. And what else was told to more people than it is meant for.

-- Whether something is the doing of who acts. Whoever owns the database, and acts as nobody, writes what is so.
CREATE FUNCTION is_who_acts(who actor) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN coalesce(who = current_actor(), access.acting_as('service') IS NULL);

DO $$
DECLARE
    change record;
    written text;
BEGIN
    FOR change IN
        SELECT * FROM (VALUES
            ('offer_approval_role', 'NEW.given_by <> current_actor()', 'NOT is_who_acts(NEW.given_by)'),
            ('offer_of_open_request', 'NEW.made_by <> current_actor()', 'NOT is_who_acts(NEW.made_by)'),
            ('offer_legal_step', 'NEW.answered_by <> current_actor()',
                'NEW.answered_by IS NOT NULL AND NOT is_who_acts(NEW.answered_by)'),
            ('night_placement_actor', 'NEW.placed_by <> current_actor()', 'NOT is_who_acts(NEW.placed_by)'),
            ('night_placement_actor', 'NEW.confirmed_by <> current_actor()', 'NOT is_who_acts(NEW.confirmed_by)'),
            -- What the program finds by itself, it reports itself (report_excess).
            ('capacity_report_actor', 'NEW.source <> current_actor()',
                'NOT is_who_acts(NEW.source) AND (current_actor() IS NOT NULL OR NEW.source <> ''admin/onderdak'')')
        ) AS c(function, before, after)
    LOOP
        written := pg_get_functiondef(to_regproc('public.' || change.function));
        IF position(change.before IN written) = 0 THEN
            RAISE EXCEPTION '% does not ask who acts as it did', change.function;
        END IF;
        EXECUTE replace(written, change.before, change.after);
    END LOOP;
END
$$;

-- Told as what an offer waits for is. First whether there is anything to tell: there hardly ever is, and it costs less.
CREATE OR REPLACE FUNCTION offer_lacks_guardian(of_offer bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN CASE WHEN EXISTS (SELECT FROM offer_without_guardian(of_offer))
    THEN EXISTS (SELECT FROM access.offer_missing(of_offer) AS m WHERE m.approval = 'guardianship')
    ELSE false END;

-- That somebody cannot leave because of their health is told to whom their health is.
DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['desk', 'coordinator', 'shelter', 'police', 'guardian'] LOOP
        EXECUTE format(
            'CREATE POLICY %1$s_reads_health ON outflow_block AS RESTRICTIVE FOR SELECT TO onderdak_%1$s USING ('
            'cause <> ''health'' OR (SELECT access.discloses_all(%1$L, ''health''))'
            ' OR request IN (SELECT access.disclosed_requests(%1$L, ''health'')))', role);
    END LOOP;
END
$$;

COMMENT ON VIEW overdue IS
    'offer-answer: nobody answered; guardian: an offer waits for a guardian of whom nobody is on record; place: a request waits too long; night-confirmation: the morning has not looked; handover: the checklist is not complete; end: the agreed end is past.';

SELECT access.take_ownership();
