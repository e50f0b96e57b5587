import CareChain
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Ledger

@Suite struct FigureTests {
    private static let governor = FlowScene.actor("governor/board")
    private static let january = Month(of: Fixture.start)

    /// A population in which small counts abound: stays, waiting, unmet need and blocked days by chance.
    private static func population(seed: Int) -> String {
        """
        SET session_replication_role = replica;
        SELECT setseed(\(seed) / 100.0);
        INSERT INTO victim SELECT 'x' || n, (ARRAY['female', 'male', 'x'])[1 + floor(3 * random() ^ 2)::integer],
            date '1990-01-01' + (7000 * random())::integer, 1, 4, '2025-12-01' FROM generate_series(1, 150) AS n;
        INSERT INTO victim_phase SELECT 'x' || n, '2025-12-01',
            (ARRAY['reflection', 'permit', 'resident', 'asylum'])[1 + floor(4 * random() ^ 2)::integer]
            FROM generate_series(1, 150) AS n;
        INSERT INTO request (id, together, urgency, known_from, needed_from, latest_start, stay_days, transfer_wanted, state,
            submitted_at)
        SELECT 'x' || n, 'unit', (ARRAY['planned', 'urgent', 'crisis'])[1 + floor(3 * random() ^ 2)::integer], '2025-12-01',
            '2025-12-01', '2026-03-01', 30, false, 'placed', '2025-12-01' FROM generate_series(1, 150) AS n;
        INSERT INTO request_victim (request, victim) SELECT 'x' || n, 'x' || n FROM generate_series(1, 150) AS n;
        INSERT INTO stay (request, victim, unit, days, moves_made, arrived)
        SELECT 'x' || n, 'x' || n, (ARRAY['open', 'far', 'night', 'amv', 'youth'])[1 + floor(5 * random() ^ 3)::integer],
            daterange(first, first + 1 + (60 * random())::integer), 0, true
        FROM (SELECT n, date '2025-12-20' + (60 * random())::integer AS first FROM generate_series(1, 150) AS n) AS s;
        INSERT INTO request_event (request, at, from_state, to_state)
        SELECT 'x' || n, timestamptz '2026-01-01' + random() * interval '58 days', 'offered', 'accepted'
        FROM generate_series(1, 60) AS n;
        INSERT INTO plan_run (start_date, days, seed, version, engine, seconds, status, cut, objective, instance, plan)
        VALUES ('2026-01-01', 60, 1, '', '', 0, 'feasible', false, 0, '', '');
        INSERT INTO proposal SELECT 1, 'x' || n, false FROM generate_series(1, 150) AS n;
        INSERT INTO proposal_reason SELECT 1, 'x' || n, false, 0,
            (ARRAY['capacity', 'services', 'admission', 'avoid'])[1 + floor(4 * random() ^ 2)::integer], ''
            FROM generate_series(1, 150) AS n;
        INSERT INTO unmet_need (day, request, run, victims, urgency, free_units)
        SELECT date '2026-01-01' + d, 'x' || n, 1, 1, 'urgent', floor(2 * random())::integer
        FROM generate_series(1, 150) AS n CROSS JOIN generate_series(0, 57, 7) AS d WHERE random() < 0.1;
        INSERT INTO outflow SELECT 'x' || n, '2026-01-02', NULL, NULL, NULL FROM generate_series(1, 60) AS n;
        INSERT INTO outflow_block SELECT 'x' || n,
            (ARRAY['no-house', 'no-pass', 'health', 'other'])[1 + floor(4 * random() ^ 2)::integer], '[2026-01-02,2026-03-01)'
            FROM generate_series(1, 60) AS n;
        SET session_replication_role = origin;
        """
    }

    private func withPopulation(
        seed: Int = 1, at instant: String = "2026-03-02 12:00+01", _ body: (Ledger) async throws -> Void
    ) async throws {
        try await FlowScene.run { scene in
            try await scene.ledger.pool.withConnection { try await $0.execute(script: Self.population(seed: seed)) }
            try await scene.time(instant)
            try await body(scene.ledger)
        }
    }

    private static var months: ClosedRange<Month> { january...january.next }

    @Test(arguments: 1...4) func `No combination of what is told shows a count from 1 to 4`(seed: Int) async throws {
        try await withPopulation(seed: seed) { ledger in
            var small = 0
            for table in FigureTable.allCases {
                let exact = try await ledger.figures(table, over: Self.months, as: FlowScene.desk)
                let told = try await ledger.figures(table, over: Self.months, as: Self.governor)
                small += exact.count { (1...4).contains($0.persons) }
                // What is told is a possible truth: were the blocks so, the same would be told.
                for figure in told {
                    #expect(ProtectedCount.of(figure.persons) == figure.persons, "\(table) \(figure)")
                    #expect(figure.persons > 0 || figure.days == 0 && figure.beds != nil, "\(table) \(figure)")
                    #expect(figure.days % 5 == 0)
                }
                // Whoever sums and subtracts: every table by every choice of dimensions and months.
                let sums = Self.sums(of: told)
                for (one, other) in Self.pairs(sums) {
                    #expect(!(1...4).contains(abs(one - other)), "\(table): \(one) and \(other)")
                }
                // Nobody is told of whom there are not five, and of others nothing but the nearest five.
                let truth = Dictionary(exact.map { (Self.name($0), $0) }) { first, _ in first }
                for figure in told {
                    let real = try #require(truth[Self.name(figure)])
                    #expect(figure.persons == ProtectedCount.of(real.persons))
                    #expect(figure.beds == real.beds)
                }
                #expect(
                    told.count { $0.persons > 0 } == exact.count { $0.persons >= 5 && Self.months.contains($0.month) })
            }
            // The test would show nothing otherwise.
            #expect(small > 10)
        }
    }

    private static func name(_ figure: Figure) -> String {
        "\(figure.month) "
            + figure.block.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }

    /// The persons of each choice of values of some dimensions, the month one of them.
    private static func sums(of figures: [Figure]) -> [Int] {
        let dimensions = Set(figures.flatMap(\.block.keys)).sorted() + ["month"]
        return (0..<(1 << dimensions.count)).flatMap { choice in
            let chosen = dimensions.enumerated().filter { choice & (1 << $0.offset) != 0 }.map(\.element)
            let groups = Dictionary(grouping: figures) { figure in
                chosen.map { $0 == "month" ? figure.month.description : figure.block[$0] ?? "" }
            }
            return groups.values.map { $0.reduce(0) { $0 + $1.persons } }
        }
    }

    private static func pairs(_ sums: [Int]) -> [(Int, Int)] {
        let different = Set(sums).sorted()
        return different.flatMap { one in different.map { (one, $0) } }
    }

    @Test func `Program and database round alike`() async throws {
        try await withLedger { ledger in
            let rows = try await ledger.pool.query(
                "SELECT n, protected_count(n) AS protected FROM generate_series(0, 60) AS n")
            for row in rows { #expect(ProtectedCount.of(try row["n"]) == (try row["protected"])) }
        }
    }

    @Test func `A month is told once it is over, to the desk as it goes`() async throws {
        try await withPopulation(at: "2026-02-15 12:00+01") { ledger in
            let told = try await ledger.figures(.population, over: Self.months, as: Self.governor)
            #expect(Set(told.map(\.month)) == [Self.january])
            let seen = try await ledger.figures(.population, over: Self.months, as: FlowScene.desk)
            #expect(Set(seen.map(\.month)) == Set([Self.january, Self.january.next]))
        }
    }

    @Test func `The desk's figures are what happened`() async throws {
        try await FlowScene.run { scene in
            let ledger = scene.ledger
            func figures(_ table: FigureTable) async throws -> [Figure] {
                try await ledger.figures(table, over: Self.january...Self.january, as: FlowScene.desk)
            }
            try await scene.request("a", victims: 2, urgency: .crisis)
            try await scene.time("2026-01-08 12:00+01")
            try await scene.place("a", victims: 2, from: 3, until: 30)
            var steps = OutflowSteps()
            steps.readySince = FlowScene.day(3)
            steps.blockedBy = "no-house"
            try await ledger.recordOutflow(of: "a", steps, by: FlowScene.coordinator)
            try await scene.time("2026-01-12 12:00+01")
            let waiting = try await figures(.waiting)
            #expect(waiting.map(\.block) == [["urgency": "crisis"]])
            #expect(waiting.map(\.persons) == [2])
            #expect(waiting.map(\.days) == [6])
            // Four days of two people in eleven units of two beds, of which ten are women's; from 1 January the unit has
            // beds only since 5 January.
            let occupied = try #require(try await figures(.occupancy).first { $0.persons > 0 })
            #expect(occupied.block == ["region": "north", "bedType": "women"])
            #expect((occupied.persons, occupied.days) == (2, 8))
            #expect(occupied.beds == 9 * 2 * 7)
            let blocked = try await figures(.blocked)
            #expect(blocked.map(\.block) == [["cause": "no-house"]])
            #expect(blocked.map(\.days) == [8])
            let population = try await figures(.population)
            #expect(population.map(\.block) == [["sex": "female", "phase": "reflection"]])
            #expect(population.map(\.days) == [8])
        }
    }

    @Test func `Who has no place although a suitable bed is free is counted as that`() async throws {
        try await FlowScene.run { scene in
            let ledger = scene.ledger
            try await scene.request("a")
            try await scene.request("b", needs: ["what nobody has"])
            let instance = try await ledger.instance(on: FlowScene.day(0), days: 60)
            let plan = Plan(
                instance: instance.name, stays: [],
                unplaced: [
                    Unplaced(request: "a", reasons: [Reason(code: "cost", detail: "")]),
                    Unplaced(request: "b", reasons: [Reason(code: "services", detail: "")]),
                ], funding: [], objective: 0,
                solver: SolverReport(status: .feasible, seconds: 0, cut: false, seed: 1, version: "1", engine: "1"))
            let run = try await ledger.keep(plan, of: instance, limits: RunLimits(seed: 1))
            _ = try await ledger.publish(run, by: FlowScene.desk)
            try await scene.time("2026-01-06 12:00+01")
            let unmet = try await ledger.figures(.unmet, over: Self.january...Self.january, as: FlowScene.desk)
            #expect(
                Set(unmet.map(\.block)) == [
                    ["profile": "woman", "reason": "cost", "whileFree": "yes"],
                    ["profile": "woman", "reason": "services", "whileFree": "no"],
                ])
            #expect(unmet.map(\.days) == [1, 1])
        }
    }

    @Test func `Figures of persons are for the desk and who governs, of beds for funders too`() async throws {
        try await withPopulation { ledger in
            for table in FigureTable.allCases {
                for text in [
                    "coordinator/north", "shelter/s-open", "police/north", "guardian/nidos", "auditor/fg", "admin/a",
                ] {
                    await #expect(throws: LedgerError.self, "\(text) \(table)") {
                        try await ledger.figures(table, over: Self.months, as: FlowScene.actor(text))
                    }
                }
                if table == .occupancy { continue }
                await #expect(throws: LedgerError.self) {
                    try await ledger.figures(table, over: Self.months, as: FlowScene.actor("funder/f"))
                }
            }
            let beds = try await ledger.figures(.occupancy, over: Self.months, as: FlowScene.actor("funder/f"))
            #expect(beds == (try await ledger.figures(.occupancy, over: Self.months, as: Self.governor)))
        }
    }
}
