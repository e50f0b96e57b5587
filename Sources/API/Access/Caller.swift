import Ledger

/// Who asks, and what of their role's rights the token may use.
struct Caller: Sendable, Equatable {
    /// As whom the request runs in the database.
    let actor: Actor
    /// What the token is for; `*` is all.
    let scopes: Set<String>
    /// What the caller's rate is counted by.
    let credential: String

    /// - Throws: `insufficientScope`
    func require(_ scope: Scope) throws(Problem) {
        guard scopes.contains("*") || scopes.contains(scope.description) else {
            throw Problem(
                .insufficientScope, english: "the token is not for \(scope)", dutch: "het token is niet voor \(scope)")
        }
    }
}
