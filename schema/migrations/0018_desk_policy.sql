-- What the desk goes by is data of the country (desk.csv, desk-hours.csv, deadlines.csv), and so is how old a unit's
-- figures may be where nothing else is said of it. What 0004 put there holds until a country is loaded.

ALTER TABLE desk_policy
    ADD report_age interval CONSTRAINT desk_policy_report_age CHECK (report_age > interval '0');
COMMENT ON COLUMN desk_policy.report_age IS
    'How old a unit''s last report may be where nothing else is said of it; null: figures do not age.';

ALTER TABLE unit_reporting
    ALTER stale_after DROP NOT NULL,
    ADD required boolean NOT NULL DEFAULT true;
COMMENT ON TABLE unit_reporting IS 'Whether a unit has to report its beds, and how old its last report may be.';
COMMENT ON COLUMN unit_reporting.stale_after IS 'How old its last report may be; null: as desk_policy.report_age says.';
COMMENT ON COLUMN unit_reporting.required IS 'False: it need not report, and its figures do not age.';
COMMENT ON COLUMN unit_reporting.since IS
    'Since when the ledger knows the unit; before its first report its figures are as old as this.';

INSERT INTO unit_reporting (unit, required, since)
SELECT u.id, true, ledger_now() FROM unit AS u ON CONFLICT DO NOTHING;

CREATE FUNCTION unit_reporting_begin() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO unit_reporting (unit, since) VALUES (NEW.id, ledger_now());
    RETURN NULL;
END $$;
CREATE TRIGGER unit_reporting_begin AFTER INSERT ON unit FOR EACH ROW EXECUTE FUNCTION unit_reporting_begin();

CREATE OR REPLACE VIEW unit_report_age AS
SELECT u.id AS unit, u.shelter, r.observed_at, r.id AS report, l.stale_after,
    greatest(clock.at - coalesce(r.observed_at, l.since), interval '0') AS age,
    coalesce(coalesce(r.observed_at, l.since) + l.stale_after < clock.at, false) AS stale
FROM unit AS u
-- Asked once, not for every unit.
CROSS JOIN (SELECT ledger_now() AS at OFFSET 0) AS clock
LEFT JOIN LATERAL (
    SELECT k.since, CASE WHEN k.required THEN coalesce(k.stale_after, p.report_age) END AS stale_after
    FROM unit_reporting AS k CROSS JOIN desk_policy AS p WHERE k.unit = u.id) AS l ON true
LEFT JOIN LATERAL (
    SELECT c.observed_at, c.id FROM capacity_report AS c
    WHERE c.unit = u.id AND NOT c.late ORDER BY c.observed_at DESC LIMIT 1) AS r ON true;

-- The greatest excess of a unit, today or later. A figure of beds: as its owner, because whoever asks sees only some of
-- the stays on whose days there could be one (unit_excess).
CREATE FUNCTION unit_worst_excess(of_unit identifier) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN (SELECT coalesce(max(e.load - e.beds), 0) FROM unit_excess AS e WHERE e.unit = of_unit);

SELECT access.take_ownership();

-- Beds are reference data, and so is how old their figures are, and who coordinates where.
GRANT SELECT ON unit_report_age TO onderdak_admin;
GRANT SELECT ON coverage_on_duty TO onderdak_funder, onderdak_governor;
GRANT EXECUTE ON FUNCTION unit_worst_excess TO
    onderdak_desk, onderdak_coordinator, onderdak_shelter, onderdak_police, onderdak_guardian, onderdak_admin;
