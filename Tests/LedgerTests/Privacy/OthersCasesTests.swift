import CareChain
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Ledger

/// What somebody tries, as the program's own role or as who has some case, with cases, holds and actions that are others'.
@Suite struct OthersCasesTests {
    @Test func `The program's own role does nothing about a case, a hold or an action that is another's`() async throws
    {
        try await FlowScene.run { scene in
            for id in ["r", "s", "t"] { try await scene.request(id, from: 0) }
            try await scene.place("s", from: 1)
            try await scene.place("t", from: 0)
            try await scene.policeCase("t-1")
            let ledger = scene.ledger
            try await ledger.addAbsence(
                of: "north", from: FlowScene.day(60), until: FlowScene.day(70), by: FlowScene.coordinator)
            let end = Date(timeIntervalSince1970: 1_770_163_200)
            let held = try await ledger.hold(
                in: "far", over: FlowScene.day(20)..<FlowScene.day(30), purpose: "kept", endsAt: end,
                by: FlowScene.coordinator)
            _ = try await ledger.holdMoves(
                of: "t", until: FlowScene.day(40), reason: "hearing", by: FlowScene.police)
            let action = try await ledger.planAction(
                [ActionNeed(bedType: .women, sex: .female, beds: 1)], over: FlowScene.day(20)..<FlowScene.day(21),
                endsAt: end, by: FlowScene.police)
            let client = try await Connection.open(ledger.pool.options)
            try await client.becomeProgramsLogin()
            let request =
                "INSERT INTO request (id, together, urgency, known_from, needed_from, latest_start, stay_days, transfer_wanted, "
                + "state, region, referred_by) VALUES ('x', 'unit', 'urgent', '2026-01-05', '2026-01-05', '2026-01-05', 9, false, "
                + "'draft', 'south', '%'); "
            for (actor, sql, refusal) in [
                // Whoever is put in a request becomes the case of who made it.
                (
                    "coordinator/south",
                    request + "INSERT INTO request_victim (request, victim) VALUES ('x', 'r-1')", "case_actor"
                ),
                (
                    "shelter/s-night",
                    "UPDATE simulated_clock SET at = '2026-01-05 22:00+01'; "
                        + "SELECT night_place('n', '{r-1}', 'night', 1, '%')", "case_actor"
                ),
                // What is done about another's case.
                (
                    "coordinator/south",
                    "INSERT INTO transfer (request, reason, wanted_at, wanted_by) VALUES ('t', 'safety', ledger_now(), '%')",
                    "case_actor"
                ),
                (
                    "coordinator/north",
                    "INSERT INTO transfer (request, reason, wanted_at, wanted_by) "
                        + "VALUES ('t', 'safety', ledger_now(), 'desk/national')", "owner_actor"
                ),
                (
                    "coordinator/south", "INSERT INTO outflow (request, ready_since) VALUES ('t', '2026-01-05')",
                    "case_actor"
                ),
                (
                    "shelter/s-far", "INSERT INTO outflow_block VALUES ('t', 'no-house', '[2026-01-05,)')", "case_actor"
                ),
                ("shelter/s-far", "SELECT placement_end('t', NULL, '2026-01-06', 'gone')", "case_actor"),
                (
                    "police/other",
                    "INSERT INTO move_hold (request, until, owner, reason, made_at) "
                        + "VALUES ('t', '2026-02-01', '%', 'hearing', ledger_now())", "case_actor"
                ),
                (
                    "police/north",
                    "INSERT INTO move_hold (request, until, owner, reason, made_at) "
                        + "VALUES ('t', '2026-02-01', 'desk/national', 'hearing', ledger_now())", "owner_actor"
                ),
                ("desk/national", "UPDATE move_hold SET lifted_at = ledger_now()", "owner_actor"),
                // Beds that are kept.
                (
                    "coordinator/south",
                    "INSERT INTO hold (unit, beds, days, request, purpose, owner, made_at, ends_at) "
                        + "VALUES ('far', 1, '[2026-01-10,2026-01-12)', 'r', 'kept', '%', ledger_now(), '2026-01-12')",
                    "case_actor"
                ),
                (
                    "coordinator/south",
                    "INSERT INTO hold (unit, beds, days, purpose, owner, made_at, ends_at) VALUES ('far', 1, "
                        + "'[2026-01-10,2026-01-12)', 'kept', 'coordinator/north', ledger_now(), '2026-01-12')",
                    "owner_actor"
                ),
                (
                    "coordinator/south",
                    "INSERT INTO hold (unit, beds, days, purpose, owner, made_at, ends_at) VALUES ('far', 1, "
                        + "'[2026-01-10,2026-01-12)', 'reserved', 'desk/reserved', ledger_now(), '2026-01-12')",
                    "owner_actor"
                ),
                ("coordinator/south", "UPDATE hold SET released_at = ledger_now() WHERE id = \(held)", "owner_actor"),
                (
                    "desk/national",
                    "UPDATE hold SET released_at = ledger_now() WHERE id IN (SELECT hold FROM planned_action_hold)",
                    "owner_actor"
                ),
                ("desk/national", "UPDATE hold SET days = '[2026-01-10,2026-01-12)' WHERE id = \(held)", "42501"),
                ("police/other", "SELECT planned_action_lift(\(action))", "owner_actor"),
                ("desk/national", "DELETE FROM planned_action", "42501"),
                (
                    "police/other",
                    "INSERT INTO planned_action (owner, days, made_at, ends_at) "
                        + "VALUES ('police/north', '[2026-03-10,2026-03-12)', ledger_now(), '2026-03-12')",
                    "owner_actor"
                ),
                ("desk/national", "UPDATE hold SET owner = 'desk/national'", "42501"),
                // Who covers whose cases, and so whose they are.
                (
                    "coordinator/south",
                    "INSERT INTO coverage (region, function, coordinator, ages, days, stand_in) "
                        + "VALUES ('north', 'care', 'south', '[0,151)', '[2026-01-05,)', false)", "coverage_actor"
                ),
                ("coordinator/south", "UPDATE coverage SET stand_in = true", "coverage_actor"),
                (
                    "coordinator/south",
                    "UPDATE coordinator_absence SET coordinator = 'south', days = '[2025-01-01,2025-01-02)'",
                    "coverage_actor"
                ),
                (
                    "coordinator/south",
                    "INSERT INTO coordinator_absence VALUES ('north', '[2026-01-05,2026-01-08)')", "coverage_actor"
                ),
                (
                    "police/other",
                    "INSERT INTO planned_action (owner, days, made_at, ends_at) "
                        + "VALUES ('%', '[2026-03-10,2026-03-12)', ledger_now(), '2026-03-12'); "
                        + "INSERT INTO planned_action_hold SELECT max(id), \(held) FROM planned_action", "owner_actor"
                ),
                ("police/other", "INSERT INTO planned_action_need VALUES (\(action), 'men', 'male', 1)", "owner_actor"),
                // Who sees to a case, and where somebody is.
                ("police/other", "INSERT INTO police_case VALUES ('r-1', 'other', '[2026-01-05,)')", "case_actor"),
                ("guardian/other", "INSERT INTO guardianship VALUES ('r-1', 'other', '[2026-01-05,)')", "case_actor"),
                ("coordinator/south", "UPDATE victim SET region = 'south' WHERE id = 'r-1'", "case_actor"),
                ("coordinator/south", "UPDATE request SET referred_by = '%' WHERE id = 'r'", "42501"),
                (
                    "police/other",
                    "UPDATE request SET no_move_before = '2026-02-01' WHERE id = 't'", "owner_actor"
                ),
                (
                    "coordinator/south",
                    "UPDATE stay SET days = daterange(lower(days), lower(days) + 1) WHERE request = 't'", "case_actor"
                ),
                (
                    "coordinator/south",
                    request.replacing("transfer_wanted, ", with: "transfer_wanted, night, ")
                        .replacing("9, false, ", with: "9, false, true, ")
                        + "INSERT INTO request_victim (request, victim) VALUES ('x', 'r-1')", "case_actor"
                ),
                // What the schema says, what was reported, when a night began, why a case was opened.
                ("desk/national", "DELETE FROM authority_approval", "42501"),
                ("desk/national", "UPDATE request_step SET roles = '{desk,police}'", "42501"),
                ("desk/national", "UPDATE night_placement SET days = '[2026-01-05,2026-07-05)'", "42501"),
                ("desk/national", "UPDATE offer_stay SET offer = 1", "42501"),
                ("desk/national", "DELETE FROM access.break_glass", "42501"),
                ("desk/national", "UPDATE access.legal_basis SET days = '[2026-01-01,)'", "42501"),
            ] {
                let error = await #expect(throws: PostgresError.self, "\(actor): \(sql)") {
                    try await client.transaction(opening: Acting.program(for: FlowScene.actor(actor)).opening) {
                        try await $0.execute(script: sql.replacing("%", with: actor))
                    }
                }
                #expect(
                    (error?.constraint ?? error?.sqlState?.rawValue) == refusal,
                    "\(actor): \(sql) \(error.map(String.init(describing:)) ?? "")")
            }
            // For nobody no step is taken but what time brings.
            for (sql, refusal) in [
                ("UPDATE request SET state = 'withdrawn' WHERE id = 'r'", "request_step_role"),
                ("UPDATE request SET state = 'placed' WHERE id = 's'", "request_step_role"),
                ("SELECT placement_end('t', NULL, '2026-01-06', 'gone')", "case_actor"),
                ("UPDATE hold SET released_at = ledger_now() WHERE id = \(held)", "owner_actor"),
                ("SELECT planned_action_lift(\(action))", "owner_actor"),
                (
                    "UPDATE stay SET days = daterange(lower(days), lower(days) + 1) WHERE request = 't'", "case_actor"
                ),
            ] {
                let error = await #expect(throws: PostgresError.self, "\(sql)") {
                    try await client.transaction(opening: Acting.program(for: nil).opening) {
                        try await $0.execute(script: sql)
                    }
                }
                #expect(error?.constraint == refusal, "\(sql) \(error.map(String.init(describing:)) ?? "")")
            }
            await client.close()
        }
    }

    @Test func `Who is asked to approve of an offer answers it, and takes no other step of the request`() async throws {
        try await FlowScene.run { scene in
            for id in ["r", "s"] { try await scene.request(id, from: 0) }
            // Consulted is any coordinator.
            let south = FlowScene.actor("coordinator/south")
            let (declined, approved) = (
                try await scene.offer("r", "omm").offer, try await scene.offer("s", "omm").offer
            )
            for step in [
                { try await $0.withdraw("r", reason: "own-solution", by: south) },
                { try await $0.recordOutflow(of: "r", OutflowSteps(), by: south) },
            ] as [(Ledger) async throws -> Void] {
                let error = await #expect(throws: LedgerError.self) { try await step(scene.ledger) }
                #expect(error?.code == RefusalCode.notOwnCase.rawValue)
            }
            let client = try await Connection.open(scene.ledger.pool.options)
            try await client.becomeProgramsLogin()
            let error = await #expect(throws: PostgresError.self) {
                try await client.transaction(opening: Acting.program(for: south).opening) {
                    try await $0.execute(script: "UPDATE request SET state = 'withdrawn' WHERE id = 'r'")
                }
            }
            #expect(error?.constraint == "request_step_role")
            await client.close()
            // Who is asked sees what, by pseudonym, and nobody else does.
            let asked = try await scene.ledger.offers(as: south)
            #expect(Set(asked.map(\.id)) == [declined, approved])
            #expect(asked.allSatisfy { !$0.missing.isEmpty && $0.stays.count == 1 })
            #expect(try await scene.ledger.offers(as: FlowScene.actor("police/other")) == [])
            let answer = try await scene.ledger.decline(declined, reason: "not-suitable", by: south)
            #expect(answer.state == .declined)
            #expect(
                try await scene.ledger.approve(approved, by: south).missing.contains { $0.approval == "consultation" }
                    == false)
            #expect(try await scene.state("r") == .submitted)
            #expect(try await scene.ledger.offers(openOnly: false, as: south).map(\.id) == [approved])
        }
    }

    @Test func `A guardian who is asked may decline before the guardianship begins`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("r", from: 0, birthDate: "2012-03-14")
            try await scene.ledger.pool.query(
                "INSERT INTO guardianship VALUES ('r-1', 'nidos', daterange(\(FlowScene.day(1)), NULL))")
            let offer = try await scene.offer("r", "amv", from: 2).offer
            let answer = try await scene.ledger.decline(offer, reason: "not-suitable", by: FlowScene.guardian)
            #expect(answer.state == .declined)
        }
    }

    @Test func `A move whose handover was given up is not made after all`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("r", from: 0)
            try await scene.place("r", from: 0)
            let offer = try await scene.ledger.offerMove(
                of: "r", to: "far", on: FlowScene.day(3), reason: "safety", by: FlowScene.coordinator
            ).offer
            _ = try await scene.ledger.approve(offer, by: FlowScene.shelter(of: "far"))
            let client = try await Connection.open(scene.ledger.pool.options)
            try await client.becomeProgramsLogin()
            let error = await #expect(throws: PostgresError.self) {
                try await client.transaction(opening: Acting.program(for: FlowScene.desk).opening) {
                    try await $0.execute(
                        script: """
                            UPDATE transfer SET state = 'cancelled', offer = NULL WHERE request = 'r';
                            SELECT offer_write_stays(o, '2026-01-08') FROM offer AS o WHERE o.id = \(offer)
                            """)
                }
            }
            #expect(error?.sqlState?.rawValue == "42501")
            await client.close()
        }
    }

    @Test func `Who has a case reads and writes no stored runs, and nobody's case becomes theirs by a request`()
        async throws
    {
        try await CareScene.with { scene in
            for actor in [Actor.coordinator, .desk] {
                for sql in [
                    "SELECT * FROM access.runs_naming('own')", "SELECT access.blank_run('own', 1, '', '')",
                    "SELECT access.erase_case('own', 'erased-' || repeat('x', 30))",
                    "SELECT * FROM access.requests_alone('own')",
                ] {
                    let outcome = await scene.attempt(as: actor, sql)
                    #expect(outcome == .refused("42501"), "\(actor): \(sql)")
                }
            }
            // Whether a hold is one of the police's is no coordinator's question, and what was reported nobody's to change.
            let secret = await scene.attempt(as: .coordinator, "SELECT access.is_secret(1)")
            #expect(secret == .refused("42501"))
            for sql in [
                "DELETE FROM capacity_report", "UPDATE capacity_report SET excess = 0", "DELETE FROM decline_reason",
            ] {
                let outcome = await scene.attempt(as: .admin, sql)
                #expect(outcome == .refused("42501"), "\(sql)")
            }
            for actor in [Actor.funder, .governor] {
                let reason = await scene.attempt(as: actor, "SELECT reason FROM bed_change")
                let beds = await scene.attempt(as: actor, "SELECT beds FROM bed_change")
                #expect(reason == CareScene.Outcome.refused("42501"), "\(actor)")
                #expect(beds == CareScene.Outcome.rows(3), "\(actor)")
            }
            let take = NewRequest(
                id: "taken", victims: ["foreign"], newVictims: [], urgency: .urgent,
                neededFrom: Fixture.calendarDate("2026-06-01"), latestStart: Fixture.calendarDate("2026-06-02"),
                stayDays: 9,
                region: "frl", draft: true)
            try await scene.admin.execute(
                script: """
                    DELETE FROM stay WHERE victim = 'foreign';
                    UPDATE request SET state = 'ended' WHERE id = 'q-foreign'
                    """)
            await #expect(throws: LedgerError.refused(constraint: "case_actor")) {
                try await scene.ledger.add(take, by: .coordinator)
            }
            try await scene.ledger.add(take, by: .desk)
        }
    }

    @Test func `Whoever brought somebody for a night may ask for them afterwards`() async throws {
        try await FlowScene.run { scene in
            for (n, actor) in [FlowScene.coordinator, FlowScene.shelter(of: "night")].enumerated() {
                try await scene.time("2026-01-05 22:00+01")
                let victim = NewVictim(
                    victim: Victim(
                        id: VictimID("n\(n)"), sex: .female, birthDate: Fixture.calendarDate("1998-03-14"),
                        phases: StepFunction(constant: .reflection)))
                try await scene.ledger.placeForTheNight(
                    [victim.victim.id], newVictims: [victim], in: "night", nights: 1, as: RequestID("first-\(n)"),
                    by: actor)
                try await scene.time("2026-01-06 22:00+01")
                try await scene.ledger.sweep()
                try await scene.ledger.placeForTheNight(
                    [victim.victim.id], in: "night", nights: 1, as: RequestID("second-\(n)"), by: actor)
            }
            #expect(try await scene.state("first-0") == .ended)
            #expect(try await scene.state("second-1") == .placed)
            let request = NewRequest(
                id: "lasting", victims: ["n0"], urgency: .urgent, neededFrom: FlowScene.day(3),
                latestStart: FlowScene.day(9),
                stayDays: 30, region: "north")
            #expect(try await scene.ledger.add(request, by: FlowScene.coordinator) == .submitted)
        }
    }

    @Test func `Another's case brought for a night is no case of who brought them`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("r", from: 0)
            try await scene.ledger.withdraw("r", reason: "left", by: FlowScene.coordinator)
            try await scene.time("2026-01-05 22:00+01")
            let other = FlowScene.actor("coordinator/south")
            try await scene.ledger.placeForTheNight(["r-1"], in: "night", nights: 1, as: "n", by: other)
            let request = NewRequest(
                id: "taken", victims: ["r-1"], urgency: .urgent, neededFrom: FlowScene.day(3),
                latestStart: FlowScene.day(9), stayDays: 30, region: "south")
            await #expect(throws: LedgerError.refused(constraint: "case_actor")) {
                try await scene.ledger.add(request, by: other)
            }
        }
    }

    @Test func `A case with moves, a way out and holds is erased for whom it is, and by the rules`() async throws {
        try await FlowScene.run { scene in
            for id in ["r", "s"] {
                try await scene.request(id, from: 0)
                try await scene.place(id, from: 0)
                _ = try await scene.ledger.wantTransfer(
                    of: RequestID(id), reason: "safety", by: FlowScene.shelter(of: "open"))
                try await scene.ledger.cancelTransfer(of: RequestID(id), by: FlowScene.coordinator)
                _ = try await scene.ledger.hold(
                    in: "far", over: FlowScene.day(20)..<FlowScene.day(30), for: RequestID(id), purpose: "kept",
                    endsAt: Date(timeIntervalSince1970: 1_770_163_200), by: FlowScene.desk)
                try await scene.ledger.pool.query("INSERT INTO outflow VALUES (\(id), '2026-01-05', NULL, NULL, NULL)")
                try await scene.ledger.pool.query(
                    "INSERT INTO outflow_block VALUES (\(id), 'no-house', '[2026-01-05,2026-01-06)')")
            }
            try await scene.time("2026-01-07 12:00+01")
            for id in ["r", "s"] {
                try await scene.ledger.end(
                    RequestID(id), on: FlowScene.day(2), reason: "left", by: FlowScene.shelter(of: "open"))
            }
            let erased = try await scene.ledger.erase(case: "r-1", as: .actor(FlowScene.coordinator)).newName
            _ = try await scene.ledger.erase(case: "s-1", as: .program(for: nil))
            let left: [String] = try await scene.ledger.pool.query(
                """
                SELECT request FROM outflow UNION SELECT request FROM outflow_block UNION SELECT request FROM transfer
                UNION SELECT request FROM hold
                """
            ).map { try $0[0] }
            #expect(left.count == 2 && left.allSatisfy { $0.hasPrefix("erased-") })
            #expect(left.contains { $0.hasPrefix(erased.text) })
        }
    }

    @Test func `The bed of a move is let go by nobody but the move, or when its time is over`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("r", from: 0)
            try await scene.place("r", from: 0)
            let offer = try await scene.ledger.offerMove(
                of: "r", to: "far", on: FlowScene.day(3), reason: "safety", by: FlowScene.coordinator
            ).offer
            _ = try await scene.ledger.approve(offer, by: FlowScene.shelter(of: "far"))
            let client = try await Connection.open(scene.ledger.pool.options)
            try await client.becomeProgramsLogin()
            let error = await #expect(throws: PostgresError.self) {
                try await client.transaction(opening: Acting.program(for: FlowScene.desk).opening) {
                    try await $0.query("UPDATE hold SET released_at = ledger_now()")
                }
            }
            #expect(error?.constraint == "owner_actor")
            await client.close()
            // Handed over never, and then the days of the stay are over.
            try await scene.time("2026-02-05 12:00+01")
            try await scene.ledger.sweep()
            #expect(try await scene.ledger.holds(as: FlowScene.desk).isEmpty)
        }
    }
}
