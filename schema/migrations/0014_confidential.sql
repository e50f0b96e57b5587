-- Identity, health and addresses, as ciphertext. The program encrypts with a key that is never in the database; here is who
-- may have the ciphertext, and that every time is noted. No role has a right to these tables themselves.

CREATE SCHEMA confidential;
GRANT USAGE ON SCHEMA confidential TO
    onderdak_owner, onderdak_service, onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police,
    onderdak_guardian;
COMMENT ON SCHEMA confidential IS 'Who a victim is, health, where shelters are: encrypted, reached by functions that take note.';

CREATE TABLE confidential.victim_field (
    victim identifier NOT NULL CONSTRAINT victim_field_victim REFERENCES public.victim,
    category text NOT NULL CONSTRAINT victim_field_category CHECK (category IN ('identity', 'health')),
    field text NOT NULL CONSTRAINT victim_field_name CHECK (field ~ '^[a-z][a-z-]{0,39}$'),
    reported_by text NOT NULL,
    key_id text NOT NULL,
    ciphertext bytea NOT NULL CONSTRAINT victim_field_sealed CHECK (octet_length(ciphertext) > 28),
    written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT victim_field_key PRIMARY KEY (victim, category, field, reported_by)
);
CREATE INDEX victim_field_by_key ON confidential.victim_field (key_id);
COMMENT ON COLUMN confidential.victim_field.reported_by IS
    'ROLE/ID: who wrote it. The police see what they reported themselves; two may know different things.';
COMMENT ON COLUMN confidential.victim_field.ciphertext IS
    'AES-GCM: nonce (12 bytes), text, tag (16), bound to victim, category, field and reported_by.';

CREATE TABLE confidential.shelter_address (
    shelter identifier CONSTRAINT shelter_address_key PRIMARY KEY
        CONSTRAINT shelter_address_shelter REFERENCES public.shelter,
    key_id text NOT NULL,
    ciphertext bytea NOT NULL CONSTRAINT shelter_address_sealed CHECK (octet_length(ciphertext) > 28),
    written_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX shelter_address_by_key ON confidential.shelter_address (key_id);

CREATE FUNCTION confidential.may_report(of_victim text, for_category text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM access.disclosed(access.acting_role(), for_category, 'own-report', true) AS d(victim)
        WHERE d.victim = of_victim);
END;

CREATE FUNCTION confidential.read(of_victim text, of_category text)
RETURNS TABLE (field text, reported_by text, key_id text, ciphertext bytea, written_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
DECLARE
    only_by text;
    seen text[];
BEGIN
    IF NOT access.may(of_victim, of_category) THEN
        IF NOT confidential.may_report(of_victim, of_category) THEN
            -- No error, which would take the note back with it.
            PERFORM audit.note('refuse', of_category, of_victim);
            RETURN;
        END IF;
        only_by := audit.actor();
    END IF;
    SELECT coalesce(array_agg(DISTINCT f.field ORDER BY f.field), '{}') INTO seen FROM confidential.victim_field AS f
    WHERE f.victim = of_victim AND f.category = of_category AND f.reported_by = coalesce(only_by, f.reported_by);
    PERFORM audit.note('read', of_category, of_victim, NULL, NULL, seen);
    RETURN QUERY
        SELECT f.field, f.reported_by, f.key_id, f.ciphertext, f.written_at FROM confidential.victim_field AS f
        WHERE f.victim = of_victim AND f.category = of_category AND f.reported_by = coalesce(only_by, f.reported_by)
        ORDER BY f.field, f.reported_by;
END
$$;
COMMENT ON FUNCTION confidential.read IS
    'What is known of a victim in a category to whom it is disclosed; notes who read, or was refused.';

CREATE FUNCTION confidential.write(of_victim text, of_category text, of_field text, with_key text, sealed bytea)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NOT access.may(of_victim, of_category, true) AND NOT confidential.may_report(of_victim, of_category) THEN
        RAISE insufficient_privilege USING MESSAGE = 'this category of this case is not yours to write';
    END IF;
    INSERT INTO confidential.victim_field AS f (victim, category, field, reported_by, key_id, ciphertext)
    VALUES (of_victim, of_category, of_field, audit.actor(), with_key, sealed)
    ON CONFLICT (victim, category, field, reported_by) DO UPDATE
    SET key_id = excluded.key_id, ciphertext = excluded.ciphertext, written_at = excluded.written_at;
END
$$;

CREATE FUNCTION confidential.may_see_address(of_shelter text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    who CONSTANT record := access.acting();
BEGIN
    RETURN CASE
        WHEN who.role = 'shelter' THEN who.id = of_shelter
        WHEN who.role = 'desk' THEN access.basis_holds(NULL, 'address')
        WHEN who.role IN ('coordinator', 'guardian') THEN EXISTS (
            SELECT FROM access.disclosed(who.role, 'address') AS d(victim)
            JOIN public.stay AS s ON s.victim = d.victim AND upper(s.days) > public.ledger_today()
            JOIN public.unit AS u ON u.id = s.unit AND u.shelter = of_shelter)
        ELSE false
    END;
END
$$;

CREATE FUNCTION confidential.read_address(of_shelter text)
RETURNS TABLE (key_id text, ciphertext bytea, written_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
BEGIN
    IF NOT confidential.may_see_address(of_shelter) THEN
        PERFORM audit.note('refuse', 'address', NULL, NULL, of_shelter);
        RETURN;
    END IF;
    PERFORM audit.note('read', 'address', NULL, NULL, of_shelter);
    RETURN QUERY
        SELECT a.key_id, a.ciphertext, a.written_at FROM confidential.shelter_address AS a WHERE a.shelter = of_shelter;
END
$$;

CREATE FUNCTION confidential.write_address(of_shelter text, with_key text, sealed bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF access.acting_as('service') IS NULL AND access.acting_as('shelter') IS DISTINCT FROM of_shelter THEN
        RAISE insufficient_privilege USING MESSAGE = 'a shelter''s address is the shelter''s own to write';
    END IF;
    INSERT INTO confidential.shelter_address AS a (shelter, key_id, ciphertext) VALUES (of_shelter, with_key, sealed)
    ON CONFLICT (shelter) DO UPDATE
    SET key_id = excluded.key_id, ciphertext = excluded.ciphertext, written_at = excluded.written_at;
END
$$;

-- Changing the key: the program takes some of what another key sealed, and gives it back sealed anew.
CREATE FUNCTION confidential.sealed_otherwise(current_key text, at_most integer)
RETURNS TABLE (victim text, category text, field text, reported_by text, shelter text, key_id text, ciphertext bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
BEGIN
    IF access.acting_as('service') IS NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'keys are changed by the program itself only';
    END IF;
    RETURN QUERY
        SELECT f.victim::text, f.category, f.field, f.reported_by, NULL::text, f.key_id, f.ciphertext
        FROM confidential.victim_field AS f WHERE f.key_id <> current_key
        ORDER BY f.victim, f.category, f.field, f.reported_by LIMIT at_most FOR UPDATE;
    RETURN QUERY
        SELECT NULL::text, NULL::text, NULL::text, NULL::text, a.shelter::text, a.key_id, a.ciphertext
        FROM confidential.shelter_address AS a WHERE a.key_id <> current_key
        ORDER BY a.shelter LIMIT at_most FOR UPDATE;
END
$$;

CREATE FUNCTION confidential.seal_anew(
    of_victim text, of_category text, of_field text, by text, of_shelter text, with_key text, sealed bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF access.acting_as('service') IS NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'keys are changed by the program itself only';
    END IF;
    UPDATE confidential.victim_field SET key_id = with_key, ciphertext = sealed
    WHERE victim = of_victim AND category = of_category AND field = of_field AND reported_by = by;
    UPDATE confidential.shelter_address SET key_id = with_key, ciphertext = sealed WHERE shelter = of_shelter;
END
$$;

CREATE FUNCTION confidential.keys_in_use() RETURNS TABLE (key_id text, fields bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT k.key_id, count(*) FROM (
        SELECT f.key_id FROM confidential.victim_field AS f
        UNION ALL SELECT a.key_id FROM confidential.shelter_address AS a) AS k
    GROUP BY k.key_id ORDER BY k.key_id;
END;
COMMENT ON FUNCTION confidential.keys_in_use IS 'Which keys the program must have, and for how many values.';

SELECT audit.watch('confidential.victim_field'), audit.watch('confidential.shelter_address');

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA confidential FROM PUBLIC;
GRANT EXECUTE ON FUNCTION confidential.read, confidential.write, confidential.may_report TO
    onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian;
GRANT EXECUTE ON FUNCTION confidential.read_address, confidential.may_see_address TO
    onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian;
GRANT EXECUTE ON FUNCTION confidential.write_address TO onderdak_shelter, onderdak_service;
GRANT EXECUTE ON FUNCTION
    confidential.sealed_otherwise, confidential.seal_anew, confidential.keys_in_use TO onderdak_service;
