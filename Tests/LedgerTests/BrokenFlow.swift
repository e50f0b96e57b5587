/// Rows of the flow beside `Broken.rows`, and one statement per constraint of it that breaks it.
enum BrokenFlow {
    static let rows = """
        INSERT INTO simulated_clock VALUES (true, '2026-01-05 22:00+01');
        INSERT INTO unit SELECT 'nb', shelter, 'crisis', '{male}', NULL, NULL, NULL, '{}', 'any', false, 1, NULL, 'victim', 3, 0, 0
        FROM unit WHERE id = 'u1';
        INSERT INTO unit SELECT 'ss', shelter, 'men', '{male,female}', NULL, NULL, NULL, '{}', 'single-sex', true, 1, NULL, 'victim', 3, 0, 0
        FROM unit WHERE id = 'u1';
        INSERT INTO bed_change VALUES ('nb', '2026-01-01', 2, NULL, 'country'), ('ss', '2026-01-01', 2, NULL, 'country');
        INSERT INTO victim VALUES ('n', 'male', '1990-01-01', 1, 4, '2026-01-01'), ('y', 'female', '1990-01-01', 1, 4, '2026-01-01');
        SELECT night_place('night', '{n}', 'nb', 2, 'police/a');
        UPDATE simulated_clock SET at = '2026-01-05 12:00+01';
        INSERT INTO request (id, together, urgency, known_from, needed_from, latest_start, stay_days, transfer_wanted)
        VALUES ('y', 'unit', 'planned', '2026-01-01', '2026-01-01', '2026-01-01', 5, false);
        INSERT INTO request_victim (request, victim) VALUES ('y', 'y');
        INSERT INTO hold (unit, beds, days, purpose, owner, made_at, ends_at)
        VALUES ('u1', 1, '[2026-03-01,2026-03-05)', 'group', 'desk/d', ledger_now(), '2026-03-01'),
            ('u1', 1, '[2026-03-10,2026-03-12)', 'reserved', 'desk/d', ledger_now(), '2026-03-12');
        INSERT INTO planned_action (owner, days, made_at, ends_at)
        VALUES ('police/a', '[2026-03-10,2026-03-12)', ledger_now(), '2026-03-12');
        INSERT INTO planned_action_need VALUES (1, 'men', 'male', 1);
        INSERT INTO planned_action_hold VALUES (1, 2);
        UPDATE unit_reporting SET stale_after = '1 day' WHERE unit = 'u1';
        SELECT report_capacity('u1', 'beds', 6, '2026-01-05', NULL, 'count', ledger_now(), 'k', 'shelter/s1');
        INSERT INTO guardianship VALUES ('v', 'nidos', '[2026-01-01,2027-01-01)');
        INSERT INTO court_order VALUES ('v', '[2026-01-01,2027-01-01)');
        INSERT INTO move_hold (request, until, owner, reason, made_at) VALUES ('p', '2026-02-01', 'police/a', 'hearing', ledger_now());
        INSERT INTO offer (request, made_at, made_by, answer_by) VALUES ('q', ledger_now(), 'desk/d', '2026-01-06 12:00+01');
        INSERT INTO offer_stay VALUES (1, 'v', 'u1', '[2026-01-08,2026-01-28)');
        SET onderdak.actor = 'desk/d';
        INSERT INTO rule_override (offer, rule, reason, legal_basis, made_by, made_at)
        VALUES (1, 'services', 'nowhere else', 'vital interest', 'desk/d', ledger_now());
        SET onderdak.actor = 'desk/e';
        UPDATE rule_override SET seconded_by = 'desk/e', seconded_at = ledger_now();
        SET onderdak.actor = 'shelter/s1';
        INSERT INTO offer_approval VALUES (1, 's1', 'shelter', 'shelter/s1', ledger_now());
        SET onderdak.actor = 'guardian/nidos';
        INSERT INTO offer_approval VALUES (1, 'v', 'guardian', 'guardian/nidos', ledger_now());
        SET onderdak.actor = '';
        INSERT INTO transfer (request, reason, wanted_at, wanted_by) VALUES ('p', 'safety', ledger_now(), 'desk/d');
        INSERT INTO outflow VALUES ('p', '2026-01-02', NULL, NULL, NULL);
        INSERT INTO outflow_block VALUES ('p', 'no-house', '[2026-01-02,)');
        INSERT INTO plan_job (start_date, days, seed) VALUES ('2026-01-05', 40, 1);
        INSERT INTO plan_question (id, asked_by, wanted_until, run, request, question)
        VALUES ('00000000-0000-4000-8000-000000000000', 'desk/d', now(), 1, 'q', '{}');
        INSERT INTO unmet_need VALUES ('2026-01-05', 'o', 1, 1, 'urgent');
        INSERT INTO command VALUES ('desk/d', 'k', 'offer', '', now(), NULL);
        """

    static let statements: [(constraint: String, sql: String)] = [
        (
            "case_actor",
            "SET LOCAL onderdak.actor = 'coordinator/south'; "
                + "INSERT INTO move_hold (request, until, owner, reason, made_at) "
                + "VALUES ('p', '2026-02-01', 'coordinator/south', 'hearing', ledger_now())"
        ),
        ("owner_actor", "SET LOCAL onderdak.actor = 'police/b'; SELECT planned_action_lift(1)"),
        ("actor_form", "UPDATE hold SET owner = 'nobody'"),
        ("simulated_clock_at", "UPDATE simulated_clock SET at = 'infinity'"),
        ("simulated_clock_key", "INSERT INTO simulated_clock SELECT * FROM simulated_clock"),
        ("simulated_clock_one_row", "UPDATE simulated_clock SET singleton = false"),
        ("desk_policy_group_days", "UPDATE desk_policy SET group_fix_days = group_notice_days + 1"),
        ("desk_policy_group_size", "UPDATE desk_policy SET group_size = 1"),
        ("desk_policy_key", "INSERT INTO desk_policy SELECT * FROM desk_policy"),
        ("desk_policy_nights", "UPDATE desk_policy SET emergency_nights = 0"),
        ("desk_policy_report_age", "UPDATE desk_policy SET report_age = '0'"),
        ("desk_policy_one_row", "UPDATE desk_policy SET singleton = false"),
        ("desk_hours_key", "INSERT INTO desk_hours SELECT * FROM desk_hours"),
        ("desk_hours_none", "DELETE FROM desk_hours; SELECT due('answer', 'planned', ledger_now())"),
        ("desk_hours_order", "UPDATE desk_hours SET closes = opens"),
        ("desk_hours_weekday", "UPDATE desk_hours SET weekday = weekday + 7"),
        ("holiday_key", "INSERT INTO holiday SELECT * FROM holiday"),
        ("deadline_key", "INSERT INTO deadline SELECT * FROM deadline"),
        ("deadline_span", "UPDATE deadline SET span = '0'"),
        ("deadline_task", "UPDATE deadline SET task = 'rest'"),
        ("deadline_urgency", "UPDATE deadline SET urgency = 'soon'"),
        ("command_key", "INSERT INTO command SELECT * FROM command"),
        ("event_sequence_key", "INSERT INTO event_sequence SELECT * FROM event_sequence"),
        ("event_sequence_one_row", "UPDATE event_sequence SET singleton = false"),
        ("event_sequence_removed", "UPDATE event_sequence SET removed = position + 1"),
        ("outbox_position", "UPDATE outbox SET position = 1"),
        ("outbox_key", "INSERT INTO outbox OVERRIDING SYSTEM VALUE SELECT * FROM outbox"),

        ("request_event_key", "INSERT INTO request_event OVERRIDING SYSTEM VALUE SELECT * FROM request_event"),
        ("request_event_request", "UPDATE request_event SET request = 'none'"),
        ("request_legal_step", "UPDATE request SET state = 'ended' WHERE id = 'o'"),
        (
            "request_holds",
            "UPDATE request SET state = 'withdrawn' WHERE id = 'o'; "
                + "INSERT INTO hold (unit, beds, days, request, purpose, owner, made_at, ends_at) "
                + "SELECT unit, 1, days, 'o', purpose, owner, made_at, ends_at FROM hold WHERE id = 1"
        ),
        ("request_offers", "UPDATE request SET state = 'offered' WHERE id = 'o'"),
        ("request_proposal", "UPDATE request SET state = 'proposed' WHERE id = 'o'"),
        ("request_region", "UPDATE request SET region = 'east'"),
        ("request_state", "UPDATE request SET state = 'lost'"),
        ("request_stays", "DELETE FROM stay WHERE request = 'p'"),
        ("request_step_key", "INSERT INTO request_step SELECT * FROM request_step"),
        (
            "request_step_role",
            "SET LOCAL onderdak.actor = 'police/a'; UPDATE request SET state = 'proposed' WHERE id = 'o'"
        ),
        (
            "request_transfer",
            "INSERT INTO transfer (request, reason, wanted_at, wanted_by) VALUES ('q', 'safety', ledger_now(), 'desk/d')"
        ),
        ("request_victims", "DELETE FROM request_victim WHERE request = 'o'"),
        (
            "request_victim_one_night",
            "INSERT INTO request (id, together, urgency, known_from, needed_from, latest_start, stay_days, transfer_wanted, night) "
                + "SELECT 'night2', together, urgency, known_from, needed_from, latest_start, 1, false, true "
                + "FROM request WHERE id = 'night'; "
                + "INSERT INTO request_victim (request, victim) VALUES ('night2', 'n')"
        ),
        ("unmet_need_key", "INSERT INTO unmet_need SELECT * FROM unmet_need"),
        ("unmet_need_proposal", "UPDATE unmet_need SET run = 9"),
        (
            "unmet_need_request",
            "ALTER TABLE unmet_need DROP CONSTRAINT unmet_need_proposal; UPDATE unmet_need SET request = 'none'"
        ),
        ("unmet_need_urgency", "UPDATE unmet_need SET urgency = 'soon'"),

        ("unit_turn_key", "INSERT INTO unit_turn SELECT * FROM unit_turn"),
        ("unit_turn_unit", "INSERT INTO unit_turn VALUES ('u9', 0)"),
        ("victim_turn_key", "INSERT INTO victim_turn SELECT * FROM victim_turn"),
        ("victim_turn_victim", "INSERT INTO victim_turn VALUES ('nobody', 0)"),
        ("unit_reporting_key", "INSERT INTO unit_reporting SELECT * FROM unit_reporting"),
        ("unit_reporting_limit", "UPDATE unit_reporting SET stale_after = '0'"),
        ("unit_reporting_unit", "INSERT INTO unit_reporting (unit, since) VALUES ('u9', now())"),
        ("capacity_report_days", "UPDATE capacity_report SET days = 'empty'"),
        ("capacity_report_key", "INSERT INTO capacity_report OVERRIDING SYSTEM VALUE SELECT * FROM capacity_report"),
        ("capacity_report_kind", "UPDATE capacity_report SET kind = 'sofas'"),
        (
            "capacity_report_once",
            "INSERT INTO capacity_report (unit, kind, number, days, reason, source, key, observed_at, received_at, late, beds, excess) "
                + "SELECT unit, kind, number, days, reason, source, key, observed_at, received_at, late, beds, excess "
                + "FROM capacity_report"
        ),
        (
            "capacity_report_past",
            "SELECT report_capacity('u1', 'beds', 5, '2026-01-05', NULL, '', ledger_now() + '1 hour', 'k2', 'shelter/s1')"
        ),
        (
            "capacity_report_same",
            "SELECT report_capacity('u1', 'beds', 5, '2026-01-05', NULL, '', ledger_now(), 'k', 'shelter/s1')"
        ),
        (
            "capacity_report_source",
            "SELECT report_capacity('u1', 'beds', 5, '2026-01-05', NULL, '', ledger_now(), 'k2', 'shelter/s2')"
        ),
        ("capacity_report_unit", "UPDATE capacity_report SET unit = 'u9'"),
        ("hold_beds", "UPDATE hold SET beds = 7"),
        ("hold_days", "UPDATE hold SET days = '[2026-03-01,)'"),
        ("hold_end", "UPDATE hold SET ends_at = made_at"),
        ("hold_key", "INSERT INTO hold OVERRIDING SYSTEM VALUE SELECT * FROM hold"),
        ("hold_purpose", "UPDATE hold SET purpose = ''"),
        ("hold_offer", "UPDATE hold SET offer = 9"),
        ("hold_request", "UPDATE hold SET request = 'none'"),
        ("hold_some", "UPDATE hold SET beds = 0"),
        ("hold_unit", "UPDATE hold SET unit = 'u9', released_at = now()"),
        ("planned_action_days", "UPDATE planned_action SET days = 'empty'"),
        ("planned_action_end", "UPDATE planned_action SET ends_at = made_at"),
        (
            "planned_action_fixed",
            "UPDATE simulated_clock SET at = '2026-03-08 12:00+01'; UPDATE planned_action_need SET beds = 4"
        ),
        ("planned_action_hold_action", "UPDATE planned_action_hold SET action = 9"),
        ("planned_action_hold_hold", "UPDATE planned_action_hold SET hold = 9"),
        (
            "planned_action_hold_key",
            "ALTER TABLE planned_action_hold DROP CONSTRAINT planned_action_hold_once; "
                + "INSERT INTO planned_action_hold SELECT * FROM planned_action_hold"
        ),
        (
            "planned_action_hold_once",
            "ALTER TABLE planned_action_hold DROP CONSTRAINT planned_action_hold_key; "
                + "INSERT INTO planned_action_hold SELECT * FROM planned_action_hold"
        ),
        ("planned_action_key", "INSERT INTO planned_action OVERRIDING SYSTEM VALUE SELECT * FROM planned_action"),
        ("planned_action_need_action", "INSERT INTO planned_action_need VALUES (9, 'men', 'male', 1)"),
        ("planned_action_need_key", "INSERT INTO planned_action_need SELECT * FROM planned_action_need"),
        ("planned_action_need_some", "UPDATE planned_action_need SET beds = 0"),
        (
            "planned_action_notice",
            "UPDATE planned_action SET days = '[2026-01-14,2026-01-15)'; UPDATE planned_action_need SET beds = 4"
        ),
        ("planned_action_owner", "UPDATE planned_action SET owner = 'desk/d'"),

        ("authority_approval_authority", "UPDATE authority_approval SET authority = 'nobody'"),
        ("authority_approval_key", "INSERT INTO authority_approval SELECT * FROM authority_approval"),
        ("authority_approval_role", "UPDATE authority_approval SET role = 'funder'"),
        ("guardianship_days", "INSERT INTO guardianship VALUES ('w', 'nidos', 'empty')"),
        ("guardianship_once", "INSERT INTO guardianship VALUES ('v', 'other', '[2026-06-01,)')"),
        ("guardianship_victim", "INSERT INTO guardianship VALUES ('nobody', 'nidos', '[2026-06-01,)')"),
        ("court_order_days", "INSERT INTO court_order VALUES ('w', 'empty')"),
        ("court_order_once", "INSERT INTO court_order VALUES ('v', '[2026-06-01,)')"),
        ("court_order_victim", "INSERT INTO court_order VALUES ('nobody', '[2026-06-01,)')"),
        ("move_hold_key", "INSERT INTO move_hold OVERRIDING SYSTEM VALUE SELECT * FROM move_hold"),
        ("move_hold_owner", "UPDATE move_hold SET owner = 'shelter/s1'"),
        ("move_hold_request", "UPDATE move_hold SET request = 'none'"),
        ("move_hold_until", "UPDATE move_hold SET until = 'infinity'"),
        ("decline_reason_key", "INSERT INTO decline_reason SELECT * FROM decline_reason"),
        ("decline_reason_side", "UPDATE decline_reason SET side = 'mayor'"),
        (
            "offer_actor",
            "SET LOCAL onderdak.actor = 'desk/e'; "
                + "INSERT INTO offer (request, made_at, made_by, answer_by) VALUES ('q', ledger_now(), 'desk/d', '2026-01-06')"
        ),
        ("offer_content_kept", "DELETE FROM offer_stay"),
        ("offer_answer_time", "UPDATE offer SET answer_by = made_at"),
        ("offer_answered", "UPDATE offer SET answered_at = now()"),
        ("offer_approval_key", "INSERT INTO offer_approval SELECT * FROM offer_approval"),
        (
            "offer_approval_offer",
            "SET LOCAL onderdak.actor = 'shelter/s1'; "
                + "INSERT INTO offer_approval VALUES (9, 's1', 'shelter', 'shelter/s1', now())"
        ),
        ("offer_approval_role", "UPDATE offer_approval SET given_by = 'shelter/s2' WHERE subject = 's1'"),
        (
            "offer_approvals",
            "DELETE FROM offer_approval WHERE subject = 'v'; UPDATE offer SET state = 'accepted', answered_at = ledger_now()"
        ),
        (
            "offer_court_order",
            "UPDATE shelter SET placement_authority = 'youth-care-and-court'; SET LOCAL onderdak.actor = 'guardian/nidos'; "
                + "INSERT INTO offer_approval VALUES (1, 's1', 'youth-care', 'guardian/nidos', ledger_now()); "
                + "UPDATE court_order SET days = '[2026-01-01,2026-01-08)'; "
                + "UPDATE offer SET state = 'accepted', answered_at = ledger_now()"
        ),
        ("offer_decline", "UPDATE offer SET state = 'declined', answered_at = ledger_now(), side = 'shelter'"),
        (
            "offer_decline_reason",
            "UPDATE offer SET state = 'declined', answered_at = ledger_now(), side = 'shelter', reason = 'region'"
        ),
        (
            "offer_even",
            "INSERT INTO offer (request, made_at, made_by, answer_by) VALUES ('q', ledger_now(), 'desk/d', '2026-01-06'); "
                + "INSERT INTO offer_stay SELECT max(id), 'v', 'u1', '[2026-01-08,2026-01-28)' FROM offer; "
                + "INSERT INTO offer_stay SELECT max(id), 'x', 'u1', '[2026-01-08,2026-01-27)' FROM offer; "
                + "UPDATE offer SET state = 'accepted', answered_at = ledger_now() WHERE id = (SELECT max(id) FROM offer)"
        ),
        (
            "offer_in_time",
            "UPDATE simulated_clock SET at = '2026-01-07 12:00+01'; UPDATE offer SET state = 'accepted', answered_at = made_at"
        ),
        ("offer_key", "INSERT INTO offer OVERRIDING SYSTEM VALUE SELECT * FROM offer"),
        ("offer_kind", "UPDATE offer SET kind = 'gift'"),
        (
            "offer_legal_step",
            "UPDATE offer SET state = 'cancelled', answered_at = ledger_now(); "
                + "UPDATE offer SET state = 'accepted', answered_at = ledger_now()"
        ),
        (
            "offer_of_open_request",
            "INSERT INTO offer (request, made_at, made_by, answer_by) VALUES ('p', ledger_now(), 'desk/d', '2026-01-06')"
        ),
        (
            "offer_one_placement",
            "ALTER TABLE offer DISABLE TRIGGER USER; "
                + "INSERT INTO offer (request, made_at, made_by, answer_by) VALUES ('q', ledger_now(), 'desk/d', '2026-01-06'); "
                + "UPDATE offer SET state = 'accepted', answered_at = ledger_now()"
        ),
        (
            "offer_request",
            "INSERT INTO offer (request, made_at, made_by, answer_by) VALUES ('none', ledger_now(), 'desk/d', '2026-01-06')"
        ),
        ("offer_run", "UPDATE offer SET run = 9"),
        (
            "offer_second_person",
            "ALTER TABLE rule_override DISABLE TRIGGER USER; "
                + "UPDATE rule_override SET seconded_by = NULL, seconded_at = NULL; "
                + "UPDATE offer SET state = 'accepted', answered_at = ledger_now()"
        ),
        ("offer_state", "UPDATE offer SET state = 'lost', answered_at = ledger_now()"),
        ("offer_stay_days", "UPDATE offer_stay SET days = 'empty'"),
        ("offer_stay_offer", "UPDATE offer_stay SET offer = 9"),
        ("offer_stay_one_place", "INSERT INTO offer_stay VALUES (1, 'v', 'u2', '[2026-01-10,2026-01-12)')"),
        ("offer_stay_unit", "UPDATE offer_stay SET unit = 'u9'"),
        ("offer_stay_victim", "UPDATE offer_stay SET victim = 'nobody'"),
        (
            "offer_whole",
            "INSERT INTO request_victim (request, victim) SELECT 'q', id FROM victim WHERE id = 'z'; "
                + "INSERT INTO victim VALUES ('z', 'male', '1990-01-01', 1, 4, '2026-01-01'); "
                + "INSERT INTO request_victim (request, victim) VALUES ('q', 'z'); "
                + "UPDATE offer SET state = 'accepted', answered_at = ledger_now()"
        ),
        ("rule_override_actor", "UPDATE rule_override SET made_by = 'desk/f'"),
        ("rule_override_basis", "UPDATE rule_override SET legal_basis = ''"),
        (
            "rule_override_key",
            "INSERT INTO rule_override (offer, rule, reason, legal_basis, made_by, made_at) SELECT offer, rule, reason, legal_basis, made_by, made_at FROM rule_override"
        ),
        ("rule_override_legal", "UPDATE rule_override SET legal_basis = NULL"),
        ("rule_override_offer", "UPDATE rule_override SET offer = 9"),
        ("rule_override_reason", "UPDATE rule_override SET reason = ''"),
        ("rule_override_rule", "UPDATE rule_override SET rule = 'capacity'"),
        ("rule_override_second", "UPDATE rule_override SET seconded_by = made_by"),

        ("stay_beds", "DELETE FROM bed_change; UPDATE offer SET state = 'accepted', answered_at = ledger_now()"),
        (
            "stay_contiguous",
            "INSERT INTO stay (request, victim, unit, days, moves_made, arrived) VALUES ('p', 'w', 'u1', '[2027-01-01,2027-02-01)', 1, false)"
        ),
        (
            "stay_exclusive",
            "UPDATE unit SET exclusive = true WHERE id = 'u1'; UPDATE offer SET state = 'accepted', answered_at = ledger_now()"
        ),
        (
            "stay_handover",
            "INSERT INTO offer (request, kind, made_at, made_by, answer_by) VALUES ('p', 'transfer', ledger_now(), 'desk/d', '2026-01-06'); "
                + "INSERT INTO offer_stay SELECT max(id), 'w', 'u2', '[2026-01-15,2026-01-28)' FROM offer; "
                + "SET LOCAL onderdak.actor = 'shelter/s2'; "
                + "INSERT INTO offer_approval SELECT max(id), 's2', 'shelter', 'shelter/s2', ledger_now() FROM offer; "
                + "UPDATE offer SET state = 'accepted', answered_at = ledger_now() WHERE kind = 'transfer'; "
                + "UPDATE stay SET offer = (SELECT max(id) FROM offer) WHERE request = 'p'"
        ),
        (
            "stay_mixing",
            "UPDATE unit SET mixing = 'single-sex'; UPDATE victim SET sex = 'female' WHERE id = 'v'; "
                + "UPDATE offer SET state = 'accepted', answered_at = ledger_now()"
        ),
        ("stay_no_contact", "UPDATE offer SET state = 'accepted', answered_at = ledger_now()"),
        ("stay_offer", "UPDATE stay SET offer = 9"),
        ("stay_unagreed", "UPDATE stay SET days = daterange(lower(days), upper(days) + 1) WHERE request = 'p'"),
        ("stay_origin", "UPDATE stay SET origin = 'heaven'"),
        ("stay_origin_kept", "UPDATE stay SET origin = 'offer'"),
        ("stay_overridden", "UPDATE stay SET overrides = '{legs}'"),
        ("stay_overrides", "UPDATE stay SET overrides = '{capacity}'"),
        ("transfer_agreed", "UPDATE transfer SET state = 'agreed'"),
        ("transfer_checklist", "UPDATE transfer SET state = 'completed', offer = 1"),
        ("transfer_key", "INSERT INTO transfer OVERRIDING SYSTEM VALUE SELECT * FROM transfer"),
        ("transfer_legal_step", "UPDATE transfer SET state = 'cancelled'; UPDATE transfer SET state = 'wanted'"),
        ("transfer_offer", "UPDATE transfer SET state = 'agreed', offer = 9"),
        (
            "transfer_one_open",
            "INSERT INTO transfer (request, reason, wanted_at, wanted_by) VALUES ('p', 'again', now(), 'desk/d')"
        ),
        ("transfer_reason", "UPDATE transfer SET reason = ''"),
        (
            "transfer_request",
            "INSERT INTO transfer (request, reason, wanted_at, wanted_by) VALUES ('none', 'again', now(), 'desk/d')"
        ),
        ("transfer_state", "UPDATE transfer SET state = 'lost'"),
        ("transfer_transport_from", "UPDATE transfer SET transport_from = 'east'"),
        ("transfer_transport_to", "UPDATE transfer SET transport_to = 'east'"),
        ("outflow_house", "UPDATE outflow SET house_found = 'infinity'"),
        ("outflow_key", "INSERT INTO outflow SELECT * FROM outflow"),
        ("outflow_pass", "UPDATE outflow SET pass_received = 'infinity'"),
        ("outflow_ready", "UPDATE outflow SET ready_since = 'infinity'"),
        ("outflow_registered", "UPDATE outflow SET registered = 'infinity'"),
        ("outflow_request", "INSERT INTO outflow VALUES ('none', NULL, NULL, NULL, NULL)"),
        ("outflow_block_cause", "UPDATE outflow_block SET cause = 'weather'"),
        ("outflow_block_days", "UPDATE outflow_block SET days = 'empty'"),
        ("outflow_block_once", "INSERT INTO outflow_block VALUES ('p', 'no-pass', '[2026-01-03,)')"),
        ("outflow_block_request", "INSERT INTO outflow_block VALUES ('none', 'no-pass', '[2026-01-03,)')"),
        (
            "night_placement_bed",
            night("'y', 'u1', '[2026-01-05,2026-01-07)', '2026-01-05 22:00+01', 'police/a'")
        ),
        ("night_placement_confirmed", "UPDATE night_placement SET confirmed_by = 'desk/d'"),
        ("night_placement_confirmer", "UPDATE night_placement SET confirmed_by = 'police/a', confirmed_at = now()"),
        ("night_placement_days", "UPDATE night_placement SET days = 'empty'"),
        (
            "night_placement_hours",
            night("'y', 'nb', '[2026-01-05,2026-01-07)', '2026-01-05 12:00+01', 'police/a'")
        ),
        ("night_placement_key", "INSERT INTO night_placement SELECT * FROM night_placement"),
        (
            "night_placement_nights",
            night("'y', 'nb', '[2026-01-05,2026-01-09)', '2026-01-05 22:00+01', 'police/a'")
        ),
        ("night_placement_request", "UPDATE night_placement SET request = 'none'"),
        ("night_placement_role", "UPDATE night_placement SET placed_by = 'funder/f'"),
        (
            "night_placement_tonight",
            night("'y', 'nb', '[2026-01-06,2026-01-07)', '2026-01-05 22:00+01', 'police/a'")
        ),
        ("night_placement_unit", "UPDATE night_placement SET unit = 'u9'"),

        ("plan_job_days", "UPDATE plan_job SET days = 0"),
        ("plan_job_iteration_limit", "UPDATE plan_job SET iteration_limit = -1"),
        ("plan_job_key", "INSERT INTO plan_job OVERRIDING SYSTEM VALUE SELECT * FROM plan_job"),
        ("plan_job_outcome", "UPDATE plan_job SET state = 'done'"),
        ("plan_job_run", "UPDATE plan_job SET state = 'done', run = 9"),
        ("plan_job_start_date", "UPDATE plan_job SET start_date = 'infinity'"),
        ("plan_job_state", "UPDATE plan_job SET state = 'lost'"),
        ("plan_job_time_limit", "UPDATE plan_job SET time_limit_seconds = 0"),
        ("plan_job_worker", "UPDATE plan_job SET state = 'running'"),
        ("plan_question_key", "INSERT INTO plan_question SELECT * FROM plan_question"),
        ("plan_question_worker", "UPDATE plan_question SET answer = '{}'"),
        ("proposal_fate", "UPDATE proposal SET published_at = now(), dropped = 'request'"),
    ]

    private static func night(_ values: String) -> String {
        "INSERT INTO night_placement (request, unit, days, placed_at, placed_by) VALUES (\(values))"
    }
}
