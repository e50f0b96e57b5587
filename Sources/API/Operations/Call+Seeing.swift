import CareChain
import Ledger

extension Call {
    /// Looks at a thing as the caller before a step is made on it: what they may not see is not there for them.
    ///
    /// A step that was made with the same key may have taken the thing out of the caller's sight; it answers as it did.
    ///
    /// - Throws: ``LedgerError``; `noSuch`.
    func see(_ look: (Ledger, Actor) async throws(LedgerError) -> Void) async throws {
        let actor = try actor
        do {
            try await look(ledger, actor)
        } catch LedgerError.noSuch(let kind, let id) {
            guard let key, try await ledger.hasUsed(key, actor) else { throw LedgerError.noSuch(kind: kind, id: id) }
        }
    }

    /// Looks at the request that the path names.
    ///
    /// - Throws: ``LedgerError``; `noSuch`.
    func seenRequest() async throws -> RequestID {
        let id = RequestID(try path("id"))
        try await see { ledger, actor throws(LedgerError) in _ = try await ledger.summary(of: id, as: actor) }
        return id
    }

    /// The number that the path names.
    ///
    /// - Throws: `notFound`: it is no number.
    func number() throws(Problem) -> Int {
        guard let number = Int(try path("id")) else { throw Problem(.notFound) }
        return number
    }
}
