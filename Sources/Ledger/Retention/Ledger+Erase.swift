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
        var program = acting
        // The program does it: stored runs, out of which the case's facts are taken, are about all cases at once.
        if case .actor(let actor) = acting {
            guard try await mayErase(victim, actor) else { throw Self.notTheirs }
            program = .program(for: actor)
        }
        return try await transaction(.readCommitted, as: program) { connection in
            try await Self.erase(victim, on: connection)
        }
    }

    /// Erases an ended case for an actor, once for a key.
    ///
    /// - Returns: The stored runs from which its facts were taken. Not the new name: what is kept of a key must not tie it to
    ///   the old one.
    /// - Throws: ``LedgerError``; `denied` when it is not the actor's to erase, or is under way.
    public func erase(case victim: VictimID, by actor: Actor, key: String?) async throws(LedgerError) -> [Int] {
        let isTheirs = try await mayErase(victim, actor)
        return try await step("case-erase", by: actor, key: key, asked: [victim.text]) { connection in
            guard isTheirs else { throw Self.notTheirs }
            return try await Self.erase(victim, on: connection).blankedRuns
        }
    }

    /// Whether an actor may erase a case: asked as the actor, since the program may erase any.
    private func mayErase(_ victim: VictimID, _ actor: Actor) async throws(LedgerError) -> Bool {
        try await view(as: actor) { connection in
            try await connection.query("SELECT access.may_erase(\(victim.text)) AS may").one()["may"]
        }
    }

    private static let notTheirs = LedgerError.denied("case_erase", "this case is not yours to erase")

    private static func erase(_ victim: VictimID, on connection: Connection) async throws -> Erasure {
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
