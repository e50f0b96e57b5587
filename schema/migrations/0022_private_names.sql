-- What a client that talks SQL itself could have got past, closed. A temporary table is found before any other unless a
-- function says otherwise, so that one called like a table of ours (case_coordinator, say) had told a function of the owner
-- whose case is whose. Now temporary tables come last for every function, and no role may make one.

DO $$
BEGIN
    EXECUTE format('REVOKE TEMPORARY, CREATE ON DATABASE %I FROM PUBLIC', current_database());
END
$$;

CREATE OR REPLACE FUNCTION access.take_ownership() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    made record;
BEGIN
    FOR made IN
        SELECT c.oid::regclass AS name, c.relkind,
            coalesce(c.reloptions @> '{security_barrier=true}', false) AS filters
        FROM pg_class AS c
        WHERE c.relnamespace::regnamespace::text IN ('public', 'access', 'audit', 'confidential')
            AND c.relkind IN ('r', 'p', 'v', 'm') AND c.relname <> 'schema_migration'
            AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')
    LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO onderdak_owner', made.name);
        IF made.relkind IN ('r', 'p') THEN
            EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', made.name);
        ELSIF made.relkind = 'v' AND NOT made.filters THEN
            -- Else a view would show its owner's rows, which are all.
            EXECUTE format('ALTER VIEW %s SET (security_invoker = true)', made.name);
            EXECUTE format('GRANT SELECT ON %s TO onderdak_service', made.name);
        END IF;
    END LOOP;
    FOR made IN
        SELECT p.oid::regprocedure AS name, p.pronamespace = 'public'::regnamespace AS is_public,
            (SELECT substr(setting, length('search_path=') + 1) FROM unnest(p.proconfig) AS setting
                WHERE setting LIKE 'search\_path=%' AND setting NOT LIKE '%pg\_temp') AS path
        FROM pg_proc AS p
        WHERE p.pronamespace::regnamespace::text IN ('public', 'access', 'audit', 'confidential')
            AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO onderdak_owner', made.name);
        IF made.path IS NOT NULL THEN
            -- What a path does not name is searched first.
            EXECUTE format('ALTER FUNCTION %s SET search_path = %s, pg_temp', made.name, made.path);
        END IF;
        IF made.is_public THEN
            -- They were made when PostgreSQL still gave everybody every function.
            EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', made.name);
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO onderdak_service', made.name);
        END IF;
    END LOOP;
END
$$;

-- The key that signs who acts is good for a transaction, so it need not outlive a day: what a backup holds of it is soon
-- worth nothing. Pseudonyms last, and have a key of their own.

CREATE TABLE access.pseudonym_key (
    singleton boolean DEFAULT true CONSTRAINT pseudonym_key_key PRIMARY KEY
        CONSTRAINT pseudonym_key_one_row CHECK (singleton),
    key bytea NOT NULL
);
COMMENT ON TABLE access.pseudonym_key IS 'Makes the pseudonyms that funders have; no role can read it.';
INSERT INTO access.pseudonym_key (key) SELECT key FROM access.signing_key;

ALTER TABLE access.signing_key
    ADD previous bytea,
    ADD made_at timestamptz NOT NULL DEFAULT now();
COMMENT ON TABLE access.signing_key IS 'Signs, for the length of one transaction, who acts; no role can read it.';
COMMENT ON COLUMN access.signing_key.previous IS 'The key before: of transactions that were under way when it was renewed.';

CREATE FUNCTION access.digest(key bytea, claim text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
-- The key on both sides of a nested digest: what was signed cannot be lengthened.
RETURN encode(sha256(key || sha256(key || convert_to(claim, 'UTF8'))), 'hex');
COMMENT ON FUNCTION access.digest IS 'The keyed digest of a text, in hexadecimal digits; for functions of the owner only.';

CREATE OR REPLACE FUNCTION access.signature(claim text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
RETURN (SELECT access.digest(key, claim) FROM access.signing_key);
COMMENT ON FUNCTION access.signature IS 'What become() signs a claim with; for functions of the owner only.';

CREATE FUNCTION access.is_signed(claim text, signature text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
RETURN (SELECT signature IN (access.digest(key, claim), access.digest(previous, claim)) IS TRUE FROM access.signing_key);

CREATE OR REPLACE FUNCTION access.acting(OUT role text, OUT id text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    setting CONSTANT text := current_setting('onderdak.acting', true);
    claim text;
BEGIN
    SELECT l.role, l.id INTO role, id FROM access.login_actor AS l WHERE l.login = session_user;
    -- Anybody may write the setting; only become() can sign it.
    IF role IS NULL AND setting <> '' THEN
        claim := substr(setting, 66);
        IF access.is_signed(access.claim_here(claim), substr(setting, 1, 64)) THEN
            role := split_part(claim, '/', 1);
            id := substr(claim, length(role) + 2);
        END IF;
    END IF;
END
$$;

CREATE FUNCTION access.renew_signing_key(older_than interval DEFAULT '0') RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    fresh CONSTANT bytea := (
        SELECT sha256(string_agg(uuid_send(gen_random_uuid()), '')) FROM generate_series(1, 4));
BEGIN
    UPDATE access.signing_key SET previous = key, key = fresh, made_at = clock_timestamp()
    WHERE made_at <= clock_timestamp() - older_than;
    IF FOUND THEN
        RETURN true;
    END IF;
    -- A backup need not hold it.
    INSERT INTO access.signing_key (key) VALUES (fresh) ON CONFLICT DO NOTHING;
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION access.renew_signing_key IS
    'Makes a new signing key when the one that there is is so old, or there is none; whether it did. Transactions under '
    'way keep who they are through one renewal.';

-- A funder knows cases by its own pseudonyms: it gets these, and nothing that gives the ledger's.

CREATE OR REPLACE FUNCTION access.pseudonym(victim text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
RETURN (
    SELECT 'p' || substr(access.digest(key, 'pseudonym/' || audit.actor() || '/' || victim), 1, 16)
    FROM access.pseudonym_key);

CREATE FUNCTION access.paid_cases() RETURNS TABLE (pseudonym text, days whole, phase phase)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT access.pseudonym(p.victim), p.days,
        CASE WHEN p.victim IN (SELECT access.disclosed('funder', 'phase', 'pseudonym')) THEN (
            SELECT f.phase FROM victim_phase AS f WHERE f.victim = p.victim AND f.from_date <= ledger_today()
            ORDER BY f.from_date DESC LIMIT 1)
        END
    FROM paid_days AS p
    WHERE p.funder = access.acting_as('funder')
        AND p.victim IN (SELECT access.disclosed('funder', 'profile', 'pseudonym'));
END;
DROP VIEW paid_case;
CREATE VIEW paid_case WITH (security_barrier = true) AS
    SELECT pseudonym, days, phase FROM access.paid_cases();
COMMENT ON VIEW paid_case IS 'For how many days a funder paid, by pseudonyms that mean nothing to anybody else.';
GRANT SELECT ON paid_case TO onderdak_funder;
REVOKE EXECUTE ON FUNCTION access.disclosed, access.may FROM onderdak_funder;
REVOKE EXECUTE ON FUNCTION access.pseudonym FROM
    onderdak_service, onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian,
    onderdak_funder;

-- By the tables themselves: how their names are written is a setting of whoever asks.
CREATE OR REPLACE FUNCTION access.export_case(of_victim text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
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
        SELECT DISTINCT n.nspname AS schema, t.relname AS name FROM pg_constraint AS c
        JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attname = 'victim' AND a.attnum = ANY (c.conkey)
        JOIN pg_class AS t ON t.oid = c.conrelid JOIN pg_namespace AS n ON n.oid = t.relnamespace
        WHERE c.contype = 'f' AND c.conrelid <> ALL (ARRAY[
            'public.no_contact', 'public.investigation', 'public.police_case', 'public.victim_turn',
            'confidential.victim_field']::regclass[])
        ORDER BY 1, 2
    LOOP
        EXECUTE format('SELECT jsonb_agg(to_jsonb(t)) FROM %I.%I AS t WHERE t.victim = $1', source.schema, source.name)
            INTO rows USING of_victim;
        IF rows IS NOT NULL THEN
            told := told || jsonb_build_object(
                CASE source.schema WHEN 'public' THEN '' ELSE source.schema || '.' END || source.name, rows);
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

-- Erasing

CREATE OR REPLACE FUNCTION access.rename(named regclass, old text, new text) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    target record;
BEGIN
    -- The row itself first: triggers on what refers to it look it up by its new name.
    EXECUTE format('UPDATE %s SET id = $2 WHERE id = $1', named) USING old, new;
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
END
$$;

-- Answers to commands and events name victims and requests as well.
CREATE FUNCTION access.forget(name text) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    -- As JSON writes it, quotation marks around.
    written CONSTANT text := to_json(name)::text;
BEGIN
    DELETE FROM command WHERE position(written IN result::text) > 0;
    DELETE FROM outbox WHERE position(written IN subject::text) > 0;
END
$$;
COMMENT ON FUNCTION access.forget IS
    'Deletes answers to commands and events that name a victim or a request; for functions of the owner only.';

CREATE OR REPLACE FUNCTION access.erase_case(of_victim text, new_name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
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
    DELETE FROM offer_approval WHERE subject = of_victim AND approval = 'guardian';
    DELETE FROM court_order WHERE victim = of_victim;
    DELETE FROM victim_need WHERE victim = of_victim;
    PERFORM access.forget(of_victim);

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
        PERFORM access.forget(alone.request);
        PERFORM access.rename('request', alone.request, new_name || alone.renamed);
    END LOOP;
    UPDATE victim SET birth_date = access.coarse_birth_date(of_victim) WHERE id = of_victim;
    PERFORM access.rename('victim', of_victim, new_name);
END
$$;

SELECT access.take_ownership();
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA access FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.renew_signing_key TO onderdak_service;
GRANT EXECUTE ON FUNCTION access.paid_cases TO onderdak_funder;
