import CareChain
import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

/// The flow of a request against a model that is written down here once more.
@Suite struct RequestFlowTests {
    private static let makers: Set<Role> = [.desk, .coordinator, .guardian, .police]
    private static let placers: Set<Role> = [.desk, .coordinator, .guardian]
    private static let answerers: Set<Role> = [.desk, .coordinator, .shelter, .police, .guardian]

    private static let legal: [RequestState: [RequestState: Set<Role>]] = [
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
                try await connection.query("UPDATE request SET state = \(from.rawValue)")
                try await connection.query("SET LOCAL session_replication_role = origin")
                try await connection.query("SELECT set_config('onderdak.actor', \("\(role.rawValue)/x"), true)")
                try await connection.query("UPDATE request SET state = \(to.rawValue)")
                throw Undo()
            }
        } catch is Undo {
            return nil
        } catch let error as PostgresError {
            return error.constraint
        }
    }

    @Test(arguments: [1, 2, 3]) func `Random steps by random roles never reach a state that the rules forbid`(
        seed: UInt64
    ) async throws {
        try await FlowScene.run { scene in
            var random = Seeded(state: seed)
            let ids = ["a", "b", "c", "d"]
            for id in ids { try await scene.request(id, draft: Bool.random(using: &random)) }
            let actors = [
                FlowScene.desk, FlowScene.coordinator, FlowScene.police, FlowScene.guardian,
                FlowScene.shelter(of: "open"),
                FlowScene.shelter(of: "far"), FlowScene.actor("funder/f"), FlowScene.actor("governor/g"),
            ]
            var (made, refused) = (0, 0)
            for _ in 0..<60 {
                let id = ids[Int.random(in: 0..<ids.count, using: &random)]
                let actor = actors[Int.random(in: 0..<actors.count, using: &random)]
                let before = try await scene.state(id)
                do {
                    try await Self.step(id, by: actor, scene, &random)
                    made += 1
                } catch let error as LedgerError {
                    refused += 1
                    #expect(!error.description.isEmpty)
                    // Refused, nothing has happened.
                    #expect(try await scene.state(id) == before, "\(error)")
                    if case .database = error { Issue.record("\(error)") }
                    if case .unexpected = error { Issue.record("\(error)") }
                }
                let broken: [String] = try await scene.ledger.pool.query(Self.broken).map { try $0["what"] }
                #expect(broken.isEmpty)
            }
            #expect(made > 0 && refused > 0)
        }
    }

    private static func step(
        _ id: String, by actor: Actor, _ scene: FlowScene, _ random: inout Seeded
    ) async throws(LedgerError) {
        let ledger = scene.ledger
        let unit = Bool.random(using: &random) ? "open" : "far"
        let offers = try await ledger.offers(as: FlowScene.desk).filter { $0.request == id }.map(\.id)
        switch Int.random(in: 0..<9, using: &random) {
        case 0: try await ledger.submit(RequestID(id), by: actor)
        case 1, 2:
            _ = try await ledger.offer(
                [
                    OfferedStay(
                        victim: VictimID("\(id)-1"), unit: UnitID(unit), from: FlowScene.day(0),
                        until: FlowScene.day(30))
                ],
                for: RequestID(id), by: actor)
        case 3, 4: _ = try await ledger.approve(offers.first ?? 0, by: FlowScene.shelter(of: unit))
        case 5: _ = try await ledger.decline(offers.last ?? 0, reason: "full", by: actor)
        case 6: try await ledger.arrive(RequestID(id), by: actor)
        case 7: try await ledger.breakAgreement(RequestID(id), reason: "no-show", by: actor)
        default:
            if Int.random(in: 0..<4, using: &random) == 0 {
                try await ledger.withdraw(RequestID(id), reason: "left", by: actor)
            } else {
                try await ledger.end(RequestID(id), on: FlowScene.day(0), reason: "house", by: actor)
            }
        }
    }

    /// What must never be: stays without their state or a state without its stays, a request placed by two offers, an
    /// offer that is open for a request that takes none.
    private static let broken: Statement = """
        SELECT r.id || ' is ' || r.state || ' and has ' || count(s.*) || ' stays' AS what
        FROM request AS r LEFT JOIN stay AS s ON s.request = r.id WHERE r.state <> 'ended' GROUP BY r.id
        HAVING (r.state IN ('accepted', 'placed')) <> (count(s.*) > 0)
        UNION ALL SELECT request || ' is placed twice' FROM offer WHERE state = 'accepted' AND kind = 'placement'
        GROUP BY request HAVING count(*) > 1
        UNION ALL SELECT r.id || ' is ' || r.state || ' with open offers: ' || count(o.*)
        FROM request AS r LEFT JOIN offer AS o ON o.request = r.id AND o.state = 'open' AND o.kind = 'placement'
        GROUP BY r.id HAVING (r.state = 'offered') <> (count(o.*) > 0)
        """
}
