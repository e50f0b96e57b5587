import HTTPTypes
import Ledger

/// Finds out who asks: by a token of ours, or by one of an identity provider.
struct Authentication: Sendable {
    let ledger: Ledger
    /// The identity provider; nil: there is none, and only tokens of ours are taken.
    let provider: IdentityProvider?

    /// The caller.
    ///
    /// - Throws: `unauthenticated`, `invalidToken`, `expiredToken`, `revokedToken`.
    func caller(_ headers: HTTPFields) async throws -> Caller {
        do {
            return try await identified(headers)
        } catch var problem as Problem where problem.code.status == .unauthorized {
            // RFC 6750, 3: without an error code where nothing was sent.
            let error = problem.code == .unauthenticated ? "" : ", error=\"invalid_token\""
            problem.headers[.wwwAuthenticate] = "Bearer realm=\"onderdak\"\(error)"
            throw problem
        }
    }

    private func identified(_ headers: HTTPFields) async throws -> Caller {
        guard let field = headers[.authorization] else { throw Problem(.unauthenticated) }
        let parts = field.split(separator: " ")
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { throw Problem(.unauthenticated) }
        let token = String(parts[1])
        if token.hasPrefix(Ledger.tokenPrefix) {
            switch try await ledger.lookUpToken(token) {
            case .valid(let holder):
                return Caller(actor: holder.actor, scopes: holder.scopes, credential: "token \(holder.token)")
            case .expired: throw Problem(.expiredToken)
            case .revoked: throw Problem(.revokedToken)
            case .unknown: throw Problem(.invalidToken)
            }
        }
        guard let provider else { throw Problem(.invalidToken) }
        return try await provider.caller(token)
    }
}
