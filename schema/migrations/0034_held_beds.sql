-- Of the beds that planned actions hold, the desk is told how many there are and nobody in which unit: who asks how many of
-- a unit's beds are held is told of those whose hold they may know.

CREATE FUNCTION unit_held_known(of_unit identifier, on_day date) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(sum(h.beds), 0)::integer FROM hold AS h CROSS JOIN access.acting() AS who
    WHERE h.unit = of_unit AND h.days @> on_day AND h.released_at IS NULL AND h.ends_at > ledger_now()
        AND NOT EXISTS (SELECT FROM stay AS s WHERE s.request = h.request AND s.unit = of_unit AND s.days @> on_day)
        AND CASE
            WHEN who.role = 'service' THEN true
            -- Whatever for, it is not told.
            WHEN who.role = 'shelter' AND EXISTS (SELECT FROM unit AS u WHERE u.id = of_unit AND u.shelter = who.id) THEN true
            ELSE NOT EXISTS (
                SELECT FROM planned_action_hold AS a JOIN planned_action AS p ON p.id = a.action
                WHERE a.hold = h.id AND p.owner IS DISTINCT FROM who.role || '/' || who.id) END
$$;
COMMENT ON FUNCTION unit_held_known IS 'The beds of a unit that are held on a day, as far as who asks may know.';

SELECT access.take_ownership();
REVOKE EXECUTE ON FUNCTION unit_held FROM
    onderdak_login, onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian,
    onderdak_funder, onderdak_governor, onderdak_auditor, onderdak_admin;
GRANT EXECUTE ON FUNCTION unit_held_known TO
    onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_admin;
