-- A move is made with its handover and not before: until then the victim is in the old bed, and the new one is kept. And
-- beds that are kept for a request are free for it.

ALTER TABLE hold ADD offer bigint CONSTRAINT hold_offer REFERENCES offer;
COMMENT ON COLUMN hold.offer IS 'The move for which the bed is kept until its handover is complete; null: another hold.';

-- Writes the stays of an accepted offer from a day on; those that end by it are cut off there.
CREATE FUNCTION offer_write_stays(accepted offer, from_day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    exempt text[] := ARRAY(
        SELECT o.rule FROM rule_override AS o WHERE o.offer = accepted.id AND o.hard ORDER BY o.rule);
    -- Who has left since the move was agreed on is not moved.
    movers text[] := CASE accepted.kind WHEN 'transfer' THEN ARRAY(
        SELECT DISTINCT s.victim::text FROM stay AS s WHERE s.request = accepted.request AND upper(s.days) > from_day) END;
BEGIN
    IF accepted.kind = 'transfer' THEN
        DELETE FROM stay AS s USING offer_stay AS o
        WHERE s.request = accepted.request AND o.offer = accepted.id AND o.victim = s.victim AND lower(s.days) >= from_day;
        UPDATE stay AS s SET days = daterange(lower(s.days), from_day)
        WHERE s.request = accepted.request AND upper(s.days) > from_day
            AND EXISTS (SELECT FROM offer_stay AS o WHERE o.offer = accepted.id AND o.victim = s.victim);
    END IF;
    INSERT INTO stay (request, victim, unit, days, moves_made, arrived, origin, overrides, offer)
    SELECT accepted.request, o.victim, o.unit, o.days * daterange(from_day, NULL),
        coalesce((SELECT max(s.moves_made) + 1 FROM stay AS s
            WHERE s.request = accepted.request AND s.victim = o.victim), 0)
            + row_number() OVER (PARTITION BY o.victim ORDER BY lower(o.days)) - 1,
        false, 'offer', exempt, accepted.id
    FROM offer_stay AS o
    WHERE o.offer = accepted.id AND upper(o.days) > from_day AND (movers IS NULL OR o.victim = ANY (movers))
    ORDER BY o.victim, lower(o.days);
END $$;

-- What accepting an offer does, in the one statement that accepts it: checks that everybody agreed, writes the stays or
-- keeps the bed of a move, cancels the siblings, lets go of what was held for the request.
CREATE OR REPLACE FUNCTION offer_accept(accepted offer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    now_is text;
    moved date;
BEGIN
    SELECT state INTO now_is FROM request WHERE id = accepted.request FOR NO KEY UPDATE;
    IF now_is <> (CASE accepted.kind WHEN 'placement' THEN 'offered' ELSE 'placed' END) THEN
        PERFORM refuse('offer', 'offer_of_open_request', 'the request is ' || now_is);
    ELSIF accepted.answer_by <= accepted.answered_at OR accepted.answered_at < accepted.made_at THEN
        PERFORM refuse('offer', 'offer_in_time', 'the offer was to be answered before');
    ELSIF EXISTS (SELECT FROM offer_missing(accepted.id)) THEN
        PERFORM refuse('offer', 'offer_approvals', 'not everybody who must has approved');
    ELSIF EXISTS (SELECT FROM rule_override AS o WHERE o.offer = accepted.id AND o.hard AND o.seconded_by IS NULL) THEN
        PERFORM refuse('offer', 'offer_second_person', 'a second person must agree that a hard rule is overridden');
    ELSIF EXISTS (
        SELECT FROM offer_stay AS s JOIN unit AS u ON u.id = s.unit JOIN shelter AS h ON h.id = u.shelter
        WHERE s.offer = accepted.id AND h.placement_authority = 'youth-care-and-court' AND NOT EXISTS (
            SELECT FROM court_order AS c WHERE c.victim = s.victim AND c.days @> lower(s.days)))
    THEN
        PERFORM refuse('offer', 'offer_court_order', 'no court order is in force on the first day');
    ELSIF EXISTS (
        SELECT FROM request_victim AS v WHERE v.request = accepted.request
            AND (accepted.kind = 'placement' OR EXISTS (
                SELECT FROM stay AS s WHERE s.request = v.request AND s.victim = v.victim
                    AND upper(s.days) > (SELECT min(lower(o.days)) FROM offer_stay AS o WHERE o.offer = accepted.id)))
            AND NOT EXISTS (SELECT FROM offer_stay AS o WHERE o.offer = accepted.id AND o.victim = v.victim))
    THEN
        PERFORM refuse('offer', 'offer_whole', 'the offer leaves a victim of the request out');
    END IF;
    PERFORM take_turns(
        ARRAY(SELECT unit FROM offer_stay WHERE offer = accepted.id
            UNION SELECT unit FROM stay WHERE request = accepted.request),
        ARRAY(SELECT victim FROM offer_stay WHERE offer = accepted.id));
    IF accepted.kind = 'placement' THEN
        PERFORM offer_write_stays(accepted, '-infinity');
    ELSE
        SELECT min(lower(o.days)) INTO moved FROM offer_stay AS o WHERE o.offer = accepted.id;
        -- Tried and taken back, so that nobody agrees on a move that the guards would refuse.
        BEGIN
            UPDATE hold SET released_at = accepted.answered_at WHERE request = accepted.request AND released_at IS NULL;
            PERFORM offer_write_stays(accepted, moved);
            RAISE EXCEPTION USING ERRCODE = 'triggered_action_exception';
        EXCEPTION WHEN triggered_action_exception THEN NULL;
        END;
    END IF;
    UPDATE hold SET released_at = accepted.answered_at WHERE request = accepted.request AND released_at IS NULL;
    -- The request before the siblings: an offer that goes while its request is still offered sends it back to the queue.
    IF accepted.kind = 'placement' THEN
        UPDATE request SET state = 'accepted', state_reason = NULL WHERE id = accepted.request;
    ELSE
        INSERT INTO hold (unit, beds, days, request, purpose, owner, made_at, ends_at, offer)
        SELECT o.unit, CASE u.count_by WHEN 'request' THEN 1 ELSE count(*) END, o.days, accepted.request, 'move',
            accepted.made_by, accepted.answered_at, upper(o.days)::timestamp AT TIME ZONE p.zone, accepted.id
        FROM offer_stay AS o JOIN unit AS u ON u.id = o.unit CROSS JOIN desk_policy AS p
        WHERE o.offer = accepted.id GROUP BY o.unit, u.count_by, o.days, p.zone;
        UPDATE transfer SET state = 'agreed', offer = accepted.id WHERE request = accepted.request AND state = 'wanted';
    END IF;
    UPDATE offer SET state = 'cancelled', answered_at = accepted.answered_at
    WHERE request = accepted.request AND state = 'open' AND id <> accepted.id;
END $$;

-- Makes an agreed move, whose handover is complete: from the agreed day, or from today when that is past.
CREATE FUNCTION transfer_complete(of_transfer bigint) RETURNS date
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    agreed offer;
    from_day date;
BEGIN
    UPDATE transfer SET state = 'completed', completed_at = ledger_now() WHERE id = of_transfer;
    SELECT o.* INTO agreed FROM offer AS o JOIN transfer AS t ON t.offer = o.id WHERE t.id = of_transfer;
    SELECT greatest(min(lower(s.days)), ledger_today()) INTO from_day FROM offer_stay AS s WHERE s.offer = agreed.id;
    PERFORM take_turns(
        ARRAY(SELECT unit FROM offer_stay WHERE offer = agreed.id UNION SELECT unit FROM stay WHERE request = agreed.request),
        ARRAY(SELECT victim FROM offer_stay WHERE offer = agreed.id));
    UPDATE hold SET released_at = ledger_now() WHERE offer = agreed.id AND released_at IS NULL;
    PERFORM offer_write_stays(agreed, from_day);
    UPDATE stay SET arrived = true WHERE offer = agreed.id AND days @> ledger_today();
    RETURN from_day;
END $$;

-- A leg that follows a move begins with the handover.
CREATE OR REPLACE FUNCTION stay_handover() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM transfer AS t WHERE t.offer = NEW.offer AND t.state = 'agreed') THEN
        PERFORM refuse('stay', 'stay_handover', 'the handover is not complete');
    END IF;
    RETURN NULL;
END $$;

-- The receiving shelter prepares, and so it sees whom as soon as the move is agreed on.
CREATE OR REPLACE FUNCTION access.related(OUT victim text, OUT relation text) RETURNS SETOF record
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog AS $$
DECLARE
    who CONSTANT record := access.acting();
    day CONSTANT date := access.today();
BEGIN
    IF who.role = 'desk' THEN
        RETURN QUERY SELECT v.id::text, 'all' FROM victim AS v;
    ELSIF who.role = 'coordinator' THEN
        RETURN QUERY SELECT DISTINCT c.victim::text, 'own' FROM case_coordinator AS c WHERE c.coordinator = who.id;
    ELSIF who.role = 'shelter' THEN
        -- Placed from the moment the place is agreed on, since the shelter has to prepare, until the last day.
        RETURN QUERY
            SELECT DISTINCT s.victim::text, 'placed'
            FROM unit AS u JOIN stay AS s ON s.unit = u.id
            WHERE u.shelter = who.id AND upper(s.days) > day;
        RETURN QUERY
            SELECT DISTINCT s.victim::text, 'placed'
            FROM unit AS u JOIN offer_stay AS s ON s.unit = u.id JOIN transfer AS t ON t.offer = s.offer
            WHERE u.shelter = who.id AND t.state = 'agreed';
        RETURN QUERY
            SELECT DISTINCT s.victim::text, 'offered'
            FROM unit AS u JOIN offer_stay AS s ON s.unit = u.id JOIN offer AS o ON o.id = s.offer
            WHERE u.shelter = who.id AND o.state = 'open' AND o.answer_by > ledger_now();
    ELSIF who.role = 'police' THEN
        RETURN QUERY
            SELECT p.victim::text, 'own' FROM police_case AS p WHERE p.police = who.id AND p.days @> day;
    ELSIF who.role = 'guardian' THEN
        -- A guardianship ends with the eighteenth birthday, whatever its dates say.
        RETURN QUERY
            SELECT g.victim::text, 'own' FROM guardianship AS g JOIN victim AS v ON v.id = g.victim
            WHERE g.guardian = who.id AND g.days @> day AND age_on(v.birth_date, day) < 18;
    ELSIF who.role = 'funder' THEN
        RETURN QUERY SELECT p.victim::text, 'paying' FROM paid_days AS p WHERE p.funder = who.id;
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION confidential.may_see_address(of_shelter text) RETURNS boolean
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
            -- Where somebody is about to be moved, to bring them there.
            OR EXISTS (
                SELECT FROM access.disclosed(who.role, 'address') AS d(victim)
                JOIN public.offer_stay AS s ON s.victim = d.victim
                JOIN public.transfer AS t ON t.offer = s.offer AND t.state = 'agreed'
                JOIN public.unit AS u ON u.id = s.unit AND u.shelter = of_shelter)
        ELSE false
    END;
END
$$;


-- The fewest beds of each unit that are free on one of some days: for a request, those that are held for it too. One pass
-- over what begins, ends and changes: looking each day of each unit up took 60 times as long.
CREATE FUNCTION unit_free_for(of_request identifier, from_day date, until_day date) RETURNS TABLE (unit identifier, free integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    span daterange := daterange(from_day, until_day);
    moment timestamptz := ledger_now();
BEGIN
    RETURN QUERY
    WITH taken AS (
        SELECT s.unit, s.days, 1 AS beds
        FROM stay AS s JOIN unit AS u ON u.id = s.unit WHERE s.days && span AND u.count_by = 'victim'
        UNION ALL
        SELECT f.unit, piece, 1
        FROM (SELECT s.unit, range_agg(s.days) AS pieces
            FROM stay AS s JOIN unit AS u ON u.id = s.unit WHERE s.days && span AND u.count_by = 'request'
            GROUP BY s.unit, s.request) AS f CROSS JOIN LATERAL unnest(f.pieces) AS piece
        UNION ALL
        SELECT h.unit, piece, h.beds::integer
        FROM hold AS h
        CROSS JOIN LATERAL unnest(datemultirange(h.days) - coalesce(
            (SELECT range_agg(s.days) FROM stay AS s WHERE s.request = h.request AND s.unit = h.unit), '{}')) AS piece
        WHERE h.days && span AND h.released_at IS NULL AND h.ends_at > moment
            AND h.request IS DISTINCT FROM of_request
    ), beds AS (
        SELECT DISTINCT ON (c.unit, c.from_date) c.unit, c.from_date, c.beds FROM bed_change AS c
        WHERE c.from_date < until_day ORDER BY c.unit, c.from_date, c.source = 'report' DESC
    ), changes AS (
        SELECT t.unit, greatest(lower(t.days), from_day) AS day, t.beds AS more FROM taken AS t
        UNION ALL SELECT t.unit, upper(t.days), -t.beds FROM taken AS t WHERE upper(t.days) < until_day
        UNION ALL SELECT b.unit, greatest(b.from_date, from_day),
            lag(b.beds, 1, 0) OVER (PARTITION BY b.unit ORDER BY b.from_date)::integer - b.beds FROM beds AS b
        UNION ALL SELECT u.id, from_day, 0 FROM unit AS u
    ), levels AS (
        SELECT c.unit, sum(sum(c.more)) OVER (PARTITION BY c.unit ORDER BY c.day) AS over FROM changes AS c
        GROUP BY c.unit, c.day)
    SELECT l.unit, -max(l.over)::integer FROM levels AS l GROUP BY l.unit;
END $$;

CREATE OR REPLACE FUNCTION unit_free(from_day date, until_day date) RETURNS TABLE (unit identifier, free integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT f.unit, f.free FROM unit_free_for(NULL, $1, $2) AS f
$$;

CREATE OR REPLACE FUNCTION find_beds(
    profiles jsonb, of_request identifier, from_day date, until_day date, near identifier
) RETURNS TABLE (
    unit identifier, shelter identifier, region identifier, bed_type text, free integer, minutes integer, reasons text[],
    observed_at timestamptz, age interval, stale boolean
) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    span daterange := daterange(from_day, until_day);
    size integer := jsonb_array_length(profiles);
    comers text[] := ARRAY(SELECT DISTINCT p ->> 'sex' FROM jsonb_array_elements(profiles) AS p);
BEGIN
    RETURN QUERY
    WITH profile AS MATERIALIZED (
        SELECT p.*, extract(year FROM age(from_day, p.birth_date)) AS years
        FROM jsonb_to_recordset(profiles) AS p(
            victim text, sex text, birth_date date, phase text, needs text[], security_min integer, security_max integer,
            avoid_regions text[], avoid_shelters text[], investigation text, max_travel_minutes integer)
    ), meeting AS MATERIALIZED (
        -- Where, and how widely, somebody is whom one of them must not meet.
        SELECT n.scope, s.unit, u.shelter, h.region
        FROM profile AS p JOIN no_contact AS n ON p.victim IN (n.a, n.b)
        JOIN stay AS s ON s.victim = CASE WHEN n.a = p.victim THEN n.b ELSE n.a END
            AND s.days && (datemultirange(span) * datemultirange(n.days)) AND s.request IS DISTINCT FROM of_request
            AND 'no-contact' <> ALL (s.overrides)
        JOIN unit AS u ON u.id = s.unit JOIN shelter AS h ON h.id = u.shelter
    ), blocked AS (
        SELECT u.id,
            bool_or(p.sex <> ALL (u.sexes::text[]) OR p.years < u.min_age OR p.years > u.max_age
                OR p.phase <> ALL (u.phases::text[])) AS admission,
            bool_or(NOT p.needs <@ (u.services || h.services)) AS services,
            bool_or(h.security NOT BETWEEN p.security_min AND p.security_max) AS security,
            bool_or(h.region::text = ANY (p.avoid_regions) OR h.id::text = ANY (p.avoid_shelters)) AS avoid,
            bool_or(p.max_travel_minutes IS NOT NULL AND p.investigation <> h.region
                AND coalesce(t.minutes > p.max_travel_minutes, true)) AS investigation
        FROM unit AS u JOIN shelter AS h ON h.id = u.shelter CROSS JOIN profile AS p
        LEFT JOIN travel_time AS t
            ON least(t.a, t.b) = least(h.region, p.investigation::identifier)
            AND greatest(t.a, t.b) = greatest(h.region, p.investigation::identifier)
        GROUP BY u.id)
    SELECT u.id, u.shelter, h.region, u.bed_type::text, f.free,
        CASE WHEN h.region = near THEN 0 ELSE t.minutes::integer END,
        array_remove(ARRAY[
            CASE WHEN f.free < CASE u.count_by WHEN 'request' THEN 1 ELSE size END THEN 'capacity' END,
            CASE WHEN b.admission OR size < u.min_group OR size > u.max_group THEN 'admission' END,
            CASE WHEN b.services THEN 'services' END,
            CASE WHEN b.security THEN 'security' END,
            CASE WHEN b.avoid THEN 'avoid' END,
            CASE WHEN b.investigation THEN 'investigation' END,
            CASE WHEN EXISTS (SELECT FROM meeting AS m WHERE CASE m.scope WHEN 'unit' THEN m.unit = u.id
                WHEN 'shelter' THEN m.shelter = u.shelter ELSE m.region = h.region END) THEN 'no-contact' END,
            CASE WHEN u.mixing = 'single-sex' AND (cardinality(comers) > 1 OR EXISTS (
                SELECT FROM stay AS s JOIN victim AS v ON v.id = s.victim
                WHERE s.unit = u.id AND s.days && span AND v.sex <> ALL (comers) AND 'mixing' <> ALL (s.overrides)
                    AND s.request IS DISTINCT FROM of_request)) THEN 'mixing' END,
            CASE WHEN u.exclusive AND EXISTS (
                SELECT FROM stay AS s WHERE s.unit = u.id AND s.days && span AND s.request IS DISTINCT FROM of_request
                    AND 'exclusive' <> ALL (s.overrides)) THEN 'exclusive' END], NULL),
        a.observed_at, a.age, a.stale
    FROM unit AS u
    JOIN shelter AS h ON h.id = u.shelter
    JOIN blocked AS b ON b.id = u.id
    JOIN unit_free_for(of_request, from_day, until_day) AS f ON f.unit = u.id
    JOIN unit_report_age AS a ON a.unit = u.id
    LEFT JOIN travel_time AS t ON least(t.a, t.b) = least(h.region, near) AND greatest(t.a, t.b) = greatest(h.region, near)
        AND near IS NOT NULL;
END $$;

SELECT access.take_ownership();
