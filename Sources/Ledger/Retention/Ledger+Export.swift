public import CareChain
public import Foundation
import Postgres

extension Ledger {
    /// Everything that the ledger holds about a victim, as JSON for the victim (GDPR, article 15): table by table, what is
    /// confidential opened, and who did and saw what. What concerns others, or an investigation, is left out, and so is
    /// what a row does not say.
    ///
    /// - Throws: ``LedgerError``; `denied`, `keys`.
    public func export(case victim: VictimID, as actor: Actor, keys: KeyRing) async throws(LedgerError) -> Data {
        let told: String = try await transaction(.repeatableRead, as: .actor(actor)) { connection in
            try await connection.query("SELECT access.export_case(\(victim.text)) AS told").one()["told"]
        }
        var opened: [String: JSONTree] = [:]
        for category in ConfidentialCategory.allCases {
            // Whoever may export sees identity; health only where the matrix says so as well.
            guard try await may(see: category.rawValue, of: victim, as: actor) else { continue }
            let fields = try await confidential(category, of: victim, as: actor, keys: keys)
            opened[category.rawValue] = .list(
                fields.map {
                    .object(["field": .text($0.field), "text": .text($0.text), "reportedBy": .text($0.reportedBy)])
                })
        }
        do {
            var all = try JSONDecoder().decode(JSONTree.self, from: Data(told.utf8)).withoutNulls.members
            all["confidential"] = .object(opened)
            all["format"] = .text("onderdak-case/1")
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(JSONTree.object(all))
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

extension JSONTree {
    /// The tree without members that are null.
    fileprivate var withoutNulls: JSONTree {
        switch self {
        case .object(let members): .object(members.filter { $0.value != .null }.mapValues(\.withoutNulls))
        case .list(let elements): .list(elements.map(\.withoutNulls))
        default: self
        }
    }
}
