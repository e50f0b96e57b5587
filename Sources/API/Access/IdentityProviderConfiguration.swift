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
    /// How many seconds lie between two fetches at least, whether the provider answers or not.
    public var refetchFloor: TimeInterval { 10 }
    /// After how many seconds without an answer of the provider its keys count no more.
    public var greatestKeyAge: TimeInterval { 24 * 3600 }

    /// Told of a configuration that cannot be used.
    public struct Unusable: Error, CustomStringConvertible {
        /// What is wrong, and what to do.
        public let description: String
    }

    /// Checks what would otherwise be found out when somebody calls: where the keys come from, and the words of roles.
    ///
    /// - Throws: ``Unusable``
    public func check() throws(Unusable) {
        // Whoever can change the keys on their way can be anybody here.
        if let address = URLComponents(string: keys), let scheme = address.scheme?.lowercased(), scheme != "https" {
            guard scheme == "http", let host = address.host, host.isThisMachine else {
                throw Unusable(description: "keys are fetched by https:// only, or from a file, not: \(keys)")
            }
        }
        let words = Set(roles.values).union(identifierClaims.keys).filter { Role(rawValue: $0) == nil }
        guard words.isEmpty else {
            let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
            throw Unusable(
                description: "there is no role \(words.sorted().joined(separator: ", ")): roles are \(known)")
        }
        let silent = Set(roles.values).subtracting(identifierClaims.keys)
        guard silent.isEmpty else {
            throw Unusable(
                description: "identifierClaims does not name the claim that says which \(silent.sorted()[0]) it is")
        }
    }

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
