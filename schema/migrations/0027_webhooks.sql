-- Webhooks: who wants to be told of events at an address, and what became of each telling.

CREATE TABLE webhook (
    id uuid CONSTRAINT webhook_key PRIMARY KEY,
    owner actor NOT NULL CONSTRAINT webhook_owner CHECK (
        actor_role(owner) IN ('desk', 'coordinator', 'shelter', 'police', 'guardian')),
    url text NOT NULL CONSTRAINT webhook_url CHECK (
        (url LIKE 'https://%' OR url LIKE 'http://%') AND url !~ '[[:space:]@]' AND octet_length(url) <= 2000),
    kinds text[] NOT NULL,
    active boolean NOT NULL DEFAULT true,
    made_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1
);
CREATE INDEX webhook_by_owner ON webhook (owner);
COMMENT ON COLUMN webhook.url IS 'Without credentials. Plain http is for this machine only; the program sees to that.';
COMMENT ON COLUMN webhook.kinds IS 'The kinds of events; empty: all that the owner may know.';
CREATE TRIGGER version_counted BEFORE UPDATE ON webhook FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION count_version();

CREATE TABLE confidential.webhook_secret (
    webhook uuid CONSTRAINT webhook_secret_key PRIMARY KEY
        CONSTRAINT webhook_secret_webhook REFERENCES public.webhook ON DELETE CASCADE,
    key_id text NOT NULL,
    ciphertext bytea NOT NULL CONSTRAINT webhook_secret_sealed CHECK (octet_length(ciphertext) > 28)
);
COMMENT ON TABLE confidential.webhook_secret IS 'What deliveries are signed with, sealed by the program.';

CREATE TABLE webhook_delivery (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT webhook_delivery_key PRIMARY KEY,
    webhook uuid NOT NULL CONSTRAINT webhook_delivery_webhook REFERENCES webhook ON DELETE CASCADE,
    event bigint NOT NULL CONSTRAINT webhook_delivery_event REFERENCES outbox (position) ON DELETE CASCADE,
    kind text NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CONSTRAINT webhook_delivery_state CHECK (state IN (
        'waiting', 'delivered', 'withheld', 'dead')),
    attempts smallint NOT NULL DEFAULT 0,
    next_at timestamptz NOT NULL DEFAULT now(),
    leased_until timestamptz,
    status smallint,
    failure text,
    finished_at timestamptz,
    CONSTRAINT webhook_delivery_once UNIQUE (webhook, event),
    CONSTRAINT webhook_delivery_finished CHECK ((state = 'waiting') = (finished_at IS NULL))
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (next_at) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_dead ON webhook_delivery (webhook, id) WHERE state = 'dead';
CREATE INDEX webhook_delivery_by_event ON webhook_delivery (event);
COMMENT ON COLUMN webhook_delivery.state IS
    'withheld: not the owner''s to know when it was to be delivered; dead: tried as often as is tried.';
COMMENT ON COLUMN webhook_delivery.leased_until IS
    'Somebody is about to deliver it, and gone if it is past. By the server''s clock, like all times here.';
COMMENT ON COLUMN webhook_delivery.status IS 'The HTTP status of the last answer.';
COMMENT ON COLUMN webhook_delivery.failure IS 'What went wrong the last time: a code, nothing that came from the other side.';

-- With its position an event is put before all who want to be told; whether they may is asked at the delivery.
CREATE FUNCTION webhook_enqueue() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO webhook_delivery (webhook, event, kind)
    SELECT w.id, NEW.position, NEW.kind FROM webhook AS w
    WHERE w.active AND (w.kinds = '{}' OR NEW.kind = ANY (w.kinds)) ORDER BY w.id;
    RETURN NULL;
END $$;
CREATE TRIGGER webhook_enqueue AFTER UPDATE OF position ON outbox
    FOR EACH ROW WHEN (OLD.position IS NULL AND NEW.position IS NOT NULL) EXECUTE FUNCTION webhook_enqueue();

CREATE FUNCTION confidential.keep_webhook_secret(of_webhook uuid, with_key text, sealed bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF access.acting_as('service') IS NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'secrets of webhooks are the program''s to keep';
    END IF;
    INSERT INTO confidential.webhook_secret AS s (webhook, key_id, ciphertext) VALUES (of_webhook, with_key, sealed)
    ON CONFLICT (webhook) DO UPDATE SET key_id = excluded.key_id, ciphertext = excluded.ciphertext;
END
$$;

CREATE FUNCTION confidential.webhook_secrets(of_webhooks uuid[])
RETURNS TABLE (webhook uuid, key_id text, ciphertext bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT s.webhook, s.key_id, s.ciphertext FROM confidential.webhook_secret AS s
    WHERE access.acting_as('service') IS NOT NULL AND s.webhook = ANY (of_webhooks);
END;

CREATE FUNCTION confidential.webhook_secrets_otherwise(current_key text, at_most integer)
RETURNS TABLE (webhook uuid, key_id text, ciphertext bytea)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT s.webhook, s.key_id, s.ciphertext FROM confidential.webhook_secret AS s
    WHERE access.acting_as('service') IS NOT NULL AND s.key_id <> current_key ORDER BY s.webhook LIMIT at_most FOR UPDATE
$$;

CREATE OR REPLACE FUNCTION confidential.keys_in_use() RETURNS TABLE (key_id text, fields bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT k.key_id, count(*) FROM (
        SELECT f.key_id FROM confidential.victim_field AS f
        UNION ALL SELECT a.key_id FROM confidential.shelter_address AS a
        UNION ALL SELECT s.key_id FROM confidential.webhook_secret AS s) AS k
    GROUP BY k.key_id ORDER BY k.key_id;
END;

SELECT access.open_to_service('webhook'), audit.watch('webhook'), access.open_to_service('webhook_delivery'),
    audit.watch('confidential.webhook_secret');
GRANT SELECT ON webhook, webhook_delivery TO
    onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_admin;
CREATE POLICY owner_reads ON webhook FOR SELECT TO
    onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian
    USING (owner = (SELECT access.acting_role() || '/' || access.acting_id()));
CREATE POLICY admin_reads ON webhook FOR SELECT TO onderdak_admin USING ((SELECT access.acting_as('admin')) IS NOT NULL);
CREATE POLICY owner_reads ON webhook_delivery FOR SELECT TO
    onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_admin
    USING (webhook IN (SELECT w.id FROM public.webhook AS w));

SELECT access.take_ownership();
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA confidential FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    confidential.keep_webhook_secret, confidential.webhook_secrets, confidential.webhook_secrets_otherwise TO
    onderdak_service;
