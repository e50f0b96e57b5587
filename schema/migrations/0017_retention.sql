-- How long what is kept, what a victim may have, and how a case is erased so that figures stay right.

CREATE TABLE retention_rule (
    subject text CONSTRAINT retention_rule_key PRIMARY KEY
        CONSTRAINT retention_rule_subject CHECK (subject IN ('confidential', 'case', 'command', 'event')),
    keep interval NOT NULL CONSTRAINT retention_rule_keep CHECK (keep >= interval '0')
);
COMMENT ON TABLE retention_rule IS 'How long after its end something is kept; a subject without a rule is kept.';
COMMENT ON COLUMN retention_rule.subject IS
    'confidential: identity and health, from the end of the case; case: what tells one case from others, from its end; '
    'command: answers to repeated commands, from their making; event: what was delivered, from its delivery.';
INSERT INTO retention_rule VALUES
    ('confidential', '1 year'), ('case', '5 years'), ('command', '90 days'), ('event', '90 days');
SELECT access.open('retention_rule');

ALTER TABLE plan_run ADD blanked_at timestamptz;
COMMENT ON COLUMN plan_run.blanked_at IS
    'When facts of erased victims were taken out of instance and plan: since then it cannot be repeated.';
GRANT SELECT (blanked_at) ON plan_run TO onderdak_desk;

CREATE VIEW ended_case AS
    SELECT v.id AS victim, greatest(
        (SELECT max(upper(s.days)) FROM stay AS s WHERE s.victim = v.id),
        (SELECT max(ledger_day(r.state_since)) FROM request_victim AS m JOIN request AS r ON r.id = m.request
            WHERE m.victim = v.id)) AS ended_on
    FROM victim AS v
    WHERE EXISTS (SELECT FROM request_victim AS m WHERE m.victim = v.id)
        AND NOT EXISTS (
            SELECT FROM request_victim AS m JOIN request AS r ON r.id = m.request
            WHERE m.victim = v.id AND r.state NOT IN ('ended', 'withdrawn'))
        AND NOT EXISTS (SELECT FROM stay AS s WHERE s.victim = v.id AND upper(s.days) > ledger_today());
COMMENT ON VIEW ended_case IS 'Victims whose requests are all over and who are nowhere any more, since when.';

CREATE FUNCTION access.is_confidential_left(of_victim text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM confidential.victim_field AS f WHERE f.victim = of_victim);
END;
COMMENT ON FUNCTION access.is_confidential_left IS 'Whether anything confidential of a victim is kept; for the program.';

CREATE VIEW retention_due AS
    SELECT r.subject, e.victim::text AS object, e.ended_on AS since
    FROM retention_rule AS r CROSS JOIN ended_case AS e
    WHERE r.subject = 'confidential' AND e.ended_on + r.keep <= ledger_today()
        AND access.is_confidential_left(e.victim)
    UNION ALL
    SELECT r.subject, e.victim::text, e.ended_on
    FROM retention_rule AS r CROSS JOIN ended_case AS e
    WHERE r.subject = 'case' AND e.ended_on + r.keep <= ledger_today()
        -- Pseudonyms made by erasing; there is nothing more to take away.
        AND e.victim NOT LIKE 'erased-%'
    UNION ALL
    SELECT r.subject, c.actor || ' ' || c.key, ledger_day(c.at) FROM retention_rule AS r CROSS JOIN command AS c
    WHERE r.subject = 'command' AND c.at + r.keep <= ledger_now()
    UNION ALL
    SELECT r.subject, o.id::text, ledger_day(o.delivered_at) FROM retention_rule AS r CROSS JOIN outbox AS o
    WHERE r.subject = 'event' AND o.delivered_at + r.keep <= ledger_now();
COMMENT ON VIEW retention_due IS 'What its rule no longer lets be kept.';

-- A new pseudonym goes through all tables at once. What refers to a victim or a request, or to what does, is therefore
-- checked at the end of the transaction when it is erased, and at once otherwise.
DO $$
DECLARE
    key record;
BEGIN
    FOR key IN
        WITH RECURSIVE named AS (
            SELECT c.oid, c.conrelid, c.conname FROM pg_constraint AS c
            WHERE c.contype = 'f' AND c.confrelid IN ('public.victim'::regclass, 'public.request'::regclass)
            UNION
            SELECT c.oid, c.conrelid, c.conname FROM pg_constraint AS c JOIN named AS n ON c.confrelid = n.conrelid
            WHERE c.contype = 'f'
        )
        SELECT conrelid::regclass AS relation, conname FROM named ORDER BY conrelid::regclass::text, conname
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I DEFERRABLE', key.relation, key.conname);
    END LOOP;
END
$$;

CREATE FUNCTION access.rename(named regclass, old text, new text) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_catalog AS $$
DECLARE
    target record;
BEGIN
    -- The columns that refer to it, also by way of another table (a stay's victim is one of its request).
    FOR target IN
        WITH RECURSIVE reference AS (
            SELECT c.conrelid AS relation, a.attname AS name, a.attnum AS number
            FROM pg_constraint AS c
            CROSS JOIN LATERAL unnest(c.conkey, c.confkey) AS k(here, there)
            JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.here
            JOIN pg_attribute AS f ON f.attrelid = c.confrelid AND f.attnum = k.there
            WHERE c.contype = 'f' AND c.confrelid = named AND f.attname = 'id'
            UNION
            SELECT c.conrelid, a.attname, a.attnum
            FROM reference AS r
            JOIN pg_constraint AS c ON c.contype = 'f' AND c.confrelid = r.relation
            CROSS JOIN LATERAL unnest(c.conkey, c.confkey) AS k(here, there)
            JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.here
            WHERE k.there = r.number
        )
        SELECT r.relation::regclass AS relation, r.name FROM reference AS r GROUP BY r.relation, r.name
        ORDER BY r.relation::regclass::text, r.name
    LOOP
        EXECUTE format('UPDATE %s SET %I = $2 WHERE %I = $1', target.relation, target.name, target.name) USING old, new;
    END LOOP;
    EXECUTE format('UPDATE %s SET id = $2 WHERE id = $1', named) USING old, new;
END
$$;
COMMENT ON FUNCTION access.rename IS 'Gives a row of a table another id, and everything that refers to it; for the owner only.';

-- The least telling date of birth that leaves the age on every day of every stay what it was, so that who pays for these
-- days, and in which band they count, stays the same.
CREATE FUNCTION access.coarse_birth_date(of_victim text) RETURNS date
LANGUAGE sql STABLE SET search_path = public, pg_catalog
BEGIN ATOMIC
    SELECT c.coarse FROM victim AS v
    CROSS JOIN LATERAL (VALUES
        (1, date_trunc('year', v.birth_date)::date), (2, date_trunc('month', v.birth_date)::date), (3, v.birth_date)
        ) AS c(step, coarse)
    WHERE v.id = of_victim AND (c.step = 3 OR NOT EXISTS (
        SELECT FROM stay AS s WHERE s.victim = v.id AND NOT (
            age_on(c.coarse, lower(s.days)) = age_on(v.birth_date, lower(s.days))
            AND age_on(c.coarse, upper(s.days) - 1) = age_on(v.birth_date, lower(s.days))
            AND age_on(v.birth_date, upper(s.days) - 1) = age_on(v.birth_date, lower(s.days)))))
    ORDER BY c.step LIMIT 1;
END;

CREATE FUNCTION access.erase_confidential(of_victim text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF access.acting_as('service') IS NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'what is kept for how long is for the program to see to';
    END IF;
    DELETE FROM confidential.victim_field WHERE victim = of_victim;
END
$$;

CREATE FUNCTION access.may_erase(of_victim text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT access.acting_as('service') IS NOT NULL
        OR (access.acting_role() IN ('desk', 'coordinator') AND access.may(of_victim, 'identity', true));
END;

-- A request of several is known by them too; it loses its name with the last of them.
CREATE FUNCTION access.requests_alone(of_victim text) RETURNS TABLE (request text, renamed text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog
BEGIN ATOMIC
    SELECT m.request::text, '-' || row_number() OVER (ORDER BY m.request) FROM request_victim AS m
    WHERE access.may_erase(of_victim) AND m.victim = of_victim AND NOT EXISTS (
        SELECT FROM request_victim AS o
        WHERE o.request = m.request AND o.victim <> of_victim AND o.victim NOT LIKE 'erased-%')
    ORDER BY m.request;
END;
COMMENT ON FUNCTION access.requests_alone IS
    'The requests that are only a victim''s, and what comes behind the victim''s new name in theirs when the case is erased.';

CREATE FUNCTION access.erase_case(of_victim text, new_name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog AS $$
DECLARE
    alone record;
BEGIN
    IF new_name NOT LIKE 'erased-%' OR length(new_name) < 30 THEN
        RAISE invalid_parameter_value USING MESSAGE = 'the new name of an erased case is erased- and chance';
    END IF;
    IF NOT access.may_erase(of_victim) THEN
        RAISE insufficient_privilege USING MESSAGE = 'this case is not yours to erase';
    END IF;
    PERFORM FROM victim WHERE id = of_victim FOR UPDATE;
    IF NOT FOUND THEN
        RAISE no_data_found USING MESSAGE = 'there is no victim of that identifier';
    ELSIF NOT EXISTS (SELECT FROM ended_case AS e WHERE e.victim = of_victim)
        AND EXISTS (SELECT FROM request_victim AS m WHERE m.victim = of_victim)
    THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE =
            'the case is under way: end or withdraw its requests first, since whoever is in a bed is planned for';
    END IF;
    SET CONSTRAINTS ALL DEFERRED;
    PERFORM audit.note('erase', 'victim', of_victim);

    DELETE FROM confidential.victim_field WHERE victim = of_victim;
    DELETE FROM access.legal_basis WHERE victim = of_victim;
    DELETE FROM access.break_glass WHERE victim = of_victim;
    DELETE FROM avoided_region WHERE victim = of_victim;
    DELETE FROM avoided_shelter WHERE victim = of_victim;
    DELETE FROM no_contact WHERE of_victim IN (a, b);
    DELETE FROM investigation WHERE victim = of_victim;
    DELETE FROM police_case WHERE victim = of_victim;
    DELETE FROM guardianship WHERE victim = of_victim;
    DELETE FROM court_order WHERE victim = of_victim;
    DELETE FROM victim_need WHERE victim = of_victim;

    -- Reasons for having no place tell needs, of a group's victims too.
    UPDATE proposal_reason SET detail = 'erased'
    WHERE request IN (SELECT m.request FROM request_victim AS m WHERE m.victim = of_victim);
    FOR alone IN SELECT * FROM access.requests_alone(of_victim) LOOP
        -- What people wrote themselves.
        UPDATE request_event SET reason = NULL WHERE request = alone.request;
        UPDATE request SET state_reason = NULL, referred_by = NULL WHERE id = alone.request;
        UPDATE transfer SET reason = 'erased' WHERE request = alone.request;
        UPDATE move_hold SET reason = 'erased' WHERE request = alone.request;
        UPDATE hold SET purpose = 'erased' WHERE request = alone.request;
        UPDATE rule_override SET reason = 'erased' WHERE offer IN (SELECT o.id FROM offer AS o WHERE o.request = alone.request);
        UPDATE offer_approval SET note = NULL WHERE offer IN (SELECT o.id FROM offer AS o WHERE o.request = alone.request);
        PERFORM access.rename('request', alone.request, new_name || alone.renamed);
    END LOOP;
    UPDATE victim SET birth_date = access.coarse_birth_date(of_victim) WHERE id = of_victim;
    UPDATE offer_approval SET subject = new_name WHERE subject = of_victim AND approval = 'guardian';
    PERFORM access.rename('victim', of_victim, new_name);
END
$$;
COMMENT ON FUNCTION access.erase_case IS
    'Takes out of an ended case what tells whose it was; stays, phases and registrations stay under a new name, for the '
    'figures. Stored runs are the program''s to blank before.';

CREATE FUNCTION access.runs_naming(of_victim text) RETURNS TABLE (run bigint, instance bytea, plan bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog AS $$
BEGIN
    IF NOT access.may_erase(of_victim) THEN
        RAISE insufficient_privilege USING MESSAGE = 'this case is not yours to erase';
    END IF;
    RETURN QUERY
        SELECT r.id, r.instance, r.plan FROM plan_run AS r
        -- As JSON writes it, quotation marks around.
        WHERE position(convert_to(to_json(of_victim)::text, 'UTF8') IN r.instance) > 0
        ORDER BY r.id;
END
$$;

-- Everything about a victim in the ledger, table by table, for the victim. What concerns others, or an investigation that
-- it could harm, is left out: it is for the police or a court to give.
CREATE FUNCTION access.export_case(of_victim text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog AS $$
DECLARE
    told jsonb := '{}';
    source record;
    rows jsonb;
BEGIN
    IF access.acting_role() NOT IN ('desk', 'coordinator', 'guardian') OR NOT access.may(of_victim, 'identity') THEN
        RAISE insufficient_privilege USING MESSAGE = 'this case is not yours to export';
    END IF;
    PERFORM audit.note('export', 'victim', of_victim);
    SELECT jsonb_agg(to_jsonb(v)) INTO rows FROM victim AS v WHERE v.id = of_victim;
    told := jsonb_build_object('victim', rows);
    FOR source IN
        SELECT DISTINCT c.conrelid::regclass::text AS name, a.attname::text AS field FROM pg_constraint AS c
        JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attname IN ('victim') AND a.attnum = ANY (c.conkey)
        WHERE c.contype = 'f' AND c.conrelid::regclass::text NOT IN (
            'no_contact', 'investigation', 'police_case', 'victim_turn', 'confidential.victim_field')
        ORDER BY 1
    LOOP
        EXECUTE format('SELECT jsonb_agg(to_jsonb(t)) FROM %s AS t WHERE %I = $1', source.name, source.field)
            INTO rows USING of_victim;
        IF rows IS NOT NULL THEN
            told := told || jsonb_build_object(source.name, rows);
        END IF;
    END LOOP;
    SELECT jsonb_agg(to_jsonb(r)) INTO rows FROM request AS r
    WHERE r.id IN (SELECT m.request FROM request_victim AS m WHERE m.victim = of_victim);
    told := told || jsonb_build_object('request', coalesce(rows, '[]'));
    SELECT jsonb_agg(jsonb_build_object(
            'at', e.at, 'actor', e.actor, 'action', e.action, 'relation', e.relation, 'fields', e.fields)
        ORDER BY e.number) INTO rows
    FROM audit.entry AS e WHERE e.victim = of_victim AND e.relation NOT IN ('no_contact', 'investigation', 'police_case');
    RETURN told || jsonb_build_object('audit', coalesce(rows, '[]'));
END
$$;

CREATE FUNCTION access.blank_run(
    of_victim text, blanked bigint, new_instance bytea, new_plan bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog AS $$
BEGIN
    IF NOT access.may_erase(of_victim) THEN
        RAISE insufficient_privilege USING MESSAGE = 'this case is not yours to erase';
    END IF;
    UPDATE plan_run SET instance = new_instance, plan = new_plan, blanked_at = ledger_now()
    WHERE id = blanked AND position(convert_to(to_json(of_victim)::text, 'UTF8') IN instance) > 0;
END
$$;

SELECT access.take_ownership();
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA access FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.erase_confidential, access.is_confidential_left TO onderdak_service;
GRANT EXECUTE ON FUNCTION access.erase_case, access.requests_alone, access.runs_naming, access.blank_run, access.may_erase TO
    onderdak_service, onderdak_desk, onderdak_coordinator;
GRANT EXECUTE ON FUNCTION access.export_case TO onderdak_desk, onderdak_coordinator, onderdak_guardian;
