public import Foundation

/// A token with which a system calls the HTTP API, without its secret.
public struct AccessToken: Sendable, Equatable, Codable {
    /// Its number.
    public let id: Int
    /// For whom it acts, `ROLE/ID`.
    public let actor: String
    /// What of the role's rights it may use; `*` is all of them.
    public let scopes: [String]
    /// What it is for.
    public let name: String?
    /// When it was made.
    public let issuedAt: Date
    /// From when on it is worth nothing.
    public let expiresAt: Date
    /// When it was taken back.
    public let revokedAt: Date?
    /// When it was used last, to the minute.
    public let lastUsedAt: Date?
}

/// A new token, the only time that its secret is shown.
public struct IssuedToken: Sendable, Equatable, Codable {
    /// Its number.
    public let id: Int
    /// The secret.
    public let token: String
}

/// Whom a token acts for.
public struct TokenHolder: Sendable, Equatable {
    /// The token's number.
    public let token: Int
    /// For whom.
    public let actor: Actor
    /// What of the role's rights it may use.
    public let scopes: Set<String>
}

/// What came of looking a token up.
public enum TokenLookup: Sendable, Equatable {
    /// It may be used.
    case valid(TokenHolder)
    /// It has expired.
    case expired
    /// It was taken back.
    case revoked
    /// There is none.
    case unknown
}
