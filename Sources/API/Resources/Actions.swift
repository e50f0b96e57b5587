import CareChain
import Foundation
import HTTPTypes
import Ledger

extension Operation {
    /// Beds for what the police plan, under embargo.
    static var actions: [Operation] {
        [
            Operation(
                .get, "/v1/actions", id: "listActions", scope: "actions:read", query: ActionQuery.self,
                content: PageBody<ActionBody>.self
            ) { call in
                Answer(PageBody(try await call.ledger.actions(call.query.page(), as: call.actor), ActionBody.init))
            },
            Operation(
                .get, "/v1/actions/{id}", id: "getAction", scope: "actions:read", content: ActionBody.self
            ) { call in
                let id = try call.number()
                let action = try await call.ledger.actions(as: call.actor).first { $0.id == id }
                guard let action else { throw Problem(.notFound) }
                return Answer(ActionBody(action), version: Version(action.version))
            },
            Operation(
                .post, "/v1/actions", id: "planAction", scope: "actions:write", body: ActionMaking.self,
                content: ActionMade.self, success: .created, takesKey: true
            ) { call in
                let days = try Self.days(from: call.body.from, until: call.body.until)
                let action = try await call.ledger.planAction(
                    call.body.actionNeeds(), over: days, endsAt: call.body.endsAt, by: call.actor, key: call.key)
                return Answer(ActionMade(action: action), location: "/v1/actions/\(action)")
            },
            Operation(
                .post, "/v1/actions/{id}/lift", id: "liftAction", scope: "actions:write", content: ActionMade.self,
                takesKey: true, needsVersion: true
            ) { call in
                let id = try call.number()
                try await call.see { ledger, actor throws(LedgerError) in
                    guard try await ledger.actions(as: actor).contains(where: { $0.id == id }) else {
                        throw .noSuch(kind: .action, id: String(id))
                    }
                }
                try await call.ledger(expecting: .action(id)).liftAction(id, by: call.actor, key: call.key)
                return Answer(ActionMade(action: id))
            },
            Operation(
                .get, "/v1/embargoed-beds", id: "getEmbargoedBeds", scope: "actions:read", content: EmbargoedBeds.self
            ) { call in
                Answer(EmbargoedBeds(beds: try await call.ledger.embargoedBeds(as: call.actor)))
            },
        ]
    }
}

struct ActionQuery: Codable, Sendable, PageQuery {
    let limit: Int?
    let cursor: String?
}

struct ActionMaking: Codable, Sendable {
    let needs: [ActionBody.Need]
    let from: CalendarDate
    let until: CalendarDate
    let endsAt: Date

    /// - Throws: ``Problem`` with the field.
    func actionNeeds() throws(Problem) -> [ActionNeed] {
        guard (1...50).contains(needs.count) else {
            throw .invalid("/needs", english: "there are 1 to 50 needs", dutch: "er zijn 1 tot 50 behoeften")
        }
        var found: [ActionNeed] = []
        for (index, need) in needs.enumerated() {
            let beds = try Operation.countOfBeds(need.beds, at: "/needs/\(index)/beds")
            found.append(ActionNeed(bedType: need.bedType, sex: need.sex, beds: beds))
        }
        return found
    }
}

struct ActionMade: Codable, Sendable {
    let action: Int
}

struct EmbargoedBeds: Codable, Sendable {
    let beds: Int
}

struct ActionBody: Codable, Sendable {
    struct Need: Codable, Sendable {
        let bedType: BedType
        let sex: Sex?
        let beds: Int
    }

    struct Held: Codable, Sendable {
        let unit: String
        let beds: Int
    }

    let id: Int
    let version: Int
    let from: CalendarDate
    let until: CalendarDate
    let endsAt: Date
    let needs: [Need]
    let held: [Held]

    init(_ action: ActionRecord) {
        id = action.id
        version = action.version
        from = action.from
        until = action.until
        endsAt = action.endsAt
        needs = action.needs.map { Need(bedType: $0.bedType, sex: $0.sex, beds: $0.beds) }
        held = action.held.sorted { $0.key < $1.key }.map { Held(unit: $0.key, beds: $0.value) }
    }
}
