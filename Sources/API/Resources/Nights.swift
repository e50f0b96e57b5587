import CareChain
import Foundation
import HTTPTypes
import Ledger

extension Operation {
    /// Emergency beds when the desk is closed.
    static var nights: [Operation] {
        [
            Operation(
                .get, "/v1/nights", id: "listNights", scope: "nights:read", query: NightQuery.self,
                content: PageBody<NightBody>.self
            ) { call in
                let found = try await call.ledger.nights(
                    unconfirmedOnly: !(call.query.all ?? false), call.query.page(), as: call.actor)
                return Answer(PageBody(found, NightBody.init))
            },
            Operation(
                .post, "/v1/nights", id: "placeForTheNight", scope: "nights:write", body: NightMaking.self,
                content: RequestStep.self, success: .created, takesKey: true
            ) { call in
                let request = RequestID(call.body.request)
                let new = try VictimMaking.victims(call.body.newVictims ?? [])
                let victims = try VictimMaking.together(call.body.victims, new)
                let nights = try call.body.nightCount()
                try await call.givingBeds {
                    try await call.ledger.placeForTheNight(
                        victims, newVictims: new, in: UnitID(call.body.unit), nights: nights, as: request,
                        by: call.actor, key: call.key)
                } orElse: {
                    try await call.ledger.findForTheNight(victims, newVictims: new, nights: nights, as: call.actor)
                }
                return Answer(RequestStep(request: request.text, state: .placed), location: request.location)
            },
            Operation(
                .post, "/v1/nights/{id}/confirm", id: "confirmNight", scope: "nights:write",
                content: RequestStep.self, takesKey: true, needsVersion: true
            ) { call in
                let id = try await call.seenRequest()
                try await call.ledger(expecting: .request(id)).confirmNight(id, by: call.actor, key: call.key)
                return try await call.answer(to: id)
            },
        ]
    }
}

struct NightQuery: Codable, Sendable, PageQuery {
    let all: Bool?
    let limit: Int?
    let cursor: String?
}

struct NightMaking: Codable, Sendable {
    let request: String
    let victims: [String]?
    let newVictims: [VictimMaking]?
    let unit: String
    let nights: Int?

    /// - Throws: ``Problem`` with the field.
    func nightCount() throws(Problem) -> Int {
        guard (1...1000).contains(nights ?? 1) else {
            throw .invalid("/nights", english: "nights are 1 to 1000", dutch: "nachten zijn er 1 tot 1000")
        }
        return nights ?? 1
    }
}

struct NightBody: Codable, Sendable {
    let request: String
    let victims: [String]
    let unit: String
    let from: CalendarDate
    let until: CalendarDate
    let placedAt: Date
    let placedBy: String
    let confirmedBy: String?

    init(_ night: NightRecord) {
        request = night.request
        victims = night.victims
        unit = night.unit
        from = night.from
        until = night.until
        placedAt = night.placedAt
        placedBy = night.placedBy
        confirmedBy = night.confirmedBy
    }
}
