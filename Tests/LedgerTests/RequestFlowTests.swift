import CareChain
import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

/// The flow of a request against a model that is written down here once more.
@Suite struct RequestFlowTests {
    static let makers: Set<Role> = [.desk, .coordinator, .guardian, .police]
    static let placers: Set<Role> = [.desk, .coordinator, .guardian]
    static let answerers: Set<Role> = [.desk, .coordinator, .shelter, .police, .guardian]

    static let legal: [RequestState: [RequestState: Set<Role>]] = [
        .draft: [.submitted: makers, .withdrawn: makers],
        .submitted: [.proposed: [.desk], .offered: placers, .unplaced: [.desk], .withdrawn: makers],
        .unplaced: [.submitted: placers, .proposed: [.desk], .offered: placers, .withdrawn: makers],
        .proposed: [.submitted: placers, .unplaced: [.desk], .offered: placers, .withdrawn: makers],
        .offered: [.accepted: answerers, .submitted: answerers, .withdrawn: makers],
        .accepted: [.placed: answerers, .submitted: [.desk, .coordinator, .shelter, .guardian], .withdrawn: makers],
        .placed: [.ended: [.desk, .coordinator, .shelter, .guardian]],
        .ended: [:], .withdrawn: [:],
    ]

    @Test func `The database knows every legal step and its roles, and refuses each other one by its code`()
        async throws
    {
        try await FlowScene.run { scene in
            try await scene.request("r")
            try await scene.ledger.pool.withConnection { connection in
                for (from, to, role) in Self.everything {
                    let refusal = try await Self.refusal(from, to, role, on: connection)
                    let roles = Self.legal[from]?[to]
                    let expected =
                        roles == nil ? "request_legal_step" : roles?.contains(role) == true ? nil : "request_step_role"
                    #expect(refusal == expected, "\(from) to \(to) by \(role)")
                }
            }
        }
    }

    private static var everything: [(RequestState, RequestState, Role)] {
        RequestState.allCases.flatMap { from in
            RequestState.allCases.filter { $0 != from }.flatMap { to in Role.allCases.map { (from, to, $0) } }
        }
    }

    private struct Undo: Error {}

    /// The constraint that refuses a step in plain SQL; nil: it is made.
    private static func refusal(
        _ from: RequestState, _ to: RequestState, _ role: Role, on connection: Connection
    ) async throws -> String? {
        do {
            return try await connection.transaction { connection -> String? in
                // No guard looks while the request is put where the step begins.
                try await connection.query("SET LOCAL session_replication_role = replica")
                // By somebody whose case it is.
                let actor = "\(role.rawValue)/x"
                try await connection.query("UPDATE request SET state = \(from.rawValue), referred_by = \(actor)")
                try await connection.query("SET LOCAL session_replication_role = origin")
                try await connection.query("SELECT set_config('onderdak.actor', \(actor), true)")
                try await connection.query("UPDATE request SET state = \(to.rawValue)")
                throw Undo()
            }
        } catch is Undo {
            return nil
        } catch let error as PostgresError {
            return error.constraint
        }
    }
}
