import Postgres
import TestSupport
import Testing

@testable import Ledger

/// Every cell of the matrix "who may see what", in plain SQL as that database role: what it opens of one's own cases, and
/// that it opens nothing of others'.
@Suite struct MatrixTests {
    /// What a cell opens: rows in full, and whether they can be written. Other forms have tests of their own below.
    enum Cell: Equatable {
        case none
        case read
        case write
    }

    private static let categories = [
        "identity", "profile", "avoid", "phase", "health", "investigation", "address", "action",
    ]

    /// Rows of the table, in the order of ``categories``; for the shelter, of who is placed there.
    private static let matrix: [(actor: Actor, case: String, cells: [Cell])] = [
        (.desk, "own", [.write, .write, .write, .write, .read, .none, .read, .none]),
        (.coordinator, "own", [.write, .write, .write, .write, .write, .none, .read, .none]),
        (.shelter, "own", [.read, .write, .read, .read, .write, .none, .read, .none]),
        (.shelter, "offered", [.none, .none, .none, .none, .none, .none, .none, .none]),
        (.police, "own", [.write, .read, .write, .read, .none, .write, .none, .read]),
        (.guardian, "ward", [.write, .write, .read, .read, .write, .none, .read, .none]),
        (.funder, "own", [.none, .none, .none, .none, .none, .none, .none, .none]),
        (.governor, "own", [.none, .none, .none, .none, .none, .none, .none, .none]),
        (.auditor, "own", [.none, .none, .none, .none, .none, .none, .none, .none]),
        (.admin, "own", [.none, .none, .none, .none, .none, .none, .none, .none]),
    ]

    /// The scene, with somebody whom each of its victims must not meet.
    private static func withCases(_ body: (CareScene) async throws -> Void) async throws {
        try await CareScene.with { scene in
            try await scene.admin.execute(
                script: """
                    INSERT INTO victim VALUES ('stranger', 'female', '1970-01-01', 2, 4, '2026-03-02');
                    INSERT INTO no_contact SELECT id, 'stranger', 'unit', '[2026-02-01,)' FROM victim WHERE id <> 'stranger'
                    """)
            try await body(scene)
        }
    }

    /// Statements that see a row of a category about a victim; each must.
    private static func reads(_ category: String, _ victim: String) -> [String] {
        let home = ["own": "s1", "ward": "s3", "foreign": "s2"][victim]
        switch category {
        case "identity", "health": return ["SELECT * FROM confidential.read('\(victim)', '\(category)')"]
        case "profile":
            return [
                "SELECT sex FROM victim WHERE id = '\(victim)'", "SELECT * FROM victim_need WHERE victim = '\(victim)'",
                "SELECT * FROM case_profile WHERE victim = '\(victim)'",
            ]
        case "avoid":
            return [
                "SELECT * FROM avoided_region WHERE victim = '\(victim)'",
                "SELECT * FROM no_contact WHERE a = '\(victim)'",
            ]
        case "phase":
            return ["SELECT * FROM victim_phase WHERE victim = '\(victim)'"]
                + (victim == "offered" ? [] : ["SELECT days FROM stay WHERE victim = '\(victim)'"])
                + ["SELECT id FROM request WHERE id = 'q-\(victim)'"]
        case "investigation": return ["SELECT * FROM investigation WHERE victim = '\(victim)'"]
        case "address": return home.map { ["SELECT * FROM confidential.read_address('\($0)')"] } ?? []
        case "action":
            let owner = victim == "foreign" ? "police/east" : "police/north"
            return ["SELECT * FROM planned_action WHERE owner = '\(owner)'"]
        default: return []
        }
    }

    /// Statements that change something of a category about a victim; each must.
    private static func writes(_ category: String, _ victim: String) -> [String] {
        switch category {
        case "identity", "health":
            return [
                "SELECT confidential.write('\(victim)', '\(category)', 'new', 'k', decode(repeat('01', 40), 'hex'))"
            ]
        case "profile":
            return [
                "UPDATE victim SET security_max = 3 WHERE id = '\(victim)'",
                "INSERT INTO victim_need VALUES ('\(victim)', '24h')",
                "DELETE FROM victim_need WHERE victim = '\(victim)'",
            ]
        case "avoid":
            return [
                "INSERT INTO avoided_shelter VALUES ('\(victim)', 's2', '[2026-05-01,)')",
                "DELETE FROM no_contact WHERE a = '\(victim)'",
            ]
        case "phase": return ["INSERT INTO victim_phase VALUES ('\(victim)', '2026-04-01', 'permit-pending')"]
        case "investigation": return ["UPDATE investigation SET max_travel_minutes = 60 WHERE victim = '\(victim)'"]
        default: return []
        }
    }

    @Test func `Each role sees and changes of its own cases what the matrix says, and no more`() async throws {
        try await Self.withCases { scene in
            for (actor, victim, cells) in Self.matrix {
                for (category, cell) in zip(Self.categories, cells) {
                    for sql in Self.reads(category, victim) {
                        let outcome = await scene.attempt(as: actor, sql)
                        #expect(outcome.isDenied == (cell == .none), "\(actor), \(category): \(sql) gave \(outcome)")
                    }
                    for sql in Self.writes(category, victim) {
                        let outcome = await scene.attempt(as: actor, sql)
                        #expect(outcome.isDenied == (cell != .write), "\(actor), \(category): \(sql) gave \(outcome)")
                    }
                }
            }
        }
    }

    /// The tables of cases that are seen whole where their category is, and changed where it may be; in the police's own
    /// words, for the columns see ``AttackTests``.
    private static let tables: [String: [String]] = [
        "profile": ["victim", "victim_need"],
        "avoid": ["avoided_region", "avoided_shelter", "no_contact"],
        "phase": ["victim_phase", "victim_registration", "court_order"],
        "investigation": ["investigation"],
    ]

    @Test func `Every table of a category is open to the roles of its cells, and to no others`() async throws {
        try await CareScene.with { scene in
            func roles(_ table: String, _ right: String) async throws -> Set<String> {
                Set(
                    try await scene.admin.query(
                        """
                        SELECT r.rolname AS name FROM pg_roles AS r
                        WHERE r.rolname LIKE 'onderdak\\_%' AND r.rolname NOT LIKE 'onderdak\\_test\\_%'
                            AND r.rolname NOT IN ('onderdak_owner', 'onderdak_service')
                            AND has_any_column_privilege(r.oid, \(table), \(right))
                        """
                    ).map { try $0["name", as: String.self].replacing("onderdak_", with: "") })
            }
            for (category, tables) in Self.tables {
                let column = try #require(Self.categories.firstIndex(of: category))
                let cells = Self.matrix.map { ($0.actor.role.rawValue, $0.cells[column]) }
                for table in tables {
                    #expect(
                        try await roles(table, "SELECT") == Set(cells.filter { $0.1 != .none }.map(\.0)), "\(table)")
                    #expect(
                        try await roles(table, "UPDATE") == Set(cells.filter { $0.1 == .write }.map(\.0)), "\(table)")
                }
            }
        }
    }

    @Test func `Nobody but the desk sees or changes anything of another's case`() async throws {
        try await Self.withCases { scene in
            for actor in Actor.all where actor.role != .desk {
                for category in Self.categories {
                    for sql in Self.reads(category, "foreign") + Self.writes(category, "foreign") {
                        let outcome = await scene.attempt(as: actor, sql)
                        #expect(outcome.isDenied, "\(actor), \(category): \(sql) gave \(outcome)")
                    }
                }
            }
        }
    }

    @Test func `Without a legal basis nothing of any case is seen, the shelter's own address excepted`() async throws {
        try await Self.withCases { scene in
            try await scene.admin.query("DELETE FROM access.legal_basis")
            for (actor, victim, _) in Self.matrix {
                for category in Self.categories where category != "action" {
                    for sql in Self.reads(category, victim) + Self.writes(category, victim) {
                        if actor.role == .shelter, category == "address" { continue }
                        let outcome = await scene.attempt(as: actor, sql)
                        #expect(outcome.isDenied, "\(actor), \(category): \(sql) gave \(outcome)")
                    }
                }
            }
        }
    }

    @Test func `The database's matrix has the cells of this test and no others`() async throws {
        try await CareScene.with { scene in
            let kept = try await scene.admin.query(
                "SELECT role, relation, category, writes FROM access.matrix WHERE form IN ('full', 'own-report')"
            ).map { row in
                "\(try row["role", as: String.self]) \(try row["relation", as: String.self]) "
                    + "\(try row["category", as: String.self]) \(try row["writes", as: Bool.self] ? "writes" : "reads")"
            }
            var expected: [String] = []
            for (actor, victim, cells) in Self.matrix {
                let relation =
                    switch (actor.role, victim) {
                    case (.desk, _): "all"
                    case (.shelter, "own"): "placed"
                    case (.shelter, _): "offered"
                    default: "own"
                    }
                for (category, cell) in zip(Self.categories, cells) where cell != .none {
                    // A shelter's own address is its own, whoever is there.
                    if actor.role == .shelter, category == "address" { continue }
                    expected.append("\(actor.role) \(relation) \(category) \(cell == .write ? "writes" : "reads")")
                }
            }
            // The police write planned actions through the ledger's steps, not as rows.
            #expect(
                Set(kept) == Set(expected).subtracting(["police own action reads"]).union(["police own action writes"]))
        }
    }

    @Test func `A right to write a case is no right to move it to somebody else's`() async throws {
        try await CareScene.with { scene in
            for sql in [
                "UPDATE avoided_region SET victim = 'foreign' WHERE victim = 'own'",
                "INSERT INTO avoided_region VALUES ('foreign', 'frl', '[2026-05-01,)')",
                "UPDATE victim SET id = 'mine' WHERE id = 'own'", "DELETE FROM victim WHERE id = 'own'",
                "INSERT INTO police_case VALUES ('foreign', 'north', '[2026-01-01,)')",
                "INSERT INTO stay (request, victim, unit, days, moves_made, arrived) "
                    + "VALUES ('q-own', 'own', 'u1', '[2026-05-01,2026-05-02)', 1, true)",
                "UPDATE request SET region = 'frl' WHERE id = 'q-foreign'",
                "UPDATE request SET region = 'dre' WHERE id = 'q-own'",
            ] {
                let outcome = await scene.attempt(as: .coordinator, sql)
                #expect(outcome == .refused("42501"), "\(sql) gave \(outcome)")
            }
        }
    }

    @Test func `What an offer waits for is told of one's own offers`() async throws {
        try await CareScene.with { scene in
            let missing = "SELECT FROM offer AS o CROSS JOIN access.offer_missing(o.id)"
            #expect(await scene.attempt(as: .desk, missing) == .rows(1))
            #expect(await scene.attempt(as: .shelter, missing) == .rows(1))
            let offer: Int = try await scene.admin.query("SELECT id FROM offer").one()["id"]
            for actor in [Actor.police, .guardian, Actor(role: .shelter, id: "s2")] {
                #expect(
                    await scene.attempt(as: actor, "SELECT FROM access.offer_missing(\(offer))") == .rows(0), "\(actor)"
                )
            }
        }
    }

    @Test func `That an offer waits for a guardian is told of one's own offers`() async throws {
        try await CareScene.with { scene in
            try await scene.admin.execute(
                script: """
                    UPDATE shelter SET placement_authority = 'guardian' WHERE id = 's1';
                    UPDATE victim SET birth_date = '2012-07-01' WHERE id = 'offered'
                    """)
            let offer: Int = try await scene.admin.query("SELECT id FROM offer").one()["id"]
            let lacks = "SELECT WHERE offer_lacks_guardian(\(offer))"
            for actor in [Actor.desk, .shelter] {
                #expect(await scene.attempt(as: actor, lacks) == .rows(1), "\(actor)")
            }
            for actor in [Actor.police, .guardian, .coordinator, Actor(role: .shelter, id: "s2")] {
                #expect(await scene.attempt(as: actor, lacks) == .rows(0), "\(actor)")
            }
        }
    }

    @Test func `That health keeps somebody from leaving is told to whom their health is`() async throws {
        try await CareScene.with { scene in
            try await scene.admin.execute(
                script: """
                    INSERT INTO outflow VALUES ('q-own', '2026-03-01', NULL, NULL, NULL);
                    INSERT INTO outflow_block VALUES ('q-own', 'health', '[2026-03-01,)')
                    """)
            let block = "SELECT cause FROM outflow_block WHERE request = 'q-own'"
            for actor in [Actor.desk, .coordinator, .shelter] {
                #expect(await scene.attempt(as: actor, block) == .rows(1), "\(actor)")
            }
            #expect(await scene.attempt(as: .police, block) == .rows(0))
            try await scene.admin.query("UPDATE outflow_block SET cause = 'no-house'")
            #expect(await scene.attempt(as: .police, block) == .rows(1))
        }
    }

    // MARK: - Other forms than whole rows

    @Test func `The police see of identity what they reported themselves`() async throws {
        try await CareScene.with { scene in
            #expect(
                await scene.attempt(
                    as: .police, "SELECT FROM confidential.read('own', 'identity') WHERE reported_by <> 'police/north'")
                    == .rows(0))
            #expect(await scene.attempt(as: .police, "SELECT FROM confidential.read('own', 'identity')") == .rows(1))
            #expect(await scene.attempt(as: .desk, "SELECT FROM confidential.read('own', 'identity')") == .rows(2))
        }
    }

    @Test func `A date of birth goes to whom identity goes too, an age band to the police`() async throws {
        try await CareScene.with { scene in
            #expect(await scene.attempt(as: .police, "SELECT birth_date FROM victim") == .refused("42501"))
            #expect(
                await scene.attempt(as: .police, "SELECT FROM case_profile WHERE age_band = '24-29'") == .rows(1))
        }
    }

    @Test
    func `A shelter knows whom it is offered by the ledger's pseudonym, with needs and whether to avoid as flags`()
        async throws
    {
        try await CareScene.with { scene in
            let flags = "SELECT FROM offered_case WHERE victim = 'offered' AND needs = '{trauma}' "
            #expect(
                await scene.attempt(as: .shelter, flags + "AND NOT to_be_avoided AND phase = 'reflection'") == .rows(1))
            try await scene.admin.query("INSERT INTO avoided_region VALUES ('offered', 'frl', '[2026-03-01,)')")
            #expect(await scene.attempt(as: .shelter, flags + "AND to_be_avoided") == .rows(1))
            #expect(await scene.attempt(as: .shelter, "SELECT id FROM offer") == .rows(1))
            let other = Actor(role: .shelter, id: "s2")
            for sql in ["SELECT id FROM offer", "SELECT FROM offered_case"] {
                #expect(await scene.attempt(as: other, sql) == .rows(0), "\(sql)")
            }
            // Once its time is over, it is nothing to the shelter any more.
            try await scene.admin.query("UPDATE simulated_clock SET at = '2026-03-04 10:00:00+01'")
            #expect(await scene.attempt(as: .shelter, "SELECT FROM offered_case") == .rows(0))
        }
    }

    @Test func `That there is an investigation is seen where the matrix says flags, and not by the police of others`()
        async throws
    {
        try await CareScene.with { scene in
            for (actor, victim) in [
                (Actor.desk, "own"), (.coordinator, "own"), (.shelter, "own"), (.guardian, "ward"),
            ] {
                let outcome = await scene.attempt(
                    as: actor,
                    "SELECT FROM investigation_flag WHERE victim = '\(victim)' AND under_investigation AND limits_travel"
                )
                #expect(outcome == .rows(1), "\(actor)")
                if actor.role != .desk {
                    #expect(await scene.attempt(as: actor, "SELECT FROM investigation_flag") == .rows(1), "\(actor)")
                }
            }
            for actor in [Actor.police, .funder, .governor, .auditor, .admin] {
                #expect(
                    await scene.attempt(as: actor, "SELECT FROM investigation_flag") == .refused("42501"), "\(actor)")
            }
        }
    }

    @Test func `A funder has figures by pseudonyms that mean nothing to another funder`() async throws {
        try await CareScene.with { scene in
            #expect(
                await scene.attempt(
                    as: .funder, "SELECT FROM paid_case WHERE days = 10 AND phase = 'reflection' AND pseudonym <> 'own'"
                )
                    == .rows(1))
            let (mine, theirs) = (
                Acting.actor(.funder).opening, Acting.actor(Actor(role: .funder, id: "town")).opening
            )
            func pseudonym(_ opening: String) async throws -> String {
                try await scene.client.transaction(opening: opening) { connection in
                    try await connection.query("SELECT pseudonym AS name FROM paid_case").one()["name"]
                }
            }
            #expect(await scene.attempt(opening: theirs, "SELECT FROM paid_case") == .rows(0))
            try await scene.admin.execute(
                script: """
                    INSERT INTO funder SELECT 'town', 1, 'Town', NULL, NULL, true, true, NULL, NULL, '2026-01-01', NULL, NULL, NULL;
                    INSERT INTO paid_days VALUES ('own', 'town', 3)
                    """)
            let first = try await pseudonym(mine)
            #expect(try await pseudonym(mine) == first)
            #expect(try await pseudonym(theirs) != first)
            // Nothing that gives the ledger's own names.
            for sql in ["access.disclosed('funder', 'profile', 'pseudonym')", "access.pseudonym('own')"] {
                #expect(await scene.attempt(as: .funder, "SELECT \(sql)") == .refused("42501"))
            }
        }
    }

    @Test func `Who governs has figures of five and more`() async throws {
        try await CareScene.with { scene in
            try await scene.admin.query("UPDATE simulated_clock SET at = '2026-04-02 10:00:00+02'")
            let women = "SELECT FROM figures('population', '2026-03-01', '2026-03-01') WHERE persons = 5"
            #expect(await scene.attempt(as: .governor, women) == .rows(0))
            try await scene.admin.execute(
                script: """
                    SET session_replication_role = replica;
                    INSERT INTO victim SELECT 'w' || n, 'female', '1985-01-31', 2, 4, '2026-03-02' FROM generate_series(1, 2) AS n;
                    INSERT INTO victim_phase SELECT 'w' || n, '2026-02-01', 'reflection' FROM generate_series(1, 2) AS n;
                    INSERT INTO stay (request, victim, unit, days, moves_made, arrived)
                    SELECT 'q', 'w' || n, 'u1', '[2026-03-01,2026-03-09)', 0, true FROM generate_series(1, 2) AS n;
                    SET session_replication_role = origin
                    """)
            #expect(await scene.attempt(as: .governor, women) == .rows(1))
            #expect(await scene.attempt(as: .desk, women) == .rows(1))
            for actor in Actor.all where actor.role != .desk && actor.role != .governor {
                let outcome = await scene.attempt(as: actor, women)
                #expect(outcome == .refused("42501"), "\(actor) gave \(outcome)")
            }
            // Nor by another way: the blocks themselves, and how full each unit is.
            for sql in [
                "SELECT * FROM population_blocks('2026-03-01', '2026-03-01')", "SELECT unit_load('u1', '2026-03-02')",
                "SELECT number FROM capacity_report",
            ] {
                #expect(await scene.attempt(as: .governor, sql) == .refused("42501"), "\(sql)")
            }
        }
    }

    @Test func `Of planned actions the desk has a count, a shelter a held bed, and only its police the rest`()
        async throws
    {
        try await CareScene.with { scene in
            try await scene.admin.execute(
                script: """
                    INSERT INTO hold (unit, beds, days, purpose, owner, made_at, ends_at) SELECT
                        'u1', 2, '[2026-03-20,2026-03-21)', 'raid', 'police/north', '\(CareScene.now)',
                        '2026-03-22 10:00:00+01';
                    INSERT INTO planned_action_hold
                    SELECT a.id, h.id FROM planned_action AS a CROSS JOIN hold AS h WHERE a.owner = 'police/north'
                    """)
            #expect(await scene.attempt(as: .desk, "SELECT FROM action_count WHERE beds = 4") == .rows(1))
            #expect(await scene.attempt(as: .desk, "SELECT FROM planned_action") == .refused("42501"))
            #expect(await scene.attempt(as: .desk, "SELECT FROM hold") == .rows(0))
            #expect(await scene.attempt(as: .shelter, "SELECT beds FROM hold WHERE unit = 'u1'") == .rows(1))
            for column in ["purpose", "owner", "request"] {
                #expect(await scene.attempt(as: .shelter, "SELECT \(column) FROM hold") == .refused("42501"))
            }
            #expect(await scene.attempt(as: .police, "SELECT FROM planned_action_need") == .rows(1))
            for actor in [Actor.coordinator, .guardian, .funder, .governor, .auditor, .admin] {
                let outcome = await scene.attempt(as: actor, "SELECT FROM planned_action")
                #expect(outcome == .refused("42501"), "\(actor)")
            }
        }
    }
}
