import Crypto
public import Foundation
import Postgres

extension Ledger {
    /// What every token begins with, so that one that leaked is recognised.
    public static let tokenPrefix = "ond_"

    /// Makes a token.
    ///
    /// - Parameters:
    ///   - holder: For whom it acts.
    ///   - scopes: What of the role's rights it may use; `*` is all of them.
    ///   - expiry: From when on it is worth nothing.
    ///   - name: What it is for; nobody's name.
    ///   - actor: The operator.
    /// - Returns: The token with its secret, which is not kept.
    /// - Throws: ``LedgerError``; `notAllowed`.
    public func issueToken(
        for holder: Actor, scopes: [String], expires expiry: Date, name: String? = nil, by actor: Actor
    ) async throws(LedgerError) -> IssuedToken {
        try Self.check(actor, is: [.admin], for: "issues tokens")
        // 256 random bits: no guessing, so a fast hash protects them, and no salt is needed.
        let bits = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        let secret = Self.tokenPrefix + bits.base64URL
        let id: Int = try await transaction(.readCommitted, as: .actor(actor)) { connection in
            try await connection.query(
                """
                INSERT INTO access.token (hash, role, actor, scopes, name, expires_at)
                VALUES (\(Self.hash(of: secret)), \(holder.role.rawValue), \(holder.id), \(scopes),
                    \(name as String?), \(expiry))
                RETURNING id
                """
            ).one()["id"]
        }
        return IssuedToken(id: id, token: secret)
    }

    /// All tokens, without their secrets, the newest first.
    ///
    /// - Throws: ``LedgerError``; `notAllowed`.
    public func tokens(as actor: Actor) async throws(LedgerError) -> [AccessToken] {
        try Self.check(actor, is: [.admin], for: "sees tokens")
        return try await view(as: actor) { connection in
            try await connection.query(
                """
                SELECT t.id, t.role, t.actor, t.scopes, t.name, t.issued_at, t.expires_at, t.revoked_at, u.last_used_at
                FROM access.token AS t LEFT JOIN access.token_use AS u ON u.token = t.id ORDER BY t.id DESC
                """
            ).map { row in
                AccessToken(
                    id: try row["id"],
                    actor: "\(try row["role", as: String.self])/\(try row["actor", as: String.self])",
                    scopes: try row["scopes"], name: try row["name"], issuedAt: try row["issued_at"],
                    expiresAt: try row["expires_at"], revokedAt: try row["revoked_at"],
                    lastUsedAt: try row["last_used_at"])
            }
        }
    }

    /// Takes a token back, at once; one that was taken back already stays so.
    ///
    /// - Throws: ``LedgerError``; `notAllowed`, `noSuch`.
    public func revokeToken(_ id: Int, by actor: Actor) async throws(LedgerError) {
        try Self.check(actor, is: [.admin], for: "takes tokens back")
        try await transaction(.readCommitted, as: .actor(actor)) { connection in
            let rows = try await connection.query(
                "UPDATE access.token SET revoked_at = coalesce(revoked_at, now()) WHERE id = \(id) RETURNING id")
            if rows.isEmpty { throw LedgerError.noSuch(kind: .token, id: String(id)) }
        }
    }

    /// Looks a token up by its hash, and notes that it was used, once a minute at most.
    ///
    /// It asks as the program's login itself, whose only right to tokens this is.
    /// - Throws: ``LedgerError``
    public func lookUpToken(_ secret: String) async throws(LedgerError) -> TokenLookup {
        do {
            let hash = SHA256.hash(data: Data(secret.utf8))
            let row = try await pool.query("SELECT * FROM access.token_holder(\(Data(hash)))").one()
            guard let state: String = try row["state"], let id: Int = try row["id"], let found: Data = try row["hash"],
                let role = Role(rawValue: try row["role", as: String?.self] ?? ""),
                let actor: String = try row["actor"], let scopes: [String] = try row["scopes"]
            else { return .unknown }
            // Compared once more in constant time: how long the index took tells at most of hashes, not of secrets.
            guard hash == found else { return .unknown }
            switch state {
            case "valid":
                return .valid(TokenHolder(token: id, actor: Actor(role: role, id: actor), scopes: Set(scopes)))
            case "expired": return .expired
            default: return .revoked
            }
        } catch {
            throw LedgerError(error)
        }
    }

    private static func hash(of secret: String) -> Data { Data(SHA256.hash(data: Data(secret.utf8))) }
}

extension Data {
    /// Base 64 for addresses and headers, without padding (RFC 4648, 5).
    fileprivate var base64URL: String {
        base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
