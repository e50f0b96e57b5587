import CareChain
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Ledger

/// Random walks of steps, legal and illegal, by every role: through the program, and in plain SQL as the database roles.
///
/// `ONDERDAK_STEPS` says how many steps each walk has (150 by default).
@Suite struct StateMachineTests {
    private static let steps = Int(ProcessInfo.processInfo.environment["ONDERDAK_STEPS"] ?? "") ?? 150

    @Test(arguments: [1, 2] as [UInt64])
    func `A random walk reaches no state that the rules forbid, and every refusal has its code`(
        seed: UInt64
    ) async throws {
        try await FlowScene.run { scene in
            let client = try await Connection.open(scene.ledger.pool.options)
            try await client.becomeProgramsLogin()
            var walk = Walk(scene: scene, client: client, random: Seeded(state: seed))
            for _ in 0..<4 { try await walk.add() }
            for number in 0..<Self.steps {
                let step = try await walk.step()
                let found = try await walk.forbidden()
                #expect(found == [], "after step \(number): \(step)")
                if !found.isEmpty { break }
            }
            await client.close()
            #expect(walk.unknown == [], "refusals without a code that is listed")
            #expect(try await Self.illegalSteps(scene) == [])
            // It went somewhere: by both ways steps were made and refused, and it was nearly everywhere.
            for way in ["program", "SQL"] {
                #expect(walk.made[way, default: 0] > 0 && walk.refused[way, default: 0] > 0, "\(way)")
            }
            #expect(walk.states.isSuperset(of: ["submitted", "offered", "accepted", "placed"]))
            #expect(walk.codes.count > 12, "\(walk.codes.sorted())")
        }
    }

    /// Steps on record that the rules know nothing of, or not of who made them.
    private static func illegalSteps(_ scene: FlowScene) async throws -> [String] {
        try await scene.ledger.pool.query(
            "SELECT request, from_state, to_state, actor FROM request_event WHERE from_state IS NOT NULL ORDER BY id"
        ).compactMap { row in
            let (from, to): (RequestState, RequestState) = (try row.state("from_state"), try row.state("to_state"))
            let actor: Actor? = try row["actor"]
            let roles = RequestFlowTests.legal[from]?[to]
            if let roles, actor.map({ roles.contains($0.role) }) ?? true { return nil }
            return "\(try row["request"] as String): \(from) to \(to) by \(actor?.description ?? "nobody")"
        }
    }
}

/// A walk, where it has been, and what it was refused.
private struct Walk {
    let scene: FlowScene
    let client: Connection
    var random: Seeded
    private(set) var requests: [String] = []
    private(set) var made: [String: Int] = [:]
    private(set) var refused: [String: Int] = [:]
    private(set) var codes: Set<String> = []
    private(set) var unknown: [String] = []
    private(set) var states: Set<String> = []
    /// Until when each offer was to be answered when it was made.
    private var deadlines: [Int: Date] = [:]
    private var now: Date

    private static let units = ["open", "far", "cosm", "omm", "crisis", "amv"]
    private static let actors = [
        FlowScene.desk, FlowScene.actor("desk/other"), FlowScene.coordinator, FlowScene.police, FlowScene.guardian,
        FlowScene.shelter(of: "open"), FlowScene.shelter(of: "far"), FlowScene.actor("funder/f"),
        FlowScene.actor("governor/g"), FlowScene.actor("auditor/a"), FlowScene.actor("admin/a"),
    ]
    /// Every code by which a step may be refused.
    private static let known = Set(ConstraintSentence.all.keys).union(RefusalCode.allCases.map(\.rawValue))
        .union(RuleCode.allCases.map(\.rawValue)).union(["not-granted", "no-such", "invalid"])

    init(scene: FlowScene, client: Connection, random: Seeded) {
        self.scene = scene
        self.client = client
        self.random = random
        // Monday 5 January 2026 at noon.
        now = Date(timeIntervalSince1970: 1_767_610_800)
    }

    private var ledger: Ledger { scene.ledger }

    mutating func add() async throws {
        let id = "r\(requests.count)"
        requests.append(id)
        let ward = number(0...3) == 0
        try await scene.request(
            id, victims: number(1...2), from: 0, latest: 60, guardian: ward ? "nidos" : nil,
            birthDate: ward ? "2012-03-14" : "1998-03-14", draft: Bool.random(using: &random))
    }

    /// Makes a step, or is refused it: what was tried.
    mutating func step() async throws -> String {
        switch number(0...19) {
        case 0:
            now.addTimeInterval(Double(number(1...40)) * 3600)
            try await ledger.stand(at: now)
            try await ledger.sweep()
            return "time passes"
        case 1 where requests.count < 12:
            try await add()
            return "another request"
        case 2...10:
            let choice = number(0...16)
            return try await attempt("program", "program \(choice)") { walk in try await walk.program(choice) }
        default:
            let acting = [Acting.program(for: nil), .program(for: pick(Self.actors)), .actor(pick(Self.actors))]
            let (opening, sql) = (pick(acting).opening, try await statement())
            let client = client
            return try await attempt("SQL", "\(opening): \(sql)") { _ in
                try await client.transaction(opening: opening) { try await $0.execute(script: sql) }
            }
        }
    }

    private mutating func attempt(
        _ way: String, _ what: String, _ body: (inout Walk) async throws -> Void
    ) async throws -> String {
        do {
            try await body(&self)
            made[way, default: 0] += 1
        } catch {
            refused[way, default: 0] += 1
            let code = LedgerError(error).code
            codes.insert(code)
            if !Self.known.contains(code) { unknown.append("\(code): \(what): \(error)") }
        }
        return what
    }

    /// What is so and must not be.
    mutating func forbidden() async throws -> [String] {
        let found = try await ledger.pool.withConnection { connection in
            (
                forbidden: try await forbiddenStates(on: connection),
                offers: try await connection.query("SELECT id, state, answer_by FROM offer ORDER BY id").map { row in
                    (
                        id: try row["id", as: Int.self], state: try row["state", as: String.self],
                        by: try row["answer_by", as: Date.self]
                    )
                },
                states: try await connection.query("SELECT DISTINCT state FROM request").map { row in
                    try row["state", as: String.self]
                }
            )
        }
        states.formUnion(found.states)
        var problems = found.forbidden
        // Whatever is agreed on, a plan can be made around it.
        if number(0...9) == 0 {
            do {
                _ = try await ledger.instance(on: ledger.today(), days: 60)
            } catch {
                problems.append("\(error)")
            }
        }
        for offer in found.offers {
            let by = deadlines[offer.id] ?? offer.by
            if offer.by != by { problems.append("the deadline of offer \(offer.id) was moved") }
            deadlines[offer.id] = by
            if offer.state == "accepted", !accepted.contains(offer.id) {
                accepted.insert(offer.id)
                if now >= by { problems.append("offer \(offer.id) was accepted after its time") }
            }
        }
        return problems
    }
    private var accepted: Set<Int> = []

    // MARK: - Through the program

    private mutating func program(_ choice: Int) async throws {
        let id = pick(requests)
        let request = RequestID(id)
        // Mostly somebody who may.
        let actor = number(0...2) == 0 ? pick(Self.actors) : pick([FlowScene.desk, FlowScene.coordinator])
        let today = try await ledger.today()
        let offers = try await ledger.offers(as: FlowScene.desk)
        switch choice {
        case 0: try await ledger.submit(request, by: actor)
        case 1, 2, 3:
            let (victims, unit) = (try await ledger.request(request, as: FlowScene.desk).victims, pick(Self.units))
            let first = today.adding(days: number(0...2))
            // Now and then not the same for all.
            let (until, uneven) = (first.adding(days: number(5...20)), number(0...9) == 0)
            _ = try await ledger.offer(
                victims.map {
                    OfferedStay(
                        victim: VictimID($0), unit: UnitID(unit), from: first,
                        until: uneven && $0 == victims.first ? until.adding(days: 1) : until)
                }, for: request,
                overrides: number(0...1) == 0 ? [] : [RuleOverride(rule: "plan", reason: "known there")], by: actor)
        case 4, 5, 6, 7:
            guard let offer = offers.randomElement(using: &random) else { return }
            _ = try await ledger.approve(offer.id, by: approver(of: offer) ?? actor)
        case 8:
            _ = try await ledger.decline(
                offers.randomElement(using: &random)?.id ?? 0, victim: true, reason: "place", by: actor)
        case 9, 10: try await ledger.arrive(request, by: actor)
        case 11: try await ledger.breakAgreement(request, reason: "no-show", by: actor)
        case 12:
            if number(0...2) == 0 {
                try await ledger.withdraw(request, reason: "left", by: actor)
            } else {
                try await ledger.end(request, on: today, reason: "house", by: actor)
            }
        case 13:
            _ = try await ledger.offerMove(
                of: request, to: UnitID(pick(Self.units)), on: today.adding(days: number(0...2)), reason: "safety",
                by: actor)
        case 14:
            if number(0...1) == 0 {
                try await ledger.cancelTransfer(of: request, by: actor)
            } else {
                try await scene.handOver(request)
            }
        case 15:
            _ = try await ledger.hold(
                in: UnitID(pick(Self.units)), over: today..<today.adding(days: 3), for: request, purpose: "travels",
                endsAt: now.addingTimeInterval(86_400), by: actor)
        default: try await publish(by: actor, today)
        }
    }

    private mutating func approver(of offer: OfferRecord) -> Actor? {
        guard let missing = offer.missing.first, number(0...3) > 0 else { return nil }
        switch missing.roles.first {
        case .shelter: return Actor(role: .shelter, id: missing.subject)
        case .guardian: return FlowScene.guardian
        case .coordinator: return FlowScene.coordinator
        case .police: return FlowScene.police
        default: return FlowScene.desk
        }
    }

    /// Publishes a run that has a place for some and none for others.
    private mutating func publish(by actor: Actor, _ today: CalendarDate) async throws {
        let unit = pick(Self.units)
        let placed = requests.filter { _ in Bool.random(using: &random) }
        let run: Int = try await ledger.pool.withConnection { connection in
            let run: Int = try await connection.query(
                """
                INSERT INTO plan_run (start_date, days, seed, version, engine, seconds, status, cut, objective, instance, plan)
                VALUES (\(today), 60, 1, '1', 'e', 0, 'feasible', false, 0, '', '') RETURNING id
                """
            ).one()["id"]
            try await connection.query(
                "INSERT INTO proposal SELECT \(run)::bigint, id, id = ANY (\(placed)) FROM request WHERE NOT night")
            try await connection.query(
                """
                INSERT INTO proposal_stay (run, request, victim, unit, days)
                SELECT \(run)::bigint, request, victim, \(unit), daterange(\(today)::date, \(today)::date + 10)
                FROM request_victim WHERE request = ANY (\(placed))
                """)
            return run
        }
        _ = try await ledger.publish(run, by: actor)
    }

    // MARK: - In plain SQL

    private mutating func statement() async throws -> String {
        let (r, other, unit, actor) = (pick(requests), pick(requests), pick(Self.units), pick(Self.actors))
        let ids: [Int] = try await ledger.pool.query("SELECT id FROM offer ORDER BY id").map { try $0["id"] }
        let o = ids.suffix(6).randomElement(using: &random) ?? 0
        let state = pick(RequestState.allCases).rawValue
        let instant = pick(["ledger_now()", "made_at", "answer_by - interval '1 minute'", "answer_by"])
        let beds = "daterange(ledger_today() + \(number(0...3)), ledger_today() + \(number(5...20)))"
        let new = "x\(number(0...1_000_000))"
        return pick([
            "UPDATE request SET state = '\(state)' WHERE id = '\(r)'",
            "UPDATE request SET state = '\(state)', state_reason = 'x' WHERE id = '\(r)'",
            "UPDATE request SET state = 'offered' WHERE id = '\(r)'; UPDATE request SET state = 'accepted' WHERE id = '\(r)'; "
                + "INSERT INTO stay (request, victim, unit, days, moves_made, arrived, origin) SELECT request, victim, '\(unit)', "
                + "\(beds), 0, \(Bool.random(using: &random)), '\(pick(["offer", "record", "night"]))' "
                + "FROM request_victim WHERE request = '\(r)'",
            "WITH o AS (INSERT INTO offer (request, kind, made_at, made_by, answer_by) VALUES ('\(r)', "
                + "'\(pick(["placement", "transfer"]))', ledger_now(), '\(actor)', ledger_now() + interval '1 day') RETURNING id) "
                + "INSERT INTO offer_stay SELECT o.id, v.victim, '\(unit)', \(beds) FROM o, request_victim AS v "
                + "WHERE v.request = '\(r)'",
            "INSERT INTO offer_approval SELECT \(o), m.subject, m.approval, '\(actor)', ledger_now(), NULL "
                + "FROM access.offer_missing(\(o)) AS m",
            "UPDATE offer SET state = 'accepted', answered_at = \(instant) WHERE id = \(o)",
            "UPDATE offer SET state = 'accepted', answered_at = \(instant) WHERE state = 'open'",
            "UPDATE offer SET state = '\(pick(["open", "accepted", "expired", "cancelled"]))', answered_at = \(instant) WHERE id = \(o)",
            "UPDATE offer SET state = 'declined', answered_at = \(instant), side = '\(pick(["shelter", "victim", "authority"]))', "
                + "reason = '\(pick(["full", "place", "not-suitable"]))' WHERE id = \(o)",
            "UPDATE offer SET answer_by = answer_by + interval '30 days' WHERE id = \(o)",
            "UPDATE offer SET request = '\(other)' WHERE id = \(o)",
            "UPDATE offer SET answered_at = \(instant) WHERE id = \(o) AND state <> 'open'",
            "UPDATE offer_stay SET unit = '\(unit)' WHERE offer = \(o)", "DELETE FROM offer_stay WHERE offer = \(o)",
            "DELETE FROM offer WHERE id = \(o)", "DELETE FROM offer_approval WHERE offer = \(o)",
            "INSERT INTO rule_override (offer, rule, reason, legal_basis, made_by, made_at, seconded_by) "
                + "VALUES (\(o), 'mixing', 'x', 'x', '\(actor)', ledger_now(), 'desk/second')",
            "INSERT INTO stay (request, victim, unit, days, moves_made, arrived, origin, offer) SELECT request, victim, "
                + "'\(unit)', \(beds), \(number(0...2)), true, 'offer', \(o) FROM request_victim WHERE request = '\(r)'",
            "UPDATE stay SET unit = '\(unit)' WHERE request = '\(r)'",
            "UPDATE stay SET days = daterange(lower(days), upper(days) + 5) WHERE request = '\(r)'",
            "UPDATE stay SET offer = \(o) WHERE request = '\(r)'", "DELETE FROM stay WHERE request = '\(r)'",
            "INSERT INTO transfer (request, reason, wanted_at, wanted_by) VALUES ('\(r)', 'safety', ledger_now(), '\(actor)')",
            "UPDATE transfer SET state = '\(pick(["agreed", "completed"]))', offer = \(o) WHERE request = '\(r)'",
            "UPDATE transfer SET state = '\(pick(["wanted", "cancelled"]))', offer = NULL WHERE request = '\(r)'",
            "INSERT INTO hold (unit, beds, days, request, purpose, owner, made_at, ends_at) VALUES ('\(unit)', 1, \(beds), "
                + "'\(r)', 'p', '\(actor)', ledger_now(), ledger_now() + interval '3 days')",
            "UPDATE hold SET released_at = NULL WHERE request = '\(r)'",
            "UPDATE proposal SET published_at = NULL WHERE request = '\(r)'",
            "UPDATE proposal SET placed = NOT placed WHERE request = '\(r)'",
            "DELETE FROM proposal WHERE request = '\(r)'",
            "INSERT INTO request (id, together, urgency, known_from, needed_from, latest_start, stay_days, transfer_wanted, "
                + "state, night) VALUES ('\(new)', 'unit', 'urgent', ledger_today(), ledger_today(), ledger_today(), 5, false, "
                + "'\(state)', \(Bool.random(using: &random)))",
            "UPDATE request_victim SET closed = NOT closed WHERE request = '\(r)'",
            "UPDATE request_victim SET request = '\(other)' WHERE request = '\(r)'",
            "DELETE FROM request_victim WHERE request = '\(r)'", "DELETE FROM request_event WHERE request = '\(r)'",
            "UPDATE request_event SET to_state = 'ended' WHERE request = '\(r)'",
            "SELECT placement_end('\(r)', NULL, ledger_today(), 'house')", "SELECT request_let_go('\(r)', '\(state)')",
            "SELECT offer_accept(o) FROM offer AS o WHERE o.id = \(o)",
            "SELECT offer_write_stays(o, ledger_today()) FROM offer AS o WHERE o.id = \(o)",
            "SELECT transfer_complete(t.id) FROM transfer AS t WHERE t.request = '\(r)'",
            "SELECT planned_action_lift(id) FROM planned_action", "SELECT sweep()",
            "SELECT night_place('\(new)', ARRAY['\(r)-1'], 'night', 2, '\(actor)')",
            "INSERT INTO simulated_clock (at) VALUES ('2020-01-01')", "DELETE FROM simulated_clock",
        ])
    }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }
    private mutating func pick<Value>(_ values: [Value]) -> Value { values[number(0...values.count - 1)] }
}
