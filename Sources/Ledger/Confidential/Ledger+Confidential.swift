public import CareChain
public import Foundation
import Postgres

/// What is confidential of a victim.
public enum ConfidentialCategory: String, CaseIterable, Sendable {
    /// Who it is.
    case identity
    /// What care must know.
    case health
}

/// A confidential text about a victim, opened.
public struct ConfidentialField: Sendable, Equatable {
    /// What it is: `family-name`, `medication`, ….
    public let field: String
    /// What it says.
    public let text: String
    /// Who wrote it, `ROLE/ID`.
    public let reportedBy: String
    /// When.
    public let writtenAt: Date
}

extension Ledger {
    /// Reads what is confidential of a victim, and leaves a note of it in the audit trail, also when refused.
    ///
    /// - Throws: ``LedgerError``; `notDisclosed`, `keys`.
    public func confidential(
        _ category: ConfidentialCategory, of victim: VictimID, as actor: Actor, keys: KeyRing
    ) async throws(LedgerError) -> [ConfidentialField] {
        let disclosed: [ConfidentialField]? = try await transaction(.readCommitted, as: .actor(actor)) { connection in
            let rows = try await connection.query(
                """
                SELECT field, reported_by, key_id, ciphertext, written_at
                FROM confidential.read(\(victim.text), \(category.rawValue))
                """)
            let mayReport: Bool = try await connection.query(
                """
                SELECT access.may(\(victim.text), \(category.rawValue))
                    OR confidential.may_report(\(victim.text), \(category.rawValue)) AS may
                """
            ).one()["may"]
            // Not thrown here: that would roll the note back.
            guard mayReport else { return nil }
            return try rows.map { row in
                let (field, reportedBy): (String, String) = (try row["field"], try row["reported_by"])
                let value = SealedValue(keyID: try row["key_id"], ciphertext: try row["ciphertext"])
                let place = SealedPlace.field(
                    victim: victim.text, category: category.rawValue, field: field, reportedBy: reportedBy)
                return ConfidentialField(
                    field: field, text: try value.open(in: place, with: keys), reportedBy: reportedBy,
                    writtenAt: try row["written_at"])
            }
        }
        guard let disclosed else { throw .notDisclosed("\(category.rawValue) of victim \(victim)", to: actor) }
        return disclosed
    }

    /// Writes a confidential text about a victim, in place of what the same actor wrote there before.
    ///
    /// - Throws: ``LedgerError``; `denied`.
    public func write(
        _ text: String, as field: String, in category: ConfidentialCategory, of victim: VictimID, as actor: Actor,
        keys: KeyRing
    ) async throws(LedgerError) {
        try await transaction(.readCommitted, as: .actor(actor)) { connection in
            let place = SealedPlace.field(
                victim: victim.text, category: category.rawValue, field: field, reportedBy: actor.description)
            let value = try SealedValue(text, for: place, with: keys)
            try await connection.query(
                """
                SELECT confidential.write(
                    \(victim.text), \(category.rawValue), \(field), \(value.keyID), \(value.ciphertext))
                """)
        }
    }

    /// Reads the address of a shelter, and leaves a note of it in the audit trail, also when refused.
    ///
    /// - Returns: The address; nil when none is on record.
    /// - Throws: ``LedgerError``; `notDisclosed`, `keys`.
    public func address(of shelter: ShelterID, as actor: Actor, keys: KeyRing) async throws(LedgerError) -> String? {
        let (may, address): (Bool, String?) = try await transaction(
            .readCommitted, as: .actor(actor)
        ) { connection in
            let rows = try await connection.query(
                "SELECT key_id, ciphertext FROM confidential.read_address(\(shelter.text))")
            let may: Bool = try await connection.query(
                "SELECT confidential.may_see_address(\(shelter.text)) AS may"
            ).one()["may"]
            let value = try rows.first.map { SealedValue(keyID: try $0["key_id"], ciphertext: try $0["ciphertext"]) }
            return (may, try value?.open(in: .address(shelter: shelter.text), with: keys))
        }
        guard may else { throw .notDisclosed("the address of shelter \(shelter)", to: actor) }
        return address
    }

    /// Writes a shelter's address: the shelter itself, or the program when it takes reference data in.
    ///
    /// - Throws: ``LedgerError``; `denied`.
    public func write(
        address: String, of shelter: ShelterID, as acting: Acting, keys: KeyRing
    ) async throws(LedgerError) {
        try await transaction(.readCommitted, as: acting) { connection in
            let value = try SealedValue(address, for: .address(shelter: shelter.text), with: keys)
            try await connection.query(
                "SELECT confidential.write_address(\(shelter.text), \(value.keyID), \(value.ciphertext))")
        }
    }

    /// Seals with the current key what an earlier one sealed, a batch in each transaction: broken off, it goes on where it
    /// was when it is run again.
    ///
    /// - Parameter actor: The operator; nil: whoever has the machine.
    /// - Returns: How many values were sealed anew.
    /// - Throws: ``LedgerError``; `keys` when one is missing; `notAllowed`.
    public func rotateKeys(
        _ keys: KeyRing, batch: Int = 200, by actor: Actor? = nil
    ) async throws(LedgerError) -> Int {
        let acting = try Self.operating(actor, "changes keys")
        var total = 0
        while true {
            let done: Int = try await transaction(.readCommitted, as: acting) { connection in
                let rows = try await connection.query(
                    """
                    SELECT victim, category, field, reported_by, shelter, key_id, ciphertext
                    FROM confidential.sealed_otherwise(\(keys.currentID), \(batch))
                    """)
                for row in rows { try await Self.sealAnew(row, keys, on: connection) }
                let secrets = try await connection.query(
                    """
                    SELECT webhook::text AS webhook, key_id, ciphertext
                    FROM confidential.webhook_secrets_otherwise(\(keys.currentID), \(batch))
                    """)
                for row in secrets { try await Self.sealSecretAnew(row, keys, on: connection) }
                return rows.count + secrets.count
            }
            if done == 0 { return total }
            total += done
        }
    }

    private static func sealAnew(_ row: Row, _ keys: KeyRing, on connection: Connection) async throws {
        let (victim, category): (String?, String?) = (try row["victim"], try row["category"])
        let (field, reportedBy): (String?, String?) = (try row["field"], try row["reported_by"])
        let shelter: String? = try row["shelter"]
        let place: SealedPlace
        if let victim, let category, let field, let reportedBy {
            place = .field(victim: victim, category: category, field: field, reportedBy: reportedBy)
        } else {
            place = .address(shelter: shelter ?? "")
        }
        let old = SealedValue(keyID: try row["key_id"], ciphertext: try row["ciphertext"])
        let new = try SealedValue(try old.open(in: place, with: keys), for: place, with: keys)
        // `as`, because the compiler takes an interpolated Optional for a slip.
        try await connection.query(
            """
            SELECT confidential.seal_anew(
                \(victim as String?), \(category as String?), \(field as String?), \(reportedBy as String?),
                \(shelter as String?), \(new.keyID), \(new.ciphertext))
            """)
    }

    private static func sealSecretAnew(_ row: Row, _ keys: KeyRing, on connection: Connection) async throws {
        let webhook: String = try row["webhook"]
        let old = SealedValue(keyID: try row["key_id"], ciphertext: try row["ciphertext"])
        let new = try SealedValue(
            try old.open(in: .webhook(webhook), with: keys), for: .webhook(webhook), with: keys)
        try await connection.query(
            "SELECT confidential.keep_webhook_secret(\(webhook)::uuid, \(new.keyID), \(new.ciphertext))")
    }

    /// Which keys sealed what is there, and how many values each.
    ///
    /// - Parameter actor: The operator; nil: whoever has the machine.
    /// - Throws: ``LedgerError``; `notAllowed`.
    public func keysInUse(by actor: Actor? = nil) async throws(LedgerError) -> [(id: String, values: Int)] {
        let acting = try Self.operating(actor, "sees which keys are in use")
        return try await transaction(.readCommitted, readOnly: true, as: acting) { connection in
            try await connection.query("SELECT key_id, fields FROM confidential.keys_in_use()").map { row in
                (id: try row["key_id"], values: try row["fields"])
            }
        }
    }
}
