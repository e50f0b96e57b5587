import CareChain
import Foundation
import JWTKit
import Ledger

/// An OpenID Connect provider whose access tokens (JWT, RFC 9068) are taken.
actor IdentityProvider {
    /// Signatures with a public key. `none` and those with a shared secret are refused whatever a token's header says.
    private static let algorithms: Set = [
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
    ]
    /// By how many seconds clocks may differ.
    private static let leeway: TimeInterval = 60

    private let configuration: IdentityProviderConfiguration
    private let fetch: @Sendable () async throws -> Data
    private let now: @Sendable () -> Date
    /// The keys as the provider told them last; nil: it never did, or too long ago.
    private var keySet: KeySet?
    /// When the provider was asked last, whether it answered or not.
    private var askedAt = Date.distantPast
    /// The question that is under way: whoever needs its answer waits for the same one.
    private var asking: Task<Void, Never>?

    private struct KeySet {
        let keys: [String: JWK]
        let verifiers: JWTKeyCollection
        let toldAt: Date
    }

    /// Makes a provider.
    ///
    /// - Parameters:
    ///   - fetch: Gets the keys (JWKS, RFC 7517).
    ///   - now: The time.
    init(
        _ configuration: IdentityProviderConfiguration, now: @escaping @Sendable () -> Date = { Date() },
        fetch: @escaping @Sendable () async throws -> Data
    ) {
        self.configuration = configuration
        self.now = now
        self.fetch = fetch
    }

    /// Whose token it is.
    ///
    /// - Throws: `invalidToken`, `expiredToken`, `busy` when the keys cannot be had.
    func caller(_ token: String) async throws -> Caller {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.json(parts[0]), let algorithm = header["alg"]?.string,
            Self.algorithms.contains(algorithm), let id = header["kid"]?.string
        else { throw Problem(.invalidToken) }
        let known = try await keySet(with: id)
        guard let key = known.keys[id] else { throw Problem(.invalidToken) }
        if let declared = key.algorithm, declared.rawValue != algorithm { throw Problem(.invalidToken) }
        let claims: Claims
        do {
            claims = try await known.verifiers.verify(token, as: Claims.self)
        } catch {
            throw Problem(.invalidToken)
        }
        return try caller(claims.tree)
    }

    private func caller(_ claims: JSONTree) throws -> Caller {
        let time = now()
        guard claims["iss"]?.string == configuration.issuer else { throw Problem(.invalidToken) }
        let audience = claims["aud"].map { $0.string.map { [$0] } ?? $0.elements.compactMap(\.string) } ?? []
        guard audience.contains(configuration.audience) else { throw Problem(.invalidToken) }
        guard let expiry = claims["exp"]?.seconds else { throw Problem(.invalidToken) }
        guard time < expiry.addingTimeInterval(Self.leeway) else { throw Problem(.expiredToken) }
        if let start = claims["nbf"]?.seconds, time < start.addingTimeInterval(-Self.leeway) {
            throw Problem(.invalidToken)
        }
        guard let actor = configuration.actor(claims) else {
            throw Problem(
                .notAllowed, english: "the token's claims give nobody a role here",
                dutch: "met deze claims heeft niemand hier een rol")
        }
        return Caller(actor: actor, scopes: configuration.scopes(claims), credential: actor.description)
    }

    /// The keys, asked for anew where one is not known, or where they were told long ago.
    ///
    /// - Throws: `busy`: there are none.
    private func keySet(with id: String) async throws -> KeySet {
        // At once for a key that is new, but not for every token that somebody makes up; and all now and then, so that
        // keys which were withdrawn go.
        if age > configuration.keyLifetime || keySet?.keys[id] == nil { await ask() }
        // Without an answer it goes on with the keys that are known, but not for ever: they may be withdrawn by now.
        if age > configuration.greatestKeyAge { keySet = nil }
        guard let keySet else {
            throw Problem(
                .busy, english: "the identity provider's keys cannot be had",
                dutch: "de sleutels van de identiteitsprovider zijn niet te krijgen")
        }
        return keySet
    }

    /// How many seconds ago the keys were told.
    private var age: TimeInterval { keySet.map { now().timeIntervalSince($0.toldAt) } ?? .infinity }

    /// Asks the provider, unless that was done a moment ago; returns when there is an answer, or none is to be had.
    private func ask() async {
        if let asking { return await asking.value }
        guard now().timeIntervalSince(askedAt) > configuration.refetchFloor else { return }
        askedAt = now()
        // Not the caller's own: others wait for it too when this one goes away.
        let asking = Task {
            if let told = try? await told() { keySet = told }
            self.asking = nil
        }
        self.asking = asking
        await asking.value
    }

    private func told() async throws -> KeySet {
        let set = try JSONDecoder().decode(JSONTree.self, from: try await fetch())
        guard let members = set["keys"]?.elements else { throw Problem(.busy) }
        let verifiers = JWTKeyCollection()
        var keys: [String: JWK] = [:]
        for member in members where member["use"]?.string != "enc" {
            // One by one: providers publish keys of kinds that are not known here too.
            guard let key = try? JSONDecoder().decode(JWK.self, from: JSONEncoder().encode(member)),
                let id = key.keyIdentifier, (try? await verifiers.add(jwk: key)) != nil
            else { continue }
            keys[id.string] = key
        }
        return KeySet(keys: keys, verifiers: verifiers, toldAt: now())
    }

    private static func json(_ part: Substring) -> JSONTree? {
        let base64 = part.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - base64.count % 4) % 4)
        return Data(base64Encoded: base64 + padding).flatMap { try? JSONDecoder().decode(JSONTree.self, from: $0) }
    }
}

/// The claims of a token, whatever they are; what must be true of them is checked by the provider.
private struct Claims: JWTPayload {
    let tree: JSONTree

    init(from decoder: any Decoder) throws {
        tree = try JSONTree(from: decoder)
    }

    func encode(to encoder: any Encoder) throws {
        try tree.encode(to: encoder)
    }

    func verify(using algorithm: some JWTAlgorithm) {}
}

extension JSONTree {
    /// A `NumericDate` (RFC 7519, 2).
    fileprivate var seconds: Date? {
        switch self {
        case .integer(let seconds): Date(timeIntervalSince1970: Double(seconds))
        case .number(let seconds): Date(timeIntervalSince1970: seconds)
        default: nil
        }
    }
}
