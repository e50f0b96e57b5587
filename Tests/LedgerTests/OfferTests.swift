import CareChain
import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

@Suite struct OfferTests {
    @Test func `An offer that is accepted places the request and cancels its siblings`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("r")
            let one = try await scene.offer("r", "open")
            let other = try await scene.offer("r", "far")
            #expect(try await scene.state("r") == .offered)
            let answer = try await scene.ledger.approve(one.offer, by: FlowScene.shelter(of: "open"))
            #expect(answer.state == .accepted)
            #expect(try await scene.state("r") == .accepted)
            let offers = try await scene.ledger.offers(openOnly: false, as: FlowScene.desk)
            #expect(
                Dictionary(uniqueKeysWithValues: offers.map { ($0.id, $0.state) }) == [
                    one.offer: .accepted, other.offer: .cancelled,
                ])
            let stays = try await scene.ledger.placements(as: FlowScene.desk)
            #expect(stays.map(\.unit) == ["open"])
            #expect(stays.map(\.from) == [FlowScene.day(0)])
            let late = await #expect(throws: LedgerError.self) {
                try await scene.ledger.approve(other.offer, by: FlowScene.shelter(of: "far"))
            }
            #expect(late?.description == "offer \(other.offer) is cancelled already")
        }
    }

    @Test(arguments: [
        ("open", [FlowScene.shelter(of: "open")]), ("cosm", [FlowScene.desk]),
        ("omm", [FlowScene.coordinator, FlowScene.desk]), ("crisis", [FlowScene.coordinator]),
        ("night", [FlowScene.police, FlowScene.coordinator]), ("amv", [FlowScene.guardian]),
        ("youth", [FlowScene.guardian]),
    ])
    func `Those with authority over a bed commit it, and nobody else`(unit: String, authority: [Actor]) async throws {
        try await FlowScene.run { scene in
            try await scene.request("r", stayDays: 3)
            let offer = try await scene.offer("r", unit, until: 3).offer
            let others = [
                FlowScene.desk, FlowScene.coordinator, FlowScene.police, FlowScene.guardian,
                FlowScene.shelter(of: unit),
                FlowScene.shelter(of: "far"), FlowScene.actor("funder/f"), FlowScene.actor("admin/a"),
            ]
            // A shelter that is consulted gives that approval too.
            for actor in others
            where !authority.contains(actor) && !(unit == "omm" && actor == FlowScene.shelter(of: unit)) {
                await #expect(throws: LedgerError.self, "\(actor)") { try await scene.ledger.approve(offer, by: actor) }
            }
            for (place, actor) in authority.enumerated() {
                #expect(try await scene.state("r") == .offered)
                let answer = try await scene.ledger.approve(offer, by: actor)
                #expect(answer.missing.count == authority.count - 1 - place)
            }
            #expect(try await scene.state("r") == .accepted)
        }
    }

    @Test func `A guardian approves wherever the ward is placed, and a closed shelter needs a court order in force`()
        async throws
    {
        try await FlowScene.run { scene in
            let adult = await #expect(throws: LedgerError.self) { try await scene.request("adult", guardian: "nidos") }
            #expect(adult?.description.contains("is of age") == true)
            try await scene.request("ward", guardian: "nidos", birthDate: "2010-03-14")
            let ward = try await scene.offer("ward", "open")
            #expect(ward.missing.map(\.approval) == ["shelter", "guardian"])
            let waiting = try await scene.ledger.approve(ward.offer, by: FlowScene.shelter(of: "open"))
            #expect(waiting.state == .open)
            await #expect(throws: LedgerError.self) {
                try await scene.ledger.approve(ward.offer, by: FlowScene.actor("guardian/other"))
            }
            #expect(try await scene.ledger.approve(ward.offer, by: FlowScene.guardian).state == .accepted)

            try await scene.request("closed", courtOrderUntil: FlowScene.day(4))
            let late = try await scene.offer("closed", "closed", from: 5).offer
            let error = await #expect(throws: LedgerError.self) {
                try await scene.ledger.approve(late, by: FlowScene.guardian)
            }
            #expect(error == .refused(constraint: "offer_court_order"))
            let inTime = try await scene.offer("closed", "closed", from: 4).offer
            #expect(try await scene.ledger.approve(inTime, by: FlowScene.guardian).state == .accepted)
        }
    }

    @Test(arguments: ["amv", "youth", "closed"])
    func `A minor of whom no guardian is on record waits for that, which is late at once, and for nobody else`(
        unit: String
    ) async throws {
        try await FlowScene.run { scene in
            let ledger = scene.ledger
            // In the middle of the night.
            try await scene.time("2026-01-06 02:00+01")
            try await scene.request(
                "minor", from: 1, urgency: .crisis, birthDate: "2010-03-14", courtOrderUntil: FlowScene.day(40))
            let offer = try await scene.offer("minor", unit, from: 1, by: FlowScene.coordinator)
            let lacking = try #require(offer.missing.first { $0.approval == MissingApproval.guardianship })
            #expect(lacking.subject == "minor-1")
            #expect(lacking.roles == [.coordinator, .desk])
            for actor in [FlowScene.guardian, FlowScene.desk, FlowScene.coordinator] {
                let nobody = await #expect(throws: LedgerError.self, "\(actor)") {
                    try await ledger.approve(offer.offer, by: actor)
                }
                #expect(nobody?.code == "guardian-missing", "\(actor)")
                #expect(nobody?.description.contains("--guardian") == true)
            }
            for actor in [FlowScene.desk, FlowScene.coordinator] {
                let late = try await ledger.overdue(as: actor)
                #expect(late.map(\.task) == ["guardian"], "\(actor)")
                #expect(late.map(\.subject) == [String(offer.offer)], "\(actor)")
            }
            let overdue = try await ledger.examine(keys: nil).first { $0.subject == "overdue" }
            #expect(overdue?.sentence == "1 things overdue")

            var change = CaseChange()
            change.guardian = "nidos"
            try await ledger.change(case: "minor-1", change, as: FlowScene.coordinator)
            #expect(try await ledger.overdue(as: FlowScene.desk).isEmpty)
            // Another body is not the guardian.
            await #expect(throws: LedgerError.self) {
                try await ledger.approve(offer.offer, by: FlowScene.actor("guardian/other"))
            }
            #expect(try await ledger.approve(offer.offer, by: FlowScene.guardian).state == .accepted)
        }
    }

    @Test func `The police whose case it is approve, where it is a case of theirs`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("r", stayDays: 3)
            try await scene.policeCase("r-1")
            let offer = try await scene.offer("r", "night", until: 3).offer
            await #expect(throws: LedgerError.self) {
                try await scene.ledger.approve(offer, by: FlowScene.actor("police/other"))
            }
            _ = try await scene.ledger.approve(offer, by: FlowScene.police)
            #expect(try await scene.ledger.approve(offer, by: FlowScene.coordinator).state == .accepted)
        }
    }

    @Test func `Nobody but the desk takes steps of a request that is no case of theirs`() async throws {
        try await FlowScene.run { scene in
            let ledger = scene.ledger
            for id in ["r", "s"] { try await scene.request(id) }
            try await scene.place("s")
            let offer = try await scene.offer("r", "open").offer
            let strangers = [
                FlowScene.actor("coordinator/south"), FlowScene.police, FlowScene.guardian,
                FlowScene.shelter(of: "far"),
            ]
            for actor in strangers {
                func refused(_ what: String, _ step: () async throws -> Void) async {
                    do {
                        try await step()
                        Issue.record("\(what) by \(actor)")
                    } catch {
                        #expect((error as? LedgerError)?.isRefusalOfStep == true, "\(what) by \(actor): \(error)")
                    }
                }
                await refused("withdraw") { try await ledger.withdraw("r", reason: "left", by: actor) }
                await refused("decline") { _ = try await ledger.decline(offer, reason: "not-suitable", by: actor) }
                await refused("offer") { _ = try await scene.offer("r", "far", by: actor) }
                await refused("end") { try await ledger.end("s", on: FlowScene.day(1), reason: "left", by: actor) }
                await refused("move") { _ = try await ledger.wantTransfer(of: "s", reason: "safety", by: actor) }
                await refused("ready") { try await ledger.recordOutflow(of: "s", OutflowSteps(), by: actor) }
            }
            #expect(try await scene.state("r") == .offered)
            #expect(try await scene.state("s") == .placed)
            // Whose bed is offered answers, and who has the case.
            _ = try await ledger.decline(offer, reason: "full", by: FlowScene.shelter(of: "open"))
            try await ledger.withdraw("r", reason: "left", by: FlowScene.coordinator)
        }
    }

    @Test
    func
        `Where no coordinator is on duty the desk gives the coordinator's approval, and a stand-in where there is one`()
        async throws
    {
        try await FlowScene.run { scene in
            for id in ["r", "s", "t"] { try await scene.request(id) }
            let stranger = FlowScene.actor("coordinator/south")
            let covered = try await scene.offer("r", "crisis", until: 3)
            #expect(covered.missing.map(\.roles) == [[.coordinator]])
            for actor in [FlowScene.desk, stranger] {
                await #expect(throws: LedgerError.self) { try await scene.ledger.approve(covered.offer, by: actor) }
            }
            #expect(try await scene.ledger.approve(covered.offer, by: FlowScene.coordinator).state == .accepted)

            try await scene.ledger.pool.query(
                "INSERT INTO coordinator_absence VALUES ('north', '[2026-01-05,2026-01-06)')")
            let gap = try await scene.offer("s", "crisis", until: 3)
            #expect(gap.missing.map(\.roles) == [[.desk]])
            await #expect(throws: LedgerError.self) {
                try await scene.ledger.approve(gap.offer, by: FlowScene.coordinator)
            }
            #expect(try await scene.ledger.approve(gap.offer, by: FlowScene.desk).state == .accepted)

            try await scene.ledger.add(
                Coverage(region: "north", coordinator: "south", from: FlowScene.day(0), standIn: true),
                by: FlowScene.desk)
            try await scene.ledger.breakAgreement("s", reason: "no-show", by: FlowScene.coordinator)
            let stood = try await scene.offer("t", "crisis", until: 3)
            #expect(stood.missing.map(\.roles) == [[.coordinator]])
            await #expect(throws: LedgerError.self) { try await scene.ledger.approve(stood.offer, by: FlowScene.desk) }
            #expect(try await scene.ledger.approve(stood.offer, by: stranger).state == .accepted)
        }
    }

    @Test
    func `Declined by the shelter or by the victim, the request goes back to the queue with the reason on record`()
        async throws
    {
        try await FlowScene.run { scene in
            try await scene.request("r")
            let one = try await scene.offer("r", "open").offer
            let other = try await scene.offer("r", "far").offer
            _ = try await scene.ledger.decline(one, reason: "care", by: FlowScene.shelter(of: "open"))
            #expect(try await scene.state("r") == .offered)
            _ = try await scene.ledger.decline(other, victim: true, reason: "region", by: FlowScene.coordinator)
            #expect(try await scene.state("r") == .submitted)
            let offers = try await scene.ledger.offers(openOnly: false, as: FlowScene.desk)
            #expect(offers.first { $0.id == one }?.side == "shelter")
            #expect(offers.first { $0.id == other }?.side == "victim")
            #expect(offers.first { $0.id == other }?.reason == "region")
            let third = try await scene.offer("r", "open").offer
            let uncoded = await #expect(throws: LedgerError.self) {
                try await scene.ledger.decline(third, reason: "just so", by: FlowScene.shelter(of: "open"))
            }
            #expect(uncoded == .refused(constraint: "offer_decline_reason"))
        }
    }

    @Test func `An offer not answered in its time expires by itself, by the desk's hours unless it is a crisis`()
        async throws
    {
        try await FlowScene.run { scene in
            // The Friday before Easter is a holiday; Thursday after four, the desk has an hour left.
            try await scene.time("2026-04-02 16:00+02")
            let days = Fixture.start.days(to: Fixture.calendarDate("2026-04-02"))
            try await scene.request("urgent", from: days, latest: days + 30)
            try await scene.request("crisis", from: days, latest: days + 30, urgency: .crisis)
            let urgent = try await scene.offer("urgent", "open", from: days, until: days + 30).offer
            let crisis = try await scene.offer("crisis", "open", from: days, until: days + 30).offer
            let due = Dictionary(
                uniqueKeysWithValues: try await scene.ledger.offers(as: FlowScene.desk).map { ($0.id, $0.answerBy) })
            #expect(due[crisis]?.ISO8601Format() == "2026-04-02T16:00:00Z")
            // Seven hours of Tuesday: Friday, Saturday, Sunday and Monday count for nothing.
            #expect(due[urgent]?.ISO8601Format() == "2026-04-07T14:00:00Z")

            try await scene.time("2026-04-02 18:00+02")
            #expect(try await scene.ledger.offers(as: FlowScene.desk).map(\.id) == [urgent])
            let late = await #expect(throws: LedgerError.self) {
                try await scene.ledger.approve(crisis, by: FlowScene.shelter(of: "open"))
            }
            #expect(late == .refused(constraint: "offer_in_time"))
            #expect(try await scene.ledger.overdue(as: FlowScene.desk).map(\.task) == ["offer-answer"])
            #expect(try await scene.ledger.sweep() == 1)
            #expect(try await scene.state("crisis") == .submitted)
            #expect(try await scene.ledger.sweep() == 0)
            #expect(try await scene.ledger.overdue(as: FlowScene.desk).isEmpty)
        }
    }

    @Test func `A rule of the program refuses by its code, when it is offered and once more when it is accepted`()
        async throws
    {
        try await FlowScene.run { scene in
            try await scene.request("r", avoid: Avoidance(regions: ["south"]), needs: ["24h"])
            let broken = await #expect(throws: LedgerError.self) { try await scene.offer("r", "far") }
            #expect(broken?.rules == ["avoid"])
            let offer = try await scene.offer("r", "open").offer
            // The facts change between offer and answer.
            try await scene.ledger.pool.query("INSERT INTO victim_need VALUES ('r-1', 'trauma')")
            let changed = await #expect(throws: LedgerError.self) {
                try await scene.ledger.approve(offer, by: FlowScene.shelter(of: "open"))
            }
            #expect(changed?.rules == ["services"])
            #expect(try await scene.ledger.placements(as: FlowScene.desk).isEmpty)
        }
    }

    @Test func `A hard rule is overridden with a basis and a second person, and from that rule alone`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("r", avoid: Avoidance(regions: ["south"]), needs: ["trauma"])
            let avoid = RuleOverride(rule: "avoid", reason: "family there", legalBasis: "consent")
            let other = await #expect(throws: LedgerError.self) {
                try await scene.offer("r", "far", overrides: [avoid])
            }
            #expect(other?.rules == ["services"])
            let noBasis = await #expect(throws: LedgerError.self) {
                try await scene.offer(
                    "r", "far",
                    overrides: [RuleOverride(rule: "services", reason: "x"), avoid])
            }
            #expect(noBasis == .refused(constraint: "rule_override_legal"))
            for rule in ["capacity", "two-places"] {
                let never = await #expect(throws: LedgerError.self) {
                    try await scene.offer(
                        "r", "open",
                        overrides: [
                            RuleOverride(rule: rule, reason: "x", legalBasis: "x"),
                            RuleOverride(rule: "services", reason: "x", legalBasis: "x"),
                        ])
                }
                #expect(never == .refused(constraint: "rule_override_rule"))
            }
            let services = RuleOverride(rule: "services", reason: "comes by day", legalBasis: "vital interest")
            let offer = try await scene.offer("r", "far", overrides: [avoid, services]).offer
            let alone = await #expect(throws: LedgerError.self) {
                try await scene.ledger.approve(offer, by: FlowScene.shelter(of: "far"))
            }
            #expect(alone == .refused(constraint: "offer_second_person"))
            let same = await #expect(throws: LedgerError.self) {
                try await scene.ledger.second("avoid", of: offer, by: FlowScene.desk)
            }
            #expect(same == .refused(constraint: "rule_override_second"))
            for rule in ["avoid", "services"] {
                try await scene.ledger.second(rule, of: offer, by: FlowScene.coordinator)
            }
            _ = try await scene.ledger.approve(offer, by: FlowScene.shelter(of: "far"))
            #expect(try await scene.ledger.placements(as: FlowScene.desk).map(\.overrides) == [["avoid", "services"]])
        }
    }

    @Test func `Against a soft rule it takes a reason and nothing else`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("r", latest: 5, preferred: "south")
            let region = await #expect(throws: LedgerError.self) { try await scene.offer("r", "open") }
            #expect(region?.description.contains("out-of-region") == true)
            let late = await #expect(throws: LedgerError.self) { try await scene.offer("r", "far", from: 6) }
            #expect(late?.description.contains("timing") == true)
            let offer = try await scene.offer(
                "r", "open", overrides: [RuleOverride(rule: "out-of-region", reason: "safer there")]
            ).offer
            #expect(try await scene.ledger.approve(offer, by: FlowScene.shelter(of: "open")).state == .accepted)
            #expect(try await scene.ledger.placements(as: FlowScene.desk).map(\.overrides) == [[]])
        }
    }

    @Test func `The same key of the same actor does a command once and gives the same answer`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("r", key: "a")
            try await scene.request("r", key: "a")
            let one = try await scene.offer("r", "open", key: "b")
            #expect(try await scene.offer("r", "open", key: "b") == one)
            let accepted = try await scene.ledger.approve(one.offer, by: FlowScene.shelter(of: "open"), key: "c")
            #expect(try await scene.ledger.approve(one.offer, by: FlowScene.shelter(of: "open"), key: "c") == accepted)
            #expect(try await scene.ledger.offers(openOnly: false, as: FlowScene.desk).count == 1)
            let reused = await #expect(throws: LedgerError.self) { try await scene.offer("r", "far", key: "b") }
            #expect(reused == .keyReused("b"))
        }
    }

    @Test func `Every step leaves its event in the transaction that makes it, and who referred hears the outcome`()
        async throws
    {
        try await FlowScene.run { scene in
            try await scene.request("r", by: FlowScene.police)
            try await scene.place("r")
            let kinds: [String] = try await scene.ledger.pool.query("SELECT kind FROM outbox ORDER BY id").map {
                try $0["kind"]
            }
            #expect(kinds.filter { $0.hasPrefix("offer") } == ["offer-made", "offer-accepted"])
            let told: [String] = try await scene.ledger.pool.query(
                "SELECT subject ->> 'state' AS state FROM outbox WHERE kind = 'outcome' AND recipient = 'police/north' ORDER BY id"
            ).map { try $0["state"] }
            #expect(told == ["accepted", "placed"])
        }
    }
}
