import CareChain
import Ledger
import NIOHTTP1
import Postgres
import Testing

@testable import API

@Suite struct NightTests {
    private static let night = """
        {"request": "n1", "newVictims": [{"id": "n1-1", "profile": {"sex": "female", "birthDate": "1999-01-01",
         "phase": "signal"}}], "unit": "u1", "nights": 2}
        """

    @Test func `The police take an emergency bed at night, and the desk takes it over in the morning`() async throws {
        try await TestAPI.withCases { api in
            try await api.ledger.pool.query("UPDATE unit SET bed_type = 'crisis', max_leg_days = 3 WHERE id = 'u1'")
            let open = try await api.post("nights", Self.night, as: TestAPI.police)
            #expect(try open.problem().rules?.map(\.rule) == ["night_placement_hours"])
            try await api.time("2026-01-05T23:00:00+01:00")
            for _ in 0..<2 {
                let placed = try await api.post("nights", Self.night, as: TestAPI.police, key: "k")
                #expect(placed.status == 201, "\(placed.text)")
            }
            try await api.time("2026-01-06T09:00:00+01:00")
            let listed = try await api.get("nights", as: TestAPI.desk).decoded(PageBody<NightBody>.self).items
            #expect(listed.map(\.victims) == [["n1-1"]])
            #expect(try await api.post("nights/n1/confirm", as: TestAPI.otherCoordinator).status == 404)
            #expect(try await api.post("nights/n1/confirm", as: TestAPI.police).status != 200)
            let confirmed = try await api.post("nights/n1/confirm", as: TestAPI.desk)
            #expect(try confirmed.decoded(RequestStep.self).state == .placed, "\(confirmed.text)")
            let left = try await api.get("nights", as: TestAPI.desk).decoded(PageBody<NightBody>.self).items
            #expect(left.isEmpty)
            let all = try await api.get("nights?all=true", as: TestAPI.desk).decoded(PageBody<NightBody>.self).items
            #expect(all.map(\.confirmedBy) == ["desk/national"])
        }
    }

    @Test func `Where rules forbid a bed at night, the beds that would do are named to who sees the case`() async throws
    {
        try await TestAPI.withCases { api in
            // The emergency beds: one unit for men, and one for everybody.
            try await api.ledger.pool.query(
                "UPDATE unit SET bed_type = 'crisis', max_leg_days = 3 WHERE id IN ('u1', 'u3')")
            try await api.ledger.pool.query("UPDATE unit SET sexes = '{male}' WHERE id = 'u1'")
            let made = try await api.post("requests", TestAPI.request("r1"), as: TestAPI.coordinator)
            #expect(made.status == 201, "\(made.text)")
            try await api.time("2026-01-05T23:00:00+01:00")
            let known = #"{"request": "n2", "victims": ["r1-1"], "unit": "u1"}"#
            for (night, actor, rule) in [
                (Self.night, TestAPI.police, "admission"), (known, TestAPI.coordinator, "admission"),
                (Self.night.replacing("u1", with: "u2"), TestAPI.police, "night_placement_bed"),
            ] {
                let refused = try await api.post("nights", night, as: actor)
                #expect(refused.status == 409, "\(refused.text)")
                let problem = try refused.problem()
                #expect(problem.rules?.map(\.rule) == [rule] && problem.alternatives == ["u3"], "\(refused.text)")
            }
            // Which beds would do tells of a victim.
            let stranger = try await api.post("nights", known, as: TestAPI.otherPolice)
            #expect([403, 409].contains(stranger.status), "\(stranger.text)")
            #expect(try stranger.problem().alternatives == nil, "\(stranger.text)")
        }
    }

    @Test func `Nobody is placed for no nights`() async throws {
        try await TestAPI.withCases { api in
            let none = Self.night.replacing("\"nights\": 2", with: "\"nights\": 0")
            let refused = try await api.post("nights", none, as: TestAPI.police)
            #expect(try refused.problem().pointer == "/nights")
        }
    }
}
