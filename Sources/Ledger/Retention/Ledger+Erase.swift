public import CareChain
import Foundation
import Postgres

/// What erasing a case did.
public struct Erasure: Sendable, Equatable {
    /// What the case is called now; nothing ties it to what it was called.
    public let newName: VictimID
    /// Stored runs from which its facts were taken.
    public let blankedRuns: [Int]
}

extension Ledger {
    /// Erases an ended case: whose it was can no longer be told, from stored runs neither. Stays, phases and registrations
    /// stay under a new name, so that figures stay right. The audit trail keeps the old identifier and nothing else.
    ///
    /// - Throws: ``LedgerError``; `denied` when it is not the actor's to erase, or is under way.
    public func erase(case victim: VictimID, as acting: Acting) async throws(LedgerError) -> Erasure {
        try await transaction(.readCommitted, as: acting) { connection in
            try await Self.erase(victim, on: connection)
        }
    }

    static func erase(_ victim: VictimID, on connection: Connection) async throws -> Erasure {
        let newName = VictimID("erased-\(UUID().uuidString.lowercased())")
        let alone = try await connection.query(
            "SELECT request, renamed FROM access.requests_alone(\(victim.text))"
        ).map { row in
            (RequestID(try row["request"]), RequestID(newName.text + (try row["renamed", as: String.self])))
        }
        let blanking = Blanking(
            victim: victim, newName: newName, requests: Dictionary(alone, uniquingKeysWith: { first, _ in first }))
        var blanked: [Int] = []
        let runs = try await connection.query("SELECT run, instance, plan FROM access.runs_naming(\(victim.text))")
        for row in runs {
            let (run, kept, planned): (Int, Data, Data) = (try row["run"], try row["instance"], try row["plan"])
            let instance = try Instance(json: Array(kept))
            let plan = blanking.blanked(try Plan(json: Array(planned)), of: instance)
            try await connection.query(
                """
                SELECT access.blank_run(
                    \(victim.text), \(run), \(Data(try blanking.blanked(instance).json())), \(Data(plan.json())))
                """)
            blanked.append(run)
        }
        try await connection.query("SELECT access.erase_case(\(victim.text), \(newName.text))")
        return Erasure(newName: newName, blankedRuns: blanked)
    }
}
