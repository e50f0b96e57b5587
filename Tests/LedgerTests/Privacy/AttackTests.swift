import Postgres
import TestSupport
import Testing

@testable import Ledger

/// What somebody tries who talks SQL as a role of ours and would see or do more than it may.
@Suite struct AttackTests {
    /// A temporary table that says what its role would like to be so, in the place of one of ours.
    private static let claims: [(actor: Actor, tables: [String: String])] = [
        (
            .coordinator,
            [
                "case_coordinator":
                    "SELECT 'foreign'::text AS victim, 'care'::text AS function, 'c1'::text AS coordinator",
                "coverage": "SELECT 'dre'::text AS region, 'care'::text AS function, 'c1'::text AS coordinator",
                "coverage_on_duty":
                    "SELECT 'dre'::text AS region, 'care'::text AS function, 'c1'::text AS coordinator",
                "request": "SELECT 'q-foreign'::text AS id, 'frl'::text AS region, '2026-01-01'::date AS known_from",
                "request_victim":
                    "SELECT 'q-foreign'::text AS request, 'foreign'::text AS victim, false AS closed, false AS night",
                "victim": "SELECT 'foreign'::text AS id, '1985-01-31'::date AS birth_date",
                "ended_case": "SELECT 'own'::text AS victim, '2026-01-01'::date AS ended_on",
            ]
        ),
        (
            .shelter,
            [
                "unit": "SELECT 'u2'::text AS id, 's1'::text AS shelter",
                "stay":
                    "SELECT 'foreign'::text AS victim, 'u1'::text AS unit, '[2026-01-01,2027-01-01)'::daterange AS days",
            ]
        ),
        (
            .police,
            [
                "police_case":
                    "SELECT 'foreign'::text AS victim, 'north'::text AS police, '[2026-01-01,)'::daterange AS days"
            ]
        ),
        (
            .guardian,
            [
                "guardianship":
                    "SELECT 'foreign'::text AS victim, 'nidos'::text AS guardian, '[2026-01-01,)'::daterange AS days",
                "victim": "SELECT 'foreign'::text AS id, '2015-01-31'::date AS birth_date",
            ]
        ),
        (.funder, ["paid_days": "SELECT 'foreign'::text AS victim, 'state'::text AS funder, 9 AS days"]),
    ]

    @Test func `A temporary table called like one of ours tells our functions nothing`() async throws {
        try await CareScene.with { scene in
            let seen = [
                "SELECT count(*)::text FROM victim", "SELECT count(*)::text FROM stay",
                "SELECT count(*)::text FROM request",
                "SELECT count(*)::text FROM confidential.read('foreign', 'identity')",
                "SELECT count(*)::text FROM paid_case", "SELECT access.may('foreign', 'profile')::text",
                "SELECT access.may_erase('foreign')::text",
                "SELECT access.erase_case('own', 'erased-' || repeat('x', 30))::text",
            ]
            for (actor, tables) in Self.claims {
                var honest: [String] = []
                for sql in seen { honest.append(try await Self.answer(sql, as: actor, scene)) }
                let forgery = tables.map { "CREATE TEMP TABLE \($0) AS \($1); GRANT ALL ON \($0) TO PUBLIC" }
                    .joined(separator: ";")
                for (sql, answer) in zip(seen, honest) {
                    // Its own tables it may well see: of ours, by their full names, no more than before.
                    let asked = sql.replacing(/FROM (victim|stay|request|paid_case)/) { "FROM public.\($0.1)" }
                    #expect(
                        try await Self.answer(asked, as: actor, after: forgery, scene) == answer, "\(actor): \(sql)")
                }
            }
        }
    }

    /// What a statement answers, or the SQLSTATE by which it is refused.
    private static func answer(
        _ sql: String, as actor: Actor, after script: String = "", _ scene: CareScene
    ) async throws -> String {
        struct RollBack: Error { let answer: String }
        do {
            try await scene.client.transaction(opening: Acting.actor(actor).opening) { connection in
                try await connection.execute(script: script)
                throw RollBack(answer: try await connection.query("\(unsafe: sql)").one()[0])
            }
        } catch let end as RollBack {
            return end.answer
        } catch let error as PostgresError {
            return error.sqlState?.rawValue ?? error.description
        }
        return ""
    }

    @Test func `No role may make temporary tables in a ledger`() async throws {
        // In a database that was migrated itself: a copy takes no rights along.
        try await withDatabase { database in
            let connection = try await Connection.open(database)
            _ = try await Migrator(Ledger.migrations, version: "test").migrate(connection)
            let mayMake: [String] = try await connection.query(
                """
                SELECT rolname FROM pg_roles
                WHERE rolname LIKE 'onderdak\\_%' AND has_database_privilege(oid, current_database(), 'TEMPORARY')
                """
            ).map { try $0[0] }
            await connection.close()
            #expect(mayMake.isEmpty)
        }
    }

    @Test func `No setting of a session opens anything`() async throws {
        try await CareScene.with { scene in
            let opening = Acting.actor(.coordinator).opening
            for setting in [
                "session_replication_role = replica", "ROLE onderdak_owner",
                "ROLE pg_read_all_data",
            ] {
                #expect(
                    await scene.attempt(opening: opening, "SET LOCAL \(setting)").isRefused, "\(setting)")
            }
            for setting in [
                "row_security = off", "search_path = pg_temp", "search_path = ''", "quote_all_identifiers = on",
                "transform_null_equals = on", "onderdak.actor = 'desk/nl'", "onderdak.acting = ''",
            ] {
                for sql in [
                    "SELECT FROM public.victim WHERE id = 'foreign'", "SELECT FROM public.investigation",
                    "SELECT FROM confidential.read('foreign', 'identity')",
                    "SELECT FROM access.export_case('own') AS told WHERE told::text ~ 'max_travel_minutes|police'",
                ] {
                    let outcome = await scene.attempt(opening: opening + "; SET LOCAL \(setting)", sql)
                    #expect(outcome.isRefused || outcome == .rows(0), "\(setting): \(sql) gave \(outcome)")
                }
            }
        }
    }

    @Test func `No role but the program's own writes placements, or the steps that lead to them`() async throws {
        try await CareScene.with { scene in
            let rights: [String] = try await scene.admin.query(
                """
                SELECT r.rolname || ' ' || p.privilege || ' ' || t.name AS what
                FROM pg_roles AS r
                CROSS JOIN unnest('{INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) AS p(privilege)
                CROSS JOIN unnest(ARRAY['stay', 'request', 'request_victim', 'request_event', 'offer', 'offer_stay',
                    'offer_approval', 'rule_override', 'transfer', 'outflow', 'outflow_block', 'night_placement',
                    'move_hold', 'hold', 'planned_action', 'planned_action_need', 'planned_action_hold', 'command', 'outbox',
                    'plan_run', 'proposal', 'proposal_stay', 'proposal_reason', 'unmet_need', 'unit_turn', 'victim_turn',
                    'audit.entry', 'simulated_clock']) AS t(name)
                WHERE r.rolname LIKE 'onderdak\\_%' AND r.rolname NOT LIKE 'onderdak\\_test\\_%'
                    AND r.rolname NOT IN ('onderdak_owner', 'onderdak_service')
                    AND CASE WHEN p.privilege IN ('INSERT', 'UPDATE', 'REFERENCES')
                        THEN has_any_column_privilege(r.oid, t.name, p.privilege)
                        ELSE has_table_privilege(r.oid, t.name, p.privilege) END
                """
            ).map { try $0["what"] }
            #expect(rights == [])
            for actor in Actor.all {
                for sql in [
                    "UPDATE stay SET arrived = true", "COPY stay FROM STDIN", "ALTER TABLE stay DISABLE TRIGGER ALL",
                    "CREATE RULE r AS ON UPDATE TO stay DO INSTEAD NOTHING", "SELECT sweep()",
                    "SELECT take_turns('{}', '{}')", "SELECT request_let_go('q-own', 'withdrawn')",
                    "SELECT emit('x', '{}')",
                    "SELECT audit.note('read', 'x')", "SELECT access.renew_signing_key()",
                    "SELECT access.signature('desk/nl')",
                    "SELECT access.rename('victim', 'a', 'b')", "SELECT access.forget('own')",
                ] {
                    #expect(await scene.attempt(as: actor, sql) == .refused("42501"), "\(actor): \(sql)")
                }
            }
        }
    }

    @Test func `The program's own role does not get past the guards of placements either`() async throws {
        try await CareScene.with { scene in
            try await scene.admin.execute(
                script: """
                    UPDATE unit SET mixing = 'single-sex' WHERE id = 'u1';
                    UPDATE unit SET exclusive = true WHERE id = 'u2';
                    UPDATE bed_change SET beds = 1 WHERE unit = 'u3';
                    INSERT INTO victim SELECT 'm' || n, 'male', '1990-01-01', 2, 4, '2026-03-02' FROM generate_series(1, 3) AS n;
                    INSERT INTO request (
                        id, together, urgency, known_from, needed_from, latest_start, stay_days, transfer_wanted, state)
                    SELECT 'qm', 'unit', 'urgent', '2026-02-20', '2026-02-20', '2026-02-20', 60, false, 'placed';
                    INSERT INTO request_victim (request, victim) VALUES ('qm', 'm1'), ('qm', 'm2');
                    INSERT INTO unit VALUES
                        ('u4', 's3', 'crisis', '{female,male}', NULL, NULL, NULL, '{}', 'any', false, 1, NULL, 'victim', NULL, 1, 0);
                    INSERT INTO bed_change VALUES ('u4', '2026-01-01', 9, NULL, 'country');
                    INSERT INTO stay (request, victim, unit, days, moves_made, arrived)
                    SELECT 'qm', victim, 'u4', '[2026-02-20,2026-04-21)', 0, true FROM request_victim WHERE request = 'qm'
                    """)
            let placed =
                "INSERT INTO stay (request, victim, unit, days, moves_made, arrived, origin, overrides) VALUES "
            for (sql, refusal) in [
                ("DELETE FROM unit_turn", "42501"), ("UPDATE victim_turn SET turn = 0", "42501"),
                ("INSERT INTO audit.entry (actor, action, relation) VALUES ('desk/nl', 'read', 'x')", "42501"),
                ("DELETE FROM audit.link", "42501"), ("SELECT * FROM confidential.victim_field", "42501"),
                // Taken in as it is: only who is there already, and only at the beginning.
                (
                    placed + "('qm', 'm1', 'u3', '[2026-04-21,2026-05-01)', 1, false, 'record', '{}'), "
                        + "('qm', 'm2', 'u3', '[2026-04-21,2026-05-01)', 1, false, 'record', '{}')", "stay_beds"
                ),
                ("UPDATE stay SET origin = 'night' WHERE victim = 'm1'", "stay_origin_kept"),
                // A claim to be exempt.
                ("UPDATE stay SET unit = 'u1', overrides = '{mixing}' WHERE victim = 'm1'", "stay_overridden"),
                (
                    "INSERT INTO rule_override (offer, rule, reason, legal_basis, made_by, made_at, seconded_by) "
                        + "SELECT id, 'mixing', 'x', 'x', 'desk/a', ledger_now(), 'desk/b' FROM offer",
                    "rule_override_actor"
                ),
                // Others' sex, group, place.
                ("UPDATE stay SET unit = 'u1' WHERE victim = 'm1'", "stay_mixing"),
                ("UPDATE stay SET unit = 'u2' WHERE victim = 'm1'", "stay_exclusive"),
                ("UPDATE stay SET unit = 'u3' WHERE victim = 'm1'", "stay_beds"),
                (
                    "SET CONSTRAINTS ALL DEFERRED; UPDATE stay SET unit = 'u1', victim = 'm3' WHERE victim = 'm1'",
                    "stay_mixing"
                ),
                (
                    "SET CONSTRAINTS ALL DEFERRED; UPDATE stay SET victim = 'ghost' WHERE victim = 'own'; "
                        + "INSERT INTO victim VALUES ('ghost', 'male', '1990-01-01', 2, 4, '2026-03-02')", "stay_mixing"
                ),
                (
                    placed + "('q-own', 'own', 'u2', '[2026-03-01,2026-03-03)', 1, false, 'offer', '{}')",
                    "stay_one_place"
                ),
                ("INSERT INTO request_victim (request, victim) VALUES ('qm', 'm3')", "request_stays"),
                ("UPDATE request SET state = 'ended' WHERE id = 'qm'", "request_stays"),
                ("UPDATE request SET state = 'unplaced' WHERE id = 'qm'", "request_legal_step"),
                (
                    "INSERT INTO offer_approval SELECT id, 's2', 'shelter', 'shelter/s2', ledger_now() FROM offer",
                    "offer_approval_role"
                ),
                ("UPDATE offer SET state = 'accepted', answered_at = ledger_now()", "offer_approvals"),
            ] {
                // For somebody who may do a lot.
                let opening = Acting.program(for: .desk).opening
                let error = await #expect(throws: PostgresError.self, "\(sql)") {
                    try await scene.client.transaction(opening: opening) { connection in
                        if refusal == "stay_mixing" {
                            // Somebody of the other sex is in the unit.
                            try await connection.execute(
                                script: """
                                    UPDATE stay SET unit = 'u1' WHERE victim = 'foreign'
                                    """)
                        }
                        try await connection.execute(script: "\(sql); SET CONSTRAINTS ALL IMMEDIATE")
                    }
                }
                #expect(
                    (error?.constraint ?? error?.sqlState?.rawValue) == refusal,
                    "\(sql): \(error.map(String.init(describing:)) ?? "")")
            }
        }
    }

    @Test func `More people than beds are not taken in, by no role, unless a report has it on record`() async throws {
        try await CareScene.with { scene in
            let opening = Acting.program(for: nil).opening
            try await scene.admin.execute(
                script: """
                    INSERT INTO unit VALUES
                        ('u4', 's3', 'crisis', '{female,male}', NULL, NULL, NULL, '{}', 'any', false, 1, NULL, 'victim', NULL, 1, 0);
                    INSERT INTO bed_change VALUES ('u4', '2026-01-01', 2, NULL, 'country');
                    """)
            func takeIn(_ count: Int, from day: String = "2026-02-20") -> String {
                """
                INSERT INTO victim SELECT 'm' || n, 'male', '1990-01-01', 2, 4, '2026-03-02' FROM generate_series(1, \(count)) AS n
                    ON CONFLICT DO NOTHING;
                INSERT INTO request (
                    id, together, urgency, known_from, needed_from, latest_start, stay_days, transfer_wanted, state)
                SELECT 'qm', 'unit', 'urgent', '\(day)', '\(day)', '\(day)', 60, false, 'placed';
                INSERT INTO request_victim (request, victim) SELECT 'qm', 'm' || n FROM generate_series(1, \(count)) AS n;
                INSERT INTO stay (request, victim, unit, days, moves_made, arrived, origin)
                SELECT 'qm', victim, 'u4', '[\(day),2026-04-21)', 0, true, 'record' FROM request_victim WHERE request = 'qm'
                """
            }
            func attempt(_ sql: String) async -> String? {
                do {
                    try await scene.client.transaction(opening: opening) { try await $0.execute(script: sql) }
                    return nil
                } catch {
                    return (error as? PostgresError)?.constraint ?? (error as? PostgresError)?.sqlState?.rawValue
                        ?? "\(error)"
                }
            }
            func excess() async throws -> [Int] {
                try await scene.admin.query(
                    "SELECT excess FROM capacity_report WHERE unit = 'u4' AND NOT late ORDER BY id"
                ).map { try $0["excess"] }
            }
            #expect(await attempt(takeIn(3)) == "stay_beds")
            // Nor past the guard: by what is not there any more, or by saying that it is on record.
            for trick in [
                "SET CONSTRAINTS stay_taken_in IMMEDIATE; ", "UPDATE bed_change SET beds = 3 WHERE unit = 'u4'; ",
                "INSERT INTO capacity_report (unit, kind, number, days, reason, source, key, observed_at, received_at, late, beds, "
                    + "excess) SELECT 'u4', 'beds', 2, '[2026-01-01,)', '', 'desk/nl', 'k', now(), now(), false, 2, 9; ",
            ] {
                let outcome = await attempt(
                    trick + takeIn(trick.contains("bed_change") ? 4 : 3))
                #expect(outcome == (trick.contains("capacity_report") ? "42501" : "stay_beds"), "\(trick)")
            }
            #expect(try await excess() == [])
            // With a report that says what there is, nobody has to leave, and everybody sees it.
            #expect(await attempt(takeIn(3) + "; SELECT report_excess('{u4}', 'count')") == nil)
            #expect(try await excess() == [1])
            let told: Int = try await scene.admin.query(
                "SELECT count(*) AS n FROM outbox WHERE kind = 'capacity-excess' AND subject ->> 'unit' = 'u4'"
            ).one()["n"]
            #expect(told == 1)
            let shown: Int = try await scene.admin.query("SELECT unit_worst_excess('u4') AS excess").one()["excess"]
            #expect(shown == 1)
            // What is on record is for those who are there: another one does not come in by it.
            #expect(
                await attempt(
                    takeIn(1).replacing("'qm'", with: "'qn'").replacing("'m' || n", with: "'n' || n")) == "stay_beds")
            // And fewer beds than people are on record, whoever writes them.
            #expect(await attempt("UPDATE bed_change SET beds = 1 WHERE unit = 'u4'") == nil)
            #expect(try await excess() == [1, 2])
            #expect(await attempt("UPDATE bed_change SET reason = 'again' WHERE unit = 'u4'") == nil)
            #expect(try await excess() == [1, 2])
        }
    }

    @Test func `Nobody is taken in silently among whom they must not be`() async throws {
        try await CareScene.with { scene in
            let opening = Acting.program(for: nil).opening
            let takeIn = """
                INSERT INTO victim VALUES ('m', 'male', '1990-01-01', 2, 4, '2026-03-02');
                INSERT INTO no_contact SELECT 'm', 'own', 'unit', '[2026-01-01,)' WHERE current_setting('test.rule') = 'no-contact';
                INSERT INTO request (
                    id, together, urgency, known_from, needed_from, latest_start, stay_days, transfer_wanted, state)
                SELECT 'qm', 'unit', 'urgent', '2026-02-20', '2026-02-20', '2026-02-20', 60, false, 'placed';
                INSERT INTO request_victim (request, victim) VALUES ('qm', 'm');
                INSERT INTO stay (request, victim, unit, days, moves_made, arrived, origin)
                VALUES ('qm', 'm', 'u1', '[2026-02-20,2026-04-21)', 0, true, 'record')
                """
            for (rule, unit, refusal) in [
                ("mixing", "UPDATE unit SET mixing = 'single-sex' WHERE id = 'u1'", "stay_mixing"),
                ("exclusive", "UPDATE unit SET exclusive = true, mixing = 'any' WHERE id = 'u1'", "stay_exclusive"),
                ("no-contact", "UPDATE unit SET exclusive = false WHERE id = 'u1'", "stay_no_contact"),
            ] {
                try await scene.admin.query("\(unsafe: unit)")
                let setting = "SET LOCAL test.rule = '\(rule)'; "
                let error = await #expect(throws: PostgresError.self, "\(rule)") {
                    try await scene.client.transaction(opening: opening) {
                        try await $0.execute(script: setting + takeIn)
                    }
                }
                #expect(error?.constraint == refusal)
                // With what it breaks on the request it is a fact like any other.
                struct RollBack: Error { let reason: String? }
                do {
                    try await scene.client.transaction(opening: opening) { connection in
                        try await connection.execute(
                            script: setting + takeIn + "; SELECT note_company('{qm}'); SET CONSTRAINTS ALL IMMEDIATE")
                        throw RollBack(
                            reason: try await connection.query("SELECT state_reason FROM request WHERE id = 'qm'")
                                .one()[0])
                    }
                } catch let end as RollBack {
                    #expect(end.reason == "against \(rule)")
                }
            }
        }
    }

    @Test
    func
        `The program's own role takes no step of a request or an offer for whom it is not, nor anything for who does not act`()
        async throws
    {
        try await FlowScene.run { scene in
            for id in ["r", "s"] { try await scene.request(id, from: 0) }
            try await scene.place("s", from: 1)
            let offer = try await scene.offer(
                "r", "open", overrides: [RuleOverride(rule: "services", reason: "near", legalBasis: "consent")]
            ).offer
            let client = try await Connection.open(scene.ledger.pool.options)
            try await client.becomeProgramsLogin()
            let other =
                "INSERT INTO offer (request, made_at, made_by, answer_by) VALUES ('r', ledger_now(), '%', '2026-01-07')"
            for (actor, sql, refusal) in [
                ("coordinator/south", "UPDATE request SET state = 'withdrawn' WHERE id = 'r'", "request_step_role"),
                ("coordinator/ghost", "UPDATE request SET state = 'submitted' WHERE id = 's'", "request_step_role"),
                ("guardian/other", "UPDATE request SET state = 'withdrawn' WHERE id = 'r'", "request_step_role"),
                ("police/other", "UPDATE request SET state = 'placed' WHERE id = 's'", "request_step_role"),
                ("shelter/s-far", "UPDATE request SET state = 'placed' WHERE id = 's'", "request_step_role"),
                ("coordinator/south", other, "offer_actor"), ("guardian/other", other, "offer_actor"),
                (
                    "coordinator/south",
                    "UPDATE offer SET state = 'declined', side = 'authority', reason = 'not-suitable', answered_at = ledger_now() "
                        + "WHERE id = \(offer)", "offer_actor"
                ),
                (
                    "shelter/s-far",
                    "UPDATE offer SET state = 'cancelled', answered_at = ledger_now() WHERE id = \(offer)",
                    "offer_actor"
                ),
                (
                    "shelter/s-open",
                    "UPDATE rule_override SET seconded_by = 'shelter/s-open', seconded_at = ledger_now()",
                    "rule_override_actor"
                ),
                (
                    "shelter/ghost",
                    "INSERT INTO offer_approval VALUES (\(offer), 's-open', 'shelter', 'shelter/ghost', ledger_now())",
                    "offer_approval_role"
                ),
                (
                    "police/north",
                    "SELECT report_capacity('open', 'beds', 9, '2026-01-05', NULL, '', ledger_now(), 'k', 'shelter/s-open')",
                    "capacity_report_source"
                ),
                (
                    "police/north",
                    "UPDATE simulated_clock SET at = '2026-01-05 22:00+01'; "
                        + "SELECT night_place('n', '{r-1}', 'night', 1, 'coordinator/north')", "night_placement_role"
                ),
            ] {
                let error = await #expect(throws: PostgresError.self, "\(actor): \(sql)") {
                    try await client.transaction(opening: Acting.program(for: FlowScene.actor(actor)).opening) {
                        try await $0.execute(script: sql.replacing("%", with: actor))
                    }
                }
                #expect(error?.constraint == refusal, "\(actor): \(sql) \(error.map(String.init(describing:)) ?? "")")
            }
            // For nobody nothing is done in anybody's name.
            for (sql, refusal) in [
                (
                    "INSERT INTO offer_approval VALUES (\(offer), 's-open', 'shelter', 'shelter/s-open', ledger_now())",
                    "offer_approval_role"
                ),
                (other.replacing("%", with: "coordinator/north"), "offer_actor"),
                (
                    "UPDATE offer SET state = 'declined', side = 'shelter', reason = 'full', answered_at = ledger_now(), "
                        + "answered_by = 'shelter/s-open' WHERE id = \(offer)", "offer_actor"
                ),
                (
                    "UPDATE offer SET state = 'declined', side = 'victim', reason = 'place', answered_at = ledger_now() "
                        + "WHERE id = \(offer)", "offer_actor"
                ),
                ("UPDATE offer SET state = 'cancelled', answered_at = ledger_now() WHERE id = \(offer)", "offer_actor"),
                (
                    "SELECT report_capacity('open', 'beds', 9, '2026-01-05', NULL, '', ledger_now(), 'k', 'shelter/s-open')",
                    "capacity_report_source"
                ),
                (
                    "UPDATE simulated_clock SET at = '2026-01-05 22:00+01'; "
                        + "SELECT night_place('n', '{r-1}', 'night', 1, 'coordinator/north')", "night_placement_role"
                ),
            ] {
                let error = await #expect(throws: PostgresError.self, "\(sql)") {
                    try await client.transaction(opening: Acting.program(for: nil).opening) {
                        try await $0.execute(script: sql)
                    }
                }
                #expect(error?.constraint == refusal, "\(sql) \(error.map(String.init(describing:)) ?? "")")
            }
            // Whose case and whose bed it is may.
            for (actor, sql) in [
                ("shelter/s-open", "UPDATE request SET state = 'submitted', state_reason = 'no-show' WHERE id = 's'"),
                ("coordinator/north", "UPDATE request SET state = 'withdrawn' WHERE id = 'r'"),
            ] {
                try await client.transaction(opening: Acting.program(for: FlowScene.actor(actor)).opening) {
                    try await $0.execute(script: sql)
                }
            }
            await client.close()
        }
    }

    @Test func `No role rescues an offer that has expired by saying that it was answered before`() async throws {
        try await CareScene.with { scene in
            let shelter = Acting.program(for: .shelter).opening
            _ = try await scene.client.transaction(opening: shelter) { connection in
                try await connection.query(
                    "INSERT INTO offer_approval SELECT id, 's1', 'shelter', 'shelter/s1', ledger_now() FROM offer")
            }
            try await scene.admin.query("UPDATE simulated_clock SET at = '2026-03-03 10:00:00+01'")
            for sql in [
                "UPDATE offer SET state = 'accepted', answered_at = made_at + interval '1 hour'",
                "UPDATE offer SET answer_by = answer_by + interval '1 day'",
                "UPDATE offer SET state = 'declined', side = 'victim', reason = 'place', answered_at = made_at",
                "INSERT INTO offer_approval SELECT id, 's1', 'shelter', 'shelter/s1', made_at FROM offer",
            ] {
                for actor in Actor.all {
                    let outcome = await scene.attempt(as: actor, sql)
                    #expect(outcome == .refused("42501"), "\(actor): \(sql) gave \(outcome)")
                }
                for acting in [Acting.program(for: .shelter), .program(for: .desk), .program(for: nil)] {
                    let outcome = await scene.attempt(opening: acting.opening, sql)
                    #expect(outcome.isRefused, "\(acting): \(sql) gave \(outcome)")
                }
            }
            // A transaction that was begun in time holds nothing back either: the server's clock goes on.
            let error = await #expect(throws: PostgresError.self) {
                try await scene.admin.transaction { connection in
                    try await connection.execute(
                        script: """
                            DELETE FROM simulated_clock;
                            SET LOCAL session_replication_role = replica;
                            UPDATE offer SET made_at = now(), answer_by = now() + interval '1 microsecond';
                            SET LOCAL session_replication_role = origin;
                            UPDATE offer SET state = 'accepted', answered_at = now()
                            """)
                }
            }
            #expect(error?.constraint == "offer_in_time")
            // Nor is the ledger's time the program's to set, but where its owner lets it stand.
            for privilege in ["INSERT", "DELETE"] {
                let may: Bool = try await scene.admin.query(
                    "SELECT has_table_privilege('onderdak_service', 'simulated_clock', \(privilege)) AS may"
                ).one()["may"]
                #expect(!may)
            }
        }
    }

    @Test func `A request does not end beside a change of its stays that it does not see`() async throws {
        try await CareScene.with { scene in
            try await scene.admin.query("UPDATE stay SET days = '[2026-02-20,2026-03-02)' WHERE victim = 'own'")
            let opening = Acting.program(for: .desk).opening
            let error = await #expect(throws: PostgresError.self) {
                try await scene.client.transaction(isolation: .repeatableRead, opening: opening) { connection in
                    // Its state of the ledger is from before the change.
                    try await connection.query("SELECT FROM request")
                    try await scene.admin.query("UPDATE stay SET days = '[2026-02-20,2026-03-01)' WHERE victim = 'own'")
                    try await connection.query("UPDATE request SET state = 'ended' WHERE id = 'q-own'")
                }
            }
            #expect(error?.isTransient == true)
        }
    }
}

extension CareScene.Outcome {
    /// Whether it was refused, for whatever reason.
    fileprivate var isRefused: Bool { if case .refused = self { true } else { false } }
}
