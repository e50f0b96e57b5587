import CareChain
public import Foundation
import Ledger

/// How an identity provider's tokens are read: a JSON file with these fields.
public struct IdentityProviderConfiguration: Codable, Sendable {
    /// What `iss` must be.
    public var issuer: String
    /// What `aud` must hold.
    public var audience: String
    /// Where the keys (JWKS) are: an address, or the path of a file.
    public var keys: String
    /// The claim that says the role, a text or a list of texts.
    public var roleClaim: String
    /// The role that each value of that claim gives; the first that fits counts.
    public var roles: [String: String]
    /// The claim that says which one of a role it is: the organisation of a shelter, the region of a coordinator.
    public var identifierClaims: [String: String]
    /// The claim that says what the token is for, with spaces between; nil: all that the role may.
    public var scopeClaim: String?
    /// After how many seconds the keys are fetched again in any case.
    public var keyLifetime: TimeInterval { 3600 }
    /// How many seconds lie between two fetches for the sake of a key that is not known.
    public var refetchFloor: TimeInterval { 10 }

    /// Who the claims say that somebody is; nil: nobody here.
    func actor(_ claims: JSONTree) -> Actor? {
        guard let claim = claims[roleClaim] else { return nil }
        let values = claim.string.map { [$0] } ?? claim.elements.compactMap(\.string)
        for value in values {
            guard let role = roles[value].flatMap(Role.init), let name = identifierClaims[role.rawValue],
                let id = claims[name]?.string, (1...200).contains(id.utf8.count)
            else { continue }
            return Actor(role: role, id: id)
        }
        return nil
    }

    /// What the claims say that the token is for.
    func scopes(_ claims: JSONTree) -> Set<String> {
        guard let scopeClaim else { return ["*"] }
        return Set(claims[scopeClaim]?.string?.split(separator: " ").map(String.init) ?? [])
    }
}
