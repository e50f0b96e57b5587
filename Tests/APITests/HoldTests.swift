import CareChain
import Ledger
import NIOHTTP1
import Testing

@testable import API

@Suite struct HoldTests {
    private static func hold(_ beds: Int, more: String = "") -> String {
        """
        {"unit": "u1", "beds": \(beds), "from": "2026-01-05", "until": "2026-01-12", "purpose": "intake",
         "endsAt": "2026-01-07T17:00:00+01:00"\(more)}
        """
    }

    @Test func `Beds are kept, and released in the version that was seen`() async throws {
        try await TestAPI.withCases { api in
            let made = try await api.post("holds", Self.hold(1), as: TestAPI.desk, key: "k1")
            #expect(made.status == 201, "\(made.text)")
            let hold = try made.decoded(HoldMade.self).hold
            let tooMany = try await api.post("holds", Self.hold(2), as: TestAPI.desk)
            #expect(try tooMany.problem().rules?.map(\.rule) == ["capacity"])
            _ = try await api.post("requests", TestAPI.request("r1"), as: TestAPI.coordinator)
            let full = try await api.post("holds", Self.hold(2, more: #", "request": "r1""#), as: TestAPI.coordinator)
            #expect(try full.problem().alternatives == ["u3", "u2"], "\(full.text)")
            let seen = try await api.get("holds/\(hold)", as: TestAPI.shelter)
            #expect(try seen.decoded(HoldBody.self).purpose == nil)
            let own = try await api.get("holds?unit=u1", as: TestAPI.desk).decoded(PageBody<HoldBody>.self).items
            #expect(own.map(\.purpose) == ["intake"])
            let path = "holds/\(hold)/release"
            #expect(try await api.post(path, as: TestAPI.desk, version: #""99""#).problem().code == "outdated")
            #expect(try await api.post(path, as: TestAPI.shelter).problem().code == "not-allowed")
            for _ in 0..<2 {
                let released = try await api.post(
                    path, as: TestAPI.desk, version: try #require(seen.header("ETag")), key: "k2")
                #expect(released.status == 200, "\(released.text)")
            }
            #expect(try await api.get("holds/\(hold)", as: TestAPI.desk).status == 404)
        }
    }

    @Test func `A hold that cannot be right, or is for what is not seen, is refused`() async throws {
        try await TestAPI.withCases { api in
            #expect(try await api.post("holds", Self.hold(0), as: TestAPI.desk).problem().pointer == "/beds")
            let reversed = Self.hold(1).replacing("2026-01-12", with: "2026-01-05")
            #expect(try await api.post("holds", reversed, as: TestAPI.desk).problem().pointer == "/until")
            let hidden = try await api.post(
                "holds", Self.hold(1, more: #", "request": "r9""#), as: TestAPI.coordinator)
            #expect(hidden.status == 404)
        }
    }

    @Test func `A planned action is its owner's secret until it is lifted`() async throws {
        try await TestAPI.withCases { api in
            let plan = """
                {"needs": [{"bedType": "women", "beds": 3}], "from": "2026-01-20", "until": "2026-01-22",
                 "endsAt": "2026-01-21T08:00:00+01:00"}
                """
            let made = try await api.post("actions", plan, as: TestAPI.police)
            #expect(made.status == 201, "\(made.text)")
            let action = try made.decoded(ActionMade.self).action
            #expect(try await api.post("actions", plan, as: TestAPI.desk).status == 403)
            let own = try await api.get("actions/\(action)", as: TestAPI.police)
            #expect(try own.decoded(ActionBody.self).held.reduce(0) { $0 + $1.beds } == 3)
            #expect(
                try await api.get("actions", as: TestAPI.police).decoded(PageBody<ActionBody>.self).items.count == 1)
            #expect(try await api.get("embargoed-beds", as: TestAPI.desk).decoded(EmbargoedBeds.self).beds == 3)
            for (actor, status) in [(TestAPI.otherPolice, 404), (TestAPI.desk, 403), (TestAPI.shelter, 403)] {
                #expect(try await api.get("actions/\(action)", as: actor).status == status)
                // Not even whether the version is right.
                let lift = try await api.post("actions/\(action)/lift", as: actor, version: #""99""#)
                #expect(lift.status == status, "\(lift.text)")
            }
            for _ in 0..<2 {
                let lifted = try await api.post(
                    "actions/\(action)/lift", as: TestAPI.police, version: try #require(own.header("ETag")), key: "k")
                #expect(lifted.status == 200, "\(lifted.text)")
            }
            #expect(try await api.get("actions/\(action)", as: TestAPI.police).status == 404)
        }
    }
}
