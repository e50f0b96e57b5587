import CareChain
import Ledger
import NIOHTTP1
import Testing

@testable import API

@Suite struct PlacementTests {
    @Test func `Those who are placed are listed, move after a handover, and leave`() async throws {
        try await TestAPI.withCases { api in
            try await api.placed("r1", unit: "u1")
            let listed = try await api.get("placements?shelter=s1", as: TestAPI.shelter)
            #expect(try listed.decoded(PageBody<StayBody>.self).items.map(\.unit) == ["u1"])
            #expect(try await api.get("placements/r1", as: TestAPI.desk).decoded(PlacementBody.self).state == .placed)

            let wanted = try await api.post("placements/r1/transfer", #"{"reason": "safety"}"#, as: TestAPI.shelter)
            #expect(wanted.status == 201, "\(wanted.text)")
            let moved = try await api.post(
                "placements/r1/move", #"{"unit": "u2", "day": "2026-01-12", "reason": "safety"}"#, as: TestAPI.desk)
            #expect(moved.status == 201, "\(moved.text)")
            let offer = try moved.decoded(OfferStep.self).offer
            #expect(try await api.post("offers/\(offer)/accept", "{}", as: TestAPI.otherShelter).status == 200)
            let transfers = try await api.get("transfers?request=r1", as: TestAPI.desk)
            #expect(try transfers.decoded(PageBody<TransferBody>.self).items.map(\.state) == [.agreed])

            try await api.time("2026-01-12T12:00:00+01:00")
            let first = try await api.post(
                "placements/r1/handover",
                #"""
                {"dossierSent": true, "medication": true, "transportFrom": "north", "transportTo": "south",
                 "transportAt": "2026-01-12T14:00:00+01:00", "transportBy": "taxi"}
                """#, as: TestAPI.shelter)
            #expect(try first.decoded(HandoverStep.self).fields == [.dossierReceived], "\(first.text)")
            #expect(try first.decoded(HandoverStep.self).missing == ["dossier received"])
            let dutch = try await api.send(
                .POST, "/v1/placements/r1/handover", as: try await api.token(TestAPI.shelter),
                headers: ["If-Match": "*", "Accept-Language": "nl"], json: "{}")
            #expect(try dutch.decoded(HandoverStep.self).fields == [.dossierReceived], "\(dutch.text)")
            #expect(try dutch.decoded(HandoverStep.self).missing == ["dossier ontvangen"])
            let second = try await api.post(
                "placements/r1/handover", #"{"dossierReceived": true}"#, as: TestAPI.desk)
            #expect(try second.decoded(HandoverStep.self).missing.isEmpty, "\(second.text)")
            let ended = try await api.post(
                "placements/r1/end", #"{"day": "2026-01-12", "reason": "house"}"#, as: TestAPI.desk)
            #expect(ended.status == 200, "\(ended.text)")
        }
    }

    @Test func `A move against a rule is refused with what would do instead`() async throws {
        try await TestAPI.withCases { api in
            let avoiding = TestAPI.request("r1").replacing(
                #""phase": "reflection""#, with: #""phase": "reflection", "avoidRegions": ["south"]"#)
            _ = try await api.post("requests", avoiding, as: TestAPI.coordinator)
            let offer = try await api.post("offers", TestAPI.offer("r1", unit: "u1"), as: TestAPI.desk)
            let number = try offer.decoded(OfferStep.self).offer
            #expect(try await api.post("offers/\(number)/accept", "{}", as: TestAPI.shelter).status == 200)
            #expect(try await api.post("placements/r1/arrive", as: TestAPI.shelter).status == 200)
            let refused = try await api.post(
                "placements/r1/move", #"{"unit": "u2", "day": "2026-01-12", "reason": "safety"}"#, as: TestAPI.desk)
            #expect(try refused.problem().rules?.map(\.rule) == ["avoid"], "\(refused.text)")
            #expect(try refused.problem().alternatives == ["u3"])
        }
    }

    @Test func `A move is given up, and an agreement broken before anybody came`() async throws {
        try await TestAPI.withCases { api in
            try await api.placed("r1", unit: "u1")
            _ = try await api.post("placements/r1/transfer", #"{"reason": "safety"}"#, as: TestAPI.coordinator)
            let remain = try await api.post("placements/r1/remain", as: TestAPI.coordinator)
            #expect(remain.status == 200, "\(remain.text)")
            let all = try await api.get("transfers?all=true", as: TestAPI.coordinator)
            #expect(try all.decoded(PageBody<TransferBody>.self).items.map(\.state) == [.cancelled])

            let offer = try await api.offered("r2", unit: "u3")
            _ = try await api.post("offers/\(offer)/accept", "{}", as: TestAPI.shelter)
            for _ in 0..<2 {
                // Once broken, the shelter sees the request no more, and hears the same nevertheless.
                let broken = try await api.post(
                    "placements/r2/break", #"{"reason": "no-show"}"#, as: TestAPI.shelter, key: "k")
                #expect(broken.status == 200, "\(broken.text)")
            }
            let request = try await api.get("requests/r2", as: TestAPI.desk).decoded(RequestDetail.self)
            #expect(request.request.state == .submitted)
            #expect(try await api.get("placements/r2", as: TestAPI.desk).status == 404)
        }
    }

    @Test func `A hold on moves keeps people where they are until who made it lifts it`() async throws {
        try await TestAPI.withCases { api in
            try await api.placed("r1", unit: "u1")
            let hold = try await api.post(
                "requests/r1/move-holds", #"{"until": "2026-01-20", "reason": "hearing"}"#, as: TestAPI.coordinator)
            #expect(hold.status == 201, "\(hold.text)")
            let move = #"{"unit": "u2", "day": "2026-01-12", "reason": "wish"}"#
            let held = try await api.post("placements/r1/move", move, as: TestAPI.coordinator)
            #expect(held.status == 409, "\(held.text)")
            #expect(try held.problem().rules?.isEmpty == false)
            let lifted = try await api.post("requests/r1/move-holds/lift", as: TestAPI.coordinator)
            #expect(try lifted.decoded(MoveHoldsLifted.self).lifted == 1, "\(lifted.text)")
            #expect(try await api.post("placements/r1/move", move, as: TestAPI.coordinator).status == 201)
        }
    }
}
