import CareChain
import Ledger
import Postgres
import TestSupport
import Testing

@Suite struct CaseTests {
    private func woman(_ id: VictimID) -> NewVictim {
        NewVictim(
            victim: Victim(
                id: id, sex: .female, birthDate: Fixture.calendarDate("1998-03-14"),
                phases: StepFunction(constant: .signal), needs: ["trauma"]))
    }

    @Test func `A case is opened from nothing, has somebody accountable at once, and a request later`() async throws {
        try await FlowScene.run { scene in
            let ledger = scene.ledger
            try await ledger.openCase(woman("v"), region: "north", by: FlowScene.coordinator, key: "k")
            try await ledger.openCase(woman("v"), region: "north", by: FlowScene.coordinator, key: "k")
            let twice = await #expect(throws: LedgerError.self) {
                try await ledger.openCase(woman("v"), region: "north", by: FlowScene.coordinator)
            }
            #expect(twice?.description.contains("already") == true)
            let nowhere = await #expect(throws: LedgerError.self) {
                try await ledger.openCase(woman("w"), region: "east", by: FlowScene.desk)
            }
            #expect(nowhere == .refused(constraint: "victim_region"))
            await #expect(throws: LedgerError.self) {
                try await ledger.openCase(woman("w"), region: "north", by: FlowScene.shelter(of: "open"))
            }
            let record = try await ledger.caseRecord(of: "v", as: FlowScene.coordinator)
            #expect(record.accountable == "coordinator/north")
            #expect(record.phases.map(\.phase) == ["signal"])
            #expect(record.needs == ["trauma"])
            // In another region the desk is, and the coordinator of the north sees nothing of it.
            try await ledger.openCase(woman("w"), region: "south", by: FlowScene.desk)
            #expect(try await ledger.caseRecord(of: "w", as: FlowScene.desk).accountable == "desk")
            let hidden = await #expect(throws: LedgerError.self) {
                try await ledger.caseRecord(of: "w", as: FlowScene.coordinator)
            }
            #expect(hidden == .notDisclosed("case w", to: FlowScene.coordinator))
            #expect(try await ledger.examine(keys: nil).first { $0.subject == "orphans" }?.state == .fine)
            try await ledger.add(
                NewRequest(
                    id: "r", victims: ["v"], urgency: .urgent, neededFrom: FlowScene.day(0),
                    latestStart: FlowScene.day(9), stayDays: 20, region: "north"), by: FlowScene.coordinator)
            #expect(try await scene.state("r") == .submitted)
        }
    }

    @Test func `The police say what their investigation asks for and whom to call, and nobody else does`() async throws
    {
        try await FlowScene.run { scene in
            let ledger = scene.ledger
            try await ledger.openCase(
                woman("v"), region: "north", contact: "Team A, 0900-8844", by: FlowScene.police)
            try await ledger.investigate(
                "v", Investigation(region: "south", maxTravelMinutes: 60), as: FlowScene.police)
            let own = try await ledger.caseRecord(of: "v", as: FlowScene.police)
            #expect(own.investigation?.region == "south")
            #expect(own.investigation?.maxTravelMinutes == 60)
            // Others are told that there is one, and whom to call.
            let told = try await ledger.caseRecord(of: "v", as: FlowScene.coordinator)
            #expect(told.investigation == nil)
            #expect(told.underInvestigation == true)
            #expect(told.police.map(\.contact) == ["Team A, 0900-8844"])
            for other in [FlowScene.desk, FlowScene.coordinator, FlowScene.actor("police/other")] {
                await #expect(throws: LedgerError.self, "\(other)") {
                    try await ledger.investigate("v", nil, as: other)
                }
            }
            try await ledger.investigate("v", nil, contact: "Team B", as: FlowScene.police)
            let ended = try await ledger.caseRecord(of: "v", as: FlowScene.desk)
            #expect(ended.underInvestigation == false)
            #expect(ended.police.map(\.contact) == ["Team B"])
        }
    }

    @Test
    func
        `A court order and a guardian that come later are on record from their day, and everybody concerned sees the request`()
        async throws
    {
        try await FlowScene.run { scene in
            let ledger = scene.ledger
            try await scene.request("w", guardian: "nidos", birthDate: "2012-03-14")
            let offer = try await scene.offer("w", "closed").offer
            let without = await #expect(throws: LedgerError.self) {
                try await ledger.approve(offer, by: FlowScene.guardian)
            }
            #expect(without?.code == "offer_court_order")
            var change = CaseChange()
            change.courtOrderUntil = FlowScene.day(60)
            try await ledger.change(case: "w-1", change, as: FlowScene.coordinator)
            #expect(try await ledger.approve(offer, by: FlowScene.guardian).state == .accepted)

            try await scene.request("x", birthDate: "2012-03-14")
            await #expect(throws: LedgerError.self) { try await ledger.request("x", as: FlowScene.guardian) }
            change = CaseChange()
            change.guardian = "nidos"
            try await ledger.change(case: "x-1", change, as: FlowScene.desk)
            #expect(try await ledger.request("x", as: FlowScene.guardian).summary.state == .submitted)
            // Wherever the ward is placed, the guardian approves.
            #expect(
                try await scene.offer("x", "open", by: FlowScene.guardian).missing.map(\.approval) == [
                    "shelter", "guardian",
                ])
            let grown = await #expect(throws: LedgerError.self) {
                try await scene.request("y")
                try await ledger.change(case: "y-1", change, as: FlowScene.desk)
            }
            #expect(grown == .refused(constraint: "guardianship_days"))
            // The police see what came of a case of theirs, and a shelter of whom it has.
            try await scene.policeCase("w-1")
            for actor in [FlowScene.police, FlowScene.shelter(of: "closed")] {
                #expect(try await ledger.request("w", as: actor).summary.state == .accepted)
            }
        }
    }

    @Test func `A court order is prolonged by another, from the day after the one in force`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("w", courtOrderUntil: FlowScene.day(9))
            func prolong(until day: Int, from: Int? = nil) async throws {
                var change = CaseChange()
                (change.from, change.courtOrderUntil) = (from.map(FlowScene.day), FlowScene.day(day))
                try await scene.ledger.change(case: "w-1", change, as: FlowScene.coordinator)
            }
            func orders() async throws -> [String] {
                try await scene.ledger.pool.query("SELECT days::text AS days FROM court_order ORDER BY days").map {
                    try $0["days"]
                }
            }
            // Nobody looks up when it ends.
            try await prolong(until: 40)
            #expect(try await orders() == ["[2026-01-05,2026-01-15)", "[2026-01-15,2026-02-15)"])
            let nothing = await #expect(throws: LedgerError.self) { try await prolong(until: 30) }
            #expect(
                nothing?.sentence.english
                    == "court orders on record cover all days until 2026-02-04: say a later last day")
            try await prolong(until: 60, from: 50)
            // It fills what others leave open.
            try await prolong(until: 70, from: 20)
            #expect(
                try await orders() == [
                    "[2026-01-05,2026-01-15)", "[2026-01-15,2026-02-15)", "[2026-02-15,2026-02-24)",
                    "[2026-02-24,2026-03-07)", "[2026-03-07,2026-03-17)",
                ])
            let offer = try await scene.offer("w", "closed", from: 10).offer
            #expect(try await scene.ledger.approve(offer, by: FlowScene.guardian).state == .accepted)
        }
    }

    @Test func `Each changes of a case what the matrix lets them, and counts in plans from then on`() async throws {
        try await FlowScene.run { scene in
            let ledger = scene.ledger
            try await scene.request("r")
            try await scene.request("s")
            var change = CaseChange()
            change.phase = .permitPending
            change.from = FlowScene.day(5)
            change.needs = ["24h"]
            change.security = 2...3
            change.avoidRegions = ["south"]
            change.noContact = CaseChange.Contact("s-1", .shelter)
            change.registeredIn = "north"
            try await ledger.change(case: "r-1", change, as: FlowScene.coordinator)
            let instance = try await ledger.instance(on: Fixture.start, days: 30)
            let victim = try #require(instance.victims.first { $0.id == "r-1" })
            #expect(victim.phases.steps.map(\.value) == [.reflection, .permitPending])
            #expect(victim.needs == ["24h"])
            #expect(victim.security == 2...3)
            #expect(victim.avoid.regions == ["south"])
            #expect(instance.noContact.count == 1)
            #expect(try await ledger.instance(on: FlowScene.day(6), days: 9).victims.first?.registeredIn == "north")

            change = CaseChange()
            change.allowRegions = ["south"]
            try await ledger.change(case: "r-1", change, as: FlowScene.desk)
            #expect(try await ledger.caseRecord(of: "r-1", as: FlowScene.desk).avoid.isEmpty)

            // Phases are not the guardian's or the police's to write, nor is anything another's case.
            change = CaseChange()
            change.phase = .return
            for other in [FlowScene.police, FlowScene.guardian, FlowScene.actor("coordinator/south")] {
                let denied = await #expect(throws: LedgerError.self, "\(other)") {
                    try await ledger.change(case: "r-1", change, as: other)
                }
                #expect(
                    denied
                        == .denied(
                            "not-granted", "this is not for \(other): docs/privacy.md says who may see and do what"))
            }
            change = CaseChange()
            change.security = 1...4
            let strange = await #expect(throws: LedgerError.self) {
                try await ledger.change(case: "r-1", change, as: FlowScene.actor("coordinator/south"))
            }
            #expect(strange?.isRefusalOfStep == true)
        }
    }
}
