public import Postgres

/// What the database guarantees of placements and is not so: day by day and from the tables alone, sharing nothing with
/// the guards. For units that count victims and whose beds are the country's.
public func brokenGuarantees(on connection: Connection) async throws -> [String] {
    var broken: [String] = []
    for (guarantee, query) in violations {
        let rows = try await connection.query(query)
        if !rows.isEmpty { broken.append("\(guarantee): \(rows.count)") }
    }
    return broken
}

private let violations: [(String, Statement)] = [
    (
        "more people in a unit than beds",
        """
        SELECT unit, day FROM stay CROSS JOIN LATERAL generate_series(lower(days), upper(days) - 1, '1 day') AS day
        GROUP BY unit, day HAVING count(*) > (
            SELECT b.beds FROM bed_change AS b WHERE b.unit = stay.unit AND b.from_date <= day
            ORDER BY b.from_date DESC LIMIT 1)
        """
    ),
    (
        "a victim in two places",
        """
        SELECT victim, day FROM stay CROSS JOIN LATERAL generate_series(lower(days), upper(days) - 1, '1 day') AS day
        GROUP BY victim, day HAVING count(*) > 1
        """
    ),
    (
        "a request placed twice",
        """
        SELECT request FROM offer WHERE state = 'accepted' GROUP BY request HAVING count(*) > 1
        UNION ALL SELECT request FROM stay GROUP BY request, victim
        HAVING max(upper(days)) - min(lower(days)) <> sum(upper(days) - lower(days))
        """
    ),
    (
        "two sexes in a unit for one",
        """
        SELECT unit, day FROM stay JOIN victim AS v ON v.id = victim JOIN unit AS u ON u.id = unit
        CROSS JOIN LATERAL generate_series(lower(days), upper(days) - 1, '1 day') AS day
        WHERE u.mixing = 'single-sex' GROUP BY unit, day HAVING count(DISTINCT v.sex) > 1
        """
    ),
    (
        "two requests in a unit for one",
        """
        SELECT unit, day FROM stay JOIN unit AS u ON u.id = unit
        CROSS JOIN LATERAL generate_series(lower(days), upper(days) - 1, '1 day') AS day
        WHERE u.exclusive GROUP BY unit, day HAVING count(DISTINCT request) > 1
        """
    ),
    (
        "two who must not meet",
        """
        SELECT n.a FROM no_contact AS n JOIN stay AS s ON s.victim = n.a JOIN stay AS t ON t.victim = n.b
        JOIN unit AS su ON su.id = s.unit JOIN shelter AS sh ON sh.id = su.shelter
        JOIN unit AS tu ON tu.id = t.unit JOIN shelter AS th ON th.id = tu.shelter
        WHERE lower(s.days) < upper(t.days) AND lower(t.days) < upper(s.days) AND CASE n.scope
            WHEN 'unit' THEN su.id = tu.id WHEN 'shelter' THEN sh.id = th.id ELSE sh.region = th.region END
        """
    ),
    (
        "an accepted offer without its stays, or stays without a state",
        """
        SELECT o.request FROM offer AS o WHERE o.state = 'accepted'
            AND NOT EXISTS (SELECT FROM stay AS s WHERE s.request = o.request)
        UNION ALL SELECT r.id FROM request AS r
        WHERE (r.state IN ('accepted', 'placed')) <> EXISTS (SELECT FROM stay AS s WHERE s.request = r.id)
        """
    ),
]
