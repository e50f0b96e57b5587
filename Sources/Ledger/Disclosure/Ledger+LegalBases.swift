public import CareChain
import Postgres

extension Ledger {
    /// Puts a legal basis on record.
    ///
    /// - Returns: Its number.
    /// - Throws: ``LedgerError``; `refused` for a consent without a victim, a covenant without an end, or what is on record
    ///   already, `denied`.
    @discardableResult
    public func add(_ basis: LegalBasis, as acting: Acting) async throws(LedgerError) -> Int {
        try await transaction(.readCommitted, as: acting) { connection in
            try await connection.query(
                """
                INSERT INTO access.legal_basis (kind, victim, role, party, categories, days, reference) VALUES (
                    \(basis.kind.rawValue), \(basis.victim?.text as String?), \(basis.role.rawValue),
                    \(basis.party as String?), \(basis.categories.map(\.rawValue)),
                    daterange(\(basis.from), \(basis.until as CalendarDate?)), \(basis.reference))
                RETURNING id
                """
            ).one()["id"]
        }
    }

    /// Withdraws a legal basis, and all that say the same, from a day on; what they opened is closed from that day.
    ///
    /// - Throws: ``LedgerError``; `denied` when it is not the actor's to withdraw.
    public func withdraw(basis id: Int, from day: CalendarDate, as acting: Acting) async throws(LedgerError) {
        try await transaction(.readCommitted, as: acting) { connection in
            try await connection.query("SELECT access.withdraw_basis(\(id), \(day))")
        }
    }

    /// The legal bases that the actor may see, the newest first.
    ///
    /// - Throws: ``LedgerError``
    public func legalBases(
        of victim: VictimID? = nil, as acting: Acting
    ) async throws(LedgerError) -> [KeptLegalBasis] {
        try await transaction(.repeatableRead, readOnly: true, as: acting) { connection in
            try await connection.query(
                """
                SELECT id, kind, victim, role, party, categories, lower(days) AS from_day, upper(days) AS until_day,
                    withdrawn_on, reference,
                    days @> ledger_today() AND (withdrawn_on IS NULL OR ledger_today() < withdrawn_on) AS holds
                FROM access.legal_basis
                WHERE \(victim?.text as String?)::text IS NULL OR victim IS NULL OR victim = \(victim?.text as String?)
                ORDER BY id DESC
                """
            ).map(KeptLegalBasis.init)
        }
    }

    /// Opens categories of a case to an actor for some hours, in a vital interest, and alarms the auditor.
    ///
    /// - Parameters:
    ///   - hours: 1 to 24.
    ///   - reason: At least ten characters.
    /// - Returns: The number under which it is on record.
    /// - Throws: ``LedgerError``; `denied`, `refused`.
    public func breakGlass(
        _ victim: VictimID, _ categories: [DataCategory], hours: Int, reason: String, as actor: Actor
    ) async throws(LedgerError) -> Int {
        try await transaction(.readCommitted, as: .actor(actor)) { connection in
            try await connection.query(
                """
                SELECT access.break_glass(
                    \(victim.text), \(categories.map(\.rawValue)), \(reason), \(hours)::integer) AS id
                """
            ).one()["id"]
        }
    }
}

extension KeptLegalBasis {
    fileprivate init(_ row: Row) throws {
        let (kind, role): (String, String) = (try row["kind"], try row["role"])
        let categories: [String] = try row["categories"]
        let victim: String? = try row["victim"]
        guard let kind = LegalBasis.Kind(rawValue: kind), let role = Role(rawValue: role) else {
            throw LedgerError.unexpected("a legal basis is of a kind or for a role that this program does not know")
        }
        self.init(
            id: try row["id"],
            basis: LegalBasis(
                kind: kind, victim: victim.map { VictimID($0) }, role: role, party: try row["party"],
                categories: categories.compactMap(DataCategory.init(rawValue:)), from: try row["from_day"],
                until: try row["until_day"], reference: try row["reference"]),
            withdrawnOn: try row["withdrawn_on"], holds: try row["holds"])
    }
}
