import CareChain
import Foundation
import HTTPTypes
import Ledger

extension Operation {
    /// Moves of those who are placed, from the wish to the handover.
    static var transfers: [Operation] {
        [
            Operation(
                .get, "/v1/transfers", id: "listTransfers", scope: "placements:read", query: TransferQuery.self,
                content: PageBody<TransferBody>.self
            ) { call in
                let found = try await call.ledger.transfers(
                    of: call.query.request.map { RequestID($0) }, openOnly: !(call.query.all ?? false),
                    call.query.page(), as: call.actor)
                return Answer(PageBody(found, TransferBody.init))
            },
            Operation(
                .post, "/v1/placements/{id}/transfer", id: "wantTransfer", scope: "placements:write",
                body: Reason.self, content: TransferWanted.self, success: .created, takesKey: true, needsVersion: true
            ) { call in
                let id = try await call.seenRequest()
                let transfer = try await call.ledger(expecting: .request(id)).wantTransfer(
                    of: id, reason: call.body.reason, by: call.actor, key: call.key)
                return Answer(TransferWanted(transfer: transfer), version: try await call.answer(to: id).version)
            },
            Operation(
                .post, "/v1/placements/{id}/move", id: "offerMove", scope: "placements:write", body: Moving.self,
                content: OfferStep.self, success: .created, takesKey: true, needsVersion: true
            ) { call in
                let id = try await call.seenRequest()
                let answer = try await call.givingBeds(for: id, movingOn: call.body.day) {
                    try await call.ledger(expecting: .request(id)).offerMove(
                        of: id, to: UnitID(call.body.unit), on: call.body.day, reason: call.body.reason,
                        overrides: (call.body.overrides ?? []).map(\.ruleOverride), by: call.actor, key: call.key)
                }
                return try await call.answer(to: answer)
            },
            Operation(
                .post, "/v1/placements/{id}/handover", id: "handOver", scope: "placements:write",
                body: HandoverBody.self, content: HandoverStep.self, takesKey: true, needsVersion: true
            ) { call in
                let id = try await call.seenRequest()
                let missing = try await call.ledger(expecting: .request(id)).handOver(
                    id, call.body.items, by: call.actor, key: call.key)
                return Answer(HandoverStep(missing, in: call.language), version: try await call.answer(to: id).version)
            },
            Operation(
                .post, "/v1/placements/{id}/remain", id: "cancelTransfer", scope: "placements:write",
                content: RequestStep.self, takesKey: true, needsVersion: true
            ) { call in
                let id = try await call.seenRequest()
                try await call.ledger(expecting: .request(id)).cancelTransfer(of: id, by: call.actor, key: call.key)
                return try await call.answer(to: id)
            },
        ]
    }
}

struct TransferQuery: Codable, Sendable, PageQuery {
    let request: String?
    let all: Bool?
    let limit: Int?
    let cursor: String?
}

struct TransferWanted: Codable, Sendable {
    let transfer: Int
}

struct Moving: Codable, Sendable {
    let unit: String
    let day: CalendarDate
    let reason: String
    let overrides: [OverrideBody]?
}

struct HandoverBody: Codable, Sendable {
    let dossierSent: Bool?
    let dossierReceived: Bool?
    let medication: Bool?
    let transportFrom: String?
    let transportTo: String?
    let transportAt: Date?
    let transportBy: String?

    var items: HandoverItems {
        var items = HandoverItems()
        items.dossierSent = dossierSent ?? false
        items.dossierReceived = dossierReceived ?? false
        items.medication = medication ?? false
        items.transportFrom = transportFrom.map { RegionID($0) }
        items.transportTo = transportTo.map { RegionID($0) }
        items.transportAt = transportAt
        items.transportBy = transportBy
        return items
    }
}

/// What is still missing of a handover, as fields of the body that tells of it, and in words.
struct HandoverStep: Codable, Sendable {
    enum Field: String, CaseIterable, Codable, Sendable {
        case dossierSent, dossierReceived, medication, transportFrom, transportTo, transportAt, transportBy

        init(_ item: HandoverItem) {
            self =
                switch item {
                case .dossierSent: .dossierSent
                case .dossierReceived: .dossierReceived
                case .medication: .medication
                case .transportFrom: .transportFrom
                case .transportTo: .transportTo
                case .transportAt: .transportAt
                case .transportBy: .transportBy
                }
        }
    }

    let fields: [Field]
    let missing: [String]

    init(_ items: [HandoverItem], in language: Language) {
        fields = items.map(Field.init)
        missing = items.map { $0.words.in(language) }
    }
}

struct TransferBody: Codable, Sendable {
    let id: Int
    let request: String
    let reason: String
    let wantedAt: Date
    let wantedBy: String
    let state: TransferRecord.State
    let offer: Int?
    let dossierSentAt: Date?
    let dossierReceivedAt: Date?
    let medicationAt: Date?
    let transportFrom: String?
    let transportTo: String?
    let transportAt: Date?
    let transportBy: String?
    let completedAt: Date?

    init(_ transfer: TransferRecord) {
        id = transfer.id
        request = transfer.request
        reason = transfer.reason
        wantedAt = transfer.wantedAt
        wantedBy = transfer.wantedBy
        state = transfer.state
        offer = transfer.offer
        dossierSentAt = transfer.dossierSentAt
        dossierReceivedAt = transfer.dossierReceivedAt
        medicationAt = transfer.medicationAt
        transportFrom = transfer.transportFrom
        transportTo = transfer.transportTo
        transportAt = transfer.transportAt
        transportBy = transfer.transportBy
        completedAt = transfer.completedAt
    }
}
