-- Offers: a bed is offered, those with authority over it agree or decline, and then it is the request's.

-- Whose agreement a bed needs

CREATE TABLE authority_approval (
    authority text,
    approval text,
    role text,
    CONSTRAINT authority_approval_key PRIMARY KEY (authority, approval, role),
    CONSTRAINT authority_approval_authority CHECK (authority IN (
        'desk-exclusive', 'desk-consulted', 'coordinator', 'coordinator-and-police', 'shelter', 'guardian',
        'youth-care', 'youth-care-and-court')),
    CONSTRAINT authority_approval_role CHECK (role IN ('desk', 'coordinator', 'shelter', 'police', 'guardian'))
);
COMMENT ON TABLE authority_approval IS
    'The approvals that a shelter''s placement authority asks for, and the roles of which one gives each.';
INSERT INTO authority_approval VALUES
    ('desk-exclusive', 'desk', 'desk'),
    ('desk-consulted', 'desk', 'desk'),
    ('desk-consulted', 'consultation', 'coordinator'), ('desk-consulted', 'consultation', 'shelter'),
    ('coordinator', 'coordinator', 'coordinator'),
    ('coordinator-and-police', 'coordinator', 'coordinator'), ('coordinator-and-police', 'police', 'police'),
    ('shelter', 'shelter', 'shelter'),
    ('guardian', 'guardian', 'guardian'),
    ('youth-care', 'youth-care', 'guardian'),
    ('youth-care-and-court', 'youth-care', 'guardian');

CREATE TABLE guardianship (
    victim identifier CONSTRAINT guardianship_victim REFERENCES victim,
    guardian identifier NOT NULL,
    days daterange NOT NULL CONSTRAINT guardianship_days CHECK (NOT isempty(days)),
    CONSTRAINT guardianship_once EXCLUDE USING gist (victim WITH =, days WITH &&)
);
COMMENT ON TABLE guardianship IS 'The body that is a minor''s guardian; wherever its ward is placed, it approves.';

CREATE TABLE court_order (
    victim identifier CONSTRAINT court_order_victim REFERENCES victim,
    days daterange NOT NULL CONSTRAINT court_order_days CHECK (NOT isempty(days)),
    CONSTRAINT court_order_once EXCLUDE USING gist (victim WITH =, days WITH &&)
);
COMMENT ON TABLE court_order IS 'When a court allows a victim to be in a closed shelter (machtiging).';

CREATE TABLE move_hold (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT move_hold_key PRIMARY KEY,
    request identifier NOT NULL CONSTRAINT move_hold_request REFERENCES request,
    until date NOT NULL CONSTRAINT move_hold_until CHECK (isfinite(until)),
    owner actor NOT NULL CONSTRAINT move_hold_owner CHECK (actor_role(owner) IN ('police', 'desk', 'coordinator')),
    reason text NOT NULL,
    made_at timestamptz NOT NULL,
    lifted_at timestamptz
);
CREATE INDEX move_hold_by_request ON move_hold (request) WHERE lifted_at IS NULL;
COMMENT ON TABLE move_hold IS 'No move of a request before a day (a hearing): always with an owner and an end.';

-- Offers

CREATE TABLE decline_reason (
    side text CONSTRAINT decline_reason_side CHECK (side IN ('shelter', 'victim', 'authority')),
    code text,
    english text NOT NULL,
    dutch text NOT NULL,
    CONSTRAINT decline_reason_key PRIMARY KEY (side, code)
);
COMMENT ON TABLE decline_reason IS 'Why an offer is declined, and by whom: the shelter, the victim, or another authority.';
INSERT INTO decline_reason VALUES
    ('shelter', 'full', 'The bed is not free after all.', 'De plek is toch niet vrij.'),
    ('shelter', 'care', 'The care that is needed is not there.', 'De nodige zorg is er niet.'),
    ('shelter', 'safety', 'It is not safe there for this person, or for the others.', 'Het is er niet veilig voor deze persoon of voor de anderen.'),
    ('shelter', 'group', 'It does not fit the group that lives there.', 'Het past niet bij de groep die er woont.'),
    ('shelter', 'funding', 'Nobody pays.', 'Niemand betaalt.'),
    ('shelter', 'intake', 'There can be no intake in time.', 'Een intake kan niet op tijd.'),
    ('victim', 'place', 'The victim does not want to go to this place.', 'Het slachtoffer wil niet naar deze plaats.'),
    ('victim', 'region', 'The victim does not want to go to this region.', 'Het slachtoffer wil niet naar deze regio.'),
    ('victim', 'own-solution', 'The victim has a place of their own.', 'Het slachtoffer heeft zelf een plek.'),
    ('victim', 'no-shelter', 'The victim does not want shelter.', 'Het slachtoffer wil geen opvang.'),
    ('victim', 'unreachable', 'The victim cannot be reached.', 'Het slachtoffer is niet bereikbaar.'),
    ('authority', 'not-suitable', 'The authority does not find it suitable.', 'De bevoegde instantie vindt het niet passend.'),
    ('authority', 'no-order', 'There is no court order.', 'Er is geen machtiging.'),
    ('authority', 'investigation', 'It harms the investigation.', 'Het schaadt het onderzoek.');

CREATE TABLE offer (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT offer_key PRIMARY KEY,
    request identifier NOT NULL CONSTRAINT offer_request REFERENCES request,
    kind text NOT NULL DEFAULT 'placement' CONSTRAINT offer_kind CHECK (kind IN ('placement', 'transfer')),
    state text NOT NULL DEFAULT 'open' CONSTRAINT offer_state CHECK (state IN (
        'open', 'accepted', 'declined', 'expired', 'cancelled')),
    made_at timestamptz NOT NULL,
    made_by actor NOT NULL,
    answer_by timestamptz NOT NULL,
    answered_at timestamptz,
    answered_by actor,
    side text,
    reason text,
    run bigint CONSTRAINT offer_run REFERENCES plan_run,
    CONSTRAINT offer_answer_time CHECK (answer_by > made_at),
    CONSTRAINT offer_answered CHECK ((state = 'open') = (answered_at IS NULL)),
    CONSTRAINT offer_decline CHECK ((state = 'declined') = (side IS NOT NULL) AND (state = 'declined') = (reason IS NOT NULL)),
    CONSTRAINT offer_decline_reason FOREIGN KEY (side, reason) REFERENCES decline_reason (side, code)
);
CREATE INDEX offer_by_request ON offer (request);
CREATE INDEX offer_due ON offer (answer_by) WHERE state = 'open';
-- A request is placed by one offer; its transfers are offers of their own.
CREATE UNIQUE INDEX offer_one_placement ON offer (request) WHERE state = 'accepted' AND kind = 'placement';
COMMENT ON COLUMN offer.run IS 'The run whose proposal it follows; null: somebody''s own idea.';
COMMENT ON COLUMN offer.answered_by IS 'Who gave the answer; null: nobody in time, or another offer was accepted.';

CREATE TABLE offer_stay (
    offer bigint NOT NULL CONSTRAINT offer_stay_offer REFERENCES offer,
    victim identifier NOT NULL CONSTRAINT offer_stay_victim REFERENCES victim,
    unit identifier NOT NULL CONSTRAINT offer_stay_unit REFERENCES unit,
    days daterange NOT NULL CONSTRAINT offer_stay_days CHECK (
        (isfinite(lower(days)) AND isfinite(upper(days))) IS TRUE),
    CONSTRAINT offer_stay_one_place EXCLUDE USING gist (offer WITH =, victim WITH =, days WITH &&)
);
CREATE INDEX offer_stay_by_unit ON offer_stay (unit);

CREATE TABLE offer_approval (
    offer bigint CONSTRAINT offer_approval_offer REFERENCES offer,
    subject identifier,
    approval text,
    given_by actor NOT NULL,
    given_at timestamptz NOT NULL,
    note text,
    CONSTRAINT offer_approval_key PRIMARY KEY (offer, subject, approval)
);
COMMENT ON COLUMN offer_approval.subject IS 'The shelter whose authority asks for it, or the victim whose guardian approves.';

CREATE TABLE rule_override (
    offer bigint CONSTRAINT rule_override_offer REFERENCES offer,
    rule text,
    hard boolean GENERATED ALWAYS AS (rule NOT IN ('plan', 'timing', 'out-of-region')) STORED,
    reason text NOT NULL CONSTRAINT rule_override_reason CHECK (reason <> ''),
    legal_basis text CONSTRAINT rule_override_basis CHECK (legal_basis <> ''),
    made_by actor NOT NULL,
    made_at timestamptz NOT NULL,
    seconded_by actor CONSTRAINT rule_override_second CHECK (seconded_by <> made_by),
    seconded_at timestamptz,
    CONSTRAINT rule_override_key PRIMARY KEY (offer, rule),
    -- What a unit or a victim has only once, a bed or a place to be, nobody can override.
    CONSTRAINT rule_override_rule CHECK (rule IN (
        'plan', 'timing', 'out-of-region', 'legs', 'hold', 'admission', 'services', 'security', 'avoid', 'investigation',
        'together', 'no-contact', 'mixing', 'exclusive')),
    CONSTRAINT rule_override_legal CHECK (rule IN ('plan', 'timing', 'out-of-region') OR legal_basis IS NOT NULL)
);
COMMENT ON TABLE rule_override IS
    'Somebody with authority places against a rule. Against a hard one it takes a legal basis and a second person.';
COMMENT ON COLUMN rule_override.rule IS
    'A rule of the problem, or what is soft: plan (another place was proposed), timing, out-of-region.';

-- What an offer still waits for.
CREATE FUNCTION offer_missing(offer bigint) RETURNS TABLE (subject text, approval text, roles text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH needed AS (
        -- A shelter of which no authority is known decides for itself.
        SELECT DISTINCT u.shelter::text AS subject, a.approval, a.role
        FROM offer_stay AS s JOIN unit AS u ON u.id = s.unit JOIN shelter AS h ON h.id = u.shelter
        JOIN authority_approval AS a ON a.authority = coalesce(h.placement_authority, 'shelter')
        WHERE s.offer = $1
        UNION
        SELECT s.victim::text, 'guardian', 'guardian'
        FROM offer_stay AS s JOIN guardianship AS g ON g.victim = s.victim AND g.days && s.days
        WHERE s.offer = $1)
    SELECT n.subject, n.approval, array_agg(n.role ORDER BY n.role) FROM needed AS n
    WHERE NOT EXISTS (
        SELECT FROM offer_approval AS g WHERE g.offer = $1 AND g.subject = n.subject AND g.approval = n.approval)
    GROUP BY n.subject, n.approval ORDER BY n.subject, n.approval
$$;

-- An approval is given by a role that may, in time, and by the body that it is about.
CREATE FUNCTION offer_approval_role() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wanted text[];
BEGIN
    -- Not offer_missing: the row itself is there by now.
    SELECT array_agg(a.role) INTO wanted FROM (
        SELECT a.role FROM shelter AS h
        JOIN authority_approval AS a ON a.authority = coalesce(h.placement_authority, 'shelter')
        WHERE h.id = NEW.subject AND a.approval = NEW.approval AND EXISTS (
            SELECT FROM offer_stay AS s JOIN unit AS u ON u.id = s.unit WHERE s.offer = NEW.offer AND u.shelter = h.id)
        UNION
        SELECT 'guardian' FROM offer_stay AS s JOIN guardianship AS g ON g.victim = s.victim AND g.days && s.days
        WHERE s.offer = NEW.offer AND s.victim = NEW.subject AND NEW.approval = 'guardian'
            AND g.guardian = actor_id(NEW.given_by)) AS a;
    IF wanted IS NULL OR actor_role(NEW.given_by) <> ALL (wanted)
        OR actor_role(NEW.given_by) = 'shelter' AND actor_id(NEW.given_by) <> NEW.subject
        OR NEW.given_by <> current_actor()
    THEN
        PERFORM refuse('offer_approval', 'offer_approval_role', 'this approval is not asked of ' || NEW.given_by);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER offer_approval_role AFTER INSERT OR UPDATE ON offer_approval
    FOR EACH ROW EXECUTE FUNCTION offer_approval_role();

-- An offer is made for a request that waits, or for one that is placed and to be moved.
CREATE FUNCTION offer_of_open_request() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    now_is text;
BEGIN
    IF NEW.state <> 'open' THEN PERFORM refuse('offer', 'offer_legal_step', 'an offer begins open'); END IF;
    -- The row is locked, so that the request is not withdrawn meanwhile.
    SELECT state INTO now_is FROM request WHERE id = NEW.request FOR NO KEY UPDATE;
    IF NEW.kind = 'transfer' THEN
        IF now_is <> 'placed' OR NOT EXISTS (
            SELECT FROM transfer AS t WHERE t.request = NEW.request AND t.state = 'wanted')
        THEN
            PERFORM refuse('offer', 'offer_of_open_request', 'a transfer is of a request that is placed and to be moved');
        END IF;
    ELSIF now_is IN ('submitted', 'unplaced', 'proposed') THEN
        UPDATE request SET state = 'offered', state_reason = NULL WHERE id = NEW.request;
    ELSIF now_is <> 'offered' THEN
        PERFORM refuse('offer', 'offer_of_open_request', 'the request is ' || now_is || ' and takes no offers');
    END IF;
    PERFORM emit('offer-made', jsonb_build_object('offer', NEW.id, 'request', NEW.request));
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER offer_of_open_request AFTER INSERT ON offer
    FOR EACH ROW EXECUTE FUNCTION offer_of_open_request();

CREATE FUNCTION offer_legal_step() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.request <> OLD.request OR NEW.kind <> OLD.kind THEN
        PERFORM refuse('offer', 'offer_legal_step', 'an offer stays that of its request');
    ELSIF NEW.state = OLD.state THEN RETURN NULL;
    ELSIF OLD.state <> 'open' AND NOT (OLD.state = 'accepted' AND NEW.state = 'cancelled') THEN
        PERFORM refuse('offer', 'offer_legal_step', 'the offer is ' || OLD.state || ' already');
    END IF;
    CASE NEW.state
        WHEN 'accepted' THEN PERFORM offer_accept(NEW);
        WHEN 'expired' THEN
            IF NEW.answer_by > ledger_now() THEN
                PERFORM refuse('offer', 'offer_in_time', 'the offer can still be answered');
            END IF;
        ELSE NULL;
    END CASE;
    PERFORM emit('offer-' || NEW.state, jsonb_build_object('offer', NEW.id, 'request', NEW.request));
    -- Back to the queue, when nothing else is offered.
    IF OLD.state = 'open' AND NEW.state <> 'accepted' THEN
        UPDATE request AS r SET state = 'submitted', state_reason = 'offer-' || NEW.state
        WHERE r.id = NEW.request AND r.state = 'offered'
            AND NOT EXISTS (SELECT FROM offer AS o WHERE o.request = r.id AND o.state = 'open');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER offer_legal_step AFTER UPDATE ON offer FOR EACH ROW EXECUTE FUNCTION offer_legal_step();

-- What accepting an offer does, in the one statement that accepts it: checks that everybody agreed, writes the stays,
-- cancels the siblings, lets go of what was held for the request.
CREATE FUNCTION offer_accept(accepted offer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    now_is text;
    exempt text[];
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
    SELECT coalesce(array_agg(o.rule ORDER BY o.rule), '{}') INTO exempt
    FROM rule_override AS o WHERE o.offer = accepted.id AND o.hard;
    IF accepted.kind = 'transfer' THEN
        -- The current stay ends where the move begins.
        SELECT min(lower(days)) INTO moved FROM offer_stay WHERE offer = accepted.id;
        DELETE FROM stay AS s USING offer_stay AS o
        WHERE s.request = accepted.request AND o.offer = accepted.id AND o.victim = s.victim AND lower(s.days) >= moved;
        UPDATE stay AS s SET days = daterange(lower(s.days), moved)
        WHERE s.request = accepted.request AND upper(s.days) > moved
            AND EXISTS (SELECT FROM offer_stay AS o WHERE o.offer = accepted.id AND o.victim = s.victim);
    END IF;
    INSERT INTO stay (request, victim, unit, days, moves_made, arrived, origin, overrides, offer)
    SELECT accepted.request, o.victim, o.unit, o.days,
        coalesce((SELECT max(s.moves_made) + 1 FROM stay AS s
            WHERE s.request = accepted.request AND s.victim = o.victim), 0)
            + row_number() OVER (PARTITION BY o.victim ORDER BY lower(o.days)) - 1,
        false, 'offer', exempt, accepted.id
    FROM offer_stay AS o WHERE o.offer = accepted.id ORDER BY o.victim, lower(o.days);
    UPDATE hold SET released_at = accepted.answered_at WHERE request = accepted.request AND released_at IS NULL;
    -- The request before the siblings: an offer that goes while its request is still offered sends it back to the queue.
    IF accepted.kind = 'placement' THEN
        UPDATE request SET state = 'accepted', state_reason = NULL WHERE id = accepted.request;
    ELSE
        UPDATE transfer SET state = 'agreed', offer = accepted.id WHERE request = accepted.request AND state = 'wanted';
    END IF;
    UPDATE offer SET state = 'cancelled', answered_at = accepted.answered_at
    WHERE request = accepted.request AND state = 'open' AND id <> accepted.id;
END $$;
