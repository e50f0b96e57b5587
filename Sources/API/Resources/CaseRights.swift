import CareChain
import HTTPTypes
import Ledger

extension Operation {
    /// What a victim may ask of the record: to have it all, and to be forgotten (GDPR, articles 15 and 17).
    static var caseRights: [Operation] {
        [
            Operation(
                "/v1/cases/{id}/export", id: "exportCase", mediaType: "application/json", scope: "cases:export"
            ) { exchange in
                let call = Call(exchange: exchange, query: Nothing(), body: Nothing(), key: nil, version: nil)
                let (victim, actor, keys) = (VictimID(try call.path("id")), try call.actor, try call.keys)
                try await call.ledger.checkIsKnown(victim, to: actor)
                return String(
                    decoding: try await call.ledger.export(case: victim, as: actor, keys: keys), as: UTF8.self)
            },
            Operation(
                .delete, "/v1/cases/{id}", id: "eraseCase", scope: "cases:erase", content: ErasureBody.self
            ) { call in
                let (victim, actor) = (VictimID(try call.path("id")), try call.actor)
                try await call.ledger.checkIsKnown(victim, to: actor)
                return Answer(ErasureBody(try await call.ledger.erase(case: victim, as: .actor(actor))))
            },
        ]
    }
}

extension Ledger {
    /// Finds out whether an actor may know that there is a case, since whether there is one is secret as well.
    ///
    /// - Throws: ``LedgerError``; `noSuch`.
    fileprivate func checkIsKnown(_ victim: VictimID, to actor: Actor) async throws(LedgerError) {
        do {
            _ = try await caseRecord(of: victim, as: actor)
        } catch .notDisclosed {
            throw .noSuch(kind: "case", id: victim.text)
        }
    }
}

/// What the case is called now, which nothing ties to what it was called, and the runs from which it was taken out.
struct ErasureBody: Codable, Sendable {
    let newName: String
    let blankedRuns: [Int]

    init(_ erasure: Erasure) {
        newName = erasure.newName.text
        blankedRuns = erasure.blankedRuns
    }
}
