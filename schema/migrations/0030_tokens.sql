-- Tokens with which other people's systems call the HTTP API, each for one actor and some scopes.

CREATE TABLE access.token (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT token_key PRIMARY KEY,
    hash bytea NOT NULL CONSTRAINT token_hash UNIQUE,
    role access.actor_role NOT NULL CONSTRAINT token_role CHECK (role <> 'service'),
    actor identifier NOT NULL,
    scopes text[] NOT NULL CONSTRAINT token_scopes CHECK (cardinality(scopes) > 0),
    name text,
    issued_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    CONSTRAINT token_expiry CHECK (expires_at > issued_at AND isfinite(expires_at))
);
COMMENT ON COLUMN access.token.hash IS
    'SHA-256 of the token, which is random enough to need nothing slower; the token itself is shown once and not kept.';
COMMENT ON COLUMN access.token.scopes IS 'What of the role''s rights it may use; * is all of them.';

-- Apart, because the trail notes every change of a token, and use is none.
CREATE TABLE access.token_use (
    token bigint CONSTRAINT token_use_key PRIMARY KEY CONSTRAINT token_use_token REFERENCES access.token ON DELETE CASCADE,
    last_used_at timestamptz NOT NULL
);
COMMENT ON COLUMN access.token_use.last_used_at IS 'To the minute: a busy token does not write at every call.';

SELECT audit.watch('access.token');
-- Not the hash: nobody needs to read it.
GRANT SELECT (id, role, actor, scopes, name, issued_at, expires_at, revoked_at), INSERT, UPDATE (revoked_at)
    ON access.token TO onderdak_admin;
CREATE POLICY admin_changes ON access.token TO onderdak_admin
    USING ((SELECT access.acting_as('admin')) IS NOT NULL);
GRANT SELECT ON access.token_use TO onderdak_admin;
CREATE POLICY admin_reads ON access.token_use FOR SELECT TO onderdak_admin
    USING ((SELECT access.acting_as('admin')) IS NOT NULL);

-- By the server's clock, whatever day a demonstration lives on.
CREATE FUNCTION access.token_holder(
    given bytea, OUT id bigint, OUT hash bytea, OUT role text, OUT actor text, OUT scopes text[], OUT state text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    SELECT t.id, t.hash, t.role, t.actor, t.scopes,
        CASE WHEN t.revoked_at IS NOT NULL THEN 'revoked' WHEN t.expires_at <= now() THEN 'expired' ELSE 'valid' END
    INTO id, hash, role, actor, scopes, state
    FROM access.token AS t WHERE t.hash = given;
    IF state = 'valid' AND NOT EXISTS (
        SELECT FROM access.token_use AS u
        WHERE u.token = token_holder.id AND u.last_used_at > now() - interval '1 minute')
    THEN
        INSERT INTO access.token_use AS u (token, last_used_at) VALUES (token_holder.id, now())
        ON CONFLICT (token) DO UPDATE SET last_used_at = excluded.last_used_at;
    END IF;
END
$$;
COMMENT ON FUNCTION access.token_holder IS
    'Whose token has this hash, and whether it may be used; it notes the use. All that the program''s login may ask of tokens.';

SELECT access.take_ownership();
REVOKE EXECUTE ON FUNCTION access.token_holder FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.token_holder TO onderdak_login;
