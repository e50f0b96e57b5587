import CareChain
import Ledger
import NIOHTTP1
import Postgres
import Testing

@testable import API

/// The matrix "who may see what", over HTTP: what is not a role's is refused (403), and what is not a caller's case is not
/// there (404), whether it is asked for or changed.
@Suite struct RoleMatrixTests {
    /// What there is in the scene: `r1` is offered to shelter s1, `r2` is placed there; both are cases of coordinator north.
    private static func withScene(_ body: (TestAPI, _ offer: Int, _ hold: Int, _ action: Int) async throws -> Void)
        async throws
    {
        try await TestAPI.withCases { api in
            let offer = try await api.offered("r1", unit: "u1")
            try await api.placed("r2", unit: "u3")
            let hold = try await api.post(
                "holds",
                """
                {"unit": "u1", "from": "2026-01-25", "until": "2026-01-28", "purpose": "intake",
                 "endsAt": "2026-01-07T17:00:00+01:00"}
                """, as: TestAPI.coordinator)
            let action = try await api.post(
                "actions",
                """
                {"needs": [{"bedType": "women", "beds": 1}], "from": "2026-01-27", "until": "2026-01-29",
                 "endsAt": "2026-01-28T08:00:00+01:00"}
                """, as: TestAPI.police)
            try await body(
                api, offer, try hold.decoded(HoldMade.self).hold, try action.decoded(ActionMade.self).action)
        }
    }

    /// Who is told of what, of ``TestAPI/everybody``; all others are refused, or find nothing there.
    private static let readers: [(path: String, actors: Set<Actor>)] = [
        ("requests/r1", [TestAPI.desk, TestAPI.coordinator]),
        ("requests/r2", [TestAPI.desk, TestAPI.coordinator, TestAPI.shelter]),
        ("offers/OFFER", [TestAPI.desk, TestAPI.coordinator, TestAPI.shelter]),
        ("placements/r2", [TestAPI.desk, TestAPI.coordinator, TestAPI.shelter]),
        ("actions/ACTION", [TestAPI.police]),
        ("embargoed-beds", [TestAPI.desk]),
    ]

    @Test func `Only those whose case it is are told of it`() async throws {
        try await Self.withScene { api, offer, _, action in
            for (path, readers) in Self.readers {
                let path = path.replacing("OFFER", with: "\(offer)").replacing("ACTION", with: "\(action)")
                for actor in TestAPI.everybody {
                    let reply = try await api.get(path, as: actor)
                    let expected = readers.contains(actor) ? [200] : [403, 404]
                    #expect(expected.contains(reply.status), "\(actor), \(path): \(reply.status) \(reply.text)")
                }
            }
        }
    }

    /// Lists of cases: who is not told of any is refused, or gets an empty one.
    @Test(arguments: ["requests?state=submitted,offered,placed", "offers?all=true", "placements", "transfers?all=true"])
    func `Lists hold nothing of others' cases`(_ list: String) async throws {
        struct Items: Codable { let items: [JSONTree] }
        try await Self.withScene { api, _, _, _ in
            _ = try await api.post("placements/r2/transfer", #"{"reason": "safety"}"#, as: TestAPI.coordinator)
            for actor in TestAPI.everybody {
                let reply = try await api.get(list, as: actor)
                if reply.status == 403 {
                    #expect(
                        [.funder, .governor, .auditor, .admin, .guardian, .police].contains(actor.role), "\(actor)")
                    continue
                }
                let items = try reply.decoded(Items.self).items
                let concerned = [TestAPI.desk, TestAPI.coordinator, TestAPI.shelter].contains(actor)
                #expect(items.isEmpty != concerned, "\(actor), \(list): \(reply.text)")
            }
        }
    }

    /// Steps on the scene's cases; nobody may make them whose case it is not.
    private static let steps: [(path: String, json: String?)] = [
        ("requests/r1/submit", nil), ("requests/r1/withdraw", #"{"reason": "own-solution"}"#),
        ("requests/r2/ready", "{}"), ("offers/OFFER/accept", "{}"), ("offers/OFFER/decline", #"{"reason": "full"}"#),
        ("offers/OFFER/second", #"{"rule": "avoid"}"#), ("placements/r1/arrive", nil),
        ("placements/r1/break", #"{"reason": "no-show"}"#),
        ("placements/r2/end", #"{"day": "2026-01-06", "reason": "house"}"#),
        ("placements/r2/transfer", #"{"reason": "safety"}"#),
        ("placements/r2/move", #"{"unit": "u2", "day": "2026-01-12", "reason": "safety"}"#),
        ("placements/r2/handover", #"{"dossierSent": true}"#), ("placements/r2/remain", nil),
        ("requests/r2/move-holds", #"{"until": "2026-01-20", "reason": "hearing"}"#),
        ("requests/r2/move-holds/lift", nil), ("nights/r2/confirm", nil), ("offers", TestAPI.offer("r1", unit: "u2")),
    ]

    @Test func `Nobody makes a step on another's case, and nothing comes of trying`() async throws {
        try await Self.withScene { api, offer, _, _ in
            let concerned = [TestAPI.desk, TestAPI.coordinator, TestAPI.shelter]
            func versions() async throws -> [Int] {
                try await api.ledger.pool.query(
                    "SELECT version FROM request UNION ALL SELECT version FROM offer ORDER BY 1"
                ).map { try $0[0] }
            }
            let before = try await versions()
            for actor in TestAPI.everybody where !concerned.contains(actor) {
                let token = try await api.token(actor)
                for (path, json) in Self.steps {
                    let path = path.replacing("OFFER", with: "\(offer)")
                    // Whether the version is right is no more told than whether there is one.
                    for version in ["*", #""99""#] {
                        let reply = try await api.send(
                            .POST, "/v1/\(path)", as: token, headers: ["If-Match": version], json: json)
                        #expect([403, 404].contains(reply.status), "\(actor), \(path): \(reply.status) \(reply.text)")
                    }
                }
            }
            #expect(try await versions() == before)
        }
    }

    /// What is made from nothing, by the roles that may.
    private static let makings: [(path: String, json: String, roles: Set<Role>)] = [
        ("requests", TestAPI.request("r9"), [.desk, .coordinator, .police, .guardian]),
        (
            "holds",
            """
            {"unit": "u2", "from": "2026-01-25", "until": "2026-01-28", "purpose": "intake",
             "endsAt": "2026-01-07T17:00:00+01:00"}
            """, [.desk, .coordinator, .guardian, .shelter]
        ),
        (
            "actions",
            """
            {"needs": [{"bedType": "women", "beds": 1}], "from": "2026-01-25", "until": "2026-01-27",
             "endsAt": "2026-01-26T08:00:00+01:00"}
            """, [.police]
        ),
        (
            "nights", #"{"request": "n9", "victims": ["r1-1"], "unit": "u1"}"#,
            [.desk, .coordinator, .police, .shelter]
        ),
    ]

    @Test func `Nobody makes what is not for their role`() async throws {
        try await Self.withScene { api, _, _, _ in
            for (path, json, roles) in Self.makings {
                for actor in TestAPI.everybody where !roles.contains(actor.role) {
                    let reply = try await api.post(path, json, as: actor)
                    #expect(reply.status == 403, "\(actor), \(path): \(reply.status) \(reply.text)")
                }
            }
            let foreign = try await api.post("holds", Self.makings[1].json, as: TestAPI.shelter)
            #expect(foreign.status == 403, "\(foreign.text)")
        }
    }

    @Test func `Held beds are told without what for, and released by whose they are or the desk`() async throws {
        try await Self.withScene { api, _, hold, _ in
            for actor in TestAPI.everybody {
                let seen = try await api.get("holds/\(hold)", as: actor)
                let released =
                    [TestAPI.desk, TestAPI.coordinator].contains(actor)
                    ? nil : try await api.post("holds/\(hold)/release", as: actor)
                #expect([200, 403, 404].contains(seen.status), "\(actor): \(seen.text)")
                if let released { #expect([403, 404].contains(released.status), "\(actor): \(released.text)") }
                if seen.status == 200, ![TestAPI.desk, TestAPI.coordinator].contains(actor) {
                    #expect(try seen.decoded(HoldBody.self).purpose == nil, "\(actor)")
                }
            }
        }
    }

    @Test func `A token is for its scopes only`() async throws {
        try await TestAPI.withCases { api in
            let token = try await api.token(TestAPI.desk, scopes: ["requests:read"])
            #expect(try await api.send(.GET, "/v1/requests", as: token).status == 200)
            for path in ["offers", "placements", "transfers", "holds", "actions", "nights"] {
                let reply = try await api.send(.GET, "/v1/\(path)", as: token)
                #expect(try reply.problem().code == "insufficient-scope")
            }
            let write = try await api.send(.POST, "/v1/requests", as: token, json: TestAPI.request("r1"))
            #expect(try write.problem().code == "insufficient-scope")
        }
    }
}
