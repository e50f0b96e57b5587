import CareChain
import Countries
import Postgres
import TestSupport
import Testing

@testable import Ledger

/// The database guards by itself, whatever its client does; `Broken` has one statement per constraint that breaks it.
@Suite struct SchemaGuardTests {
    @Test func `Every constraint refuses what it is there to refuse, by its name`() async throws {
        try await withFacts { connection in
            for (constraint, sql) in Self.broken {
                let error = await #expect(throws: PostgresError.self, "\(constraint)") {
                    try await connection.transaction { connection in
                        // What is deferred to the commit counts too.
                        try await connection.execute(script: "\(sql); SET CONSTRAINTS ALL IMMEDIATE")
                    }
                }
                #expect(error?.constraint == constraint, "\(sql): \(error?.description ?? "")")
            }
        }
    }

    @Test func `No constraint is forgotten, neither by these tests nor by the sentences for people`() async throws {
        try await withFacts { connection in
            let names: [String] = try await connection.query(
                #"""
                SELECT conname AS name FROM pg_constraint
                WHERE connamespace::regnamespace::text IN ('public', 'access', 'audit', 'confidential') AND contype <> 't'
                UNION SELECT c.relname FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
                WHERE i.indisunique
                    AND c.relnamespace::regnamespace::text IN ('public', 'access', 'audit', 'confidential')
                -- What functions refuse by a name of their own.
                UNION SELECT name[1] FROM pg_proc
                    CROSS JOIN regexp_matches(prosrc, $$refuse\('\w+', '(\w+)'$$, 'g') AS name
                WHERE pronamespace = 'public'::regnamespace
                ORDER BY name
                """#
            ).map { try $0["name"] }
            let ours = names.filter { !$0.hasPrefix("schema_migration") }
            #expect(ours == Set(Self.broken.map(\.constraint)).sorted())
            #expect(ours == ConstraintSentence.all.keys.sorted())
        }
    }

    @Test func `The database knows the same words as the program`() async throws {
        try await withFacts { connection in
            for (constraint, words) in Self.vocabularies {
                let definition: String = try await connection.query(
                    "SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conname = \(constraint)"
                ).one()["definition"]
                #expect(Set(definition.matches(of: /'([^']*)'/).map { String($0.1) }) == Set(words), "\(constraint)")
            }
            // `ROLE/ID` is a pattern.
            let form: String = try await connection.query(
                "SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conname = 'actor_form'"
            ).one()["definition"]
            let roles = form.firstMatch(of: /\^\(([a-z|]*)\)/)?.1.split(separator: "|").map(String.init) ?? []
            #expect(Set(roles) == Set(Role.allCases.map(\.rawValue)))
        }
    }

    @Test func `No list of words of the database is left without a vocabulary of the program`() async throws {
        try await withFacts { connection in
            let lists: [String] = try await connection.query(
                #"""
                SELECT conname AS name FROM pg_constraint
                WHERE contype = 'c' AND pg_get_constraintdef(oid) LIKE '%ARRAY[''%'
                    AND connamespace::regnamespace::text IN ('public', 'access', 'audit', 'confidential') ORDER BY 1
                """#
            ).map { try $0["name"] }
            #expect(Set(lists) == Set(Self.vocabularies.map(\.constraint)).union(Self.textToTheProgram))
        }
    }

    /// Lists of words that the program has no type for: it reads and writes them as text, or only the database uses them.
    private static let textToTheProgram: Set = [
        "bed_change_source", "break_glass_categories", "decline_reason_side", "entry_action", "funder_region_limits",
        "legal_basis_categories", "matrix_form", "matrix_relation", "matrix_writes", "move_hold_owner",
        "night_placement_confirmer", "night_placement_role", "offer_kind", "outflow_block_cause",
        "rule_override_legal", "stay_origin", "stay_overrides", "transfer_agreed", "transfer_state",
        "webhook_owner",
    ]

    private static let broken = Broken.statements + BrokenFlow.statements + BrokenPrivacy.statements

    private static let vocabularies: [(constraint: String, words: [String])] = [
        ("sex_known", Sex.allCases.map(\.rawValue)),
        ("phase_known", Phase.allCases.map(\.rawValue)),
        ("bed_type_known", BedType.allCases.map(\.rawValue)),
        ("shelter_placement_authority", PlacementAuthority.allCases.map(\.rawValue)),
        ("unit_mixing", Mixing.allCases.map(\.rawValue)),
        ("unit_count_by", CountBy.allCases.map(\.rawValue)),
        ("request_together", Together.allCases.map(\.rawValue)),
        ("request_urgency", Urgency.allCases.map(\.rawValue)),
        ("no_contact_scope", ContactScope.allCases.map(\.rawValue)),
        ("request_state", RequestState.allCases.map(\.rawValue)),
        ("unmet_need_urgency", Urgency.allCases.map(\.rawValue)),
        ("offer_state", OfferState.allCases.map(\.rawValue)),
        (
            "rule_override_rule",
            // What is soft, and the hard rules that somebody can be exempt from.
            ["plan", "timing", "out-of-region"]
                + Set(RuleCode.allCases).subtracting([.timing, .capacity, .fixed, .funding, .objective, .bound])
                .map(\.rawValue)
        ),
        ("authority_approval_authority", PlacementAuthority.allCases.map(\.rawValue)),
        ("authority_approval_role", [Role.desk, .coordinator, .shelter, .police, .guardian].map(\.rawValue)),
        ("actor_role_known", Role.allCases.map(\.rawValue) + ["service"]),
        ("capacity_report_kind", CapacityReport.Kind.allCases.map(\.rawValue)),
        ("coverage_function", CoverageFunction.allCases.map(\.rawValue)),
        ("deadline_task", Country.Task.allCases.map(\.rawValue)),
        ("deadline_urgency", Urgency.allCases.map(\.rawValue)),
        ("legal_basis_kind", LegalBasis.Kind.allCases.map(\.rawValue)),
        ("matrix_category", DataCategory.allCases.map(\.rawValue)),
        ("victim_field_category", ConfidentialCategory.allCases.map(\.rawValue)),
        ("plan_job_state", PlanJob.State.allCases.map(\.rawValue)),
        ("plan_run_status", [SolverReport.Status.optimal, .feasible].map(\.rawValue)),
        ("webhook_delivery_state", WebhookDelivery.State.allCases.map(\.rawValue)),
        ("retention_rule_subject", RetentionItem.Subject.allCases.map(\.rawValue)),
    ]

    @Test func `No table of cases has a column for names`() async throws {
        try await withFacts { connection in
            let columns: [String] = try await connection.query(
                """
                SELECT table_name || '.' || column_name AS name FROM information_schema.columns
                WHERE table_schema = 'public' AND column_name ~ 'name|address|phone|mail' ORDER BY name
                """
            ).map { try $0["name"] }
            #expect(columns == ["funder.name", "holiday.name", "region.name", "schema_migration.name", "shelter.name"])
        }
    }

    /// A ledger with a row in every table.
    private func withFacts(_ body: (Connection) async throws -> Void) async throws {
        let instance = try Fixture.instance(
            [Fixture.open("q", ["v"]), Fixture.current("p", ["w"]), Fixture.open("o", ["x"])],
            victims: [Fixture.victim("v", registeredIn: "north", paidDays: [PaidDays(funder: "state", days: 3)])],
            noContact: [NoContact(a: "v", b: "w", scope: .unit)],
            funders: [Fixture.funder("state", registeredIn: ["north"])])
        try await withLedger(holding: instance) { ledger in
            try await ledger.pool.withConnection { connection in
                try await connection.execute(script: Broken.rows)
                try await connection.execute(script: BrokenFlow.rows)
                try await connection.execute(script: BrokenPrivacy.rows)
                try await body(connection)
            }
        }
    }
}

private enum Broken {
    static let rows = """
        INSERT INTO region_membership VALUES ('north', 'police-unit', 'a', '[2020-01-01,2026-01-01)');
        INSERT INTO avoided_shelter VALUES ('v', 's1', '[2026-01-01,)');
        INSERT INTO plan_run (start_date, days, seed, version, engine, seconds, status, cut, objective, bound, instance, plan)
        VALUES ('2026-01-05', 40, 1, '1', 'e', 1, 'optimal', false, 10, 10, '', '');
        INSERT INTO proposal VALUES (1, 'q', true), (1, 'o', false);
        INSERT INTO proposal_stay (run, request, victim, unit, days) VALUES (1, 'q', 'v', 'u1', '[2026-01-06,2026-02-01)');
        INSERT INTO proposal_reason (run, request, position, code, detail) VALUES (1, 'o', 0, 'no-capacity', '');
        """

    static let statements: [(constraint: String, sql: String)] = [
        ("age_possible", "UPDATE unit SET max_age = 151"),
        ("bed_type_known", "UPDATE unit SET bed_type = 'sofa'"),
        ("cents_range", "UPDATE funder SET budget_cents = -1"),
        ("identifier_length", "INSERT INTO region VALUES ('', 'nameless')"),
        ("phase_known", "UPDATE victim_phase SET phase = 'gone'"),
        ("sex_known", "UPDATE victim SET sex = 'm'"),
        ("whole_range", "UPDATE travel_time SET minutes = -1"),

        ("region_key", "INSERT INTO region VALUES ('north', 'again')"),
        ("region_membership_days", "INSERT INTO region_membership VALUES ('south', 'court', 'a', 'empty')"),
        (
            "region_membership_once",
            "INSERT INTO region_membership VALUES ('north', 'police-unit', 'b', '[2025-12-31,)')"
        ),
        ("region_membership_region", "INSERT INTO region_membership VALUES ('east', 'court', 'a', '[2026-01-01,)')"),
        (
            "region_membership_start",
            // Two memberships that begin on the same day always overlap, which the other constraint finds first.
            "ALTER TABLE region_membership DROP CONSTRAINT region_membership_once; "
                + "INSERT INTO region_membership VALUES ('north', 'police-unit', 'b', '[2020-01-01,)')"
        ),
        ("travel_time_a", "INSERT INTO travel_time VALUES ('east', 'north', 1)"),
        ("travel_time_b", "INSERT INTO travel_time VALUES ('north', 'east', 1)"),
        ("travel_time_distinct", "INSERT INTO travel_time VALUES ('north', 'north', 1)"),
        ("travel_time_pair", "INSERT INTO travel_time VALUES ('south', 'north', 1)"),
        ("shelter_key", "INSERT INTO shelter VALUES ('s1', 'north', 1, '{}')"),
        ("shelter_placement_authority", "UPDATE shelter SET placement_authority = 'nobody'"),
        ("shelter_region", "UPDATE shelter SET region = 'east'"),
        ("shelter_security", "UPDATE shelter SET security = 5"),
        ("unit_ages", "UPDATE unit SET min_age = 18, max_age = 17"),
        ("unit_count_by", "UPDATE unit SET count_by = 'family'"),
        ("unit_group", "UPDATE unit SET min_group = 3, max_group = 2"),
        ("unit_key", "INSERT INTO unit SELECT * FROM unit"),
        ("unit_max_leg_days", "UPDATE unit SET max_leg_days = 0"),
        ("unit_min_group", "UPDATE unit SET min_group = 0"),
        ("unit_mixing", "UPDATE unit SET mixing = 'some'"),
        ("unit_shelter", "UPDATE unit SET shelter = 's9'"),
        ("bed_change_date", "UPDATE bed_change SET from_date = 'infinity'"),
        ("bed_change_key", "INSERT INTO bed_change SELECT * FROM bed_change"),
        ("bed_change_source", "UPDATE bed_change SET source = 'hearsay'"),
        ("bed_change_unit", "UPDATE bed_change SET unit = unit || '9'"),
        ("funder_ages", "UPDATE funder SET min_age = 18, max_age = 17"),
        ("funder_key", "INSERT INTO funder SELECT * FROM funder"),
        (
            "funder_position",
            """
            INSERT INTO funder (id, position, name, registered_anywhere, any_shelter_region, pays_from)
            SELECT 'other', position, '', true, true, pays_from FROM funder
            """
        ),
        ("funder_position_range", "UPDATE funder SET position = -1"),
        ("funder_region_funder", "INSERT INTO funder_region VALUES ('nobody', 'shelter', 'north')"),
        ("funder_region_key", "INSERT INTO funder_region SELECT * FROM funder_region"),
        ("funder_region_limits", "UPDATE funder_region SET limits = 'birth'"),
        ("funder_region_region", "UPDATE funder_region SET region = 'east'"),
        ("funder_window", "UPDATE funder SET pays_until = pays_from - 1"),
        ("planning_policy_key", "INSERT INTO planning_policy SELECT * FROM planning_policy"),
        ("planning_policy_max_moves", "UPDATE planning_policy SET max_moves = 3"),
        ("planning_policy_min_leg_days", "UPDATE planning_policy SET min_leg_days = 0"),
        ("planning_policy_one_row", "UPDATE planning_policy SET singleton = false"),

        ("victim_birth_date", "UPDATE victim SET birth_date = '-infinity'"),
        ("victim_key", "INSERT INTO victim SELECT * FROM victim"),
        ("victim_payers_from", "UPDATE victim SET payers_from = 'infinity'"),
        ("victim_region", "UPDATE victim SET region = 'east'"),
        ("victim_security", "UPDATE victim SET security_min = 3, security_max = 2"),
        ("victim_phase_date", "UPDATE victim_phase SET from_date = 'infinity'"),
        ("victim_phase_key", "INSERT INTO victim_phase SELECT * FROM victim_phase"),
        ("victim_phase_victim", "INSERT INTO victim_phase VALUES ('nobody', '2026-01-05', 'signal')"),
        ("victim_need_key", "INSERT INTO victim_need SELECT * FROM victim_need"),
        ("victim_need_victim", "INSERT INTO victim_need VALUES ('nobody', 'trauma')"),
        ("victim_registration_days", "INSERT INTO victim_registration VALUES ('v', 'north', 'empty')"),
        ("victim_registration_once", "INSERT INTO victim_registration VALUES ('v', 'south', '[2026-02-01,)')"),
        ("victim_registration_region", "INSERT INTO victim_registration VALUES ('w', 'east', '[2026-01-05,)')"),
        ("victim_registration_victim", "INSERT INTO victim_registration VALUES ('nobody', 'north', '[2026-01-05,)')"),
        ("avoided_region_days", "INSERT INTO avoided_region VALUES ('v', 'south', 'empty')"),
        ("avoided_region_once", "INSERT INTO avoided_region VALUES ('v', 'south', '[2026-02-01,)')"),
        ("avoided_region_region", "INSERT INTO avoided_region VALUES ('v', 'east', '[2026-01-05,)')"),
        ("avoided_region_victim", "INSERT INTO avoided_region VALUES ('nobody', 'south', '[2026-01-05,)')"),
        ("avoided_shelter_days", "INSERT INTO avoided_shelter VALUES ('v', 's1', 'empty')"),
        ("avoided_shelter_once", "INSERT INTO avoided_shelter VALUES ('v', 's1', '[2026-02-01,)')"),
        ("avoided_shelter_shelter", "INSERT INTO avoided_shelter VALUES ('v', 's9', '[2026-01-05,)')"),
        ("avoided_shelter_victim", "INSERT INTO avoided_shelter VALUES ('nobody', 's1', '[2026-01-05,)')"),
        ("investigation_days", "INSERT INTO investigation VALUES ('v', 'north', NULL, 'empty')"),
        ("investigation_once", "INSERT INTO investigation VALUES ('v', 'south', NULL, '[2026-02-01,)')"),
        ("investigation_region", "UPDATE investigation SET region = 'east'"),
        ("investigation_victim", "INSERT INTO investigation VALUES ('nobody', 'north', NULL, '[2026-01-05,)')"),
        ("no_contact_a", "INSERT INTO no_contact VALUES ('nobody', 'v', 'unit', '[2026-01-05,)')"),
        ("no_contact_b", "INSERT INTO no_contact VALUES ('v', 'nobody', 'unit', '[2026-01-05,)')"),
        ("no_contact_days", "INSERT INTO no_contact VALUES ('v', 'w', 'unit', 'empty')"),
        ("no_contact_distinct", "INSERT INTO no_contact VALUES ('v', 'v', 'unit', '[2026-01-05,)')"),
        ("no_contact_once", "INSERT INTO no_contact VALUES ('w', 'v', 'unit', '[2026-02-01,)')"),
        ("no_contact_scope", "UPDATE no_contact SET scope = 'town'"),
        ("paid_days_funder", "INSERT INTO paid_days VALUES ('v', 'nobody', 1)"),
        ("paid_days_key", "INSERT INTO paid_days SELECT * FROM paid_days"),
        ("paid_days_victim", "INSERT INTO paid_days VALUES ('nobody', 'state', 1)"),
        ("request_dates", "UPDATE request SET needed_from = latest_start + 1"),
        ("request_key", "INSERT INTO request SELECT * FROM request"),
        ("request_no_move_before", "UPDATE request SET no_move_before = 'infinity'"),
        ("request_preferred_region", "UPDATE request SET preferred_region = 'east'"),
        ("request_stay_days", "UPDATE request SET stay_days = 0"),
        ("request_together", "UPDATE request SET together = 'region'"),
        ("request_urgency", "UPDATE request SET urgency = 'soon'"),
        ("request_victim_key", "INSERT INTO request_victim VALUES ('q', 'v')"),
        ("request_victim_once", "INSERT INTO request_victim VALUES ('p', 'v')"),
        (
            "request_victim_request",
            "DELETE FROM proposal_stay; DELETE FROM request_victim WHERE victim = 'v'; "
                + "INSERT INTO request_victim VALUES ('none', 'v')"
        ),
        ("request_victim_victim", "INSERT INTO request_victim VALUES ('q', 'nobody')"),
        ("stay_days", "UPDATE stay SET days = '[2026-01-05,)'"),
        (
            "stay_key",
            "INSERT INTO stay (request, victim, unit, days, moves_made, arrived) "
                + "SELECT request, victim, unit, '[2030-01-01,2030-02-01)', moves_made, false FROM stay"
        ),
        (
            "stay_one_place",
            "INSERT INTO stay (request, victim, unit, days, moves_made, arrived) "
                + "SELECT request, victim, 'u2', days, moves_made + 1, arrived FROM stay"
        ),
        ("stay_unit", "UPDATE stay SET unit = 'u9'"),
        ("stay_victim", "UPDATE stay SET request = 'q'"),

        ("plan_run_bound", "UPDATE plan_run SET bound = objective + 1"),
        ("plan_run_days", "UPDATE plan_run SET days = 0"),
        ("plan_run_iteration_limit", "UPDATE plan_run SET iteration_limit = -1"),
        ("plan_run_key", "INSERT INTO plan_run OVERRIDING SYSTEM VALUE SELECT * FROM plan_run"),
        ("plan_run_seconds", "UPDATE plan_run SET seconds = -1"),
        ("plan_run_start_date", "UPDATE plan_run SET start_date = 'infinity'"),
        ("plan_run_status", "UPDATE plan_run SET status = 'good'"),
        ("plan_run_time_limit", "UPDATE plan_run SET time_limit_seconds = -1"),
        ("proposal_key", "INSERT INTO proposal VALUES (1, 'q', false)"),
        (
            "proposal_outcome",
            "ALTER TABLE unmet_need DROP CONSTRAINT unmet_need_proposal; "
                + "ALTER TABLE proposal DROP CONSTRAINT proposal_key; INSERT INTO proposal VALUES (1, 'q', true)"
        ),
        ("proposal_request", "INSERT INTO proposal VALUES (1, 'none', true)"),
        ("proposal_run", "INSERT INTO proposal VALUES (2, 'q', true)"),
        ("proposal_reason_key", "INSERT INTO proposal_reason SELECT * FROM proposal_reason"),
        ("proposal_reason_position", "UPDATE proposal_reason SET position = -1"),
        ("proposal_reason_proposal", "UPDATE proposal_reason SET request = 'q'"),
        ("proposal_reason_unplaced", "UPDATE proposal_reason SET placed = true"),
        ("proposal_stay_days", "UPDATE proposal_stay SET days = 'empty'"),
        ("proposal_stay_one_place", "INSERT INTO proposal_stay SELECT * FROM proposal_stay"),
        ("proposal_stay_placed", "UPDATE proposal_stay SET placed = false"),
        ("proposal_stay_proposal", "UPDATE proposal_stay SET request = 'o', victim = 'x'"),
        ("proposal_stay_unit", "UPDATE proposal_stay SET unit = 'u9'"),
        ("proposal_stay_victim", "UPDATE proposal_stay SET victim = 'w'"),
    ]
}
