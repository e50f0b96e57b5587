import CareChain
import Foundation
import HTTPTypes
import Ledger

extension Operation {
    /// Who is where: a request's placement has the request's identifier and version.
    static var placements: [Operation] {
        [
            Operation(
                .get, "/v1/placements", id: "listPlacements", scope: "placements:read", query: StayQuery.self,
                content: PageBody<StayBody>.self
            ) { call in
                Answer(
                    PageBody(
                        try await call.ledger.placements(call.query.filter, call.query.page(), as: call.actor),
                        StayBody.init))
            },
            Operation(
                .get, "/v1/placements/{id}", id: "getPlacement", scope: "placements:read", content: PlacementBody.self
            ) { call in
                let id = RequestID(try call.path("id"))
                let request = try await call.ledger.summary(of: id, as: call.actor)
                let stays = try await call.ledger.placements(
                    StayFilter(request: id, alsoOver: true), .all, as: call.actor
                ).elements
                guard !stays.isEmpty else { throw Problem(.notFound) }
                return Answer(PlacementBody(request, stays), version: Version(request.version))
            },
            Operation(
                .post, "/v1/placements/{id}/arrive", id: "arrive", scope: "placements:write",
                content: RequestStep.self, takesKey: true, needsVersion: true
            ) { call in
                let id = try await call.seenRequest()
                try await call.ledger(expecting: .request(id)).arrive(id, by: call.actor, key: call.key)
                return try await call.answer(to: id)
            },
            Operation(
                .post, "/v1/placements/{id}/break", id: "breakAgreement", scope: "placements:write",
                body: Reason.self, content: RequestStep.self, takesKey: true, needsVersion: true
            ) { call in
                let id = try await call.seenRequest()
                try await call.ledger(expecting: .request(id)).breakAgreement(
                    id, reason: call.body.reason, by: call.actor, key: call.key)
                return try await call.answer(to: id)
            },
            Operation(
                .post, "/v1/placements/{id}/end", id: "endPlacement", scope: "placements:write", body: Ending.self,
                content: RequestStep.self, takesKey: true, needsVersion: true
            ) { call in
                let id = try await call.seenRequest()
                try await call.ledger(expecting: .request(id)).end(
                    id, victim: call.body.victim.map { VictimID($0) }, on: call.body.day, reason: call.body.reason,
                    by: call.actor, key: call.key)
                return try await call.answer(to: id)
            },
        ]
    }
}

struct StayQuery: Codable, Sendable, PageQuery {
    let request: String?
    let victim: String?
    let unit: String?
    let shelter: String?
    let all: Bool?
    let limit: Int?
    let cursor: String?

    var filter: StayFilter {
        StayFilter(
            request: request.map { RequestID($0) }, victim: victim.map { VictimID($0) }, unit: unit.map { UnitID($0) },
            shelter: shelter.map { ShelterID($0) }, alsoOver: all ?? false)
    }
}

struct Ending: Codable, Sendable {
    let day: CalendarDate
    let reason: String
    let victim: String?
}

struct PlacementBody: Codable, Sendable {
    let request: String
    let state: RequestState
    let stays: [StayBody]

    init(_ request: RequestSummary, _ stays: [StayRecord]) {
        self.request = request.id
        state = request.state
        self.stays = stays.map(StayBody.init)
    }
}
