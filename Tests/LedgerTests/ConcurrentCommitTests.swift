import CareChain
import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

/// What the database guarantees, against clients that do not wait for one another.
///
/// `ONDERDAK_COMMITS` says how many commits are tried (20000 for the full test; a few hundred by default).
@Suite struct ConcurrentCommitTests {
    private static let commits = Int(ProcessInfo.processInfo.environment["ONDERDAK_COMMITS"] ?? "") ?? 480
    private static let units = ["open", "single", "exclusive", "far"]
    private static let requests = 40

    @Test func `Sixteen clients, half of them in raw SQL, never break what the database guarantees`() async throws {
        try await FlowScene.run { scene in
            for number in 0..<Self.requests {
                try await scene.request("r\(number)", victims: 1 + number % 2, sex: number % 3 == 0 ? .male : .female)
            }
            for number in stride(from: 0, to: Self.requests, by: 5) {
                try await scene.ledger.pool.query(
                    """
                    INSERT INTO no_contact
                    VALUES (\("r\(number)-1"), \("r\(number + 1)-1"), \(number % 2 == 0 ? "region" : "unit"), '[2026-01-01,)')
                    """)
            }
            let each = Self.commits / 16
            let tallies = try await withThrowingTaskGroup(of: Tally.self) { group in
                for client in 0..<8 {
                    group.addTask { try await Self.program(scene.ledger, client, each) }
                    group.addTask { try await Self.rawSQL(scene.ledger.pool.options, client, each) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for kind in [true, false] {
                let some = tallies.filter { $0.raw == kind }
                #expect(some.reduce(0) { $0 + $1.made } > 0)
                #expect(some.reduce(0) { $0 + $1.refused } > 0)
            }
            #expect(tallies.flatMap(\.surprises) == [])
            #expect(try await scene.ledger.pool.withConnection { try await brokenGuarantees(on: $0) } == [])
            if ProcessInfo.processInfo.environment["ONDERDAK_COMMITS"] != nil {
                let (made, refused) = tallies.reduce((0, 0)) { ($0.0 + $1.made, $0.1 + $1.refused) }
                print("\(each * 16) commits by 16 clients: \(made) made, \(refused) refused")
            }
        }
    }

    private struct Tally: Sendable {
        let raw: Bool
        var made = 0
        var refused = 0
        var surprises: [String] = []
    }

    /// Offers and accepts through the program, and now and then lets go.
    private static func program(_ ledger: Ledger, _ client: Int, _ count: Int) async throws -> Tally {
        var random = Seeded(state: UInt64(client))
        var tally = Tally(raw: false)
        for _ in 0..<count {
            let number = Int.random(in: 0..<requests, using: &random)
            let id = RequestID("r\(number)")
            let unit = units[Int.random(in: 0..<units.count, using: &random)]
            let from = Int.random(in: 0..<20, using: &random)
            do {
                if Int.random(in: 0..<4, using: &random) == 0 {
                    try await ledger.breakAgreement(id, reason: "no-show", by: FlowScene.shelter(of: unit))
                } else {
                    let offer = try await ledger.offer(
                        (1...(1 + number % 2)).map {
                            OfferedStay(
                                victim: VictimID("\(id)-\($0)"), unit: UnitID(unit), from: FlowScene.day(from),
                                until: FlowScene.day(from + 10))
                        }, for: id, by: FlowScene.desk)
                    _ = try await ledger.approve(offer.offer, by: FlowScene.shelter(of: unit))
                }
                tally.made += 1
            } catch {
                tally.refused += 1
                switch error {
                case .breaks, .refused, .notAllowed, .notNow: break
                case .database(let error) where error.isTransient: break
                default: tally.surprises.append("\(error)")
                }
            }
        }
        return tally
    }

    /// Does the same and worse in plain SQL, past the program and its rules, at every isolation level.
    private static func rawSQL(_ options: ConnectionOptions, _ client: Int, _ count: Int) async throws -> Tally {
        var random = Seeded(state: UInt64(1000 + client))
        var tally = Tally(raw: true)
        let connection = try await Connection.open(options)
        for _ in 0..<count {
            let number = Int.random(in: 0..<requests, using: &random)
            let unit = units[Int.random(in: 0..<units.count, using: &random)]
            let from = FlowScene.day(Int.random(in: 0..<20, using: &random))
            let length = Int.random(in: 1...12, using: &random)
            let isolation = [IsolationLevel.readCommitted, .repeatableRead, .serializable][
                Int.random(in: 0..<3, using: &random)]
            let attack = Int.random(in: 0..<9, using: &random)
            do {
                try await connection.transaction(isolation: isolation) { connection in
                    switch attack {
                    case 7, 8:
                        try await placeInPlainSQL(
                            "r\(number)", in: unit, from: from.description, days: length, on: connection)
                    case 0, 1:
                        // Straight into the stays, with the states made to fit: nobody agreed on that.
                        for state in ["offered", "accepted"] {
                            try await connection.query(
                                "UPDATE request SET state = \(state) WHERE id = \("r\(number)") AND state <> 'accepted'"
                            )
                        }
                        try await connection.query(
                            """
                            INSERT INTO stay (request, victim, unit, days, moves_made, arrived, origin)
                            SELECT request, victim, \(unit), daterange(\(from)::date, \(from)::date + \(length)::integer),
                                \(Int.random(in: 0...1, using: &random))::integer, false, \(["offer", "record"].randomElement(using: &random) ?? "")
                            FROM request_victim WHERE request = \("r\(number)")
                            """)
                    case 2:
                        try await connection.query(
                            """
                            UPDATE stay SET unit = \(unit), days = daterange(\(from)::date, \(from)::date + \(length)::integer)
                            WHERE request = \("r\(number)")
                            """)
                    case 5:
                        // As if taken in from elsewhere, or exempt.
                        try await connection.query(
                            """
                            INSERT INTO stay (request, victim, unit, days, moves_made, arrived, origin)
                            SELECT request, victim, \(unit),
                                daterange(\(from)::date + 1, \(from)::date + 1 + \(length)::integer), 0, false, 'record'
                            FROM request_victim WHERE request = \("r\(number)")
                            """)
                    case 6:
                        try await connection.query(
                            """
                            UPDATE stay SET unit = \(unit), overrides = '{mixing,exclusive,no-contact}', origin = 'record'
                            WHERE request = \("r\(number)")
                            """)
                    case 3:
                        try await connection.query(
                            "UPDATE request SET state = 'submitted' WHERE id = \("r\(number)") AND state = 'accepted'")
                    default:
                        try await connection.query(
                            """
                            UPDATE offer SET state = 'accepted', answered_at = ledger_now()
                            WHERE request = \("r\(number)") AND state IN ('open', 'cancelled')
                            """)
                    }
                }
                tally.made += 1
            } catch let error as PostgresError {
                tally.refused += 1
                if error.constraint == nil, !error.isTransient { tally.surprises.append("\(error)") }
            }
        }
        await connection.close()
        return tally
    }
}
