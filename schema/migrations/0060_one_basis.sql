-- A consent that is on record twice leaves a door open when one of the two is withdrawn: a basis is on record once, and
-- nothing that says the same outlives its withdrawal.

-- A consent is the victim's, whatever form it was written on; each article and each covenant is a basis of its own.
CREATE FUNCTION access.basis_says(kind text, victim text, role text, party text, categories text[], reference text)
RETURNS bytea
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog
RETURN sha256(convert_to(jsonb_build_array(
    kind, victim, role, party, (SELECT jsonb_agg(DISTINCT c.name COLLATE "C") FROM unnest(categories) AS c(name)),
    CASE WHEN kind <> 'consent' THEN reference END)::text, 'UTF8'));
COMMENT ON FUNCTION access.basis_says IS
    'The same of two legal bases that say the same: of which kind, whose data, to whom, what.';
-- Whoever adds a basis has the constraint ask it, and the table's owner builds it.
ALTER FUNCTION access.basis_says OWNER TO onderdak_owner;
GRANT EXECUTE ON FUNCTION access.basis_says TO onderdak_service, onderdak_desk, onderdak_coordinator, onderdak_guardian;

-- What somebody withdrew is withdrawn: with it ends what said the same and had begun by then. (One that was withdrawn on
-- its first day may have been a mistake and the other one meant: that one stays.)
UPDATE access.legal_basis AS l SET withdrawn_on = w.day FROM (
    SELECT b.id, min(o.withdrawn_on) AS day
    FROM access.legal_basis AS b JOIN access.legal_basis AS o ON o.withdrawn_on > lower(b.days) AND o.withdrawn_on > lower(o.days)
        AND (upper_inf(b.days) OR o.withdrawn_on < upper(b.days))
        AND access.basis_says(b.kind, b.victim, b.role, b.party, b.categories, b.reference)
            = access.basis_says(o.kind, o.victim, o.role, o.party, o.categories, o.reference)
    WHERE b.withdrawn_on IS NULL OR o.withdrawn_on < b.withdrawn_on
    GROUP BY b.id) AS w
WHERE w.id = l.id;
-- Of those that are on record twice all the same, one holds on each day on which any of them did: one within another ends
-- before it begins, one that reaches beyond another takes over on its first day.
WITH b AS (
    SELECT id, access.basis_says(kind, victim, role, party, categories, reference) AS says,
        days AS open
    FROM access.legal_basis WHERE withdrawn_on IS NULL
)
UPDATE access.legal_basis AS l SET withdrawn_on = lower(l.days) FROM b
WHERE b.id = l.id AND NOT isempty(b.open) AND EXISTS (
    SELECT FROM b AS o WHERE o.says = b.says AND o.open @> b.open AND (o.open <> b.open OR o.id < b.id));
WITH b AS (
    SELECT id, days AS open, lead(lower(days)) OVER (
        PARTITION BY access.basis_says(kind, victim, role, party, categories, reference) ORDER BY lower(days)) AS taken_over
    FROM access.legal_basis WHERE withdrawn_on IS NULL
)
UPDATE access.legal_basis AS l SET withdrawn_on = b.taken_over FROM b WHERE b.id = l.id AND b.open @> b.taken_over;

ALTER TABLE access.legal_basis ADD CONSTRAINT legal_basis_once EXCLUDE USING gist (
    access.basis_says(kind, victim, role, party, categories, reference) WITH =, days WITH &&)
    WHERE (withdrawn_on IS NULL);

CREATE OR REPLACE FUNCTION access.withdraw_basis(basis bigint, from_day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who CONSTANT record := access.acting();
BEGIN
    UPDATE access.legal_basis AS b
    -- What says the same and has not begun never does.
    SET withdrawn_on = CASE b.id WHEN basis THEN from_day ELSE greatest(from_day, lower(b.days)) END
    FROM access.legal_basis AS own
    WHERE own.id = basis
        AND access.basis_says(b.kind, b.victim, b.role, b.party, b.categories, b.reference)
            = access.basis_says(own.kind, own.victim, own.role, own.party, own.categories, own.reference)
        AND from_day IS NOT NULL AND (b.id = basis OR upper_inf(b.days) OR from_day < upper(b.days))
        -- One that is withdrawn can be so from an earlier day. What was put on record since says something new.
        AND (own.withdrawn_on IS NULL OR own.withdrawn_on <= lower(own.days)
            OR from_day < own.withdrawn_on AND (b.id = basis OR lower(b.days) < own.withdrawn_on))
        AND (b.withdrawn_on IS NULL OR greatest(from_day, lower(b.days)) < b.withdrawn_on) AND (
            who.role = 'service' OR who.role = 'desk'
            OR (who.role IN ('coordinator', 'guardian') AND own.victim IN (SELECT r.victim FROM access.related() AS r)));
    IF NOT FOUND THEN
        RAISE no_data_found USING CONSTRAINT = 'legal_basis_withdraw', MESSAGE =
            'there is no such legal basis for you to withdraw, or it was withdrawn from an earlier day already';
    END IF;
END
$$;
COMMENT ON FUNCTION access.withdraw_basis IS 'Ends a legal basis, and all that say the same, from a day on.';

SELECT access.take_ownership();
