import Postgres

extension Ledger {
    /// Makes the login by which the program connects: a member of `onderdak_login`, with no rights of its own and no
    /// password. One that is there stays as it is, and becomes a member.
    ///
    /// - Throws: ``LedgerError``; `denied` when who is connected may make no roles.
    public func makeLogin(_ name: String) async throws(LedgerError) {
        do {
            try await pool.transaction(isolation: .readCommitted) { connection in
                let isThere: Bool = try await connection.query(
                    "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = \(name)) AS there"
                ).one()["there"]
                if !isThere { try await connection.query("CREATE ROLE \(identifier: name) LOGIN") }
                try await connection.query("GRANT onderdak_login TO \(identifier: name)")
            }
        } catch {
            throw LedgerError(error)
        }
    }
}
