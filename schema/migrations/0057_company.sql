-- Who is in a unit with whom is guarded when somebody comes; when the unit becomes one of a single sex or for one group, or
-- somebody's sex is put right, nobody is evicted, and it is told, as beds are that became too few.

CREATE VIEW company_broken AS
    SELECT 'mixing' AS rule, s.unit, least(s.victim, t.victim) AS a, greatest(s.victim, t.victim) AS b,
        greatest(lower(s.days), lower(t.days), ledger_today()) AS from_date
    FROM stay AS s JOIN unit AS u ON u.id = s.unit AND u.mixing = 'single-sex'
    JOIN stay AS t ON t.unit = s.unit AND t.days && s.days AND t.victim > s.victim
    JOIN victim AS v ON v.id = s.victim JOIN victim AS w ON w.id = t.victim AND w.sex <> v.sex
    WHERE upper(s.days) > ledger_today() AND upper(t.days) > ledger_today()
    UNION
    SELECT 'exclusive', s.unit, least(s.victim, t.victim), greatest(s.victim, t.victim),
        greatest(lower(s.days), lower(t.days), ledger_today())
    FROM stay AS s JOIN unit AS u ON u.id = s.unit AND u.exclusive
    JOIN stay AS t ON t.unit = s.unit AND t.days && s.days AND t.request > s.request
    WHERE upper(s.days) > ledger_today() AND upper(t.days) > ledger_today();
COMMENT ON VIEW company_broken IS
    'Who is, or is to be, in a unit with whom its rule of company does not go: those placed so by an override too.';

-- A shelter from which somebody has moved on takes no steps for them any more.
DO $$
DECLARE
    written text := pg_get_functiondef('request_concerns'::regproc);
    before CONSTANT text := 'WHERE s.request = of_request AND ''shelter/'' || u.shelter = who)';
BEGIN
    IF position(before IN written) = 0 THEN
        RAISE EXCEPTION 'request_concerns does not ask which shelter has somebody';
    END IF;
    EXECUTE replace(written, before, $with$WHERE s.request = of_request AND 'shelter/' || u.shelter = who AND NOT EXISTS (
                    SELECT FROM stay AS l JOIN unit AS n ON n.id = l.unit
                    WHERE l.request = s.request AND l.victim = s.victim AND lower(l.days) > lower(s.days)
                        AND lower(l.days) <= ledger_today() AND n.shelter <> u.shelter))$with$);
END
$$;

SELECT access.take_ownership();
