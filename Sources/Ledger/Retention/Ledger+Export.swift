public import CareChain
public import Foundation
import Postgres

extension Ledger {
    /// Everything that the ledger holds about a victim, as JSON for the victim (GDPR, article 15): table by table, what is
    /// confidential opened, and who did and saw what. What concerns others, or an investigation, is left out.
    ///
    /// - Throws: ``LedgerError``; `denied`, `keys`.
    public func export(case victim: VictimID, as actor: Actor, keys: KeyRing) async throws(LedgerError) -> Data {
        let told: String = try await transaction(.repeatableRead, as: .actor(actor)) { connection in
            try await connection.query("SELECT access.export_case(\(victim.text)) AS told").one()["told"]
        }
        var opened: [String: [[String: String]]] = [:]
        for category in ConfidentialCategory.allCases {
            // Whoever may export sees identity; health only where the matrix says so as well.
            guard try await may(see: category.rawValue, of: victim, as: actor) else { continue }
            opened[category.rawValue] = try await confidential(category, of: victim, as: actor, keys: keys).map {
                ["field": $0.field, "text": $0.text, "reportedBy": $0.reportedBy]
            }
        }
        do {
            guard var all = try JSONSerialization.jsonObject(with: Data(told.utf8)) as? [String: Any] else {
                throw LedgerError.unexpected("the case is no JSON object")
            }
            all["confidential"] = opened
            all["format"] = "onderdak-case/1"
            return try JSONSerialization.data(
                withJSONObject: all, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        } catch {
            throw LedgerError(error)
        }
    }

    /// Whether an actor may see a category of a victim's data in full.
    ///
    /// - Throws: ``LedgerError``
    public func may(see category: String, of victim: VictimID, as actor: Actor) async throws(LedgerError) -> Bool {
        try await transaction(.readCommitted, readOnly: true, as: .actor(actor)) { connection in
            try await connection.query("SELECT access.may(\(victim.text), \(category)) AS may").one()["may"]
        }
    }
}
