/// Rows of the privacy tables beside those of the flow, and one statement per constraint that breaks it.
enum BrokenPrivacy {
    static let rows = """
        INSERT INTO coverage (region, function, coordinator, ages, days, stand_in)
        VALUES ('north', 'care', 'c', '[0,151)', '[2026-01-01,)', false);
        INSERT INTO coordinator_absence VALUES ('c', '[2026-02-01,2026-02-08)');
        INSERT INTO police_case VALUES ('v', 'north', '[2026-01-01,)');
        INSERT INTO access.login_actor VALUES ('somebody', 'desk', 'nl');
        INSERT INTO access.token (hash, role, actor, scopes, expires_at)
        VALUES ('a', 'desk', 'nl', '{*}', now() + interval '1 day'), ('b', 'desk', 'nl', '{*}', now() + interval '1 day');
        INSERT INTO access.token_use VALUES (1, now());
        INSERT INTO access.legal_basis (kind, role, categories, days, reference)
        VALUES ('law', 'desk', '{identity}', '[2026-01-01,)', 'a law');
        INSERT INTO access.break_glass (victim, role, party, categories, reason, since, until)
        VALUES ('v', 'desk', 'nl', '{health}', 'an emergency', now(), now() + interval '1 hour');
        INSERT INTO confidential.victim_field (victim, category, field, reported_by, key_id, ciphertext)
        VALUES ('v', 'identity', 'name', 'desk/nl', 'k', decode(repeat('00', 40), 'hex'));
        INSERT INTO confidential.shelter_address (shelter, key_id, ciphertext)
        VALUES ('s1', 'k', decode(repeat('00', 40), 'hex'));
        INSERT INTO webhook (id, owner, url, kinds)
        VALUES ('00000000-0000-0000-0000-000000000001', 'desk/nl', 'https://desk.example/hook', '{}');
        INSERT INTO confidential.webhook_secret
        VALUES ('00000000-0000-0000-0000-000000000001', 'k', decode(repeat('00', 40), 'hex'));
        SELECT sequence_events();
        INSERT INTO audit.link VALUES ('2026-01-05', 1, 1, '', '');
        INSERT INTO audit.seal VALUES (1, now(), '2026-01-05', 1, '', 1, 'k', '');
        INSERT INTO audit.alarm (kind, actor, object) VALUES ('break-glass', 'desk/nl', '1');
        """

    static let statements: [(constraint: String, sql: String)] = [
        (
            "victim_erased",
            "INSERT INTO audit.entry (actor, action, relation, victim) VALUES ('desk/d', 'erase', 'victim', 'gone'); "
                + "INSERT INTO victim VALUES ('gone', 'male', '1990-01-01', 1, 4, '2026-01-01')"
        ),
        (
            "request_erased",
            "INSERT INTO audit.entry (actor, action, relation, request, fields) VALUES ('desk/d', 'update', 'request', 'gone', '{id}'); "
                + "INSERT INTO request (id, together, urgency, known_from, needed_from, latest_start, stay_days, transfer_wanted) "
                + "VALUES ('gone', 'unit', 'urgent', '2026-01-01', '2026-01-01', '2026-01-01', 1, false)"
        ),
        ("coverage_actor", "SET LOCAL onderdak.actor = 'coordinator/c'; UPDATE coverage SET stand_in = true"),
        ("coverage_ages", "UPDATE coverage SET ages = '[0,200)'"),
        ("coverage_days", "UPDATE coverage SET days = 'empty'"),
        ("coverage_function", "UPDATE coverage SET function = 'tea'"),
        (
            "coverage_key",
            "INSERT INTO coverage OVERRIDING SYSTEM VALUE SELECT id, 'south', function, coordinator, ages, days, stand_in FROM coverage"
        ),
        (
            "coverage_once",
            "INSERT INTO coverage (region, function, coordinator, ages, days, stand_in) SELECT region, function, coordinator, ages, days, true FROM coverage"
        ),
        ("coverage_region", "UPDATE coverage SET region = 'east'"),
        ("coordinator_absence_days", "UPDATE coordinator_absence SET days = 'empty'"),
        ("coordinator_absence_once", "INSERT INTO coordinator_absence VALUES ('c', '[2026-02-07,2026-02-09)')"),
        ("police_case_contact", "UPDATE police_case SET contact = ''"),
        ("police_case_days", "UPDATE police_case SET days = 'empty'"),
        ("police_case_once", "INSERT INTO police_case VALUES ('v', 'north', '[2026-06-01,)')"),
        ("police_case_victim", "INSERT INTO police_case VALUES ('none', 'north', '[2026-06-01,)')"),
        ("actor_role_known", "UPDATE access.login_actor SET role = 'king'"),
        ("login_actor_key", "INSERT INTO access.login_actor VALUES ('somebody', 'police', 'north')"),
        ("login_actor_role", "UPDATE access.login_actor SET role = 'service'"),
        ("pseudonym_key_key", "INSERT INTO access.pseudonym_key (key) VALUES ('')"),
        ("pseudonym_key_one_row", "UPDATE access.pseudonym_key SET singleton = false"),
        ("signing_key_key", "INSERT INTO access.signing_key (key) VALUES ('')"),
        ("signing_key_one_row", "UPDATE access.signing_key SET singleton = false"),
        ("token_expiry", "UPDATE access.token SET expires_at = issued_at"),
        ("token_hash", "UPDATE access.token SET hash = ''"),
        ("token_key", "INSERT INTO access.token OVERRIDING SYSTEM VALUE SELECT * FROM access.token"),
        ("token_role", "UPDATE access.token SET role = 'service'"),
        ("token_scopes", "UPDATE access.token SET scopes = '{}'"),
        ("token_use_key", "INSERT INTO access.token_use SELECT * FROM access.token_use"),
        ("token_use_token", "UPDATE access.token_use SET token = 99"),
        ("matrix_category", "INSERT INTO access.matrix VALUES ('desk', 'own', 'gossip', 'full', false)"),
        ("matrix_form", "UPDATE access.matrix SET form = 'rumour', writes = false"),
        ("matrix_key", "INSERT INTO access.matrix SELECT * FROM access.matrix"),
        ("matrix_relation", "INSERT INTO access.matrix VALUES ('desk', 'friend', 'health', 'full', false)"),
        ("matrix_writes", "UPDATE access.matrix SET writes = true WHERE form = 'flags'"),
        ("legal_basis_categories", "UPDATE access.legal_basis SET categories = '{gossip}'"),
        ("legal_basis_consent", "UPDATE access.legal_basis SET kind = 'consent'"),
        ("legal_basis_covenant", "UPDATE access.legal_basis SET kind = 'covenant'"),
        ("legal_basis_days", "UPDATE access.legal_basis SET days = '(,2027-01-01)'"),
        ("legal_basis_key", "INSERT INTO access.legal_basis OVERRIDING SYSTEM VALUE SELECT * FROM access.legal_basis"),
        ("legal_basis_kind", "UPDATE access.legal_basis SET kind = 'habit'"),
        (
            "legal_basis_once",
            "INSERT INTO access.legal_basis (kind, role, categories, days, reference) SELECT kind, role, categories, '[2026-06-01,)', reference FROM access.legal_basis"
        ),
        ("legal_basis_reference", "UPDATE access.legal_basis SET reference = ''"),
        ("legal_basis_victim", "UPDATE access.legal_basis SET victim = 'none'"),
        ("legal_basis_withdrawn", "UPDATE access.legal_basis SET withdrawn_on = '2025-01-01'"),
        ("break_glass_categories", "UPDATE access.break_glass SET categories = '{action}'"),
        ("break_glass_hours", "UPDATE access.break_glass SET until = since + interval '25 hours'"),
        ("break_glass_key", "INSERT INTO access.break_glass OVERRIDING SYSTEM VALUE SELECT * FROM access.break_glass"),
        ("break_glass_reason", "UPDATE access.break_glass SET reason = '  curious  '"),
        ("break_glass_victim", "UPDATE access.break_glass SET victim = 'none'"),
        ("webhook_key", "INSERT INTO webhook SELECT * FROM webhook"),
        ("webhook_owner", "UPDATE webhook SET owner = 'governor/g'"),
        ("webhook_url", "UPDATE webhook SET url = 'https://me:secret@desk.example/hook'"),
        ("webhook_secret_key", "INSERT INTO confidential.webhook_secret SELECT * FROM confidential.webhook_secret"),
        ("webhook_secret_sealed", "UPDATE confidential.webhook_secret SET ciphertext = 'plain'"),
        ("webhook_secret_webhook", "UPDATE confidential.webhook_secret SET webhook = gen_random_uuid()"),
        ("webhook_delivery_event", "UPDATE webhook_delivery SET event = -1 WHERE id = 1"),
        ("webhook_delivery_finished", "UPDATE webhook_delivery SET finished_at = now()"),
        (
            "webhook_delivery_key",
            "INSERT INTO webhook_delivery (id, webhook, event, kind) OVERRIDING SYSTEM VALUE SELECT id, webhook, 99, kind FROM webhook_delivery"
        ),
        (
            "webhook_delivery_once",
            "INSERT INTO webhook_delivery (webhook, event, kind) SELECT webhook, event, kind FROM webhook_delivery"
        ),
        ("webhook_delivery_state", "UPDATE webhook_delivery SET state = 'lost', finished_at = now()"),
        ("webhook_delivery_webhook", "UPDATE webhook_delivery SET webhook = gen_random_uuid()"),
        ("shelter_address_key", "INSERT INTO confidential.shelter_address SELECT * FROM confidential.shelter_address"),
        ("shelter_address_sealed", "UPDATE confidential.shelter_address SET ciphertext = 'Kerkstraat 1'"),
        ("shelter_address_shelter", "UPDATE confidential.shelter_address SET shelter = 'none'"),
        ("victim_field_category", "UPDATE confidential.victim_field SET category = 'gossip'"),
        ("victim_field_key", "INSERT INTO confidential.victim_field SELECT * FROM confidential.victim_field"),
        ("victim_field_name", "UPDATE confidential.victim_field SET field = 'Jane'"),
        ("victim_field_sealed", "UPDATE confidential.victim_field SET ciphertext = 'plain'"),
        ("victim_field_victim", "UPDATE confidential.victim_field SET victim = 'none'"),
        ("alarm_key", "INSERT INTO audit.alarm OVERRIDING SYSTEM VALUE SELECT * FROM audit.alarm"),
        ("alarm_kind", "UPDATE audit.alarm SET kind = 'fire'"),
        ("alarm_seen", "UPDATE audit.alarm SET seen_by = 'auditor/fg'"),
        ("entry_action", "INSERT INTO audit.entry (actor, action, relation) VALUES ('desk/nl', 'dance', 'victim')"),
        ("entry_key", "INSERT INTO audit.entry OVERRIDING SYSTEM VALUE SELECT * FROM audit.entry"),
        ("link_entry", "INSERT INTO audit.link VALUES ('2026-01-05', 2, 1, '', '')"),
        ("link_key", "INSERT INTO audit.link VALUES ('2026-01-05', 1, 2, '', '')"),
        ("link_position", "INSERT INTO audit.link VALUES ('2026-01-05', 0, 2, '', '')"),
        ("seal_entries", "INSERT INTO audit.seal VALUES (2, now(), '2026-01-05', -1, '', 1, 'k', '')"),
        ("seal_key", "INSERT INTO audit.seal VALUES (1, now(), '2026-01-05', 1, '', 1, 'k', '')"),
        ("seal_number", "INSERT INTO audit.seal VALUES (0, now(), '2026-01-05', 1, '', 1, 'k', '')"),
        ("retention_rule_command", "UPDATE retention_rule SET keep = '23 hours' WHERE subject = 'command'"),
        ("retention_rule_keep", "UPDATE retention_rule SET keep = '-1 day'"),
        ("retention_rule_key", "INSERT INTO retention_rule SELECT * FROM retention_rule"),
        ("retention_rule_subject", "INSERT INTO retention_rule VALUES ('gossip', '1 day')"),
    ]
}
