public import Postgres

/// What a ledger must never be like: states of requests with which offers, places, plans, transfers or holds do not agree.
/// From the tables alone, sharing nothing with the guards; for requests that came in by themselves and were not taken over.
public func forbiddenStates(on connection: Connection) async throws -> [String] {
    try await connection.query(forbidden).map { try $0["what"] }
}

private let forbidden: Statement = """
    SELECT r.id || ' is ' || r.state || ': ' || p.problem AS what
    FROM request AS r
    CROSS JOIN LATERAL (SELECT
        (SELECT count(*) FROM offer AS o WHERE o.request = r.id AND o.kind = 'placement' AND o.state = 'open') AS open,
        (SELECT count(*) FROM offer AS o WHERE o.request = r.id AND o.kind = 'placement' AND o.state = 'accepted') AS agreed,
        (SELECT count(*) FROM offer AS o WHERE o.request = r.id AND o.kind = 'transfer' AND o.state = 'open') AS moves_open,
        (SELECT count(*) FROM request_victim AS v WHERE v.request = r.id) AS victims,
        (SELECT count(*) FROM request_victim AS v WHERE v.request = r.id AND v.closed) AS closed,
        (SELECT count(*) FROM stay AS s WHERE s.request = r.id) AS stays,
        (SELECT count(DISTINCT s.victim) FROM stay AS s WHERE s.request = r.id) AS placed,
        (SELECT count(*) FROM stay AS s WHERE s.request = r.id AND upper(s.days) > (SELECT (at AT TIME ZONE 'Europe/Amsterdam')::date FROM simulated_clock)) AS to_come,
        (SELECT count(*) FROM stay AS s WHERE s.request = r.id AND (s.offer, s.victim, s.unit::text) NOT IN (
            SELECT o.id, b.victim, b.unit::text FROM offer AS o, offer_stay AS b
            WHERE b.offer = o.id AND o.request = r.id AND o.state = 'accepted'
                AND lower(b.days) <= lower(s.days) AND upper(b.days) >= upper(s.days))) AS unagreed,
        (SELECT count(*) FROM stay AS s WHERE s.request = r.id AND s.offer IS NULL) AS without_offer,
        (SELECT count(*) FROM proposal AS p WHERE p.request = r.id AND p.published_at IS NOT NULL AND p.placed) AS proposed,
        (SELECT count(*) FROM proposal AS p WHERE p.request = r.id AND p.published_at IS NOT NULL AND NOT p.placed) AS refused,
        (SELECT count(*) FROM transfer AS t WHERE t.request = r.id AND t.state IN ('wanted', 'agreed')) AS transfers,
        (SELECT count(*) FROM hold AS h WHERE h.request = r.id AND h.released_at IS NULL) AS holds,
        (SELECT e.to_state FROM request_event AS e WHERE e.request = r.id ORDER BY e.id DESC LIMIT 1) AS last_step
        ) AS n
    CROSS JOIN LATERAL (VALUES
        ('it has no open offer', r.state = 'offered' AND n.open = 0),
        ('it has open offers', r.state <> 'offered' AND n.open > 0),
        ('not one offer was accepted', r.state IN ('accepted', 'placed') AND NOT r.night AND n.agreed <> 1),
        ('an offer is accepted', r.state NOT IN ('accepted', 'placed', 'ended') AND n.agreed > 0),
        ('it has places', r.state NOT IN ('accepted', 'placed', 'ended') AND n.stays > 0),
        ('a victim has no place', r.state IN ('accepted', 'placed') AND n.placed <> n.victims),
        ('somebody is still there', r.state = 'ended' AND n.to_come > 0),
        ('a place that nobody agreed on', NOT r.night AND (n.unagreed > 0 OR n.without_offer > 0)),
        ('a night without its placement', r.night AND r.state = 'placed' AND NOT EXISTS (
            SELECT FROM night_placement AS p WHERE p.request = r.id)),
        ('no plan proposes a place', r.state = 'proposed' AND n.proposed = 0),
        ('no plan says why', r.state = 'unplaced' AND n.refused = 0),
        ('a move is open', r.state <> 'placed' AND (n.transfers > 0 OR n.moves_open > 0)),
        ('beds are kept', r.state IN ('ended', 'withdrawn') AND n.holds > 0),
        ('its victims count as if it were not', (r.state IN ('ended', 'withdrawn')) <> (n.closed = n.victims) AND n.victims > 0),
        ('its last step led elsewhere', n.last_step IS DISTINCT FROM r.state)
        ) AS p(problem, so)
    WHERE p.so
    UNION ALL SELECT 'offer ' || id || ' was answered too late' FROM offer
    WHERE state IN ('accepted', 'declined') AND (answered_at >= answer_by OR answered_at < made_at)
    UNION ALL SELECT 'offer ' || id || ' expired too early' FROM offer WHERE state = 'expired' AND answered_at < answer_by
    UNION ALL SELECT 'transfer ' || t.id || ' is ' || t.state || ' without its offer' FROM transfer AS t
    WHERE t.state IN ('agreed', 'completed') AND NOT EXISTS (
        SELECT FROM offer AS o WHERE o.id = t.offer AND o.request = t.request AND o.kind = 'transfer' AND o.state = 'accepted')
    UNION ALL SELECT 'too many in ' || s.unit || ' on ' || day::date
    FROM stay AS s CROSS JOIN LATERAL generate_series(lower(s.days), upper(s.days) - 1, '1 day') AS day
    GROUP BY s.unit, day HAVING count(*) > (
        SELECT b.beds FROM bed_change AS b WHERE b.unit = s.unit AND b.from_date <= day ORDER BY b.from_date DESC LIMIT 1)
    UNION ALL SELECT s.victim || ' is in two places on ' || day::date
    FROM stay AS s CROSS JOIN LATERAL generate_series(lower(s.days), upper(s.days) - 1, '1 day') AS day
    GROUP BY s.victim, day HAVING count(*) > 1
    """
