-- Whose a case, a hold or an action is, is asked of whoever talks SQL as the program's own role as well; and rights that nobody
-- needs are taken away, from the program, from the operator, and from who has a case.

-- Erasing

-- To erase a case takes its facts out of stored runs, which are about all cases at once: the program does that, for whom it has
-- asked whether they may.
REVOKE EXECUTE ON FUNCTION access.erase_case, access.requests_alone, access.runs_naming, access.blank_run
    FROM onderdak_desk, onderdak_coordinator;

-- What is sealed goes when it is due; with its case it goes by access.erase_case.
CREATE OR REPLACE FUNCTION access.erase_confidential(of_victim text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF access.acting_as('service') IS NULL THEN
        RAISE insufficient_privilege USING CONSTRAINT = 'retention_role', MESSAGE =
            'what is kept for how long is for the program to see to';
    END IF;
    DELETE FROM confidential.victim_field WHERE victim = of_victim AND EXISTS (
        SELECT FROM retention_due AS d WHERE d.subject = 'confidential' AND d.object = of_victim);
END
$$;

-- What another key sealed is read by whoever asks for it, to seal it anew or not.
DO $$
DECLARE
    written text := pg_get_functiondef('confidential.sealed_otherwise'::regproc);
BEGIN
    IF position('    RETURN QUERY' IN written) = 0 THEN
        RAISE EXCEPTION 'confidential.sealed_otherwise does not give what it gave';
    END IF;
    EXECUTE regexp_replace(
        written, '    RETURN QUERY', E'    PERFORM audit.note(''rotate'', ''confidential'', NULL, NULL, current_key);\n    RETURN QUERY');
END
$$;

-- Why and to whom a case is opened, access.break_glass writes down and tells the auditor; what is over is withdrawn.
REVOKE INSERT, UPDATE, DELETE ON access.break_glass FROM onderdak_service;
REVOKE UPDATE, DELETE ON access.legal_basis FROM onderdak_service;

-- Whoever repeats within a day does nothing twice.
UPDATE retention_rule SET keep = '24 hours' WHERE subject = 'command' AND keep < interval '24 hours';
ALTER TABLE retention_rule ADD CONSTRAINT retention_rule_command CHECK (
    subject <> 'command' OR keep >= interval '24 hours');

-- Cases

-- Whether a victim is a case of somebody's: theirs to care for, in a request that is under way and that they deal with, or
-- brought by them and in no request yet but a night's.
CREATE FUNCTION victim_is_of(of_victim identifier, who actor) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN actor_role(who) = 'desk'
    OR EXISTS (
        SELECT FROM case_coordinator AS c WHERE c.victim = of_victim AND 'coordinator/' || c.coordinator = who)
    OR EXISTS (
        SELECT FROM police_case AS p
        WHERE p.victim = of_victim AND 'police/' || p.police = who AND p.days @> ledger_today())
    OR EXISTS (
        SELECT FROM guardianship AS g
        WHERE g.victim = of_victim AND 'guardian/' || g.guardian = who AND g.days @> ledger_today())
    OR EXISTS (
        SELECT FROM request_victim AS m
        WHERE m.victim = of_victim AND NOT m.closed AND request_concerns(m.request, who)
            -- Who brings another's case for a night has it no longer than that; the shelter has them in its bed.
            AND (NOT m.night OR actor_role(who) = 'shelter'))
    OR NOT EXISTS (SELECT FROM request_victim AS m WHERE m.victim = of_victim AND NOT m.night) AND EXISTS (
        SELECT FROM audit.entry AS e
        WHERE e.victim = of_victim AND e.relation = 'victim' AND e.action = 'insert'
            AND e.actor IN (who, 'service/' || who));

-- Whether what is done about a request is done by who has the case. Whoever owns the database, and acts as nobody, writes what
-- is so.
CREATE FUNCTION is_case_of_who_acts(of_request identifier) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN coalesce(
    request_concerns(of_request, current_actor())
    -- To whom a move brings somebody, while it is made; and not from where they have moved on.
    OR EXISTS (
        SELECT FROM offer AS o JOIN offer_stay AS s ON s.offer = o.id JOIN unit AS u ON u.id = s.unit
        WHERE o.request = of_request AND o.state = 'accepted' AND 'shelter/' || u.shelter = current_actor()
            AND NOT EXISTS (
                SELECT FROM stay AS l JOIN unit AS n ON n.id = l.unit
                WHERE l.request = of_request AND l.victim = s.victim AND n.shelter <> u.shelter
                    AND lower(l.days) > lower(s.days))),
    access.acting_as('service') IS NULL);

-- In a request one puts whom one has: who is put in it becomes the case of who made it, or of who has the bed. Of a night's,
-- which has no region, only the last is so: there police and coordinators bring whomever they have found.
CREATE FUNCTION request_victim_actor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Facts are taken in for nobody.
    IF current_actor() IS NOT NULL AND NOT victim_is_of(NEW.victim, current_actor())
        AND NOT (actor_role(current_actor()) IN ('police', 'coordinator')
            AND EXISTS (
                SELECT FROM request AS r
                WHERE r.id = NEW.request AND r.night AND r.state = 'placed' AND r.region IS NULL))
    THEN
        PERFORM refuse('request_victim', 'case_actor', 'the victim is no case of ' || current_actor());
    END IF;
    RETURN NEW;
END $$;
-- Before, when nobody is a case of somebody because of this very request.
CREATE TRIGGER request_victim_actor BEFORE INSERT ON request_victim
    FOR EACH ROW EXECUTE FUNCTION request_victim_actor();

-- Who sees to a case says so of victims whom they have.
CREATE FUNCTION victim_of_who_acts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    named CONSTANT text := CASE TG_TABLE_NAME WHEN 'victim' THEN to_jsonb(NEW) ->> 'id' ELSE to_jsonb(NEW) ->> 'victim' END;
BEGIN
    -- Whoever writes as their own role is told by its policies.
    IF access.acting_as('service') IS NOT NULL AND current_actor() IS NOT NULL AND NOT victim_is_of(named, current_actor()) THEN
        PERFORM refuse('victim', 'case_actor', 'the victim is no case of ' || current_actor());
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER victim_of_who_acts BEFORE INSERT ON police_case FOR EACH ROW EXECUTE FUNCTION victim_of_who_acts();
CREATE TRIGGER victim_of_who_acts BEFORE INSERT ON guardianship FOR EACH ROW EXECUTE FUNCTION victim_of_who_acts();
CREATE TRIGGER victim_of_who_acts BEFORE UPDATE OF region ON victim FOR EACH ROW WHEN (OLD.region IS DISTINCT FROM NEW.region)
    EXECUTE FUNCTION victim_of_who_acts();

-- Of a request the program writes its state; whose it is, and for whom and when, is said when it is made.
REVOKE UPDATE ON request FROM onderdak_service;
GRANT UPDATE (state, state_reason, no_move_before) ON request TO onderdak_service;
CREATE FUNCTION request_no_move_actor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT coalesce(actor_role(current_actor()) = 'desk', access.acting_as('service') IS NULL) THEN
        PERFORM refuse('request', 'owner_actor', 'a hold on moves that is nobody''s the desk lifts');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER request_no_move_actor BEFORE UPDATE OF no_move_before ON request FOR EACH ROW
    WHEN (OLD.no_move_before IS DISTINCT FROM NEW.no_move_before) EXECUTE FUNCTION request_no_move_actor();

-- Stays, moves, the way out, and beds that are kept for a request. Names, and what people wrote, change when a case is erased.
CREATE FUNCTION case_of_who_acts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    concerned CONSTANT text := CASE TG_OP WHEN 'DELETE' THEN OLD.request ELSE NEW.request END;
BEGIN
    -- What a step of the request brings with it is the step's.
    IF pg_trigger_depth() = 1 AND NOT is_case_of_who_acts(concerned) THEN
        PERFORM refuse('request', 'case_actor', coalesce('the request is no case of ' || current_actor(), 'nobody acts'));
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER case_of_who_acts BEFORE UPDATE OF unit, days, moves_made, origin, overrides, offer ON stay
    FOR EACH ROW EXECUTE FUNCTION case_of_who_acts();
CREATE TRIGGER case_of_who_acts BEFORE INSERT OR UPDATE OF ready_since, pass_received, registered, house_found ON outflow
    FOR EACH ROW EXECUTE FUNCTION case_of_who_acts();
CREATE TRIGGER case_of_who_acts BEFORE INSERT OR UPDATE OF cause, days OR DELETE ON outflow_block
    FOR EACH ROW EXECUTE FUNCTION case_of_who_acts();
CREATE TRIGGER case_of_who_acts BEFORE INSERT ON move_hold FOR EACH ROW EXECUTE FUNCTION case_of_who_acts();
CREATE TRIGGER case_of_who_acts BEFORE INSERT OR UPDATE OF state, offer, dossier_sent_at, dossier_sent_by, dossier_received_at,
    dossier_received_by, medication_at, medication_by, transport_from, transport_to, transport_at, transport_by ON transfer
    FOR EACH ROW EXECUTE FUNCTION case_of_who_acts();
CREATE TRIGGER case_of_who_acts BEFORE INSERT ON hold FOR EACH ROW WHEN (NEW.request IS NOT NULL)
    EXECUTE FUNCTION case_of_who_acts();
REVOKE DELETE ON outflow FROM onderdak_service;
REVOKE UPDATE ON outflow, outflow_block, transfer FROM onderdak_service;
GRANT UPDATE (ready_since, pass_received, registered, house_found) ON outflow TO onderdak_service;
GRANT UPDATE (cause, days) ON outflow_block TO onderdak_service;
GRANT UPDATE (state, offer, dossier_sent_at, dossier_sent_by, dossier_received_at, dossier_received_by, medication_at,
    medication_by, transport_from, transport_to, transport_at, transport_by) ON transfer TO onderdak_service;

-- What is said to be somebody's, of a transfer too.
CREATE FUNCTION transfer_actor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NOT is_who_acts(NEW.wanted_by)
        OR TG_OP = 'UPDATE' AND (
            NEW.dossier_sent_by IS DISTINCT FROM OLD.dossier_sent_by AND NOT is_who_acts(NEW.dossier_sent_by)
            OR NEW.dossier_received_by IS DISTINCT FROM OLD.dossier_received_by AND NOT is_who_acts(NEW.dossier_received_by)
            OR NEW.medication_by IS DISTINCT FROM OLD.medication_by AND NOT is_who_acts(NEW.medication_by))
    THEN
        PERFORM refuse('transfer', 'owner_actor', 'who wants a move, and who hands over, is who acts');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER transfer_actor AFTER INSERT OR UPDATE ON transfer FOR EACH ROW EXECUTE FUNCTION transfer_actor();

CREATE OR REPLACE FUNCTION placement_end(
    of_request identifier, of_victim identifier, on_day date, reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT is_case_of_who_acts(of_request) THEN
        PERFORM refuse('stay', 'case_actor', coalesce('the request is no case of ' || current_actor(), 'nobody acts'));
    END IF;
    DELETE FROM stay AS s WHERE s.request = of_request AND s.victim = coalesce(of_victim, s.victim)
        AND lower(s.days) >= on_day;
    UPDATE stay AS s SET days = daterange(lower(s.days), on_day)
    WHERE s.request = of_request AND s.victim = coalesce(of_victim, s.victim) AND upper(s.days) > on_day;
    UPDATE request AS r SET state = 'ended', state_reason = reason
    WHERE r.id = of_request AND NOT EXISTS (
        SELECT FROM stay AS s WHERE s.request = r.id AND upper(s.days) > ledger_today());
END $$;

-- Holds and actions

CREATE FUNCTION hold_owner_actor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF pg_trigger_depth() > 1 OR access.acting_as('service') IS NULL THEN
        RETURN NULL; -- an agreed move's, or as its request goes
    ELSIF TG_OP = 'INSERT' AND NEW.owner <> 'desk/reserved' AND NOT is_who_acts(NEW.owner)
        -- Nobody's name, for what the police keep under embargo.
        OR TG_OP = 'INSERT' AND NEW.owner = 'desk/reserved' AND actor_role(current_actor()) IS DISTINCT FROM 'police'
        OR TG_OP = 'UPDATE' AND NEW.offer IS NULL AND NEW.ends_at > ledger_now() AND (
            NOT coalesce(actor_role(current_actor()) = 'desk' OR NEW.owner = current_actor(), false)
            -- With its action it goes, and not before.
            OR EXISTS (SELECT FROM planned_action_hold AS a WHERE a.hold = NEW.id))
        -- And an agreed move's with the move.
        OR TG_OP = 'UPDATE' AND NEW.ends_at > ledger_now()
            AND EXISTS (SELECT FROM transfer AS t WHERE t.offer = NEW.offer AND t.state = 'agreed')
    THEN
        PERFORM refuse('hold', 'owner_actor', 'whose a hold is, is who acts');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER hold_owner_actor AFTER INSERT OR UPDATE OF released_at ON hold
    FOR EACH ROW EXECUTE FUNCTION hold_owner_actor();

CREATE FUNCTION move_hold_owner_actor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF access.acting_as('service') IS NOT NULL AND NOT coalesce(
        NEW.owner = current_actor()
        OR TG_OP = 'UPDATE' AND actor_role(current_actor()) = 'desk' AND actor_role(NEW.owner) <> 'police', false)
    THEN
        PERFORM refuse('move_hold', 'owner_actor', 'whose a hold on moves is, is who acts');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER move_hold_owner_actor AFTER INSERT OR UPDATE OF lifted_at ON move_hold
    FOR EACH ROW EXECUTE FUNCTION move_hold_owner_actor();

CREATE FUNCTION planned_action_actor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT is_who_acts(NEW.owner) THEN
        PERFORM refuse('planned_action', 'owner_actor', 'whose an action is, is who acts');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER planned_action_actor AFTER INSERT ON planned_action
    FOR EACH ROW EXECUTE FUNCTION planned_action_actor();

CREATE FUNCTION planned_action_part_actor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT is_who_acts((SELECT p.owner FROM planned_action AS p WHERE p.id = NEW.action))
        OR TG_TABLE_NAME = 'planned_action_hold' AND access.acting_as('service') IS NOT NULL AND NOT EXISTS (
            SELECT FROM hold AS h
            WHERE h.id = (to_jsonb(NEW) ->> 'hold')::bigint AND h.owner = 'desk/reserved' AND h.offer IS NULL)
    THEN
        PERFORM refuse('planned_action', 'owner_actor', 'whose an action is, is who acts, and it keeps beds of its own');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER planned_action_part_actor AFTER INSERT ON planned_action_need
    FOR EACH ROW EXECUTE FUNCTION planned_action_part_actor();
CREATE CONSTRAINT TRIGGER planned_action_part_actor AFTER INSERT ON planned_action_hold
    FOR EACH ROW EXECUTE FUNCTION planned_action_part_actor();

CREATE OR REPLACE FUNCTION planned_action_lift(action bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM planned_action AS p WHERE p.id = $1 AND p.ends_at > ledger_now() AND NOT is_who_acts(p.owner))
    THEN
        PERFORM refuse('planned_action', 'owner_actor', 'whose an action is, is who acts');
    END IF;
    DELETE FROM hold WHERE id IN (SELECT h.hold FROM planned_action_hold AS h WHERE h.action = $1);
    DELETE FROM planned_action WHERE id = $1;
END $$;
REVOKE UPDATE ON hold, move_hold, planned_action, planned_action_need, planned_action_hold FROM onderdak_service;
GRANT UPDATE (released_at) ON hold TO onderdak_service;
GRANT UPDATE (lifted_at) ON move_hold TO onderdak_service;
REVOKE DELETE ON planned_action, planned_action_need, planned_action_hold FROM onderdak_service;
-- Whoever may change no column may not lock a row either, to see that it is as it was.
GRANT UPDATE (version) ON planned_action TO onderdak_service;

-- What the police keep under embargo is for no request, and no coordinator asks what is a secret.
DROP POLICY coordinator_reads ON hold;
CREATE POLICY coordinator_reads ON hold FOR SELECT TO onderdak_coordinator
    USING (request IN (
        SELECT m.request FROM public.request_victim AS m
        WHERE m.victim IN (SELECT access.disclosed('coordinator', 'phase'))));
REVOKE EXECUTE ON FUNCTION access.is_secret FROM onderdak_coordinator;

-- The flow

-- A night begins as night_place says, and is taken over; nothing else of it changes.
REVOKE INSERT, UPDATE ON night_placement FROM onderdak_service;
GRANT UPDATE (confirmed_at, confirmed_by) ON night_placement TO onderdak_service;
CREATE OR REPLACE FUNCTION night_placement_actor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NOT is_who_acts(NEW.placed_by) THEN
        PERFORM refuse('night_placement', 'night_placement_role', 'who places at night is who acts');
    ELSIF TG_OP = 'UPDATE' AND NOT is_who_acts(NEW.confirmed_by) AND NEW.confirmed_by IS DISTINCT FROM OLD.confirmed_by THEN
        PERFORM refuse('night_placement', 'night_placement_confirmer', 'who confirms a night is who acts');
    ELSIF TG_OP = 'UPDATE' AND NOT is_case_of_who_acts(NEW.request) THEN
        PERFORM refuse('night_placement', 'case_actor', 'the request is no case of ' || current_actor());
    END IF;
    RETURN NULL;
END $$;

-- A second person is one who deals with the case.
CREATE OR REPLACE FUNCTION rule_override_role() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF actor_role(NEW.made_by) NOT IN ('desk', 'coordinator', 'guardian')
        OR actor_role(NEW.seconded_by) NOT IN ('desk', 'coordinator', 'police', 'guardian')
    THEN
        PERFORM refuse('rule_override', 'rule_override_actor', 'this is not for the role of who overrides or agrees');
    ELSIF NEW.seconded_by IS NOT NULL AND NOT request_concerns(
        (SELECT o.request FROM offer AS o WHERE o.id = NEW.offer), NEW.seconded_by)
    THEN
        PERFORM refuse('rule_override', 'case_actor', 'the request is no case of ' || NEW.seconded_by);
    END IF;
    RETURN NULL;
END $$;

-- A move is made when its handover is complete, and not when the handover is given up either.
CREATE OR REPLACE FUNCTION stay_handover() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM offer AS o WHERE o.id = NEW.offer AND o.kind = 'transfer' AND NOT EXISTS (
        SELECT FROM transfer AS t WHERE t.offer = o.id AND t.state = 'completed'))
    THEN
        PERFORM refuse('stay', 'stay_handover', 'the handover is not complete');
    END IF;
    RETURN NULL;
END $$;

-- What is offered stays in its offer, and who was there when facts were taken in is whom they were about.
REVOKE UPDATE ON offer_stay, offer_approval, request_victim FROM onderdak_service;
DO $$
DECLARE
    written text := pg_get_functiondef('stay_unagreed'::regproc);
    before CONSTANT text := 'ELSE NEW.unit = OLD.unit AND OLD.days @> NEW.days END)';
BEGIN
    IF position(before IN written) = 0 THEN
        RAISE EXCEPTION 'stay_unagreed does not ask what it did';
    END IF;
    EXECUTE replace(written, before, $with$-- Another name of an erased case is no change.
        ELSE NEW.unit = OLD.unit AND OLD.days @> NEW.days
            AND (NEW.request = OLD.request OR NOT EXISTS (SELECT FROM request AS r WHERE r.id = OLD.request))
            AND (NEW.victim = OLD.victim OR NOT EXISTS (SELECT FROM victim AS v WHERE v.id = OLD.victim)) END)$with$);
END
$$;

-- A step is somebody's, but for what time brings.
CREATE FUNCTION request_step_actor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF pg_trigger_depth() = 1 AND access.acting_as('service') IS NOT NULL AND current_actor() IS NULL
        AND NOT (NEW.state = 'placed' AND (SELECT min(lower(s.days)) FROM stay AS s WHERE s.request = NEW.id) < ledger_today()
            OR NEW.state = 'ended' AND NOT EXISTS (
                SELECT FROM stay AS s WHERE s.request = NEW.id AND upper(s.days) > ledger_today()))
    THEN
        PERFORM refuse('request', 'request_step_role', 'nobody acts');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER request_step_actor AFTER UPDATE OF state ON request FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION request_step_actor();

-- Who may make which step, whose approval an authority asks for, and for what an offer is declined, is the schema's to say.
REVOKE INSERT, UPDATE, DELETE ON request_step, authority_approval, decline_reason FROM onderdak_service, onderdak_admin;

-- Reports

-- What was reported, how old it is and what was too much then, nobody changes.
REVOKE INSERT, UPDATE, DELETE ON capacity_report FROM onderdak_admin;

-- Why a shelter has fewer beds is not for figures.
REVOKE SELECT ON bed_change FROM onderdak_funder, onderdak_governor;
GRANT SELECT (unit, from_date, beds) ON bed_change TO onderdak_funder, onderdak_governor;

-- Free beds are counted at a moment, and beside them are those who were there at it: who came afterwards has one of them.
CREATE FUNCTION unit_load_at(of_unit identifier, on_day date, at timestamptz) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN (
    SELECT CASE (SELECT u.count_by FROM unit AS u WHERE u.id = of_unit)
        WHEN 'request' THEN count(DISTINCT s.request) ELSE count(*) END::integer
    FROM stay AS s
    LEFT JOIN offer AS o ON o.id = s.offer
    LEFT JOIN transfer AS t ON t.offer = o.id AND t.state = 'completed'
    LEFT JOIN night_placement AS n ON n.request = s.request AND s.origin = 'night'
    WHERE s.unit = of_unit AND s.days @> on_day
        AND coalesce(t.completed_at, o.answered_at, n.placed_at, '-infinity') <= at);
COMMENT ON FUNCTION unit_load_at IS 'How many beds of a unit are taken on a day by stays that were agreed on by an instant.';
DO $$
DECLARE
    written text := pg_get_functiondef('report_capacity'::regproc);
    before CONSTANT text := 'WHEN ''free'' THEN unit_load($1, $4) + $3';
BEGIN
    IF position(before IN written) = 0 THEN
        RAISE EXCEPTION 'report_capacity does not count free beds as it did';
    END IF;
    EXECUTE replace(written, before, 'WHEN ''free'' THEN unit_load_at($1, $4, $7) + $3');
END
$$;

-- What steps do within, nobody does by itself.
DO $$
DECLARE
    written text := pg_get_functiondef('access.take_ownership'::regproc);
    before CONSTANT text := 'EXECUTE format(''GRANT EXECUTE ON FUNCTION %s TO onderdak_service'', made.name);';
BEGIN
    IF position(before IN written) = 0 THEN
        RAISE EXCEPTION 'access.take_ownership does not give the service what it gave';
    END IF;
    EXECUTE replace(written, before, $with$IF made.name::text ~ '^(public\.)?(offer_write_stays|offer_accept|request_let_go)\(' THEN
                EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM onderdak_service', made.name);
            ELSE
                EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO onderdak_service', made.name);
            END IF;$with$);
END
$$;

SELECT access.take_ownership();
