public import CareChain
import Postgres

extension Ledger {
    /// A case as an actor sees it, by the matrix and the legal bases in force.
    ///
    /// - Throws: ``LedgerError``; `notDisclosed` when nothing of it is.
    public func caseRecord(of victim: VictimID, as actor: Actor) async throws(LedgerError) -> CaseRecord {
        try await view(as: actor) { connection in
            let id = victim.text
            let profile = try await connection.query(
                "SELECT sex, age_band, needs, security_min, security_max FROM case_profile WHERE victim = \(id)"
            ).first
            let phases = try await connection.query(
                "SELECT phase, from_date FROM victim_phase WHERE victim = \(id) ORDER BY from_date")
            guard profile != nil || !phases.isEmpty else { throw LedgerError.notDisclosed("case \(victim)", to: actor) }
            let avoid = try await connection.query(
                """
                SELECT region::text AS place FROM avoided_region WHERE victim = \(id) AND days @> ledger_today()
                UNION ALL SELECT shelter FROM avoided_shelter WHERE victim = \(id) AND days @> ledger_today() ORDER BY 1
                """)
            let accountable = try await connection.query(
                "SELECT region, coordinator FROM access.accountable(\(id)::text)"
            ).first
            let knowsPolice = [.desk, .coordinator, .police].contains(actor.role)
            let police =
                knowsPolice
                ? try await connection.query(
                    """
                    SELECT police, contact FROM police_case WHERE victim = \(id) AND days @> ledger_today() ORDER BY police
                    """
                ).map { CaseRecord.PoliceContact(police: try $0["police"], contact: try $0["contact"]) } : []
            let own =
                actor.role == .police
                ? try await connection.query(
                    """
                    SELECT region, max_travel_minutes FROM investigation
                    WHERE victim = \(id) AND days @> ledger_today()
                    """
                ).first : nil
            let flags =
                actor.role == .police
                ? nil
                : try await connection.query(
                    "SELECT under_investigation, no_move_before FROM investigation_flag WHERE victim = \(id)"
                ).first
            return CaseRecord(
                victim: id, sex: try profile?["sex"], ageBand: try profile?["age_band"],
                needs: try profile?["needs"] ?? [], securityMin: try profile?["security_min"],
                securityMax: try profile?["security_max"],
                phases: try phases.map { .init(phase: try $0["phase"], from: try $0["from_date"]) },
                avoid: try avoid.map { try $0["place"] }, region: try accountable?["region"],
                accountable: try accountable.map { row in
                    let coordinator: String? = try row["coordinator"]
                    return coordinator.map { "coordinator/\($0)" } ?? "desk"
                }, police: police,
                investigation: try own.map {
                    .init(region: try $0["region"], maxTravelMinutes: try $0["max_travel_minutes"])
                },
                underInvestigation: try flags?["under_investigation"], noMoveBefore: try flags?["no_move_before"])
        }
    }
}
