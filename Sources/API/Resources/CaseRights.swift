import CareChain
import HTTPTypes
import Ledger

extension Operation {
    /// What a victim may ask of the record: to have it all, and to be forgotten (GDPR, articles 15 and 17).
    static var caseRights: [Operation] {
        [
            Operation(
                "/v1/cases/{id}/export", id: "exportCase", mediaType: "application/json", scope: "cases:export",
                content: ShapeProbe.shape(of: CaseExport.self)
            ) { exchange in
                let call = Call(exchange: exchange, query: Nothing(), body: Nothing(), key: nil, version: nil)
                let (victim, actor, keys) = (VictimID(try call.path("id")), try call.actor, try call.keys)
                try await call.ledger.checkIsKnown(victim, to: actor)
                return String(
                    decoding: try await call.ledger.export(case: victim, as: actor, keys: keys), as: UTF8.self)
            },
            Operation(
                .delete, "/v1/cases/{id}", id: "eraseCase", scope: "cases:erase", content: ErasureBody.self,
                takesKey: true
            ) { call in
                let victim = VictimID(try call.path("id"))
                try await call.see { ledger, actor throws(LedgerError) in
                    try await ledger.checkIsKnown(victim, to: actor)
                }
                return Answer(
                    ErasureBody(
                        blankedRuns: try await call.ledger.erase(case: victim, by: call.actor, key: call.key)))
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
            throw .noSuch(kind: .caseRecord, id: victim.text)
        }
    }
}

/// The runs from which the case was taken out; not what it is called now, which nothing ties to what it was called.
struct ErasureBody: Codable, Sendable {
    let blankedRuns: [Int]
}
