import CareChain
import Ledger
import NIOHTTP1
import TestSupport
import Testing

@testable import API

/// Every operation for every role: who is let in, and who finds the door closed (403) or nothing at all (404).
///
/// The actors are those whose cases they are, where a role has cases (``TestAPI/withCases(_:)``); that others of the same
/// role are told nothing of them is below, and in ``RoleMatrixTests``.
@Suite struct RoleTableTests {
    private struct Row {
        let method: HTTPMethod
        let id: String
        let path: String
        let json: String?
        let roles: Set<Role>
        /// Of what changes something: who of them does it.
        let doer: Actor?
        /// What the doer is answered, where things are not such that it could be done.
        let refusal: Set<Int>

        /// What is read, by each of some roles.
        init(_ id: String, _ path: String, for roles: Set<Role>) {
            (method, self.id, self.path, json, self.roles, doer, refusal) = (.GET, id, path, nil, roles, nil, [])
        }

        /// What is done, by one of those who may.
        init(
            _ id: String, _ path: String, _ json: String? = nil, by doer: Actor, for roles: Set<Role>,
            refusal: Set<Int> = [], method: HTTPMethod = .POST
        ) {
            self.method = method
            (self.id, self.path, self.json, self.roles) = (id, path, json, roles)
            (self.doer, self.refusal) = (doer, refusal)
        }
    }

    private static let actors = [
        TestAPI.desk, TestAPI.coordinator, TestAPI.shelter, TestAPI.police, TestAPI.guardian,
        Actor(role: .funder, id: "f"), Actor(role: .governor, id: "g"), Actor(role: .auditor, id: "a"), TestAPI.admin,
    ]

    /// Who deals with cases.
    private static let carers: Set<Role> = [.desk, .coordinator, .shelter, .police, .guardian]
    /// Whose case a request is that the scene's shelter has, or is offered.
    private static let concerned: Set<Role> = [.desk, .coordinator, .shelter]
    /// Reference data are nobody's secret; an auditor has no use for them.
    private static let notAuditor = Set(Role.allCases).subtracting([.auditor])

    private static let reads: [Row] = [
        Row("listShelters", "shelters", for: notAuditor), Row("getShelter", "shelters/s1", for: notAuditor),
        Row("listUnits", "units", for: notAuditor), Row("getUnit", "units/u1", for: notAuditor),
        Row("listAvailability", "availability", for: carers.union([.admin])),
        Row("listCapacity", "capacity", for: carers.union([.admin])),
        Row("getCapacity", "units/u1/capacity", for: carers.union([.admin])),
        Row("listRequests", "requests", for: carers), Row("getRequest", "requests/r2", for: concerned),
        Row("getBlockedBedDays", "blocked-bed-days", for: carers),
        Row("listOffers", "offers", for: carers), Row("getOffer", "offers/OFFER", for: concerned),
        Row("listPlacements", "placements", for: carers), Row("getPlacement", "placements/r2", for: concerned),
        Row("listTransfers", "transfers", for: carers), Row("listNights", "nights", for: carers),
        Row("listHolds", "holds", for: carers), Row("getHold", "holds/HOLD", for: concerned),
        Row("listActions", "actions", for: [.police]), Row("getAction", "actions/ACTION", for: [.police]),
        Row("getEmbargoedBeds", "embargoed-beds", for: [.desk]),
        Row("listPlanJobs", "plan-jobs", for: [.desk]), Row("getPlanJob", "plan-jobs/1", for: [.desk]),
        Row("listPlanRuns", "plan-runs", for: [.desk]),
        // Of a run a coordinator is told what is proposed for the own cases.
        Row("getPlanRun", "plan-runs/1", for: [.desk, .coordinator]),
        Row("listProposals", "plan-runs/1/proposals", for: [.desk, .coordinator]),
        Row("explainRequest", "plan-runs/1/requests/r1/explanation", for: [.desk, .coordinator]),
        Row("getFigures", "figures/occupancy?from=2025-12", for: [.desk, .governor, .funder]),
        Row("getStatement", "statement?from=2025-12", for: [.desk, .governor, .funder]),
        Row("listCoverages", "coverages", for: notAuditor),
        Row("listAbsences", "absences", for: notAuditor),
        Row("listCoverageGaps", "coverage-gaps?from=2026-01-05&until=2026-01-06", for: notAuditor),
        Row("listAuditEntries", "audit-entries", for: [.auditor]), Row("listAlarms", "alarms", for: [.auditor]),
        Row("listEvents", "events", for: carers),
        Row("listWebhooks", "webhooks", for: carers.union([.admin])),
        Row("getWebhook", "webhooks/WEBHOOK", for: [.desk, .admin]),
        Row("listWebhookDeliveries", "webhook-deliveries", for: carers.union([.admin])),
        Row("exportCase", "cases/r2-1/export", for: [.desk, .coordinator]),
    ]

    /// In this order, each on what the ones before it left.
    private static let writes: [Row] = [
        Row(
            "searchBeds", "bed-search", #"{"request": "r1"}"#, by: TestAPI.coordinator,
            for: [.desk, .coordinator, .shelter, .police, .guardian]),
        Row(
            "putCapacity", "units/u1/capacity", #"{"kind": "free", "number": 2, "reason": "counted"}"#,
            by: TestAPI.shelter, for: [.desk, .shelter, .admin], method: .PUT),
        Row(
            "putReportLimit", "units/u1/report-limit", #"{"limit": "hours", "hours": 24}"#, by: TestAPI.desk,
            for: [.desk, .admin], method: .PUT),
        Row(
            "reportCapacity", "capacity-reports",
            #"{"reports": [{"unit": "u1", "kind": "free", "number": 2, "reason": "counted"}]}"#, by: TestAPI.shelter,
            for: [.desk, .shelter, .admin]),
        Row(
            "makeRequest", "requests", TestAPI.request("r9"), by: TestAPI.coordinator,
            for: [.desk, .coordinator, .police, .guardian]),
        Row("submitRequest", "requests/r3/submit", by: TestAPI.coordinator, for: [.desk, .coordinator]),
        Row(
            "recordOutflow", "requests/r2/ready", #"{"readySince": "2026-01-05"}"#, by: TestAPI.coordinator,
            for: concerned),
        Row(
            "holdMoves", "requests/r2/move-holds", #"{"until": "2026-01-10", "reason": "hearing"}"#, by: TestAPI.desk,
            for: concerned),
        Row("liftMoveHolds", "requests/r2/move-holds/lift", by: TestAPI.desk, for: concerned),
        Row(
            "makeOffer", "offers", TestAPI.offer("r9", unit: "u2"), by: TestAPI.desk, for: [.desk, .coordinator]),
        Row(
            "secondOffer", "offers/OFFER/second", #"{"rule": "services"}"#, by: TestAPI.desk, for: concerned,
            refusal: [404]
        ),
        Row("acceptOffer", "offers/OFFER/accept", "{}", by: TestAPI.shelter, for: concerned),
        Row(
            "declineOffer", "offers/OFFER/decline", #"{"reason": "full"}"#, by: TestAPI.shelter, for: concerned,
            refusal: [403, 409]),
        Row("arrive", "placements/r1/arrive", by: TestAPI.shelter, for: concerned),
        Row(
            "wantTransfer", "placements/r2/transfer", #"{"reason": "safety"}"#, by: TestAPI.coordinator, for: concerned),
        Row(
            "offerMove", "placements/r2/move", #"{"unit": "u2", "day": "2026-01-12", "reason": "safety"}"#,
            by: TestAPI.desk, for: concerned),
        Row("cancelTransfer", "placements/r2/remain", by: TestAPI.desk, for: concerned),
        Row(
            "handOver", "placements/r2/handover", #"{"dossierSent": true}"#, by: TestAPI.desk, for: concerned,
            refusal: [403, 409]),
        Row(
            "breakAgreement", "placements/r2/break", #"{"reason": "no-show"}"#, by: TestAPI.desk, for: concerned,
            refusal: [403, 409]),
        Row(
            "endPlacement", "placements/r2/end", #"{"day": "2026-01-06", "reason": "house"}"#, by: TestAPI.desk,
            for: concerned),
        Row(
            "withdrawRequest", "requests/r3/withdraw", #"{"reason": "own-solution"}"#, by: TestAPI.coordinator,
            for: [.desk, .coordinator]),
        Row(
            "placeForTheNight", "nights", #"{"request": "n9", "victims": ["r1-1"], "unit": "u1"}"#, by: TestAPI.desk,
            for: [.desk, .coordinator, .police, .shelter], refusal: [409]),
        Row("confirmNight", "nights/r1/confirm", by: TestAPI.desk, for: concerned, refusal: [404]),
        Row(
            "makeHold", "holds",
            """
            {"unit": "u2", "from": "2026-02-25", "until": "2026-02-28", "purpose": "intake",
             "endsAt": "2026-01-07T17:00:00+01:00"}
            """, by: TestAPI.coordinator, for: [.desk, .coordinator, .guardian, .shelter]),
        Row("releaseHold", "holds/HOLD/release", by: TestAPI.coordinator, for: concerned),
        Row(
            "planAction", "actions",
            """
            {"needs": [{"bedType": "women", "beds": 1}], "from": "2026-01-25", "until": "2026-01-27",
             "endsAt": "2026-01-26T08:00:00+01:00"}
            """, by: TestAPI.police, for: [.police]),
        Row("liftAction", "actions/ACTION/lift", by: TestAPI.police, for: [.police]),
        Row(
            "tryChange", "plan-runs/1/requests/r1/what-if",
            #"{"kind": "bed", "unit": "u2", "from": "2026-01-05", "until": "2026-01-20"}"#, by: TestAPI.desk,
            for: [.desk, .coordinator]),
        Row("askForPlan", "plan-jobs", "{}", by: TestAPI.desk, for: [.desk]),
        Row("publishPlanRun", "plan-runs/1/publication", by: TestAPI.desk, for: [.desk]),
        Row(
            "addCoverage", "coverages", #"{"region": "south", "coordinator": "x", "from": "2027-01-01"}"#,
            by: TestAPI.desk, for: [.desk, .admin]),
        Row(
            "endCoverage", "coverages/1/end", #"{"on": "2028-01-01"}"#, by: TestAPI.desk, for: [.desk, .admin],
            method: .PUT),
        Row(
            "addAbsence", "absences", #"{"coordinator": "north", "from": "2027-01-01", "until": "2027-01-02"}"#,
            by: TestAPI.coordinator, for: [.desk, .coordinator, .admin]),
        Row(
            "cancelAbsence", "absences/north/2027-01-01", by: TestAPI.coordinator, for: [.desk, .coordinator, .admin],
            method: .DELETE),
        Row("seeAlarm", "alarms/99999/seen", by: Actor(role: .auditor, id: "a"), for: [.auditor], refusal: [404]),
        Row("addWebhook", "webhooks", #"{"url": "https://other.example/hook"}"#, by: TestAPI.desk, for: carers),
        Row(
            "setWebhookActive", "webhooks/WEBHOOK/active", #"{"active": false}"#, by: TestAPI.desk, for: [.desk],
            method: .PUT),
        Row(
            "retryWebhookDeliveries", "webhooks/WEBHOOK/retries", "{}", by: TestAPI.desk, for: [.desk], refusal: [404]),
        Row("removeWebhook", "webhooks/WEBHOOK", by: TestAPI.desk, for: [.desk], method: .DELETE),
        Row(
            "eraseCase", "cases/r3-1", by: TestAPI.coordinator, for: [.desk, .coordinator], method: .DELETE),
    ]

    @Test func `The table has every operation that asks who one is, once`() {
        let guarded = Operation.all.filter { $0.scope != nil }.map(\.id)
        #expect((Self.reads + Self.writes).map(\.id).sorted() == guarded.sorted())
    }

    @Test func `What is a role's is open to it, and to nobody else`() async throws {
        try await Self.withScene { api, filled in
            var tokens: [Role: String] = [:]
            for actor in Self.actors { tokens[actor.role] = try await api.token(actor) }
            func send(_ row: Row, _ role: Role) async throws -> Reply {
                try await api.send(
                    row.method, "/v1/\(filled(row.path))", as: tokens[role], headers: ["If-Match": "*"], json: row.json)
            }
            for row in Self.reads + Self.writes {
                for role in Role.allCases where !row.roles.contains(role) {
                    let reply = try await send(row, role)
                    #expect([403, 404].contains(reply.status), "\(role) \(row.id): \(reply.status) \(reply.text)")
                }
                for role in row.doer.map({ [$0.role] }) ?? Array(row.roles) {
                    let reply = try await send(row, role)
                    #expect(
                        row.refusal.isEmpty ? (200..<300).contains(reply.status) : row.refusal.contains(reply.status),
                        "\(role) \(row.id): \(reply.status) \(reply.text)")
                }
            }
        }
    }

    /// What is not there, in the place of what is: each name of the scene with one that nothing has.
    private static let absent = [
        ("OFFER", "99999"), ("HOLD", "99999"), ("ACTION", "99999"),
        ("WEBHOOK", "00000000-0000-4000-8000-000000000000"), ("plan-jobs/1", "plan-jobs/999"),
        ("plan-runs/1", "plan-runs/999"), ("coverages/1", "coverages/999"), ("r1", "none"), ("r2", "none"),
        ("r3", "none"),
    ]

    /// Whether an actor may know anyway that it is there, what a row is about.
    private static func isTold(_ row: Row, _ actor: Actor) -> Bool {
        switch row.id {
        // Who covers which region is no secret.
        case "endCoverage": true
        // Of a run a coordinator is told what is proposed for the own cases.
        case "publishPlanRun": actor == TestAPI.coordinator
        // At night each of these roles places whoever stands there; when the desk is open, none.
        case "placeForTheNight": row.roles.contains(actor.role)
        // It houses the victim.
        case "exportCase": actor == TestAPI.shelter
        default: false
        }
    }

    @Test func `Whose it is not, is not even told whether it is there`() async throws {
        try await Self.withScene { api, filled in
            func without(_ text: String) -> String {
                Self.absent.reduce(text) { $0.replacing($1.0, with: $1.1) }
            }
            var asked = 0
            for actor in TestAPI.everybody {
                let token = try await api.token(actor)
                let isStranger = [TestAPI.otherCoordinator, TestAPI.otherShelter, TestAPI.otherPolice].contains(actor)
                for row in Self.reads + Self.writes {
                    let none = (path: without(row.path), json: row.json.map(without))
                    guard isStranger || !row.roles.contains(actor.role), none != (row.path, row.json) else { continue }
                    func answer(_ path: String, _ json: String?) async throws -> Reply {
                        try await api.send(
                            row.method, "/v1/\(filled(path))", as: token, headers: ["If-Match": #""1""#], json: json)
                    }
                    if Self.isTold(row, actor) { continue }
                    let there = try await answer(row.path, row.json)
                    // A bed that is held, every role that gives beds sees.
                    if row.id == "getHold", there.status == 200 { continue }
                    let nowhere = try await answer(none.path, none.json)
                    #expect([403, 404].contains(there.status), "\(actor) \(row.id): \(there.status) \(there.text)")
                    #expect(there.status == nowhere.status, "\(actor) \(row.id): \(there.text), but \(nowhere.text)")
                    if there.status == nowhere.status {
                        #expect(try there.problem().code == nowhere.problem().code, "\(actor) \(row.id)")
                    }
                    asked += 1
                }
            }
            #expect(asked > 200)
        }
    }

    /// `r1` is offered to the shelter, `r2` placed there, `r3` a draft; there are a hold, an action, a plan and a webhook.
    private static func withScene(_ body: (TestAPI, (String) -> String) async throws -> Void) async throws {
        try await TestAPI.with { settings in
            settings.keys = try KeyRing(KeyRing.line(forNewKey: "a"))
        } _: { api in
            try await api.prepareCases()
            let offer = try await api.offered("r1", unit: "u1")
            _ = try await api.ledger.askForPlan(
                of: Horizon(start: Scene.start, days: 30), RunLimits(seed: 1), by: TestAPI.desk)
            #expect(try await api.plan() == 1)
            try await api.placed("r2", unit: "u3")
            _ = try await api.post(
                "requests", TestAPI.request("r3", more: #", "draft": true"#), as: TestAPI.coordinator)
            let hold = try await api.post(
                "holds",
                """
                {"unit": "u1", "from": "2026-01-25", "until": "2026-01-28", "purpose": "intake",
                 "endsAt": "2026-01-07T17:00:00+01:00"}
                """, as: TestAPI.coordinator
            ).decoded(HoldMade.self).hold
            let action = try await api.post(
                "actions",
                """
                {"needs": [{"bedType": "women", "beds": 1}], "from": "2026-01-27", "until": "2026-01-29",
                 "endsAt": "2026-01-28T08:00:00+01:00"}
                """, as: TestAPI.police
            ).decoded(ActionMade.self).action
            struct Made: Decodable { let id: String }
            let webhook = try await api.post("webhooks", #"{"url": "https://one.example/hook"}"#, as: TestAPI.desk)
                .decoded(Made.self).id
            try await api.withPlanner {
                try await body(api) { path in
                    path.replacing("OFFER", with: "\(offer)").replacing("HOLD", with: "\(hold)")
                        .replacing("ACTION", with: "\(action)").replacing("WEBHOOK", with: webhook)
                }
            }
        }
    }
}
