import CareChain
import Foundation
import HTTPTypes
import Ledger

extension Operation {
    /// Beds that are kept, and moves that wait.
    static var holds: [Operation] {
        [
            Operation(
                .get, "/v1/holds", id: "listHolds", scope: "holds:read", query: HoldQuery.self,
                content: PageBody<HoldBody>.self
            ) { call in
                Answer(
                    PageBody(
                        try await call.ledger.holds(call.query.filter, call.query.page(), as: call.actor),
                        HoldBody.init))
            },
            Operation(.get, "/v1/holds/{id}", id: "getHold", scope: "holds:read", content: HoldBody.self) { call in
                let hold = try await call.ledger.hold(call.number(), as: call.actor)
                return Answer(HoldBody(hold), version: Version(hold.version))
            },
            Operation(
                .post, "/v1/holds", id: "makeHold", scope: "holds:write", body: HoldMaking.self,
                content: HoldMade.self, success: .created, takesKey: true, problems: [.notFound]
            ) { call in
                let days = try Self.days(from: call.body.from, until: call.body.until)
                let beds = try call.body.beds.map { try Self.countOfBeds($0, at: "/beds") } ?? 1
                let request = call.body.request.map { RequestID($0) }
                if let request {
                    try await call.see { ledger, actor throws(LedgerError) in
                        _ = try await ledger.summary(of: request, as: actor)
                    }
                }
                let hold = try await call.givingBeds(for: request, over: days, besides: call.body.unit) {
                    try await call.ledger.hold(
                        beds, in: UnitID(call.body.unit), over: days, for: request, purpose: call.body.purpose,
                        endsAt: call.body.endsAt, by: call.actor, key: call.key)
                }
                return Answer(HoldMade(hold: hold), location: "/v1/holds/\(hold)")
            },
            Operation(
                .post, "/v1/holds/{id}/release", id: "releaseHold", scope: "holds:write", content: HoldMade.self,
                takesKey: true, needsVersion: true
            ) { call in
                let id = try call.number()
                try await call.see { ledger, actor throws(LedgerError) in _ = try await ledger.hold(id, as: actor) }
                try await call.ledger(expecting: .hold(id)).release(id, by: call.actor, key: call.key)
                return Answer(HoldMade(hold: id))
            },
            Operation(
                .post, "/v1/requests/{id}/move-holds", id: "holdMoves", scope: "holds:write",
                body: MoveHoldMaking.self, content: HoldMade.self, success: .created, takesKey: true,
                needsVersion: true
            ) { call in
                let id = try await call.seenRequest()
                let hold = try await call.ledger(expecting: .request(id)).holdMoves(
                    of: id, until: call.body.until, reason: call.body.reason, by: call.actor, key: call.key)
                return Answer(HoldMade(hold: hold), version: try await call.answer(to: id).version)
            },
            Operation(
                .post, "/v1/requests/{id}/move-holds/lift", id: "liftMoveHolds", scope: "holds:write",
                content: MoveHoldsLifted.self, takesKey: true, needsVersion: true
            ) { call in
                let id = try await call.seenRequest()
                let lifted = try await call.ledger(expecting: .request(id)).liftMoveHolds(
                    of: id, by: call.actor, key: call.key)
                return Answer(MoveHoldsLifted(lifted: lifted), version: try await call.answer(to: id).version)
            },
        ]
    }

    /// Days of a body.
    ///
    /// - Throws: ``Problem`` with the field.
    static func days(from: CalendarDate, until: CalendarDate) throws(Problem) -> Range<CalendarDate> {
        guard from < until else {
            throw .invalid("/until", english: "until must be after from", dutch: "until moet na from zijn")
        }
        return from..<until
    }

    /// A number of beds of a body.
    ///
    /// - Throws: ``Problem`` with the field.
    static func countOfBeds(_ beds: Int, at pointer: String) throws(Problem) -> Int {
        guard (1...1_000_000_000).contains(beds) else {
            throw .invalid(pointer, english: "beds are 1 or more", dutch: "bedden zijn er 1 of meer")
        }
        return beds
    }
}

struct HoldQuery: Codable, Sendable, PageQuery {
    let unit: String?
    let shelter: String?
    let limit: Int?
    let cursor: String?

    var filter: HoldFilter {
        HoldFilter(unit: unit.map { UnitID($0) }, shelter: shelter.map { ShelterID($0) })
    }
}

struct HoldMaking: Codable, Sendable {
    let unit: String
    let beds: Int?
    let from: CalendarDate
    let until: CalendarDate
    let request: String?
    let purpose: String
    let endsAt: Date
}

struct HoldMade: Codable, Sendable {
    let hold: Int
}

struct MoveHoldMaking: Codable, Sendable {
    let until: CalendarDate
    let reason: String
}

struct MoveHoldsLifted: Codable, Sendable {
    let lifted: Int
}

struct HoldBody: Codable, Sendable {
    let id: Int
    let version: Int
    let unit: String
    let beds: Int
    let from: CalendarDate
    let until: CalendarDate
    let request: String?
    let purpose: String?
    let owner: String?
    let endsAt: Date

    init(_ hold: HoldRecord) {
        id = hold.id
        version = hold.version
        unit = hold.unit
        beds = hold.beds
        from = hold.from
        until = hold.until
        request = hold.request
        purpose = hold.purpose
        owner = hold.owner
        endsAt = hold.endsAt
    }
}
