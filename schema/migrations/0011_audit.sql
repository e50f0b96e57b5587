-- The audit trail: who changed what, who read what of identity, address and health. Entries hold identifiers and names of
-- columns, never values. They are only ever added.
--
-- An entry is written in the transaction that it is about. Chaining it there would let one writer pass at a time, until
-- its commit; so entries are chained afterwards, by a sealing step that holds a key which is not in the database
-- (Sources/Ledger/Audit). What is written between two seals is as safe as the database, what is sealed safer than that.

CREATE SCHEMA audit;
GRANT USAGE ON SCHEMA audit TO onderdak_owner, onderdak_service, onderdak_auditor;
COMMENT ON SCHEMA audit IS 'Who did and saw what, sealed; only ever added to.';

CREATE TABLE audit.entry (
    number bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT entry_key PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor text NOT NULL,
    login text NOT NULL DEFAULT session_user,
    action text NOT NULL CONSTRAINT entry_action CHECK (action IN (
        'insert', 'update', 'delete', 'read', 'refuse', 'break-glass', 'export', 'erase', 'rotate', 'seal')),
    relation text NOT NULL,
    victim text,
    request text,
    object text,
    fields text[] NOT NULL DEFAULT '{}'
);
CREATE INDEX entry_by_victim ON audit.entry (victim, number) WHERE victim IS NOT NULL;
CREATE INDEX entry_by_actor ON audit.entry (actor, number);
CREATE INDEX entry_by_time ON audit.entry USING brin (at);
COMMENT ON COLUMN audit.entry.actor IS 'ROLE/ID; of a session that says nothing of who acts: login/NAME.';
COMMENT ON COLUMN audit.entry.relation IS 'The table that was changed, or what was read.';
COMMENT ON COLUMN audit.entry.object IS 'Another identifier that tells which row: a unit, an offer, a number.';
COMMENT ON COLUMN audit.entry.fields IS 'The columns that changed, or what was read; no values.';

CREATE TABLE audit.link (
    day date NOT NULL,
    position bigint NOT NULL CONSTRAINT link_position CHECK (position >= 1),
    entry bigint NOT NULL CONSTRAINT link_entry UNIQUE,
    content bytea NOT NULL,
    chain bytea NOT NULL,
    CONSTRAINT link_key PRIMARY KEY (day, position)
);
COMMENT ON TABLE audit.link IS
    'The place of an entry in the chain of its day (UTC). No foreign key: a link outlives its entry, to tell that it is gone.';
COMMENT ON COLUMN audit.link.content IS 'HMAC-SHA-256 of what the entry says.';
COMMENT ON COLUMN audit.link.chain IS 'HMAC-SHA-256 of the link before, the place, the entry''s number and its content.';

CREATE TABLE audit.seal (
    number bigint CONSTRAINT seal_key PRIMARY KEY CONSTRAINT seal_number CHECK (number >= 1),
    sealed_at timestamptz NOT NULL,
    day date NOT NULL,
    entries bigint NOT NULL CONSTRAINT seal_entries CHECK (entries >= 0),
    chain bytea NOT NULL,
    up_to bigint NOT NULL,
    key_id text NOT NULL,
    mac bytea NOT NULL
);
CREATE INDEX seal_by_day ON audit.seal (day, number);
COMMENT ON TABLE audit.seal IS 'How far the chain of a day reached when it was sealed; seals are chained to each other.';
COMMENT ON COLUMN audit.seal.entries IS 'Entries in the chain of that day so far.';
COMMENT ON COLUMN audit.seal.up_to IS
    'All entries up to this number are sealed; another one that turns up below it was slipped in.';
COMMENT ON COLUMN audit.seal.key_id IS 'Which key of the program''s made links and seal.';

CREATE TABLE audit.alarm (
    number bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT alarm_key PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    kind text NOT NULL CONSTRAINT alarm_kind CHECK (kind IN ('break-glass')),
    actor text NOT NULL,
    object text NOT NULL,
    seen_at timestamptz,
    seen_by text,
    CONSTRAINT alarm_seen CHECK ((seen_at IS NULL) = (seen_by IS NULL))
);
COMMENT ON TABLE audit.alarm IS 'What the auditor must look at; open until the auditor says it was seen.';

-- The owner of a table may do anything with it, and the functions below are the owner's: they refuse it too. A superuser
-- can get past this; that is what the seals are for.
CREATE FUNCTION audit.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE insufficient_privilege USING MESSAGE = 'the audit trail is only added to';
END
$$;
CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER link_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.link
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.seal
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

CREATE FUNCTION audit.actor() RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog
RETURN coalesce((SELECT a.role || '/' || a.id FROM access.acting() AS a), 'login/' || session_user);

CREATE FUNCTION audit.note(
    action text, relation text, victim text DEFAULT NULL, request text DEFAULT NULL, object text DEFAULT NULL,
    fields text[] DEFAULT '{}') RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO audit.entry (actor, action, relation, victim, request, object, fields)
    VALUES (audit.actor(), $1, $2, $3, $4, $5, $6)
$$;
COMMENT ON FUNCTION audit.note IS 'Adds an entry; for functions of the owner only.';

-- What a row says of itself by identifiers: its victim, its request, and what else its key is made of. Keys of other
-- columns (a day, a need) are left out, since they tell something.
CREATE FUNCTION audit.note_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    relation CONSTANT text := CASE TG_TABLE_SCHEMA WHEN 'public' THEN '' ELSE TG_TABLE_SCHEMA || '.' END || TG_TABLE_NAME;
    -- What was there before, where there was something: a new pseudonym must not stand beside the old one.
    told CONSTANT jsonb := CASE TG_OP WHEN 'INSERT' THEN to_jsonb(NEW) ELSE to_jsonb(OLD) END;
    changed text[] := '{}';
    victim text;
    request text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT coalesce(array_agg(n.key ORDER BY n.key), '{}') INTO changed
        FROM jsonb_each(to_jsonb(NEW)) AS n WHERE n.value IS DISTINCT FROM told -> n.key;
        IF changed = '{}' THEN
            RETURN NULL;
        END IF;
    END IF;
    victim := coalesce(told ->> 'victim', told ->> 'a', CASE relation WHEN 'victim' THEN told ->> 'id' END);
    request := coalesce(told ->> 'request', CASE relation WHEN 'request' THEN told ->> 'id' END);
    -- While a case is being erased, some of its rows have one name new and one old.
    IF victim LIKE 'erased-%' AND request NOT LIKE 'erased-%' THEN
        victim := NULL;
    ELSIF request LIKE 'erased-%' AND victim NOT LIKE 'erased-%' THEN
        request := NULL;
    END IF;
    INSERT INTO audit.entry (actor, action, relation, victim, request, object, fields) VALUES (
        audit.actor(), lower(TG_OP), relation, victim, request,
        CASE
            WHEN relation IN ('victim', 'request') THEN NULL
            ELSE coalesce(told ->> 'id', told ->> 'number', told ->> 'unit', told ->> 'shelter', told ->> 'field', told ->> 'run', told ->> 'b')
        END,
        changed);
    RETURN NULL;
END
$$;

CREATE FUNCTION audit.watch(watched regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    EXECUTE format(
        'CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION audit.note_change()',
        watched);
END
$$;
COMMENT ON FUNCTION audit.watch IS 'Has every change of a table''s rows noted; for migrations.';

-- What the sealing step asks. A number is given out while its writer holds a lock on the table, until its transaction
-- ends; so when all who hold one now have ended, nothing can be added any more below the last number given out by now.
-- Nobody waits for that but the sealing step.
CREATE FUNCTION audit.last_number() RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM audit.entry_number_seq
$$;

CREATE FUNCTION audit.writers() RETURNS SETOF text
LANGUAGE sql VOLATILE SET search_path = pg_catalog AS $$
    SELECT DISTINCT virtualtransaction FROM pg_locks
    WHERE locktype = 'relation' AND relation = 'audit.entry'::regclass AND mode = 'RowExclusiveLock'
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND pid IS DISTINCT FROM pg_backend_pid()
$$;
COMMENT ON FUNCTION audit.writers IS 'Transactions that may have added entries and have not ended.';

CREATE FUNCTION audit.lock_seals() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    LOCK TABLE audit.seal IN SHARE ROW EXCLUSIVE MODE;
END
$$;
COMMENT ON FUNCTION audit.lock_seals IS 'One seals at a time; who writes entries, or reads, does not wait.';

CREATE FUNCTION audit.see_alarm(seen bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF access.acting_as('auditor') IS NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'alarms are for the auditor';
    END IF;
    UPDATE audit.alarm SET seen_at = clock_timestamp(), seen_by = audit.actor() WHERE number = seen AND seen_at IS NULL;
    IF NOT FOUND THEN
        RAISE no_data_found USING MESSAGE = 'there is no open alarm of that number';
    END IF;
END
$$;

GRANT SELECT ON audit.entry, audit.link, audit.seal, audit.alarm TO onderdak_auditor, onderdak_service;
GRANT INSERT ON audit.link, audit.seal TO onderdak_service;
GRANT EXECUTE ON FUNCTION audit.last_number, audit.writers, audit.lock_seals TO onderdak_service;
GRANT EXECUTE ON FUNCTION audit.see_alarm TO onderdak_auditor;
