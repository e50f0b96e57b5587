import CareChain
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Ledger

@Suite struct RetentionTests {
    private static let limits = RunLimits(seed: 1)

    /// A case that ended years ago beside one that is under way, and a stored run that names both.
    private func withEndedCase(_ body: (CareScene, Int) async throws -> Void) async throws {
        try await CareScene.with { scene in
            let ledger = scene.ledger
            try await ledger.pool.query(
                """
                INSERT INTO planning_policy VALUES (true, 1, 7, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
                """)
            let instance = try await ledger.instance(on: Fixture.calendarDate("2026-03-02"), days: 60)
            let plan = Plan(
                instance: instance.name,
                stays: [Stay(request: "q-own", victim: "own", unit: "u1", from: 0, until: 50)],
                unplaced: [
                    Unplaced(
                        request: "q-offered", reasons: [Reason(code: "services", detail: "100 units: no pregnancy")])
                ],
                funding: [FundingPeriod(victim: "own", funder: "state", from: 0, until: 50)], objective: 1, bound: 1,
                solver: SolverReport(
                    status: .optimal, seconds: 0.1, cut: false, seed: 1, version: "1", engine: "e"))
            let run = try await ledger.keep(plan, of: instance, limits: Self.limits)
            try await scene.admin.execute(
                script: """
                    SET onderdak.actor = 'desk/nl';
                    UPDATE request SET state = 'ended' WHERE id = 'q-own';
                    SET onderdak.actor = '';
                    UPDATE stay SET days = '[2026-02-20,2026-03-02)' WHERE victim = 'own'
                    """)
            try await body(scene, run)
        }
    }

    private static func bytes(_ ledger: Ledger, _ run: Int) async throws -> String {
        let kept = try await ledger.run(run)
        return String(decoding: kept.instance + kept.plan, as: UTF8.self)
    }

    /// The tables but the audit trail's that have a text in any row, with something before and after it; also within bytes.
    private static func occurrences(
        of text: String, around: String = "\"", in scene: CareScene
    ) async throws -> [String] {
        try await scene.admin.query(
            """
            SELECT t.name FROM (
                SELECT c.oid::regclass::text AS name, (xpath('/row/n/text()', query_to_xml(format(
                    'SELECT count(*) AS n FROM %s AS r WHERE to_jsonb(r)::text LIKE ANY (%L)', c.oid::regclass,
                    ARRAY['%' || \(around) || \(text) || \(around) || '%',
                        '%' || encode(convert_to(\(around) || \(text) || \(around), 'UTF8'), 'hex') || '%']),
                    false, true, '')))[1]::text::integer AS n
                FROM pg_class AS c WHERE c.relkind = 'r'
                    -- In the matrix, own is a word.
                    AND c.relname <> 'matrix'
                    AND c.relnamespace::regnamespace::text IN ('public', 'access', 'confidential')) AS t
            WHERE t.n > 0 ORDER BY t.name
            """
        ).map { try $0["name"] }
    }

    @Test func `Erasing a case leaves its name nowhere but in the audit trail, and figures as they were`() async throws
    {
        try await withEndedCase { scene, run in
            let ledger = scene.ledger
            let figures: Statement = """
                SELECT count(*)::text || ' ' || sum(upper(days) - lower(days)) || ' ' || min(unit) AS figures FROM stay
                """
            let before: String = try await scene.admin.query(figures).one()[0]
            #expect(try await Self.occurrences(of: "own", in: scene).contains("stay"))
            let erasure = try await ledger.erase(case: "own", as: .actor(.coordinator))
            #expect(erasure.blankedRuns == [run])
            #expect(try await Self.occurrences(of: "own", in: scene).isEmpty)
            // Its request was only its own, and told it as well.
            #expect(try await Self.occurrences(of: "q-own", in: scene).isEmpty)
            #expect(try await scene.admin.query(figures).one()[0] == before)
            let victim = try await scene.admin.query(
                "SELECT birth_date::text AS born, sex FROM victim WHERE id = \(erasure.newName.text)"
            ).one()
            // A stay ended a few days before a birthday, so that neither year nor month would leave its ages as they were.
            #expect(try victim["born"] == "1998-03-14")
            let entries = try await ledger.audit(
                AuditFilter(victim: "own"), PageRequest(limit: 200), as: .actor(.auditor)
            ).elements
            #expect(entries.contains { $0.action == "erase" && $0.actor == "service/coordinator/c1" })
            // Nothing ties the old name to the new one.
            let told = try await ledger.audit(AuditFilter(), PageRequest(limit: 1000), as: .actor(.auditor)).elements
            let tied = told.filter { "\($0)".contains(erasure.newName.text) && "\($0)".contains("own\"") }
            #expect(tied.isEmpty, "\(tied)")
        }
    }

    @Test func `Of a victim of a group nothing is left, neither a name nor a text, and of the others everything`()
        async throws
    {
        try await CareScene.with { scene in
            try await scene.admin.execute(script: Self.group)
            let instance = try await scene.ledger.instance(on: Fixture.calendarDate("2026-03-02"), days: 60)
            let plan = Plan(
                instance: instance.name,
                stays: ["g-one", "g-two"].map { Stay(request: "q-group", victim: $0, unit: "u2", from: 0, until: 50) },
                unplaced: [], funding: [], objective: 1, bound: 1,
                sharedPrices: [
                    SharedPrice(subject: .presence(of: "g-one", or: "g-two", in: "u2"), days: 0..<50, price: 9)
                ],
                solver: SolverReport(
                    status: .optimal, seconds: 0.1, cut: false, seed: 1, version: "1", engine: "e"))
            _ = try await scene.ledger.keep(plan, of: instance, limits: Self.limits)
            try await scene.admin.execute(
                script: """
                    SET onderdak.actor = 'desk/nl';
                    UPDATE request SET state = 'ended' WHERE id = 'q-group';
                    SET onderdak.actor = '';
                    UPDATE stay SET days = '[2026-02-20,2026-03-02)' WHERE request = 'q-group'
                    """)
            let before = try await Self.occurrences(of: "g-one", around: "", in: scene)
            #expect(
                Set(before).isSuperset(of: [
                    "access.legal_basis", "command", "confidential.victim_field", "no_contact", "offer_approval",
                    "outbox",
                    "plan_run", "stay", "victim_need",
                ]), "\(before)")
            _ = try await scene.ledger.erase(case: "g-one", as: .actor(.desk))
            for text in ["g-one", "one-told"] {
                #expect(try await Self.occurrences(of: text, around: "", in: scene) == [], "\(text)")
            }
            for text in ["g-two", "q-group", "two-told"] {
                #expect(try await !Self.occurrences(of: text, around: "", in: scene).isEmpty, "\(text)")
            }
            _ = try await scene.ledger.erase(case: "g-two", as: .actor(.desk))
            for text in ["g-two", "q-group", "two-told"] {
                #expect(try await Self.occurrences(of: text, around: "", in: scene) == [], "\(text)")
            }
        }
    }

    /// Two wards who are together in a unit that had more people than beds once, and what is told of each.
    private static let group = """
        INSERT INTO planning_policy VALUES (true, 1, 7, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        INSERT INTO victim SELECT 'g-' || n, 'female', '2010-03-14', 2, 4, '2026-03-02' FROM unnest('{one,two}'::text[]) AS n;
        INSERT INTO victim_phase SELECT id, '2026-02-01', 'reflection' FROM victim WHERE id LIKE 'g-%';
        INSERT INTO victim_need SELECT id, substr(id, 3) || '-told' FROM victim WHERE id LIKE 'g-%';
        INSERT INTO avoided_region SELECT id, 'dre', '[2026-02-01,)' FROM victim WHERE id LIKE 'g-%';
        INSERT INTO no_contact VALUES ('g-one', 'own', 'unit', '[2026-02-01,)');
        INSERT INTO investigation SELECT id, 'frl', 90, '[2026-02-01,)' FROM victim WHERE id LIKE 'g-%';
        INSERT INTO guardianship SELECT id, 'nidos', '[2026-02-01,)' FROM victim WHERE id LIKE 'g-%';
        INSERT INTO court_order SELECT id, '[2026-02-01,2026-06-01)' FROM victim WHERE id LIKE 'g-%';
        INSERT INTO access.legal_basis (kind, victim, role, categories, days, reference)
        SELECT 'consent', id, 'desk', '{identity}', '[2026-02-01,)', substr(id, 3) || '-told' FROM victim WHERE id LIKE 'g-%';
        INSERT INTO access.break_glass (victim, role, party, categories, reason, since, until)
        SELECT id, 'desk', 'nl', '{health}', 'because ' || substr(id, 3) || '-told', now(), now() + interval '1 hour'
        FROM victim WHERE id LIKE 'g-%';
        INSERT INTO confidential.victim_field (victim, category, field, reported_by, key_id, ciphertext)
        SELECT id, 'identity', 'note', 'desk/nl', 'k', decode(repeat('00', 40), 'hex') FROM victim WHERE id LIKE 'g-%';
        INSERT INTO request (
            id, together, urgency, known_from, needed_from, latest_start, stay_days, transfer_wanted, region, state)
        VALUES ('q-group', 'unit', 'urgent', '2026-02-20', '2026-02-20', '2026-02-20', 60, false, 'dre', 'submitted');
        INSERT INTO request_victim (request, victim) VALUES ('q-group', 'g-one'), ('q-group', 'g-two');
        INSERT INTO offer (request, made_at, made_by, answer_by)
        VALUES ('q-group', '2026-03-02 10:00:00+01', 'desk/nl', '2026-03-03 10:00:00+01');
        INSERT INTO offer_stay SELECT max(id), v, 'u2', '[2026-02-20,2026-04-21)' FROM offer, unnest('{g-one,g-two}'::text[]) AS v GROUP BY v;
        SET onderdak.actor = 'desk/nl';
        INSERT INTO rule_override (offer, rule, reason, made_by, made_at)
        SELECT max(id), 'timing', 'two-told', 'desk/nl', ledger_now() FROM offer;
        SET onderdak.actor = 'shelter/s2';
        INSERT INTO offer_approval SELECT max(id), 's2', 'shelter', 'shelter/s2', ledger_now(), NULL FROM offer;
        SET onderdak.actor = 'guardian/nidos';
        INSERT INTO offer_approval
        SELECT max(id), v, 'guardian', 'guardian/nidos', ledger_now(), substr(v, 3) || '-told'
        FROM offer, unnest('{g-one,g-two}'::text[]) AS v GROUP BY v;
        SET onderdak.actor = 'desk/nl';
        UPDATE offer SET state = 'accepted', answered_at = ledger_now() WHERE request = 'q-group';
        UPDATE request SET state = 'placed' WHERE id = 'q-group';
        INSERT INTO transfer (request, reason, wanted_at, wanted_by) VALUES ('q-group', 'two-told', ledger_now(), 'desk/nl');
        INSERT INTO move_hold (request, until, owner, reason, made_at)
        VALUES ('q-group', '2026-03-20', 'police/north', 'two-told', ledger_now());
        INSERT INTO hold (unit, beds, days, request, purpose, owner, made_at, ends_at)
        VALUES ('u3', 1, '[2026-03-20,2026-03-21)', 'q-group', 'two-told', 'desk/nl', ledger_now(), '2026-03-21');
        INSERT INTO outflow VALUES ('q-group', '2026-03-01', NULL, NULL, NULL);
        SET onderdak.actor = '';
        INSERT INTO command SELECT 'desk/nl', v, 'offer-make', '', now(), jsonb_build_object('missing', jsonb_build_array(v))
        FROM unnest('{g-one,g-two}'::text[]) AS v;
        INSERT INTO outbox (at, kind, subject) SELECT now(), 'told', jsonb_build_object('victim', v)
        FROM unnest('{g-one,g-two}'::text[]) AS v;
        INSERT INTO bed_change VALUES ('u2', '2026-02-25', 1, NULL, 'report')
        """

    @Test func `A victim who came twice is erased as well`() async throws {
        try await withEndedCase { scene, _ in
            try await scene.admin.execute(
                script: """
                    INSERT INTO request (
                        id, together, urgency, known_from, needed_from, latest_start, stay_days, transfer_wanted, state)
                    VALUES ('q-again', 'unit', 'urgent', '2026-03-02', '2026-03-02', '2026-03-02', 60, false, 'draft');
                    INSERT INTO request_victim (request, victim) VALUES ('q-again', 'own');
                    SET onderdak.actor = 'desk/nl';
                    UPDATE request SET state = 'withdrawn' WHERE id = 'q-again';
                    SET onderdak.actor = ''
                    """)
            let erasure = try await scene.ledger.erase(case: "own", as: .actor(.desk))
            for text in ["own", "q-own", "q-again"] {
                #expect(try await Self.occurrences(of: text, in: scene) == [], "\(text)")
            }
            let open = try await scene.admin.query(
                "SELECT FROM request_victim WHERE victim = \(erasure.newName.text) AND NOT closed")
            #expect(open.isEmpty)
        }
    }

    @Test func `Stored runs lose the facts of an erased case, keep those of others, and say so`() async throws {
        try await withEndedCase { scene, run in
            let ledger = scene.ledger
            let before = try await Self.bytes(ledger, run)
            #expect(before.contains("\"own\"") && before.contains("1998-03-14"))
            #expect(try await ledger.run(run).run.blankedAt == nil)
            _ = try await ledger.erase(case: "own", as: .actor(.desk))
            let after = try await Self.bytes(ledger, run)
            #expect(!after.contains("\"own\"") && !after.contains("\"q-own\"") && !after.contains("1998-03-14"))
            #expect(after.contains("\"foreign\"") && after.contains("no pregnancy"))
            let kept = try await ledger.run(run)
            #expect(kept.run.blankedAt != nil)
            let instance = try Instance(json: kept.instance)
            let plan = try Plan(json: kept.plan)
            #expect(plan.stays.count == 1 && instance.victims.contains { $0.id == plan.stays[0].victim })
        }
    }

    @Test func `A case that is under way, or is another's, is not erased`() async throws {
        try await withEndedCase { scene, _ in
            for (victim, actor) in [
                ("foreign", Actor.desk), ("own", Actor(role: .coordinator, id: "c2")), ("own", .guardian),
                ("own", .police),
                ("own", .auditor), ("own", .admin), ("nobody", .desk),
            ] {
                await #expect(throws: LedgerError.self, "\(victim) \(actor)") {
                    _ = try await scene.ledger.erase(case: VictimID(victim), as: .actor(actor))
                }
            }
            let left = try await Self.occurrences(of: "own", in: scene)
            #expect(left.contains("stay"))
        }
    }

    @Test
    func `An erased case does not come back under its name, by a file that was kept or a plan that was under way`()
        async throws
    {
        try await withEndedCase { scene, run in
            let ledger = scene.ledger
            let kept = try await ledger.run(run)
            let (instance, plan) = (try Instance(json: kept.instance), try Plan(json: kept.plan))
            _ = try await ledger.erase(case: "own", as: .actor(.desk))
            let again = await #expect(throws: LedgerError.self) {
                try await ledger.keep(plan, of: instance, limits: Self.limits)
            }
            #expect(again?.isRefusalToRemember == true, "\(again?.description ?? "")")
            let loaded = await #expect(throws: LedgerError.self) { try await ledger.load(instance) }
            #expect(loaded?.isRefusalToRemember == true, "\(loaded?.description ?? "")")
            for (sql, code) in [
                ("INSERT INTO victim VALUES ('own', 'female', '1998-03-14', 2, 4, '2026-03-02')", "victim_erased"),
                (
                    "INSERT INTO request (id, together, urgency, known_from, needed_from, latest_start, stay_days, transfer_wanted) "
                        + "VALUES ('q-own', 'unit', 'urgent', '2026-03-02', '2026-03-02', '2026-03-02', 60, false)",
                    "request_erased"
                ),
            ] {
                let error = await #expect(throws: PostgresError.self) { try await scene.admin.query("\(unsafe: sql)") }
                #expect(error?.constraint == code)
            }
            for text in ["own", "q-own"] { #expect(try await Self.occurrences(of: text, in: scene) == [], "\(text)") }
        }
    }

    @Test func `A date of birth stays as exact as who pays depends on it`() async throws {
        try await withEndedCase { scene, _ in
            for (born, days, coarse) in [
                ("1998-03-14", "[2026-04-01,2026-05-01)", "1998-01-01"),
                // Already a year older in January than in truth: the month is the coarsest.
                ("1998-03-14", "[2026-03-02,2026-03-10)", "1998-03-14"),
                ("1998-03-14", "[2026-03-20,2026-04-10)", "1998-01-01"),
                ("1998-06-14", "[2026-02-01,2026-03-01)", "1998-06-01"),
                // A birthday within.
                ("1998-03-14", "[2026-03-02,2026-04-01)", "1998-03-14"),
            ] {
                try await scene.admin.query("UPDATE victim SET birth_date = \(born)::date WHERE id = 'own'")
                // No guard looks: whoever is somewhere has agreed to it.
                try await scene.admin.execute(
                    script: """
                        SET session_replication_role = replica; UPDATE stay SET days = '\(days)' WHERE victim = 'own';
                        SET session_replication_role = origin
                        """)
                let found: String = try await scene.admin.query(
                    "SELECT access.coarse_birth_date('own')::text AS born"
                ).one()["born"]
                #expect(found == coarse, "\(born) \(days)")
            }
        }
    }

    @Test func `Retention takes away what is due by its rule, tells it before, and then has nothing to do`()
        async throws
    {
        try await withEndedCase { scene, _ in
            let ledger = scene.ledger
            // Of events there is a test of their own.
            try await scene.admin.query("DELETE FROM outbox")
            #expect(try await ledger.retentionDue() == [])
            // Ended on 2 March 2026: identity goes after a year, the case after five.
            try await scene.admin.query("UPDATE simulated_clock SET at = '2027-03-01 10:00+01'")
            #expect(try await ledger.retentionDue() == [])
            try await scene.admin.query("UPDATE simulated_clock SET at = '2027-03-02 10:00+01'")
            let due = try await ledger.retentionDue()
            #expect(
                due == [RetentionItem(subject: .confidential, object: "own", since: Fixture.calendarDate("2026-03-02"))]
            )
            #expect(try await ledger.runRetention() == due)
            #expect(try await ledger.retentionDue() == [])
            let left: [String] = try await scene.admin.query(
                "SELECT DISTINCT victim FROM confidential.victim_field ORDER BY victim"
            ).map { try $0["victim"] }
            #expect(left == ["foreign", "offered", "ward"])
            #expect(try await Self.occurrences(of: "own", in: scene).contains("stay"))

            try await scene.admin.query("UPDATE simulated_clock SET at = '2031-03-02 10:00+01'")
            #expect(try await ledger.retentionDue().map { "\($0.subject) \($0.object)" } == ["case own"])
            _ = try await ledger.runRetention(by: .admin)
            let erased = try await ledger.audit(AuditFilter(victim: "own", actor: "admin/ops"), as: .actor(.auditor))
            #expect(erased.elements.contains { $0.action == "erase" && $0.actor == "service/admin/ops" })
            #expect(try await Self.occurrences(of: "own", in: scene).isEmpty)
            #expect(try await ledger.retentionDue() == [])
        }
    }

    @Test func `A victim's export holds what the ledger holds, and nothing of others or the investigation`()
        async throws
    {
        try await withEndedCase { scene, _ in
            let keys = TestKeys.first
            let ledger = scene.ledger
            try await scene.admin.query("DELETE FROM confidential.victim_field")
            try await scene.admin.query("INSERT INTO no_contact VALUES ('own', 'foreign', 'shelter', '[2026-01-01,)')")
            try await ledger.write(
                "Vermeulen", as: "family-name", in: .identity, of: "own", as: .coordinator, keys: keys)
            let json = try await ledger.export(case: "own", as: .coordinator, keys: keys)
            let text = String(decoding: json, as: UTF8.self)
            let told = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
            #expect(told["format"] as? String == "onderdak-case/1")
            for key in ["victim", "stay", "request", "victim_phase", "avoided_region", "audit", "confidential"] {
                #expect(told[key] != nil, "\(key)")
            }
            #expect(text.contains("Vermeulen"))
            for other in ["foreign", "\"investigation\"", "police", "ciphertext"] {
                #expect(!text.contains(other), "\(other)")
            }
            let entries = try await ledger.audit(
                AuditFilter(victim: "own"), PageRequest(limit: 5), as: .actor(.auditor)
            ).elements
            #expect(entries.contains { $0.action == "export" && $0.actor == "coordinator/c1" })
            for actor in [Actor.police, .shelter, .funder, .auditor, .admin, Actor(role: .coordinator, id: "c2")] {
                await #expect(throws: LedgerError.self, "\(actor)") {
                    _ = try await ledger.export(case: "own", as: actor, keys: keys)
                }
            }
        }
    }
}

extension LedgerError {
    /// Whether it refuses to take an erased case in again, or a plan that names one.
    fileprivate var isRefusalToRemember: Bool {
        switch self {
        case .unkeepablePlan, .contradicts: true
        case .refused(let constraint): ["victim_erased", "request_erased", "proposal_request"].contains(constraint)
        default: false
        }
    }
}
