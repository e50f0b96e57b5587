package import CareChain
package import Ledger

extension APIClient {
    /// Takes reports in, all or none.
    package func report(_ reports: [CapacityReport]) async throws -> [CapacityResults.Line] {
        let lines = reports.map {
            CapacityReports.Line(
                unit: $0.unit.text, kind: $0.kind, number: $0.number, from: $0.from, until: $0.until, reason: $0.reason,
                observedAt: $0.observedAt, key: $0.key)
        }
        // The reports have keys of their own, by which each of them counts once.
        let results: CapacityResults = try await post(["capacity-reports"], CapacityReports(reports: lines), key: nil)
        return results.results
    }

    /// What is known of the units' beds today.
    package func capacity(of shelter: ShelterID?, staleOnly: Bool) async throws -> [CapacityBody] {
        try await list(["capacity"], [("shelter", shelter?.text), ("stale", staleOnly ? "true" : nil)])
    }

    /// Says how old a unit's last report may be.
    package func limitReports(of unit: UnitID, to limit: ReportLimit) async throws -> CapacityBody {
        try await put(["units", unit.text, "report-limit"], ReportLimitBody(limit))
    }
}
