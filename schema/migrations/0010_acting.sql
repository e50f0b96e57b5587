-- Who acts: database roles for the people of the care chain, and how a transaction becomes one of them.
--
-- Roles belong to the whole server and not to a database, so they may be there already, or be made by another database
-- that migrates at this moment. None of them can log in, owns a case or bypasses row-level security; what a login is
-- made of is told in docs/privacy.md.
DO $$
DECLARE
    group_name text;
    people CONSTANT text[] := ARRAY[
        'desk', 'coordinator', 'shelter', 'police', 'guardian', 'funder', 'governor', 'auditor', 'admin', 'service'];
BEGIN
    -- Always in this order: two who make them at once wait for each other, and never in a circle.
    FOREACH group_name IN ARRAY ARRAY['owner', 'login'] || people LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'onderdak_' || group_name) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', 'onderdak_' || group_name);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL; -- another database was first
            END;
        END IF;
    END LOOP;
    -- The program's login may become any of them, and by itself has the rights of none (NOINHERIT).
    FOREACH group_name IN ARRAY people LOOP
        IF NOT EXISTS (
            SELECT FROM pg_auth_members
            WHERE member = 'onderdak_login'::regrole AND roleid = ('onderdak_' || group_name)::regrole
        ) THEN
            BEGIN
                EXECUTE format('GRANT %I TO onderdak_login', 'onderdak_' || group_name);
            EXCEPTION WHEN unique_violation THEN
                NULL;
            END;
        END IF;
    END LOOP;
    -- To give tables to the owner, and to change them later, whoever migrates must be a member; a superuser is.
    IF NOT pg_has_role(current_user, 'onderdak_owner', 'USAGE') THEN
        EXECUTE format('GRANT onderdak_owner TO %I', current_user);
    END IF;
END
$$;

CREATE SCHEMA access;
COMMENT ON SCHEMA access IS 'Who may see and do what: who acts, for whom, on which legal basis.';

-- Nothing is anybody's by default: neither tables of this schema nor what functions a later migration makes.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

GRANT USAGE ON SCHEMA public, access TO
    onderdak_owner, onderdak_login, onderdak_service, onderdak_desk, onderdak_coordinator, onderdak_shelter,
    onderdak_police, onderdak_guardian, onderdak_funder, onderdak_governor, onderdak_auditor, onderdak_admin;

DO $$
BEGIN
    -- The program asks which migrations there are before it does anything else.
    IF to_regclass('public.schema_migration') IS NOT NULL THEN
        GRANT SELECT ON public.schema_migration TO onderdak_login, onderdak_service, onderdak_admin;
    END IF;
END
$$;

CREATE DOMAIN access.actor_role AS text
    CONSTRAINT actor_role_known CHECK (VALUE IN (
        'desk', 'coordinator', 'shelter', 'police', 'guardian', 'funder', 'governor', 'auditor', 'admin', 'service'));

CREATE TABLE access.login_actor (
    login name CONSTRAINT login_actor_key PRIMARY KEY,
    role access.actor_role NOT NULL CONSTRAINT login_actor_role CHECK (role <> 'service'),
    id identifier NOT NULL
);
COMMENT ON TABLE access.login_actor IS
    'Logins that are one actor and can be no other: people and scripts who talk SQL themselves.';

CREATE TABLE access.signing_key (
    singleton boolean DEFAULT true CONSTRAINT signing_key_key PRIMARY KEY
        CONSTRAINT signing_key_one_row CHECK (singleton),
    key bytea NOT NULL
);
COMMENT ON TABLE access.signing_key IS
    'Signs, for the length of one transaction, who acts, and makes pseudonyms; no role can read it.';
INSERT INTO access.signing_key (key)
SELECT sha256(string_agg(uuid_send(gen_random_uuid()), '')) FROM generate_series(1, 4);

CREATE FUNCTION access.signature(claim text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
RETURN (
    -- The key on both sides of a nested digest: what was signed cannot be lengthened.
    SELECT encode(sha256(key || sha256(key || convert_to(claim, 'UTF8'))), 'hex') FROM access.signing_key);
COMMENT ON FUNCTION access.signature IS 'The keyed digest of a text, in hexadecimal digits; for functions of the owner only.';

CREATE FUNCTION access.become(role text, id text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    claim CONSTANT text := role || '/' || id;
BEGIN
    -- Only in the message that begins the transaction. Whoever gets to send a statement later, through a mistake of
    -- the program, can return to the program's login, but not become somebody else.
    IF statement_timestamp() <> transaction_timestamp() THEN
        RAISE insufficient_privilege USING MESSAGE = 'who acts is said in the message that begins the transaction';
    END IF;
    IF EXISTS (SELECT FROM access.login_actor WHERE login = session_user) THEN
        RAISE insufficient_privilege USING MESSAGE = 'this login is one actor, and can be no other';
    END IF;
    IF role IS NULL OR id IS NULL OR id = '' THEN
        RAISE invalid_parameter_value USING MESSAGE = 'an actor has a role and an identifier';
    END IF;
    PERFORM role::access.actor_role;
    PERFORM set_config(
        'onderdak.acting', access.signature(access.claim_here(claim)) || ' ' || claim, true);
END
$$;
COMMENT ON FUNCTION access.become IS
    'Says who acts in this transaction; in the same message follows SET LOCAL ROLE. For the program''s login alone.';

CREATE FUNCTION access.claim_here(claim text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog
RETURN claim || ' ' || pg_backend_pid() || ' ' || extract(epoch FROM transaction_timestamp())::text;
COMMENT ON FUNCTION access.claim_here IS
    'A claim that holds in this connection and this transaction only, which nobody can choose.';

CREATE FUNCTION access.acting(OUT role text, OUT id text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    setting CONSTANT text := current_setting('onderdak.acting', true);
    claim text;
BEGIN
    SELECT l.role, l.id INTO role, id FROM access.login_actor AS l WHERE l.login = session_user;
    -- Anybody may write the setting; only become() can sign it.
    IF role IS NULL AND setting <> '' THEN
        claim := substr(setting, 66);
        IF substr(setting, 1, 64) = access.signature(access.claim_here(claim)) THEN
            role := split_part(claim, '/', 1);
            id := substr(claim, length(role) + 2);
        END IF;
    END IF;
END
$$;

CREATE FUNCTION access.acting_role() RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog
RETURN (access.acting()).role;

CREATE FUNCTION access.acting_id() RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog
RETURN (access.acting()).id;

CREATE FUNCTION access.acting_as(expected text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog
RETURN (SELECT a.id FROM access.acting() AS a WHERE a.role = expected);
COMMENT ON FUNCTION access.acting_as IS 'The identifier of who acts, in that role; null when nobody does.';

-- What the steps of the ledger go by: who acts, or for whom the program does. Only who could change everything anyway is
-- taken at their word.
CREATE OR REPLACE FUNCTION public.current_actor() RETURNS public.actor
LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
DECLARE
    who CONSTANT record := access.acting();
    named CONSTANT text := CASE
        WHEN who.role = 'service' THEN who.id
        WHEN who.role IS NOT NULL THEN who.role || '/' || who.id
        WHEN pg_has_role(session_user, 'onderdak_owner', 'MEMBER') THEN
            nullif(current_setting('onderdak.actor', true), '')
    END;
BEGIN
    -- The program for nobody, when it plans or takes facts in.
    RETURN CASE WHEN strpos(named, '/') > 0 THEN named END;
END
$$;
COMMENT ON FUNCTION public.current_actor IS 'Who acts in this transaction, or for whom the program does; null: nobody said.';

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA access FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.become TO onderdak_login;
GRANT EXECUTE ON FUNCTION
    access.acting(), access.acting_role(), access.acting_id(), access.acting_as(text) TO
    onderdak_login, onderdak_service, onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police,
    onderdak_guardian, onderdak_funder, onderdak_governor, onderdak_auditor, onderdak_admin;
