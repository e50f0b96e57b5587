import CareChain
import Countries
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Ledger

@Suite struct FindTests {
    @Test func `Free and suitable beds come first, the nearest of them first, and the others say why not`() async throws
    {
        try await FlowScene.run { scene in
            try await scene.request("a", avoid: Avoidance(shelters: ["s-youth"]), preferred: "south")
            for id in ["b", "c"] {
                try await scene.request(id)
                try await scene.place(id)
            }
            let found = try await scene.ledger.find(for: .request("a"), over: nil, as: FlowScene.coordinator)
            #expect(found.count == 11)
            #expect(found.first?.unit == "far")
            #expect(found.first?.minutes == 0)
            #expect(found.dropFirst().first?.minutes == 55)
            let reasons = Dictionary(uniqueKeysWithValues: found.map { ($0.unit, $0.reasons) })
            #expect(reasons["open"] == ["capacity"])
            #expect(reasons["youth"] == ["avoid"])
            #expect(reasons["cosm"] == [])
            let shelter = await #expect(throws: LedgerError.self) {
                try await scene.ledger.find(for: .request("a"), over: nil, as: FlowScene.shelter(of: "open"))
            }
            #expect(shelter?.isRefusalOfStep == true)
        }
    }

    @Test func `For nobody there is no bed`() async throws {
        try await FlowScene.run { scene in
            let nobody = ["NULL", "'[]'", "request_profiles('unknown', '2026-01-05', '2026-02-05')"]
            for profiles in nobody {
                let found = try await scene.ledger.pool.query(
                    "SELECT unit FROM find_beds(\(unsafe: profiles), NULL, '2026-01-05', '2026-02-05', NULL)")
                #expect(found.isEmpty, "\(profiles)")
            }
        }
    }

    @Test func `What a hold takes counts on the days that are asked, and not where its request is there already`()
        async throws
    {
        try await FlowScene.run { scene in
            try await scene.request("a")
            try await scene.place("a", "far", until: 10)
            func free(from: Int, until: Int) async throws -> Int {
                try await scene.ledger.pool.query(
                    """
                    SELECT free FROM unit_free_for(NULL, \(FlowScene.day(from)), \(FlowScene.day(until))) WHERE unit = 'far'
                    """
                ).one()["free"]
            }
            let (during, after) = (try await free(from: 2, until: 8), try await free(from: 12, until: 20))
            #expect(after == during + 1)
            _ = try await scene.ledger.hold(
                in: "far", over: FlowScene.day(0)..<FlowScene.day(30), for: "a", purpose: "kept",
                endsAt: Date(timeIntervalSince1970: 1_770_163_200), by: FlowScene.coordinator)
            #expect(try await free(from: 2, until: 8) == during)
            #expect(try await free(from: 2, until: 12) == during)
            #expect(try await free(from: 12, until: 20) == after - 1)
            #expect(try await free(from: 29, until: 40) == after - 1)
            #expect(try await free(from: 30, until: 40) == after)
            // For a purpose, and so for no request.
            _ = try await scene.ledger.hold(
                in: "far", over: FlowScene.day(40)..<FlowScene.day(50), purpose: "kept",
                endsAt: Date(timeIntervalSince1970: 1_770_163_200), by: FlowScene.coordinator)
            #expect(try await free(from: 45, until: 47) == after - 1)
        }
    }

    @Test func `Company that must not be is a reason: another sex, another group, whom one must not meet`() async throws
    {
        try await FlowScene.run { scene in
            for (id, unit) in [("a", "single"), ("b", "exclusive"), ("c", "far")] {
                try await scene.request(id)
                try await scene.place(id, unit)
            }
            try await scene.request("man", sex: .male)
            try await scene.ledger.pool.query(
                "INSERT INTO no_contact VALUES ('man-1', 'c-1', 'shelter', '[2026-01-01,)')")
            let found = try await scene.ledger.find(for: .request("man"), over: nil, as: FlowScene.desk)
            let reasons = Dictionary(uniqueKeysWithValues: found.map { ($0.unit, $0.reasons) })
            #expect(reasons["single"] == ["mixing"])
            #expect(reasons["exclusive"] == ["exclusive"])
            #expect(reasons["far"] == ["no-contact"])
            for (unit, rule) in [("single", "mixing"), ("exclusive", "exclusive"), ("far", "no-contact")] {
                let error = await #expect(throws: LedgerError.self) { try await scene.place("man", unit) }
                #expect(error?.rules == [rule])
            }
        }
    }

    @Test(arguments: [1, 2]) func `The rules in SQL are those of the program, unit by unit, for a national day`(
        seed: UInt64
    ) async throws {
        try await withLedger { ledger in
            let country = try Country.netherlands
            try await ledger.load(country)
            let day = try InstanceGenerator(country: country, seed: seed).snapshot(open: 25, days: 90)
            try await ledger.load(day)
            let start = day.horizon.start
            try await ledger.stand(
                at: Date(
                    timeIntervalSince1970: Double(Fixture.calendarDate("1970-01-01").days(to: start)) * 86_400 + 43_200)
            )
            try await ledger.add(
                LegalBasis(
                    kind: .law, role: .desk, categories: [.phase], from: start, reference: "a law of the test"),
                as: .program(for: nil))
            let instance = try await ledger.instance(on: start, days: 90)
            for request in instance.requests where request.current == nil && request.committed == nil {
                let first = request.neededFrom
                let end = min(first + request.stayDays, Day(90))
                let found = try await ledger.find(
                    for: .request(request.id), over: instance.horizon.date(of: first)..<instance.horizon.date(of: end),
                    as: FlowScene.desk)
                #expect(found.count == instance.units.count)
                for unit in found {
                    let expected = Self.reasons(for: request, in: unit.unit, from: first, until: end, instance)
                    #expect(Set(unit.reasons) == expected, "request \(request.id), unit \(unit.unit)")
                }
            }
        }
    }

    /// The rules that a request would break in a unit, beside those who are there by now, by the program's own rules.
    private static func reasons(
        for request: Request, in id: String, from first: Day, until end: Day, _ instance: Instance
    ) -> Set<String> {
        guard let place = instance.unitIndex[UnitID(id)] else { return ["unknown"] }
        let unit = instance.units[place]
        let shelter = instance.shelter(ofUnit: place)
        let victims = request.victims.compactMap { instance.victimIndex[$0].map { instance.victims[$0] } }
        var broken: Set<RuleCode> = []
        for victim in victims {
            if !AdmissionRule.accepts(victim.sex, in: unit)
                || !AdmissionRule.accepts(
                    age: victim.age(on: first, of: instance.horizon), phase: victim.phases[first], in: unit)
            {
                broken.insert(.admission)
            }
            if !ServicesRule.missing(for: victim, in: unit, of: shelter).isEmpty { broken.insert(.services) }
            if !SecurityRule.allows(victim, in: shelter) { broken.insert(.security) }
            if !AvoidRule.allows(victim, in: shelter) { broken.insert(.avoid) }
            if let investigation = victim.investigation,
                !InvestigationRule.allows(investigation, minutes: instance.minutes(fromUnit: place, to: investigation))
            {
                broken.insert(.investigation)
            }
        }
        if !AdmissionRule.acceptsGroup(of: victims.count, in: unit) { broken.insert(.admission) }
        let others = instance.requests.filter { $0.id != request.id }.flatMap { other in
            (other.current ?? []).map { (other, $0.victim, $0.unit, Day(0)..<Day(other.stayDays)) }
                + (other.committed ?? []).map { (other, $0.victim, $0.unit, $0.days) }
        }.filter { $0.3.overlaps(first..<end) }
        let here = others.filter { $0.2.text == id }
        for day in first..<end {
            let there = here.filter { $0.3.contains(day) }
            let load = CapacityRule.load(
                victims: there.count + victims.count, requests: Set(there.map(\.0.id)).count + 1, in: unit)
            if load > unit.beds[day] { broken.insert(.capacity) }
            let sexes = (there.map(\.1) + request.victims).compactMap {
                instance.victimIndex[$0].map { instance.victims[$0].sex }
            }
            if !MixingRule.allows(Set(sexes), others: true, in: unit) { broken.insert(.mixing) }
            if !ExclusiveRule.allows(requests: Set(there.map(\.0.id)).count + 1, others: true, in: unit) {
                broken.insert(.exclusive)
            }
        }
        for pair in instance.noContact {
            for (mine, theirs) in [(pair.a, pair.b), (pair.b, pair.a)] where request.victims.contains(mine) {
                for other in others where other.1 == theirs {
                    if let there = instance.unitIndex[other.2],
                        NoContactRule.meet(in: place, and: there, scope: pair.scope, of: instance)
                    {
                        broken.insert(.noContact)
                    }
                }
            }
        }
        return Set(broken.map(\.rawValue))
    }

    @Test func `Hot queries use indexes, whatever has become of a country ten times as large`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("a")
            try await scene.ledger.pool.withConnection { connection in
                try await connection.execute(script: Self.history)
                for (name, query) in Self.hot {
                    try await connection.transaction(isolation: .repeatableRead) { connection in
                        let before = try await Self.sequentialScans(on: connection)
                        try await connection.query(query)
                        let after = try await Self.sequentialScans(on: connection)
                        #expect(after == before, "\(name)")
                    }
                }
                // As the program asks them: by its login, as the role of who asks, with what each may see in force.
                try await connection.becomeProgramsLogin()
                let people: [Acting] = [
                    .actor(FlowScene.desk), .actor(FlowScene.coordinator), .actor(FlowScene.shelter(of: "open")),
                    .actor(FlowScene.police), .actor(FlowScene.guardian),
                ]
                let finder = Acting.program(for: FlowScene.desk)
                for acting in people + [finder] {
                    for (name, query) in acting == finder ? Self.hot.filter({ $0.0 == "find" }) : Self.hotToPeople {
                        try await connection.transaction(opening: acting.opening) { connection in
                            let before = try await Self.sequentialScans(on: connection)
                            let rows = try await connection.query(query)
                            let after = try await Self.sequentialScans(on: connection)
                            #expect(after == before, "\(name) by \(acting)")
                            // It is looked for among what there is.
                            if acting == .actor(FlowScene.desk) && name != "stale" || name == "page of requests" {
                                #expect(!rows.isEmpty, "\(name) by \(acting)")
                            }
                        }
                    }
                }
                for acting in people {
                    try await connection.transaction(opening: acting.opening) { connection in
                        let before = try await Self.sequentialScans(on: connection)
                        let queue = try await Ledger.summaries(
                            nil, RequestFilter(),
                            ListOrder("requests", .number, .date, .text).start(PageRequest(limit: 100)),
                            on: connection)
                        let after = try await Self.sequentialScans(on: connection)
                        #expect(after == before, "queue by \(acting)")
                        if acting == .actor(FlowScene.desk) { #expect(!queue.isEmpty) }
                    }
                }
            }
        }
    }

    private static let hotToPeople: [(String, Statement)] = [
        (
            "stale",
            """
            SELECT a.unit, unit_beds(a.unit, ledger_today()), unit_load(a.unit, ledger_today()),
                unit_held_known(a.unit, ledger_today()), unit_worst_excess(a.unit)
            FROM unit_report_age AS a WHERE a.stale ORDER BY a.unit LIMIT 101
            """
        ),
        ("overdue", "SELECT task, request, subject, due FROM overdue ORDER BY due, task, subject"),
        ("profile of a case", "SELECT * FROM case_profile WHERE victim = 'h75'"),
        ("who is accountable for a case", "SELECT * FROM access.accountable('h75')"),
        (
            "page of requests",
            """
            SELECT r.id FROM request AS r WHERE r.state = ANY ('{placed,ended}'::text[])
            ORDER BY urgency_rank(r.urgency), r.needed_from, r.id LIMIT 101
            """
        ),
    ]

    /// How often the tables that grow were read from end to end in this transaction.
    private static func sequentialScans(on connection: Connection) async throws -> [String: Int] {
        let rows = try await connection.query(
            """
            SELECT relname, pg_stat_get_xact_numscans(oid) AS scans FROM pg_class
            WHERE relname IN ('stay', 'request', 'request_victim', 'offer', 'offer_stay', 'hold', 'capacity_report',
                'request_event', 'victim', 'police_case', 'guardianship', 'night_placement', 'transfer')
            """)
        return Dictionary(uniqueKeysWithValues: try rows.map { (try $0["relname", as: String.self], try $0["scans"]) })
    }

    private static let hot: [(String, Statement)] = [
        (
            "find",
            "SELECT * FROM find_beds(request_profiles('a', '2026-01-05', '2026-02-05'), 'a', '2026-01-05', '2026-02-05', 'north')"
        ),
        (
            "queue",
            "SELECT id FROM request WHERE state IN ('submitted', 'unplaced', 'proposed', 'offered') AND state = 'submitted' ORDER BY urgency, needed_from"
        ),
        ("stale", "SELECT * FROM unit_report_age WHERE stale"),
        ("overdue", "SELECT * FROM overdue"),
        ("beds of a unit", "SELECT first_day_over('u100', '{[2026-01-05,2026-07-05)}')"),
        (
            "page of requests",
            """
            SELECT r.id FROM request AS r WHERE r.state = ANY ('{submitted,unplaced,proposed,offered}'::text[])
                AND (urgency_rank(r.urgency), r.needed_from, r.id) > (2, '2020-01-01'::date, 'a'::identifier)
            ORDER BY urgency_rank(r.urgency), r.needed_from, r.id LIMIT 101
            """
        ),
        (
            "page of offers",
            "SELECT id FROM offer WHERE (answer_by, id) > ('2020-01-01'::timestamptz, 5) ORDER BY answer_by, id LIMIT 101"
        ),
        (
            "page of placements",
            """
            SELECT request FROM stay WHERE upper(days) > ledger_today()
                AND (request, victim, moves_made) > ('h5'::identifier, 'h5'::identifier, 0)
            ORDER BY request, victim, moves_made LIMIT 101
            """
        ),
        (
            "page of holds",
            """
            SELECT id FROM hold WHERE released_at IS NULL AND ends_at > ledger_now()
                AND (unit, lower(days), id) > ('u5'::identifier, '2020-01-01'::date, 5)
            ORDER BY unit, lower(days), id LIMIT 101
            """
        ),
        (
            "page of nights",
            """
            SELECT request FROM night_placement WHERE (confirmed_at IS NULL OR upper(days) > ledger_today())
                AND (placed_at, request) > ('2015-01-01'::timestamptz, 'a'::identifier)
            ORDER BY placed_at, request LIMIT 101
            """
        ),
        ("page of transfers", "SELECT id FROM transfer WHERE id > 50 ORDER BY id LIMIT 101"),
        ("events", "SELECT sequence_events()"),
        ("due offers", "SELECT id FROM offer WHERE state = 'open' AND answer_by <= ledger_now()"),
    ]

    /// Ten times the country's 105 units, and what has been there in ten years. No guard looks.
    private static let history = """
        SET session_replication_role = replica;
        INSERT INTO unit SELECT 'u' || n, 's-open', 'women', '{female}', NULL, NULL, NULL, '{}', 'any', false, 1, NULL,
            'victim', NULL, 0, 0 FROM generate_series(1, 1050) AS n;
        INSERT INTO unit_turn SELECT 'u' || n, 0 FROM generate_series(1, 1050) AS n;
        INSERT INTO bed_change SELECT 'u' || n, '2016-01-01', 5, NULL, 'country' FROM generate_series(1, 1050) AS n;
        INSERT INTO victim SELECT 'h' || n, 'female', CASE n % 25 WHEN 1 THEN date '2012-01-01' ELSE '1990-01-01' END, 1, 4,
            '2016-01-01' FROM generate_series(1, 60000) AS n;
        INSERT INTO region SELECT 'g' || n, '' FROM generate_series(2, 24) AS n;
        INSERT INTO request (id, together, urgency, known_from, needed_from, latest_start, stay_days, transfer_wanted, state,
            state_since, submitted_at, region)
        SELECT 'h' || n, 'unit', 'urgent', day, day, day, 100, false, CASE WHEN n % 30 = 0 THEN 'placed' ELSE 'ended' END,
            now(), now(), CASE n % 25 WHEN 0 THEN 'north' WHEN 1 THEN 'south' ELSE 'g' || n % 25 END
        FROM generate_series(1, 60000) AS n
        CROSS JOIN LATERAL (SELECT date '2016-01-01' + n / 20 + CASE WHEN n % 30 = 0 THEN 3500 ELSE 0 END AS day) AS d;
        INSERT INTO request_victim (request, victim, closed) SELECT 'h' || n, 'h' || n, n % 30 > 0 FROM generate_series(1, 60000) AS n;
        INSERT INTO stay (request, victim, unit, days, moves_made, arrived)
        SELECT id, id, 'u' || 1 + substr(id, 2)::integer % 1050, daterange(needed_from, needed_from + 100), 0, true
        FROM request WHERE id LIKE 'h%';
        INSERT INTO offer (request, state, made_at, made_by, answer_by, answered_at)
        SELECT id, 'accepted', needed_from, 'desk/d', needed_from + 1, needed_from FROM request WHERE id LIKE 'h%';
        INSERT INTO offer_stay SELECT o.id, s.victim, s.unit, s.days FROM offer AS o JOIN stay AS s ON s.request = o.request;
        INSERT INTO request_event (request, at, to_state) SELECT id, now(), 'submitted' FROM request WHERE id LIKE 'h%';
        INSERT INTO police_case SELECT 'h' || n, CASE n % 25 WHEN 0 THEN 'north' ELSE 'p' || n % 25 END, '[2016-01-01,)' FROM generate_series(1, 20000) AS n;
        INSERT INTO guardianship SELECT 'h' || n, CASE n % 25 WHEN 1 THEN 'nidos' ELSE 'b' || n % 25 END, '[2016-01-01,)' FROM generate_series(1, 20000) AS n;
        INSERT INTO capacity_report (unit, kind, number, days, reason, source, key, observed_at, received_at, late, beds, excess)
        SELECT 'u' || 1 + n % 1050, 'free', 1, daterange(day, NULL), '', 'admin/a', n::text, day, day, false, 5, 0
        FROM generate_series(1, 100000) AS n CROSS JOIN LATERAL (SELECT date '2016-01-01' + n / 30 AS day) AS d;
        INSERT INTO hold (unit, beds, days, purpose, owner, made_at, ends_at, released_at)
        SELECT 'u' || 1 + n % 1050, 1, daterange(day, day + 5), 'p', 'desk/d', day, day + 9, day + 3
        FROM generate_series(1, 20000) AS n CROSS JOIN LATERAL (SELECT date '2016-01-01' + n / 6 AS day) AS d;
        INSERT INTO transfer (request, reason, wanted_at, wanted_by, state)
        SELECT 'h' || n, 'safety', now(), 'desk/d', 'cancelled' FROM generate_series(1, 20000) AS n;
        INSERT INTO night_placement (request, unit, days, placed_at, placed_by, confirmed_at, confirmed_by)
        SELECT 'h' || n, 'u1', '[2016-01-01,2016-01-02)', '2016-01-01', 'police/p', '2016-01-02', 'desk/d'
        FROM generate_series(1, 20000) AS n;
        SET session_replication_role = origin;
        ANALYZE;
        """
}
